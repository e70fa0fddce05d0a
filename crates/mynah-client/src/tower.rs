//! Calls over any tower service.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::{Mutex, PoisonError};

use http::{Request, Response};
use mynah_core::{Body, Carried, Transport, TransportError};
use tower_service::Service;

use crate::wire::{BoxError, Foreign, Outgoing, incoming};

/// Sends requests with a tower service: an HTTP client under layers of yours,
/// or a server in the same process.
///
/// An error counts as not sent if the service was not ready, or if its chain
/// of sources shows that no connection came about; else as sent.
pub struct TowerTransport<S, B = Outgoing> {
    /// Locked to be cloned, so that the service need not be `Sync`.
    service: Mutex<S>,
    wrap: fn(Outgoing) -> B,
}

impl<S> TowerTransport<S> {
    /// Wraps a service that takes our own bodies.
    pub fn new(service: S) -> Self {
        Self::with_body(service, |body| body)
    }
}

impl<S, B> TowerTransport<S, B> {
    /// Wraps a service that takes bodies of another type, such as
    /// `axum::body::Body::new`.
    pub fn with_body(service: S, wrap: fn(Outgoing) -> B) -> Self {
        Self {
            service: Mutex::new(service),
            wrap,
        }
    }
}

impl<S, B, R> Transport for TowerTransport<S, B>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Send + 'static,
    R: http_body::Body + Send + 'static,
    R::Data: Send,
    R::Error: Into<BoxError>,
{
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        let locked = self.service.lock();
        let mut service = locked.unwrap_or_else(PoisonError::into_inner).clone();
        let request = request.map(|body| (self.wrap)(body.into()));
        Box::pin(async move {
            poll_fn(|cx| service.poll_ready(cx))
                .await
                .map_err(|error| because(TransportError::not_sent("not ready"), error.into()))?;
            let response = service.call(request).await.map_err(failed)?;
            incoming(response).await
        })
    }
}

impl<S, B> fmt::Debug for TowerTransport<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport").finish_non_exhaustive()
    }
}

fn failed(error: impl Into<BoxError>) -> TransportError {
    let error = error.into();
    let outcome = if is_unsent(&*error) {
        TransportError::not_sent("no connection")
    } else {
        TransportError::sent("no answer")
    };
    because(outcome, error)
}

fn because(outcome: TransportError, error: BoxError) -> TransportError {
    outcome.because(Foreign(error))
}

/// Whether an error shows that nothing was sent.
fn is_unsent(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(carried) = error.downcast_ref::<TransportError>() {
            return !carried.sent;
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return io.kind() == io::ErrorKind::ConnectionRefused;
        }
        #[cfg(feature = "hyper")]
        if let Some(client) = error.downcast_ref::<hyper_util::client::legacy::Error>()
            && client.is_connect()
        {
            return true;
        }
        next = error.source();
    }
    false
}
