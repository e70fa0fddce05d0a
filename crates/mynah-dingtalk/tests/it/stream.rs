//! Stream: both ends of the connection.

mod dialer;
mod pair;
mod platform;
mod recorded;
mod session;

use std::time::{Duration, Instant, UNIX_EPOCH};

use mynah_core::{Cx, Frame, Session};
use mynah_dingtalk::api::stream::Subscription;
use mynah_dingtalk::robot::{Content, ConversationType, RobotMessage};
use mynah_dingtalk::stream::{
    Delivery, Limits, ServerLimits, ServerSession, StreamEvent, StreamSession, topic,
};
use serde_json::{Value, json};

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn pinned(now: Instant) -> Cx {
    Cx {
        now,
        wall: UNIX_EPOCH + secs(1_700_000_000),
        nonce: 0,
    }
}

/// As the peer subscribes.
fn subscriptions() -> Vec<Subscription> {
    vec![
        Subscription::events(),
        Subscription::callback(topic::ROBOT),
        Subscription::callback(topic::CARD),
        Subscription::callback(topic::DELEGATE),
    ]
}

/// A session that has said that it is connected.
fn client(limits: Limits, now: Instant) -> StreamSession {
    let mut session = StreamSession::new(subscriptions(), limits, now);
    assert_eq!(session.poll_event(), Some(StreamEvent::Connected));
    session
}

fn server(now: Instant) -> ServerSession {
    let limits = ServerLimits::default();
    ServerSession::new("app", "connection-1", subscriptions(), limits, pinned(now))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it reads better where it is used"
)]
fn text(json: impl ToString) -> Frame {
    Frame::Text(json.to_string().into())
}

/// The next frame of a session, if it is text.
fn sent(session: &mut impl Session) -> Option<Value> {
    match session.poll_send()? {
        Frame::Text(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        other => panic!("{other:?}"),
    }
}

/// A frame of the platform.
fn frame(kind: &str, topic: &str, message_id: &str, data: &Value) -> Frame {
    text(json!({
        "specVersion": "1.0", "type": kind, "data": data.to_string(),
        "headers": {"topic": topic, "messageId": message_id, "eventType": "chat_quit", "eventId": message_id},
    }))
}

fn said(words: &str) -> RobotMessage {
    let kind = ConversationType::Single;
    RobotMessage::new(
        format!("msg-{words}"),
        "cid1",
        kind,
        "$:1",
        Content::text(words),
    )
}

fn delivered(session: &mut StreamSession) -> Delivery {
    match session.poll_event() {
        Some(StreamEvent::Delivered(delivery)) => delivery,
        other => panic!("{other:?}"),
    }
}
