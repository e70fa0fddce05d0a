//! Conversations as people name them, and who speaks in them.

use std::fmt;
use std::str::FromStr;

use mynah_bearychat::{RobotId, UserId, VchannelId};
use serde::{Deserialize, Serialize};

use crate::archive::by_name;

/// A conversation, by the names that the front page of
/// [`bearychat`](crate::bearychat) lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Chat {
    /// A person and the bot.
    User(UserId),
    /// Two others, the smaller id first.
    Private(UserId, UserId),
    /// A channel or a session channel.
    Group(VchannelId),
}

by_name!(Chat);

impl Chat {
    /// The conversation of two users, one of whom may be the bot.
    pub(super) fn between(one: &UserId, other: &UserId, bot: &UserId) -> Self {
        if one == bot {
            return Self::User(other.clone());
        }
        if other == bot {
            return Self::User(one.clone());
        }
        let (first, second) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        Self::Private(first.clone(), second.clone())
    }

    /// Whose conversation it is, if it is one of two.
    pub(super) fn pair<'a>(&'a self, bot: &'a UserId) -> Option<(&'a UserId, &'a UserId)> {
        match self {
            Self::User(user) => Some((user, bot)),
            Self::Private(one, other) => Some((one, other)),
            Self::Group(_) => None,
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There is no colon in an id.
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Private(one, other) => write!(f, "private:{one}:{other}"),
            Self::Group(id) => write!(f, "group:{id}"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once(':').ok_or(())?;
        Ok(match kind {
            "user" => Self::User(id.into()),
            "group" => Self::Group(id.into()),
            "private" => {
                let (one, other) = id.split_once(':').ok_or(())?;
                let (first, second) = if one <= other {
                    (one, other)
                } else {
                    (other, one)
                };
                Self::Private(first.into(), second.into())
            }
            _ => return Err(()),
        })
    }
}

/// Who speaks or acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Speaker {
    User(UserId),
    /// A robot that is no user.
    Robot(RobotId),
}

impl Speaker {
    /// The user, if it is one.
    pub(super) fn user(&self) -> Option<&UserId> {
        match self {
            Self::User(user) => Some(user),
            Self::Robot(_) => None,
        }
    }

    /// The robot, if it is one.
    pub(super) fn robot(&self) -> Option<&RobotId> {
        match self {
            Self::Robot(robot) => Some(robot),
            Self::User(_) => None,
        }
    }
}

impl From<&UserId> for Speaker {
    fn from(user: &UserId) -> Self {
        Self::User(user.clone())
    }
}

impl From<UserId> for Speaker {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_name_of_a_conversation_is_read_back() {
        let bot = UserId::from("=bot");
        for (one, other, name) in [
            ("=b", "=a", "private:=a:=b"),
            ("=a", "=bot", "user:=a"),
            ("=bot", "=a", "user:=a"),
        ] {
            let chat = Chat::between(&one.into(), &other.into(), &bot);
            assert_eq!(chat.to_string(), name);
            assert_eq!(name.parse(), Ok(chat.clone()));
            assert!(chat.pair(&bot).is_some());
        }
        assert_eq!(
            "private:=b:=a".parse::<Chat>().unwrap().to_string(),
            "private:=a:=b"
        );
        assert_eq!("group:=c".parse(), Ok(Chat::Group("=c".into())));
        for none in ["", "=c", "private:=a", "room:=c"] {
            assert!(none.parse::<Chat>().is_err(), "{none}");
        }
    }
}
