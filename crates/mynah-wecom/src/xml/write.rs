//! Writing.

use std::fmt::{Display, Write};

use super::Element;

/// Writes elements one after the other.
#[derive(Debug, Default)]
pub(crate) struct Writer(String);

impl Writer {
    /// With room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    pub(crate) fn open(&mut self, name: &str) {
        self.tag("<", name);
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.tag("</", name);
    }

    fn tag(&mut self, opening: &str, name: &str) {
        self.0.push_str(opening);
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element with text, in CDATA.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.open(name);
        self.cdata(text);
        self.close(name);
    }

    /// An element with a number.
    pub(crate) fn number(&mut self, name: &str, number: impl Display) {
        self.open(name);
        // A string takes everything.
        let _ = write!(self.0, "{number}");
        self.close(name);
    }

    /// An element with what `inside` writes.
    pub(crate) fn nest(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.open(name);
        inside(self);
        self.close(name);
    }

    /// An element as it was read.
    pub(crate) fn element(&mut self, element: &Element<'_>) {
        if element.children.is_empty() {
            return self.text(&element.name, &element.text);
        }
        self.nest(&element.name, |out| {
            for child in &element.children {
                out.element(child);
            }
        });
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }

    /// Text that may be anything. CDATA cannot hold what ends it, which is
    /// therefore divided among two, nor a carriage return, which would be read
    /// as a line feed. What XML cannot hold at all becomes U+FFFD.
    fn cdata(&mut self, text: &str) {
        self.0.push_str(BEGIN);
        // Without a way out of the loop, so that many bytes are looked at in a step.
        let stops = |byte: u8| byte < b' ' || byte == b'>';
        let found = text
            .bytes()
            .fold(0_u8, |found, byte| found | u8::from(stops(byte)));
        if found == 0 {
            self.0.push_str(text);
        } else {
            self.divided(text);
        }
        self.0.push_str(END);
    }

    fn divided(&mut self, text: &str) {
        let mut brackets = 0;
        for character in text.chars() {
            match character {
                '>' if brackets >= 2 => {
                    self.divide("");
                    self.0.push('>');
                }
                '\r' => self.divide("&#13;"),
                '\t' | '\n' => self.0.push(character),
                '\0'..' ' => self.0.push(char::REPLACEMENT_CHARACTER),
                _ => self.0.push(character),
            }
            brackets = if character == ']' { brackets + 1 } else { 0 };
        }
    }

    fn divide(&mut self, between: &str) {
        self.0.push_str(END);
        self.0.push_str(between);
        self.0.push_str(BEGIN);
    }
}

const BEGIN: &str = "<![CDATA[";
const END: &str = "]]>";
