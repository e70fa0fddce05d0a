//! The platform's end of the long connection, case by case.

use std::time::Instant;

use mynah_core::{
    ApiError, Empty, Endpoint, Frame, HttpResponse, Session, decode_request, encode_output,
};
use mynah_wecom::aibot::{
    Asked, Callback, Command, Event, Kind, PlatformSession, Reply, RespondMsg, SendMsg,
};
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{sent, text};

fn subscribe() -> Value {
    json!({
        "cmd": "aibot_subscribe", "headers": {"req_id": "S"},
        "body": {"bot_id": "aib-sandbox", "secret": "sandbox-secret", "scene": 1},
    })
}

fn give(session: &mut PlatformSession, frame: &Value) {
    session.handle_frame(Instant::now(), text(frame));
}

/// A session whose bot is known.
fn known() -> PlatformSession {
    let mut session = PlatformSession::new();
    give(&mut session, &subscribe());
    let Some(Asked::Subscribe(subscription)) = session.poll_event() else {
        panic!("a subscription");
    };
    session.admit(subscription.echo);
    sent(&mut session).unwrap();
    session
}

fn command(session: &mut PlatformSession) -> Command {
    match session.poll_event() {
        Some(Asked::Command(command)) => command,
        other => panic!("{other:?}"),
    }
}

fn done<E: Endpoint<Output = Empty>>() -> HttpResponse {
    encode_output::<E>(Ok(Empty))
}

fn disconnected() -> Callback {
    Callback::new("EVT4", "aib-sandbox", Kind::Event(Event::Disconnected))
}

#[test]
fn who_subscribes_is_asked_about_and_told_the_outcome() {
    let mut session = PlatformSession::new();
    give(&mut session, &subscribe());
    let Some(Asked::Subscribe(subscription)) = session.poll_event() else {
        panic!("a subscription");
    };
    assert_eq!(subscription.bot_id, "aib-sandbox");
    assert_eq!(subscription.secret.expose_secret(), "sandbox-secret");
    assert_eq!(
        Value::Object(subscription.extra.clone()),
        json!({"scene": 1})
    );
    assert!(!format!("{subscription:?}").contains("sandbox-secret"));
    assert!(!session.is_subscribed());
    session.refuse(
        subscription.echo,
        &ApiError::new(853_000, "invalid bot_id or secret"),
    );
    assert_eq!(
        sent(&mut session),
        Some(json!({
            "headers": {"req_id": "S"}, "errcode": 853_000, "errmsg": "invalid bot_id or secret",
        }))
    );
    assert!(!session.is_subscribed());
    assert!(known().is_subscribed());
}

#[test]
fn a_subscription_without_id_and_secret_is_one_of_nobody() {
    for body in [
        json!({}),
        json!({"bot_id": 5, "secret": null}),
        json!([]),
        Value::Null,
    ] {
        let mut session = PlatformSession::new();
        give(
            &mut session,
            &json!({"cmd": "aibot_subscribe", "headers": {"req_id": "S"}, "body": body}),
        );
        let Some(Asked::Subscribe(subscription)) = session.poll_event() else {
            panic!("a subscription");
        };
        assert_eq!(subscription.bot_id, "");
        assert_eq!(subscription.secret.expose_secret(), "");
    }
}

#[test]
fn frames_before_the_subscription_are_refused() {
    let mut session = PlatformSession::new();
    for cmd in ["ping", "aibot_send_msg", "dance"] {
        give(
            &mut session,
            &json!({"cmd": cmd, "headers": {"req_id": "X"}, "body": {}}),
        );
        assert_eq!(
            sent(&mut session),
            Some(json!({
                "headers": {"req_id": "X"}, "errcode": 846_609,
                "errmsg": "aibot websocket not subscribed",
            }))
        );
    }
    assert!(session.poll_event().is_none());
    assert!(
        !session.deliver("M", &disconnected()),
        "nothing is told to the unknown"
    );
    assert_eq!(session.poll_send(), None);
}

#[test]
fn a_ping_is_answered_here() {
    let mut session = known();
    give(
        &mut session,
        &json!({"cmd": "ping", "headers": {"req_id": "ping_1_00000001"}}),
    );
    assert_eq!(
        session.poll_send(),
        Some(text(
            r#"{"headers":{"req_id":"ping_1_00000001"},"errcode":0,"errmsg":"ok"}"#
        ))
    );
    assert!(session.poll_event().is_none());
}

#[test]
fn a_command_comes_as_the_call_it_would_be_over_http() {
    let mut session = known();
    give(
        &mut session,
        &json!({"cmd": "aibot_respond_msg", "headers": {"req_id": "M&1 字"}, "body": {
            "msgtype": "markdown", "markdown": {"content": "x"},
        }}),
    );
    let (request, echo) = command(&mut session).into_request();
    assert_eq!(request.uri().path(), RespondMsg::META.path);
    assert_eq!(
        decode_request::<RespondMsg>(&request).unwrap(),
        RespondMsg::new("M&1 字", Reply::markdown("x"))
    );
    session.reply(echo, &done::<RespondMsg>());
    assert_eq!(
        session.poll_send(),
        Some(text(
            r#"{"headers":{"req_id":"M&1 字"},"errcode":0,"errmsg":"ok"}"#
        ))
    );
}

#[test]
fn a_req_id_is_given_back_byte_for_byte() {
    let mut session = known();
    for req_id in [r#""a\u0041\/""#, "5", r#"{"x": [1,  2]}"#, "null"] {
        let frame = format!(r#"{{"cmd":"ping","headers":{{"req_id":{req_id}}}}}"#);
        session.handle_frame(Instant::now(), text(frame));
        let given = if req_id == "null" { r#""""# } else { req_id };
        let expected = format!(r#"{{"headers":{{"req_id":{given}}},"errcode":0,"errmsg":"ok"}}"#);
        assert_eq!(session.poll_send(), Some(text(expected)));
    }
}

#[test]
fn a_refusal_keeps_its_code_and_words() {
    let mut session = known();
    give(
        &mut session,
        &json!({"cmd": "aibot_send_msg", "headers": {"req_id": "1"}, "body": {"chatid": "x"}}),
    );
    let Command { echo, .. } = command(&mut session);
    let refusal = encode_output::<SendMsg>(Err(ApiError::new(93006, "invalid chatid")));
    session.reply(echo, &refusal);
    assert_eq!(
        sent(&mut session),
        Some(json!({"headers": {"req_id": "1"}, "errcode": 93006, "errmsg": "invalid chatid"}))
    );
}

#[test]
fn a_command_that_nobody_knows_is_answered_like_a_bad_parameter() {
    let mut session = known();
    for cmd in ["dance", "../control?x#y", "跳舞"] {
        give(
            &mut session,
            &json!({"cmd": cmd, "headers": {"req_id": "1"}}),
        );
        let command = command(&mut session);
        assert_eq!(command.cmd, cmd);
        assert_eq!(command.body.as_ref(), b"{}");
        let (request, echo) = command.into_request();
        assert!(
            request.uri().path().starts_with("/openws/"),
            "{}",
            request.uri()
        );
        assert_eq!(request.uri().query(), Some("req_id=1"));
        let mut lost = HttpResponse::new("404 page not found".into());
        *lost.status_mut() = mynah_core::http::StatusCode::NOT_FOUND;
        session.reply(echo, &lost);
        assert_eq!(sent(&mut session).unwrap()["errcode"], 40058);
    }
    let long = json!({"cmd": "x".repeat(65), "headers": {"req_id": "1"}});
    give(&mut session, &long);
    assert_eq!(sent(&mut session).unwrap()["errcode"], 40058);
    assert!(session.poll_event().is_none());
}

#[test]
fn frames_that_are_no_commands_are_refused_and_the_connection_stays() {
    let mut session = known();
    for (frame, req_id) in [
        ("{", ""),
        ("[]", ""),
        ("\"x\"", ""),
        (r#"{"headers":{"req_id":"1"}}"#, "1"),
        (r#"{"cmd":5,"headers":{"req_id":"1"}}"#, "1"),
    ] {
        session.handle_frame(Instant::now(), text(frame));
        let refusal = sent(&mut session).unwrap();
        assert_eq!(refusal["errcode"], 40058, "{frame}");
        assert_eq!(refusal["headers"]["req_id"], req_id, "{frame}");
    }
    // An acknowledgement, which bots need not send, is no offence.
    give(
        &mut session,
        &json!({"headers": {"req_id": "M"}, "errcode": 0, "errmsg": "ok"}),
    );
    assert_eq!(session.poll_send(), None);
    assert!(session.is_subscribed());
}

#[test]
fn a_connection_that_is_replaced_hears_it_and_is_closed() {
    let mut session = known();
    session.replace("EVENT_REQ_4", &disconnected());
    assert!(!session.is_subscribed());
    give(
        &mut session,
        &json!({"cmd": "ping", "headers": {"req_id": "p"}}),
    );
    give(&mut session, &subscribe());
    assert_eq!(
        sent(&mut session).unwrap()["body"]["event"]["eventtype"],
        "disconnected_event"
    );
    for _ in 0..2 {
        assert_eq!(sent(&mut session).unwrap()["errcode"], 846_609);
    }
    assert_eq!(session.poll_send(), Some(Frame::Close(1000, String::new())));
    give(
        &mut session,
        &json!({"cmd": "ping", "headers": {"req_id": "p"}}),
    );
    assert_eq!(session.poll_send(), None, "nothing follows a close");
    assert!(session.poll_event().is_none());
}

#[test]
fn what_waits_is_counted() {
    let mut session = known();
    assert_eq!(session.queued(), 0);
    assert!(session.deliver("E", &disconnected()));
    assert_eq!(session.queued(), 1);
    session.handle_close(Instant::now());
    assert_eq!(session.queued(), 0);
    assert!(!session.deliver("E", &disconnected()));
}

proptest! {
    #[test]
    fn any_frames_are_survived_and_answered_in_json(frames: Vec<(bool, Vec<u8>)>) {
        let mut session = known();
        for (binary, bytes) in frames {
            let frame = if binary { Frame::Binary(bytes.into()) } else { Frame::Text(bytes.into()) };
            session.handle_frame(Instant::now(), frame);
            while session.poll_event().is_some() {}
            while sent(&mut session).is_some() {}
        }
    }
}
