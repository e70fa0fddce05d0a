//! Values from open sets: an enum for those we know, the value itself for the rest.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, IntoDeserializer, Visitor};

use crate::lenient::whole;

/// Defines enums over the words a field may hold. A word nobody told us of becomes `Other` and is
/// written back as it came. Whoever uses it needs `serde`.
///
/// ```
/// mynah_core::words! {
///     /// Where somebody sits.
///     pub enum Seat {
///         /// In front.
///         Front = "front",
///         /// Behind.
///         Back = "back",
///     }
/// }
///
/// assert_eq!(Seat::from("front"), Seat::Front);
/// assert_eq!(Seat::from("roof").as_str(), "roof");
/// ```
#[macro_export]
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word that is not in the documentation, as it stood on the wire.
            Other(String),
        }

        impl $name {
            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read_word(
                    deserializer,
                    concat!("$mynah::OneOf\n", $($word, "\t\n"),+),
                )
            }
        }
    )+};
}

/// Defines enums over the numbers a field may hold, which may come as digits in a string. A number
/// nobody told us of becomes `Other`. Whoever uses it needs `serde`.
///
/// ```
/// mynah_core::numbers! {
///     /// Whether a group still stands.
///     pub enum Status {
///         /// It does.
///         Normal = 1,
///         /// It was disbanded.
///         Disbanded = 2,
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<Status>("\"1\"")?, Status::Normal);
/// assert_eq!(Status::from(7).number(), 7);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! numbers {
    ($(
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $number:literal,)+
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A number that is not in the documentation, as it stood on the wire.
            Other(i64),
        }

        impl $name {
            /// The number on the wire.
            pub const fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)+
                    Self::Other(number) => number,
                }
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    other => Self::Other(other),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.number())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read_number(
                    deserializer,
                    concat!("$mynah::OneOf\n", $($number, "\t", stringify!($variant), "\n"),+),
                )
                .map(Self::from)
            }
        }
    )+};
}

/// Reads a word without copying the ones we know, which are listed for whoever
/// [describes](crate::describe) the field.
///
/// # Errors
/// It is not a string.
#[doc(hidden)]
pub fn read_word<'de, D, W>(deserializer: D, listed: &'static str) -> Result<W, D::Error>
where
    D: Deserializer<'de>,
    W: for<'w> From<&'w str>,
{
    deserializer.deserialize_newtype_struct(listed, WordVisitor(PhantomData))
}

struct WordVisitor<W>(PhantomData<W>);

impl<'de, W: for<'w> From<&'w str>> Visitor<'de> for WordVisitor<W> {
    type Value = W;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a word, a string")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, word: D) -> Result<W, D::Error> {
        word.deserialize_str(self)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<W, E> {
        Ok(W::from(word))
    }
}

/// Reads a number, which may come as digits; the ones we know are listed as those of
/// [`read_word`] are.
///
/// # Errors
/// It is no whole number.
#[doc(hidden)]
pub fn read_number<'de, D>(deserializer: D, listed: &'static str) -> Result<i64, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_newtype_struct(listed, NumberVisitor)
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, number: D) -> Result<i64, D::Error> {
        whole(number, "a number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        whole(number.into_deserializer(), "a number")
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<i64, E> {
        whole(digits.into_deserializer(), "a number")
    }
}
