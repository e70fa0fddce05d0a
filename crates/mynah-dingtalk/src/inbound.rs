//! Callbacks over HTTP, both sides of them: events, which come encrypted, and
//! what people say to a robot, which comes signed.

mod answer;
mod events;
mod query;
mod robot;
mod secret;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Method;
pub use mynah_core::aim;
use mynah_core::{Check, DedupeKey, Forged, HttpRequest, Inbound, Received};

use crate::event::Callback;
use crate::message::WebhookMessage;
use crate::platform::DingTalk;
use crate::robot::RobotMessage;
use secret::Mode;

pub use answer::NoSuccess;
pub use events::{Sealed, Stamp};
pub use secret::CallbackSecret;

/// The longest body of a callback, in bytes.
pub const LARGEST_BODY: usize = 1 << 20;

/// How long the platform waits for the answer to an event; then it sends it
/// again after 10 s, and once more 30 s later
/// (<https://open.dingtalk.com/document/development/http-callback-overview>).
pub const EVENT_PATIENCE: Duration = Duration::from_millis(1500);

/// How long the platform waits for the answer of a robot, which is not
/// documented; it does not send the message again.
pub const ROBOT_PATIENCE: Duration = Duration::from_secs(3);

/// How far the timestamp of a robot's message may be from our clock, to either
/// side (<https://open.dingtalk.com/document/development/receive-message>).
pub const ROBOT_WINDOW: Duration = Duration::from_secs(3600);

/// What comes to a receiver.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Something happened.
    Callback(Callback),
    /// Somebody said something to the robot.
    Robot(Box<RobotMessage>),
}

impl Event {
    /// What it is, in one word.
    pub fn name(&self) -> &str {
        match self {
            Self::Callback(callback) => callback.name(),
            Self::Robot(message) => message.name(),
        }
    }

    /// What two deliveries of it have in common.
    pub fn dedupe_key(&self) -> DedupeKey {
        match self {
            Self::Callback(callback) => callback.dedupe_key(),
            Self::Robot(message) => message.dedupe_key(),
        }
    }
}

impl From<Callback> for Event {
    fn from(callback: Callback) -> Self {
        Self::Callback(callback)
    }
}

impl From<RobotMessage> for Event {
    fn from(message: RobotMessage) -> Self {
        Self::Robot(Box::new(message))
    }
}

/// What goes back in the response to a robot's message: it is posted into the
/// conversation. Events take no answer but the one that says "received".
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// What the robot says.
    Say(WebhookMessage),
}

impl From<WebhookMessage> for Answer {
    fn from(message: WebhookMessage) -> Self {
        Self::Say(message)
    }
}

/// Everything that is refused is refused with 403.
///
/// Where the platform tries an address (`check_url`) the answer is made here
/// ([`Received::Challenge`]). An event is answered by the encrypted `success`
/// and a robot's message by what is said, or by a message that is empty.
impl Inbound for DingTalk {
    type Event = Event;
    type Secret = CallbackSecret;
    type Answer = Answer;

    fn verify(
        secret: &CallbackSecret,
        request: &HttpRequest,
        wall: SystemTime,
    ) -> Result<Received<Event, Answer>, Forged> {
        let length = request.body().len();
        if length > LARGEST_BODY {
            let detail = format!("{length} bytes, at most {LARGEST_BODY} are taken");
            return Err(forged(Check::Size, detail));
        }
        if *request.method() != Method::POST {
            return Err(forged(Check::Form, "the method must be POST"));
        }
        match secret.mode(request)? {
            Mode::Events(events) => events.verify(request, wall),
            Mode::Robot(robot) => robot.verify(request, wall),
        }
    }

    /// For the root of the receiver; [`aim`] it at another address. An event
    /// for a secret that is for robots alone, or the other way round, is signed
    /// with nothing.
    fn push(secret: &CallbackSecret, event: &Event, nonce: u64, wall: SystemTime) -> HttpRequest {
        match event {
            Event::Callback(callback) => secret.push_callback(callback, nonce, wall),
            Event::Robot(message) => secret.push_message(message, wall),
        }
    }
}

fn forged(check: Check, detail: impl Into<String>) -> Forged {
    Forged::new(403, check, detail)
}

/// Since 1970, in milliseconds: the platform's timestamps.
fn millis(wall: SystemTime) -> i64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Whether a timestamp is within the window around our clock.
fn check_time(timestamp: &str, wall: SystemTime, window: Duration) -> Result<(), Forged> {
    let Ok(sent) = timestamp.parse::<i64>() else {
        let detail = format!("timestamp ({} bytes) is no number", timestamp.len());
        return Err(forged(Check::Time, detail));
    };
    let off = sent.abs_diff(millis(wall));
    if u128::from(off) > window.as_millis() {
        let allowed = window.as_millis();
        let detail = format!("{off} ms from our clock, {allowed} ms are allowed");
        return Err(forged(Check::Time, detail));
    }
    Ok(())
}
