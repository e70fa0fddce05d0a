//! Messages as RongCloud writes them.

use mynah_rongcloud::content::{Content, File, HighQualityVoice, Image, RichText, Sight};
use mynah_rongcloud::{ObjectName, UserId as User, content, limits};
use serde_json::Value;

use crate::compile::{Dialect, Limit, Script, beginning};
use crate::id::{Platform, UserId};
use crate::message::{Link, Location, Media, Message, Part, Source};
use crate::outgoing::last_of;

/// A message as it goes out, and what was lost on the way.
pub type Compiled = crate::outgoing::Compiled<Piece>;

/// One message of the platform.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Piece {
    /// Text.
    Text {
        /// What is said; `@id` stands where somebody is mentioned.
        content: String,
        /// Who is mentioned.
        users: Vec<User>,
        /// Whether everybody is.
        all: bool,
    },
    /// Anything else.
    Content(Content),
}

impl From<Piece> for Content {
    fn from(piece: Piece) -> Self {
        match piece {
            Piece::Text {
                content,
                users,
                all,
            } => {
                let text = content::Text::new(content);
                match (all, users.is_empty()) {
                    (true, _) => text.mentioning_all().into(),
                    (false, false) => text.mentioning(users).into(),
                    (false, true) => text.into(),
                }
            }
            Piece::Content(content) => content,
        }
    }
}

/// What stands around a text in its content: the keys, and those who are mentioned.
const FRAME: usize = 16 * 1024;

/// The longest text of one message, written as JSON.
const LONGEST: Limit = Limit::json_bytes(limits::CONTENT_BYTES - FRAME);

/// At most so many are mentioned by one message: their ids have 64 bytes each, and are written
/// twice as long at the worst.
const MENTIONED: usize = 100;

/// Writes a message for RongCloud.
///
/// Text and mentions that follow each other are one piece as long as they fit.
/// Pictures and files are sent by their addresses: the platform takes none in. There is no
/// markup: Markdown becomes text.
pub fn compile(message: &Message) -> Compiled {
    let mut writer = Writer {
        script: Script::new(&Dialect::PLAIN),
        numbered: message.is_numbered(),
        pieces: Vec::new(),
        mentioned: Vec::new(),
        after_mention: false,
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
    /// The text so far, of a piece that is not ended.
    script: Script,
    numbered: bool,
    pieces: Vec<Piece>,
    /// Who is tagged in the script; none is everybody.
    mentioned: Vec<Option<User>>,
    after_mention: bool,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Markdown(text) => {
                self.apart(text);
                self.script.markdown(text);
            }
            Part::Card(card) => {
                self.apart("\n");
                self.script.card(card);
            }
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => self.at("所有人", None),
            Part::Image(media) => self.media("picture", media, |url, _| Image::new(url, "").into()),
            Part::Voice(media) => self.media("voice", media, |url, _| {
                // How long it is cannot be told from its address.
                HighQualityVoice::new(url, 0).into()
            }),
            Part::Video(media) => self.media("video", media, |url, name| {
                Sight {
                    name,
                    ..Sight::new(url, 0)
                }
                .into()
            }),
            Part::File(media) => {
                self.media("file", media, |url, name| File::new(name, 0, url).into());
            }
            Part::Link(link) => self.link(link),
            Part::Location(place) => self.location(place),
            Part::Quote(_) => self.script.lose("quote", "nothing"),
            Part::Raw(Platform::RongCloud, json) => self.raw(json),
            Part::Raw(..) => self.script.lose("raw", "nothing"),
        }
    }

    fn text(&mut self, text: &str) {
        self.apart(text);
        self.script.text(text);
    }

    /// Clients show the mention as it stands there, and it has to end somewhere.
    fn apart(&mut self, text: &str) {
        if std::mem::take(&mut self.after_mention) && !text.starts_with(char::is_whitespace) {
            self.script.blank(" ");
        }
    }

    fn at(&mut self, name: &str, user: Option<User>) {
        self.apart(name);
        self.script
            .tagged(&format!("@{name}"), self.mentioned.len());
        self.mentioned.push(user);
        self.after_mention = true;
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform == Platform::RongCloud {
            return self.at(&id, Some(User::from(id.as_str())));
        }
        self.script.lose("mention", "the id as text");
        self.apart(&id);
        self.script.whole(&id, "mention");
    }

    fn media(
        &mut self,
        what: &'static str,
        media: &Media,
        write: impl FnOnce(String, String) -> Content,
    ) {
        if let Source::Url(url) = &media.source {
            let name = if media.name.is_empty() {
                last_of(url)
            } else {
                &media.name
            };
            return self.piece(write(url.clone(), name.to_owned()));
        }
        self.script.lose(what, "its name");
        self.text(&media.in_brackets());
    }

    fn link(&mut self, link: &Link) {
        let title = if link.title.is_empty() {
            &link.url
        } else {
            &link.title
        };
        let beside = [title, &link.url, &link.image].map(|text| Limit::json_bytes(0).length(text));
        let room = limits::CONTENT_BYTES - FRAME;
        let room = room.saturating_sub(beside.iter().sum());
        let text = beginning(&link.text, Limit::json_bytes(room));
        if text.len() < link.text.len() {
            self.script.lose("text of a link", "its beginning");
        }
        let article = RichText {
            image_uri: link.image.clone(),
            ..RichText::new(title.as_str(), text, link.url.as_str())
        };
        self.piece(article.into());
    }

    fn location(&mut self, place: &Location) {
        let poi = place.title.as_str();
        let place = content::Location::new(place.latitude, place.longitude, poi);
        self.piece(place.into());
    }

    /// A kind and its text in the platform's words: `objectName` and `content`.
    fn raw(&mut self, json: &Value) {
        let word = |name: &str| json.get(name).and_then(Value::as_str);
        match (word("objectName"), word("content")) {
            (Some(name), Some(text)) => {
                self.piece(Content::read(&ObjectName::from(name), text));
            }
            _ => self.script.lose("raw", "nothing"),
        }
    }

    fn piece(&mut self, content: Content) {
        self.end_text();
        self.pieces.push(Piece::Content(content));
    }

    /// Ends the text so far; what is too long becomes several pieces.
    fn end_text(&mut self) {
        let mentioned = std::mem::take(&mut self.mentioned);
        self.after_mention = false;
        for words in self.script.take(LONGEST, self.numbered) {
            let mut users = Vec::new();
            let mut all = false;
            for who in words.tags.iter().filter_map(|(_, tag)| mentioned.get(*tag)) {
                match who {
                    None => all = true,
                    Some(user) if users.contains(user) => {}
                    Some(user) if users.len() < MENTIONED => users.push(user.clone()),
                    Some(_) => self.script.lose("mention", "@ and the id as text"),
                }
            }
            self.pieces.push(Piece::Text {
                content: words.text,
                users,
                all,
            });
        }
    }
}
