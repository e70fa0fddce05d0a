//! The control API: everything the page does, and what tests do.
//!
//! One table ([`routes::ROUTES`]) says which calls there are; the router and
//! the OpenAPI document come from it. A call is a plain function of the state
//! ([`Handler`]), so it needs no server to be tested.

pub(crate) mod fields;
mod openapi;
mod routes;
mod stream;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use bytes::Bytes;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use serde_json::{Value, json};

use self::fields::Fields;
use crate::guard::Stranger;
use crate::hub::State;
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::rim::Errand;
use crate::server::{Request, Server, peer_of};
use crate::world::Rejected;

/// The platform in journal entries that are about no platform.
const SANDBOX: &str = "sandbox";

/// One call of the control API.
#[derive(Debug)]
pub(crate) struct Route {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    method: &'static str,
    /// Variables stand in braces.
    path: &'static str,
    /// What it does.
    about: &'static str,
    /// What can be given in the query.
    query: &'static [Field],
    /// What can be given in the body, a JSON object.
    body: Given,
    /// What is answered, in words.
    answer: &'static str,
    handler: Handler,
}

/// What can be given in a body.
#[derive(Debug)]
enum Given {
    /// These fields.
    Fields(&'static [Field]),
    /// To each platform what it asks for.
    ByPlatform,
}

/// Something that can be given.
#[derive(Debug)]
pub(crate) struct Field {
    name: &'static str,
    /// `string`, `integer`, `number`, `boolean`, `array`, `object`.
    kind: &'static str,
    required: bool,
    about: &'static str,
}

/// Something that may be given.
pub(crate) const fn field(name: &'static str, kind: &'static str, about: &'static str) -> Field {
    Field {
        name,
        kind,
        required: false,
        about,
    }
}

/// Something that must be given.
const fn needed(name: &'static str, kind: &'static str, about: &'static str) -> Field {
    Field {
        required: true,
        ..field(name, kind, about)
    }
}

/// What answers a call.
#[derive(Clone, Copy, Debug)]
enum Handler {
    /// A function of the state.
    Plain(fn(&mut State, &Ask) -> Result<Answer, Rejected>),
    /// The live stream.
    Stream,
}

/// What is asked.
#[derive(Debug)]
struct Ask {
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    body: Bytes,
}

impl Ask {
    /// A variable of the path.
    fn variable(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A text in the query; an empty one counts as missing.
    fn query(&self, name: &str) -> Option<&str> {
        let text = self.query.get(name).map(String::as_str);
        text.filter(|text| !text.is_empty())
    }

    /// A text that must be in the query.
    fn required(&self, name: &str) -> Result<&str, Rejected> {
        self.query(name)
            .ok_or_else(|| Rejected::bad(name, "is missing"))
    }

    /// A whole number in the query.
    fn number(&self, name: &str) -> Result<Option<u64>, Rejected> {
        self.query(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| Rejected::bad(name, "must be a whole number from 0"))
            })
            .transpose()
    }

    /// The fields of the body.
    fn fields(&self) -> Result<Fields, Rejected> {
        Fields::read(&self.body)
    }
}

/// What is answered.
enum Answer {
    /// JSON, and the ids of the messages it is about.
    Json(Value, Vec<String>),
    /// The same object, with the report of an errand in it.
    After(Errand, Value),
    /// A picture or file with its media type.
    Media(String, Vec<u8>),
    /// A text to be saved, with its media type.
    Text(&'static str, String),
    /// The same object as [`Json`](Self::Json); what was done stands in the
    /// journal already.
    Noted(Value),
}

impl From<Value> for Answer {
    fn from(json: Value) -> Self {
        Self::Json(json, Vec::new())
    }
}

/// All calls, at their paths.
pub(crate) fn router() -> Router<Server> {
    let mut router = Router::new();
    for route in routes::ROUTES {
        let filter = match route.method {
            "GET" => MethodFilter::GET,
            "PUT" => MethodFilter::PUT,
            "DELETE" => MethodFilter::DELETE,
            _ => MethodFilter::POST,
        };
        let handle =
            move |server: Shared<Server>, path: Path<HashMap<String, String>>, request: Request| {
                answer(route, server, path, request)
            };
        router = router.route(route.path, on(filter, handle));
    }
    router.method_not_allowed_fallback(wrong_method)
}

async fn wrong_method() -> Response {
    refused(&Rejected {
        status: 405,
        ..Rejected::bad("method", "is not offered here")
    })
}

/// The answer where no call is.
pub(crate) fn nothing_here() -> Response {
    refused(&Rejected::missing("path", "there is no such call"))
}

async fn answer(
    route: &'static Route,
    Shared(server): Shared<Server>,
    Path(path): Path<HashMap<String, String>>,
    request: Request,
) -> Response {
    if let Err(stranger) = server.admit(&request) {
        return stranger;
    }
    let handler = match route.handler {
        Handler::Plain(handler) => handler,
        Handler::Stream => return stream::open(&server),
    };
    let (parts, body) = request.into_parts();
    let body = match server.read_body(body).await {
        Ok(body) => body,
        Err(status) => return refused(&unreadable(status)),
    };
    let query = Query::try_from_uri(&parts.uri).map(|Query(query)| query);
    let ask = Ask {
        path,
        query: query.unwrap_or_default(),
        body,
    };
    let outcome = server.hub().with(|state| {
        let outcome = handler(state, &ask);
        if route.changes_something() && !matches!(outcome, Ok(Answer::Noted(_))) {
            note(state, route, &parts, &ask, &outcome);
        }
        outcome
    });
    if route.changes_something() {
        server.hub().disturb();
    }
    match outcome {
        Ok(Answer::After(errand, mut json)) => {
            let report = errand(Arc::clone(server.hub())).await;
            if let Value::Object(fields) = &mut json {
                fields.extend(report);
            }
            json_response(StatusCode::OK, &json)
        }
        Ok(answer) => respond(answer),
        Err(rejected) => refused(&rejected),
    }
}

impl Route {
    fn changes_something(&self) -> bool {
        self.method != "GET"
    }
}

/// Writes down what a person or test did.
fn note(
    state: &mut State,
    route: &Route,
    parts: &Parts,
    ask: &Ask,
    outcome: &Result<Answer, Rejected>,
) {
    let given: Option<Value> = serde_json::from_slice(&ask.body).ok();
    let platform = given
        .as_ref()
        .and_then(|given| given.get("platform")?.as_str())
        .unwrap_or(ask.variable("platform"));
    let platform = state
        .world(platform)
        .map_or(SANDBOX, |world| world.platform());
    let (status, verdict, note, message) = match outcome {
        Ok(Answer::Json(_, messages)) => (200, Verdict::Ok, String::new(), messages.clone()),
        Ok(_) => (200, Verdict::Ok, String::new(), Vec::new()),
        Err(rejected) => (
            rejected.status,
            Verdict::Refused,
            rejected.to_string(),
            Vec::new(),
        ),
    };
    let uri = parts.uri.path_and_query().map_or("", |uri| uri.as_str());
    state.note(Entry {
        peer: peer_of(&parts.extensions),
        title: route.title().to_owned(),
        method: route.method.to_owned(),
        url: uri.to_owned(),
        body: without_secrets(given),
        status,
        verdict,
        note,
        message,
        ..Entry::new(platform, Direction::In, Transport::Http, Kind::Control)
    });
}

impl Route {
    /// The word that stands for the call: `say`, `clock`.
    fn title(&self) -> &'static str {
        let words = self.path.trim_start_matches("/control/");
        words.rsplit('/').next().unwrap_or(words)
    }
}

/// A body for the journal, with its secrets taken out.
fn without_secrets(given: Option<Value>) -> String {
    let Some(mut given) = given else {
        return String::new();
    };
    if let Value::Object(fields) = &mut given {
        for (name, value) in fields {
            let secrets = ["secret", "token", "aes_key"];
            if secrets.iter().any(|secret| name.ends_with(secret)) {
                *value = Value::from("…");
            }
        }
    }
    journal::text(&given.to_string().into())
}

fn respond(answer: Answer) -> Response {
    match answer {
        Answer::Json(json, _) | Answer::After(_, json) | Answer::Noted(json) => {
            json_response(StatusCode::OK, &json)
        }
        Answer::Media(kind, bytes) => media_response(&kind, bytes),
        Answer::Text(kind, text) => text_response(kind, text),
    }
}

fn refused(rejected: &Rejected) -> Response {
    let status = StatusCode::from_u16(rejected.status).unwrap_or(StatusCode::BAD_REQUEST);
    json_response(status, &json!({ "error": rejected }))
}

fn unreadable(status: StatusCode) -> Rejected {
    let problem = status.canonical_reason().unwrap_or("cannot be read");
    Rejected {
        status: status.as_u16(),
        ..Rejected::bad("body", problem.to_lowercase())
    }
}

/// A refusal of somebody who may not use the control API at all.
pub(crate) fn stranger(stranger: Stranger) -> Response {
    let (status, field, message) = match stranger {
        Stranger::Host => (403, "host", "is not an address of this sandbox"),
        Stranger::Origin => (403, "origin", "is not a page of this sandbox"),
        Stranger::Token => (
            401,
            "authorization",
            "the control token is missing or wrong",
        ),
    };
    let mut response = refused(&Rejected {
        status,
        ..Rejected::bad(field, message)
    });
    if stranger == Stranger::Token {
        // Browsers then ask the person for it; any user name does.
        let ask = HeaderValue::from_static("Basic realm=\"mynah\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, ask);
    }
    response
}

fn json_response(status: StatusCode, json: &Value) -> Response {
    let mut response = Response::new(Body::from(json.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// People wrote what is in a text, so the browser must not show it as anything.
fn text_response(kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Media come from whoever spoke, so the browser must not run them.
fn media_response(kind: &str, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let shown = ["image/", "audio/", "video/"];
    let kind = HeaderValue::try_from(kind)
        .ok()
        .filter(|_| shown.iter().any(|shown| kind.starts_with(shown)));
    let headers = response.headers_mut();
    if kind.is_none() {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, kind.unwrap_or(unknown));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let nothing = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(CONTENT_SECURITY_POLICY, nothing);
    response
}
