//! The vector files, and what several tests do with them.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub(crate) const MESSAGES: &str = include_str!("../vectors/messages.json");
pub(crate) const EVENTS: &str = include_str!("../vectors/events.json");
pub(crate) const EVENT_DISPATCH: &str = include_str!("../vectors/event_dispatch.json");
pub(crate) const QUICK_OPERATIONS: &str = include_str!("../vectors/quick_operations.json");
pub(crate) const SEED_RECEIVER: &str = include_str!("../vectors/seed_receiver.json");

pub(crate) const SIGNATURE: &str = include_str!("../vectors/signature.json");
pub(crate) const TRANSPORT: &str = include_str!("../vectors/transport.json");
pub(crate) const WEBSOCKET: &str = include_str!("../vectors/websocket.json");

pub(crate) fn read<T: DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(file).unwrap()
}

#[derive(Deserialize)]
pub(crate) struct EventFile {
    pub(crate) field_types: serde_json::Map<String, serde_json::Value>,
    pub(crate) events: Vec<EventCase>,
}

#[derive(Deserialize)]
pub(crate) struct EventCase {
    pub(crate) name: String,
    pub(crate) mark: String,
    event: Box<RawValue>,
    pub(crate) quick_operation: Vec<String>,
}

impl EventCase {
    /// The event as an implementation would post it: compact, its fields in the order of the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        compact(self.event.get()).into_bytes()
    }
}

/// Takes the blanks between tokens out of a JSON text.
fn compact(json: &str) -> String {
    let mut in_string = false;
    let mut escaped = false;
    json.chars()
        .filter(|&character| {
            let keep = in_string || !character.is_ascii_whitespace();
            if character == '"' && !escaped {
                in_string = !in_string;
            }
            escaped = in_string && character == '\\' && !escaped;
            keep
        })
        .collect()
}
