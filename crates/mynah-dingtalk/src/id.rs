//! The ids of people, departments, groups and messages.
//!
//! Each is a type of its own: DingTalk calls one group by a `chatid` in its older interfaces and
//! by an `openConversationId` in its newer ones, and neither works in place of the other. All of
//! them are opaque. Numbers are accepted as digits in a string too, because some clients and
//! pages of the documentation write them so.

use std::convert::Infallible;
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::lenient::IntegerVisitor;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.parse().map(Self).map_err(|cause| ParseIdError {
                    expected: $expected,
                    length: text.len(),
                    cause,
                })
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                Self(number)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer
                    .deserialize_any(IntegerVisitor::<i64>::new($expected))
                    .map(Self)
            }
        }

        impl<const BY: char> From<$name> for Joined<$name, BY> {
            fn from(id: $name) -> Self {
                Self::new([id])
            }
        }
    };
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident $(, $derived:ident)*) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize $(, $derived)*)]
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

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
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
    };
}

number! {
    /// A department; the root is 1.
    DepartmentId, "a department id"
}

number! {
    /// An application of the organisation, in the interfaces for work notices.
    AgentId, "an agent id"
}

number! {
    /// A work notice that is being sent, for 24 hours.
    TaskId, "a task id"
}

text! {
    /// A member of the organisation (`userid`, `staffId`).
    UserId, Debug
}

impl<const BY: char> From<UserId> for Joined<UserId, BY> {
    fn from(user: UserId) -> Self {
        Self::new([user])
    }
}

text! {
    /// A person, whatever organisation asks; one for each developer.
    UnionId, Debug
}

text! {
    /// A group in the older interfaces; begins with `chat`.
    ChatId, Debug
}

text! {
    /// A conversation in the newer interfaces; begins with `cid`.
    OpenConversationId, Debug
}

text! {
    /// A message that was sent into a group, for asking who has read it; begins with `msg`.
    MessageId, Debug
}

text! {
    /// An uploaded file; begins with `@`.
    MediaId, Debug
}

text! {
    /// A message that a robot sent, for recalling it and for asking who has read it.
    ProcessQueryKey, Debug
}

text! {
    /// A robot; for a robot of an application it is the application's key.
    RobotCode, Debug
}

/// Ids as one string, joined by commas in `/topapi/…` and by bars in `/message/…`.
///
/// ```
/// use mynah_dingtalk::{Bars, Commas, DepartmentId, UserId};
///
/// let users: Commas<UserId> = ["alice", "bob"].into();
/// assert_eq!(users.to_string(), "alice,bob");
/// let departments: Bars<DepartmentId> = "2||x|3".into();
/// assert_eq!(departments.items, [DepartmentId(2), DepartmentId(3)]);
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
        while let Some(member) = members.next_element::<serde_json::Value>()? {
            match member {
                serde_json::Value::String(text) => self.0.add(&text),
                serde_json::Value::Number(number) => self.0.add(&number.to_string()),
                _ => return Err(A::Error::custom("must be ids, not a list of other things")),
            }
        }
        Ok(self.0)
    }
}

/// Ids joined by commas.
pub type Commas<T> = Joined<T, ','>;

/// Ids joined by bars.
pub type Bars<T> = Joined<T, '|'>;

/// A text that should have been a number and is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found a string of {length} bytes: {cause}")]
pub struct ParseIdError {
    expected: &'static str,
    length: usize,
    cause: ParseIntError,
}
