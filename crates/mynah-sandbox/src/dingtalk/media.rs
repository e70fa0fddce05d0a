//! Pictures, voice messages, videos and files: those that the application has
//! uploaded, and those that people sent.

use bytes::Bytes;
use mynah_core::File;
use mynah_dingtalk::MediaId;

use super::world::DingTalkWorld;
pub(super) use crate::media::{MediaStore, Medium, extension};

impl DingTalkWorld {
    /// Keeps a file, whoever brings it. Returns its name, which is its
    /// `media_id`.
    pub(super) fn keep_file(&mut self, filename: &str, content: Bytes) -> String {
        let name = format!("@lAj{}", self.state.word(20));
        let medium = Medium::new(filename, content);
        self.state.media.put(name.clone(), medium);
        name
    }

    /// A file that a call names by its `media_id`.
    pub(super) fn uploaded(&self, id: &MediaId) -> Option<File> {
        self.state.media.get(id.as_str()).map(Medium::file)
    }
}
