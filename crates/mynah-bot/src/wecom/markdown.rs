//! Text among WeCom's markup: what is text stays text.

use std::borrow::Cow;

use crate::compile;

/// Keeps an invisible distance between two characters that would be markup together.
const APART: char = '\u{200B}';

/// Text as it stands in a plain message, where WeCom still reads `<@userid>`
/// as a mention and `<a href>` as a link
/// (<https://developer.work.weixin.qq.com/document/path/90236>). There is no
/// escape for either, so an invisible character comes between.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + APART.len_utf8());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        written.push(character);
        if character == '<' && opens(rest.as_str()) {
            written.push(APART);
        }
    }
    Cow::Owned(written)
}

/// Whether what follows a `<` makes it a mention or a link.
fn opens(rest: &str) -> bool {
    let mut rest = rest.chars();
    match rest.next() {
        Some('@') => true,
        Some('a' | 'A') => rest.next().is_some_and(char::is_whitespace),
        _ => false,
    }
}

/// Writes text behind what is written already, so that it stays text in a plain message.
pub(super) fn escape_plain(written: &mut String, text: &str, _: bool) {
    keep_apart(written, text);
    written.push_str(&plain(text));
}

/// The same in Markdown, where mentions and links are read as well.
pub(super) fn escape_markdown(written: &mut String, text: &str, at_line: bool) {
    keep_apart(written, text);
    compile::escape_markdown(written, &plain(text), at_line);
}

/// What was text before and what comes now may be markup together.
fn keep_apart(written: &mut String, text: &str) {
    if written.ends_with('<') && opens(text) {
        written.push(APART);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_in_a_plain_message() {
        assert_eq!(plain("a < b & c"), "a < b & c");
        assert_eq!(plain("<@all>"), "<\u{200B}@all>");
        let mut written = "<".to_owned();
        escape_markdown(&mut written, "@all> <@all> *x*", false);
        assert_eq!(written, "<\u{200B}@all> <\u{200B}@all> \\*x\\*");
        assert_eq!(
            plain("<a href='x'> <article>"),
            "<\u{200B}a href='x'> <article>"
        );
    }
}
