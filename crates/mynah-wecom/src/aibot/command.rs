//! What a bot asks over the long connection, as endpoints
//! (<https://developer.work.weixin.qq.com/document/path/101463>).
//!
//! They are called like any other, with the open connection as the transport:
//! the session turns the request into a frame and the acknowledgement into an
//! answer. The `req_id` of what is answered stands in the query, so that the
//! body is the body.

use std::fmt;

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::reply::Reply;
use crate::api::media::Uploaded;
use crate::platform::WeCom;
use crate::types::MediaType;

const DOC: &str = "https://developer.work.weixin.qq.com/document/path/101463";

/// Names a callback on the long connection, so that an answer can say what it
/// answers. Opaque; whoever writes one back writes it byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReqId(String);

impl ReqId {
    /// The id as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for ReqId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for ReqId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Answers a message, within 24 hours. A stream is answered with again and
/// again, until it says `finish`.
///
/// Refused with 846605 when the `req_id` is unknown, too old, or that of an
/// event, and with 846608 when the stream began more than 6 minutes ago.
/// Answers and pushes to one chat: 30 a minute, 1000 an hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RespondMsg {
    /// That of the message.
    pub req_id: ReqId,
    /// Anything but a text or an update.
    #[serde(flatten)]
    pub reply: Reply,
}

impl Endpoint for RespondMsg {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.aibot_respond_msg", "/openws/aibot_respond_msg")
        .query(&["req_id"])
        .public()
        .doc(DOC);
}

/// Welcomes a person who has opened the chat with the bot, within 5 seconds.
///
/// Refused with 846605 when it comes too late, or the `req_id` is not that of
/// an `enter_chat`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RespondWelcomeMsg {
    /// That of the `enter_chat`.
    pub req_id: ReqId,
    /// A text or a template card.
    #[serde(flatten)]
    pub reply: Reply,
}

impl Endpoint for RespondWelcomeMsg {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post(
        "wecom.aibot_respond_welcome_msg",
        "/openws/aibot_respond_welcome_msg",
    )
    .query(&["req_id"])
    .public()
    .doc(DOC);
}

/// Gives a card that somebody pressed another face, within 5 seconds.
///
/// Refused with 846605 when it comes too late, or the `req_id` is not that of
/// a `template_card_event`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct RespondUpdateMsg {
    /// That of the `template_card_event`.
    pub req_id: ReqId,
    /// An [`Update`](super::Update).
    #[serde(flatten)]
    pub reply: Reply,
}

impl Endpoint for RespondUpdateMsg {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post(
        "wecom.aibot_respond_update_msg",
        "/openws/aibot_respond_update_msg",
    )
    .query(&["req_id"])
    .public()
    .doc(DOC);
}

/// Says something without being asked, in a chat where somebody has talked to
/// the bot before.
///
/// Refused with 93006 when nobody has. Answers and pushes to one chat: 30 a
/// minute, 1000 an hour.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendMsg {
    /// The person or the group.
    pub chatid: String,
    /// 1 for a person, 2 for a group; the platform finds out by itself if it
    /// is missing.
    pub chat_type: Option<u8>,
    /// Markdown, a template card, a file, a picture, speech or a video.
    #[serde(flatten)]
    pub reply: Reply,
}

impl Endpoint for SendMsg {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.aibot_send_msg", "/openws/aibot_send_msg")
        .public()
        .doc(DOC);
}

/// Begins to upload a file and answers the id of the upload, which is good for
/// 30 minutes. 30 uploads a minute, 1000 an hour.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Request)]
pub struct UploadMediaInit {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// What it is called.
    pub filename: String,
    /// Its length in bytes.
    pub total_size: u64,
    /// In how many parts it comes; at most [`UploadMediaChunk::MOST`].
    pub total_chunks: u32,
    /// The MD5 of its bytes in hexadecimal.
    pub md5: Option<String>,
}

impl UploadMediaInit {
    /// Begins to upload `content`.
    ///
    /// ```
    /// use mynah_wecom::aibot::UploadMediaInit;
    ///
    /// let init = UploadMediaInit::of("file", "a.bin", &[0; 600_000]);
    /// assert_eq!((init.total_size, init.total_chunks), (600_000, 2));
    /// ```
    pub fn of(kind: impl Into<MediaType>, filename: impl Into<String>, content: &[u8]) -> Self {
        let chunks = content.len().div_ceil(UploadMediaChunk::LARGEST).max(1);
        Self {
            kind: kind.into(),
            filename: filename.into(),
            total_size: u64::try_from(content.len()).unwrap_or(u64::MAX),
            total_chunks: u32::try_from(chunks).unwrap_or(u32::MAX),
            md5: Some(mynah_crypto::hex(&mynah_crypto::md5(content))),
        }
    }
}

impl Endpoint for UploadMediaInit {
    type Platform = WeCom;
    type Output = String;
    const META: Meta = Meta::post(
        "wecom.aibot_upload_media_init",
        "/openws/aibot_upload_media_init",
    )
    .at("upload_id")
    .public()
    .doc(DOC);
}

/// Uploads a part of a file. Parts may come in any order, and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Request)]
pub struct UploadMediaChunk {
    /// What [`UploadMediaInit`] answered.
    pub upload_id: String,
    /// Which part it is; the vendor's page counts from 1, its SDK from 0.
    pub chunk_index: u32,
    /// The bytes in base64; at most [`LARGEST`](Self::LARGEST) before.
    pub base64_data: String,
}

impl UploadMediaChunk {
    /// Most bytes of a part, before base64: 512 KiB.
    pub const LARGEST: usize = 512 * 1024;
    /// Most parts of a file.
    pub const MOST: u32 = 100;

    /// All parts of `content`.
    ///
    /// ```
    /// use mynah_wecom::aibot::UploadMediaChunk;
    ///
    /// let sizes = UploadMediaChunk::all("upload-1", &[0; 600_000]).map(|part| part.base64_data.len());
    /// assert_eq!(sizes.collect::<Vec<_>>(), [699_052, 100_952]);
    /// ```
    pub fn all(upload_id: &str, content: &[u8]) -> impl Iterator<Item = Self> {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;

        // An empty file is one empty part.
        let first = if content.is_empty() {
            Some(content)
        } else {
            None
        };
        let parts = first.into_iter().chain(content.chunks(Self::LARGEST));
        (0..).zip(parts).map(move |(index, part)| Self {
            upload_id: upload_id.to_owned(),
            chunk_index: index,
            base64_data: STANDARD.encode(part),
        })
    }
}

impl Endpoint for UploadMediaChunk {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post(
        "wecom.aibot_upload_media_chunk",
        "/openws/aibot_upload_media_chunk",
    )
    .idempotent()
    .public()
    .doc(DOC);
}

/// Ends an upload when all parts have arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Request)]
pub struct UploadMediaFinish {
    /// What [`UploadMediaInit`] answered.
    pub upload_id: String,
}

impl Endpoint for UploadMediaFinish {
    type Platform = WeCom;
    type Output = Uploaded;
    const META: Meta = Meta::post(
        "wecom.aibot_upload_media_finish",
        "/openws/aibot_upload_media_finish",
    )
    .public()
    .doc(DOC);
}
