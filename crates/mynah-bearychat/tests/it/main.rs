//! The wire format of BearyChat, held against recorded traffic and the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod hooks;
mod incoming;
mod socket;
mod texts;

use serde_json::Value;

/// What the functions of other people's clients make of messages, mentions and payloads.
fn helpers() -> Value {
    serde_json::from_str(include_str!("../vectors/helpers.json")).unwrap()
}

/// The examples of the documentation.
fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/events.json")).unwrap()
}
