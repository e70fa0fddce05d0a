//! The transport of our own: hyper with a pool, HTTP/2 and TLS.

use std::time::Duration;

use http::Request;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use mynah_core::{Body, Carried, Transport, TransportError};

use crate::body::{Outgoing, incoming};

/// HTTP/1.1 and HTTP/2 over TCP and TLS, with a pool of connections.
#[derive(Clone, Debug)]
pub struct HyperTransport {
    client: Client<HttpsConnector<HttpConnector>, Outgoing>,
}

impl HyperTransport {
    /// The settings everybody starts with.
    pub fn new() -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(Duration::from_secs(5)));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .build(connector);
        Self { client }
    }
}

impl Default for HyperTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for HyperTransport {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        let answer = self.client.request(request.map(Outgoing::from));
        Box::pin(async move {
            match answer.await {
                Ok(response) => incoming(response).await,
                Err(error) if error.is_connect() => {
                    Err(TransportError::not_sent("no connection").because(error))
                }
                Err(error) => Err(TransportError::sent("no answer").because(error)),
            }
        })
    }
}
