//! Messages as WeCom writes them.

use mynah_client::HyperTransport;
use mynah_wecom::WeCom;
use mynah_wecom::card::TemplateCard;
use serde_json::Value;

use super::cards;
use super::markdown::{escape_markdown, escape_plain, plain};
use crate::compile::{Dialect, Limit, Script, Table, beginning};
use crate::id::{Platform, UserId};
use crate::media::Limits;
use crate::message::{Card, Link, Location, Media, Message, Part};
use crate::outgoing::MediaKind;
use crate::reply::Result;

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
    /// A template card; one that is answered still needs a name.
    Card(Box<TemplateCard>),
    /// A body in WeCom's own JSON: `msgtype` and the object under its name.
    Raw(Value),
}

impl Piece {
    /// With what has to be uploaded here, and looked at.
    ///
    /// # Errors
    /// It cannot be fetched, or the platform would not take it.
    pub(super) async fn prepared(
        mut self,
        limits: &Limits,
        transport: &HyperTransport,
    ) -> Result<Self> {
        if let Some((kind, media)) = self.media() {
            limits.prepare::<WeCom>(transport, media, kind).await?;
        }
        Ok(self)
    }

    fn media(&mut self) -> Option<(MediaKind, &mut Media)> {
        match self {
            Self::Image(media) => Some((MediaKind::Image, media)),
            Self::Voice(media) => Some((MediaKind::Voice, media)),
            Self::Video(media) => Some((MediaKind::Video, media)),
            Self::File(media) => Some((MediaKind::File, media)),
            _ => None,
        }
    }
}

/// The longest headline of a link
/// (<https://developer.work.weixin.qq.com/document/path/90236>). The platform cuts what is longer
/// and says nothing of it.
pub(super) const TITLE: Limit = Limit::bytes(128);

/// The longest sentence below it, likewise.
const SENTENCE: Limit = Limit::bytes(512);

/// No markup, but what looks like a mention or a link is one.
const TEXT: Dialect = Dialect {
    escape: escape_plain,
    guard: plain,
    ..Dialect::PLAIN
};

/// The Markdown of applications, and that of group robots which mentions people: headings, bold,
/// links, code in a line, and quotes.
const SIMPLE: Dialect = Dialect {
    italic: false,
    strike: false,
    fence: false,
    lists: false,
    tasks: false,
    table: Table::Lines,
    image: false,
    rule: false,
    line_break: "\n",
    escape: escape_markdown,
    guard: plain,
    ..Dialect::COMMON
};

/// The newer Markdown of group robots, which mentions nobody.
const NEWER: Dialect = Dialect {
    strike: false,
    escape: escape_markdown,
    guard: plain,
    ..Dialect::COMMON
};

/// The Markdown of intelligent bots.
const BOT: Dialect = Dialect {
    escape: escape_markdown,
    guard: plain,
    ..Dialect::COMMON
};

impl Way {
    /// The longest text or Markdown.
    const fn limit(self, markdown: bool) -> Limit {
        Limit::bytes(match (self, markdown) {
            (Self::Direct | Self::Group | Self::Robot, false)
            | (Self::Direct | Self::Group, true) => 2048,
            (Self::Robot, true) => 4096,
            (Self::Bot | Self::CalledBot, _) => mynah_wecom::aibot::Reply::LONGEST_CONTENT,
        })
    }

    const fn is_bot(self) -> bool {
        matches!(self, Self::Bot | Self::CalledBot)
    }
}

/// Writes a message for WeCom.
///
/// Text, mentions and links that follow each other are one piece as long as
/// they fit. Once a message holds Markdown, its plain text is escaped and
/// stands in the same piece. A card is a template card where the place has one
/// for all of its buttons, and numbered lines elsewhere.
pub fn compile(message: &Message, way: Way) -> Compiled {
    let parts = message.parts();
    let has_markdown = parts.iter().any(|part| match part {
        Part::Markdown(_) => true,
        Part::Card(card) => cards::template(card, way).is_none(),
        _ => false,
    });
    let here =
        |part: &Part| matches!(part, Part::Mention(user) if user.platform == Platform::WeCom);
    let mentions = parts.iter().any(here);
    let markdown = way.is_bot() || has_markdown;
    let mut writer = Writer {
        way,
        markdown,
        mentions,
        numbered: message.is_numbered(),
        pieces: Vec::new(),
        script: Script::new(match way {
            _ if !markdown => &TEXT,
            Way::Bot | Way::CalledBot => &BOT,
            // Only the older dialect knows mentions, only the newer one tables and code.
            Way::Robot if !mentions => &NEWER,
            _ => &SIMPLE,
        }),
        mentioned: Vec::new(),
    };
    for (index, part) in parts.iter().enumerate() {
        writer.script.begin(index);
        writer.add(part);
    }
    writer.end_text();
    Compiled {
        pieces: writer.pieces,
        losses: writer.script.losses(),
        numbered: writer.script.numbered(),
    }
}

struct Writer {
    way: Way,
    markdown: bool,
    /// Whether anybody is mentioned in the message.
    mentions: bool,
    /// Whether the pieces of a long text are.
    numbered: bool,
    pieces: Vec<Piece>,
    /// The text so far, of a piece that is not ended.
    script: Script,
    /// Whom to notify beside those the text mentions.
    mentioned: Vec<String>,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.script.text(text),
            Part::Markdown(text) => self.script.markdown(text),
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.mention_all(),
            Part::Image(media) | Part::Voice(media) | Part::Video(media) | Part::File(media)
                if self.way == Way::CalledBot =>
            {
                self.script.lose("file", "its name");
                self.script.text(&media.in_brackets());
            }
            Part::Image(media) => self.piece(Piece::Image(media.clone())),
            Part::Voice(media) => self.piece(Piece::Voice(media.clone())),
            Part::Video(media) if self.way == Way::Robot => {
                // A group robot has no videos, but a file may be one.
                self.script.lose("video", "a file");
                self.piece(Piece::File(media.clone()));
            }
            Part::Video(media) => self.piece(Piece::Video(media.clone())),
            Part::File(media) => self.piece(Piece::File(media.clone())),
            Part::Link(link) => self.link(link),
            Part::Location(place) => self.location(place),
            Part::Card(card) => self.card(card),
            Part::Quote(_) => self.script.lose("quote", "nothing"),
            Part::Raw(Platform::WeCom, json) => self.raw(json),
            Part::Raw(..) => self.script.lose("raw", "nothing"),
        }
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::WeCom {
            self.script.lose("mention", "the id as text");
            return self.script.text(&id);
        }
        if self.way == Way::Robot && !self.markdown {
            // The platform itself writes who is mentioned behind the text.
            return self.mentioned.push(id);
        }
        self.script.whole(&format!("<@{id}>"), "mention");
    }

    /// Markdown mentions single people at most: everybody is called by a text below it.
    fn mention_all(&mut self) {
        if matches!(self.way, Way::Group | Way::Robot) {
            return self.mentioned.push("@all".to_owned());
        }
        self.script.lose("mention of everybody", "@all as text");
        self.script.text("@all");
    }

    fn link(&mut self, link: &Link) {
        if !self.way.is_bot() {
            let title = self.begun(&link.title, TITLE, "title of a link");
            let text = self.begun(&link.text, SENTENCE, "text of a link");
            return self.piece(Piece::Link(Link {
                title,
                text,
                ..link.clone()
            }));
        }
        if !link.image.is_empty() {
            self.script.lose("picture of a link", "nothing");
        }
        self.script.link(&link.title, &link.url);
        if !link.text.is_empty() {
            self.script.end_line();
            self.script.text(&link.text);
        }
    }

    /// As much of something as the platform takes.
    fn begun(&mut self, text: &str, limit: Limit, what: &'static str) -> String {
        let begun = beginning(text, limit);
        if begun.len() < text.len() {
            self.script.lose(what, "its beginning");
        }
        begun.to_owned()
    }

    fn location(&mut self, place: &Location) {
        self.script.lose("location", "text");
        self.script.text(&place.in_words());
    }

    fn card(&mut self, card: &Card) {
        let Some(mut template) = cards::template(card, self.way) else {
            return self.script.card(card);
        };
        self.end_text();
        if !card.image.is_empty() && !cards::is_pictured(&template) {
            self.script.lose("picture of a card", "nothing");
        }
        if let Some(words) = plain_words(card) {
            if !cards::write(&mut template, &words) {
                self.script.markdown(&card.text);
                self.end_text();
            } else if words.trim() != card.text.trim() {
                self.script.lose("markdown", "text");
            }
        }
        self.pieces.push(Piece::Card(Box::new(template)));
    }

    /// What came in as a quote has no id that could be quoted, only words.
    fn raw(&mut self, json: &Value) {
        if let Some(quote) = json.get("quote") {
            let words = quote.pointer("/text/content").and_then(Value::as_str);
            return match words.filter(|_| self.markdown) {
                Some(words) => {
                    let mut quoted = String::new();
                    for line in words.lines() {
                        quoted.push_str("> ");
                        crate::compile::escape_markdown(&mut quoted, line, true);
                        quoted.push('\n');
                    }
                    self.script.markdown(&quoted);
                }
                None => self.script.lose("quote", "nothing"),
            };
        }
        if json.get("msgtype").is_some_and(Value::is_string) {
            self.piece(Piece::Raw(json.clone()));
        } else {
            self.script.lose("raw", "nothing");
        }
    }

    fn piece(&mut self, piece: Piece) {
        self.end_text();
        self.pieces.push(piece);
    }

    /// Ends the text so far; what is too long becomes several pieces.
    fn end_text(&mut self) {
        let mut mentioned = std::mem::take(&mut self.mentioned);
        if self.script.is_blank() {
            // Blanks alone are nothing, and nothing of them is left for what comes.
            self.script.take(Limit::bytes(usize::MAX), false);
        } else {
            let limit = self.way.limit(self.markdown);
            for words in self.script.take(limit, self.numbered) {
                let content = words.text;
                self.pieces.push(if self.markdown {
                    let mentions = self.mentions;
                    Piece::Markdown { content, mentions }
                } else {
                    let mentioned = std::mem::take(&mut mentioned);
                    Piece::Text { content, mentioned }
                });
            }
        }
        if !mentioned.is_empty() {
            // Nothing is said, but the platform wants words.
            let names = mentioned.iter().map(|id| id.trim_start_matches('@'));
            let names: Vec<_> = names.map(|id| format!("@{id}")).collect();
            let content = names.join(" ");
            self.pieces.push(Piece::Text { content, mentioned });
        }
    }
}

/// The words of a card where nothing is markup; nothing, if there are none.
fn plain_words(card: &Card) -> Option<String> {
    let mut script = Script::new(&TEXT);
    script.markdown(&card.text);
    let mut words = script.take(Limit::bytes(usize::MAX), false);
    words
        .pop()
        .map(|words| words.text.trim().to_owned())
        .filter(|words| !words.is_empty())
}
