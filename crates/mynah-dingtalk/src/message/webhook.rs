//! What is posted by a custom robot and into a session, and answered to a callback of a robot.

use mynah_core::{Described, FieldWords, Kind};
use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::{Link, Markdown, Text, object, words_or_number};
use crate::id::UserId;
use mynah_core::lenient::{list, or_default, text};

/// What is posted by a custom robot and into a session, and whom it mentions
/// (<https://open.dingtalk.com/document/development/custom-robots-send-group-messages>).
///
/// ```
/// use mynah_dingtalk::WebhookMessage;
///
/// let loud = WebhookMessage::text("开会").mention("alice");
/// assert_eq!(
///     serde_json::to_string(&loud)?,
///     r#"{"msgtype":"text","text":{"content":"开会 @alice"},"at":{"atUserIds":["alice"]}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookMessage {
    /// What is said.
    pub body: WebhookBody,
    /// Whom it mentions: in plain text and Markdown.
    pub at: At,
}

/// What is said, by `msgtype`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookBody {
    /// Plain text.
    Text(Text),
    /// Markdown.
    Markdown(Markdown),
    /// A link with a picture.
    Link(Link),
    /// Markdown with buttons.
    ActionCard(WebhookCard),
    /// Links with pictures.
    FeedCard(FeedCard),
    /// Nothing; only as the answer to a callback.
    Empty,
    /// A kind nobody told us of, or one that comes without its object; empty for none.
    Other(String),
}

/// Whom a message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// By mobile number.
    #[serde(rename = "atMobiles", default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mobiles: Vec<String>,
    /// By id; at most 50.
    #[serde(rename = "atUserIds", default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_ids: Vec<UserId>,
    /// Everybody.
    #[serde(rename = "isAtAll", default, deserialize_with = "or_default")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
}

impl At {
    /// Whether nobody is mentioned.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Markdown with one button or several; where there is one, the others do not count.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookCard {
    /// What the list of conversations shows.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// What is said.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// What stands on the one button.
    #[serde(rename = "singleTitle", default, deserialize_with = "or_default")]
    pub single_title: Option<String>,
    /// What the one button opens.
    #[serde(rename = "singleURL", default, deserialize_with = "or_default")]
    pub single_url: Option<String>,
    /// The buttons.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub btns: Vec<WebhookButton>,
    /// `0` for buttons above each other, `1` for buttons side by side.
    #[serde(
        rename = "btnOrientation",
        default,
        deserialize_with = "words_or_number"
    )]
    pub btn_orientation: Option<String>,
    /// `1` to hide the robot's picture.
    #[serde(rename = "hideAvatar", default, deserialize_with = "words_or_number")]
    pub hide_avatar: Option<String>,
}

/// A button of a [`WebhookCard`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookButton {
    /// What stands on it.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// What it opens.
    #[serde(rename = "actionURL", default, deserialize_with = "text")]
    pub action_url: String,
}

impl WebhookCard {
    /// A card with one button.
    pub fn single(
        title: impl Into<String>,
        text: impl Into<String>,
        single_title: impl Into<String>,
        single_url: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            single_title: Some(single_title.into()),
            single_url: Some(single_url.into()),
            ..Self::default()
        }
    }

    /// A card with several buttons, above each other.
    pub fn buttons(
        title: impl Into<String>,
        text: impl Into<String>,
        buttons: impl IntoIterator<Item = WebhookButton>,
    ) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            btns: buttons.into_iter().collect(),
            btn_orientation: Some("0".to_owned()),
            ..Self::default()
        }
    }

    /// Whether it has the one button that makes the others not count.
    pub fn is_single(&self) -> bool {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        has(&self.single_title) && has(&self.single_url)
    }
}

impl WebhookButton {
    /// A button that opens a page.
    pub fn new(title: impl Into<String>, action_url: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            action_url: action_url.into(),
        }
    }
}

/// Links with pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedCard {
    /// The links.
    #[serde(default, deserialize_with = "list")]
    pub links: Vec<FeedLink>,
}

/// A link of a [`FeedCard`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedLink {
    /// The title.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// The page it opens.
    #[serde(rename = "messageURL", default, deserialize_with = "text")]
    pub message_url: String,
    /// Address of the picture.
    #[serde(rename = "picURL", default, deserialize_with = "text")]
    pub pic_url: String,
}

impl WebhookBody {
    /// The kinds, as `msgtype` spells them.
    pub const KINDS: [&'static str; 6] = [
        "text",
        "markdown",
        "link",
        "actionCard",
        "feedCard",
        "empty",
    ];

    /// The kind, as `msgtype` spells it.
    pub fn msgtype(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::Markdown(_) => "markdown",
            Self::Link(_) => "link",
            Self::ActionCard(_) => "actionCard",
            Self::FeedCard(_) => "feedCard",
            Self::Empty => "empty",
            Self::Other(kind) => kind,
        }
    }
}

impl WebhookMessage {
    /// What is said, mentioning nobody.
    pub fn new(body: impl Into<WebhookBody>) -> Self {
        Self {
            body: body.into(),
            at: At::default(),
        }
    }

    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Self::new(Text::new(content))
    }

    /// Markdown.
    pub fn markdown(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Markdown::new(title, text))
    }

    /// Nothing, as the answer to a callback.
    pub fn empty() -> Self {
        Self::new(WebhookBody::Empty)
    }

    /// The kind, as `msgtype` spells it.
    pub fn msgtype(&self) -> &str {
        self.body.msgtype()
    }

    /// Mentions a member as well. The mention is shown where the text says `@` and the id: it is
    /// added unless it stands there.
    #[must_use]
    pub fn mention(mut self, user: impl Into<UserId>) -> Self {
        let user = user.into();
        self.show(user.as_str());
        self.at.user_ids.push(user);
        self
    }

    /// Mentions whoever has this mobile number, like [`mention`](Self::mention).
    #[must_use]
    pub fn mention_mobile(mut self, number: impl Into<String>) -> Self {
        let number = number.into();
        self.show(&number);
        self.at.mobiles.push(number);
        self
    }

    /// Mentions everybody.
    #[must_use]
    pub fn mention_all(mut self) -> Self {
        self.at.all = true;
        self
    }

    /// Sees to it that the text says `@name`.
    fn show(&mut self, name: &str) {
        let text = match &mut self.body {
            WebhookBody::Text(body) => &mut body.content,
            WebhookBody::Markdown(body) => &mut body.text,
            _ => return,
        };
        if !says(text, name) {
            text.push_str(" @");
            text.push_str(name);
        }
    }
}

/// Whether a text says `@name` and not only the beginning of a longer name.
fn says(text: &str, name: &str) -> bool {
    text.split('@').skip(1).any(|rest| {
        rest.strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    })
}

impl Serialize for WebhookMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let kind = self.msgtype();
        if !kind.is_empty() {
            map.serialize_entry("msgtype", kind)?;
        }
        match &self.body {
            WebhookBody::Text(body) => map.serialize_entry(kind, body)?,
            WebhookBody::Markdown(body) => map.serialize_entry(kind, body)?,
            WebhookBody::Link(body) => map.serialize_entry(kind, body)?,
            WebhookBody::ActionCard(body) => map.serialize_entry(kind, body)?,
            WebhookBody::FeedCard(body) => map.serialize_entry(kind, body)?,
            WebhookBody::Empty | WebhookBody::Other(_) => {}
        }
        if !self.at.is_empty() {
            map.serialize_entry("at", &self.at)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for WebhookMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        WebhookWire::deserialize(deserializer).map(WebhookWire::read)
    }
}

/// A message as parameters of a call, which stand beside its other ones.
#[derive(Default, Deserialize)]
pub(crate) struct WebhookWire {
    #[serde(default, deserialize_with = "text")]
    msgtype: String,
    #[serde(default)]
    text: Value,
    #[serde(default)]
    markdown: Value,
    #[serde(default)]
    link: Value,
    #[serde(default, rename = "actionCard")]
    action_card: Value,
    #[serde(default, rename = "feedCard")]
    feed_card: Value,
    #[serde(default)]
    at: Value,
}

impl WebhookWire {
    /// The message that is meant.
    pub(crate) fn read(self) -> WebhookMessage {
        let body = match self.msgtype.as_str() {
            "text" => of(self.text, WebhookBody::Text),
            "markdown" => of(self.markdown, WebhookBody::Markdown),
            "link" => of(self.link, WebhookBody::Link),
            "actionCard" => of(self.action_card, WebhookBody::ActionCard),
            "feedCard" => of(self.feed_card, WebhookBody::FeedCard),
            "empty" => Some(WebhookBody::Empty),
            _ => None,
        };
        WebhookMessage {
            body: body.unwrap_or(WebhookBody::Other(self.msgtype)),
            at: object(Some(self.at)).unwrap_or_default(),
        }
    }
}

fn of<T: DeserializeOwned>(body: Value, kind: fn(T) -> WebhookBody) -> Option<WebhookBody> {
    object(Some(body)).map(kind)
}

impl Described for WebhookMessage {
    const DOC: &'static str = "";
    const FIELDS: &'static [FieldWords] = &[
        FieldWords::required(
            "msgtype",
            "The kind of message; its object stands under the key of the same name.",
        )
        .one_of(&WebhookBody::KINDS),
        FieldWords::optional("text", "Plain text.").of_kind(Kind::Object),
        FieldWords::optional("markdown", "Markdown.").of_kind(Kind::Object),
        FieldWords::optional("link", "A link with a picture.").of_kind(Kind::Object),
        FieldWords::optional("actionCard", "Markdown with buttons.").of_kind(Kind::Object),
        FieldWords::optional("feedCard", "Links with pictures.").of_kind(Kind::Object),
        FieldWords::optional("at", "Whom it mentions.").of_kind(Kind::Object),
    ];
}

impl From<&str> for WebhookMessage {
    fn from(content: &str) -> Self {
        Self::text(content)
    }
}

impl From<String> for WebhookMessage {
    fn from(content: String) -> Self {
        Self::text(content)
    }
}

impl From<WebhookBody> for WebhookMessage {
    fn from(body: WebhookBody) -> Self {
        Self::new(body)
    }
}

macro_rules! from_bodies {
    ($($variant:ident($body:ty))+) => {$(
        impl From<$body> for WebhookBody {
            fn from(body: $body) -> Self {
                Self::$variant(body)
            }
        }

        impl From<$body> for WebhookMessage {
            fn from(body: $body) -> Self {
                Self::new(body)
            }
        }
    )+};
}

from_bodies! {
    Text(Text) Markdown(Markdown) Link(Link) ActionCard(WebhookCard) FeedCard(FeedCard)
}
