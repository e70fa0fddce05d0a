//! Users: registering them, blocking them, whom they do not want to hear.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::again;
use crate::auth::UserToken;
use crate::id::UserId;
use crate::platform::RongCloud;

/// Registers a user, or renews their token; answers the token. Every call may answer another one,
/// and all of them stay valid. A name and a picture that differ replace those that are known.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetToken {
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
    /// What telephones show when the user says something: at most 128 bytes. It may be empty.
    pub name: String,
    /// The address of a picture: at most 1,024 bytes.
    #[serde(rename = "portraitUri")]
    pub portrait_uri: Option<String>,
}

impl Endpoint for GetToken {
    type Platform = RongCloud;
    type Output = Registered;
    const META: Meta = again("rongcloud.user.get_token", "/user/getToken.json")
        .doc("https://docs.rongcloud.io/platform-chat-api/user/register");
}

/// A user who may connect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registered {
    /// What their client connects with.
    pub token: UserToken,
    /// The user.
    #[serde(rename = "userId")]
    pub user_id: UserId,
}
