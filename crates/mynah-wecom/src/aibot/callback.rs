//! What a bot is told.

use std::fmt;

use mynah_core::DedupeKey;
use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::reply::Text;
use crate::card::CardType;
use crate::id::{ChatId, TaskId, UserId};

/// Something that happened and that a bot is told: a message, an event, or the
/// wish to hear how a stream goes on
/// (<https://developer.work.weixin.qq.com/document/path/100719>,
/// <https://developer.work.weixin.qq.com/document/path/101027>).
///
/// The same object in callback mode (there it comes encrypted and with a
/// [`response_url`](Self::response_url)) and on the long connection.
///
/// ```
/// use mynah_wecom::aibot::{Callback, Content, Kind};
///
/// let callback = Callback::from_slice(
///     r#"{"msgid":"MSG1","aibotid":"aib-sandbox","chattype":"single","from":{"userid":"alice"},
///         "msgtype":"text","text":{"content":"hello"}}"#.as_bytes(),
/// )?;
/// let Kind::Message { content: Content::Text(text), .. } = &callback.kind else {
///     panic!("a text");
/// };
/// assert_eq!(text.content, "hello");
/// assert_eq!(callback.userid(), Some(&"alice".into()));
/// # Ok::<(), mynah_wecom::aibot::DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// Tells one callback from the next; the same in each delivery.
    pub msgid: String,
    /// When it happened, in unix seconds; events say it, messages do not.
    pub create_time: Option<i64>,
    /// The bot.
    pub aibotid: String,
    /// The group; only where [`chattype`](Self::chattype) is a group.
    pub chatid: Option<ChatId>,
    /// Where it was said; some events do not tell.
    pub chattype: Option<ChatType>,
    /// Who said or did it; missing where nobody did.
    pub from: Option<Sender>,
    /// Where one more message can be posted without a token; only in callback
    /// mode.
    pub response_url: Option<ResponseUrl>,
    /// What happened.
    pub kind: Kind,
    /// What else the object says.
    pub extra: Map<String, Value>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Somebody said something to the bot.
    Message {
        /// What was said.
        content: Content,
        /// What it is an answer to.
        quote: Option<Content>,
    },
    /// The platform wants to know how the stream of this id goes on. Only in
    /// callback mode: sent again and again until the bot has answered with
    /// `finish`, for at most 6 minutes after the message.
    Refresh(
        /// The [id](super::Stream::id) of the stream.
        String,
    ),
    /// Somebody did something.
    Event(Event),
}

/// What a message consists of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// Text; in a group the mention of the bot is a part of it.
    Text(Text),
    /// A picture.
    Image(Media),
    /// Text and pictures in the order they stand in.
    Mixed(Vec<Item>),
    /// Speech, recognised.
    Voice(Voice),
    /// A file.
    File(Media),
    /// A video.
    Video(Media),
    /// A kind that this version does not know, or one that is not made as it should be.
    Unknown {
        /// The kind.
        msgtype: String,
        /// The object of the same name; null if there is none.
        body: Value,
    },
}

/// A part of [`Content::Mixed`]: what is not text or a picture is
/// [`Content::Unknown`].
pub type Item = Content;

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChatType {
    /// To the bot alone.
    Single,
    /// In a group that the bot is in.
    Group,
    /// Elsewhere.
    Other(
        /// The platform's word for it.
        String,
    ),
}

impl ChatType {
    /// As the platform writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Single => "single",
            Self::Group => "group",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for ChatType {
    fn from(word: String) -> Self {
        match word.as_str() {
            "single" => Self::Single,
            "group" => Self::Group,
            _ => Self::Other(word),
        }
    }
}

/// Who said or did something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The corp of the person; not sent to bots of the same corp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corpid: Option<String>,
    /// The person.
    #[serde(default)]
    pub userid: UserId,
}

/// The address of one more answer: a POST of markdown or a template card,
/// which needs no token. It is a secret for as long as it is good, so it shows
/// only on demand.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResponseUrl(String);

impl ResponseUrl {
    /// An address.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The address itself; not for logs.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What it has in its query as `response_code`; not for logs.
    pub fn response_code(&self) -> Option<String> {
        let (_, query) = self.0.split_once('?')?;
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).ok()?;
        let code = pairs.into_iter().find(|(name, _)| name == "response_code");
        code.map(|(_, code)| code)
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseUrl(…)")
    }
}

/// A picture, file or video: where its encrypted bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it can be fetched for 5 minutes.
    pub url: String,
    /// What opens it. Only on the long connection; in callback mode it is the
    /// `EncodingAESKey` of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aeskey: Option<MediaKey>,
}

/// The key of one picture, file or video: 32 bytes in base64, with or without
/// the `=` at the end. Shows only on demand.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaKey(String);

impl MediaKey {
    /// A key in base64.
    pub fn new(base64: impl Into<String>) -> Self {
        Self(base64.into())
    }

    /// The base64; not for logs.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MediaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MediaKey(…)")
    }
}

/// Speech, which comes as the text that was recognised and without the sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// What was said.
    #[serde(default)]
    pub content: String,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A person has opened the chat with the bot for the first time today. A
    /// welcome is taken for 5 seconds.
    EnterChat,
    /// A person has pressed a button of a template card, or sent a choice. An
    /// update of the card is taken for 5 seconds.
    Card(CardEvent),
    /// A person has rated an answer that had a [`feedback`](super::Stream::feedback).
    Feedback(FeedbackEvent),
    /// Another connection of the same bot has taken over: this one ends, and
    /// must not come back, or the two would fight for ever. Only on the long
    /// connection.
    Disconnected,
    /// A kind that this version does not know, or one that is not made as it should be.
    Unknown(
        /// The event; its `eventtype` says which kind it is.
        Map<String, Value>,
    ),
}

/// A person has pressed a button of a template card, or sent a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardEvent {
    /// The kind of card, such as `button_interaction`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_type: Option<CardType>,
    /// The `key` of the button.
    pub event_key: String,
    /// The `task_id` of the card.
    #[serde(default)]
    pub task_id: TaskId,
    /// What was chosen, for cards that let people choose.
    #[serde(
        default,
        with = "selected_items",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub selected_items: Vec<SelectedItem>,
}

/// What was chosen in answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedItem {
    /// The `question_key` of the question.
    pub question_key: String,
    /// The `id`s of the choices.
    pub option_ids: Vec<String>,
}

/// A rating of an answer. What the numbers mean beyond 2, which is a bad one,
/// is not documented, so they stay numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackEvent {
    /// That of the [`feedback`](super::Stream::feedback) of the answer.
    pub id: String,
    /// The rating.
    #[serde(rename = "type")]
    pub rating: i64,
    /// What the person wrote about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What was wrong with the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inaccurate_reason_list: Vec<i64>,
}

/// Why something is no callback.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are not a JSON object in UTF-8.
    #[error("not a JSON object: stopped at line {line}, column {column} of {length} bytes")]
    NotAnObject {
        /// Where reading stopped, counted from 1; 0 before the first line.
        line: usize,
        /// Where in the line reading stopped, in bytes.
        column: usize,
        /// How many bytes there were.
        length: usize,
    },
    /// There is no `msgtype`, or it is no string.
    #[error("the callback has no string `msgtype`")]
    NoKind,
}

impl Callback {
    /// A callback with nothing but what is given.
    pub fn new(msgid: impl Into<String>, aibotid: impl Into<String>, kind: Kind) -> Self {
        Self {
            msgid: msgid.into(),
            create_time: None,
            aibotid: aibotid.into(),
            chatid: None,
            chattype: None,
            from: None,
            response_url: None,
            kind,
            extra: Map::new(),
        }
    }

    /// Reads a callback, decrypted if it was encrypted.
    ///
    /// # Errors
    /// The bytes are not a JSON object, or it does not say what kind it is.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DecodeError> {
        let object = serde_json::from_slice(bytes).map_err(|error| DecodeError::NotAnObject {
            line: error.line(),
            column: error.column(),
            length: bytes.len(),
        })?;
        Self::from_object(object)
    }

    /// The same from an object that has been read already.
    ///
    /// # Errors
    /// It does not say what kind it is.
    pub fn from_object(mut object: Map<String, Value>) -> Result<Self, DecodeError> {
        let Some(Value::String(msgtype)) = object.remove("msgtype") else {
            return Err(DecodeError::NoKind);
        };
        Ok(Self {
            msgid: take(&mut object, "msgid").unwrap_or_default(),
            create_time: take(&mut object, "create_time"),
            aibotid: take(&mut object, "aibotid").unwrap_or_default(),
            chatid: take(&mut object, "chatid"),
            chattype: take(&mut object, "chattype").map(|word: String| word.into()),
            from: take(&mut object, "from"),
            response_url: take(&mut object, "response_url"),
            // After the others, lest an unknown kind of their name takes them.
            kind: Kind::take(msgtype, &mut object),
            extra: object,
        })
    }

    /// Who said or did it.
    pub fn userid(&self) -> Option<&UserId> {
        self.from.as_ref().map(|from| &from.userid)
    }

    /// What the platform calls this kind: the `msgtype`, or `event.` and the
    /// `eventtype`.
    pub fn name(&self) -> String {
        match &self.kind {
            Kind::Message { content, .. } => content.msgtype().to_owned(),
            Kind::Refresh(_) => "stream".to_owned(),
            Kind::Event(event) => format!("event.{}", event.eventtype()),
        }
    }

    /// What two deliveries of one callback have in common. The requests for a
    /// stream repeat and are not to be told apart by it.
    pub fn dedupe_key(&self) -> DedupeKey {
        DedupeKey::Word(self.msgid.as_str().into())
    }
}

impl Kind {
    fn take(msgtype: String, object: &mut Map<String, Value>) -> Self {
        match msgtype.as_str() {
            "event" => {
                if let Some(event) = take(object, "event") {
                    return Self::Event(Event::of(event));
                }
            }
            "stream" => {
                if let Some(Stream { id }) = take(object, "stream") {
                    return Self::Refresh(id);
                }
            }
            _ => {}
        }
        let content = Content::take(msgtype, object);
        let quote = take(object, "quote");
        Self::Message { content, quote }
    }
}

impl Content {
    /// The `msgtype`.
    pub fn msgtype(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Mixed(_) => "mixed",
            Self::Voice(_) => "voice",
            Self::File(_) => "file",
            Self::Video(_) => "video",
            Self::Unknown { msgtype, .. } => msgtype,
        }
    }

    /// The text, if it is one, or speech.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.content),
            Self::Voice(voice) => Some(&voice.content),
            _ => None,
        }
    }

    fn take(msgtype: String, object: &mut Map<String, Value>) -> Self {
        let known = match msgtype.as_str() {
            "text" => take(object, "text").map(Self::Text),
            "image" => take(object, "image").map(Self::Image),
            "mixed" => take(object, "mixed").map(|Mixed { msg_item }| Self::Mixed(msg_item)),
            "voice" => take(object, "voice").map(Self::Voice),
            "file" => take(object, "file").map(Self::File),
            "video" => take(object, "video").map(Self::Video),
            _ => None,
        };
        known.unwrap_or_else(|| {
            let body = object.remove(&msgtype).unwrap_or_default();
            Self::Unknown { msgtype, body }
        })
    }

    /// The two members that say what was said.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("msgtype", self.msgtype())?;
        match self {
            Self::Text(text) => map.serialize_entry("text", text),
            Self::Image(media) | Self::File(media) | Self::Video(media) => {
                map.serialize_entry(self.msgtype(), media)
            }
            Self::Mixed(items) => map.serialize_entry("mixed", &WrittenMixed { msg_item: items }),
            Self::Voice(voice) => map.serialize_entry("voice", voice),
            Self::Unknown { body, .. } if body.is_null() => Ok(()),
            Self::Unknown { msgtype, body } => map.serialize_entry(msgtype, body),
        }
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write(&mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut object = Map::deserialize(deserializer)?;
        match object.remove("msgtype") {
            Some(Value::String(msgtype)) => Ok(Self::take(msgtype, &mut object)),
            _ => Err(serde::de::Error::custom(DecodeError::NoKind)),
        }
    }
}

impl Event {
    /// The `eventtype`; empty if the event has none.
    pub fn eventtype(&self) -> &str {
        match self {
            Self::EnterChat => "enter_chat",
            Self::Card(_) => "template_card_event",
            Self::Feedback(_) => "feedback_event",
            Self::Disconnected => "disconnected_event",
            Self::Unknown(event) => event
                .get("eventtype")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        }
    }

    fn of(mut object: Map<String, Value>) -> Self {
        let known = match object.get("eventtype").and_then(Value::as_str) {
            Some("enter_chat") => Some(Self::EnterChat),
            Some("disconnected_event") => Some(Self::Disconnected),
            // The typings of the vendor's SDK know it flat, its documentation nested.
            Some("template_card_event") => take(&mut object, "template_card_event")
                .or_else(|| CardEvent::deserialize(&object).ok())
                .map(Self::Card),
            Some("feedback_event") => take(&mut object, "feedback_event").map(Self::Feedback),
            _ => None,
        };
        known.unwrap_or(Self::Unknown(object))
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Unknown(object) = self {
            return object.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("eventtype", self.eventtype())?;
        match self {
            Self::Card(card) => map.serialize_entry(self.eventtype(), card)?,
            Self::Feedback(feedback) => map.serialize_entry(self.eventtype(), feedback)?,
            Self::EnterChat | Self::Disconnected | Self::Unknown(_) => {}
        }
        map.end()
    }
}

impl Serialize for Callback {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("msgid", &self.msgid)?;
        entry(&mut map, "create_time", self.create_time.as_ref())?;
        map.serialize_entry("aibotid", &self.aibotid)?;
        entry(&mut map, "chatid", self.chatid.as_ref())?;
        let chattype = self.chattype.as_ref().map(ChatType::as_str);
        entry(&mut map, "chattype", chattype.as_ref())?;
        entry(&mut map, "from", self.from.as_ref())?;
        entry(&mut map, "response_url", self.response_url.as_ref())?;
        match &self.kind {
            Kind::Message { content, quote } => {
                content.write(&mut map)?;
                entry(&mut map, "quote", quote.as_ref())?;
            }
            Kind::Refresh(id) => {
                map.serialize_entry("msgtype", "stream")?;
                map.serialize_entry("stream", &Stream { id: id.clone() })?;
            }
            Kind::Event(event) => {
                map.serialize_entry("msgtype", "event")?;
                map.serialize_entry("event", event)?;
            }
        }
        for (name, value) in &self.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Callback {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Map::deserialize(deserializer)?;
        Self::from_object(object).map_err(serde::de::Error::custom)
    }
}

fn entry<M: SerializeMap>(
    map: &mut M,
    name: &str,
    value: Option<&(impl Serialize + ?Sized)>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, value))
}

/// A member that can be read; one that cannot stays where it is.
fn take<T: DeserializeOwned>(object: &mut Map<String, Value>, name: &str) -> Option<T> {
    let found = T::deserialize(object.get(name)?).ok()?;
    object.remove(name);
    Some(found)
}

#[derive(Serialize, Deserialize)]
struct Stream {
    id: String,
}

#[derive(Deserialize)]
struct Mixed {
    msg_item: Vec<Item>,
}

#[derive(Serialize)]
struct WrittenMixed<'a> {
    msg_item: &'a [Item],
}

/// `{"selected_item":[{"question_key":…,"option_ids":{"option_id":[…]}}]}`.
mod selected_items {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::SelectedItem;

    #[derive(Serialize, Deserialize)]
    struct Wire {
        #[serde(default)]
        selected_item: Vec<WireItem>,
    }

    #[derive(Serialize, Deserialize)]
    struct WireItem {
        question_key: String,
        #[serde(default)]
        option_ids: WireIds,
    }

    #[derive(Default, Serialize, Deserialize)]
    struct WireIds {
        #[serde(default)]
        option_id: Vec<String>,
    }

    pub(super) fn serialize<S: Serializer>(
        items: &[SelectedItem],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let wire = |item: &SelectedItem| WireItem {
            question_key: item.question_key.clone(),
            option_ids: WireIds {
                option_id: item.option_ids.clone(),
            },
        };
        let selected_item = items.iter().map(wire).collect();
        Wire { selected_item }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<SelectedItem>, D::Error> {
        let wire = Option::<Wire>::deserialize(deserializer)?;
        let items = wire.map(|wire| wire.selected_item).unwrap_or_default();
        let item = |item: WireItem| SelectedItem {
            question_key: item.question_key,
            option_ids: item.option_ids.option_id,
        };
        Ok(items.into_iter().map(item).collect())
    }
}
