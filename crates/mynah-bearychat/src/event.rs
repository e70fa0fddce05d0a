//! What comes over the socket without being asked for: messages, their changes, reactions, and who
//! is connected
//! (<https://github.com/bearyinnovative/OpenAPI/tree/master/rtm>).
//!
//! Everything is told to whoever has joined the conversation it happened in, once, whoever did it:
//! what a bot says comes back to it. A kind that nobody told us of is [`Unknown`], not an error.
//!
//! ```
//! use mynah_bearychat::event::Event;
//!
//! let event = Event::from_slice(
//!     r#"{"type":"channel_message","vchannel_id":"=bwDfQ","channel_id":"=bwDfQ","uid":"=bwCkD",
//!         "key":"1487571355082.0141","text":"@<==bwMkR=> 值班","subtype":"normal",
//!         "refer_key":null,"image":"","created_ts":1487571355082,"ts":1487571355082}"#.as_bytes(),
//! )?;
//! let message = event.message().expect("somebody said something");
//! assert!(mynah_bearychat::text::mentions_user(&message.text, &"=bwMkR".into()));
//! assert_eq!(event.dedupe_key().unwrap().to_string(), "=bwDfQ:1487571355082.0141");
//! # Ok::<(), mynah_bearychat::event::NoEvent>(())
//! ```

mod message;

use std::fmt;

use mynah_core::DedupeKey;
use mynah_core::lenient::or_default;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::id::{ChannelId, UserId, VchannelId};
use crate::time::{Millis, Moment};
use crate::types::{Message, MessageReaction};

pub use message::{NewMessage, Sender, dedupe_key_of};

mynah_core::words! {
    /// Whether somebody is there.
    pub enum Connection {
        /// A first connection has opened.
        Connected = "connected",
        /// The last one has closed. This word is not documented.
        Disconnected = "disconnected",
    }
}

/// What comes over the socket without being asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `message`: something was said between two.
    Message(Box<NewMessage>),
    /// `channel_message`: something was said among several.
    ChannelMessage(Box<NewMessage>),
    /// `update_message`: what was said between two was edited or deleted.
    UpdateMessage(Box<MessageChange>),
    /// `update_channel_message`: what was said among several was edited or deleted.
    UpdateChannelMessage(Box<MessageChange>),
    /// `add_message_reaction`.
    AddMessageReaction(Box<ReactionChange>),
    /// `delete_message_reaction`.
    DeleteMessageReaction(Box<ReactionChange>),
    /// `update_user_connection`: somebody has come or gone.
    UpdateUserConnection(ConnectionChange),
    /// `typing`: somebody writes, between two.
    Typing(Typing),
    /// `channel_typing`: somebody writes, among several.
    ChannelTyping(Typing),
    /// Something nobody told us of, or a known kind without what it must have.
    Unknown(Unknown),
}

/// A message has another text now, or is deleted: then `deleted` is true, `subtype` is `info`, and
/// the text says that it was deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageChange {
    /// The message as it is now.
    pub data: Message,
    /// When it happened.
    #[serde(default, deserialize_with = "or_default")]
    pub ts: Millis,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Somebody has reacted to a message, or does not any more. It does not say in which conversation:
/// whoever wants to know remembers where the message was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReactionChange {
    /// The reaction.
    pub data: MessageReaction,
    /// When it happened.
    #[serde(default, deserialize_with = "or_default")]
    pub ts: Millis,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Somebody has come or gone. The first frame of a connection says it of its own user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionChange {
    /// Who, and which of the two.
    pub data: UserConnection,
    /// When it happened.
    #[serde(default, deserialize_with = "or_default")]
    pub ts: Millis,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Who has come or gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserConnection {
    /// Whether the user is there.
    pub connection: Connection,
    /// The user.
    pub uid: UserId,
}

/// Somebody writes. Only the names of the kind are known; these are the fields of the message that
/// is being written.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Typing {
    /// The conversation.
    #[serde(default, deserialize_with = "or_default")]
    pub vchannel_id: Option<VchannelId>,
    /// Who writes.
    #[serde(default, deserialize_with = "or_default")]
    pub uid: Option<UserId>,
    /// To whom, between two.
    #[serde(default, deserialize_with = "or_default")]
    pub to_uid: Option<UserId>,
    /// Where, among several.
    #[serde(default, deserialize_with = "or_default")]
    pub channel_id: Option<ChannelId>,
    /// When.
    #[serde(default, deserialize_with = "or_default")]
    pub ts: Option<Millis>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An event of a kind that nobody told us of, or one that lacks what its kind must have.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The kind, as `type` spells it.
    pub kind: String,
    /// Everything but the kind.
    pub fields: Map<String, Value>,
}

/// A frame is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoEvent {
    /// It is not a JSON object.
    #[error("not a JSON object, {0} bytes")]
    NoObject(usize),
    /// It has no `type`, or one that is no text.
    #[error("type: must be a text, in an object of {0} bytes")]
    NoType(usize),
}

/// The kinds, as `type` spells them.
pub(crate) mod kind {
    pub(crate) const MESSAGE: &str = "message";
    pub(crate) const CHANNEL_MESSAGE: &str = "channel_message";
    pub(crate) const UPDATE_MESSAGE: &str = "update_message";
    pub(crate) const UPDATE_CHANNEL_MESSAGE: &str = "update_channel_message";
    pub(crate) const ADD_MESSAGE_REACTION: &str = "add_message_reaction";
    pub(crate) const DELETE_MESSAGE_REACTION: &str = "delete_message_reaction";
    pub(crate) const UPDATE_USER_CONNECTION: &str = "update_user_connection";
    pub(crate) const TYPING: &str = "typing";
    pub(crate) const CHANNEL_TYPING: &str = "channel_typing";
}

impl Event {
    /// The kinds that have a type of their own here, as `type` spells them.
    pub const KINDS: &'static [&'static str] = &[
        kind::MESSAGE,
        kind::CHANNEL_MESSAGE,
        kind::UPDATE_MESSAGE,
        kind::UPDATE_CHANNEL_MESSAGE,
        kind::ADD_MESSAGE_REACTION,
        kind::DELETE_MESSAGE_REACTION,
        kind::UPDATE_USER_CONNECTION,
        kind::TYPING,
        kind::CHANNEL_TYPING,
    ];

    /// Reads a frame.
    ///
    /// # Errors
    /// It is no JSON object, or has no `type`.
    pub fn from_slice(frame: &[u8]) -> Result<Self, NoEvent> {
        let fields = serde_json::from_slice(frame).map_err(|_| NoEvent::NoObject(frame.len()))?;
        Self::from_fields(fields).ok_or(NoEvent::NoType(frame.len()))
    }

    /// `None` if there is no `type`.
    pub(crate) fn from_fields(mut fields: Map<String, Value>) -> Option<Self> {
        let Value::String(kind) = fields.remove("type")? else {
            return None;
        };
        let fields = Value::Object(fields);
        let known = match kind.as_str() {
            kind::MESSAGE => boxed(&fields).map(Self::Message),
            kind::CHANNEL_MESSAGE => boxed(&fields).map(Self::ChannelMessage),
            kind::UPDATE_MESSAGE => boxed(&fields).map(Self::UpdateMessage),
            kind::UPDATE_CHANNEL_MESSAGE => boxed(&fields).map(Self::UpdateChannelMessage),
            kind::ADD_MESSAGE_REACTION => boxed(&fields).map(Self::AddMessageReaction),
            kind::DELETE_MESSAGE_REACTION => boxed(&fields).map(Self::DeleteMessageReaction),
            kind::UPDATE_USER_CONNECTION => read(&fields).map(Self::UpdateUserConnection),
            kind::TYPING => read(&fields).map(Self::Typing),
            kind::CHANNEL_TYPING => read(&fields).map(Self::ChannelTyping),
            _ => None,
        };
        known.or_else(|| {
            let Value::Object(fields) = fields else {
                return None;
            };
            Some(Self::Unknown(Unknown { kind, fields }))
        })
    }

    /// Something was said, as it is told to those who hear it. `to_uid` is whom it was said to,
    /// between two; `ts` is when it is told.
    pub fn said(message: &Message, to_uid: Option<UserId>, ts: Millis) -> Self {
        let new = Box::new(NewMessage::of(message, to_uid, ts));
        if message.is_channel {
            Self::ChannelMessage(new)
        } else {
            Self::Message(new)
        }
    }

    /// A message was edited or deleted at `ts`. Its times are written as events have them, with the
    /// offset `+0800`.
    pub fn changed(mut message: Message, ts: Millis) -> Self {
        let is_channel = message.is_channel;
        message.created = in_china(message.created);
        message.updated = in_china(message.updated);
        let change = Box::new(MessageChange {
            data: message,
            ts,
            extra: Map::new(),
        });
        if is_channel {
            Self::UpdateChannelMessage(change)
        } else {
            Self::UpdateMessage(change)
        }
    }

    /// Somebody has reacted at `ts`.
    pub fn reacted(reaction: MessageReaction, ts: Millis) -> Self {
        Self::AddMessageReaction(Box::new(ReactionChange::new(reaction, ts)))
    }

    /// Somebody does not react any more since `ts`.
    pub fn unreacted(reaction: MessageReaction, ts: Millis) -> Self {
        Self::DeleteMessageReaction(Box::new(ReactionChange::new(reaction, ts)))
    }

    /// Somebody has come or gone at `ts`.
    pub fn connection(uid: impl Into<UserId>, connection: Connection, ts: Millis) -> Self {
        Self::UpdateUserConnection(ConnectionChange {
            data: UserConnection {
                connection,
                uid: uid.into(),
            },
            ts,
            extra: Map::new(),
        })
    }

    /// The kind, as `type` spells it.
    pub fn name(&self) -> &str {
        match self {
            Self::Message(_) => kind::MESSAGE,
            Self::ChannelMessage(_) => kind::CHANNEL_MESSAGE,
            Self::UpdateMessage(_) => kind::UPDATE_MESSAGE,
            Self::UpdateChannelMessage(_) => kind::UPDATE_CHANNEL_MESSAGE,
            Self::AddMessageReaction(_) => kind::ADD_MESSAGE_REACTION,
            Self::DeleteMessageReaction(_) => kind::DELETE_MESSAGE_REACTION,
            Self::UpdateUserConnection(_) => kind::UPDATE_USER_CONNECTION,
            Self::Typing(_) => kind::TYPING,
            Self::ChannelTyping(_) => kind::CHANNEL_TYPING,
            Self::Unknown(unknown) => &unknown.kind,
        }
    }

    /// What was said, where something was.
    pub fn message(&self) -> Option<&NewMessage> {
        match self {
            Self::Message(message) | Self::ChannelMessage(message) => Some(message),
            _ => None,
        }
    }

    /// Whether somebody said something, as opposed to everything else that happens.
    pub fn is_chat_message(&self) -> bool {
        self.message().is_some()
    }

    /// Whether it is something that is said, or being written, between two.
    pub fn is_p2p(&self) -> bool {
        matches!(self, Self::Message(_) | Self::Typing(_))
    }

    /// The conversation it happened in. Reactions do not say it.
    pub fn vchannel_id(&self) -> Option<&VchannelId> {
        match self {
            Self::Message(message) | Self::ChannelMessage(message) => Some(&message.vchannel_id),
            Self::UpdateMessage(change) | Self::UpdateChannelMessage(change) => {
                Some(&change.data.vchannel_id)
            }
            Self::Typing(typing) | Self::ChannelTyping(typing) => typing.vchannel_id.as_ref(),
            _ => None,
        }
    }

    /// What two deliveries of it have in common, over two connections or over one and in the
    /// history; `None` for what does not matter twice.
    pub fn dedupe_key(&self) -> Option<DedupeKey> {
        match self {
            Self::Message(message) | Self::ChannelMessage(message) => {
                Some(dedupe_key_of(&message.vchannel_id, &message.key))
            }
            Self::UpdateMessage(change) | Self::UpdateChannelMessage(change) => {
                let MessageChange { data, ts, .. } = &**change;
                let (vchannel_id, key) = (&data.vchannel_id, &data.key);
                Some(word(format_args!(
                    "{}:{vchannel_id}:{key}:{ts}",
                    self.name()
                )))
            }
            Self::AddMessageReaction(change) | Self::DeleteMessageReaction(change) => {
                let id = Some(&change.data.id).filter(|id| !id.is_empty())?;
                Some(word(format_args!("{}:{id}", self.name())))
            }
            _ => None,
        }
    }
}

impl ReactionChange {
    fn new(mut data: MessageReaction, ts: Millis) -> Self {
        data.created = in_china(data.created);
        data.updated = in_china(data.updated);
        Self {
            data,
            ts,
            extra: Map::new(),
        }
    }
}

fn in_china(moment: Moment) -> Moment {
    match moment.time() {
        Some(time) => Moment::china(time.into()),
        None => moment,
    }
}

fn word(key: fmt::Arguments<'_>) -> DedupeKey {
    DedupeKey::Word(key.to_string().into())
}

fn read<T: DeserializeOwned>(fields: &Value) -> Option<T> {
    T::deserialize(fields).ok()
}

fn boxed<T: DeserializeOwned>(fields: &Value) -> Option<Box<T>> {
    read(fields).map(Box::new)
}

/// As the frame that tells it.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.name();
        match self {
            Self::Message(body) | Self::ChannelMessage(body) => tagged(name, body, serializer),
            Self::UpdateMessage(body) | Self::UpdateChannelMessage(body) => {
                tagged(name, body, serializer)
            }
            Self::AddMessageReaction(body) | Self::DeleteMessageReaction(body) => {
                tagged(name, body, serializer)
            }
            Self::UpdateUserConnection(body) => tagged(name, body, serializer),
            Self::Typing(body) | Self::ChannelTyping(body) => tagged(name, body, serializer),
            Self::Unknown(unknown) => tagged(name, &unknown.fields, serializer),
        }
    }
}

fn tagged<T, S>(kind: &str, body: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Serialize,
    S: Serializer,
{
    #[derive(Serialize)]
    struct Tagged<'a, T> {
        #[serde(rename = "type")]
        kind: &'a str,
        #[serde(flatten)]
        body: &'a T,
    }
    Tagged { kind, body }.serialize(serializer)
}
