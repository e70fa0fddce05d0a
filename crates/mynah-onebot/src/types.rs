//! Values that several actions and events share.

use std::fmt;

use serde::de::{self, Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use crate::lenient;

mynah_core::words! {
    /// Where a message is spoken.
    pub enum MessageType {
        /// To one person.
        Private = "private",
        /// In a group.
        Group = "group",
        /// In a discussion group; CQHTTP 4.x only.
        Discuss = "discuss",
    }

    /// What a member may do in a group. An owner outranks an admin, who outranks a member.
    pub enum Role {
        /// Founded the group, or was handed it. There is exactly one.
        Owner = "owner",
        /// Appointed by the owner.
        Admin = "admin",
        /// Everybody else.
        Member = "member",
    }

    /// The sex somebody states in their profile.
    pub enum Sex {
        /// 男
        Male = "male",
        /// 女
        Female = "female",
        /// Not stated.
        Unknown = "unknown",
    }

    /// How somebody comes into a group by request; the `sub_type` of the event.
    pub enum GroupRequestType {
        /// Somebody asks to join a group the bot administers.
        Add = "add",
        /// Somebody invites the bot into a group.
        Invite = "invite",
    }

    /// One of the badges QQ gives to active members, or all of them.
    pub enum HonorType {
        /// 龙王: spoke the most.
        Talkative = "talkative",
        /// 群聊之火: speaks day after day.
        Performer = "performer",
        /// 群聊炽焰: has done so for long.
        Legend = "legend",
        /// 冒尖小春笋: a newcomer who speaks much.
        StrongNewbie = "strong_newbie",
        /// 快乐之源: sends many stickers.
        Emotion = "emotion",
        /// Every list at once.
        All = "all",
    }

    /// A format a voice message can be converted to.
    pub enum AudioFormat {
        /// MP3.
        Mp3 = "mp3",
        /// AMR, as old phones record it.
        Amr = "amr",
        /// Windows Media Audio.
        Wma = "wma",
        /// AAC in an MP4 container.
        M4a = "m4a",
        /// Speex.
        Spx = "spx",
        /// Vorbis in Ogg.
        Ogg = "ogg",
        /// Uncompressed.
        Wav = "wav",
        /// Lossless.
        Flac = "flac",
    }

    /// A directory in which CQHTTP keeps received media.
    pub enum DataDir {
        /// Pictures.
        Image = "image",
        /// Voice messages.
        Record = "record",
        /// Pictures of "show" effects.
        Show = "show",
        /// Stickers.
        Bface = "bface",
    }
}

/// Defines an identifier that is text on the wire. Some peers send a number
/// where the documentation says text; it is read as its digits.
macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(pub String);

        impl $name {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = lenient::optional_string(deserializer)?;
                text.map(Self).ok_or_else(|| D::Error::custom("expected a string, found null"))
            }
        }
    )+};
}

text_ids! {
    /// Names a bundle of forwarded messages; the `id` of a `forward` segment.
    ForwardId;
    /// Names a file among those of a group.
    FileId;
    /// Names a folder among the files of a group; `/` is the root.
    FolderId;
    /// Names an announcement of a group.
    NoticeId;
    /// Names a pending request; works once. Comes with the request's event.
    RequestFlag;
    /// Names an emoji a message can be reacted to with: a QQ face id or a code point in decimal.
    EmojiId;
}

/// A point in time, in seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct UnixSeconds(pub i64);

impl<'de> Deserialize<'de> for UnixSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::integer(deserializer).map(Self)
    }
}

impl From<i64> for UnixSeconds {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

/// A value that one implementation writes as a number and another as text.
///
/// It is written back the way it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum NumberOrText {
    /// Written as a number.
    Number(Number),
    /// Written as text, most often digits.
    Text(String),
}

impl NumberOrText {
    /// The whole number this is or spells.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

impl From<i64> for NumberOrText {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for NumberOrText {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for NumberOrText {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl fmt::Display for NumberOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for NumberOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrTextVisitor)
    }
}

struct NumberOrTextVisitor;

impl Visitor<'_> for NumberOrTextVisitor {
    type Value = NumberOrText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or text")
    }

    fn visit_i64<E>(self, number: i64) -> Result<NumberOrText, E> {
        Ok(NumberOrText::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<NumberOrText, E> {
        Ok(NumberOrText::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<NumberOrText, E> {
        let finite = Number::from_f64(number).ok_or_else(|| E::custom("not a finite number"))?;
        Ok(NumberOrText::Number(finite))
    }

    fn visit_str<E>(self, text: &str) -> Result<NumberOrText, E> {
        Ok(NumberOrText::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<NumberOrText, E> {
        Ok(NumberOrText::Text(text))
    }
}

/// Something that lets its holder act as the account. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hands the secret out. Keep it out of logs.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(secret: T) -> Self {
        Self(secret)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Writes an empty list as null.
pub(crate) fn null_when_empty<S, T>(list: &[T], serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: Serialize,
{
    let list = if list.is_empty() { None } else { Some(list) };
    list.serialize(serializer)
}
