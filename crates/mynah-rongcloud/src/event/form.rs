//! The fields of a form, taken out one by one: what nobody takes is kept.

/// What is left of a form while its fields are taken out.
pub(super) struct Form {
    pub(super) rest: Vec<(String, String)>,
}

impl Form {
    /// Bytes that are not UTF-8 are replaced, and what is no field is left out.
    pub(super) fn of(body: &[u8]) -> Self {
        let rest = serde_html_form::from_bytes(body).unwrap_or_default();
        Self { rest }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.rest.iter().any(|(field, _)| field == name)
    }

    /// The field; of several the first, and the others stay.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.rest.iter().position(|(field, _)| field == name)?;
        Some(self.rest.remove(at).1)
    }

    /// A whole number; anything else stays.
    pub(super) fn number(&mut self, name: &str) -> Option<i64> {
        let (_, digits) = self.rest.iter().find(|(field, _)| field == name)?;
        let number = digits.parse().ok()?;
        self.take(name);
        Some(number)
    }

    /// All fields of this name, in their order.
    pub(super) fn all(&mut self, name: &str) -> Vec<String> {
        let fields = self.rest.extract_if(.., |(field, _)| field == name);
        fields.map(|(_, value)| value).collect()
    }
}

/// A form that is being written.
#[derive(Default)]
pub(super) struct Written<'a> {
    fields: Vec<(&'a str, String)>,
}

impl<'a> Written<'a> {
    pub(super) fn put(&mut self, name: &'a str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.fields.push((name, value.to_string()));
        }
    }

    /// The form, with what stands there besides.
    pub(super) fn with(self, extra: &[(String, String)]) -> String {
        let known = self.fields.iter().map(|(name, value)| (*name, &**value));
        let extra = extra.iter().map(|(name, value)| (&**name, &**value));
        let all: Vec<(&str, &str)> = known.chain(extra).collect();
        // Pairs of texts always have a form.
        serde_html_form::to_string(all).unwrap_or_default()
    }
}

/// A form of these fields.
pub(super) fn write(fields: &[(String, String)]) -> String {
    Written::default().with(fields)
}
