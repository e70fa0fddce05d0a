//! The numbers that name people, groups and messages.
//!
//! Each is a type of its own, so that a group's number cannot slip into a user's place. On the
//! wire they are JSON integers; strings of digits are accepted too, because some implementations
//! send them (<https://github.com/lc-cn/onebots/issues/28>).

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::lenient::IntegerVisitor;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($number:ty), $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $number);

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

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer
                    .deserialize_any(IntegerVisitor::<$number>::new($expected))
                    .map(Self)
            }
        }
    };
}

id! {
    /// A QQ account: a person, or the bot itself.
    UserId(i64), "a user id"
}

id! {
    /// A QQ group.
    GroupId(i64), "a group id"
}

id! {
    /// A discussion group of CQHTTP 4.x; OneBot 11 no longer has them.
    DiscussId(i64), "a discuss id"
}

id! {
    /// A message, unique for one bot.
    ///
    /// A signed 32-bit number: go-cqhttp, NapCat, LLOneBot and Lagrange use negative ones as well,
    /// so never test for `> 0` (<https://github.com/LLOneBot/LLOneBot/issues/269>).
    MessageId(i32), "a message id"
}

/// A text that should have been an id and is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found a string of {length} bytes: {cause}")]
pub struct ParseIdError {
    expected: &'static str,
    length: usize,
    cause: ParseIntError,
}
