//! Cutting text into words.

/// Cuts text into words: runs of letters and digits as they are, Chinese by
/// the words that are known, longest first, and the rest in pairs. Blanks and
/// punctuation separate and are left out.
pub(super) fn slices(text: &str, known: &[String]) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if !first.is_alphanumeric() {
            rest = &rest[first.len_utf8()..];
            continue;
        } else if first.is_ascii() {
            prefix(rest, usize::MAX, |c| c.is_ascii_alphanumeric())
        } else {
            known_prefix(rest, known)
                .unwrap_or_else(|| prefix(rest, 2, |c| c.is_alphanumeric() && !c.is_ascii()))
        };
        let (word, after) = rest.split_at(length);
        words.push(word.to_owned());
        rest = after;
    }
    words
}

/// The length in bytes of the first characters that fit, `limit` at most.
fn prefix(text: &str, limit: usize, fits: impl Fn(char) -> bool) -> usize {
    text.chars()
        .take(limit)
        .take_while(|c| fits(*c))
        .map(char::len_utf8)
        .sum()
}

/// The length of the longest known word that the text begins with.
fn known_prefix(text: &str, known: &[String]) -> Option<usize> {
    let fitting = known
        .iter()
        .filter(|word| !word.is_empty() && text.starts_with(word.as_str()));
    fitting.map(String::len).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_cut_by_known_words_and_else_in_pairs() {
        let known = ["机器人".to_owned(), "机器".to_owned()];
        for (text, words) in [
            ("今天天气", vec!["今天", "天气"]),
            ("今天好", vec!["今天", "好"]),
            ("机器人你好", vec!["机器人", "你好"]),
            ("hello 世界，OK2", vec!["hello", "世界", "OK2"]),
            ("v2版本", vec!["v2", "版本"]),
            ("好ab", vec!["好", "ab"]),
            (" ，！", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(slices(text, &known), words, "{text}");
        }
    }
}
