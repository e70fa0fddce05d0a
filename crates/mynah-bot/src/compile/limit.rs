//! How much of a text a platform takes in one message.

/// The longest text of one message, in the unit in which the platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(super) unit: Unit,
    pub(super) most: usize,
}

/// In what a platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode characters.
    Characters,
    /// Bytes of UTF-8 as they stand in a JSON text, escapes included, the quotes around it not.
    JsonBytes,
}

impl Limit {
    /// So many bytes of UTF-8.
    pub(crate) const fn bytes(most: usize) -> Self {
        let unit = Unit::Bytes;
        Self { unit, most }
    }

    /// So many Unicode characters.
    pub(crate) const fn characters(most: usize) -> Self {
        let unit = Unit::Characters;
        Self { unit, most }
    }

    /// So many bytes inside a JSON text.
    pub(crate) const fn json_bytes(most: usize) -> Self {
        let unit = Unit::JsonBytes;
        Self { unit, most }
    }

    /// How much of the limit a text takes.
    pub(crate) fn length(self, text: &str) -> usize {
        self.unit.length(text)
    }

    /// Whether a text is short enough.
    pub(crate) fn takes(self, text: &str) -> bool {
        // No unit counts more than six for a byte, and none less than one for four.
        text.len() * 6 <= self.most || self.length(text) <= self.most
    }
}

impl Unit {
    pub(super) fn of(self, character: char) -> usize {
        match self {
            Self::Bytes => character.len_utf8(),
            Self::Characters => 1,
            Self::JsonBytes => match character {
                '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
                '\0'..' ' => 6,
                other => other.len_utf8(),
            },
        }
    }

    pub(super) fn length(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().count(),
            Self::JsonBytes => text.chars().map(|character| self.of(character)).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_counted_as_it_is_written() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        let written = serde_json::to_string(&all).unwrap();
        assert_eq!(Unit::JsonBytes.length(&all), written.len() - 2);
        assert_eq!(Unit::Bytes.length("值"), 3);
        assert_eq!(Unit::Characters.length("值"), 1);
    }
}
