//! The envelope of the interface of version 1.0: none for an answer, a small one for a refusal.

use std::time::Duration;

use bytes::Bytes;
use mynah_core::{
    ApiError, BadParameters, Code, Encoding, HttpRequest, HttpResponse, Meta, Parameters, Platform,
    Verdict,
};
use serde_json::{Map, Value};

use super::{BLOCK, beginning, blocked, errcode, object, sealed, text_of};

/// The interface of version 1.0.
///
/// An answer is an HTTP 200 with the fields of the call; a refusal is another status with
/// `{"code", "message", "requestid"}`, the code being a word. Some words are misspelt at the wire
/// (<https://open.dingtalk.com/document/development/server-api-error-codes-1>).
#[derive(Clone, Copy, Debug)]
pub struct OpenApi;

/// The words that Mynah itself decides by.
pub mod word {
    /// The token is not recognised, or has expired.
    pub const INVALID_TOKEN: &str = "InvalidAuthentication";
    /// The token has expired.
    pub const TOKEN_EXPIRED: &str = "accesstoken.expired";
    /// There is no token in the call.
    pub const TOKEN_MISSING: &str = "AuthenticationFailed.MissingParameter";
    /// What else is wrong with the token begins so.
    pub const TOKEN_REFUSED: &str = "AuthenticationFailed.";
    /// The application's key or secret is wrong.
    pub const INVALID_APP: &str = "invalidClientIdOrSecret";
    /// The same where a connection is opened.
    pub const AUTH_FAILED: &str = "authFailed";
    /// There is no such path.
    pub const NOT_FOUND: &str = "InvalidAction.NotFound";
    /// A parameter is missing or wrong.
    pub const INVALID_PARAMETER: &str = "parameter.invalid";
    /// A robot sends too much.
    pub const TOO_FAST: &str = "send.too.fast";
    /// Too much is sent with one robot's token.
    pub const TOKEN_TOO_FAST: &str = "send.byToken.tooFast";
    /// Too many groups are sent to.
    pub const TOO_MANY_GROUPS: &str = "too.many.group";
    /// Too many people are sent to.
    pub const TOO_MANY_PEOPLE: &str = "too.many.people";
    /// Something broke inside the platform.
    pub const SYSTEM_ERROR: &str = "system.error";
}

impl Platform for OpenApi {
    const NAME: &'static str = "dingtalk";

    /// The gateway may answer in XML otherwise
    /// (<https://github.com/open-dingtalk/dingtalk-stream-sdk-nodejs>).
    const ACCEPT: Option<&'static str> = Some("application/json");

    /// By the HTTP status. An answer that is no JSON object is no success. What else is in a
    /// refusal, such as its `requestid`, is kept in [`details`](ApiError::details).
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        let body = response.body();
        let status = response.status();
        if let Some(refusal) = blocked(response.headers(), body) {
            return Err(refusal.with_status(status.as_u16()));
        }
        match object(body) {
            Some(_) if status.is_success() => Ok(body.clone()),
            Some(fields) if fields.get("code").is_some_and(Value::is_string) => {
                Err(refusal(fields).with_status(status.as_u16()))
            }
            None if status.is_success() => {
                let words = "the answer is not DingTalk's: it is no JSON object";
                Err(ApiError::new("envelope", words))
            }
            _ => Err(ApiError::http(status.as_u16(), beginning(body))),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let error = match outcome {
            // What has no fields is written as null.
            Ok(payload) => return sealed(&object(&payload).unwrap_or_default()),
            Err(error) => error,
        };
        let mut fields = Map::new();
        let blocked = error.code.number() == Some(errcode::BLOCKED);
        if !blocked {
            fields.insert("code".to_owned(), error.code.to_string().into());
            fields.insert("message".to_owned(), error.message.into());
        }
        fields.extend(error.details.map(|details| *details).unwrap_or_default());
        let mut response = sealed(&fields);
        let status = if error.status == 200 && !blocked {
            400
        } else {
            error.status
        };
        *response.status_mut() =
            http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_REQUEST);
        response
    }

    fn classify(error: &ApiError) -> Verdict {
        let wait = |usual| Verdict::Throttled(error.retry_after.or(Some(usual)));
        let word = match &error.code {
            Code::Number(errcode::BLOCKED) => return wait(BLOCK),
            Code::Number(_) => "",
            Code::Word(word) => word,
        };
        match error.status {
            _ if is_throttled(word) => Verdict::Throttled(error.retry_after),
            400 | 401 if is_unauthorized(word) => Verdict::Unauthorized,
            403 if word.contains("QpsLimit") => wait(Duration::from_secs(1)),
            403 if word.contains("QpmLimit") => wait(Duration::from_secs(60)),
            429 => Verdict::Throttled(error.retry_after),
            500..=599 => Verdict::Transient,
            _ if word == word::SYSTEM_ERROR => Verdict::Transient,
            _ => Verdict::Permanent,
        }
    }

    /// The variables of the path and a JSON body whatever the content type says, or the query. A
    /// call without a body has no parameters there.
    fn parameters(meta: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        if *request.method() != meta.method.http() {
            return Err(ApiError::new(word::NOT_FOUND, "no such interface").with_status(404));
        }
        let mut parameters = Parameters::new();
        if meta.encoding == Encoding::Query {
            let query = request.uri().query().unwrap_or_default();
            parameters.add_text(query.as_bytes());
        } else if !request.body().is_empty() {
            let fields = object(request.body())
                .ok_or_else(|| invalid_parameter("the body must be a JSON object"))?;
            parameters.add_object(fields);
        }
        parameters.add_path(meta, request.uri().path());
        Ok(parameters)
    }

    /// 400 `parameter.invalid`, naming what is missing or wrong.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        invalid_parameter(&bad.to_string())
    }
}

fn invalid_parameter(problem: &str) -> ApiError {
    ApiError::new(word::INVALID_PARAMETER, problem).with_status(400)
}

fn refusal(mut fields: Map<String, Value>) -> ApiError {
    let code = text_of(&fields, "code");
    let words = text_of(&fields, "message");
    fields.retain(|name, _| name != "code" && name != "message");
    ApiError::new(code, words).with_details(fields)
}

/// Whether a word says that the credential is not accepted. That there is none is a mistake of
/// the caller's: another one would be missing just the same.
fn is_throttled(word: &str) -> bool {
    matches!(
        word,
        word::TOO_FAST | word::TOKEN_TOO_FAST | word::TOO_MANY_GROUPS | word::TOO_MANY_PEOPLE
    )
}

fn is_unauthorized(word: &str) -> bool {
    match word {
        word::TOKEN_MISSING => false,
        word::INVALID_TOKEN | word::TOKEN_EXPIRED | word::INVALID_APP | word::AUTH_FAILED => true,
        other => other.starts_with(word::TOKEN_REFUSED),
    }
}
