//! The frames of a connection, which both ends read and write.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::event::StreamHeaders;

/// The kinds of frames.
pub(super) mod kind {
    pub(crate) const SYSTEM: &str = "SYSTEM";
    pub(crate) const CALLBACK: &str = "CALLBACK";
    pub(crate) const EVENT: &str = "EVENT";
}

/// The topics of what the platform says of the connection itself.
pub(super) mod system {
    pub(crate) const PING: &str = "ping";
    pub(crate) const DISCONNECT: &str = "disconnect";
}

/// A frame of the platform, taken apart.
#[derive(Debug)]
pub(super) struct Push {
    pub(super) kind: String,
    headers: Map<String, Value>,
    /// JSON text.
    pub(super) data: String,
}

impl Push {
    /// `None` if the frame is not a JSON object.
    pub(super) fn of(frame: &[u8]) -> Option<Self> {
        let mut members: Map<String, Value> = serde_json::from_slice(frame).ok()?;
        let headers = match members.remove("headers") {
            Some(Value::Object(headers)) => headers,
            _ => Map::new(),
        };
        Some(Self {
            kind: members.remove("type").and_then(text).unwrap_or_default(),
            headers,
            data: match members.remove("data") {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(data)) => data,
                // Should be text, and says the same.
                Some(data) => data.to_string(),
            },
        })
    }

    /// A header; all of them are text, but a number says the same.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).cloned().and_then(text)
    }

    pub(super) fn topic(&self) -> String {
        self.header("topic").unwrap_or_default()
    }

    /// What the acknowledgement must name.
    pub(super) fn message_id(&self) -> Option<String> {
        self.header("messageId").filter(|id| !id.is_empty())
    }

    pub(super) fn event_headers(&self) -> StreamHeaders {
        StreamHeaders {
            kind: self.header("eventType"),
            id: self.header("eventId"),
            corp_id: self.header("eventCorpId"),
            born_time: self.header("eventBornTime"),
            unified_app_id: self.header("eventUnifiedAppId"),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What stands around the data of a frame of the platform.
pub(super) struct Head<'a> {
    pub(super) kind: &'a str,
    pub(super) topic: &'a str,
    pub(super) app_id: &'a str,
    pub(super) connection_id: &'a str,
    pub(super) message_id: &'a str,
    /// In milliseconds since 1970.
    pub(super) time: u128,
    pub(super) event: Option<StreamHeaders>,
}

/// A frame of the platform.
pub(super) fn push(head: Head<'_>, data: &str) -> Bytes {
    let mut headers = json!({
        "appId": head.app_id,
        "connectionId": head.connection_id,
        "contentType": "application/json",
        "messageId": head.message_id,
        "time": head.time.to_string(),
        "topic": head.topic,
    });
    let event = head.event.unwrap_or_default();
    for (name, value) in [
        ("eventType", event.kind),
        ("eventId", event.id),
        ("eventCorpId", event.corp_id),
        ("eventBornTime", event.born_time),
        ("eventUnifiedAppId", event.unified_app_id),
    ] {
        if let Some(value) = value {
            headers[name] = value.into();
        }
    }
    let frame = json!({
        "specVersion": "1.0", "type": head.kind, "headers": headers, "data": data,
    });
    frame.to_string().into()
}

/// An acknowledgement.
pub(super) fn acknowledgement(code: i64, message_id: &str, message: &str, data: &str) -> Bytes {
    let frame = json!({
        "code": code,
        "headers": {"contentType": "application/json", "messageId": message_id},
        "message": message,
        "data": data,
    });
    frame.to_string().into()
}
