//! Pinned messages.

use mynah_core::{BadParameters, Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::BearyChat;
use crate::id::{MessageKey, PinId, VchannelId};
use crate::limits;
use crate::types::MessagePin;

/// Tells what is pinned in a conversation. Fails with 4 for whoever does not belong to it.
#[doc(alias = "message_pin.list")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListPins {
    /// The conversation.
    pub vchannel_id: VchannelId,
}

impl Endpoint for ListPins {
    type Platform = BearyChat;
    type Output = Vec<MessagePin>;
    const META: Meta = Meta::get("bearychat.message_pin.list", "/message_pin.list")
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message_pin.list.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::present("vchannel_id", &self.vchannel_id)
    }
}

/// Pins a message, or answers the pin it has. Fails with 6 when there is no such message.
#[doc(alias = "message_pin.create")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreatePin {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message.
    pub message_key: MessageKey,
}

impl Endpoint for CreatePin {
    type Platform = BearyChat;
    type Output = MessagePin;
    const META: Meta = Meta::post("bearychat.message_pin.create", "/message_pin.create")
        .idempotent()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message_pin.create.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("message_key", &self.message_key),
        ])
    }
}

/// Takes a pin off. Fails with 6 when there is none any more.
#[doc(alias = "message_pin.delete")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeletePin {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The pin.
    pub pin_id: PinId,
}

impl Endpoint for DeletePin {
    type Platform = BearyChat;
    type Output = Empty;
    const META: Meta = Meta::post("bearychat.message_pin.delete", "/message_pin.delete")
        .bodiless()
        .doc("https://github.com/bearyinnovative/OpenAPI/blob/master/api/message_pin.delete.md");

    fn check(&self) -> Result<(), BadParameters> {
        limits::all([
            limits::present("vchannel_id", &self.vchannel_id),
            limits::present("pin_id", &self.pin_id),
        ])
    }
}
