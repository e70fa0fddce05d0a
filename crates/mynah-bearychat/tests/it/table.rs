//! The list of endpoints as a table, in both directions.

use std::collections::BTreeSet;

use mynah_bearychat::{API, BearyChat, HOOK, Hook, RTM, Rtm, for_each_endpoint};
use mynah_core::{
    ApiError, BaseUrl, Bytes, Endpoint, Error, HttpRequest, HttpResponse, Kind, Meta, Operation,
    Parameters, Platform, decode_request, encode_request,
};

/// Where the endpoints of a platform are.
pub(crate) trait Based: Platform {
    const BASE: &'static str;
}

impl Based for BearyChat {
    const BASE: &'static str = API;
}

impl Based for Rtm {
    const BASE: &'static str = RTM;
}

impl Based for Hook {
    const BASE: &'static str = HOOK;
}

/// One endpoint of the list.
pub(crate) struct Row {
    pub(crate) meta: Meta,
    pub(crate) base: &'static str,
    /// Reads a request as the server does and writes it as the client does; why not, if one of
    /// them refuses it.
    pub(crate) rewrite: fn(&HttpRequest) -> Result<HttpRequest, String>,
    /// What the server answers to parameters that it cannot read.
    pub(crate) refusal: fn(&HttpRequest) -> Option<ApiError>,
    /// Opens an answer as the client does.
    pub(crate) open: fn(&HttpResponse) -> Result<Bytes, ApiError>,
    /// Refuses as the server does.
    pub(crate) refuse: fn(ApiError) -> HttpResponse,
    /// Reads an answer as the client does and writes it as the server does.
    reanswer: fn(&HttpResponse) -> Result<HttpResponse, Error>,
}

impl Row {
    fn of<E: Endpoint<Platform: Based>>() -> Self {
        Self {
            meta: E::META,
            base: E::Platform::BASE,
            rewrite: |request| {
                let endpoint = decode_request::<E>(request).map_err(|error| error.to_string())?;
                let base = base::<E>();
                encode_request(&base, &endpoint).map_err(|error| error.to_string())
            },
            refusal: |request| decode_request::<E>(request).err(),
            open: E::open,
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

/// Where an endpoint is.
pub(crate) fn base<E: Endpoint<Platform: Based>>() -> BaseUrl {
    E::Platform::BASE.parse().unwrap()
}

macro_rules! rows {
    ($($endpoint:ty),+ $(,)?) => { vec![$(Row::of::<$endpoint>()),+] };
}

pub(crate) fn rows() -> Vec<Row> {
    for_each_endpoint!(rows)
}

/// The endpoint that a request calls.
pub(crate) fn row(request: &HttpRequest) -> Row {
    let uri = request.uri().to_string();
    let (address, _) = uri.split_once('?').unwrap_or((&uri, ""));
    rows()
        .into_iter()
        .find(|row| {
            let its_own = format!("{}{}", row.base, row.meta.path);
            row.meta.method.http() == *request.method() && its_own == address
        })
        .unwrap_or_else(|| panic!("no endpoint is at {} {address}", request.method()))
}

#[test]
fn every_endpoint_has_a_name_by_its_path_and_a_page_of_the_documentation() {
    let mut names = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    for Row { meta, base, .. } in rows() {
        let name = meta.path.trim_start_matches('/').replace('/', ".");
        let name = name
            .strip_prefix("v1.current_team.")
            .map_or(name.clone(), |rest| format!("current_team.{rest}"));
        assert_eq!(meta.name, format!("bearychat.{name}"));
        assert!(
            meta.doc.starts_with("https://github.com/bearyinnovative/"),
            "{}",
            meta.name
        );
        if base == API {
            let page = format!("/api/{name}.md");
            assert!(
                meta.doc.ends_with(&page),
                "{} is on {}",
                meta.name,
                meta.doc
            );
        }
        assert!(names.insert(meta.name), "{} stands there twice", meta.name);
        assert!(
            addresses.insert((base, meta.path)),
            "{} is somewhere else too",
            meta.path
        );
    }
}

#[test]
fn of_all_calls_only_meta_needs_no_token() {
    let rows = rows();
    let open = rows.iter().filter(|row| !row.meta.authorized);
    let open: Vec<_> = open.map(|row| row.meta.name).collect();
    assert_eq!(open, ["bearychat.meta"]);
}

#[test]
fn no_call_that_says_something_is_repeated_by_itself() {
    for name in ["message.create", "message.forward", "message", "incoming"] {
        let name = format!("bearychat.{name}");
        let row = rows()
            .into_iter()
            .find(|row| row.meta.name == name)
            .unwrap();
        assert!(!row.meta.idempotent, "{name}");
    }
}

#[test]
fn a_command_line_writes_queries_and_attachments_as_json() {
    static OPERATIONS: &[Operation] = &for_each_endpoint!(mynah_core::operations);
    let operation = |name| {
        let mut operations = OPERATIONS.iter();
        let found = operations.find(|operation| operation.name() == name);
        found.unwrap()
    };
    let query = operation("message.query");
    let kinds: Vec<_> = query.fields().iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [Kind::String, Kind::Object]);
    let mut parameters = Parameters::new();
    parameters.add_one("vchannel_id", "=bw52O");
    parameters.add_one("query", r#"{"latest":{"limit":3}}"#);
    let request = query.encode(&API.parse().unwrap(), parameters).unwrap();
    assert_eq!(
        request.body().as_ref(),
        br#"{"vchannel_id":"=bw52O","query":{"latest":{"limit":3}}}"#
    );

    let create = operation("message.create");
    let mut parameters = Parameters::new();
    parameters.add_one("vchannel_id", "=bw52O");
    parameters.add_one("text", "hello");
    parameters.add_one("attachments", r#"[{"title":"more"}]"#);
    let request = create.encode(&API.parse().unwrap(), parameters).unwrap();
    assert_eq!(
        request.body().as_ref(),
        br#"{"vchannel_id":"=bw52O","text":"hello","attachments":[{"title":"more"}]}"#
    );
}
