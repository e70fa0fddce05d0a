//! What can be said: the bodies of messages.
//!
//! Three families stand side by side, and their fields are spelled differently: [`Message`] goes
//! into chats and work notices (`single_url`, `action_card`), a [`Template`] is filled in by a
//! robot of an application (`msgKey` and `msgParam`), and a [`WebhookMessage`] is posted by a
//! custom robot or into a session (`singleURL`, `actionCard`, mentions).
//!
//! Lengths are in characters unless a field says bytes
//! (<https://open.dingtalk.com/document/development/message-types-and-data-format>).
//!
//! Read from a client, a text that is absent, null or no string is an empty one, and a list that
//! is none is an empty one: the platform has a code of its own for each.

mod template;
mod webhook;

use mynah_core::lenient::{list, meant_as, or_default, text};
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

pub(crate) use template::TemplateWire;
pub use template::{
    Template, TemplateAudio, TemplateCard, TemplateFile, TemplateImage, TemplateVideo,
};
pub(crate) use webhook::WebhookWire;
pub use webhook::{
    At, FeedCard, FeedLink, WebhookBody, WebhookButton, WebhookCard, WebhookMessage,
};

use crate::id::MediaId;

/// The longest messages and texts. Refused beyond (34016), where not said otherwise.
pub mod limit {
    /// A whole message in a chat or a work notice, in bytes of compact JSON.
    pub const MESSAGE: usize = 2048;
    /// Plain text.
    pub const TEXT: usize = 5000;
    /// Title of a link.
    pub const TITLE: usize = 64;
    /// Markdown, in a card too.
    pub const MARKDOWN: usize = 5000;
    /// What stands on the one button of a card.
    pub const SINGLE_TITLE: usize = 20;
    /// What the one button of a card opens.
    pub const SINGLE_URL: usize = 500;
    /// All buttons of a card together, as JSON.
    pub const BUTTONS: usize = 1000;
    /// The words at the head of an [`Oa`](super::Oa); not refused beyond.
    pub const HEAD: usize = 10;
    /// The parameters of a [`Template`](super::Template), in bytes.
    pub const TEMPLATE: usize = 15_000;
    /// Whom one message of a custom robot can mention.
    pub const MENTIONS: usize = 50;
}

/// The beginning of a text, at most `characters` of it.
///
/// ```
/// use mynah_dingtalk::message::cut;
///
/// assert_eq!(cut("值班表", 2), "值班");
/// assert_eq!(cut("值班", 20), "值班");
/// ```
pub fn cut(text: &str, characters: usize) -> &str {
    match text.char_indices().nth(characters) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Whether a text has more than this many characters.
pub(crate) fn exceeds(text: &str, characters: usize) -> bool {
    cut(text, characters).len() < text.len()
}

/// Plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// At most 5000 characters; 500 are advised.
    #[serde(default, deserialize_with = "text")]
    pub content: String,
}

impl Text {
    /// This text.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
        }
    }
}

/// A picture or file that was uploaded before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What uploading it answered.
    #[serde(default, deserialize_with = "or_default")]
    pub media_id: MediaId,
}

impl Media {
    /// The file with this id.
    pub fn new(media_id: impl Into<MediaId>) -> Self {
        Self {
            media_id: media_id.into(),
        }
    }
}

/// A voice recording that was uploaded before.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// What uploading it answered.
    #[serde(default, deserialize_with = "or_default")]
    pub media_id: MediaId,
    /// How long it is, in seconds: a number from 1 to 59, as text. Documented as required.
    #[serde(default, deserialize_with = "words_or_number")]
    pub duration: Option<String>,
}

impl Voice {
    /// The recording with this id, which lasts so many seconds.
    pub fn new(media_id: impl Into<MediaId>, seconds: u32) -> Self {
        Self {
            media_id: media_id.into(),
            duration: Some(seconds.to_string()),
        }
    }
}

/// A title, some words and a picture that open a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The page.
    #[serde(rename = "messageUrl", default, deserialize_with = "text")]
    pub message_url: String,
    /// Media id or address of the picture.
    #[serde(rename = "picUrl", default, deserialize_with = "text")]
    pub pic_url: String,
    /// At most 64 characters.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// 500 characters are advised.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
}

impl Link {
    /// A link with a picture.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        message_url: impl Into<String>,
        pic_url: impl Into<String>,
    ) -> Self {
        Self {
            message_url: message_url.into(),
            pic_url: pic_url.into(),
            title: title.into(),
            text: text.into(),
        }
    }
}

/// Text in DingTalk's dialect of Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Markdown {
    /// What the list of conversations shows.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// At most 5000 characters.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
}

impl Markdown {
    /// This text.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
        }
    }
}

/// A form, such as a request that awaits an answer.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oa {
    /// What opens on a phone.
    #[serde(default, deserialize_with = "text")]
    pub message_url: String,
    /// What opens on a computer.
    #[serde(default, deserialize_with = "or_default")]
    pub pc_message_url: Option<String>,
    /// The head.
    #[serde(default, deserialize_with = "or_default")]
    pub head: OaHead,
    /// The state of it; only with at most 5 receivers.
    #[serde(default, deserialize_with = "or_default")]
    pub status_bar: Option<OaStatus>,
    /// What stands in it.
    #[serde(default, deserialize_with = "or_default")]
    pub body: OaBody,
}

/// The head of an [`Oa`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OaHead {
    /// Its colour: opacity, red, green and blue as 8 hexadecimal digits, `FFBBBBBB`.
    #[serde(default, deserialize_with = "text")]
    pub bgcolor: String,
    /// At most 10 characters.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
}

/// The state of an [`Oa`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OaStatus {
    /// In words.
    #[serde(default, deserialize_with = "text")]
    pub status_value: String,
    /// Its colour, `0xFFF65E5E`.
    #[serde(default, deserialize_with = "text")]
    pub status_bg: String,
}

/// What stands in an [`Oa`].
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OaBody {
    /// The title.
    #[serde(default, deserialize_with = "or_default")]
    pub title: Option<String>,
    /// Its lines, of which 6 are shown.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<OaField>,
    /// A number in large letters.
    #[serde(default, deserialize_with = "or_default")]
    pub rich: Option<OaRich>,
    /// Text, of which 3 lines are shown.
    #[serde(default, deserialize_with = "or_default")]
    pub content: Option<String>,
    /// Media id or address of a picture.
    #[serde(default, deserialize_with = "or_default")]
    pub image: Option<String>,
    /// How many files there are, as text.
    #[serde(default, deserialize_with = "words_or_number")]
    pub file_count: Option<String>,
    /// Who made it.
    #[serde(default, deserialize_with = "or_default")]
    pub author: Option<String>,
}

/// A line of an [`Oa`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OaField {
    /// What it is about.
    #[serde(default, deserialize_with = "text")]
    pub key: String,
    /// What it says.
    #[serde(default, deserialize_with = "text")]
    pub value: String,
}

/// A number in large letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OaRich {
    /// The number, as text.
    #[serde(default, deserialize_with = "text")]
    pub num: String,
    /// What it counts.
    #[serde(default, deserialize_with = "text")]
    pub unit: String,
}

/// Markdown with one button or several, never both.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCard {
    /// What the list of conversations shows.
    #[serde(default, deserialize_with = "or_default")]
    pub title: Option<String>,
    /// At most 5000 characters; 1000 are advised.
    #[serde(default, deserialize_with = "text")]
    pub markdown: String,
    /// What stands on the one button: at most 20 characters.
    #[serde(default, deserialize_with = "or_default")]
    pub single_title: Option<String>,
    /// What the one button opens: at most 500 characters.
    #[serde(default, deserialize_with = "or_default")]
    pub single_url: Option<String>,
    /// `0` for buttons above each other, `1` for buttons side by side.
    #[serde(default, deserialize_with = "words_or_number")]
    pub btn_orientation: Option<String>,
    /// The buttons: at most 1000 characters in total.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub btn_json_list: Vec<CardButton>,
}

/// A button of an [`ActionCard`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardButton {
    /// What stands on it: at most 20 characters.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// What it opens: at most 700 characters.
    #[serde(default, deserialize_with = "text")]
    pub action_url: String,
}

impl ActionCard {
    /// A card with one button.
    pub fn single(
        title: impl Into<String>,
        markdown: impl Into<String>,
        single_title: impl Into<String>,
        single_url: impl Into<String>,
    ) -> Self {
        Self {
            title: Some(title.into()),
            markdown: markdown.into(),
            single_title: Some(single_title.into()),
            single_url: Some(single_url.into()),
            ..Self::default()
        }
    }

    /// A card with several buttons, above each other.
    pub fn buttons(
        title: impl Into<String>,
        markdown: impl Into<String>,
        buttons: impl IntoIterator<Item = CardButton>,
    ) -> Self {
        Self {
            title: Some(title.into()),
            markdown: markdown.into(),
            btn_orientation: Some("0".to_owned()),
            btn_json_list: buttons.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same with its buttons side by side.
    #[must_use]
    pub fn side_by_side(self) -> Self {
        Self {
            btn_orientation: Some("1".to_owned()),
            ..self
        }
    }
}

impl CardButton {
    /// A button that opens a page.
    pub fn new(title: impl Into<String>, action_url: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            action_url: action_url.into(),
        }
    }
}

/// Hands the kinds of [`Message`] to a macro.
macro_rules! kinds {
    ($callback:path => $($rest:tt)*) => {
        $callback! {
            [
                /// Plain text.
                Text(Text) = text,
                /// A picture.
                Image(Media) = image,
                /// A voice recording.
                Voice(Voice) = voice,
                /// A file.
                File(Media) = file,
                /// A link with a picture.
                Link(Link) = link,
                /// Markdown.
                Markdown(Markdown) = markdown,
                /// A form.
                Oa(Box<Oa>) = oa,
                /// Markdown with buttons.
                ActionCard(ActionCard) = action_card,
            ]
            $($rest)*
        }
    };
}

kinds! { mynah_core::messages =>
    /// What is said in a chat and in a work notice.
    pub enum Message
}

/// Reads them: the kinds stand beside the other parameters of a call, or are told by their body.
macro_rules! reads {
    (
        [$($(#[doc = $words:literal])+ $variant:ident($body:ty) = $field:ident,)+]
        $wire:ident for $name:ident
    ) => {
        impl $name {
            /// What is said, without the kind; nothing for a kind nobody told us of.
            pub(crate) fn body(&self) -> Option<Value> {
                match self {
                    $(Self::$variant(body) => serde_json::to_value(body).ok(),)+
                    Self::Other(_) => None,
                }
            }

            /// A message of this kind, whose object is `body`.
            pub(crate) fn of(kind: String, body: Option<Value>) -> Self {
                let message = match kind.as_str() {
                    $(stringify!($field) => object(body).map(Self::$variant),)+
                    _ => None,
                };
                message.unwrap_or(Self::Other(kind))
            }
        }

        /// The kinds as parameters of a call, which stand beside its other ones.
        #[derive(Default, Deserialize)]
        pub(crate) struct $wire {
            #[serde(default, deserialize_with = "text")]
            msgtype: String,
            $(#[serde(default)] $field: Option<Value>,)+
        }

        impl $wire {
            /// The message that is meant.
            pub(crate) fn read(self) -> $name {
                let body = match self.msgtype.as_str() {
                    $(stringify!($field) => self.$field,)+
                    _ => None,
                };
                $name::of(self.msgtype, body)
            }
        }
    };
}

kinds! { reads => MessageWire for Message }

/// An object at the wire; a list of its members is not taken for it.
fn object<T: DeserializeOwned>(value: Option<Value>) -> Option<T> {
    let value = value.map(unquoted).filter(Value::is_object)?;
    serde_json::from_value(value).ok()
}

/// A JSON text stands for the JSON: some clients write objects so.
fn unquoted(value: Value) -> Value {
    match &value {
        Value::String(text) if text.starts_with('{') => serde_json::from_str(text).unwrap_or(value),
        _ => value,
    }
}

/// `{"msgtype": …}` or a text of it; anything else is a message of no kind.
impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = meant_as::<D, Map<String, Value>>(deserializer)?;
        let wire: Option<MessageWire> = object(Some(value));
        Ok(wire.unwrap_or_default().read())
    }
}

impl Message {
    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text(Text::new(content))
    }

    /// A picture that was uploaded before.
    pub fn image(media_id: impl Into<MediaId>) -> Self {
        Self::Image(Media::new(media_id))
    }

    /// A file that was uploaded before.
    pub fn file(media_id: impl Into<MediaId>) -> Self {
        Self::File(Media::new(media_id))
    }

    /// Markdown.
    pub fn markdown(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Markdown(Markdown::new(title, text))
    }

    /// How long it is to the platform, in bytes.
    pub fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    /// Whether the platform refuses it for its length (34016).
    pub fn is_too_long(&self) -> bool {
        let parts = match self {
            Self::Text(body) => exceeds(&body.content, limit::TEXT),
            Self::Link(body) => exceeds(&body.title, limit::TITLE),
            Self::Markdown(body) => {
                exceeds(&body.title, limit::TITLE) || exceeds(&body.text, limit::MARKDOWN)
            }
            Self::ActionCard(body) => body.is_too_long(),
            _ => false,
        };
        parts || self.size() > limit::MESSAGE
    }
}

impl ActionCard {
    fn is_too_long(&self) -> bool {
        let longer = |text: &Option<String>, characters| {
            text.as_deref()
                .is_some_and(|text| exceeds(text, characters))
        };
        let buttons = serde_json::to_string(&self.btn_json_list).unwrap_or_default();
        longer(&self.title, limit::TITLE)
            || exceeds(&self.markdown, limit::MARKDOWN)
            || longer(&self.single_title, limit::SINGLE_TITLE)
            || longer(&self.single_url, limit::SINGLE_URL)
            || exceeds(&buttons, limit::BUTTONS)
    }
}

impl From<&str> for Message {
    fn from(content: &str) -> Self {
        Self::text(content)
    }
}

impl From<String> for Message {
    fn from(content: String) -> Self {
        Self::text(content)
    }
}

macro_rules! from_bodies {
    ($($variant:ident($body:ty))+) => {$(
        impl From<$body> for Message {
            fn from(body: $body) -> Self {
                Self::$variant(body.into())
            }
        }
    )+};
}

from_bodies! { Text(Text) Voice(Voice) Link(Link) Markdown(Markdown) Oa(Oa) ActionCard(ActionCard) }

/// A text; a number is one too, and anything else is nothing.
pub(crate) fn words_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(match meant_as::<D, String>(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The object that a JSON text is.
pub(crate) fn parsed(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}
