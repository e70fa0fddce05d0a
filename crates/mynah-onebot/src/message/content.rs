//! A message as it travels.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{Message, Segment, cq};

/// A message in the form it has on the wire, a string with CQ codes or an array of segments.
///
/// It leaves in the form in which it came. A plain `&str` or `String` becomes a text segment, so
/// that nobody can smuggle a code into it; CQ codes are asked for with [`Content::cq`].
///
/// ```
/// use mynah_onebot::{Content, Message, Segment};
///
/// let said: Content = "[CQ:at,qq=all]".into();
/// assert_eq!(said.to_message().segments(), [Segment::text("[CQ:at,qq=all]")]);
///
/// let meant = Content::cq("[CQ:at,qq=all]");
/// assert_eq!(meant.to_message().segments(), [Segment::at_all()]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The string format: text with CQ codes.
    Cq(String),
    /// The array format.
    Segments(Message),
}

impl Content {
    /// A string in which CQ codes count.
    pub fn cq(text: impl Into<String>) -> Self {
        Self::Cq(text.into())
    }

    /// The segments, parsed if need be.
    pub fn to_message(&self) -> Cow<'_, Message> {
        match self {
            Self::Cq(text) => Cow::Owned(Message::parse_cq(text)),
            Self::Segments(message) => Cow::Borrowed(message),
        }
    }

    /// The segments, parsed if need be.
    pub fn into_message(self) -> Message {
        match self {
            Self::Cq(text) => Message::parse_cq(&text),
            Self::Segments(message) => message,
        }
    }

    /// The segments to send under the parameter `auto_escape`: when it is set, a string is plain
    /// text. Segments stay what they are.
    pub fn into_message_escaped(self, auto_escape: bool) -> Message {
        match self {
            Self::Cq(text) if auto_escape => Message::text(text),
            other => other.into_message(),
        }
    }

    /// The string format.
    pub fn to_cq(&self) -> Cow<'_, str> {
        match self {
            Self::Cq(text) => Cow::Borrowed(text),
            Self::Segments(message) => Cow::Owned(message.to_cq()),
        }
    }

    /// What is said in words; see [`Message::plain_text`].
    pub fn plain_text(&self) -> String {
        self.to_message().plain_text()
    }

    /// Whether nothing is said: no text, no segment, or only empty texts.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Cq(text) => cq::tokens(text)
                .map(Segment::from)
                .all(|segment| segment.is_empty_text()),
            Self::Segments(message) => message.is_empty(),
        }
    }
}

/// Empty, in the array format.
impl Default for Content {
    fn default() -> Self {
        Self::Segments(Message::default())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Segments(text.into())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Segments(text.into())
    }
}

impl From<Segment> for Content {
    fn from(segment: Segment) -> Self {
        Self::Segments(segment.into())
    }
}

impl From<Vec<Segment>> for Content {
    fn from(segments: Vec<Segment>) -> Self {
        Self::Segments(segments.into())
    }
}

impl From<Message> for Content {
    fn from(message: Message) -> Self {
        Self::Segments(message)
    }
}

impl From<Content> for Message {
    fn from(content: Content) -> Self {
        content.into_message()
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cq(text) => text.serialize(serializer),
            Self::Segments(message) => message.serialize(serializer),
        }
    }
}

/// A string stays a string; an array of segments or a single segment object becomes segments.
impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a message: a string, an array of segments or a segment")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Content, E> {
        Ok(Content::cq(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Content, E> {
        Ok(Content::Cq(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Content, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Content::from)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Content, A::Error> {
        Segment::deserialize(MapAccessDeserializer::new(map)).map(Content::from)
    }
}
