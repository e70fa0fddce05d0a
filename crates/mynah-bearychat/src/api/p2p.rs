//! Conversations of two.

use mynah_core::{BadParameters, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::id::{P2pChannelId, UserId};
use crate::limits;
use crate::types::P2pChannel;

/// Tells of a conversation of two. Fails with 4 for whoever is none of them, and with 6 when there is
/// none.
#[doc(alias = "p2p.info")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetP2p {
    /// The conversation.
    pub p2p_channel_id: P2pChannelId,
}

impl Endpoint for GetP2p {
    type Platform = BearyChat;
    type Output = P2pChannel;
    const META: Meta = Meta::get("bearychat.p2p.info", "/p2p.info")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/p2p.info.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("p2p_channel_id", &self.p2p_channel_id)
    }
}

/// Tells of the conversations of two that the user of the token has.
#[doc(alias = "p2p.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListP2ps {}

impl Endpoint for ListP2ps {
    type Platform = BearyChat;
    type Output = Vec<P2pChannel>;
    const META: Meta = Meta::get("bearychat.p2p.list", "/p2p.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/p2p.list.md");
}

/// Begins a conversation with somebody, or answers the one there is. Fails with 6 when there is nobody
/// of that id.
#[doc(alias = "p2p.create")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateP2p {
    /// The other one.
    pub user_id: UserId,
}

impl Endpoint for CreateP2p {
    type Platform = BearyChat;
    type Output = P2pChannel;
    const META: Meta = Meta::post("bearychat.p2p.create", "/p2p.create")
        .idempotent()
        .status(201)
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/p2p.create.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("user_id", &self.user_id)
    }
}
