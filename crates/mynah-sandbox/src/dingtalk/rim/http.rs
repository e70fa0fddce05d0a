//! What answers at `/dingtalk`: calls over HTTP, and the handshake of Stream
//! connections.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use mynah_core::{ApiError, HttpResponse};
use mynah_dingtalk::auth::{in_query, token_in};
use mynah_dingtalk::platform::open::word;
use mynah_dingtalk::{errcode, errors};
use serde_json::{Map, Value, json};

use super::DingTalkSide;
use super::stream::Role;
use super::verify::{self, Unfit};
use crate::fault::{Point, Refusal};
use crate::hub::Hub;
use crate::journal::{Check, Verdict, checks};
use crate::rim::http::{Asked, Finding, HttpRim, serve};
use crate::rim::{Reading, handshake};
use crate::server::{Request, Server};

/// Longest body of an upload: the largest file, and the form around it
/// (<https://open.dingtalk.com/document/development/upload-media-files>).
const LONGEST_UPLOAD: usize = 20 * 1024 * 1024 + 64 * 1024;

/// Where files are uploaded.
const UPLOAD: &str = "/media/upload";
/// Where Stream connections are opened.
const SOCKET: &str = "/connect";
/// Where custom robots speak; their token does not expire.
const CUSTOM_ROBOT: &str = "/robot/send";
/// What is answered to a token that no custom robot has.
const UNKNOWN_ROBOT: i64 = 300_005;
/// Where the address for events is set, which is checked before.
const REGISTRATIONS: [&str; 2] = [
    "/call_back/register_call_back",
    "/call_back/update_call_back",
];
/// How the notes of answers end that refuse a token, on each interface.
const TOKEN_REFUSALS: [&str; 6] = [
    " 41001",
    " 40014",
    " 42001",
    "88, sub_code 40000",
    word::INVALID_TOKEN,
    word::TOKEN_MISSING,
];
/// An address that can be registered but not be reached.
const UNREACHABLE: i64 = 71012;

/// What answers where.
pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/dingtalk", any(answer))
        .route("/dingtalk/", any(answer))
        .route("/dingtalk/{*path}", any(answer))
}

async fn answer(State(server): State<Server>, mut request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_prefix("/dingtalk").unwrap_or(path).to_owned();
    if path.trim_end_matches('/') == SOCKET && handshake::is_asked_for(request.headers()) {
        let role = Role::default();
        return handshake::accept::<DingTalkSide>(&server, &mut request, role).map(Body::from);
    }
    serve::<DingTalkSide>(&server, &path, request).await
}

impl HttpRim for DingTalkSide {
    /// Whether an address that is to be registered is fit.
    type Found = Result<(), Unfit>;

    fn find(hub: &Arc<Hub>, asked: &Asked<'_>) -> Option<Finding<Self::Found>> {
        if !REGISTRATIONS.contains(&asked.path) {
            return None;
        }
        let (pending, corp_id) = hub.with(|state| {
            let world = &mut state.sides.dingtalk.world;
            let pending = world.begin_callback(asked.path, asked.request, asked.caller);
            (pending, world.corp_id().to_owned())
        });
        // What is refused anyway is not checked.
        let registered = pending.ok()?.registered;
        let hub = Arc::clone(hub);
        Some(Box::pin(verify::check_registered(hub, registered, corp_id)))
    }

    fn longest_body(path: &str, limit: usize) -> usize {
        if path == UPLOAD {
            limit.max(LONGEST_UPLOAD)
        } else {
            limit
        }
    }

    /// Only a token can expire.
    fn point(asked: &Asked<'_>) -> Point {
        if asked.path != CUSTOM_ROBOT && token_in(asked.request).is_some() {
            Point::HttpCall
        } else {
            Point::OpenCall
        }
    }

    fn message(asked: &Asked<'_>) -> Option<String> {
        let query = asked.request.uri().query().unwrap_or_default();
        if let Some(id) =
            in_query(query, "messageId").or_else(|| in_query(query, "processQueryKey"))
        {
            return Some(id.into_owned());
        }
        let fields: Map<String, Value> = serde_json::from_slice(asked.request.body()).ok()?;
        named(&fields)
    }

    fn checked(asked: &Asked<'_>, answer: &HttpResponse) -> Vec<Check> {
        let fields: Option<Map<String, Value>> = serde_json::from_slice(answer.body()).ok();
        let fields = fields.unwrap_or_default();
        if asked.path == CUSTOM_ROBOT {
            return robot_checks(asked, &fields);
        }
        let note = problem(answer.status(), &fields).unwrap_or_default();
        let refused = TOKEN_REFUSALS.iter().any(|refusal| note.ends_with(refusal));
        if refused || token_in(asked.request).is_some() {
            checks(&[("access_token", refused)])
        } else {
            Vec::new()
        }
    }

    fn answer(&mut self, asked: &Asked<'_>, found: Option<&Self::Found>) -> HttpResponse {
        if !REGISTRATIONS.contains(&asked.path) {
            return self.world.http(asked.path, asked.request, asked.caller);
        }
        let world = &mut self.world;
        match world.begin_callback(asked.path, asked.request, asked.caller) {
            Err(refused) => refused,
            Ok(pending) => {
                let checked = match found {
                    Some(Ok(())) => Ok(()),
                    Some(Err(unfit)) => Err(unfit.errcode),
                    // It would not have been taken a moment ago.
                    None => Err(UNREACHABLE),
                };
                let checked = checked.map_err(|code| {
                    let words = errors::page_text(asked.path, code);
                    ApiError::new(code, words)
                });
                world.finish_callback(pending, checked)
            }
        }
    }

    fn refuse(&mut self, asked: &Asked<'_>, refusal: Refusal) -> HttpResponse {
        match refusal {
            Refusal::Unavailable | Refusal::TimedOut => bad_gateway(),
            Refusal::TooMany => self.world.too_many_calls(asked.path),
            Refusal::Expired => {
                // Then the world itself refuses this token, and the next one it
                // gives out is another.
                self.world.expire_tokens();
                self.world.http(asked.path, asked.request, asked.caller)
            }
            Refusal::Blocked => blocked(asked.caller),
            Refusal::Html => page(),
        }
    }
}

/// A custom robot is known by its token, and by its signature or the address of
/// whoever posts for it, where it wants that.
fn robot_checks(asked: &Asked<'_>, answer: &Map<String, Value>) -> Vec<Check> {
    let query = asked.request.uri().query().unwrap_or_default();
    let words = answer.get("errmsg").and_then(Value::as_str);
    let words = words.unwrap_or_default();
    let code = answer.get("errcode").and_then(Value::as_i64);
    let token = ("access_token", code == Some(UNKNOWN_ROBOT));
    let address = ("address", words.contains("not in whitelist"));
    let (stale, unlike) = ("invalid timestamp", "sign not match");
    let signed = [
        ("timestamp", words.contains(stale)),
        ("signature", words.contains(unlike)),
    ];
    let is_signed = in_query(query, "sign").is_some() || signed.iter().any(|(_, wrong)| *wrong);
    let mut all = vec![token];
    all.extend(signed.into_iter().filter(|_| is_signed));
    all.extend(Some(address).filter(|(_, wrong)| *wrong));
    checks(&all)
}

/// What stands in front of the interface when the interface is not there.
pub(super) fn bad_gateway() -> HttpResponse {
    let mut response = HttpResponse::new("502 Bad Gateway".into());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

/// What an address gets that has made too many calls
/// (<https://open.dingtalk.com/document/development/call-frequency-limit>).
fn blocked(caller: IpAddr) -> HttpResponse {
    let body = json!({
        "status": errcode::BLOCKED,
        "wait": 5,
        "source": "x5",
        "punish": "deny",
        // Tells one block from another; ours are told by whose they are.
        "uuid": caller.to_string(),
    });
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    typed(body.to_string().into(), kind)
}

/// The same as a page.
fn page() -> HttpResponse {
    const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>405</title></head><body>\
        <h1>Sorry, your request has been blocked as it may cause potential threats to the \
        server's security.</h1></body></html>\n";
    typed(
        PAGE.into(),
        HeaderValue::from_static("text/html; charset=utf-8"),
    )
}

fn typed(body: Bytes, kind: HeaderValue) -> HttpResponse {
    let mut response = HttpResponse::new(body);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// What an answer says, for the journal.
pub(super) fn read_answer(answer: &HttpResponse) -> Reading {
    let fields: Option<Map<String, Value>> = serde_json::from_slice(answer.body()).ok();
    let fine = |message| Reading {
        verdict: Verdict::Ok,
        note: String::new(),
        message,
    };
    match fields {
        Some(fields) => match problem(answer.status(), &fields) {
            None => fine(named(&fields)),
            Some(note) => Reading {
                verdict: Verdict::Failed,
                note,
                message: None,
            },
        },
        // A file, or a page.
        None if answer.status().is_success() => fine(None),
        None => Reading {
            verdict: Verdict::Refused,
            note: String::new(),
            message: None,
        },
    }
}

/// What is wrong, in a word; each interface says so in its own way.
fn problem(status: StatusCode, fields: &Map<String, Value>) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let part = |name: &str| fields.get(name).map(text);
    if let Some(code) = part("errcode").filter(|code| code != "0") {
        return Some(match part("sub_code") {
            Some(sub) => format!("errcode {code}, sub_code {sub}"),
            None => format!("errcode {code}"),
        });
    }
    if let Some(error) = fields.get("error_response") {
        return Some(format!("code {}", text(&error["code"])));
    }
    if status.is_success() {
        return None;
    }
    Some(part("code").unwrap_or_else(|| status.as_u16().to_string()))
}

/// The message that a call or an answer names.
fn named(fields: &Map<String, Value>) -> Option<String> {
    let named = ["messageId", "processQueryKey"].into_iter();
    let mut named = named.filter_map(|name| fields.get(name)?.as_str());
    named.next().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use mynah_core::{HttpRequest, Platform};
    use mynah_dingtalk::{DingTalk, OpenApi};

    use super::*;

    #[test]
    fn only_uploads_may_be_longer_than_the_sandbox_allows() {
        for (path, limit, longest) in [
            ("/media/upload", 1000, LONGEST_UPLOAD),
            ("/media/upload", usize::MAX, usize::MAX),
            ("/media/downloadFile", 1000, 1000),
            ("/chat/send", 1000, 1000),
        ] {
            assert_eq!(DingTalkSide::longest_body(path, limit), longest, "{path}");
        }
    }

    #[test]
    fn only_a_call_with_a_token_can_meet_its_end() {
        for (path, query, point) in [
            ("/chat/get", "?access_token=t", Point::HttpCall),
            ("/chat/get", "", Point::OpenCall),
            ("/gettoken", "?appkey=k&appsecret=s", Point::OpenCall),
            ("/robot/send", "?access_token=t", Point::OpenCall),
            ("/robot/sendBySession", "?session=s", Point::OpenCall),
            ("/router/rest", "?session=t", Point::HttpCall),
        ] {
            let mut request = HttpRequest::default();
            *request.uri_mut() = format!("/dingtalk{path}{query}").parse().unwrap();
            let asked = Asked {
                path,
                request: &request,
                caller: IpAddr::from([127, 0, 0, 1]),
            };
            assert_eq!(DingTalkSide::point(&asked), point, "{path}{query}");
        }
    }

    #[test]
    fn the_journal_says_what_came_of_a_call_of_any_interface() {
        let told = |answer: &HttpResponse| {
            let reading = read_answer(answer);
            (reading.verdict, reading.note, reading.message)
        };
        let sent = DingTalk::seal(Ok(r#"{"messageId":"m1"}"#.into()));
        let fine = |message: Option<&str>| {
            let message = message.map(ToOwned::to_owned);
            (Verdict::Ok, String::new(), message)
        };
        assert_eq!(told(&sent), fine(Some("m1")));
        let sent = OpenApi::seal(Ok(r#"{"processQueryKey":"q1"}"#.into()));
        assert_eq!(told(&sent), fine(Some("q1")));
        let failed = |note: &str| (Verdict::Failed, note.to_owned(), None);
        let refused = DingTalk::seal(Err(ApiError::new(40014, "不合法的access_token")));
        assert_eq!(told(&refused), failed("errcode 40014"));
        let sub = Map::from_iter([("sub_code".to_owned(), json!("40014"))]);
        let refused = DingTalk::seal(Err(ApiError::new(88, "").with_details(sub)));
        assert_eq!(told(&refused), failed("errcode 88, sub_code 40014"));
        let refused = ApiError::new("InvalidAuthentication", "").with_status(400);
        let refused = OpenApi::seal(Err(refused));
        assert_eq!(told(&refused), failed("InvalidAuthentication"));
        let top = HttpResponse::new(r#"{"error_response":{"code":22}}"#.into());
        assert_eq!(told(&top), failed("code 22"));
        assert_eq!(
            told(&bad_gateway()),
            (Verdict::Refused, String::new(), None)
        );
        assert_eq!(told(&HttpResponse::new("a file".into())), fine(None));
    }
}
