//! The one WebSocket driver: whatever a platform's [`Session`] says, over a
//! real socket.
//!
//! [`connect`] keeps a connection that we dial, [`Hub`] keeps those that are
//! opened to us. Both give [`Handle`]s, which are [`Transport`]s: a client can
//! call over an open socket as it would over HTTP.
//!
//! Each connection is one task that reads, writes and runs the machine. Calls
//! reach it through a queue; events leave it through a [`Listener`], one at a
//! time and in order, while calls go on.

mod account;
mod connect;
mod dial;
mod drive;
mod handover;
mod held;
mod hub;
mod wire;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

#[cfg(doc)]
use mynah_core::Session;
use mynah_core::Transport;
use tokio::sync::mpsc;

pub use account::Handle;
pub use connect::{Connection, connect};
pub use dial::Tunnel;
pub use hub::{Hub, WithHub};

/// What is done with the events of a socket.
///
/// The next event of a connection is given when the future of the one before
/// has ended; only then does the platform hear that the event was taken, where
/// it wants to hear that. Meanwhile calls are sent and answered, so a listener
/// may call and wait. One that takes long should put events into queues of its
/// own. One that panics loses its event and no other. Any `Fn(Handle, Event) -> impl Future<Output = ()>` is a listener, and
/// so is the sending half of a channel.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not listen to `{E}`",
    note = "a listener is an async function from `Handle` and event to `()`, or an `mpsc::Sender<(Handle, {E})>`"
)]
pub trait Listener<E>: Send + Sync + 'static {
    /// Takes an event. `from` is the account it came from, to call it.
    fn hear(&self, from: Handle, event: E) -> impl Future<Output = ()> + Send;
}

impl<E, F, R> Listener<E> for F
where
    F: Fn(Handle, E) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send,
{
    fn hear(&self, from: Handle, event: E) -> impl Future<Output = ()> + Send {
        self(from, event)
    }
}

/// Waits while the channel is full; drops what comes once nobody receives.
impl<E: Send + 'static> Listener<E> for mpsc::Sender<(Handle, E)> {
    async fn hear(&self, from: Handle, event: E) {
        let _ = self.send((from, event)).await;
    }
}

/// How sockets are driven.
#[derive(Clone)]
pub struct Settings {
    /// How long a handshake may take, with all that comes before it; 10 s.
    pub handshake_timeout: Duration,
    /// How long a call waits for a connection where there is none; 5 s.
    pub connection_wait: Duration,
    /// How long a call waits for its answer at most; 60 s. Whoever drops the
    /// future waits shorter.
    pub call_timeout: Duration,
    /// How long a peer may not read what it is sent; 30 s.
    pub write_timeout: Duration,
    /// How long the peer may take to close as well; 5 s.
    pub close_timeout: Duration,
    /// The longest message that is taken, in bytes; 16 MiB. A longer one ends
    /// the connection.
    pub largest_message: usize,
    /// How many bytes are read at once, and kept for a connection that is
    /// idle; 4096.
    pub read_buffer: usize,
    /// How many events of a connection may wait for the listener; 4096. Further
    /// ones are lost, and not acknowledged.
    pub backlog: usize,
    /// For how long an event is remembered that the platform may deliver again
    /// ([`Session::dedupe_key`]), so that it is handed over once; 10 min. At
    /// most 65,536 events of an account are remembered; beyond that the oldest
    /// are forgotten.
    pub remember: Duration,
    /// How many calls may wait to be sent; 1024. A further one fails.
    pub queued_calls: usize,
    /// How many connections a [`Hub`] takes; 100,000. A further one is
    /// answered with 503.
    pub connections: u32,
    /// Who is trusted for `wss://`; the authorities of Mozilla.
    pub tls: Option<Arc<rustls::ClientConfig>>,
    /// Carries what must be asked for over HTTP before a socket can be opened.
    pub http: Option<Arc<dyn Transport>>,
    /// The proxy that sockets are opened through; none.
    pub tunnel: Option<Tunnel>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            handshake_timeout: Duration::from_secs(10),
            connection_wait: Duration::from_secs(5),
            call_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(5),
            largest_message: 16 << 20,
            read_buffer: 4096,
            backlog: 4096,
            remember: Duration::from_secs(600),
            queued_calls: 1024,
            connections: 100_000,
            tls: None,
            http: None,
            tunnel: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("handshake_timeout", &self.handshake_timeout)
            .field("connection_wait", &self.connection_wait)
            .field("call_timeout", &self.call_timeout)
            .field("write_timeout", &self.write_timeout)
            .field("close_timeout", &self.close_timeout)
            .field("largest_message", &self.largest_message)
            .field("read_buffer", &self.read_buffer)
            .field("backlog", &self.backlog)
            .field("remember", &self.remember)
            .field("queued_calls", &self.queued_calls)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}
