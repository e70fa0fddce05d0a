//! Message events: somebody spoke.

use std::borrow::Cow;

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::Event;
use crate::id::{DiscussId, GroupId, MessageId, UserId};
use crate::lenient;
use crate::message::Content;
use crate::types::{Role, Sex, UnixSeconds};

/// A message, by the place where it was said.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageEvent {
    /// To the bot alone.
    Private(PrivateMessage),
    /// In a group.
    Group(GroupMessage),
    /// In a discussion group; CQHTTP 4.x only.
    Discuss(DiscussMessage),
}

/// A message to the bot alone.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateMessage {
    /// When it was said.
    pub time: UnixSeconds,
    /// The bot.
    pub self_id: UserId,
    /// How the author knows the bot.
    pub sub_type: PrivateMessageType,
    /// The message's id.
    pub message_id: MessageId,
    /// The author.
    pub user_id: UserId,
    /// What was said.
    pub message: Content,
    /// What was said, in the string format.
    pub raw_message: String,
    /// Number of the font.
    pub font: i32,
    /// What the platform tells about the author.
    pub sender: Sender,
    /// The other side of a message the bot sent itself. go-cqhttp, NapCat.
    pub target_id: Option<UserId>,
    /// The group through which a stranger speaks. go-cqhttp, NapCat.
    pub group_id: Option<GroupId>,
    /// Kind of the temporary session. go-cqhttp.
    pub temp_source: Option<i64>,
    /// Number of the message in its conversation. go-cqhttp, NapCat.
    pub message_seq: Option<i64>,
}

/// A message in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMessage {
    /// When it was said.
    pub time: UnixSeconds,
    /// The bot.
    pub self_id: UserId,
    /// By name, anonymously, or by the system.
    pub sub_type: GroupMessageType,
    /// The message's id.
    pub message_id: MessageId,
    /// The group.
    pub group_id: GroupId,
    /// The author.
    pub user_id: UserId,
    /// The mask of an anonymous author.
    pub anonymous: Option<Anonymous>,
    /// What was said.
    pub message: Content,
    /// What was said, in the string format.
    pub raw_message: String,
    /// Number of the font.
    pub font: i32,
    /// What the platform tells about the author.
    pub sender: Sender,
    /// Number of the message in its group. go-cqhttp, NapCat.
    pub message_seq: Option<i64>,
}

/// A message in a discussion group; CQHTTP 4.x only.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscussMessage {
    /// When it was said.
    pub time: UnixSeconds,
    /// The bot.
    pub self_id: UserId,
    /// The message's id.
    pub message_id: MessageId,
    /// The discussion group.
    pub discuss_id: DiscussId,
    /// The author.
    pub user_id: UserId,
    /// What was said.
    pub message: Content,
    /// What was said, in the string format.
    pub raw_message: String,
    /// Number of the font.
    pub font: i32,
    /// What the platform tells about the author.
    pub sender: Sender,
}

mynah_core::words! {
    /// How the author of a private message knows the bot.
    pub enum PrivateMessageType {
        /// They are friends.
        Friend = "friend",
        /// They share a group; a temporary session.
        Group = "group",
        /// They share a discussion group; CQHTTP 4.x only.
        Discuss = "discuss",
        /// In no way the platform names.
        Stranger = "other",
    }

    /// In whose name a group message was said.
    pub enum GroupMessageType {
        /// The author's own.
        Normal = "normal",
        /// A mask's.
        Anonymous = "anonymous",
        /// The system's, such as "anonymous chat was turned off".
        Notice = "notice",
    }
}

/// What the platform tells about an author. Every field is a best effort.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    /// The author.
    pub user_id: Option<UserId>,
    /// The name they gave themselves.
    pub nickname: Option<String>,
    /// The name they have in the group; empty when they have none.
    pub card: Option<String>,
    /// Their sex.
    pub sex: Option<Sex>,
    /// Their age in years.
    #[serde(deserialize_with = "lenient::optional_integer")]
    pub age: Option<i32>,
    /// Where they live.
    pub area: Option<String>,
    /// Their level in the group.
    #[serde(deserialize_with = "lenient::optional_string")]
    pub level: Option<String>,
    /// What they may do in the group.
    pub role: Option<Role>,
    /// The title the owner gave them; empty when they have none.
    pub title: Option<String>,
    /// The group a temporary session comes from. go-cqhttp.
    pub group_id: Option<GroupId>,
}

/// The mask of an anonymous author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anonymous {
    /// Number of the mask.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub id: i64,
    /// Name of the mask.
    #[serde(default)]
    pub name: String,
    /// What banning the author takes.
    pub flag: String,
}

impl MessageEvent {
    /// When it was said.
    pub fn time(&self) -> UnixSeconds {
        match self {
            Self::Private(event) => event.time,
            Self::Group(event) => event.time,
            Self::Discuss(event) => event.time,
        }
    }

    /// The bot.
    pub fn self_id(&self) -> UserId {
        match self {
            Self::Private(event) => event.self_id,
            Self::Group(event) => event.self_id,
            Self::Discuss(event) => event.self_id,
        }
    }

    /// The message's id.
    pub fn message_id(&self) -> MessageId {
        match self {
            Self::Private(event) => event.message_id,
            Self::Group(event) => event.message_id,
            Self::Discuss(event) => event.message_id,
        }
    }

    /// The author.
    pub fn user_id(&self) -> UserId {
        match self {
            Self::Private(event) => event.user_id,
            Self::Group(event) => event.user_id,
            Self::Discuss(event) => event.user_id,
        }
    }

    /// The group in which it was said; for a temporary session the group it came from, if told.
    pub fn group_id(&self) -> Option<GroupId> {
        match self {
            Self::Private(event) => event.group_id.or(event.sender.group_id),
            Self::Group(event) => Some(event.group_id),
            Self::Discuss(_) => None,
        }
    }

    /// What was said.
    pub fn content(&self) -> &Content {
        match self {
            Self::Private(event) => &event.message,
            Self::Group(event) => &event.message,
            Self::Discuss(event) => &event.message,
        }
    }

    /// What was said, in the string format.
    pub fn raw_message(&self) -> &str {
        match self {
            Self::Private(event) => &event.raw_message,
            Self::Group(event) => &event.raw_message,
            Self::Discuss(event) => &event.raw_message,
        }
    }

    /// What the platform tells about the author.
    pub fn sender(&self) -> &Sender {
        match self {
            Self::Private(event) => &event.sender,
            Self::Group(event) => &event.sender,
            Self::Discuss(event) => &event.sender,
        }
    }

    /// `private`, `group` or `discuss`.
    pub fn message_type(&self) -> &'static str {
        match self {
            Self::Private(_) => "private",
            Self::Group(_) => "group",
            Self::Discuss(_) => "discuss",
        }
    }

    /// The third level of the event's name.
    pub fn sub_type(&self) -> Option<&str> {
        match self {
            Self::Private(event) => Some(event.sub_type.as_str()),
            Self::Group(event) => Some(event.sub_type.as_str()),
            Self::Discuss(_) => None,
        }
    }

    /// Writes the fields in the order of the standard's examples.
    pub(super) fn serialize_as<S: Serializer>(
        &self,
        post_type: &str,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("MessageEvent", 16)?;
        out.serialize_field("time", &self.time())?;
        out.serialize_field("self_id", &self.self_id())?;
        out.serialize_field("post_type", post_type)?;
        out.serialize_field("message_type", self.message_type())?;
        match self {
            Self::Private(event) => event.serialize_fields(&mut out)?,
            Self::Group(event) => event.serialize_fields(&mut out)?,
            Self::Discuss(event) => event.serialize_fields(&mut out)?,
        }
        out.end()
    }
}

impl PrivateMessage {
    fn serialize_fields<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error> {
        out.serialize_field("message_id", &self.message_id)?;
        out.serialize_field("user_id", &self.user_id)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("raw_message", &self.raw_message)?;
        out.serialize_field("font", &self.font)?;
        out.serialize_field("sender", &self.sender)?;
        out.serialize_field("sub_type", &self.sub_type)?;
        serialize_some(out, "target_id", self.target_id.as_ref())?;
        serialize_some(out, "group_id", self.group_id.as_ref())?;
        serialize_some(out, "temp_source", self.temp_source.as_ref())?;
        serialize_some(out, "message_seq", self.message_seq.as_ref())
    }
}

impl GroupMessage {
    fn serialize_fields<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error> {
        out.serialize_field("sub_type", &self.sub_type)?;
        out.serialize_field("message_id", &self.message_id)?;
        out.serialize_field("group_id", &self.group_id)?;
        out.serialize_field("user_id", &self.user_id)?;
        out.serialize_field("anonymous", &self.anonymous)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("raw_message", &self.raw_message)?;
        out.serialize_field("font", &self.font)?;
        out.serialize_field("sender", &self.sender)?;
        serialize_some(out, "message_seq", self.message_seq.as_ref())
    }
}

impl DiscussMessage {
    fn serialize_fields<S: SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error> {
        out.serialize_field("message_id", &self.message_id)?;
        out.serialize_field("discuss_id", &self.discuss_id)?;
        out.serialize_field("user_id", &self.user_id)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("raw_message", &self.raw_message)?;
        out.serialize_field("font", &self.font)?;
        out.serialize_field("sender", &self.sender)
    }
}

fn serialize_some<S: SerializeStruct, T: Serialize>(
    out: &mut S,
    name: &'static str,
    value: Option<&T>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => out.serialize_field(name, value),
        None => out.skip_field(name),
    }
}

/// Every message event on the wire: all fields of all three kinds.
///
/// Messages are nearly all of the traffic, so one pass over the bytes fills this and only this.
/// `message`, `raw_message`, `font` and `sender` may be missing, because aiocqhttp strips them from
/// the context of a quick operation.
#[derive(Deserialize)]
pub(super) struct Wire<'a> {
    post_type: PostType,
    message_type: MessageType,
    #[serde(default, deserialize_with = "lenient::integer")]
    time: UnixSeconds,
    #[serde(default)]
    self_id: UserId,
    #[serde(default, borrow)]
    sub_type: Cow<'a, str>,
    message_id: MessageId,
    user_id: UserId,
    group_id: Option<GroupId>,
    discuss_id: Option<DiscussId>,
    anonymous: Option<Anonymous>,
    #[serde(default, deserialize_with = "lenient::nullable")]
    message: Content,
    #[serde(default, deserialize_with = "lenient::string")]
    raw_message: String,
    #[serde(default, deserialize_with = "lenient::integer")]
    font: i32,
    #[serde(default, deserialize_with = "lenient::nullable")]
    sender: Sender,
    target_id: Option<UserId>,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    temp_source: Option<i64>,
    #[serde(default, deserialize_with = "lenient::optional_integer")]
    message_seq: Option<i64>,
}

/// The post types under which messages come. Any other ends the decoding at once.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PostType {
    Message,
    MessageSent,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MessageType {
    Private,
    Group,
    Discuss,
}

impl Wire<'_> {
    /// The event, or the name of the field that its kind needs and that is missing.
    pub(super) fn into_event(self) -> Result<Event, &'static str> {
        let sent = self.post_type == PostType::MessageSent;
        let message = match self.message_type {
            MessageType::Private => MessageEvent::Private(self.into_private()?),
            MessageType::Group => MessageEvent::Group(self.into_group()?),
            MessageType::Discuss => MessageEvent::Discuss(self.into_discuss()?),
        };
        Ok(if sent {
            Event::MessageSent(message)
        } else {
            Event::Message(message)
        })
    }

    fn into_private(self) -> Result<PrivateMessage, &'static str> {
        Ok(PrivateMessage {
            time: self.time,
            self_id: self.self_id,
            sub_type: self.required_sub_type()?.into(),
            message_id: self.message_id,
            user_id: self.user_id,
            message: self.message,
            raw_message: self.raw_message,
            font: self.font,
            sender: self.sender,
            target_id: self.target_id,
            group_id: self.group_id,
            temp_source: self.temp_source,
            message_seq: self.message_seq,
        })
    }

    fn into_group(self) -> Result<GroupMessage, &'static str> {
        Ok(GroupMessage {
            time: self.time,
            self_id: self.self_id,
            sub_type: self.required_sub_type()?.into(),
            message_id: self.message_id,
            group_id: self.group_id.ok_or("group_id")?,
            user_id: self.user_id,
            anonymous: self.anonymous,
            message: self.message,
            raw_message: self.raw_message,
            font: self.font,
            sender: self.sender,
            message_seq: self.message_seq,
        })
    }

    fn into_discuss(self) -> Result<DiscussMessage, &'static str> {
        Ok(DiscussMessage {
            time: self.time,
            self_id: self.self_id,
            message_id: self.message_id,
            discuss_id: self.discuss_id.ok_or("discuss_id")?,
            user_id: self.user_id,
            message: self.message,
            raw_message: self.raw_message,
            font: self.font,
            sender: self.sender,
        })
    }

    fn required_sub_type(&self) -> Result<&str, &'static str> {
        match self.sub_type.as_ref() {
            "" => Err("sub_type"),
            word => Ok(word),
        }
    }
}
