//! Pictures, voice messages, videos and files.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::limits;
use crate::world::Time;

/// All files, by name: a temporary file's name is its `media_id`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct MediaStore {
    files: BTreeMap<String, Medium>,
    /// Counts up, so that the oldest is known.
    stored: u64,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Medium {
    pub(super) kind: Kind,
    /// What it was called when it was uploaded.
    pub(super) filename: String,
    pub(super) owner: Owner,
    /// Until when calls can name it; `None` for ever.
    pub(super) until: Option<Time>,
    pub(super) content: Content,
    number: u64,
}

/// What a file was uploaded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Image,
    Voice,
    Video,
    File,
}

/// Whose calls can name a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Owner {
    /// Every application of the corp.
    Corp,
    /// A group robot, by its place in the seed.
    Robot(usize),
    /// The intelligent bot.
    Bot,
    /// Nobody's: it only shows on the page.
    Page,
}

/// Bytes that a snapshot holds as base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content(pub(super) Bytes);

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let base64 = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(base64).map_err(de::Error::custom)?;
        Ok(Self(bytes.into()))
    }
}

impl Kind {
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "image" => Some(Self::Image),
            "voice" => Some(Self::Voice),
            "video" => Some(Self::Video),
            "file" => Some(Self::File),
            _ => None,
        }
    }

    /// The most bytes of one.
    pub(super) fn most_bytes(self) -> usize {
        match self {
            Self::Image | Self::Video => limits::IMAGE_BYTES,
            Self::Voice => limits::VOICE_BYTES,
            Self::File => limits::FILE_BYTES,
        }
    }
}

impl Medium {
    pub(super) fn new(kind: Kind, filename: &str, owner: Owner, content: Bytes) -> Self {
        Self {
            kind,
            filename: filename.to_owned(),
            owner,
            until: None,
            content: Content(content),
            number: 0,
        }
    }

    /// The same, but calls can name it until then only.
    pub(super) fn until(self, until: Time) -> Self {
        Self {
            until: Some(until),
            ..self
        }
    }

    /// By its first bytes, or by its name.
    pub(super) fn media_type(&self) -> &'static str {
        if let Some(found) = picture(&self.content.0) {
            return found;
        }
        let extension = self.filename.rsplit_once('.').map(|(_, it)| it);
        match (self.kind, extension.unwrap_or_default()) {
            (Kind::Voice, _) | (_, "amr") => "audio/amr",
            (Kind::Video, _) | (_, "mp4") => "video/mp4",
            (_, "txt" | "md" | "log") => "text/plain; charset=utf-8",
            (_, "pdf") => "application/pdf",
            (_, "gif") => "image/gif",
            _ => "application/octet-stream",
        }
    }
}

/// The media type of a JPG or PNG, by its first bytes.
pub(super) fn picture(content: &[u8]) -> Option<&'static str> {
    if content.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else {
        None
    }
}

impl MediaStore {
    /// Keeps a file; the oldest go when there is no room.
    pub(super) fn add(&mut self, name: String, medium: Medium) {
        self.stored = self.stored.saturating_add(1);
        let number = self.stored;
        self.files.insert(name, Medium { number, ..medium });
        while self.files.len() > limits::MEDIA || self.bytes() > limits::MEDIA_TOTAL_BYTES {
            let oldest = self.files.iter().min_by_key(|(_, medium)| medium.number);
            let Some(name) = oldest.map(|(name, _)| name.clone()) else {
                return;
            };
            self.files.remove(&name);
        }
    }

    fn bytes(&self) -> usize {
        self.files
            .values()
            .map(|medium| medium.content.0.len())
            .sum()
    }

    /// A file, whether calls can still name it or not.
    pub(super) fn get(&self, name: &str) -> Option<&Medium> {
        self.files.get(name)
    }

    /// A file that `owner` may name now.
    pub(super) fn named(&self, name: &str, owner: &Owner, now: Time) -> Option<&Medium> {
        let medium = self.files.get(name)?;
        let alive = medium.until.is_none_or(|until| now < until);
        (alive && medium.owner == *owner).then_some(medium)
    }
}
