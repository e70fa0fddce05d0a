//! Segments read as typed values.

use super::segment::{Data, Segment, Value};
use crate::id::{GroupId, MessageId, UserId};

/// What a segment means, borrowed from it.
///
/// A segment whose data does not fit its type (an `at` of nobody, a `location` without numbers) is
/// [`View::Other`], as is every type that is not in the standard.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum View<'a> {
    /// Plain text.
    Text(&'a str),
    /// A QQ face.
    Face {
        /// Number of the face.
        id: &'a str,
    },
    /// An image.
    Image(Media<'a>),
    /// A voice message.
    Record(Media<'a>),
    /// A short video.
    Video(Media<'a>),
    /// A mention.
    At(Mention),
    /// Rock, paper, scissors.
    Rps,
    /// A die.
    Dice,
    /// A shaken window.
    Shake,
    /// A poke.
    Poke {
        /// Its type.
        kind: &'a str,
        /// Its number among those of the same type.
        id: &'a str,
        /// Its name, in received messages.
        name: Option<&'a str>,
    },
    /// The wish to send anonymously.
    Anonymous {
        /// Whether to send by name where anonymity is impossible.
        ignore: bool,
    },
    /// A link.
    Share {
        /// Where it leads.
        url: &'a str,
        /// Its headline.
        title: &'a str,
        /// Its description.
        content: Option<&'a str>,
        /// URL of its picture.
        image: Option<&'a str>,
    },
    /// A recommended person or group.
    Contact(Contact),
    /// A place.
    Location {
        /// Latitude in degrees.
        latitude: f64,
        /// Longitude in degrees.
        longitude: f64,
        /// Its name.
        title: Option<&'a str>,
        /// Its description.
        content: Option<&'a str>,
    },
    /// A song of a music platform.
    Music {
        /// `qq`, `163`, `xm` or another platform.
        platform: &'a str,
        /// The song's number there.
        id: &'a str,
    },
    /// A song with links of its own.
    CustomMusic {
        /// Where a click leads.
        url: &'a str,
        /// URL of the sound.
        audio: &'a str,
        /// Its name.
        title: &'a str,
        /// Its description.
        content: Option<&'a str>,
        /// URL of its picture.
        image: Option<&'a str>,
    },
    /// A quoted message.
    Reply(MessageId),
    /// A merged forward.
    Forward {
        /// What `get_forward_msg` wants.
        id: &'a str,
    },
    /// A node of a merged forward that stands for an existing message.
    Node(MessageId),
    /// A node of a merged forward with content of its own.
    CustomNode {
        /// Who is shown as its author.
        user_id: UserId,
        /// The author's shown name.
        nickname: &'a str,
        /// What is said.
        content: &'a Value,
    },
    /// An XML message.
    Xml(&'a str),
    /// A JSON message.
    Json(&'a str),
    /// An emoji; CQHTTP only.
    Emoji(char),
    /// Anything else.
    Other {
        /// The type on the wire.
        kind: &'a str,
        /// All keys and values.
        data: &'a Data,
    },
}

/// A file in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media<'a> {
    /// Name of a received file; path, URL or `base64://…` of one to send.
    pub file: &'a str,
    /// Where a received file can be fetched.
    pub url: Option<&'a str>,
    /// `flash` for an image that is shown once.
    pub kind: Option<&'a str>,
}

/// Whom a mention addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mention {
    /// Everybody in the group.
    All,
    /// One member.
    User(UserId),
}

/// Whom a contact card recommends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// A person.
    User(UserId),
    /// A group.
    Group(GroupId),
}

impl Segment {
    /// Reads the segment as typed values.
    pub fn view(&self) -> View<'_> {
        self.standard_view().unwrap_or(View::Other {
            kind: self.kind(),
            data: self.data(),
        })
    }

    /// Whom this mentions, if it is a mention.
    pub fn mention(&self) -> Option<Mention> {
        match self.view() {
            View::At(mention) => Some(mention),
            _ => None,
        }
    }

    fn standard_view(&self) -> Option<View<'_>> {
        Some(match self.kind() {
            "text" => View::Text(self.as_text()?),
            "face" => View::Face {
                id: self.get("id")?,
            },
            "image" => View::Image(self.media()?),
            "record" => View::Record(self.media()?),
            "video" => View::Video(self.media()?),
            "at" => View::At(match self.get("qq")? {
                "all" => Mention::All,
                user => Mention::User(user.parse().ok()?),
            }),
            "rps" => View::Rps,
            "dice" => View::Dice,
            "shake" => View::Shake,
            "poke" => View::Poke {
                kind: self.get("type")?,
                id: self.get("id")?,
                name: self.get("name"),
            },
            "anonymous" => View::Anonymous {
                ignore: self.get("ignore").is_some_and(is_yes),
            },
            "share" => View::Share {
                url: self.get("url")?,
                title: self.get("title")?,
                content: self.get("content"),
                image: self.get("image"),
            },
            "contact" => View::Contact(self.contact()?),
            "location" => View::Location {
                latitude: self.get("lat")?.parse().ok()?,
                longitude: self.get("lon")?.parse().ok()?,
                title: self.get("title"),
                content: self.get("content"),
            },
            "music" => self.music_view()?,
            "reply" => View::Reply(self.get("id")?.parse().ok()?),
            "forward" => View::Forward {
                id: self.get("id")?,
            },
            "node" => self.node_view()?,
            "xml" => View::Xml(self.get("data")?),
            "json" => View::Json(self.get("data")?),
            "emoji" => View::Emoji(char::from_u32(self.get("id")?.parse().ok()?)?),
            _ => return None,
        })
    }

    fn media(&self) -> Option<Media<'_>> {
        Some(Media {
            file: self.get("file")?,
            url: self.get("url"),
            kind: self.get("type"),
        })
    }

    fn contact(&self) -> Option<Contact> {
        let id = self.get("id")?;
        match self.get("type")? {
            "qq" => id.parse().ok().map(Contact::User),
            "group" => id.parse().ok().map(Contact::Group),
            _ => None,
        }
    }

    fn music_view(&self) -> Option<View<'_>> {
        let platform = self.get("type")?;
        if platform != "custom" {
            return Some(View::Music {
                platform,
                id: self.get("id")?,
            });
        }
        Some(View::CustomMusic {
            url: self.get("url")?,
            audio: self.get("audio")?,
            title: self.get("title")?,
            content: self.get("content"),
            image: self.get("image"),
        })
    }

    /// Nodes in the spelling of the standard or of go-cqhttp (`uin`, `name`).
    fn node_view(&self) -> Option<View<'_>> {
        let Some(content) = self.data().get("content") else {
            return self.get("id")?.parse().ok().map(View::Node);
        };
        Some(View::CustomNode {
            user_id: self
                .get("user_id")
                .or_else(|| self.get("uin"))?
                .parse()
                .ok()?,
            nickname: self
                .get("nickname")
                .or_else(|| self.get("name"))
                .unwrap_or_default(),
            content,
        })
    }
}

/// The standard writes `1`, and allows `yes` and `true`.
fn is_yes(text: &str) -> bool {
    ["1", "yes", "true"]
        .iter()
        .any(|yes| text.eq_ignore_ascii_case(yes))
}
