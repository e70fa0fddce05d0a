//! What the platform refuses whoever asks.
//!
//! [`Endpoint::check`](mynah_core::Endpoint::check) of every call is made of these, so that a
//! client refuses before it sends what a server refuses when it gets it.

use mynah_core::BadParameters;

use crate::types::Attachment;

/// How many images an attachment shows at most.
pub const IMAGES: usize = 3;

/// How many messages a query answers at most, in each direction.
pub const MESSAGES: u32 = 100;

/// How wide the name of a channel is at least and at most: letters of English count one, those of
/// Chinese two.
pub const NAME_WIDTH: std::ops::RangeInclusive<usize> = 2..=20;

/// Whether something may be sent.
pub(crate) type Checked = Result<(), BadParameters>;

/// The first complaint.
pub(crate) fn all<const N: usize>(checks: [Checked; N]) -> Checked {
    checks.into_iter().collect()
}

/// Something is there.
pub(crate) fn present(field: &'static str, text: impl AsRef<str>) -> Checked {
    if text.as_ref().is_empty() {
        return Err(BadParameters::missing(field));
    }
    Ok(())
}

/// What must hold where it was given at all.
pub(crate) fn given<T>(value: Option<&T>, check: impl FnOnce(&T) -> Checked) -> Checked {
    value.map_or(Ok(()), check)
}

/// Ids, of which one is required and none may be empty.
pub(crate) fn ids(field: &'static str, ids: &[impl AsRef<str>]) -> Checked {
    if ids.is_empty() {
        return Err(BadParameters::missing(field));
    }
    ids.iter().try_for_each(|id| present(field, id))
}

/// The name of a channel: 2 to 20 wide, of letters, digits, `_`, `-` and `.`
/// (<https://github.com/bearyinnovative/OpenAPI/blob/master/api/channel.create.md>).
///
/// # Errors
/// The limit, and how wide the name is.
///
/// ```
/// use mynah_bearychat::limits::channel_name;
///
/// assert!(channel_name("name", "吃喝玩乐在深圳").is_ok());
/// assert!(channel_name("name", "dev-ops_1.0").is_ok());
/// let problem = channel_name("name", "a").unwrap_err().to_string();
/// assert_eq!(problem, "`name`: 2 to 20 wide (a Chinese letter counts two), not 1");
/// ```
pub fn channel_name(field: &'static str, name: &str) -> Result<(), BadParameters> {
    let width: usize = name
        .chars()
        .map(|letter| 2 - usize::from(letter.is_ascii()))
        .sum();
    if !NAME_WIDTH.contains(&width) {
        let (least, most) = (NAME_WIDTH.start(), NAME_WIDTH.end());
        let problem = format!("{least} to {most} wide (a Chinese letter counts two), not {width}");
        return Err(BadParameters::field(field, problem));
    }
    let plain = |letter: char| letter.is_alphanumeric() || ['_', '-', '.'].contains(&letter);
    if !name.chars().all(plain) {
        let problem = "only letters, digits, `_`, `-` and `.`";
        return Err(BadParameters::field(field, problem));
    }
    Ok(())
}

/// Attachments: each has a title or a text.
///
/// # Errors
/// Which one has neither.
pub fn attachments(attachments: &[Attachment]) -> Result<(), BadParameters> {
    match attachments.iter().position(|one| !one.says_something()) {
        Some(at) => {
            let problem = format!("number {} has neither title nor text", at + 1);
            Err(BadParameters::field("attachments", problem))
        }
        None => Ok(()),
    }
}

/// Server side: whether a text is a reaction: something between two colons, such as `:smile:`.
pub fn is_reaction(text: &str) -> bool {
    let inside = text
        .strip_prefix(':')
        .and_then(|rest| rest.strip_suffix(':'));
    inside.is_some_and(|name| {
        !name.is_empty() && !name.contains(|letter: char| letter == ':' || letter.is_whitespace())
    })
}

/// Server side: whether a text can be the name by which somebody is mentioned: 1 to 32 letters of
/// English, digits, `_`, `.` and `-`.
pub fn is_user_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    (1..=32).contains(&text.len()) && text.bytes().all(plain)
}
