//! The envelopes of BearyChat, for both sides.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use mynah_core::{
    ApiError, BadParameters, Code, HttpRequest, HttpResponse, Meta, Parameters, Platform, Quota,
    Verdict, media_type,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::auth::TOKEN;
use crate::errors::{self, code};

/// OpenAPI: what there is in a team, and what is done with it.
///
/// An answer is the bare object or list with a status that means something; a refusal has another
/// status and `{"code", "error"}`
/// (<https://github.com/bearyinnovative/OpenAPI/blob/master/api/README.md>).
#[derive(Clone, Copy, Debug)]
pub struct BearyChat;

/// RTM over HTTP: where connections begin, and what older clients ask for.
///
/// An answer is `{"code": 0, "result": …}`; a refusal has another status and code, and no result
/// (<https://github.com/bearyinnovative/OpenAPI/tree/master/rtm>).
#[derive(Clone, Copy, Debug)]
pub struct Rtm;

/// Incoming hooks: the same envelope as [`Rtm`]'s, and the credential in the address
/// (<https://github.com/bearyinnovative/bearychat-docs/blob/master/tutorials/markdown/incoming.md>).
#[derive(Clone, Copy, Debug)]
pub struct Hook;

/// Where every answer of OpenAPI says how many calls the hour still has: its limit, what remains,
/// and when the next one begins, in Unix seconds
/// (<https://github.com/bearyinnovative/OpenAPI/blob/master/api/README.md>).
pub const QUOTA_HEADERS: [&str; 3] = [
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

impl Platform for BearyChat {
    const NAME: &'static str = "bearychat";
    const STRICT_JSON: bool = true;
    const STRICT_TEXT: bool = true;

    /// By the HTTP status, and by a `code` in a 2xx that is not 0. No body at all is `null`. What
    /// else is in a refusal is kept in [`details`](ApiError::details).
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        let (status, body) = (response.status(), response.body());
        if !status.is_success() {
            return Err(refused(status, body));
        }
        if body.is_empty() {
            return Ok(Bytes::from_static(b"null"));
        }
        match object::<Begun>(body) {
            Some(Begun { code: Some(code) }) if code != code::OK => Err(refused(status, body)),
            _ => Ok(body.clone()),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        match outcome {
            Ok(payload) => sealed(StatusCode::OK, payload),
            Err(error) => refusing(&error, |code, error| {
                serde_json::to_vec(&Refusal { code, error })
            }),
        }
    }

    fn classify(error: &ApiError) -> Verdict {
        classify(error)
    }

    /// By the [headers](QUOTA_HEADERS) of the answer.
    fn quota(headers: &HeaderMap) -> Option<Quota> {
        Quota::read(headers, QUOTA_HEADERS)
    }

    /// The query, and a JSON object or a form in the body, which counts where both have a name. A
    /// token is no parameter of a call.
    fn parameters(_: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        parameters(request)
    }

    /// 400 with code 1, naming the parameter.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        errors::bad_parameters(&bad)
    }
}

impl Platform for Rtm {
    const NAME: &'static str = "bearychat";
    const STRICT_JSON: bool = true;
    const STRICT_TEXT: bool = true;

    /// By the HTTP status and the `code`. What else is in a refusal is kept in
    /// [`details`](ApiError::details).
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        open(response)
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        seal(outcome)
    }

    fn classify(error: &ApiError) -> Verdict {
        classify(error)
    }

    /// As [`BearyChat`] does.
    fn parameters(_: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        parameters(request)
    }

    /// 400 with code 1, naming the parameter.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        errors::bad_parameters(&bad)
    }
}

impl Platform for Hook {
    const NAME: &'static str = "bearychat";
    const STRICT_JSON: bool = true;
    const STRICT_TEXT: bool = true;

    /// As [`Rtm`] does.
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        open(response)
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        seal(outcome)
    }

    fn classify(error: &ApiError) -> Verdict {
        classify(error)
    }

    /// A JSON object: the body itself, or `payload` in a form, escaped or not, or in the query.
    fn parameters(_: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        let mut parameters = Parameters::new();
        let body = request.body();
        let json = if !body.is_empty() && !is_form(request) {
            body.clone()
        } else {
            let mut form = Parameters::new();
            form.add_text(request.uri().query().unwrap_or_default().as_bytes());
            form.add_text(body);
            match form.remove("payload") {
                Some(Value::String(payload)) => payload.into(),
                _ => return Err(errors::invalid("payload")),
            }
        };
        let added = parameters.add_json(&json);
        added.map_err(|_| errors::invalid("payload"))?;
        Ok(parameters)
    }

    /// 400 with code 1, naming the parameter.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        errors::bad_parameters(&bad)
    }
}

/// The object that a body is; serde alone would take a list for one.
fn object<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Option<T> {
    let object = body.trim_ascii_start().starts_with(b"{");
    object.then(|| serde_json::from_slice(body).ok())?
}

/// What tells a refusal from the object of a call.
#[derive(Deserialize)]
struct Begun {
    #[serde(default)]
    code: Option<i64>,
}

/// The envelope of RTM and hooks.
#[derive(Deserialize)]
struct Enveloped<'a> {
    code: i64,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Done<'a> {
    code: i64,
    result: &'a RawValue,
}

#[derive(Serialize)]
struct Refusal<'a> {
    code: i64,
    error: &'a str,
}

#[derive(Serialize)]
struct Unresulting<'a> {
    code: i64,
    error: &'a str,
    result: (),
}

fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
    let (status, body) = (response.status(), response.body());
    if !status.is_success() {
        return Err(refused(status, body));
    }
    match object::<Enveloped<'_>>(body) {
        Some(Enveloped { code, result }) if code == code::OK => Ok(match result {
            Some(result) => body.slice_ref(result.get().as_bytes()),
            None => Bytes::from_static(b"null"),
        }),
        Some(_) => Err(refused(status, body)),
        None => {
            let words = "the answer is not BearyChat's: it has no code";
            Err(ApiError::new("envelope", words))
        }
    }
}

fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
    let payload = match outcome {
        Ok(payload) => payload,
        Err(error) => {
            return refusing(&error, |code, error| {
                let result = ();
                serde_json::to_vec(&Unresulting {
                    code,
                    error,
                    result,
                })
            });
        }
    };
    let written = serde_json::from_slice(&payload).and_then(|result| {
        let code = code::OK;
        serde_json::to_vec(&Done { code, result })
    });
    match written {
        Ok(body) => sealed(StatusCode::OK, body.into()),
        Err(_) => seal(Err(errors::internal())),
    }
}

/// A refusal as it stands on the wire.
fn refusing(
    error: &ApiError,
    write: impl FnOnce(i64, &str) -> serde_json::Result<Vec<u8>>,
) -> HttpResponse {
    let code = match error.code {
        Code::Number(number) if number != code::OK => number,
        _ => code::INTERNAL,
    };
    let status = match error.status {
        200..=299 => errors::find(code).map_or(400, |known| known.status),
        status => status,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    sealed(
        status,
        write(code, &error.message).unwrap_or_default().into(),
    )
}

fn sealed(status: StatusCode, body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// The refusal in an answer; its beginning, if there is no code in it.
fn refused(status: StatusCode, body: &[u8]) -> ApiError {
    let status = status.as_u16();
    let fields = serde_json::from_slice::<Map<String, Value>>(body).ok();
    let found = fields.and_then(|fields| Some((fields.get("code")?.as_i64()?, fields)));
    let Some((code, mut fields)) = found else {
        return ApiError::http(status, beginning(body));
    };
    let words = fields.get("error").and_then(Value::as_str);
    let words = words.unwrap_or_default().to_owned();
    fields.retain(|name, value| match name.as_str() {
        "code" | "error" => false,
        "result" => !value.is_null(),
        _ => true,
    });
    ApiError::new(code, words)
        .with_status(status)
        .with_details(fields)
}

/// Code 13 wants fewer calls; what a server of any kind says with 5xx may pass. There is no
/// fresher credential than a token.
fn classify(error: &ApiError) -> Verdict {
    match (error.code.number(), error.status) {
        (Some(code::TOO_FAST), _) | (_, 429) => Verdict::Throttled(error.retry_after),
        (Some(code::UNAUTHORIZED), _) | (_, 401) => Verdict::Unauthorized,
        (_, 500..=599) => Verdict::Transient,
        _ => Verdict::Permanent,
    }
}

/// The parameters that take a list of objects, or an object: text is not taken for them.
const OBJECTS: [&str; 2] = ["attachments", "query"];

fn parameters(request: &HttpRequest) -> Result<Parameters, ApiError> {
    let mut parameters = gathered(request)?;
    parameters.remove(TOKEN);
    for name in OBJECTS {
        if parameters.is_text(name) {
            return Err(errors::invalid(name));
        }
    }
    Ok(parameters)
}

/// Everything that stands in the query and the body, a token included.
fn gathered(request: &HttpRequest) -> Result<Parameters, ApiError> {
    let mut parameters = Parameters::new();
    parameters.add_text(request.uri().query().unwrap_or_default().as_bytes());
    let body = request.body();
    if is_form(request) {
        parameters.add_text(body);
    } else if !body.is_empty() {
        let added = parameters.add_json(body);
        added.map_err(|bad| errors::bad_parameters(&bad))?;
    }
    Ok(parameters)
}

/// Server side: the token that a request carries, in the query, a JSON object or a form; the body
/// counts where it has one. Nothing if there is none, or it is no text.
///
/// ```
/// use mynah_bearychat::platform::token_of;
/// use mynah_core::HttpRequest;
///
/// let mut request = HttpRequest::new(r#"{"token": "sandbox-token"}"#.into());
/// *request.uri_mut() = "/v1/p2p.create?token=other".parse()?;
/// assert_eq!(token_of(&request).unwrap().expose(), "sandbox-token");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn token_of(request: &HttpRequest) -> Option<crate::Token> {
    let query = || {
        let mut parameters = Parameters::new();
        parameters.add_text(request.uri().query().unwrap_or_default().as_bytes());
        parameters
    };
    // Who sent a body that cannot be read is known by the query all the same.
    let mut parameters = gathered(request).unwrap_or_else(|_| query());
    match parameters.remove(TOKEN) {
        Some(Value::String(token)) if !token.is_empty() => Some(token.into()),
        _ => None,
    }
}

/// Whether the body is a form: it is said to be one, and is no object all the same.
fn is_form(request: &HttpRequest) -> bool {
    let object = request.body().trim_ascii_start().starts_with(b"{");
    !object && media_type(request) == "application/x-www-form-urlencoded"
}

/// What an answer says that has no code: at most 200 bytes of it.
fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..200).unwrap_or(body)).into_owned()
}
