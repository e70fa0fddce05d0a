//! The connections that are opened to us.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, Ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::{Either, MapOk, TryFutureExt};
use http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::upgrade::OnUpgrade;
use mynah_core::{Accepted, Acceptor, HttpResponse, Session};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tower_service::Service;

use super::account::{Account, Carries, Lane};
use super::drive::Drive;
use super::handover::Handover;
use super::wire::Wire;
use super::{Handle, Listener, Settings};
use crate::alarm::now;

const SHUTTING_DOWN: &str = "the server is shutting down";

/// Takes the sockets that platforms open to us and keeps them by account.
///
/// An account may have one connection, or one for calls and one for events. A
/// new connection takes the place of the old one, which is closed; the late
/// end of an old connection does not touch the new one.
///
/// It is a [`tower_service::Service`] that answers handshakes, and
/// [`or`](Self::or) puts it in front of another service that gets all other
/// requests.
pub struct Hub<A, L>(Arc<Parts<A, L>>);

struct Parts<A, L> {
    acceptor: A,
    listener: Arc<L>,
    settings: Arc<Settings>,
    by_name: Mutex<HashMap<Box<str>, Arc<Account>>>,
    /// Each open connection holds one.
    permits: Arc<Semaphore>,
    closing: AtomicBool,
}

impl<A, L> Clone for Hub<A, L> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A, L> Hub<A, L>
where
    A: Acceptor,
    L: Listener<<A::Session as Session>::Event>,
{
    /// Takes whom `acceptor` takes, and hands their events to `listener`.
    pub fn new(acceptor: A, listener: L, settings: Settings) -> Self {
        Self(Arc::new(Parts {
            acceptor,
            listener: Arc::new(listener),
            permits: Arc::new(Semaphore::new(settings.connections as usize)),
            settings: Arc::new(settings),
            by_name: Mutex::default(),
            closing: AtomicBool::new(false),
        }))
    }

    /// Answers handshakes itself and leaves other requests to `inner`, such as
    /// a [`Receiver`](crate::Receiver).
    pub fn or<S>(self, inner: S) -> WithHub<Self, S> {
        WithHub { hub: self, inner }
    }

    /// An account that is connected or whose handle is still held.
    pub fn account(&self, name: &str) -> Option<Handle> {
        self.by_name().get(name).cloned().map(Handle)
    }

    /// The accounts that are connected or whose handles are still held, in no
    /// particular order.
    pub fn accounts(&self) -> Vec<Handle> {
        self.by_name().values().cloned().map(Handle).collect()
    }

    /// Closes all connections, refuses further ones, and waits until the
    /// events that came are handed over.
    pub async fn close(&self) {
        self.0.closing.store(true, Ordering::SeqCst);
        for account in self.by_name().values() {
            account.end(SHUTTING_DOWN);
        }
        // All permits are there once nobody holds one.
        let all = self.0.settings.connections;
        drop(self.0.permits.acquire_many(all).await);
    }

    fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::SeqCst)
    }

    fn by_name(&self) -> MutexGuard<'_, HashMap<Box<str>, Arc<Account>>> {
        let by_name = self.0.by_name.lock();
        by_name.unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, name: String) -> Arc<Account> {
        let mut by_name = self.by_name();
        if let Some(account) = by_name.get(name.as_str()) {
            return Arc::clone(account);
        }
        let name: Box<str> = name.into();
        let account = Account::new(name.clone(), Arc::clone(&self.0.settings));
        by_name.insert(name, Arc::clone(&account));
        account
    }

    /// Forgets an account that nobody can see any more.
    fn tidy(&self, account: &Arc<Account>) {
        let mut by_name = self.by_name();
        // The map's and ours: there is neither a connection nor a handle.
        if Arc::strong_count(account) == 2 {
            by_name.remove(account.name());
        }
    }

    /// Answers a handshake.
    fn answer<B>(&self, mut request: Request<B>) -> HttpResponse {
        let Some(accept) = accept_key(&request) else {
            return upgrade_required();
        };
        if self.is_closing() {
            return bare(StatusCode::SERVICE_UNAVAILABLE);
        }
        let Ok(permit) = Arc::clone(&self.0.permits).try_acquire_owned() else {
            tracing::warn!("a connection was refused: there are too many");
            return bare(StatusCode::SERVICE_UNAVAILABLE);
        };
        let upgrade = hyper::upgrade::on(&mut request);
        let handshake = request.map(drop);
        match self.0.acceptor.accept(&handshake, now()) {
            Ok(accepted) => {
                tokio::spawn(self.clone().open(upgrade, accepted, permit));
                switching(accept)
            }
            Err(refusal) => {
                let path = handshake.uri().path();
                let hint = String::from_utf8_lossy(refusal.body());
                let status = refusal.status().as_u16();
                tracing::warn!(path, status, %hint, "a connection was refused");
                refusal
            }
        }
    }

    /// Waits until the connection is a socket.
    async fn open(
        self,
        upgrade: OnUpgrade,
        accepted: Accepted<A::Session>,
        permit: OwnedSemaphorePermit,
    ) {
        let patience = self.0.settings.handshake_timeout;
        match tokio::time::timeout(patience, upgrade).await {
            Ok(Ok(upgraded)) => {
                let wire = Wire::new(upgraded, Role::Server, &self.0.settings);
                // A task of its own, without the room that the handshake took.
                tokio::spawn(self.hold(wire, accepted, permit));
            }
            Ok(Err(error)) => {
                tracing::warn!(account = accepted.account, %error, "a handshake broke off");
            }
            Err(_) => {
                tracing::warn!(account = accepted.account, "a handshake was not finished");
            }
        }
    }

    /// Runs an accepted connection to its end.
    fn hold(
        self,
        wire: Wire,
        accepted: Accepted<A::Session>,
        permit: OwnedSemaphorePermit,
    ) -> impl Future<Output = ()> + Send {
        let account = self.enter(accepted.account);
        let lane = Arc::new(Lane::default());
        let carries = Carries {
            calls: accepted.calls,
            events: accepted.events,
        };
        account.attach(&lane, carries);
        if self.is_closing() {
            lane.close(SHUTTING_DOWN);
        }
        tracing::info!(account = account.name(), "connected");
        let settings = Arc::clone(&self.0.settings);
        let listener = Arc::clone(&self.0.listener);
        let from = Handle(Arc::clone(&account));
        let mut handover = Handover::new(listener, from, &settings);
        let session = accepted.session;
        let mut drive = Drive::new(0, session, wire, Arc::clone(&lane), settings);
        async move {
            let end = drive.run(&mut handover).await;
            account.detach(&lane);
            tracing::info!(account = account.name(), %end, "disconnected");
            drop(drive);
            handover.finish().await;
            // It holds a handle, which would keep the account.
            drop(handover);
            self.tidy(&account);
            drop(permit);
        }
    }
}

impl<A, L, B> Service<Request<B>> for Hub<A, L>
where
    A: Acceptor,
    L: Listener<<A::Session as Session>::Event>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        std::future::ready(Ok(self.answer(request).map(Full::new)))
    }
}

impl<A, L> fmt::Debug for Hub<A, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

/// A hub in front of another service.
#[derive(Clone, Debug)]
pub struct WithHub<H, S> {
    hub: H,
    inner: S,
}

/// The body of whoever answered: the hub or the service behind it.
type EitherBody<T> = http_body_util::Either<Full<Bytes>, T>;

impl<A, L, S, B, T> Service<Request<B>> for WithHub<Hub<A, L>, S>
where
    A: Acceptor,
    L: Listener<<A::Session as Session>::Event>,
    S: Service<Request<B>, Response = Response<T>>,
{
    type Response = Response<EitherBody<T>>;
    type Error = S::Error;
    type Future = Either<
        Ready<Result<Self::Response, S::Error>>,
        MapOk<S::Future, fn(Response<T>) -> Self::Response>,
    >;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if wants_upgrade(request.headers()) {
            let response = self.hub.answer(request);
            let response = response.map(|body| EitherBody::Left(Full::new(body)));
            Either::Left(std::future::ready(Ok(response)))
        } else {
            let answer = self.inner.call(request);
            Either::Right(answer.map_ok(|response| response.map(EitherBody::Right)))
        }
    }
}

fn wants_upgrade(headers: &HeaderMap) -> bool {
    names(headers, UPGRADE, "websocket")
}

/// Whether one of the words in a header is this.
fn names(headers: &HeaderMap, header: HeaderName, word: &str) -> bool {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(word))
}

/// What the answer to a handshake must contain, if it is one (RFC 6455, 4.2.1).
fn accept_key<B>(request: &Request<B>) -> Option<HeaderValue> {
    let headers = request.headers();
    let version = headers.get(SEC_WEBSOCKET_VERSION)?;
    let key = headers.get(SEC_WEBSOCKET_KEY)?;
    let right = request.method() == Method::GET
        && names(headers, CONNECTION, "upgrade")
        && wants_upgrade(headers)
        && version == "13"
        && STANDARD.decode(key).is_ok_and(|key| key.len() == 16);
    right.then(|| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok())?
}

fn switching(accept: HeaderValue) -> HttpResponse {
    let mut response = bare(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, WEBSOCKET);
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    response
}

fn upgrade_required() -> HttpResponse {
    let mut response = bare(StatusCode::UPGRADE_REQUIRED);
    let headers = response.headers_mut();
    headers.insert(UPGRADE, WEBSOCKET);
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");

fn bare(status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::new());
    *response.status_mut() = status;
    response
}
