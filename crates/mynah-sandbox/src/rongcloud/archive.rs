//! What was said and done in every conversation.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use mynah_rongcloud::{ChatroomId, GroupId, MessageUid, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::archive::{self, Message, by_name};

/// A conversation, by the names that the front page of
/// [`rongcloud`](crate::rongcloud) lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Chat {
    /// A person and the application's own user.
    User(UserId),
    /// Two people, the smaller id first.
    Private(UserId, UserId),
    Group(GroupId),
    Room(ChatroomId),
    Discussion(String),
    /// What the system tells somebody.
    System(UserId),
    /// What the system tells everybody. It is shown with what it tells each.
    Everybody,
}

impl Chat {
    /// The conversation of two users, one of whom may be the application's
    /// own.
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

    /// The group, if it is one.
    pub(super) fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Group(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Private(one, other) => {
                let escaped = |user: &UserId| {
                    let text = user.as_str().replace('%', "%25");
                    text.replace(':', "%3A")
                };
                write!(f, "private:{}:{}", escaped(one), escaped(other))
            }
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Room(id) => write!(f, "chatroom:{id}"),
            Self::Discussion(id) => write!(f, "discussion:{id}"),
            Self::System(user) => write!(f, "system:{user}"),
            Self::Everybody => f.write_str("everybody"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "everybody" {
            return Ok(Self::Everybody);
        }
        let (kind, id) = text.split_once(':').ok_or(())?;
        Ok(match kind {
            "user" => Self::User(id.into()),
            "group" => Self::Group(id.into()),
            "chatroom" => Self::Room(id.into()),
            "discussion" => Self::Discussion(id.to_owned()),
            "system" => Self::System(id.into()),
            "private" => {
                let (one, other) = id.split_once(':').ok_or(())?;
                let plain = |id: &str| id.replace("%3A", ":").replace("%25", "%");
                let (one, other) = (plain(one), plain(other));
                let (first, second) = if one <= other {
                    (one, other)
                } else {
                    (other, one)
                };
                Self::Private(first.as_str().into(), second.as_str().into())
            }
            _ => return Err(()),
        })
    }
}

by_name!(Chat);

/// Every conversation, and where each message is.
pub(super) type Archive = archive::Archive<Spoken>;
pub(super) type Entry = archive::Entry<Spoken>;

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Spoken {
    pub(super) uid: MessageUid,
    pub(super) body: Body,
    /// Whom it is for, of all who are there; everybody, if it is nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) only_for: Vec<UserId>,
    #[serde(default)]
    pub(super) fate: Fate,
    /// Who took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recalled: Option<UserId>,
}

/// What a message says. Messages that say the same share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body(Arc<(String, String)>);

impl Body {
    pub(super) fn new(object_name: impl Into<String>, content: impl Into<String>) -> Self {
        Self(Arc::new((object_name.into(), content.into())))
    }

    pub(super) fn object_name(&self) -> &str {
        &self.0.0
    }

    pub(super) fn content(&self) -> &str {
        &self.0.1
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(|both| Self(Arc::new(both)))
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fate {
    #[default]
    Delivered,
    /// It was shown to those who were there, and nobody keeps it.
    Status,
    /// Somebody else decides whether it is delivered.
    Held,
    /// Nobody sees it but its sender.
    Swallowed,
}

impl Message for Spoken {
    type Id = MessageUid;
    type Chat = Chat;
    type Speaker = UserId;

    fn id(&self) -> &MessageUid {
        &self.uid
    }
}

impl Archive {
    /// What happened in a conversation, newest first. What everybody is told
    /// is told each.
    pub(super) fn newest_first<'a>(
        &'a self,
        chat: &Chat,
    ) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let everybody = match chat {
            Chat::System(_) => Some(self.entries(&Chat::Everybody)),
            _ => None,
        };
        let mut own = self.entries(chat).rev().peekable();
        let mut all = everybody.into_iter().flatten().rev().peekable();
        std::iter::from_fn(move || match (own.peek(), all.peek()) {
            (Some(one), Some(other)) if one.seq < other.seq => all.next(),
            (None, Some(_)) => all.next(),
            _ => own.next(),
        })
    }

    /// The entry with this number, be it that everybody is told it.
    pub(super) fn told(&self, chat: &Chat, seq: u64) -> Option<&Entry> {
        let everybody = match chat {
            Chat::System(_) => self.entry(&Chat::Everybody, seq),
            _ => None,
        };
        self.entry(chat, seq).or(everybody)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_name_of_a_conversation_is_read_back_whatever_the_ids() {
        let bot = UserId::from("bot");
        for (one, other) in [("a", "b"), ("b:c", "a%3A"), ("%25", ":"), ("a", "bot")] {
            let chat = Chat::between(&one.into(), &other.into(), &bot);
            assert_eq!(chat, Chat::between(&other.into(), &one.into(), &bot));
            assert_eq!(chat.to_string().parse::<Chat>().unwrap(), chat, "{chat}");
        }
        assert_eq!(
            "private:b:a".parse::<Chat>().unwrap().to_string(),
            "private:a:b"
        );
        assert_eq!("team:a".parse::<Chat>(), Err(()));
    }
}
