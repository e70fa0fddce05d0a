//! Events: what happens around the bot.
//!
//! ```
//! use mynah_onebot::event::{Event, MessageEvent};
//!
//! let event = Event::from_slice(r#"{
//!     "time": 1515204254, "self_id": 10000, "post_type": "message", "message_type": "group",
//!     "sub_type": "normal", "message_id": 1002, "group_id": 20001, "user_id": 10001,
//!     "anonymous": null, "message": "在吗", "raw_message": "在吗", "font": 0,
//!     "sender": {"nickname": "alice", "role": "member"}
//! }"#.as_bytes())?;
//!
//! assert_eq!(event.name(), "message.group.normal");
//! if let Event::Message(MessageEvent::Group(message)) = event {
//!     assert_eq!(message.message.plain_text(), "在吗");
//!     assert_eq!(message.sender.nickname.as_deref(), Some("alice"));
//! }
//! # Ok::<(), mynah_onebot::event::DecodeError>(())
//! ```
//!
//! Kinds: <https://github.com/botuniverse/onebot-11/tree/master/event>, and those which go-cqhttp,
//! NapCat, LLOneBot and Lagrange add.

mod decode;
mod dedupe;
mod message;
mod meta;
mod notice;
mod raw;
mod request;
mod unknown;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

pub use decode::DecodeError;
pub use dedupe::DedupeKey;
pub use message::{
    Anonymous, DiscussMessage, GroupMessage, GroupMessageType, MessageEvent, PrivateMessage,
    PrivateMessageType, Sender,
};
pub use meta::{Heartbeat, Lifecycle, LifecycleType, Meta, MetaEvent, Status};
pub use notice::{
    BotOffline, BotOnline, ClientStatus, Device, EmojiLike, Essence, EssenceType, FileInfo,
    FriendAdd, FriendRecall, GrayTip, GroupAdmin, GroupAdminType, GroupBan, GroupBanType,
    GroupCard, GroupDecrease, GroupDecreaseType, GroupDismiss, GroupIncrease, GroupIncreaseType,
    GroupMsgEmojiLike, GroupName, GroupNameChange, GroupRecall, GroupUpload, Honor, InputStatus,
    LuckyKing, Notice, NoticeEvent, OfflineFile, Poke, PokeRecall, ProfileLike, Reaction,
    ReactionType, SentFile, Title,
};
pub use raw::RawEvent;
pub use request::{FriendRequest, GroupRequest, Request, RequestEvent};
pub use unknown::UnknownEvent;

use crate::id::{DiscussId, GroupId, UserId};
use crate::types::UnixSeconds;

/// Something that happened around the bot.
///
/// Fields an implementation adds are dropped here and kept in [`RawEvent`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Somebody spoke.
    Message(MessageEvent),
    /// The bot itself spoke; implementations report it only when asked to.
    MessageSent(MessageEvent),
    /// Something happened that is neither a message nor a request.
    Notice(NoticeEvent),
    /// Somebody wants the bot's consent.
    Request(RequestEvent),
    /// The implementation speaks of itself.
    Meta(MetaEvent),
    /// An event of a kind this version does not know, or not made as its kind should be.
    Unknown(UnknownEvent),
}

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// To one person.
    Private(UserId),
    /// Into a group.
    Group(GroupId),
    /// Into a discussion group; CQHTTP 4.x only.
    Discuss(DiscussId),
}

impl Event {
    /// Decodes an event from JSON. Messages, which are most of the traffic, take a single pass;
    /// the implementation of `Deserialize` is slower and gives the same.
    ///
    /// Ids and numbers may be strings of digits. `time`, `self_id`, and of messages `message`,
    /// `raw_message`, `font` and `sender` may be missing: zero or empty then. An event of an
    /// unknown kind, or one of a known kind that lacks what makes it one, is
    /// [`Event::Unknown`].
    ///
    /// # Errors
    /// When the bytes are no JSON object in UTF-8, or one of the strings is missing that say what
    /// kind of event it is (`post_type`, and `message_type` or its like for the four kinds of the
    /// standard).
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode::from_slice(bytes)
    }

    /// Decodes an event from a JSON object, by the rules of [`Event::from_slice`].
    ///
    /// # Errors
    /// When one of the strings is missing that say what kind of event it is.
    pub fn from_object(object: Map<String, Value>) -> Result<Self, DecodeError> {
        decode::from_object(object)
    }

    /// When it happened; 0 if the event does not say.
    pub fn time(&self) -> UnixSeconds {
        match self {
            Self::Message(event) | Self::MessageSent(event) => event.time(),
            Self::Notice(event) => event.time,
            Self::Request(event) => event.time,
            Self::Meta(event) => event.time,
            Self::Unknown(event) => event.time(),
        }
    }

    /// The bot; 0 if the event does not say.
    pub fn self_id(&self) -> UserId {
        match self {
            Self::Message(event) | Self::MessageSent(event) => event.self_id(),
            Self::Notice(event) => event.self_id,
            Self::Request(event) => event.self_id,
            Self::Meta(event) => event.self_id,
            Self::Unknown(event) => event.self_id(),
        }
    }

    /// Whom it is about, as `user_id` says: the author, the member, the one who asks.
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::Message(event) | Self::MessageSent(event) => Some(event.user_id()),
            Self::Notice(event) => event.notice.user_id(),
            Self::Request(event) => Some(event.request.user_id()),
            Self::Meta(_) => None,
            Self::Unknown(event) => event.integer("user_id").map(UserId),
        }
    }

    /// The group in which it happened.
    pub fn group_id(&self) -> Option<GroupId> {
        match self {
            Self::Message(event) | Self::MessageSent(event) => event.group_id(),
            Self::Notice(event) => event.notice.group_id(),
            Self::Request(event) => event.request.group_id(),
            Self::Meta(_) => None,
            Self::Unknown(event) => event.integer("group_id").map(GroupId),
        }
    }

    /// The message, if somebody else than the bot spoke.
    pub fn message(&self) -> Option<&MessageEvent> {
        match self {
            Self::Message(event) => Some(event),
            _ => None,
        }
    }

    /// Where an answer to this event goes.
    ///
    /// A message is answered where it was said: a private one privately, even if it came through
    /// a group. Anything else is answered in its group if it has one, to its user otherwise.
    pub fn target(&self) -> Option<Target> {
        match self {
            Self::Message(MessageEvent::Private(event)) => Some(Target::Private(event.user_id)),
            Self::MessageSent(MessageEvent::Private(event)) => event.target_id.map(Target::Private),
            Self::Message(MessageEvent::Group(event))
            | Self::MessageSent(MessageEvent::Group(event)) => Some(Target::Group(event.group_id)),
            Self::Message(MessageEvent::Discuss(event))
            | Self::MessageSent(MessageEvent::Discuss(event)) => {
                Some(Target::Discuss(event.discuss_id))
            }
            other => other
                .group_id()
                .map(Target::Group)
                .or_else(|| other.user_id().map(Target::Private)),
        }
    }

    /// The levels of the event's name: `message`, `group`, `normal`.
    fn name_parts(&self) -> (&str, Option<&str>, Option<&str>) {
        match self {
            Self::Message(event) => ("message", Some(event.message_type()), event.sub_type()),
            Self::MessageSent(event) => {
                ("message_sent", Some(event.message_type()), event.sub_type())
            }
            Self::Notice(event) => {
                let notice = &event.notice;
                ("notice", Some(notice.notice_type()), notice.sub_type())
            }
            Self::Request(event) => {
                let request = &event.request;
                ("request", Some(request.request_type()), request.sub_type())
            }
            Self::Meta(event) => {
                let meta = &event.meta;
                ("meta_event", Some(meta.meta_event_type()), meta.sub_type())
            }
            Self::Unknown(event) => (event.post_type(), event.detail_type(), event.sub_type()),
        }
    }

    /// The dotted name, for example `message.group.normal`.
    pub fn name(&self) -> String {
        let (post_type, detail_type, sub_type) = self.name_parts();
        let mut name = post_type.to_owned();
        for level in [detail_type, sub_type].into_iter().flatten() {
            name.push('.');
            name.push_str(level);
        }
        name
    }

    /// The names under which handlers may wait for it, most specific first:
    /// `message.group.normal`, `message.group`, `message`.
    pub fn levels(&self) -> Vec<String> {
        let (post_type, detail_type, sub_type) = self.name_parts();
        let mut levels = vec![post_type.to_owned()];
        for level in [detail_type, sub_type].into_iter().flatten() {
            levels.push(format!("{}.{level}", levels[levels.len() - 1]));
        }
        levels.reverse();
        levels
    }
}

impl From<UnknownEvent> for Event {
    fn from(event: UnknownEvent) -> Self {
        Self::Unknown(event)
    }
}

/// Writes the names and the order of fields of the standard's examples.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Message(event) => event.serialize_as("message", serializer),
            Self::MessageSent(event) => event.serialize_as("message_sent", serializer),
            Self::Notice(event) => event.serialize(serializer),
            Self::Request(event) => event.serialize(serializer),
            Self::Meta(event) => event.serialize(serializer),
            Self::Unknown(event) => event.object().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Map::deserialize(deserializer)?;
        Self::from_object(object).map_err(D::Error::custom)
    }
}
