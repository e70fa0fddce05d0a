//! What answers at `/wecom`: calls over HTTP, and the handshake of the long
//! connection.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::routing::any;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use mynah_core::{HttpResponse, Platform};
use mynah_wecom::{WeCom, errcode};
use serde::Deserialize;

use super::{WeComSide, bot};
use crate::fault::{Point, Refusal};
use crate::journal::{Check, Verdict, checks};
use crate::rim::http::{Asked, HttpRim, serve};
use crate::rim::{Reading, handshake};
use crate::server::{Request, Server};
use crate::wecom::refusal::refuse;

/// Longest body of an upload: the largest file, and the form around it
/// (<https://developer.work.weixin.qq.com/document/path/90253>).
const LONGEST_UPLOAD: usize = 20 * 1024 * 1024 + 64 * 1024;

/// Where files are uploaded.
const UPLOADS: [&str; 3] = [
    "/cgi-bin/media/upload",
    "/cgi-bin/media/uploadimg",
    "/cgi-bin/webhook/upload_media",
];

/// Where group robots speak, each with a key of its own.
const ROBOTS: &str = "/cgi-bin/webhook/";
/// What is answered to a token that is missing, wrong or over.
const TOKEN_REFUSALS: [i64; 3] = [
    errcode::TOKEN_MISSING,
    errcode::INVALID_TOKEN,
    errcode::TOKEN_EXPIRED,
];
/// What is answered to a key that no robot has.
const UNKNOWN_KEY: i64 = 93_000;
/// What is answered to an address that the application does not trust.
const UNTRUSTED: i64 = 60_020;

/// Where the long connection is opened.
const SOCKET: &str = "/openws";

/// What answers where.
pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/wecom", any(answer))
        .route("/wecom/", any(answer))
        .route("/wecom/{*path}", any(answer))
}

async fn answer(State(server): State<Server>, mut request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_prefix("/wecom").unwrap_or(path).to_owned();
    if path.trim_end_matches('/') == SOCKET && handshake::is_asked_for(request.headers()) {
        let role = bot::Role::Unknown;
        return handshake::accept::<WeComSide>(&server, &mut request, role).map(Body::from);
    }
    serve::<WeComSide>(&server, &path, request).await
}

impl HttpRim for WeComSide {
    type Found = Infallible;

    fn longest_body(path: &str, limit: usize) -> usize {
        if UPLOADS.contains(&path) {
            limit.max(LONGEST_UPLOAD)
        } else {
            limit
        }
    }

    /// Only a token can expire.
    fn point(asked: &Asked<'_>) -> Point {
        let query = asked.request.uri().query().unwrap_or_default();
        let has_token = query
            .split('&')
            .any(|pair| pair.starts_with("access_token="));
        if has_token {
            Point::HttpCall
        } else {
            Point::OpenCall
        }
    }

    fn message(asked: &Asked<'_>) -> Option<String> {
        #[derive(Deserialize)]
        struct Named {
            msgid: String,
        }
        let named: Named = serde_json::from_slice(asked.request.body()).ok()?;
        Some(named.msgid)
    }

    fn checked(asked: &Asked<'_>, answer: &HttpResponse) -> Vec<Check> {
        let code = errcode_in(answer);
        let query = asked.request.uri().query().unwrap_or_default();
        let has = |name: &str| mynah_core::in_query(query, name).is_some();
        let refused = TOKEN_REFUSALS.contains(&code);
        if asked.path.starts_with(ROBOTS) {
            checks(&[("key", code == UNKNOWN_KEY)])
        } else if code == UNTRUSTED {
            checks(&[("access_token", false), ("address", true)])
        } else if refused || has("access_token") {
            checks(&[("access_token", refused)])
        } else {
            Vec::new()
        }
    }

    fn answer(&mut self, asked: &Asked<'_>, _: Option<&Infallible>) -> HttpResponse {
        self.world.http(asked.path, asked.request, asked.caller)
    }

    fn refuse(&mut self, asked: &Asked<'_>, refusal: Refusal) -> HttpResponse {
        match refusal {
            Refusal::Expired => {
                // Then the world itself refuses this token, and the next one
                // it gives out is another.
                self.world.expire_tokens();
                self.world.http(asked.path, asked.request, asked.caller)
            }
            refusal => self.refuse_for(refusal, asked.caller),
        }
    }
}

impl WeComSide {
    /// The platform's answer to what is refused for no fault of its own.
    fn refuse_for(&mut self, refusal: Refusal, caller: IpAddr) -> HttpResponse {
        let code = match refusal {
            Refusal::TooMany => errcode::FREQUENCY,
            Refusal::Expired => errcode::TOKEN_EXPIRED,
            // There are no others of this platform.
            _ => return bad_gateway(),
        };
        let refused = WeCom::seal(Err(refuse(code)));
        self.world.with_hint(refused, caller)
    }
}

/// What stands in front of the interface when the interface is not there.
pub(super) fn bad_gateway() -> HttpResponse {
    let mut response = HttpResponse::new("502 Bad Gateway".into());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

/// The code of an answer; 0 where it has none.
fn errcode_in(answer: &HttpResponse) -> i64 {
    #[derive(Deserialize)]
    struct Coded {
        errcode: i64,
    }
    serde_json::from_slice(answer.body()).map_or(0, |Coded { errcode }| errcode)
}

/// What an answer says, for the journal.
pub(super) fn read_answer(answer: &HttpResponse) -> Reading {
    #[derive(Deserialize)]
    struct Named {
        msgid: String,
    }
    let json = answer.headers().get(CONTENT_TYPE).is_none_or(|kind| {
        let kind = kind.to_str().unwrap_or_default();
        kind.starts_with("application/json")
    });
    if !json && answer.status().is_success() {
        // A file.
        return Reading {
            verdict: Verdict::Ok,
            note: String::new(),
            message: None,
        };
    }
    match WeCom::open(answer) {
        Ok(body) => Reading {
            verdict: Verdict::Ok,
            note: String::new(),
            message: serde_json::from_slice(&body)
                .ok()
                .map(|Named { msgid }| msgid),
        },
        Err(error) => Reading {
            verdict: if error.status == 200 {
                Verdict::Failed
            } else {
                Verdict::Refused
            },
            note: match error.code.number() {
                Some(code) if error.status == 200 => format!("errcode {code}"),
                _ => String::new(),
            },
            message: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use http::header::HeaderValue;
    use mynah_core::{ApiError, HttpRequest};

    use super::*;

    #[test]
    fn only_uploads_may_be_longer_than_the_sandbox_allows() {
        for (path, limit, longest) in [
            ("/cgi-bin/media/upload", 1000, LONGEST_UPLOAD),
            ("/cgi-bin/webhook/upload_media", 1000, LONGEST_UPLOAD),
            ("/cgi-bin/media/upload", usize::MAX, usize::MAX),
            ("/cgi-bin/media/get", 1000, 1000),
            ("/cgi-bin/appchat/send", 1000, 1000),
        ] {
            assert_eq!(WeComSide::longest_body(path, limit), longest, "{path}");
        }
    }

    #[test]
    fn only_a_call_with_a_token_can_meet_its_end() {
        for (uri, point) in [
            ("/a?access_token=t", Point::HttpCall),
            ("/a?debug=1&access_token=t", Point::HttpCall),
            ("/cgi-bin/gettoken?corpid=c&corpsecret=s", Point::OpenCall),
            ("/cgi-bin/webhook/send?key=k", Point::OpenCall),
            ("/a", Point::OpenCall),
        ] {
            let mut request = HttpRequest::default();
            *request.uri_mut() = uri.parse().unwrap();
            let asked = Asked {
                path: "",
                request: &request,
                caller: IpAddr::from([127, 0, 0, 1]),
            };
            assert_eq!(WeComSide::point(&asked), point, "{uri}");
        }
    }

    #[test]
    fn the_journal_says_what_came_of_a_call() {
        let told = |answer: &HttpResponse| {
            let reading = read_answer(answer);
            (reading.verdict, reading.note, reading.message)
        };
        let sent = WeCom::seal(Ok(r#"{"msgid":"m1"}"#.into()));
        let message = Some("m1".to_owned());
        assert_eq!(told(&sent), (Verdict::Ok, String::new(), message));
        let refused = WeCom::seal(Err(ApiError::new(40014, "invalid access_token")));
        let note = "errcode 40014".to_owned();
        assert_eq!(told(&refused), (Verdict::Failed, note, None));
        assert_eq!(
            told(&bad_gateway()),
            (Verdict::Refused, String::new(), None)
        );
        let mut file = HttpResponse::new("not JSON".into());
        let kind = HeaderValue::from_static("image/png");
        file.headers_mut().insert(CONTENT_TYPE, kind);
        assert_eq!(told(&file), (Verdict::Ok, String::new(), None));
    }
}
