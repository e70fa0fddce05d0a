//! Values that several calls share.

use mynah_core::lenient::meant_as;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// A switch that is 0 or 1 on the wire; digits in a string and booleans are read too.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Flag {
    /// 0.
    #[default]
    Off,
    /// 1.
    On,
    /// Neither, as it stood on the wire; the platform refuses it.
    Other(Value),
}

impl Flag {
    /// Whether it is 1.
    pub fn is_on(&self) -> bool {
        *self == Self::On
    }
}

impl From<bool> for Flag {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_u8(0),
            Self::On => serializer.serialize_u8(1),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = meant_as::<D, bool>(deserializer)?;
        Ok(match (integer(&value), &value) {
            (Some(0), _) | (_, Value::Bool(false)) => Self::Off,
            (Some(1), _) | (_, Value::Bool(true)) => Self::On,
            _ => Self::Other(value),
        })
    }
}

/// A number of a page, of a cursor or of a size; digits in a string are read too.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Number {
    /// This number.
    Is(i64),
    /// No whole number, as it stood on the wire; the platform refuses it.
    Other(Value),
}

impl Number {
    /// The number, if it is one.
    pub fn get(&self) -> Option<i64> {
        match self {
            Self::Is(number) => Some(*number),
            Self::Other(_) => None,
        }
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::Is(0)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::Is(number)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Is(number) => serializer.serialize_i64(*number),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = meant_as::<D, i64>(deserializer)?;
        Ok(integer(&value).map_or(Self::Other(value), Self::Is))
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    }
}

mynah_core::words! {
    /// What an uploaded file is.
    pub enum MediaType {
        /// JPG, GIF, PNG or BMP; at most 20 MB.
        Image = "image",
        /// AMR, MP3 or WAV; at most 2 MB.
        Voice = "voice",
        /// MP4; at most 20 MB.
        Video = "video",
        /// DOC, DOCX, XLS, XLSX, PPT, PPTX, ZIP, PDF or RAR; at most 20 MB.
        File = "file",
    }

    /// In which order members are listed.
    pub enum Order {
        /// As the organisation arranged them; what is taken when nothing is said.
        Custom = "custom",
        /// Who joined first comes first.
        EntryAsc = "entry_asc",
        /// Who joined last comes first.
        EntryDesc = "entry_desc",
        /// Who was changed first comes first.
        ModifyAsc = "modify_asc",
        /// Who was changed last comes first.
        ModifyDesc = "modify_desc",
    }

    /// What became of a message that a robot sent.
    pub enum SendStatus {
        /// It arrived.
        Success = "SUCCESS",
        /// It was recalled.
        Recalled = "RECALLED",
        /// It is under way.
        Processing = "PROCESSING",
    }

    /// Whether somebody has read a message.
    pub enum ReadStatus {
        /// They have.
        Read = "READ",
        /// They have not.
        Unread = "UNREAD",
    }
}

mynah_core::numbers! {
    /// Whether a group still stands.
    pub enum ChatStatus {
        /// It does.
        Normal = 1,
        /// It was disbanded.
        Disbanded = 2,
    }

    /// Whether somebody becomes or stops being an administrator of a group.
    pub enum SubadminRole {
        /// Becomes.
        Add = 2,
        /// Stops being.
        Remove = 3,
    }

    /// How far the sending of a work notice is.
    pub enum ProgressStatus {
        /// It has not begun.
        Waiting = 0,
        /// It is under way.
        Running = 1,
        /// It is done.
        Done = 2,
    }
}
