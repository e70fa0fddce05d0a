//! Messages by hand: the string format both ways, and a document as segments.

use super::wire::Said;

/// A piece of a message in the string format.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain text.
    Text(String),
    /// A code: its name, its keys and values.
    Code(String, Vec<(String, String)>),
}

/// Reads the string format.
pub fn parse(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[CQ:") {
        let Some((code, behind)) = after.split_once(']') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(unescape(before)));
        }
        let mut words = code.split(',');
        let name = words.next().unwrap_or_default().to_owned();
        let data = words
            .filter_map(|word| word.split_once('='))
            .map(|(key, value)| (key.to_owned(), unescape(value)))
            .collect();
        pieces.push(Piece::Code(name, data));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(unescape(rest)));
    }
    pieces
}

/// Writes the string format.
pub fn write(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(plain) => escape(&mut text, plain, false),
            Piece::Code(name, data) => {
                text.push_str("[CQ:");
                text.push_str(name);
                for (key, value) in data {
                    text.push(',');
                    text.push_str(key);
                    text.push('=');
                    escape(&mut text, value, true);
                }
                text.push(']');
            }
        }
    }
    text
}

fn escape(into: &mut String, text: &str, value: bool) {
    for char in text.chars() {
        match char {
            '&' => into.push_str("&amp;"),
            '[' => into.push_str("&#91;"),
            ']' => into.push_str("&#93;"),
            ',' if value => into.push_str("&#44;"),
            char => into.push(char),
        }
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&#91;", "[")
        .replace("&#93;", "]")
        .replace("&#44;", ",")
        .replace("&amp;", "&")
}

/// The segments of an answer that quotes a message, mentions its author, says
/// something and shows a picture.
pub fn segments(quoted: i32, author: i64, text: &str, picture: &str) -> Vec<Said> {
    vec![
        Said::Reply {
            id: quoted.to_string(),
        },
        Said::At {
            qq: author.to_string(),
        },
        Said::Text {
            text: text.to_owned(),
        },
        Said::Image {
            file: picture.to_owned(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::CQ;

    #[test]
    fn the_string_format_comes_back() {
        assert_eq!(parse(CQ).len(), 6);
        assert_eq!(write(&parse(CQ)), CQ);
    }
}
