//! What was said and done in every conversation.

use std::fmt;
use std::str::FromStr;

use mynah_wecom::UserId;
use serde::{Deserialize, Serialize};

use super::content::Content;
use crate::archive::{self, Message, by_name};

/// A conversation: `group:general`, `user:alice` (with the first application),
/// `agent:1000003:alice` (with another), `bot:alice` (with the intelligent bot).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Chat {
    Group(String),
    User(UserId),
    Agent(i64, UserId),
    Bot(UserId),
}

impl Chat {
    /// The person of a conversation of two.
    pub(super) fn person(&self) -> Option<&UserId> {
        match self {
            Self::Group(_) => None,
            Self::User(person) | Self::Agent(_, person) | Self::Bot(person) => Some(person),
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group:{id}"),
            Self::User(user) => write!(f, "user:{user}"),
            Self::Agent(agent, user) => write!(f, "agent:{agent}:{user}"),
            Self::Bot(user) => write!(f, "bot:{user}"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once(':').ok_or(())?;
        match kind {
            "group" => Ok(Self::Group(id.to_owned())),
            "user" => Ok(Self::User(UserId::from(id))),
            "bot" => Ok(Self::Bot(UserId::from(id))),
            "agent" => {
                let (agent, user) = id.split_once(':').ok_or(())?;
                let agent = agent.parse().map_err(|_| ())?;
                Ok(Self::Agent(agent, UserId::from(user)))
            }
            _ => Err(()),
        }
    }
}

by_name!(Chat);

/// Every conversation, and where each message is.
pub(super) type Archive = archive::Archive<Spoken>;

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Spoken {
    pub(super) id: String,
    pub(super) content: Content,
    pub(super) recalled: bool,
}

impl Spoken {
    pub(super) fn new(id: String, content: Content) -> Self {
        Self {
            id,
            content,
            recalled: false,
        }
    }
}

/// Who spoke or acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Speaker {
    Person(UserId),
    /// An application, by its agent id.
    Application(i64),
    /// A group robot, by its place in the seed: its key is a secret.
    Robot(usize),
    /// The intelligent bot.
    Bot,
}

impl Message for Spoken {
    type Id = String;
    type Chat = Chat;
    type Speaker = Speaker;

    fn id(&self) -> &String {
        &self.id
    }
}
