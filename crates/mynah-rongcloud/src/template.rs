//! Messages with a text of their own for each recipient.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

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
}

impl Iterator for Render<'_> {
    type Item = Rendered;

    fn next(&mut self) -> Option<Rendered> {
        let place = self.next;
        let values = self.template.values.get(place)?;
        self.next += 1;
        let of = |texts: Option<&[String]>| Some(fill(texts?.get(place)?, values));
        Some(Rendered {
            content: fill(self.template.content, values),
            push_content: of(self.template.push_content),
            push_data: of(self.template.push_data),
        })
    }
}

/// The text with each placeholder replaced. It is read once from its beginning to its end, so that
/// a value that looks like a placeholder stays as it is.
fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let firsts: Vec<char> = values.keys().filter_map(|key| key.chars().next()).collect();
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find(&firsts[..]) {
        let (before, there) = rest.split_at(place);
        filled.push_str(before);
        // Of several that fit the longest counts.
        let fitting = values.iter().filter_map(|(key, value)| {
            let left = there.strip_prefix(key.as_str())?;
            (!key.is_empty()).then_some((value, left))
        });
        if let Some((value, left)) = fitting.min_by_key(|(_, left)| left.len()) {
            filled.push_str(value);
            rest = left;
        } else {
            let mut letters = there.chars();
            filled.extend(letters.next());
            rest = letters.as_str();
        }
    }
    filled.push_str(rest);
    filled
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
