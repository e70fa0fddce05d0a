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
pub struct Message {
    parts: Vec<Part>,
    unnumbered: bool,
}

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
    /// Markdown in the CommonMark dialect, with the tables, strikethrough and task lists of
    /// GitHub. It is read here and written as each platform knows it.
    Markdown(String),
    /// Words with buttons below them.
    Card(Card),
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

/// Words with buttons below them. Where a platform has no buttons they are numbered lines.
///
/// ```
/// use mynah_bot::{Card, Message};
///
/// let card = Card::new("Deploy?")
///     .text("`main` to **production**")
///     .link("What changed", "https://example.com/diff")
///     .press("Yes", "deploy:yes")
///     .say("Later", "/remind 1h");
/// assert_eq!(Message::new().card(card).parts().len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The headline; empty for none.
    pub title: String,
    /// What is below it, in Markdown; empty for nothing.
    pub text: String,
    /// The address of a picture; empty for none.
    pub image: String,
    /// The buttons, in their order.
    pub buttons: Vec<Button>,
}

/// A button of a [`Card`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What it does.
    pub action: ButtonAction,
}

/// What a [`Button`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ButtonAction {
    /// Opens an address.
    Url(String),
    /// Tells the bot that it was pressed, and this.
    Press(String),
    /// Says this in the name of whoever presses it.
    Say(String),
}

impl Card {
    /// A card with a headline.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Puts Markdown below the headline.
    #[must_use]
    pub fn text(mut self, markdown: impl Into<String>) -> Self {
        self.text = markdown.into();
        self
    }

    /// Shows the picture at an address.
    #[must_use]
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image = url.into();
        self
    }

    /// Adds a button that opens an address.
    #[must_use]
    pub fn link(self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.button(label, ButtonAction::Url(url.into()))
    }

    /// Adds a button that tells the bot `data` when it is pressed.
    #[must_use]
    pub fn press(self, label: impl Into<String>, data: impl Into<String>) -> Self {
        self.button(label, ButtonAction::Press(data.into()))
    }

    /// Adds a button that says `words` in the name of whoever presses it.
    #[must_use]
    pub fn say(self, label: impl Into<String>, words: impl Into<String>) -> Self {
        self.button(label, ButtonAction::Say(words.into()))
    }

    /// Adds a button.
    #[must_use]
    pub fn button(mut self, label: impl Into<String>, action: ButtonAction) -> Self {
        self.buttons.push(Button {
            label: label.into(),
            action,
        });
        self
    }
}

impl Link {
    /// A link of which nothing but its address and headline are known.
    pub fn new(url: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            title: title.into(),
            ..Self::default()
        }
    }
}

impl Location {
    /// A place by its degrees north and east, and what is there.
    pub fn new(latitude: f64, longitude: f64, title: impl Into<String>) -> Self {
        Self {
            latitude,
            longitude,
            title: title.into(),
        }
    }

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
        Self::new().push(Part::Text(text.into()))
    }

    /// Markdown in the CommonMark dialect.
    pub fn markdown(text: impl Into<String>) -> Self {
        Self::new().push(Part::Markdown(text.into()))
    }

    /// Adds a part; a `&str` or `String` is plain text.
    #[must_use]
    pub fn push(mut self, part: impl Into<Part>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// Mentions somebody, if there is somebody.
    #[must_use]
    pub fn mention(mut self, user: impl Into<Option<UserId>>) -> Self {
        self.parts.extend(user.into().map(Part::Mention));
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

    /// Adds a voice message.
    #[must_use]
    pub fn voice(self, media: Media) -> Self {
        self.push(Part::Voice(media))
    }

    /// Adds a video.
    #[must_use]
    pub fn video(self, media: Media) -> Self {
        self.push(Part::Video(media))
    }

    /// Adds a file.
    #[must_use]
    pub fn file(self, media: Media) -> Self {
        self.push(Part::File(media))
    }

    /// Adds a link with a preview.
    #[must_use]
    pub fn link(self, link: Link) -> Self {
        self.push(Part::Link(link))
    }

    /// Adds a place on the map.
    #[must_use]
    pub fn location(self, place: Location) -> Self {
        self.push(Part::Location(place))
    }

    /// Adds words with buttons.
    #[must_use]
    pub fn card(self, card: Card) -> Self {
        self.push(Part::Card(card))
    }

    /// Adds something of one platform's own; the others name it as lost.
    #[must_use]
    pub fn raw(self, platform: Platform, json: Value) -> Self {
        self.push(Part::Raw(platform, json))
    }

    /// Leaves the numbers away, `(1/3)`, that stand below each part of a text which a platform
    /// does not take in one.
    #[must_use]
    pub fn unnumbered(mut self) -> Self {
        self.unnumbered = true;
        self
    }

    /// Whether the parts of a long text are numbered.
    pub fn is_numbered(&self) -> bool {
        !self.unnumbered
    }

    /// Quotes a message.
    #[must_use]
    pub fn quote(self, message: MessageId) -> Self {
        self.push(Part::Quote(message))
    }

    /// The parts in their order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.parts
            .iter()
            .all(|part| matches!(part, Part::Text(text) if text.is_empty()))
    }

    /// The text of it, without anything else.
    pub fn plain_text(&self) -> String {
        self.parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) | Part::Markdown(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The people it mentions.
    pub fn mentions(&self) -> impl Iterator<Item = &UserId> {
        self.parts.iter().filter_map(|part| match part {
            Part::Mention(user) => Some(user),
            _ => None,
        })
    }

    /// The message it quotes.
    pub fn quoted(&self) -> Option<&MessageId> {
        self.parts.iter().find_map(|part| match part {
            Part::Quote(message) => Some(message),
            _ => None,
        })
    }
}

impl FromIterator<Part> for Message {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        Self {
            parts: parts.into_iter().collect(),
            unnumbered: false,
        }
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

impl From<Card> for Part {
    fn from(card: Card) -> Self {
        Self::Card(card)
    }
}

impl From<Link> for Part {
    fn from(link: Link) -> Self {
        Self::Link(link)
    }
}

impl From<Location> for Part {
    fn from(place: Location) -> Self {
        Self::Location(place)
    }
}
