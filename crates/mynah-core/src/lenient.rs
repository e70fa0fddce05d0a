//! Reading that forgives what platforms and their clients are known to send: numbers as digits in
//! a string, `null` for nothing, a value of another kind where one is left out elsewhere.
//!
//! For fields, with serde's `deserialize_with`, and for ids, words and numbers from open sets,
//! whose macros are made of it. What is written is always strict.
//!
//! ```
//! use mynah_core::lenient::{boolean, integer, list, or_default, text};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Department {
//!     #[serde(default, deserialize_with = "integer")]
//!     id: i64,
//!     #[serde(default, deserialize_with = "text")]
//!     name: String,
//!     #[serde(default, deserialize_with = "boolean")]
//!     hidden: bool,
//!     #[serde(default, deserialize_with = "or_default")]
//!     parent: Option<u32>,
//!     #[serde(default, deserialize_with = "list")]
//!     members: Vec<String>,
//! }
//!
//! let odd = r#"{"id": "7", "name": null, "hidden": "True", "parent": [], "members": ["a", 2]}"#;
//! let department: Department = serde_json::from_str(odd)?;
//! assert_eq!(department.id, 7);
//! assert_eq!(department.name, "");
//! assert!(department.hidden);
//! assert_eq!(department.parent, None);
//! assert_eq!(department.members, ["a"]);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use crate::describe::{Kind, kind_of};

/// A string; anything else is an empty one.
///
/// # Errors
/// The format itself is broken.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    or_default(deserializer)
}

/// A value of the declared kind; anything else is the default.
///
/// # Errors
/// The format itself is broken.
pub fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = meant_as::<D, T>(deserializer)?;
    Ok(T::deserialize(value).unwrap_or_default())
}

/// The members of an array that are of the declared kind; anything else is an empty list.
///
/// # Errors
/// The format itself is broken.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(match meant_as::<D, Vec<T>>(deserializer)? {
        Value::Array(members) => members
            .into_iter()
            .filter_map(|member| T::deserialize(member).ok())
            .collect(),
        _ => Vec::new(),
    })
}

/// The members of an array, none of them left out: an id may come as a number, and what cannot be
/// one is the default, which nobody has. Anything else than an array is an empty list.
///
/// # Errors
/// The format itself is broken.
pub fn entries<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    optional_entries(deserializer).map(Option::unwrap_or_default)
}

/// The same; anything else than an array is nothing.
///
/// # Errors
/// The format itself is broken.
pub fn optional_entries<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    Ok(match meant_as::<D, Vec<T>>(deserializer)? {
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

/// A switch: true and false as such, as text in any case, and as 1 and 0. Anything else is false.
///
/// # Errors
/// The format itself is broken.
pub fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match meant_as::<D, bool>(deserializer)? {
        Value::Bool(on) => on,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(word) => word == "1" || word.eq_ignore_ascii_case("true"),
        _ => false,
    })
}

/// A value of any kind, where a `T` is meant: help texts say so, and a parameter that is a
/// word becomes a list where that is what is meant.
///
/// # Errors
/// The format itself is broken.
pub fn meant_as<'de, D, T>(deserializer: D) -> Result<Value, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    deserializer.deserialize_newtype_struct(MEANT, Meant(PhantomData::<T>))
}

/// By this name a deserializer of ours knows who asks for a value of any kind.
pub(crate) const MEANT: &str = "$mynah::Meant";

struct Meant<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Meant<T> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, expects) = kind_of::<T>();
        formatter.write_str(if kind == Kind::Any {
            &expects
        } else {
            kind.json_type()
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        Value::deserialize(value)
    }
}

/// An integer, or digits in a string; null is nothing.
///
/// # Errors
/// It is something else, or out of range.
pub fn optional_integer<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    Option::<Integer<T>>::deserialize(deserializer).map(|found| found.map(|Integer(number)| number))
}

/// An integer, or digits in a string; null is 0.
///
/// # Errors
/// It is something else, or out of range.
pub fn integer<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64> + Default,
{
    optional_integer(deserializer).map(Option::unwrap_or_default)
}

/// An integer, or digits in a string. `expected` is what complaints call it, such as
/// `a user id`; they tell the kind or the length of what came, never its text.
///
/// # Errors
/// It is something else, null included, or out of range.
///
/// ```
/// use mynah_core::lenient::whole;
/// use serde_json::Deserializer;
///
/// let read = |json: &str| whole::<_, i32>(&mut Deserializer::from_str(json), "an age");
/// assert_eq!(read("42")?, 42);
/// assert_eq!(read("\"42\"")?, 42);
/// let problem = read("\"secret\"").unwrap_err().to_string();
/// assert!(problem.starts_with("must be an age, not a string of 6 bytes"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn whole<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    deserializer.deserialize_any(IntegerVisitor {
        expected,
        target: PhantomData,
    })
}

struct Integer<T>(T);

impl<'de, T: TryFrom<i64>> Deserialize<'de> for Integer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(deserializer, "an integer").map(Self)
    }
}

/// Takes integers and strings of decimal digits with an optional sign.
struct IntegerVisitor<T> {
    expected: &'static str,
    target: PhantomData<T>,
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

/// A value that is an object at the wire; anything else, a list of its members included, is none.
/// What is wrong inside of an object is an error.
///
/// ```
/// use mynah_core::lenient::Object;
///
/// #[derive(serde::Deserialize)]
/// struct Text {
///     content: String,
/// }
///
/// let read = serde_json::from_str::<Object<Text>>;
/// assert_eq!(read(r#"{"content": "hi"}"#)?.0.unwrap().content, "hi");
/// assert!(read(r#"["hi"]"#)?.0.is_none());
/// assert!(read(r#"{"content": 5}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object<T>(pub Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|object| Object(Some(object)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Object(None))
    }
}
