//! The endpoints of the list, with their types forgotten.

use std::collections::BTreeSet;

use mynah_core::{
    ApiError, Endpoint, Error, HttpRequest, HttpResponse, Meta, Platform, decode_request,
    encode_request,
};
use mynah_wecom::{WeCom, for_each_endpoint};

/// One endpoint of the list.
pub(crate) struct Row {
    pub(crate) meta: Meta,
    /// Reads a request as the server does and writes it as the client does, if
    /// the client would send it.
    pub(crate) rewrite: fn(&HttpRequest) -> Result<Option<HttpRequest>, ApiError>,
    /// Reads an answer as the client does and writes it as the server does.
    reanswer: fn(&HttpResponse) -> Result<HttpResponse, Error>,
}

impl Row {
    fn of<E: Endpoint<Platform = WeCom>>() -> Self {
        Self {
            meta: E::META,
            rewrite: |request| {
                let endpoint = decode_request::<E>(request)?;
                Ok(encode_request(&base(), &endpoint).ok())
            },
            reanswer: |answer| E::read(answer).map(|output| E::write(Ok(output))),
        }
    }

    /// Opens an answer, reads it and writes it again.
    pub(crate) fn reanswer(&self, response: &HttpResponse) -> HttpResponse {
        let payload = WeCom::open(response).unwrap();
        let answer = response.clone().map(|_| payload);
        (self.reanswer)(&answer).unwrap_or_else(|error| panic!("{}: {error:?}", self.meta.name))
    }
}

pub(crate) fn base() -> mynah_core::BaseUrl {
    mynah_wecom::API.parse().unwrap()
}

macro_rules! rows {
    ($($endpoint:ty),+ $(,)?) => { vec![$(Row::of::<$endpoint>()),+] };
}

pub(crate) fn rows() -> Vec<Row> {
    for_each_endpoint!(rows)
}

/// The endpoint at a path.
pub(crate) fn row(path: &str) -> Row {
    rows()
        .into_iter()
        .find(|row| row.meta.path == path)
        .unwrap_or_else(|| panic!("no endpoint is at {path}"))
}

#[test]
fn every_endpoint_has_a_name_by_its_path_and_a_page_of_the_documentation() {
    let mut names = BTreeSet::new();
    for Row { meta, .. } in rows() {
        let path = ["/cgi-bin/", "/openws/"]
            .iter()
            .find_map(|base| meta.path.strip_prefix(base))
            .unwrap();
        assert_eq!(meta.name, format!("wecom.{}", path.replace('/', ".")));
        let page = meta
            .doc
            .strip_prefix("https://developer.work.weixin.qq.com/document/path/");
        assert!(page.unwrap().parse::<u32>().is_ok(), "{}", meta.name);
        assert!(names.insert(meta.name), "{} stands there twice", meta.name);
    }
}

#[test]
fn what_a_message_says_is_described_beside_the_other_parameters() {
    let operations = for_each_endpoint!(mynah_core::operations);
    let send = operations
        .iter()
        .find(|operation| operation.meta.name == "wecom.appchat.send")
        .unwrap();
    let fields = send.fields();
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    assert_eq!(
        names,
        [
            "chatid",
            "msgtype",
            "text",
            "image",
            "voice",
            "video",
            "file",
            "textcard",
            "news",
            "mpnews",
            "markdown",
            "miniprogram_notice",
            "template_card",
            "taskcard",
            "safe"
        ]
    );
    assert_eq!(fields[1].kind, mynah_core::Kind::String);
    assert_eq!(
        (fields[2].kind, fields[2].doc),
        (mynah_core::Kind::Object, "Plain text.")
    );

    // A command line writes it so.
    let mut parameters = mynah_core::Parameters::new();
    for (name, value) in [
        ("chatid", "c1"),
        ("msgtype", "text"),
        ("text", r#"{"content":"hi"}"#),
    ] {
        parameters.add_one(name, value);
    }
    let request = send.encode(&base(), parameters).unwrap();
    assert_eq!(
        request.body().as_ref(),
        br#"{"chatid":"c1","msgtype":"text","text":{"content":"hi"}}"#
    );
}
