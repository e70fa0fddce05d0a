//! Files that the intelligent bot uploads over its long connection, in chunks.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use mynah_core::{ApiError, File};
use mynah_wecom::aibot::UploadMediaInit;
use mynah_wecom::api::media::Uploaded;
use serde::{Deserialize, Serialize};

use super::frequency::Quota;
use super::limits::{self, HOUR_MS, MINUTE_MS};
use super::media::{Content, Kind, Owner};
use super::refusal::{refuse, refuse_with};
use super::world::WeComWorld;
use crate::frame::Framed as _;
use crate::world::Time;

/// Only when strict: uploads of the bot.
const UPLOADS: [Quota; 2] = [Quota::new(30, MINUTE_MS), Quota::new(1_000, HOUR_MS)];

/// An upload under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Upload {
    kind: String,
    filename: String,
    size: u64,
    chunks: u64,
    md5: Option<String>,
    until: Time,
    parts: BTreeMap<u64, Content>,
}

impl WeComWorld {
    pub(super) fn begin_upload(&mut self, call: UploadMediaInit) -> Result<String, ApiError> {
        let kind = Kind::of(call.kind.as_str()).ok_or_else(|| refuse(40005))?;
        let chunks = u64::from(call.total_chunks);
        if !(1..=limits::CHUNKS).contains(&chunks) {
            return Err(refuse_with(40058, "total_chunks must be 1 to 100"));
        }
        let most = u64::try_from(kind.most_bytes()).unwrap_or(u64::MAX);
        if call.total_size > most {
            return Err(refuse(45001));
        }
        let now = self.state.now;
        self.state
            .bot
            .uploads
            .retain(|_, upload| now < upload.until);
        if self.state.bot.uploads.len() >= limits::UPLOADS {
            return Err(refuse(45009));
        }
        self.count_strictly("bot:upload", &UPLOADS, 1)?;
        let id = self.state.token(32);
        let upload = Upload {
            kind: call.kind.as_str().to_owned(),
            filename: call.filename,
            size: call.total_size,
            chunks,
            md5: call.md5.filter(|md5| !md5.is_empty()),
            until: self.later(limits::UPLOAD_MS),
            parts: BTreeMap::new(),
        };
        self.state.bot.uploads.insert(id.clone(), upload);
        Ok(id)
    }

    fn open_upload(&mut self, id: &str) -> Result<&mut Upload, ApiError> {
        let now = self.state.now;
        let upload = self.state.bot.uploads.get_mut(id);
        let upload = upload.filter(|upload| now < upload.until);
        upload.ok_or_else(|| refuse_with(40058, "upload_id is unknown or too old"))
    }

    /// Takes a chunk, in any order and as often as it comes.
    pub(super) fn add_chunk(&mut self, id: &str, index: u64, base64: &str) -> Result<(), ApiError> {
        let upload = self.open_upload(id)?;
        if index > upload.chunks {
            return Err(refuse_with(40058, "chunk_index is too large"));
        }
        let bytes = STANDARD.decode(base64);
        let bytes = bytes.map_err(|_| refuse_with(40058, "base64_data is no base64"))?;
        if bytes.len() > limits::CHUNK_BYTES {
            return Err(refuse(45001));
        }
        let others = upload.parts.iter().filter(|(other, _)| **other != index);
        let held: usize = others.map(|(_, part)| part.0.len()).sum();
        let total = u64::try_from(held.saturating_add(bytes.len())).unwrap_or(u64::MAX);
        if total > upload.size {
            return Err(refuse_with(40058, "the chunks are larger than total_size"));
        }
        upload.parts.insert(index, Content(bytes.into()));
        Ok(())
    }

    pub(super) fn finish_upload(&mut self, id: &str) -> Result<Uploaded, ApiError> {
        let upload = self.open_upload(id)?.clone();
        let content = upload.content()?;
        let file = File::new(upload.filename, content);
        let uploaded = self.upload(&upload.kind, &file, Owner::Bot)?;
        self.state.bot.uploads.remove(id);
        Ok(uploaded)
    }
}

impl Upload {
    /// All chunks together. They are counted from 0 or from 1.
    fn content(&self) -> Result<Bytes, ApiError> {
        let from_0 = (0..self.chunks).all(|index| self.parts.contains_key(&index));
        let from_1 = (1..=self.chunks).all(|index| self.parts.contains_key(&index));
        let count = u64::try_from(self.parts.len()).unwrap_or(u64::MAX);
        if !(from_0 || from_1) || count != self.chunks {
            return Err(refuse_with(40058, "chunks are missing"));
        }
        let parts = self.parts.values().map(|part| part.0.as_ref());
        let content = parts.collect::<Vec<&[u8]>>().concat();
        if u64::try_from(content.len()) != Ok(self.size) {
            return Err(refuse_with(40058, "total_size is not that of the chunks"));
        }
        let md5 = mynah_crypto::hex(&mynah_crypto::md5(&content));
        if self
            .md5
            .as_ref()
            .is_some_and(|it| !it.eq_ignore_ascii_case(&md5))
        {
            return Err(refuse_with(40058, "md5 is not that of the chunks"));
        }
        Ok(content.into())
    }
}
