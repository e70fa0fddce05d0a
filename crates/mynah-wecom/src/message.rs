//! What can be said: the bodies of messages.
//!
//! The platform shortens most texts silently and reports success; [`cut`] shortens as it does,
//! and [`Text::is_cut`] says beforehand that it will. Sizes are in bytes of UTF-8 unless a field
//! says characters (<https://developer.work.weixin.qq.com/document/path/90236>,
//! <https://developer.work.weixin.qq.com/document/path/90248>).
//!
//! Read from a client, a text that is absent, null or no string is an empty one, and a list that
//! is none is an empty one: the platform has a code of its own for each.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_core::lenient::{list, or_default, text};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::card::TemplateCard;
use crate::id::{MediaId, TaskId, UserId};

/// The longest texts, in bytes, where not said otherwise.
pub mod limit {
    /// Text of an application's message, cut beyond; the documented limit of a group robot's too.
    pub const TEXT: usize = 2048;
    /// Text of a group robot that the service really takes; refused beyond (40058).
    pub const WEBHOOK_TEXT: usize = 5120;
    /// Markdown of an application's message; refused beyond (40058).
    pub const MARKDOWN: usize = 2048;
    /// Markdown of a group robot, both dialects; refused beyond (40058).
    pub const WEBHOOK_MARKDOWN: usize = 4096;
    /// Title of a video, card or article, cut beyond.
    pub const TITLE: usize = 128;
    /// Description of a video, card or article, and digest of an article, cut beyond.
    pub const DESCRIPTION: usize = 512;
    /// Author of an article, cut beyond.
    pub const AUTHOR: usize = 64;
    /// Content of an article in WeCom itself; refused beyond (45002).
    pub const MPNEWS_CONTENT: usize = 666 * 1024;
    /// Articles in one message.
    pub const ARTICLES: usize = 8;
    /// The words on a text card's button, in characters.
    pub const BTNTXT: usize = 4;
}

/// The beginning of a text, as much of it as fits into `bytes`; never part of a character.
///
/// ```
/// use mynah_wecom::message::cut;
///
/// assert_eq!(cut("值班", 5), "值");
/// assert_eq!(cut("值班", 6), "值班");
/// ```
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Plain text. `<@userid>` in it mentions a member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// At most 2048 bytes, cut beyond.
    #[serde(default, deserialize_with = "text")]
    pub content: String,
    /// Members to notify, [`UserId::all`] for everybody; groups only.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentioned_list: Vec<UserId>,
    /// The same by mobile number, `@all` for everybody; group robots only.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentioned_mobile_list: Vec<String>,
}

impl Text {
    /// Plain text that mentions nobody.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// Notifies a member as well.
    #[must_use]
    pub fn mention(mut self, user: impl Into<UserId>) -> Self {
        self.mentioned_list.push(user.into());
        self
    }

    /// Notifies everybody.
    #[must_use]
    pub fn mention_all(self) -> Self {
        self.mention(UserId::all())
    }

    /// Notifies whoever has this mobile number; group robots only.
    #[must_use]
    pub fn mention_mobile(mut self, number: impl Into<String>) -> Self {
        self.mentioned_mobile_list.push(number.into());
        self
    }

    /// Whether a platform that takes `limit` bytes loses part of it: it cuts silently.
    pub fn is_cut(&self, limit: usize) -> bool {
        self.content.len() > limit
    }
}

/// A picture, voice recording or file that was uploaded before.
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

/// A video that was uploaded before.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// What uploading it answered.
    #[serde(default, deserialize_with = "or_default")]
    pub media_id: MediaId,
    /// At most 128 bytes, cut beyond.
    #[serde(default, deserialize_with = "or_default")]
    pub title: Option<String>,
    /// At most 512 bytes, cut beyond.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Option<String>,
}

impl Video {
    /// The video with this id, without words.
    pub fn new(media_id: impl Into<MediaId>) -> Self {
        Self {
            media_id: media_id.into(),
            ..Self::default()
        }
    }
}

/// A card of text that opens a page.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Textcard {
    /// At most 128 bytes, cut beyond.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// At most 512 bytes, cut beyond; `<div class="gray|highlight|normal">` and `<br>` work.
    #[serde(default, deserialize_with = "text")]
    pub description: String,
    /// Begins with `http://` or `https://`; at most 2048 bytes.
    #[serde(default, deserialize_with = "text")]
    pub url: String,
    /// On the button; at most 4 characters, `详情` if not given.
    #[serde(default, deserialize_with = "or_default")]
    pub btntxt: Option<String>,
}

impl Textcard {
    /// A card whose button says `详情`.
    pub fn new(
        title: impl Into<String>,
        description: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
            url: url.into(),
            btntxt: None,
        }
    }
}

/// Articles that open pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// 1 to 8 of them.
    #[serde(default, deserialize_with = "list")]
    pub articles: Vec<Article>,
}

impl News {
    /// These articles.
    pub fn new(articles: impl IntoIterator<Item = Article>) -> Self {
        Self {
            articles: articles.into_iter().collect(),
        }
    }
}

/// An article that opens a page.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// At most 128 bytes, cut beyond.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// At most 512 bytes, cut beyond.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Option<String>,
    /// Begins with `http://` or `https://`. Required where there is no mini program.
    #[serde(default, deserialize_with = "or_default")]
    pub url: Option<String>,
    /// Address of the picture: JPG or PNG, best 1068×455 for the first and 150×150 for the others.
    #[serde(default, deserialize_with = "or_default")]
    pub picurl: Option<String>,
    /// The mini program that opens instead; only in messages to members.
    #[serde(default, deserialize_with = "or_default")]
    pub appid: Option<String>,
    /// Its page; at most 128 bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub pagepath: Option<String>,
}

impl Article {
    /// An article without picture.
    pub fn new(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            url: Some(url.into()),
            ..Self::default()
        }
    }
}

/// Articles that are kept by WeCom itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mpnews {
    /// 1 to 8 of them.
    #[serde(default, deserialize_with = "list")]
    pub articles: Vec<MpnewsArticle>,
}

impl Mpnews {
    /// These articles.
    pub fn new(articles: impl IntoIterator<Item = MpnewsArticle>) -> Self {
        Self {
            articles: articles.into_iter().collect(),
        }
    }
}

/// An article that is kept by WeCom itself.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MpnewsArticle {
    /// At most 128 bytes, cut beyond.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// The picture, which was uploaded before.
    #[serde(default, deserialize_with = "or_default")]
    pub thumb_media_id: MediaId,
    /// At most 64 bytes, cut beyond.
    #[serde(default, deserialize_with = "or_default")]
    pub author: Option<String>,
    /// The page behind "read the original".
    #[serde(default, deserialize_with = "or_default")]
    pub content_source_url: Option<String>,
    /// HTML; at most 666 KiB.
    #[serde(default, deserialize_with = "text")]
    pub content: String,
    /// At most 512 bytes, cut beyond.
    #[serde(default, deserialize_with = "or_default")]
    pub digest: Option<String>,
}

impl MpnewsArticle {
    /// An article of the required parts.
    pub fn new(
        title: impl Into<String>,
        thumb_media_id: impl Into<MediaId>,
        content: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            thumb_media_id: thumb_media_id.into(),
            content: content.into(),
            ..Self::default()
        }
    }
}

/// Text in one of WeCom's dialects of Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Markdown {
    /// At most 2048 bytes from an application, 4096 from a group robot; refused beyond.
    #[serde(default, deserialize_with = "text")]
    pub content: String,
}

impl Markdown {
    /// This text.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
        }
    }

    /// Whether a platform that takes `limit` bytes refuses it.
    pub fn is_too_long(&self, limit: usize) -> bool {
        self.content.len() > limit
    }
}

/// A notice that opens a mini program.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiniprogramNotice {
    /// The mini program; the application must be bound to it.
    #[serde(default, deserialize_with = "text")]
    pub appid: String,
    /// Its page; at most 1024 bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub page: Option<String>,
    /// 4 to 12 characters.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// 4 to 12 characters.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Option<String>,
    /// Whether the first item is shown large.
    #[serde(default, deserialize_with = "or_default")]
    pub emphasis_first_item: Option<bool>,
    /// At most 10.
    #[serde(default, deserialize_with = "list")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content_item: Vec<NoticeItem>,
}

/// A line of a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeItem {
    /// At most 10 characters.
    #[serde(default, deserialize_with = "text")]
    pub key: String,
    /// At most 30 characters.
    #[serde(default, deserialize_with = "text")]
    pub value: String,
}

/// A card with one or two buttons; older than [`TemplateCard`].
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taskcard {
    /// At most 128 bytes, cut beyond.
    #[serde(default, deserialize_with = "text")]
    pub title: String,
    /// At most 512 bytes, cut beyond.
    #[serde(default, deserialize_with = "text")]
    pub description: String,
    /// The page it opens; at most 2048 bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub url: Option<String>,
    /// Names the card when a button is pressed.
    #[serde(default, deserialize_with = "or_default")]
    pub task_id: TaskId,
    /// 1 or 2.
    #[serde(default, deserialize_with = "list")]
    pub btn: Vec<TaskButton>,
}

/// A button of a [`Taskcard`].
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskButton {
    /// Told to the application when it is pressed.
    #[serde(default, deserialize_with = "text")]
    pub key: String,
    /// What stands on it.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// What stands on it once it was pressed.
    #[serde(default, deserialize_with = "or_default")]
    pub replace_name: Option<String>,
    /// `red` or `blue`.
    #[serde(default, deserialize_with = "or_default")]
    pub color: Option<String>,
    /// Whether the name is bold.
    #[serde(default, deserialize_with = "or_default")]
    pub is_bold: Option<bool>,
}

/// A picture in the message itself; group robots only. JPG or PNG, at most 2 MiB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The picture, as base64.
    #[serde(default, deserialize_with = "text")]
    pub base64: String,
    /// MD5 of the picture before base64, as lower-case hexadecimal.
    #[serde(default, deserialize_with = "text")]
    pub md5: String,
}

impl Picture {
    /// The largest picture, in bytes.
    pub const LARGEST: usize = 2 * 1024 * 1024;

    /// This picture.
    pub fn new(content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref();
        Self {
            base64: STANDARD.encode(content),
            md5: mynah_crypto::hex(&mynah_crypto::md5(content)),
        }
    }

    /// Server side: the picture, if it is one and its MD5 is right.
    pub fn content(&self) -> Option<Vec<u8>> {
        let content = STANDARD.decode(&self.base64).ok()?;
        let md5 = mynah_crypto::hex(&mynah_crypto::md5(&content));
        md5.eq_ignore_ascii_case(&self.md5).then_some(content)
    }
}

/// Hands the kinds of [`Message`] to a macro.
macro_rules! application_kinds {
    ($callback:ident $($rest:tt)*) => {
        mynah_core::$callback! {
            [
                /// Plain text.
                Text($crate::message::Text) = text,
                /// A picture.
                Image($crate::message::Media) = image,
                /// A voice recording.
                Voice($crate::message::Media) = voice,
                /// A video.
                Video($crate::message::Video) = video,
                /// A file.
                File($crate::message::Media) = file,
                /// A card that opens a page.
                Textcard($crate::message::Textcard) = textcard,
                /// Articles that open pages.
                News($crate::message::News) = news,
                /// Articles that are kept by WeCom itself.
                Mpnews($crate::message::Mpnews) = mpnews,
                /// Markdown.
                Markdown($crate::message::Markdown) = markdown,
                /// A notice that opens a mini program; only to members.
                MiniprogramNotice($crate::message::MiniprogramNotice) = miniprogram_notice,
                /// A template card; only to members.
                TemplateCard(Box<$crate::card::TemplateCard>) = template_card,
                /// A card with one or two buttons; only to members.
                Taskcard($crate::message::Taskcard) = taskcard,
            ]
            $($rest)*
        }
    };
}

/// Hands the kinds of [`WebhookMessage`] to a macro.
macro_rules! webhook_kinds {
    ($callback:ident $($rest:tt)*) => {
        mynah_core::$callback! {
            [
                /// Plain text.
                Text($crate::message::Text) = text,
                /// Markdown that knows colours and mentions.
                Markdown($crate::message::Markdown) = markdown,
                /// Markdown that knows tables, lists, code and pictures.
                MarkdownV2($crate::message::Markdown) = markdown_v2,
                /// A picture in the message itself.
                Image($crate::message::Picture) = image,
                /// Articles that open pages.
                News($crate::message::News) = news,
                /// A file that was uploaded with the same key.
                File($crate::message::Media) = file,
                /// A voice recording that was uploaded with the same key.
                Voice($crate::message::Media) = voice,
                /// A card of text or with a picture.
                TemplateCard(Box<$crate::card::TemplateCard>) = template_card,
            ]
            $($rest)*
        }
    };
}

/// Hands the kinds of [`BotMessage`] to a macro.
macro_rules! bot_kinds {
    ($callback:ident $($rest:tt)*) => {
        mynah_core::$callback! {
            [
                /// Markdown.
                Markdown($crate::message::Markdown) = markdown,
                /// A template card.
                TemplateCard(Box<$crate::card::TemplateCard>) = template_card,
            ]
            $($rest)*
        }
    };
}

pub(crate) use {application_kinds, bot_kinds, webhook_kinds};

application_kinds! { messages
    /// What an application says: to members all of it, to a group the first nine kinds.
    pub enum Message
}

webhook_kinds! { messages
    /// What a group robot says (<https://developer.work.weixin.qq.com/document/path/91770>).
    pub enum WebhookMessage
}

bot_kinds! { messages
    /// What an intelligent bot says of its own accord
    /// (<https://developer.work.weixin.qq.com/document/path/101138>).
    pub enum BotMessage
}

macro_rules! from_bodies {
    ($($name:ident: $($variant:ident($body:ty))+;)+) => {$($(
        impl From<$body> for $name {
            fn from(body: $body) -> Self {
                Self::$variant(body.into())
            }
        }
    )+)+};
}

from_bodies! {
    Message: Text(Text) Video(Video) Textcard(Textcard) News(News) Mpnews(Mpnews)
        Markdown(Markdown) MiniprogramNotice(MiniprogramNotice) TemplateCard(TemplateCard)
        Taskcard(Taskcard);
    WebhookMessage: Text(Text) Markdown(Markdown) Image(Picture) News(News)
        TemplateCard(TemplateCard);
    BotMessage: Markdown(Markdown) TemplateCard(TemplateCard);
}

macro_rules! from_text {
    ($($name:ident)+) => {$(
        impl From<&str> for $name {
            fn from(content: &str) -> Self {
                Self::Text(Text::new(content))
            }
        }

        impl From<String> for $name {
            fn from(content: String) -> Self {
                Self::Text(Text::new(content))
            }
        }
    )+};
}

from_text! { Message WebhookMessage }

impl Message {
    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Text::new(content).into()
    }

    /// A picture that was uploaded before.
    pub fn image(media_id: impl Into<MediaId>) -> Self {
        Self::Image(Media::new(media_id))
    }

    /// A voice recording that was uploaded before.
    pub fn voice(media_id: impl Into<MediaId>) -> Self {
        Self::Voice(Media::new(media_id))
    }

    /// A file that was uploaded before.
    pub fn file(media_id: impl Into<MediaId>) -> Self {
        Self::File(Media::new(media_id))
    }

    /// Markdown.
    pub fn markdown(content: impl Into<String>) -> Self {
        Markdown::new(content).into()
    }

    /// Whether a group takes this kind: it takes nine of them.
    pub fn is_for_groups(&self) -> bool {
        !matches!(
            self,
            Self::MiniprogramNotice(_) | Self::TemplateCard(_) | Self::Taskcard(_) | Self::Other(_)
        )
    }
}

impl WebhookMessage {
    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Text::new(content).into()
    }

    /// Markdown that knows colours and mentions.
    pub fn markdown(content: impl Into<String>) -> Self {
        Markdown::new(content).into()
    }

    /// Markdown that knows tables, lists, code and pictures; plain text to older clients.
    pub fn markdown_v2(content: impl Into<String>) -> Self {
        Self::MarkdownV2(Markdown::new(content))
    }

    /// A file that was uploaded with the same key.
    pub fn file(media_id: impl Into<MediaId>) -> Self {
        Self::File(Media::new(media_id))
    }

    /// A voice recording that was uploaded with the same key.
    pub fn voice(media_id: impl Into<MediaId>) -> Self {
        Self::Voice(Media::new(media_id))
    }
}
