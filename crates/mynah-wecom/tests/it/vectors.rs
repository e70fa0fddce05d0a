//! What was recorded, and where we may differ from it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_core::http::header::CONTENT_TYPE;
use mynah_core::multipart::{self, FormPart};
use mynah_core::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) const REQUESTS: &str = include_str!("../vectors/requests.json");
pub(crate) const WEBHOOK: &str = include_str!("../vectors/webhook.json");
pub(crate) const TOKENS: &str = include_str!("../vectors/tokens.json");
pub(crate) const ERRORS: &str = include_str!("../vectors/errors.json");

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
struct Exchange {
    request: Recorded,
    response: Answer,
}

/// A request as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    #[serde(default)]
    headers: Map<String, Value>,
    pub(crate) json: Option<Value>,
    #[serde(default)]
    multipart: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "content-disposition")]
    disposition: String,
    #[serde(rename = "content-type")]
    media_type: Option<String>,
    body_base64: String,
}

/// An answer as it stood on the wire.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    pub(crate) json: Option<Value>,
    body_utf8: Option<String>,
}

/// One request and its answer.
pub(crate) struct Traffic {
    /// The call; with a number behind it where one call made several requests.
    pub(crate) name: String,
    pub(crate) request: Recorded,
    pub(crate) response: Answer,
}

/// All traffic of a file; calls that make no request are left out.
pub(crate) fn traffic(file: &str) -> Vec<Traffic> {
    let entries: Vec<Entry> = serde_json::from_str(file).unwrap();
    let mut all = Vec::new();
    for entry in entries {
        if let (Some(request), Some(response)) = (entry.request, entry.response) {
            all.push(Traffic {
                name: entry.name.clone(),
                request,
                response,
            });
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
            let kind = kind.as_str().unwrap().replace("<random>", "xx");
            request
                .headers_mut()
                .insert(CONTENT_TYPE, kind.parse().unwrap());
        }
        request
    }

    fn body(&self) -> Vec<u8> {
        if let Some(json) = &self.json {
            return serde_json::to_vec(json).unwrap();
        }
        let mut body = Vec::new();
        for part in &self.multipart {
            body.extend(format!("--xx\r\nContent-Disposition: {}\r\n", part.disposition).bytes());
            if let Some(kind) = &part.media_type {
                body.extend(format!("Content-Type: {kind}\r\n").bytes());
            }
            body.extend(b"\r\n");
            body.extend(STANDARD.decode(&part.body_base64).unwrap());
            body.extend(b"\r\n");
        }
        if !self.multipart.is_empty() {
            body.extend(b"--xx--\r\n");
        }
        body
    }
}

impl Answer {
    /// The answer as a client gets it.
    pub(crate) fn response(&self) -> HttpResponse {
        let body = match (&self.json, &self.body_utf8) {
            (Some(json), _) => json.to_string(),
            (None, Some(text)) => text.clone(),
            (None, None) => panic!("an answer without a body"),
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
    /// The credential left out.
    query: Vec<(String, String)>,
    body: Value,
    /// Name of the file and content, of the part that matters.
    file: Option<(String, Vec<u8>)>,
}

/// The meaning of a request. Everything in which a peer's request may differ from ours is here:
///
/// * The order of the query, and the credential in it.
/// * The `Content-Type` of a JSON body, which one peer leaves out, and of a part of a form.
/// * The name of a form's part that is a file, which one peer leaves out.
/// * What [`settled`] says of the body.
pub(crate) fn meaning(request: &HttpRequest) -> Meaning {
    let query = request.uri().query().unwrap_or_default();
    let mut query: Vec<(String, String)> = serde_html_form::from_str(query).unwrap();
    query.retain(|(name, _)| name != "access_token" && name != "key");
    query.sort();
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.map_or("", |kind| kind.to_str().unwrap());
    let form = kind.starts_with("multipart/form-data");
    let file = form.then(|| {
        let parts = multipart::parse(kind, request.body()).unwrap();
        let [
            FormPart {
                filename, content, ..
            },
        ] = &parts[..]
        else {
            panic!("a form of {} parts", parts.len());
        };
        (filename.clone().unwrap(), content.to_vec())
    });
    let body = match request.body() {
        body if form || body.is_empty() => Value::Null,
        body => settled(serde_json::from_slice(body).unwrap()),
    };
    Meaning {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query,
        body,
        file,
    }
}

/// A body without what makes no difference to the platform:
///
/// * `null`, which is the same as nothing; a text without content has an empty one.
/// * `safe` of 0, which is the default; a number as digits in a string.
/// * Recipients that are an empty string, and lists of mentions that are empty.
/// * Keys that stand under the message's key and belong elsewhere (`safe`) or nowhere, and
///   `show_cover_pic` of an article, which is no longer documented.
fn settled(body: Value) -> Value {
    let Value::Object(mut fields) = without_nulls(body) else {
        panic!("a body that is no object");
    };
    if let Some(safe) = fields.remove("safe") {
        let safe = number(safe);
        if safe != json!(0) {
            fields.insert("safe".to_owned(), safe);
        }
    }
    if let Some(gender) = fields.get_mut("gender") {
        *gender = number(gender.take());
    }
    for recipients in ["touser", "toparty", "totag"] {
        if fields.get(recipients) == Some(&json!("")) {
            fields.remove(recipients);
        }
    }
    let kind = fields.get("msgtype").and_then(Value::as_str);
    if let Some(kind) = kind.map(str::to_owned)
        && let Some(Value::Object(said)) = fields.get_mut(&kind)
    {
        settle_message(&kind, said);
    }
    Value::Object(fields)
}

fn settle_message(kind: &str, said: &mut Map<String, Value>) {
    said.remove("safe");
    said.remove("whatever");
    for mentions in ["mentioned_list", "mentioned_mobile_list"] {
        if said.get(mentions) == Some(&json!([])) {
            said.remove(mentions);
        }
    }
    if kind == "text" {
        said.entry("content").or_insert(json!(""));
    }
    for article in said
        .get_mut("articles")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        article.as_object_mut().unwrap().remove("show_cover_pic");
    }
}

fn number(value: Value) -> Value {
    match value.as_str().and_then(|digits| digits.parse::<i64>().ok()) {
        Some(number) => number.into(),
        None => value,
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
