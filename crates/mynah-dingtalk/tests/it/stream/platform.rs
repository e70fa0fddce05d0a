//! The platform's end.

use std::time::Instant;

use mynah_core::{Frame, Session};
use mynah_dingtalk::api::stream::Subscription;
use mynah_dingtalk::event::{Callback, ChatChange, Format, Kind};
use mynah_dingtalk::stream::{
    Acknowledged, Outbox, ServerLimits, ServerSession, Told, ticket_of, topic,
};
use serde_json::{Value, json};

use super::{pinned, said, secs, sent, server, text};

fn gone(id: &str) -> Callback {
    Callback::new(Kind::ChatDisband(ChatChange::default()))
        .made(id, 5)
        .corp("corp")
}

fn ack(message_id: &str, code: i64, data: &Value) -> Acknowledged {
    let now = Instant::now();
    let mut session = server(now);
    session.handle_frame(now, text(json!({
        "code": code, "headers": {"messageId": message_id}, "message": "", "data": data.to_string(),
    })));
    session.poll_event().unwrap()
}

#[test]
fn a_ping_comes_every_30_seconds() {
    let now = Instant::now();
    let mut session = server(now);
    assert_eq!(session.poll_timeout(), Some(now + secs(30)));
    session.handle_timeout(now + secs(30));
    let ping = sent(&mut session).unwrap();
    assert_eq!(
        (&ping["type"], &ping["headers"]["topic"]),
        (&json!("SYSTEM"), &json!("ping"))
    );
    assert_eq!(ping["headers"]["time"], "1700000030000");
    assert!(ping["data"].as_str().unwrap().contains("opaque"));
    assert_eq!(session.poll_timeout(), Some(now + secs(60)));
}

#[test]
fn after_a_disconnect_nothing_is_told_and_after_10_seconds_it_is_closed() {
    let now = Instant::now();
    let mut session = server(now);
    assert!(session.deliver(now, "1", &Told::from(said("x"))));
    session.disconnect(now, "persistent connection is timeout");
    session.disconnect(now, "twice");
    assert!(!session.is_open());
    assert!(!session.deliver(now, "2", &Told::from(said("y"))));
    assert_eq!(sent(&mut session).unwrap()["headers"]["messageId"], "1");
    let word = sent(&mut session).unwrap();
    assert_eq!(word["headers"]["topic"], "disconnect");
    assert_eq!(
        word["data"],
        r#"{"reason":"persistent connection is timeout"}"#
    );
    assert!(session.poll_send().is_none());
    assert_eq!(session.poll_timeout(), Some(now + secs(10)));
    session.handle_timeout(now + secs(10));
    assert_eq!(session.poll_send(), Some(Frame::Close(1000, String::new())));
    assert_eq!(session.poll_timeout(), None);
}

#[test]
fn only_what_was_asked_for_is_told() {
    let now = Instant::now();
    let wanted = vec![Subscription::callback(topic::ROBOT)];
    let limits = ServerLimits::default();
    let mut session = ServerSession::new("app", "c", wanted, limits, pinned(now));
    assert!(session.deliver(now, "1", &Told::from(said("x"))));
    assert!(!session.deliver(now, "2", &Told::from(gone("e"))));
    let delegated = Told::Delegated(Box::new(said("x")));
    assert!(!session.deliver(now, "3", &delegated));
    assert_eq!(session.queued(), 1);
}

#[test]
fn an_event_goes_out_in_the_shape_of_stream_whatever_it_had() {
    let now = Instant::now();
    let mut session = server(now);
    let told = Told::Event(Box::new(gone("e1")));
    assert!(session.deliver(now, "1", &told));
    let frame = sent(&mut session).unwrap();
    assert_eq!(
        (&frame["type"], &frame["headers"]["topic"]),
        (&json!("EVENT"), &json!("*"))
    );
    assert_eq!(frame["headers"]["eventId"], "e1");
    assert_eq!(frame["headers"]["eventBornTime"], "5");
    assert_eq!(frame["data"], r#"{"corpId":"corp"}"#);
    assert_eq!(Told::from(gone("e1")).topic(), "*");
    assert!(matches!(Told::from(gone("e1")), Told::Event(event) if event.format == Format::Stream));
}

#[test]
fn what_is_no_acknowledgement_is_passed_over() {
    let now = Instant::now();
    let mut session = server(now);
    for bad in [
        "",
        "7",
        "[200]",
        "{}",
        r#"{"code":200}"#,
        r#"{"code":[],"headers":{"messageId":"1"}}"#,
        r#"{"code":200,"headers":{"messageId":1}}"#,
        r#"{"code":200,"headers":[]}"#,
    ] {
        session.handle_frame(now, text(bad));
        assert!(session.poll_event().is_none(), "{bad}");
    }
    session.handle_frame(
        now,
        text(json!({"code": "200", "headers": {"messageId": "1"}, "data": {"a": 1}})),
    );
    let acknowledged = session.poll_event().unwrap();
    assert_eq!(
        (acknowledged.code, &acknowledged.data),
        (200, &json!({"a": 1}))
    );
}

#[test]
fn later_and_errors_are_no_success() {
    assert!(ack("1", 200, &json!({"status": "SUCCESS"})).is_success());
    assert!(ack("1", 200, &json!({"the": "event itself"})).is_success());
    assert!(!ack("1", 200, &json!({"status": "LATER"})).is_success());
    assert!(!ack("1", 404, &json!({})).is_success());
    assert!(!ack("1", 500, &json!({"status": "SUCCESS"})).is_success());
}

#[test]
fn an_event_is_sent_again_after_60_seconds_at_most_3_times() {
    let start = Instant::now();
    let mut outbox = Outbox::new(secs(60), 3);
    outbox.push(start, "1", gone("e1"));
    for repeats in 0..4 {
        let due = outbox.poll_timeout().unwrap();
        assert_eq!(due, start + secs(60) * repeats);
        let overdue = outbox.poll_due(due).unwrap();
        assert_eq!(
            (overdue.message_id.as_str(), overdue.repeats),
            ("1", repeats)
        );
        assert_eq!(overdue.callback, gone("e1"));
        assert!(outbox.poll_due(due).is_none());
    }
    assert!(outbox.poll_due(start + secs(240)).is_none());
    assert!(outbox.is_empty());
}

#[test]
fn an_event_that_was_taken_is_not_sent_again_and_one_that_was_not_is() {
    let now = Instant::now();
    let mut outbox = Outbox::new(secs(60), 3);
    for (at, id) in ["2", "1"].into_iter().enumerate() {
        outbox.push(now, id, gone(&at.to_string()));
    }
    let order: Vec<_> = std::iter::from_fn(|| outbox.poll_due(now))
        .map(|due| due.message_id)
        .collect();
    assert_eq!(order, ["2", "1"], "in the order of what happened");
    assert!(outbox.acknowledge(&ack("2", 200, &json!({"status": "SUCCESS"}))));
    assert!(
        !outbox.acknowledge(&ack("2", 200, &json!({"status": "SUCCESS"}))),
        "once"
    );
    assert!(!outbox.acknowledge(&ack("1", 200, &json!({"status": "LATER"}))));
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox.poll_due(now + secs(60)).unwrap().message_id, "1");
}

#[test]
fn another_interval_holds_from_the_next_time_on() {
    let start = Instant::now();
    let mut outbox = Outbox::new(secs(60), 3);
    outbox.push(start, "1", gone("e1"));
    assert!(outbox.poll_due(start).is_some());
    outbox.repeat(secs(5), 1);
    assert_eq!(outbox.poll_timeout(), Some(start + secs(60)));
    assert!(outbox.poll_due(start + secs(60)).is_some());
    assert_eq!(outbox.poll_timeout(), Some(start + secs(65)));
    assert!(outbox.poll_due(start + secs(65)).is_none());
    assert!(outbox.is_empty());
}

#[test]
fn a_ticket_is_decoded_once() {
    let ticket = |uri: &str| ticket_of(&uri.parse().unwrap());
    assert_eq!(
        ticket("ws://h/connect?x=1&ticket=a%2Bb%2F%3D").as_deref(),
        Some("a+b/=")
    );
    assert_eq!(
        ticket("ws://h/connect?ticket=%252B").as_deref(),
        Some("%2B")
    );
    assert_eq!(ticket("ws://h/connect"), None);
}
