//! `multipart/form-data` (RFC 7578), both directions.

use std::fmt::Write as _;

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use percent_encoding::percent_decode_str;

use crate::codec::BadParameters;
use crate::file::{File, quotable};

/// No form has more parts.
const MOST_PARTS: usize = 64;
/// No part's head is longer, in bytes.
const LONGEST_HEAD: usize = 8 * 1024;

/// One part of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormPart {
    /// The field; some clients give none.
    pub name: Option<String>,
    /// The file's name, if the part is a file.
    pub filename: Option<String>,
    /// The part's own `Content-Type`; empty for none.
    pub media_type: String,
    /// What is in it.
    pub content: Bytes,
}

impl FormPart {
    /// The part as a file, whatever it is.
    pub fn into_file(self) -> File {
        let file = File::new(self.filename.unwrap_or_default(), self.content);
        if self.media_type.is_empty() {
            file
        } else {
            file.with_media_type(self.media_type)
        }
    }
}

/// A form around one file, whose content may still be to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The `Content-Type` of the body.
    pub content_type: String,
    /// What stands before the file's content.
    pub head: Bytes,
    /// What stands behind it.
    pub tail: Bytes,
}

impl Form {
    /// The form whose field `name` is a file, beside fields of text. `boundary`
    /// must not occur in any of them.
    pub fn new(
        fields: impl IntoIterator<Item = (String, String)>,
        name: &str,
        file: &File,
        boundary: &str,
    ) -> Self {
        let mut head = String::new();
        for (field, value) in fields {
            let field = quotable(&field);
            let _ = write!(
                head,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
        }
        // Writing to a string cannot fail.
        let _ = write!(
            head,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{}\"\r\n\
             Content-Type: {}\r\n\r\n",
            quotable(&file.name),
            quotable(&file.media_type),
        );
        Self {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            head: head.into(),
            tail: format!("\r\n--{boundary}--\r\n").into(),
        }
    }

    /// The whole body, if the content is `content`.
    pub fn body(&self, content: &[u8]) -> Bytes {
        let mut body = BytesMut::with_capacity(self.head.len() + content.len() + self.tail.len());
        body.extend_from_slice(&self.head);
        body.extend_from_slice(content);
        body.extend_from_slice(&self.tail);
        body.freeze()
    }
}

/// A boundary that does not occur in `content`; the same for the same content.
pub fn boundary_for(content: &[u8]) -> String {
    // Longer content could not hold them all.
    (0..=content.len())
        .map(|n| format!("mynah-form-boundary-{n}"))
        .find(|boundary| !occurs(content, boundary.as_bytes()))
        .unwrap_or_default()
}

fn occurs(content: &[u8], text: &[u8]) -> bool {
    position(content, text).is_some()
}

fn position(content: &[u8], text: &[u8]) -> Option<usize> {
    memmem::find(content, text)
}

/// Server side: the parts of a form. Lenient about their heads, as servers of
/// chat platforms are: a part needs neither a name nor a media type.
///
/// # Errors
/// The content type names no boundary, or the body is not a form.
pub fn parse(content_type: &str, body: &Bytes) -> Result<Vec<FormPart>, BadParameters> {
    let bad = |problem: &str| BadParameters::body(problem);
    let boundary = parameter(content_type, "boundary")
        .filter(|boundary| !boundary.is_empty() && boundary.len() <= 200)
        .ok_or_else(|| bad("the form names no boundary"))?;
    let delimiter = format!("--{boundary}");
    let delimiter = delimiter.as_bytes();
    let mut rest = match position(body, delimiter) {
        Some(start) => body.slice(start + delimiter.len()..),
        None => return Err(bad("the form has no part")),
    };
    let next = [b"\r\n", delimiter].concat();
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        if parts.len() == MOST_PARTS {
            return Err(BadParameters::body(format!(
                "the form has more than {MOST_PARTS} parts"
            )));
        }
        let start = line_end(&rest).ok_or_else(|| bad("the form breaks off"))?;
        rest = rest.slice(start..);
        // An empty head leaves the blank line at the very beginning.
        let (head, begin) = match position(&rest[..rest.len().min(LONGEST_HEAD)], b"\r\n\r\n") {
            _ if rest.starts_with(b"\r\n") => (Bytes::new(), 2),
            Some(end) => (rest.slice(..end), end + 4),
            None => return Err(bad("a part of the form has no end to its head")),
        };
        // The blank line may be followed at once by the next delimiter.
        let end = position(&rest[begin - 2..], &next).ok_or_else(|| bad("the form breaks off"))?;
        let end = begin - 2 + end;
        parts.push(part(&head, rest.slice(begin..end.max(begin))));
        rest = rest.slice(end + next.len()..);
    }
    Ok(parts)
}

/// Behind the line break that ends a delimiter.
fn line_end(rest: &[u8]) -> Option<usize> {
    let end = position(rest, b"\r\n")?;
    rest[..end]
        .iter()
        .all(|byte| matches!(byte, b' ' | b'\t'))
        .then_some(end + 2)
}

fn part(head: &[u8], content: Bytes) -> FormPart {
    let mut part = FormPart {
        content,
        ..FormPart::default()
    };
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"content-disposition") {
            let disposition = Disposition::parse(value);
            part.name = disposition.name;
            part.filename = disposition.filename;
        } else if name.eq_ignore_ascii_case(b"content-type") {
            let media_type = String::from_utf8_lossy(value);
            media_type.trim().clone_into(&mut part.media_type);
        }
    }
    part
}

/// What a `Content-Disposition` says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Disposition {
    pub(crate) name: Option<String>,
    pub(crate) filename: Option<String>,
}

impl Disposition {
    /// Names may be raw UTF-8; `filename*` (RFC 5987) wins over `filename`.
    pub(crate) fn parse(value: &[u8]) -> Self {
        let value = String::from_utf8_lossy(value);
        let extended = parameter(&value, "filename*").and_then(|text| {
            let (_charset, rest) = text.split_once('\'')?;
            let (_language, encoded) = rest.split_once('\'')?;
            let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
            Some(decoded.into_owned())
        });
        Self {
            name: parameter(&value, "name"),
            filename: extended.or_else(|| parameter(&value, "filename")),
        }
    }
}

/// The parameter `name` of a header such as `form-data; name="a"; filename="b"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    while let Some(semicolon) = rest.find(';') {
        rest = rest[semicolon + 1..].trim_start();
        let equals = rest.find('=')?;
        let key = rest[..equals].trim();
        let (value, behind) = value(rest[equals + 1..].trim_start());
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = behind;
    }
    None
}

/// A value, quoted or not, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (place, character) in quoted.char_indices() {
        match character {
            _ if escaped => {
                value.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[place + 1..]),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &str) -> Result<Vec<FormPart>, BadParameters> {
        let body = parts.replace('\n', "\r\n");
        parse("multipart/form-data; boundary=xx", &body.into())
    }

    #[test]
    fn what_is_written_is_read() {
        let file = File::new(
            "报告 \"1\".bin",
            &b"\r\n--mynah-form-boundary-0\r\n\0\xff"[..],
        );
        let boundary = boundary_for(&file.content);
        assert_eq!(boundary, "mynah-form-boundary-1");
        let fields = [("type".to_owned(), "file".to_owned())];
        let form = Form::new(fields, "media", &file, &boundary);
        let parts = parse(&form.content_type, &form.body(&file.content)).unwrap();
        assert_eq!(parts[0].name.as_deref(), Some("type"));
        assert_eq!(parts[0].content, "file");
        assert_eq!(parts[1].name.as_deref(), Some("media"));
        assert_eq!(parts[1].filename.as_deref(), Some("报告 %221%22.bin"));
        assert_eq!(parts[1].content, file.content);
    }

    #[test]
    fn heads_may_be_poor_and_contents_empty() {
        let parts = form(
            "preamble\n--xx\nContent-Disposition: form-data; filename=a.txt\n\nA\n\
             --xx \ncontent-disposition: form-data; name=\"b\"; filename*=UTF-8''%E6%8A%A5.txt\n\n\n\
             --xx\n\nC\n--xx\nX: y\n\n\n--xx--\nepilogue",
        );
        let parts = parts.unwrap();
        assert_eq!(parts.len(), 4);
        assert_eq!(parts[0].name, None);
        assert_eq!(parts[0].filename.as_deref(), Some("a.txt"));
        assert_eq!(parts[0].content, "A");
        assert_eq!(parts[1].filename.as_deref(), Some("报.txt"));
        assert_eq!(parts[1].content, "");
        assert_eq!(parts[2].content, "C");
        assert_eq!(parts[3].content, "");
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for broken in [
            "",
            "--xx",
            "--xx\n",
            "--xx\nA: b\n",
            "--xx\nA: b\n\nc",
            "--xxx\n\nc\n--xx--",
        ] {
            assert!(form(broken).is_err(), "{broken:?}");
        }
        assert!(parse("multipart/form-data", &Bytes::new()).is_err());
        let many = "--xx\n\na\n".repeat(MOST_PARTS + 1);
        let problem = form(&many).unwrap_err().problem;
        assert!(problem.contains("64"), "{problem}");
    }
}
