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
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // Of several that fit the longest counts.
        let fitting = values
            .iter()
            .filter(|(key, _)| !key.is_empty() && rest.starts_with(key.as_str()));
        if let Some((key, value)) = fitting.max_by_key(|(key, _)| key.len()) {
            filled.push_str(value);
            rest = rest.get(key.len()..).unwrap_or_default();
        } else {
            filled.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
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
