//! Callbacks over HTTP, both sides of them.
//!
//! Each kind of callback has its address in the console, and all of them may
//! have the same one: [what it is](crate::event) is told by the body. The
//! platform signs a nonce and the time, and neither address nor body: whoever
//! sees one callback can make up others, so let them come over TLS, and
//! [limit their age](CallbackSecret::fresh_within) where the clocks allow it.
//!
//! They come at least once and in any order, and whoever is slow loses some
//! ([`PATIENCE`], [`ATTEMPTS`]): answer at once, work later, and tell repeated
//! ones by their [key](Event::dedupe_key).

mod answer;
mod query;
mod secret;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Method;
pub use mynah_core::aim;
use mynah_core::{Arrival, Check, Forged, HttpRequest, Inbound, Received, Reply};

use crate::platform::RongCloud;

pub use crate::event::Event;
pub use answer::{Answer, Pass, Verdict};
pub use secret::{CallbackSecret, SignatureNames};

/// The longest body of a callback, in bytes: a content of 128 KiB, each byte of
/// it escaped, and what stands around it.
pub const LARGEST_BODY: usize = 1 << 20;

/// How long the platform waits for the answer to a callback
/// (<https://docs.rongcloud.cn/platform-chat-api/message/sync>).
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long the platform waits for the verdict on a message; without one it
/// delivers the message
/// (<https://docs.rongcloud.cn/v4/views/im/server/security/msgcb.html>).
pub const CHECK_PATIENCE: Duration = Duration::from_secs(3);

/// How often the platform posts a callback that is not answered with 200; then
/// it drops it. It asks for a verdict only once.
pub const ATTEMPTS: u32 = 3;

/// How long the platform waits where many callbacks are not answered in time,
/// before it posts again.
pub const PAUSE: Duration = Duration::from_secs(60);

impl Event {
    /// How long the platform waits for the answer.
    pub const fn patience(&self) -> Duration {
        match self {
            Self::Check(_) => CHECK_PATIENCE,
            _ => PATIENCE,
        }
    }

    /// How often the platform posts it, if it is not answered.
    pub const fn attempts(&self) -> u32 {
        match self {
            Self::Check(_) => 1,
            _ => ATTEMPTS,
        }
    }
}

/// The signature stands in the query, in the names of one of three generations
/// of the documentation; where it does not, it stands in the headers. The body
/// has fields of the same names, which mean something else. What is not signed
/// is refused with 401, what cannot be read with 400, 405 or 413.
///
/// The answer to a [check](Event::Check) may be a [verdict](Verdict); every
/// other answer only says that the callback has come. The platform's nonces are
/// not said to be used once, so [`replay`](Arrival::replay) is never there.
impl Inbound for RongCloud {
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
            return Err(Forged::new(413, Check::Size, detail));
        }
        if *request.method() != Method::POST {
            return Err(Forged::new(405, Check::Form, "the method must be POST"));
        }
        secret.check(request, wall)?;
        let event = read(request)?;
        let word = event.acknowledgement();
        Ok(Received::Event(Arrival {
            raw: request.body().clone(),
            dedupe: event.dedupe_key(),
            replay: None,
            reply: Reply::new(Some(event.patience()), move |given| {
                answer::respond(word, given)
            }),
            event,
        }))
    }

    /// For the root of the receiver; [`aim`] it at another address. What an
    /// audit said is signed in the headers, everything else in the query.
    fn push(secret: &CallbackSecret, event: &Event, nonce: u64, wall: SystemTime) -> HttpRequest {
        secret.push(event, &nonce.to_string(), millis(wall))
    }
}

/// Form or JSON, as the media type says, or as it looks where that is another.
fn read(request: &HttpRequest) -> Result<Event, Forged> {
    let body = request.body();
    let looks = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    if looks || mynah_core::media_type(request) == "application/json" {
        return Event::from_json(body)
            .map_err(|bad| Forged::new(400, Check::Body, bad.to_string()));
    }
    Ok(Event::from_form(body))
}

/// Since 1970, in milliseconds.
fn millis(wall: SystemTime) -> i64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
