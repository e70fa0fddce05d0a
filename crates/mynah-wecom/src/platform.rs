//! The envelope of WeCom, for both sides.

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use mynah_core::{ApiError, BadParameters, Code, HttpResponse, Platform, Verdict};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Unexpected};
use serde_json::{Map, Value};

/// WeCom: the application interface, group robots and intelligent bots.
///
/// Every answer is an HTTP 200 with `{"errcode", "errmsg"}` and the fields of
/// the call at the same level
/// (<https://developer.work.weixin.qq.com/document/path/90313>).
#[derive(Clone, Copy, Debug)]
pub struct WeCom;

/// The error codes that Mynah itself decides by; the full list is the vendor's
/// (<https://developer.work.weixin.qq.com/document/path/90313>).
pub mod errcode {
    /// Done.
    pub const OK: i64 = 0;
    /// The platform is busy; the same call may work later.
    pub const BUSY: i64 = -1;
    /// The secret is wrong, or the token is no longer accepted.
    pub const INVALID_CREDENTIAL: i64 = 40001;
    /// The token is not recognised; also seen for one that has expired.
    pub const INVALID_TOKEN: i64 = 40014;
    /// A parameter is wrong.
    pub const INVALID_PARAMETER: i64 = 40058;
    /// A parameter is missing.
    pub const MISSING_PARAMETER: i64 = 40063;
    /// There is no token in the call.
    pub const TOKEN_MISSING: i64 = 41001;
    /// The token has expired.
    pub const TOKEN_EXPIRED: i64 = 42001;
    /// Too many calls.
    pub const FREQUENCY: i64 = 45009;
    /// Too many calls at once.
    pub const CONCURRENCY: i64 = 45033;
    /// The caller's address is not in the application's trusted list.
    pub const ADDRESS_NOT_ALLOWED: i64 = 60020;
    /// On the long connection of a bot: the `req_id` is unknown, of the wrong
    /// kind, or too old.
    pub const INVALID_REQ_ID: i64 = 846_605;
    /// On the long connection of a bot: the stream is older than 6 minutes.
    pub const STREAM_EXPIRED: i64 = 846_608;
    /// On the long connection of a bot: it has not subscribed, or was replaced.
    pub const NOT_SUBSCRIBED: i64 = 846_609;
    /// On the long connection of a bot: its id or secret is wrong.
    pub const INVALID_BOT: i64 = 853_000;
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default, deserialize_with = "code")]
    errcode: i64,
    #[serde(borrow, default)]
    errmsg: Option<std::borrow::Cow<'a, str>>,
}

/// A number; digits in a string are one too.
fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.parse().ok(),
        Value::Null => Some(errcode::OK),
        _ => None,
    }
    .ok_or_else(|| D::Error::invalid_type(Unexpected::Other("no number"), &"an error code"))
}

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");

impl Platform for WeCom {
    const NAME: &'static str = "wecom";

    /// By `errcode` and nothing else: a refusal may carry the empty fields of
    /// the normal answer. What else is in it is kept in
    /// [`details`](ApiError::details).
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        let body = response.body();
        if !response.status().is_success() {
            // The call did not reach the interface behind the gateway.
            return Err(ApiError::http(
                response.status().as_u16(),
                String::from_utf8_lossy(body.get(..200).unwrap_or(body)),
            ));
        }
        // A file says what it is called; a refusal to give it does not.
        if response.headers().contains_key(CONTENT_DISPOSITION) {
            return Ok(body.clone());
        }
        let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|error| {
            ApiError::new("envelope", format!("the answer is not WeCom's: {error}"))
        })?;
        if envelope.errcode == errcode::OK {
            return Ok(body.clone());
        }
        let message = envelope.errmsg.unwrap_or_default().into_owned();
        let mut details: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
        details.retain(|name, _| name != "errcode" && name != "errmsg");
        Err(ApiError::new(envelope.errcode, message).with_details(details))
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let mut envelope = Map::new();
        match outcome {
            Ok(payload) => {
                envelope.insert("errcode".to_owned(), errcode::OK.into());
                envelope.insert("errmsg".to_owned(), "ok".into());
                // What has no fields is written as null.
                let fields: Option<Map<String, Value>> =
                    serde_json::from_slice(&payload).unwrap_or_default();
                envelope.extend(fields.unwrap_or_default());
            }
            Err(error) if error.status != 200 => {
                let mut response = HttpResponse::new(error.message.into());
                *response.status_mut() = http::StatusCode::from_u16(error.status)
                    .unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
                return response;
            }
            Err(error) => {
                let code = match error.code {
                    Code::Number(number) => number,
                    Code::Word(_) => errcode::BUSY,
                };
                envelope.insert("errcode".to_owned(), code.into());
                envelope.insert("errmsg".to_owned(), error.message.into());
                envelope.extend(error.details.map(|details| *details).unwrap_or_default());
            }
        }
        let body = serde_json::to_vec(&envelope).unwrap_or_default();
        let mut response = HttpResponse::new(Bytes::from(body));
        response.headers_mut().insert(CONTENT_TYPE, JSON);
        response
    }

    /// 40001, 40014 and 42001 are one class: the token is no longer good.
    fn classify(error: &ApiError) -> Verdict {
        match (error.status, error.code.number()) {
            (
                200,
                Some(errcode::INVALID_CREDENTIAL | errcode::INVALID_TOKEN | errcode::TOKEN_EXPIRED),
            ) => Verdict::Unauthorized,
            (200, Some(errcode::FREQUENCY | errcode::CONCURRENCY)) => {
                Verdict::Throttled(error.retry_after)
            }
            (200, Some(errcode::BUSY)) | (500..=599, _) => Verdict::Transient,
            (429, _) => Verdict::Throttled(error.retry_after),
            _ => Verdict::Permanent,
        }
    }

    /// 40063 for what is missing, 40058 for what is of the wrong kind.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        let code = if bad.missing {
            errcode::MISSING_PARAMETER
        } else {
            errcode::INVALID_PARAMETER
        };
        ApiError::new(code, format!("{bad}. invalid Request Parameter"))
    }
}
