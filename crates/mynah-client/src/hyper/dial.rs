//! From an address to a connection that speaks HTTP.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use http::header::HeaderValue;
use http::uri::Scheme;
use hyper::client::conn::{http1, http2};
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use mynah_core::TransportError;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower_service::Service;

use crate::proxy::{Proxies, Proxy};
use crate::wire::{Foreign, Outgoing};

use super::{HyperBuilder, Versions};

/// How often a connection in use is tested by a ping of HTTP/2, and how long
/// the answer may take.
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the system waits before it tests a silent connection.
const TCP_KEEPALIVE: Duration = Duration::from_secs(60);

/// Opens connections.
pub(super) struct Dialer {
    tcp: HttpConnector,
    tls: Arc<ClientConfig>,
    proxies: Proxies,
    versions: Versions,
    timeout: Duration,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

/// An open connection.
pub(super) enum Line {
    /// Carries one request at a time.
    One(http1::SendRequest<Outgoing>),
    /// Carries many.
    Many(http2::SendRequest<Outgoing>),
}

/// What is done to each request because of the way it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// The request is handed to a proxy, which wants the whole address.
    pub(super) proxied: bool,
    /// Who we are to that proxy.
    pub(super) proxy_authorization: Option<HeaderValue>,
}

impl Dialer {
    pub(super) fn new(builder: &HyperBuilder) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(TCP_KEEPALIVE));
        tcp.set_connect_timeout(Some(builder.connect_timeout));

        let mut http1 = http1::Builder::new();
        http1.max_header_size(usize::try_from(builder.header_limit).unwrap_or(usize::MAX));

        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_header_list_size(builder.header_limit)
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT);

        let protocols: &[&[u8]] = match builder.versions {
            Versions::Negotiated => &[b"h2", b"http/1.1"],
            Versions::One => &[b"http/1.1"],
            Versions::Two => &[b"h2"],
        };
        Self {
            tcp,
            tls: builder.trust.config(protocols),
            proxies: builder.proxies.clone(),
            versions: builder.versions,
            timeout: builder.connect_timeout,
            http1,
            http2,
        }
    }

    /// How requests to `uri` are written.
    pub(super) fn way(&self, uri: &Uri) -> Way {
        match self.proxies.of(uri) {
            Some(proxy) if !is_https(uri) => Way {
                proxied: true,
                proxy_authorization: proxy.authorization().cloned(),
            },
            _ => Way::default(),
        }
    }

    /// Whether a connection to `uri` may turn out to carry many requests.
    pub(super) fn may_share(&self, uri: &Uri) -> bool {
        match self.versions {
            Versions::Negotiated => is_https(uri),
            Versions::One => false,
            Versions::Two => true,
        }
    }

    /// Opens a connection.
    pub(super) async fn dial(&self, uri: &Uri) -> Result<Line, TransportError> {
        match tokio::time::timeout(self.timeout, self.open(uri)).await {
            Ok(line) => line,
            Err(_) => Err(TransportError::not_sent(format!(
                "no connection came about within {:?}",
                self.timeout
            ))),
        }
    }

    async fn open(&self, uri: &Uri) -> Result<Line, TransportError> {
        let proxy = self.proxies.of(uri);
        if !is_https(uri) {
            let stream = self.connect(proxy.map_or(uri, Proxy::uri)).await?;
            return self.greet(stream, self.versions == Versions::Two).await;
        }
        let stream = match proxy {
            Some(proxy) => self.tunnel(proxy, uri).await?,
            None => self.connect(uri).await?,
        };
        let name = server_name(uri)?;
        let stream = TlsConnector::from(Arc::clone(&self.tls))
            .connect(name, stream.into_inner())
            .await
            .map_err(|error| TransportError::not_sent("no TLS").because(error))?;
        let agreed = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let two = agreed || self.versions == Versions::Two;
        self.greet(TokioIo::new(stream), two).await
    }

    async fn connect(&self, uri: &Uri) -> Result<TokioIo<TcpStream>, TransportError> {
        let connected = self.tcp.clone().call(uri.clone()).await;
        connected.map_err(|error| unconnected("no connection", error))
    }

    async fn tunnel(&self, proxy: &Proxy, uri: &Uri) -> Result<TokioIo<TcpStream>, TransportError> {
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp.clone());
        if let Some(authorization) = proxy.authorization() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let connected = tunnel.call(uri.clone()).await;
        connected.map_err(|error| unconnected("no connection through the proxy", error))
    }

    /// Begins to speak HTTP.
    async fn greet<S>(&self, stream: S, two: bool) -> Result<Line, TransportError>
    where
        S: Read + Write + Unpin + Send + 'static,
    {
        if two {
            let (sender, connection) = self
                .http2
                .handshake(stream)
                .await
                .map_err(|error| unconnected("no HTTP/2", error))?;
            run(connection);
            Ok(Line::Many(sender))
        } else {
            let (sender, connection) = self
                .http1
                .handshake(stream)
                .await
                .map_err(|error| unconnected("no HTTP", error))?;
            run(connection);
            Ok(Line::One(sender))
        }
    }
}

/// Lets a connection live. Its errors reach the calls that are on it.
fn run(connection: impl Future<Output = hyper::Result<()>> + Send + 'static) {
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::trace!(%error, "a connection ended");
        }
    });
}

fn is_https(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS)
}

fn server_name(uri: &Uri) -> Result<ServerName<'static>, TransportError> {
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(host.to_owned()).map_err(|error| {
        TransportError::not_sent("no TLS")
            .because(io::Error::new(io::ErrorKind::InvalidInput, error))
    })
}

fn unconnected(
    what: &'static str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> TransportError {
    TransportError::not_sent(what).because(Foreign(error.into()))
}
