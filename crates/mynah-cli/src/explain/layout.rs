//! Explanations as people read them on a terminal.

use mynah_bot::Platform;
use mynah_core::{Bilingual, Explanation};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::label;
use crate::language::Language;

/// How many columns a line takes at most.
const COLUMNS: usize = 96;

/// What must not begin a line of Chinese.
const CLOSING: &str = "，。；：、！？）」』》”";

/// One explanation below the other.
pub(super) fn cards(platform: Platform, found: &[Explanation], languages: &[Language]) -> String {
    let cards = found.iter().flat_map(|row| {
        languages
            .iter()
            .map(move |language| card(platform, row, *language))
    });
    cards.collect::<Vec<_>>().join("\n\n")
}

fn card(platform: Platform, row: &Explanation, language: Language) -> String {
    let mut head = format!("{} {}", platform.name(), label(row, language));
    if let Some(status) = row.status.filter(|status| row.code != status.to_string()) {
        head += &format!(", HTTP {status}");
    }
    if !row.words.is_empty() {
        head += &format!(": {}", row.words);
    }
    let rows = [
        (Bilingual::new("cause", "原因"), row.cause),
        (Bilingual::new("fix", "处理"), row.fix),
        (Bilingual::new("repeat", "重试"), row.remedy.words()),
    ];
    let lines = rows.map(|(name, words)| named(language.of(name), language.of(words)));
    [head, lines.join("\n")].join("\n")
}

/// A name, and beside it the words, however many lines they take.
fn named(name: &str, words: &str) -> String {
    const INDENT: usize = 10;
    let lines = wrapped(words, COLUMNS - INDENT);
    let first = format!("  {name}{}", " ".repeat(INDENT - 2 - name.width()));
    first + &lines.join(&format!("\n{}", " ".repeat(INDENT)))
}

/// The words in lines of at most so many columns. A line ends at a blank, or between two Chinese
/// characters; a word that is longer than a line has one of its own.
fn wrapped(words: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(words) {
        let line = lines.last_mut().map_or(0, |line| line.width());
        if line > 0 && line + piece.trim_end().width() > columns {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
    }
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// The words in pieces that stay on one line.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut signs = words.char_indices().peekable();
    while let Some((_, sign)) = signs.next() {
        let Some((place, next)) = signs.peek().copied() else {
            break;
        };
        let wide = |c: char| c.width() == Some(2);
        let parts = sign == ' ' || ((wide(sign) || wide(next)) && sign != '「');
        if parts && !CLOSING.contains(next) && next != ' ' {
            pieces.push(&words[start..place]);
            start = place;
        }
    }
    pieces.push(&words[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_tells_code_cause_fix_and_whether_to_repeat() {
        let row = Explanation::of("1004")
            .with_status(401)
            .said("签名错误")
            .cause("The signature is wrong.", "签名错误。")
            .fix("Sign again.", "重新签名。");
        assert_eq!(
            card(Platform::RongCloud, &row, Language::Zh),
            "rongcloud 1004, HTTP 401: 签名错误\n  原因    签名错误。\n  处理    重新签名。\n  \
             重试    没有用：原因不消除，结果不变"
        );
        let told = card(Platform::RongCloud, &row, Language::En);
        assert!(told.contains("\n  cause   The signature is wrong.\n  fix     Sign again.\n"));
    }

    #[test]
    fn lines_end_between_words_and_chinese_characters() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("可信的地址", 6), ["可信的", "地址"]);
        assert_eq!(wrapped("可信的地。", 8), ["可信的", "地。"]);
        assert_eq!(wrapped("用 token 试", 8), ["用 token", "试"]);
        assert_eq!(
            wrapped("https://example.com/x", 8),
            ["https://example.com/x"]
        );
        assert_eq!(wrapped("", 8), [""]);
    }
}
