//! Pictures, voice, files, and what can be found out about them.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::lenient::{nullable, string};
use crate::types::{AudioFormat, FileId, NumberOrText};

/// Converts a voice message that was received.
///
/// Fails with 102 when the file is unknown or the format not supported.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetRecord {
    /// The `file` of the segment it came in.
    pub file: String,
    /// What to convert it to.
    pub out_format: AudioFormat,
    /// Answers an absolute path. Default false; CQHTTP 4.x only.
    pub full_path: Option<bool>,
}

impl Endpoint for GetRecord {
    type Platform = OneBot;
    type Output = MediaFile;
    const META: Meta = Meta::post("onebot.get_record", "/get_record").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_record-获取语音",
    );
}

/// Fetches a picture that was received. Fails with 102 when the file is unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetImage {
    /// The `file` of the segment it came in.
    pub file: String,
}

impl Endpoint for GetImage {
    type Platform = OneBot;
    type Output = MediaFile;
    const META: Meta = Meta::post("onebot.get_image", "/get_image")
        .idempotent()
        .doc(
            "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_image-获取图片",
        );
}

/// Fetches a file that was received in a message or lies in a group.
///
/// An action of NapCat and LLOneBot; one of the two must be given.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct GetFile {
    /// The `file` of the segment it came in.
    pub file: Option<String>,
    /// The file's id.
    pub file_id: Option<FileId>,
}

impl Endpoint for GetFile {
    type Platform = OneBot;
    type Output = MediaFile;
    const META: Meta = Meta::post("onebot.get_file", "/get_file")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// A received file on the implementation's machine.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Its path.
    pub file: Option<String>,
    /// Where else it can be fetched; an extension.
    pub url: Option<String>,
    /// Its size in bytes; NapCat.
    pub file_size: Option<NumberOrText>,
    /// Its name; NapCat.
    pub file_name: Option<String>,
    /// All of it; NapCat, when configured so.
    pub base64: Option<String>,
    /// Its size in bytes; go-cqhttp.
    pub size: Option<NumberOrText>,
    /// Its name; go-cqhttp.
    pub filename: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Answers whether the implementation can send pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CanSendImage {}

impl Endpoint for CanSendImage {
    type Platform = OneBot;
    type Output = bool;
    const META: Meta = Meta::post("onebot.can_send_image", "/can_send_image")
        .at("yes")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#can_send_image-检查是否可以发送图片");
}

/// Answers whether the implementation can send voice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CanSendRecord {}

impl Endpoint for CanSendRecord {
    type Platform = OneBot;
    type Output = bool;
    const META: Meta = Meta::post("onebot.can_send_record", "/can_send_record")
        .at("yes")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#can_send_record-检查是否可以发送语音");
}

/// Has the implementation fetch a file from the web; answers the absolute path.
///
/// An action of go-cqhttp and NapCat. It answers when the file is there, so a
/// large one needs patience.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DownloadFile {
    /// Where it is.
    pub url: String,
    /// How many connections to use. Default 1.
    pub thread_count: Option<i32>,
    /// Headers to send along.
    pub headers: Option<DownloadHeaders>,
}

impl Endpoint for DownloadFile {
    type Platform = OneBot;
    type Output = String;
    const META: Meta = Meta::post("onebot.download_file", "/download_file")
        .at("file")
        .doc("https://docs.go-cqhttp.org/api/#下载文件到缓存目录");
}

/// Headers for [`DownloadFile`], each `Name=Value`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DownloadHeaders {
    /// Joined by CR LF.
    Lines(String),
    /// One by one.
    List(Vec<String>),
}

impl From<&str> for DownloadHeaders {
    fn from(lines: &str) -> Self {
        Self::Lines(lines.to_owned())
    }
}

impl From<String> for DownloadHeaders {
    fn from(lines: String) -> Self {
        Self::Lines(lines)
    }
}

impl From<Vec<String>> for DownloadHeaders {
    fn from(list: Vec<String>) -> Self {
        Self::List(list)
    }
}

/// Reads the words in a picture.
///
/// An action of go-cqhttp and NapCat. go-cqhttp takes received pictures only,
/// and also answers to `.ocr_image`, the spelling from when it was hidden; an
/// implementation should route both to this endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct OcrImage {
    /// The `file` of the segment the picture came in.
    pub image: String,
}

impl Endpoint for OcrImage {
    type Platform = OneBot;
    type Output = OcrResult;
    const META: Meta = Meta::post("onebot.ocr_image", "/ocr_image")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#图片-ocr");
}

/// The words in a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OcrResult {
    /// The pieces of text that were found.
    #[serde(default, deserialize_with = "nullable")]
    pub texts: Vec<OcrText>,
    /// The language they are in, such as `zh`.
    #[serde(default, deserialize_with = "string")]
    pub language: String,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A piece of text in a picture.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OcrText {
    /// The words.
    pub text: String,
    /// How sure the platform is, from 0 to 100.
    pub confidence: Option<i32>,
    /// The corners of the piece, in pixels.
    pub coordinates: Option<Vec<OcrPoint>>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A corner of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OcrPoint {
    /// Pixels from the left.
    pub x: i32,
    /// Pixels from the top.
    pub y: i32,
}

/// Splits a sentence into words.
///
/// Spelled `.get_word_slices`; a hidden action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetWordSlices {
    /// The sentence.
    pub content: String,
}

impl Endpoint for GetWordSlices {
    type Platform = OneBot;
    type Output = Vec<String>;
    const META: Meta = Meta::post("onebot..get_word_slices", "/.get_word_slices")
        .at("slices")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取中文分词-隐藏-api");
}

/// Answers what the platform thinks of a link.
///
/// An action of go-cqhttp and NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CheckUrlSafely {
    /// The link.
    pub url: String,
}

impl Endpoint for CheckUrlSafely {
    type Platform = OneBot;
    type Output = UrlSafety;
    const META: Meta = Meta::post("onebot.check_url_safely", "/check_url_safely")
        .at("level")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#检查链接安全性");
}

/// What the platform thinks of a link; a number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "i32", into = "i32")]
#[non_exhaustive]
pub enum UrlSafety {
    /// 1: nothing is known against it.
    Safe,
    /// 2: nothing is known of it.
    Unknown,
    /// 3: stay away.
    Dangerous,
    /// A level that is not in the documentation.
    Other(i32),
}

impl From<i32> for UrlSafety {
    fn from(level: i32) -> Self {
        match level {
            1 => Self::Safe,
            2 => Self::Unknown,
            3 => Self::Dangerous,
            other => Self::Other(other),
        }
    }
}

impl From<UrlSafety> for i32 {
    fn from(safety: UrlSafety) -> Self {
        match safety {
            UrlSafety::Safe => 1,
            UrlSafety::Unknown => 2,
            UrlSafety::Dangerous => 3,
            UrlSafety::Other(level) => level,
        }
    }
}
