//! Messages as BearyChat writes them.

use std::borrow::Cow;

use mynah_bearychat::MessageKey;
use mynah_bearychat::id::is_object_id;
use mynah_bearychat::text::{EVERYBODY, mention};
use mynah_bearychat::types::{Attachment, Image};
use serde_json::Value;

use crate::compile::{Dialect, Limit, Script, Table, Words, escape_markdown};
use crate::id::{MessageId, Platform, UserId};
use crate::message::{Card, Link, Media, Message, Part, Source};
use crate::outgoing::last_of;

/// How a message goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// By calls, and over an open socket what calls cannot do: quoting.
    Socket,
    /// By calls alone, or through a hook. Nothing is quoted.
    Calls,
}

/// A message as it goes out, and what was lost on the way.
pub type Compiled = crate::outgoing::Compiled<Piece>;

/// One message of the platform.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Piece {
    /// Something is said.
    Said {
        /// Markdown, which is never empty; `@<=…=>` stands where somebody is mentioned.
        text: String,
        /// What stands below it.
        attachments: Vec<Attachment>,
    },
    /// Something is said that quotes a message. Nothing can be attached to it.
    Quoting {
        /// The message that is quoted.
        key: MessageKey,
        /// As above.
        text: String,
    },
    /// A body in BearyChat's own JSON: `text` and `attachments`.
    Raw(Value),
}

/// What is known of the platform's Markdown: "inline" is all that its documents say
/// (<https://github.com/bearyinnovative/bearychat-docs>), beside the quotes, lists and code that
/// people write there. Pictures are attached.
const DIALECT: Dialect = Dialect {
    headings: 0,
    tasks: false,
    table: Table::Fenced,
    image: false,
    rule: false,
    line_break: "\n",
    escape,
    guard,
    ..Dialect::COMMON
};

/// The platform documents no longest text. So much goes through all of its ways, whatever stands
/// around it.
const LONGEST: Limit = Limit::json_bytes(32 * 1024);

/// Writes a message for BearyChat.
///
/// What is said is Markdown there, so plain text is escaped. Pictures, files and links become
/// attachments below the text before them, by their addresses: the platform takes no files in.
pub fn compile(message: &Message, way: Way) -> Compiled {
    let mut writer = Writer {
        way,
        numbered: message.is_numbered(),
        pieces: Vec::new(),
        script: Script::new(&DIALECT),
        attachments: Vec::new(),
        quoted: None,
        after_mention: false,
    };
    for (index, part) in message.parts().iter().enumerate() {
        writer.script.begin(index);
        writer.add(index, part);
    }
    writer.end();
    if let Some((part, _)) = writer.quoted {
        writer.script.begin(part);
        writer.script.lose("quote", "nothing");
    }
    Compiled {
        pieces: writer.pieces,
        losses: writer.script.losses(),
        numbered: writer.script.numbered(),
    }
}

struct Writer {
    way: Way,
    numbered: bool,
    pieces: Vec<Piece>,
    /// The text so far, of a piece that is not ended.
    script: Script,
    attachments: Vec<Attachment>,
    /// What the next text quotes, and which part says so.
    quoted: Option<(usize, MessageKey)>,
    after_mention: bool,
}

impl Writer {
    fn add(&mut self, index: usize, part: &Part) {
        match part {
            Part::Text(text) => self.plain(text),
            Part::Markdown(text) => {
                self.apart(text);
                self.script.markdown(text);
            }
            Part::Card(card) => self.card(card),
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.at(EVERYBODY),
            Part::Image(media) => self.picture(media),
            Part::Voice(media) => self.linked("voice", media),
            Part::Video(media) => self.linked("video", media),
            Part::File(media) => self.linked("file", media),
            Part::Link(link) => self.attach(attachment(link)),
            Part::Location(place) => {
                self.script.lose("location", "text");
                self.plain(&place.in_words());
            }
            Part::Quote(message) => self.quote(index, message),
            Part::Raw(Platform::BearyChat, json) if says_something(json) => {
                self.end();
                self.pieces.push(Piece::Raw(json.clone()));
            }
            Part::Raw(..) => self.script.lose("raw", "nothing"),
        }
    }

    /// Text that stays text: neither markup nor a mention of anybody.
    fn plain(&mut self, text: &str) {
        self.apart(text);
        self.script.text(text);
    }

    /// Makes room for words: behind attachments they are another piece.
    fn apart(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.attachments.is_empty() {
            self.end();
        }
        // Most parsers of the platform want a blank behind a mention.
        if std::mem::take(&mut self.after_mention) && !text.starts_with(char::is_whitespace) {
            self.script.blank(" ");
        }
    }

    fn at(&mut self, mention: &str) {
        self.apart(mention);
        self.script.whole(mention, "mention");
        self.after_mention = true;
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::BearyChat {
            self.script.lose("mention", "the id as text");
            return self.plain(&id);
        }
        if !is_object_id(&id) {
            // Hooks know people by their names alone.
            self.script.lose("mention", "@ and the name as text");
            return self.plain(&format!("@{id}"));
        }
        self.at(&mention(&id.into()));
    }

    fn card(&mut self, card: &Card) {
        self.apart("\n");
        let picture = Media::url(card.image.as_str());
        self.script.card(&Card {
            image: String::new(),
            ..card.clone()
        });
        if !card.image.is_empty() {
            self.picture(&picture);
        }
    }

    fn picture(&mut self, media: &Media) {
        let Source::Url(url) = &media.source else {
            return self.named("picture", media);
        };
        self.attach(Attachment {
            images: Some(vec![Image::from(url.as_str())]),
            ..Attachment::title(title(media, url))
        });
    }

    /// A file where none can be sent.
    fn linked(&mut self, what: &'static str, media: &Media) {
        let Source::Url(url) = &media.source else {
            return self.named(what, media);
        };
        self.script.lose(what, "a link");
        self.attach(Attachment {
            url: Some(url.clone()),
            ..Attachment::title(title(media, url))
        });
    }

    fn named(&mut self, what: &'static str, media: &Media) {
        self.script.lose(what, "its name");
        self.plain(&media.in_brackets());
    }

    fn attach(&mut self, attachment: Attachment) {
        if self.quoted.is_some() {
            self.end();
        }
        self.attachments.push(attachment);
    }

    fn quote(&mut self, index: usize, message: &MessageId) {
        if self.way != Way::Socket || message.platform != Platform::BearyChat {
            return self.script.lose("quote", "nothing");
        }
        self.end();
        if self.quoted.is_some() {
            return self.script.lose("quote", "nothing");
        }
        self.quoted = Some((index, MessageKey::from(message.id.to_string())));
    }

    /// Ends the message so far.
    fn end(&mut self) {
        self.after_mention = false;
        let mut attachments = std::mem::take(&mut self.attachments);
        if self.script.is_blank() {
            // The platform wants words.
            let Some(said) = attachments.first().and_then(words) else {
                return;
            };
            self.script.text(said);
        }
        let texts = self.script.take(LONGEST, self.numbered);
        let last = texts.len().saturating_sub(1);
        for (index, Words { text, .. }) in texts.into_iter().enumerate() {
            let below = index == last && !attachments.is_empty();
            self.pieces.push(match self.quoted.take() {
                Some((_, key)) if !below => Piece::Quoting { key, text },
                quoted => {
                    self.quoted = quoted;
                    let attachments = if below {
                        std::mem::take(&mut attachments)
                    } else {
                        Vec::new()
                    };
                    Piece::Said { text, attachments }
                }
            });
        }
    }
}

/// Text as it stands in the platform's Markdown, where mentions are read as well.
fn escape(written: &mut String, text: &str, at_line: bool) {
    let from = written.len();
    escape_markdown(written, text, at_line);
    let from = from - usize::from(written[..from].ends_with('@'));
    if written[from..].contains("@<") {
        let text = written[from..].replace("@<", "@\\<");
        written.truncate(from);
        written.push_str(&text);
    }
}

/// Code mentions nobody either: an invisible character comes between.
fn guard(code: &str) -> Cow<'_, str> {
    if code.contains("@<") {
        Cow::Owned(code.replace("@<", "@\u{200B}<"))
    } else {
        Cow::Borrowed(code)
    }
}

fn words(attachment: &Attachment) -> Option<&str> {
    let given = [&attachment.title, &attachment.text];
    let mut given = given.into_iter().filter_map(Option::as_deref);
    given.find(|words| !words.trim().is_empty())
}

fn title<'m>(media: &'m Media, url: &'m str) -> &'m str {
    let names = [&*media.name, last_of(url)];
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or(url)
}

fn attachment(link: &Link) -> Attachment {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Attachment {
        title: some(&link.title).or_else(|| some(&link.url)),
        url: some(&link.url),
        text: some(&link.text),
        images: some(&link.image).map(|url| vec![Image::from(url)]),
        ..Attachment::default()
    }
}

/// Whether JSON is a body: the platform wants a text.
fn says_something(json: &Value) -> bool {
    let text = json.get("text").and_then(Value::as_str);
    text.is_some_and(|text| !text.is_empty())
}
