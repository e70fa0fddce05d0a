//! The envelope of WeCom, for both sides.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use mynah_core::multipart::{self, FormPart};
use mynah_core::{
    ApiError, BadParameters, Code, Encoding, File, HttpRequest, HttpResponse, Meta, Parameters,
    Platform, Verdict,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Unexpected};
use serde_json::{Map, Value};

use crate::errors;

/// WeCom: the application interface, group robots and intelligent bots.
///
/// Every answer is an HTTP 200 with `{"errcode", "errmsg"}` and the fields of
/// the call at the same level
/// (<https://developer.work.weixin.qq.com/document/path/90313>).
#[derive(Clone, Copy, Debug)]
pub struct WeCom;

/// The error codes that Mynah itself decides by; [`errors`](crate::errors) explains more of them.
pub mod errcode {
    /// Done.
    pub const OK: i64 = 0;
    /// The platform is busy; the same call may work later.
    pub const BUSY: i64 = -1;
    /// The secret is wrong, or the token is no longer accepted.
    pub const INVALID_CREDENTIAL: i64 = 40001;
    /// The token is not recognised; also seen for one that has expired.
    pub const INVALID_TOKEN: i64 = 40014;
    /// Uploading: no such type.
    pub const INVALID_TYPE: i64 = 40005;
    /// Sending: no such kind of message.
    pub const INVALID_MESSAGE_TYPE: i64 = 40008;
    /// The application's id is no number.
    pub const INVALID_AGENTID: i64 = 40056;
    /// A parameter is wrong.
    pub const INVALID_PARAMETER: i64 = 40058;
    /// A parameter is missing.
    pub const MISSING_PARAMETER: i64 = 40063;
    /// The tag's id is missing, or there is no such tag.
    pub const INVALID_TAGID: i64 = 40068;
    /// There is no token in the call.
    pub const TOKEN_MISSING: i64 = 41001;
    /// There is no corp id in the call.
    pub const CORPID_MISSING: i64 = 41002;
    /// There is no secret in the call.
    pub const CORPSECRET_MISSING: i64 = 41004;
    /// There is no media id in the call.
    pub const MEDIA_ID_MISSING: i64 = 41006;
    /// There is no member in the call.
    pub const USERID_MISSING: i64 = 41009;
    /// There is no application in the call.
    pub const AGENTID_MISSING: i64 = 41011;
    /// The token has expired.
    pub const TOKEN_EXPIRED: i64 = 42001;
    /// There is no file in the call.
    pub const FILE_MISSING: i64 = 44001;
    /// Too many calls.
    pub const FREQUENCY: i64 = 45009;
    /// Too many calls at once.
    pub const CONCURRENCY: i64 = 45033;
    /// The application does not see what the call is about; for group chats, it is not seen by
    /// the root department.
    pub const NO_PRIVILEGE: i64 = 60011;
    /// The caller's address is not in the application's trusted list.
    pub const ADDRESS_NOT_ALLOWED: i64 = 60020;
    /// A group has too few or too many members.
    pub const MEMBER_COUNT: i64 = 86006;
    /// There is no group in the call.
    pub const CHATID_MISSING: i64 = 86201;
    /// There are no members in the call.
    pub const USERLIST_MISSING: i64 = 86204;
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

/// How long a caller is blocked at least who made too many calls
/// (<https://developer.work.weixin.qq.com/document/path/90312>).
const SHORTEST_BLOCK: Duration = Duration::from_secs(60);

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default, deserialize_with = "code")]
    errcode: i64,
    #[serde(borrow, default)]
    errmsg: Option<std::borrow::Cow<'a, str>>,
}

/// The envelope an answer is; serde would take an array for it as well.
fn envelope(body: &[u8]) -> Result<Envelope<'_>, String> {
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err("it is no JSON object".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
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

    /// 40058 for a value of another kind.
    const STRICT_JSON: bool = true;

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
        if File::is_in(response.headers()) {
            return Ok(body.clone());
        }
        let envelope = envelope(body).map_err(|problem| {
            ApiError::new("envelope", format!("the answer is not WeCom's: {problem}"))
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
                return sealed(refusal(code, &error.message, error.details));
            }
        }
        sealed((envelope, HeaderMap::new()))
    }

    /// 40001, 40014 and 42001 are one class: the token is no longer good.
    fn classify(error: &ApiError) -> Verdict {
        match (error.status, error.code.number()) {
            (
                200,
                Some(errcode::INVALID_CREDENTIAL | errcode::INVALID_TOKEN | errcode::TOKEN_EXPIRED),
            ) => Verdict::Unauthorized,
            // The block lasts as long as the window that was exceeded; none is shorter.
            (200, Some(errcode::FREQUENCY)) => {
                Verdict::Throttled(error.retry_after.or(Some(SHORTEST_BLOCK)))
            }
            (200, Some(errcode::BUSY)) | (500..=599, _) => Verdict::Transient,
            (200, Some(errcode::CONCURRENCY)) | (429, _) => Verdict::Throttled(error.retry_after),
            _ => Verdict::Permanent,
        }
    }

    /// A JSON body whatever the content type says, a form for what is uploaded; what belongs into
    /// the query from there alone.
    ///
    /// The wrong method, and a body that is no object, are 40058.
    fn parameters(meta: &Meta, request: &HttpRequest) -> Result<Parameters, ApiError> {
        if *request.method() != meta.method.http() {
            return Err(invalid_parameter(""));
        }
        let mut parameters = Parameters::new();
        match meta.encoding {
            Encoding::Json => parameters.add_object(object(request.body())?),
            Encoding::Multipart => {
                if let Some(file) = uploaded(request) {
                    parameters.add_file(MEDIA, &file);
                }
            }
            _ => {}
        }
        add_query(
            &mut parameters,
            meta,
            request.uri().query().unwrap_or_default(),
        );
        Ok(parameters)
    }

    /// The code of its own that the missing parameter has, 40063 if it has none; 40058 for what
    /// is of the wrong kind.
    fn bad_parameters(bad: BadParameters) -> ApiError {
        let field = bad.field.as_deref().unwrap_or_default();
        let code = match (field, bad.missing) {
            ("agentid", false) => errcode::INVALID_AGENTID,
            ("msgtype", false) => errcode::INVALID_MESSAGE_TYPE,
            (_, false) => return invalid_parameter(&format!("{bad}. ")),
            (_, true) => missing(field),
        };
        ApiError::new(code, errors::text(code))
    }
}

/// The code for a parameter that is not there.
fn missing(field: &str) -> i64 {
    match field {
        "corpid" => errcode::CORPID_MISSING,
        "corpsecret" => errcode::CORPSECRET_MISSING,
        "agentid" => errcode::AGENTID_MISSING,
        "chatid" => errcode::CHATID_MISSING,
        "userlist" => errcode::USERLIST_MISSING,
        "userid" => errcode::USERID_MISSING,
        "media_id" => errcode::MEDIA_ID_MISSING,
        "type" => errcode::INVALID_TYPE,
        "tagid" => errcode::INVALID_TAGID,
        MEDIA => errcode::FILE_MISSING,
        _ => errcode::MISSING_PARAMETER,
    }
}

/// 40058, with what is wrong in front of its usual words.
fn invalid_parameter(problem: &str) -> ApiError {
    let code = errcode::INVALID_PARAMETER;
    ApiError::new(code, format!("{problem}{}", errors::text(code)))
}

/// The object a body is.
fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(invalid_parameter("")),
        Err(_) => Err(invalid_parameter("Warning: wrong json format. ")),
    }
}

/// The part of a form that holds the file.
const MEDIA: &str = "media";

/// The file of a form: the part with the right name, or else the first that has a file's name;
/// one client gives its part no name of its own.
fn uploaded(request: &HttpRequest) -> Option<File> {
    let content_type = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = multipart::parse(content_type, request.body()).ok()?;
    let named = |part: &FormPart| part.name.as_deref() == Some(MEDIA);
    let place = parts
        .iter()
        .position(named)
        .or_else(|| parts.iter().position(|part| part.filename.is_some()))?;
    Some(parts.swap_remove(place).into_file())
}

/// Adds what stands in the query; where it belongs there, what stands elsewhere is not meant.
fn add_query(parameters: &mut Parameters, meta: &Meta, query: &str) {
    if meta.encoding != Encoding::Query {
        for name in meta.query {
            parameters.remove(name);
        }
    }
    parameters.add_query(meta, query);
}

/// The envelope of a refusal, which stands in the headers as well.
fn refusal(
    code: i64,
    words: &str,
    details: Option<Box<Map<String, Value>>>,
) -> (Map<String, Value>, HeaderMap) {
    let mut envelope = details.map(|details| *details).unwrap_or_default();
    envelope.insert("errcode".to_owned(), code.into());
    envelope.insert("errmsg".to_owned(), words.into());
    let mut headers = HeaderMap::new();
    headers.insert("error-code", code.into());
    if let Ok(words) = HeaderValue::from_str(words) {
        headers.insert("error-msg", words);
    }
    (envelope, headers)
}

fn sealed((envelope, mut headers): (Map<String, Value>, HeaderMap)) -> HttpResponse {
    headers.insert(CONTENT_TYPE, JSON);
    let body = serde_json::to_vec(&envelope).unwrap_or_default();
    let mut response = HttpResponse::new(Bytes::from(body));
    *response.headers_mut() = headers;
    response
}
