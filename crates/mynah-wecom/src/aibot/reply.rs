//! What a bot answers.

use mynah_core::{Described, FieldWords, Kind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::card::{Feedback, TemplateCard};
use crate::id::{MediaId, UserId};
use crate::message::{Media, Picture, Video};

/// An answer of a bot, the same in callback mode (encrypted in the response)
/// and on the long connection
/// (<https://developer.work.weixin.qq.com/document/path/101031>,
/// <https://developer.work.weixin.qq.com/document/path/101463>).
///
/// ```
/// use mynah_wecom::aibot::{Reply, Stream};
///
/// let reply = Reply::from(Stream::new("stream-1", "正在思考"));
/// assert_eq!(
///     serde_json::to_string(&reply)?,
///     r#"{"msgtype":"stream","stream":{"id":"stream-1","finish":false,"content":"正在思考"}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "msgtype", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reply {
    /// A welcome, only in answer to `enter_chat`.
    Text {
        /// What it says.
        text: Text,
    },
    /// Markdown: on the long connection, and through a
    /// [`ResponseUrl`](super::ResponseUrl).
    Markdown {
        /// What it says.
        markdown: Text,
    },
    /// Text that is still being written, or its end.
    Stream {
        /// The text so far.
        stream: Stream,
    },
    /// A template card.
    TemplateCard {
        /// The card.
        template_card: TemplateCard,
    },
    /// Text that is still being written, and a card.
    StreamWithTemplateCard {
        /// The text so far.
        stream: Stream,
        /// The card; once for each stream, with any of its answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template_card: Option<TemplateCard>,
    },
    /// A file; only on the long connection.
    File {
        /// The file.
        file: Media,
    },
    /// A picture; only on the long connection.
    Image {
        /// The picture.
        image: Media,
    },
    /// Speech; only on the long connection.
    Voice {
        /// The sound.
        voice: Media,
    },
    /// A video; only on the long connection.
    Video {
        /// The video.
        video: Video,
    },
    /// Another face for a card that somebody pressed, only in answer to
    /// `template_card_event`.
    #[serde(untagged)]
    Update(Update),
    /// A kind that this version does not know, or one that is not made as it
    /// should be.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// Text, or markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// At most [`Reply::LONGEST_CONTENT`] bytes in an answer.
    #[serde(default)]
    pub content: String,
}

impl<T: Into<String>> From<T> for Text {
    fn from(content: T) -> Self {
        Self {
            content: content.into(),
        }
    }
}

/// Text that is written while people watch. Each answer with the same `id`
/// replaces the whole content, until one says `finish`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Chosen by the bot in its first answer to a message, the same in the
    /// ones that follow.
    #[serde(default)]
    pub id: String,
    /// Whether this is all.
    #[serde(default)]
    pub finish: bool,
    /// All of the text so far, in markdown; at most
    /// [`Reply::LONGEST_CONTENT`] bytes.
    #[serde(default)]
    pub content: String,
    /// Pictures below the text, at most [`Reply::MOST_PICTURES`] and only with
    /// `finish`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub msg_item: Vec<StreamItem>,
    /// Lets people rate the answer; taken from the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
}

impl Stream {
    /// Text that is still being written.
    pub fn new(id: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            content: content.into(),
            ..Self::default()
        }
    }

    /// The same, and this is all.
    #[must_use]
    pub fn finish(self) -> Self {
        Self {
            finish: true,
            ..self
        }
    }

    /// The same, and people may rate it; the id comes back in
    /// [`Event::Feedback`](super::Event::Feedback).
    #[must_use]
    pub fn feedback(self, id: impl Into<String>) -> Self {
        Self {
            feedback: Some(Feedback { id: id.into() }),
            ..self
        }
    }

    /// The same with one more picture below it.
    #[must_use]
    pub fn picture(mut self, picture: Picture) -> Self {
        self.msg_item.push(StreamItem::Image { image: picture });
        self
    }
}

/// What stands below the text of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "msgtype", rename_all = "snake_case")]
#[non_exhaustive]
pub enum StreamItem {
    /// A picture.
    Image {
        /// The picture.
        image: Picture,
    },
    /// A kind that this version does not know.
    #[serde(untagged)]
    Other(Map<String, Value>),
}

/// Another face for a card that somebody pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// That it is one.
    pub response_type: ResponseType,
    /// The card, with the `task_id` of the one that was pressed.
    pub template_card: TemplateCard,
    /// Who sees the other face; everybody if it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub userids: Vec<UserId>,
}

impl Update {
    /// Everybody sees `card` in place of the one that was pressed.
    pub fn new(card: TemplateCard) -> Self {
        Self {
            response_type: ResponseType::UpdateTemplateCard,
            template_card: card,
            userids: Vec::new(),
        }
    }

    /// The same, but only these people see it.
    #[must_use]
    pub fn userids(self, userids: impl IntoIterator<Item = impl Into<UserId>>) -> Self {
        Self {
            userids: userids.into_iter().map(Into::into).collect(),
            ..self
        }
    }
}

/// The one word that stands in an [`Update`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// `update_template_card`.
    UpdateTemplateCard,
}

impl Reply {
    /// Longest text or markdown of an answer, in bytes of UTF-8.
    pub const LONGEST_CONTENT: usize = 20480;
    /// Most pictures below a stream.
    pub const MOST_PICTURES: usize = 10;
    /// Longest id of a feedback, in bytes.
    pub const LONGEST_FEEDBACK_ID: usize = 256;

    /// A welcome.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text {
            text: Text::from(content),
        }
    }

    /// Markdown.
    pub fn markdown(content: impl Into<String>) -> Self {
        Self::Markdown {
            markdown: Text::from(content),
        }
    }

    /// A template card.
    pub fn template_card(card: TemplateCard) -> Self {
        Self::TemplateCard {
            template_card: card,
        }
    }

    /// A file that was uploaded.
    pub fn file(media_id: impl Into<MediaId>) -> Self {
        Self::File {
            file: Media::new(media_id),
        }
    }

    /// A picture that was uploaded.
    pub fn image(media_id: impl Into<MediaId>) -> Self {
        Self::Image {
            image: Media::new(media_id),
        }
    }

    /// The stream in it, if there is one.
    pub fn stream(&self) -> Option<&Stream> {
        match self {
            Self::Stream { stream } | Self::StreamWithTemplateCard { stream, .. } => Some(stream),
            _ => None,
        }
    }

    /// Finds what the platform would refuse for its size.
    ///
    /// # Errors
    /// The field that is too long.
    pub fn check(&self) -> Result<(), Excess> {
        let content = match self {
            Self::Text { text } => ("text.content", text.content.len()),
            Self::Markdown { markdown } => ("markdown.content", markdown.content.len()),
            Self::Stream { stream } | Self::StreamWithTemplateCard { stream, .. } => {
                stream.check_rest()?;
                ("stream.content", stream.content.len())
            }
            _ => return Ok(()),
        };
        Excess::check(content, Self::LONGEST_CONTENT, "bytes")
    }
}

impl Stream {
    fn check_rest(&self) -> Result<(), Excess> {
        let most = if self.finish { Reply::MOST_PICTURES } else { 0 };
        let pictures = ("stream.msg_item", self.msg_item.len());
        Excess::check(pictures, most, "pictures")?;
        let feedback = self.feedback.as_ref().map_or(0, |id| id.id.len());
        let feedback = ("stream.feedback.id", feedback);
        Excess::check(feedback, Reply::LONGEST_FEEDBACK_ID, "bytes")
    }
}

/// So that commands can be called by the names of what is in a reply.
impl Described for Reply {
    const DOC: &'static str = "An answer of a bot.";
    const FIELDS: &'static [FieldWords] = &[
        FieldWords::optional(
            "msgtype",
            "What it is; `update_template_card` has a `response_type` instead.",
        )
        .one_of(&[
            "text",
            "markdown",
            "stream",
            "template_card",
            "stream_with_template_card",
            "file",
            "image",
            "voice",
            "video",
        ]),
        FieldWords::optional("text", "A welcome: `{\"content\"}`.").of_kind(Kind::Object),
        FieldWords::optional("markdown", "Markdown: `{\"content\"}`.").of_kind(Kind::Object),
        FieldWords::optional(
            "stream",
            "Text that is still being written: `{\"id\", \"finish\", \"content\"}`.",
        )
        .of_kind(Kind::Object),
        FieldWords::optional("template_card", "A template card.").of_kind(Kind::Object),
        FieldWords::optional("file", "A file: `{\"media_id\"}`.").of_kind(Kind::Object),
        FieldWords::optional("image", "A picture: `{\"media_id\"}`.").of_kind(Kind::Object),
        FieldWords::optional("voice", "Speech: `{\"media_id\"}`.").of_kind(Kind::Object),
        FieldWords::optional(
            "video",
            "A video: `{\"media_id\", \"title\", \"description\"}`.",
        )
        .of_kind(Kind::Object),
        FieldWords::optional("response_type", "`update_template_card`.")
            .one_of(&["update_template_card"]),
        FieldWords::optional(
            "userids",
            "Who sees the other face of a card; everybody if it is missing.",
        )
        .of_kind(Kind::Array),
    ];
}

impl From<Stream> for Reply {
    fn from(stream: Stream) -> Self {
        Self::Stream { stream }
    }
}

impl From<Update> for Reply {
    fn from(update: Update) -> Self {
        Self::Update(update)
    }
}

/// A field that holds more than the platform takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: at most {limit} {unit}, not {found}")]
pub struct Excess {
    /// The field.
    pub field: &'static str,
    /// The most it may hold.
    pub limit: usize,
    /// How much it holds.
    pub found: usize,
    /// What is counted.
    pub unit: &'static str,
}

impl Excess {
    fn check(
        (field, found): (&'static str, usize),
        limit: usize,
        unit: &'static str,
    ) -> Result<(), Self> {
        if found <= limit {
            return Ok(());
        }
        Err(Self {
            field,
            limit,
            found,
            unit,
        })
    }
}
