//! Values that several calls share.

use std::fmt;

use mynah_core::lenient::meant_as;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// A switch that is 0 or 1 on the wire; digits in a string and booleans are read too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flag(pub bool);

impl From<bool> for Flag {
    fn from(on: bool) -> Self {
        Self(on)
    }
}

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0.into())
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("0 or 1")
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<Flag, E> {
        Ok(Flag(on))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Flag, E> {
        match number {
            0 => Ok(Flag(false)),
            1 => Ok(Flag(true)),
            _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Flag, E> {
        match text {
            "0" | "false" => Ok(Flag(false)),
            "1" | "true" => Ok(Flag(true)),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

/// Whether a message is confidential: it cannot be passed on and bears a watermark.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Safe {
    /// It is not; what is sent when nothing is said.
    #[default]
    Off,
    /// It is. Not for articles ([`News`](crate::message::News), 40074).
    On,
    /// It can be passed on inside the corp only; for
    /// [`Mpnews`](crate::message::Mpnews), on older pages of the documentation.
    Inside,
    /// None of these, as it stood on the wire; the platform refuses it (40058).
    Other(Value),
}

impl From<bool> for Safe {
    fn from(safe: bool) -> Self {
        if safe { Self::On } else { Self::Off }
    }
}

impl Serialize for Safe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_u8(0),
            Self::On => serializer.serialize_u8(1),
            Self::Inside => serializer.serialize_u8(2),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

/// Numbers and digits in strings; anything else is kept.
impl<'de> Deserialize<'de> for Safe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = meant_as::<D, i64>(deserializer)?;
        let number = match &value {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_u64(),
        };
        Ok(match number {
            Some(0) => Self::Off,
            Some(1) => Self::On,
            Some(2) => Self::Inside,
            _ => Self::Other(value),
        })
    }
}

mynah_core::words! {
    /// What an uploaded file is.
    pub enum MediaType {
        /// JPG or PNG; at most 10 MB.
        Image = "image",
        /// AMR; at most 2 MB and 60 seconds.
        Voice = "voice",
        /// MP4; at most 10 MB.
        Video = "video",
        /// Anything; at most 20 MB.
        File = "file",
    }
}

mynah_core::numbers! {
    /// Whether a member uses WeCom.
    pub enum UserStatus {
        /// Does.
        Active = 1,
        /// May not.
        Disabled = 2,
        /// Does not yet.
        Inactive = 4,
        /// Has left the corp.
        Left = 5,
    }
}
