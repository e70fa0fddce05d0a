//! Connections that are used again.
//!
//! A server that speaks HTTP/1.1 has a stack of idle connections, one that
//! speaks HTTP/2 a single connection for all calls. hyper-util has a pooled
//! client too, but it costs a third more CPU per call than a bare connection:
//! it races every checkout against a new connection and writes the host anew
//! each time. `benches/calls.rs` has the figures.

use std::collections::HashMap;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use mynah_core::{Body, TransportError};
use tokio::sync::oneshot;

use crate::wire::{Outgoing, incoming, is_small, poll_data, read_small};

use super::dial::{Dialer, Line, Way};

/// Sweeps are not more frequent than this, however short the idle timeout.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How long before the caller's deadline the search for a connection ends.
const HEAD_START: Duration = Duration::from_millis(5);

/// The connections to all servers.
pub(super) struct Pool {
    dialer: Dialer,
    idle_timeout: Duration,
    idle_connections: usize,
    servers: Mutex<Servers>,
    is_swept: AtomicBool,
}

/// By scheme, host and port.
#[derive(Default)]
struct Servers {
    all: HashMap<Uri, Arc<Server>>,
    /// Nearly always the one that is wanted.
    last: Option<Arc<Server>>,
}

impl Pool {
    pub(super) fn new(dialer: Dialer, idle_timeout: Duration, idle_connections: usize) -> Self {
        Self {
            dialer,
            idle_timeout,
            idle_connections,
            servers: Mutex::default(),
            is_swept: AtomicBool::new(false),
        }
    }

    /// Sends a request over an idle connection, or a new one.
    pub(super) async fn send(
        self: &Arc<Self>,
        request: Request<Body>,
        deadline: Option<Instant>,
    ) -> Result<Response<Body>, TransportError> {
        let server = self.server(request.uri())?;
        let mut request = request.map(Outgoing::from);
        loop {
            let (line, is_fresh) = match server.next() {
                Next::Use(line) => (line, false),
                // Boxed, for it is rare and TLS is large.
                next => Box::pin(self.connect_by(&server, next, deadline)).await?,
            };
            let failed = match line {
                Line::One(sender) => self.send_alone(&server, sender, request).await,
                Line::Many(sender) => send_among_others(&server, sender, request).await,
            };
            request = match failed {
                Ok(response) => return Ok(response),
                // The server closed the connection while it was idle.
                Err(Failure {
                    unsent: Some(unsent),
                    ..
                }) if !is_fresh => unsent,
                Err(failure) => return Err(failure.error),
            };
        }
    }

    async fn send_alone(
        self: &Arc<Self>,
        server: &Arc<Server>,
        mut sender: http1::SendRequest<Outgoing>,
        mut request: Request<Outgoing>,
    ) -> Result<Response<Body>, Failure> {
        server.address_alone(&mut request);
        let response = sender.try_send_request(request).await?;
        let (head, mut body) = response.into_parts();
        let lease = Lease {
            pool: Arc::clone(self),
            server: Arc::clone(server),
            sender,
        };
        let body = if is_small(&body) {
            let whole = read_small(pin!(&mut body)).await?;
            lease.give_back();
            Body::Full(whole)
        } else {
            Body::Stream(Box::pin(Leased {
                body,
                lease: Some(lease),
            }))
        };
        Ok(Response::from_parts(head, body))
    }

    /// A connection to the server, and whether it is a new one. Gives up a
    /// little before the deadline, while it is sure that nothing was sent.
    async fn connect_by(
        self: &Arc<Self>,
        server: &Arc<Server>,
        next: Next,
        deadline: Option<Instant>,
    ) -> Result<(Line, bool), TransportError> {
        let connecting = self.connect(server, next);
        let Some(deadline) = deadline else {
            return connecting.await;
        };
        // By the runtime's clock, as the deadline is.
        let now = tokio::time::Instant::now().into_std();
        let left = deadline.saturating_duration_since(now);
        let patience = left.saturating_sub(HEAD_START.min(left / 10));
        match tokio::time::timeout(patience, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(TransportError::not_sent("no connection came about in time")),
        }
    }

    async fn connect(
        self: &Arc<Self>,
        server: &Arc<Server>,
        mut next: Next,
    ) -> Result<(Line, bool), TransportError> {
        loop {
            match next {
                Next::Use(line) => return Ok((line, false)),
                Next::Open => return Ok((self.open(server).await?, true)),
                Next::Wait { opened, is_first } => {
                    if is_first {
                        self.open_for_all(server);
                    }
                    opened.await.unwrap_or_else(|_| Err(stopped()))?;
                }
            }
            next = server.next();
        }
    }

    async fn open(self: &Arc<Self>, server: &Server) -> Result<Line, TransportError> {
        self.keep_sweeping();
        let line = self.dialer.dial(&server.uri).await?;
        let mut lines = server.lines();
        match &line {
            Line::One(_) => lines.may_share = false,
            Line::Many(sender) => {
                lines.may_share = true;
                lines.shared = Some(Shared {
                    sender: sender.clone(),
                    is_old: false,
                });
            }
        }
        Ok(line)
    }

    /// Opens the connection that all who wait will share, on a task of its
    /// own: none of them can stop it by giving up.
    fn open_for_all(self: &Arc<Self>, server: &Arc<Server>) {
        let pool = Arc::clone(self);
        let opening = Opening(Arc::clone(server));
        tokio::spawn(async move {
            let outcome = pool.open(&opening.0).await.map(|line| {
                if let Line::One(sender) = line {
                    opening.0.keep(sender, pool.idle_connections);
                }
            });
            opening.landed(&outcome);
        });
    }

    fn server(&self, uri: &Uri) -> Result<Arc<Server>, TransportError> {
        let mut servers = lock(&self.servers);
        if let Some(last) = servers.last.as_ref().filter(|last| last.is_at(uri)) {
            return Ok(Arc::clone(last));
        }
        let address = address(uri)?;
        let server = match servers.all.get(&address) {
            Some(server) => Arc::clone(server),
            None => Arc::new(Server::new(&address, &self.dialer)?),
        };
        servers.all.insert(address, Arc::clone(&server));
        servers.last = Some(Arc::clone(&server));
        Ok(server)
    }

    /// Sees to it that idle connections are closed in time.
    fn keep_sweeping(self: &Arc<Self>) {
        if self.is_swept.swap(true, Ordering::Relaxed) {
            return;
        }
        let sweeper = Sweeper(Arc::downgrade(self));
        // What was idle at two sweeps in a row is closed.
        let pause = (self.idle_timeout / 2).max(SHORTEST_PAUSE);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                match sweeper.0.upgrade() {
                    Some(pool) => pool.sweep(),
                    None => return,
                }
            }
        });
    }

    fn sweep(&self) {
        let mut servers = lock(&self.servers);
        servers.last = None;
        servers
            .all
            .retain(|_, server| server.sweep() || Arc::strong_count(server) > 1);
    }
}

/// Closes idle connections as long as its runtime lives; the next connection
/// starts another.
struct Sweeper(Weak<Pool>);

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.is_swept.store(false, Ordering::Relaxed);
        }
    }
}

/// The connections to one server.
struct Server {
    /// Its address, without a path.
    uri: Uri,
    host: HeaderValue,
    way: Way,
    lines: Mutex<Lines>,
}

struct Lines {
    idle: Vec<Idle>,
    shared: Option<Shared>,
    /// Whether a connection may turn out to be one for all.
    may_share: bool,
    /// Those who wait for the connection for all; nothing while none is opened.
    waiting: Option<Vec<oneshot::Sender<Result<(), TransportError>>>>,
}

struct Idle {
    sender: http1::SendRequest<Outgoing>,
    /// Has been idle at the last sweep.
    is_old: bool,
}

struct Shared {
    sender: http2::SendRequest<Outgoing>,
    /// Has not been used since the last sweep.
    is_old: bool,
}

/// Scheme, host and port of what can be called.
fn address(uri: &Uri) -> Result<Uri, TransportError> {
    let parts = match (uri.scheme_str(), uri.authority()) {
        (Some("http" | "https"), Some(authority)) => Uri::builder()
            .scheme(uri.scheme().cloned().unwrap_or(Scheme::HTTP))
            .authority(authority.clone())
            .path_and_query(PathAndQuery::from_static("/"))
            .build()
            .ok(),
        _ => None,
    };
    parts.ok_or(TransportError::not_sent(
        "only http:// and https:// can be called",
    ))
}

/// How a request comes to a connection.
enum Next {
    Use(Line),
    Open,
    Wait {
        opened: oneshot::Receiver<Result<(), TransportError>>,
        /// Nobody else waits, so nobody has begun to open it.
        is_first: bool,
    },
}

impl Server {
    fn new(address: &Uri, dialer: &Dialer) -> Result<Self, TransportError> {
        let default = match address.scheme_str() {
            Some("https") => 443,
            _ => 80,
        };
        let name = address.host().unwrap_or_default();
        let host = match address.port_u16().filter(|port| *port != default) {
            Some(port) => HeaderValue::try_from(format!("{name}:{port}")),
            None => HeaderValue::from_str(name),
        };
        Ok(Self {
            uri: address.clone(),
            host: host.map_err(|_| TransportError::not_sent("the host is not a header's value"))?,
            way: dialer.way(address),
            lines: Mutex::new(Lines {
                idle: Vec::new(),
                shared: None,
                may_share: dialer.may_share(address),
                waiting: None,
            }),
        })
    }

    fn is_at(&self, uri: &Uri) -> bool {
        self.uri.authority() == uri.authority() && self.uri.scheme() == uri.scheme()
    }

    fn next(&self) -> Next {
        let mut lines = self.lines();
        while let Some(idle) = lines.idle.pop() {
            if idle.sender.is_ready() {
                return Next::Use(Line::One(idle.sender));
            }
        }
        if let Some(shared) = &mut lines.shared {
            if shared.sender.is_ready() {
                shared.is_old = false;
                return Next::Use(Line::Many(shared.sender.clone()));
            }
            lines.shared = None;
        }
        if !lines.may_share {
            return Next::Open;
        }
        let (tell, opened) = oneshot::channel();
        let is_first = lines.waiting.is_none();
        lines.waiting.get_or_insert_default().push(tell);
        Next::Wait { opened, is_first }
    }

    fn keep(&self, sender: http1::SendRequest<Outgoing>, most: usize) {
        let mut lines = self.lines();
        if lines.idle.len() < most {
            lines.idle.push(Idle {
                sender,
                is_old: false,
            });
        }
    }

    /// Closes what was idle at the last sweep already; says whether anything is left.
    fn sweep(&self) -> bool {
        let mut lines = self.lines();
        lines
            .idle
            .retain_mut(|idle| !mem::replace(&mut idle.is_old, true) && !idle.sender.is_closed());
        let is_over = |shared: &mut Shared| {
            mem::replace(&mut shared.is_old, true) || shared.sender.is_closed()
        };
        lines.shared.take_if(is_over);
        !lines.idle.is_empty() || lines.shared.is_some()
    }

    /// Writes the head as a connection of its own wants it: a path and a host.
    fn address_alone(&self, request: &mut Request<Outgoing>) {
        let headers = request.headers_mut();
        if !headers.contains_key(HOST) {
            headers.insert(HOST, self.host.clone());
        }
        if let Some(authorization) = &self.way.proxy_authorization {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        if !self.way.proxied {
            let path = mem::take(request.uri_mut()).into_parts().path_and_query;
            *request.uri_mut() = path
                .unwrap_or_else(|| PathAndQuery::from_static("/"))
                .into();
        }
    }

    /// Writes the head as a shared connection wants it: the whole address.
    fn address_among_others(&self, request: &mut Request<Outgoing>) {
        if request.uri().authority().is_none() {
            let path = mem::take(request.uri_mut()).into_parts().path_and_query;
            let mut parts = self.uri.clone().into_parts();
            parts.path_and_query = path.or(parts.path_and_query);
            *request.uri_mut() = Uri::from_parts(parts).unwrap_or_else(|_| self.uri.clone());
        }
        request.headers_mut().remove(HOST);
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        lock(&self.lines)
    }
}

/// The opening of a connection for all. It ends for those who wait even if
/// it is dropped.
struct Opening(Arc<Server>);

impl Opening {
    fn landed(&self, outcome: &Result<(), TransportError>) {
        let waiting = self.0.lines().waiting.take();
        for waiter in waiting.into_iter().flatten() {
            // Whoever gave up need not be told.
            drop(waiter.send(outcome.clone()));
        }
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.landed(&Err(stopped()));
    }
}

fn stopped() -> TransportError {
    TransportError::not_sent("the connection was given up while it was opened")
}

/// A connection of HTTP/1.1 that is in use.
struct Lease {
    pool: Arc<Pool>,
    server: Arc<Server>,
    sender: http1::SendRequest<Outgoing>,
}

impl Lease {
    /// The answer has been read: the connection is idle, or will be once the
    /// rest of the request is written.
    fn give_back(self) {
        let Self {
            pool,
            server,
            mut sender,
        } = self;
        if sender.is_ready() {
            server.keep(sender, pool.idle_connections);
        } else if !sender.is_closed() {
            tokio::spawn(async move {
                let ready = tokio::time::timeout(pool.idle_timeout, sender.ready()).await;
                if matches!(ready, Ok(Ok(()))) {
                    server.keep(sender, pool.idle_connections);
                }
            });
        }
    }
}

/// An answer that is read bit by bit. Its connection is given back at the end,
/// and closed if the end is not waited for.
struct Leased {
    body: Incoming,
    lease: Option<Lease>,
}

impl Stream for Leased {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(poll_data(Pin::new(&mut self.body), cx));
        if chunk.is_none()
            && let Some(lease) = self.lease.take()
        {
            lease.give_back();
        }
        Poll::Ready(chunk)
    }
}

async fn send_among_others(
    server: &Server,
    mut sender: http2::SendRequest<Outgoing>,
    mut request: Request<Outgoing>,
) -> Result<Response<Body>, Failure> {
    server.address_among_others(&mut request);
    let response = sender.try_send_request(request).await?;
    Ok(incoming(response).await?)
}

/// Why a connection brought no answer, and the request if it was not written.
struct Failure {
    error: TransportError,
    unsent: Option<Request<Outgoing>>,
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self {
            error,
            unsent: None,
        }
    }
}

impl From<TrySendError<Request<Outgoing>>> for Failure {
    fn from(mut error: TrySendError<Request<Outgoing>>) -> Self {
        let unsent = error.take_message();
        let outcome = match unsent {
            Some(_) => TransportError::not_sent("the connection closed"),
            None => TransportError::sent("no answer"),
        };
        Self {
            error: outcome.because(error.into_error()),
            unsent,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is whole between any two statements.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
