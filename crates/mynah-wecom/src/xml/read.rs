//! Reading.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Element;

/// Why a document was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadXml {
    /// It has this many bytes.
    #[error("the document has {0} bytes, at most {max} are taken", max = Element::LARGEST)]
    TooLarge(usize),
    /// Its elements stand deeper in each other than [`Element::DEEPEST`].
    #[error("elements stand more than {max} deep in each other", max = Element::DEEPEST)]
    TooDeep,
    /// It has more than [`Element::MOST`] elements.
    #[error("there are more than {max} elements", max = Element::MOST)]
    TooMany,
    /// It is not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
    /// It declares a document type, which could define entities.
    #[error("the document declares a document type")]
    DocumentType,
    /// It refers to an entity that XML itself does not know, or to a character
    /// that is none.
    #[error("byte {0}: a reference to what XML does not know")]
    Reference(u64),
    /// It is not well-formed.
    #[error("byte {0}: the document is not well-formed")]
    Malformed(u64),
    /// It ends before its elements do.
    #[error("the document breaks off")]
    Unfinished,
    /// Where the element that is looked for should be, there is none.
    #[error("there is no <{0}> in the document")]
    Missing(&'static str),
}

/// Most callbacks have fewer elements.
const USUAL: usize = 16;

pub(super) fn document(text: &str) -> Result<Element<'_>, BadXml> {
    let mut source = Source::new(text)?;
    // The elements that are open, outermost first; below them the document.
    let mut open: Vec<Element<'_>> = Vec::with_capacity(4);
    let mut inside = Element::default();
    let mut count = 0_usize;
    loop {
        let (start, is_empty) = match source.next()? {
            Piece::Start(name) => (name, false),
            Piece::Empty(name) => (name, true),
            Piece::Text(text) if open.is_empty() => {
                source.expect(text.chars().all(is_space))?;
                continue;
            }
            Piece::Text(text) => {
                if inside.children.is_empty() {
                    append(&mut inside.text, text);
                }
                continue;
            }
            Piece::End => {
                let parent = open.pop().ok_or(source.malformed())?;
                close(&mut inside, parent);
                continue;
            }
            Piece::Eof if open.is_empty() => {
                return inside.children.pop().ok_or(BadXml::Unfinished);
            }
            Piece::Eof => return Err(BadXml::Unfinished),
        };
        // One document has one root.
        source.expect(!open.is_empty() || inside.children.is_empty())?;
        count += 1;
        if count > Element::MOST {
            return Err(BadXml::TooMany);
        }
        if open.len() == Element::DEEPEST {
            return Err(BadXml::TooDeep);
        }
        let child = Element {
            name: start,
            text: Cow::Borrowed(""),
            children: Vec::new(),
        };
        if is_empty {
            adopt(&mut inside, child);
        } else {
            open.push(std::mem::replace(&mut inside, child));
        }
    }
}

/// The element ends: it goes into its parent, where we are from now on.
fn close<'a>(inside: &mut Element<'a>, parent: Element<'a>) {
    let child = std::mem::replace(inside, parent);
    adopt(inside, child);
}

fn adopt<'a>(parent: &mut Element<'a>, child: Element<'a>) {
    if parent.children.is_empty() {
        // What stands beside elements says nothing.
        parent.text = Cow::Borrowed("");
        // The document has one child, its root has most of the others.
        let usual = if parent.name.is_empty() { 1 } else { USUAL };
        parent.children.reserve(usual);
    }
    parent.children.push(child);
}

/// The text of the first element of that name, as it stands there. Reads no
/// further than that, and says nothing about the rest.
pub(crate) fn first_text<'a>(text: &'a str, name: &'static str) -> Result<Cow<'a, str>, BadXml> {
    let mut source = Source::new(text)?;
    let mut found: Option<Cow<'a, str>> = None;
    loop {
        match source.next()? {
            Piece::Start(start) if start == name => found = Some(Cow::Borrowed("")),
            Piece::Text(text) => {
                if let Some(found) = &mut found {
                    append(found, text);
                }
            }
            Piece::End => {
                if let Some(found) = found {
                    return Ok(found);
                }
            }
            Piece::Eof => return Err(BadXml::Missing(name)),
            Piece::Start(_) | Piece::Empty(_) => {}
        }
    }
}

fn append<'a>(text: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if text.is_empty() {
        *text = more;
    } else {
        text.to_mut().push_str(&more);
    }
}

/// What a document is made of, as far as we look at it.
enum Piece<'a> {
    Start(Cow<'a, str>),
    Empty(Cow<'a, str>),
    Text(Cow<'a, str>),
    End,
    Eof,
}

struct Source<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
}

impl<'a> Source<'a> {
    fn new(text: &'a str) -> Result<Self, BadXml> {
        if text.len() > Element::LARGEST {
            return Err(BadXml::TooLarge(text.len()));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self {
            text,
            reader: Reader::from_str(text),
        })
    }

    fn next(&mut self) -> Result<Piece<'a>, BadXml> {
        loop {
            let event = self.reader.read_event();
            return Ok(match event.map_err(|_| self.malformed())? {
                Event::Start(start) => Piece::Start(self.name(&start, 1)?),
                Event::Empty(start) => Piece::Empty(self.name(&start, 2)?),
                Event::End(_) => Piece::End,
                Event::Text(text) => Piece::Text(clean(text.into_inner())),
                Event::CData(text) => Piece::Text(clean(text.into_inner())),
                Event::GeneralRef(reference) => Piece::Text(self.resolve(&reference)?),
                Event::DocType(_) => return Err(BadXml::DocumentType),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => continue,
                Event::Eof => Piece::Eof,
            });
        }
    }

    /// The name, out of the document itself: what the reader lends goes with
    /// the event. `behind` is how many bytes stand behind its content.
    fn name(&self, start: &BytesStart<'_>, behind: usize) -> Result<Cow<'a, str>, BadXml> {
        let name = start.name().into_inner();
        self.expect(is_name(name))?;
        let end = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let at = end.checked_sub(start.len() + behind);
        let lent = at.and_then(|at| self.text.get(at..at + name.len()));
        Ok(match lent.filter(|lent| *lent == name) {
            Some(lent) => Cow::Borrowed(lent),
            None => Cow::Owned(name.to_owned()),
        })
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<Cow<'static, str>, BadXml> {
        let unknown = || BadXml::Reference(self.reader.buffer_position());
        let known = match &**reference {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            _ => {
                let character = reference.resolve_char_ref().map_err(|_| unknown())?;
                let character = character.ok_or_else(unknown)?;
                let character = match character {
                    '\r' => '\r',
                    other if is_control(other) => char::REPLACEMENT_CHARACTER,
                    other => other,
                };
                return Ok(Cow::Owned(character.to_string()));
            }
        };
        Ok(Cow::Borrowed(known))
    }

    fn malformed(&self) -> BadXml {
        BadXml::Malformed(self.reader.error_position())
    }

    fn expect(&self, is_so: bool) -> Result<(), BadXml> {
        if is_so {
            Ok(())
        } else {
            Err(BadXml::Malformed(self.reader.buffer_position()))
        }
    }
}

/// The beginning and the rest of what XML calls a name, somewhat generously.
fn is_name(name: &str) -> bool {
    let begins = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii();
    let goes_on = |byte: u8| begins(byte) || byte.is_ascii_digit() || b"-.:".contains(&byte);
    name.bytes().next().is_some_and(begins) && name.bytes().all(goes_on)
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// What XML 1.0 does not allow in text, and what it reads as something else.
fn is_control(character: char) -> bool {
    character < ' ' && !matches!(character, '\t' | '\n')
}

fn clean(text: Cow<'_, str>) -> Cow<'_, str> {
    // Counted without a way out, so that many bytes are looked at in a step.
    let is_control = |byte: &u8| *byte < b' ' && *byte != b'\n' && *byte != b'\t';
    let is_clean = text.bytes().filter(is_control).count() == 0;
    if is_clean {
        text
    } else {
        Cow::Owned(cleaned(&text))
    }
}

fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                out.push('\n');
            }
            other if is_control(other) => out.push(char::REPLACEMENT_CHARACTER),
            other => out.push(other),
        }
    }
    out
}
