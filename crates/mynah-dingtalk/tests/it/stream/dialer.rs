//! How an application comes to a connection, and when it does not try again.

use std::time::Instant;

use mynah_core::{Cx, Dial, Dialer, Error, ErrorKind, HttpResponse};
use mynah_dingtalk::stream::StreamDialer;
use serde_json::{Value, json};

use super::pinned;

fn cx() -> Cx {
    pinned(Instant::now())
}

fn dialer(base: &str) -> StreamDialer {
    StreamDialer::new(&base.parse().unwrap(), "ding-sandbox", "sandbox-secret")
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::new(body.to_string().into());
    *response.status_mut() = status.try_into().unwrap();
    response
}

fn connection(endpoint: &str) -> HttpResponse {
    answer(200, &json!({"endpoint": endpoint, "ticket": "t+"}))
}

fn asks(dialer: &mut StreamDialer) -> bool {
    match dialer.dial(cx()) {
        Ok(Dial::Ask(request)) => {
            assert_eq!(
                request.uri().path(),
                "/dingtalk/v1.0/gateway/connections/open"
            );
            true
        }
        Ok(Dial::Connect(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

const SANDBOX: &str = "http://127.0.0.1:7700/dingtalk";

#[test]
fn each_connection_has_a_ticket_of_its_own() {
    let mut dialer = dialer(SANDBOX);
    for _ in 0..2 {
        assert!(asks(&mut dialer));
        dialer
            .absorb(connection("ws://127.0.0.1:7700/dingtalk/connect"), cx())
            .unwrap();
        let Ok(Dial::Connect(handshake)) = dialer.dial(cx()) else {
            panic!("a handshake");
        };
        assert_eq!(
            handshake.uri(),
            "ws://127.0.0.1:7700/dingtalk/connect?ticket=t%2B"
        );
        // Whether it came to a connection or not: the ticket is used.
    }
    assert!(asks(&mut dialer));
}

#[test]
fn an_address_may_have_a_query_already() {
    let mut dialer = dialer(SANDBOX);
    dialer
        .absorb(connection("ws://h/connect?a=1"), cx())
        .unwrap();
    let Ok(Dial::Connect(handshake)) = dialer.dial(cx()) else {
        panic!("a handshake");
    };
    assert_eq!(handshake.uri(), "ws://h/connect?a=1&ticket=t%2B");
}

#[test]
fn a_secret_that_is_refused_is_the_end_of_it() {
    let mut dialer = dialer(SANDBOX);
    assert!(asks(&mut dialer));
    let refusal = json!({"code": "authFailed", "message": "鉴权失败", "requestid": "r"});
    let error = dialer.absorb(answer(401, &refusal), cx()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    for _ in 0..2 {
        let error = dialer.dial(cx()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert!(error.to_string().contains("authFailed"), "{error}");
        assert!(!error.to_string().contains("sandbox-secret"));
    }
}

/// Whether a failure is what it should be.
type Expected = fn(&Error) -> bool;

#[test]
fn other_failures_are_tried_again() {
    let mut dialer = dialer(SANDBOX);
    let limited =
        json!({"code": "Forbidden.AccessDenied.QpsLimitForApi", "message": "x", "requestid": "r"});
    let blocked = json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "u"});
    let failures: [(HttpResponse, Expected); 5] = [
        (
            answer(500, &json!({"code": "unknownError", "message": "x"})),
            Error::is_temporary,
        ),
        (answer(403, &limited), |error| {
            error.kind() == ErrorKind::Throttled
        }),
        (answer(200, &blocked), |error| {
            error.kind() == ErrorKind::Throttled
        }),
        (HttpResponse::new("<html>".into()), |error| {
            error.kind() == ErrorKind::Throttled
        }),
        (answer(200, &json!({"endpoint": 7})), |_| true),
    ];
    for (response, expected) in failures {
        assert!(asks(&mut dialer));
        let error = dialer.absorb(response, cx()).unwrap_err();
        assert!(expected(&error), "{error}");
        assert!(asks(&mut dialer), "there is no ticket");
    }
}

#[test]
fn an_address_that_is_none_or_gives_the_ticket_away_is_not_taken() {
    for (base, endpoint, taken) in [
        (SANDBOX, "ws://h/connect", true),
        (SANDBOX, "wss://h/connect", true),
        (SANDBOX, "http://h/connect", false),
        (SANDBOX, "", false),
        (SANDBOX, "no address", false),
        ("https://h/dingtalk", "wss://h/connect", true),
        ("https://h/dingtalk", "ws://h/connect", false),
    ] {
        let mut dialer = dialer(base);
        let absorbed = dialer.absorb(connection(endpoint), cx());
        assert_eq!(absorbed.is_ok(), taken, "{endpoint}");
        if let Err(error) = absorbed {
            assert!(!error.to_string().contains("t+"), "{error}");
        }
        assert_eq!(asks(&mut dialer), !taken);
    }
}
