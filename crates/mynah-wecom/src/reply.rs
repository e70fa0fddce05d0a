//! What an application answers in the response to a callback.
//!
//! ```
//! use mynah_wecom::reply::{PassiveMessage, PassiveReply};
//!
//! let message = PassiveMessage::new("alice", "ww-sandbox", 1_700_000_000, "收到".into());
//! let read = PassiveMessage::read(&message.to_xml())?;
//! assert_eq!(read.reply, PassiveReply::text("收到"));
//! # Ok::<(), mynah_wecom::xml::BadXml>(())
//! ```
//!
//! Kinds: <https://developer.work.weixin.qq.com/document/path/90241>.

mod card;

use crate::card::TemplateCard;
use crate::event::field::{Content, Field, Fields, fields};
use crate::id::{MediaId, UserId};
use crate::xml::{BadXml, Element, Writer};

/// An answer to a callback, in its response: at once, or not at all.
///
/// The platform takes answers to messages and to some events
/// ([`Callback::takes_reply`](crate::event::Callback::takes_reply)); it does
/// not say whether it showed one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PassiveReply {
    /// Text.
    Text {
        /// What it says; at most 2048 bytes, the rest is cut off.
        content: String,
    },
    /// A picture.
    Image {
        /// The file.
        media_id: MediaId,
    },
    /// Speech.
    Voice {
        /// The file.
        media_id: MediaId,
    },
    /// A film.
    Video {
        /// The file.
        media_id: MediaId,
        /// Its title.
        title: Option<String>,
        /// What is said about it.
        description: Option<String>,
    },
    /// Articles.
    News {
        /// 1 to 8 of them.
        articles: Vec<Article>,
    },
    /// Changes the words on the button that was pressed, for the member who
    /// pressed it. Answers `template_card_event`.
    UpdateButton {
        /// The words from now on.
        replace_name: String,
    },
    /// Changes the card whose button was pressed. Answers `template_card_event`.
    UpdateTemplateCard {
        /// The card from now on.
        template_card: Box<TemplateCard>,
    },
    /// Changes the words on the button of a task card. Answers `taskcard_click`.
    UpdateTaskcard {
        /// The words from now on.
        replace_name: String,
    },
    /// A kind that is not in the documentation.
    Other {
        /// What it is called.
        msg_type: String,
        /// What is in it.
        content: Vec<Element<'static>>,
    },
}

fields! {
    /// An article.
    pub struct Article {
        /// Its title.
        pub title: String = "Title",
        /// What is said about it.
        pub description: Option<String> = "Description",
        /// Its picture.
        pub pic_url: Option<String> = "PicUrl",
        /// Where it leads.
        pub url: String = "Url",
    }

    /// The element around a file.
    pub struct Media {
        /// The file.
        pub media_id: MediaId = "MediaId",
    }

    /// The element around a film.
    pub struct Video {
        /// The file.
        pub media_id: MediaId = "MediaId",
        /// Its title.
        pub title: Option<String> = "Title",
        /// What is said about it.
        pub description: Option<String> = "Description",
    }

    /// Articles, and how many.
    pub struct News {
        /// How many.
        pub article_count: i64 = "ArticleCount",
        /// Each of them.
        pub articles: Vec<Article> = "Articles" / "item",
    }

    /// The element around new words.
    pub struct Replacement {
        /// The words.
        pub replace_name: String = "ReplaceName",
    }
}

impl PassiveReply {
    /// Text; at most 2048 bytes of it are shown.
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text {
            content: content.into(),
        }
    }

    /// A picture.
    pub fn image(media_id: impl Into<MediaId>) -> Self {
        Self::Image {
            media_id: media_id.into(),
        }
    }

    /// 1 to 8 articles.
    pub fn news(articles: impl IntoIterator<Item = Article>) -> Self {
        Self::News {
            articles: articles.into_iter().collect(),
        }
    }

    /// Another face for the card whose button was pressed.
    pub fn update_template_card(card: TemplateCard) -> Self {
        Self::UpdateTemplateCard {
            template_card: Box::new(card),
        }
    }

    /// `MsgType`.
    pub fn msg_type(&self) -> &str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::Voice { .. } => "voice",
            Self::Video { .. } => "video",
            Self::News { .. } => "news",
            Self::UpdateButton { .. } => "update_button",
            Self::UpdateTemplateCard { .. } => "update_template_card",
            Self::UpdateTaskcard { .. } => "update_taskcard",
            Self::Other { msg_type, .. } => msg_type,
        }
    }

    fn read(msg_type: String, fields: &mut Fields<'_>) -> Self {
        match &*msg_type {
            "text" => Self::text(String::take(fields, CONTENT)),
            "image" => Self::image(Media::take(fields, "Image").media_id),
            "voice" => Self::Voice {
                media_id: Media::take(fields, "Voice").media_id,
            },
            "video" => {
                let video = Video::take(fields, "Video");
                Self::Video {
                    media_id: video.media_id,
                    title: video.title,
                    description: video.description,
                }
            }
            "news" => Self::news(News::read(fields).articles),
            "update_button" => Self::UpdateButton {
                replace_name: Replacement::take(fields, "Button").replace_name,
            },
            "update_template_card" => Self::UpdateTemplateCard {
                template_card: Field::take(fields, "TemplateCard"),
            },
            "update_taskcard" => Self::UpdateTaskcard {
                replace_name: Replacement::take(fields, "TaskCard").replace_name,
            },
            _ => Self::Other {
                msg_type,
                content: fields.drain(),
            },
        }
    }

    fn write(&self, out: &mut Writer) {
        let text = |out: &mut Writer, inside: &str, name: &str, text: &str| {
            out.nest(inside, |out| out.text(name, text));
        };
        match self {
            Self::Text { content } => out.text(CONTENT, content),
            Self::Image { media_id } => text(out, "Image", "MediaId", media_id.as_str()),
            Self::Voice { media_id } => text(out, "Voice", "MediaId", media_id.as_str()),
            Self::Video {
                media_id,
                title,
                description,
            } => out.nest("Video", |out| {
                media_id.put("MediaId", out);
                title.put("Title", out);
                description.put("Description", out);
            }),
            Self::News { articles } => {
                out.number("ArticleCount", articles.len());
                crate::event::field::put_list(articles, "Articles", "item", out);
            }
            Self::UpdateButton { replace_name } => text(out, "Button", REPLACE_NAME, replace_name),
            Self::UpdateTemplateCard { template_card } => template_card.put("TemplateCard", out),
            Self::UpdateTaskcard { replace_name } => {
                text(out, "TaskCard", REPLACE_NAME, replace_name);
            }
            Self::Other { content, .. } => {
                for element in content {
                    out.element(element);
                }
            }
        }
    }
}

impl From<&str> for PassiveReply {
    fn from(content: &str) -> Self {
        Self::text(content)
    }
}

/// A reply with its addresses: what is encrypted into the response.
#[derive(Clone, Debug, PartialEq)]
pub struct PassiveMessage {
    /// The member.
    pub to_user_name: UserId,
    /// The corp.
    pub from_user_name: String,
    /// When, in seconds since 1970.
    pub create_time: i64,
    /// What it says.
    pub reply: PassiveReply,
}

impl PassiveMessage {
    /// A reply to the member from the corp: the two swapped against the callback.
    pub fn new(
        to_user_name: impl Into<UserId>,
        from_user_name: impl Into<String>,
        create_time: i64,
        reply: PassiveReply,
    ) -> Self {
        Self {
            to_user_name: to_user_name.into(),
            from_user_name: from_user_name.into(),
            create_time,
            reply,
        }
    }

    /// Reads a reply from its XML. What is absent counts as empty; what has no
    /// place is passed over.
    ///
    /// # Errors
    /// When it is no XML, or more of it than [`Element::read`] takes.
    pub fn read(xml: &str) -> Result<Self, BadXml> {
        let mut fields = Fields::of(Element::read(xml)?);
        let msg_type = String::take(&mut fields, "MsgType");
        Ok(Self {
            to_user_name: Field::take(&mut fields, "ToUserName"),
            from_user_name: Field::take(&mut fields, "FromUserName"),
            create_time: Field::take(&mut fields, "CreateTime"),
            reply: PassiveReply::read(msg_type, &mut fields),
        })
    }

    /// Writes the reply as XML, the inverse of [`read`](Self::read).
    pub fn to_xml(&self) -> String {
        let mut out = Writer::with_capacity(512);
        out.nest("xml", |out| {
            self.to_user_name.put("ToUserName", out);
            self.from_user_name.put("FromUserName", out);
            self.create_time.put("CreateTime", out);
            out.text("MsgType", self.reply.msg_type());
            self.reply.write(out);
        });
        out.finish()
    }
}

const CONTENT: &str = "Content";
const REPLACE_NAME: &str = "ReplaceName";
