//! Intelligent bots: what they are told and what they answer.

mod callback;
mod reply;

use serde_json::Value;

/// A file of vectors.
fn vectors(file: &str) -> Value {
    serde_json::from_str(file).unwrap()
}
