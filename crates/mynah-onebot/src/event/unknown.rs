//! Events this version does not know.

use serde_json::{Map, Value};

use super::decode;
use crate::id::UserId;
use crate::types::UnixSeconds;

/// An event of a kind this version does not know, or one that is not made as its kind should be.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownEvent {
    object: Map<String, Value>,
    problem: Option<String>,
}

impl UnknownEvent {
    pub(super) fn new(object: Map<String, Value>, problem: Option<String>) -> Self {
        Self { object, problem }
    }

    /// When it happened; 0 if it does not say.
    pub fn time(&self) -> UnixSeconds {
        decode::time(&self.object)
    }

    /// The bot; 0 if it does not say.
    pub fn self_id(&self) -> UserId {
        decode::self_id(&self.object)
    }

    /// The event as it came.
    pub fn object(&self) -> &Map<String, Value> {
        &self.object
    }

    /// A field that is an integer or a string of digits.
    pub fn integer(&self, field: &str) -> Option<i64> {
        decode::integer(&self.object, field)
    }

    /// A field that is a string.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.object.get(field).and_then(Value::as_str)
    }

    /// Why an event of a known kind could not be read as one. Tells fields, kinds and positions,
    /// never what was said.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The first level of the event's name.
    pub fn post_type(&self) -> &str {
        self.text("post_type").unwrap_or_default()
    }

    /// The second level of the event's name.
    pub fn detail_type(&self) -> Option<&str> {
        match self.post_type() {
            // The one post type whose detail field is not called after it.
            "message_sent" => self.text("message_type"),
            post_type => self.text(&format!("{post_type}_type")),
        }
    }

    /// The third level of the event's name.
    pub fn sub_type(&self) -> Option<&str> {
        self.text("sub_type")
    }
}
