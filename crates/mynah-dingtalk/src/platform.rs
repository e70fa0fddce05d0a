//! The envelopes of DingTalk, for both sides.

mod classic;
pub mod open;

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use mynah_core::{ApiError, HttpResponse};
use serde_json::{Map, Value};

pub use classic::DingTalk;
pub use open::OpenApi;

/// The error codes that Mynah itself decides by; [`errors`](crate::errors) explains more of them.
pub mod errcode {
    /// Done.
    pub const OK: i64 = 0;
    /// The platform is busy; the same call may work later, at most three times.
    pub const BUSY: i64 = -1;
    /// There is no such interface below `/topapi`.
    pub const UNKNOWN_API: i64 = 22;
    /// The gateway refused; `sub_code` says why.
    pub const GATEWAY: i64 = 88;
    /// There is no such path.
    pub const NOT_FOUND: i64 = 404;
    /// Something broke inside the platform.
    pub const INTERNAL_ERROR: i64 = 500;
    /// More than 10,000 calls in 20 seconds from one address: it is blocked for 5 minutes.
    pub const BLOCKED: i64 = 1111;
    /// The token is that of another organisation.
    pub const WRONG_CORP: i64 = 33001;
    /// The message could not be sent; trying again may help.
    pub const SENDING_FAILED: i64 = 34015;
    /// The secret is wrong, or the token.
    pub const INVALID_CREDENTIAL: i64 = 40001;
    /// The token is not recognised; also seen for one that has expired.
    pub const INVALID_TOKEN: i64 = 40014;
    /// A parameter is missing or wrong.
    pub const INVALID_PARAMETER: i64 = 40035;
    /// The corp id or its secret is wrong.
    pub const INVALID_CORP: i64 = 40089;
    /// The application's key or secret is wrong.
    pub const INVALID_APP: i64 = 40096;
    /// There is no token in the call.
    pub const TOKEN_MISSING: i64 = 41001;
    /// The token has expired.
    pub const TOKEN_EXPIRED: i64 = 42001;
    /// Too many messages to everybody within a minute.
    pub const TOO_MANY_TO_ALL: i64 = 41046;
    /// Too many receivers of one organisation within a minute.
    pub const TOO_MANY_RECEIVERS: i64 = 41047;
    /// Too many messages to organisations within a minute.
    pub const TOO_MANY_MESSAGES: i64 = 41048;
    /// The call wants a GET.
    pub const WANTS_GET: i64 = 43001;
    /// The call wants a POST.
    pub const WANTS_POST: i64 = 43002;
    /// The body is no JSON object.
    pub const WANTS_JSON: i64 = 43009;
    /// A custom robot has said too much.
    pub const ROBOT_TOO_FAST: i64 = 410_100;
    /// The same, as it was seen on the live service.
    pub const ROBOT_TOO_FAST_OLDER: i64 = 130_101;
    /// The same, as it was seen on the live service more recently.
    pub const ROBOT_TOO_FAST_NEWER: i64 = 660_026;
    /// Something broke inside the platform.
    pub const SYSTEM_ERROR: i64 = 400_001;
}

/// How long an address is blocked that made too many calls
/// (<https://open.dingtalk.com/document/development/call-frequency-limit>).
const BLOCK: Duration = Duration::from_secs(300);

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// The refusal of an address that made too many calls: a page of HTML, or an object without an
/// error code.
fn blocked(headers: &HeaderMap, body: &[u8]) -> Option<ApiError> {
    if is_html(headers, body) {
        let words = "the address is blocked for too many calls: the answer is a page of HTML";
        return Some(ApiError::new(errcode::BLOCKED, words).with_retry_after(Some(BLOCK)));
    }
    let fields = object(body)?;
    let code = fields.get("status").and_then(integer);
    if code != Some(errcode::BLOCKED) || fields.contains_key("errcode") {
        return None;
    }
    Some(
        ApiError::new(
            errcode::BLOCKED,
            "the address is blocked for too many calls",
        )
        .with_retry_after(Some(BLOCK))
        .with_details(fields),
    )
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let begins = |text: &[u8], word: &[u8]| {
        let beginning = text.get(..word.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(word))
    };
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let body = body.trim_ascii_start();
    kind.is_some_and(|kind| begins(kind, b"text/html"))
        || begins(body, b"<html")
        || begins(body, b"<!doctype html")
}

/// The object that a body is.
fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// A number; digits in a string are one too.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    }
}

/// What an answer says that has no code: at most 200 bytes of it.
fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned()
}

fn text_of(fields: &Map<String, Value>, name: &str) -> String {
    let text = fields.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn sealed(fields: &Map<String, Value>) -> HttpResponse {
    let body = serde_json::to_vec(fields).unwrap_or_default();
    let mut response = HttpResponse::new(Bytes::from(body));
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}
