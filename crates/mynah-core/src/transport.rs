//! The seam between what Mynah thinks and what carries it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use http::{Request, Response};

use crate::body::Body;
use crate::error::TransportError;

/// The answer to come.
pub type Carried<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Body>, TransportError>> + Send + 'a>>;

/// Whatever carries a request to a server and the answer back: an HTTP
/// client, an open WebSocket, a sandbox in the same process.
///
/// Implement it to bring another HTTP client; wrap an implementation to add
/// what every request should have. Dropping the future gives the request up.
pub trait Transport: Send + Sync + 'static {
    /// Carries one request. [`TransportError::sent`] tells whether it may have arrived.
    fn send(&self, request: Request<Body>) -> Carried<'_>;

    /// Carries one request whose caller stops waiting at `deadline`.
    ///
    /// The caller drops the future then and must assume that the request was
    /// sent. A transport that would still be looking for a connection can
    /// give up a little earlier and say that it was not.
    fn send_by(&self, request: Request<Body>, deadline: Instant) -> Carried<'_> {
        let _ = deadline;
        self.send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        (**self).send(request)
    }

    fn send_by(&self, request: Request<Body>, deadline: Instant) -> Carried<'_> {
        (**self).send_by(request, deadline)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        (**self).send(request)
    }

    fn send_by(&self, request: Request<Body>, deadline: Instant) -> Carried<'_> {
        (**self).send_by(request, deadline)
    }
}
