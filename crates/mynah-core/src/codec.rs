//! Requests and answers as bytes, in both directions.
//!
//! What is generic over the endpoint only calls serde and hands over to a
//! function that is not, so that hundreds of endpoints stay cheap to compile.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::base::BaseUrl;
use crate::endpoint::{Encoding, Endpoint, HttpRequest, HttpResponse, Meta, Method, Platform};
use crate::error::{ApiError, Error};
use crate::file::File;
use crate::multipart::{self, Form};
use crate::parameters::{self, Strictness};

/// Client side: the request that makes the call.
///
/// # Errors
/// The endpoint's fields cannot be written in its encoding, or its
/// [check](Endpoint::check) refuses them.
pub fn encode_request<E: Endpoint>(base: &BaseUrl, endpoint: &E) -> Result<HttpRequest, Error> {
    let meta = &E::META;
    endpoint.check().map_err(|bad| invalid(meta, bad))?;
    if meta.encoding == Encoding::Multipart
        && let Some((name, file)) = endpoint.file()
    {
        let fields = fields(meta, serde_json::to_value(endpoint))?;
        let boundary = multipart::boundary_for(&file.content);
        let (mut request, form) = build_upload(base, meta, fields, (name, file), &boundary)?;
        accept(&mut request, E::Platform::ACCEPT);
        return Ok(request.map(|_| form.body(&file.content)));
    }
    // JSON keeps the order of the fields, and a long text in it is not taken apart.
    let apart =
        (!meta.query.is_empty() && meta.encoding != Encoding::Json) || !meta.brackets.is_empty();
    let payload = if apart || meta.path.contains('{') {
        Payload::Fields(fields(meta, serde_json::to_value(endpoint))?)
    } else if meta.encoding == Encoding::Json {
        Payload::Ready(serde_json::to_vec(endpoint).map_err(|error| invalid(meta, error))?)
    } else {
        let written = serde_html_form::to_string(endpoint);
        Payload::Ready(written.map_err(|error| invalid(meta, error))?.into_bytes())
    };
    let mut request = build_request(base, meta, payload)?;
    accept(&mut request, E::Platform::ACCEPT);
    Ok(request)
}

/// Client side: the request of an upload whose file's content is still to
/// come, and the form around it. `boundary` must not occur in the content; the
/// content that the endpoint's file has already is not looked at.
///
/// # Errors
/// The endpoint uploads no file, its fields cannot be written, or its
/// [check](Endpoint::check) refuses them.
pub fn encode_upload<E: Endpoint>(
    base: &BaseUrl,
    endpoint: &E,
    boundary: &str,
) -> Result<(HttpRequest, Form), Error> {
    let meta = &E::META;
    endpoint.check().map_err(|bad| invalid(meta, bad))?;
    let (name, file) = endpoint
        .file()
        .ok_or_else(|| invalid(meta, "uploads no file"))?;
    let fields = fields(meta, serde_json::to_value(endpoint))?;
    let (mut request, form) = build_upload(base, meta, fields, (name, file), boundary)?;
    accept(&mut request, E::Platform::ACCEPT);
    Ok((request, form))
}

/// Says which media type the answer should have, if nobody has said so.
pub(crate) fn accept(request: &mut HttpRequest, media_type: Option<&'static str>) {
    if let Some(media_type) = media_type {
        let media_type = HeaderValue::from_static(media_type);
        request.headers_mut().entry(ACCEPT).or_insert(media_type);
    }
}

/// Server side: the endpoint that a request calls.
///
/// # Errors
/// What the platform answers to parameters that are missing or ill-typed.
pub fn decode_request<E: Endpoint>(request: &HttpRequest) -> Result<E, ApiError> {
    decode_parameters(E::Platform::parameters(&E::META, request)?)
}

/// Server side: the endpoint that parameters call, when they have been gathered already.
///
/// # Errors
/// What the platform answers to parameters that are missing or ill-typed.
pub fn decode_parameters<E: Endpoint>(parameters: Parameters) -> Result<E, ApiError> {
    let strictness = Strictness {
        json: E::Platform::STRICT_JSON,
        text: E::Platform::STRICT_TEXT,
    };
    parameters::read(parameters, strictness).map_err(E::Platform::bad_parameters)
}

/// Server side: the answer to a call.
pub fn encode_output<E: Endpoint>(outcome: Result<E::Output, ApiError>) -> HttpResponse {
    let payload = outcome.and_then(|output| {
        serde_json::to_vec(&output)
            .map_err(|error| ApiError::http(500, format!("the answer cannot be written: {error}")))
    });
    let done = payload.is_ok();
    let response = E::Platform::seal(payload.map(|payload| wrap(E::META.at, payload)));
    if done {
        succeed(&E::META, response)
    } else {
        response
    }
}

/// An answer of success with the status and the body, or none, that the endpoint has for it.
fn succeed(meta: &Meta, mut response: HttpResponse) -> HttpResponse {
    if meta.status != 200 {
        *response.status_mut() = StatusCode::from_u16(meta.status).unwrap_or(StatusCode::OK);
    }
    if meta.bodiless {
        *response.body_mut() = Bytes::new();
        response.headers_mut().remove(CONTENT_TYPE);
    }
    response
}

/// Client side: the output in a payload that [`Platform::open`] found.
///
/// # Errors
/// The payload does not have the documented form.
pub fn decode_output<E: Endpoint>(payload: &Bytes) -> Result<E::Output, Error> {
    let found = pick(payload, E::META.at);
    found
        .and_then(serde_json::from_slice)
        .map_err(|error| Error::decode(E::META.name, error, payload.clone()))
}

/// Parameters on their way into a request.
enum Payload {
    /// Written as they will stand there, but for those that stand in the query.
    Ready(Vec<u8>),
    Fields(Map<String, Value>),
}

fn invalid(meta: &Meta, error: impl fmt::Display) -> Error {
    Error::invalid(meta.name, error.to_string())
}

fn fields(meta: &Meta, value: serde_json::Result<Value>) -> Result<Map<String, Value>, Error> {
    match value {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(Error::invalid(
            meta.name,
            "a request is a struct with named fields",
        )),
        Err(error) => Err(invalid(meta, error)),
    }
}

fn build_request(base: &BaseUrl, meta: &Meta, payload: Payload) -> Result<HttpRequest, Error> {
    let (path, apart, written) = match payload {
        Payload::Ready(written) if meta.query.is_empty() => {
            (Cow::Borrowed(meta.path), Map::new(), written)
        }
        Payload::Ready(written) => {
            let (apart, rest) = set_apart(meta, &written)?;
            (Cow::Borrowed(meta.path), apart, rest)
        }
        Payload::Fields(mut fields) => {
            let path = fill_path(meta, &mut fields)?;
            let apart = take_apart(meta, &mut fields);
            let written = match meta.encoding {
                Encoding::Json => {
                    serde_json::to_vec(&fields).map_err(|error| invalid(meta, error))?
                }
                _ => pairs(meta, &in_brackets(meta, fields))?.into_bytes(),
            };
            (Cow::Owned(path), apart, written)
        }
    };
    if meta.encoding == Encoding::Query {
        let query = String::from_utf8(written).map_err(|error| invalid(meta, error))?;
        return bare_request(base, meta, &path, &query, None);
    }
    let content_type = HeaderValue::from_static(match meta.encoding {
        Encoding::Json => "application/json",
        _ => "application/x-www-form-urlencoded",
    });
    let query = pairs(meta, &apart)?;
    let request = bare_request(base, meta, &path, &query, Some(content_type))?;
    Ok(request.map(|_| written.into()))
}

/// The request of an upload without its body, and the form that goes around the content.
fn build_upload(
    base: &BaseUrl,
    meta: &Meta,
    mut fields: Map<String, Value>,
    (name, file): (&str, &File),
    boundary: &str,
) -> Result<(HttpRequest, Form), Error> {
    let path = fill_path(meta, &mut fields)?;
    let query = pairs(meta, &take_apart(meta, &mut fields))?;
    let form = Form::new(texts(fields), name, file, boundary);
    let content_type =
        HeaderValue::from_str(&form.content_type).map_err(|error| invalid(meta, error))?;
    let request = bare_request(base, meta, &path, &query, Some(content_type))?;
    Ok((request, form))
}

/// A request whose body is still to come.
fn bare_request(
    base: &BaseUrl,
    meta: &Meta,
    path: &str,
    query: &str,
    content_type: Option<HeaderValue>,
) -> Result<HttpRequest, Error> {
    let uri = base.join(path, query);
    let mut request = HttpRequest::new(Bytes::new());
    *request.method_mut() = meta.method.http();
    *request.uri_mut() = uri.map_err(|error| invalid(meta, error))?;
    if let Some(content_type) = content_type {
        request.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    Ok(request)
}

/// The fields that stand in the query although the others do not.
fn take_apart(meta: &Meta, fields: &mut Map<String, Value>) -> Map<String, Value> {
    let names = meta.query.iter();
    names
        .filter_map(|name| fields.remove_entry(*name))
        .collect()
}

/// The same of a written object, whose rest stays as it stands.
fn set_apart(meta: &Meta, written: &[u8]) -> Result<(Map<String, Value>, Vec<u8>), Error> {
    let members = parameters::members(written).map_err(|error| invalid(meta, error))?;
    let mut apart = Map::new();
    let mut rest = vec![b'{'];
    for (name, value) in members {
        if meta.query.contains(&name.as_str()) {
            let value = serde_json::from_str(value.get()).map_err(|error| invalid(meta, error))?;
            apart.insert(name, value);
            continue;
        }
        if rest.len() > 1 {
            rest.push(b',');
        }
        rest.extend_from_slice(Value::String(name).to_string().as_bytes());
        rest.push(b':');
        rest.extend_from_slice(value.get().as_bytes());
    }
    rest.push(b'}');
    Ok((apart, rest))
}

/// Fields as a form writes them.
fn texts(fields: Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    fields.into_iter().map(|(name, value)| match value {
        Value::String(text) => (name, text),
        other => (name, other.to_string()),
    })
}

/// `a=1&b=2`.
fn pairs(meta: &Meta, fields: &Map<String, Value>) -> Result<String, Error> {
    serde_html_form::to_string(fields).map_err(|error| invalid(meta, error))
}

/// The fields, the entries of maps taken out of them: `group[g1]=One`.
fn in_brackets(meta: &Meta, mut fields: Map<String, Value>) -> Map<String, Value> {
    for name in meta.brackets {
        if let Some(Value::Object(entries)) = fields.remove(*name) {
            let entries = entries.into_iter();
            fields.extend(entries.map(|(key, value)| (format!("{name}[{key}]"), value)));
        }
    }
    fields
}

/// What must be escaped inside one segment of a path.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

fn fill_path(meta: &Meta, fields: &mut Map<String, Value>) -> Result<String, Error> {
    let mut path = String::with_capacity(meta.path.len() + 16);
    for segment in meta.path.split('/').skip(1) {
        path.push('/');
        let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            path.push_str(segment);
            continue;
        };
        let text = match fields.remove(name) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            _ => {
                return Err(Error::invalid(
                    meta.name,
                    format!("`{name}` belongs into the path"),
                ));
            }
        };
        if text.is_empty() {
            return Err(Error::invalid(
                meta.name,
                format!("`{name}` must not be empty"),
            ));
        }
        path.extend(utf8_percent_encode(&text, SEGMENT));
    }
    Ok(path)
}

/// Whether `path` is the one of `meta`, and the fields its variables hold.
fn match_path(meta: &Meta, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    let mut given = path.trim_start_matches('/').split('/');
    for segment in meta.path.trim_start_matches('/').split('/') {
        let text = given.next()?;
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) => found.push((
                name,
                percent_decode_str(text).decode_utf8().ok()?.into_owned(),
            )),
            None if segment == text => {}
            None => return None,
        }
    }
    given.next().is_none().then_some(found)
}

/// The JSON at a dotted path of a payload, as it stands there.
fn pick<'a>(payload: &'a [u8], at: &str) -> serde_json::Result<&'a [u8]> {
    let mut json = payload;
    for name in at.split('.').filter(|name| !name.is_empty()) {
        json = parameters::field(json, name)?.get().as_bytes();
    }
    Ok(json)
}

/// The inverse of [`pick`].
fn wrap(at: &str, json: Vec<u8>) -> Bytes {
    let mut json = json;
    for name in at.rsplit('.').filter(|name| !name.is_empty()) {
        json = [b"{\"", name.as_bytes(), b"\":", json.as_slice(), b"}"].concat();
    }
    Bytes::from(json)
}

/// The parameters of a request as a server gathers them, before they are typed.
///
/// Later additions of a name replace earlier ones, so a platform's rule of
/// precedence is the order in which it adds.
///
/// They can be written down and read again, so that a server may carry a call
/// out later than it was made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(pub(crate) BTreeMap<String, Parameter>);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) value: Value,
    /// Came as text (query, form), where every value is a string.
    pub(crate) text: bool,
}

impl Parameters {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Path variables, then the body by its content type, then the query.
    ///
    /// # Errors
    /// A body that is not what its content type says.
    pub fn of(meta: &Meta, request: &HttpRequest) -> Result<Self, BadParameters> {
        let mut parameters = Self::new();
        parameters.add_path(meta, request.uri().path());
        match media_type(request) {
            "application/json" if !request.body().is_empty() => {
                parameters.add_json(request.body())?;
            }
            "application/x-www-form-urlencoded" => parameters.add_form(meta, request.body()),
            "multipart/form-data" => {
                for part in multipart::parse(content_type(request), request.body())? {
                    parameters.add_part(part);
                }
            }
            _ => {}
        }
        let in_query = meta.encoding == Encoding::Query || !meta.query.is_empty();
        if in_query || meta.method == Method::Get {
            parameters.add_text(request.uri().query().unwrap_or_default().as_bytes());
        }
        Ok(parameters)
    }

    /// Adds the variables of the endpoint's path.
    pub fn add_path(&mut self, meta: &Meta, path: &str) {
        for (name, value) in match_path(meta, path).into_iter().flatten() {
            self.0.insert(
                name.to_owned(),
                Parameter {
                    value: Value::String(value),
                    text: true,
                },
            );
        }
    }

    /// Adds the members of a JSON object.
    ///
    /// # Errors
    /// The body is not a JSON object.
    pub fn add_json(&mut self, body: &[u8]) -> Result<(), BadParameters> {
        let fields: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| BadParameters::body(format!("not a JSON object: {error}")))?;
        self.add_object(fields);
        Ok(())
    }

    /// Adds the members of an object that has been read already.
    pub fn add_object(&mut self, fields: Map<String, Value>) {
        for (name, value) in fields {
            self.0.insert(name, Parameter { value, text: false });
        }
    }

    /// Adds `a=1&b=2`; a name that is repeated becomes a list.
    pub fn add_text(&mut self, text: &[u8]) {
        let mut seen: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let pairs = serde_html_form::from_bytes::<Vec<(String, String)>>(text).unwrap_or_default();
        for (name, value) in pairs {
            seen.entry(name).or_default().push(Value::String(value));
        }
        for (name, mut values) in seen {
            let value = match values.len() {
                1 => values.swap_remove(0),
                _ => Value::Array(values),
            };
            self.0.insert(name, Parameter { value, text: true });
        }
    }

    /// The same of a form, where the entries of some parameters stand
    /// [one by one](Meta::brackets).
    pub fn add_form(&mut self, meta: &Meta, form: &[u8]) {
        self.add_text(form);
        for name in meta.brackets {
            let mut entries = Map::new();
            self.0.retain(|given, parameter| {
                let key = given.strip_prefix(name);
                let key = key.and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
                if let Some(key) = key {
                    entries.insert(key.to_owned(), parameter.value.take());
                }
                key.is_none()
            });
            if !entries.is_empty() {
                let (value, text) = (Value::Object(entries), false);
                self.0.insert((*name).to_owned(), Parameter { value, text });
            }
        }
    }

    /// Adds what stands in the query of a request: all of it where the endpoint's
    /// [encoding](Encoding) is the query, else the fields that [belong there](Meta::query) and no
    /// others, such as a token.
    pub fn add_query(&mut self, meta: &Meta, query: &str) {
        if meta.encoding == Encoding::Query {
            self.add_text(query.as_bytes());
            return;
        }
        let pairs = serde_html_form::from_str::<Vec<(String, String)>>(query).unwrap_or_default();
        for (name, value) in pairs {
            if meta.query.contains(&name.as_str()) {
                self.add_one(name, value);
            }
        }
    }

    /// The names there are.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Adds one parameter as text, as a query or form would.
    pub fn add_one(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let value = Value::String(value.into());
        self.0.insert(name.into(), Parameter { value, text: true });
    }

    /// Adds one part of a form: a file, or a field of text.
    pub fn add_part(&mut self, part: multipart::FormPart) {
        let Some(name) = part.name.clone() else {
            return;
        };
        if part.filename.is_some() {
            self.add_file(name, &part.into_file());
        } else {
            self.add_one(name, String::from_utf8_lossy(&part.content));
        }
    }

    /// Adds a file.
    pub fn add_file(&mut self, name: impl Into<String>, file: &File) {
        let value = serde_json::to_value(file).unwrap_or_default();
        self.0.insert(name.into(), Parameter { value, text: false });
    }

    /// Whether a parameter is there and came as text, in a query or form, where a list or an object
    /// can only be written as JSON.
    pub fn is_text(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|parameter| parameter.text)
    }

    /// Takes a parameter out, such as a token that is not the endpoint's.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).map(|parameter| parameter.value)
    }
}

/// The media type of a request's body, without its parameters; empty if none is named.
pub fn media_type(request: &HttpRequest) -> &str {
    content_type(request)
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
}

/// The same with its parameters.
fn content_type(request: &HttpRequest) -> &str {
    let value = request.headers().get(CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Parameters that an endpoint cannot take: which one, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadParameters {
    /// The parameter, if it is one in particular.
    pub field: Option<String>,
    /// What is wrong with it: its kind or length, never its value.
    pub problem: String,
    /// Whether it is not there at all.
    pub missing: bool,
    /// What there is too much of, if that is what is wrong.
    pub excess: Option<Excess>,
}

/// What there can be too much of in a parameter. Some platforms have codes of their own for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Excess {
    /// Of bytes or characters in a text.
    Length,
    /// Of items in a list.
    Count,
}

impl BadParameters {
    /// A body that cannot be read at all.
    pub fn body(problem: impl Into<String>) -> Self {
        Self {
            field: None,
            problem: problem.into(),
            missing: false,
            excess: None,
        }
    }

    /// One parameter that is wrong.
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            problem: problem.into(),
            missing: false,
            excess: None,
        }
    }

    /// One parameter of which there is too much.
    pub fn excess(field: impl Into<String>, excess: Excess, problem: impl Into<String>) -> Self {
        Self {
            excess: Some(excess),
            ..Self::field(field, problem)
        }
    }

    /// One parameter that is required and not there.
    pub fn missing(field: impl Into<String>) -> Self {
        Self {
            missing: true,
            ..Self::field(field, "is required")
        }
    }
}

impl fmt::Display for BadParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "`{field}`: {}", self.problem),
            None => write!(f, "body: {}", self.problem),
        }
    }
}

impl std::error::Error for BadParameters {}
