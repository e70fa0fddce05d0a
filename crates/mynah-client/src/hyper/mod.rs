//! The transport of our own: hyper's connections, with TLS, proxies and a
//! pool that costs little.

mod dial;
mod pool;
mod trust;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Request;
use mynah_core::{Body, Carried, Transport};

use crate::proxy::Proxies;

use self::dial::Dialer;
use self::pool::Pool;
pub use self::trust::BadCertificate;
use self::trust::Trust;

/// HTTP/1.1 and HTTP/2 over TCP and TLS.
///
/// Connections are kept open and used again; a server that offers HTTP/2 in
/// the TLS handshake gets one connection for all calls. Servers are trusted
/// by the public certificate authorities that Mozilla trusts. There are no
/// redirects, no cookies and no headers that a server does not need.
///
/// What fails before a request is written (names, connections, TLS, proxies)
/// is reported as not sent; everything later as sent.
#[derive(Clone)]
pub struct HyperTransport(Arc<Pool>);

impl HyperTransport {
    /// The settings everybody starts with.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Settings of yours.
    pub fn builder() -> HyperBuilder {
        HyperBuilder {
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(60),
            idle_connections: 256,
            header_limit: 64 * 1024,
            versions: Versions::Negotiated,
            proxies: Proxies::none(),
            trust: Trust::default(),
        }
    }
}

impl Default for HyperTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").finish_non_exhaustive()
    }
}

impl Transport for HyperTransport {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        Box::pin(self.0.send(request, None))
    }

    fn send_by(&self, request: Request<Body>, deadline: Instant) -> Carried<'_> {
        Box::pin(self.0.send(request, Some(deadline)))
    }
}

/// Sets a [`HyperTransport`] up.
#[derive(Clone, Debug)]
pub struct HyperBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    idle_connections: usize,
    header_limit: u32,
    versions: Versions,
    proxies: Proxies,
    trust: Trust,
}

/// Which versions of HTTP are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Versions {
    /// HTTP/2 where TLS negotiates it, else HTTP/1.1.
    Negotiated,
    /// HTTP/1.1 only.
    One,
    /// HTTP/2 only, without negotiation.
    Two,
}

impl HyperBuilder {
    /// How long a connection may take, with name lookup, proxy and TLS; 5 s unless said.
    #[must_use]
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self {
            connect_timeout,
            ..self
        }
    }

    /// How long a connection that nobody uses stays open; 60 s unless said.
    #[must_use]
    pub fn idle_timeout(self, idle_timeout: Duration) -> Self {
        Self {
            idle_timeout,
            ..self
        }
    }

    /// How many unused connections to one server stay open; 256 unless said.
    #[must_use]
    pub fn idle_connections(self, idle_connections: usize) -> Self {
        Self {
            idle_connections,
            ..self
        }
    }

    /// How large the head of an answer may be, in bytes; 64 KiB unless said.
    #[must_use]
    pub fn header_limit(self, header_limit: u32) -> Self {
        Self {
            header_limit,
            ..self
        }
    }

    /// Speaks HTTP/1.1 only.
    #[must_use]
    pub fn http1_only(self) -> Self {
        Self {
            versions: Versions::One,
            ..self
        }
    }

    /// Speaks HTTP/2 only, on `http://` too, to servers known to understand it.
    #[must_use]
    pub fn http2_only(self) -> Self {
        Self {
            versions: Versions::Two,
            ..self
        }
    }

    /// The proxies; none unless said.
    #[must_use]
    pub fn proxies(self, proxies: Proxies) -> Self {
        Self { proxies, ..self }
    }

    /// Trusts these certificate authorities (PEM) beside the public ones.
    ///
    /// # Errors
    /// There is no certificate in the text, or one that cannot be read.
    pub fn trust(self, pem: impl AsRef<[u8]>) -> Result<Self, BadCertificate> {
        let trust = self.trust.and(pem.as_ref())?;
        Ok(Self { trust, ..self })
    }

    /// Trusts these certificate authorities (PEM) and no others.
    ///
    /// # Errors
    /// There is no certificate in the text, or one that cannot be read.
    pub fn trust_only(self, pem: impl AsRef<[u8]>) -> Result<Self, BadCertificate> {
        let trust = Trust::only(pem.as_ref())?;
        Ok(Self { trust, ..self })
    }

    /// The transport. Connections are opened when they are needed.
    pub fn build(self) -> HyperTransport {
        HyperTransport(Arc::new(Pool::new(
            Dialer::new(&self),
            self.idle_timeout,
            self.idle_connections,
        )))
    }
}
