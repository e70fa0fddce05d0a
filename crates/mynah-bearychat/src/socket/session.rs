//! The program's end of a connection.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_core::{DedupeKey, Frame, HttpRequest, HttpResponse, Session, Ticket, TransportError};
use serde_json::{Map, Value};

use super::GOING_AWAY;
use super::calls::Calls;
use super::frame::{Reply, kind};
use crate::event::Event;
use crate::types::User;

/// How much an [`RtmSession`] puts up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How often the platform is pinged; 5 s.
    pub ping_interval: Duration,
    /// How long the platform may take to acknowledge a ping or a call; 3 s. A ping that takes
    /// longer ends the connection.
    pub reply_timeout: Duration,
    /// How many calls may wait for their acknowledgements at once; 1024. One more is refused.
    pub waiting_calls: usize,
    /// The longest frame that is looked at, in bytes; 1 MiB.
    pub largest_frame: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(5),
            reply_timeout: Duration::from_secs(3),
            waiting_calls: 1024,
            largest_frame: 1 << 20,
        }
    }
}

/// What comes out of an [`RtmSession`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RtmEvent {
    /// The platform has said something: the connection works, and events come from now on. What
    /// happened before, since the last connection, stands in the history.
    Connected(
        /// Whom the token belongs to, if start was asked.
        Option<Box<User>>,
    ),
    /// Something happened.
    Delivered(Delivery),
    /// A frame was passed over.
    Ignored(Ignored),
}

/// Something that happened.
#[derive(Clone, PartialEq)]
pub struct Delivery {
    /// What it is.
    pub event: Event,
    /// The frame it was read from.
    pub raw: Bytes,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Delivery")
            .field("event", &self.event)
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
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Ignored")
            .field("reason", &self.reason)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Why a frame was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It is longer than [`Limits::largest_frame`].
    #[error("the frame is too long")]
    TooLong,
    /// It is not a JSON object.
    #[error("the frame is not a JSON object")]
    NoObject,
    /// It has no `type`, or one that is no text.
    #[error("the frame has no `type`")]
    NoType,
    /// An acknowledgement that nothing waits for (any more).
    #[error("nothing waits for this acknowledgement")]
    UnknownReply,
}

/// The program's end of one connection.
///
/// The platform is pinged as soon as the connection is open, and again and again. A ping that is
/// not acknowledged in time ends it, however much else is heard: a `pong` alone, which older
/// programs looked at, does not count. A call is [what is said](super::ClientFrame) and becomes a
/// frame; the acknowledgement comes back as the answer that HTTP would give.
pub struct RtmSession {
    limits: Limits,
    /// Whom the token belongs to, until it is told.
    me: Option<Box<User>>,
    calls: Calls,
    /// A close, which goes out before anything else does.
    close: Option<Frame>,
    events: VecDeque<RtmEvent>,
    ping_at: Option<Instant>,
    connected: bool,
    /// The platform has left a ping without a reply.
    silent: bool,
    over: bool,
}

impl fmt::Debug for RtmSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RtmSession")
            .field("limits", &self.limits)
            .field("waiting", &self.calls.len())
            .field("connected", &self.connected)
            .field("silent", &self.silent)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

impl RtmSession {
    /// For a connection that opened at `now`; `me` is what start said of the token's own user.
    pub fn new(me: Option<Box<User>>, limits: Limits, now: Instant) -> Self {
        let mut session = Self {
            limits,
            me,
            calls: Calls::default(),
            close: None,
            events: VecDeque::new(),
            ping_at: None,
            connected: false,
            silent: false,
            over: false,
        };
        session.ping(now);
        session
    }

    fn ping(&mut self, now: Instant) {
        self.calls.ping(now, self.limits.reply_timeout);
        self.ping_at = now.checked_add(self.limits.ping_interval);
    }

    fn handle_message(&mut self, bytes: Bytes) {
        if let Err(reason) = self.understand(&bytes) {
            let length = bytes.len();
            let too_long = reason == Reason::TooLong;
            let frame = if too_long { Bytes::new() } else { bytes };
            self.events.push_back(RtmEvent::Ignored(Ignored {
                reason,
                length,
                frame,
            }));
        }
    }

    fn understand(&mut self, bytes: &Bytes) -> Result<(), Reason> {
        if bytes.len() > self.limits.largest_frame {
            return Err(Reason::TooLong);
        }
        let fields: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|_| Reason::NoObject)?;
        match fields.get("type").and_then(Value::as_str) {
            None => Err(Reason::NoType),
            Some(kind::REPLY) => self.acknowledge(Reply::of(&fields)),
            // The acknowledgements of older programs; the reply has said it.
            Some(kind::PONG | kind::OK) => Ok(()),
            Some(_) => {
                let event = Event::from_fields(fields).ok_or(Reason::NoType)?;
                let raw = bytes.clone();
                self.events
                    .push_back(RtmEvent::Delivered(Delivery { event, raw }));
                Ok(())
            }
        }
    }

    fn acknowledge(&mut self, reply: Reply) -> Result<(), Reason> {
        let call_id = reply.call_id.ok_or(Reason::UnknownReply)?;
        if self.calls.acknowledge(call_id, || reply.response()) {
            return Ok(());
        }
        Err(Reason::UnknownReply)
    }

    fn end(&mut self, reason: &'static str) {
        self.over = true;
        self.ping_at = None;
        self.calls.end(reason);
    }
}

const ENDED: &str = "the connection ended before the reply came";
const SILENT: &str = "the platform does not answer pings";

/// What a call says: a JSON object with a kind that is not the connection's own.
fn said(request: &HttpRequest) -> Result<&[u8], TransportError> {
    let body = request.body().trim_ascii();
    let fields: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let fields = fields.ok_or_else(|| TransportError::not_sent("the body is no JSON object"))?;
    match fields.get("type").and_then(Value::as_str) {
        None => Err(TransportError::not_sent("type: must be a text")),
        Some(kind::PING) => Err(TransportError::not_sent(
            "type: the connection sends pings by itself",
        )),
        Some(_) if fields.contains_key("call_id") => Err(TransportError::not_sent(
            "call_id: the connection counts by itself",
        )),
        Some(_) => Ok(body),
    }
}

impl Session for RtmSession {
    type Event = RtmEvent;

    fn handle_frame(&mut self, _: Instant, frame: Frame) {
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => {
                if !self.connected {
                    self.connected = true;
                    self.events.push_back(RtmEvent::Connected(self.me.take()));
                }
                self.handle_message(bytes);
            }
            Frame::Ping(_) | Frame::Pong(_) => {}
            Frame::Close(..) => self.end(ENDED),
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        if self.over {
            return;
        }
        if self.calls.handle_timeout(now) {
            self.silent = true;
            self.end(SILENT);
            self.close = Some(Frame::Close(GOING_AWAY, SILENT.to_owned()));
        } else if self.ping_at.is_some_and(|due| due <= now) {
            self.ping(now);
        }
    }

    fn handle_close(&mut self, _: Instant) {
        self.end(ENDED);
        self.close = None;
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.close.take().or_else(|| self.calls.poll_send())
    }

    fn poll_event(&mut self) -> Option<RtmEvent> {
        self.events.pop_front()
    }

    fn poll_answer(&mut self) -> Option<(Ticket, Result<HttpResponse, TransportError>)> {
        self.calls.poll_answer()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        if self.over {
            return None;
        }
        let due = [self.ping_at, self.calls.poll_timeout()];
        due.into_iter().flatten().min()
    }

    fn call(
        &mut self,
        now: Instant,
        ticket: Ticket,
        request: &HttpRequest,
        deadline: Instant,
    ) -> Result<(), TransportError> {
        if self.over {
            return Err(TransportError::not_sent("the connection is closing"));
        }
        let limit = self.limits.waiting_calls;
        if self.calls.len() >= limit {
            let problem = format!("{limit} calls wait for their replies already");
            return Err(TransportError::not_sent(problem));
        }
        let said = said(request)?;
        let by = now.checked_add(self.limits.reply_timeout);
        let until = by.map_or(deadline, |by| by.min(deadline));
        self.calls.call(ticket, said, until);
        Ok(())
    }

    fn abandon(&mut self, ticket: Ticket) {
        self.calls.abandon(ticket);
    }

    fn dedupe_key(&self, event: &RtmEvent) -> Option<DedupeKey> {
        match event {
            RtmEvent::Delivered(delivery) => delivery.event.dedupe_key(),
            _ => None,
        }
    }

    /// Whoever does not answer pings will hardly answer a close: another connection need not wait
    /// for that.
    fn is_leaving(&self) -> bool {
        self.silent
    }
}
