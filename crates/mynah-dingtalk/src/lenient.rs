//! Reading that forgives what the platform and its clients are known to send: numbers as digits
//! in a string, `null` for nothing, a value of another kind where one is left out elsewhere.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Visitor};
use serde_json::Value;

/// A string; anything else is an empty one.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    or_default(deserializer)
}

/// A value of the declared kind; anything else is the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(T::deserialize(value).unwrap_or_default())
}

/// The members of an array that are of the declared kind; anything else is an empty list.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(members) => members
            .into_iter()
            .filter_map(|member| T::deserialize(member).ok())
            .collect(),
        _ => Vec::new(),
    })
}

/// The members of an array, none of them left out: an id may come as a number, and what can be
/// none is the default, which nobody has. Anything else than an array is an empty list.
pub(crate) fn entries<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    optional_entries(deserializer).map(Option::unwrap_or_default)
}

/// The same; anything else than an array is nothing.
pub(crate) fn optional_entries<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(members) => Some(members.into_iter().map(entry).collect()),
        _ => None,
    })
}

fn entry<T: DeserializeOwned + Default>(value: Value) -> T {
    let digits = value.as_number().map(ToString::to_string);
    let read = T::deserialize(value).ok();
    let read = read.or_else(|| T::deserialize(Value::String(digits?)).ok());
    read.unwrap_or_default()
}

/// An integer, or digits in a string; null is nothing.
pub(crate) fn optional_integer<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    Option::<Integer>::deserialize(deserializer).map(|found| found.map(|Integer(number)| number))
}

/// An integer, or digits in a string; null is 0.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    optional_integer(deserializer).map(Option::unwrap_or_default)
}

struct Integer(i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(IntegerVisitor::new("an integer"))
            .map(Self)
    }
}

/// Takes integers and strings of decimal digits with an optional sign.
///
/// Complaints tell the kind or the length of what came, never its text.
pub(crate) struct IntegerVisitor<T> {
    expected: &'static str,
    target: PhantomData<T>,
}

impl<T> IntegerVisitor<T> {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self {
            expected,
            target: PhantomData,
        }
    }
}

impl<T: TryFrom<i64>> Visitor<'_> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} or a string of digits", self.expected)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value)
            .map_err(|_| E::custom(format_args!("a number out of range for {}", self.expected)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        let value = i64::try_from(value)
            .map_err(|_| E::custom(format_args!("a number out of range for {}", self.expected)))?;
        self.visit_i64(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        let number = value.parse().map_err(|_| {
            E::custom(format_args!(
                "must be {}, not a string of {} bytes",
                self.expected,
                value.len()
            ))
        })?;
        self.visit_i64(number)
    }
}

/// A switch: true and false as such, as text in any case, and as 1 and 0. Anything else is false.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(on) => on,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(word) => word == "1" || word.eq_ignore_ascii_case("true"),
        _ => false,
    })
}
