//! The platform's end of a connection.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use mynah_core::{ApiError, BadParameters, Cx, Frame, Session};
use serde_json::{Map, Value};

use super::GOING_AWAY;
use super::frame::{ClientFrame, kind, reply, twin};
use crate::errors;
use crate::event::Event;
use crate::time::Millis;

/// How the platform treats a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// After how long without any frame it closes the connection; 30 s. The service has such a
    /// limit, above 10 s, and does not say which.
    pub idle: Duration,
    /// The longest frame it takes, in bytes; 1 MiB. A longer one ends the connection.
    pub largest_frame: usize,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(30),
            largest_frame: 1 << 20,
        }
    }
}

/// Something that the program says, and that whoever knows the rules must answer.
#[derive(Debug, PartialEq)]
pub struct Asked {
    /// What it says.
    pub frame: ClientFrame,
    /// Goes into [`ServerSession::answer`].
    pub call: Call,
}

/// A frame that must be acknowledged. Each is good for one acknowledgement.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    /// As it came: it goes back byte for byte.
    id: Value,
    /// The kind of the twin of its reply, and the text in it.
    twin: &'static str,
    text: Option<String>,
}

impl Call {
    /// The number that the program has given it.
    pub fn id(&self) -> Option<i64> {
        self.id.as_i64()
    }
}

/// The platform's end of one connection of a program.
///
/// What the program says comes out, and is [answered](Self::answer) by whoever knows who may speak
/// where. Answered here are pings, and frames that cannot be understood: with the code of a wrong
/// parameter and its name; the connection stays open. The documentation has no form for a refusal,
/// so this one is ours: the `reply` with `status` `error`, `code` and `error`.
#[derive(Debug)]
pub struct ServerSession {
    limits: ServerLimits,
    opened: Instant,
    wall: SystemTime,
    /// When the last frame of any kind came.
    heard: Instant,
    out: VecDeque<Frame>,
    asked: VecDeque<Asked>,
    over: bool,
}

/// The close code for a message that is too long (RFC 6455, 7.4.1).
const TOO_BIG: u16 = 1009;

impl ServerSession {
    /// For a connection that opened at `cx.now`.
    pub fn new(limits: ServerLimits, cx: Cx) -> Self {
        Self {
            limits,
            opened: cx.now,
            wall: cx.wall,
            heard: cx.now,
            out: VecDeque::new(),
            asked: VecDeque::new(),
            over: false,
        }
    }

    /// Whether anything is told over it.
    pub const fn is_open(&self) -> bool {
        !self.over
    }

    /// How many frames wait to be sent: a program that does not read should be cut off before they
    /// are many.
    pub fn queued(&self) -> usize {
        self.out.len()
    }

    /// Tells the program that something happened, if the connection is open; says whether it is.
    pub fn deliver(&mut self, event: &Event) -> bool {
        // An event always has a JSON form.
        self.push(serde_json::to_vec(event).unwrap_or_default().into());
        self.is_open()
    }

    /// Acknowledges what the program has said, or refuses it. What it causes is to be
    /// [told](Self::deliver) afterwards.
    pub fn answer(&mut self, now: Instant, call: Call, outcome: Result<(), &ApiError>) {
        let Call {
            id,
            twin: kind,
            text,
        } = call;
        let ts = self.time(now);
        self.push(reply(&id, outcome, ts));
        if outcome.is_ok() {
            self.push(twin(&id, kind, text.as_deref(), ts));
        }
    }

    fn push(&mut self, frame: Bytes) {
        if !self.over {
            self.out.push_back(Frame::Text(frame));
        }
    }

    fn time(&self, now: Instant) -> Millis {
        let passed = now.saturating_duration_since(self.opened);
        self.wall.checked_add(passed).unwrap_or(self.wall).into()
    }

    fn handle_message(&mut self, now: Instant, bytes: &[u8]) {
        if bytes.len() > self.limits.largest_frame {
            let limit = self.limits.largest_frame;
            return self.close(TOO_BIG, format!("a frame may have {limit} bytes"));
        }
        let Ok(fields) = serde_json::from_slice::<Map<String, Value>>(bytes) else {
            let bad = BadParameters::body("is no JSON object");
            return self.refuse(now, Value::Null, &bad);
        };
        let call_id = fields
            .get("call_id")
            .filter(|id| id.is_i64() || id.is_u64());
        let Some(call_id) = call_id.cloned() else {
            let bad = BadParameters::field("call_id", "must be an integer");
            return self.refuse(now, Value::Null, &bad);
        };
        match fields.get("type").and_then(Value::as_str) {
            Some(kind::PING) => {
                let pong = Call {
                    id: call_id,
                    twin: kind::PONG,
                    text: None,
                };
                self.answer(now, pong, Ok(()));
            }
            Some(kind) => match ClientFrame::read(kind, &fields) {
                Ok(frame) => self.ask(call_id, frame),
                Err(bad) => self.refuse(now, call_id, &bad),
            },
            None => self.refuse(
                now,
                call_id,
                &BadParameters::field("type", "must be a text"),
            ),
        }
    }

    fn ask(&mut self, call_id: Value, frame: ClientFrame) {
        let call = Call {
            id: call_id,
            twin: kind::OK,
            text: frame.text().map(str::to_owned),
        };
        self.asked.push_back(Asked { frame, call });
    }

    fn refuse(&mut self, now: Instant, call_id: Value, bad: &BadParameters) {
        let call = Call {
            id: call_id,
            twin: kind::OK,
            text: None,
        };
        self.answer(now, call, Err(&errors::bad_parameters(bad)));
    }

    fn close(&mut self, code: u16, reason: String) {
        if !self.over {
            self.over = true;
            self.out.push_back(Frame::Close(code, reason));
        }
    }
}

impl Session for ServerSession {
    type Event = Asked;

    fn handle_frame(&mut self, now: Instant, frame: Frame) {
        self.heard = now;
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) if !self.over => {
                self.handle_message(now, &bytes);
            }
            Frame::Close(..) => self.over = true,
            _ => {}
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_some_and(|due| due <= now) {
            self.close(GOING_AWAY, "nothing was heard for too long".to_owned());
        }
    }

    fn handle_close(&mut self, _: Instant) {
        self.over = true;
        self.out.clear();
        self.asked.clear();
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.out.pop_front()
    }

    fn poll_event(&mut self) -> Option<Asked> {
        self.asked.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        if self.over {
            return None;
        }
        self.heard.checked_add(self.limits.idle)
    }
}

/// The ticket in the path of a handshake: what follows `/nimbus/ws:`.
///
/// ```
/// use mynah_bearychat::socket::ticket_of;
///
/// assert_eq!(ticket_of("/bearychat/rtm/nimbus/ws:xxx"), Some("xxx"));
/// assert_eq!(ticket_of("/bearychat/rtm/nimbus/ws:"), None);
/// ```
pub fn ticket_of(path: &str) -> Option<&str> {
    let (_, ticket) = path.rsplit_once("/nimbus/ws:")?;
    (!ticket.is_empty() && !ticket.contains('/')).then_some(ticket)
}
