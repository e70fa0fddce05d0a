//! What a robot of an application says: a template and its parameters.

use mynah_core::{Described, FieldWords};
use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Link, Markdown, Text, limit, parsed, words_or_number};
use crate::id::MediaId;
use mynah_core::lenient::{or_default, text};

/// What a robot of an application says. It cannot mention anybody
/// (<https://open.dingtalk.com/document/development/robot-message-type>).
///
/// ```
/// use mynah_dingtalk::message::Template;
///
/// let hello = Template::text("你好");
/// assert_eq!(hello.key(), "sampleText");
/// assert_eq!(hello.param(), r#"{"content":"你好"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Template {
    /// Plain text (`sampleText`).
    Text(Text),
    /// Markdown (`sampleMarkdown`).
    Markdown(Markdown),
    /// A picture (`sampleImageMsg`).
    Image(TemplateImage),
    /// A link with a picture (`sampleLink`).
    Link(Link),
    /// Markdown with one to five buttons (`sampleActionCard` and its kin).
    Card(TemplateCard),
    /// A voice recording (`sampleAudio`).
    Audio(TemplateAudio),
    /// A file (`sampleFile`).
    File(TemplateFile),
    /// A video (`sampleVideo`).
    Video(TemplateVideo),
    /// A template nobody told us of, or one whose parameters are no JSON object.
    Other {
        /// Its name; empty for none.
        key: String,
        /// Its parameters; empty for none, and for those that are no text.
        param: String,
    },
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateImage {
    /// Its address or media id.
    #[serde(rename = "photoURL", default, deserialize_with = "text")]
    pub photo_url: String,
}

/// Markdown with buttons. There are templates for one to five of them; further ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateCard {
    /// What the list of conversations shows.
    pub title: String,
    /// What is said.
    pub text: String,
    /// What stands on each button, and what it opens.
    pub buttons: Vec<(String, String)>,
    /// Whether the buttons stand side by side; only two can.
    pub side_by_side: bool,
}

impl TemplateCard {
    /// A card whose buttons stand above each other.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        buttons: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let buttons = buttons.into_iter();
        Self {
            title: title.into(),
            text: text.into(),
            buttons: buttons
                .map(|(title, url)| (title.into(), url.into()))
                .collect(),
            side_by_side: false,
        }
    }

    fn shape(&self) -> Shape {
        match self.buttons.len() {
            2 if self.side_by_side => Shape::SideBySide,
            0 | 1 => Shape::Single,
            2 => Shape::Two,
            3 => Shape::Three,
            4 => Shape::Four,
            _ => Shape::Five,
        }
    }

    /// A card of this shape with these parameters.
    fn read(shape: Shape, param: &Map<String, Value>) -> Self {
        let at = |name: &str| {
            let text = param.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let names = shape.names();
        Self {
            title: at("title"),
            text: at("text"),
            buttons: names
                .iter()
                .map(|(title, url)| (at(title), at(url)))
                .collect(),
            side_by_side: shape == Shape::SideBySide,
        }
    }

    fn param(&self) -> Map<String, Value> {
        let mut param = Map::new();
        param.insert("title".to_owned(), self.title.clone().into());
        param.insert("text".to_owned(), self.text.clone().into());
        for ((title, url), (title_name, url_name)) in self.buttons.iter().zip(self.shape().names())
        {
            param.insert((*title_name).to_owned(), title.clone().into());
            param.insert((*url_name).to_owned(), url.clone().into());
        }
        param
    }
}

/// Which of the templates for cards a card is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Single,
    Two,
    Three,
    Four,
    Five,
    SideBySide,
}

impl Shape {
    const ALL: [(&'static str, Self); 6] = [
        ("sampleActionCard", Self::Single),
        ("sampleActionCard2", Self::Two),
        ("sampleActionCard3", Self::Three),
        ("sampleActionCard4", Self::Four),
        ("sampleActionCard5", Self::Five),
        ("sampleActionCard6", Self::SideBySide),
    ];

    fn of(key: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == key);
        found.map(|(_, shape)| *shape)
    }

    fn key(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, shape)| *shape == self);
        found.map_or("", |(name, _)| name)
    }

    /// What the title and the address of each button are called.
    fn names(self) -> &'static [(&'static str, &'static str)] {
        const ABOVE: &[(&str, &str)] = &[
            ("actionTitle1", "actionURL1"),
            ("actionTitle2", "actionURL2"),
            ("actionTitle3", "actionURL3"),
            ("actionTitle4", "actionURL4"),
            ("actionTitle5", "actionURL5"),
        ];
        match self {
            Self::Single => &[("singleTitle", "singleURL")],
            Self::Two => ABOVE.split_at(2).0,
            Self::Three => ABOVE.split_at(3).0,
            Self::Four => ABOVE.split_at(4).0,
            Self::Five => ABOVE,
            Self::SideBySide => &[
                ("buttonTitle1", "buttonUrl1"),
                ("buttonTitle2", "buttonUrl2"),
            ],
        }
    }
}

/// A voice recording that was uploaded before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateAudio {
    /// What uploading it answered.
    #[serde(rename = "mediaId", default, deserialize_with = "or_default")]
    pub media_id: MediaId,
    /// How long it is, in milliseconds, as text.
    #[serde(default, deserialize_with = "words_or_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
}

/// A file that was uploaded before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFile {
    /// What uploading it answered.
    #[serde(rename = "mediaId", default, deserialize_with = "or_default")]
    pub media_id: MediaId,
    /// What people see.
    #[serde(rename = "fileName", default, deserialize_with = "text")]
    pub file_name: String,
    /// What it is, such as `pdf`.
    #[serde(rename = "fileType", default, deserialize_with = "text")]
    pub file_type: String,
}

/// A video that was uploaded before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVideo {
    /// How long it is, in seconds, as text.
    #[serde(default, deserialize_with = "words_or_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// What uploading it answered.
    #[serde(rename = "videoMediaId", default, deserialize_with = "or_default")]
    pub video_media_id: MediaId,
    /// What it is: `mp4`.
    #[serde(rename = "videoType", default, deserialize_with = "text")]
    pub video_type: String,
    /// The picture that is shown first.
    #[serde(rename = "picMediaId", default, deserialize_with = "or_default")]
    pub pic_media_id: MediaId,
}

impl Template {
    /// The names of the templates that there are.
    pub const KEYS: [&'static str; 13] = [
        "sampleText",
        "sampleMarkdown",
        "sampleImageMsg",
        "sampleLink",
        "sampleActionCard",
        "sampleActionCard2",
        "sampleActionCard3",
        "sampleActionCard4",
        "sampleActionCard5",
        "sampleActionCard6",
        "sampleAudio",
        "sampleFile",
        "sampleVideo",
    ];

    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text(Text::new(content))
    }

    /// Markdown.
    pub fn markdown(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Markdown(Markdown::new(title, text))
    }

    /// A picture at this address, or with this media id.
    pub fn image(photo_url: impl Into<String>) -> Self {
        Self::Image(TemplateImage {
            photo_url: photo_url.into(),
        })
    }

    /// Its name, as `msgKey` spells it.
    pub fn key(&self) -> &str {
        match self {
            Self::Text(_) => "sampleText",
            Self::Markdown(_) => "sampleMarkdown",
            Self::Image(_) => "sampleImageMsg",
            Self::Link(_) => "sampleLink",
            Self::Card(card) => card.shape().key(),
            Self::Audio(_) => "sampleAudio",
            Self::File(_) => "sampleFile",
            Self::Video(_) => "sampleVideo",
            Self::Other { key, .. } => key,
        }
    }

    /// Its parameters, as `msgParam` holds them: JSON as text.
    pub fn param(&self) -> String {
        let written = match self {
            Self::Text(param) => serde_json::to_string(param),
            Self::Markdown(param) => serde_json::to_string(param),
            Self::Image(param) => serde_json::to_string(param),
            Self::Link(param) => serde_json::to_string(param),
            Self::Card(card) => serde_json::to_string(&card.param()),
            Self::Audio(param) => serde_json::to_string(param),
            Self::File(param) => serde_json::to_string(param),
            Self::Video(param) => serde_json::to_string(param),
            Self::Other { param, .. } => return param.clone(),
        };
        written.unwrap_or_default()
    }

    /// Whether the platform refuses it for its length (`invalidParameter.msgParam.tooLong`).
    pub fn is_too_long(&self) -> bool {
        self.param().len() > limit::TEMPLATE
    }

    /// Server side: the template that a name and its parameters mean.
    pub fn read(key: String, param: String) -> Self {
        let known = parsed(&param).and_then(|fields| match key.as_str() {
            "sampleText" => typed(fields).map(Self::Text),
            "sampleMarkdown" => typed(fields).map(Self::Markdown),
            "sampleImageMsg" => typed(fields).map(Self::Image),
            "sampleLink" => typed(fields).map(Self::Link),
            "sampleAudio" => typed(fields).map(Self::Audio),
            "sampleFile" => typed(fields).map(Self::File),
            "sampleVideo" => typed(fields).map(Self::Video),
            card => Shape::of(card).map(|shape| Self::Card(TemplateCard::read(shape, &fields))),
        });
        known.unwrap_or(Self::Other { key, param })
    }
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Option<T> {
    serde_json::from_value(Value::Object(fields)).ok()
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, param) = (self.key(), self.param());
        let mut map = serializer.serialize_map(None)?;
        if !key.is_empty() {
            map.serialize_entry("msgKey", key)?;
        }
        if !param.is_empty() {
            map.serialize_entry("msgParam", &param)?;
        }
        map.end()
    }
}

impl Described for Template {
    const DOC: &'static str = "";
    const FIELDS: &'static [FieldWords] = &[
        FieldWords::required("msgKey", "The template, such as `sampleText`.").one_of(&Self::KEYS),
        FieldWords::required(
            "msgParam",
            "Its parameters: a JSON object as text, at most 15000 bytes.",
        ),
    ];
}

/// A template as parameters of a call, which stand beside its other ones.
#[derive(Default, Deserialize)]
pub(crate) struct TemplateWire {
    #[serde(rename = "msgKey", default, deserialize_with = "text")]
    key: String,
    #[serde(rename = "msgParam", default)]
    param: Value,
}

impl TemplateWire {
    /// The template that is meant. Parameters that are no text are none, even as an object.
    pub(crate) fn read(self) -> Template {
        match self.param {
            // The text has the limit, and it may be longer than what it says.
            Value::String(param) if param.len() > limit::TEMPLATE => Template::Other {
                key: self.key,
                param,
            },
            Value::String(param) => Template::read(self.key, param),
            _ => Template::read(self.key, String::new()),
        }
    }
}

impl From<&str> for Template {
    fn from(content: &str) -> Self {
        Self::text(content)
    }
}

impl From<String> for Template {
    fn from(content: String) -> Self {
        Self::text(content)
    }
}

macro_rules! from_parameters {
    ($($variant:ident($param:ty))+) => {$(
        impl From<$param> for Template {
            fn from(param: $param) -> Self {
                Self::$variant(param)
            }
        }
    )+};
}

from_parameters! {
    Text(Text) Markdown(Markdown) Image(TemplateImage) Link(Link) Card(TemplateCard)
    Audio(TemplateAudio) File(TemplateFile) Video(TemplateVideo)
}
