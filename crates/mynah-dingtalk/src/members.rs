//! The members of a JSON object, taken out one by one: what nobody takes is kept.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

/// Why something is no object that tells what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are not a JSON object in UTF-8.
    #[error("not a JSON object: stopped at line {line}, column {column} of {length} bytes")]
    NotAnObject {
        /// Where reading stopped, counted from 1; 0 before the first line.
        line: usize,
        /// Where in the line reading stopped, in bytes.
        column: usize,
        /// How many bytes there were.
        length: usize,
    },
    /// The member that says what it is is missing, or is no string.
    #[error("there is no string `{0}`")]
    NoKind(&'static str),
}

/// Reads a JSON object.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, DecodeError> {
    serde_json::from_slice(bytes).map_err(|error| DecodeError::NotAnObject {
        line: error.line(),
        column: error.column(),
        length: bytes.len(),
    })
}

/// What is left of an object while its members are taken out. A member of
/// another kind than the wanted one stays.
pub(crate) struct Members {
    pub(crate) rest: Map<String, Value>,
    /// Whether names begin with a capital, as one generation of callbacks has them.
    pub(crate) capitals: bool,
}

impl Members {
    pub(crate) fn of(rest: Map<String, Value>) -> Self {
        let capitals = false;
        Self { rest, capitals }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.rest.contains_key(name)
    }

    /// The member, in the spelling of this generation; in the other one if there is none in this.
    fn name(&self, name: &str) -> String {
        let [usual, other] = if self.capitals {
            [capital(name), name.to_owned()]
        } else {
            [name.to_owned(), capital(name)]
        };
        if !self.rest.contains_key(&usual) && self.rest.contains_key(&other) {
            return other;
        }
        usual
    }

    fn take_as<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let taken = read(self.rest.get(name)?)?;
        self.rest.remove(name);
        Some(taken)
    }

    /// The member of exactly this name, if it is of the wanted kind.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.take_as(name, |value| match value {
            Value::Null => None,
            value => T::deserialize(value).ok(),
        })
    }

    /// The same in either spelling.
    pub(crate) fn either<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let name = self.name(name);
        self.take(&name)
    }

    /// A whole number, or digits in a string.
    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        let name = self.name(name);
        self.take_as(&name, |value| match value {
            Value::Number(number) => number.as_i64(),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        })
    }
}

/// A JSON object that is being written.
#[derive(Default)]
pub(crate) struct Object {
    pub(crate) members: Map<String, Value>,
    /// Whether names begin with a capital.
    pub(crate) capitals: bool,
}

impl Object {
    /// A member of exactly this name.
    pub(crate) fn put(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.members.insert(name.to_owned(), value.into());
        }
    }

    /// A member whose name is spelled as this generation does.
    pub(crate) fn spelled(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if self.capitals {
            self.put(&capital(name), value);
        } else {
            self.put(name, value);
        }
    }

    /// What stands there besides; it does not take the place of what is known.
    pub(crate) fn rest(&mut self, rest: &Map<String, Value>) {
        for (name, value) in rest {
            self.members
                .entry(name.as_str())
                .or_insert_with(|| value.clone());
        }
    }
}

/// The name with a capital in front.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Numbers that the platform writes as text in this place.
pub(crate) fn digits(number: Option<i64>) -> Option<String> {
    number.map(|number| number.to_string())
}

/// The JSON of a number.
pub(crate) fn number(number: i64) -> Value {
    Value::Number(Number::from(number))
}
