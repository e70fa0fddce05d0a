//! The fields of a control call, read one by one so that an error can name
//! the one that is wrong.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::Uri;
use serde_json::{Map, Value};

use crate::world::Rejected;

/// The fields of a body that are not yet read.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body, which must be a JSON object.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Rejected> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(other) => {
                let problem = format!("must be a JSON object, not {}", kind(&other));
                Err(Rejected::bad("body", problem))
            }
            Err(error) => Err(Rejected::bad("body", format!("is no JSON: {error}"))),
        }
    }

    /// Takes a field as it is; `None` if it is not given.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// A text that must be given.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Rejected> {
        self.optional(name)?
            .ok_or_else(|| Rejected::bad(name, "is missing"))
    }

    /// A text that may be missing or `null`.
    pub(crate) fn optional(&mut self, name: &str) -> Result<Option<String>, Rejected> {
        Ok(self.optional_or_null(name)?.flatten())
    }

    #[allow(
        clippy::option_option,
        reason = "the three cases have names of their own in JSON"
    )]
    /// A text for which `null` means something else than its absence.
    pub(crate) fn optional_or_null(
        &mut self,
        name: &str,
    ) -> Result<Option<Option<String>>, Rejected> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) => Ok(Some(Some(text))),
            Some(other) => Err(wrong(name, "a text", &other)),
        }
    }

    /// A list of texts; `null` is an empty one.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Rejected> {
        let items = match self.take(name) {
            None => return Ok(None),
            Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(wrong(name, "a list of texts", &other)),
        };
        let texts = items.into_iter().map(|item| match item {
            Value::String(text) => Ok(text),
            other => Err(wrong(name, "a list of texts", &other)),
        });
        texts.collect::<Result<_, _>>().map(Some)
    }

    /// A number that may be missing or `null`.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<f64>, Rejected> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => number(name, &value).map(Some),
        }
    }

    /// A whole number from 0 that may be missing or `null`.
    pub(crate) fn count(&mut self, name: &str) -> Result<Option<u64>, Rejected> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(count) => Ok(Some(count)),
                None => Err(wrong(name, "a whole number from 0", &value)),
            },
        }
    }

    /// A whole number within limits, that may be missing or `null`.
    pub(crate) fn within(
        &mut self,
        name: &str,
        limits: RangeInclusive<u64>,
    ) -> Result<Option<u64>, Rejected> {
        let given = self.count(name)?;
        if given.is_some_and(|given| !limits.contains(&given)) {
            let (least, most) = limits.into_inner();
            let problem = match least {
                0 => format!("must be at most {most}"),
                least => format!("must be between {least} and {most}"),
            };
            return Err(Rejected::bad(name, problem));
        }
        Ok(given)
    }

    /// A time in seconds within limits, that may be missing or `null`.
    pub(crate) fn seconds(
        &mut self,
        name: &str,
        limits: RangeInclusive<f64>,
    ) -> Result<Option<Duration>, Rejected> {
        match self.number(name)? {
            None => Ok(None),
            Some(seconds) => duration(name, seconds, limits).map(Some),
        }
    }

    #[allow(
        clippy::option_option,
        reason = "the three cases have names of their own in JSON"
    )]
    /// The address of something that listens for posts; `null` is nowhere.
    pub(crate) fn listener(&mut self, name: &str) -> Result<Option<Option<Uri>>, Rejected> {
        let given = self.optional_or_null(name)?;
        given.map(|url| listener(name, url.as_deref())).transpose()
    }

    /// A switch that may be missing or `null`.
    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, Rejected> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong(name, "true or false", &other)),
        }
    }

    /// One of some words, if it is given.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, Rejected> {
        let Some(word) = self.optional(name)? else {
            return Ok(None);
        };
        if let Some((_, choice)) = choices.iter().find(|(known, _)| *known == word) {
            return Ok(Some(*choice));
        }
        let words: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        let problem = format!("must be one of {}", words.join(", "));
        Err(Rejected::bad(name, problem))
    }

    /// What has not been read yet.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.0
    }

    /// Refuses what nobody has asked for: most likely it is misspelt.
    pub(crate) fn end(self) -> Result<(), Rejected> {
        match self.0.keys().next() {
            Some(name) => Err(Rejected::bad(name, "is not known here")),
            None => Ok(()),
        }
    }
}

/// A number.
pub(crate) fn number(name: &str, value: &Value) -> Result<f64, Rejected> {
    value.as_f64().ok_or_else(|| wrong(name, "a number", value))
}

/// A time in seconds, within limits.
pub(crate) fn duration(
    name: &str,
    seconds: f64,
    limits: RangeInclusive<f64>,
) -> Result<Duration, Rejected> {
    if limits.contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    let (least, most) = limits.into_inner();
    let problem = format!("must be between {least} and {most} seconds");
    Err(Rejected::bad(name, problem))
}

/// The address of something that listens for posts, if there is one.
pub(crate) fn listener(field: &str, url: Option<&str>) -> Result<Option<Uri>, Rejected> {
    url.map(|url| address(field, url, "http", "https"))
        .transpose()
}

/// An address with this scheme; `secure` is the scheme that is not offered.
pub(crate) fn address(
    field: &str,
    text: &str,
    scheme: &str,
    secure: &str,
) -> Result<Uri, Rejected> {
    let bad = |problem: String| Rejected::bad(field, problem);
    let uri: Uri = text
        .parse()
        .map_err(|error| bad(format!("is no address: {error}")))?;
    match uri.scheme_str() {
        Some(given) if given == scheme => {}
        Some(given) if given == secure => {
            return Err(bad(format!("{secure}:// is not offered, only {scheme}://")));
        }
        _ => return Err(bad(format!("must begin with {scheme}://"))),
    }
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err(bad("must not carry a user or password".to_owned()));
    }
    Ok(uri)
}

fn wrong(name: &str, expected: &str, found: &Value) -> Rejected {
    Rejected::bad(name, format!("must be {expected}, not {}", kind(found)))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a switch",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn an_error_names_the_field_and_the_kind_and_never_the_value() {
        let mut given = fields(r#"{"a": "secret", "b": 7, "c": -1, "d": ["secret", 1]}"#);
        let errors = [
            given.number("a").unwrap_err(),
            given.text("b").unwrap_err(),
            given.count("c").unwrap_err(),
            given.texts("d").unwrap_err(),
            given.text("e").unwrap_err(),
        ];
        let sentences = [
            "a: must be a number, not a text",
            "b: must be a text, not a number",
            "c: must be a whole number from 0, not a number",
            "d: must be a list of texts, not a number",
            "e: is missing",
        ];
        assert_eq!(errors.map(|error| error.to_string()), sentences);
    }

    #[test]
    fn null_and_absence_are_told_apart_where_it_matters() {
        let mut given = fields(r#"{"a": null, "b": "x"}"#);
        assert_eq!(given.optional_or_null("a").unwrap(), Some(None));
        assert_eq!(
            given.optional_or_null("b").unwrap(),
            Some(Some("x".to_owned()))
        );
        assert_eq!(given.optional_or_null("c").unwrap(), None);
        assert_eq!(fields(r#"{"a": null}"#).count("a").unwrap(), None);
    }

    #[test]
    fn a_word_that_is_no_choice_is_answered_with_the_choices() {
        let choices = [("one", 1), ("two", 2)];
        assert_eq!(
            fields(r#"{"a": "two"}"#).choice("a", &choices).unwrap(),
            Some(2)
        );
        let error = fields(r#"{"a": "ten"}"#).choice("a", &choices).unwrap_err();
        assert_eq!(error.to_string(), "a: must be one of one, two");
    }

    #[test]
    fn what_is_beyond_its_limits_is_answered_with_them() {
        let mut given = fields(r#"{"a": 7, "b": 0.5, "c": 9, "d": 61, "e": 0, "f": null}"#);
        assert_eq!(given.within("a", 1..=7).unwrap(), Some(7));
        let half = Duration::from_millis(500);
        assert_eq!(given.seconds("b", 0.01..=60.0).unwrap(), Some(half));
        let errors = [
            given.within("c", 0..=7).unwrap_err(),
            given.seconds("d", 0.01..=60.0).unwrap_err(),
            given.within("e", 1..=7).unwrap_err(),
        ];
        let sentences = [
            "c: must be at most 7",
            "d: must be between 0.01 and 60 seconds",
            "e: must be between 1 and 7",
        ];
        assert_eq!(errors.map(|error| error.to_string()), sentences);
        assert_eq!(given.seconds("f", 0.0..=1.0).unwrap(), None);
    }

    #[test]
    fn somebody_who_listens_has_an_address_or_is_nowhere() {
        let mut given = fields(r#"{"a": "http://h/p", "b": null, "c": "https://h/"}"#);
        let url = given.listener("a").unwrap().flatten();
        assert_eq!(
            url.map(|url| url.to_string()).as_deref(),
            Some("http://h/p")
        );
        assert_eq!(given.listener("b").unwrap(), Some(None));
        assert_eq!(given.listener("c").unwrap_err().field, "c");
        assert_eq!(given.listener("d").unwrap(), None);
    }

    #[test]
    fn what_nobody_asked_for_is_refused() {
        let mut given = fields(r#"{"a": "x", "b": 1}"#);
        given.text("a").unwrap();
        assert_eq!(given.end().unwrap_err().field, "b");
        assert!(fields("{}").end().is_ok());
    }

    #[test]
    fn a_body_must_be_an_object() {
        for body in ["", "[]", "null", "{oops", "\u{feff}{}"] {
            assert_eq!(
                Fields::read(body.as_bytes()).unwrap_err().field,
                "body",
                "{body}"
            );
        }
    }
}
