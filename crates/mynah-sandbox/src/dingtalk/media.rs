//! Pictures, voice messages, videos and files.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// All files, by name: an uploaded file's name is its `media_id`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct MediaStore {
    files: BTreeMap<String, Medium>,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Medium {
    /// What it was called when it was uploaded.
    pub(super) filename: String,
    pub(super) content: Bytes64,
}

/// Bytes that a snapshot holds as base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bytes64(pub(super) Bytes);

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
    pub(super) fn new(filename: &str, content: Bytes) -> Self {
        Self {
            filename: filename.to_owned(),
            content: Bytes64(content),
        }
    }

    /// By its first bytes, or by its name.
    pub(super) fn media_type(&self) -> &'static str {
        "application/octet-stream"
    }
}

impl MediaStore {
    pub(super) fn get(&self, name: &str) -> Option<&Medium> {
        self.files.get(name)
    }

    /// Keeps a file; the oldest go when there are too many.
    pub(super) fn put(&mut self, name: String, medium: Medium) {
        self.files.insert(name, medium);
    }
}
