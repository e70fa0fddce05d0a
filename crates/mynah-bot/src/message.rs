//! Messages as documents, which each platform writes in its own way.

use serde_json::Value;

use crate::id::{MessageId, Platform, UserId};

/// What is said: a sequence of parts, the same for every platform.
///
/// Text is text: nothing in it is read as markup, whoever wrote it. What a
/// platform cannot carry is named when the message is sent, never dropped
/// in silence.
///
/// ```
/// use mynah_bot::{Message, Platform, UserId};
///
/// let alice = UserId::new(Platform::OneBot, 10001);
/// let welcome = Message::text("欢迎 ").mention(alice).push(" !");
/// assert_eq!(welcome.parts().len(), 3);
/// assert_eq!(welcome.plain_text(), "欢迎  !");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message(Vec<Part>);

/// One piece of a message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Part {
    /// Plain text.
    Text(String),
    /// Calls one person's attention.
    Mention(UserId),
    /// Calls everybody's attention.
    MentionAll,
    /// A picture.
    Image(Media),
    /// A voice message.
    Voice(Media),
    /// A video.
    Video(Media),
    /// Any file.
    File(Media),
    /// A link with a preview.
    Link(Link),
    /// A place on the map.
    Location(Location),
    /// Markdown in the CommonMark dialect.
    Markdown(String),
    /// The message that this one answers.
    Quote(MessageId),
    /// Something of one platform's own, in that platform's JSON.
    Raw(Platform, Value),
}

/// Bytes, or where they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    /// The content.
    pub source: Source,
    /// A file name; empty for none.
    pub name: String,
}

/// Where the content of a [`Media`] is.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// An address the platform fetches.
    Url(String),
    /// The bytes themselves.
    Bytes(bytes::Bytes),
    /// What the platform called it when it came in.
    Name(String),
}

impl Media {
    /// Its name, for places where it cannot be sent.
    pub(crate) fn in_brackets(&self) -> String {
        let name = if self.name.is_empty() {
            "?"
        } else {
            &self.name
        };
        format!("[{name}]")
    }

    /// Content that the platform fetches from `url`.
    pub fn url(url: impl Into<String>) -> Self {
        Self {
            source: Source::Url(url.into()),
            name: String::new(),
        }
    }

    /// Content in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<bytes::Bytes>) -> Self {
        Self {
            source: Source::Bytes(bytes.into()),
            name: name.into(),
        }
    }
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.source {
            Source::Url(url) => write!(f, "Media({url})"),
            Source::Bytes(bytes) => write!(f, "Media({} bytes)", bytes.len()),
            Source::Name(name) => write!(f, "Media({name})"),
        }
    }
}

/// A link with a preview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub url: String,
    /// The headline.
    pub title: String,
    /// A sentence below it.
    pub text: String,
    /// The address of a picture.
    pub image: String,
}

/// A place on the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What is there.
    pub title: String,
}

impl Location {
    /// For platforms without a map.
    pub(crate) fn in_words(&self) -> String {
        let Self {
            latitude,
            longitude,
            title,
        } = self;
        let blank = if title.is_empty() { "" } else { " " };
        format!("{title}{blank}({latitude}, {longitude})")
    }
}

impl Message {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Part::Text(text.into())])
    }

    /// Markdown in the CommonMark dialect.
    pub fn markdown(text: impl Into<String>) -> Self {
        Self(vec![Part::Markdown(text.into())])
    }

    /// Adds a part; a `&str` or `String` is plain text.
    #[must_use]
    pub fn push(mut self, part: impl Into<Part>) -> Self {
        self.0.push(part.into());
        self
    }

    /// Mentions somebody, if there is somebody.
    #[must_use]
    pub fn mention(mut self, user: impl Into<Option<UserId>>) -> Self {
        self.0.extend(user.into().map(Part::Mention));
        self
    }

    /// Mentions everybody.
    #[must_use]
    pub fn mention_all(self) -> Self {
        self.push(Part::MentionAll)
    }

    /// Adds a picture.
    #[must_use]
    pub fn image(self, media: Media) -> Self {
        self.push(Part::Image(media))
    }

    /// Quotes a message.
    #[must_use]
    pub fn quote(self, message: MessageId) -> Self {
        self.push(Part::Quote(message))
    }

    /// The parts in their order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0
            .iter()
            .all(|part| matches!(part, Part::Text(text) if text.is_empty()))
    }

    /// The text of it, without anything else.
    pub fn plain_text(&self) -> String {
        self.0
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) | Part::Markdown(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The people it mentions.
    pub fn mentions(&self) -> impl Iterator<Item = &UserId> {
        self.0.iter().filter_map(|part| match part {
            Part::Mention(user) => Some(user),
            _ => None,
        })
    }

    /// The message it quotes.
    pub fn quoted(&self) -> Option<&MessageId> {
        self.0.iter().find_map(|part| match part {
            Part::Quote(message) => Some(message),
            _ => None,
        })
    }
}

impl FromIterator<Part> for Message {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        Self(parts.into_iter().collect())
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

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
