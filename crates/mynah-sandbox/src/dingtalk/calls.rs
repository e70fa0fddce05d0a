//! From a call to its answer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::LazyLock;

use http::{Uri, uri::PathAndQuery};
use mynah_core::{
    ApiError, Encoding, Endpoint, HttpRequest, HttpResponse, Meta, Method, Platform, media_type,
};
use mynah_dingtalk::api::user::{DeleteUser, DeleteUsers};
use mynah_dingtalk::auth::{in_query, token_in};
use mynah_dingtalk::platform::open::word;
use mynah_dingtalk::{DingTalk, OpenApi, errcode, errors};
use serde_json::{Map, Value, json};

use super::refusal::refuse;
use super::tokens::Unaccepted;
use super::world::DingTalkWorld;
use crate::serve::Route;

/// One row of the table.
pub(super) type Row = Route<DingTalkWorld>;

macro_rules! table {
    ($($endpoint:ty),* $(,)?) => { Table::new([$(Row::to::<$endpoint>()),*]) };
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let table = mynah_dingtalk::for_each_endpoint!(table);
    // A program is known that posts the members it removes to where one is removed.
    table.with(DeleteUser::META.path, Row::to::<DeleteUsers>())
});

const TOPAPI: &str = "/topapi/";
const OPEN: &str = "/v1.0/";
const TOP: &str = "/router/rest";
const CUSTOM_ROBOT: &str = "/robot/send";

/// Who is calling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub(super) address: IpAddr,
    /// The custom robot whose token it is, by its place in the seed.
    pub(super) robot: usize,
}

/// Which interface a path belongs to; each refuses in its own manner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Generation {
    Classic,
    /// The gateway TOP refuses as topapi does.
    Topapi,
    Open,
}

impl Generation {
    fn of(path: &str) -> Self {
        if path.starts_with(OPEN) {
            Self::Open
        } else if path.starts_with(TOPAPI) || path == TOP {
            Self::Topapi
        } else {
            Self::Classic
        }
    }

    fn seal(self, refusal: ApiError) -> HttpResponse {
        match self {
            Self::Classic | Self::Topapi => DingTalk::seal(Err(refusal)),
            Self::Open => OpenApi::seal(Err(refusal)),
        }
    }
}

/// All endpoints: one path may have several, by method or by what TOP calls
/// `method`.
struct Table {
    by_path: HashMap<&'static str, Vec<Row>>,
    /// Those whose paths have variables.
    patterns: Vec<Row>,
}

impl Table {
    fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut table = Self {
            by_path: HashMap::new(),
            patterns: Vec::new(),
        };
        for row in rows {
            if row.meta.path.contains('{') {
                table.patterns.push(row);
            } else {
                table.by_path.entry(row.meta.path).or_default().push(row);
            }
        }
        table
    }

    /// With an endpoint at another path than its own.
    fn with(mut self, path: &'static str, row: Row) -> Self {
        self.by_path.entry(path).or_default().push(row);
        self
    }

    /// The endpoint that a request calls; one of the same path if its method
    /// is wrong.
    fn find(&self, path: &str, request: &HttpRequest) -> Option<&Row> {
        if path == TOP {
            let method = in_query(request.uri().query().unwrap_or_default(), "method")?;
            let name = format!("dingtalk.top.{}", method.strip_prefix("dingtalk.")?);
            let mut rows = self.by_path.get(TOP)?.iter();
            return rows.find(|row| row.meta.name == name);
        }
        let Some(rows) = self.by_path.get(path) else {
            let mut rows = self.patterns.iter();
            return rows.find(|row| fits(row.meta.path, path));
        };
        let called = |row: &&Row| row.meta.method.http() == *request.method();
        rows.iter().find(called).or_else(|| rows.first())
    }
}

/// Whether a path is one of a pattern.
fn fits(pattern: &str, path: &str) -> bool {
    let segments = |text: &str| text.split('/').count();
    let pairs = || pattern.split('/').zip(path.split('/'));
    segments(pattern) == segments(path)
        && pairs()
            .all(|(wanted, given)| wanted == given || wanted.starts_with('{') && !given.is_empty())
}

impl DingTalkWorld {
    /// Answers an HTTP call. `path` is what follows the root of the DingTalk
    /// URLs, with its leading slash and without the query: `/gettoken`,
    /// `/topapi/v2/user/get`, `/v1.0/oauth2/accessToken`, `/router/rest`.
    /// `caller` is where the call comes from; custom robots may ask for it.
    ///
    /// Checks in the order path, method, token, body, parameters. Also answers
    /// `GET /robot/messageFiles/<address>`, the files that people send to the
    /// robot.
    pub fn http(&mut self, path: &str, request: &HttpRequest, caller: IpAddr) -> HttpResponse {
        self.caller.address = caller;
        if let Some(file) = self.download_file(path, request) {
            return file;
        }
        let generation = Generation::of(path);
        let answer = match TABLE.find(path, request) {
            Some(row) => self.call(generation, row, path, request),
            None => unknown(generation, path),
        };
        self.with_request_id(path, answer)
    }

    fn call(
        &mut self,
        generation: Generation,
        row: &Row,
        path: &str,
        request: &HttpRequest,
    ) -> HttpResponse {
        if path == CUSTOM_ROBOT {
            return self.custom_robot(row, request);
        }
        if let Err(refusal) = self.admit(&row.meta, path, request) {
            return generation.seal(refusal);
        }
        if row.meta.path == path {
            return (row.call)(self, request);
        }
        // The variables are read from the whole path.
        match at_path(path, request) {
            Some(request) => (row.call)(self, &request),
            None => unknown(generation, path),
        }
    }

    /// Lets a call in by its method and its token.
    pub(super) fn admit(
        &self,
        meta: &Meta,
        path: &str,
        request: &HttpRequest,
    ) -> Result<(), ApiError> {
        let generation = Generation::of(path);
        if *request.method() != meta.method.http() {
            return Err(wrong_method(generation, meta));
        }
        if meta.authorized {
            let checked = self.check_token(request);
            checked.map_err(|problem| unaccepted(generation, path, problem))?;
        }
        if meta.encoding == Encoding::Json && !is_object(generation, request) {
            return Err(ApiError::new(errcode::WANTS_JSON, "参数需要是json格式"));
        }
        Ok(())
    }

    fn check_token(&self, request: &HttpRequest) -> Result<(), Unaccepted> {
        let token = token_in(request).unwrap_or_default();
        self.state.tokens.check(&token, self.state.now)
    }

    /// The refusal of a call because there were too many, in the manner of the
    /// interface that the path belongs to.
    pub(crate) fn too_many_calls(&mut self, path: &str) -> HttpResponse {
        let generation = Generation::of(path);
        let text = errors::text(90002);
        let refusal = match generation {
            Generation::Classic => ApiError::new(90002, text),
            Generation::Topapi => gateway("90002", text),
            Generation::Open => {
                let word = "Forbidden.AccessDenied.QpsLimitForApi";
                ApiError::new(word, text).with_status(403)
            }
        };
        let answer = generation.seal(refusal);
        self.with_request_id(path, answer)
    }

    /// The id of an answer: it means nothing, and changes nothing else.
    pub(crate) fn request_id(&mut self) -> String {
        format!("{:016x}", self.hints.next())
    }

    /// What topapi and TOP say with every answer, and version 1.0 with its
    /// refusals.
    fn with_request_id(&mut self, path: &str, answer: HttpResponse) -> HttpResponse {
        let name = match Generation::of(path) {
            Generation::Topapi => "request_id",
            Generation::Open if !answer.status().is_success() => "requestid",
            _ => return answer,
        };
        let id = self.request_id();
        answer.map(|body| {
            let Ok(mut fields) = serde_json::from_slice::<Map<String, Value>>(&body) else {
                return body;
            };
            // TOP has it inside of its own envelope, where there is one.
            match fields.iter_mut().next() {
                Some((method, Value::Object(answer))) if method.ends_with("_response") => {
                    if method != "error_response" {
                        answer.insert(name.to_owned(), id.into());
                    }
                }
                _ => _ = fields.insert(name.to_owned(), id.into()),
            }
            serde_json::to_vec(&fields).unwrap_or_default().into()
        })
    }
}

/// Whether a body is a JSON object where it must be one. That a body of version
/// 1.0 is none, its own words tell.
fn is_object(generation: Generation, request: &HttpRequest) -> bool {
    let body = request.body();
    let is_form =
        || media_type(request) != "application/json" && !body.trim_ascii_start().starts_with(b"{");
    match generation {
        Generation::Open => true,
        Generation::Topapi if is_form() => true,
        Generation::Topapi | Generation::Classic => {
            serde_json::from_slice::<Map<String, Value>>(body).is_ok()
        }
    }
}

/// There is no such path.
fn unknown(generation: Generation, path: &str) -> HttpResponse {
    match generation {
        Generation::Classic => {
            let words = "请求的URI地址不存在";
            generation.seal(ApiError::new(errcode::NOT_FOUND, words))
        }
        Generation::Topapi if path == TOP => {
            let error = json!({ "error_response": { "code": errcode::UNKNOWN_API, "msg": "Invalid method" } });
            // As it is: TOP has an envelope of its own.
            let mut answer = DingTalk::seal(Ok(bytes::Bytes::new()));
            *answer.body_mut() = error.to_string().into();
            answer
        }
        Generation::Topapi => generation.seal(ApiError::new(errcode::UNKNOWN_API, "不合法ApiName")),
        Generation::Open => {
            let words = "Specified api is not found, please check your url and method.";
            generation.seal(ApiError::new(word::NOT_FOUND, words).with_status(404))
        }
    }
}

fn wrong_method(generation: Generation, meta: &Meta) -> ApiError {
    if generation == Generation::Open {
        let words = "Specified api is not found, please check your url and method.";
        return ApiError::new(word::NOT_FOUND, words).with_status(404);
    }
    let code = if meta.method == Method::Get {
        errcode::WANTS_GET
    } else {
        errcode::WANTS_POST
    };
    refuse(meta.path, code)
}

fn unaccepted(generation: Generation, path: &str, problem: Unaccepted) -> ApiError {
    const UNKNOWN: &str = "不合法的access_token";
    match (generation, problem) {
        (Generation::Classic, Unaccepted::Missing) => {
            ApiError::new(errcode::TOKEN_MISSING, "缺少access_token参数")
        }
        (Generation::Classic, Unaccepted::Unknown) => {
            ApiError::new(errcode::INVALID_TOKEN, UNKNOWN)
        }
        (Generation::Classic, Unaccepted::Expired) => refuse(path, errcode::TOKEN_EXPIRED),
        (Generation::Topapi, Unaccepted::Missing) => gateway("40000", "access_token is blank"),
        (Generation::Topapi, Unaccepted::Unknown) => gateway("40014", UNKNOWN),
        (Generation::Topapi, Unaccepted::Expired) => {
            gateway("42001", errors::text(errcode::TOKEN_EXPIRED))
        }
        (Generation::Open, Unaccepted::Missing) => {
            let words = "缺少参数：x-acs-dingtalk-access-token";
            ApiError::new(word::TOKEN_MISSING, words).with_status(400)
        }
        (Generation::Open, _) => ApiError::new(word::INVALID_TOKEN, UNKNOWN).with_status(400),
    }
}

/// The refusal of the gateway before topapi.
fn gateway(code: &str, words: &str) -> ApiError {
    let message = format!("ding talk error[subcode={code},submsg={words}]");
    let mut details = Map::new();
    details.insert("sub_code".to_owned(), code.into());
    details.insert("sub_msg".to_owned(), words.into());
    ApiError::new(errcode::GATEWAY, message).with_details(details)
}

/// The same request at this path.
fn at_path(path: &str, request: &HttpRequest) -> Option<HttpRequest> {
    let query = request.uri().query();
    let all = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let all: PathAndQuery = all.parse().ok()?;
    let mut request = request.clone();
    *request.uri_mut() = Uri::from(all);
    Some(request)
}
