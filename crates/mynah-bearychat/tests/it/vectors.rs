//! What was recorded, and where we may differ from it.

use std::collections::BTreeMap;

use mynah_bearychat::auth::in_path;
use mynah_bearychat::{API, HOOK, RTM};
use mynah_core::http::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use mynah_core::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value};

const REQUESTS: &str = include_str!("../vectors/requests.json");

/// A call of a peer: one request and its answer.
#[derive(Deserialize)]
pub(crate) struct Traffic {
    pub(crate) name: String,
    base: String,
    request: Recorded,
    pub(crate) response: Answer,
}

/// A request as it stood on the wire.
#[derive(Deserialize)]
struct Recorded {
    method: String,
    raw_target: String,
    #[serde(default)]
    raw_body: String,
    headers: BTreeMap<String, String>,
}

/// An answer as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) json: Option<Value>,
}

/// All traffic.
pub(crate) fn traffic() -> Vec<Traffic> {
    serde_json::from_str(REQUESTS).unwrap()
}

/// The traffic of one name.
pub(crate) fn recorded(name: &str) -> Traffic {
    let mut traffic = traffic().into_iter();
    traffic.find(|traffic| traffic.name == name).unwrap()
}

impl Traffic {
    /// The request as a server gets it, at the host it was meant for. That of a hook is at the path
    /// of the endpoint, as it is when the hook has been looked up.
    pub(crate) fn request(&self) -> HttpRequest {
        let host = match self.base.as_str() {
            "openapi" => API.strip_suffix("/v1").unwrap(),
            "rtm" => RTM,
            "hook" => HOOK,
            other => panic!("nobody knows the service {other}"),
        };
        let mut target = self.request.raw_target.as_str();
        if host == HOOK {
            assert_eq!(in_path(target), Some(("=bw52O", "sandbox-hook")));
            target = "/incoming";
        }
        let mut request = HttpRequest::new(self.request.raw_body.clone().into());
        *request.method_mut() = self.request.method.parse().unwrap();
        *request.uri_mut() = format!("{host}{target}").parse().unwrap();
        add_headers(request.headers_mut(), &self.request.headers);
        request
    }
}

impl Answer {
    /// The answer as a client gets it.
    pub(crate) fn response(&self) -> HttpResponse {
        let body = self.json.as_ref().map(Value::to_string);
        let mut response = HttpResponse::new(body.unwrap_or_default().into());
        *response.status_mut() = self.status.try_into().unwrap();
        add_headers(response.headers_mut(), &self.headers);
        response
    }
}

fn add_headers(headers: &mut HeaderMap, given: &BTreeMap<String, String>) {
    for (name, value) in given {
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, value.parse().unwrap());
    }
}

/// What two requests must have in common to be the same to the platform.
#[derive(Debug, PartialEq)]
pub(crate) struct Meaning {
    method: String,
    address: String,
    parameters: BTreeMap<String, Value>,
}

/// The meaning of a request. Everything in which a peer's request may differ from ours is here:
///
/// * The token, and where it stands.
/// * Whether a parameter stands in the query or in the body, where all values are texts, and
///   switches are written as `True`.
/// * How letters beyond ASCII are written in JSON, and its blanks and order.
/// * `null` in JSON, and an empty list of attachments.
pub(crate) fn meaning(request: &HttpRequest) -> Meaning {
    let uri = request.uri().to_string();
    let (address, query) = uri.split_once('?').unwrap_or((&uri, ""));
    let mut parameters = BTreeMap::<String, Value>::new();
    for (name, value) in serde_html_form::from_str::<Vec<(String, String)>>(query).unwrap() {
        let value = Value::from(value);
        match parameters.get_mut(&name) {
            None => {
                parameters.insert(name, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::from(vec![first.take(), value]),
        }
    }
    if !request.body().is_empty() {
        let body: Map<String, Value> = serde_json::from_slice(request.body()).unwrap();
        parameters.extend(body);
    }
    parameters.remove("token");
    parameters.retain(|name, value| {
        let nothing = *value == Value::Array(Vec::new()) && name == "attachments";
        !value.is_null() && !nothing
    });
    for value in parameters.values_mut() {
        match value {
            Value::Bool(_) | Value::Number(_) => *value = Value::from(value.to_string()),
            Value::String(text) if ["True", "False"].contains(&text.as_str()) => {
                text.make_ascii_lowercase();
            }
            _ => {}
        }
    }
    Meaning {
        method: request.method().to_string(),
        address: address.to_owned(),
        parameters,
    }
}

/// Whether an answer that was written says what was recorded. Where they may differ:
///
/// * What is written beyond that says nothing: it is null, false, empty or 0.
/// * A time that is digits in a string may be a number.
pub(crate) fn says_as_much(written: &Value, recorded: &Value) -> bool {
    match (written, recorded) {
        (Value::Object(written), Value::Object(recorded)) => {
            let all = recorded.iter().all(|(name, value)| {
                let same = |written: &Value| says_as_much(written, value);
                written.get(name).map_or(value.is_null(), same)
            });
            let mut more = written
                .iter()
                .filter(|(name, _)| !recorded.contains_key(*name));
            all && more.all(|(_, value)| says_nothing(value))
        }
        (Value::Array(written), Value::Array(recorded)) => {
            let mut pairs = written.iter().zip(recorded);
            written.len() == recorded.len() && pairs.all(|(left, right)| says_as_much(left, right))
        }
        (Value::Number(number), Value::String(digits)) => number.to_string() == *digits,
        (written, recorded) => written == recorded,
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(switch) => !switch,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(says_nothing),
    }
}

/// The content type of an answer that has a body.
pub(crate) fn content_type(response: &HttpResponse) -> Option<&str> {
    let kind = response.headers().get(CONTENT_TYPE)?;
    kind.to_str().ok()
}
