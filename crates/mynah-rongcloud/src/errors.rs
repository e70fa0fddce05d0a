//! The error codes, their HTTP statuses, their meanings, and what a caller does about them.
//!
//! The documentation of 2018 and of 2026 differ in what some of them mean; 1010 and 1011 are used
//! for two things. Decide by codes, never by words.

pub use mynah_core::Remedy;

use mynah_core::{ApiError, Platform, Verdict};

use crate::RongCloud;
use crate::platform::code;

/// What is known of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code.
    pub code: i64,
    /// The HTTP status it comes with. 1015 comes in a 200, and 1009 in a 430.
    pub status: u16,
    /// What it means.
    pub meaning: &'static str,
    /// What a caller does about it.
    pub remedy: Remedy,
}

/// What is known of a code; nothing of those that are documented nowhere.
///
/// ```
/// use mynah_rongcloud::errors::{Remedy, find};
///
/// let throttled = find(1008).unwrap();
/// assert_eq!((throttled.status, throttled.remedy), (429, Remedy::AfterWindow));
/// assert_eq!(find(20102), None);
/// ```
pub fn find(code: i64) -> Option<ErrorCode> {
    let place = CODES.binary_search_by_key(&code, |(code, ..)| *code);
    CODES.get(place.ok()?).map(known)
}

/// All codes, in ascending order.
pub fn all() -> impl Iterator<Item = ErrorCode> {
    CODES.iter().map(known)
}

fn known(&(code, status, meaning): &(i64, u16, &'static str)) -> ErrorCode {
    ErrorCode {
        code,
        status,
        meaning,
        remedy: remedy(code, status),
    }
}

fn remedy(code: i64, status: u16) -> Remedy {
    match RongCloud::classify(&ApiError::new(code, "").with_status(status)) {
        Verdict::Throttled(_) => Remedy::AfterWindow,
        Verdict::Transient => Remedy::Backoff,
        Verdict::Unauthorized | Verdict::Permanent => Remedy::Report,
    }
}

/// Server side: a refusal with the status that goes with its code; 400 for a code that is not
/// documented.
///
/// ```
/// let refusal = mynah_rongcloud::errors::refusal(1004, "Signature verification failed.");
/// assert_eq!(refusal.status, 401);
/// ```
pub fn refusal(code: i64, words: impl Into<String>) -> ApiError {
    let status = find(code).map_or(400, |known| known.status);
    ApiError::new(code, words).with_status(status)
}

/// Server side: what is answered to a parameter that is not there, 1002.
pub fn missing(parameter: &str) -> ApiError {
    refusal(code::INVALID_PARAMETER, format!("{parameter} is required."))
}

/// Server side: what is answered to a parameter that is wrong or out of range, 1002.
pub fn invalid(parameter: &str) -> ApiError {
    refusal(code::INVALID_PARAMETER, format!("{parameter} is invalid."))
}

/// Server side: what is answered to a parameter that is too long, 1005.
pub fn too_long(parameter: &str) -> ApiError {
    refusal(code::TOO_LONG, format!("{parameter} is too long."))
}

/// Server side: what is answered to a list with too many members, 1002.
pub fn too_many(parameter: &str) -> ApiError {
    refusal(code::INVALID_PARAMETER, format!("Too many {parameter}."))
}

/// Code, HTTP status, meaning. Where no source gives a status it is 400 or 403.
const CODES: &[(i64, u16, &str)] = &[
    (404, 404, "no such endpoint"),
    (
        405,
        405,
        "the group is full, or the HTTP method is not allowed",
    ),
    (1000, 500, "internal error"),
    (1001, 401, "App Key and App Secret do not match"),
    (
        1002,
        400,
        "a parameter is missing, wrong, out of range, or has too many members",
    ),
    (
        1003,
        400,
        "no POST data, or the chatroom id is empty or `minute` is wrong",
    ),
    (1004, 401, "the signature is wrong"),
    (1005, 400, "a parameter is too long"),
    (1006, 401, "the application is locked or deleted"),
    (
        1007,
        401,
        "the call is restricted, or the IP address is not allowed",
    ),
    (1008, 429, "too many calls, or broadcasts are not enabled"),
    (1009, 430, "the service is not enabled"),
    (
        1010,
        400,
        "SMS: the image code is missing; or the allow-list is off",
    ),
    (
        1011,
        400,
        "SMS: no credit is left; or the block-list is off",
    ),
    (1012, 400, "SMS: the image code is wrong"),
    (1013, 400, "SMS: the channel is unavailable"),
    (1014, 400, "SMS: the code was verified already"),
    (1015, 200, "what is to be deleted does not exist"),
    (1016, 403, "too many chatrooms are kept alive"),
    (1017, 400, "the version of the RTC SDK is not supported"),
    (1018, 400, "RTC is not enabled"),
    (1019, 403, "too many sensitive words"),
    (1050, 504, "internal time-out"),
    (
        1501,
        400,
        "a parameter is of the wrong type; told by SDKs, not by the platform",
    ),
    (
        1502,
        400,
        "too many members; told by SDKs, not by the platform",
    ),
    (
        1508,
        400,
        "the body is 100 KB or longer; told by SDKs, not by the platform",
    ),
    (
        2007,
        403,
        "more than 100 users are registered in the development environment",
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
