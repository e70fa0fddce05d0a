//! What happens, in words that fit every platform.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::time::SystemTime;

use bytes::Bytes;

use crate::id::{Conversation, MessageId, Place, Platform, UserId};
use crate::message::Message;

/// Something that happened around the bot.
///
/// What every platform knows is here in plain words;
/// [`native`](Self::native) is the platform's own typed event and
/// [`raw`](Self::raw) its bytes. The message is read only when somebody asks
/// for it.
pub struct Event {
    /// What kind of thing.
    pub kind: EventKind,
    /// The account it happened to: its name in the configuration, or the
    /// platform's id of the bot.
    pub account: std::sync::Arc<str>,
    /// Where, if anywhere in particular.
    pub conversation: Option<Conversation>,
    /// Who did it.
    pub sender: Option<UserId>,
    /// To whom it was done, if not to the sender.
    pub target: Option<UserId>,
    /// The message it is, or is about.
    pub message_id: Option<MessageId>,
    /// What the button carries that was pressed, in [`EventKind::Pressed`].
    pub pressed: Option<String>,
    /// Whether the bot is meant: mentioned, quoted, poked, or spoken to directly.
    pub to_bot: bool,
    /// Whether the platform says that the sender is no person.
    pub from_bot: bool,
    /// Seconds since 1970, by the platform's clock.
    pub time: i64,
    platform: Platform,
    native: Box<dyn Native>,
    raw: Bytes,
    text: OnceLock<String>,
    message: OnceLock<Message>,
}

/// The kinds of things that happen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// Somebody said something.
    Message,
    /// The bot itself said something elsewhere.
    OwnMessage,
    /// Somebody joined a group; [`Event::sender`] is the one who joined.
    Joined,
    /// Somebody left or was removed; [`Event::sender`] is the one who is gone.
    Left,
    /// A message was taken back.
    Recalled,
    /// A message says something else now; [`Event::text`] is what.
    Edited,
    /// Somebody reacted to a message.
    Reacted,
    /// Somebody pressed a button of a [`Card`](crate::Card), or answered it with its number or
    /// label where the platform has no buttons; [`Event::pressed`] is what the button carries. If
    /// it was said, [`Event::message_id`] and [`Event::text`] are those of the message.
    Pressed,
    /// Somebody poked somebody.
    Poked,
    /// Somebody may not speak any more, or may again.
    Muted,
    /// Somebody wants to be a friend.
    FriendRequest,
    /// Somebody wants to join a group.
    JoinRequest,
    /// Somebody wants the bot to join a group.
    Invitation,
    /// Somebody became a friend.
    Befriended,
    /// A file was uploaded.
    Uploaded,
    /// The connection says something about itself.
    Meta,
    /// Anything else, by the platform's name for it.
    Other(Cow<'static, str>),
}

/// A platform's own event behind a unified one.
pub trait Native: Any + Send + Sync {
    /// What was said; nothing, unless the event says otherwise.
    fn message(&self) -> Message {
        Message::new()
    }
    /// The text of it.
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
    /// The name of the one who acted, as people see it, if the platform tells.
    fn sender_name(&self) -> Option<&str> {
        None
    }
    /// Itself, to be recognised.
    fn as_any(&self) -> &dyn Any;
}

impl Event {
    /// An event of `platform`; the public fields are the caller's to fill.
    pub fn new(
        platform: Platform,
        account: std::sync::Arc<str>,
        kind: EventKind,
        native: impl Native,
        raw: Bytes,
    ) -> Self {
        Self {
            kind,
            account,
            conversation: None,
            sender: None,
            target: None,
            message_id: None,
            pressed: None,
            to_bot: false,
            from_bot: false,
            time: 0,
            platform,
            native: Box::new(native),
            raw,
            text: OnceLock::new(),
            message: OnceLock::new(),
        }
    }

    /// The platform it happened on.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// The text that was said, without mentions, pictures and the like,
    /// without blanks around it. Of a request, the words that came with it.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| match self.native.text() {
            Cow::Borrowed(text) => text.trim().to_owned(),
            Cow::Owned(text) if text.trim().len() == text.len() => text,
            Cow::Owned(text) => text.trim().to_owned(),
        })
    }

    /// Has it say something else than what came in.
    pub(crate) fn say(&mut self, words: String) {
        self.text = OnceLock::from(words.trim().to_owned());
        self.message = OnceLock::from(Message::text(words));
    }

    /// What was said; empty if nothing was.
    pub fn message(&self) -> &Message {
        self.message.get_or_init(|| self.native.message())
    }

    /// The name of the one who acted, as people see it.
    pub fn sender_name(&self) -> Option<&str> {
        self.native.sender_name()
    }

    /// The platform's own event, if it is an `E`.
    pub fn native<E: 'static>(&self) -> Option<&E> {
        self.native.as_any().downcast_ref()
    }

    /// The bytes it came in.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Whether it happened in a group.
    pub fn is_group(&self) -> bool {
        self.conversation
            .as_ref()
            .is_some_and(|place| place.kind == Place::Group)
    }

    /// Whether it happened between one person and the bot.
    pub fn is_direct(&self) -> bool {
        self.conversation
            .as_ref()
            .is_some_and(|place| place.kind != Place::Group)
    }

    /// The first word and the rest, if the text is a command: `/roll 20`.
    pub fn command(&self) -> Option<(&str, &str)> {
        if self.kind != EventKind::Message {
            return None;
        }
        let line = self.text();
        let line = line.strip_prefix('/').or_else(|| line.strip_prefix('／'))?;
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        (!name.is_empty()).then(|| (name, rest.trim_start()))
    }
}

/// When something happened, of a platform that counts milliseconds. Where it
/// says nothing it is [`now`].
pub(crate) fn seconds(millis: Option<i64>) -> i64 {
    millis.map_or_else(now, |millis| millis / 1000)
}

/// The time of what comes without any.
pub(crate) fn now() -> i64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind)
            .field("account", &self.account)
            .field("conversation", &self.conversation)
            .field("sender", &self.sender)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}
