//! What was said and done in every conversation.

use std::fmt;
use std::str::FromStr;

use mynah_dingtalk::{ChatId, UserId};
use serde::{Deserialize, Serialize};

use super::content::Content;
use crate::archive::{self, Message, by_name};
use crate::world::Time;

/// A conversation: `group:chatgeneral`, or `user:alice` (with the robot and the
/// application).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Chat {
    Group(ChatId),
    User(UserId),
}

impl Chat {
    /// The person of a conversation of two.
    pub(super) fn person(&self) -> Option<&UserId> {
        match self {
            Self::Group(_) => None,
            Self::User(person) => Some(person),
        }
    }

    /// The group, if it is one.
    pub(super) fn group(&self) -> Option<&ChatId> {
        match self {
            Self::Group(id) => Some(id),
            Self::User(_) => None,
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group:{id}"),
            Self::User(user) => write!(f, "user:{user}"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            Some(("group", id)) => Ok(Self::Group(id.into())),
            Some(("user", id)) => Ok(Self::User(id.into())),
            _ => Err(()),
        }
    }
}

by_name!(Chat);

/// Every conversation, and where each message is.
pub(super) type Archive = archive::Archive<Spoken>;

/// Somebody has read a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reading {
    pub(super) user: UserId,
    pub(super) at: Time,
    /// Where the page after this reading begins.
    pub(super) cursor: i64,
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Spoken {
    pub(super) id: String,
    pub(super) content: Content,
    pub(super) recalled: bool,
    /// Who has read it here, in the order of reading.
    readings: Vec<Reading>,
}

impl Spoken {
    pub(super) fn new(id: String, content: Content) -> Self {
        Self {
            id,
            content,
            recalled: false,
            readings: Vec::new(),
        }
    }
}

/// Who spoke or acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Speaker {
    Person(UserId),
    /// The application, in its own name and in that of its robot.
    App,
    /// A custom robot, by its place in the seed: its token is a secret.
    Custom(usize),
}

impl Message for Spoken {
    type Id = String;
    type Chat = Chat;
    type Speaker = Speaker;

    fn id(&self) -> &String {
        &self.id
    }
}

impl Archive {
    /// Notes that somebody has read a message where it stands; whether that is
    /// new. `number` is one that was given to nothing else.
    pub(super) fn mark_read(
        &mut self,
        (chat, seq): (&Chat, u64),
        user: &UserId,
        at: Time,
        number: u64,
    ) -> bool {
        let Some(message) = self.message(chat, seq) else {
            return false;
        };
        let readings = self.readings(&message.id);
        if readings.iter().any(|reading| reading.user == *user) {
            return false;
        }
        let leaps = i64::try_from(number).unwrap_or(i64::MAX);
        let reading = Reading {
            user: user.clone(),
            at,
            cursor: FIRST_CURSOR.saturating_add(leaps.saturating_mul(LEAP)),
        };
        if let Some(message) = self.message_mut(chat, seq) {
            message.readings.push(reading);
        }
        true
    }

    /// Who has read a message, in the order of reading: one message to many
    /// people has one list.
    pub(super) fn readings(&self, id: &str) -> Vec<&Reading> {
        let places = self.places(id).iter();
        let messages = places.filter_map(|(chat, seq)| self.message(chat, *seq));
        let mut readings: Vec<&Reading> = messages.flat_map(|it| &it.readings).collect();
        readings.sort_by_key(|reading| reading.cursor);
        readings
    }
}

/// Larger than any number that fits into 53 bits, so that whoever reads it as
/// a decimal fraction notices.
const FIRST_CURSOR: i64 = (1 << 53) + 1;
/// Between cursors, so that whoever counts up instead of reading notices.
const LEAP: i64 = 9_973;
