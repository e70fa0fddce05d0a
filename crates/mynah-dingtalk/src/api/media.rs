//! Pictures, voice recordings, videos and files.

use mynah_core::{ApiError, Endpoint, Error, File, HttpResponse, Meta, Platform, Request};
use serde::{Deserialize, Serialize};

use crate::DingTalk;
use crate::id::MediaId;
use crate::types::MediaType;
use mynah_core::lenient::{optional_integer, or_default};

/// Uploads a file; answers its id. Fails with 40004 for a kind or a name that cannot be, 40006 for
/// one that is too large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UploadMedia {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// The file. People see its name, which must end in one of the known ways.
    #[serde(skip_serializing)]
    pub media: File,
}

impl Endpoint for UploadMedia {
    type Platform = DingTalk;
    type Output = Uploaded;
    const META: Meta = Meta::upload("dingtalk.media.upload", "/media/upload")
        .query(&["type"])
        .doc("https://open.dingtalk.com/document/development/upload-media-files");

    fn file(&self) -> Option<(&'static str, &File)> {
        Some(("media", &self.media))
    }
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uploaded {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// Its id.
    pub media_id: MediaId,
    /// When, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
}

/// Downloads a file. Fails with 40007 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DownloadFile {
    /// The file.
    #[serde(default, deserialize_with = "or_default")]
    pub media_id: MediaId,
}

impl Endpoint for DownloadFile {
    type Platform = DingTalk;
    type Output = File;
    const META: Meta = Meta::get("dingtalk.media.download_file", "/media/downloadFile")
        .doc("https://open.dingtalk.com/document/development/download-media-files");

    fn read(answer: &HttpResponse) -> Result<File, Error> {
        Ok(File::of(answer))
    }

    fn write(outcome: Result<File, ApiError>) -> HttpResponse {
        match outcome {
            Ok(file) => file.response(),
            Err(error) => DingTalk::seal(Err(error)),
        }
    }
}
