//! What the platform refuses whoever asks: how long, how many and how much there may be.
//!
//! [`Endpoint::check`](mynah_core::Endpoint::check) of every call is made of these, so that a
//! client refuses before it sends what a server refuses when it gets it. Limits that an
//! application can have raised are not among them.

use std::ops::RangeInclusive;

use mynah_core::{BadParameters, Excess};

use crate::content::ObjectName;

/// How many bytes an id has at most.
pub const ID_BYTES: usize = 64;

/// How many minutes somebody is blocked or may not speak at most: 30 days.
pub const MOST_MINUTES: i64 = 43_200;

/// How many characters the name of a kind of message has at most.
pub const OBJECT_NAME: usize = 32;

/// How many bytes the content of a message has at most.
pub const CONTENT_BYTES: usize = 131_072;

/// Whether something may be sent.
pub(crate) type Checked = Result<(), BadParameters>;

/// The first complaint in the order in which the platform looks: what is missing, what is wrong,
/// what is too long, and what is too many.
pub(crate) fn all<const N: usize>(checks: [Checked; N]) -> Checked {
    let complaints = checks.into_iter().filter_map(Result::err);
    complaints.min_by_key(rank).map_or(Ok(()), Err)
}

fn rank(bad: &BadParameters) -> u8 {
    match bad.excess {
        _ if bad.missing => 0,
        None => 1,
        Some(Excess::Length) => 2,
        Some(Excess::Count) => 3,
    }
}

/// Something is there.
pub(crate) fn present(field: &'static str, text: impl AsRef<str>) -> Checked {
    if text.as_ref().is_empty() {
        return Err(BadParameters::missing(field));
    }
    Ok(())
}

/// Something is there where it was given at all.
pub(crate) fn given<T>(value: Option<&T>, check: impl FnOnce(&T) -> Checked) -> Checked {
    value.map_or(Ok(()), check)
}

/// An id that is required.
pub(crate) fn id(field: &'static str, id: impl AsRef<str>) -> Checked {
    all([present(field, &id), bytes(field, &id, ID_BYTES)])
}

/// The kind of a message, which is required.
pub(crate) fn object_name(name: &ObjectName) -> Checked {
    all([
        present("objectName", name.as_str()),
        characters("objectName", name.as_str(), OBJECT_NAME),
    ])
}

/// Ids, of which one is required.
pub(crate) fn ids(field: &'static str, ids: &[impl AsRef<str>], most: usize) -> Checked {
    all([
        some(field, ids),
        each(ids, |one| id(field, one)),
        count(field, ids.len(), most),
    ])
}

/// A list in which something must be.
pub(crate) fn some<T>(field: &'static str, items: &[T]) -> Checked {
    if items.is_empty() {
        return Err(BadParameters::missing(field));
    }
    Ok(())
}

/// What must hold for every item of a list.
pub(crate) fn each<T>(items: &[T], check: impl Fn(&T) -> Checked) -> Checked {
    let complaints = items.iter().filter_map(|item| check(item).err());
    complaints.min_by_key(rank).map_or(Ok(()), Err)
}

/// At most so many items.
pub(crate) fn count(field: &'static str, items: usize, most: usize) -> Checked {
    at_most(field, Excess::Count, items, most, "")
}

/// At most so many bytes.
pub(crate) fn bytes(field: &'static str, text: impl AsRef<str>, most: usize) -> Checked {
    length(field, text.as_ref().len(), most)
}

/// At most so many bytes of what is not written yet.
pub(crate) fn length(field: &'static str, bytes: usize, most: usize) -> Checked {
    at_most(field, Excess::Length, bytes, most, " bytes")
}

/// At most so many characters.
pub(crate) fn characters(field: &'static str, text: impl AsRef<str>, most: usize) -> Checked {
    let characters = text.as_ref().chars().count();
    at_most(field, Excess::Length, characters, most, " characters")
}

fn at_most(
    field: &'static str,
    excess: Excess,
    found: usize,
    most: usize,
    unit: &'static str,
) -> Checked {
    if found > most {
        let problem = format!("at most {most}{unit}, not {found}");
        return Err(BadParameters::excess(field, excess, problem));
    }
    Ok(())
}

/// A number within a range.
pub(crate) fn range(field: &'static str, number: i64, range: RangeInclusive<i64>) -> Checked {
    if range.contains(&number) {
        return Ok(());
    }
    let (least, most) = (range.start(), range.end());
    let problem = format!("{least} to {most}, not {number}");
    Err(BadParameters::field(field, problem))
}

/// Something that is right or wrong; `problem` says what is right.
pub(crate) fn holds(field: &'static str, right: bool, problem: impl FnOnce() -> String) -> Checked {
    if right {
        return Ok(());
    }
    Err(BadParameters::field(field, problem()))
}

/// The number of a page.
pub(crate) fn page(page: Option<i64>) -> Checked {
    given(page.as_ref(), |&page| {
        range("page", page, 0..=i64::from(i32::MAX))
    })
}

/// How many there are on a page.
pub(crate) fn size(size: Option<i64>, most: i64) -> Checked {
    given(size.as_ref(), |&size| range("size", size, 1..=most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(checked: Checked) -> String {
        checked.unwrap_err().to_string()
    }

    #[test]
    fn a_complaint_names_the_field_its_limit_and_what_was_given() {
        assert_eq!(said(id("userId", "")), "`userId`: is required");
        assert_eq!(
            said(id("userId", "界".repeat(22))),
            "`userId`: at most 64 bytes, not 66"
        );
        assert_eq!(
            said(characters("word", "界".repeat(33), 32)),
            "`word`: at most 32 characters, not 33"
        );
        assert_eq!(
            said(ids("userId", &["alice"; 21], 20)),
            "`userId`: at most 20, not 21"
        );
        assert_eq!(
            said(range("minute", 0, 1..=MOST_MINUTES)),
            "`minute`: 1 to 43200, not 0"
        );
    }

    #[test]
    fn what_is_just_within_a_limit_passes() {
        assert_eq!(id("userId", "a".repeat(64)), Ok(()));
        assert_eq!(characters("word", "界".repeat(32), 32), Ok(()));
        assert_eq!(ids("userId", &["alice"; 20], 20), Ok(()));
        assert_eq!(range("minute", MOST_MINUTES, 1..=MOST_MINUTES), Ok(()));
    }

    #[test]
    fn what_is_missing_is_said_first_and_what_is_too_many_last() {
        let long = || id("groupId", "a".repeat(65));
        let many = || ids("userId", &["alice"; 21], 20);
        let wrong = || range("minute", -1, 0..=1);
        let missing = || present("groupName", "");
        let field = |checked: Checked| checked.unwrap_err().field.unwrap();
        assert_eq!(
            field(all([many(), long(), wrong(), missing()])),
            "groupName"
        );
        assert_eq!(field(all([many(), long(), wrong()])), "minute");
        assert_eq!(field(all([many(), long()])), "groupId");
        // An empty id counts before the number of them does.
        assert_eq!(said(ids("userId", &[""; 21], 20)), "`userId`: is required");
        assert_eq!(
            said(ids("userId", &[] as &[&str], 20)),
            "`userId`: is required"
        );
    }
}
