//! Pictures, voice messages, videos and files, as worlds keep them.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use mynah_core::File;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Files kept; the oldest go first.
const FILES: usize = 10_000;
/// Bytes of all of them; the oldest go first.
const TOTAL_BYTES: usize = 128 * 1024 * 1024;

/// All files, by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct MediaStore {
    files: BTreeMap<String, Medium>,
    /// Counts up, so that the oldest is known.
    stored: u64,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Medium {
    /// What it was called when it was uploaded.
    pub(crate) filename: String,
    pub(crate) content: Bytes64,
    number: u64,
}

/// Bytes that a snapshot holds as base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes64(pub(crate) Bytes);

impl Serialize for Bytes64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let base64 = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(base64).map_err(de::Error::custom)?;
        Ok(Self(bytes.into()))
    }
}

impl Medium {
    pub(crate) fn new(filename: &str, content: Bytes) -> Self {
        Self {
            filename: filename.to_owned(),
            content: Bytes64(content),
            number: 0,
        }
    }

    /// By its first bytes, or by its name.
    pub(crate) fn media_type(&self) -> &'static str {
        picture(&self.content.0).unwrap_or_else(|| by_name(&self.filename))
    }

    /// For whoever downloads it.
    pub(crate) fn file(&self) -> File {
        let file = File::new(self.filename.clone(), self.content.0.clone());
        file.with_media_type(self.media_type())
    }
}

/// The media type of a picture, by its first bytes.
pub(crate) fn picture(content: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], _); 4] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
    ];
    let mut known = known.into_iter();
    let found = known.find(|(beginning, _)| content.starts_with(beginning));
    found.map(|(_, media_type)| media_type)
}

fn by_name(filename: &str) -> &'static str {
    match extension(filename).as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "bmp" => "image/bmp",
        "amr" => "audio/amr",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "txt" | "md" | "log" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// What a file's name ends in, in small letters; nothing where there is no dot.
pub(crate) fn extension(filename: &str) -> String {
    let extension = filename.rsplit_once('.').map(|(_, extension)| extension);
    extension.unwrap_or_default().to_ascii_lowercase()
}

impl MediaStore {
    /// A file.
    pub(crate) fn get(&self, name: &str) -> Option<&Medium> {
        self.files.get(name)
    }

    /// What a file is served as: its media type, and what is in it.
    pub(crate) fn served(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let medium = self.get(name)?;
        Some((medium.media_type().to_owned(), medium.content.0.to_vec()))
    }

    /// Keeps a file; the oldest go when there is no room.
    pub(crate) fn put(&mut self, name: String, medium: Medium) {
        self.stored = self.stored.saturating_add(1);
        let number = self.stored;
        self.files.insert(name, Medium { number, ..medium });
        while self.files.len() > FILES || self.bytes() > TOTAL_BYTES {
            let oldest = self.files.iter().min_by_key(|(_, medium)| medium.number);
            let Some(name) = oldest.map(|(name, _)| name.clone()) else {
                return;
            };
            self.files.remove(&name);
        }
    }

    fn bytes(&self) -> usize {
        let sizes = self.files.values().map(|medium| medium.content.0.len());
        sizes.sum()
    }
}
