//! The wire format of BearyChat, held against recorded traffic and the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod calls;
mod credentials;
mod errors;
mod events;
mod explain;
mod hooks;
mod incoming;
mod limits;
mod pages;
mod query;
mod requests;
mod socket;
mod table;
mod texts;
mod times;
mod vectors;

use serde_json::Value;

/// What the functions of other people's clients make of messages, mentions and payloads.
fn helpers() -> Value {
    serde_json::from_str(include_str!("../vectors/helpers.json")).unwrap()
}

/// The examples of the documentation.
fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/events.json")).unwrap()
}
