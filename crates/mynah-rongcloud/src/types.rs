//! Values that several calls share.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// A switch that is 0 or 1 on the wire; `true`, `True` and the like are read too.
///
/// ```
/// use mynah_rongcloud::Flag;
///
/// assert_eq!(serde_json::to_string(&Flag::ON)?, "1");
/// assert!(serde_json::from_str::<Flag>("\"True\"")?.is_on());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flag(pub bool);

impl Flag {
    /// 1.
    pub const ON: Self = Self(true);

    /// 0.
    pub const OFF: Self = Self(false);

    /// Whether it is 1.
    pub const fn is_on(self) -> bool {
        self.0
    }
}

impl From<bool> for Flag {
    fn from(on: bool) -> Self {
        Self(on)
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

    fn visit_bool<E>(self, on: bool) -> Result<Flag, E> {
        Ok(Flag(on))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Flag, E> {
        match number {
            0 => Ok(Flag::OFF),
            1 => Ok(Flag::ON),
            _ => Err(E::custom("must be 0 or 1, not another number")),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(-1))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Flag, E> {
        match word {
            "0" => Ok(Flag::OFF),
            "1" => Ok(Flag::ON),
            _ if word.eq_ignore_ascii_case("false") => Ok(Flag::OFF),
            _ if word.eq_ignore_ascii_case("true") => Ok(Flag::ON),
            _ => Err(E::custom(format_args!(
                "must be 0 or 1, not a string of {} bytes",
                word.len()
            ))),
        }
    }
}

mynah_core::numbers! {
    /// What kind of conversation it is.
    pub enum ConversationType {
        /// Two users.
        Private = 1,
        /// A discussion; they are deprecated.
        Discussion = 2,
        /// A group.
        Group = 3,
        /// A chatroom.
        Chatroom = 4,
        /// Customer service.
        CustomerService = 5,
        /// What the application tells a user.
        System = 6,
        /// A public account of the application.
        AppPublicService = 7,
        /// A public account.
        PublicService = 8,
        /// An ultra group.
        UltraGroup = 10,
    }
}

impl ConversationType {
    /// What callbacks call it; empty for a number that has no name.
    pub const fn channel_type(self) -> &'static str {
        match self {
            Self::Private => "PERSON",
            Self::Discussion => "PERSONS",
            Self::Group => "GROUP",
            Self::Chatroom => "TEMPGROUP",
            Self::CustomerService => "CUSTOMERSERVICE",
            Self::System => "NOTIFY",
            Self::AppPublicService => "MC",
            Self::PublicService => "MP",
            Self::UltraGroup => "ULTRAGROUP",
            Self::Other(_) => "",
        }
    }

    /// The one that callbacks call so.
    pub fn of_channel(channel_type: &str) -> Option<Self> {
        [
            Self::Private,
            Self::Discussion,
            Self::Group,
            Self::Chatroom,
            Self::CustomerService,
            Self::System,
            Self::AppPublicService,
            Self::PublicService,
            Self::UltraGroup,
        ]
        .into_iter()
        .find(|kind| kind.channel_type() == channel_type)
    }
}
