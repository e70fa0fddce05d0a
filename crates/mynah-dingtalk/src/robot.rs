//! What people say to a robot: the same over HTTP and over Stream.
//!
//! ```
//! use mynah_dingtalk::robot::{Content, RobotMessage};
//!
//! let message = RobotMessage::from_slice(
//!     r#"{"msgId":"msg1","conversationId":"cid1","conversationType":"2","senderId":"$:1",
//!         "senderStaffId":"alice","isInAtList":true,"msgtype":"text","text":{"content":" 你好"}}"#
//!         .as_bytes(),
//! )?;
//! // The mention of the robot is taken out, the blank behind it is not.
//! assert_eq!(message.text(), Some("你好"));
//! assert_eq!(message.sender_staff_id, Some("alice".into()));
//! # Ok::<(), mynah_dingtalk::DecodeError>(())
//! ```
//!
//! <https://open.dingtalk.com/document/development/receive-message>

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_core::{DedupeHash, DedupeKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::id::{OpenConversationId, RobotCode, UnionId, UserId};
use crate::members::{DecodeError, Members, Object, object};

mynah_core::words! {
    /// Where something was said.
    pub enum ConversationType {
        /// To the robot alone.
        Single = "1",
        /// In a group that the robot is in.
        Group = "2",
    }
}

/// What somebody said to a robot. In groups only what mentions the robot comes.
///
/// What is absent, or not what it should be, counts as absent; members that
/// have no place in the types are kept in [`extra`](Self::extra).
#[derive(Clone, Debug, PartialEq)]
pub struct RobotMessage {
    /// The same in each delivery of the message.
    pub msg_id: String,
    /// Where it was said; robots send into it as an `openConversationId`.
    pub conversation_id: OpenConversationId,
    /// What kind of conversation that is.
    pub conversation_type: Option<ConversationType>,
    /// The name of the group; groups only.
    pub conversation_title: Option<String>,
    /// Who said it, encrypted; the same for one robot.
    pub sender_id: String,
    /// Who said it; nobody where the person is of another organisation, or the
    /// application is not published.
    pub sender_staff_id: Option<UserId>,
    /// The same person for every organisation.
    pub sender_union_id: Option<UnionId>,
    /// What the person is called.
    pub sender_nick: Option<String>,
    /// The organisation of the person.
    pub sender_corp_id: Option<String>,
    /// Where it was typed, such as `Mac`.
    pub sender_platform: Option<String>,
    /// The robot, encrypted.
    pub chatbot_user_id: Option<String>,
    /// The organisation of the robot.
    pub chatbot_corp_id: Option<String>,
    /// The robot.
    pub robot_code: Option<RobotCode>,
    /// When it was said, in milliseconds since 1970.
    pub create_at: Option<i64>,
    /// Whether the person administers the organisation.
    pub is_admin: Option<bool>,
    /// Whether the robot is among those who are mentioned.
    pub is_in_at_list: Option<bool>,
    /// Who is mentioned, the robot included.
    pub at_users: Vec<AtUser>,
    /// Where it can be answered for a while.
    pub session_webhook: Option<SessionWebhook>,
    /// What was said.
    pub content: Content,
    /// What else stands there.
    pub extra: Map<String, Value>,
}

/// Somebody who is mentioned.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtUser {
    /// The person or the robot, encrypted.
    #[serde(default)]
    pub dingtalk_id: Option<String>,
    /// The person; empty for people of other organisations.
    #[serde(default)]
    pub staff_id: Option<UserId>,
    /// The same person for every organisation.
    #[serde(default)]
    pub union_id: Option<UnionId>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl AtUser {
    /// A person of the organisation.
    pub fn staff(dingtalk_id: impl Into<String>, staff_id: impl Into<UserId>) -> Self {
        Self {
            dingtalk_id: Some(dingtalk_id.into()),
            staff_id: Some(staff_id.into()),
            ..Self::default()
        }
    }
}

/// An address where a message can be answered without a token, for about 90
/// minutes. Who has it can speak for the robot, so it shows only on demand.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionWebhook {
    url: String,
    /// Until when it is good, in milliseconds since 1970; 0 if that is not known.
    pub expires: i64,
}

impl SessionWebhook {
    /// An address that is good until then, in milliseconds since 1970.
    pub fn new(url: impl Into<String>, expires: i64) -> Self {
        let url = url.into();
        Self { url, expires }
    }

    /// The address itself; not for logs.
    pub fn expose(&self) -> &str {
        &self.url
    }

    /// What it has in its query as `session`; not for logs.
    pub fn session(&self) -> Option<String> {
        let (_, query) = self.url.split_once('?')?;
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).ok()?;
        let session = pairs.into_iter().find(|(name, _)| name == "session");
        session.map(|(_, session)| session)
    }

    /// Until when it is good.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let millis = u64::try_from(self.expires).ok()?;
        UNIX_EPOCH.checked_add(Duration::from_millis(millis))
    }

    /// Whether it can be used then. Afterwards a robot sends by the interfaces
    /// of the application.
    pub fn is_good_at(&self, wall: SystemTime) -> bool {
        self.expires_at().is_some_and(|end| wall < end)
    }
}

impl fmt::Debug for SessionWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionWebhook")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// What was said.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// Text.
    Text(Text),
    /// Text and pictures, in their order.
    RichText(RichText),
    /// A picture.
    Picture(Picture),
    /// Speech; to the robot alone.
    Audio(Audio),
    /// A video; to the robot alone.
    Video(Video),
    /// A file; to the robot alone.
    File(File),
    /// A kind that this version does not know, or one that is not made as it
    /// should be; what it says is in [`extra`](RobotMessage::extra).
    Unknown(
        /// The platform's word for it: `unknownMsgType` where it has none either.
        String,
    ),
}

/// Text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// The text as it came; see [`RobotMessage::text`].
    pub content: String,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Text and pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RichText {
    /// The parts, in their order.
    #[serde(rename = "richText")]
    pub parts: Vec<RichPart>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A text, or a picture.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RichPart {
    /// The text.
    #[serde(default)]
    pub text: Option<String>,
    /// What the picture is downloaded with.
    #[serde(default)]
    pub download_code: Option<String>,
    /// `picture` for a picture.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl RichPart {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
    }

    /// A picture.
    pub fn picture(download_code: impl Into<String>) -> Self {
        Self {
            download_code: Some(download_code.into()),
            kind: Some("picture".to_owned()),
            ..Self::default()
        }
    }
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// What it is downloaded with.
    pub download_code: String,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Speech.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audio {
    /// What it is downloaded with.
    pub download_code: String,
    /// What was said, recognised.
    #[serde(default)]
    pub recognition: Option<String>,
    /// How long it is, in milliseconds.
    #[serde(default)]
    pub duration: Option<i64>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A video.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Video {
    /// What it is downloaded with.
    pub download_code: String,
    /// How long it is, in milliseconds.
    #[serde(default)]
    pub duration: Option<i64>,
    /// `mp4` or the like.
    #[serde(default)]
    pub video_type: Option<String>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A file.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// What it is downloaded with.
    pub download_code: String,
    /// What it is called.
    #[serde(default)]
    pub file_name: Option<String>,
    /// The space it is stored in.
    #[serde(default)]
    pub space_id: Option<String>,
    /// The file in that space.
    #[serde(default)]
    pub file_id: Option<String>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Content {
    /// Text.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text(Text {
            content: content.into(),
            extra: Map::new(),
        })
    }

    /// Text and pictures.
    pub fn rich(parts: impl IntoIterator<Item = RichPart>) -> Self {
        Self::RichText(RichText {
            parts: parts.into_iter().collect(),
            extra: Map::new(),
        })
    }

    /// A picture.
    pub fn picture(download_code: impl Into<String>) -> Self {
        Self::Picture(Picture {
            download_code: download_code.into(),
            extra: Map::new(),
        })
    }

    /// The platform's word for it, as in `msgtype`.
    pub fn word(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::RichText(_) => "richText",
            Self::Picture(_) => "picture",
            Self::Audio(_) => "audio",
            Self::Video(_) => "video",
            Self::File(_) => "file",
            Self::Unknown(word) => word,
        }
    }

    /// What the file of it is downloaded with
    /// (<https://open.dingtalk.com/document/development/download-the-file-content-of-the-robot-receiving-message>).
    pub fn download_code(&self) -> Option<&str> {
        match self {
            Self::Picture(it) => Some(&it.download_code),
            Self::Audio(it) => Some(&it.download_code),
            Self::Video(it) => Some(&it.download_code),
            Self::File(it) => Some(&it.download_code),
            Self::Text(_) | Self::RichText(_) | Self::Unknown(_) => None,
        }
    }

    fn read(word: String, from: &mut Members) -> Self {
        let read = match word.as_str() {
            "text" => body(from, TEXT).map(Self::Text),
            "richText" => body(from, CONTENT).map(Self::RichText),
            "picture" => body(from, CONTENT).map(Self::Picture),
            "audio" => body(from, CONTENT).map(Self::Audio),
            "video" => body(from, CONTENT).map(Self::Video),
            "file" => body(from, CONTENT).map(Self::File),
            _ => None,
        };
        read.unwrap_or(Self::Unknown(word))
    }

    fn write(&self, to: &mut Object) {
        to.put(MSGTYPE, Some(self.word()));
        match self {
            Self::Text(it) => to.put(TEXT, json(it)),
            Self::RichText(it) => to.put(CONTENT, json(it)),
            Self::Picture(it) => to.put(CONTENT, json(it)),
            Self::Audio(it) => to.put(CONTENT, json(it)),
            Self::Video(it) => to.put(CONTENT, json(it)),
            Self::File(it) => to.put(CONTENT, json(it)),
            Self::Unknown(_) => {}
        }
    }
}

const MSGTYPE: &str = "msgtype";
const TEXT: &str = "text";
const CONTENT: &str = "content";
const CREATE_AT: &str = "createAt";
const AT_USERS: &str = "atUsers";
const SESSION_WEBHOOK: &str = "sessionWebhook";
const SESSION_EXPIRES: &str = "sessionWebhookExpiredTime";

/// The object of a kind. Derived readers alone would take an array as well.
fn body<T: DeserializeOwned>(from: &mut Members, name: &str) -> Option<T> {
    if !from.rest.get(name).is_some_and(Value::is_object) {
        return None;
    }
    from.take(name)
}

fn json(body: &impl Serialize) -> Option<Value> {
    serde_json::to_value(body).ok()
}

impl RobotMessage {
    /// A message with nothing but what is given.
    pub fn new(
        msg_id: impl Into<String>,
        conversation_id: impl Into<OpenConversationId>,
        conversation_type: ConversationType,
        sender_id: impl Into<String>,
        content: Content,
    ) -> Self {
        Self {
            msg_id: msg_id.into(),
            conversation_id: conversation_id.into(),
            conversation_type: Some(conversation_type),
            conversation_title: None,
            sender_id: sender_id.into(),
            sender_staff_id: None,
            sender_union_id: None,
            sender_nick: None,
            sender_corp_id: None,
            sender_platform: None,
            chatbot_user_id: None,
            chatbot_corp_id: None,
            robot_code: None,
            create_at: None,
            is_admin: None,
            is_in_at_list: None,
            at_users: Vec::new(),
            session_webhook: None,
            content,
            extra: Map::new(),
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// It is no JSON object, or has no `msgtype`.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::from_object(object(bytes)?)
    }

    pub(crate) fn from_object(members: Map<String, Value>) -> Result<Self, DecodeError> {
        let mut from = Members::of(members);
        let word = from.take(MSGTYPE).ok_or(DecodeError::NoKind(MSGTYPE))?;
        let content = Content::read(word, &mut from);
        Ok(Self {
            msg_id: from.take("msgId").unwrap_or_default(),
            conversation_id: from.take("conversationId").unwrap_or_default(),
            conversation_type: from.take("conversationType"),
            conversation_title: from.take("conversationTitle"),
            sender_id: from.take("senderId").unwrap_or_default(),
            sender_staff_id: from.take("senderStaffId"),
            sender_union_id: from.take("senderUnionId"),
            sender_nick: from.take("senderNick"),
            sender_corp_id: from.take("senderCorpId"),
            sender_platform: from.take("senderPlatform"),
            chatbot_user_id: from.take("chatbotUserId"),
            chatbot_corp_id: from.take("chatbotCorpId"),
            robot_code: from.take("robotCode"),
            create_at: create_at(&mut from),
            is_admin: from.take("isAdmin"),
            is_in_at_list: from.take("isInAtList"),
            at_users: at_users(&mut from),
            session_webhook: SessionWebhook::read(&mut from),
            content,
            extra: from.rest,
        })
    }

    /// The message as JSON.
    pub fn to_json(&self) -> Value {
        let mut to = Object::default();
        to.put("msgId", some(&self.msg_id));
        to.put("conversationId", some(self.conversation_id.as_str()));
        let kind = self.conversation_type.as_ref();
        to.put("conversationType", kind.map(ConversationType::as_str));
        to.put("conversationTitle", self.conversation_title.clone());
        to.put("senderId", some(&self.sender_id));
        to.put("senderStaffId", self.sender_staff_id.clone().map(|id| id.0));
        to.put("senderUnionId", self.sender_union_id.clone().map(|id| id.0));
        to.put("senderNick", self.sender_nick.clone());
        to.put("senderCorpId", self.sender_corp_id.clone());
        to.put("senderPlatform", self.sender_platform.clone());
        to.put("chatbotUserId", self.chatbot_user_id.clone());
        to.put("chatbotCorpId", self.chatbot_corp_id.clone());
        to.put("robotCode", self.robot_code.clone().map(|code| code.0));
        to.put(CREATE_AT, self.create_at);
        to.put("isAdmin", self.is_admin);
        to.put("isInAtList", self.is_in_at_list);
        let mentioned = (!self.at_users.is_empty()).then_some(&self.at_users);
        to.put(AT_USERS, mentioned.and_then(json));
        if let Some(webhook) = &self.session_webhook {
            to.put(SESSION_WEBHOOK, Some(webhook.url.as_str()));
            to.put(
                SESSION_EXPIRES,
                (webhook.expires != 0).then_some(webhook.expires),
            );
        }
        self.content.write(&mut to);
        to.rest(&self.extra);
        Value::Object(to.members)
    }

    /// What it is, in the platform's word: its `msgtype`.
    pub fn name(&self) -> &str {
        self.content.word()
    }

    /// The text without the blanks around it, if that is what was said: where
    /// the robot was mentioned, the platform leaves a blank behind.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text.content.trim()),
            _ => None,
        }
    }

    /// Whether it was said in a group.
    pub fn is_group(&self) -> bool {
        self.conversation_type == Some(ConversationType::Group)
    }

    /// What two deliveries of it have in common: its id.
    pub fn dedupe_key(&self) -> DedupeKey {
        if !self.msg_id.is_empty() {
            return DedupeKey::Word(self.msg_id.as_str().into());
        }
        let mut hash = DedupeHash::default();
        hash.part(self.to_json());
        hash.into()
    }
}

/// As [`RobotMessage::to_json`].
impl Serialize for RobotMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl SessionWebhook {
    fn read(from: &mut Members) -> Option<Self> {
        let url: String = from.take(SESSION_WEBHOOK)?;
        let expires = from.integer(SESSION_EXPIRES).unwrap_or_default();
        Some(Self { url, expires })
    }
}

/// Nothing is not written.
fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A sample of the documentation misspells it.
fn create_at(from: &mut Members) -> Option<i64> {
    let name = if from.has(CREATE_AT) {
        CREATE_AT
    } else {
        "createA"
    };
    from.integer(name)
}

fn at_users(from: &mut Members) -> Vec<AtUser> {
    let are_objects = |value: &Value| {
        let list = value.as_array();
        list.is_some_and(|list| list.iter().all(Value::is_object))
    };
    if !from.rest.get(AT_USERS).is_some_and(are_objects) {
        return Vec::new();
    }
    from.take(AT_USERS).unwrap_or_default()
}
