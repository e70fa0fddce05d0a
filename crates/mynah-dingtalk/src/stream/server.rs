//! The platform's end of a connection.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::Uri;
use mynah_core::{Cx, Frame, Session};
use serde::Deserialize;
use serde_json::{Value, json};

use super::code;
use super::frame::{self, Head, kind, system};
use super::told::Told;
use crate::api::stream::Subscription;

/// How the platform treats a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// How often it says `ping`; 30 s.
    pub ping_interval: Duration,
    /// How long after its `disconnect` it closes the connection; 10 s.
    pub farewell: Duration,
    /// The longest frame that is looked at, in bytes; 1 MiB.
    pub largest_frame: usize,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(30),
            farewell: Duration::from_secs(10),
            largest_frame: 1 << 20,
        }
    }
}

/// An application has answered a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Acknowledged {
    /// Names the frame.
    pub message_id: String,
    /// 200 where it was taken; see [`code`].
    pub code: i64,
    /// In words.
    pub message: String,
    /// What it says; null where it is not JSON.
    pub data: Value,
}

impl Acknowledged {
    /// Whether an event counts as taken: others are sent again.
    pub fn is_success(&self) -> bool {
        self.code == code::OK && self.data["status"] != "LATER"
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    code: Value,
    #[serde(default)]
    headers: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    data: Value,
}

/// The platform's end of one connection of an application.
///
/// Says `ping`, tells what the application has asked for, and takes its
/// acknowledgements; frames that are none are passed over. What is to be sent
/// again is for an [`Outbox`](super::Outbox), since it may go over another
/// connection.
#[derive(Debug)]
pub struct ServerSession {
    app_id: String,
    connection_id: String,
    subscriptions: Vec<Subscription>,
    limits: ServerLimits,
    opened: Instant,
    wall: SystemTime,
    out: VecDeque<Frame>,
    acknowledged: VecDeque<Acknowledged>,
    /// How many frames of the connection's own there were.
    own: u64,
    ping_at: Option<Instant>,
    /// When a connection that was announced to be closed is closed.
    close_at: Option<Instant>,
    over: bool,
}

/// The close code after a proper end (RFC 6455, 7.4.1). Which one the platform
/// uses is not documented.
const NORMAL: u16 = 1000;

impl ServerSession {
    /// For a connection that opened at `cx.now`; `connection_id` names it, and
    /// `subscriptions` are what was asked for together with its ticket.
    pub fn new(
        app_id: impl Into<String>,
        connection_id: impl Into<String>,
        subscriptions: Vec<Subscription>,
        limits: ServerLimits,
        cx: Cx,
    ) -> Self {
        Self {
            app_id: app_id.into(),
            connection_id: connection_id.into(),
            subscriptions,
            limits,
            opened: cx.now,
            wall: cx.wall,
            out: VecDeque::new(),
            acknowledged: VecDeque::new(),
            own: 0,
            ping_at: cx.now.checked_add(limits.ping_interval),
            close_at: None,
            over: false,
        }
    }

    /// Its name.
    pub fn connection_id(&self) -> &str {
        &self.connection_id
    }

    /// Whether anything is told over it.
    pub fn is_open(&self) -> bool {
        !self.over && self.close_at.is_none()
    }

    /// Whether the application has asked for this.
    pub fn wants(&self, told: &Told) -> bool {
        let mut subscriptions = self.subscriptions.iter();
        match told {
            Told::Event(_) => subscriptions.any(|it| it.kind == kind::EVENT),
            told => {
                let topic = told.topic();
                subscriptions.any(|it| it.kind == kind::CALLBACK && it.topic == topic)
            }
        }
    }

    /// How many frames wait to be sent: an application that does not read
    /// should be cut off before they are many.
    pub fn queued(&self) -> usize {
        self.out.len()
    }

    /// Tells the application something, if it has asked for it and the
    /// connection is open; says whether that is so. `message_id` is what its
    /// acknowledgement will name.
    pub fn deliver(&mut self, now: Instant, message_id: &str, told: &Told) -> bool {
        let taken = self.is_open() && self.wants(told);
        if taken {
            let kind = match told {
                Told::Event(_) => kind::EVENT,
                _ => kind::CALLBACK,
            };
            let head = Head {
                event: told.event_headers(),
                ..self.head(now, kind, told.topic(), message_id)
            };
            let frame = frame::push(head, &told.data());
            self.out.push_back(Frame::Text(frame));
        }
        taken
    }

    /// Says something of the connection itself, such as `KEEPALIVE`.
    pub fn system(&mut self, now: Instant, topic: &str, data: &Value) {
        self.own += 1;
        let message_id = format!("{}-{}", self.connection_id, self.own);
        let head = self.head(now, kind::SYSTEM, topic, &message_id);
        let frame = frame::push(head, &data.to_string());
        self.out.push_back(Frame::Text(frame));
    }

    /// Announces that the connection will be closed: nothing is told over it
    /// any more, and after [`ServerLimits::farewell`] it is closed.
    pub fn disconnect(&mut self, now: Instant, reason: &str) {
        if self.is_open() {
            self.system(now, system::DISCONNECT, &json!({ "reason": reason }));
            self.close_at = now.checked_add(self.limits.farewell);
            self.ping_at = None;
        }
    }

    fn head<'a>(
        &'a self,
        now: Instant,
        kind: &'a str,
        topic: &'a str,
        message_id: &'a str,
    ) -> Head<'a> {
        let passed = now.saturating_duration_since(self.opened);
        let wall = self.wall.checked_add(passed).unwrap_or(self.wall);
        let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
        Head {
            kind,
            topic,
            app_id: &self.app_id,
            connection_id: &self.connection_id,
            message_id,
            time: since.as_millis(),
            event: None,
        }
    }

    fn handle_message(&mut self, bytes: &[u8]) {
        if bytes.len() > self.limits.largest_frame {
            return;
        }
        if let Some(acknowledged) = acknowledged(bytes) {
            self.acknowledged.push_back(acknowledged);
        }
    }
}

/// `None` if the frame is no acknowledgement.
fn acknowledged(bytes: &[u8]) -> Option<Acknowledged> {
    // Derived readers alone would take an array for a struct as well.
    bytes.trim_ascii_start().starts_with(b"{").then_some(())?;
    let wire: Wire = serde_json::from_slice(bytes).ok()?;
    let code = match &wire.code {
        Value::Number(number) => number.as_i64()?,
        Value::String(digits) => digits.parse().ok()?,
        _ => return None,
    };
    Some(Acknowledged {
        message_id: wire.headers["messageId"].as_str()?.to_owned(),
        code,
        message: wire.message.as_str().unwrap_or_default().to_owned(),
        data: match wire.data {
            Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
            data => data,
        },
    })
}

/// The ticket in the address of a handshake.
pub fn ticket_of(uri: &Uri) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(uri.query()?).ok()?;
    let ticket = pairs.into_iter().find(|(name, _)| name == "ticket");
    ticket.map(|(_, ticket)| ticket)
}

impl Session for ServerSession {
    type Event = Acknowledged;

    fn handle_frame(&mut self, _: Instant, frame: Frame) {
        match frame {
            Frame::Text(bytes) | Frame::Binary(bytes) => self.handle_message(&bytes),
            Frame::Ping(_) | Frame::Pong(_) => {}
            Frame::Close(..) => self.over = true,
        }
    }

    fn handle_timeout(&mut self, now: Instant) {
        let is_due = |moment: Option<Instant>| moment.is_some_and(|moment| moment <= now);
        if is_due(self.close_at) && !self.over {
            self.over = true;
            self.out.push_back(Frame::Close(NORMAL, String::new()));
        }
        if is_due(self.ping_at) && self.is_open() {
            let opaque = format!("{}-{}", self.connection_id, self.own);
            self.system(now, system::PING, &json!({ "opaque": opaque }));
            self.ping_at = now.checked_add(self.limits.ping_interval);
        }
    }

    fn handle_close(&mut self, _: Instant) {
        self.over = true;
        self.out.clear();
    }

    fn poll_send(&mut self) -> Option<Frame> {
        self.out.pop_front()
    }

    fn poll_event(&mut self) -> Option<Acknowledged> {
        self.acknowledged.pop_front()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        if self.over {
            return None;
        }
        let due = [self.close_at, self.ping_at];
        due.into_iter().flatten().min()
    }
}
