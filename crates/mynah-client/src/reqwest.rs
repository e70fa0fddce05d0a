//! Calls over a `reqwest::Client` that exists already.

use http::{Request, Response};
use mynah_core::{Body, Carried, Transport, TransportError};

use crate::wire::{Outgoing, incoming};

/// Sends requests with a [`reqwest::Client`], with all that is set there:
/// proxies, certificates, redirects, cookies, middleware.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// Wraps a client.
    pub fn new(client: reqwest::Client) -> Self {
        Self { client }
    }
}

impl From<reqwest::Client> for ReqwestTransport {
    fn from(client: reqwest::Client) -> Self {
        Self::new(client)
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request.map(outgoing)).map_err(failed)?;
            let response = self.client.execute(request).await.map_err(failed)?;
            incoming(Response::from(response)).await
        })
    }
}

fn outgoing(body: Body) -> reqwest::Body {
    match body {
        Body::Full(bytes) => bytes.into(),
        stream @ Body::Stream(_) => reqwest::Body::wrap(Outgoing::from(stream)),
    }
}

fn failed(error: reqwest::Error) -> TransportError {
    let outcome = if error.is_connect() || error.is_builder() {
        TransportError::not_sent("no connection")
    } else {
        TransportError::sent("no answer")
    };
    // The address may carry a token in its query.
    outcome.because(error.without_url())
}
