//! Decoding that forgives what implementations are known to get wrong.
//!
//! Numbers arrive as strings and strings as numbers
//! (<https://github.com/lc-cn/onebots/issues/28>); what we send is always strict.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// Reads an integer from a JSON integer or a string of decimal digits; null is the default.
pub(crate) fn integer<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64> + Default,
{
    deserializer.deserialize_any(IntegerVisitor::<T>::new("an integer").null_is_default())
}

/// Like [`integer`], with null as `None`.
pub(crate) fn optional_integer<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64> + Default,
{
    Option::<Integer<T>>::deserialize(deserializer).map(|found| found.map(|Integer(value)| value))
}

/// Reads a string from a JSON string, number or boolean; null is the empty string.
pub(crate) fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    optional_string(deserializer).map(Option::unwrap_or_default)
}

/// Like [`string`], with null as `None`.
pub(crate) fn optional_string<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    deserializer.deserialize_any(StringVisitor)
}

/// Reads a value whose null means its default.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

struct Integer<T>(T);

impl<'de, T: TryFrom<i64> + Default> Deserialize<'de> for Integer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(IntegerVisitor::<T>::new("an integer"))
            .map(Self)
    }
}

/// Accepts integers and strings of decimal digits with an optional sign.
///
/// Errors tell what was expected and the kind or length of what came, never its text.
pub(crate) struct IntegerVisitor<T> {
    expected: &'static str,
    null_is_default: bool,
    target: PhantomData<T>,
}

impl<T> IntegerVisitor<T> {
    pub(crate) fn new(expected: &'static str) -> Self {
        Self {
            expected,
            null_is_default: false,
            target: PhantomData,
        }
    }

    fn null_is_default(mut self) -> Self {
        self.null_is_default = true;
        self
    }
}

impl<T: TryFrom<i64> + Default> Visitor<'_> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} or a string of digits", self.expected)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value)
            .map_err(|_| E::custom(format_args!("{value} is too large for {}", self.expected)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::custom(format_args!(
                "{value} is too large for {}",
                self.expected
            ))),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        match value.parse() {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::custom(format_args!(
                "expected {}, found a string of {} bytes",
                self.expected,
                value.len()
            ))),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        if self.null_is_default {
            Ok(T::default())
        } else {
            Err(E::custom(format_args!(
                "expected {}, found null",
                self.expected
            )))
        }
    }
}

struct StringVisitor;

impl Visitor<'_> for StringVisitor {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(format!("{value:?}")))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
