//! What answers at `/rongcloud`: calls to both of the platform's hosts, and the
//! files of the history.

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use mynah_core::{HttpResponse, Platform as _, in_query};
use mynah_rongcloud::RongCloud;
use mynah_rongcloud::platform::code;
use serde_json::{Map, Value};

use super::RongCloudSide;
use crate::fault::{Point, Refusal};
use crate::journal::{Check, Verdict, checks};
use crate::rim::Reading;
use crate::rim::http::{Asked, HttpRim, serve};
use crate::rongcloud::refusal::refuse;
use crate::server::{Request, Server};

/// The address of the caller may not call.
const RESTRICTED: i64 = 1007;

/// The headers in which a signature stands.
const SIGNATURES: [&str; 2] = ["signature", "rc-signature"];

/// What answers where.
pub(super) fn router() -> Router<Server> {
    Router::new()
        .route("/rongcloud", any(answer))
        .route("/rongcloud/", any(answer))
        .route("/rongcloud/{*path}", any(answer))
}

async fn answer(State(server): State<Server>, request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_prefix("/rongcloud").unwrap_or(path).to_owned();
    serve::<RongCloudSide>(&server, &path, request).await
}

impl HttpRim for RongCloudSide {
    type Found = Infallible;

    /// Only a signature can be refused.
    fn point(asked: &Asked<'_>) -> Point {
        let headers = asked.request.headers();
        if SIGNATURES.iter().any(|name| headers.contains_key(*name)) {
            Point::HttpCall
        } else {
            Point::OpenCall
        }
    }

    fn message(asked: &Asked<'_>) -> Option<String> {
        let body = std::str::from_utf8(asked.request.body()).ok()?;
        let id = in_query(body, "messageUID")?;
        Some(id.into_owned())
    }

    fn checked(asked: &Asked<'_>, answer: &HttpResponse) -> Vec<Check> {
        let headers = asked.request.headers();
        let fields: Option<Map<String, Value>> = serde_json::from_slice(answer.body()).ok();
        let fields = fields.unwrap_or_default();
        let words = fields.get("errorMessage").and_then(Value::as_str);
        let is_unknown = words.is_some_and(|words| words.contains("App-Key"));
        let is_unlike = fields.get("code").and_then(Value::as_i64) == Some(code::SIGNATURE);
        let is_signed = SIGNATURES.iter().any(|name| headers.contains_key(*name));
        // Files are there for whoever knows their address.
        if !is_signed && !is_unknown && !is_unlike {
            return Vec::new();
        }
        checks(&[("app_key", is_unknown), ("signature", is_unlike)])
    }

    fn answer(&mut self, asked: &Asked<'_>, _: Option<&Infallible>) -> HttpResponse {
        self.world.http(asked.path, asked.request, asked.caller)
    }

    fn refuse(&mut self, _: &Asked<'_>, refusal: Refusal) -> HttpResponse {
        let code = match refusal {
            Refusal::Unavailable => code::INTERNAL,
            Refusal::TimedOut => code::TIMEOUT,
            Refusal::TooMany => code::TOO_FAST,
            // Signatures do not expire, but they can be wrong.
            Refusal::Expired => code::SIGNATURE,
            Refusal::Blocked => RESTRICTED,
            Refusal::Html => return page(),
        };
        RongCloud::seal(Err(refuse(code)))
    }
}

/// What stands in front of the interface when the interface is not there.
fn page() -> HttpResponse {
    const PAGE: &str = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\
        \r\n<body>\r\n<h1>503 Service Temporarily Unavailable</h1>\r\n</body>\r\n</html>\r\n";
    let mut response = HttpResponse::new(Bytes::from_static(PAGE.as_bytes()));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let kind = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// What an answer says, for the journal.
pub(super) fn read_answer(answer: &HttpResponse) -> Reading {
    let fields: Option<Map<String, Value>> = serde_json::from_slice(answer.body()).ok();
    let (verdict, note, message) = match &fields {
        Some(fields) if fields.get("code").and_then(Value::as_i64) == Some(code::OK) => {
            (Verdict::Ok, String::new(), named(fields))
        }
        Some(fields) => {
            let code = fields.get("code").unwrap_or(&Value::Null);
            (Verdict::Failed, format!("code {code}"), None)
        }
        // A file, or a page.
        None if answer.status().is_success() => (Verdict::Ok, String::new(), None),
        None => (Verdict::Refused, String::new(), None),
    };
    Reading {
        verdict,
        note,
        message,
    }
}

/// The message that an answer names, or the first one of several.
fn named(fields: &Map<String, Value>) -> Option<String> {
    let several = fields.get("messageUIDs").and_then(Value::as_array);
    let first = several.and_then(|several| several.first()?.get("messageUID"));
    let id = fields.get("messageUID").or(first)?.as_str()?;
    Some(id.to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use mynah_core::HttpRequest;

    use super::*;

    #[test]
    fn only_what_is_signed_can_be_signed_wrongly() {
        for (header, point) in [
            ("Signature", Point::HttpCall),
            ("RC-Signature", Point::HttpCall),
            ("Nonce", Point::OpenCall),
        ] {
            let request = HttpRequest::default();
            let (mut parts, body) = request.into_parts();
            let name: http::HeaderName = header.parse().unwrap();
            parts.headers.insert(name, HeaderValue::from_static("7"));
            let request = HttpRequest::from_parts(parts, body);
            let asked = Asked {
                path: "/user/getToken.json",
                request: &request,
                caller: IpAddr::from([127, 0, 0, 1]),
            };
            assert_eq!(RongCloudSide::point(&asked), point, "{header}");
        }
    }

    #[test]
    fn the_journal_says_what_came_of_a_call() {
        let told = |answer: &HttpResponse| {
            let reading = read_answer(answer);
            (reading.verdict, reading.note, reading.message)
        };
        let fine = |message: Option<&str>| {
            let message = message.map(ToOwned::to_owned);
            (Verdict::Ok, String::new(), message)
        };
        let sealed = |json: &'static str| RongCloud::seal(Ok(json.into()));
        assert_eq!(told(&sealed("{}")), fine(None));
        let sent = r#"{"messageUIDs":[{"userId":"a","messageUID":"m1"},{"messageUID":"m2"}]}"#;
        assert_eq!(told(&sealed(sent)), fine(Some("m1")));
        assert_eq!(told(&sealed(r#"{"messageUID":"m3"}"#)), fine(Some("m3")));
        let failed = |code: i64| {
            let refused = RongCloud::seal(Err(refuse(code)));
            told(&refused)
        };
        let note = |code| (Verdict::Failed, format!("code {code}"), None);
        assert_eq!(failed(1004), note(1004));
        // This one stands in an answer that says that all is well.
        assert_eq!(failed(1015), note(1015));
        assert_eq!(told(&page()), (Verdict::Refused, String::new(), None));
        assert_eq!(told(&HttpResponse::new("a file".into())), fine(None));
    }
}
