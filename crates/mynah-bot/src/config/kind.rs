//! The kinds of accounts of one platform, told apart by their keys.

/// What one kind of account needs and takes.
pub(super) struct Kind {
    pub(super) what: &'static str,
    pub(super) needs: &'static [&'static str],
    pub(super) takes: &'static [&'static str],
}

impl Kind {
    /// Whether the keys that are given are those of this kind.
    pub(super) fn check(&self, given: &[&'static str]) -> Result<(), String> {
        let missing = self.needs.iter().filter(|name| !given.contains(name));
        let superfluous = given
            .iter()
            .filter(|name| !self.needs.contains(name) && !self.takes.contains(name));
        for (names, verb) in [(list(missing), "needs"), (list(superfluous), "has no")] {
            if !names.is_empty() {
                return Err(format!("{} {verb} {names}", self.what));
            }
        }
        Ok(())
    }
}

/// `a`, `b`.
fn list<'a>(names: impl Iterator<Item = &'a &'static str>) -> String {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
