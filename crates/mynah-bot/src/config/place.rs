//! Where in the file things stand.

use std::collections::HashMap;
use std::path::PathBuf;

/// Where the tables of a file stand, by the names of what they describe.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) file: Option<PathBuf>,
    pub(super) accounts: Vec<(String, Place)>,
    pub(super) handlers: Vec<(String, Place)>,
}

impl Places {
    /// The line of a key of an account.
    pub(super) fn account(&self, name: &str, key: &str) -> Option<usize> {
        line(&self.accounts, name, key)
    }

    /// The line of a key of a handler.
    pub(super) fn handler(&self, name: &str, key: &str) -> Option<usize> {
        line(&self.handlers, name, key)
    }
}

fn line(places: &[(String, Place)], name: &str, key: &str) -> Option<usize> {
    let found = places.iter().find(|(it, _)| it == name);
    found.map(|(_, place)| place.line(key))
}

/// Where a table and its keys stand; lines are counted from 1.
#[derive(Clone, Debug)]
pub(super) struct Place {
    first: usize,
    keys: HashMap<String, usize>,
}

impl Place {
    /// The table that begins at `offset`.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let first = line_of(text, offset);
        let mut keys = HashMap::new();
        for (index, line) in text.lines().enumerate().skip(first) {
            if line.trim_start().starts_with('[') {
                break;
            }
            if let Some((key, _)) = line.split_once('=') {
                keys.entry(key.trim().to_owned()).or_insert(index + 1);
            }
        }
        Self { first, keys }
    }

    /// The line of a key, or of the table if the key stands nowhere.
    pub(super) fn line(&self, key: &str) -> usize {
        self.keys.get(key).copied().unwrap_or(self.first)
    }

    /// The line of what a problem is about: it begins with a key, or says that one has no place
    /// there.
    pub(super) fn line_of(&self, problem: &str) -> usize {
        let (begin, _) = problem.split_once(": ").unwrap_or((problem, ""));
        let superfluous = problem.split_once("has no `").map(|(_, rest)| rest);
        let superfluous = superfluous.and_then(|rest| rest.split('`').next());
        self.line(superfluous.unwrap_or(begin))
    }
}

/// The line around `offset`.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}
