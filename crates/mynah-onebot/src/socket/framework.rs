//! What a framework runs on a connection: events in, calls out.

use std::collections::VecDeque;
use std::io::Write;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;
use mynah_core::{
    Frame, HttpRequest, HttpResponse, Session, Ticket, Tickets, TransportError, media_type,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Role, object, status_of};
use crate::event::{Event, Meta, MetaEvent, RawEvent};
use crate::platform::retcode;

/// How much a [`FrameworkSession`] puts up with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// How many calls may wait for their answers at once; 1024. One more is refused.
    pub waiting_calls: usize,
    /// After how many heartbeat intervals without a message the connection
    /// counts as dead; 2.5.
    pub missed_heartbeats: f64,
    /// How long a connection that has never had a heartbeat may be silent
    /// before it is pinged, and again before it counts as dead; 60 s.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiting_calls: 1024,
            missed_heartbeats: 2.5,
            silence: Duration::from_secs(60),
        }
    }
}

/// What a [`FrameworkSession`] has passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames that are no JSON object, or neither an event nor an answer.
    pub malformed: u64,
    /// Answers that nobody waits for (any more).
    pub unknown_echoes: u64,
    /// Events on a connection that is for calls only.
    pub misplaced_events: u64,
}

/// The framework's end of one connection, forward or reverse.
///
/// A call is the HTTP request of its action and becomes a frame with the
/// ticket as `echo`; the answering frame comes back as an [`HttpResponse`]
/// with the frame as its body. The retcodes 1400, 1401, 1403 and 1404 come
/// back as the HTTP statuses they stand for. A frame with a `post_type` is
/// an event
/// (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md>).
#[derive(Debug)]
pub struct FrameworkSession {
    role: Role,
    limits: Limits,
    waiting: Tickets<Waiting>,
    /// No waiting call ends before this; may be earlier than the first that does.
    first_deadline: Option<Instant>,
    out: VecDeque<Outgoing>,
    events: VecDeque<RawEvent>,
    answers: VecDeque<(Ticket, Result<HttpResponse, TransportError>)>,
    watchdog: Watchdog,
    counters: Counters,
    /// Whether anything was understood; a token that is refused may end the
    /// connection before.
    understood: bool,
    closing: bool,
}

#[derive(Debug)]
struct Waiting {
    deadline: Instant,
    sent: bool,
}

#[derive(Debug)]
struct Outgoing {
    /// The call that the frame makes, if it makes one.
    ticket: Option<Ticket>,
    frame: Frame,
}

/// As much of a frame as tells where it belongs.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    post_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    echo: Option<&'a RawValue>,
    #[serde(borrow, default)]
    retcode: Option<&'a RawValue>,
}

impl Head<'_> {
    /// Our echo is a number; it is also taken from implementations that give
    /// it back as a string.
    fn ticket(&self) -> Option<Ticket> {
        let echo = self.echo?.get();
        let digits = echo
            .strip_prefix('"')
            .and_then(|echo| echo.strip_suffix('"'))
            .unwrap_or(echo);
        digits.parse().ok().map(Ticket)
    }

    fn retcode(&self) -> Option<i64> {
        self.retcode?.get().parse().ok()
    }
}

/// Whether the first member is one that answers have and events have not. A
/// guess, for speed: whatever it says, a frame ends up where it belongs.
fn looks_like_answer(frame: &[u8]) -> bool {
    let blank = |byte: &u8| byte.is_ascii_whitespace() || b"{\"".contains(byte);
    let start = frame
        .iter()
        .position(|byte| !blank(byte))
        .unwrap_or_default();
    let rest = frame.get(start..).unwrap_or_default();
    [&b"status\""[..], b"retcode\"", b"data\"", b"echo\""]
        .iter()
        .any(|member| rest.starts_with(member))
}

/// The time to the next heartbeat, if this is one.
fn heartbeat(event: &Event) -> Option<Duration> {
    match event {
        Event::Meta(MetaEvent {
            meta: Meta::Heartbeat(heartbeat),
            ..
        }) => {
            let interval = u64::try_from(heartbeat.interval).ok()?;
            Some(Duration::from_millis(interval)).filter(|interval| !interval.is_zero())
        }
        _ => None,
    }
}

impl FrameworkSession {
    /// For a connection that has just opened.
    pub fn new(role: Role, limits: Limits, now: Instant) -> Self {
        Self {
            role,
            limits,
            waiting: Tickets::default(),
            first_deadline: None,
            out: VecDeque::new(),
            events: VecDeque::new(),
            answers: VecDeque::new(),
            watchdog: Watchdog::new(now),
            counters: Counters::default(),
            understood: false,
            closing: false,
        }
    }

    /// What the connection carries.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What was passed over so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    fn handle_message(&mut self, now: Instant, bytes: Bytes) {
        self.watchdog.hear_message(now);
        if self.role.carries_events()
            && !looks_like_answer(&bytes)
            && let Ok(event) = RawEvent::from_bytes(bytes.clone())
        {
            self.handle_event(event);
        } else {
            self.handle_other(bytes);
        }
    }

    fn handle_event(&mut self, event: RawEvent) {
        self.understood = true;
        if let Some(interval) = heartbeat(&event.event) {
            self.watchdog.expect_heartbeats(interval);
        }
        if self.events.capacity() == 0 {
            // Events are large and are taken one by one: room for one is enough.
            self.events.reserve_exact(1);
        }
        self.events.push_back(event);
    }

    /// Takes what is no event, or did not look like one.
    fn handle_other(&mut self, bytes: Bytes) {
        let Some(head) = object::<Head<'_>>(&bytes) else {
            self.counters.malformed += 1;
            return;
        };
        if head.post_type.is_some() {
            if !self.role.carries_events() {
                self.counters.misplaced_events += 1;
            } else if let Ok(event) = RawEvent::from_bytes(bytes) {
                self.handle_event(event);
            } else {
                self.counters.malformed += 1;
            }
        } else if let Some(ticket) = head.ticket() {
            let response = response(head.retcode(), &bytes);
            self.handle_answer(ticket, response);
        } else if let Some(retcode::UNAUTHORIZED | retcode::FORBIDDEN) = head.retcode() {
            // NapCat and LLOneBot accept a wrong token and refuse the connection so.
            let response = response(head.retcode(), &bytes);
            self.refuse_waiting(&response);
        } else if head.retcode.is_some() {
            self.counters.unknown_echoes += 1;
        } else {
            self.counters.malformed += 1;
        }
    }

    fn handle_answer(&mut self, ticket: Ticket, response: HttpResponse) {
        if self.waiting.remove(&ticket).is_some() {
            self.understood = true;
            self.answers.push_back((ticket, Ok(response)));
        } else {
            self.counters.unknown_echoes += 1;
        }
    }

    fn refuse_waiting(&mut self, response: &HttpResponse) {
        for ticket in self.take_waiting(|_| true) {
            self.answers.push_back((ticket.0, Ok(response.clone())));
        }
    }

    /// Ends the calls that are `over`, in the order they were made in.
    fn take_waiting(&mut self, over: impl Fn(&Waiting) -> bool) -> Vec<(Ticket, Waiting)> {
        let mut ended: Vec<_> = self
            .waiting
            .extract_if(|_, waiting| over(waiting))
            .collect();
        ended.sort_unstable_by_key(|(ticket, _)| *ticket);
        self.out.retain(|outgoing| {
            let unsent = ended.iter().filter(|(_, waiting)| !waiting.sent);
            outgoing.ticket.is_none()
                || unsent
                    .clone()
                    .all(|(ticket, _)| Some(*ticket) != outgoing.ticket)
        });
        ended
    }

    fn fail(&mut self, calls: Vec<(Ticket, Waiting)>, sent: &'static str) {
        for (ticket, waiting) in calls {
            let error = if waiting.sent {
                TransportError::sent(sent)
            } else {
                TransportError::not_sent("the call did not leave the queue of its connection")
            };
            self.answers.push_back((ticket, Err(error)));
        }
    }

    fn check_deadlines(&mut self, now: Instant) {
        if self.first_deadline.is_none_or(|deadline| now < deadline) {
            return;
        }
        let late = self.take_waiting(|waiting| waiting.deadline <= now);
        self.fail(late, "no answer came in time");
        self.first_deadline = self.waiting.values().map(|waiting| waiting.deadline).min();
    }

    fn check_watchdog(&mut self, now: Instant) {
        match self.watchdog.check(&self.limits, now) {
            Verdict::Alive => {}
            Verdict::Ask => self.push(None, Frame::Ping(Bytes::new())),
            Verdict::Dead(silence) => {
                self.closing = true;
                let reason = format!("nothing heard for {} ms", silence.as_millis());
                self.push(None, Frame::Close(GOING_AWAY, reason));
            }
        }
    }

    fn push(&mut self, ticket: Option<Ticket>, frame: Frame) {
        self.out.push_back(Outgoing { ticket, frame });
    }
}

/// The close code for an end that does not wait for the other any longer.
const GOING_AWAY: u16 = 1001;

impl Session for FrameworkSession {
    type Event = RawEvent;

    fn handle_frame(&mut self, now: Instant, frame: Frame) {
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => self.handle_message(now, bytes),
            Frame::Ping(_) | Frame::Pong(_) => self.watchdog.hear_sign(now),
            Frame::Close(..) => self.closing = true,
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.check_deadlines(now);
        if !self.closing {
            self.check_watchdog(now);
        }
    }

    fn handle_close(&mut self, _: Instant) {
        self.closing = true;
        let waiting = self.take_waiting(|_| true);
        let reason = if self.understood {
            "the connection ended before the answer came"
        } else {
            "the connection ended before anything came; the token may be wrong"
        };
        self.fail(waiting, reason);
        self.out.clear();
    }

    fn poll_send(&mut self) -> Option<Frame> {
        let Outgoing { ticket, frame } = self.out.pop_front()?;
        if let Some(waiting) = ticket.and_then(|ticket| self.waiting.get_mut(&ticket)) {
            waiting.sent = true;
        }
        Some(frame)
    }

    fn poll_event(&mut self) -> Option<RawEvent> {
        self.events.pop_front()
    }

    fn poll_answer(&mut self) -> Option<(Ticket, Result<HttpResponse, TransportError>)> {
        self.answers.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let watchdog = self.watchdog.due(&self.limits).filter(|_| !self.closing);
        self.first_deadline.into_iter().chain(watchdog).min()
    }

    fn call(
        &mut self,
        _: Instant,
        ticket: Ticket,
        request: &HttpRequest,
        deadline: Instant,
    ) -> Result<(), TransportError> {
        if !self.role.carries_calls() {
            return Err(TransportError::not_sent(
                "the connection is for events only",
            ));
        }
        if self.closing {
            return Err(TransportError::not_sent("the connection is closing"));
        }
        if self.waiting.len() >= self.limits.waiting_calls {
            let limit = self.limits.waiting_calls;
            let problem = format!("{limit} calls wait for their answers already");
            return Err(TransportError::not_sent(problem));
        }
        let frame = call_frame(ticket, request)?;
        self.push(Some(ticket), frame);
        let sent = false;
        self.waiting.insert(ticket, Waiting { deadline, sent });
        let first = self
            .first_deadline
            .map_or(deadline, |first| first.min(deadline));
        self.first_deadline = Some(first);
        Ok(())
    }

    fn abandon(&mut self, ticket: Ticket) {
        if let Some(Waiting { sent: false, .. }) = self.waiting.remove(&ticket) {
            self.out.retain(|outgoing| outgoing.ticket != Some(ticket));
        }
    }
}

/// The frame that says what `request` says.
fn call_frame(ticket: Ticket, request: &HttpRequest) -> Result<Frame, TransportError> {
    let path = request.uri().path().trim_end_matches('/');
    let action = path.rsplit('/').next().unwrap_or_default();
    if action.is_empty() {
        return Err(TransportError::not_sent("the path names no action"));
    }
    let parameters = parameters_of(request)?;
    let mut frame = Vec::with_capacity(action.len() + parameters.len() + 64);
    frame.extend_from_slice(b"{\"action\":");
    // Neither of the two can fail: text has a JSON form, and a vector grows.
    let _ = serde_json::to_writer(&mut frame, action);
    frame.extend_from_slice(b",\"params\":");
    frame.extend_from_slice(&parameters);
    let _ = write!(frame, ",\"echo\":{}}}", ticket.0);
    Ok(Frame::Text(frame.into()))
}

/// The parameters as a JSON object: the body itself where it is one, so that
/// a picture of megabytes is not taken apart and put together again.
fn parameters_of(request: &HttpRequest) -> Result<Bytes, TransportError> {
    let body = request.body().trim_ascii();
    let query = request.uri().query().unwrap_or_default().as_bytes();
    let no_object = || TransportError::not_sent("the body is no JSON object");
    match media_type(request) {
        "application/json" if query.is_empty() => {
            let is_object = body.starts_with(b"{") && body.ends_with(b"}");
            let is_text = std::str::from_utf8(body).is_ok();
            (is_object && is_text)
                .then(|| request.body().slice_ref(body))
                .ok_or_else(no_object)
        }
        "application/json" => {
            let members = serde_json::from_slice(body).map_err(|_| no_object())?;
            Ok(with_text(members, &[query]))
        }
        _ => Ok(with_text(Map::new(), &[body, query])),
    }
}

/// The members and those of `a=1&b=2`, whose values stay strings:
/// implementations convert them.
fn with_text(mut members: Map<String, Value>, texts: &[&[u8]]) -> Bytes {
    for text in texts {
        let pairs = serde_html_form::from_bytes::<Vec<(String, String)>>(text).unwrap_or_default();
        members.extend(pairs.into_iter().map(|(name, value)| (name, value.into())));
    }
    Value::Object(members).to_string().into()
}

/// The answering frame as the response it would have been over HTTP.
fn response(code: Option<i64>, frame: &Bytes) -> HttpResponse {
    let mut response = HttpResponse::new(frame.clone());
    if let Some(status) = code.and_then(status_of) {
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    }
    response
}

/// Tells when a connection has been silent for too long.
///
/// Heartbeats are messages, so where there are some, only messages count: an
/// implementation that hangs may still answer pings. Where there are none,
/// any frame counts, and one is provoked by a ping.
#[derive(Debug)]
struct Watchdog {
    /// The last sign of life, or the ping that asked for one.
    since: Instant,
    heartbeat: Option<Duration>,
    asked: bool,
}

enum Verdict {
    Alive,
    Ask,
    Dead(Duration),
}

impl Watchdog {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            heartbeat: None,
            asked: false,
        }
    }

    fn hear_message(&mut self, now: Instant) {
        self.since = now;
        self.asked = false;
    }

    fn expect_heartbeats(&mut self, interval: Duration) {
        self.heartbeat = Some(interval);
    }

    fn hear_sign(&mut self, now: Instant) {
        if self.heartbeat.is_none() {
            self.since = now;
            self.asked = false;
        }
    }

    fn patience(&self, limits: &Limits) -> Duration {
        self.heartbeat.map_or(limits.silence, |interval| {
            Duration::try_from_secs_f64(interval.as_secs_f64() * limits.missed_heartbeats)
                .unwrap_or(Duration::MAX)
        })
    }

    /// `None` if it lies beyond the end of the clock.
    fn due(&self, limits: &Limits) -> Option<Instant> {
        self.since.checked_add(self.patience(limits))
    }

    fn check(&mut self, limits: &Limits, now: Instant) -> Verdict {
        if self.due(limits).is_none_or(|due| now < due) {
            return Verdict::Alive;
        }
        if self.heartbeat.is_some() || self.asked {
            return Verdict::Dead(self.patience(limits));
        }
        self.since = now;
        self.asked = true;
        Verdict::Ask
    }
}
