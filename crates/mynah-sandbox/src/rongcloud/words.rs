//! The word filter.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::{Deserialize, Serialize};

/// The words that are looked for in what people say, and what becomes of
/// messages that contain them.
///
/// One pass over a text tells whether it contains any of them, however many
/// there are.
///
/// ```
/// use mynah_sandbox::rongcloud::{Finding, WordFilter};
///
/// let mut filter = WordFilter::default();
/// filter.add("money", Some("***"));
/// filter.add("敏感词", None);
/// assert_eq!(filter.check("hello"), Finding::Clean);
/// assert_eq!(filter.check("no money"), Finding::Replaced("no ***".to_owned()));
/// assert_eq!(filter.check("money 敏感词"), Finding::Blocked);
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordFilter {
    words: BTreeMap<String, Word>,
    /// How many were ever added.
    added: u64,
    /// Made when it is needed first: words tend to come in heaps.
    #[serde(skip)]
    search: OnceLock<Search>,
}

/// One of the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Word {
    /// Counts up in the order of addition.
    place: u64,
    /// What stands in its place; nothing for a word that keeps messages back.
    replacement: Option<String>,
}

/// What becomes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It contains none of the words.
    Clean,
    /// It contains a word that keeps it back.
    Blocked,
    /// It contains words that were replaced: the text to be shown instead.
    Replaced(String),
}

/// The words made ready for searching.
#[derive(Clone, Debug)]
struct Search {
    /// All words. Most texts contain none.
    any: AhoCorasick,
    blocking: AhoCorasick,
    replaced: AhoCorasick,
    /// In the order of the patterns of `replaced`.
    replacements: Vec<String>,
}

/// Up to so many bytes of words are searched by the fastest machine, which
/// grows with them.
const DENSE_BYTES: usize = 128 * 1024;

impl WordFilter {
    /// Adds a word, or changes what becomes of it: nothing to stand in its
    /// place keeps messages back.
    pub fn add(&mut self, word: &str, replacement: Option<&str>) {
        let replacement = replacement.map(ToOwned::to_owned);
        let place = self.added;
        let entry = self.words.entry(word.to_owned());
        let known = entry.or_insert_with(|| {
            self.added += 1;
            Word {
                place,
                replacement: None,
            }
        });
        known.replacement = replacement;
        self.search.take();
    }

    /// Takes a word out.
    pub fn remove(&mut self, word: &str) {
        if self.words.remove(word).is_some() {
            self.search.take();
        }
    }

    /// Whether this is one of the words.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words and what stands in their place, oldest first.
    pub fn words(&self) -> Vec<(&str, Option<&str>)> {
        let mut words: Vec<_> = self.words.iter().collect();
        words.sort_by_key(|(_, word)| word.place);
        let words = words.into_iter();
        words
            .map(|(text, word)| (text.as_str(), word.replacement.as_deref()))
            .collect()
    }

    /// What becomes of a text.
    pub fn check(&self, text: &str) -> Finding {
        if self.words.is_empty() {
            return Finding::Clean;
        }
        let Some(search) = self.search() else {
            return Finding::Clean;
        };
        if !search.any.is_match(text) {
            return Finding::Clean;
        }
        if search.blocking.is_match(text) {
            return Finding::Blocked;
        }
        Finding::Replaced(search.replaced.replace_all(text, &search.replacements))
    }

    /// Makes the words ready; fails only for more than anybody could add.
    fn search(&self) -> Option<&Search> {
        if self.search.get().is_none() {
            let made = Search::new(&self.words)?;
            _ = self.search.set(made);
        }
        self.search.get()
    }
}

impl Search {
    fn new(words: &BTreeMap<String, Word>) -> Option<Self> {
        let mut blocking = Vec::new();
        let mut replaced = Vec::new();
        let mut replacements = Vec::new();
        for (text, word) in words {
            match &word.replacement {
                None => blocking.push(text),
                Some(replacement) => {
                    replaced.push(text);
                    replacements.push(replacement.clone());
                }
            }
        }
        Some(Self {
            any: machine(words.keys(), MatchKind::Standard)?,
            blocking: machine(blocking, MatchKind::Standard)?,
            replaced: machine(replaced, MatchKind::LeftmostLongest)?,
            replacements,
        })
    }
}

fn machine<'w>(
    words: impl IntoIterator<Item = &'w String>,
    kind: MatchKind,
) -> Option<AhoCorasick> {
    let words: Vec<&String> = words.into_iter().collect();
    let bytes: usize = words.iter().map(|word| word.len()).sum();
    let fastest = (bytes <= DENSE_BYTES).then_some(AhoCorasickKind::DFA);
    let mut builder = AhoCorasick::builder();
    builder.match_kind(kind).kind(fastest).build(words).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn filter(words: &[(&str, Option<&str>)]) -> WordFilter {
        let mut filter = WordFilter::default();
        for (word, replacement) in words {
            filter.add(word, *replacement);
        }
        filter
    }

    #[test]
    fn a_word_that_keeps_back_wins_over_one_that_is_replaced() {
        let filter = filter(&[("black money", Some("*")), ("money", None)]);
        assert_eq!(filter.check("black money"), Finding::Blocked);
        assert_eq!(filter.check("black"), Finding::Clean);
    }

    #[test]
    fn the_longest_of_the_words_that_begin_at_one_place_is_replaced() {
        let filter = filter(&[("ab", Some("1")), ("abc", Some("2")), ("b", Some("3"))]);
        assert_eq!(filter.check("abcab"), Finding::Replaced("21".to_owned()));
        assert_eq!(filter.check("cb"), Finding::Replaced("c3".to_owned()));
    }

    #[test]
    fn words_come_and_go() {
        let mut filter = filter(&[("b", None), ("a", None)]);
        assert_eq!(filter.check("a"), Finding::Blocked);
        filter.add("a", Some("x"));
        assert_eq!(filter.check("a"), Finding::Replaced("x".to_owned()));
        filter.add("c", None);
        assert_eq!(
            filter.words(),
            [("b", None), ("a", Some("x")), ("c", None)],
            "the order of addition"
        );
        filter.remove("a");
        assert_eq!(filter.check("a"), Finding::Clean);
        assert_eq!(filter.len(), 2);
        filter.remove("b");
        filter.remove("c");
        assert_eq!(filter.check("a b c"), Finding::Clean);
    }

    #[test]
    fn a_snapshot_holds_the_words() {
        let before = filter(&[("x", None), ("y", Some("z"))]);
        assert_eq!(before.check("x"), Finding::Blocked);
        let text = serde_json::to_string(&before).unwrap();
        let after: WordFilter = serde_json::from_str(&text).unwrap();
        assert_eq!(after.words(), before.words());
        assert_eq!(after.check("y"), Finding::Replaced("z".to_owned()));
    }

    #[test]
    fn ten_thousand_words_find_each_of_them() {
        let mut filter = WordFilter::default();
        for number in 0..10_000 {
            filter.add(&format!("词{number:05}句"), None);
        }
        for number in (0..10_000).step_by(997) {
            let text = format!("{}词{number:05}句", "好".repeat(480));
            assert_eq!(filter.check(&text), Finding::Blocked, "{number}");
        }
        assert_eq!(filter.check(&"词0000".repeat(100)), Finding::Clean);
    }
}
