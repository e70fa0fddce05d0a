//! Callbacks over HTTP, both sides of them: to applications, in XML, and to
//! intelligent bots, in JSON.
//!
//! Signature and encryption are the same for both
//! (<https://developer.work.weixin.qq.com/document/path/90968>).

mod answer;
mod outer;
mod query;
mod secret;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::Method;
pub use mynah_core::aim;
use mynah_core::{
    Arrival, Check, DedupeKey, Forged, HttpRequest, HttpResponse, Inbound, Received, Reply,
};
use mynah_crypto::Unopened;

use crate::aibot;
use crate::event::Callback;
use crate::platform::WeCom;
use crate::reply::PassiveReply;
use query::Query;

pub use outer::{Sealed, Stamp};
pub use secret::CallbackSecret;

/// The longest body of a callback, in bytes.
pub const LARGEST_BODY: usize = 1 << 20;

/// How long the platform waits for a response, before it tries again: three
/// times (<https://developer.work.weixin.qq.com/document/path/90238>).
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What comes to a receiver.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// To an application.
    Application(Callback),
    /// To an intelligent bot.
    Bot(aibot::Callback),
}

impl Event {
    /// What it is, in one word.
    pub fn name(&self) -> String {
        match self {
            Self::Application(callback) => callback.name().into_owned(),
            Self::Bot(callback) => callback.name(),
        }
    }

    /// What two deliveries of it have in common.
    pub fn dedupe_key(&self) -> DedupeKey {
        match self {
            Self::Application(callback) => callback.dedupe_key(),
            Self::Bot(callback) => callback.dedupe_key(),
        }
    }
}

impl From<Callback> for Event {
    fn from(callback: Callback) -> Self {
        Self::Application(callback)
    }
}

impl From<aibot::Callback> for Event {
    fn from(callback: aibot::Callback) -> Self {
        Self::Bot(callback)
    }
}

/// What goes back in the response. One of the wrong kind counts as none.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// From an application.
    Application(PassiveReply),
    /// From an intelligent bot.
    Bot(aibot::Reply),
}

impl From<PassiveReply> for Answer {
    fn from(reply: PassiveReply) -> Self {
        Self::Application(reply)
    }
}

impl From<aibot::Reply> for Answer {
    fn from(reply: aibot::Reply) -> Self {
        Self::Bot(reply)
    }
}

/// Which of the two kinds of receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Application,
    Bot,
}

/// Everything that is refused is refused with 403.
///
/// When an administrator saves the address of a receiver, the platform asks it
/// to decrypt a text ([`Received::Challenge`]). An answer is encrypted into the
/// response; without one the body is empty.
impl Inbound for WeCom {
    type Event = Event;
    type Secret = CallbackSecret;
    type Answer = Answer;

    fn verify(
        secret: &CallbackSecret,
        request: &HttpRequest,
        wall: SystemTime,
    ) -> Result<Received<Event, Answer>, Forged> {
        let body = request.body();
        if body.len() > LARGEST_BODY {
            let detail = format!("{} bytes, at most {LARGEST_BODY} are taken", body.len());
            return Err(forged(Check::Size, detail));
        }
        let query = Query::of(request.uri())?;
        let (sealed, is_challenge) = match *request.method() {
            Method::GET => (query.echostr()?, true),
            Method::POST => (&*outer::encrypt(secret.mode(), body)?, false),
            _ => return Err(forged(Check::Form, "the method must be GET or POST")),
        };
        let signature = query.verify(secret.envelope(), sealed)?;
        let plain = secret.envelope().open(sealed).map_err(unopened)?;
        secret.check_time(&query.timestamp, wall)?;
        if is_challenge {
            return Ok(Received::Challenge(challenge(plain)));
        }
        let event = read(secret.mode(), &plain)?;
        let dedupe = match &event {
            // A bot is asked again and again for the same stream.
            Event::Bot(aibot::Callback {
                kind: aibot::Kind::Refresh(_),
                ..
            }) => signature.clone(),
            event => event.dedupe_key(),
        };
        let nonce = match &event {
            Event::Application(_) => Nonce::Own(signature.clone()),
            Event::Bot(_) => Nonce::Given(query.nonce.into_owned()),
        };
        let raw = Bytes::from(plain);
        Ok(Received::Event(Arrival {
            dedupe,
            reply: reply(secret, &raw, nonce, wall),
            raw,
            replay: Some(signature),
            event,
        }))
    }

    /// For the root of the receiver; [`aim`] it at another address.
    fn push(secret: &CallbackSecret, event: &Event, nonce: u64, wall: SystemTime) -> HttpRequest {
        let (plain, agent) = match event {
            Event::Application(callback) => (callback.to_xml(), callback.agent_id),
            Event::Bot(callback) => (serde_json::to_string(callback).unwrap_or_default(), None),
        };
        let stamp = secret.stamp(&plain, nonce.to_string(), seconds(wall));
        secret.post(&plain, agent, &stamp)
    }
}

fn forged(check: Check, detail: impl Into<String>) -> Forged {
    Forged::new(403, check, detail)
}

fn unopened(reason: Unopened) -> Forged {
    let check = match reason {
        Unopened::Receiver { .. } => Check::Receiver,
        _ => Check::Cipher,
    };
    forged(check, reason.to_string())
}

fn read(mode: Mode, plain: &str) -> Result<Event, Forged> {
    match mode {
        Mode::Application => Callback::read(plain)
            .map(Event::Application)
            .map_err(|bad| forged(Check::Body, bad.to_string())),
        Mode::Bot => aibot::Callback::from_slice(plain.as_bytes())
            .map(Event::Bot)
            .map_err(|bad| forged(Check::Body, bad.to_string())),
    }
}

/// The plain text and nothing else, within one second.
fn challenge(plain: String) -> HttpResponse {
    mynah_core::respond("text/plain; charset=utf-8", plain)
}

/// Makes the response. Few callbacks are answered in it, so whom to address is
/// read only then.
fn reply(secret: &CallbackSecret, raw: &Bytes, nonce: Nonce, wall: SystemTime) -> Reply<Answer> {
    let (secret, raw) = (secret.clone(), raw.clone());
    Reply::new(Some(PATIENCE), move |answer| {
        answer::respond(&secret, &raw, answer, &nonce, seconds(wall))
    })
}

/// The nonce of an answer.
#[derive(Debug)]
enum Nonce {
    /// A bot must give back that of the callback.
    Given(String),
    /// An application may take any.
    Own(DedupeKey),
}

/// Since 1970.
fn seconds(wall: SystemTime) -> i64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
