//! The list of endpoints as a table, in both directions.

use std::collections::BTreeSet;

use mynah_core::{
    ApiError, BaseUrl, Bytes, Endpoint, Error, HttpRequest, HttpResponse, Meta, Operation,
    Platform, decode_request, encode_request,
};
use mynah_rongcloud::{API, for_each_endpoint};

/// One endpoint of the list.
pub(crate) struct Row {
    pub(crate) meta: Meta,
    /// Reads a request as the server does and writes it as the client does; why not, if one of
    /// them refuses it.
    pub(crate) rewrite: fn(&HttpRequest) -> Result<HttpRequest, String>,
    /// Opens an answer as the client does.
    pub(crate) open: fn(&HttpResponse) -> Result<Bytes, ApiError>,
    /// Refuses as the server does.
    pub(crate) refuse: fn(ApiError) -> HttpResponse,
    /// Reads an answer as the client does and writes it as the server does.
    reanswer: fn(&HttpResponse) -> Result<HttpResponse, Error>,
}

impl Row {
    fn of<E: Endpoint>() -> Self {
        Self {
            meta: E::META,
            rewrite: |request| {
                let endpoint = decode_request::<E>(request).map_err(|error| error.to_string())?;
                encode_request(&base(), &endpoint).map_err(|error| error.to_string())
            },
            open: E::Platform::open,
            refuse: |error| E::write(Err(error)),
            reanswer: |answer| E::read(answer).map(|output| E::write(Ok(output))),
        }
    }

    /// Opens an answer, reads it and writes it again.
    pub(crate) fn reanswer(&self, response: &HttpResponse) -> Result<HttpResponse, Error> {
        let payload = (self.open)(response).unwrap();
        (self.reanswer)(&response.clone().map(|_| payload))
    }
}

pub(crate) fn base() -> BaseUrl {
    API.parse().unwrap()
}

macro_rules! rows {
    ($($endpoint:ty),+ $(,)?) => { vec![$(Row::of::<$endpoint>()),+] };
}

pub(crate) fn rows() -> Vec<Row> {
    for_each_endpoint!(rows)
}

/// The endpoint that a request calls, with or without the suffix.
pub(crate) fn row(request: &HttpRequest) -> Row {
    find(request).unwrap_or_else(|| panic!("no endpoint is at {}", request.uri()))
}

/// The same, if there is one.
pub(crate) fn find(request: &HttpRequest) -> Option<Row> {
    let path = request.uri().path();
    let path = path.strip_suffix(".json").unwrap_or(path);
    rows().into_iter().find(|row| {
        row.meta.method.http() == *request.method()
            && row.meta.path.strip_suffix(".json") == Some(path)
    })
}

/// `getToken` as `get_token`.
fn snake(word: &str) -> String {
    let mut snake = String::new();
    for letter in word.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[test]
fn every_endpoint_has_a_name_by_its_path_and_a_page_of_the_documentation() {
    let mut names = BTreeSet::new();
    for Row { meta, .. } in rows() {
        let path = meta.path.strip_suffix(".json").unwrap();
        let words: Vec<String> = path.split('/').skip(1).map(snake).collect();
        assert_eq!(meta.name, format!("rongcloud.{}", words.join(".")));
        assert!(meta.doc.starts_with("https://"), "{}", meta.name);
        assert!(names.insert(meta.name), "{} stands there twice", meta.name);
    }
}

#[test]
fn a_command_line_writes_maps_as_json() {
    static OPERATIONS: &[Operation] = &for_each_endpoint!(mynah_core::operations);
    let sync = OPERATIONS
        .iter()
        .find(|operation| operation.meta.name == "rongcloud.group.sync")
        .unwrap();
    let kinds: Vec<_> = sync.fields().iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [mynah_core::Kind::String, mynah_core::Kind::Object]);
    let mut parameters = mynah_core::Parameters::new();
    parameters.add_one("userId", "alice");
    parameters.add_one("group", r#"{"g1":"Group One","g2":7}"#);
    let request = sync.encode(&base(), parameters).unwrap();
    assert_eq!(
        request.body().as_ref(),
        b"group%5Bg1%5D=Group+One&group%5Bg2%5D=7&userId=alice"
    );
}
