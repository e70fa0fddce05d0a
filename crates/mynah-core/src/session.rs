//! Long connections as machines.
//!
//! A session gets frames and the time, and gives frames, events and the next
//! moment it wants to be woken. Who owns the socket is another matter, so a
//! test can step both ends of a connection without one.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::auth::Cx;
use crate::base::BaseUrl;
use crate::endpoint::{HttpRequest, HttpResponse};
use crate::error::{Error, TransportError};
use crate::exchange::jitter;
use crate::inbound::DedupeKey;

/// One frame of a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Text; the bytes are valid UTF-8.
    Text(Bytes),
    /// Binary.
    Binary(Bytes),
    /// A ping of the WebSocket protocol, which the driver has answered.
    Ping(Bytes),
    /// A pong of the WebSocket protocol.
    Pong(Bytes),
    /// The close code and reason.
    Close(u16, String),
}

/// One open connection.
pub trait Session: Send + 'static {
    /// What arrives.
    type Event: Send + 'static;

    /// Takes a frame that arrived.
    fn handle_frame(&mut self, now: Instant, frame: Frame);

    /// Takes the passing of the time that [`poll_timeout`](Self::poll_timeout) named.
    fn handle_timeout(&mut self, now: Instant);

    /// Takes the end of the connection: calls that wait for an answer fail.
    fn handle_close(&mut self, now: Instant);

    /// The next frame to send. [`Frame::Close`] ends the connection.
    fn poll_send(&mut self) -> Option<Frame>;

    /// The next event.
    fn poll_event(&mut self) -> Option<Self::Event>;

    /// The answer to a call.
    fn poll_answer(&mut self) -> Option<(Ticket, Result<HttpResponse, TransportError>)> {
        None
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    fn poll_timeout(&self) -> Option<Instant>;

    /// Makes a call over the connection; the answer comes out of
    /// [`poll_answer`](Self::poll_answer) under `ticket`, at the latest as an
    /// error at `deadline`. `request` is what would go out over HTTP.
    ///
    /// # Errors
    /// The connection does not carry calls, as one that says nothing of it, or
    /// too many are waiting.
    fn call(
        &mut self,
        _now: Instant,
        _ticket: Ticket,
        _request: &HttpRequest,
        _deadline: Instant,
    ) -> Result<(), TransportError> {
        Err(TransportError::not_sent("this connection carries no calls"))
    }

    /// Forgets a call whose caller has given up.
    fn abandon(&mut self, _ticket: Ticket) {}

    /// Tells the session that the event which came out `n`th (the first is 1)
    /// was handed over safely, for platforms that want events acknowledged.
    fn acknowledge(&mut self, _n: u64) {}

    /// What two deliveries of an event have in common, where the platform may
    /// deliver it again, over this connection or another of the account: the
    /// second one is then acknowledged and not handed over.
    fn dedupe_key(&self, _event: &Self::Event) -> Option<DedupeKey> {
        None
    }

    /// Whether the end of the connection is in sight, because the platform has
    /// announced it or has gone silent. Whoever dials opens another connection
    /// then, while this one goes on, so that nothing falls in between.
    fn is_leaving(&self) -> bool {
        false
    }

    /// Another connection has taken the place of this one, which was leaving.
    /// It should still hear what is on the way to it, and end soon.
    fn handle_replaced(&mut self, _now: Instant) {}
}

/// Tells the calls of a session apart; the driver counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What is kept for each ticket. Tickets are our own numbers, so nobody can
/// choose them to collide, and hashing them may be cheap.
pub type Tickets<T> = HashMap<Ticket, T, BuildHasherDefault<TicketHasher>>;

/// Hashes a [`Ticket`] by a multiplication.
#[derive(Clone, Copy, Debug, Default)]
pub struct TicketHasher(u64);

impl Hasher for TicketHasher {
    fn write_u64(&mut self, number: u64) {
        // 2^64 divided by the golden ratio spreads neighbours furthest apart.
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Knows how to come to a connection.
pub trait Dialer: Send + 'static {
    /// What runs over the connection.
    type Session: Session;

    /// The next step towards a connection.
    ///
    /// # Errors
    /// There is no use in trying: the account's settings are wrong, or the
    /// platform does not want it back.
    fn dial(&mut self, cx: Cx) -> Result<Dial, Error>;

    /// Takes the answer to [`Dial::Ask`].
    ///
    /// # Errors
    /// The platform refused; the driver tries again later.
    fn absorb(&mut self, _response: HttpResponse, _cx: Cx) -> Result<(), Error> {
        Ok(())
    }

    /// The machine for a connection that has just opened.
    fn open(&mut self, now: Instant) -> Self::Session;

    /// Takes back the machine of a connection that has ended, for what the
    /// next attempt must know: [`dial`](Self::dial) fails from then on if the
    /// platform has said that there is no use in coming back.
    fn ended(&mut self, _session: Self::Session) {}
}

/// A step towards a connection.
#[derive(Debug)]
pub enum Dial {
    /// Send this over HTTP, give the answer to [`Dialer::absorb`], and ask again.
    Ask(HttpRequest),
    /// Open a WebSocket with this handshake (address and headers).
    Connect(http::Request<()>),
}

/// The address of a socket that a platform has given out, to a request at `asked`.
///
/// ```
/// let asked = "https://h/rtm".parse()?;
/// let address = mynah_core::socket_address(&asked, "wss://h/nimbus/ws:1")?;
/// assert_eq!(address.path(), "/nimbus/ws:1");
/// assert!(mynah_core::socket_address(&asked, "ws://h/nimbus/ws:1").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// It is none, or would carry in plain text what was asked for under TLS. The address is not told:
/// it may open the connection by itself.
pub fn socket_address(asked: &BaseUrl, address: &str) -> Result<http::Uri, BadSocket> {
    let uri: http::Uri = address.parse().map_err(|_| BadSocket::NoAddress)?;
    match uri.scheme_str() {
        Some("ws") if asked.is_secure() => Err(BadSocket::Plain),
        Some("ws" | "wss") => Ok(uri),
        _ => Err(BadSocket::Scheme),
    }
}

/// Why an address is not that of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadSocket {
    /// It is no address at all.
    #[error("is no address")]
    NoAddress,
    /// It is that of something else.
    #[error("must begin with ws:// or wss://")]
    Scheme,
    /// It is not secret, and the request was.
    #[error("must begin with wss:// where it was asked for over https://")]
    Plain,
}

/// Takes connections that a platform opens to us.
pub trait Acceptor: Send + Sync + 'static {
    /// What runs over the connection.
    type Session: Session;

    /// Checks the handshake and names the account that connects.
    ///
    /// # Errors
    /// The response that refuses it.
    fn accept(
        &self,
        handshake: &http::Request<()>,
        now: Instant,
    ) -> Result<Accepted<Self::Session>, HttpResponse>;
}

/// A connection that was accepted.
#[derive(Debug)]
pub struct Accepted<S> {
    /// The account that connected, such as its `self_id`.
    pub account: String,
    /// Runs the connection.
    pub session: S,
    /// Whether calls can be made over it.
    pub calls: bool,
    /// Whether events come over it.
    pub events: bool,
}

/// When to connect again: full jitter from 1 s to 60 s, never two attempts
/// within a second, never giving up.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// No wait is shorter.
    pub const SHORTEST: Duration = Duration::from_secs(1);
    /// No wait is longer.
    pub const LONGEST: Duration = Duration::from_secs(60);

    /// How long to wait before the next attempt.
    pub fn next(&mut self, nonce: u64) -> Duration {
        let most = Self::SHORTEST
            .saturating_mul(1 << self.failures.min(6))
            .min(Self::LONGEST);
        self.failures = self.failures.saturating_add(1);
        Self::SHORTEST + jitter(most.saturating_sub(Self::SHORTEST), nonce)
    }

    /// A connection held: the next wait is the shortest again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}
