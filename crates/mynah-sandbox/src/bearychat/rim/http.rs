//! What answers at `/bearychat`: calls over HTTP, and the handshake of sockets.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use mynah_bearychat::errors;
use mynah_bearychat::platform::token_of;
use mynah_core::{ApiError, HttpResponse, in_query};
use serde_json::{Map, Value};

use super::BearyChatSide;
use super::rtm::{Role, SOCKETS};
use crate::fault::{Point, Refusal};
use crate::journal::{Check, Verdict, checks};
use crate::rim::http::{Asked, HttpRim, serve};
use crate::rim::{Reading, handshake};
use crate::server::{Request, Server};

/// Where incoming hooks are; the token stands in the path.
const HOOKS: &str = "/hook/";

/// What names a message in calls and in answers.
const KEYS: [&str; 2] = ["message_key", "key"];

/// What answers where.
pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/bearychat", any(answer))
        .route("/bearychat/", any(answer))
        .route("/bearychat/{*path}", any(answer))
}

async fn answer(State(server): State<Server>, mut request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_prefix("/bearychat").unwrap_or(path).to_owned();
    if path.starts_with(SOCKETS) && handshake::is_asked_for(request.headers()) {
        let role = Role::default();
        return handshake::accept::<BearyChatSide>(&server, &mut request, role).map(Body::from);
    }
    serve::<BearyChatSide>(&server, &path, request).await
}

impl HttpRim for BearyChatSide {
    type Found = Infallible;

    /// Only what shows a token can have one that is no good any more.
    fn point(asked: &Asked<'_>) -> Point {
        if token_of(asked.request).is_some() {
            Point::HttpCall
        } else {
            Point::OpenCall
        }
    }

    fn message(asked: &Asked<'_>) -> Option<String> {
        if let Ok(fields) = serde_json::from_slice(asked.request.body()) {
            return named(&fields);
        }
        let query = asked.request.uri().query().unwrap_or_default();
        let mut found = KEYS.into_iter().filter_map(|key| in_query(query, key));
        found.next().map(Into::into)
    }

    fn checked(asked: &Asked<'_>, answer: &HttpResponse) -> Vec<Check> {
        let status = answer.status();
        let is_unknown = if asked.path.starts_with(HOOKS) {
            status == StatusCode::NOT_FOUND
        } else {
            status == StatusCode::UNAUTHORIZED
        };
        let shows_one = asked.path.starts_with(HOOKS) || token_of(asked.request).is_some();
        if shows_one || is_unknown {
            checks(&[("token", is_unknown)])
        } else {
            Vec::new()
        }
    }

    fn answer(&mut self, asked: &Asked<'_>, _: Option<&Infallible>) -> HttpResponse {
        self.world.http(asked.path, asked.request, asked.caller)
    }

    fn refuse(&mut self, asked: &Asked<'_>, refusal: Refusal) -> HttpResponse {
        match refused(refusal) {
            Some(refusal) => self
                .world
                .refuse(asked.path, asked.request, asked.caller, refusal),
            None => page(),
        }
    }
}

/// The words for what is refused for no fault of its own; none for a page.
pub(super) fn refused(refusal: Refusal) -> Option<ApiError> {
    match refusal {
        Refusal::TooMany => Some(errors::too_fast()),
        Refusal::Expired => Some(errors::unauthorized()),
        Refusal::Html => None,
        // The platform is not known to say more than this.
        Refusal::Unavailable | Refusal::TimedOut | Refusal::Blocked => Some(errors::internal()),
    }
}

/// What stands in front of the interface when the interface is not there.
fn page() -> HttpResponse {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n\
        <body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    let mut response = HttpResponse::new(Bytes::from_static(PAGE.as_bytes()));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    let kind = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// What an answer says, for the journal. One without a body says nothing, which
/// is an answer as well.
pub(super) fn read_answer(answer: &HttpResponse) -> Reading {
    let fields: Option<Map<String, Value>> = serde_json::from_slice(answer.body()).ok();
    let code = fields.as_ref().and_then(|fields| fields.get("code"));
    let failed = code.filter(|code| **code != 0);
    let status = answer.status();
    let (verdict, note, message) = match failed {
        Some(code) => (Verdict::Failed, format!("code {code}"), None),
        None if status.is_success() || status.is_redirection() => {
            let message = fields.as_ref().and_then(named);
            (Verdict::Ok, String::new(), message)
        }
        None => (Verdict::Refused, String::new(), None),
    };
    Reading {
        verdict,
        note,
        message,
    }
}

/// The message that a call or an answer names.
fn named(fields: &Map<String, Value>) -> Option<String> {
    let mut named = KEYS.into_iter().filter_map(|key| fields.get(key)?.as_str());
    named.next().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use mynah_bearychat::{BearyChat, Rtm};
    use mynah_core::{HttpRequest, Platform};

    use super::*;

    fn asked(target: &str, body: &'static str, look: impl FnOnce(&Asked<'_>)) {
        let mut request = HttpRequest::new(Bytes::from_static(body.as_bytes()));
        *request.uri_mut() = format!("/bearychat{target}").parse().unwrap();
        look(&Asked {
            path: target.split('?').next().unwrap(),
            request: &request,
            caller: IpAddr::from([127, 0, 0, 1]),
        });
    }

    #[test]
    fn only_a_token_can_be_no_good_any_more() {
        for (target, body, point) in [
            ("/v1/user.me?token=t", "", Point::HttpCall),
            ("/v1/p2p.create", r#"{"token":"t"}"#, Point::HttpCall),
            ("/v1/meta?", "", Point::OpenCall),
            (
                "/hook/=bwTeam/incoming/t",
                r#"{"text":"hi"}"#,
                Point::OpenCall,
            ),
        ] {
            asked(target, body, |asked| {
                assert_eq!(BearyChatSide::point(asked), point, "{target}");
            });
        }
    }

    #[test]
    fn the_message_that_is_called_for_is_known_wherever_it_stands() {
        for (target, body, message) in [
            (
                "/v1/message.info?token=t&message_key=1.0001",
                "",
                Some("1.0001"),
            ),
            (
                "/v1/reaction.create?token=t",
                r#"{"key":"2.0001"}"#,
                Some("2.0001"),
            ),
            ("/v1/user.me?token=t", "", None),
        ] {
            asked(target, body, |asked| {
                assert_eq!(
                    BearyChatSide::message(asked).as_deref(),
                    message,
                    "{target}"
                );
            });
        }
    }

    #[test]
    fn the_journal_says_what_came_of_a_call_to_any_host() {
        let told = |answer: &HttpResponse| {
            let reading = read_answer(answer);
            (reading.verdict, reading.note, reading.message)
        };
        let fine = |message: Option<&str>| {
            let message = message.map(ToOwned::to_owned);
            (Verdict::Ok, String::new(), message)
        };
        let open = |json: &'static str| BearyChat::seal(Ok(json.into()));
        assert_eq!(
            told(&open(r#"{"key":"1.0001","text":"hi"}"#)),
            fine(Some("1.0001"))
        );
        assert_eq!(told(&open("[]")), fine(None));
        assert_eq!(told(&HttpResponse::default()), fine(None));
        assert_eq!(told(&Rtm::seal(Ok("null".into()))), fine(None));
        let failed = (Verdict::Failed, "code 4".to_owned(), None);
        assert_eq!(told(&BearyChat::seal(Err(errors::forbidden()))), failed);
        assert_eq!(told(&Rtm::seal(Err(errors::forbidden()))), failed);
        assert_eq!(told(&page()), (Verdict::Refused, String::new(), None));
    }
}
