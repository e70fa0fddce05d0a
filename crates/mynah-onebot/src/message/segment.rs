//! One piece of a message.

use std::borrow::Cow;
use std::fmt::{self, Write};

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::{Content, Message, cq};
use crate::id::{GroupId, MessageId, UserId};

/// One piece of a message: a type and its data.
///
/// The data is kept as it is on the wire, in its order and with keys this version does not know,
/// so nothing is lost between receiving and sending; [`Segment::view`] reads it as typed values.
/// Segments: <https://github.com/botuniverse/onebot-11/blob/master/message/segment.md>.
///
/// ```
/// use mynah_onebot::{Segment, UserId, message::{Mention, View}};
///
/// let image = Segment::image("https://example.com/cat.jpg").flash().timeout(10);
/// assert_eq!(image.to_string(), "[CQ:image,file=https://example.com/cat.jpg,type=flash,timeout=10]");
///
/// let at = Segment::at(UserId(10001));
/// assert_eq!(at.view(), View::At(Mention::User(UserId(10001))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    kind: Cow<'static, str>,
    data: Data,
}

/// # Reading and changing
impl Segment {
    /// A segment of any type, for those without a constructor of their own.
    ///
    /// ```
    /// use mynah_onebot::Segment;
    ///
    /// let gift = Segment::new("gift").with("qq", 10001).with("id", 5);
    /// assert_eq!(gift.to_string(), "[CQ:gift,qq=10001,id=5]");
    /// ```
    pub fn new(kind: &str) -> Self {
        Self {
            kind: known(kind),
            data: Data::default(),
        }
    }

    /// The type, for example `text` or `image`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// All keys and values.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// All keys and values, for changing them.
    pub fn data_mut(&mut self) -> &mut Data {
        &mut self.data
    }

    /// The string value of a key; `None` if it is absent or not a string.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.data.get(key).and_then(Value::as_str)
    }

    /// Sets a key, in the place of its old value or at the end.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.data.set(key, value);
        self
    }

    /// The text of a text segment.
    pub fn as_text(&self) -> Option<&str> {
        self.is_text().then(|| self.get("text").unwrap_or_default())
    }

    fn is_text(&self) -> bool {
        self.kind == "text"
    }

    /// Whether this is a text segment that says nothing.
    pub(super) fn is_empty_text(&self) -> bool {
        self.as_text().is_some_and(str::is_empty)
    }

    /// Whether dropping this segment loses nothing.
    pub(super) fn is_nothing(&self) -> bool {
        self.is_empty_text() && self.data.iter().all(|(key, _)| key == "text")
    }

    /// Appends the text of `next` if both are texts and nothing else; returns it otherwise.
    pub(super) fn absorb(&mut self, next: Segment) -> Result<(), Segment> {
        let (Some(text), Some(more)) = (self.bare_text_mut(), next.bare_text()) else {
            return Err(next);
        };
        text.push_str(more);
        Ok(())
    }

    fn bare_text(&self) -> Option<&str> {
        match self.data.0.as_slice() {
            [(key, Value::Text(text))] if self.is_text() && key == "text" => Some(text),
            _ => None,
        }
    }

    fn bare_text_mut(&mut self) -> Option<&mut String> {
        let is_text = self.is_text();
        match self.data.0.as_mut_slice() {
            [(key, Value::Text(text))] if is_text && key == "text" => Some(text),
            _ => None,
        }
    }
}

/// # Constructors
///
/// Optional keys that have no method are set with [`Segment::with`].
impl Segment {
    /// A segment with one key; nobody needs to look up whether we know the names.
    fn one(kind: &'static str, key: &'static str, value: impl Into<Value>) -> Self {
        Self {
            kind: Cow::Borrowed(kind),
            data: Data(vec![(Cow::Borrowed(key), value.into())]),
        }
    }

    /// Plain text. Nothing in it is parsed.
    pub fn text(text: impl Into<String>) -> Self {
        Self::one("text", "text", text.into())
    }

    /// A QQ face by its number.
    pub fn face(id: impl Into<Value>) -> Self {
        Self::one("face", "id", id)
    }

    /// An emoji by its code point; CQHTTP only.
    pub fn emoji(emoji: char) -> Self {
        Self::new("emoji").with("id", u32::from(emoji))
    }

    /// An image: a received file name, `file:///…`, `http(s)://…` or `base64://…`.
    pub fn image(file: impl Into<Value>) -> Self {
        Self::one("image", "file", file)
    }

    /// A voice message, from the same sources as [`Segment::image`].
    pub fn record(file: impl Into<Value>) -> Self {
        Self::one("record", "file", file)
    }

    /// A short video, from the same sources as [`Segment::image`].
    pub fn video(file: impl Into<Value>) -> Self {
        Self::one("video", "file", file)
    }

    /// Mentions one member.
    pub fn at(user: impl Into<UserId>) -> Self {
        Self::one("at", "qq", user.into())
    }

    /// Mentions everybody.
    pub fn at_all() -> Self {
        Self::one("at", "qq", "all")
    }

    /// Rock, paper, scissors.
    pub fn rps() -> Self {
        Self::new("rps")
    }

    /// A die.
    pub fn dice() -> Self {
        Self::new("dice")
    }

    /// Shakes the other side's window.
    pub fn shake() -> Self {
        Self::new("shake")
    }

    /// A poke of the given type and id, as listed by the platform.
    pub fn poke(kind: impl Into<Value>, id: impl Into<Value>) -> Self {
        Self::new("poke").with("type", kind).with("id", id)
    }

    /// Sends the message anonymously. `.with("ignore", true)` sends it by name where that is
    /// impossible.
    pub fn anonymous() -> Self {
        Self::new("anonymous")
    }

    /// A link. Optional keys: `content`, `image`.
    pub fn share(url: impl Into<Value>, title: impl Into<Value>) -> Self {
        Self::new("share").with("url", url).with("title", title)
    }

    /// Recommends a person.
    pub fn contact_user(user: impl Into<UserId>) -> Self {
        Self::new("contact")
            .with("type", "qq")
            .with("id", user.into())
    }

    /// Recommends a group.
    pub fn contact_group(group: impl Into<GroupId>) -> Self {
        Self::new("contact")
            .with("type", "group")
            .with("id", group.into())
    }

    /// A place, in degrees. Optional keys: `title`, `content`.
    pub fn location(latitude: f64, longitude: f64) -> Self {
        Self::new("location")
            .with("lat", latitude)
            .with("lon", longitude)
    }

    /// A song of a music platform: `qq`, `163` or `xm`.
    pub fn music(platform: impl Into<Value>, id: impl Into<Value>) -> Self {
        Self::new("music").with("type", platform).with("id", id)
    }

    /// A song of one's own. Optional keys: `content`, `image`.
    pub fn music_custom(
        url: impl Into<Value>,
        audio: impl Into<Value>,
        title: impl Into<Value>,
    ) -> Self {
        Self::new("music")
            .with("type", "custom")
            .with("url", url)
            .with("audio", audio)
            .with("title", title)
    }

    /// Quotes a message.
    pub fn reply(message: impl Into<MessageId>) -> Self {
        Self::one("reply", "id", message.into())
    }

    /// A merged forward, whose nodes `get_forward_msg` fetches.
    pub fn forward(id: impl Into<Value>) -> Self {
        Self::new("forward").with("id", id)
    }

    /// A node of a merged forward that is an existing message.
    pub fn node(message: impl Into<MessageId>) -> Self {
        Self::new("node").with("id", message.into())
    }

    /// A node of a merged forward with content of one's own.
    pub fn node_custom(
        user: impl Into<UserId>,
        nickname: impl Into<Value>,
        content: impl Into<Content>,
    ) -> Self {
        Self::new("node")
            .with("user_id", user.into())
            .with("nickname", nickname)
            .with("content", content.into())
    }

    /// An XML message.
    pub fn xml(data: impl Into<Value>) -> Self {
        Self::new("xml").with("data", data)
    }

    /// A JSON message.
    pub fn json(data: impl Into<Value>) -> Self {
        Self::new("json").with("data", data)
    }
}

/// # Options of images, voice messages and videos
impl Segment {
    /// Shows the image once.
    #[must_use]
    pub fn flash(self) -> Self {
        self.with("type", "flash")
    }

    /// Disguises the voice.
    #[must_use]
    pub fn magic(self, magic: bool) -> Self {
        self.with("magic", magic)
    }

    /// Whether a file from the network may come from the cache; yes by default.
    #[must_use]
    pub fn cache(self, cache: bool) -> Self {
        self.with("cache", cache)
    }

    /// Whether a file from the network is fetched through the configured proxy; yes by default.
    #[must_use]
    pub fn proxy(self, proxy: bool) -> Self {
        self.with("proxy", proxy)
    }

    /// How many seconds fetching a file from the network may take; no limit by default.
    #[must_use]
    pub fn timeout(self, seconds: u32) -> Self {
        self.with("timeout", seconds)
    }
}

/// The data of a segment: keys and values in the order of the wire.
#[derive(Clone, Debug, Default, Eq)]
pub struct Data(Vec<(Cow<'static, str>, Value)>);

impl Data {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.iter()
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Sets a key, in the place of its old value or at the end.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.insert(known(key), value.into());
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    /// All keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn insert(&mut self, key: Cow<'static, str>, value: Value) {
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0
            .iter_mut()
            .find_map(|(name, value)| (name == key).then_some(value))
    }
}

/// Equal when keys and values are; the order does not matter, as in any JSON object.
impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

/// A value in the data of a segment. Nearly always a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string. Numbers on the wire become their digits, true and false become `1` and `0`.
    Text(String),
    /// The content of a node.
    Message(Message),
    /// An array or object of a segment type that is not in the standard.
    Json(serde_json::Value),
}

impl Value {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Message(_) | Self::Json(_) => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::from(if flag { "1" } else { "0" })
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        // The debug form keeps the point of whole numbers, "1.0".
        Self::Text(format!("{number:?}"))
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<Content> for Value {
    fn from(content: Content) -> Self {
        match content {
            Content::Cq(text) => Self::Text(text),
            Content::Segments(message) => Self::Message(message),
        }
    }
}

macro_rules! value_from_number {
    ($($number:ty),+) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Text(number.to_string())
            }
        })+
    };
}

value_from_number!(i32, i64, u32, u64);

macro_rules! value_from_id {
    ($($id:ty),+) => {
        $(impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::from(id.0)
            }
        })+
    };
}

value_from_id!(UserId, GroupId, MessageId);

/// The string format: escaped text, or `[CQ:type,key=value]`.
impl fmt::Display for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_cq(formatter)
    }
}

impl Segment {
    pub(super) fn write_cq(&self, out: &mut impl Write) -> fmt::Result {
        if let Some(text) = self.as_text() {
            return cq::write_text(out, text);
        }
        out.write_str("[CQ:")?;
        // Names need no escaping unless somebody tries to smuggle in a code.
        cq::write_value(out, &self.kind)?;
        for (key, value) in self.data.iter() {
            out.write_char(',')?;
            cq::write_value(out, key)?;
            out.write_char('=')?;
            match value {
                Value::Text(text) => cq::write_value(out, text)?,
                Value::Message(message) => cq::write_value(out, &message.to_cq())?,
                Value::Json(json) => cq::write_value(out, &json.to_string())?,
            }
        }
        out.write_char(']')
    }
}

impl From<cq::Token<'_>> for Segment {
    fn from(token: cq::Token<'_>) -> Self {
        match token {
            cq::Token::Text(text) => Self::text(text),
            cq::Token::Code(code) => {
                let mut segment = Self::new(code.kind());
                for (key, value) in code.params() {
                    segment.data.set(key, value.into_owned());
                }
                // Text has no code of its own; in one that is named so, only the words count.
                match segment.as_text() {
                    Some(text) => Self::text(text),
                    None => segment,
                }
            }
        }
    }
}

impl Serialize for Segment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut segment = serializer.serialize_struct("Segment", 2)?;
        segment.serialize_field("type", &self.kind)?;
        segment.serialize_field("data", &self.data)?;
        segment.end()
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Message(message) => message.serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SegmentVisitor)
    }
}

struct SegmentVisitor;

impl<'de> Visitor<'de> for SegmentVisitor {
    type Value = Segment;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a message segment with `type` and `data`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Segment, A::Error> {
        let mut kind = Name(Cow::Borrowed(""));
        let mut data = Data::default();
        while let Some(Name(key)) = map.next_key()? {
            match key.as_ref() {
                "type" => kind = map.next_value()?,
                "data" => data = map.next_value::<Option<Data>>()?.unwrap_or_default(),
                _ => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        if kind.0.is_empty() {
            return Err(A::Error::custom("a message segment has no `type`"));
        }
        if kind.0 == "node" {
            data.read_node_content();
        }
        Ok(Segment { kind: kind.0, data })
    }
}

impl Data {
    /// Turns an array of segments in a node into the message it is. Content of any other shape
    /// stays as it came.
    fn read_node_content(&mut self) {
        if let Some(content) = self.get_mut("content")
            && let Value::Json(json) = content
            && let Ok(message) = Message::deserialize(&*json)
        {
            *content = Value::Message(message);
        }
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the data of a message segment, an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut data = Data::default();
        while let Some((Name(key), value)) = map.next_entry::<Name, Option<Value>>()? {
            if let Some(value) = value {
                data.insert(key, value);
            }
        }
        Ok(data)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value in a message segment")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Value, A::Error> {
        serde_json::Value::deserialize(SeqAccessDeserializer::new(seq)).map(Value::Json)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        serde_json::Value::deserialize(MapAccessDeserializer::new(map)).map(Value::Json)
    }
}

/// A type or key; those of the standard need no allocation.
struct Name(Cow<'static, str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name, a string")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(known(name)))
    }
}

macro_rules! known_names {
    ($($name:literal)+) => {
        /// Borrows the names that occur all the time and copies the others.
        fn known(name: &str) -> Cow<'static, str> {
            match name {
                $($name => Cow::Borrowed($name),)+
                other => Cow::Owned(other.to_owned()),
            }
        }
    };
}

known_names! {
    "type" "data"
    "text" "face" "image" "record" "video" "at" "rps" "dice" "shake" "poke" "anonymous" "share"
    "contact" "location" "music" "reply" "forward" "node" "xml" "json" "emoji"
    "id" "file" "url" "cache" "proxy" "timeout" "magic" "qq" "name" "ignore" "title" "content"
    "lat" "lon" "audio" "user_id" "nickname" "summary" "sub_type" "subType" "file_size"
}
