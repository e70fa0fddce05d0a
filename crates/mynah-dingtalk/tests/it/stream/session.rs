//! The application's end.

use std::time::Instant;

use mynah_core::{DedupeKey, Frame, HttpRequest, Session, Ticket};
use mynah_dingtalk::stream::{Ignored, Limits, Reason, StreamEvent, StreamSession, Told, topic};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{client, delivered, frame, millis, said, secs, sent, text};

fn message(id: &str) -> Frame {
    frame("CALLBACK", topic::ROBOT, id, &said(id).to_json())
}

fn disconnect() -> Frame {
    frame("SYSTEM", "disconnect", "bye", &json!({"reason": "timeout"}))
}

fn ids(session: &mut StreamSession) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(ack) = sent(session) {
        assert_eq!(ack["code"], 200);
        ids.push(ack["headers"]["messageId"].as_str().unwrap().to_owned());
    }
    ids
}

#[test]
fn a_frame_is_acknowledged_when_it_was_handed_over_and_not_before() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    for id in ["a", "b"] {
        session.handle_frame(now, message(id));
        delivered(&mut session);
    }
    assert!(ids(&mut session).is_empty());
    session.acknowledge(2);
    assert_eq!(ids(&mut session), ["a"]);
    session.acknowledge(3);
    assert_eq!(ids(&mut session), ["b"]);
    session.acknowledge(3);
    assert!(ids(&mut session).is_empty(), "once");
}

#[test]
fn what_was_lost_on_the_way_is_never_acknowledged() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    for id in ["a", "b", "c"] {
        session.handle_frame(now, message(id));
        delivered(&mut session);
    }
    session.acknowledge(4);
    assert_eq!(ids(&mut session), ["c"]);
    session.acknowledge(2);
    assert!(ids(&mut session).is_empty());
}

#[test]
fn more_than_the_limit_are_not_acknowledged() {
    let now = Instant::now();
    let limits = Limits {
        unacknowledged: 2,
        ..Limits::default()
    };
    let mut session = client(limits, now);
    for id in ["a", "b", "c"] {
        session.handle_frame(now, message(id));
        delivered(&mut session);
    }
    for n in 2..=4 {
        session.acknowledge(n);
    }
    assert_eq!(ids(&mut session), ["a", "b"]);
}

#[test]
fn a_topic_that_nobody_subscribed_to_is_answered_with_404() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, frame("CALLBACK", topic::GRAPH, "g", &json!({})));
    let reason = Reason::UnknownTopic(topic::GRAPH.len());
    assert!(
        matches!(session.poll_event(), Some(StreamEvent::Ignored(Ignored { reason: found, .. })) if found == reason)
    );
    let ack = sent(&mut session).unwrap();
    assert_eq!(
        (&ack["code"], &ack["headers"]["messageId"]),
        (&json!(404), &json!("g"))
    );
}

#[test]
fn a_topic_that_was_subscribed_to_and_is_not_known_is_handed_over_as_it_is() {
    use mynah_dingtalk::api::stream::Subscription;
    let now = Instant::now();
    let wanted = vec![Subscription::callback(topic::GRAPH)];
    let mut session = StreamSession::new(wanted, Limits::default(), now);
    session.poll_event();
    session.handle_frame(now, frame("CALLBACK", topic::GRAPH, "g", &json!({"x": 1})));
    let told = delivered(&mut session).told;
    let other = Told::Other {
        topic: topic::GRAPH.to_owned(),
        data: r#"{"x":1}"#.to_owned(),
    };
    assert_eq!(told, other);
    session.acknowledge(2);
    assert_eq!(ids(&mut session), ["g"]);
}

#[test]
fn malformed_frames_are_passed_over_and_the_connection_goes_on() {
    let now = Instant::now();
    let limits = Limits {
        largest_frame: 300,
        ..Limits::default()
    };
    let mut session = client(limits, now);
    let long = "x".repeat(301);
    for (bad, reason) in [
        ("", Reason::NoObject),
        ("7", Reason::NoObject),
        ("[]", Reason::NoObject),
        ("{", Reason::NoObject),
        ("{}", Reason::UnknownType(0)),
        (r#"{"type":7}"#, Reason::UnknownType(1)),
        (&long, Reason::TooLong),
    ] {
        session.handle_frame(now, text(bad));
        let Some(StreamEvent::Ignored(ignored)) = session.poll_event() else {
            panic!("{bad}");
        };
        assert_eq!(
            (ignored.reason, ignored.length),
            (reason.clone(), bad.len())
        );
        assert_eq!(
            ignored.frame.is_empty(),
            bad.is_empty() || reason == Reason::TooLong
        );
        assert!(session.poll_send().is_none(), "{bad}");
    }
    for (kind, topic, data) in [
        ("CALLBACK", topic::ROBOT, json!(["no message"])),
        ("CALLBACK", topic::ROBOT, json!({"no": "msgtype"})),
        ("CALLBACK", topic::CARD, json!(7)),
        ("EVENT", "*", json!("no object")),
    ] {
        session.handle_frame(now, frame(kind, topic, "bad", &data));
        let Some(StreamEvent::Ignored(ignored)) = session.poll_event() else {
            panic!("{data}");
        };
        assert!(matches!(ignored.reason, Reason::Data(_)), "{ignored:?}");
        assert!(!format!("{ignored:?}").contains("no message"));
        assert_eq!(sent(&mut session).unwrap()["code"], 400);
    }
    session.handle_frame(now, frame("SYSTEM", "ping", "p", &json!({"opaque": "x"})));
    assert_eq!(ids(&mut session), ["p"]);
}

#[test]
fn a_frame_without_an_id_is_taken_and_cannot_be_acknowledged() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    let data = said("x").to_json().to_string();
    session.handle_frame(
        now,
        text(json!({
            "type": "CALLBACK", "headers": {"topic": topic::ROBOT}, "data": data,
        })),
    );
    assert_eq!(delivered(&mut session).message_id, None);
    session.acknowledge(2);
    assert!(session.poll_send().is_none());
}

#[test]
fn events_and_messages_have_keys_and_the_rest_has_none() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, message("a"));
    session.handle_frame(now, frame("EVENT", "*", "e1", &json!({})));
    session.handle_frame(
        now,
        frame("CALLBACK", topic::CARD, "c", &json!({"outTrackId": "t"})),
    );
    session.handle_frame(now, disconnect());
    let mut keys = Vec::new();
    while let Some(event) = session.poll_event() {
        keys.push(session.dedupe_key(&event));
    }
    let word = |word: &str| Some(DedupeKey::Word(word.into()));
    assert_eq!(keys, [word("msg-a"), word("e1"), None, None]);
}

#[test]
fn a_disconnect_is_noticed_at_once_and_the_session_goes_on() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    assert!(!session.is_leaving());
    session.handle_frame(now, disconnect());
    assert!(session.is_leaving());
    assert_eq!(
        session.poll_event(),
        Some(StreamEvent::Leaving("timeout".to_owned()))
    );
    assert_eq!(ids(&mut session), ["bye"]);
    // What was on the way already is taken, and acknowledged.
    session.handle_frame(now, message("late"));
    delivered(&mut session);
    session.acknowledge(3);
    assert_eq!(ids(&mut session), ["late"]);
    // The word of it does not come twice.
    session.handle_frame(now, disconnect());
    assert_eq!(session.poll_event(), None);
}

/// Lets time pass until something is sent that is not a ping, or it is over.
fn run(session: &mut StreamSession, start: Instant, answered: bool) -> Option<(u128, Frame)> {
    for _ in 0..1000 {
        let due = session.poll_timeout()?;
        session.handle_timeout(due);
        while let Some(sent) = session.poll_send() {
            if !matches!(sent, Frame::Ping(_)) {
                return Some(((due - start).as_millis(), sent));
            }
            if answered {
                session.handle_frame(due + millis(100), Frame::Pong(bytes::Bytes::new()));
            }
        }
    }
    None
}

#[test]
fn a_platform_that_announces_and_does_not_close_is_left() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, disconnect());
    ids(&mut session);
    let (after, sent) = run(&mut session, now, true).unwrap();
    assert!(matches!(sent, Frame::Close(1001, _)), "{sent:?}");
    assert_eq!(after, 15_000);
    assert_eq!(session.poll_timeout(), None);
}

#[test]
fn a_platform_that_does_not_answer_is_suspected_within_3_seconds() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_timeout(now + millis(1500));
    assert!(matches!(session.poll_send(), Some(Frame::Ping(_))));
    session.handle_timeout(now + millis(2499));
    assert!(!session.is_leaving());
    session.handle_timeout(now + millis(2500));
    assert!(session.is_leaving());
    // It is asked again, and an answer makes it good.
    session.handle_timeout(now + millis(4000));
    assert!(matches!(session.poll_send(), Some(Frame::Ping(_))));
    session.handle_frame(now + millis(4100), Frame::Pong(bytes::Bytes::new()));
    assert!(!session.is_leaving());
}

#[test]
fn what_was_suspected_and_replaced_is_not_trusted_again() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_timeout(now + millis(1500));
    session.handle_timeout(now + millis(2500));
    session.handle_replaced(now + millis(2600));
    session.handle_frame(now + millis(2700), message("late"));
    delivered(&mut session);
    assert!(session.is_leaving());
    assert!(run(&mut session, now, true).is_some(), "it ends");
}

#[test]
fn a_platform_that_never_answers_is_left() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    let (after, sent) = run(&mut session, now, false).unwrap();
    assert!(matches!(sent, Frame::Close(1001, _)), "{sent:?}");
    assert_eq!(after, 17_500);
}

#[test]
fn a_platform_that_answers_pings_and_tells_nothing_is_suspected_after_a_while() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    let mut time = now;
    while time < now + secs(89) {
        time += millis(500);
        session.handle_frame(time, Frame::Pong(bytes::Bytes::new()));
        session.handle_timeout(time);
        while session.poll_send().is_some() {}
    }
    assert!(!session.is_leaving());
    session.handle_timeout(now + secs(90));
    assert!(session.is_leaving());
    session.handle_frame(now + secs(91), Frame::Pong(bytes::Bytes::new()));
    assert!(session.is_leaving(), "a pong tells nothing");
    session.handle_frame(
        now + secs(92),
        frame("SYSTEM", "KEEPALIVE", "k", &json!({})),
    );
    assert!(!session.is_leaving());
}

#[test]
fn nothing_is_called_over_it() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    let request = HttpRequest::new(bytes::Bytes::new());
    let error = session
        .call(now, Ticket(1), &request, now + secs(1))
        .unwrap_err();
    assert!(!error.sent);
    assert!(session.poll_answer().is_none());
}

#[test]
fn nothing_is_sent_after_the_end() {
    let now = Instant::now();
    let mut session = client(Limits::default(), now);
    session.handle_frame(now, message("a"));
    session.handle_frame(now, Frame::Close(1000, String::new()));
    delivered(&mut session);
    session.acknowledge(2);
    session.handle_timeout(now + secs(100));
    assert!(session.poll_send().is_none());
    session.handle_close(now);
    assert_eq!(session.poll_timeout(), None);
}

proptest! {
    #[test]
    fn any_frame_is_survived(frames in prop::collection::vec(any::<Vec<u8>>(), 0..20), kind in "SYSTEM|EVENT|CALLBACK|x", data in ".{0,40}") {
        let now = Instant::now();
        let mut session = client(Limits::default(), now);
        for bytes in frames {
            session.handle_frame(now, Frame::Binary(bytes.into()));
        }
        for topic in ["*", "ping", "disconnect", topic::ROBOT, topic::CARD, "/x"] {
            let headers = json!({"topic": topic, "messageId": "m", "eventType": "chat_quit"});
            session.handle_frame(now, text(json!({"type": kind, "headers": headers, "data": data})));
        }
        let mut n = 1;
        while session.poll_event().is_some() {
            n += 1;
            session.acknowledge(n);
        }
        while let Some(sent) = session.poll_send() {
            if let Frame::Text(bytes) = sent {
                let ack: Value = serde_json::from_slice(&bytes).unwrap();
                prop_assert_eq!(&ack["headers"]["messageId"], "m");
            }
        }
    }
}
