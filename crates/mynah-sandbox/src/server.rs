//! The one port: who is let in, how much is taken, and what answers where.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{Extensions, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::guard::Guard;
use crate::hub::Hub;
use crate::rim::http::nothing_but;
use crate::sandbox::Limits;
use crate::{assets, control, platforms};

/// A request as the router sees it.
pub(crate) type Request = http::Request<Body>;

/// How long connections may take to finish when the sandbox ends.
const GRACE: Duration = Duration::from_secs(1);
/// After the system had no room for another connection.
const BREATH: Duration = Duration::from_millis(50);
/// Requests are small; a header is never longer.
const HEAD_BUFFER: usize = 64 * 1024;

/// What every request needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Server(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    hub: Arc<Hub>,
    /// `None` in process: who is here already needs not be let in.
    guard: Option<Guard>,
    limits: Limits,
    ending: watch::Sender<bool>,
}

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
struct Peer(SocketAddr);

/// Held by everything that keeps a connection open.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// Marks a response that is none: the connection is cut instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut;

impl Server {
    pub(crate) fn new(hub: Arc<Hub>, guard: Option<Guard>, limits: Limits) -> Self {
        Self(Arc::new(Shared {
            hub,
            guard,
            limits,
            ending: watch::Sender::new(false),
        }))
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    /// Becomes true when the sandbox ends.
    pub(crate) fn ending(&self) -> watch::Receiver<bool> {
        self.0.ending.subscribe()
    }

    /// Ends everything that waits for more requests.
    pub(crate) fn end(&self) {
        self.0.ending.send_replace(true);
    }

    /// Refuses who may not use the control API and the page.
    pub(crate) fn admit(&self, request: &Request) -> Result<(), Response> {
        // In process there is no peer.
        match (&self.0.guard, request.extensions().get::<Peer>()) {
            (Some(guard), Some(_)) => guard.check(request.headers()).map_err(control::stranger),
            _ => Ok(()),
        }
    }

    /// How long a body may be.
    pub(crate) fn longest_body(&self) -> usize {
        self.0.limits.body_bytes
    }

    /// Reads a body: 413 when it is too long, 408 when it takes too long, 400
    /// when it ends before its end.
    pub(crate) async fn read_body(&self, body: Body) -> Result<Bytes, StatusCode> {
        self.read_body_up_to(body, self.longest_body()).await
    }

    /// The same, with a limit of its own.
    pub(crate) async fn read_body_up_to(
        &self,
        body: Body,
        limit: usize,
    ) -> Result<Bytes, StatusCode> {
        let reading = Limited::new(body, limit).collect();
        match timeout(self.0.limits.body_read, reading).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

/// The name of the other end, for the journal.
pub(crate) fn peer_of(extensions: &Extensions) -> String {
    match extensions.get::<Peer>() {
        Some(Peer(address)) => address.to_string(),
        None => "in process".to_owned(),
    }
}

/// The address of the other end; this machine's own, in process.
pub(crate) fn address_of(extensions: &Extensions) -> IpAddr {
    match extensions.get::<Peer>() {
        Some(Peer(address)) => address.ip(),
        None => IpAddr::V4(Ipv4Addr::LOCALHOST),
    }
}

/// Everything that is answered.
pub(crate) fn router(server: Server) -> Router {
    let mut router = Router::new()
        .merge(assets::router())
        .merge(control::router());
    for platform in platforms::ALL {
        router = router.merge((platform.router)());
    }
    router.fallback(nothing).with_state(server)
}

/// Where nothing is; the control API says so in its own way.
async fn nothing(request: Request) -> Response {
    if request.uri().path().starts_with("/control") {
        return control::nothing_here();
    }
    nothing_but(StatusCode::NOT_FOUND).map(Body::from)
}

/// Takes connections until the sandbox ends.
pub(crate) async fn accept(server: Server, router: Router, listener: TcpListener) {
    let seats = Arc::new(Semaphore::new(server.0.limits.connections));
    let mut ending = server.ending();
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            // Who comes when all seats are taken waits in the system's queue.
            let seat = Arc::clone(&seats).acquire_owned().await;
            (listener.accept().await, seat)
        };
        let (accepted, seat) = tokio::select! {
            next = next => next,
            _ = ending.wait_for(|ending| *ending) => break,
        };
        let (Ok((stream, address)), Ok(permit)) = (accepted, seat) else {
            sleep(BREATH).await;
            continue;
        };
        let seat = Seat {
            _permit: Arc::new(permit),
        };
        let connection = serve(server.clone(), router.clone(), stream, Peer(address), seat);
        connections.spawn(connection);
        while connections.try_join_next().is_some() {}
    }
    let finished = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done by then is cut off by the drop.
    let _ = timeout(GRACE, finished).await;
}

/// Serves one connection until its end.
async fn serve(server: Server, router: Router, stream: TcpStream, peer: Peer, seat: Seat) {
    // Small answers must not wait for more; where it cannot be had, they do.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: http::Request<hyper::body::Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(seat.clone());
        async move {
            let response = answer(&mut router, request).await;
            match response.extensions().get::<Cut>() {
                Some(Cut) => Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted)),
                None => Ok(response),
            }
        }
    });
    let mut ending = server.ending();
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.0.limits.header_read)
        .max_buf_size(HEAD_BUFFER)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // How a connection ends is the other side's business.
        _ = connection.as_mut() => return,
        _ = ending.wait_for(|ending| *ending) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// The router's answer; it has one for everything.
pub(crate) async fn answer(router: &mut Router, request: Request) -> Response {
    match router.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
