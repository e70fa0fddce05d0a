//! Text among markup: what is text stays text.

use std::borrow::Cow;

/// Writes text behind what is written already, so that it stays text in Markdown.
/// `at_line` says whether a line begins, where more is markup than elsewhere.
pub(crate) fn markdown(written: &mut String, text: &str, at_line: bool) {
    written.reserve(text.len() + 8);
    let mut at_line = at_line;
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            written.push('\n');
            at_line = true;
        }
        write_line(written, line, at_line);
    }
}

/// Writes text where nothing is markup.
pub(crate) fn nothing(written: &mut String, text: &str, _: bool) {
    written.push_str(text);
}

/// An address as it stands in a link or picture of Markdown.
pub(crate) fn address(url: &str) -> Cow<'_, str> {
    let instead = |c: char| match c {
        ' ' => Some("%20"),
        '(' => Some("%28"),
        ')' => Some("%29"),
        '<' => Some("%3C"),
        '>' => Some("%3E"),
        '\\' => Some("%5C"),
        '\t' | '\r' | '\n' => Some(""),
        _ => None,
    };
    if !url.contains(|c| instead(c).is_some()) {
        return Cow::Borrowed(url);
    }
    let mut written = String::with_capacity(url.len() + 8);
    for character in url.chars() {
        match instead(character) {
            Some(instead) => written.push_str(instead),
            None => written.push(character),
        }
    }
    Cow::Owned(written)
}

/// Whether what stands at the beginning of a line makes it something else than a paragraph.
pub(super) fn begins_block(words: &str) -> bool {
    let mut characters = words.chars();
    match characters.next() {
        Some('#' | '>' | '|' | '=') => true,
        Some('-' | '+') => matches!(
            characters.next(),
            None | Some(' ' | '\t' | '\n' | '-' | '|' | ':')
        ),
        Some(':') => characters.next() == Some('-'),
        Some('0'..='9') => number(words).is_some(),
        _ => false,
    }
}

/// How many digits number an item: `1. ` or `1) `.
fn number(words: &str) -> Option<usize> {
    let digits = words
        .bytes()
        .take(10)
        .take_while(u8::is_ascii_digit)
        .count();
    let rest = words.get(digits..)?.strip_prefix(['.', ')'])?;
    let blank = rest.is_empty() || rest.starts_with([' ', '\t', '\n']);
    (digits > 0 && blank).then_some(digits)
}

fn write_line(written: &mut String, line: &str, at_line: bool) {
    if !at_line {
        return write_inline(written, line);
    }
    let words = line.trim_start_matches([' ', '\t']);
    let blanks = &line[..line.len() - words.len()];
    if words.is_empty() {
        return written.push_str(blanks);
    }
    if blanks.len() >= 4 || blanks.contains('\t') {
        // Ordinary blanks would make it code.
        for blank in blanks.chars() {
            written.push_str(if blank == ' ' {
                "\u{a0}"
            } else {
                "\u{a0}\u{a0}\u{a0}\u{a0}"
            });
        }
    } else {
        written.push_str(blanks);
    }
    if let Some(digits) = number(words) {
        written.push_str(&words[..digits]);
        written.push('\\');
        written.push_str(&words[digits..=digits]);
        write_inline(written, &words[digits + 1..]);
    } else if begins_block(words) {
        written.push('\\');
        let first = words.chars().next().map_or(0, char::len_utf8);
        written.push_str(&words[..first]);
        write_inline(written, &words[first..]);
    } else {
        write_inline(written, words);
    }
}

fn write_inline(written: &mut String, words: &str) {
    let special = |byte: u8| matches!(byte, b'`' | b'\\' | b'*' | b'_' | b'~' | b']' | b'<' | b'&');
    if written.ends_with(']') && words.starts_with(['(', '[', ':']) {
        written.push('\\');
    }
    let mut from = 0;
    for (at, byte) in words.bytes().enumerate() {
        if !special(byte) {
            continue;
        }
        let before = words[from..at].chars().next_back();
        let before = before.or_else(|| written.chars().next_back().filter(|_| at == from));
        written.push_str(&words[from..at]);
        if is_markup(before, byte, &words[at + 1..]) {
            written.push('\\');
        }
        written.push(char::from(byte));
        from = at + 1;
    }
    written.push_str(&words[from..]);
}

/// Whether a character inside a line is markup, between its neighbours. At the end nobody
/// knows what will follow.
fn is_markup(before: Option<char>, character: u8, rest: &str) -> bool {
    let next = rest.chars().next();
    let blank = |side: Option<char>| side.is_some_and(char::is_whitespace);
    match character {
        b'`' => true,
        b'\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
        b'*' => !(blank(before) && blank(next)),
        b'_' => {
            let word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
            !(word(before) && word(next) || blank(before) && blank(next))
        }
        b'~' => next.is_none_or(|next| next == '~') || before == Some('~'),
        b']' => matches!(next, Some('(' | '[' | ':')),
        b'<' => {
            next.is_none_or(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
        }
        b'&' => is_entity(rest),
        _ => false,
    }
}

/// `amp;`, `#65;`, or what may become one.
fn is_entity(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let bytes = name.bytes().take(33);
    let length = bytes.take_while(u8::is_ascii_alphanumeric).count();
    let end = name.as_bytes().get(length);
    length <= 32 && (end.is_none() || length > 0 && end == Some(&b';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut written = String::new();
        markdown(&mut written, text, true);
        written
    }

    #[test]
    fn text_stays_text_in_markdown() {
        for (text, expected) in [
            ("a [b] & c", "a [b] & c"),
            ("[b](http://h)", "[b\\](http://h)"),
            ("2 * 3, a*b*c", "2 * 3, a\\*b\\*c"),
            ("* x", "\\* x"),
            ("snake_case _x_", "snake_case \\_x\\_"),
            ("# no title\n> no quote", "\\# no title\n\\> no quote"),
            ("- x\n-1", "\\- x\n-1"),
            ("1. x\n1.5", "1\\. x\n1.5"),
            ("`x` ~~y~~", "\\`x\\` \\~\\~y\\~\\~"),
            ("&amp; & ;", "\\&amp; & ;"),
            ("<b> 1 < 2", "\\<b> 1 < 2"),
            ("a|b\n:-|-:", "a|b\n\\:-|-:"),
            ("    x", "\u{a0}\u{a0}\u{a0}\u{a0}x"),
            ("值班：alice", "值班：alice"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }

    #[test]
    fn what_was_written_before_is_a_neighbour() {
        for (parts, expected) in [
            (["[a]", "(b)"], "[a]\\(b)"),
            (["a\\", "*b*"], "a\\\\\\*b\\*"),
            (["x", "- y"], "x- y"),
            (["R&", "D;"], "R\\&D;"),
        ] {
            let mut written = String::new();
            markdown(&mut written, parts[0], true);
            markdown(&mut written, parts[1], false);
            assert_eq!(written, expected);
        }
    }
}
