//! What comes with an act, read by the kind that is wanted.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::world::Rejected;

/// The details of an act, or of a part of what somebody says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Details<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Details<'a> {
    pub(super) fn get(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn text(self, field: &str) -> Result<Option<&'a str>, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        let text = value.as_str().map(Some);
        text.ok_or_else(|| Rejected::bad(field, "must be a string"))
    }

    /// A name, or an id as a number or its digits.
    pub(super) fn name(self, field: &str) -> Result<Option<Cow<'a, str>>, Rejected> {
        match self.get(field) {
            Some(Value::Number(id)) => Ok(Some(Cow::Owned(id.to_string()))),
            _ => Ok(self.text(field)?.map(Cow::Borrowed)),
        }
    }

    pub(super) fn text_or(self, field: &str, default: &'a str) -> Result<&'a str, Rejected> {
        Ok(self.text(field)?.unwrap_or(default))
    }

    pub(super) fn needs_text(self, field: &str) -> Result<&'a str, Rejected> {
        let text = self.text(field)?;
        text.ok_or_else(|| Rejected::bad(field, "is required"))
    }

    pub(super) fn needs_name(self, field: &str) -> Result<Cow<'a, str>, Rejected> {
        let name = self.name(field)?;
        name.ok_or_else(|| Rejected::bad(field, "is required"))
    }

    pub(super) fn number_or(self, field: &str, default: i64) -> Result<i64, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(default);
        };
        let number = value.as_i64();
        number.ok_or_else(|| Rejected::bad(field, "must be a whole number"))
    }

    pub(super) fn bytes(self, field: &str) -> Result<Option<Vec<u8>>, Rejected> {
        let Some(base64) = self.text(field)? else {
            return Ok(None);
        };
        let bytes = STANDARD.decode(base64).map(Some);
        bytes.map_err(|_| Rejected::bad(field, "must be base64"))
    }
}
