//! Messages as RongCloud writes them.

use mynah_rongcloud::content::{Content, File, HighQualityVoice, Image, RichText, Sight};
use mynah_rongcloud::{ObjectName, UserId as User, content, limits};
use serde_json::Value;

use crate::id::{Platform, UserId};
use crate::markup::cut;
use crate::message::{Link, Location, Media, Message, Part, Source};
use crate::outgoing::last_of;
use crate::reply::Loss;

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

/// So many bytes of a text stand in one message: written as JSON, where a
/// character takes at most six times as many, they are within the limit of a
/// content (131,072 bytes).
const TEXT: usize = limits::CONTENT_BYTES / 8;

/// Writes a message for RongCloud.
///
/// Text and mentions that follow each other are one piece as long as they fit.
/// Pictures and files are sent by their addresses: the platform takes none in.
pub fn compile(message: &Message) -> Compiled {
    let mut writer = Writer::default();
    for part in message.parts() {
        writer.add(part);
    }
    writer.end_text();
    writer.compiled
}

#[derive(Default)]
struct Writer {
    compiled: Compiled,
    /// The text so far, of a piece that is not ended.
    content: String,
    users: Vec<User>,
    all: bool,
    after_mention: bool,
}

impl Writer {
    fn add(&mut self, part: &Part) {
        match part {
            Part::Text(text) => self.text(text),
            Part::Markdown(text) => {
                self.lose("markdown", "its source as text");
                self.text(text);
            }
            Part::Mention(user) => self.mention(user),
            Part::MentionAll => {
                self.all = true;
                self.at("所有人");
            }
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
            Part::Quote(_) => self.lose("quote", "nothing"),
            Part::Raw(Platform::RongCloud, json) => self.raw(json),
            Part::Raw(..) => self.lose("raw", "nothing"),
        }
    }

    fn text(&mut self, text: &str) {
        // Clients show the mention as it stands there, and it has to end somewhere.
        if self.after_mention && !text.starts_with(char::is_whitespace) {
            self.content.push(' ');
        }
        self.after_mention = false;
        self.content.push_str(text);
    }

    fn at(&mut self, name: &str) {
        self.text("@");
        self.content.push_str(name);
        self.after_mention = true;
    }

    fn mention(&mut self, user: &UserId) {
        let id = user.id.to_string();
        if user.platform != Platform::RongCloud {
            self.lose("mention", "the id as text");
            return self.text(&id);
        }
        self.at(&id);
        let user = User::from(id);
        if !self.users.contains(&user) {
            self.users.push(user);
        }
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
        self.lose(what, "its name");
        self.text(&media.in_brackets());
    }

    fn link(&mut self, link: &Link) {
        let title = if link.title.is_empty() {
            &link.url
        } else {
            &link.title
        };
        let article = RichText {
            image_uri: link.image.clone(),
            ..RichText::new(title.as_str(), link.text.as_str(), link.url.as_str())
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
            _ => self.lose("raw", "nothing"),
        }
    }

    fn lose(&mut self, what: &'static str, instead: &'static str) {
        self.compiled.losses.push(Loss { what, instead });
    }

    fn piece(&mut self, content: Content) {
        self.end_text();
        self.compiled.pieces.push(Piece::Content(content));
    }

    /// Ends the text so far; what is too long becomes several pieces.
    fn end_text(&mut self) {
        let content = std::mem::take(&mut self.content);
        let mut users = std::mem::take(&mut self.users);
        let mut all = std::mem::take(&mut self.all);
        self.after_mention = false;
        if content.trim().is_empty() {
            return;
        }
        for content in cut(&content, TEXT) {
            let here = |user: &mut User| content.contains(&format!("@{}", user.as_str()));
            self.compiled.pieces.push(Piece::Text {
                users: users.extract_if(.., here).collect(),
                all: std::mem::take(&mut all),
                content,
            });
        }
    }
}
