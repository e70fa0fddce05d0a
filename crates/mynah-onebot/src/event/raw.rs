//! Events together with the bytes they came as.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{DecodeError, Event};

/// An event and the bytes it was read from.
///
/// The typed event drops fields it does not know, for speed; here none is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct RawEvent {
    /// The event.
    pub event: Event,
    /// The bytes it was read from, a JSON object.
    pub raw: Bytes,
}

impl RawEvent {
    /// Decodes an event and keeps the bytes.
    ///
    /// # Errors
    /// As [`Event::from_slice`].
    pub fn from_bytes(raw: Bytes) -> Result<Self, DecodeError> {
        let event = Event::from_slice(&raw)?;
        Ok(Self { event, raw })
    }

    /// A field of the event, also one that the typed event has no place for; `None` if it is
    /// absent or of another type.
    ///
    /// Reads the bytes anew each time.
    pub fn field<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let mut object: Map<String, Value> = serde_json::from_slice(&self.raw).ok()?;
        serde_json::from_value(object.remove(name)?).ok()
    }
}
