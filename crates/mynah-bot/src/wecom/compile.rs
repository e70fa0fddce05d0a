//! Messages as WeCom writes them.

use serde_json::Value;

use super::markdown::{escaped, plain};
use crate::id::{Platform, UserId};
use crate::markup::{address, cut};
use crate::message::{Link, Location, Media, Message, Part};
use crate::reply::Loss;

/// Where a message goes: each place takes other bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// From an application to a person
    /// (<https://developer.work.weixin.qq.com/document/path/90236>).
    Direct,
    /// From an application into a group chat
    /// (<https://developer.work.weixin.qq.com/document/path/90248>).
    Group,
    /// From an intelligent bot, which writes Markdown
    /// (<https://developer.work.weixin.qq.com/document/path/101463>).
    Bot,
    /// From an intelligent bot that is called back, which can send no files
    /// (<https://developer.work.weixin.qq.com/document/path/101138>).
    CalledBot,
    /// From a group robot
    /// (<https://developer.work.weixin.qq.com/document/path/91770>).
    Robot,
}

/// A message as it goes out, and what was lost on the way.
pub type Compiled = crate::outgoing::Compiled<Piece>;

/// One message of the platform. What it holds in media is still to be uploaded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Piece {
    /// Plain text; `<@userid>` in it is a mention.
    Text {
        /// At most as long as the platform takes.
        content: String,
        /// Whom to notify beside those the text mentions; `@all` for everybody.
        mentioned: Vec<String>,
    },
    /// Markdown.
    Markdown {
        /// At most as long as the platform takes.
        content: String,
        /// Whether it mentions somebody, which not every dialect can.
        mentions: bool,
    },
    /// A picture.
    Image(Media),
    /// A voice message.
    Voice(Media),
    /// A video.
    Video(Media),
    /// A file.
    File(Media),
    /// A link with a preview.
    Link(Link),
    /// A body in WeCom's own JSON: `msgtype` and the object under its name.
    Raw(Value),
}

impl Way {
    /// The longest text or Markdown, in bytes.
    const fn limit(self, markdown: bool) -> usize {
        match (self, markdown) {
            (Self::Direct | Self::Group | Self::Robot, false)
            | (Self::Direct | Self::Group, true) => 2048,
            (Self::Robot, true) => 4096,
            (Self::Bot | Self::CalledBot, _) => mynah_wecom::aibot::Reply::LONGEST_CONTENT,
        }
    }
}

/// Writes a message for WeCom.
///
/// Text, mentions and links that follow each other are one piece as long as
/// they fit. Once a message holds Markdown, its plain text is escaped and
/// stands in the same piece.
pub fn compile(message: &Message, way: Way) -> Compiled {
    let has_markdown = message
        .parts()
        .iter()
        .any(|part| matches!(part, Part::Markdown(_)));
    let mut writer = Writer {
        way,
        markdown: matches!(way, Way::Bot | Way::CalledBot) || has_markdown,
        compiled: Compiled::default(),
        part: 0,
        content: String::new(),
        mentioned: Vec::new(),
        mentions: false,
    };
    for (index, part) in message.parts().iter().enumerate() {
        writer.part = index;
        writer.add(part);
    }
    writer.end_text();
    writer.compiled
}

struct Writer {
    way: Way,
    markdown: bool,
    compiled: Compiled,
    /// Which part of the message is written.
    part: usize,
    /// The text so far, of a piece that is not ended.
    content: String,
    mentioned: Vec<String>,
    mentions: bool,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Markdown(text) => self.content.push_str(text),
            Part::Card(_) => self.lose("card", "nothing"),
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.mention_all(),
            Part::Image(media) | Part::Voice(media) | Part::Video(media) | Part::File(media)
                if self.way == Way::CalledBot =>
            {
                self.lose("file", "its name");
                self.text(&media.in_brackets());
            }
            Part::Image(media) => self.piece(Piece::Image(media.clone())),
            Part::Voice(media) => self.piece(Piece::Voice(media.clone())),
            Part::Video(media) if self.way == Way::Robot => {
                // A group robot has no videos, but a file may be one.
                self.lose("video", "a file");
                self.piece(Piece::File(media.clone()));
            }
            Part::Video(media) => self.piece(Piece::Video(media.clone())),
            Part::File(media) => self.piece(Piece::File(media.clone())),
            Part::Link(link) => self.link(link),
            Part::Location(place) => self.location(place),
            Part::Quote(_) => self.lose("quote", "nothing"),
            Part::Raw(Platform::WeCom, json) => self.raw(json),
            Part::Raw(..) => self.lose("raw", "nothing"),
        }
    }

    fn text(&mut self, text: &str) {
        if self.markdown {
            self.content.push_str(&escaped(text));
        } else {
            self.content.push_str(&plain(text));
        }
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::WeCom {
            self.lose("mention", "the id as text");
            return self.text(&id);
        }
        if self.way == Way::Robot && !self.markdown {
            // The platform itself writes who is mentioned behind the text.
            return self.mentioned.push(id);
        }
        self.mentions = true;
        self.content.push_str("<@");
        self.content.push_str(&id);
        self.content.push('>');
    }

    fn mention_all(&mut self) {
        if matches!(self.way, Way::Group | Way::Robot) && !self.markdown {
            return self.mentioned.push("@all".to_owned());
        }
        self.lose("mention of everybody", "@all as text");
        self.text("@all");
    }

    fn link(&mut self, link: &Link) {
        if !matches!(self.way, Way::Bot | Way::CalledBot) {
            return self.piece(Piece::Link(link.clone()));
        }
        if !link.image.is_empty() {
            self.lose("picture of a link", "nothing");
        }
        let title = if link.title.is_empty() {
            &link.url
        } else {
            &link.title
        };
        let title = escaped(&title.replace(['[', ']', '\n'], " "));
        let url = address(&link.url);
        self.content.extend(["[", &title, "](", &url, ")"]);
        if !link.text.is_empty() {
            self.content.push('\n');
            self.text(&link.text);
        }
    }

    fn location(&mut self, place: &Location) {
        self.lose("location", "text");
        self.text(&place.in_words());
    }

    /// What came in as a quote has no id that could be quoted, only words.
    fn raw(&mut self, json: &Value) {
        if let Some(quote) = json.get("quote") {
            let words = quote.pointer("/text/content").and_then(Value::as_str);
            return match words.filter(|_| self.markdown) {
                Some(words) => {
                    let lines: Vec<_> = words.lines().map(escaped).collect();
                    let quoted = format!("> {}\n\n", lines.join("\n> "));
                    self.content.push_str(&quoted);
                }
                None => self.lose("quote", "nothing"),
            };
        }
        if json.get("msgtype").is_some_and(Value::is_string) {
            self.piece(Piece::Raw(json.clone()));
        } else {
            self.lose("raw", "nothing");
        }
    }

    fn lose(&mut self, what: &'static str, instead: &'static str) {
        self.compiled
            .losses
            .push(Loss::new(self.part, what, instead));
    }

    fn piece(&mut self, piece: Piece) {
        self.end_text();
        self.compiled.pieces.push(piece);
    }

    /// Ends the text so far; what is too long becomes several pieces.
    fn end_text(&mut self) {
        let content = std::mem::take(&mut self.content);
        let mut mentioned = std::mem::take(&mut self.mentioned);
        let mentions = std::mem::take(&mut self.mentions);
        if content.trim().is_empty() && mentioned.is_empty() {
            return;
        }
        let mut contents = cut(&content, self.way.limit(self.markdown));
        if contents.is_empty() {
            // Nothing is said, but the platform wants words.
            let names = mentioned.iter().map(|id| id.trim_start_matches('@'));
            contents.push(
                names
                    .map(|id| format!("@{id}"))
                    .collect::<Vec<_>>()
                    .join(" "),
            );
        }
        for content in contents {
            self.compiled.pieces.push(if self.markdown {
                Piece::Markdown { content, mentions }
            } else {
                let mentioned = std::mem::take(&mut mentioned);
                Piece::Text { content, mentioned }
            });
        }
    }
}
