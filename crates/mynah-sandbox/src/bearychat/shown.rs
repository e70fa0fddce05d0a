//! Messages as people see them.

use mynah_bearychat::text::{Piece, pieces};
use mynah_bearychat::types::Attachment;

use super::chat::Speaker;
use super::messages::{Content, FORWARDED, Shared, SharedKind, Spoken};
use super::reactions::reactions;
use super::world::BearyChatWorld;
use crate::world::{MessageView, Part, Reaction};

/// Who is mentioned where everybody is.
pub(super) const ALL: &str = "all";

impl BearyChatWorld {
    /// A message; who said it and when stands in `view` already.
    pub(super) fn view_spoken(&self, spoken: &Spoken, view: MessageView) -> MessageView {
        let reactions = reactions(&spoken.reactions).into_iter();
        MessageView {
            parts: self.view_parts(&spoken.content),
            recalled: spoken.deleted.as_ref().map(|user| self.by(user)),
            reactions: reactions
                .map(|reacted| Reaction {
                    id: reacted.reaction,
                    by: reacted.uids.iter().map(ToString::to_string).collect(),
                })
                .collect(),
            tag: spoken.tag(),
            edited: spoken.edited,
            pinned: spoken.pin.as_ref().map(|pin| self.by(&pin.by)),
            ..view
        }
    }

    fn view_parts(&self, content: &Content) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(key) = &content.refer_key {
            parts.push(Part::Quote {
                message_id: key.to_string(),
            });
        }
        if content.is_worded() {
            if content.plain {
                parts.extend(self.view_text(&content.text));
            } else {
                parts.push(Part::Markdown {
                    text: content.text.clone(),
                    finished: true,
                });
            }
        }
        if let Some(repost) = &content.repost {
            parts.push(Part::Other {
                name: "repost".to_owned(),
                text: repost.text.clone(),
                data: serde_json::to_value(repost).unwrap_or_default(),
            });
        }
        let file = content.file.as_ref();
        parts.extend(file.map(|file| self.view_file(file)));
        // To people the file is itself.
        let file = file.map(Shared::attachment);
        let attachments = content.attachments.iter();
        let attachments = attachments.filter(|attachment| Some(*attachment) != file.as_ref());
        let markdown = !content.plain;
        parts.extend(attachments.map(|attachment| self.view_attachment(attachment, markdown)));
        parts
    }

    /// A text with its mentions.
    fn view_text(&self, text: &str) -> Vec<Part> {
        let parts = pieces(text).map(|piece| match piece {
            Piece::Mention(id) => Part::Mention {
                id: id.to_owned(),
                name: self.display(&id.into()),
            },
            Piece::Everybody => Part::Mention {
                id: ALL.to_owned(),
                name: "所有人".to_owned(),
            },
            Piece::Text(text) => Part::Text {
                text: text.to_owned(),
            },
            _ => Part::Text {
                text: String::new(),
            },
        });
        parts.collect()
    }

    fn view_attachment(&self, attachment: &Attachment, markdown: bool) -> Part {
        let text_of = |text: &Option<String>| text.clone().unwrap_or_default();
        let images = attachment.images.iter().flatten();
        Part::Attachment {
            title: text_of(&attachment.title),
            text: text_of(&attachment.text),
            url: text_of(&attachment.url),
            color: text_of(&attachment.color),
            images: images.map(|image| self.page_url(&image.url)).collect(),
            markdown,
        }
    }

    fn view_file(&self, file: &Shared) -> Part {
        let (url, name) = (self.page_url(&file.url), file.name.clone());
        match file.kind {
            SharedKind::Image | SharedKind::Sticker => Part::Image { url, name },
            SharedKind::File => Part::File {
                url,
                name,
                size: file.size,
            },
        }
    }
}

impl Content {
    /// Whether somebody put it into words, as opposed to the platform, which
    /// tells programs what it is.
    fn is_worded(&self) -> bool {
        let passes_on = self.repost.is_some() && self.text == FORWARDED[0];
        let file = self.file.as_ref();
        !passes_on && file.is_none_or(|file| file.name != self.text)
    }
}

impl Spoken {
    /// What kind of message it is, where it is not of the usual one.
    fn tag(&self) -> Option<&'static str> {
        let content = &self.content;
        let file = content.file.as_ref().map(|file| file.kind);
        match self.by {
            _ if content.repost.is_some() => Some("forwarded"),
            _ if file == Some(SharedKind::Sticker) => Some("sticker"),
            Speaker::Robot(_) => Some("robot"),
            Speaker::User(_) => None,
        }
    }
}
