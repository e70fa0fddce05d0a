//! Reactions: answers to a message with a picture.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::id::{MessageKey, VchannelId};
use crate::limits;
use crate::types::MessageReaction;

/// Reacts to a message, once with each picture. Fails with 6 when there is no such message.
#[doc(alias = "reaction.create")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateReaction {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message.
    pub key: MessageKey,
    /// Such as `:smile:`.
    pub reaction: String,
}

impl Endpoint for CreateReaction {
    type Platform = BearyChat;
    type Output = MessageReaction;
    const META: Meta = Meta::post("bearychat.reaction.create", "/reaction.create")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/reaction.create.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("key", &self.key),
            limits::present("reaction", &self.reaction),
        ])
    }
}

/// Takes a reaction back. Fails with 6 when there is none any more.
#[doc(alias = "reaction.delete")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteReaction {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message.
    pub key: MessageKey,
    /// Such as `:smile:`.
    pub reaction: String,
}

impl Endpoint for DeleteReaction {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.reaction.delete", "/reaction.delete")
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/reaction.delete.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("key", &self.key),
            limits::present("reaction", &self.reaction),
        ])
    }
}
