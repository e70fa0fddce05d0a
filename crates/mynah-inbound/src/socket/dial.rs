//! From an address to an upgraded connection.

use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CONNECTION, HOST, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper::upgrade::Upgraded;
use hyper_util::client::legacy::connect::{HttpConnector, proxy};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tower_service::Service;

use super::Settings;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoConnection {
    #[error("the address must be ws:// or wss:// with a host")]
    Address,
    #[error("cannot connect: {0}")]
    Connect(#[from] io::Error),
    #[error("the handshake broke off: {0}")]
    Http(#[from] hyper::Error),
    #[error("the handshake was refused with HTTP {0}: {1}")]
    Refused(StatusCode, String),
    #[error("the answer to the handshake is not one: {0}")]
    NoUpgrade(&'static str),
    #[error("the handshake took too long")]
    TooSlow,
}

/// Opens a WebSocket with this handshake (address and headers).
pub(super) async fn dial(
    handshake: Request<()>,
    settings: &Settings,
) -> Result<Upgraded, NoConnection> {
    let attempt = attempt(handshake, settings);
    tokio::time::timeout(settings.handshake_timeout, attempt)
        .await
        .unwrap_or(Err(NoConnection::TooSlow))
}

async fn attempt(handshake: Request<()>, settings: &Settings) -> Result<Upgraded, NoConnection> {
    let target = Target::of(handshake.uri()).ok_or(NoConnection::Address)?;
    let stream = match &settings.tunnel {
        Some(tunnel) => tunnel.connect(target.host, target.port).await?,
        None => TcpStream::connect((target.host, target.port)).await?,
    };
    stream.set_nodelay(true)?;
    if target.secure {
        let name = ServerName::try_from(target.host.to_owned()).map_err(io::Error::other)?;
        let connector = TlsConnector::from(tls(settings).map_err(io::Error::other)?);
        upgrade(connector.connect(name, stream).await?, handshake).await
    } else {
        upgrade(stream, handshake).await
    }
}

/// An HTTP proxy that sockets are opened through, by `CONNECT`.
#[derive(Clone)]
pub struct Tunnel {
    proxy: Uri,
    authorization: Option<HeaderValue>,
}

impl Tunnel {
    /// The proxy at `http://host:port`; `authorization` is the value of `Proxy-Authorization`.
    pub fn new(proxy: Uri, authorization: Option<HeaderValue>) -> Self {
        Self {
            proxy,
            authorization,
        }
    }

    async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        let there = format!("http://{host}:{port}/").parse::<Uri>();
        let mut tunnel = proxy::Tunnel::new(self.proxy.clone(), HttpConnector::new());
        if let Some(authorization) = &self.authorization {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let connected = tunnel.call(there.map_err(io::Error::other)?).await;
        connected.map(TokioIo::into_inner).map_err(io::Error::other)
    }
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = self.proxy.authority().map_or("?", |it| it.as_str());
        write!(f, "Tunnel({authority})")
    }
}

/// Where to connect to.
struct Target<'a> {
    secure: bool,
    /// Without the brackets of an IPv6 address.
    host: &'a str,
    port: u16,
}

impl<'a> Target<'a> {
    fn of(uri: &'a Uri) -> Option<Self> {
        let secure = match uri.scheme_str()? {
            "ws" => false,
            "wss" => true,
            _ => return None,
        };
        let host = uri.host()?;
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let usual = if secure { 443 } else { 80 };
        Some(Self {
            secure,
            host: bare.unwrap_or(host),
            port: uri.port_u16().unwrap_or(usual),
        })
    }
}

fn tls(settings: &Settings) -> Result<Arc<ClientConfig>, rustls::Error> {
    static USUAL: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = settings.tls.as_ref().or_else(|| USUAL.get()) {
        return Ok(Arc::clone(config));
    }
    // By name: another crate may have brought a second provider.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::clone(USUAL.get_or_init(|| Arc::new(config))))
}

async fn upgrade<S>(stream: S, handshake: Request<()>) -> Result<Upgraded, NoConnection>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let key = STANDARD.encode(fastrand::u128(..).to_ne_bytes());
    let request = complete(handshake, &key)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the upgrade, or with the connection.
    tokio::spawn(connection.with_upgrades());
    let response = sender.send_request(request).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let status = response.status();
        let hint = Limited::new(response.into_body(), LONGEST_HINT)
            .collect()
            .await;
        let hint = hint
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        let hint = String::from_utf8_lossy(&hint).trim().to_owned();
        return Err(NoConnection::Refused(status, hint));
    }
    let accept = response.headers().get(SEC_WEBSOCKET_ACCEPT);
    if accept.is_none_or(|accept| accept.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
    {
        return Err(NoConnection::NoUpgrade("Sec-WebSocket-Accept is not right"));
    }
    Ok(hyper::upgrade::on(response).await?)
}

/// Most of a refusal that is logged, in bytes.
const LONGEST_HINT: usize = 1024;

/// Adds the headers of the handshake (RFC 6455, 4.1), and makes the address
/// what stands in a request line.
fn complete(handshake: Request<()>, key: &str) -> Result<Request<Empty<Bytes>>, NoConnection> {
    let (mut head, ()) = handshake.into_parts();
    let no_address = |_| NoConnection::Address;
    let authority = head.uri.authority().ok_or(NoConnection::Address)?;
    let host = HeaderValue::try_from(authority.as_str()).map_err(|_| NoConnection::Address)?;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = Uri::try_from(path).map_err(no_address)?;
    let key = HeaderValue::try_from(key).map_err(|_| NoConnection::Address)?;
    for (name, value) in [
        (HOST, host),
        (CONNECTION, HeaderValue::from_static("Upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
        (SEC_WEBSOCKET_KEY, key),
    ] {
        head.headers.insert(name, value);
    }
    Ok(Request::from_parts(head, Empty::new()))
}
