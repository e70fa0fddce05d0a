//! What was recorded, and where we may differ from it.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::multipart;
use mynah_core::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value};

pub(crate) const REQUESTS: &str = include_str!("../vectors/requests.json");
pub(crate) const RETRY: &str = include_str!("../vectors/retry.json");
pub(crate) const ERRORS: &str = include_str!("../vectors/errors.json");
pub(crate) const SIGNATURE: &str = include_str!("../vectors/signature.json");

/// A call of a peer, with its traffic.
#[derive(Deserialize)]
struct Entry {
    name: String,
    request: Option<Recorded>,
    response: Option<Answer>,
    #[serde(default)]
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) request: Recorded,
    pub(crate) response: Answer,
}

/// A request as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Recorded {
    method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    #[serde(default)]
    headers: Map<String, Value>,
    pub(crate) json: Option<Value>,
    pub(crate) raw_query: Option<String>,
    #[serde(default)]
    multipart: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    filename: Option<String>,
    content_type: Option<String>,
    text: String,
}

/// An answer as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Answer {
    status: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    pub(crate) json: Option<Value>,
    text: Option<String>,
    base64: Option<String>,
}

/// One request and its answer.
pub(crate) struct Traffic {
    /// The call; with a number behind it where one call made several requests.
    pub(crate) name: String,
    pub(crate) request: Recorded,
    pub(crate) response: Answer,
}

/// All traffic; calls that make no request are left out.
pub(crate) fn traffic() -> Vec<Traffic> {
    let entries: Vec<Entry> = serde_json::from_str(REQUESTS).unwrap();
    let mut all = Vec::new();
    for entry in entries {
        if entry.exchanges.is_empty() {
            if let (Some(request), Some(response)) = (entry.request, entry.response) {
                let name = entry.name;
                all.push(Traffic {
                    name,
                    request,
                    response,
                });
            }
            continue;
        }
        for (place, exchange) in entry.exchanges.into_iter().enumerate() {
            all.push(Traffic {
                name: format!("{} #{}", entry.name, place + 1),
                request: exchange.request,
                response: exchange.response,
            });
        }
    }
    all
}

impl Recorded {
    /// The request as a server gets it.
    pub(crate) fn request(&self) -> HttpRequest {
        let query = serde_html_form::to_string(&self.query).unwrap();
        let mut request = HttpRequest::new(self.body().into());
        *request.method_mut() = self.method.parse().unwrap();
        *request.uri_mut() = format!("{}?{query}", self.path).parse().unwrap();
        if let Some(kind) = self.headers.get("content-type") {
            let mut kind = kind.as_str().unwrap().to_owned();
            if kind == "multipart/form-data" {
                kind.push_str("; boundary=xx");
            }
            let headers = request.headers_mut();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        }
        request
    }

    fn body(&self) -> Vec<u8> {
        if let Some(json) = &self.json {
            return serde_json::to_vec(json).unwrap();
        }
        let mut body = String::new();
        for part in &self.multipart {
            let name = &part.name;
            write!(
                body,
                "--xx\r\nContent-Disposition: form-data; name=\"{name}\""
            )
            .unwrap();
            if let Some(filename) = &part.filename {
                write!(body, "; filename=\"{filename}\"").unwrap();
            }
            if let Some(kind) = &part.content_type {
                write!(body, "\r\nContent-Type: {kind}").unwrap();
            }
            write!(body, "\r\n\r\n{}\r\n", part.text).unwrap();
        }
        if !body.is_empty() {
            body += "--xx--\r\n";
        }
        body.into()
    }
}

impl Answer {
    /// The answer as a client gets it.
    pub(crate) fn response(&self) -> HttpResponse {
        let body = match (&self.json, &self.text, &self.base64) {
            (Some(json), ..) => json.to_string().into_bytes(),
            (_, Some(text), _) => text.clone().into_bytes(),
            (.., Some(base64)) => STANDARD.decode(base64).unwrap(),
            _ => panic!("an answer without a body"),
        };
        let mut response = HttpResponse::new(body.into());
        *response.status_mut() = self.status.try_into().unwrap();
        for (name, value) in &self.headers {
            let name: mynah_core::http::HeaderName = name.parse().unwrap();
            let value = value.as_str().unwrap().parse().unwrap();
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// What two requests must have in common to be the same to the platform.
#[derive(Debug, PartialEq)]
pub(crate) struct Meaning {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: Value,
    /// Name of the file and content.
    file: Option<(String, Vec<u8>)>,
}

/// The meaning of a request. Everything in which a peer's request may differ from ours is here:
///
/// * The order of the query, and the credential in it: the token, the `session` of TOP, the
///   `timestamp` and the `sign` of a custom robot.
/// * Switches in a query, which one peer writes as Python does (`True`), and JSON texts in it.
/// * A list of nobody in the query.
/// * `type` of an upload, which stands in the query or in the form.
/// * The path at which several members are removed: one peer uses that for one member.
/// * What [`settled`] says of the body.
pub(crate) fn meaning(request: &HttpRequest) -> Meaning {
    let mut path = request.uri().path().to_owned();
    if path == "/user/delete" && request.method() == "POST" {
        "/user/batchdelete".clone_into(&mut path);
    }
    let credential: &[&str] = match path.as_str() {
        "/router/rest" => &["session"],
        "/robot/send" => &["access_token", "timestamp", "sign"],
        _ => &["access_token"],
    };
    let query = request.uri().query().unwrap_or_default();
    let mut query: Vec<(String, String)> = serde_html_form::from_str(query).unwrap();
    query.retain(|(name, _)| !credential.contains(&name.as_str()));
    query.retain(|(name, value)| !(name == "dept_id_list" && value.is_empty()));
    for (_, value) in &mut query {
        if ["True", "False"].contains(&value.as_str()) {
            value.make_ascii_lowercase();
        }
        if let Some(json) = json_in(value) {
            *value = json.to_string();
        }
    }
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.map_or("", |kind| kind.to_str().unwrap());
    let form = kind.starts_with("multipart/form-data");
    let mut file = None;
    if form {
        for part in multipart::parse(kind, request.body()).unwrap() {
            let content = part.content.to_vec();
            match part.filename {
                Some(filename) => file = Some((filename, content)),
                None => query.push((part.name.unwrap(), String::from_utf8(content).unwrap())),
            }
        }
    }
    query.sort();
    let body = match request.body() {
        body if form || body.is_empty() => Value::Null,
        body => settled(&path, serde_json::from_slice(body).unwrap()),
    };
    Meaning {
        method: request.method().to_string(),
        path,
        query,
        body,
        file,
    }
}

/// The JSON that a text is, if it is an object or a list of them.
fn json_in(text: &str) -> Option<Value> {
    text.starts_with(['{', '['])
        .then(|| serde_json::from_str(text).ok())?
}

/// A body without what makes no difference to the platform:
///
/// * `null`, which is the same as nothing.
/// * In a change of a group: lists of nobody and an empty `icon`, which change nothing.
/// * The message in `msg` instead of beside the group.
/// * A mention of nobody.
/// * JSON texts, whose blanks and order do not count.
/// * A number as digits in a string (`parentid`), and digits in a string as a number
///   (`btnOrientation`, `hideAvatar`).
fn settled(path: &str, body: Value) -> Value {
    let Value::Object(mut fields) = without_nulls(body) else {
        panic!("a body that is no object");
    };
    if path == "/chat/update" {
        for (name, nothing) in [
            ("add_useridlist", Value::Array(Vec::new())),
            ("del_useridlist", Value::Array(Vec::new())),
            ("icon", "".into()),
        ] {
            if fields.get(name) == Some(&nothing) {
                fields.remove(name);
            }
        }
    }
    if path == "/chat/send"
        && let Some(Value::Object(message)) = fields.remove("msg")
    {
        fields.extend(message);
    }
    if let Some(Value::Object(at)) = fields.get("at")
        && at.is_empty()
    {
        fields.remove("at");
    }
    if let Some(parent) = fields.get_mut("parentid")
        && let Some(digits) = parent.as_str()
    {
        *parent = digits.parse::<i64>().unwrap().into();
    }
    if let Some(Value::Object(card)) = fields.get_mut("actionCard") {
        for name in ["btnOrientation", "hideAvatar"] {
            if let Some(number @ Value::Number(_)) = card.get(name) {
                card.insert(name.to_owned(), number.to_string().into());
            }
        }
    }
    for name in ["msgParam", "cardData", "singleChatReceiver"] {
        let json = fields.get(name).and_then(Value::as_str).and_then(json_in);
        if let Some(json) = json {
            fields.insert(name.to_owned(), json);
        }
    }
    Value::Object(fields)
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// An answer without what makes no difference: the name the platform gives to each call, which
/// no output holds, and an error code as digits in a string.
pub(crate) fn settled_answer(answer: Value) -> Value {
    match answer {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| name != "request_id")
            .map(
                |(name, value)| match value.as_str().and_then(|text| text.parse::<i64>().ok()) {
                    Some(code) if name == "errcode" => (name, code.into()),
                    _ => (name, settled_answer(value)),
                },
            )
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}
