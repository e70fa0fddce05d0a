//! How a bot comes to its connection, and when it does not come back.

use std::time::{Instant, UNIX_EPOCH};

use mynah_core::{Cx, Dial, Dialer, ErrorKind, Session};
use mynah_wecom::aibot::{BotEvent, BotSecret, BotSocket, Limits};
use serde_json::json;

use super::{ack, event, pinned, secs, sent, text};

fn dialer() -> BotSocket {
    let url = "ws://127.0.0.1:7700/wecom/openws".parse().unwrap();
    BotSocket::new(&url, "aib-sandbox", BotSecret::new("sandbox-secret")).unwrap()
}

fn address(dialer: &mut BotSocket, now: Instant) -> String {
    match dialer.dial(pinned(now)).unwrap() {
        Dial::Connect(handshake) => handshake.uri().to_string(),
        other @ Dial::Ask(_) => panic!("{other:?}"),
    }
}

/// Lets one connection be refused with this code.
fn be_refused(dialer: &mut BotSocket, now: Instant, errcode: i64) {
    dialer.dial(pinned(now)).unwrap();
    let mut session = dialer.open(now);
    let subscription = sent(&mut session).unwrap();
    let refusal = json!({
        "headers": subscription["headers"], "errcode": errcode, "errmsg": "refused",
    });
    session.handle_frame(now, text(refusal));
    assert!(matches!(session.poll_event(), Some(BotEvent::Refused(_))));
    dialer.ended(session);
}

#[test]
fn the_address_is_the_platforms_or_a_sandboxs_as_it_stands() {
    let now = Instant::now();
    assert_eq!(
        address(&mut dialer(), now),
        "ws://127.0.0.1:7700/wecom/openws"
    );
    let url = BotSocket::ADDRESS.parse().unwrap();
    let mut platforms = BotSocket::new(&url, "b", BotSecret::new("s")).unwrap();
    assert_eq!(
        address(&mut platforms, now),
        "wss://openws.work.weixin.qq.com/"
    );
}

#[test]
fn an_address_of_another_interface_is_refused() {
    let url = "https://qyapi.weixin.qq.com".parse().unwrap();
    let error = BotSocket::new(&url, "b", BotSecret::new("s")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(
        error.to_string().contains("must begin with ws://"),
        "{error}"
    );
}

#[test]
fn the_secret_never_shows() {
    let mut dialer = dialer();
    let session = dialer.open(Instant::now());
    for shown in [format!("{dialer:?}"), format!("{session:?}")] {
        assert!(!shown.contains("sandbox-secret"), "{shown}");
    }
}

#[test]
fn a_handshake_takes_time_and_the_wall_clock_goes_on_meanwhile() {
    let now = Instant::now();
    let mut dialer = dialer();
    dialer
        .dial(Cx {
            now,
            wall: UNIX_EPOCH + secs(1000),
            nonce: 0xffff_ffff_0000_00fe,
        })
        .unwrap();
    let mut session = dialer.open(now + secs(2));
    let subscription = sent(&mut session).unwrap();
    assert_eq!(
        subscription["headers"]["req_id"],
        "aibot_subscribe_1002000_000000ff"
    );
}

#[test]
fn five_refusals_of_the_secret_in_a_row_are_enough() {
    let now = Instant::now();
    let mut dialer = dialer();
    for _ in 0..4 {
        be_refused(&mut dialer, now, 853_000);
    }
    // A connection that was good proves the secret.
    dialer.dial(pinned(now)).unwrap();
    let mut good = dialer.open(now);
    let subscription = sent(&mut good).unwrap();
    good.handle_frame(
        now,
        ack(subscription["headers"]["req_id"].as_str().unwrap()),
    );
    dialer.ended(good);

    for _ in 0..5 {
        be_refused(&mut dialer, now, 853_000);
    }
    let error = dialer.dial(pinned(now)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(
        error.to_string(),
        "wecom.aibot_subscribe: the platform refused the call: refused (853000)"
    );
}

#[test]
fn a_platform_that_is_busy_is_asked_for_ever() {
    let now = Instant::now();
    let mut dialer = dialer();
    for code in [-1, 45009].repeat(20) {
        be_refused(&mut dialer, now, code);
    }
    assert!(dialer.dial(pinned(now)).is_ok());
}

#[test]
fn how_many_refusals_are_enough_can_be_set() {
    let now = Instant::now();
    let mut dialer = dialer().limits(Limits {
        refusals: 1,
        ..Limits::default()
    });
    be_refused(&mut dialer, now, 853_000);
    assert!(dialer.dial(pinned(now)).is_err());
}

#[test]
fn a_bot_that_was_replaced_does_not_come_back() {
    let now = Instant::now();
    let mut dialer = dialer();
    dialer.dial(pinned(now)).unwrap();
    let mut session = dialer.open(now);
    sent(&mut session);
    session.handle_frame(now, event("EVENT_REQ_4", "disconnected_event"));
    session.handle_close(now);
    dialer.ended(session);
    let error = dialer.dial(pinned(now)).unwrap_err();
    assert!(!error.is_temporary());
    assert_eq!(
        error.to_string(),
        "wecom.aibot_subscribe: the platform refused the call: another connection of this bot has taken over (disconnected_event)"
    );
}

#[test]
fn a_connection_that_merely_broke_is_dialled_again() {
    let now = Instant::now();
    let mut dialer = dialer();
    for _ in 0..20 {
        dialer.dial(pinned(now)).unwrap();
        let mut session = dialer.open(now);
        sent(&mut session);
        session.handle_close(now);
        dialer.ended(session);
    }
    assert!(dialer.dial(pinned(now)).is_ok());
}
