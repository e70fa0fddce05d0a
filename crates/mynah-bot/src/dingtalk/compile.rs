//! Messages as DingTalk writes them.

use mynah_dingtalk::message::{At, limit};
use mynah_dingtalk::{UserId as Member, message};
use serde_json::Value;

use crate::compile::{Dialect, Limit, Script, Table, Words, address, beginning, escape_markdown};
use crate::id::{Platform, UserId};
use crate::message::{Button, ButtonAction, Card, Link, Location, Media, Message, Part, Source};
use crate::outgoing::MediaKind;

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

impl Piece {
    /// What it holds that may have to be uploaded.
    pub(super) fn media(&mut self) -> Option<(MediaKind, &mut Media)> {
        match self {
            Self::Image(media) => Some((MediaKind::Image, media)),
            Self::Voice(media) => Some((MediaKind::Voice, media)),
            Self::File(media) => Some((MediaKind::File, media)),
            _ => None,
        }
    }
}

/// What stands around a text, in bytes: the keys, and a title.
const FRAME: usize = 256;

/// So many characters of a text make a title.
const TITLE: usize = 20;

/// The most buttons that there is a template for.
const BUTTONS: usize = 5;

/// What DingTalk shows of Markdown: headings, bold and italic, links, pictures, quotes and lists.
const MARKDOWN: Dialect = Dialect {
    strike: false,
    code: false,
    fence: false,
    tasks: false,
    table: Table::Lines,
    rule: false,
    ..Dialect::COMMON
};

impl Way {
    /// The longest text or Markdown. What is documented for templates holds
    /// for webhooks too: an answer may become a template. `beside` is what
    /// stands in the same message, in bytes of JSON.
    const fn limit(self, beside: usize) -> Limit {
        let most = match self {
            Self::Chat => limit::MESSAGE,
            Self::Session | Self::Template | Self::Robot => limit::TEMPLATE,
        };
        Limit::json_bytes(most.saturating_sub(FRAME + beside))
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
/// the buttons of a card. So does a card whose buttons all open pages; others
/// are numbered lines.
pub fn compile(message: &Message, way: Way) -> Compiled {
    let mut parts = message.parts().iter();
    let markdown = parts.any(|part| matches!(part, Part::Markdown(_) | Part::Card(_)));
    let mut writer = Writer {
        way,
        markdown,
        numbered: message.is_numbered(),
        pieces: Vec::new(),
        script: Script::new(if markdown { &MARKDOWN } else { &Dialect::PLAIN }),
        mentioned: Vec::new(),
        all: false,
        buttons: Vec::new(),
    };
    for (index, part) in message.parts().iter().enumerate() {
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
    /// Whether the pieces of a long text are.
    numbered: bool,
    pieces: Vec<Piece>,
    /// The text so far, of a piece that is not ended.
    script: Script,
    /// Who is tagged in it.
    mentioned: Vec<Member>,
    all: bool,
    buttons: Vec<(String, String)>,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.words().text(text),
            Part::Markdown(text) => self.words().markdown(text),
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
            Part::Card(card) => self.card(card),
            Part::Quote(_) => self.script.lose("quote", "nothing"),
            Part::Raw(Platform::DingTalk, json) if is_body(json) => {
                self.piece(Piece::Raw(json.clone()));
            }
            Part::Raw(..) => self.script.lose("raw", "nothing"),
        }
    }

    /// Where words are written; buttons stand below all words of their card.
    fn words(&mut self) -> &mut Script {
        if !self.buttons.is_empty() {
            self.end_text();
        }
        &mut self.script
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::DingTalk {
            self.script.lose("mention", "the id as text");
            return self.words().text(&id);
        }
        if id.starts_with("$:") {
            // The encrypted id of somebody who cannot be mentioned, nor known by it.
            return self.script.lose("mention", "nothing");
        }
        let at = format!("@{id}");
        if !self.way.mentions() {
            self.script.lose("mention", "@ and the id as text");
            return self.words().whole(&at, "mention");
        }
        self.words();
        let tag = self.mentioned.len();
        self.mentioned.push(Member::from(id));
        self.script.tagged(&at, tag);
    }

    fn mention_all(&mut self) {
        if self.way.mentions() {
            self.words();
            self.all = true;
            return;
        }
        self.script.lose("mention of everybody", "@all as text");
        self.words().text("@all");
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
        self.script.lose(what, "a link");
        self.link(Link {
            url: url.clone(),
            title: media.name.clone(),
            ..Link::default()
        });
    }

    fn named(&mut self, what: &'static str, media: &Media) {
        self.script.lose(what, "its name");
        self.words().text(&media.in_brackets());
    }

    fn is_button(&self, link: &Link) -> bool {
        let is_bare = link.image.is_empty() && link.text.is_empty() && !link.title.is_empty();
        let below_words = self.markdown && !self.script.is_blank();
        let mentions = !self.mentioned.is_empty() || self.all;
        let mut buttons = self.buttons.clone();
        buttons.push((link.title.clone(), link.url.clone()));
        is_bare && below_words && !mentions && self.fit(&buttons)
    }

    /// Whether a card takes these buttons.
    fn fit(&self, buttons: &[(String, String)]) -> bool {
        let within = |text: &str, most| message::cut(text, most).len() == text.len();
        let fit_a_chat = || {
            buttons.iter().all(|(title, url)| {
                within(title, limit::SINGLE_TITLE) && within(url, limit::SINGLE_URL)
            }) && length(buttons) <= limit::BUTTONS
        };
        (1..=BUTTONS).contains(&buttons.len()) && (self.way != Way::Chat || fit_a_chat())
    }

    /// The platform wants title and text, and takes no more of all of it than of a text.
    fn link(&mut self, link: Link) {
        let is_named = !link.title.is_empty();
        let title = if is_named { &link.title } else { &link.url };
        let begun = beginning(title, Limit::characters(limit::TITLE));
        if is_named && begun.len() < title.len() {
            self.script.lose("title of a link", "its beginning");
        }
        let mut link = Link {
            title: begun.to_owned(),
            ..link
        };
        if link.text.is_empty() {
            link.text.clone_from(&link.title);
        }
        let room = |link: &Link| {
            let beside = json(&link.url) + json(&link.title) + json(&link.image);
            beginning(&link.text, self.way.limit(beside)).len()
        };
        let mut length = room(&link);
        if length == 0 && !link.image.is_empty() {
            self.script.lose("picture of a link", "nothing");
            link.image.clear();
            length = room(&link);
        }
        if length == 0 {
            self.script.lose("link", "its address as text");
            return self.words().link(&link.title, &link.url);
        }
        if length < link.text.len() {
            link.text.truncate(length);
            self.script.lose("text of a link", "its beginning");
        }
        self.piece(Piece::Link(link));
    }

    fn location(&mut self, place: &Location) {
        self.script.lose("location", "text");
        self.words().text(&place.in_words());
    }

    /// A card of the platform mentions nobody, so it is a message of its own.
    fn card(&mut self, card: &Card) {
        let buttons: Option<Vec<_>> = card.buttons.iter().map(opening).collect();
        let says_something = !(card.title.trim().is_empty() && card.text.trim().is_empty());
        let buttons = buttons.filter(|buttons| says_something && self.fit(buttons));
        let Some(buttons) = buttons else {
            return self.words().card(card);
        };
        self.end_text();
        let mut words = String::new();
        if !card.title.trim().is_empty() {
            let title: Vec<_> = card.title.split_whitespace().collect();
            words.push_str("### ");
            escape_markdown(&mut words, &title.join(" "), false);
            words.push_str("\n\n");
        }
        if !card.image.is_empty() {
            words.extend(["![](", &address(&card.image), ")\n\n"]);
        }
        words.push_str(&card.text);
        self.script.markdown(&words);
        self.buttons = buttons;
        self.end_text();
    }

    fn piece(&mut self, piece: Piece) {
        self.end_text();
        self.pieces.push(piece);
    }

    /// Ends the text so far; what is too long becomes several pieces.
    fn end_text(&mut self) {
        let mentioned = std::mem::take(&mut self.mentioned);
        let mut all = std::mem::take(&mut self.all);
        let mut buttons = std::mem::take(&mut self.buttons);
        let is_blank = self.script.is_blank();
        let limit = self.way.limit(length(&buttons));
        let mut pieces = self.script.take(limit, self.numbered);
        if is_blank {
            if !all {
                return;
            }
            // Nothing is said, but the platform wants words.
            pieces = vec![Words {
                text: "@所有人".to_owned(),
                tags: Vec::new(),
            }];
        }
        let last = pieces.len().saturating_sub(1);
        let mut told = Vec::new();
        for (index, Words { text, tags }) in pieces.into_iter().enumerate() {
            let at = At {
                mobiles: Vec::new(),
                user_ids: self.at(&mentioned, tags.iter().map(|(_, tag)| *tag), &mut told),
                all: std::mem::take(&mut all),
            };
            let buttons = if index == last {
                std::mem::take(&mut buttons)
            } else {
                Vec::new()
            };
            self.pieces.push(if !buttons.is_empty() {
                Piece::Card {
                    title: title(&text),
                    text,
                    buttons,
                }
            } else if self.markdown {
                Piece::Markdown {
                    title: title(&text),
                    text,
                    at,
                }
            } else {
                Piece::Text { content: text, at }
            });
        }
    }

    /// Those who are mentioned in this piece and were not in one before.
    fn at(
        &mut self,
        mentioned: &[Member],
        tags: impl Iterator<Item = usize>,
        told: &mut Vec<Member>,
    ) -> Vec<Member> {
        let mut here = Vec::new();
        for member in tags.filter_map(|tag| mentioned.get(tag)) {
            if told.contains(member) {
                continue;
            }
            if here.len() == limit::MENTIONS {
                self.script.lose("mention", "@ and the id as text");
                break;
            }
            told.push(member.clone());
            here.push(member.clone());
        }
        here
    }
}

/// What stands on a button and what it opens, if that is what it does.
fn opening(button: &Button) -> Option<(String, String)> {
    match &button.action {
        ButtonAction::Url(url) if !button.label.trim().is_empty() => {
            Some((button.label.clone(), url.clone()))
        }
        _ => None,
    }
}

/// How many bytes buttons have as JSON, with their keys.
fn length(buttons: &[(String, String)]) -> usize {
    const KEYS: usize = 64;
    let lengths = buttons
        .iter()
        .map(|(title, url)| json(title) + json(url) + KEYS);
    lengths.sum()
}

/// How many bytes a text has as JSON.
fn json(text: &str) -> usize {
    Limit::json_bytes(0).length(text) + 2
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
