//! What an intelligent bot says of its own accord over HTTP.

use mynah_core::{BaseUrl, Empty, Endpoint, Error, Meta, Request};
use serde::{Deserialize, Serialize};

use crate::WeCom;
use crate::aibot::ResponseUrl;
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

impl RespondAibot {
    /// The call that an address stands for, and the base to make it at.
    ///
    /// ```
    /// use mynah_wecom::aibot::ResponseUrl;
    /// use mynah_wecom::api::aibot::RespondAibot;
    /// use mynah_wecom::message::Markdown;
    ///
    /// let url = ResponseUrl::new("http://h:1/wecom/cgi-bin/aibot/response?response_code=CODE");
    /// let (base, call) = RespondAibot::at(&url, Markdown::new("好"))?;
    /// assert_eq!(mynah_core::encode_request(&base, &call)?.uri().to_string(), url.expose());
    /// # Ok::<(), mynah_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// It is the address of something else.
    pub fn at(url: &ResponseUrl, message: impl Into<BotMessage>) -> Result<(BaseUrl, Self), Error> {
        let place = url.expose().split_once(Self::META.path);
        let base = place.and_then(|(base, _)| base.parse().ok());
        match (base, url.response_code()) {
            (Some(base), Some(code)) => Ok((base, Self::new(code, message))),
            _ => Err(Error::invalid(
                Self::META.name,
                "response_url: not the address of an intelligent bot's answer",
            )),
        }
    }
}

impl Endpoint for RespondAibot {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.aibot.response", "/cgi-bin/aibot/response")
        .query(&["response_code"])
        .public()
        .doc("https://developer.work.weixin.qq.com/document/path/101138");
}
