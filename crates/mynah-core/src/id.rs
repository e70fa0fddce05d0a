//! Ids: each a type of its own, and many of them joined in one text.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// Defines the ids of a platform, each a type of its own, so that none slips into another's
/// place. Whoever uses it needs `serde`.
///
/// An id is a number of some width, then the words for it in complaints stand behind; or it is
/// text. Numbers are read from digits in a string too, because some clients send them so. An id
/// of text derives `Debug`, equality, order and `Hash`; one with a colon derives of these only
/// what stands behind the colon, because the rest is written by hand.
///
/// All of them turn into [`Joined`] ids by themselves.
///
/// ```
/// mynah_core::ids! {
///     /// A department; the root is 1.
///     pub struct DepartmentId(i64) = "a department id";
///     /// A member.
///     pub struct UserId(String);
///     /// Allows one change of a card.
///     pub struct ResponseCode(String): PartialEq, Eq;
/// }
///
/// impl std::fmt::Debug for ResponseCode {
///     fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         formatter.write_str("ResponseCode(…)")
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<DepartmentId>("\"7\"")?, DepartmentId(7));
/// assert_eq!("7".parse::<DepartmentId>()?.to_string(), "7");
/// assert_eq!(UserId::from("alice").as_str(), "alice");
/// assert_eq!(format!("{:?}", ResponseCode::from("secret")), "ResponseCode(…)");
/// let problem = "secret".parse::<DepartmentId>().unwrap_err().to_string();
/// assert!(problem.starts_with("expected a department id, found a string of 6 bytes"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! ids {
    () => {};
    ($(#[$meta:meta])* pub struct $name:ident(String); $($rest:tt)*) => {
        $crate::ids! {
            $(#[$meta])*
            pub struct $name(String): Debug, PartialEq, Eq, PartialOrd, Ord, Hash;
            $($rest)*
        }
    };
    (
        $(#[$meta:meta])* pub struct $name:ident(String): $($derived:ident),+;
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Default, serde::Serialize, serde::Deserialize, $($derived),+)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether there is nothing in it; the platform takes that for absent.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        $crate::ids! { @joined $name }
        $crate::ids! { $($rest)* }
    };
    (
        $(#[$meta:meta])* pub struct $name:ident($number:ty) = $expected:literal;
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $number);

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::parse_id(text, $expected).map(Self)
            }
        }

        impl From<$number> for $name {
            fn from(number: $number) -> Self {
                Self(number)
            }
        }

        impl From<$name> for $number {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::lenient::whole(deserializer, $expected).map(Self)
            }
        }

        $crate::ids! { @joined $name }
        $crate::ids! { $($rest)* }
    };
    (@joined $name:ident) => {
        impl<const BY: char> From<$name> for $crate::Joined<$name, BY> {
            fn from(id: $name) -> Self {
                Self::new([id])
            }
        }
    };
}

/// Reads a number for [`ids!`](crate::ids).
///
/// # Errors
/// The text is no such number.
#[doc(hidden)]
pub fn parse_id<T>(text: &str, expected: &'static str) -> Result<T, ParseIdError>
where
    T: FromStr<Err = ParseIntError>,
{
    text.parse().map_err(|cause| ParseIdError {
        expected,
        length: text.len(),
        cause,
    })
}

/// A text that should have been a number and is not. Tells its length, never the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found a string of {length} bytes: {cause}")]
pub struct ParseIdError {
    expected: &'static str,
    length: usize,
    cause: ParseIntError,
}

/// Ids as one string, joined by a character. Read from a number, an array or null too.
///
/// ```
/// use mynah_core::Joined;
///
/// let users: Joined<String, ','> = ["alice", "bob"].into();
/// assert_eq!(users.to_string(), "alice,bob");
/// let departments: Joined<u32, '|'> = "2||x|3".into();
/// assert_eq!(departments.items, [2, 3]);
/// assert_eq!(departments.others, ["x"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined<T, const BY: char> {
    /// The ids, in their order.
    pub items: Vec<T>,
    /// What stands among them and is no such id.
    pub others: Vec<String>,
}
impl<T, const BY: char> Joined<T, BY> {
    /// These ids.
    pub fn new(items: impl IntoIterator<Item = impl Into<T>>) -> Self {
        Self {
            items: items.into_iter().map(Into::into).collect(),
            others: Vec::new(),
        }
    }

    /// Whether nothing at all stands there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many names stand there, ids or not.
    pub fn len(&self) -> usize {
        self.items.len() + self.others.len()
    }

    /// The ids.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T: FromStr, const BY: char> Joined<T, BY> {
    /// Adds the ids in a text; blanks around them and empty ones do not count.
    fn add(&mut self, text: &str) {
        let names = text.split(BY).map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            match name.parse() {
                Ok(id) => self.items.push(id),
                Err(_) => self.others.push(name.to_owned()),
            }
        }
    }
}

impl<T, const BY: char> Default for Joined<T, BY> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            others: Vec::new(),
        }
    }
}

impl<'a, T, const BY: char> IntoIterator for &'a Joined<T, BY> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: FromStr, const BY: char> From<&str> for Joined<T, BY> {
    fn from(text: &str) -> Self {
        let mut joined = Self::default();
        joined.add(text);
        joined
    }
}

impl<T, I: Into<T>, const BY: char> From<Vec<I>> for Joined<T, BY> {
    fn from(items: Vec<I>) -> Self {
        Self::new(items)
    }
}

impl<T, I: Into<T>, const N: usize, const BY: char> From<[I; N]> for Joined<T, BY> {
    fn from(items: [I; N]) -> Self {
        Self::new(items)
    }
}

impl<T: fmt::Display, const BY: char> fmt::Display for Joined<T, BY> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = self.items.iter().map(|item| item as &dyn fmt::Display);
        let others = self.others.iter().map(|other| other as &dyn fmt::Display);
        for (place, name) in items.chain(others).enumerate() {
            if place > 0 {
                write!(formatter, "{BY}")?;
            }
            name.fmt(formatter)?;
        }
        Ok(())
    }
}

impl<T: fmt::Display, const BY: char> Serialize for Joined<T, BY> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A string, a number, an array of either, or null.
impl<'de, T: FromStr, const BY: char> Deserialize<'de> for Joined<T, BY> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JoinedVisitor(Self::default()))
    }
}

struct JoinedVisitor<T, const BY: char>(Joined<T, BY>);

impl<T: FromStr, const BY: char> JoinedVisitor<T, BY> {
    fn with(mut self, text: &str) -> Joined<T, BY> {
        self.0.add(text);
        self.0
    }
}

impl<'de, T: FromStr, const BY: char> Visitor<'de> for JoinedVisitor<T, BY> {
    type Value = Joined<T, BY>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ids joined by `{BY}`")
    }

    fn visit_str<E>(self, text: &str) -> Result<Joined<T, BY>, E> {
        Ok(self.with(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Joined<T, BY>, E> {
        Ok(self.with(&number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Joined<T, BY>, E> {
        Ok(self.with(&number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Joined<T, BY>, E> {
        Ok(self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut members: A) -> Result<Joined<T, BY>, A::Error> {
        while let Some(member) = members.next_element::<Value>()? {
            match member {
                Value::String(text) => self.0.add(&text),
                Value::Number(number) => self.0.add(&number.to_string()),
                _ => return Err(A::Error::custom("must be ids, not a list of other things")),
            }
        }
        Ok(self.0)
    }
}
