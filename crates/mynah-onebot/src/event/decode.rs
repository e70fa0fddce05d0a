//! From bytes to events.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::message::Wire;
use super::meta::{Heartbeat, Lifecycle, Meta, MetaEvent};
use super::notice::{Notice, NoticeEvent};
use super::request::{FriendRequest, GroupRequest, Request, RequestEvent};
use super::{Event, UnknownEvent};
use crate::id::UserId;
use crate::types::UnixSeconds;

/// Why something is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are not JSON in UTF-8, or not a JSON object.
    #[error("not a JSON object: stopped at line {line}, column {column} of {length} bytes")]
    NotAnObject {
        /// Where reading stopped, counted from 1; 0 before the first line.
        line: usize,
        /// Where in the line reading stopped, in bytes.
        column: usize,
        /// How many bytes there were.
        length: usize,
    },
    /// A field that says what kind of event it is is missing, or no string.
    #[error("the event has no string `{field}`")]
    MissingType {
        /// The field.
        field: &'static str,
    },
}

/// Decodes a message in one pass, anything else in two.
pub(super) fn from_slice(bytes: &[u8]) -> Result<Event, DecodeError> {
    // What is text as a whole is not looked at again string by string.
    let wire = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    };
    let misfit = match read_message(wire) {
        Ok(event) => return Ok(event),
        Err(misfit) => misfit,
    };
    let object = serde_json::from_slice(bytes).map_err(|error| DecodeError::NotAnObject {
        line: error.line(),
        column: error.column(),
        length: bytes.len(),
    })?;
    read_other(object, &misfit)
}

pub(super) fn from_object(object: Map<String, Value>) -> Result<Event, DecodeError> {
    match read_message(Wire::deserialize(&object)) {
        Ok(event) => Ok(event),
        Err(misfit) => read_other(object, &misfit),
    }
}

/// Why an object does not fit the kind of event it says it is.
enum Misfit {
    MissingField(&'static str),
    Json(serde_json::Error),
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingField(field) => write!(formatter, "missing field `{field}`"),
            Self::Json(error) => formatter.write_str(&without_values(&error.to_string())),
        }
    }
}

/// Cuts out the quoted value, which may be what somebody said.
fn without_values(error: &str) -> String {
    match (error.split_once(" \""), error.rsplit_once('"')) {
        (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
        _ => error.to_owned(),
    }
}

fn read_message(wire: serde_json::Result<Wire<'_>>) -> Result<Event, Misfit> {
    wire.map_err(Misfit::Json)?
        .into_event()
        .map_err(Misfit::MissingField)
}

/// Decodes what has proven to be no proper message.
fn read_other(object: Map<String, Value>, no_message: &Misfit) -> Result<Event, DecodeError> {
    let read = match required(&object, "post_type")? {
        "notice" => read_notice(required(&object, "notice_type")?, &object),
        "request" => read_request(required(&object, "request_type")?, &object),
        "meta_event" => read_meta(required(&object, "meta_event_type")?, &object),
        "message" | "message_sent" => {
            let problem = match required(&object, "message_type")? {
                "private" | "group" | "discuss" => Some(no_message.to_string()),
                _ => None,
            };
            return Ok(UnknownEvent::new(object, problem).into());
        }
        _ => Ok(None),
    };
    Ok(match read {
        Ok(Some(event)) => event,
        Ok(None) => UnknownEvent::new(object, None).into(),
        Err(error) => UnknownEvent::new(object, Some(Misfit::Json(error).to_string())).into(),
    })
}

fn required<'a>(
    object: &'a Map<String, Value>,
    field: &'static str,
) -> Result<&'a str, DecodeError> {
    object
        .get(field)
        .and_then(Value::as_str)
        .ok_or(DecodeError::MissingType { field })
}

fn read_notice(
    notice_type: &str,
    object: &Map<String, Value>,
) -> serde_json::Result<Option<Event>> {
    let sub_type = object.get("sub_type").and_then(Value::as_str);
    let Some(notice) = Notice::read(notice_type, sub_type, object)? else {
        return Ok(None);
    };
    Ok(Some(Event::Notice(NoticeEvent {
        time: time(object),
        self_id: self_id(object),
        notice,
    })))
}

fn read_request(
    request_type: &str,
    object: &Map<String, Value>,
) -> serde_json::Result<Option<Event>> {
    let request = match request_type {
        "friend" => Request::Friend(FriendRequest::deserialize(object)?),
        "group" => Request::Group(GroupRequest::deserialize(object)?),
        _ => return Ok(None),
    };
    Ok(Some(Event::Request(RequestEvent {
        time: time(object),
        self_id: self_id(object),
        request,
    })))
}

fn read_meta(
    meta_event_type: &str,
    object: &Map<String, Value>,
) -> serde_json::Result<Option<Event>> {
    let meta = match meta_event_type {
        "lifecycle" => Meta::Lifecycle(Lifecycle::deserialize(object)?),
        "heartbeat" => Meta::Heartbeat(Heartbeat::deserialize(object)?),
        _ => return Ok(None),
    };
    Ok(Some(Event::Meta(MetaEvent {
        time: time(object),
        self_id: self_id(object),
        meta,
    })))
}

/// The time of an event; 0 if it has none.
pub(super) fn time(object: &Map<String, Value>) -> UnixSeconds {
    UnixSeconds(integer(object, "time").unwrap_or_default())
}

/// The bot of an event; 0 if none is named.
pub(super) fn self_id(object: &Map<String, Value>) -> UserId {
    UserId(integer(object, "self_id").unwrap_or_default())
}

/// A field that is an integer or a string of digits.
pub(super) fn integer(object: &Map<String, Value>, field: &str) -> Option<i64> {
    match object.get(field)? {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    }
}
