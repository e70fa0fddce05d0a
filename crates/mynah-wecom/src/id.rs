//! The ids of people, departments, groups and messages.
//!
//! Each is a type of its own: a member's id that looks like a number cannot slip into a
//! department's place (81013 otherwise,
//! <https://github.com/YanHaidao/wecom/issues/23>). Numbers are accepted as digits in a string
//! too, because some clients and callbacks send them so.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
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

        impl From<$name> for Joined<$name> {
            fn from(id: $name) -> Self {
                Self::new([id])
            }
        }
    };
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident $(, $derived:ident)*) => {
        $(#[$doc])*
        #[derive(Clone, Default, serde::Serialize, serde::Deserialize $(, $derived)*)]
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
    /// A department ("party"); the root is 1. 32 bits.
    DepartmentId, "a department id"
}

number! {
    /// A tag.
    TagId, "a tag id"
}

number! {
    /// An application of the corp.
    AgentId, "an agent id"
}

text! {
    /// A member of the corp.
    ///
    /// Compared without regard to case, kept as it was written; the platform lower-cases it in
    /// `invaliduser` (<https://developer.work.weixin.qq.com/document/path/90196>).
    ///
    /// ```
    /// use mynah_wecom::UserId;
    ///
    /// assert_eq!(UserId::from("Alice"), UserId::from("alice"));
    /// assert!(UserId::from("alice@corp-1.example_x").is_well_formed());
    /// assert!(!UserId::from("-alice").is_well_formed());
    /// ```
    UserId, Debug
}

text! {
    /// A group chat of an application. Given by the caller or made by the platform; opaque.
    ChatId, Debug, PartialEq, Eq, PartialOrd, Ord, Hash
}

text! {
    /// An uploaded file, for three days; opaque and of any length.
    MediaId, Debug, PartialEq, Eq, PartialOrd, Ord, Hash
}

text! {
    /// A message that an application sent to members; good for recalling it.
    MsgId, Debug, PartialEq, Eq, PartialOrd, Ord, Hash
}

text! {
    /// Allows one change of a card, or one message of an intelligent bot: `Debug` does not show it.
    ResponseCode, PartialEq, Eq, PartialOrd, Ord, Hash
}

text! {
    /// What names a button card; 1 to 128 bytes of `0-9a-zA-Z_-@`, unique for one application.
    TaskId, Debug, PartialEq, Eq, PartialOrd, Ord, Hash
}

text! {
    /// What WeChat, which is not WeCom, calls a person.
    OpenId, Debug, PartialEq, Eq, PartialOrd, Ord, Hash
}

impl fmt::Debug for ResponseCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseCode(…)")
    }
}

impl UserId {
    /// The longest id, in bytes.
    pub const LONGEST: usize = 64;

    /// Everybody: `@all` in `touser` and in lists of mentions.
    pub fn all() -> Self {
        Self::from("@all")
    }

    /// Whether this is [`all`](Self::all).
    pub fn is_all(&self) -> bool {
        self.0 == "@all"
    }

    /// Whether a member can be called so: 1 to 64 bytes of `0-9a-zA-Z_-@.`, the first of them a
    /// letter or digit.
    pub fn is_well_formed(&self) -> bool {
        let bytes = self.0.as_bytes();
        bytes.len() <= Self::LONGEST
            && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-@.".contains(byte))
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl PartialEq for UserId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for UserId {}

impl PartialOrd for UserId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UserId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for UserId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        // As for strings: no id begins another.
        state.write_u8(0xff);
    }
}

impl From<UserId> for Joined<UserId> {
    fn from(user: UserId) -> Self {
        Self::new([user])
    }
}

impl ChatId {
    /// The longest id a caller may give, in characters.
    pub const LONGEST: usize = 32;

    /// Whether a caller may give it to a new group: 1 to 32 of `0-9a-zA-Z`
    /// (<https://developer.work.weixin.qq.com/document/path/90245>).
    pub fn is_well_formed(&self) -> bool {
        (1..=Self::LONGEST).contains(&self.0.len())
            && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }
}

/// Ids as one string, joined by `|`: recipients, and those who could not be reached.
///
/// ```
/// use mynah_wecom::{DepartmentId, Joined, UserId};
///
/// let users: Joined<UserId> = ["alice", "bob"].into();
/// assert_eq!(users.to_string(), "alice|bob");
/// let parties: Joined<DepartmentId> = "2||x|3".into();
/// assert_eq!(parties.items, [DepartmentId(2), DepartmentId(3)]);
/// assert_eq!(parties.others, ["x"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined<T> {
    /// The ids, in their order.
    pub items: Vec<T>,
    /// What stands among them and is no such id.
    pub others: Vec<String>,
}

impl<T> Joined<T> {
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

impl<T: FromStr> Joined<T> {
    /// Adds the ids in a text; blanks around them and empty ones do not count.
    fn add(&mut self, text: &str) {
        let names = text.split('|').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            match name.parse() {
                Ok(id) => self.items.push(id),
                Err(_) => self.others.push(name.to_owned()),
            }
        }
    }
}

impl<T> Default for Joined<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            others: Vec::new(),
        }
    }
}

impl<'a, T> IntoIterator for &'a Joined<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: FromStr> From<&str> for Joined<T> {
    fn from(text: &str) -> Self {
        let mut joined = Self::default();
        joined.add(text);
        joined
    }
}

impl<T, I: Into<T>> From<Vec<I>> for Joined<T> {
    fn from(items: Vec<I>) -> Self {
        Self::new(items)
    }
}

impl<T, I: Into<T>, const N: usize> From<[I; N]> for Joined<T> {
    fn from(items: [I; N]) -> Self {
        Self::new(items)
    }
}

impl<T: fmt::Display> fmt::Display for Joined<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for item in &self.items {
            write!(formatter, "{separator}{item}")?;
            separator = "|";
        }
        for other in &self.others {
            write!(formatter, "{separator}{other}")?;
            separator = "|";
        }
        Ok(())
    }
}

impl<T: fmt::Display> Serialize for Joined<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A string, a number, an array of either, or null.
impl<'de, T: FromStr> Deserialize<'de> for Joined<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JoinedVisitor(Self::default()))
    }
}

struct JoinedVisitor<T>(Joined<T>);

impl<T: FromStr> JoinedVisitor<T> {
    fn with(mut self, text: &str) -> Joined<T> {
        self.0.add(text);
        self.0
    }
}

impl<'de, T: FromStr> Visitor<'de> for JoinedVisitor<T> {
    type Value = Joined<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ids joined by `|`")
    }

    fn visit_str<E>(self, text: &str) -> Result<Joined<T>, E> {
        Ok(self.with(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Joined<T>, E> {
        Ok(self.with(&number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Joined<T>, E> {
        Ok(self.with(&number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Joined<T>, E> {
        Ok(self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut members: A) -> Result<Joined<T>, A::Error> {
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

/// A text that should have been a number and is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found a string of {length} bytes: {cause}")]
pub struct ParseIdError {
    expected: &'static str,
    length: usize,
    cause: ParseIntError,
}
