//! The program's end, alone.

use std::time::Instant;

use mynah_bearychat::socket::{ClientFrame, Ignored, Limits, Reason, RtmEvent, Sent};
use mynah_bearychat::types::User;
use mynah_core::{Code, Frame, HttpRequest, Session, Ticket, TransportError};
use serde_json::{Value, json};

use super::{RECORDED, client, raw, secs, sent, text};

fn reply(call_id: &Value) -> Frame {
    text(json!({"code": 0, "status": "ok", "ts": RECORDED.0, "type": "reply", "call_id": call_id}))
}

fn hello() -> HttpRequest {
    ClientFrame::channel_message("=1", "hi").to_request()
}

/// The error a call ends with.
fn failed(session: &mut impl Session) -> (Ticket, TransportError) {
    let (ticket, outcome) = session.poll_answer().unwrap();
    (ticket, outcome.unwrap_err())
}

fn ignored(session: &mut mynah_bearychat::socket::RtmSession) -> Ignored {
    match session.poll_event() {
        Some(RtmEvent::Ignored(ignored)) => ignored,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_connection_counts_as_one_when_the_platform_has_said_something() {
    let now = Instant::now();
    let me = Box::new(User {
        id: "=bwBot".into(),
        ..User::default()
    });
    let mut client =
        mynah_bearychat::socket::RtmSession::new(Some(me.clone()), Limits::default(), now);
    assert!(raw(&mut client).is_some(), "a ping");
    assert_eq!(client.poll_event(), None);
    // The protocol below says that somebody is there, not that it is the platform.
    client.handle_frame(now, Frame::Ping("".into()));
    client.handle_frame(now, Frame::Pong("".into()));
    assert_eq!(client.poll_event(), None);
    client.handle_frame(now, reply(&json!(0)));
    assert_eq!(client.poll_event(), Some(RtmEvent::Connected(Some(me))));
    client.handle_frame(now, text(json!({"reply_to": 0, "ts": 1, "type": "pong"})));
    assert_eq!(client.poll_event(), None);
}

#[test]
fn it_pings_at_once_and_every_five_seconds() {
    let start = Instant::now();
    let mut client = client(Limits::default(), start);
    for beat in 0..4 {
        let now = start + secs(5 * beat);
        client.handle_timeout(now);
        assert_eq!(
            sent(&mut client),
            Some(json!({"type": "ping", "call_id": beat}))
        );
        assert_eq!(sent(&mut client), None);
        client.handle_frame(now + secs(1), reply(&json!(beat)));
        client.handle_timeout(now + secs(3));
        assert_eq!(client.poll_timeout(), Some(now + secs(5)));
    }
}

#[test]
fn a_ping_without_a_reply_ends_the_connection_whatever_else_is_heard() {
    let start = Instant::now();
    let mut client = client(Limits::default(), start);
    assert!(sent(&mut client).is_some());
    for second in 0..3 {
        let now = start + secs(second);
        client.handle_frame(now, text(json!({"type": "typing", "uid": "=1"})));
        client.handle_frame(now, text(json!({"type": "pong", "reply_to": 0, "ts": 1})));
        client.handle_timeout(now);
        assert_eq!(client.poll_send(), None);
    }
    client
        .call(start + secs(2), Ticket(1), &hello(), start + secs(60))
        .unwrap();
    assert!(sent(&mut client).is_some());
    assert!(!client.is_leaving());
    client.handle_timeout(start + secs(3));
    assert!(client.is_leaving(), "another one need not wait for its end");
    assert!(matches!(client.poll_send(), Some(Frame::Close(1001, _))));
    assert_eq!(client.poll_send(), None);
    assert_eq!(client.poll_timeout(), None);
    let (ticket, error) = failed(&mut client);
    assert!(ticket == Ticket(1) && error.sent, "{error}");
    let refused = client.call(start + secs(3), Ticket(2), &hello(), start + secs(60));
    assert!(!refused.unwrap_err().sent);
}

#[test]
fn answers_find_their_calls_in_any_order() {
    let now = Instant::now();
    let mut client = client(Limits::default(), now);
    for ticket in 1..=3 {
        client
            .call(now, Ticket(ticket), &hello(), now + secs(60))
            .unwrap();
    }
    let ids: Vec<Value> = std::iter::from_fn(|| sent(&mut client))
        .map(|frame| frame["call_id"].clone())
        .collect();
    assert_eq!(ids, [0, 1, 2, 3]);
    for call_id in [3, 1, 2] {
        client.handle_frame(now, reply(&json!(call_id)));
        let (ticket, answer) = client.poll_answer().unwrap();
        assert_eq!(ticket, Ticket(call_id));
        assert_eq!(Sent::of(&answer.unwrap()).unwrap().ts, Some(RECORDED));
    }
}

#[test]
fn a_refusal_is_the_answer_that_http_would_give() {
    let now = Instant::now();
    let mut client = client(Limits::default(), now);
    client
        .call(now, Ticket(1), &hello(), now + secs(60))
        .unwrap();
    while sent(&mut client).is_some() {}
    client.handle_frame(now, text(json!({
        "code": 4, "status": "error", "error": "没有权限", "ts": 1, "type": "reply", "call_id": 1,
    })));
    let (_, answer) = client.poll_answer().unwrap();
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 403);
    let refused = Sent::of(&answer).unwrap_err();
    assert_eq!(
        (refused.code, refused.message.as_str(), refused.status),
        (Code::Number(4), "没有权限", 403)
    );
}

/// The form of a refusal is not documented.
#[test]
fn a_refusal_needs_only_a_code_or_only_a_status() {
    for (refusal, code) in [
        (json!({"code": 7}), 7),
        (json!({"code": "13", "status": "ok"}), 13),
        (json!({"status": "failed"}), 10),
        (json!({"code": 0, "status": "error"}), 10),
    ] {
        let now = Instant::now();
        let mut client = client(Limits::default(), now);
        client
            .call(now, Ticket(1), &hello(), now + secs(60))
            .unwrap();
        while sent(&mut client).is_some() {}
        let mut frame = refusal.clone();
        frame["type"] = "reply".into();
        frame["call_id"] = "1".into();
        client.handle_frame(now, text(frame));
        let (_, answer) = client.poll_answer().unwrap();
        let refused = Sent::of(&answer.unwrap()).unwrap_err();
        assert_eq!(refused.code, Code::Number(code), "{refusal}");
    }
}

#[test]
fn a_call_without_a_reply_fails_after_three_seconds_and_the_connection_goes_on() {
    let start = Instant::now();
    let mut client = client(Limits::default(), start);
    while sent(&mut client).is_some() {}
    client.handle_frame(start, reply(&json!(0)));
    client.poll_event().unwrap();
    client
        .call(start, Ticket(1), &hello(), start + secs(60))
        .unwrap();
    client
        .call(start, Ticket(2), &hello(), start + secs(1))
        .unwrap();
    while sent(&mut client).is_some() {}
    client.handle_timeout(start + secs(1));
    let (ticket, error) = failed(&mut client);
    assert!(
        ticket == Ticket(2) && error.sent,
        "its caller was in a hurry"
    );
    client.handle_timeout(start + secs(3));
    let (ticket, error) = failed(&mut client);
    assert!(ticket == Ticket(1) && error.sent);
    assert_eq!(client.poll_send(), None);
    // Too late.
    client.handle_frame(start + secs(4), reply(&json!(1)));
    assert_eq!(ignored(&mut client).reason, Reason::UnknownReply);
    assert!(client.poll_answer().is_none());
}

#[test]
fn what_was_given_up_before_it_went_out_does_not_go_out() {
    let now = Instant::now();
    let mut client = client(Limits::default(), now);
    for ticket in [1, 2] {
        client
            .call(now, Ticket(ticket), &hello(), now + secs(60))
            .unwrap();
    }
    client.abandon(Ticket(1));
    let ids: Vec<Value> = std::iter::from_fn(|| sent(&mut client))
        .map(|frame| frame["call_id"].clone())
        .collect();
    assert_eq!(ids, [0, 2]);
    client.abandon(Ticket(2));
    // Somebody may answer it yet; that is no mistake, and nobody is told.
    client.handle_frame(now, reply(&json!(2)));
    assert!(matches!(
        client.poll_event(),
        Some(RtmEvent::Connected(None))
    ));
    assert_eq!(client.poll_event(), None);
    assert!(client.poll_answer().is_none());
}

#[test]
fn what_has_not_gone_out_when_the_connection_ends_was_not_sent() {
    let now = Instant::now();
    let mut client = client(Limits::default(), now);
    client
        .call(now, Ticket(1), &hello(), now + secs(60))
        .unwrap();
    while sent(&mut client).is_some() {}
    client
        .call(now, Ticket(2), &hello(), now + secs(60))
        .unwrap();
    client.handle_frame(now, Frame::Close(1001, String::new()));
    assert!(!client.is_leaving(), "it is over");
    client.handle_close(now);
    let ends: Vec<_> = (0..2)
        .map(|_| failed(&mut client))
        .map(|(ticket, error)| (ticket.0, error.sent))
        .collect();
    assert_eq!(ends, [(1, true), (2, false)]);
    assert_eq!((client.poll_send(), client.poll_timeout()), (None, None));
    assert!(client.poll_answer().is_none());
}

#[test]
fn a_call_too_many_is_refused() {
    let now = Instant::now();
    let limits = Limits {
        waiting_calls: 2,
        ..Limits::default()
    };
    let mut client = client(limits, now);
    for ticket in [1, 2] {
        client
            .call(now, Ticket(ticket), &hello(), now + secs(60))
            .unwrap();
    }
    let error = client
        .call(now, Ticket(3), &hello(), now + secs(60))
        .unwrap_err();
    assert!(
        !error.sent && error.to_string().starts_with("2 calls"),
        "{error}"
    );
    client.abandon(Ticket(1));
    client
        .call(now, Ticket(3), &hello(), now + secs(60))
        .unwrap();
}

#[test]
fn what_is_no_frame_of_a_program_is_not_sent() {
    let now = Instant::now();
    let mut client = client(Limits::default(), now);
    assert!(raw(&mut client).is_some());
    for (body, problem) in [
        ("", "no JSON object"),
        ("[1]", "no JSON object"),
        ("{}", "type"),
        (r#"{"type":5}"#, "type"),
        (r#"{"type":"ping"}"#, "pings"),
        (r#"{"type":"message","call_id":1}"#, "call_id"),
    ] {
        let request = HttpRequest::new(body.into());
        let error = client
            .call(now, Ticket(1), &request, now + secs(60))
            .unwrap_err();
        assert!(
            !error.sent && error.to_string().contains(problem),
            "{body}: {error}"
        );
    }
    assert_eq!(client.poll_send(), None);
}

#[test]
fn what_cannot_be_understood_is_passed_over_with_the_reason() {
    let now = Instant::now();
    let limits = Limits {
        largest_frame: 64,
        ..Limits::default()
    };
    let mut client = client(limits, now);
    let long = format!(r#"{{"type":"message","text":"{}"}}"#, "x".repeat(64));
    for (frame, reason) in [
        ("", Reason::NoObject),
        ("[]", Reason::NoObject),
        ("{}", Reason::NoType),
        (r#"{"type":null}"#, Reason::NoType),
        (r#"{"type":"reply","code":0}"#, Reason::UnknownReply),
        (r#"{"type":"reply","call_id":7}"#, Reason::UnknownReply),
        (r#"{"type":"reply","call_id":-1}"#, Reason::UnknownReply),
        // It is under way to the socket still.
        (r#"{"type":"reply","call_id":0}"#, Reason::UnknownReply),
        (&long, Reason::TooLong),
    ] {
        client.handle_frame(now, text(frame));
        if frame.is_empty() {
            assert!(matches!(
                client.poll_event(),
                Some(RtmEvent::Connected(None))
            ));
        }
        let ignored = ignored(&mut client);
        assert_eq!(
            (ignored.reason, ignored.length),
            (reason, frame.len()),
            "{frame}"
        );
        assert_eq!(
            ignored.frame.is_empty(),
            reason == Reason::TooLong || frame.is_empty()
        );
        assert!(!format!("{ignored:?}").contains("type"), "{ignored:?}");
    }
}
