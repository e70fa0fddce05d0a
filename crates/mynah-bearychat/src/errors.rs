//! The error codes, their meanings, and what a caller does about them.
//!
//! Three of them are known of the service (4, 6 and 13); the others are how a sandbox of ours
//! refuses, because nobody says how the service does. Decide by [`code`] and status, never by the
//! text.

pub use mynah_core::Remedy;

use Remedy::{AfterWindow, Backoff, Report};
use mynah_core::{ApiError, BadParameters, Code, Error, ErrorKind};

/// The codes.
pub mod code {
    /// Done, where there is an envelope.
    pub const OK: i64 = 0;
    /// A parameter is missing or wrong.
    pub const INVALID_PARAMETER: i64 = 1;
    /// There is no token, or nobody knows it.
    pub const UNAUTHORIZED: i64 = 2;
    /// Not permitted: for example, the bot does not belong to the conversation.
    pub const FORBIDDEN: i64 = 4;
    /// There is no such thing, or no such path.
    pub const NOT_FOUND: i64 = 6;
    /// The path wants another HTTP method.
    pub const METHOD: i64 = 7;
    /// The name is taken.
    pub const NAME_TAKEN: i64 = 8;
    /// Something broke inside the platform.
    pub const INTERNAL: i64 = 10;
    /// Too many calls within the hour.
    pub const TOO_FAST: i64 = 13;
}

/// What is known of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code.
    pub code: i64,
    /// The HTTP status it comes with.
    pub status: u16,
    /// What the platform says.
    pub text: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What a caller does about it.
    pub remedy: Remedy,
    /// Whether the service is known to have it, and not the sandbox alone.
    pub attested: bool,
}

/// What is known of a code.
///
/// ```
/// use mynah_bearychat::errors::{Remedy, find};
///
/// let throttled = find(13).unwrap();
/// assert_eq!((throttled.status, throttled.remedy), (429, Remedy::AfterWindow));
/// assert_eq!(find(5), None);
/// ```
pub fn find(code: i64) -> Option<ErrorCode> {
    all().find(|known| known.code == code)
}

/// All codes, in ascending order.
pub fn all() -> impl Iterator<Item = ErrorCode> {
    CODES.iter().map(|row| ErrorCode {
        code: row.0,
        status: row.1,
        text: row.2,
        meaning: row.3,
        remedy: row.4,
        attested: [code::FORBIDDEN, code::NOT_FOUND, code::TOO_FAST].contains(&row.0),
    })
}

/// Whether somebody may not do what they asked for, such as speaking in a conversation that they
/// do not belong to (code 4).
pub fn is_forbidden(error: &Error) -> bool {
    has(error, code::FORBIDDEN)
}

/// Whether there is no such thing (code 6).
pub fn is_not_found(error: &Error) -> bool {
    has(error, code::NOT_FOUND)
}

/// Whether there were too many calls (code 13, or HTTP 429).
pub fn is_too_fast(error: &Error) -> bool {
    error.kind() == ErrorKind::Throttled
}

fn has(error: &Error, code: i64) -> bool {
    error
        .api()
        .is_some_and(|api| api.code == Code::Number(code))
}

/// What somebody who met this error may look for; nothing where the error says it all.
pub fn hint(error: &ApiError) -> Option<&'static str> {
    match (error.code.number(), error.status) {
        (Some(code::UNAUTHORIZED), _) | (_, 401) => Some(
            "the token must be the RTM token of a hubot: whoever manages the team finds it in the \
             settings of that robot",
        ),
        (Some(code::FORBIDDEN), _) => Some(
            "the bot must belong to the conversation: it joins a channel with channel.join, and is \
             invited to what is private",
        ),
        (Some(code::TOO_FAST), _) | (_, 429) => {
            Some("1000 calls an hour are free with a token, 60 without one")
        }
        _ => None,
    }
}

/// What there may be none of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// Somebody.
    User,
    /// A channel.
    Channel,
    /// Any other conversation.
    Conversation,
    /// A message.
    Message,
    /// A pinned message.
    Pin,
    /// A file.
    File,
    /// A path.
    Path,
}

impl Thing {
    const fn word(self) -> &'static str {
        match self {
            Self::User => "用户",
            Self::Channel => "讨论组",
            Self::Conversation => "会话",
            Self::Message => "消息",
            Self::Pin => "置顶",
            Self::File => "文件",
            Self::Path => "接口",
        }
    }
}

/// Server side: there is no such thing.
pub fn not_found(thing: Thing) -> ApiError {
    said(code::NOT_FOUND, format!("{}不存在", thing.word()))
}

/// Server side: not permitted.
pub fn forbidden() -> ApiError {
    refusal(code::FORBIDDEN)
}

/// Server side: no token, or one that nobody knows.
pub fn unauthorized() -> ApiError {
    refusal(code::UNAUTHORIZED)
}

/// Server side: the path wants another HTTP method.
pub fn wrong_method() -> ApiError {
    refusal(code::METHOD)
}

/// Server side: the name is taken.
pub fn name_taken() -> ApiError {
    refusal(code::NAME_TAKEN)
}

/// Server side: the quota is used up.
pub fn too_fast() -> ApiError {
    refusal(code::TOO_FAST)
}

/// Server side: something broke.
pub fn internal() -> ApiError {
    refusal(code::INTERNAL)
}

/// Server side: this parameter is missing or wrong.
pub fn invalid(parameter: &str) -> ApiError {
    said(code::INVALID_PARAMETER, format!("参数错误: {parameter}"))
}

/// Server side: the same of parameters that could not be read, or that broke a limit.
pub fn bad_parameters(bad: &BadParameters) -> ApiError {
    invalid(bad.field.as_deref().unwrap_or("body"))
}

/// Server side: the refusal with a code, in the platform's usual words.
pub fn refusal(code: i64) -> ApiError {
    said(code, find(code).map_or("", |known| known.text))
}

fn said(code: i64, words: impl Into<String>) -> ApiError {
    let status = find(code).map_or(400, |known| known.status);
    ApiError::new(code, words).with_status(status)
}

type Row = (i64, u16, &'static str, &'static str, Remedy);

const CODES: &[Row] = &[
    (
        1,
        400,
        "参数错误",
        "a parameter is missing, wrong or out of range",
        Report,
    ),
    (
        2,
        401,
        "未授权",
        "there is no token, or nobody knows it",
        Report,
    ),
    (4, 403, "没有权限", "not permitted", Report),
    (
        6,
        404,
        "文件不存在",
        "there is no such thing, or no such path",
        Report,
    ),
    (
        7,
        405,
        "请求方法不允许",
        "the path wants another HTTP method",
        Report,
    ),
    (8, 409, "名称已被使用", "the name is taken", Report),
    (
        10,
        500,
        "服务器错误",
        "something broke inside the platform",
        Backoff,
    ),
    (
        13,
        429,
        "请求太频繁，超过限制了，请慢点",
        "too many calls within the hour",
        AfterWindow,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(CODES.is_sorted_by(|left, right| left.0 < right.0));
    }
}
