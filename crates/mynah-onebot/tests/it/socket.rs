//! The socket machines: against recorded dialogues, against the standard's
//! cases, and against each other.

mod framework;
mod handshake;
mod implementation;
mod pair;
mod recorded;

use std::time::{Duration, Instant};

use mynah_core::http::Request;
use mynah_core::{Frame, HttpRequest};
use mynah_onebot::socket::{FrameworkSession, ImplementationSession, Limits, Role};
use serde_json::Value;

const CONNECT: &str = r#"{"time":1515204254,"self_id":10000,"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect"}"#;

fn framework(role: Role, now: Instant) -> FrameworkSession {
    FrameworkSession::new(role, Limits::default(), now)
}

/// One that does not mind silence.
fn patient_framework(role: Role, now: Instant) -> FrameworkSession {
    let limits = Limits {
        silence: Duration::MAX,
        ..Limits::default()
    };
    FrameworkSession::new(role, limits, now)
}

fn implementation(role: Role) -> ImplementationSession {
    ImplementationSession::new(role, CONNECT.into())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it reads better where it is used"
)]
fn text(json: impl ToString) -> Frame {
    Frame::Text(json.to_string().into())
}

/// The JSON of a text frame.
fn json(frame: Option<Frame>) -> Value {
    match frame {
        Some(Frame::Text(bytes)) => serde_json::from_slice(&bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A call as it would go out over HTTP.
fn call(action: &str, params: &Value) -> HttpRequest {
    Request::post(format!("http://127.0.0.1:5700/{action}"))
        .header("content-type", "application/json")
        .body(params.to_string().into())
        .unwrap()
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
