//! The frames of a connection, which both ends read and write.

use bytes::Bytes;
use mynah_core::lenient::or_default;
use mynah_core::{ApiError, BadParameters, Code, HttpRequest, HttpResponse, Platform, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::errors::{self, code};
use crate::id::{ChannelId, MessageKey, UserId, VchannelId};
use crate::platform::Rtm;
use crate::time::Millis;

/// The kinds of frames that are no events.
pub(super) mod kind {
    pub(crate) const PING: &str = "ping";
    pub(crate) const REPLY: &str = "reply";
    pub(crate) const PONG: &str = "pong";
    pub(crate) const OK: &str = "ok";
}

/// What a program says over the socket.
///
/// The platform needs to be told the other user or the channel beside the conversation that the
/// two have or that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientFrame {
    /// Says something to somebody
    /// (<https://github.com/bearyinnovative/OpenAPI/blob/master/rtm/event_message.md>).
    Message {
        /// The conversation.
        vchannel_id: VchannelId,
        /// The other one in it.
        to_uid: UserId,
        /// What is said; not empty.
        text: String,
        /// The message that is quoted.
        refer_key: Option<MessageKey>,
    },
    /// Says something in a channel, or among several
    /// (<https://github.com/bearyinnovative/OpenAPI/blob/master/rtm/event_channel_message.md>).
    ChannelMessage {
        /// The conversation.
        vchannel_id: VchannelId,
        /// The channel that it is.
        channel_id: ChannelId,
        /// What is said; not empty.
        text: String,
        /// The message that is quoted.
        refer_key: Option<MessageKey>,
    },
    /// Is writing to somebody. Only the name of it is known.
    Typing {
        /// The conversation.
        vchannel_id: VchannelId,
        /// The other one in it.
        to_uid: UserId,
    },
    /// Is writing in a channel. Only the name of it is known.
    ChannelTyping {
        /// The conversation.
        vchannel_id: VchannelId,
        /// The channel that it is.
        channel_id: ChannelId,
    },
}

impl ClientFrame {
    /// The kinds, as `type` spells them.
    pub const KINDS: &'static [&'static str] =
        &["message", "channel_message", "typing", "channel_typing"];

    /// Says something to somebody.
    pub fn message(
        vchannel_id: impl Into<VchannelId>,
        to_uid: impl Into<UserId>,
        text: impl Into<String>,
    ) -> Self {
        Self::Message {
            vchannel_id: vchannel_id.into(),
            to_uid: to_uid.into(),
            text: text.into(),
            refer_key: None,
        }
    }

    /// Says something in a channel, whose conversation has the same id.
    pub fn channel_message(channel_id: impl Into<ChannelId>, text: impl Into<String>) -> Self {
        let channel_id = channel_id.into();
        Self::ChannelMessage {
            vchannel_id: VchannelId::from(channel_id.as_str()),
            channel_id,
            text: text.into(),
            refer_key: None,
        }
    }

    /// Quotes a message of the same conversation. Who is only writing quotes nothing.
    #[must_use]
    pub fn quoting(mut self, key: MessageKey) -> Self {
        if let Self::Message { refer_key, .. } | Self::ChannelMessage { refer_key, .. } = &mut self
        {
            *refer_key = Some(key);
        }
        self
    }

    /// The kind, as `type` spells it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::ChannelMessage { .. } => "channel_message",
            Self::Typing { .. } => "typing",
            Self::ChannelTyping { .. } => "channel_typing",
        }
    }

    /// The conversation.
    pub const fn vchannel_id(&self) -> &VchannelId {
        match self {
            Self::Message { vchannel_id, .. }
            | Self::ChannelMessage { vchannel_id, .. }
            | Self::Typing { vchannel_id, .. }
            | Self::ChannelTyping { vchannel_id, .. } => vchannel_id,
        }
    }

    /// What is said, if anything is.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Message { text, .. } | Self::ChannelMessage { text, .. } => Some(text),
            Self::Typing { .. } | Self::ChannelTyping { .. } => None,
        }
    }

    /// The call that an open connection makes a frame of: it adds the `call_id`. The answer is
    /// read by [`Sent::of`].
    pub fn to_request(&self) -> HttpRequest {
        // Texts always have a JSON form.
        let body = serde_json::to_vec(self).unwrap_or_default();
        post("application/json", body)
    }

    /// The platform's side: what a frame of this kind says.
    ///
    /// # Errors
    /// The field that is missing or is no such thing.
    pub(super) fn read(kind: &str, fields: &Map<String, Value>) -> Result<Self, BadParameters> {
        match kind {
            "message" => Ok(Self::Message {
                vchannel_id: required(fields, "vchannel_id")?,
                to_uid: required(fields, "to_uid")?,
                text: required(fields, "text")?,
                refer_key: optional(fields, "refer_key")?,
            }),
            "channel_message" => Ok(Self::ChannelMessage {
                vchannel_id: required(fields, "vchannel_id")?,
                channel_id: required(fields, "channel_id")?,
                text: required(fields, "text")?,
                refer_key: optional(fields, "refer_key")?,
            }),
            "typing" => Ok(Self::Typing {
                vchannel_id: required(fields, "vchannel_id")?,
                to_uid: required(fields, "to_uid")?,
            }),
            "channel_typing" => Ok(Self::ChannelTyping {
                vchannel_id: required(fields, "vchannel_id")?,
                channel_id: required(fields, "channel_id")?,
            }),
            other => {
                let problem = format!("is not known, it has {} bytes", other.len());
                Err(BadParameters::field("type", problem))
            }
        }
    }
}

fn required<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
) -> Result<T, BadParameters> {
    optional(fields, name)?.ok_or_else(|| BadParameters::missing(name))
}

fn optional<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
) -> Result<Option<T>, BadParameters> {
    let given = fields.get(name).unwrap_or(&Value::Null);
    Option::deserialize(given).map_err(|_| {
        let problem = match given {
            Value::String(text) => format!("is none, a text of {} bytes", text.len()),
            _ => "must be a text".to_owned(),
        };
        BadParameters::field(name, problem)
    })
}

/// The platform has taken what was said. Its key comes with the event that tells it to all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// When.
    #[serde(default, deserialize_with = "or_default")]
    pub ts: Option<Millis>,
}

impl Sent {
    /// What came of a call that was made by [`ClientFrame::to_request`].
    ///
    /// # Errors
    /// The platform's refusal: 4 where the bot has not joined the conversation.
    pub fn of(response: &HttpResponse) -> Result<Self, ApiError> {
        let payload = Rtm::open(response)?;
        // The connection has made it; a moment that is none is not worth losing the answer for.
        Ok(serde_json::from_slice(&payload).unwrap_or_default())
    }
}

/// An acknowledgement, as far as it can be read.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) call_id: Option<u64>,
    outcome: Result<Sent, ApiError>,
}

impl Reply {
    pub(super) fn of(fields: &Map<String, Value>) -> Self {
        let code = fields.get("code").and_then(number).unwrap_or_default();
        let is_ok = fields.get("status").is_none_or(|status| status == "ok");
        let ts = fields.get("ts").and_then(|ts| Millis::deserialize(ts).ok());
        Self {
            call_id: fields
                .get("call_id")
                .and_then(number)
                .and_then(|id| u64::try_from(id).ok()),
            outcome: if code == code::OK && is_ok {
                Ok(Sent { ts })
            } else {
                let words = fields.get("error").and_then(Value::as_str);
                Err(refusal(code, words.unwrap_or_default()))
            },
        }
    }

    /// The answer it would be over HTTP.
    pub(super) fn response(self) -> HttpResponse {
        // A number always has a JSON form.
        let payload = |sent| serde_json::to_vec(&sent).unwrap_or_default().into();
        Rtm::seal(self.outcome.map(payload))
    }
}

/// A refusal that has no code of its own is one that nobody can explain.
fn refusal(code: i64, words: &str) -> ApiError {
    let code = if code == code::OK {
        code::INTERNAL
    } else {
        code
    };
    let status = errors::find(code).map_or(400, |known| known.status);
    ApiError::new(code, words).with_status(status)
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        value => value.as_i64(),
    }
}

/// A ping.
pub(super) fn ping(call_id: u64) -> Bytes {
    format!(r#"{{"type":"{}","call_id":{call_id}}}"#, kind::PING).into()
}

/// What `frame`, a JSON object with something in it, says, as the call of this number.
pub(super) fn numbered(frame: &[u8], call_id: u64) -> Bytes {
    let open = frame.trim_ascii_end();
    let open = open.strip_suffix(b"}").unwrap_or(open);
    [open, format!(r#","call_id":{call_id}}}"#).as_bytes()]
        .concat()
        .into()
}

/// The acknowledgement of the call with this id, whatever that is.
pub(super) fn reply(call_id: &Value, outcome: Result<(), &ApiError>, ts: Millis) -> Bytes {
    let mut frame = match outcome {
        Ok(()) => json!({"code": 0, "status": "ok"}),
        Err(error) => json!({
            "code": match &error.code {
                Code::Number(code) => *code,
                Code::Word(_) => code::INTERNAL,
            },
            "status": "error",
            "error": error.message,
        }),
    };
    frame["ts"] = ts.0.into();
    frame["type"] = kind::REPLY.into();
    frame["call_id"] = call_id.clone();
    frame.to_string().into()
}

/// What the platform used to acknowledge with, and still sends as well.
pub(super) fn twin(call_id: &Value, kind: &str, text: Option<&str>, ts: Millis) -> Bytes {
    let mut frame = json!({"reply_to": call_id, "ts": ts.0, "type": kind});
    if let Some(text) = text {
        frame["text"] = text.into();
    }
    frame.to_string().into()
}
