//! What somebody said, as those who hear it are told.

use mynah_core::DedupeKey;
use mynah_core::lenient::{list, or_default, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Event, word};
use crate::id::{ChannelId, MessageKey, RobotId, UserId, VchannelId};
use crate::socket::ClientFrame;
use crate::time::Millis;
use crate::types::{Attachment, Message, Repost, Subtype};

/// Something was said: `message` between two
/// (<https://github.com/bearyinnovative/OpenAPI/blob/master/rtm/event_message.md>),
/// `channel_message` among several
/// (<https://github.com/bearyinnovative/OpenAPI/blob/master/rtm/event_channel_message.md>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewMessage {
    /// The conversation.
    pub vchannel_id: VchannelId,
    /// The message; unique within the conversation.
    pub key: MessageKey,
    /// Who said it; `None` for robots.
    #[serde(default, deserialize_with = "or_default")]
    pub uid: Option<UserId>,
    /// Which robot said it, if one did. A hubot is a user, and no robot.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub robot_id: Option<RobotId>,
    /// To whom, between two.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub to_uid: Option<UserId>,
    /// Where, among several. The documentation leaves it out, and every SDK needs it.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub channel_id: Option<ChannelId>,
    /// The message that it answers.
    #[serde(default, deserialize_with = "or_default")]
    pub refer_key: Option<MessageKey>,
    /// What kind of message it is.
    #[serde(default, deserialize_with = "or_default")]
    pub subtype: Subtype,
    /// What was said; empty where it was said without words.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// A picture; empty in every example.
    #[serde(default, deserialize_with = "text")]
    pub image: String,
    /// What is attached.
    #[serde(
        default,
        deserialize_with = "list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub attachments: Vec<Attachment>,
    /// The message that was passed on, if this one did.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub repost: Option<Repost>,
    /// When it was said.
    #[serde(default, deserialize_with = "or_default")]
    pub created_ts: Millis,
    /// When it was told.
    #[serde(default, deserialize_with = "or_default")]
    pub ts: Millis,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sender<'a> {
    /// Somebody of the team, or its hubot.
    User(&'a UserId),
    /// A robot that posts to a hook.
    Robot(&'a RobotId),
}

impl NewMessage {
    pub(super) fn of(message: &Message, to_uid: Option<UserId>, ts: Millis) -> Self {
        let Message {
            vchannel_id, key, ..
        } = message.clone();
        Self {
            channel_id: message
                .is_channel
                .then(|| ChannelId::from(vchannel_id.as_str())),
            vchannel_id,
            key,
            uid: message.uid.clone(),
            robot_id: message.robot_id.clone(),
            to_uid,
            refer_key: message.refer_key.clone(),
            subtype: message.subtype.clone(),
            text: message.text.clone(),
            image: String::new(),
            attachments: message.attachments.clone(),
            repost: message.repost.clone(),
            created_ts: message.created_ts,
            ts,
            extra: Map::new(),
        }
    }

    /// Who said it, if that is told.
    pub fn sender(&self) -> Option<Sender<'_>> {
        let user = self.uid.as_ref().map(Sender::User);
        user.or_else(|| self.robot_id.as_ref().map(Sender::Robot))
    }

    /// Whether this user said it. What a bot says comes back to it.
    pub fn is_from(&self, user: &UserId) -> bool {
        self.uid.as_ref() == Some(user)
    }
}

/// What the events of a message have in common with the message in the history
/// ([`QueryMessages`](crate::api::message::QueryMessages)), so that whoever catches up handles
/// nothing twice.
pub fn dedupe_key_of(vchannel_id: &VchannelId, key: &MessageKey) -> DedupeKey {
    word(format_args!("{vchannel_id}:{key}"))
}

impl Event {
    /// What to send over the socket to answer a message where it was said; `None` for everything
    /// that is no message, and for a robot's between two.
    ///
    /// ```
    /// use mynah_bearychat::event::Event;
    ///
    /// let event = Event::from_slice(
    ///     br#"{"type":"message","vchannel_id":"=515SFkkX","key":"1487570962851.0148",
    ///         "uid":"=bwFrB","to_uid":"=bwCkD","text":"test"}"#,
    /// )?;
    /// let frame = event.refer("Pardon?").expect("a message");
    /// assert_eq!(
    ///     serde_json::to_string(&frame)?,
    ///     r#"{"type":"message","vchannel_id":"=515SFkkX","to_uid":"=bwFrB","text":"Pardon?","refer_key":"1487570962851.0148"}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reply(&self, text: impl Into<String>) -> Option<ClientFrame> {
        self.answer(text.into(), None)
    }

    /// The same, and the answer quotes the message.
    pub fn refer(&self, text: impl Into<String>) -> Option<ClientFrame> {
        let key = self.message()?.key.clone();
        self.answer(text.into(), Some(key))
    }

    fn answer(&self, text: String, refer_key: Option<MessageKey>) -> Option<ClientFrame> {
        match self {
            Self::Message(message) => Some(ClientFrame::Message {
                vchannel_id: message.vchannel_id.clone(),
                to_uid: message.uid.clone()?,
                text,
                refer_key,
            }),
            Self::ChannelMessage(message) => {
                let channel_id = message.channel_id.clone();
                let same = || ChannelId::from(message.vchannel_id.as_str());
                Some(ClientFrame::ChannelMessage {
                    channel_id: channel_id.unwrap_or_else(same),
                    vchannel_id: message.vchannel_id.clone(),
                    text,
                    refer_key,
                })
            }
            _ => None,
        }
    }
}
