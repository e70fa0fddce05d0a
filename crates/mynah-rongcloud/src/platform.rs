//! The envelope of RongCloud, for both sides.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use mynah_core::{
    ApiError, BadParameters, Code, Encoding, Excess, HttpRequest, HttpResponse, Meta, Method,
    Parameters, Platform, Verdict,
};
use serde_json::{Map, Value};

use crate::errors;

/// The codes that Mynah itself decides by; [`errors`] explains more of them.
pub mod code {
    /// Done.
    pub const OK: i64 = 200;
    /// There is no such path.
    pub const NOT_FOUND: i64 = 404;
    /// The group is full, or the path wants another HTTP method.
    pub const NOT_ALLOWED: i64 = 405;
    /// Something broke inside the platform.
    pub const INTERNAL: i64 = 1000;
    /// App Key and App Secret do not match.
    pub const WRONG_SECRET: i64 = 1001;
    /// A parameter is missing or wrong, or the App Key is not known.
    pub const INVALID_PARAMETER: i64 = 1002;
    /// The signature is wrong.
    pub const SIGNATURE: i64 = 1004;
    /// A parameter is too long.
    pub const TOO_LONG: i64 = 1005;
    /// Too many calls.
    pub const TOO_FAST: i64 = 1008;
    /// The service is not enabled.
    pub const NOT_ENABLED: i64 = 1009;
    /// SMS: the image code is missing.
    pub const IMAGE_CODE_MISSING: i64 = 1010;
    /// SMS: the image code is wrong.
    pub const IMAGE_CODE_WRONG: i64 = 1012;
    /// SMS: the code was verified already.
    pub const ALREADY_VERIFIED: i64 = 1014;
    /// What is to be deleted does not exist; comes with HTTP 200.
    pub const NOTHING_TO_DELETE: i64 = 1015;
    /// Too many chatrooms are kept alive.
    pub const TOO_MANY_KEPT_ALIVE: i64 = 1016;
    /// Too many sensitive words.
    pub const TOO_MANY_WORDS: i64 = 1019;
    /// The platform did not answer itself in time.
    pub const TIMEOUT: i64 = 1050;
    /// More than 100 users are registered in the development environment.
    pub const TOO_MANY_USERS: i64 = 2007;
    /// The user was kicked out of the chatroom and may not join.
    pub const BLOCKED_IN_CHATROOM: i64 = 23409;
}

/// The interface for users, messages, groups and chatrooms.
///
/// Every answer is an object with an integer `code`: 200 is success, whatever the HTTP status says
/// (1015 comes with HTTP 200). The fields of the call stand beside it.
#[derive(Clone, Copy, Debug)]
pub struct RongCloud;

/// The interface that verifies telephone numbers: another host with the same envelope and the same
/// signature.
#[derive(Clone, Copy, Debug)]
pub struct Sms;

macro_rules! platform {
    ($platform:ident) => {
        impl Platform for $platform {
            const NAME: &'static str = "rongcloud";
            /// Else two groups in a mute of one group would be a mute of all groups.
            const STRICT_TEXT: bool = true;

            /// By `code`, as number or as digits. An answer without one is no success. What else
            /// is in a refusal, such as its `requestId`, is kept in
            /// [`details`](ApiError::details).
            fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
                open(response)
            }

            fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
                seal(outcome)
            }

            /// 1008 wants fewer calls; 1000, 1050 and what a server of any kind says with 5xx may
            /// pass. There is no fresher credential than a signature: 1001 and 1004 stay.
            fn classify(error: &ApiError) -> Verdict {
                classify(error)
            }

            /// A form whatever the content type says, or a JSON object where the call wants one.
            /// A GET may have its parameters in the query or in the body.
            fn parameters(meta: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
                parameters(meta, request)
            }

            /// 1005 for what is too long, else 1002; both name the parameter.
            fn bad_parameters(bad: BadParameters) -> ApiError {
                bad_parameters(&bad)
            }
        }
    };
}

platform!(RongCloud);
platform!(Sms);

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
    let (body, status) = (response.body(), response.status());
    let fields = serde_json::from_slice::<Map<String, Value>>(body).ok();
    let code = fields
        .as_ref()
        .and_then(|fields| integer(fields.get("code")?));
    match (code, fields) {
        (Some(code::OK), _) if status.is_success() => Ok(body.clone()),
        (Some(code), Some(fields)) if code != code::OK => {
            Err(refusal(code, fields).with_status(status.as_u16()))
        }
        _ if status.is_success() => {
            let words = "the answer is not RongCloud's: it has no code";
            Err(ApiError::new("envelope", words))
        }
        _ => Err(ApiError::http(status.as_u16(), beginning(body))),
    }
}

fn refusal(code: i64, mut fields: Map<String, Value>) -> ApiError {
    let words = fields.get("errorMessage").and_then(Value::as_str);
    let words = words.unwrap_or_default().to_owned();
    fields.retain(|name, _| name != "code" && name != "errorMessage");
    ApiError::new(code, words).with_details(fields)
}

fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
    let mut envelope = Map::new();
    let mut status = StatusCode::OK;
    match outcome {
        Ok(payload) => {
            envelope.insert("code".to_owned(), code::OK.into());
            // What has no fields is written as null.
            let fields: Map<String, Value> = serde_json::from_slice(&payload).unwrap_or_default();
            envelope.extend(fields);
        }
        Err(error) => {
            let code = match error.code {
                Code::Number(number) => number,
                Code::Word(_) => code::INTERNAL,
            };
            envelope.insert("code".to_owned(), code.into());
            envelope.insert("errorMessage".to_owned(), error.message.into());
            envelope.extend(error.details.map(|details| *details).unwrap_or_default());
            status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        }
    }
    let mut response = HttpResponse::new(serde_json::to_vec(&envelope).unwrap_or_default().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

fn classify(error: &ApiError) -> Verdict {
    match (error.code.number(), error.status) {
        (Some(code::TOO_FAST), _) | (_, 429) => Verdict::Throttled(error.retry_after),
        (Some(code::WRONG_SECRET | code::SIGNATURE), _) => Verdict::Unauthorized,
        (Some(code::INTERNAL | code::TIMEOUT), _) | (_, 500..=599) => Verdict::Transient,
        _ => Verdict::Permanent,
    }
}

fn parameters(meta: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
    let method = request.method();
    if meta.method == Method::Post && *method != http::Method::POST {
        return Err(errors::refusal(code::NOT_ALLOWED, "Method not allowed."));
    }
    let mut parameters = Parameters::new();
    if meta.encoding == Encoding::Json {
        let added = parameters.add_json(request.body());
        added.map_err(|bad| bad_parameters(&bad))?;
        return Ok(parameters);
    }
    if meta.method == Method::Get {
        let query = request.uri().query().unwrap_or_default();
        parameters.add_text(query.as_bytes());
    }
    parameters.add_form(meta, request.body());
    Ok(parameters)
}

fn bad_parameters(bad: &BadParameters) -> ApiError {
    let Some(field) = &bad.field else {
        return errors::refusal(code::INVALID_PARAMETER, "The body is invalid.");
    };
    match bad.excess {
        _ if bad.missing => errors::missing(field),
        None => errors::invalid(field),
        Some(Excess::Length) => errors::too_long(field),
        Some(Excess::Count) => errors::too_many(field),
    }
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
