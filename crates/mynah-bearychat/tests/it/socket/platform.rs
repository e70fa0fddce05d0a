//! The platform's end, alone.

use std::time::Instant;

use mynah_bearychat::errors;
use mynah_bearychat::event::{Connection, Event};
use mynah_bearychat::socket::{ClientFrame, ServerLimits, ServerSession};
use mynah_bearychat::{MessageKey, Millis};
use mynah_core::{Frame, Session};
use mynah_testkit::json_of;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{RECORDED, millis, pinned, secs, sent, server, text};

#[test]
fn everything_a_program_can_say_comes_out_as_it_was_said() {
    let now = Instant::now();
    let mut server = server(now);
    let quoted = MessageKey::from("1487570962851.0148");
    for (n, frame) in [
        ClientFrame::message("=1", "=2", "hi"),
        ClientFrame::message("=1", "=2", "hi").quoting(quoted.clone()),
        ClientFrame::channel_message("=3", "@<==2=> 你好"),
        ClientFrame::channel_message("=3", "hi").quoting(quoted),
        ClientFrame::Typing {
            vchannel_id: "=1".into(),
            to_uid: "=2".into(),
        },
        ClientFrame::ChannelTyping {
            vchannel_id: "=3".into(),
            channel_id: "=3".into(),
        },
    ]
    .into_iter()
    .enumerate()
    {
        let mut json = serde_json::to_value(&frame).unwrap();
        assert_eq!(json["type"], frame.name());
        assert!(ClientFrame::KINDS.contains(&frame.name()));
        json["call_id"] = n.into();
        server.handle_frame(now, text(&json));
        let asked = server.poll_event().unwrap();
        assert_eq!(
            (&asked.frame, asked.call.id()),
            (&frame, i64::try_from(n).ok())
        );
        server.answer(now, asked.call, Ok(()));
        let reply =
            json!({"code": 0, "status": "ok", "ts": RECORDED.0, "type": "reply", "call_id": n});
        assert_eq!(sent(&mut server), Some(reply));
        let mut ok = json!({"reply_to": n, "ts": RECORDED.0, "type": "ok"});
        if let Some(text) = frame.text() {
            ok["text"] = text.into();
        }
        assert_eq!(sent(&mut server), Some(ok));
        assert_eq!(sent(&mut server), None);
    }
}

#[test]
fn a_frame_may_leave_out_that_it_quotes_nothing() {
    let now = Instant::now();
    let mut server = server(now);
    server.handle_frame(now, text(json!({
        "type": "channel_message", "vchannel_id": "=3", "channel_id": "=3", "text": "hi", "call_id": 0,
    })));
    assert_eq!(
        server.poll_event().unwrap().frame,
        ClientFrame::channel_message("=3", "hi")
    );
}

#[test]
fn a_refusal_has_the_code_and_the_words_and_no_twin() {
    let now = Instant::now();
    let mut server = server(now);
    server.handle_frame(now, text(json!({
        "type": "channel_message", "vchannel_id": "=3", "channel_id": "=3", "text": "hi", "call_id": 9,
    })));
    let asked = server.poll_event().unwrap();
    server.answer(now + millis(9), asked.call, Err(&errors::forbidden()));
    assert_eq!(
        sent(&mut server),
        Some(json!({
            "code": 4, "status": "error", "error": "没有权限", "ts": RECORDED.0 + 9, "type": "reply", "call_id": 9,
        }))
    );
    assert_eq!(sent(&mut server), None);
}

#[test]
fn what_cannot_be_understood_is_answered_with_the_name_of_what_is_wrong() {
    let now = Instant::now();
    let mut server = server(now);
    let long = "x".repeat(200);
    for (frame, call_id, parameter) in [
        (json!("[]"), Value::Null, "body"),
        (json!([]), Value::Null, "body"),
        (json!({}), Value::Null, "call_id"),
        (json!({"type": "ping"}), Value::Null, "call_id"),
        (
            json!({"type": "ping", "call_id": "1"}),
            Value::Null,
            "call_id",
        ),
        (
            json!({"type": "ping", "call_id": 1.5}),
            Value::Null,
            "call_id",
        ),
        (json!({"call_id": 1}), json!(1), "type"),
        (json!({"type": null, "call_id": 1}), json!(1), "type"),
        (json!({"type": long, "call_id": -1}), json!(-1), "type"),
        (
            json!({"type": "reply", "call_id": u64::MAX}),
            json!(u64::MAX),
            "type",
        ),
        (
            json!({"type": "message", "call_id": 1}),
            json!(1),
            "vchannel_id",
        ),
        (
            json!({"type": "message", "vchannel_id": "=1", "call_id": 1}),
            json!(1),
            "to_uid",
        ),
        (
            json!({"type": "message", "vchannel_id": "=1", "to_uid": 5, "call_id": 1}),
            json!(1),
            "to_uid",
        ),
        (
            json!({"type": "message", "vchannel_id": "=1", "to_uid": "=2", "call_id": 1}),
            json!(1),
            "text",
        ),
        (
            json!({"type": "channel_message", "vchannel_id": "=1", "text": "hi", "call_id": 1}),
            json!(1),
            "channel_id",
        ),
        (
            json!({"type": "channel_message", "vchannel_id": "=1", "channel_id": "=1", "text": "hi", "refer_key": 5, "call_id": 1}),
            json!(1),
            "refer_key",
        ),
        (
            json!({"type": "typing", "vchannel_id": "=1", "call_id": 1}),
            json!(1),
            "to_uid",
        ),
        (
            json!({"type": "channel_typing", "channel_id": "=1", "call_id": 1}),
            json!(1),
            "vchannel_id",
        ),
    ] {
        server.handle_frame(now, text(&frame));
        assert_eq!(server.poll_event(), None, "{frame}");
        assert_eq!(
            sent(&mut server),
            Some(json!({
                "code": 1, "status": "error", "error": format!("参数错误: {parameter}"),
                "ts": RECORDED.0, "type": "reply", "call_id": call_id,
            })),
            "{frame}"
        );
        assert_eq!(sent(&mut server), None, "{frame}");
    }
    assert!(server.is_open());
}

#[test]
fn silence_ends_the_connection_and_every_frame_breaks_it() {
    let start = Instant::now();
    let mut server = server(start);
    let mut now = start;
    for frame in [
        text(json!({"type": "ping", "call_id": 0})),
        text("nonsense"),
        Frame::Ping("".into()),
        Frame::Pong("".into()),
        Frame::Binary("{}".into()),
    ] {
        assert_eq!(server.poll_timeout(), Some(now + secs(30)));
        now += secs(29);
        server.handle_timeout(now);
        assert!(server.is_open());
        server.handle_frame(now, frame);
        while server.poll_send().is_some() {}
    }
    server.handle_timeout(now + secs(30));
    assert!(matches!(server.poll_send(), Some(Frame::Close(1001, _))));
    assert_eq!((server.poll_send(), server.poll_timeout()), (None, None));
    assert!(!server.deliver(&Event::connection("=1", Connection::Connected, Millis(1))));
    assert_eq!(server.queued(), 0);
}

#[test]
fn a_frame_that_is_too_long_ends_the_connection() {
    let now = Instant::now();
    let limits = ServerLimits {
        largest_frame: 64,
        ..ServerLimits::default()
    };
    let mut server = ServerSession::new(limits, pinned(now));
    server.handle_frame(now, text("x".repeat(65)));
    assert!(
        matches!(server.poll_send(), Some(Frame::Close(1009, reason)) if reason.contains("64"))
    );
    server.handle_frame(now, text(json!({"type": "ping", "call_id": 0})));
    assert_eq!(server.poll_send(), None);
}

#[test]
fn what_a_frame_causes_comes_behind_its_acknowledgement() {
    let now = Instant::now();
    let mut server = server(now);
    server.handle_frame(now, text(json!({
        "type": "channel_message", "vchannel_id": "=3", "channel_id": "=3", "text": "hi", "call_id": 0,
    })));
    let asked = server.poll_event().unwrap();
    server.answer(now, asked.call, Ok(()));
    let message = mynah_bearychat::Message {
        is_channel: true,
        ..mynah_bearychat::Message::default()
    };
    server.deliver(&Event::said(&message, None, RECORDED));
    let kinds: Vec<Value> = std::iter::from_fn(|| sent(&mut server))
        .map(|frame| frame["type"].clone())
        .collect();
    assert_eq!(kinds, ["reply", "ok", "channel_message"]);
}

const WORDS: &[&str] = &[
    "type",
    "call_id",
    "ping",
    "message",
    "channel_message",
    "typing",
    "vchannel_id",
    "channel_id",
    "to_uid",
    "text",
    "refer_key",
    "=bw52O",
];

proptest! {
    /// Whatever a program sends is acknowledged once: here, or by whoever is asked.
    #[test]
    fn every_frame_has_one_reply(
        frames in prop::collection::vec((json_of(WORDS), prop::sample::select(ClientFrame::KINDS)), 1..8)
    ) {
        let now = Instant::now();
        let mut server = server(now);
        for (json, kind) in frames {
            let mut json = json;
            if let Value::Object(fields) = &mut json {
                fields.entry("type").or_insert_with(|| kind.into());
                fields.entry("call_id").or_insert_with(|| 7.into());
            }
            server.handle_frame(now, text(json));
            while let Some(asked) = server.poll_event() {
                server.answer(now, asked.call, Ok(()));
            }
            let replies = std::iter::from_fn(|| sent(&mut server))
                .filter(|frame| frame["type"] == "reply")
                .count();
            prop_assert_eq!(replies, 1);
        }
        prop_assert!(server.is_open());
    }
}
