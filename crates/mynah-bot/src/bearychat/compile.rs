//! Messages as BearyChat writes them.

use mynah_bearychat::MessageKey;
use mynah_bearychat::id::is_object_id;
use mynah_bearychat::text::{EVERYBODY, mention};
use mynah_bearychat::types::{Attachment, Image};
use serde_json::Value;

use crate::id::{MessageId, Platform, UserId};
use crate::markup::escaped;
use crate::message::{Link, Media, Message, Part, Source};
use crate::outgoing::last_of;
use crate::reply::Loss;

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

/// Writes a message for BearyChat.
///
/// What is said is Markdown there, so plain text is escaped. Pictures, files and links become
/// attachments below the text before them, by their addresses: the platform takes no files in. It
/// documents no longest text, so none is cut.
pub fn compile(message: &Message, way: Way) -> Compiled {
    let mut writer = Writer {
        way,
        compiled: Compiled::default(),
        text: String::new(),
        attachments: Vec::new(),
        quoted: None,
        after_mention: false,
    };
    for part in message.parts() {
        writer.add(part);
    }
    writer.end();
    if writer.quoted.is_some() {
        writer.lose("quote", "nothing");
    }
    writer.compiled
}

struct Writer {
    way: Way,
    compiled: Compiled,
    /// The text so far, of a piece that is not ended.
    text: String,
    attachments: Vec<Attachment>,
    /// What the next text quotes.
    quoted: Option<MessageKey>,
    after_mention: bool,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.plain(text),
            Part::Markdown(text) => self.words(text),
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.at(EVERYBODY),
            Part::Image(media) => self.picture(media),
            Part::Voice(media) => self.linked("voice", media),
            Part::Video(media) => self.linked("video", media),
            Part::File(media) => self.linked("file", media),
            Part::Link(link) => self.attach(attachment(link)),
            Part::Location(place) => {
                self.lose("location", "text");
                self.plain(&place.in_words());
            }
            Part::Quote(message) => self.quote(message),
            Part::Raw(Platform::BearyChat, json) if says_something(json) => {
                self.end();
                self.compiled.pieces.push(Piece::Raw(json.clone()));
            }
            Part::Raw(..) => self.lose("raw", "nothing"),
        }
    }

    /// Text that stays text: neither markup nor a mention of anybody.
    fn plain(&mut self, text: &str) {
        let text = escaped(text);
        let mut text = text.replace("@<=", "@\\<=").replace("@<-", "@\\<-");
        if self.text.ends_with('@') && (text.starts_with("<=") || text.starts_with("<-")) {
            text.insert(0, '\\');
        }
        self.words(&text);
    }

    fn words(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.attachments.is_empty() {
            self.end();
        }
        // Most parsers of the platform want a blank behind a mention.
        if self.after_mention && !text.starts_with(char::is_whitespace) {
            self.text.push(' ');
        }
        self.after_mention = false;
        self.text.push_str(text);
    }

    fn at(&mut self, mention: &str) {
        self.words(mention);
        self.after_mention = true;
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::BearyChat {
            self.lose("mention", "the id as text");
            return self.plain(&id);
        }
        if !is_object_id(&id) {
            // Hooks know people by their names alone.
            self.lose("mention", "@ and the name as text");
            self.plain("@");
            return self.plain(&id);
        }
        self.at(&mention(&id.into()));
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
        self.lose(what, "a link");
        self.attach(Attachment {
            url: Some(url.clone()),
            ..Attachment::title(title(media, url))
        });
    }

    fn named(&mut self, what: &'static str, media: &Media) {
        self.lose(what, "its name");
        self.plain(&media.in_brackets());
    }

    fn attach(&mut self, attachment: Attachment) {
        if self.quoted.is_some() {
            self.end();
        }
        self.attachments.push(attachment);
    }

    fn quote(&mut self, message: &MessageId) {
        if self.way != Way::Socket || message.platform != Platform::BearyChat {
            return self.lose("quote", "nothing");
        }
        self.end();
        if self.quoted.is_some() {
            self.lose("quote", "nothing");
        }
        self.quoted = Some(MessageKey::from(message.id.to_string()));
    }

    fn lose(&mut self, what: &'static str, instead: &'static str) {
        self.compiled.losses.push(Loss { what, instead });
    }

    /// Ends the message so far.
    fn end(&mut self) {
        self.after_mention = false;
        let mut text = std::mem::take(&mut self.text);
        let attachments = std::mem::take(&mut self.attachments);
        if text.trim().is_empty() {
            // The platform wants words.
            let Some(said) = attachments.first().and_then(words) else {
                return;
            };
            text = escaped(said);
        }
        let piece = match self.quoted.take() {
            Some(key) if attachments.is_empty() => Piece::Quoting { key, text },
            quoted => {
                self.quoted = quoted;
                Piece::Said { text, attachments }
            }
        };
        self.compiled.pieces.push(piece);
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
