//! The bot's end of the long connection.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_core::{
    ApiError, Cx, Frame, HttpRequest, HttpResponse, Platform, Session, Ticket, TransportError,
};
use serde::Serialize;

use super::callback::{Callback, DecodeError, Event, Kind};
use super::calls::Calls;
use super::command::{ReqId, RespondMsg, RespondUpdateMsg, RespondWelcomeMsg};
use super::frame::{self, Parts, cmd};
use super::issued::{Issued, Origin, ReqIds};
use super::reply::{Reply, Update};
use super::socket::BotSecret;
use super::stream::fitting;
use crate::platform::{WeCom, errcode};

/// How much a [`BotSession`] puts up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How often the platform is pinged; 30 s.
    pub ping_interval: Duration,
    /// After how many pings without an answer the connection counts as dead; 2.
    pub unanswered_pings: u32,
    /// How long an acknowledgement may take; 5 s.
    pub ack_timeout: Duration,
    /// How many answers to one callback may wait for each other; 500. One
    /// more is refused.
    pub queued_replies: usize,
    /// How many calls may wait for their acknowledgements at once; 1024. One
    /// more is refused.
    pub waiting_calls: usize,
    /// The longest frame that is looked at, in bytes; 1 MiB.
    pub largest_frame: usize,
    /// After how many refusals of the bot's id and secret in a row there is
    /// no use in trying; 5.
    pub refusals: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(30),
            unanswered_pings: 2,
            ack_timeout: Duration::from_secs(5),
            queued_replies: 500,
            waiting_calls: 1024,
            largest_frame: 1 << 20,
            refusals: 5,
        }
    }
}

/// What comes out of a [`BotSession`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BotEvent {
    /// The platform knows the bot: callbacks come, calls go out.
    Subscribed,
    /// The platform refused the bot; the connection ends.
    Refused(
        /// Its words, such as 853000 for a wrong secret.
        ApiError,
    ),
    /// The bot is told something.
    Delivered(Delivery),
    /// A frame was passed over.
    Ignored(Ignored),
}

/// A callback on the long connection, and what its answers must name.
#[derive(Clone, PartialEq)]
pub struct Delivery {
    /// Goes into each answer.
    pub req_id: ReqId,
    /// What the bot is told.
    pub callback: Callback,
    /// The bytes it was read from.
    pub raw: Bytes,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("req_id", &self.req_id)
            .field("callback", &self.callback)
            .finish_non_exhaustive()
    }
}

impl Delivery {
    /// The answer to a message.
    ///
    /// # Errors
    /// It is an event.
    pub fn respond(&self, reply: impl Into<Reply>) -> Result<RespondMsg, Unanswerable> {
        self.must_be(Origin::Message)?;
        Ok(RespondMsg::new(self.req_id.clone(), reply))
    }

    /// The welcome for somebody who has opened the chat; good for 5 seconds.
    ///
    /// # Errors
    /// It is not an `enter_chat`.
    pub fn welcome(&self, reply: impl Into<Reply>) -> Result<RespondWelcomeMsg, Unanswerable> {
        self.must_be(Origin::EnterChat)?;
        Ok(RespondWelcomeMsg::new(self.req_id.clone(), reply))
    }

    /// Another face for the card that was pressed; good for 5 seconds.
    ///
    /// # Errors
    /// It is not a `template_card_event`.
    pub fn update(&self, update: Update) -> Result<RespondUpdateMsg, Unanswerable> {
        self.must_be(Origin::Card)?;
        Ok(RespondUpdateMsg::new(self.req_id.clone(), update))
    }

    fn must_be(&self, wanted: Origin) -> Result<(), Unanswerable> {
        if Origin::of(&self.callback) == wanted {
            return Ok(());
        }
        Err(Unanswerable {
            wanted: wanted.words(),
            found: self.callback.name(),
        })
    }
}

/// A callback that cannot be answered in this way: the platform would say
/// 846605.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only {wanted} is answered in this way, not `{found}`")]
pub struct Unanswerable {
    /// What can.
    pub wanted: &'static str,
    /// What it is.
    pub found: String,
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
    /// It is neither a command nor an acknowledgement.
    #[error("the frame has neither `cmd` nor `errcode`")]
    NoKind,
    /// Its `headers` have no `req_id`.
    #[error("the frame has no `req_id`")]
    NoReqId,
    /// A command that this version does not know.
    #[error("the `cmd` is not known, it has {0} bytes")]
    UnknownCommand(usize),
    /// An acknowledgement that nothing waits for (any more).
    #[error("nothing waits for this acknowledgement")]
    UnknownAcknowledgement,
    /// The body of a callback is none.
    #[error("the body: {0}")]
    NoCallback(DecodeError),
}

/// How a connection came to its end, if it was the platform's will.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Refused(ApiError),
    Replaced,
}

/// The bot's end of one long connection.
///
/// Subscribes before anything else. A call is the HTTP request of its
/// [command](super::RespondMsg) and becomes a frame; the acknowledgement comes
/// back as the answer HTTP would give. Answers to one callback go out one after
/// the other, each when the one before is acknowledged. The platform is pinged,
/// and a connection whose pings stay unanswered is closed
/// (<https://developer.work.weixin.qq.com/document/path/101463>).
///
/// An answer that the platform would refuse for its `req_id` is refused here,
/// with 846605 and words that say why, where that is known: to the wrong kind
/// of event, or too late. What was delivered by an earlier connection is not
/// known here: such an answer is sent, and the platform's word is passed on.
pub struct BotSession {
    phase: Phase,
    bot_id: String,
    secret: BotSecret,
    limits: Limits,
    ids: ReqIds,
    issued: Issued,
    calls: Calls,
    out: VecDeque<Frame>,
    events: VecDeque<BotEvent>,
    /// The pings that were not answered.
    pings: Vec<String>,
    ping_at: Option<Instant>,
    /// The latest time there was.
    now: Instant,
    pub(super) subscribed: bool,
    pub(super) end: Option<End>,
}

/// A call as it goes out.
struct Prepared {
    command: String,
    req_id: String,
    frame: Bytes,
}

#[derive(Debug)]
enum Phase {
    /// The subscription was not sent yet.
    New,
    /// It must be acknowledged by then.
    Subscribing(String, Option<Instant>),
    Open,
    /// Why nothing can be sent any more.
    Over(String),
}

impl fmt::Debug for BotSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotSession")
            .field("phase", &self.phase)
            .field("bot_id", &self.bot_id)
            .field("limits", &self.limits)
            .field("waiting", &self.calls.waiting())
            .finish_non_exhaustive()
    }
}

/// The close code of whoever does not wait for the other any longer, and of
/// whoever has had enough (RFC 6455, 7.4.1).
const GOING_AWAY: u16 = 1001;
const NORMAL: u16 = 1000;

impl BotSession {
    /// For a connection that opened at `cx.now`. `cx.nonce` is where its
    /// `req_id`s begin to count.
    pub fn new(bot_id: impl Into<String>, secret: BotSecret, limits: Limits, cx: Cx) -> Self {
        Self {
            phase: Phase::New,
            bot_id: bot_id.into(),
            secret,
            limits,
            ids: ReqIds::new(cx),
            issued: Issued::default(),
            calls: Calls::new(limits.ack_timeout),
            out: VecDeque::new(),
            events: VecDeque::new(),
            pings: Vec::new(),
            ping_at: None,
            now: cx.now,
            subscribed: false,
            end: None,
        }
    }

    fn handle_message(&mut self, bytes: Bytes) {
        if let Err(reason) = self.understand(&bytes) {
            let length = bytes.len();
            let too_long = reason == Reason::TooLong;
            let frame = if too_long { Bytes::new() } else { bytes };
            let ignored = Ignored {
                reason,
                length,
                frame,
            };
            self.events.push_back(BotEvent::Ignored(ignored));
        }
    }

    fn understand(&mut self, bytes: &Bytes) -> Result<(), Reason> {
        if bytes.len() > self.limits.largest_frame {
            return Err(Reason::TooLong);
        }
        let parts = Parts::of(bytes).ok_or(Reason::NoObject)?;
        if parts.cmd.is_none() && parts.errcode.is_none() {
            return Err(Reason::NoKind);
        }
        let req_id = parts.req_id().ok_or(Reason::NoReqId)?;
        match parts.cmd.as_deref() {
            Some(cmd::MESSAGE | cmd::EVENT) => self.deliver(req_id, &parts),
            Some(other) => Err(Reason::UnknownCommand(other.len())),
            None => self.acknowledge(&req_id, &parts),
        }
    }

    fn deliver(&mut self, req_id: String, parts: &Parts) -> Result<(), Reason> {
        let raw = parts.body.clone().unwrap_or_default();
        let callback = Callback::from_slice(&raw).map_err(Reason::NoCallback)?;
        self.issued
            .note(req_id.clone(), Origin::of(&callback), self.now);
        let replaced = callback.kind == Kind::Event(Event::Disconnected);
        self.events.push_back(BotEvent::Delivered(Delivery {
            req_id: ReqId::from(req_id),
            callback,
            raw,
        }));
        if replaced {
            self.end = Some(End::Replaced);
            self.close(NORMAL, REPLACED);
        }
        Ok(())
    }

    fn acknowledge(&mut self, req_id: &str, parts: &Parts) -> Result<(), Reason> {
        if matches!(&self.phase, Phase::Subscribing(expected, _) if expected == req_id) {
            self.handle_subscription(&response(parts));
            return Ok(());
        }
        if let Some(at) = self.pings.iter().position(|ping| ping == req_id) {
            // Whoever answers this one has got over those before.
            self.pings.drain(..=at);
            return Ok(());
        }
        let response = response(parts);
        let lost = matches!(
            WeCom::open(&response),
            Err(error) if error.code.number() == Some(errcode::NOT_SUBSCRIBED)
        );
        if !self.calls.acknowledge(req_id, response) {
            return Err(Reason::UnknownAcknowledgement);
        }
        if lost && matches!(self.phase, Phase::Open) {
            self.close(GOING_AWAY, "the platform has forgotten the subscription");
        }
        Ok(())
    }

    fn handle_subscription(&mut self, response: &HttpResponse) {
        match WeCom::open(response) {
            Ok(_) => {
                self.phase = Phase::Open;
                self.subscribed = true;
                self.ping_at = self.now.checked_add(self.limits.ping_interval);
                self.events.push_back(BotEvent::Subscribed);
                self.calls.open();
            }
            Err(error) => {
                let problem = format!("the platform refused the subscription: {error}");
                self.events.push_back(BotEvent::Refused(error.clone()));
                self.end = Some(End::Refused(error));
                self.close(NORMAL, &problem);
            }
        }
    }

    /// Begins to end the connection.
    fn close(&mut self, code: u16, reason: &str) {
        if matches!(self.phase, Phase::Over(_)) {
            return;
        }
        let short = fitting(reason, LONGEST_REASON).to_owned();
        self.handle_end(reason.to_owned());
        self.out.push_back(Frame::Close(code, short));
    }

    /// Nothing goes out any more; calls that wait fail.
    fn handle_end(&mut self, reason: String) {
        self.ping_at = None;
        self.calls.end(&reason);
        if !matches!(self.phase, Phase::Over(_)) {
            self.phase = Phase::Over(reason);
        }
    }

    fn check_subscription(&mut self) {
        if matches!(self.phase, Phase::Subscribing(_, Some(until)) if until <= self.now) {
            self.close(GOING_AWAY, "the subscription was not acknowledged in time");
        }
    }

    fn check_pings(&mut self) {
        if self.ping_at.is_none_or(|due| self.now < due) {
            return;
        }
        let unanswered = self.pings.len();
        if u32::try_from(unanswered).is_ok_and(|count| count < self.limits.unanswered_pings) {
            let req_id = self.ids.next(cmd::PING, self.now);
            let ping = frame::command(cmd::PING, &req_id, None);
            self.out.push_back(Frame::Text(ping));
            self.pings.push(req_id);
            self.ping_at = self.now.checked_add(self.limits.ping_interval);
        } else {
            self.close(GOING_AWAY, &format!("{unanswered} pings were not answered"));
        }
    }

    fn subscription(&mut self) -> Frame {
        let req_id = self.ids.next(cmd::SUBSCRIBE, self.now);
        let subscribe = Subscribe {
            bot_id: &self.bot_id,
            secret: self.secret.expose(),
        };
        // Two texts always have a JSON form.
        let body = serde_json::to_vec(&subscribe).unwrap_or_default();
        let frame = frame::command(cmd::SUBSCRIBE, &req_id, Some(&body));
        let until = self.now.checked_add(self.limits.ack_timeout);
        self.phase = Phase::Subscribing(req_id, until);
        Frame::Text(frame)
    }

    /// Finds out what a request says.
    fn prepare(&mut self, request: &HttpRequest) -> Result<Prepared, TransportError> {
        let path = request.uri().path().trim_end_matches('/');
        let command = path.rsplit('/').next().unwrap_or_default();
        if !command.starts_with("aibot_") || command == cmd::SUBSCRIBE {
            let problem = "the path names no command of the long connection";
            return Err(TransportError::not_sent(problem));
        }
        let body = request.body();
        if std::str::from_utf8(body).is_err() || !(body.starts_with(b"{") && body.ends_with(b"}")) {
            return Err(TransportError::not_sent("the body is no JSON object"));
        }
        let answers = matches!(command, cmd::RESPOND | cmd::WELCOME | cmd::UPDATE);
        let req_id = match req_id_in(request) {
            Some(given) => given,
            None if answers => {
                let problem = "`req_id`: an answer must say what it answers";
                return Err(TransportError::not_sent(problem));
            }
            None => self.ids.next(command, self.now),
        };
        Ok(Prepared {
            command: command.to_owned(),
            frame: frame::command(command, &req_id, Some(body)),
            req_id,
        })
    }

    fn check_room(&self, req_id: &str) -> Result<(), TransportError> {
        let full = |limit: usize, what: &str| {
            Err(TransportError::not_sent(format!("{limit} {what} already")))
        };
        if self.calls.waiting() >= self.limits.waiting_calls {
            return full(self.limits.waiting_calls, "calls wait for their answers");
        }
        if self.calls.queued(req_id) >= self.limits.queued_replies {
            return full(self.limits.queued_replies, "answers to this callback wait");
        }
        Ok(())
    }
}

/// What ends a connection that another one has replaced.
pub(super) const REPLACED: &str = "another connection of this bot has taken over";

/// Most bytes of a reason in a close frame (RFC 6455, 5.5).
const LONGEST_REASON: usize = 123;

#[derive(Serialize)]
struct Subscribe<'a> {
    bot_id: &'a str,
    secret: &'a str,
}

/// The `req_id` in the query of a request.
fn req_id_in(request: &HttpRequest) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(request.uri().query()?).ok()?;
    let given = pairs.into_iter().find(|(name, _)| name == "req_id");
    given.map(|(_, req_id)| req_id)
}

/// The acknowledgement as the answer it would be over HTTP: what is in the
/// body stands beside the code.
fn response(parts: &Parts) -> HttpResponse {
    let mut envelope = b"{\"errcode\":".to_vec();
    envelope.extend_from_slice(parts.errcode.as_deref().unwrap_or(b"0"));
    envelope.extend_from_slice(b",\"errmsg\":");
    envelope.extend_from_slice(parts.errmsg.as_deref().unwrap_or(b"\"\""));
    match parts.object().and_then(|body| body.strip_prefix(b"{")) {
        Some(rest) if !rest.trim_ascii_start().starts_with(b"}") => {
            envelope.push(b',');
            envelope.extend_from_slice(rest);
        }
        _ => envelope.push(b'}'),
    }
    HttpResponse::new(envelope.into())
}

impl Session for BotSession {
    type Event = BotEvent;

    fn handle_frame(&mut self, now: Instant, frame: Frame) {
        self.now = now;
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => self.handle_message(bytes),
            Frame::Ping(_) | Frame::Pong(_) => {}
            Frame::Close(_, reason) => self.handle_end(format!("the platform closes: {reason}")),
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        self.calls.handle_timeout(now);
        self.check_subscription();
        self.check_pings();
    }

    fn handle_close(&mut self, now: Instant) {
        self.now = now;
        self.handle_end("the connection has ended".to_owned());
        self.out.clear();
    }

    fn poll_send(&mut self) -> Option<Frame> {
        if matches!(self.phase, Phase::New) {
            return Some(self.subscription());
        }
        let first = self.out.pop_front();
        first.or_else(|| self.calls.poll_send(self.now))
    }

    fn poll_event(&mut self) -> Option<BotEvent> {
        self.events.pop_front()
    }

    fn poll_answer(&mut self) -> Option<(Ticket, Result<HttpResponse, TransportError>)> {
        self.calls.poll_answer()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let subscribed_by = match self.phase {
            Phase::Subscribing(_, until) => until,
            _ => None,
        };
        let ends = [subscribed_by, self.ping_at, self.calls.poll_timeout()];
        ends.into_iter().flatten().min()
    }

    fn call(
        &mut self,
        now: Instant,
        ticket: Ticket,
        request: &HttpRequest,
        deadline: Instant,
    ) -> Result<(), TransportError> {
        self.now = now;
        if let Phase::Over(reason) = &self.phase {
            return Err(TransportError::not_sent(reason.clone()));
        }
        let Prepared {
            command,
            req_id,
            frame,
        } = self.prepare(request)?;
        if let Some(objection) = self.issued.objection(&command, &req_id, now) {
            self.calls.answer(ticket, WeCom::seal(Err(objection)));
            return Ok(());
        }
        self.check_room(&req_id)?;
        self.calls.push(&req_id, ticket, deadline, frame);
        Ok(())
    }

    fn abandon(&mut self, ticket: Ticket) {
        self.calls.abandon(ticket);
    }
}
