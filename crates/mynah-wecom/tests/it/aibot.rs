//! Intelligent bots: what they are told, what they answer, and the long
//! connection that carries both.

mod callback;
mod dialer;
mod media;
mod pair;
mod platform;
mod recorded;
mod reply;
mod session;
mod stream;

use std::time::{Duration, Instant, UNIX_EPOCH};

use mynah_core::{Cx, Endpoint, Frame, HttpRequest, Session, Ticket, encode_request};
use mynah_wecom::aibot::{BotEvent, BotSecret, BotSession, Limits};
use serde_json::{Value, json};

/// A file of vectors.
fn vectors(file: &str) -> Value {
    serde_json::from_str(file).unwrap()
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The moment at which the recorded sessions stand still.
fn pinned(now: Instant) -> Cx {
    Cx {
        now,
        wall: UNIX_EPOCH + secs(1_700_000_000),
        nonce: 0,
    }
}

fn bot(limits: Limits, now: Instant) -> BotSession {
    let secret = BotSecret::new("sandbox-secret");
    BotSession::new("aib-sandbox", secret, limits, pinned(now))
}

/// One whose subscription was acknowledged.
fn subscribed(limits: Limits, now: Instant) -> BotSession {
    let mut session = bot(limits, now);
    let subscription = sent(&mut session).unwrap();
    session.handle_frame(
        now,
        ack(subscription["headers"]["req_id"].as_str().unwrap()),
    );
    assert_eq!(session.poll_event(), Some(BotEvent::Subscribed));
    session
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it reads better where it is used"
)]
fn text(json: impl ToString) -> Frame {
    Frame::Text(json.to_string().into())
}

/// The acknowledgement of a command that worked.
fn ack(req_id: &str) -> Frame {
    text(json!({"headers": {"req_id": req_id}, "errcode": 0, "errmsg": "ok"}))
}

/// The next frame of a session, if it is text.
fn sent(session: &mut impl Session) -> Option<Value> {
    match session.poll_send()? {
        Frame::Text(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        other => panic!("{other:?}"),
    }
}

/// A call as it would go out over HTTP.
fn request<E: Endpoint>(endpoint: &E) -> HttpRequest {
    encode_request(&"ws://127.0.0.1/wecom".parse().unwrap(), endpoint).unwrap()
}

/// Makes a call that has a minute.
fn call<E: Endpoint>(session: &mut impl Session, now: Instant, ticket: u64, endpoint: &E) {
    let request = request(endpoint);
    session
        .call(now, Ticket(ticket), &request, now + secs(60))
        .unwrap();
}

/// What a person says to the bot.
fn message(req_id: &str, words: &str) -> Frame {
    text(
        json!({"cmd": "aibot_msg_callback", "headers": {"req_id": req_id}, "body": {
            "msgid": req_id, "aibotid": "aib-sandbox", "chattype": "single",
            "from": {"userid": "alice"}, "msgtype": "text", "text": {"content": words},
        }}),
    )
}

/// What a person does.
fn event(req_id: &str, eventtype: &str) -> Frame {
    text(
        json!({"cmd": "aibot_event_callback", "headers": {"req_id": req_id}, "body": {
            "msgid": req_id, "create_time": 1_700_000_000, "aibotid": "aib-sandbox",
            "msgtype": "event", "event": {"eventtype": eventtype, eventtype: {"event_key": "confirm"}},
        }}),
    )
}
