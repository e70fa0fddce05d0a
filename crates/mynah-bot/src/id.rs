//! Names for people, conversations and messages that mean the same on every
//! platform: nothing, except to the platform they came from.

use std::fmt;
use std::str::FromStr;

/// A platform's own id, as it is: a number with some, a word with others.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Id {
    /// Such as a QQ number.
    Number(i64),
    /// Such as a DingTalk `userid`.
    Word(Box<str>),
}

impl Id {
    /// The number, if it is one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Word(word) => word.parse().ok(),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => word.fmt(f),
        }
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Id {
    /// Digits that are written back the same way become a number.
    fn from(word: &str) -> Self {
        match word.parse::<i64>() {
            Ok(number) if number.to_string() == word => Self::Number(number),
            _ => Self::Word(word.into()),
        }
    }
}

/// Somebody on a platform. As text: `onebot:10001`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId {
    /// The platform's name.
    pub platform: Platform,
    /// The platform's id.
    pub id: Id,
}

/// A message on a platform. As text: `onebot:1001`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId {
    /// The platform's name.
    pub platform: Platform,
    /// The platform's id.
    pub id: Id,
}

/// A place where people talk. As text: `onebot:group:20001`; keep it, send to
/// it later.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conversation {
    /// The platform's name.
    pub platform: Platform,
    /// What kind of place.
    pub kind: Place,
    /// The platform's id of the group, or of the other person.
    pub id: Id,
}

/// The platforms there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Platform {
    /// OneBot 11.
    OneBot,
    /// WeCom.
    WeCom,
    /// DingTalk.
    DingTalk,
    /// RongCloud.
    RongCloud,
    /// BearyChat.
    BearyChat,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::OneBot,
        Self::WeCom,
        Self::DingTalk,
        Self::RongCloud,
        Self::BearyChat,
    ];

    /// The name in text and configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneBot => "onebot",
            Self::WeCom => "wecom",
            Self::DingTalk => "dingtalk",
            Self::RongCloud => "rongcloud",
            Self::BearyChat => "bearychat",
        }
    }

    /// The name in sentences.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::OneBot => "OneBot",
            Self::WeCom => "WeCom",
            Self::DingTalk => "DingTalk",
            Self::RongCloud => "RongCloud",
            Self::BearyChat => "BearyChat",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Platform {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.name() == text)
            .ok_or(BadId(
                "the platform is not one of: onebot, wecom, dingtalk, rongcloud, bearychat",
            ))
    }
}

/// The kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// Many people.
    Group,
    /// One person and the bot.
    Direct,
    /// One person and the bot, by way of a group both are in.
    Temporary,
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Direct => "user",
            Self::Temporary => "temporary",
        }
    }
}

/// Text that is not the id it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadId(&'static str);

macro_rules! plain_id {
    ($name:ident) => {
        impl $name {
            /// An id of a platform.
            pub fn new(platform: Platform, id: impl Into<Id>) -> Self {
                Self {
                    platform,
                    id: id.into(),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}:{}", self.platform, self.id)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let (platform, id) = text
                    .split_once(':')
                    .ok_or(BadId("an id is written platform:id"))?;
                Ok(Self::new(platform.parse()?, id))
            }
        }
    };
}

plain_id!(UserId);
plain_id!(MessageId);

impl Conversation {
    /// A group.
    pub fn group(platform: Platform, id: impl Into<Id>) -> Self {
        Self {
            platform,
            kind: Place::Group,
            id: id.into(),
        }
    }

    /// One person and the bot.
    pub fn direct(platform: Platform, id: impl Into<Id>) -> Self {
        Self {
            platform,
            kind: Place::Direct,
            id: id.into(),
        }
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.platform, self.kind.name(), self.id)
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Conversation {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut words = text.splitn(3, ':');
        let (Some(platform), Some(kind), Some(id)) = (words.next(), words.next(), words.next())
        else {
            return Err(BadId(
                "a conversation is written platform:kind:id, such as onebot:group:20001",
            ));
        };
        let kind = [Place::Group, Place::Direct, Place::Temporary]
            .into_iter()
            .find(|place| place.name() == kind)
            .ok_or(BadId(
                "the kind of conversation is not one of: group, user, temporary",
            ))?;
        if id.is_empty() {
            return Err(BadId("the id of the conversation is empty"));
        }
        Ok(Self {
            platform: platform.parse()?,
            kind,
            id: Id::from(id),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_from_text_as_they_were() {
        for text in [
            "onebot:group:20001",
            "onebot:user:-7",
            "onebot:temporary:007",
            "onebot:group:a:b",
            "wecom:group:wr0B_x",
            "wecom:user:alice@corp",
            "dingtalk:group:cid6KeBBLoveMJOGXoYKF5x7EeiodoA==",
            "bearychat:group:=bwDfQ",
        ] {
            assert_eq!(text.parse::<Conversation>().unwrap().to_string(), text);
        }
        assert_eq!(
            "onebot:007".parse::<UserId>().unwrap().to_string(),
            "onebot:007"
        );
    }

    #[test]
    fn a_platform_that_is_none_is_told_which_there_are() {
        let told = "icq".parse::<Platform>().unwrap_err().to_string();
        for platform in Platform::ALL {
            assert_eq!(platform.name().parse(), Ok(platform));
            assert!(told.contains(platform.name()), "{told}");
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "onebot",
            "onebot:20001",
            "icq:group:1",
            "onebot:room:1",
            "onebot:group:",
        ] {
            assert!(text.parse::<Conversation>().is_err(), "{text:?}");
        }
    }
}
