//! Quick operations: what a framework answers to an event instead of calling actions.
//!
//! Over HTTP POST the operation is the body of the response, over WebSocket a parameter of
//! `.handle_quick_operation`. Fields and effects:
//! <https://github.com/botuniverse/onebot-11/tree/master/event>.
//!
//! ```
//! use mynah_onebot::event::{Event, Target};
//! use mynah_onebot::quick::{self, Step};
//! use mynah_onebot::{Message, UserId};
//!
//! let event = Event::from_slice(br#"{"post_type": "message", "message_type": "private",
//!     "sub_type": "friend", "message_id": 1001, "user_id": 10001, "message": "hi"}"#)?;
//! let operation = quick::from_response(200, br#"{"reply": "hello"}"#).unwrap_or_default();
//!
//! assert_eq!(quick::plan(&event, &operation), [Step::SendMessage {
//!     target: Target::Private(UserId(10001)),
//!     message: Message::text("hello"),
//! }]);
//! # Ok::<(), mynah_onebot::event::DecodeError>(())
//! ```

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::event::{
    Anonymous, DiscussMessage, Event, GroupMessage, GroupMessageType, MessageEvent, PrivateMessage,
    Request, Target,
};
use crate::id::{GroupId, MessageId, UserId};
use crate::message::{Content, Message, Segment};
use crate::types::GroupRequestType;

/// Seconds of a ban whose `ban_duration` is not given.
pub const DEFAULT_BAN_DURATION: i64 = 1800;

/// What shall be done about an event. Every field is optional; which ones count depends on the
/// event.
///
/// Decoding takes any JSON object: unknown fields are ignored, and a field of the wrong type
/// counts as absent. Switches may be numbers and words (`1`, `yes`), except `approve`.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QuickOperation {
    /// Messages: answer where it was said.
    pub reply: Option<Content>,
    /// Messages: a string in `reply` is plain text, not CQ codes. No by default.
    pub auto_escape: Option<bool>,
    /// Group messages: mention the author in front of the reply. Yes by default in the standard
    /// and CQHTTP, no in go-cqhttp, NapCat and LLOneBot: better said than left out.
    pub at_sender: Option<bool>,
    /// Group messages: recall the message.
    pub delete: Option<bool>,
    /// Group messages: remove the author, who may ask to join again.
    pub kick: Option<bool>,
    /// Group messages: mute the author, also an anonymous one.
    pub ban: Option<bool>,
    /// Group messages: for how many seconds, [`DEFAULT_BAN_DURATION`] by default.
    pub ban_duration: Option<i64>,
    /// Requests: consent or refuse. Without it the request stays open.
    pub approve: Option<bool>,
    /// Friend requests: the name under which the new friend is kept.
    pub remark: Option<String>,
    /// Group requests: why they are refused.
    pub reason: Option<String>,
    /// Any event: keep it from the host's later plugins. CQHTTP 4.x only, without effect here.
    pub block: Option<bool>,
}

impl QuickOperation {
    /// Answers a message, without mentioning its author.
    pub fn reply(content: impl Into<Content>) -> Self {
        Self {
            reply: Some(content.into()),
            at_sender: Some(false),
            ..Self::default()
        }
    }

    /// Consents to a request.
    pub fn approve() -> Self {
        Self {
            approve: Some(true),
            ..Self::default()
        }
    }

    /// Refuses a request.
    pub fn refuse() -> Self {
        Self {
            approve: Some(false),
            ..Self::default()
        }
    }

    /// Whether nothing shall be done: no field is set.
    pub(crate) fn is_nothing(&self) -> bool {
        let Self {
            reply,
            auto_escape,
            at_sender,
            delete,
            kick,
            ban,
            ban_duration,
            approve,
            remark,
            reason,
            block,
        } = self;
        let switches = [auto_escape, at_sender, delete, kick, ban, approve, block];
        reply.is_none()
            && switches.iter().all(|switch| switch.is_none())
            && ban_duration.is_none()
            && remark.is_none()
            && reason.is_none()
    }

    /// Reads what is there and of the right type.
    pub fn from_object(object: &Map<String, Value>) -> Self {
        let switch = |field| object.get(field).and_then(as_switch);
        let text = |field| object.get(field)?.as_str().map(str::to_owned);
        Self {
            reply: object
                .get("reply")
                .and_then(|reply| Content::deserialize(reply).ok()),
            auto_escape: switch("auto_escape"),
            at_sender: switch("at_sender"),
            delete: switch("delete"),
            kick: switch("kick"),
            ban: switch("ban"),
            ban_duration: object.get("ban_duration").and_then(as_integer),
            approve: object.get("approve").and_then(Value::as_bool),
            remark: text("remark"),
            reason: text("reason"),
            block: switch("block"),
        }
    }
}

impl<'de> Deserialize<'de> for QuickOperation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(|object| Self::from_object(&object))
    }
}

fn as_switch(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(switch) => Some(*switch),
        Value::Number(number) => match number.as_i64()? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        },
        Value::String(word) => match word.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    }
}

/// Reads the quick operation in the response to an event posted over HTTP.
///
/// Any 2xx with a JSON object as body is one, whatever its media type; everything else means
/// that there is nothing to do.
pub fn from_response(status: u16, body: &[u8]) -> Option<QuickOperation> {
    if !(200..300).contains(&status) {
        return None;
    }
    serde_json::from_slice(body).ok()
}

/// One action that a quick operation stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `send_msg`.
    SendMessage {
        /// Where to.
        target: Target,
        /// What.
        message: Message,
    },
    /// `delete_msg`.
    DeleteMessage {
        /// The message to recall.
        message_id: MessageId,
    },
    /// `set_group_kick`, without refusing later requests to join.
    Kick {
        /// The group.
        group_id: GroupId,
        /// Who is removed.
        user_id: UserId,
    },
    /// `set_group_ban`.
    Ban {
        /// The group.
        group_id: GroupId,
        /// Who is muted.
        user_id: UserId,
        /// For how many seconds.
        duration: i64,
    },
    /// `set_group_anonymous_ban`.
    AnonymousBan {
        /// The group.
        group_id: GroupId,
        /// The mask of who is muted.
        anonymous: Anonymous,
        /// For how many seconds.
        duration: i64,
    },
    /// `set_friend_add_request`.
    SetFriendRequest {
        /// The request.
        flag: String,
        /// Consent or refuse.
        approve: bool,
        /// The name under which the new friend is kept.
        remark: Option<String>,
    },
    /// `set_group_add_request`.
    SetGroupRequest {
        /// The request.
        flag: String,
        /// Its kind.
        sub_type: GroupRequestType,
        /// Consent or refuse.
        approve: bool,
        /// Why it is refused.
        reason: Option<String>,
    },
}

/// The actions that a quick operation stands for, in the order in which they are to be tried. Each
/// is tried even when one before it failed.
///
/// Only the ids at the top level of the event count, so a context without `message`,
/// `raw_message`, `comment` and `sender`, as aiocqhttp sends it, will do.
pub fn plan(event: &Event, operation: &QuickOperation) -> Vec<Step> {
    match event {
        Event::Message(MessageEvent::Private(event)) => plan_private(event, operation),
        Event::Message(MessageEvent::Group(event)) => plan_group(event, operation),
        Event::Message(MessageEvent::Discuss(event)) => plan_discuss(event, operation),
        Event::Request(event) => plan_request(&event.request, operation),
        Event::MessageSent(_) | Event::Notice(_) | Event::Meta(_) | Event::Unknown(_) => Vec::new(),
    }
}

fn plan_private(event: &PrivateMessage, operation: &QuickOperation) -> Vec<Step> {
    reply(Target::Private(event.user_id), None, operation)
        .into_iter()
        .collect()
}

fn plan_discuss(event: &DiscussMessage, operation: &QuickOperation) -> Vec<Step> {
    let target = Target::Discuss(event.discuss_id);
    reply(target, Some(event.user_id), operation)
        .into_iter()
        .collect()
}

fn plan_group(event: &GroupMessage, operation: &QuickOperation) -> Vec<Step> {
    let group_id = event.group_id;
    let is_set = |switch: Option<bool>| switch.unwrap_or(false);
    // Behind a mask there is nobody to mention or to remove.
    let masked = event.anonymous.is_some() || event.sub_type == GroupMessageType::Anonymous;
    let author = (!masked).then_some(event.user_id);

    let mut steps = Vec::new();
    steps.extend(reply(Target::Group(group_id), author, operation));
    if is_set(operation.delete) {
        steps.push(Step::DeleteMessage {
            message_id: event.message_id,
        });
    }
    if let Some(user_id) = author
        && is_set(operation.kick)
    {
        steps.push(Step::Kick { group_id, user_id });
    }
    if is_set(operation.ban) {
        let duration = operation.ban_duration.unwrap_or(DEFAULT_BAN_DURATION);
        steps.extend(ban(event, author, duration));
    }
    steps
}

fn ban(event: &GroupMessage, author: Option<UserId>, duration: i64) -> Option<Step> {
    let group_id = event.group_id;
    match (author, &event.anonymous) {
        (Some(user_id), _) => Some(Step::Ban {
            group_id,
            user_id,
            duration,
        }),
        (None, Some(anonymous)) => Some(Step::AnonymousBan {
            group_id,
            anonymous: anonymous.clone(),
            duration,
        }),
        (None, None) => None,
    }
}

/// The reply, with `author` mentioned in front of it unless the operation says otherwise.
fn reply(target: Target, author: Option<UserId>, operation: &QuickOperation) -> Option<Step> {
    let content = operation.reply.as_ref().filter(|reply| !reply.is_empty())?;
    let auto_escape = operation.auto_escape.unwrap_or(false);
    let mut message = content.clone().into_message_escaped(auto_escape);
    if let Some(author) = author
        && operation.at_sender.unwrap_or(true)
    {
        message = Segment::at(author) + " " + message;
    }
    Some(Step::SendMessage { target, message })
}

fn plan_request(request: &Request, operation: &QuickOperation) -> Vec<Step> {
    let Some(approve) = operation.approve else {
        return Vec::new();
    };
    vec![match request {
        Request::Friend(request) => Step::SetFriendRequest {
            flag: request.flag.clone(),
            approve,
            remark: operation.remark.clone().filter(|_| approve),
        },
        Request::Group(request) => Step::SetGroupRequest {
            flag: request.flag.clone(),
            sub_type: request.sub_type.clone(),
            approve,
            reason: operation.reason.clone().filter(|_| !approve),
        },
    }]
}
