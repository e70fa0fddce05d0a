//! The team.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::types::Team;

/// Tells of the team that the token belongs to.
#[doc(alias = "team.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetTeam {}

impl Endpoint for GetTeam {
    type Platform = BearyChat;
    type Output = Team;
    const META: Meta = Meta::get("bearychat.team.info", "/team.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/team.info.md");
}
