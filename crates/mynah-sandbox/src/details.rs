//! What comes with an act, read by the kind that is wanted.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::world::Rejected;

/// The details of an act, or of a part of what somebody says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Details<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Details<'a> {
    pub(crate) fn get(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub(crate) fn text(self, field: &str) -> Result<Option<&'a str>, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        let text = value.as_str().map(Some);
        text.ok_or_else(|| Rejected::bad(field, "must be a string"))
    }

    /// A name, or an id as a number or its digits.
    pub(crate) fn name(self, field: &str) -> Result<Option<Cow<'a, str>>, Rejected> {
        match self.get(field) {
            Some(Value::Number(id)) => Ok(Some(Cow::Owned(id.to_string()))),
            _ => Ok(self.text(field)?.map(Cow::Borrowed)),
        }
    }

    /// Names and ids; nobody's unless they are given.
    pub(crate) fn names(self, field: &str) -> Result<Vec<Cow<'a, str>>, Rejected> {
        self.get(field)
            .map_or(Ok(Vec::new()), |it| names(field, it))
    }

    pub(crate) fn text_or(self, field: &str, default: &'a str) -> Result<&'a str, Rejected> {
        Ok(self.text(field)?.unwrap_or(default))
    }

    pub(crate) fn needs_text(self, field: &str) -> Result<&'a str, Rejected> {
        let text = self.text(field)?;
        text.ok_or_else(|| Rejected::bad(field, "is required"))
    }

    pub(crate) fn needs_name(self, field: &str) -> Result<Cow<'a, str>, Rejected> {
        let name = self.name(field)?;
        name.ok_or_else(|| Rejected::bad(field, "is required"))
    }

    pub(crate) fn number_or(self, field: &str, default: i64) -> Result<i64, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(default);
        };
        let number = value.as_i64();
        number.ok_or_else(|| Rejected::bad(field, "must be a whole number"))
    }

    pub(crate) fn switch_or(self, field: &str, default: bool) -> Result<bool, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(default);
        };
        let switch = value.as_bool();
        switch.ok_or_else(|| Rejected::bad(field, "must be true or false"))
    }

    pub(crate) fn decimal_or(self, field: &str, default: f64) -> Result<f64, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(default);
        };
        let number = value.as_f64();
        number.ok_or_else(|| Rejected::bad(field, "must be a number"))
    }

    pub(crate) fn bytes(self, field: &str) -> Result<Option<Vec<u8>>, Rejected> {
        let Some(base64) = self.text(field)? else {
            return Ok(None);
        };
        let bytes = STANDARD.decode(base64).map(Some);
        bytes.map_err(|_| Rejected::bad(field, "must be base64"))
    }

    pub(crate) fn numbers(self, field: &str) -> Result<Vec<i64>, Rejected> {
        let wrong = || Rejected::bad(field, "must be a list of whole numbers");
        match self.get(field) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                let numbers = items.iter().map(|item| item.as_i64().ok_or_else(wrong));
                numbers.collect()
            }
            Some(_) => Err(wrong()),
        }
    }
}

/// A list of names, and of ids as numbers or their digits.
pub(crate) fn names<'a>(field: &str, list: &'a Value) -> Result<Vec<Cow<'a, str>>, Rejected> {
    let wrong = || Rejected::bad(field, "must be a list of names and ids");
    let names = list.as_array().ok_or_else(wrong)?.iter();
    let names = names.map(|name| match name {
        Value::String(name) => Ok(Cow::Borrowed(name.as_str())),
        Value::Number(id) => Ok(Cow::Owned(id.to_string())),
        _ => Err(wrong()),
    });
    names.collect()
}
