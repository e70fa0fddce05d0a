//! The framework's half, rule by rule.

use std::time::Instant;

use mynah_core::http::Request;
use mynah_core::{Frame, HttpRequest, Session, Ticket};
use mynah_onebot::socket::{Counters, FrameworkSession, Limits, Role};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{CONNECT, call, framework, json, secs, text};

const HEARTBEAT: &str = r#"{"time":1,"self_id":10000,"post_type":"meta_event","meta_event_type":"heartbeat","status":{"online":true,"good":true},"interval":4000}"#;

fn request() -> HttpRequest {
    call("get_status", &json!({}))
}

/// A session with calls 1 to `calls`, which wait until 10 s from now.
fn calling(now: Instant, calls: u64) -> FrameworkSession {
    let mut session = framework(Role::Universal, now);
    for ticket in 1..=calls {
        let made = session.call(now, Ticket(ticket), &request(), now + secs(10));
        made.unwrap();
    }
    session
}

fn reply(echo: impl Into<Value>) -> Frame {
    let echo = echo.into();
    text(json!({"status": "ok", "retcode": 0, "data": null, "echo": echo}))
}

/// Tickets of the answers, and whether they are answers.
fn answers(session: &mut FrameworkSession) -> Vec<(u64, bool)> {
    std::iter::from_fn(|| session.poll_answer())
        .map(|(ticket, outcome)| (ticket.0, outcome.is_ok()))
        .collect()
}

fn sends(session: &mut FrameworkSession) -> usize {
    std::iter::from_fn(|| session.poll_send()).count()
}

#[test]
fn the_body_becomes_the_parameters_as_it_stands() {
    let now = Instant::now();
    let mut session = framework(Role::Api, now);
    let mut request = request();
    *request.body_mut() = " { \"message\": \"\\u4f60\",\"n\":1.0 }\n".into();
    session
        .call(now, Ticket(1), &request, now + secs(1))
        .unwrap();
    let expected = r#"{"action":"get_status","params":{ "message": "\u4f60","n":1.0 },"echo":1}"#;
    assert_eq!(session.poll_send(), Some(text(expected)));
}

#[test]
fn a_call_in_another_form_becomes_a_frame_too() {
    let now = Instant::now();
    let get = Request::get("http://h/onebot/get_group_info/?group_id=20001&no_cache=true");
    let get = get.body("".into()).unwrap();
    let form = Request::post("http://h/send_msg")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("user_id=1&message=%E4%BD%A0".into())
        .unwrap();
    let both = Request::post("http://h/send_msg?user_id=2")
        .header("content-type", "application/json; charset=UTF-8")
        .body(r#"{"message":[]}"#.into())
        .unwrap();
    for (request, action, params) in [
        (
            get,
            "get_group_info",
            json!({"group_id": "20001", "no_cache": "true"}),
        ),
        (form, "send_msg", json!({"user_id": "1", "message": "你"})),
        (both, "send_msg", json!({"user_id": "2", "message": []})),
    ] {
        let mut session = framework(Role::Api, now);
        session
            .call(now, Ticket(1), &request, now + secs(1))
            .unwrap();
        let frame = json(session.poll_send());
        assert_eq!(
            frame,
            json!({"action": action, "params": params, "echo": 1})
        );
    }
}

#[test]
fn what_makes_no_frame_is_not_sent() {
    let now = Instant::now();
    let with = |body: &'static [u8]| {
        let mut request = request();
        *request.body_mut() = body.into();
        request
    };
    let nowhere = call("", &json!({}));
    for request in [
        with(b""),
        with(b"[]"),
        with(b"{"),
        with(b"{\"a\":\"\xff\"}"),
        nowhere,
    ] {
        let mut session = framework(Role::Api, now);
        let error = session
            .call(now, Ticket(1), &request, now + secs(1))
            .unwrap_err();
        assert!(!error.sent, "{error}");
        assert_eq!(session.poll_send(), None);
    }
}

#[test]
fn an_event_connection_takes_no_calls() {
    let now = Instant::now();
    let mut session = framework(Role::Event, now);
    let error = session
        .call(now, Ticket(1), &request(), now + secs(1))
        .unwrap_err();
    assert!(
        !error.sent && error.to_string().contains("events"),
        "{error}"
    );
}

#[test]
fn answers_find_their_calls_in_any_order() {
    let now = Instant::now();
    let mut session = calling(now, 3);
    for echo in [3, 1, 2] {
        session.handle_frame(now, reply(echo));
    }
    assert_eq!(answers(&mut session), [(3, true), (1, true), (2, true)]);
}

#[test]
fn an_answer_is_the_frame_unchanged() {
    let now = Instant::now();
    let mut session = calling(now, 1);
    let frame = r#"{ "status":"ok","retcode":0,"data":{"x":1.0},"echo":1 }"#;
    session.handle_frame(now, text(frame));
    let response = session.poll_answer().unwrap().1.unwrap();
    assert_eq!(response.body().as_ref(), frame.as_bytes());
}

#[test]
fn retcodes_that_stand_for_a_status_become_it() {
    let now = Instant::now();
    for (code, status) in [(0, 200), (1, 200), (100, 200), (404, 200)]
        .into_iter()
        .chain([
            (1400, 400),
            (1401, 401),
            (1403, 403),
            (1404, 404),
            (1200, 200),
        ])
    {
        let mut session = calling(now, 1);
        session.handle_frame(now, text(json!({"status": "", "retcode": code, "echo": 1})));
        let response = session.poll_answer().unwrap().1.unwrap();
        assert_eq!(response.status().as_u16(), status, "{code}");
    }
}

#[test]
fn what_nobody_waits_for_is_counted() {
    let now = Instant::now();
    let mut session = calling(now, 1);
    for echo in [
        json!(1),
        json!(1),
        json!(9),
        json!("x"),
        json!({"seq": 1}),
        Value::Null,
    ] {
        session.handle_frame(now, reply(echo));
    }
    session.handle_frame(now, text("{}"));
    assert_eq!(answers(&mut session), [(1, true)]);
    let expected = Counters {
        malformed: 1,
        unknown_echoes: 5,
        misplaced_events: 0,
    };
    assert_eq!(session.counters(), expected);
}

#[test]
fn an_event_in_the_data_of_an_answer_is_no_event() {
    let now = Instant::now();
    let mut session = calling(now, 1);
    session.handle_frame(
        now,
        text(json!({"data": {"post_type": "notice"}, "echo": 1})),
    );
    assert_eq!(answers(&mut session), [(1, true)]);
    assert!(session.poll_event().is_none());
}

#[test]
fn events_are_not_taken_from_a_connection_for_calls() {
    let now = Instant::now();
    let mut session = framework(Role::Api, now);
    session.handle_frame(now, text(CONNECT));
    assert!(session.poll_event().is_none());
    assert_eq!(session.counters().misplaced_events, 1);
}

#[test]
fn a_late_call_fails_and_the_others_wait() {
    let now = Instant::now();
    let mut session = calling(now, 2);
    session
        .call(now, Ticket(3), &request(), now + secs(5))
        .unwrap();
    assert_eq!(sends(&mut session), 3);
    assert_eq!(session.poll_timeout(), Some(now + secs(5)));
    session.handle_timeout(now + secs(5));
    assert_eq!(answers(&mut session), [(3, false)]);
    assert_eq!(session.poll_timeout(), Some(now + secs(10)));
    session.handle_frame(now + secs(6), reply(3));
    session.handle_frame(now + secs(6), reply(1));
    session.handle_timeout(now + secs(10));
    assert_eq!(answers(&mut session), [(1, true), (2, false)]);
    assert_eq!(session.counters().unknown_echoes, 1);
}

#[test]
fn whether_a_call_was_sent_is_known() {
    let now = Instant::now();
    let mut session = calling(now, 2);
    assert_eq!(json(session.poll_send())["echo"], 1);
    session.handle_close(now);
    let (first, second) = (
        session.poll_answer().unwrap(),
        session.poll_answer().unwrap(),
    );
    assert!(first.1.unwrap_err().sent);
    assert!(!second.1.unwrap_err().sent);
    assert_eq!(session.poll_send(), None);
    assert!(
        session
            .call(now, Ticket(3), &request(), now + secs(1))
            .is_err()
    );
}

#[test]
fn a_call_that_was_given_up_is_not_sent_any_more() {
    let now = Instant::now();
    let mut session = calling(now, 3);
    assert_eq!(json(session.poll_send())["echo"], 1);
    session.abandon(Ticket(1));
    session.abandon(Ticket(2));
    assert_eq!(json(session.poll_send())["echo"], 3);
    session.handle_frame(now, reply(1));
    session.handle_close(now);
    assert_eq!(answers(&mut session), [(3, false)]);
}

#[test]
fn too_many_calls_are_refused() {
    let now = Instant::now();
    let limits = Limits {
        waiting_calls: 2,
        ..Limits::default()
    };
    let mut session = FrameworkSession::new(Role::Universal, limits, now);
    let mut call = |ticket| session.call(now, Ticket(ticket), &request(), now + secs(10));
    assert!(call(1).is_ok() && call(2).is_ok());
    let error = call(3).unwrap_err();
    assert!(
        !error.sent && error.to_string().contains("2 calls"),
        "{error}"
    );
    session.handle_frame(now, reply(1));
    assert!(
        session
            .call(now, Ticket(4), &request(), now + secs(10))
            .is_ok()
    );
}

/// NapCat and LLOneBot accept the connection first.
#[test]
fn a_token_that_is_refused_by_a_frame_refuses_the_calls() {
    let now = Instant::now();
    let mut session = calling(now, 2);
    session.handle_frame(
        now,
        text(json!({"status": "failed", "retcode": 1403, "data": null})),
    );
    for ticket in [1, 2] {
        let (refused, outcome) = session.poll_answer().unwrap();
        assert_eq!(
            (refused, outcome.unwrap().status().as_u16()),
            (Ticket(ticket), 403)
        );
    }
}

#[test]
fn a_connection_that_ends_before_anything_came_hints_at_the_token() {
    let now = Instant::now();
    let mut session = calling(now, 1);
    assert_eq!(sends(&mut session), 1);
    session.handle_close(now);
    let error = session.poll_answer().unwrap().1.unwrap_err();
    assert!(error.to_string().contains("token"), "{error}");
}

#[test]
fn heartbeats_that_stop_end_the_connection_and_pongs_do_not_save_it() {
    let now = Instant::now();
    let mut session = framework(Role::Universal, now);
    session.handle_frame(now, text(HEARTBEAT));
    // 2.5 intervals of 4 s.
    assert_eq!(session.poll_timeout(), Some(now + secs(10)));
    session.handle_frame(now + secs(4), text(HEARTBEAT));
    session.handle_frame(now + secs(9), Frame::Pong("".into()));
    session.handle_timeout(now + secs(13));
    assert_eq!(session.poll_send(), None);
    session.handle_timeout(now + secs(14));
    assert!(
        matches!(session.poll_send(), Some(Frame::Close(1001, reason)) if reason.contains("10000 ms"))
    );
    assert_eq!(session.poll_timeout(), None);
}

#[test]
fn any_message_is_as_good_as_a_heartbeat() {
    let now = Instant::now();
    let mut session = calling(now, 1);
    session.handle_frame(now, text(HEARTBEAT));
    session.handle_frame(now + secs(9), reply(1));
    assert_eq!(session.poll_timeout(), Some(now + secs(10)), "of the call");
    session.handle_timeout(now + secs(10));
    assert_eq!(session.poll_timeout(), Some(now + secs(19)));
}

#[test]
fn without_heartbeats_a_silent_peer_is_asked_before_it_is_given_up() {
    let now = Instant::now();
    let mut session = framework(Role::Api, now);
    assert_eq!(session.poll_timeout(), Some(now + secs(60)));
    session.handle_timeout(now + secs(60));
    assert_eq!(session.poll_send(), Some(Frame::Ping("".into())));
    session.handle_frame(now + secs(61), Frame::Pong("".into()));
    assert_eq!(session.poll_timeout(), Some(now + secs(121)));
    session.handle_timeout(now + secs(121));
    assert_eq!(session.poll_send(), Some(Frame::Ping("".into())));
    session.handle_timeout(now + secs(181));
    assert!(matches!(session.poll_send(), Some(Frame::Close(1001, _))));
}

#[test]
fn an_interval_of_nothing_or_of_an_age_does_no_harm() {
    let now = Instant::now();
    for interval in ["0", "-1", "1.5", "null", "18446744073709551615"] {
        let mut session = framework(Role::Universal, now);
        session.handle_frame(now, text(HEARTBEAT.replace("4000", interval)));
        let due = session.poll_timeout();
        assert!(due.is_none_or(|due| due >= now + secs(60)), "{interval}");
    }
}

/// What stands first in a frame is a hint and no more.
#[test]
fn frames_are_told_apart_whatever_stands_first() {
    let now = Instant::now();
    let mut session = calling(now, 1);
    let heartbeat = r#"{"status":{"online":true,"good":true},"interval":4000,"time":1,"self_id":1,"post_type":"meta_event","meta_event_type":"heartbeat"}"#;
    session.handle_frame(now, text(heartbeat));
    assert_eq!(
        session.poll_event().unwrap().event.name(),
        "meta_event.heartbeat"
    );
    assert_eq!(sends(&mut session), 1);
    let answer = r#"{"message":"","post_type":null,"echo":1,"status":"ok"}"#;
    session.handle_frame(now + secs(9), text(answer));
    assert_eq!(answers(&mut session), [(1, true)]);
    session.handle_timeout(now + secs(10));
    assert_eq!(
        session.poll_timeout(),
        Some(now + secs(19)),
        "after 2.5 intervals"
    );
    assert_eq!(session.counters(), Counters::default());
}

proptest! {
    #[test]
    fn no_frame_makes_it_panic(frames: Vec<Vec<u8>>) {
        let now = Instant::now();
        let mut session = calling(now, 2);
        for frame in frames {
            session.handle_frame(now, Frame::Binary(frame.into()));
        }
        prop_assert!(session.poll_event().is_none());
    }
}
