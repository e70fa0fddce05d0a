//! The envelope of OneBot 11, for both sides.

use std::borrow::Cow;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use mynah_core::{
    ApiError, BadParameters, HttpRequest, HttpResponse, Meta, Method, Parameters, Platform,
    Verdict, media_type,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The OneBot 11 protocol, with what its implementations have added to it.
///
/// Every answer is `{"status", "retcode", "data"}`; what fails before the
/// action is looked at is an HTTP status
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/http.md>).
#[derive(Clone, Copy, Debug)]
pub struct OneBot;

/// The return codes that have a meaning in every implementation.
pub mod retcode {
    /// Done.
    pub const OK: i64 = 0;
    /// Queued; the outcome will not be known.
    pub const ASYNC: i64 = 1;
    /// A parameter is missing or invalid.
    pub const BAD_PARAMETER: i64 = 100;
    /// The parameters are fine but there is nothing (visible) there.
    pub const NOT_FOUND: i64 = 102;
    /// The operation failed, usually for lack of permission.
    pub const FAILED: i64 = 103;
    /// WebSocket twin of HTTP 400: the frame is not a call.
    pub const BAD_REQUEST: i64 = 1400;
    /// WebSocket twin of HTTP 401.
    pub const UNAUTHORIZED: i64 = 1401;
    /// WebSocket twin of HTTP 403.
    pub const FORBIDDEN: i64 = 1403;
    /// WebSocket twin of HTTP 404: no such action.
    pub const NO_SUCH_ACTION: i64 = 1404;
}

/// The envelope, as far as a client decides by it.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    status: Option<Cow<'a, str>>,
    #[serde(default)]
    retcode: Option<i64>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    wording: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    message: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    msg: Option<Cow<'a, str>>,
}

impl Envelope<'_> {
    /// The failure in words, from the fields that implementations put it into.
    fn words(&self) -> String {
        [&self.wording, &self.message, &self.msg]
            .into_iter()
            .flatten()
            .find(|words| !words.is_empty())
            .map(|words| words.clone().into_owned())
            .unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Sealed<'a> {
    status: &'static str,
    retcode: i64,
    data: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<&'a str>,
}

impl Platform for OneBot {
    const NAME: &'static str = "onebot";

    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        let body = response.body();
        let envelope = serde_json::from_slice::<Envelope<'_>>(body);
        if !response.status().is_success() {
            let words = envelope
                .map(|envelope| envelope.words())
                .unwrap_or_default();
            return Err(ApiError::http(response.status().as_u16(), words));
        }
        let envelope = envelope.map_err(|error| {
            ApiError::new(
                "envelope",
                format!("the answer is not a OneBot envelope: {error}"),
            )
        })?;
        // By status and not by retcode: some implementations fail with retcode 1.
        match envelope.status.as_deref() {
            Some("ok" | "async") => Ok(match envelope.data {
                Some(data) => body.slice_ref(data.get().as_bytes()),
                None => Bytes::from_static(b"null"),
            }),
            _ => Err(ApiError::new(
                envelope.retcode.unwrap_or(-1),
                envelope.words(),
            )),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let sealed = match &outcome {
            Ok(payload) => Sealed {
                status: "ok",
                retcode: retcode::OK,
                data: serde_json::from_slice(payload).ok(),
                message: None,
                wording: None,
            },
            Err(error) if error.status != 200 => return refusal(error.status),
            Err(error) => Sealed {
                status: if error.code.number() == Some(retcode::ASYNC) {
                    "async"
                } else {
                    "failed"
                },
                retcode: error.code.number().unwrap_or(-1),
                data: None,
                message: Some(error.message.as_str()).filter(|words| !words.is_empty()),
                wording: Some(error.message.as_str()).filter(|words| !words.is_empty()),
            },
        };
        let body = serde_json::to_vec(&sealed).unwrap_or_default();
        let mut response = HttpResponse::new(Bytes::from(body));
        let json = HeaderValue::from_static("application/json; charset=UTF-8");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }

    fn classify(error: &ApiError) -> Verdict {
        match error.status {
            401 | 403 => Verdict::Unauthorized,
            429 => Verdict::Throttled(error.retry_after),
            500..=599 => Verdict::Transient,
            _ => match error.code.number() {
                Some(retcode::UNAUTHORIZED | retcode::FORBIDDEN) => Verdict::Unauthorized,
                _ => Verdict::Permanent,
            },
        }
    }

    /// JSON body, overwritten by form, overwritten by query, as CQHTTP does.
    /// An unsupported media type is a 406, a body that cannot be read a 400.
    fn parameters(_: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        parameters(request)
    }

    fn bad_parameters(bad: BadParameters) -> ApiError {
        ApiError::new(retcode::BAD_PARAMETER, bad.to_string())
    }
}

/// Gathers the parameters of an action call, before the action is looked up.
///
/// # Errors
/// 406 for a media type that is not supported, 400 for a body that cannot be read.
pub fn parameters(request: &HttpRequest) -> Result<Parameters, ApiError> {
    let mut parameters = Parameters::new();
    if request.method() == Method::Post.http() {
        match media_type(request) {
            "" => {}
            "application/json" => {
                parameters
                    .add_json(request.body())
                    .map_err(ApiError::from)?;
            }
            "application/x-www-form-urlencoded" => parameters.add_text(request.body()),
            _ => return Err(ApiError::http(406, "the media type is not supported")),
        }
    }
    parameters.add_text(request.uri().query().unwrap_or_default().as_bytes());
    parameters.remove("access_token");
    Ok(parameters)
}

/// An answer that is nothing but a status.
pub(crate) fn refusal(status: u16) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::new());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &'static str) -> HttpResponse {
        let mut response = HttpResponse::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = status.try_into().unwrap();
        response
    }

    #[test]
    fn the_status_decides_and_not_the_retcode() {
        let failed = answered(200, r#"{"status":"failed","retcode":1,"data":null}"#);
        assert_eq!(OneBot::open(&failed).unwrap_err().code.number(), Some(1));
        let queued = answered(200, r#"{"status":"async","retcode":1,"data":null}"#);
        assert_eq!(OneBot::open(&queued).unwrap().as_ref(), b"null");
    }

    #[test]
    fn the_words_of_a_failure_are_passed_on_unchanged() {
        let body = r#"{"status":"failed","retcode":100,"msg":"GROUP","wording":"群不存在"}"#;
        let error = OneBot::open(&answered(200, body)).unwrap_err();
        assert_eq!(
            (error.code.number(), error.message.as_str()),
            (Some(100), "群不存在")
        );
    }

    #[test]
    fn what_is_not_an_envelope_is_a_refusal_and_never_a_success() {
        for body in ["", "pong", "[]", "{}", r#"{"status":null}"#] {
            assert!(OneBot::open(&answered(200, body)).is_err(), "{body:?}");
        }
    }

    #[test]
    fn seal_and_open_are_inverse() {
        let payload = Bytes::from_static(br#"{"message_id":-7}"#);
        assert_eq!(
            OneBot::open(&OneBot::seal(Ok(payload.clone()))),
            Ok(payload)
        );
        for refusal in [
            ApiError::new(103, "没有权限"),
            ApiError::new(102, ""),
            ApiError::http(404, ""),
        ] {
            assert_eq!(
                OneBot::open(&OneBot::seal(Err(refusal.clone()))),
                Err(refusal)
            );
        }
    }
}
