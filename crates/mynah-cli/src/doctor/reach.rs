//! Goes the way to an address, step by step, and writes down how far it came.
//!
//! Nothing secret goes this way, so certificates that are in doubt do not end it: what is behind
//! them may tell why, such as a clock that is wrong.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{DATE, HOST, LOCATION, PROXY_AUTHORIZATION};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use mynah_client::Proxy;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::line::{Answer, Came, Certificate, Doubt, Line, Obstacle, Target};

/// How long each step may take.
const STEP: Duration = Duration::from_secs(5);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// A connection, whatever carries it.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Goes to an address and asks for nothing in particular there.
pub(crate) async fn visit(uri: &Uri, proxy: Option<&Proxy>) -> Option<Line> {
    let target = Target::of(uri)?;
    // Plain requests are handed to a proxy as they are.
    let handed = proxy.filter(|_| !target.tls);
    let (mut line, stream) = match handed {
        Some(proxy) => connect_to(&target, proxy).await,
        None => open(&target, proxy).await,
    };
    let Some(stream) = stream else {
        return Some(line);
    };
    let began = SystemTime::now();
    line.came = match timeout(ANSWER, ask(stream, uri, handed, began)).await {
        Ok(Ok(answer)) => match (handed, answer.status) {
            (Some(_), status @ (407 | 502..=504)) => Came::ProxyRefused(status),
            _ => Came::Answered(answer),
        },
        Ok(Err(problem)) => Came::NoAnswer {
            problem,
            speaks_tls: !target.tls && handed.is_none() && speaks_tls(&target).await,
        },
        Err(_) => Came::NoAnswer {
            problem: format!("no answer within {} s", ANSWER.as_secs()),
            speaks_tls: false,
        },
    };
    // Some servers tell in plain text that they want TLS.
    if let Came::Answered(Answer { status: 400, .. }) = line.came
        && !target.tls
        && handed.is_none()
        && speaks_tls(&target).await
    {
        line.came = Came::NoAnswer {
            problem: "HTTP 400".to_owned(),
            speaks_tls: true,
        };
    }
    Some(line)
}

/// Connects to the proxy, for a request that it is handed.
async fn connect_to(target: &Target, proxy: &Proxy) -> (Line, Option<Box<dyn Stream>>) {
    let began = Instant::now();
    let (came, stream) = match proxied(proxy).await {
        Ok(stream) => (Came::Connected, Some(Box::new(stream) as Box<dyn Stream>)),
        Err(came) => (came, None),
    };
    (line(target, Some(proxy), came, None, began), stream)
}

/// Opens a connection to an address, through the proxy if there is one.
pub(crate) async fn open(
    target: &Target,
    proxy: Option<&Proxy>,
) -> (Line, Option<Box<dyn Stream>>) {
    let began = Instant::now();
    let connected: Result<Box<dyn Stream>, Came> = match proxy {
        Some(proxy) => tunnel(target, proxy).await,
        None => match tcp(&target.host, target.port).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(came) => Err(came),
        },
    };
    let stream = match connected {
        Ok(stream) => stream,
        Err(came) => return (line(target, proxy, came, None, began), None),
    };
    if !target.tls {
        return (
            line(target, proxy, Came::Connected, None, began),
            Some(stream),
        );
    }
    match secure(&target.host, stream).await {
        Ok((stream, certificate)) => {
            let line = line(target, proxy, Came::Connected, Some(certificate), began);
            (line, Some(stream))
        }
        Err(Came::NoTls { problem, .. }) if proxy.is_none() && speaks_http(target).await => {
            let other = true;
            let came = Came::NoTls { other, problem };
            (line(target, proxy, came, None, began), None)
        }
        Err(came) => (line(target, proxy, came, None, began), None),
    }
}

fn line(
    target: &Target,
    proxy: Option<&Proxy>,
    came: Came,
    certificate: Option<Certificate>,
    began: Instant,
) -> Line {
    Line {
        target: target.clone(),
        proxy: proxy.map(|proxy| {
            let authority = proxy.uri().authority();
            authority.map_or_else(String::new, ToString::to_string)
        }),
        came,
        certificate,
        took: began.elapsed(),
    }
}

async fn tcp(host: &str, port: u16) -> Result<TcpStream, Came> {
    let found = timeout(STEP, tokio::net::lookup_host((host, port))).await;
    let addresses: Vec<SocketAddr> = match found {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => return Err(Came::NoName(error.to_string())),
        Err(_) => {
            let problem = format!(
                "the name server does not answer within {} s",
                STEP.as_secs()
            );
            return Err(Came::NoName(problem));
        }
    };
    if addresses.is_empty() {
        return Err(Came::NoName("it has no address".to_owned()));
    }
    match timeout(STEP, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(Came::NoConnection(obstacle(&error))),
        Err(_) => Err(Came::NoConnection(Obstacle::Silence)),
    }
}

fn obstacle(error: &io::Error) -> Obstacle {
    use io::ErrorKind;

    match error.kind() {
        ErrorKind::ConnectionRefused => Obstacle::Refused,
        ErrorKind::TimedOut => Obstacle::Silence,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Obstacle::NoRoute(error.to_string())
        }
        _ => Obstacle::Other(error.to_string()),
    }
}

/// Connects to a proxy. That its name is not known is not that of the target.
async fn proxied(proxy: &Proxy) -> Result<TcpStream, Came> {
    let host = proxy.uri().host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = proxy.uri().port_u16().unwrap_or(80);
    tcp(host, port).await.map_err(|came| match came {
        Came::NoName(problem) => Came::NoConnection(Obstacle::Other(problem)),
        other => other,
    })
}

async fn tunnel(target: &Target, proxy: &Proxy) -> Result<Box<dyn Stream>, Came> {
    let stream = proxied(proxy).await?;
    let there = if target.host.contains(':') {
        format!("[{}]:{}", target.host, target.port)
    } else {
        format!("{}:{}", target.host, target.port)
    };
    let broken = |problem: String| Came::NoConnection(Obstacle::Other(problem));
    let asked = async {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection.with_upgrades());
        let mut request = Request::new(Empty::<Bytes>::new());
        *request.method_mut() = Method::CONNECT;
        if let Ok(uri) = there.parse() {
            *request.uri_mut() = uri;
        }
        if let Ok(host) = there.parse() {
            request.headers_mut().insert(HOST, host);
        }
        if let Some(authorization) = proxy.authorization() {
            let headers = request.headers_mut();
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        sender.send_request(request).await
    };
    let response = match timeout(STEP, asked).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(broken(error.to_string())),
        Err(_) => return Err(Came::NoConnection(Obstacle::Silence)),
    };
    if !response.status().is_success() {
        return Err(Came::ProxyRefused(response.status().as_u16()));
    }
    let upgraded = hyper::upgrade::on(response).await;
    let upgraded = upgraded.map_err(|error| broken(error.to_string()))?;
    Ok(Box::new(TokioIo::new(upgraded)))
}

async fn secure(
    host: &str,
    stream: Box<dyn Stream>,
) -> Result<(Box<dyn Stream>, Certificate), Came> {
    let no_tls = |problem: String| Came::NoTls {
        other: false,
        problem,
    };
    let witness = Witness::new().map_err(no_tls)?;
    let config = witness
        .config()
        .map_err(|error| no_tls(error.to_string()))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| no_tls(error.to_string()))?;
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    match timeout(STEP, connecting).await {
        Ok(Ok(stream)) => Ok((Box::new(stream), witness.certificate())),
        Ok(Err(error)) => Err(Came::NoTls {
            other: is_no_tls(&error),
            problem: error.to_string(),
        }),
        Err(_) => Err(no_tls(format!("no handshake within {} s", STEP.as_secs()))),
    }
}

/// Whether the other side spoke, and not TLS.
fn is_no_tls(error: &io::Error) -> bool {
    let inner = error.get_ref();
    let inner = inner.and_then(|it| it.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::InvalidMessage(_)))
}

async fn speaks_tls(target: &Target) -> bool {
    match tcp(&target.host, target.port).await {
        Ok(stream) => secure(&target.host, Box::new(stream)).await.is_ok(),
        Err(_) => false,
    }
}

/// Whether plain HTTP is answered.
async fn speaks_http(target: &Target) -> bool {
    let Ok(stream) = tcp(&target.host, target.port).await else {
        return false;
    };
    // What comes of the scheme does not matter here: path and host are asked for.
    let Ok(uri) = target.url.parse::<Uri>() else {
        return false;
    };
    let asked = ask(Box::new(stream), &uri, None, SystemTime::now());
    matches!(timeout(STEP, asked).await, Ok(Ok(_)))
}

/// Asks for what is there, without any credential.
async fn ask(
    stream: Box<dyn Stream>,
    uri: &Uri,
    proxy: Option<&Proxy>,
    began: SystemTime,
) -> Result<Answer, String> {
    let failed = |error: hyper::Error| error.to_string();
    let handshake = http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(failed)?;
    tokio::spawn(connection);
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.uri_mut() = match proxy {
        Some(_) => uri.clone(),
        None => uri
            .path_and_query()
            .map_or_else(Uri::default, |it| Uri::from(it.clone())),
    };
    let host = uri.authority().map_or("", |it| it.as_str());
    if let Ok(host) = host.parse() {
        request.headers_mut().insert(HOST, host);
    }
    if let Some(authorization) = proxy.and_then(Proxy::authorization) {
        let headers = request.headers_mut();
        headers.insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    let response = sender.send_request(request).await.map_err(failed)?;
    let ended = SystemTime::now();
    let header = |name| response.headers().get(name)?.to_str().ok();
    // The clock was read somewhere in between.
    let way = ended.duration_since(began).unwrap_or_default() / 2;
    let date = header(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let answer = Answer {
        status: response.status().as_u16(),
        location: header(LOCATION).map(str::to_owned),
        date: date.map(|theirs| (theirs, began + way)),
    };
    // A server may wait for its answer to be read; how it goes on does not matter.
    let _ = response.into_body().frame().await;
    Ok(answer)
}

/// Looks at a certificate as always, writes down what there is to say, and lets it pass.
#[derive(Debug)]
struct Witness {
    usual: Arc<WebPkiServerVerifier>,
    seen: Arc<Mutex<Certificate>>,
}

impl Witness {
    fn new() -> Result<Self, String> {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        Ok(Self {
            usual: verifier(roots)?,
            seen: Arc::default(),
        })
    }

    fn config(&self) -> Result<ClientConfig, rustls::Error> {
        let verifier = Self {
            usual: Arc::clone(&self.usual),
            seen: Arc::clone(&self.seen),
        };
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    fn certificate(&self) -> Certificate {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

/// By name: another crate may have brought a second provider.
fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn verifier(roots: RootCertStore) -> Result<Arc<WebPkiServerVerifier>, String> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| error.to_string())
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self.usual.verify_server_cert(end, between, name, ocsp, now);
        let named = ParsedCertificate::try_from(end)
            .and_then(|parsed| rustls::client::verify_server_name(&parsed, name));
        let certificate = Certificate {
            doubt: verdict
                .err()
                .and_then(|error| doubt(&error, end, name, now)),
            other_names: named.err().and_then(|error| other_names(&error)),
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = certificate;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

fn doubt(
    error: &rustls::Error,
    end: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Option<Doubt> {
    let moment = |time: &UnixTime| SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs());
    let rustls::Error::InvalidCertificate(error) = error else {
        return Some(Doubt::Other(error.to_string()));
    };
    Some(match error {
        CertificateError::ExpiredContext { not_after, .. } => Doubt::Expired(moment(not_after)),
        CertificateError::Expired => Doubt::Expired(moment(&now)),
        CertificateError::NotValidYetContext { not_before, .. } => {
            Doubt::NotYet(moment(not_before))
        }
        CertificateError::NotValidYet => Doubt::NotYet(moment(&now)),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            return None;
        }
        // Some that vouch for themselves are those of an authority.
        CertificateError::UnknownIssuer | CertificateError::Other(_)
            if vouches_for_itself(end, name, now) =>
        {
            Doubt::SelfSigned
        }
        CertificateError::UnknownIssuer => Doubt::UnknownAuthority,
        other => Doubt::Other(other.to_string()),
    })
}

/// Whether a certificate would be believed if it were an authority itself.
fn vouches_for_itself(end: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> bool {
    let mut roots = RootCertStore::empty();
    if roots.add(end.clone().into_owned()).is_err() {
        return false;
    }
    let Ok(verifier) = verifier(roots) else {
        return false;
    };
    match verifier.verify_server_cert(end, &[], name, &[], now) {
        Ok(_) => true,
        Err(rustls::Error::InvalidCertificate(error)) => !matches!(
            error,
            CertificateError::UnknownIssuer | CertificateError::BadSignature
        ),
        Err(_) => false,
    }
}

fn other_names(error: &rustls::Error) -> Option<Vec<String>> {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext {
            presented,
            ..
        }) => Some(presented.clone()),
        rustls::Error::InvalidCertificate(CertificateError::NotValidForName) => Some(Vec::new()),
        _ => None,
    }
}
