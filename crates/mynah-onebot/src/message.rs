//! Messages: what people and bots say.
//!
//! A [`Message`] is a list of [`Segment`]s. On the wire it is an array of segments or a string with
//! CQ codes; [`Content`] remembers which.
//!
//! ```
//! use mynah_onebot::{Message, Segment, UserId};
//!
//! let message = Segment::at(UserId(10001)) + " 在 [这里]";
//! assert_eq!(message.to_cq(), "[CQ:at,qq=10001] 在 &#91;这里&#93;");
//! assert_eq!(Message::parse_cq("[CQ:at,qq=10001] 在 &#91;这里&#93;"), message);
//! ```

mod content;
pub mod cq;
mod segment;
mod view;

use std::fmt;
use std::ops::{Add, AddAssign};

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

pub use content::Content;
pub use segment::{Data, Segment, Value};
pub use view::{Contact, Media, Mention, View};

use crate::id::{MessageId, UserId};

/// A message: segments in order.
///
/// A `&str` or `String` is plain text wherever one is accepted; only [`Message::parse_cq`] looks
/// for CQ codes. Building (`push`, `+`, `collect`) joins neighbouring texts and leaves out empty
/// ones; decoding and `From<Vec<Segment>>` keep what they are given, and [`Message::reduce`]
/// tidies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message(Vec<Segment>);

impl Message {
    /// A message without segments.
    pub fn new() -> Self {
        Self::default()
    }

    /// A message of plain text. Nothing in it is parsed.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new() + Segment::text(text)
    }

    /// Reads a string with CQ codes. Never fails: what is no valid code is text.
    ///
    /// Use it for strings from the platform or from your own code, never for what a user typed.
    pub fn parse_cq(text: &str) -> Self {
        cq::tokens(text).map(Segment::from).collect()
    }

    /// Writes the string format. Equal to `to_string`.
    pub fn to_cq(&self) -> String {
        let mut text = String::with_capacity(32 * self.0.len());
        // Writing into a String cannot fail.
        let _ = self.write_cq(&mut text);
        text
    }

    fn write_cq(&self, out: &mut impl fmt::Write) -> fmt::Result {
        self.0.iter().try_for_each(|segment| segment.write_cq(out))
    }

    /// Appends a segment; a text joins a text before it.
    pub fn push(&mut self, segment: impl Into<Segment>) {
        let segment = segment.into();
        if segment.is_nothing() {
            return;
        }
        match self.0.last_mut() {
            Some(last) => {
                if let Err(segment) = last.absorb(segment) {
                    self.0.push(segment);
                }
            }
            None => self.0.push(segment),
        }
    }

    /// Joins neighbouring texts and leaves out empty ones.
    #[must_use]
    pub fn reduce(self) -> Self {
        self.0.into_iter().collect()
    }

    /// What is said in words: the texts, with one blank where something else stands between them.
    pub fn plain_text(&self) -> String {
        let mut words = String::new();
        let mut interrupted = false;
        for segment in &self.0 {
            match segment.as_text() {
                Some("") => {}
                Some(text) => {
                    if interrupted && !words.is_empty() {
                        words.push(' ');
                    }
                    words.push_str(text);
                    interrupted = false;
                }
                None => interrupted = true,
            }
        }
        words
    }

    /// The segments.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The segments, for changing them.
    pub fn segments_mut(&mut self) -> &mut Vec<Segment> {
        &mut self.0
    }

    /// The segments, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Segment> {
        self.0.iter()
    }

    /// Whether nothing is said: no segment, or only empty texts.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Segment::is_empty_text)
    }

    /// Whether the message mentions this user by name; a mention of everybody does not count.
    pub fn mentions(&self, user: UserId) -> bool {
        self.0
            .iter()
            .any(|segment| segment.mention() == Some(Mention::User(user)))
    }

    /// Whether the message mentions everybody.
    pub fn mentions_all(&self) -> bool {
        self.0
            .iter()
            .any(|segment| segment.mention() == Some(Mention::All))
    }

    /// The message that is quoted.
    pub fn quoted(&self) -> Option<MessageId> {
        self.0.iter().find_map(|segment| match segment.view() {
            View::Reply(id) => Some(id),
            _ => None,
        })
    }
}

/// The string format.
impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_cq(formatter)
    }
}

impl From<&str> for Segment {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Segment {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Segment> for Message {
    fn from(segment: Segment) -> Self {
        Self(vec![segment])
    }
}

impl From<Vec<Segment>> for Message {
    fn from(segments: Vec<Segment>) -> Self {
        Self(segments)
    }
}

impl<const N: usize> From<[Segment; N]> for Message {
    fn from(segments: [Segment; N]) -> Self {
        Self(segments.into())
    }
}

impl<T: Into<Message>> AddAssign<T> for Message {
    fn add_assign(&mut self, more: T) {
        self.extend(more.into());
    }
}

impl<T: Into<Message>> Add<T> for Message {
    type Output = Message;

    fn add(mut self, more: T) -> Message {
        self += more;
        self
    }
}

impl<T: Into<Message>> Add<T> for Segment {
    type Output = Message;

    fn add(self, more: T) -> Message {
        Message::new() + self + more
    }
}

impl Add<Segment> for &str {
    type Output = Message;

    fn add(self, segment: Segment) -> Message {
        Message::text(self) + segment
    }
}

impl Add<Message> for &str {
    type Output = Message;

    fn add(self, message: Message) -> Message {
        Message::text(self) + message
    }
}

impl Extend<Segment> for Message {
    fn extend<I: IntoIterator<Item = Segment>>(&mut self, segments: I) {
        for segment in segments {
            self.push(segment);
        }
    }
}

impl FromIterator<Segment> for Message {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        let mut message = Self::new();
        message.extend(segments);
        message
    }
}

impl IntoIterator for Message {
    type Item = Segment;
    type IntoIter = std::vec::IntoIter<Segment>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Message {
    type Item = &'a Segment;
    type IntoIter = std::slice::Iter<'a, Segment>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reads an array of segments, a single segment object, or a string with CQ codes.
impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Content::deserialize(deserializer).map(Content::into_message)
    }
}
