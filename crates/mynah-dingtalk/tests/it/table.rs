//! The list of endpoints as a table, in both directions.

use std::collections::BTreeSet;

use mynah_core::{
    ApiError, Endpoint, Error, HttpRequest, HttpResponse, Meta, Operation, Platform,
    decode_request, encode_request,
};
use mynah_dingtalk::for_each_endpoint;

/// One endpoint of the list.
pub(crate) struct Row {
    pub(crate) meta: Meta,
    /// Reads a request as the server does and writes it as the client does.
    pub(crate) rewrite: fn(&HttpRequest) -> Result<HttpRequest, ApiError>,
    /// Opens an answer as the client does.
    pub(crate) open: fn(&HttpResponse) -> Result<mynah_core::Bytes, ApiError>,
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
                let endpoint = decode_request::<E>(request)?;
                Ok(encode_request(&base(), &endpoint).unwrap())
            },
            open: E::Platform::open,
            refuse: |error| E::write(Err(error)),
            reanswer: |answer| E::read(answer).map(|output| E::write(Ok(output))),
        }
    }

    /// Opens an answer, reads it and writes it again.
    pub(crate) fn reanswer(&self, response: &HttpResponse) -> HttpResponse {
        let payload = (self.open)(response).unwrap();
        let answer = response.clone().map(|_| payload);
        (self.reanswer)(&answer).unwrap_or_else(|error| panic!("{}: {error:?}", self.meta.name))
    }

    /// Whether the request calls it, as far as method and path say.
    fn is_at(&self, request: &HttpRequest) -> bool {
        let wanted = self.meta.path.split('/');
        let given = request.uri().path().split('/');
        self.meta.method.http() == *request.method()
            && wanted.clone().count() == given.clone().count()
            && wanted
                .zip(given)
                .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
    }
}

pub(crate) fn base() -> mynah_core::BaseUrl {
    mynah_dingtalk::OAPI.parse().unwrap()
}

macro_rules! rows {
    ($($endpoint:ty),+ $(,)?) => { vec![$(Row::of::<$endpoint>()),+] };
}

pub(crate) fn rows() -> Vec<Row> {
    for_each_endpoint!(rows)
}

/// The endpoint that a request calls.
pub(crate) fn row(request: &HttpRequest) -> Row {
    let top = method_of_top(request).map(|method| method.replacen("dingtalk", "dingtalk.top", 1));
    let removes_many = request.method() == "POST" && request.uri().path() == "/user/delete";
    rows()
        .into_iter()
        .find(|row| match &top {
            Some(name) => row.meta.name == name,
            None if removes_many => row.meta.path == "/user/batchdelete",
            None => row.is_at(request),
        })
        .unwrap_or_else(|| panic!("no endpoint is at {}", request.uri()))
}

fn method_of_top(request: &HttpRequest) -> Option<String> {
    let uri = request.uri();
    let query = uri.query().filter(|_| uri.path() == "/router/rest")?;
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap();
    let method = pairs.into_iter().find(|(name, _)| name == "method");
    method.map(|(_, method)| method)
}

/// `getReadList` as `get_read_list`.
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
        let words = meta.path.split('/').skip(1);
        let words: Vec<String> = words
            .filter(|word| !word.starts_with('{'))
            .map(|word| snake(if word == "v1.0" { "v1" } else { word }))
            .collect();
        let by_path = format!("dingtalk.{}", words.join("."));
        let two_methods = ["create", "update"].map(|word| format!("{by_path}.{word}"));
        assert!(
            meta.path == "/router/rest"
                || meta.name == by_path
                || meta.path == "/v1.0/card/instances" && two_methods.contains(&meta.name.into()),
            "{} is at {}",
            meta.name,
            meta.path
        );
        assert!(meta.doc.starts_with("https://"), "{}", meta.name);
        assert!(names.insert(meta.name), "{} stands there twice", meta.name);
    }
}

#[test]
fn what_a_message_says_is_described_beside_the_other_parameters() {
    static OPERATIONS: &[Operation] = &for_each_endpoint!(mynah_core::operations);
    let find = |name: &str| {
        let found = OPERATIONS
            .iter()
            .find(|operation| operation.meta.name == name);
        found.unwrap()
    };
    let send = find("dingtalk.chat.send");
    let names: Vec<_> = send.fields().iter().map(|field| field.name).collect();
    assert_eq!(names[..3], ["chatid", "msgtype", "text"]);

    // A command line writes it so.
    let mut parameters = mynah_core::Parameters::new();
    for (name, value) in [
        ("chatid", "chat1"),
        ("msgtype", "text"),
        ("text", r#"{"content":"hi"}"#),
    ] {
        parameters.add_one(name, value);
    }
    let request = send.encode(&base(), parameters).unwrap();
    assert_eq!(
        request.body().as_ref(),
        br#"{"chatid":"chat1","msgtype":"text","text":{"content":"hi"}}"#
    );
    let robot = find("dingtalk.v1.robot.group_messages.send");
    let names: Vec<_> = robot.fields().iter().map(|field| field.name).collect();
    assert_eq!(
        names,
        [
            "robotCode",
            "openConversationId",
            "msgKey",
            "msgParam",
            "coolAppCode"
        ]
    );
}
