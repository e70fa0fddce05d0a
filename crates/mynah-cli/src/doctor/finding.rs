//! What is wrong, why, and what to do about it.

use std::fmt;

use serde_json::{Value, json};

use super::words::Words;
use crate::exit::Exit;
use crate::language::Language;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Good to know; nothing fails for it.
    Note,
    /// It works, but not always or not safely.
    Warning,
    /// Something does not work.
    Error,
}

impl Severity {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// For people.
    pub(crate) const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (_, Language::En) => self.word(),
            (Self::Note, Language::Zh) => "提示",
            (Self::Warning, Language::Zh) => "警告",
            (Self::Error, Language::Zh) => "错误",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What scripts know it by; it stays when the words change.
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    /// How the command ends because of it, if it is an error.
    pub(crate) exit: Exit,
    /// Where: a file with a line, an address, an endpoint.
    pub(crate) place: String,
    pub(crate) seen: Words,
    pub(crate) cause: Words,
    pub(crate) fix: Words,
}

impl Finding {
    pub(crate) fn error(code: &'static str, exit: Exit, place: impl fmt::Display) -> Self {
        Self {
            code,
            severity: Severity::Error,
            exit,
            place: place.to_string(),
            seen: Words::default(),
            cause: Words::default(),
            fix: Words::default(),
        }
    }

    pub(crate) fn warning(code: &'static str, place: impl fmt::Display) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, Exit::Failed, place)
        }
    }

    pub(crate) fn note(code: &'static str, place: impl fmt::Display) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::error(code, Exit::Failed, place)
        }
    }

    pub(crate) fn seen(self, seen: impl Into<Words>) -> Self {
        Self {
            seen: seen.into(),
            ..self
        }
    }

    /// What was seen, in words that nobody translates.
    pub(crate) fn quoting(self, seen: impl fmt::Display) -> Self {
        self.seen(Words::same(beginning(&seen.to_string())))
    }

    pub(crate) fn cause(self, cause: impl Into<Words>) -> Self {
        Self {
            cause: cause.into(),
            ..self
        }
    }

    pub(crate) fn fix(self, fix: impl Into<Words>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }

    pub(crate) fn json(&self, language: Language) -> Value {
        json!({
            "code": self.code,
            "severity": self.severity.word(),
            "where": self.place,
            "seen": self.seen.json(language),
            "cause": self.cause.json(language),
            "fix": self.fix.json(language),
        })
    }
}

/// How much is quoted of what somebody else said, in characters.
const LONGEST_QUOTE: usize = 300;

/// The beginning of a text, on one line.
pub(crate) fn beginning(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
        if line.len() > LONGEST_QUOTE * 4 {
            break;
        }
    }
    if let Some((end, _)) = line.char_indices().nth(LONGEST_QUOTE) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// What was looked at for one account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    /// The account, and what it is.
    pub(crate) account: String,
    pub(crate) what: Words,
    /// What is well.
    pub(crate) well: Vec<(String, Words)>,
    pub(crate) findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(account: impl Into<String>, what: impl Into<Words>) -> Self {
        Self {
            account: account.into(),
            what: what.into(),
            ..Self::default()
        }
    }

    pub(crate) fn well(&mut self, place: impl fmt::Display, words: impl Into<Words>) {
        self.well.push((place.to_string(), words.into()));
    }

    /// Adds what was found. What is found in two ways is told once.
    pub(crate) fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            let told = |it: &Finding| it.code == finding.code && it.place == finding.place;
            if !self.findings.iter().any(told) {
                self.findings.push(finding);
            }
        }
    }

    pub(crate) fn json(&self, language: Language) -> Value {
        let well = self.well.iter();
        let well: Vec<_> = well
            .map(|(place, words)| json!({"where": place, "seen": words.json(language)}))
            .collect();
        let findings: Vec<_> = self.findings.iter().map(|it| it.json(language)).collect();
        json!({
            "account": self.account,
            "what": self.what.json(language),
            "well": well,
            "findings": findings,
        })
    }
}

/// How the command ends: settings that are wrong come before what they lead to, and a warning
/// alone is a failure without a code of its own.
pub(crate) fn exit<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<Exit> {
    let ends = findings.filter_map(|finding| match finding.severity {
        Severity::Note => None,
        Severity::Warning => Some(Exit::Failed),
        Severity::Error => Some(finding.exit),
    });
    ends.min_by_key(|end| match end {
        Exit::Usage => 0,
        Exit::Configuration => 1,
        Exit::Authentication => 2,
        Exit::Refused => 3,
        Exit::Temporary => 4,
        Exit::OutcomeUnknown => 5,
        Exit::Failed => 6,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_ends_by_the_first_of_all_causes() {
        let end = |findings: &[Finding]| exit(findings.iter());
        let note = Finding::note("n", "");
        let warning = Finding::warning("w", "");
        let temporary = Finding::error("t", Exit::Temporary, "");
        let settings = Finding::error("s", Exit::Configuration, "");
        assert_eq!(end(std::slice::from_ref(&note)), None);
        assert_eq!(end(&[note, warning.clone()]), Some(Exit::Failed));
        assert_eq!(end(&[warning, temporary.clone()]), Some(Exit::Temporary));
        assert_eq!(end(&[temporary, settings]), Some(Exit::Configuration));
    }

    #[test]
    fn a_quote_is_one_line_and_not_long() {
        assert_eq!(beginning(" a\n b\t"), "a b");
        let long = beginning(&"字".repeat(1000));
        assert_eq!(long.chars().count(), LONGEST_QUOTE + 1);
    }

    #[test]
    fn what_is_found_twice_is_told_once() {
        let mut report = Report::new("a", Words::same("b"));
        let found = Finding::note("x", "here");
        report.add([found.clone(), found.clone(), Finding::note("x", "there")]);
        assert_eq!(report.findings.len(), 2);
    }
}
