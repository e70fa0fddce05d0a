//! What an application is told: what people say, who is online, what happens in
//! chatrooms and to messages.
//!
//! One address may get everything: what a push is, is told by its fields. What
//! people say comes as a form whose `content` is JSON as text; it is kept as it
//! came, and [`RoutedMessage::said`] reads it.
//!
//! ```
//! use mynah_rongcloud::content::Content;
//! use mynah_rongcloud::event::{ChannelType, Event};
//!
//! let event = Event::from_form(
//!     b"fromUserId=alice&toUserId=g1&objectName=RC%3ATxtMsg&content=%7B%22content%22%3A%22hi%22%7D\
//!       &channelType=GROUP&msgTimestamp=1408710653491&msgUID=5FGT-7VA9-G4DD-4V5P",
//! );
//! let Event::Route(message) = &event else { panic!() };
//! assert_eq!(message.channel_type, ChannelType::Group);
//! let Content::Text(text) = message.said() else { panic!() };
//! assert_eq!(text.content, "hi");
//! assert_eq!(event.dedupe_key().to_string(), "5FGT-7VA9-G4DD-4V5P");
//! ```

mod audit;
mod check;
mod form;
mod operation;
mod route;
mod status;

use std::fmt;

use mynah_core::{DedupeHash, DedupeKey};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::types::ConversationType;

pub use audit::{AuditOutcome, AuditResult, Audited};
pub use check::PreDelivery;
pub use operation::{ConversationInfo, MessageOperation, OperationType, OriginalMsg, RecallMsg};
pub use route::{RoutedMessage, SensitiveType};
pub use status::{ChatroomCause, ChatroomChange, ChatroomStatus, OnlineState, OnlineStatus};

use form::Form;

mynah_core::words! {
    /// Where a message goes, in the words of the callbacks.
    pub enum ChannelType {
        /// To a person.
        Person = "PERSON",
        /// To a discussion.
        Persons = "PERSONS",
        /// To a group.
        Group = "GROUP",
        /// To a chatroom.
        TempGroup = "TEMPGROUP",
        /// To customer service.
        CustomerService = "CUSTOMERSERVICE",
        /// From the system to a person.
        Notify = "NOTIFY",
        /// To a public service of the application.
        Mc = "MC",
        /// To a public service.
        Mp = "MP",
        /// To an ultra group.
        UltraGroup = "ULTRAGROUP",
    }

    /// What a message or a person comes from.
    pub enum Source {
        /// An iPhone or iPad.
        Ios = "iOS",
        /// An Android device.
        Android = "Android",
        /// A device with HarmonyOS.
        HarmonyOs = "HarmonyOS",
        /// A page in a browser.
        Websocket = "Websocket",
        /// A program inside another application.
        MiniProgram = "MiniProgram",
        /// A computer.
        Pc = "PC",
        /// The server API.
        Server = "Server",
    }
}

impl ChannelType {
    /// The same as the number of the calls; `None` for words that have none.
    pub fn conversation_type(&self) -> Option<ConversationType> {
        ConversationType::of_channel(self.as_str())
    }
}

/// The word for the number; empty where there is none.
impl From<ConversationType> for ChannelType {
    fn from(conversation_type: ConversationType) -> Self {
        conversation_type.channel_type().into()
    }
}

/// What comes to a receiver.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Something was said.
    Route(Box<RoutedMessage>),
    /// People came online or went.
    Online(Vec<OnlineStatus>),
    /// Something happened in chatrooms.
    Chatroom(Vec<ChatroomStatus>),
    /// Something is about to be delivered; the answer may be a
    /// [verdict](crate::inbound::Verdict) on it.
    Check(Box<PreDelivery>),
    /// A message was recalled or deleted.
    Operation(Box<MessageOperation>),
    /// A message was audited.
    Audit(Box<AuditResult>),
    /// Something nobody told us of.
    Unknown(Unknown),
}

/// A body that is none of those we know.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Unknown {
    /// The fields of a form, in their order.
    Form(Vec<(String, String)>),
    /// JSON.
    Json(Value),
}

/// A body is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not JSON: stopped at line {line}, column {column} of {length} bytes")]
pub struct NotJson {
    /// Where reading stopped, counted from 1.
    pub line: usize,
    /// Where in the line reading stopped, in bytes.
    pub column: usize,
    /// How many bytes there were.
    pub length: usize,
}

impl NotJson {
    pub(crate) fn new(error: &serde_json::Error, length: usize) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
            length,
        }
    }
}

impl Event {
    /// Reads a form; every body is one.
    pub fn from_form(body: &[u8]) -> Self {
        let form = Form::of(body);
        if form.has("toUserId") && form.has("objectName") {
            return RoutedMessage::read(form).into();
        }
        if form.has("targetId") && form.has("msgType") {
            return PreDelivery::read(form).into();
        }
        Self::Unknown(Unknown::Form(form.rest))
    }

    /// Reads JSON. What has the fields of a kind we know, but not as they
    /// should be, is [unknown](Self::Unknown) as a whole, so that nothing is lost.
    ///
    /// # Errors
    /// It is not JSON.
    pub fn from_json(body: &[u8]) -> Result<Self, NotJson> {
        let value = serde_json::from_slice(body).map_err(|bad| NotJson::new(&bad, body.len()))?;
        Ok(Self::from_value(value))
    }

    fn from_value(value: Value) -> Self {
        let known = match &value {
            Value::Array(items) => many(items),
            one @ Value::Object(_) => single(one).or_else(|| many(std::slice::from_ref(one))),
            _ => None,
        };
        known.unwrap_or(Self::Unknown(Unknown::Json(value)))
    }

    /// What it is, in one word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Route(_) => "message_route",
            Self::Online(_) => "user_online_status",
            Self::Chatroom(_) => "chatroom_status",
            Self::Check(_) => "message_callback",
            Self::Operation(_) => "message_operation",
            Self::Audit(_) => "audit_result",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What was said, where something was.
    pub fn message(&self) -> Option<&RoutedMessage> {
        match self {
            Self::Route(message) => Some(message),
            _ => None,
        }
    }

    /// What two deliveries of it have in common. What is routed has the id of
    /// its message; a check and an audit of the same message have keys of their
    /// own, since one address may get all three.
    pub fn dedupe_key(&self) -> DedupeKey {
        match self {
            Self::Route(message) => message.dedupe_key(),
            Self::Online(changes) => hash_of(changes, OnlineStatus::add_to),
            Self::Chatroom(changes) => hash_of(changes, ChatroomStatus::add_to),
            Self::Check(check) => check.dedupe_key(),
            Self::Operation(operation) => operation.dedupe_key(),
            Self::Audit(result) => result.dedupe_key(),
            Self::Unknown(Unknown::Form(fields)) => {
                let fields = fields.iter().flat_map(|(name, value)| [name, value]);
                hash_of(fields, |part, hash| hash.part(part))
            }
            Self::Unknown(Unknown::Json(value)) => hash_of([value], |value, hash| hash.part(value)),
        }
    }

    /// The body, and whether it is JSON; otherwise it is a form.
    pub(crate) fn body(&self) -> (String, bool) {
        match self {
            Self::Route(message) => (message.to_form(), false),
            Self::Check(check) => (check.to_form(), false),
            Self::Unknown(Unknown::Form(fields)) => (form::write(fields), false),
            Self::Online(changes) => (json(changes), true),
            Self::Chatroom(changes) => (json(changes), true),
            Self::Operation(operation) => (json(operation), true),
            Self::Audit(result) => (json(result), true),
            Self::Unknown(Unknown::Json(value)) => (json(value), true),
        }
    }
}

/// Things that come one by one.
fn single(value: &Value) -> Option<Event> {
    if has(value, ["eventType", "originalMsgInfo"]) {
        return read::<MessageOperation>(value).map(Event::from);
    }
    if has(value, ["result", "msgUID"]) {
        return read::<AuditResult>(value).map(Event::from);
    }
    None
}

/// Things that come several at a time; all of them are of one kind.
fn many(items: &[Value]) -> Option<Event> {
    if items.is_empty() {
        return None;
    }
    let all = |names| items.iter().all(|item| has(item, names));
    if all(["userid", "status"]) {
        return items
            .iter()
            .map(read)
            .collect::<Option<_>>()
            .map(Event::Online);
    }
    if all(["chatRoomId", "type"]) {
        return items
            .iter()
            .map(read)
            .collect::<Option<_>>()
            .map(Event::Chatroom);
    }
    None
}

fn has(value: &Value, names: [&str; 2]) -> bool {
    names.iter().all(|name| value.get(name).is_some())
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// What is written always has a JSON form.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn hash_of<T>(items: impl IntoIterator<Item = T>, add: impl Fn(T, &mut DedupeHash)) -> DedupeKey {
    let mut hash = DedupeHash::default();
    for item in items {
        add(item, &mut hash);
    }
    hash.into()
}

/// The id of a message as a key, behind a word for what is told of it; all that
/// is told where there is no id.
fn key_of(about: &str, id: Option<&str>, all: impl fmt::Display) -> DedupeKey {
    match id.filter(|id| !id.is_empty()) {
        Some(id) => DedupeKey::Word(format!("{about}{id}").into()),
        None => hash_of([all], |all, hash| hash.part(all)),
    }
}

macro_rules! from {
    ($($kind:ident($body:ty),)+) => {$(
        impl From<$body> for Event {
            fn from(body: $body) -> Self {
                Self::$kind(Box::new(body))
            }
        }
    )+};
}

from! {
    Route(RoutedMessage),
    Check(PreDelivery),
    Operation(MessageOperation),
    Audit(AuditResult),
}

impl From<OnlineStatus> for Event {
    fn from(change: OnlineStatus) -> Self {
        Self::Online(vec![change])
    }
}

impl From<ChatroomStatus> for Event {
    fn from(change: ChatroomStatus) -> Self {
        Self::Chatroom(vec![change])
    }
}
