//! What an intelligent bot says of its own accord over HTTP.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::WeCom;
use crate::id::ResponseCode;
use crate::message::{BotMessage, bot_kinds};

/// Says something where an event came from, once for each code.
///
/// The code stands in the `response_url` of the event, which is the whole address of this call.
/// It needs no other credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
#[serde(from = "RespondAibotWire")]
pub struct RespondAibot {
    /// From the address.
    pub response_code: ResponseCode,
    /// What is said.
    #[serde(flatten)]
    pub message: BotMessage,
}

bot_kinds! { says RespondAibotWire => RespondAibot(BotMessage) {
    response_code: ResponseCode,
} }

impl Endpoint for RespondAibot {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.aibot.response", "/cgi-bin/aibot/response")
        .query(&["response_code"])
        .public()
        .doc("https://developer.work.weixin.qq.com/document/path/101138");
}
