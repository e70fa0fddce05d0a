//! The envelope of the classic interface, of topapi and of TOP.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use mynah_core::multipart;
use mynah_core::{
    ApiError, BadParameters, Code, Encoding, File, HttpRequest, HttpResponse, Meta, Method,
    Parameters, Platform, Verdict, media_type,
};
use serde_json::{Map, Value};

use super::{beginning, blocked, errcode, integer, object, sealed, text_of};
use crate::auth::{ACCESS_TOKEN, SESSION};
use crate::errors;

/// The classic interface, topapi and the obsolete gateway TOP.
///
/// Every answer is an HTTP 200 with `{"errcode", "errmsg"}` and the fields of the call at the same
/// level; topapi adds a `request_id`. TOP puts them into an object that is called after the method
/// (<https://open.dingtalk.com/document/development/server-api-error-codes-1>).
#[derive(Clone, Copy, Debug)]
pub struct DingTalk;

/// The shortest wait of those who were told that there are too many calls.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// What the limits on messages of an application are counted over.
const MESSAGES: Duration = Duration::from_secs(60);

/// How long a custom robot is silent that has said too much.
const ROBOT_SILENCE: Duration = Duration::from_secs(600);

impl Platform for DingTalk {
    const NAME: &'static str = "dingtalk";

    /// By `errcode` and nothing else, as number or as digits. An answer without one is no success.
    /// What else is in a refusal is kept in [`details`](ApiError::details).
    fn open(response: &HttpResponse) -> Result<Bytes, ApiError> {
        let body = response.body();
        if response.status().is_success() && File::is_in(response.headers()) {
            return Ok(body.clone());
        }
        if let Some(refusal) = blocked(response.headers(), body) {
            return Err(refusal.with_status(response.status().as_u16()));
        }
        let opened = match object(body) {
            Some(fields) => opened(fields, body),
            None => Err(None),
        };
        let status = response.status();
        match opened {
            Ok(payload) if status.is_success() => Ok(payload),
            Err(Some(refusal)) => Err(refusal.with_status(status.as_u16())),
            Err(None) if status.is_success() => {
                let words = "the answer is not DingTalk's: it has no error code";
                Err(ApiError::new("envelope", words))
            }
            _ => Err(ApiError::http(status.as_u16(), beginning(body))),
        }
    }

    fn seal(outcome: Result<Bytes, ApiError>) -> HttpResponse {
        let error = match outcome {
            Ok(payload) => {
                let mut envelope = Map::new();
                envelope.insert("errcode".to_owned(), errcode::OK.into());
                envelope.insert("errmsg".to_owned(), "ok".into());
                // What has no fields is written as null.
                envelope.extend(object(&payload).unwrap_or_default());
                return sealed(&envelope);
            }
            Err(error) => error,
        };
        let code = match error.code {
            Code::Number(number) => number,
            Code::Word(_) => errcode::BUSY,
        };
        let mut envelope = Map::new();
        if code != errcode::BLOCKED {
            envelope.insert("errcode".to_owned(), code.into());
            envelope.insert("errmsg".to_owned(), error.message.into());
        }
        envelope.extend(error.details.map(|details| *details).unwrap_or_default());
        let mut response = sealed(&envelope);
        *response.status_mut() =
            http::StatusCode::from_u16(error.status).unwrap_or(http::StatusCode::OK);
        response
    }

    /// The refusals of a token are one class in all forms: a code of its own, and the code of the
    /// gateway with a `sub_code`. That the gateway wants fewer calls is another.
    fn classify(error: &ApiError) -> Verdict {
        let code = match error.code.number() {
            Some(errcode::GATEWAY) => sub_code(error),
            other => other,
        };
        let wait = |usual| Verdict::Throttled(error.retry_after.or(Some(usual)));
        match (code, error.status) {
            (
                Some(
                    errcode::INVALID_TOKEN
                    | errcode::TOKEN_EXPIRED
                    | errcode::INVALID_CREDENTIAL
                    | errcode::WRONG_CORP
                    | errcode::TOKEN_MISSING
                    | errcode::INVALID_APP
                    | errcode::INVALID_CORP,
                ),
                _,
            ) => Verdict::Unauthorized,
            (Some(errcode::BLOCKED), _) => wait(super::BLOCK),
            (Some(90001..=90018), _) => wait(FIRST_WAIT),
            (
                Some(
                    errcode::TOO_MANY_TO_ALL
                    | errcode::TOO_MANY_RECEIVERS
                    | errcode::TOO_MANY_MESSAGES,
                ),
                _,
            ) => wait(MESSAGES),
            (
                Some(
                    errcode::ROBOT_TOO_FAST
                    | errcode::ROBOT_TOO_FAST_OLDER
                    | errcode::ROBOT_TOO_FAST_NEWER,
                ),
                _,
            ) => wait(ROBOT_SILENCE),
            (_, 429) => Verdict::Throttled(error.retry_after),
            (
                Some(
                    errcode::BUSY
                    | errcode::INTERNAL_ERROR
                    | errcode::SENDING_FAILED
                    | errcode::SYSTEM_ERROR,
                ),
                _,
            )
            | (_, 500..=599) => Verdict::Transient,
            _ => Verdict::Permanent,
        }
    }

    /// A JSON body whatever the content type says, a form too below `/topapi`, a form for what is
    /// uploaded; what belongs into the query from there alone.
    ///
    /// The wrong method is 43001 or 43002, a body that is no object 43009.
    fn parameters(meta: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        if *request.method() != meta.method.http() {
            let code = match meta.method {
                Method::Get => errcode::WANTS_GET,
                _ => errcode::WANTS_POST,
            };
            return Err(refusal(code));
        }
        let mut parameters = Parameters::new();
        match meta.encoding {
            Encoding::Json if is_form(meta, request) => parameters.add_text(request.body()),
            Encoding::Json => {
                let fields = object(request.body()).ok_or_else(|| refusal(errcode::WANTS_JSON))?;
                parameters.add_object(fields);
            }
            Encoding::Multipart => add_form(&mut parameters, request),
            // Whoever calls TOP may put everything into the body as well.
            _ if *request.method() == http::Method::POST => parameters.add_text(request.body()),
            _ => {}
        }
        add_query(&mut parameters, meta, request.uri().query());
        for credential in [ACCESS_TOKEN, SESSION] {
            if !meta.query.contains(&credential) {
                parameters.remove(credential);
            }
        }
        Ok(parameters)
    }

    /// 40035 with the name of what is missing or wrong.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        let code = errcode::INVALID_PARAMETER;
        let words = match (&bad.field, bad.missing) {
            (Some(field), true) => format!("缺少参数 {field}"),
            _ => format!("{}: {bad}", errors::text(code)),
        };
        ApiError::new(code, words)
    }
}

/// The payload of an answer, the refusal it is, or nothing if it is neither.
fn opened(mut fields: Map<String, Value>, body: &Bytes) -> Result<Bytes, Option<ApiError>> {
    if let Some(code) = fields.get("errcode") {
        return match integer(code) {
            Some(errcode::OK) => Ok(body.clone()),
            Some(code) => {
                let words = text_of(&fields, "errmsg");
                fields.retain(|name, _| name != "errcode" && name != "errmsg");
                Err(Some(ApiError::new(code, words).with_details(fields)))
            }
            None => Err(None),
        };
    }
    let Some((name, Value::Object(answer))) = fields.into_iter().next() else {
        return Err(None);
    };
    match name.strip_suffix("_response") {
        Some("error") => Err(Some(top_error(answer))),
        Some(_) => top_answer(answer).map_err(Some),
        None => Err(None),
    }
}

/// The refusal of TOP itself.
fn top_error(mut answer: Map<String, Value>) -> ApiError {
    let code = answer
        .get("code")
        .and_then(integer)
        .unwrap_or(errcode::BUSY);
    let words = text_of(&answer, "msg");
    answer.retain(|name, _| name != "code" && name != "msg");
    ApiError::new(code, words).with_details(answer)
}

/// What a method of TOP answers: its `result` or the fields themselves.
fn top_answer(answer: Map<String, Value>) -> Result<Bytes, ApiError> {
    let fields = match answer.get("result") {
        Some(Value::Object(result)) => result.clone(),
        _ => answer,
    };
    for (code, words) in [("ding_open_errcode", "error_msg"), ("errcode", "errmsg")] {
        let code = fields.get(code).and_then(integer).unwrap_or(errcode::OK);
        if code != errcode::OK {
            return Err(ApiError::new(code, text_of(&fields, words)));
        }
    }
    let fields = unwrapped(Value::Object(fields));
    Ok(serde_json::to_vec(&fields).unwrap_or_default().into())
}

/// TOP writes a list as an object: `{"string": […]}`.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Object(mut fields) if fields.len() == 1 => {
            for kind in ["string", "number"] {
                if let Some(Value::Array(_)) = fields.get(kind) {
                    return fields.remove(kind).unwrap_or_default();
                }
            }
            Value::Object(all_unwrapped(fields))
        }
        Value::Object(fields) => Value::Object(all_unwrapped(fields)),
        other => other,
    }
}

fn all_unwrapped(fields: Map<String, Value>) -> Map<String, Value> {
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name, unwrapped(value)))
        .collect()
}

/// The code behind the one of the gateway.
fn sub_code(error: &ApiError) -> Option<i64> {
    integer(error.details.as_ref()?.get("sub_code")?)
}

fn refusal(code: i64) -> ApiError {
    ApiError::new(code, errors::text(code))
}

/// Whether a call of topapi comes as a form.
fn is_form(meta: &Meta, request: &HttpRequest) -> bool {
    meta.path.starts_with("/topapi/")
        && media_type(request) != "application/json"
        && !request.body().trim_ascii_start().starts_with(b"{")
}

/// The parts of a form.
fn add_form(parameters: &mut Parameters, request: &HttpRequest) {
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|kind| kind.to_str().ok());
    let parts = multipart::parse(content_type.unwrap_or_default(), request.body());
    for part in parts.unwrap_or_default() {
        parameters.add_part(part);
    }
}

/// Adds what stands in the query; where it belongs there, what stands elsewhere is not meant.
fn add_query(parameters: &mut Parameters, meta: &Meta, query: Option<&str>) {
    // The fields that an upload has beside its file stand in the form as well as in the query.
    if !matches!(meta.encoding, Encoding::Query | Encoding::Multipart) {
        for name in meta.query {
            parameters.remove(name);
        }
    }
    parameters.add_query(meta, query.unwrap_or_default());
}
