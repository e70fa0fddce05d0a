//! A small HTTP/1 server that cuts off whoever stalls.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tower_service::Service;

use crate::alarm::{Alarm, now};

/// What a server puts up with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long the head of a request may take, from the opening of the
    /// connection or the first byte of a later request on; 10 s.
    pub head_timeout: Duration,
    /// How long a connection is kept open between two requests; 75 s.
    pub idle_timeout: Duration,
    /// How long a peer may not read what it is sent; 30 s.
    pub write_timeout: Duration,
    /// How many connections there may be at once; 10,000. Further ones wait to
    /// be accepted. Those that became WebSockets do not count.
    pub connections: usize,
    /// How long requests may take to end once the server is told to stop; 10 s.
    pub drain_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
            connections: 10_000,
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// Longest head of a request, in bytes.
const LARGEST_HEAD: usize = 64 << 10;

/// Serves HTTP/1 on `listener` until `shutdown` ends, then lets the requests
/// that are being handled end. Connections may be upgraded.
///
/// How long a body may take is the business of `service`; a
/// [`Receiver`](crate::Receiver) sees to it.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let permits = Arc::new(Semaphore::new(limits.connections));
    let (stop, stopping) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, permit)) => {
                let connection = Connection {
                    stream,
                    limits,
                    stopping: stopping.clone(),
                };
                let service = service.clone();
                connections.spawn(async move {
                    connection.run(service).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                // Out of file descriptors, most likely: let some be closed.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    stop.send_replace(());
    let drained = async { while connections.join_next().await.is_some() {} };
    let in_time = tokio::time::timeout(limits.drain_timeout, drained).await;
    if in_time.is_err() {
        tracing::warn!("requests that did not end are cut off");
    }
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await;
    let permit = permit.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, permit))
}

struct Connection {
    stream: TcpStream,
    limits: Limits,
    /// Changes when the server is told to stop.
    stopping: watch::Receiver<()>,
}

impl Connection {
    async fn run<S, B>(self, service: S)
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        B: Body<Data = Bytes> + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let pulse = Arc::new(Pulse::new(now()));
        let io = Watched {
            io: TokioIo::new(self.stream),
            pulse: Arc::clone(&pulse),
        };
        let answering = Arc::clone(&pulse);
        let service = service_fn(move |request| {
            let mut service = service.clone();
            let pulse = Arc::clone(&answering);
            async move {
                pulse.enter(Phase::Busy);
                poll_fn(|cx| service.poll_ready(cx)).await?;
                let response = service.call(request).await;
                pulse.enter(Phase::Idle);
                response
            }
        });
        let connection = http1::Builder::new()
            // The pulse watches over heads and pauses, without a timer for each request.
            .header_read_timeout(None)
            // Answers are short: copying one behind its head is cheaper than gathering.
            .writev(false)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(io, service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let stopping = self.stopping.clone();
        let mut told = self.stopping;
        let mut told_to_stop = pin!(async move { told.changed().await });
        let mut watches = false;
        let mut stops = false;
        let mut alarm = Alarm::default();
        poll_fn(|cx| {
            // Polled once it wakes this task whenever there is something new.
            let is_news = !watches || stopping.has_changed().unwrap_or(true);
            watches = true;
            if !stops && is_news && told_to_stop.as_mut().poll(cx).is_ready() {
                stops = true;
                connection.as_mut().graceful_shutdown();
            }
            if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke");
                }
                return Poll::Ready(());
            }
            ready!(alarm.poll(cx, pulse.due(&self.limits)));
            tracing::debug!("a stalled connection was cut off");
            Poll::Ready(())
        })
        .await;
    }
}

/// What a connection is doing, and since when.
///
/// The clock is read when somebody asks how long it may still do that, which
/// is when it can do no more for the moment; a request that is answered at
/// once costs one look at the clock.
#[derive(Debug)]
struct Pulse {
    start: Instant,
    /// A phase and the microseconds since `start` at which it began; zero
    /// until the clock was read.
    phase: AtomicU64,
    /// Since when the peer does not read, likewise; zero if it does.
    blocked: AtomicU64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Between two requests.
    Idle = 0,
    /// The head of a request is coming.
    Head = 1,
    /// A request is being handled.
    Busy = 2,
}

impl Pulse {
    fn new(start: Instant) -> Self {
        Self {
            start,
            phase: AtomicU64::new(Phase::Head as u64),
            blocked: AtomicU64::new(0),
        }
    }

    /// Microseconds since `start`, never zero.
    fn micros(&self) -> u64 {
        let micros = now().saturating_duration_since(self.start).as_micros();
        u64::try_from(micros).unwrap_or(u64::MAX >> 2).max(1)
    }

    fn enter(&self, phase: Phase) {
        self.phase.store(phase as u64, Ordering::Relaxed);
    }

    fn is_idle(&self) -> bool {
        self.phase.load(Ordering::Relaxed) & 3 == Phase::Idle as u64
    }

    fn set_blocked(&self, blocked: bool) {
        if !blocked {
            self.blocked.store(0, Ordering::Relaxed);
        } else if self.blocked.load(Ordering::Relaxed) == 0 {
            self.blocked.store(self.micros(), Ordering::Relaxed);
        }
    }

    /// When the connection will have stalled for too long.
    fn due(&self, limits: &Limits) -> Option<Instant> {
        let reading = self.reading_due(limits);
        let blocked = self.blocked.load(Ordering::Relaxed);
        let writing = (blocked != 0).then(|| Duration::from_micros(blocked) + limits.write_timeout);
        let due = reading.into_iter().chain(writing).min()?;
        self.start.checked_add(due)
    }

    fn reading_due(&self, limits: &Limits) -> Option<Duration> {
        let mut phase = self.phase.load(Ordering::Relaxed);
        let patience = match phase & 3 {
            0 => limits.idle_timeout,
            1 => limits.head_timeout,
            _ => return None,
        };
        if phase >> 2 == 0 {
            phase |= self.micros() << 2;
            self.phase.store(phase, Ordering::Relaxed);
        }
        Some(Duration::from_micros(phase >> 2) + patience)
    }
}

/// A stream that takes its pulse.
struct Watched {
    io: TokioIo<TcpStream>,
    pulse: Arc<Pulse>,
}

impl Read for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let outcome = ready!(Pin::new(&mut self.io).poll_read(cx, buf));
        if self.pulse.is_idle() {
            self.pulse.enter(Phase::Head);
        }
        Poll::Ready(outcome)
    }
}

impl Write for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write(cx, buf);
        self.pulse.set_blocked(outcome.is_pending());
        outcome
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.pulse.set_blocked(outcome.is_pending());
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
