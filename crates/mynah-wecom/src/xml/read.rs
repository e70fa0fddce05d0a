//! Reading.

use std::borrow::Cow;

use memchr::memchr;
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
const USUAL: usize = 12;

pub(super) fn document(text: &str) -> Result<Element<'_>, BadXml> {
    let mut source = Source::new(text)?;
    let mut tree = Tree::default();
    loop {
        match source.next()? {
            Piece::Start(name) => tree.begin(name, &source)?,
            Piece::Empty(name) => {
                tree.begin(name, &source)?;
                tree.end(&source)?;
            }
            Piece::End => tree.end(&source)?,
            Piece::Text(text) => match &mut tree.leaf {
                Some(leaf) => append(&mut leaf.text, text),
                // What stands beside elements says nothing.
                None if !tree.open.is_empty() => {}
                None => source.expect(text.chars().all(is_space))?,
            },
            Piece::Eof => return tree.finish(),
        }
    }
}

/// The elements of a document, as far as it was read.
#[derive(Default)]
struct Tree<'a> {
    /// Those that are open and have elements in them, outermost first.
    open: Vec<Element<'a>>,
    /// The one that was opened last, and has text in it as far as we know: most
    /// never have anything else, and need not be put onto the pile.
    leaf: Option<Element<'a>>,
    root: Option<Element<'a>>,
    count: usize,
}

impl<'a> Tree<'a> {
    fn begin(&mut self, name: Cow<'a, str>, source: &Source<'a>) -> Result<(), BadXml> {
        // One document has one root.
        source.expect(self.root.is_none())?;
        self.count += 1;
        if self.count > Element::MOST {
            return Err(BadXml::TooMany);
        }
        if let Some(mut parent) = self.leaf.take() {
            parent.text = Cow::Borrowed("");
            let usual = if self.open.is_empty() { USUAL } else { 4 };
            parent.children.reserve(usual);
            self.open.push(parent);
        }
        if self.open.len() == Element::DEEPEST {
            return Err(BadXml::TooDeep);
        }
        self.leaf = Some(Element {
            name,
            text: Cow::Borrowed(""),
            children: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, source: &Source<'a>) -> Result<(), BadXml> {
        let ended = self.leaf.take().or_else(|| self.open.pop());
        let ended = ended.ok_or_else(|| source.malformed())?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(ended),
            None => self.root = Some(ended),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element<'a>, BadXml> {
        match self.root {
            Some(root) if self.open.is_empty() && self.leaf.is_none() => Ok(root),
            _ => Err(BadXml::Unfinished),
        }
    }
}

/// The text of the first element of that name, as it stands there. Reads no
/// further than that, and says nothing about the rest.
pub(crate) fn first_text<'a>(text: &'a str, name: &'static str) -> Result<Cow<'a, str>, BadXml> {
    if let Some(text) = as_written(text, name) {
        return Ok(Cow::Borrowed(text));
    }
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

/// The text of the first element of that name where it stands as the platform
/// writes it, in one piece of CDATA: to find it, nothing needs to be parsed.
/// Whatever is unusual is left to the parser.
fn as_written<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let tag = memchr(b'<', rest.as_bytes())?;
        rest = rest.get(tag + 1..)?;
        if let Some(inside) = rest.strip_prefix("![CDATA[") {
            let (_, behind) = cdata(inside)?;
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(name)
            && behind.starts_with('>')
        {
            let (found, behind) = cdata(behind.strip_prefix("><![CDATA[")?)?;
            let end = behind.strip_prefix("</")?.strip_prefix(name)?;
            return end.starts_with('>').then_some(found);
        } else if rest.starts_with(['!', '?']) {
            return None;
        }
    }
}

/// What stands before the end of CDATA, and what follows it; the first `>` must
/// be the end.
fn cdata(text: &str) -> Option<(&str, &str)> {
    let end = memchr(b'>', text.as_bytes())?;
    let inside = text.get(..end)?.strip_suffix("]]")?;
    Some((inside, text.get(end + 1..)?))
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
    /// Whether nothing in the document must be written otherwise to be text.
    is_clean: bool,
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
            is_clean: is_clean(text),
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
                Event::Text(text) => Piece::Text(self.clean(text.into_inner())),
                Event::CData(text) => Piece::Text(self.clean(text.into_inner())),
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
        // The same place has the same text.
        let is_same = |lent: &&str| lent.as_ptr() == name.as_ptr();
        Ok(match lent.filter(is_same) {
            Some(lent) => Cow::Borrowed(lent),
            None => Cow::Owned(name.to_owned()),
        })
    }

    fn clean<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if self.is_clean || is_clean(&text) {
            text
        } else {
            Cow::Owned(cleaned(&text))
        }
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

/// Looked at without a way out, so that many bytes are looked at in a step.
fn is_clean(text: &str) -> bool {
    let is_control = |byte: u8| byte < b' ' && byte != b'\n' && byte != b'\t';
    let found = text
        .bytes()
        .fold(0_u8, |found, byte| found | u8::from(is_control(byte)));
    found == 0
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
