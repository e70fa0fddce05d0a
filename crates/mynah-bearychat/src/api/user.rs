//! The people of the team.

use mynah_core::{BadParameters, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::BearyChat;
use crate::id::UserId;
use crate::limits;
use crate::types::User;

/// Tells of somebody in the team. Fails with 6 when there is nobody of that id.
#[doc(alias = "user.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUser {
    /// Who.
    pub user_id: UserId,
}

impl Endpoint for GetUser {
    type Platform = BearyChat;
    type Output = User;
    const META: Meta = Meta::get("bearychat.user.info", "/user.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/user.info.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("user_id", &self.user_id)
    }
}

/// Tells of everybody in the team: people, robots, and those whose accounts are closed.
#[doc(alias = "user.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUsers {}

impl Endpoint for ListUsers {
    type Platform = BearyChat;
    type Output = Vec<User>;
    const META: Meta = Meta::get("bearychat.user.list", "/user.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/user.list.md");
}

/// Tells of whom the token acts for.
#[doc(alias = "user.me")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetMe {}

impl Endpoint for GetMe {
    type Platform = BearyChat;
    type Output = User;
    const META: Meta = Meta::get("bearychat.user.me", "/user.me")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/user.me.md");
}

/// Changes how the user of the token is called; answers what they are like then. What is not given
/// stays. Fails with 8 for a name that somebody else has.
#[doc(alias = "user.update_me")]
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateMe {
    /// What they are mentioned by.
    pub name: Option<String>,
    /// What they are called.
    pub full_name: Option<String>,
}

impl Endpoint for UpdateMe {
    type Platform = BearyChat;
    type Output = User;
    const META: Meta = Meta::patch("bearychat.user.update_me", "/user.update_me")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/user.update_me.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::given(self.name.as_ref(), |name| limits::present("name", name)),
            limits::given(self.full_name.as_ref(), |name| {
                limits::present("full_name", name)
            }),
        ])
    }
}
