//! Who may connect, against what aiocqhttp and NoneBot2 were recorded to accept.

use std::collections::BTreeMap;
use std::time::{Instant, SystemTime};

use mynah_core::http::{HeaderMap, Request};
use mynah_core::{Acceptor, Cx, Dial, Dialer};
use mynah_onebot::AccessToken;
use mynah_onebot::socket::{Forward, Reverse, Role};
use serde::Deserialize;
use serde_json::Value;

use crate::vectors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Handshake {
    name: String,
    path: String,
    headers: BTreeMap<String, String>,
    accepted: bool,
    open_after_300ms: Option<bool>,
    status: Option<u16>,
}

fn recorded(peer: &str) -> Vec<Handshake> {
    let file: Value = vectors::read(vectors::WEBSOCKET);
    serde_json::from_value(file[peer]["handshake"].clone()).unwrap()
}

fn token() -> AccessToken {
    AccessToken::new("sandbox-token").unwrap()
}

fn handshake(path: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

/// The role and account of an accepted connection, or the status that refuses it.
fn accept(path: &str, headers: &[(&str, &str)]) -> Result<(Role, String), u16> {
    let accepted = Reverse::new(token()).accept(&handshake(path, headers), Instant::now());
    let accepted = accepted.map_err(|response| response.status().as_u16())?;
    let role = accepted.session.role();
    assert_eq!(accepted.calls, role.carries_calls());
    assert_eq!(accepted.events, role.carries_events());
    Ok((role, accepted.account))
}

/// Where we differ on purpose: what we do instead.
const AIOCQHTTP: [(&str, Result<Role, u16>); 2] = [
    // It crashes.
    ("unknown role", Err(400)),
    // Everybody's first guess.
    ("path /", Ok(Role::Universal)),
];

/// NoneBot2 answers 403 to everything.
const NONEBOT: [(&str, Result<Role, u16>); 5] = [
    ("path /onebot/v11", Ok(Role::Universal)),
    ("no token", Err(401)),
    ("query token", Err(401)),
    ("no self id", Err(400)),
    (
        "second connection with the same X-Self-ID (API + Event pair)",
        Ok(Role::Event),
    ),
];

fn check(peer: &str, count: usize, differences: &[(&str, Result<Role, u16>)]) {
    let recorded = recorded(peer);
    assert_eq!(recorded.len(), count);
    let mut met = 0;
    for case in recorded {
        let headers = case.headers.iter().map(|(name, value)| (&**name, &**value));
        let headers: Vec<_> = headers.collect();
        let outcome = accept(&case.path, &headers);
        if let Some((_, instead)) = differences.iter().find(|(name, _)| *name == case.name) {
            assert_eq!(outcome.map(|(role, _)| role), *instead, "{}", case.name);
            met += 1;
            continue;
        }
        assert_eq!(
            outcome.as_ref().err().copied(),
            case.status,
            "{}",
            case.name
        );
        assert_eq!(outcome.is_ok(), case.accepted, "{}", case.name);
        assert_eq!(outcome.is_ok().then_some(true), case.open_after_300ms);
        if let Ok((role, account)) = outcome {
            let named = case.headers.get("X-Client-Role").map(|role| role.parse());
            assert_eq!(role, named.unwrap_or(Ok(Role::Universal)).unwrap());
            assert_eq!(account, case.headers["X-Self-ID"], "{}", case.name);
        }
    }
    assert_eq!(met, differences.len());
}

#[test]
fn who_may_connect_to_aiocqhttp_may_connect_to_us() {
    check("aiocqhttp 1.4.4", 19, &AIOCQHTTP);
}

#[test]
fn who_may_connect_to_nonebot_may_connect_to_us() {
    check("nonebot-adapter-onebot 2.4.6", 11, &NONEBOT);
}

#[test]
fn the_path_names_the_role_where_the_header_does_not() {
    let headers = [
        ("X-Self-ID", "10000"),
        ("Authorization", "Bearer sandbox-token"),
    ];
    for (path, role) in [
        ("/ws/api", Ok(Role::Api)),
        ("/ws/event/", Ok(Role::Event)),
        ("/onebot/v11/ws", Ok(Role::Universal)),
        ("/onebot/v11/", Ok(Role::Universal)),
        ("/ws", Err(400)),
        ("/", Err(400)),
        ("/websocket", Err(404)),
    ] {
        assert_eq!(accept(path, &headers).map(|(role, _)| role), role, "{path}");
    }
}

#[test]
fn an_account_is_neither_empty_nor_endless() {
    let long = "1".repeat(65);
    for account in ["", " ", &long] {
        let headers = [
            ("X-Self-ID", account),
            ("X-Client-Role", "Universal"),
            ("Authorization", "Bearer sandbox-token"),
        ];
        assert_eq!(accept("/ws", &headers), Err(400), "{account:?}");
    }
}

#[test]
fn the_forward_paths_are_dialled_with_the_token() {
    let cx = Cx {
        now: Instant::now(),
        wall: SystemTime::UNIX_EPOCH,
        nonce: 0,
    };
    for (base, role, address) in [
        (
            "ws://127.0.0.1:6700",
            Role::Universal,
            "ws://127.0.0.1:6700/",
        ),
        ("ws://127.0.0.1:6700/", Role::Api, "ws://127.0.0.1:6700/api"),
        ("wss://h/onebot", Role::Event, "wss://h/onebot/event"),
        ("wss://h/onebot/", Role::Universal, "wss://h/onebot/"),
    ] {
        let base = base.parse().unwrap();
        let mut dialer = Forward::new(&base, role, token()).unwrap();
        let Dial::Connect(handshake) = dialer.dial(cx).unwrap() else {
            panic!("OneBot asks nothing before it connects");
        };
        assert_eq!(handshake.uri(), address);
        assert_eq!(handshake.headers()["authorization"], "Bearer sandbox-token");
        assert_eq!(dialer.open(cx.now).role(), role);
    }
    let base = "ws://127.0.0.1:6700".parse().unwrap();
    let mut open = Forward::new(&base, Role::Universal, AccessToken::none()).unwrap();
    let Dial::Connect(handshake) = open.dial(cx).unwrap() else {
        panic!("OneBot asks nothing before it connects");
    };
    assert_eq!(handshake.headers(), &HeaderMap::new());
    let http = "http://127.0.0.1:6700".parse().unwrap();
    let error = Forward::new(&http, Role::Universal, token()).unwrap_err();
    assert!(error.to_string().contains("ws://"), "{error}");
}
