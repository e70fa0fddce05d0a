//! Files in calls and answers.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::endpoint::HttpResponse;
use crate::multipart::Disposition;

/// A file that is uploaded or downloaded, in memory.
///
/// An endpoint that uploads one says so in [`Endpoint::file`](crate::Endpoint::file);
/// one that answers with one is read and written by [`File::of`] and
/// [`File::response`]. As JSON, where a person or a test writes it, the content
/// is base64.
///
/// ```
/// use mynah_core::File;
///
/// let file = File::new("报告.txt", "done");
/// let answer = file.response();
/// assert_eq!(File::of(&answer), file);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct File {
    /// The name, without a path; empty for none.
    pub name: String,
    /// Such as `image/png`.
    pub media_type: String,
    /// What is in it.
    pub content: Bytes,
}

/// What a file is when nobody says what it is.
const UNKNOWN: &str = "application/octet-stream";

impl File {
    /// A file of an unknown kind.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            media_type: UNKNOWN.to_owned(),
            content: content.into(),
        }
    }

    /// The same with a media type.
    #[must_use]
    pub fn with_media_type(self, media_type: impl Into<String>) -> Self {
        Self {
            media_type: media_type.into(),
            ..self
        }
    }

    /// Client side: the file that an answer is.
    pub fn of(answer: &HttpResponse) -> Self {
        let media_type = text(answer.headers(), &CONTENT_TYPE);
        Self {
            name: Self::name_in(answer.headers()),
            media_type: if media_type.is_empty() {
                UNKNOWN.to_owned()
            } else {
                media_type
            },
            content: answer.body().clone(),
        }
    }

    /// Client side: the name of the file whose answer has these headers; empty for none.
    pub fn name_in(headers: &HeaderMap) -> String {
        let disposition = headers.get(CONTENT_DISPOSITION);
        disposition
            .map(|value| Disposition::parse(value.as_bytes()))
            .and_then(|disposition| disposition.filename)
            .unwrap_or_default()
    }

    /// Client side: whether an answer with these headers is a file where others are envelopes: it
    /// says what the file is called, or is a picture, sound, film or bytes of no kind.
    ///
    /// ```
    /// use mynah_core::{File, HttpResponse};
    ///
    /// assert!(File::is_in(File::new("a.txt", "hi").response().headers()));
    /// assert!(!File::is_in(HttpResponse::default().headers()));
    /// ```
    pub fn is_in(headers: &HeaderMap) -> bool {
        let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let kind = kind.unwrap_or_default();
        headers.contains_key(CONTENT_DISPOSITION)
            || [&b"image/"[..], b"audio/", b"video/", UNKNOWN.as_bytes()]
                .iter()
                .any(|prefix| kind.starts_with(prefix))
    }

    /// Server side: the answer that is this file.
    pub fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.content.clone());
        let headers = response.headers_mut();
        let kind = HeaderValue::from_str(&self.media_type);
        headers.insert(
            CONTENT_TYPE,
            kind.unwrap_or_else(|_| HeaderValue::from_static(UNKNOWN)),
        );
        let disposition = format!("attachment; filename=\"{}\"", quotable(&self.name));
        if let Ok(disposition) = HeaderValue::from_bytes(disposition.as_bytes()) {
            headers.insert(CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

/// A name as it can stand between quotes in a header: what cannot is percent-encoded,
/// as browsers do it.
pub(crate) fn quotable(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '"' => written.push_str("%22"),
            '\r' => written.push_str("%0D"),
            '\n' => written.push_str("%0A"),
            character if character.is_control() => {}
            character => written.push(character),
        }
    }
    written
}

fn text(headers: &HeaderMap, name: &http::header::HeaderName) -> String {
    let value = headers.get(name).map(HeaderValue::as_bytes);
    String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish()
    }
}

#[derive(Serialize)]
struct Written<'a> {
    name: &'a str,
    media_type: &'a str,
    content: String,
}

#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    name: String,
    #[serde(default)]
    media_type: Option<String>,
    content: String,
}

impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            name: &self.name,
            media_type: &self.media_type,
            content: STANDARD.encode(&self.content),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::deserialize(deserializer)?;
        let length = read.content.len();
        let content = STANDARD.decode(read.content).map_err(|_| {
            de::Error::custom(format_args!(
                "content must be base64; {length} characters are not"
            ))
        })?;
        Ok(Self {
            name: read.name,
            media_type: read.media_type.unwrap_or_else(|| UNKNOWN.to_owned()),
            content: content.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let file = File::new("a\"b\r\nc.png", "x").with_media_type("image/png");
        let answer = file.response();
        assert_eq!(
            answer.headers()[CONTENT_DISPOSITION].as_bytes(),
            b"attachment; filename=\"a%22b%0D%0Ac.png\""
        );
        assert_eq!(answer.headers()[CONTENT_TYPE], "image/png");
    }

    #[test]
    fn json_carries_the_content_as_base64() {
        let file = File::new("a.txt", "hi");
        let json = serde_json::to_value(&file).unwrap();
        assert_eq!(json["content"], "aGk=");
        assert_eq!(serde_json::from_value::<File>(json).unwrap(), file);
        let bad = serde_json::json!({"content": "not base64!"});
        let problem = serde_json::from_value::<File>(bad).unwrap_err().to_string();
        assert!(problem.contains("11 characters"), "{problem}");
    }

    #[test]
    fn what_is_in_a_file_does_not_show() {
        let shown = format!("{:?}", File::new("a", "secret"));
        assert!(
            shown.contains("6 bytes") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
