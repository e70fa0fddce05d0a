//! What every world offers to the people in it, whatever its platform.
//!
//! The control API and the page speak to worlds through this trait. The
//! platform's own protocol is each world's own matter.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Virtual time: milliseconds since 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

/// A platform's people, conversations and messages, without I/O: time comes
/// in by [`set_time`](Self::set_time), what the world wants to push waits
/// inside until it is asked for, and the same history from the same seed
/// makes the same world.
pub trait World: Send + 'static {
    /// The platform's name, such as `onebot`.
    fn platform(&self) -> &'static str;

    /// Moves the world's clock. Called before anything else happens.
    fn set_time(&mut self, now: Time);

    /// Everybody, the bot included.
    fn people(&self) -> Vec<Person>;

    /// The conversations, or those that one person sees.
    ///
    /// # Errors
    /// There is no such person.
    fn conversations(&self, viewer: Option<&str>) -> Result<Conversations, Rejected>;

    /// The last `limit` messages before `before` (a `seq`), oldest first.
    ///
    /// # Errors
    /// There is no such conversation.
    fn messages(
        &self,
        conversation: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Messages, Rejected>;

    /// A person speaks.
    ///
    /// # Errors
    /// The person may not, or there is nobody to speak to.
    fn say(&mut self, say: Say) -> Result<Said, Rejected>;

    /// A person does something else than speak.
    ///
    /// # Errors
    /// The person may not, or the action does not exist.
    fn act(&mut self, act: Act) -> Result<Value, Rejected>;

    /// The next thing that changed on people's screens.
    fn poll_change(&mut self) -> Option<Change>;

    /// Notes that a journal entry carried a message.
    fn note_journal(&mut self, message_id: &str, entry: u64);

    /// A picture or file by its name, with its media type.
    fn media(&self, name: &str) -> Option<(String, Vec<u8>)>;

    /// The whole state.
    fn snapshot(&self) -> Value;

    /// Puts a state back, byte by byte: what happens next is what happened next
    /// then.
    ///
    /// # Errors
    /// It is not a snapshot of this world; nothing has changed.
    fn restore(&mut self, snapshot: Value) -> Result<(), Rejected>;

    /// Puts a state back and goes on counting, as [`reset`](Self::reset) does:
    /// bots that were there before take no new message for an old one.
    ///
    /// # Errors
    /// It is not a snapshot of this world; nothing has changed.
    fn resume(&mut self, snapshot: Value) -> Result<(), Rejected>;

    /// Starts over from the seed. No message gets an id that another one had
    /// before: bots remember ids, to know what was delivered twice.
    fn reset(&mut self);
}

/// A control call that was refused; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{field}: {message}")]
pub struct Rejected {
    /// The HTTP status of the answer.
    #[serde(skip)]
    pub status: u16,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl Rejected {
    /// A field that is wrong.
    pub fn bad(field: &str, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            field: field.to_owned(),
            message: message.into(),
        }
    }

    /// Something that is not there.
    pub fn missing(field: &str, message: impl Into<String>) -> Self {
        Self {
            status: 404,
            ..Self::bad(field, message)
        }
    }

    /// Something that this person may not do.
    pub fn forbidden(field: &str, message: impl Into<String>) -> Self {
        Self {
            status: 403,
            ..Self::bad(field, message)
        }
    }
}

/// Somebody in a world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The name that is the same in all worlds: `alice`.
    pub name: String,
    /// The platform's id.
    pub id: String,
    /// The name on the screen.
    pub display: String,
    /// Whether this is the bot.
    pub bot: bool,
}

/// What a person sees in the list on the left.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Conversations {
    /// The conversations, most recent first.
    pub conversations: Vec<Conversation>,
    /// Groups the person could join.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joinable: Vec<Joinable>,
    /// The emoji that the people here have made themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emoji: Vec<Drawing>,
    /// The stickers that can be sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stickers: Vec<Drawing>,
}

/// A small picture that can be sent by its name.
#[derive(Clone, Debug, Serialize)]
pub struct Drawing {
    /// What it is called.
    pub name: String,
    /// Where the page finds it.
    pub url: String,
}

/// A conversation.
#[derive(Clone, Debug, Serialize)]
pub struct Conversation {
    /// `group:<id>`, or `user:<id>` for a person's chat with the bot; platforms
    /// with several bots know further words.
    pub id: String,
    /// `group` or `direct`.
    pub kind: &'static str,
    /// Which bot a person talks to here, where a platform has several kinds;
    /// the platform's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_kind: Option<&'static str>,
    /// The name of the group or person.
    pub title: String,
    /// Who is in it.
    pub members: Vec<Member>,
    /// Whether only admins may speak.
    pub whole_ban: bool,
    /// The buttons below the chat with an application, as the platform
    /// writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menu: Option<Value>,
    /// What kind of place this is, where a platform has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<Box<Room>>,
    /// The last message.
    pub last: Option<MessageView>,
}

/// A place where people meet, on a platform with several kinds of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Room {
    /// `channel`, `session` or `direct`.
    pub kind: &'static str,
    /// What it is for.
    pub topic: Option<String>,
    /// The id of who made it.
    pub creator: Option<String>,
    /// Whether only an invitation leads there.
    pub private: bool,
    /// Whether nobody can speak there any more.
    pub archived: bool,
    /// Whether everybody is there and nobody can leave.
    pub general: bool,
    /// What is pinned there, the newest pin first.
    pub pins: Vec<MessageView>,
}

/// A member of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    /// The platform's id.
    pub id: String,
    /// The name that is the same in all worlds.
    pub name: String,
    /// The name in this group; empty for none.
    pub card: String,
    /// The platform's word: `owner`, `admin`, `member`.
    pub role: String,
    /// A title the group gave.
    pub title: String,
    /// Seconds since 1970; `null` when the member may speak.
    pub muted_until: Option<i64>,
}

/// A group that could be joined.
#[derive(Clone, Debug, Serialize)]
pub struct Joinable {
    /// `group:<id>`.
    pub id: String,
    /// The group's name.
    pub title: String,
}

/// A page of messages.
#[derive(Clone, Debug, Serialize)]
pub struct Messages {
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A message, or a line that says what happened, as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    /// Counts up over the whole world; an entry that changes keeps it.
    pub seq: u64,
    /// The platform's message id; empty for a line that is no message.
    pub id: String,
    /// The conversation.
    pub conversation: String,
    /// Seconds since 1970.
    pub time: i64,
    /// Who spoke or acted.
    pub from: Speaker,
    /// `message` or `notice`.
    pub kind: &'static str,
    /// What was said.
    pub parts: Vec<Part>,
    /// Who recalled it.
    pub recalled: Option<By>,
    /// Who reacted with what.
    pub reactions: Vec<Reaction>,
    /// What happened, for a notice.
    pub notice: Option<Notice>,
    /// The journal entries that carried it.
    pub journal: Vec<u64>,
    /// Who has read it, in the order of reading, where the platform tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readers: Option<Vec<By>>,
    /// Who else is to read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<Vec<By>>,
    /// What kind of message it is where there are several; `notice` for a
    /// work notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<&'static str>,
    /// Whether it says something else than at first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
    /// Who pinned it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<By>,
}

/// Who spoke.
#[derive(Clone, Debug, Serialize)]
pub struct Speaker {
    /// The platform's id.
    pub id: String,
    /// The name that is the same in all worlds.
    pub name: String,
    /// The name on the screen.
    pub display: String,
    /// The role in the group; empty elsewhere.
    pub role: String,
    /// Whether this is the bot.
    pub bot: bool,
}

/// Who did something.
#[derive(Clone, Debug, Serialize)]
pub struct By {
    /// The platform's id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A reaction to a message.
#[derive(Clone, Debug, Serialize)]
pub struct Reaction {
    /// The platform's emoji id.
    pub id: String,
    /// The ids of those who reacted.
    pub by: Vec<String>,
}

/// A line that says what happened.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// `join`, `leave`, `kick`, `mute`, `unmute`, `recall`, `poke`, `admin`,
    /// `rename`, `card`, `title`, `upload`, `essence`, `request`, `friend`.
    pub kind: &'static str,
    /// In English.
    pub text_en: String,
    /// In Chinese.
    pub text_zh: String,
}

/// A piece of what was said.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// A mention.
    Mention {
        /// The person's id, or `all`.
        id: String,
        /// The name to show.
        name: String,
    },
    /// A picture.
    Image {
        /// Where the page finds it.
        url: String,
        /// Its name.
        name: String,
    },
    /// A quoted message.
    Quote {
        /// The message's id.
        message_id: String,
    },
    /// One of the platform's own faces.
    Face {
        /// Its id.
        id: String,
    },
    /// Text in the platform's dialect of Markdown.
    Markdown {
        /// The source.
        text: String,
        /// Whether this is all of it; not while it is being written.
        #[serde(skip_serializing_if = "Clone::clone")]
        finished: bool,
    },
    /// A file.
    File {
        /// Where the page finds it.
        url: String,
        /// Its name.
        name: String,
        /// How many bytes it has.
        size: u64,
    },
    /// Something spoken.
    Voice {
        /// Where the page finds it.
        url: String,
        /// Its name.
        name: String,
        /// How long it is, in milliseconds, where that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
    },
    /// A film.
    Video {
        /// Where the page finds it.
        url: String,
        /// Its name.
        name: String,
    },
    /// A link to something on the web, or an article.
    Link {
        /// Where it leads.
        url: String,
        /// What it is called.
        title: String,
        /// What it is about; empty for nothing.
        text: String,
        /// A picture that goes with it; empty for none.
        image: String,
    },
    /// A card with fields, questions and buttons.
    Card(Box<Card>),
    /// Something that hangs below a message, with a bar of its own colour.
    Attachment {
        /// What stands at the top; empty for nothing.
        title: String,
        /// What stands below it; empty for nothing.
        text: String,
        /// Where the title leads; empty for nowhere.
        url: String,
        /// The colour of the bar, as it was written; empty for the usual one.
        color: String,
        /// The addresses of its pictures.
        images: Vec<String>,
        /// Whether the text is Markdown.
        markdown: bool,
    },
    /// Anything else, in words.
    Other {
        /// The platform's name for it.
        name: String,
        /// A line that stands for it.
        text: String,
        /// All of it.
        data: Value,
    },
}

/// A card with fields, questions and buttons.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Card {
    /// The platform's word for its kind.
    pub card_type: String,
    /// What stands at the top.
    pub title: String,
    /// What stands below it.
    pub text: String,
    /// Facts, by name.
    pub fields: Vec<CardField>,
    /// What can be asked of the person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<CardChoice>,
    /// What can be pressed.
    pub buttons: Vec<CardButton>,
    /// What can be pressed in the menu behind the card.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<CardButton>,
    /// Where the whole card leads; empty for nowhere.
    pub url: String,
    /// The id under which the platform knows it; empty for none.
    pub task_id: String,
    /// The key of the button that was pressed; `None` while the card waits.
    pub answered: Option<String>,
    /// What the platform was given, for what has no place in the above.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub data: Value,
}

/// A fact on a card.
#[derive(Clone, Debug, Serialize)]
pub struct CardField {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub value: String,
}

/// Something to press on a card.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardButton {
    /// What the platform tells whoever sent the card.
    pub key: String,
    /// What stands on it.
    pub label: String,
    /// The platform's number for its looks; 1 is the plain one.
    pub style: u32,
    /// Where it leads; empty where the sender is told instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// A question on a card.
#[derive(Clone, Debug, Serialize)]
pub struct CardChoice {
    /// What the platform tells whoever sent the card.
    pub key: String,
    /// The question; empty for none.
    pub title: String,
    /// Whether several answers may be given.
    pub multiple: bool,
    /// The answers.
    pub options: Vec<CardOption>,
}

/// An answer to a question on a card.
#[derive(Clone, Debug, Serialize)]
pub struct CardOption {
    /// What the platform tells whoever sent the card.
    pub id: String,
    /// What stands there.
    pub text: String,
    /// Whether it is given.
    pub selected: bool,
}

/// A person speaks.
#[derive(Clone, Debug, Deserialize)]
pub struct Say {
    /// A name or id.
    pub from: String,
    /// `user:<name or id>` (the bot is `user:bot`) or `group:<name or id>`.
    pub to: String,
    /// Plain text.
    #[serde(default)]
    pub text: Option<String>,
    /// The platform's own message instead.
    #[serde(default)]
    pub message: Option<Value>,
    /// The rest, as the platform knows it: `anonymous`, `via`, …
    #[serde(flatten)]
    pub options: Map<String, Value>,
}

/// What became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// The platform's message ids.
    pub ids: Vec<String>,
    /// Its place among the messages.
    pub seq: u64,
}

/// A person does something.
#[derive(Clone, Debug, Deserialize)]
pub struct Act {
    /// A name or id.
    pub who: String,
    /// `join`, `leave`, `recall`, `react`, `poke`, …
    pub action: String,
    /// The rest, as the action needs it: `group`, `message`, `target`, `emoji`, `comment`, …
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

/// What changed on people's screens.
#[derive(Clone, Debug)]
pub enum Change {
    /// A message is new or has changed.
    Message(Box<MessageView>),
    /// Groups, members or people have changed.
    Conversations,
}
