//! What was recorded, and where we may differ from it.

use std::collections::BTreeMap;

use mynah_core::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value};

const REQUESTS: &str = include_str!("../vectors/requests.json");
const BEYOND: &str = include_str!("../vectors/requests_beyond.json");

/// A call of a peer: one request and its answer.
#[derive(Deserialize)]
pub(crate) struct Traffic {
    pub(crate) name: String,
    pub(crate) request: Recorded,
    pub(crate) response: Answer,
}

/// A request as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Recorded {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// An answer as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) json: Option<Value>,
    text: Option<String>,
}

/// All traffic.
pub(crate) fn traffic() -> Vec<Traffic> {
    let files = [REQUESTS, BEYOND].into_iter();
    files
        .flat_map(|file| serde_json::from_str::<Vec<Traffic>>(file).unwrap())
        .collect()
}

impl Recorded {
    /// The request as a server gets it.
    pub(crate) fn request(&self) -> HttpRequest {
        let mut request = HttpRequest::new(self.body.clone().into());
        *request.method_mut() = self.method.parse().unwrap();
        *request.uri_mut() = self.path.parse().unwrap();
        add_headers(request.headers_mut(), &self.headers);
        request
    }
}

impl Answer {
    /// The answer as a client gets it.
    pub(crate) fn response(&self) -> HttpResponse {
        let body = match (&self.json, &self.text) {
            (Some(json), _) => json.to_string(),
            (_, Some(text)) => text.clone(),
            _ => panic!("an answer without a body"),
        };
        let mut response = HttpResponse::new(body.into());
        *response.status_mut() = self.status.try_into().unwrap();
        add_headers(response.headers_mut(), &self.headers);
        response
    }
}

fn add_headers(headers: &mut mynah_core::http::HeaderMap, given: &BTreeMap<String, String>) {
    for (name, value) in given {
        let name: mynah_core::http::HeaderName = name.parse().unwrap();
        headers.insert(name, value.parse().unwrap());
    }
}

/// What two requests must have in common to be the same to the platform.
#[derive(Debug, PartialEq)]
pub(crate) struct Meaning {
    method: String,
    path: String,
    form: BTreeMap<String, Vec<String>>,
    json: Value,
}

/// The meaning of a request. Everything in which a peer's request may differ from ours is here:
///
/// * The order of a form; the values of one name stay in their order.
/// * The suffix of the path.
/// * Switches, which Python writes as `True`.
/// * JSON texts, whose blanks and order do not count.
/// * `null` in JSON, and how letters beyond ASCII are written in it.
/// * What [`settled`] says of the form.
pub(crate) fn meaning(request: &HttpRequest) -> Meaning {
    let path = request.uri().path();
    let path = path.strip_suffix(".json").unwrap_or(path).to_owned();
    let mut form = BTreeMap::<String, Vec<String>>::new();
    let json = serde_json::from_slice::<Map<String, Value>>(request.body()).ok();
    if json.is_none() {
        let pairs = serde_html_form::from_bytes::<Vec<(String, String)>>(request.body());
        for (name, value) in pairs.unwrap() {
            form.entry(name).or_default().push(plain(value));
        }
    }
    settled(&path, &mut form);
    Meaning {
        method: request.method().to_string(),
        path,
        form,
        json: without_nulls(json.map(Value::Object).unwrap_or_default()),
    }
}

fn plain(value: String) -> String {
    if ["True", "False"].contains(&value.as_str()) {
        return value.to_ascii_lowercase();
    }
    let json = serde_json::from_str::<Map<String, Value>>(&value);
    json.map_or(value, |json| Value::Object(json).to_string())
}

/// A form without what makes no difference:
///
/// * The kind of a sensitive word, which the word in its place tells.
/// * An empty picture of a user.
/// * What is left of a name that one peer does not escape (`A&b=c`).
fn settled(path: &str, form: &mut BTreeMap<String, Vec<String>>) {
    match path {
        "/sensitiveword/add" => {
            form.remove("type");
        }
        "/user/getToken" => {
            form.remove("b");
            if form.get("portraitUri").is_some_and(|uris| uris == &[""]) {
                form.remove("portraitUri");
            }
        }
        _ => {}
    }
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
