//! CQ codes: the string format of messages, `你好[CQ:face,id=14]`.
//!
//! Rules: <https://github.com/botuniverse/onebot-11/blob/master/message/string.md>. Text that only
//! looks like a code (unclosed, a blank in a name, a key without a value) stays text.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::iter::FusedIterator;

const OPENING: &str = "[CQ:";

/// Escapes plain text: `&`, `[` and `]`.
///
/// ```
/// assert_eq!(mynah_onebot::message::cq::escape_text("[x], y"), "&#91;x&#93;, y");
/// ```
pub fn escape_text(text: &str) -> Cow<'_, str> {
    escape(text, Place::Text)
}

/// Escapes the value of a code: `&`, `[`, `]` and `,`.
///
/// ```
/// assert_eq!(mynah_onebot::message::cq::escape_value("[x], y"), "&#91;x&#93;&#44; y");
/// ```
pub fn escape_value(value: &str) -> Cow<'_, str> {
    escape(value, Place::Value)
}

/// Undoes [`escape_text`] and [`escape_value`]; any other entity is literal text.
///
/// ```
/// assert_eq!(mynah_onebot::message::cq::unescape("&#91;&amp;lt;&#93;"), "[&lt;]");
/// ```
pub fn unescape(escaped: &str) -> Cow<'_, str> {
    if !escaped.contains('&') {
        return Cow::Borrowed(escaped);
    }
    let mut plain = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(ampersand) = rest.find('&') {
        plain.push_str(&rest[..ampersand]);
        let (character, after) = decode_entity(&rest[ampersand..]);
        plain.push(character);
        rest = after;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Splits a text in the string format into plain texts and codes, in one pass.
///
/// Texts come unescaped and are never empty. Time is linear in the length of the input.
///
/// ```
/// use mynah_onebot::message::cq::{tokens, Token};
///
/// let faces = tokens("好[CQ:face,id=14]").filter(|token| matches!(token, Token::Code(_)));
/// assert_eq!(faces.count(), 1);
/// ```
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens {
        text,
        start: 0,
        pending: None,
    }
}

/// A piece of a message in the string format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Plain text, unescaped.
    Text(Cow<'a, str>),
    /// A CQ code.
    Code(Code<'a>),
}

/// A CQ code as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<'a> {
    kind: &'a str,
    params: &'a str,
}

impl<'a> Code<'a> {
    /// What follows `[CQ:`, for example `face`.
    pub fn kind(&self) -> &'a str {
        self.kind
    }

    /// The keys and their unescaped values, in order. A repeated key comes as often as it stands.
    pub fn params(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        self.params
            .split(',')
            .filter_map(|param| param.split_once('='))
            .map(|(key, value)| (key, unescape(value)))
    }
}

/// The iterator of [`tokens`].
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    start: usize,
    pending: Option<Code<'a>>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(code) = self.pending.take() {
            return Some(Token::Code(code));
        }
        let start = self.start;
        let (end, code) = self.find_code();
        if start == end {
            return code.map(Token::Code);
        }
        self.pending = code;
        Some(Token::Text(unescape(&self.text[start..end])))
    }
}

impl FusedIterator for Tokens<'_> {}

impl<'a> Tokens<'a> {
    /// Finds the next code, returns where it begins, and moves behind it. Without one, the
    /// beginning is the end of the text.
    fn find_code(&mut self) -> (usize, Option<Code<'a>>) {
        let mut search = self.start;
        while let Some(distance) = self.text[search..].find('[') {
            let open = search + distance;
            let mut scanner = Scanner {
                text: self.text,
                at: open,
            };
            if let Some(code) = scanner.code() {
                self.start = scanner.at;
                return (open, Some(code));
            }
            // A code that fails here cannot succeed from a bracket inside its values either: the
            // next comma brings both attempts into the same state. So nothing is read twice.
            search = scanner.at;
        }
        self.start = self.text.len();
        (self.text.len(), None)
    }
}

/// Reads one code; on failure it stands where the text ceased to be one.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// `[CQ:name,key=value,key=value]`, with an optional comma before the closing bracket.
    fn code(&mut self) -> Option<Code<'a>> {
        if !self.text[self.at..].starts_with(OPENING) {
            self.at += 1;
            return None;
        }
        self.at += OPENING.len();
        let kind = self.name()?;
        let params_start = self.at;
        loop {
            let params_end = self.at;
            self.skip(b',');
            if self.skip(b']') {
                let params = &self.text[params_start..params_end];
                return Some(Code { kind, params });
            }
            if self.at == params_end {
                return None;
            }
            self.name()?;
            if !self.skip(b'=') {
                return None;
            }
            self.take_while(|byte| byte != b',' && byte != b']');
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        let name = self.take_while(
            |byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'),
        );
        (!name.is_empty()).then_some(name)
    }

    fn skip(&mut self, expected: u8) -> bool {
        let found = self.text.as_bytes().get(self.at) == Some(&expected);
        self.at += usize::from(found);
        found
    }

    fn take_while(&mut self, accepts: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest
            .bytes()
            .position(|byte| !accepts(byte))
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Text,
    Value,
}

pub(super) fn write_text(out: &mut impl Write, text: &str) -> fmt::Result {
    write_escaped(out, text, Place::Text)
}

pub(super) fn write_value(out: &mut impl Write, value: &str) -> fmt::Result {
    write_escaped(out, value, Place::Value)
}

fn escape(text: &str, place: Place) -> Cow<'_, str> {
    if first_special(text, place).is_none() {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    // Writing into a String cannot fail.
    let _ = write_escaped(&mut escaped, text, place);
    Cow::Owned(escaped)
}

fn write_escaped(out: &mut impl Write, text: &str, place: Place) -> fmt::Result {
    let mut rest = text;
    while let Some((at, entity)) = first_special(rest, place) {
        out.write_str(&rest[..at])?;
        out.write_str(entity)?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

fn first_special(text: &str, place: Place) -> Option<(usize, &'static str)> {
    text.bytes()
        .enumerate()
        .find_map(|(at, byte)| entity(byte, place).map(|entity| (at, entity)))
}

fn entity(byte: u8, place: Place) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'[' => Some("&#91;"),
        b']' => Some("&#93;"),
        b',' if place == Place::Value => Some("&#44;"),
        _ => None,
    }
}

/// Takes the entity, or else the bare ampersand, from the beginning of `text`, which begins with
/// one.
fn decode_entity(text: &str) -> (char, &str) {
    const ENTITIES: [(&str, char); 4] = [
        ("&amp;", '&'),
        ("&#91;", '['),
        ("&#93;", ']'),
        ("&#44;", ','),
    ];
    for (entity, character) in ENTITIES {
        if let Some(after) = text.strip_prefix(entity) {
            return (character, after);
        }
    }
    ('&', &text[1..])
}
