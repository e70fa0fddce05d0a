//! Pictures, voice recordings, videos and files.

use mynah_core::{ApiError, Endpoint, Error, File, HttpResponse, Meta, Platform, Request};
use serde::{Deserialize, Serialize, Serializer};

use crate::WeCom;
use crate::id::MediaId;
use crate::types::MediaType;
use mynah_core::lenient::integer;

/// Uploads a file for three days, for every application of the corp; answers its id.
///
/// More than 5 bytes (40006). Too large is 40009 for a picture, 40011 for a video and 45001 for
/// others; a picture that is none is 40123.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UploadMedia {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// The file. People see its name.
    #[serde(skip_serializing)]
    pub media: File,
}

impl Endpoint for UploadMedia {
    type Platform = WeCom;
    type Output = Uploaded;
    const META: Meta = Meta::upload("wecom.media.upload", "/cgi-bin/media/upload")
        .query(&["type"])
        .doc("https://developer.work.weixin.qq.com/document/path/90253");

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
    /// Its id, for three days.
    pub media_id: MediaId,
    /// When, in seconds since 1970. A string of digits on the wire; numbers are read too.
    #[serde(default, deserialize_with = "integer", serialize_with = "digits")]
    pub created_at: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn digits<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Downloads a file. Fails with 40007 when there is none or it is older than three days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetMedia {
    /// The file.
    pub media_id: MediaId,
}

impl Endpoint for GetMedia {
    type Platform = WeCom;
    type Output = File;
    const META: Meta = Meta::get("wecom.media.get", "/cgi-bin/media/get")
        .doc("https://developer.work.weixin.qq.com/document/path/90254");

    fn read(answer: &HttpResponse) -> Result<File, Error> {
        Ok(File::of(answer))
    }

    fn write(outcome: Result<File, ApiError>) -> HttpResponse {
        write_file(outcome)
    }
}

/// Downloads a voice recording in high definition: Speex at 16,000 samples a second. Only for
/// what was recorded through the JSSDK. Fails like [`GetMedia`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetJssdkMedia {
    /// The recording.
    pub media_id: MediaId,
}

impl Endpoint for GetJssdkMedia {
    type Platform = WeCom;
    type Output = File;
    const META: Meta = Meta::get("wecom.media.get.jssdk", "/cgi-bin/media/get/jssdk")
        .doc("https://developer.work.weixin.qq.com/document/path/90255");

    fn read(answer: &HttpResponse) -> Result<File, Error> {
        Ok(File::of(answer))
    }

    fn write(outcome: Result<File, ApiError>) -> HttpResponse {
        write_file(outcome)
    }
}

fn write_file(outcome: Result<File, ApiError>) -> HttpResponse {
    match outcome {
        Ok(file) => file.response(),
        Err(error) => WeCom::seal(Err(error)),
    }
}

/// Uploads a picture for good; answers its address, which works in articles and cards.
///
/// JPG or PNG, more than 5 bytes, at most 2 MB. At most 3000 a month and 1000 a day for a corp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UploadImage {
    /// The picture.
    #[serde(skip_serializing)]
    pub media: File,
}

impl Endpoint for UploadImage {
    type Platform = WeCom;
    type Output = String;
    const META: Meta = Meta::upload("wecom.media.uploadimg", "/cgi-bin/media/uploadimg")
        .at("url")
        .doc("https://developer.work.weixin.qq.com/document/path/90256");

    fn file(&self) -> Option<(&'static str, &File)> {
        Some(("media", &self.media))
    }
}
