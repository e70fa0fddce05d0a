//! Messages as DingTalk writes them.

use mynah_dingtalk::message::{At, limit};
use mynah_dingtalk::{UserId as Member, message};
use serde_json::Value;

use crate::id::{Platform, UserId};
use crate::markup::{address, cut, escaped};
use crate::message::{Link, Location, Media, Message, Part, Source};
use crate::reply::Loss;

/// Where a message goes: each place takes other bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// An answer to what was said to the robot
    /// (<https://open.dingtalk.com/document/development/receive-message>).
    Session,
    /// From the robot of an application, of its own accord; it mentions nobody
    /// (<https://open.dingtalk.com/document/development/robot-message-type>).
    Template,
    /// From a custom robot, which has no files
    /// (<https://open.dingtalk.com/document/development/custom-robots-send-group-messages>).
    Robot,
    /// From an application into a group by its `chatid`
    /// (<https://open.dingtalk.com/document/development/send-group-messages>).
    Chat,
}

/// A message as it goes out, and what was lost on the way.
pub type Compiled = crate::outgoing::Compiled<Piece>;

/// One message of the platform. What it holds in media is still to be uploaded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Piece {
    /// Plain text.
    Text {
        /// At most as long as the platform takes; `@userid` stands where
        /// somebody is mentioned.
        content: String,
        /// Who is mentioned.
        at: At,
    },
    /// Markdown.
    Markdown {
        /// What the list of conversations shows.
        title: String,
        /// As the content of a text.
        text: String,
        /// Who is mentioned.
        at: At,
    },
    /// Markdown with buttons that open pages.
    Card {
        /// What the list of conversations shows.
        title: String,
        /// Markdown.
        text: String,
        /// What stands on each button, and what it opens: one to five.
        buttons: Vec<(String, String)>,
    },
    /// A picture.
    Image(Media),
    /// A voice message.
    Voice(Media),
    /// A file.
    File(Media),
    /// A link with a preview.
    Link(Link),
    /// A body in DingTalk's own JSON: `msgtype` and the object under its name,
    /// or `msgKey` and `msgParam`.
    Raw(Value),
}

/// What stands around a text, in bytes: the keys, and a title.
const FRAME: usize = 256;

/// So many characters of a text make a title.
const TITLE: usize = 20;

/// The most buttons that there is a template for.
const BUTTONS: usize = 5;

impl Way {
    /// The longest text or Markdown, in bytes of JSON. What is documented for
    /// templates holds for webhooks too: an answer may become a template.
    const fn limit(self) -> usize {
        match self {
            Self::Chat => limit::MESSAGE - FRAME,
            Self::Session | Self::Template | Self::Robot => limit::TEMPLATE - FRAME,
        }
    }

    const fn mentions(self) -> bool {
        matches!(self, Self::Session | Self::Robot)
    }
}

/// Writes a message for DingTalk.
///
/// Text and mentions that follow each other are one piece as long as they fit.
/// Once a message holds Markdown, its plain text is escaped and stands in the
/// same piece; links behind it, of which nothing but a title is known, become
/// the buttons of a card.
pub fn compile(message: &Message, way: Way) -> Compiled {
    let mut parts = message.parts().iter();
    let mut writer = Writer {
        way,
        markdown: parts.any(|part| matches!(part, Part::Markdown(_))),
        compiled: Compiled::default(),
        part: 0,
        content: String::new(),
        mentioned: Vec::new(),
        all: false,
        buttons: Vec::new(),
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
    all: bool,
    buttons: Vec<(String, String)>,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Markdown(text) => self.words().push_str(text),
            Part::Card(_) => self.lose("card", "nothing"),
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.mention_all(),
            Part::Image(media) if self.way == Way::Robot => self.shown(media),
            Part::Image(media) => self.piece(Piece::Image(media.clone())),
            Part::Voice(media) if self.way != Way::Robot => {
                self.piece(Piece::Voice(media.clone()));
            }
            Part::File(media) if self.way != Way::Robot => {
                self.piece(Piece::File(media.clone()));
            }
            Part::Voice(media) => self.linked("voice", media),
            Part::File(media) => self.linked("file", media),
            // A template for videos wants a picture of each and how long it is.
            Part::Video(media) => self.linked("video", media),
            Part::Link(link) if self.is_button(link) => {
                self.buttons.push((link.title.clone(), link.url.clone()));
            }
            Part::Link(link) => self.link(link.clone()),
            Part::Location(place) => self.location(place),
            Part::Quote(_) => self.lose("quote", "nothing"),
            Part::Raw(Platform::DingTalk, json) if is_body(json) => {
                self.piece(Piece::Raw(json.clone()));
            }
            Part::Raw(..) => self.lose("raw", "nothing"),
        }
    }

    /// Where words are written; buttons stand below all words of their card.
    fn words(&mut self) -> &mut String {
        if !self.buttons.is_empty() {
            self.end_text();
        }
        &mut self.content
    }

    fn text(&mut self, text: &str) {
        if self.markdown {
            // A single line break is a blank in Markdown.
            let text = escaped(text).replace('\n', "  \n");
            self.words().push_str(&text);
        } else {
            self.words().push_str(text);
        }
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::DingTalk {
            self.lose("mention", "the id as text");
            return self.text(&id);
        }
        if id.starts_with("$:") {
            // The encrypted id of somebody who cannot be mentioned, nor known by it.
            return self.lose("mention", "nothing");
        }
        if !self.way.mentions() {
            self.lose("mention", "@ and the id as text");
        } else if !self.mentioned.contains(&id) {
            self.mentioned.push(id.clone());
        }
        self.words().extend(["@", &id]);
    }

    fn mention_all(&mut self) {
        if self.way.mentions() {
            self.words();
            self.all = true;
            return;
        }
        self.lose("mention of everybody", "@all as text");
        self.text("@all");
    }

    /// A picture where only Markdown shows some.
    fn shown(&mut self, media: &Media) {
        let Source::Url(url) = &media.source else {
            return self.named("picture", media);
        };
        let title = if media.name.is_empty() {
            "picture"
        } else {
            &media.name
        };
        self.piece(Piece::Markdown {
            title: message::cut(title, TITLE).to_owned(),
            text: format!("![]({})", address(url)),
            at: At::default(),
        });
    }

    /// A file where none can be sent.
    fn linked(&mut self, what: &'static str, media: &Media) {
        let Source::Url(url) = &media.source else {
            return self.named(what, media);
        };
        self.lose(what, "a link");
        self.link(Link {
            url: url.clone(),
            title: media.name.clone(),
            ..Link::default()
        });
    }

    fn named(&mut self, what: &'static str, media: &Media) {
        self.lose(what, "its name");
        self.text(&media.in_brackets());
    }

    fn is_button(&self, link: &Link) -> bool {
        let is_bare = link.image.is_empty() && link.text.is_empty() && !link.title.is_empty();
        let below_words = self.markdown && !self.content.trim().is_empty();
        let mentions = !self.mentioned.is_empty() || self.all;
        is_bare && below_words && !mentions && self.buttons.len() < BUTTONS
    }

    fn link(&mut self, mut link: Link) {
        if link.title.is_empty() {
            link.title.clone_from(&link.url);
        }
        let title = message::cut(&link.title, limit::TITLE);
        if title.len() < link.title.len() {
            link.title.truncate(title.len());
            self.lose("title of a link", "its beginning");
        }
        // The platform wants both.
        if link.text.is_empty() {
            link.text.clone_from(&link.title);
        }
        self.piece(Piece::Link(link));
    }

    fn location(&mut self, place: &Location) {
        self.lose("location", "text");
        self.text(&place.in_words());
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
        let mut all = std::mem::take(&mut self.all);
        let mut buttons = std::mem::take(&mut self.buttons);
        if content.trim().is_empty() && !all {
            return;
        }
        let mut contents = cut_as_json(&content, self.way.limit());
        if contents.is_empty() {
            // Nothing is said, but the platform wants words.
            contents.push("@所有人".to_owned());
        }
        let last = contents.len() - 1;
        for (index, content) in contents.into_iter().enumerate() {
            let at = At {
                mobiles: Vec::new(),
                user_ids: self.at(&content, &mut mentioned),
                all: std::mem::take(&mut all),
            };
            let buttons = if index == last {
                std::mem::take(&mut buttons)
            } else {
                Vec::new()
            };
            self.compiled.pieces.push(if !buttons.is_empty() {
                Piece::Card {
                    title: title(&content),
                    text: content,
                    buttons,
                }
            } else if self.markdown {
                Piece::Markdown {
                    title: title(&content),
                    text: content,
                    at,
                }
            } else {
                Piece::Text { content, at }
            });
        }
    }

    /// Those who are mentioned in this piece and were not in one before.
    fn at(&mut self, content: &str, mentioned: &mut Vec<String>) -> Vec<Member> {
        let (mut here, later): (Vec<_>, Vec<_>) = std::mem::take(mentioned)
            .into_iter()
            .partition(|id| content.contains(&format!("@{id}")));
        *mentioned = later;
        if here.len() > limit::MENTIONS {
            here.truncate(limit::MENTIONS);
            self.lose("mention", "@ and the id as text");
        }
        here.into_iter().map(Member::from).collect()
    }
}

/// Whether JSON is a body of one of the two kinds.
fn is_body(json: &Value) -> bool {
    ["msgtype", "msgKey"]
        .iter()
        .any(|name| json.get(name).is_some_and(Value::is_string))
}

/// The beginning of the first line with words, without what is markup there.
fn title(markdown: &str) -> String {
    let mut lines = markdown.lines().map(|line| {
        let begins = |c: char| c.is_whitespace() || "#>-+|!".contains(c);
        let line = line.replace(['*', '`', '~'], "");
        line.trim_start_matches(begins).trim_end().to_owned()
    });
    let line = lines.find(|line| !line.is_empty());
    message::cut(line.as_deref().unwrap_or("…"), TITLE).to_owned()
}

/// Content in pieces whose JSON has at most `limit` bytes.
fn cut_as_json(content: &str, limit: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut waiting = cut(content, limit);
    waiting.reverse();
    while let Some(piece) = waiting.pop() {
        // Without the quotes around it.
        let written = serde_json::to_string(&piece).map_or(0, |json| json.len() - 2);
        if written <= limit || piece.chars().nth(1).is_none() {
            pieces.push(piece);
            continue;
        }
        // Escapes take more room than what they stand for.
        let shorter = (piece.len() * limit / written).max(1);
        let halves = cut(&piece, shorter.min(piece.len() - 1));
        waiting.extend(halves.into_iter().rev());
    }
    pieces
}
