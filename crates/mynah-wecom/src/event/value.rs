//! What elements hold beside text and numbers.

use std::fmt;
use std::str::FromStr;

use super::field::{Field, Fields, Value};
use crate::xml::{Element, Writer};

/// A decimal as it stands on the wire: coordinates have trailing zeros, and
/// what was read is written as it was.
///
/// ```
/// use mynah_wecom::event::Decimal;
///
/// let longitude = Decimal::from("113.320");
/// assert_eq!(longitude.value(), Some(113.32));
/// assert_eq!(longitude.as_str(), "113.320");
/// assert_eq!(Decimal::from(23.5).as_str(), "23.5");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if it is one.
    pub fn value(&self) -> Option<f64> {
        self.0.trim().parse().ok()
    }
}

impl From<&str> for Decimal {
    fn from(digits: &str) -> Self {
        Self(digits.to_owned())
    }
}

impl From<f64> for Decimal {
    fn from(number: f64) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Decimal {
    fn from(digits: String) -> Self {
        Self(digits)
    }
}

impl AsRef<str> for Decimal {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Ids or numbers in one text, with commas between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commas<T>(pub Vec<T>);

impl<T> Default for Commas<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromStr + fmt::Display> Value for Commas<T> {
    fn of(element: &mut Element<'_>) -> Option<Self> {
        if !element.children.is_empty() {
            return None;
        }
        let parts = element.text.split(',').map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        parts
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()
            .map(Self)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        let items: Vec<String> = self.0.iter().map(T::to_string).collect();
        out.text(name, &items.join(","));
    }
}

/// The elements of an object that it has no place for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others(pub Vec<Element<'static>>);

impl Field for Others {
    /// Takes all that is left: stands last.
    fn take(fields: &mut Fields<'_>, _: &str) -> Self {
        Self(fields.drain())
    }

    fn put(&self, _: &str, out: &mut Writer) {
        for element in &self.0 {
            out.element(element);
        }
    }
}
