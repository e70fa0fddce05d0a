//! What a message consists of, as the world keeps it.

use mynah_dingtalk::{Message, Template, UserId, WebhookMessage};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A message, whoever sent it and however it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) pieces: Vec<Piece>,
    /// Whether it is a work notice.
    pub(super) notice: bool,
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Piece {
    Text(String),
    /// Whom it mentions.
    Mention(Mentioned),
    Markdown(String),
    /// A picture: an address, or the name of a file.
    Image(String),
    /// A file by its name, and what speech recognition makes of it.
    Voice {
        file: String,
        words: String,
    },
    Video(String),
    /// A file by its name, and what it is called; empty for its own name.
    File {
        file: String,
        name: String,
    },
    Link(Link),
    Card(Box<Card>),
    /// An interactive card, by the id that the application gave it.
    Interactive(String),
    /// What the page has no form for.
    Other {
        name: String,
        data: Value,
    },
}

/// Who is mentioned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mentioned {
    Person(UserId),
    /// The robot of the application.
    Robot,
    All,
}

/// Something that leads to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) text: String,
    /// A picture: an address, or the name of a file; empty for none.
    pub(super) image: String,
}

/// A card whose buttons open pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Card {
    /// The platform's word for its kind: `oa`, `action_card`.
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) buttons: Vec<Button>,
    /// Where the whole card leads; empty for nowhere.
    pub(super) url: String,
}

/// A button that opens a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Button {
    pub(super) title: String,
    pub(super) url: String,
}

impl Content {
    /// A message of some pieces.
    pub(super) fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
            notice: false,
        }
    }

    /// The same, as a work notice.
    pub(super) fn as_notice(self) -> Self {
        Self {
            notice: true,
            ..self
        }
    }

    /// What goes into chats and work notices.
    pub(super) fn of_message(message: &Message) -> Self {
        Self::of([other(message.msgtype(), message)])
    }

    /// What a custom robot posts, and what is answered into a session.
    /// `member` finds somebody by a mobile number.
    pub(super) fn of_webhook(
        message: &WebhookMessage,
        _member: impl Fn(&str) -> Option<UserId>,
    ) -> Self {
        Self::of([other(message.msgtype(), message)])
    }

    /// What the robot of an application says.
    pub(super) fn of_template(template: &Template) -> Self {
        Self::of([other(template.key(), template)])
    }
}

fn other(name: &str, data: &impl Serialize) -> Piece {
    Piece::Other {
        name: name.to_owned(),
        data: serde_json::to_value(data).unwrap_or(json!(null)),
    }
}
