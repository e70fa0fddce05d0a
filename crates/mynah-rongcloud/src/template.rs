//! Messages with a text of their own for each recipient.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::limits::{self, CONTENT_BYTES, Checked};

/// A message with placeholders, and what each recipient reads in their place.
#[derive(Clone, Copy, Debug)]
pub struct Template<'t> {
    /// The text of the content, one for all.
    pub content: &'t str,
    /// What stands in the place of the placeholders, for each recipient. The keys are the
    /// placeholders as they stand in the text, with their braces: `{name}`.
    pub values: &'t [BTreeMap<String, String>],
    /// What each recipient's telephone shows.
    pub push_content: Option<&'t [String]>,
    /// What each recipient's application is given with it.
    pub push_data: Option<&'t [String]>,
}

/// What one recipient gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The text of the content.
    pub content: String,
    /// What the telephone shows.
    pub push_content: Option<String>,
    /// What the application is given with it.
    pub push_data: Option<String>,
}

/// What each of a template's recipients gets, one after the other.
pub struct Render<'t> {
    template: Template<'t>,
    next: usize,
}

impl<'t> Template<'t> {
    /// What each recipient gets, in their order. There are as many as there are `values`.
    pub fn render(self) -> Render<'t> {
        Render {
            template: self,
            next: 0,
        }
    }

    /// Whether what each recipient gets is within the limit of a content: a short template with
    /// many placeholders can become very long.
    pub(crate) fn check(self) -> Checked {
        for (place, values) in self.values.iter().enumerate() {
            let filler = Filler::new(values);
            let fits = |field, text: Option<&str>| {
                limits::given(text.as_ref(), |text| {
                    limits::length(field, filler.length(text), CONTENT_BYTES)
                })
            };
            fits("content", Some(self.content))?;
            fits("pushContent", text_at(self.push_content, place))?;
            fits("pushData", text_at(self.push_data, place))?;
        }
        Ok(())
    }
}

fn text_at(texts: Option<&[String]>, place: usize) -> Option<&str> {
    texts?.get(place).map(String::as_str)
}

impl Iterator for Render<'_> {
    type Item = Rendered;

    fn next(&mut self) -> Option<Rendered> {
        let place = self.next;
        let values = self.template.values.get(place)?;
        self.next += 1;
        let filler = Filler::new(values);
        let of = |texts| text_at(texts, place).map(|text| filler.fill(text));
        Some(Rendered {
            content: filler.fill(self.template.content),
            push_content: of(self.template.push_content),
            push_data: of(self.template.push_data),
        })
    }
}

/// Puts the values of one recipient in the place of their placeholders.
struct Filler<'v> {
    values: &'v BTreeMap<String, String>,
    /// The letters that placeholders begin with.
    firsts: BTreeSet<char>,
    /// How many bytes placeholders have: of several that fit the longest counts.
    lengths: BTreeSet<usize>,
}

impl<'v> Filler<'v> {
    fn new(values: &'v BTreeMap<String, String>) -> Self {
        let keys = || values.keys().filter(|key| !key.is_empty());
        Self {
            values,
            firsts: keys().filter_map(|key| key.chars().next()).collect(),
            lengths: keys().map(String::len).collect(),
        }
    }

    /// The text with each placeholder replaced.
    fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        self.pieces(text, |piece| filled.push_str(piece));
        filled
    }

    /// How many bytes that has.
    fn length(&self, text: &str) -> usize {
        let mut length = 0_usize;
        self.pieces(text, |piece| length = length.saturating_add(piece.len()));
        length
    }

    /// The pieces of a text with each placeholder replaced. It is read once from its beginning to
    /// its end, so that a value that looks like a placeholder stays as it is.
    fn pieces(&self, text: &str, mut piece: impl FnMut(&str)) {
        let mut rest = text;
        while let Some(place) = rest.find(|letter| self.firsts.contains(&letter)) {
            let (before, there) = rest.split_at(place);
            piece(before);
            if let Some((value, left)) = self.value_at(there) {
                piece(value);
                rest = left;
            } else {
                let letter = there.chars().next().map_or(0, char::len_utf8);
                let (letter, left) = there.split_at(letter);
                piece(letter);
                rest = left;
            }
        }
        piece(rest);
    }

    /// The value of the placeholder that a text begins with, and what follows it.
    fn value_at<'t>(&self, text: &'t str) -> Option<(&'v str, &'t str)> {
        let mut lengths = self.lengths.iter().rev();
        lengths.find_map(|&length| {
            let (key, left) = text.split_at_checked(length)?;
            Some((self.values.get(key)?.as_str(), left))
        })
    }
}

/// Reads what stands in the place of placeholders: text, or what a program has instead, such as a
/// number.
pub(crate) fn values<'de, D>(deserializer: D) -> Result<Vec<BTreeMap<String, String>>, D::Error>
where
    D: Deserializer<'de>,
{
    let recipients = Vec::<BTreeMap<String, Value>>::deserialize(deserializer)?;
    let texts = recipients.into_iter().map(|values| {
        let values = values.into_iter();
        values.map(|(key, value)| (key, text(value))).collect()
    });
    Ok(texts.collect())
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
