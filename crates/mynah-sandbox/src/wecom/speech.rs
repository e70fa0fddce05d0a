//! What persons say.

use mynah_wecom::event::{self, Kind};
use mynah_wecom::{ChatId, UserId};
use serde_json::{Map, Value};

use super::archive::{Chat, Speaker, Spoken};
use super::content::{Content, Link, Location, Piece};
use super::limits;
use super::media::{Kind as MediaKind, Medium, Owner};
use super::view::BOT;
use super::world::WeComWorld;
use crate::details::Details;
use crate::frame::Framed as _;
use crate::world::{Rejected, Said, Say};

/// What is about to be said; its files have not been kept yet.
struct Draft {
    pieces: Vec<DraftPiece>,
    quote: Option<String>,
}

enum DraftPiece {
    Ready(Piece),
    File {
        kind: MediaKind,
        name: String,
        content: Vec<u8>,
        words: String,
    },
}

impl WeComWorld {
    pub(super) fn person_says(&mut self, say: Say) -> Result<Said, Rejected> {
        let who = self.person("from", &say.from)?;
        let chat = self.chat("to", &say.to, &who)?;
        let draft = match (say.text, say.message) {
            (Some(text), None) => Draft {
                pieces: vec![DraftPiece::Ready(Piece::Text(text))],
                quote: None,
            },
            (None, Some(message)) => self.draft(&message)?,
            _ => return Err(Rejected::bad("text", "give either `text` or `message`")),
        };
        check_length(&draft)?;
        self.may_speak(&who, &chat)?;
        let content = self.keep(draft);
        let said = match &chat {
            Chat::Group(_) => self.says_in_group(&who, &chat, &content),
            Chat::Bot(_) => self.says_to_bot(&who, &chat, &content),
            Chat::User(_) | Chat::Agent(..) => self.says_to_application(&who, &chat, content),
        };
        Ok(said)
    }

    fn may_speak(&self, who: &UserId, chat: &Chat) -> Result<(), Rejected> {
        if !self.state.takes_part(who, chat) {
            return Err(Rejected::forbidden("to", "is not a group of theirs"));
        }
        match chat {
            Chat::Bot(_) if self.streams_of(who) >= limits::STREAMS => Err(Rejected::forbidden(
                "to",
                "the bot is still writing three answers",
            )),
            Chat::User(_) | Chat::Agent(..) if !self.state.sees(self.agent_in(chat), who) => Err(
                Rejected::forbidden("to", "they do not follow this application"),
            ),
            _ => Ok(()),
        }
    }

    fn says_in_group(&mut self, who: &UserId, chat: &Chat, content: &Content) -> Said {
        let id = self.state.token(32);
        let heard = self.mentions_bot(chat, content);
        if let Chat::Group(group) = chat
            && let Some(group) = self.state.groups.get_mut(&ChatId::from(group.as_str()))
            && !group.visible
        {
            group.visible = true;
            self.changed_conversations();
        }
        let seq = self.speak(who, chat, &id, content.clone());
        if heard {
            self.told(who, chat, &id, content, true);
        }
        Said { ids: vec![id], seq }
    }

    fn says_to_bot(&mut self, who: &UserId, chat: &Chat, content: &Content) -> Said {
        let id = self.state.token(32);
        let seq = self.speak(who, chat, &id, content.clone());
        self.told(who, chat, &id, content, false);
        Said { ids: vec![id], seq }
    }

    fn speak(&mut self, who: &UserId, chat: &Chat, id: &str, content: Content) -> u64 {
        let by = Speaker::Person(who.clone());
        self.post(chat, by, Spoken::new(id.to_owned(), content))
    }

    fn told(&mut self, who: &UserId, chat: &Chat, id: &str, content: &Content, in_group: bool) {
        if let Some(said) = self.said_to_bot(content, in_group) {
            let quote = content.quote.clone();
            let quote = quote.and_then(|id| self.quoted(&id));
            self.tell_bot(chat, who, id, said, quote);
        }
    }

    /// Whether a message in a group is meant for the intelligent bot.
    fn mentions_bot(&self, chat: &Chat, content: &Content) -> bool {
        let Chat::Group(group) = chat else {
            return false;
        };
        if !self.is_bot_in(&ChatId::from(group.as_str())) {
            return false;
        }
        let bot = UserId::from(self.seed.bot.id.as_str());
        let names = [BOT, &self.seed.bot.name, &self.seed.bot.id];
        content.pieces.iter().any(|piece| match piece {
            Piece::Mention(user) => *user == bot,
            Piece::Text(text) => names.iter().any(|name| text.contains(&format!("@{name}"))),
            _ => false,
        })
    }

    /// An application is sent one message for each thing that is no text.
    fn says_to_application(&mut self, who: &UserId, chat: &Chat, content: Content) -> Said {
        let mut said = Said {
            ids: Vec::new(),
            seq: 0,
        };
        for part in parts_of(content) {
            let number = self.next_msg_id();
            let id = number.to_string();
            said.seq = self.speak(who, chat, &id, part.clone());
            said.ids.push(id);
            if let Some(content) = self.said_to_application(&part) {
                let agent = self.agent_in(chat);
                self.tell(agent, who, Kind::message(number, content));
            }
        }
        said
    }

    /// How an application is told; `None` for what it is not told.
    fn said_to_application(&mut self, content: &Content) -> Option<event::Content> {
        Some(match content.pieces.as_slice() {
            [Piece::Image(file)] => event::Content::Image(event::Image {
                pic_url: self.public_url(file),
                media_id: file.as_str().into(),
            }),
            [Piece::Voice { file, .. }] => event::Content::Voice(event::Voice {
                media_id: file.as_str().into(),
                format: "amr".to_owned(),
            }),
            [Piece::Video { file, .. }] => event::Content::Video(event::Video {
                media_id: file.as_str().into(),
                thumb_media_id: self.thumbnail().into(),
            }),
            [Piece::Location(place)] => event::Content::Location(event::Location {
                latitude: place.latitude.into(),
                longitude: place.longitude.into(),
                scale: place.scale,
                label: place.label.clone(),
            }),
            [Piece::Link(link)] => event::Content::Link(event::Link {
                title: link.title.clone(),
                description: link.text.clone(),
                url: link.url.clone(),
                pic_url: link.image.clone(),
            }),
            // Files are none of the six kinds that applications are told.
            [Piece::File(_)] => return None,
            _ => event::Content::Text(event::Text {
                content: self.plain_text(content),
            }),
        })
    }

    /// A picture that stands for a video.
    fn thumbnail(&mut self) -> String {
        /// A PNG of one grey pixel.
        const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\
            :~\x9bU\0\0\0\nIDATx\x9ck`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";
        let name = self.state.token(64);
        let medium = Medium::new(MediaKind::Image, "thumb.png", Owner::Corp, PIXEL.into());
        let medium = medium.until(self.later(limits::MEDIA_MS));
        self.state.media.add(name.clone(), medium);
        name
    }

    /// Keeps the files of what is about to be said.
    fn keep(&mut self, draft: Draft) -> Content {
        let mut content = Content {
            quote: draft.quote,
            ..Content::default()
        };
        for piece in draft.pieces {
            content.pieces.push(match piece {
                DraftPiece::Ready(piece) => piece,
                DraftPiece::File {
                    kind,
                    name,
                    content,
                    words,
                } => self.keep_file(kind, &name, content, words),
            });
        }
        content
    }

    fn keep_file(
        &mut self,
        kind: MediaKind,
        filename: &str,
        content: Vec<u8>,
        words: String,
    ) -> Piece {
        let file = self.state.token(64);
        let medium = Medium::new(kind, filename, Owner::Corp, content.into());
        let medium = medium.until(self.later(limits::MEDIA_MS));
        self.state.media.add(file.clone(), medium);
        match kind {
            MediaKind::Image => Piece::Image(file),
            MediaKind::Voice => Piece::Voice { file, words },
            MediaKind::Video => Piece::Video {
                file,
                title: String::new(),
                description: String::new(),
            },
            MediaKind::File => Piece::File(file),
        }
    }

    /// Reads a message: a part, or a list of parts.
    fn draft(&self, message: &Value) -> Result<Draft, Rejected> {
        let wrong = || Rejected::bad("message", "must be a part or a list of parts");
        let parts = match message {
            Value::Array(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        if !(1..=limits::SAID_PARTS).contains(&parts.len()) {
            return Err(Rejected::bad("message", "must have 1 to 100 parts"));
        }
        let mut draft = Draft {
            pieces: Vec::new(),
            quote: None,
        };
        for part in parts {
            let part = part.as_object().ok_or_else(wrong)?;
            self.draft_part(part, &mut draft)?;
        }
        if draft.pieces.is_empty() {
            return Err(wrong());
        }
        Ok(draft)
    }

    fn draft_part(&self, part: &Map<String, Value>, draft: &mut Draft) -> Result<(), Rejected> {
        let details = Details(part);
        let piece = match details.needs_text("type")? {
            "quote" => {
                let id = details.needs_name("message_id")?;
                if self.state.archive.places(id.as_ref()).is_empty() {
                    return Err(Rejected::missing("message_id", "there is no such message"));
                }
                draft.quote = Some(id.into_owned());
                return Ok(());
            }
            "text" => Piece::Text(details.needs_text("text")?.to_owned()),
            "mention" => Piece::Mention(self.mentioned(&details.needs_name("id")?)?),
            "location" => Piece::Location(Location {
                latitude: details.decimal_or("latitude", 23.134)?,
                longitude: details.decimal_or("longitude", 113.358)?,
                scale: details.number_or("scale", 20)?,
                label: details.text_or("label", "")?.to_owned(),
            }),
            "link" => Piece::Link(Link {
                url: details.needs_text("url")?.to_owned(),
                title: details.text_or("title", "")?.to_owned(),
                text: details.text_or("text", "")?.to_owned(),
                image: details.text_or("image", "")?.to_owned(),
            }),
            kind => {
                let kind = MediaKind::of(kind)
                    .ok_or_else(|| Rejected::bad("type", "there is no such kind of part"))?;
                draft.pieces.push(draft_file(kind, details)?);
                return Ok(());
            }
        };
        draft.pieces.push(DraftPiece::Ready(piece));
        Ok(())
    }

    fn mentioned(&self, name: &str) -> Result<UserId, Rejected> {
        if name == "all" || name == "@all" {
            return Ok(UserId::all());
        }
        if name == BOT || self.is_intelligent_bot(name) {
            return Ok(UserId::from(self.seed.bot.id.as_str()));
        }
        self.person("id", name)
    }
}

fn draft_file(kind: MediaKind, details: Details<'_>) -> Result<DraftPiece, Rejected> {
    let (default, sample): (&str, &[u8]) = match kind {
        MediaKind::Image => ("image.png", b"\x89PNG\r\n\x1a\n"),
        MediaKind::Voice => ("voice.amr", b"#!AMR\n"),
        MediaKind::Video => ("video.mp4", b"\0\0\0\x18ftypmp42"),
        MediaKind::File => ("file.txt", b"file\n\n"),
    };
    let content = details.bytes("base64")?.unwrap_or_else(|| sample.to_vec());
    if content.len() > kind.most_bytes() {
        let problem = format!("may have {} bytes", kind.most_bytes());
        return Err(Rejected::bad("base64", problem));
    }
    Ok(DraftPiece::File {
        kind,
        name: details.text_or("name", default)?.to_owned(),
        content,
        words: details.text_or("text", "")?.to_owned(),
    })
}

fn check_length(draft: &Draft) -> Result<(), Rejected> {
    let count = |piece: &DraftPiece| match piece {
        DraftPiece::Ready(Piece::Text(text)) => text.chars().count(),
        _ => 0,
    };
    let chars: usize = draft.pieces.iter().map(count).sum();
    if chars > limits::SAID_CHARS {
        let problem = format!("may have {} characters, not {chars}", limits::SAID_CHARS);
        return Err(Rejected::bad("text", problem));
    }
    Ok(())
}

/// The messages that a client makes of what somebody says at once: text
/// together, everything else for itself.
fn parts_of(content: Content) -> Vec<Content> {
    let mut parts: Vec<Content> = Vec::new();
    for piece in content.pieces {
        let is_text = |piece: &Piece| matches!(piece, Piece::Text(_) | Piece::Mention(_));
        match parts.last_mut() {
            Some(last) if is_text(&piece) && last.pieces.iter().all(is_text) => {
                last.pieces.push(piece);
            }
            _ => parts.push(Content::of([piece])),
        }
    }
    if let Some(first) = parts.first_mut() {
        first.quote = content.quote;
    }
    parts
}
