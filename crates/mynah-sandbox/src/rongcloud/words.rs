//! The word filter.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};
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
    /// Most texts contain none of the words, and are known by it.
    beginnings: Beginnings,
    /// All words, each looked for at one place.
    any: AhoCorasick,
    blocking: AhoCorasick,
    replaced: AhoCorasick,
    /// In the order of the patterns of `replaced`.
    replacements: Vec<String>,
}

impl WordFilter {
    /// Adds a word, or changes what becomes of it: nothing to stand in its
    /// place keeps messages back. An empty word is none.
    pub fn add(&mut self, word: &str, replacement: Option<&str>) {
        if word.is_empty() {
            return;
        }
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
        if !search.finds_any(text) {
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
        let standard = || AhoCorasick::builder();
        let mut anchored = AhoCorasick::builder();
        anchored.start_kind(StartKind::Anchored);
        let mut longest = AhoCorasick::builder();
        longest.match_kind(MatchKind::LeftmostLongest);
        Some(Self {
            beginnings: Beginnings::new(words.keys()),
            any: anchored.build(words.keys()).ok()?,
            blocking: standard().build(blocking).ok()?,
            replaced: longest.build(replaced).ok()?,
            replacements,
        })
    }

    /// Whether a text contains any of the words.
    fn finds_any(&self, text: &str) -> bool {
        let mut places = self.beginnings.places(text);
        places.any(|place| {
            let rest = Input::new(text).range(place..).anchored(Anchored::Yes);
            self.any.is_match(rest)
        })
    }
}

/// Which bytes words begin with, roughly: what is not among them is no word,
/// and what is may be one.
///
/// A machine that reads byte by byte waits for memory at every byte when it
/// knows thousands of words. This is small enough to stay at hand.
#[derive(Clone, Debug)]
struct Beginnings {
    /// One bit for each that there is, by its hash.
    bits: Vec<u64>,
    /// How many bytes of words are looked at, as there are words.
    lengths: Vec<Length>,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length {
    bytes: usize,
    mask: u64,
}

/// The bits of a hash.
const HASH_BITS: u32 = 20;
/// Of a word, as many bytes are looked at as it has, or fewer.
const LENGTHS: [usize; 6] = [1, 2, 3, 4, 6, 8];

impl Length {
    /// The largest that a word has.
    fn of(word: &str) -> Self {
        let fitting = LENGTHS.into_iter().rev().find(|it| *it <= word.len());
        let bytes = fitting.unwrap_or(1);
        Self {
            bytes,
            mask: u64::MAX >> (64 - 8 * bytes),
        }
    }

    /// Where the bit of a beginning is.
    fn hash(self, window: u64) -> usize {
        let mixed = (window & self.mask).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> (64 - HASH_BITS)).unwrap_or_default()
    }
}

/// The eight bytes at a place; nothing stands behind the end.
fn window(text: &[u8], place: usize) -> u64 {
    let rest = text.get(place..).unwrap_or_default();
    let mut bytes = [0; 8];
    match rest.first_chunk::<8>() {
        Some(eight) => bytes = *eight,
        None => bytes
            .iter_mut()
            .zip(rest)
            .for_each(|(to, from)| *to = *from),
    }
    u64::from_le_bytes(bytes)
}

impl Beginnings {
    fn new<'w>(words: impl Iterator<Item = &'w String>) -> Self {
        let mut bits = vec![0; 1 << (HASH_BITS - 6)];
        let mut lengths = Vec::new();
        for word in words {
            let length = Length::of(word);
            let at = length.hash(window(word.as_bytes(), 0));
            if let Some(group) = bits.get_mut(at / 64) {
                *group |= 1 << (at % 64);
            }
            if !lengths.contains(&length) {
                lengths.push(length);
            }
        }
        Self { bits, lengths }
    }

    /// Where in a text a word may begin.
    fn places(&self, text: &str) -> impl Iterator<Item = usize> {
        let bytes = text.as_bytes();
        let starts = bytes.iter().enumerate();
        // No word begins within a character.
        let starts = starts.filter(|(_, byte)| (**byte).cast_signed() >= -0x40);
        let places = starts.map(|(place, _)| place);
        places.filter(move |place| {
            let window = window(bytes, *place);
            self.lengths.iter().any(|length| self.has(*length, window))
        })
    }

    fn has(&self, length: Length, window: u64) -> bool {
        let at = length.hash(window);
        let group = self.bits.get(at / 64).copied().unwrap_or_default();
        group >> (at % 64) & 1 == 1
    }
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
    fn words_of_every_length_are_found_wherever_they_stand() {
        let letters = "a敏bcé😀defgh词ijk";
        for length in 1..=letters.chars().count() {
            let word: String = letters.chars().take(length).collect();
            let filter = filter(&[(&word, None), ("unrelated", Some("x"))]);
            for (before, after) in [("", ""), ("x", ""), ("", "x"), ("好", "好"), ("aa", "敏")] {
                let text = format!("{before}{word}{after}");
                assert_eq!(filter.check(&text), Finding::Blocked, "{text}");
            }
            let shorter: String = letters.chars().take(length - 1).collect();
            assert_eq!(filter.check(&shorter), Finding::Clean, "{shorter}");
        }
        let mut filter = WordFilter::default();
        filter.add("", None);
        assert!(filter.is_empty());
        assert_eq!(filter.check(""), Finding::Clean);
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
