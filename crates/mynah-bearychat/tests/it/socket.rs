//! RTM: both ends of the connection.

mod client;
mod dialer;
mod pair;
mod platform;
mod recorded;

use std::time::{Duration, Instant};

use mynah_bearychat::Millis;
use mynah_bearychat::socket::{Limits, RtmSession, ServerLimits, ServerSession};
use mynah_core::{Cx, Frame, Session};
use serde_json::Value;

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The moment of all recorded frames.
const RECORDED: Millis = Millis(1_487_571_355_491);

fn pinned(now: Instant) -> Cx {
    Cx {
        now,
        wall: RECORDED.time().unwrap(),
        nonce: 0,
    }
}

fn client(limits: Limits, now: Instant) -> RtmSession {
    RtmSession::new(None, limits, now)
}

fn server(now: Instant) -> ServerSession {
    ServerSession::new(ServerLimits::default(), pinned(now))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it reads better where it is used"
)]
fn text(json: impl ToString) -> Frame {
    Frame::Text(json.to_string().into())
}

/// The next frame of a session, as it stands on the wire.
fn raw(session: &mut impl Session) -> Option<String> {
    match session.poll_send()? {
        Frame::Text(bytes) => Some(String::from_utf8(bytes.to_vec()).unwrap()),
        other => panic!("{other:?}"),
    }
}

/// The next frame of a session, if there is one.
fn sent(session: &mut impl Session) -> Option<Value> {
    raw(session).map(|frame| serde_json::from_str(&frame).unwrap())
}
