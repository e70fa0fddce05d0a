//! Pictures, voice messages, videos and files: those that people sent, and
//! those that stand in messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use mynah_rongcloud::{Content, MessageUid, ObjectName};

use super::world::RongCloudWorld;
use crate::media::picture;
pub(super) use crate::media::{MediaStore, Medium};

impl RongCloudWorld {
    /// Keeps a file that somebody sends. Returns where everybody finds it.
    pub(super) fn keep_file(&mut self, filename: &str, content: Bytes) -> String {
        let ending = crate::media::extension(filename);
        let ending = if ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            ending
        } else {
            String::new()
        };
        let name = match (self.state.word(20), ending.as_str()) {
            (word, "") => word,
            (word, ending) => format!("{word}.{ending}"),
        };
        let medium = Medium::new(filename, content);
        self.state.media.put(name.clone(), medium);
        self.base_url(&format!("/_files/{name}"))
    }

    /// A file by its name, or the picture or voice in the message with this
    /// id.
    pub(super) fn file(&self, name: &str) -> Option<(String, Vec<u8>)> {
        if let Some(served) = self.state.media.served(name) {
            return Some(served);
        }
        let (_, spoken) = self.state.archive.find(&MessageUid::from(name))?;
        let object_name = ObjectName::from(spoken.body.object_name());
        let (base64, usual) = match Content::read(&object_name, spoken.body.content()) {
            Content::Image(image) => (image.content, "image/jpeg"),
            Content::Voice(voice) => (voice.content, "audio/amr"),
            _ => return None,
        };
        let content = STANDARD.decode(base64.trim()).ok()?;
        let media_type = picture(&content).unwrap_or(usual);
        Some((media_type.to_owned(), content))
    }

    /// Where the page finds what everybody finds at an address.
    pub(super) fn page_url(&self, url: &str) -> String {
        let own = self.base_url("/_files/");
        match url.strip_prefix(&own) {
            Some(name) => format!("{}{name}", self.settings.media_path),
            None => url.to_owned(),
        }
    }
}
