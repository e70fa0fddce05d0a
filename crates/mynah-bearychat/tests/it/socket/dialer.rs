//! How a program comes to a connection, and when it does not try again.

use std::time::Instant;

use mynah_bearychat::Token;
use mynah_bearychat::socket::{RtmDialer, RtmEvent};
use mynah_core::{Dial, Dialer, ErrorKind, HttpRequest, HttpResponse, Session};
use serde_json::{Value, json};

use super::{pinned, text};

const RTM: &str = "http://127.0.0.1:7700/bearychat/rtm";
const OPENAPI: &str = "http://127.0.0.1:7700/bearychat/v1";

fn over_rtm() -> RtmDialer {
    RtmDialer::new(&RTM.parse().unwrap(), Token::from("sandbox-token"))
}

fn over_openapi() -> RtmDialer {
    RtmDialer::over_openapi(&OPENAPI.parse().unwrap(), Token::from("sandbox-token"))
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(body.to_string().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn start(ws_host: &str) -> Value {
    json!({"user": {"id": "=bwBot", "name": "mynah"}, "ws_host": ws_host})
}

fn enveloped(ws_host: &str) -> HttpResponse {
    answer(200, &json!({"code": 0, "result": start(ws_host)}))
}

const ADDRESS: &str = "ws://127.0.0.1:7700/bearychat/rtm/nimbus/ws:one";

/// What it asks, if it does not connect.
fn asked(dialer: &mut RtmDialer) -> Option<HttpRequest> {
    match dialer.dial(pinned(Instant::now())).unwrap() {
        Dial::Ask(request) => Some(request),
        Dial::Connect(_) => None,
    }
}

fn absorb(dialer: &mut RtmDialer, response: HttpResponse) -> Result<(), mynah_core::Error> {
    dialer.absorb(response, pinned(Instant::now()))
}

#[test]
fn every_connection_begins_with_a_start_of_its_own() {
    let mut dialer = over_rtm();
    for _ in 0..2 {
        let request = asked(&mut dialer).unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(
            request.uri().to_string(),
            format!("{RTM}/start?token=sandbox-token")
        );
        absorb(&mut dialer, enveloped(ADDRESS)).unwrap();
        let Ok(Dial::Connect(handshake)) = dialer.dial(pinned(Instant::now())) else {
            panic!("a handshake");
        };
        assert_eq!(handshake.uri(), ADDRESS);
        assert!(handshake.headers().is_empty());
        // Whether it came to a connection or not: the address is used.
    }
    assert!(asked(&mut dialer).is_some());
}

#[test]
fn the_other_service_has_a_start_without_envelope() {
    let mut dialer = over_openapi();
    let request = asked(&mut dialer).unwrap();
    assert_eq!(
        request.uri().to_string(),
        format!("{OPENAPI}/rtm.start?token=sandbox-token")
    );
    absorb(&mut dialer, answer(200, &start(ADDRESS))).unwrap();
    assert!(asked(&mut dialer).is_none());
}

#[test]
fn a_connection_says_whose_it_is() {
    let now = Instant::now();
    let mut dialer = over_rtm();
    absorb(&mut dialer, enveloped(ADDRESS)).unwrap();
    assert!(asked(&mut dialer).is_none());
    let mut session = dialer.open(now);
    session.handle_frame(now, text(json!({"type": "typing"})));
    let Some(RtmEvent::Connected(Some(me))) = session.poll_event() else {
        panic!("connected");
    };
    assert_eq!((me.id.as_str(), me.name.as_str()), ("=bwBot", "mynah"));
}

#[test]
fn a_token_that_is_refused_is_the_end_of_it() {
    for (status, code) in [(401, 2), (403, 4)] {
        for (mut dialer, name) in [
            (over_rtm(), "bearychat.start"),
            (over_openapi(), "bearychat.rtm.start"),
        ] {
            let refusal = answer(
                status,
                &json!({"code": code, "error": "不行", "result": null}),
            );
            let error = absorb(&mut dialer, refusal).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unauthorized);
            let again = dialer.dial(pinned(Instant::now())).unwrap_err();
            for error in [error, again] {
                assert_eq!(error.endpoint(), name);
                assert!(error.to_string().contains("不行"), "{error}");
                assert!(!error.to_string().contains("sandbox-token"), "{error}");
            }
        }
    }
}

#[test]
fn everything_else_is_tried_again() {
    let unreadable = HttpResponse::new("<html>".into());
    for response in [
        answer(500, &json!({"code": 10, "error": "服务器错误"})),
        answer(429, &json!({"code": 13, "error": "请求太频繁"})),
        answer(502, &json!("bad gateway")),
        answer(200, &json!({"code": 0, "result": null})),
        unreadable,
    ] {
        let mut dialer = over_rtm();
        let error = absorb(&mut dialer, response).unwrap_err();
        assert_ne!(error.kind(), ErrorKind::Unauthorized);
        assert!(asked(&mut dialer).is_some(), "{error}");
    }
}

#[test]
fn what_is_no_address_of_a_socket_is_not_connected_to_and_not_told() {
    for ws_host in [
        "http://h/nimbus/ws:secret",
        "nimbus/ws:secret",
        "",
        "ws:///nimbus/ws:secret",
    ] {
        let mut dialer = over_rtm();
        let error = absorb(&mut dialer, enveloped(ws_host)).unwrap_err();
        assert!(error.to_string().contains("ws_host"), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(asked(&mut dialer).is_some());
    }
}

#[test]
fn what_is_asked_for_in_secret_is_not_carried_in_the_open() {
    let mut dialer = RtmDialer::new(&mynah_bearychat::RTM.parse().unwrap(), "sandbox-token");
    let error = absorb(&mut dialer, enveloped("ws://h/nimbus/ws:x")).unwrap_err();
    assert!(error.to_string().contains("wss://"), "{error}");
    absorb(&mut dialer, enveloped("wss://h/nimbus/ws:x")).unwrap();
    assert!(asked(&mut dialer).is_none());
}

#[test]
fn secrets_are_not_shown() {
    let mut dialer = over_rtm();
    absorb(&mut dialer, enveloped(ADDRESS)).unwrap();
    let shown = format!("{dialer:?}");
    assert!(
        !shown.contains("sandbox-token") && !shown.contains("ws:one"),
        "{shown}"
    );
}
