//! Text among markup: what is text stays text, and what is long is cut where
//! nothing is torn apart.

use std::ops::Range;

/// Text as it stands in Markdown: what would be markup is escaped, and
/// nothing else.
pub(crate) fn escaped(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(escaped_line).collect();
    lines.join("\n")
}

/// An address as it stands in a link or picture of Markdown.
pub(crate) fn address(url: &str) -> String {
    url.replace(' ', "%20").replace(')', "%29")
}

fn escaped_line(line: &str) -> String {
    let blanks = line.len() - line.trim_start().len();
    let (blanks, words) = line.split_at(blanks);
    let mut written = String::with_capacity(line.len() + 2);
    written.push_str(blanks);
    // Where a line begins, more is markup than elsewhere.
    let number = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if begins_a_block(words) {
        written.push('\\');
    } else if number > 0 && words[number..].starts_with(['.', ')']) {
        written.push_str(&words[..number]);
        written.push('\\');
        push_inline(&mut written, &words[number..]);
        return written;
    }
    push_inline(&mut written, words);
    written
}

fn begins_a_block(words: &str) -> bool {
    let mut characters = words.chars();
    match characters.next() {
        Some('#' | '>' | '|' | '=') => true,
        Some('-' | '+') => matches!(characters.next(), None | Some(' ' | '\t' | '-')),
        _ => false,
    }
}

fn push_inline(written: &mut String, words: &str) {
    let mut before = None;
    let mut rest = words.chars();
    while let Some(character) = rest.next() {
        if is_markup(before, character, rest.as_str()) {
            written.push('\\');
        }
        written.push(character);
        before = Some(character);
    }
}

/// Whether a character inside a line is markup, between its neighbours.
fn is_markup(before: Option<char>, character: char, rest: &str) -> bool {
    let next = rest.chars().next();
    let blank = |side: Option<char>| side.is_none_or(char::is_whitespace);
    match character {
        '`' => true,
        '\\' => next.is_some_and(|next| next.is_ascii_punctuation()),
        '*' => !blank(before) || !blank(next) || before.is_none(),
        '_' => {
            let word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
            !(word(before) && word(next) || blank(before) && blank(next))
        }
        '~' => next == Some('~') || before == Some('~'),
        ']' => matches!(next, Some('(' | '[' | ':')),
        '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!')),
        '&' => is_entity(rest),
        _ => false,
    }
}

/// `amp;`, `#65;`
fn is_entity(rest: &str) -> bool {
    let Some((name, _)) = rest.split_once(';') else {
        return false;
    };
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Content in pieces of at most `limit` bytes. A piece ends at the end of a
/// line if there is one in its second half, and never inside a character;
/// inside a mention, an address, a link or a fenced block only if that alone
/// is too long.
pub(crate) fn cut(content: &str, limit: usize) -> Vec<String> {
    let atoms = if content.len() > limit {
        atoms(content)
    } else {
        Vec::new()
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    while content.len() - start > limit {
        let end = end_of_piece(content, &atoms, start, limit);
        pieces.push(content[start..end].trim_end_matches('\n').to_owned());
        let rest = &content[end..];
        start = end + usize::from(rest.starts_with('\n'));
    }
    pieces.push(content[start..].to_owned());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn end_of_piece(content: &str, atoms: &[Range<usize>], start: usize, limit: usize) -> usize {
    let boundary = |at: &usize| content.is_char_boundary(*at);
    let most = (start + 1..=start + limit).rev().find(boundary);
    // A limit below one character has to be exceeded for anything to come of it.
    let most = most
        .or_else(|| (start + 1..content.len()).find(boundary))
        .unwrap_or(content.len());
    let whole = |at: usize| {
        atoms
            .iter()
            .find(|atom| atom.start < at && at < atom.end)
            .map_or(at, |atom| atom.start)
    };
    let line = content[start..most].rfind('\n').map(|at| start + at);
    let ends = [line.filter(|at| at - start > limit / 2), Some(most)];
    let end = ends.into_iter().flatten().map(whole).find(|at| *at > start);
    end.unwrap_or(most)
}

/// What is not torn apart, in the order of the content.
fn atoms(content: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < content.len() {
        let rest = &content[at..];
        let length = atom(rest, at == 0 || content[..at].ends_with('\n'));
        if let Some(length) = length {
            found.push(at..at + length);
        }
        at += length.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
    }
    found
}

/// How long the atom is that begins here.
fn atom(rest: &str, at_line: bool) -> Option<usize> {
    if at_line && rest.starts_with("```") {
        let end = rest[3..].find("\n```").map(|at| 3 + at + 4);
        return Some(end.unwrap_or(rest.len()));
    }
    if rest.starts_with("<@") {
        return rest.find('>').filter(|at| *at <= 70).map(|at| at + 1);
    }
    if let Some(name) = rest.strip_prefix('@') {
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let length = name.find(|c| !inside(c)).unwrap_or(name.len());
        return (1..=64).contains(&length).then_some(1 + length);
    }
    if rest.starts_with('[') {
        let line = rest.lines().next().unwrap_or_default();
        let middle = line.find("](")?;
        return line[middle..].find(')').map(|at| middle + at + 1);
    }
    if rest.starts_with("http://") || rest.starts_with("https://") {
        return Some(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    }
    // An escape and what it escapes.
    rest.starts_with('\\').then(|| {
        let escaped = rest[1..].chars().next();
        1 + escaped.map_or(0, char::len_utf8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("1. x\n1.5", "1\\. x\n1\\.5"),
            ("`x` ~~y~~", "\\`x\\` \\~\\~y\\~\\~"),
            ("&amp; & ;", "\\&amp; & ;"),
            ("<b> 1 < 2", "\\<b> 1 < 2"),
            ("值班：alice", "值班：alice"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_between_characters_and_after_lines() {
        assert_eq!(cut("", 4), Vec::<String>::new());
        assert_eq!(cut("abcd", 4), ["abcd"]);
        assert_eq!(cut("值班值", 4), ["值", "班", "值"]);
        assert_eq!(cut("abcdef\nghij", 8), ["abcdef", "ghij"]);
        assert_eq!(cut("a\nbcdefghij", 8), ["a\nbcdefg", "hij"]);
        assert_eq!(cut("值", 1), ["值"]);
    }

    #[test]
    fn nothing_is_torn_apart() {
        assert_eq!(cut("abcdef<@alice>g", 10), ["abcdef", "<@alice>g"]);
        assert_eq!(cut("abcdef @alice g", 10), ["abcdef ", "@alice g"]);
        assert_eq!(
            cut("see [a](http://h/x)!", 16),
            ["see ", "[a](http://h/x)!"]
        );
        assert_eq!(
            cut("see http://h/abc def", 12),
            ["see ", "http://h/abc", " def"]
        );
        let fenced = "words\n```\na\nb\n```\nmore";
        assert_eq!(cut(fenced, 14), ["words", "```\na\nb\n```", "more"]);
        assert_eq!(cut("abc\\*d", 4), ["abc", "\\*d"]);
    }

    #[test]
    fn what_alone_is_too_long_is_cut_all_the_same() {
        assert_eq!(cut("http://h/abcdef", 10), ["http://h/a", "bcdef"]);
        for limit in 1..40 {
            let text = "值班 <@alice> [a](http://h) `x`\n```\n长长长长\n```\n".repeat(3);
            let pieces = cut(&text, limit);
            assert!(
                pieces.iter().all(|piece| piece.len() <= limit.max(3)),
                "{limit}: {pieces:?}"
            );
            let without_lines = |text: &str| text.replace('\n', "");
            assert_eq!(without_lines(&pieces.concat()), without_lines(&text));
        }
    }
}
