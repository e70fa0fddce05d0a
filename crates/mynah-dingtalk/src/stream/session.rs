//! The application's end of a connection.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_core::{DedupeKey, Frame, Session};
use serde_json::Value;

use super::code;
use super::frame::{self, Push, kind, system};
use super::told::Told;
use crate::api::stream::Subscription;
use crate::members::DecodeError;

/// How much a [`StreamSession`] puts up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// After how much silence the platform is pinged; 1.5 s.
    pub ping_interval: Duration,
    /// How long it may take to answer; 1 s. If it takes longer another
    /// connection is opened beside this one.
    pub pong_timeout: Duration,
    /// How long the platform may tell nothing at all, pings of its own
    /// included, before another connection is opened beside this one; 90 s.
    pub silence: Duration,
    /// How long a connection goes on whose end is in sight; 15 s. The platform
    /// closes what it has announced to close after 10 s.
    pub farewell: Duration,
    /// The longest frame that is looked at, in bytes; 1 MiB.
    pub largest_frame: usize,
    /// How many frames may wait to be handed over and acknowledged; 8192.
    /// Further ones are not acknowledged.
    pub unacknowledged: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_millis(1500),
            pong_timeout: Duration::from_secs(1),
            silence: Duration::from_secs(90),
            farewell: Duration::from_secs(15),
            largest_frame: 1 << 20,
            unacknowledged: 8192,
        }
    }
}

/// What comes out of a [`StreamSession`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StreamEvent {
    /// The connection is open.
    Connected,
    /// The application is told something.
    Delivered(Delivery),
    /// The platform will close this connection and tells nothing more over it.
    Leaving(
        /// The platform's reason.
        String,
    ),
    /// A frame was passed over.
    Ignored(Ignored),
}

/// Something an application is told.
#[derive(Clone, PartialEq)]
pub struct Delivery {
    /// Names the frame; another delivery of the same may have another one.
    pub message_id: Option<String>,
    /// When it was sent, in milliseconds since 1970.
    pub time: Option<i64>,
    /// What it is.
    pub told: Told,
    /// The frame it was read from.
    pub raw: Bytes,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("message_id", &self.message_id)
            .field("time", &self.time)
            .field("told", &self.told)
            .finish_non_exhaustive()
    }
}

/// A frame that was passed over.
#[derive(Clone, PartialEq)]
pub struct Ignored {
    /// Why.
    pub reason: Reason,
    /// How long it is, in bytes.
    pub length: usize,
    /// The frame; empty if it is too long.
    pub frame: Bytes,
}

/// Tells nothing of what is in the frame.
impl fmt::Debug for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ignored")
            .field("reason", &self.reason)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Why a frame was passed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It is longer than [`Limits::largest_frame`].
    #[error("the frame is too long")]
    TooLong,
    /// It is not a JSON object.
    #[error("the frame is not a JSON object")]
    NoObject,
    /// Its `type` is none that is known; the vendor's SDK passes it over too.
    #[error("the `type` is not known, it has {0} bytes")]
    UnknownType(usize),
    /// Its topic was not asked for; acknowledged with 404.
    #[error("the topic was not subscribed to, it has {0} bytes")]
    UnknownTopic(usize),
    /// Its data cannot be read; acknowledged with 400.
    #[error("the data: {0}")]
    Data(DecodeError),
}

/// What must be said once an event is handed over.
struct Owed {
    /// Which event of the connection.
    n: u64,
    message_id: String,
    data: &'static str,
}

/// The application's end of one connection.
///
/// A frame is acknowledged when what it says was handed over, so the platform
/// sends again what was not. Every frame of the connection's own is answered at
/// once, as the vendor's SDK does. When the platform announces that it will
/// disconnect, or does not answer a ping, the session says that it is leaving
/// ([`Session::is_leaving`]) and goes on: whoever drives it opens another
/// connection beside it, and nothing falls in between.
///
/// Nothing can be called over it.
pub struct StreamSession {
    subscriptions: Vec<Subscription>,
    limits: Limits,
    out: VecDeque<Frame>,
    events: VecDeque<StreamEvent>,
    /// How many events have come out.
    given: u64,
    owed: VecDeque<Owed>,
    /// When the last frame of any kind came, and the last with something in it.
    heard: Instant,
    told: Instant,
    /// By when the ping that was sent must be answered.
    pong_by: Option<Instant>,
    /// It was not, or too long nothing was told.
    suspect: bool,
    /// The platform will disconnect.
    announced: bool,
    /// Another connection has taken its place.
    replaced: bool,
    /// When the connection ends if the platform does not end it.
    end_by: Option<Instant>,
    closed: bool,
}

impl fmt::Debug for StreamSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamSession")
            .field("limits", &self.limits)
            .field("owed", &self.owed.len())
            .field("announced", &self.announced)
            .field("suspect", &self.suspect)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

/// The close code of whoever does not wait for the other any longer (RFC 6455, 7.4.1).
const GOING_AWAY: u16 = 1001;

/// What is answered to an event, and to a callback.
const SUCCESS: &str = r#"{"status":"SUCCESS","message":"success"}"#;
const NO_RESPONSE: &str = r#"{"response":null}"#;

impl StreamSession {
    /// For a connection that opened at `now` and was asked for with these
    /// subscriptions.
    pub fn new(subscriptions: Vec<Subscription>, limits: Limits, now: Instant) -> Self {
        Self {
            subscriptions,
            limits,
            out: VecDeque::new(),
            events: VecDeque::from([StreamEvent::Connected]),
            given: 0,
            owed: VecDeque::new(),
            heard: now,
            told: now,
            pong_by: None,
            suspect: false,
            announced: false,
            replaced: false,
            end_by: None,
            closed: false,
        }
    }

    fn handle_message(&mut self, now: Instant, bytes: Bytes) {
        if let Err(reason) = self.understand(now, &bytes) {
            let length = bytes.len();
            let too_long = reason == Reason::TooLong;
            let frame = if too_long { Bytes::new() } else { bytes };
            self.events.push_back(StreamEvent::Ignored(Ignored {
                reason,
                length,
                frame,
            }));
        }
    }

    fn understand(&mut self, now: Instant, bytes: &Bytes) -> Result<(), Reason> {
        if bytes.len() > self.limits.largest_frame {
            return Err(Reason::TooLong);
        }
        let push = Push::of(bytes).ok_or(Reason::NoObject)?;
        match push.kind.as_str() {
            kind::SYSTEM => {
                self.handle_system(now, &push);
                Ok(())
            }
            kind::EVENT => {
                let told = Told::event(push.event_headers(), &push.data);
                self.deliver(told, &push, bytes, SUCCESS)
            }
            kind::CALLBACK => {
                let topic = push.topic();
                if !self.subscribes(&topic) {
                    self.refuse(&push, code::NOT_FOUND, "topic not found");
                    return Err(Reason::UnknownTopic(topic.len()));
                }
                let told = Told::callback(topic, push.data.clone());
                self.deliver(told, &push, bytes, NO_RESPONSE)
            }
            other => Err(Reason::UnknownType(other.len())),
        }
    }

    fn subscribes(&self, topic: &str) -> bool {
        let callbacks = self.subscriptions.iter();
        callbacks
            .filter(|subscription| subscription.kind == kind::CALLBACK)
            .any(|subscription| subscription.topic == topic)
    }

    fn handle_system(&mut self, now: Instant, push: &Push) {
        let topic = push.topic();
        if topic == system::DISCONNECT && !self.announced {
            self.announced = true;
            self.end_in(now, self.limits.farewell);
            self.events
                .push_back(StreamEvent::Leaving(reason(&push.data)));
        }
        // Data comes back as it is, whatever the topic.
        if let Some(message_id) = push.message_id() {
            self.acknowledge_with(code::OK, &message_id, "OK", &push.data);
        }
    }

    fn deliver(
        &mut self,
        told: Result<Told, DecodeError>,
        push: &Push,
        raw: &Bytes,
        data: &'static str,
    ) -> Result<(), Reason> {
        let told = told.map_err(|bad| {
            self.refuse(push, code::BAD_REQUEST, "bad request");
            Reason::Data(bad)
        })?;
        let message_id = push.message_id();
        let n = self.given + self.events.len() as u64 + 1;
        if let Some(message_id) = message_id.clone()
            && self.owed.len() < self.limits.unacknowledged
        {
            self.owed.push_back(Owed {
                n,
                message_id,
                data,
            });
        }
        self.events.push_back(StreamEvent::Delivered(Delivery {
            message_id,
            time: push.header("time").and_then(|time| time.parse().ok()),
            told,
            raw: raw.clone(),
        }));
        Ok(())
    }

    fn refuse(&mut self, push: &Push, code: i64, words: &str) {
        if let Some(message_id) = push.message_id() {
            self.acknowledge_with(code, &message_id, words, "{}");
        }
    }

    fn acknowledge_with(&mut self, code: i64, message_id: &str, message: &str, data: &str) {
        if !self.closed {
            let frame = frame::acknowledgement(code, message_id, message, data);
            self.out.push_back(Frame::Text(frame));
        }
    }

    /// The connection ends then, if the platform does not end it before.
    fn end_in(&mut self, now: Instant, wait: Duration) {
        let end = now.checked_add(wait);
        self.end_by = match (self.end_by, end) {
            (Some(before), Some(end)) => Some(before.min(end)),
            (before, end) => before.or(end),
        };
    }

    fn close(&mut self, reason: &'static str) {
        if !self.closed {
            self.closed = true;
            self.out
                .push_back(Frame::Close(GOING_AWAY, reason.to_owned()));
        }
    }

    /// Something came: the connection is alive.
    fn note_life(&mut self, now: Instant) {
        self.heard = now;
        self.pong_by = None;
    }

    /// What is due, while nothing has ended the connection.
    fn ping_at(&self) -> Option<Instant> {
        match self.pong_by {
            Some(_) => None,
            None => self.heard.checked_add(self.limits.ping_interval),
        }
    }

    fn silent_at(&self) -> Option<Instant> {
        if self.suspect {
            return None;
        }
        self.told.checked_add(self.limits.silence)
    }

    /// The connection looks dead. If it is not, nothing is lost.
    fn suspect(&mut self, now: Instant) {
        self.suspect = true;
        self.pong_by = None;
        // Is asked again and again, until it answers or is given up.
        self.heard = now;
        self.end_in(now, self.limits.farewell);
    }

    /// What was taken for dead has answered.
    fn trust(&mut self) {
        if self.suspect && !self.announced && !self.replaced {
            self.suspect = false;
            self.end_by = None;
        }
    }

    /// The same where it may have been taken for dead for telling nothing.
    fn trust_unless_silent(&mut self, now: Instant) {
        if now.saturating_duration_since(self.told) < self.limits.silence {
            self.trust();
        }
    }

    const fn reason_to_end(&self) -> &'static str {
        if self.announced {
            "the platform has announced to disconnect and does not"
        } else if self.replaced {
            "another connection has taken over"
        } else {
            "the platform does not answer"
        }
    }
}

/// Whether a moment has come.
fn is_due(moment: Option<Instant>, now: Instant) -> bool {
    moment.is_some_and(|moment| moment <= now)
}

/// The reason in the data of a `disconnect`.
fn reason(data: &str) -> String {
    let data: Option<Value> = serde_json::from_str(data).ok();
    let reason = data.as_ref().and_then(|data| data["reason"].as_str());
    reason.unwrap_or_default().to_owned()
}

impl Session for StreamSession {
    type Event = StreamEvent;

    fn handle_frame(&mut self, now: Instant, frame: Frame) {
        self.note_life(now);
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => {
                self.told = now;
                self.trust();
                self.handle_message(now, bytes);
            }
            Frame::Ping(_) | Frame::Pong(_) => self.trust_unless_silent(now),
            Frame::Close(..) => self.closed = true,
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        if self.closed {
            return;
        }
        if is_due(self.end_by, now) {
            self.close(self.reason_to_end());
            return;
        }
        if is_due(self.pong_by, now) || is_due(self.silent_at(), now) {
            self.suspect(now);
        }
        if is_due(self.ping_at(), now) {
            self.out.push_back(Frame::Ping(Bytes::new()));
            self.pong_by = now.checked_add(self.limits.pong_timeout);
        }
    }

    fn handle_close(&mut self, _: Instant) {
        self.closed = true;
        self.out.clear();
        self.owed.clear();
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.out.pop_front()
    }

    fn poll_event(&mut self) -> Option<StreamEvent> {
        let event = self.events.pop_front()?;
        self.given += 1;
        Some(event)
    }

    fn poll_timeout(&self) -> Option<Instant> {
        if self.closed {
            return None;
        }
        let due = [self.end_by, self.pong_by, self.ping_at(), self.silent_at()];
        due.into_iter().flatten().min()
    }

    fn acknowledge(&mut self, n: u64) {
        // What was passed over before it was lost on the way, and comes again.
        while self.owed.front().is_some_and(|owed| owed.n <= n) {
            if let Some(owed) = self.owed.pop_front()
                && owed.n == n
            {
                self.acknowledge_with(code::OK, &owed.message_id, "OK", owed.data);
            }
        }
    }

    fn dedupe_key(&self, event: &StreamEvent) -> Option<DedupeKey> {
        match event {
            StreamEvent::Delivered(delivery) => delivery.told.dedupe_key(),
            _ => None,
        }
    }

    fn is_leaving(&self) -> bool {
        self.announced || self.suspect || self.replaced
    }

    fn handle_replaced(&mut self, now: Instant) {
        self.replaced = true;
        self.end_in(now, self.limits.farewell);
    }
}
