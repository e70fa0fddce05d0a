//! TLS, with certificates made on the spot.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use hyper_util::rt::TokioIo;
use mynah_client::{Client, HyperBuilder, HyperTransport};
use mynah_core::{ErrorKind, RawRequest, Retry};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::platform::Test;
use crate::server::{Answer, Server, echo, http1, http2, seen};

/// A certificate authority.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A server that shows a certificate for `name` and speaks one of `protocols`.
    pub async fn server(&self, name: &str, protocols: &[&str]) -> Server {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let answer: Answer = Arc::new(echo);
        Server::tcp(move |stream, _| {
            let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
            async move {
                // A client that does not trust us hangs up.
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let is_two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                let stream = TokioIo::new(stream);
                if is_two {
                    http2(stream, answer).await;
                } else {
                    http1(stream, answer).await;
                }
            }
        })
        .await
    }
}

/// The port of `server`, under a name.
pub fn at(name: &str, server: &Server) -> String {
    let (_, port) = server.address.rsplit_once(':').unwrap();
    format!("https://{name}:{port}")
}

fn client(base: &str, builder: HyperBuilder) -> Client<Test> {
    Client::builder(base.parse().unwrap())
        .retry(Retry::NONE)
        .over(builder.build())
}

fn trusting(authority: &Authority) -> HyperBuilder {
    HyperTransport::builder()
        .trust_only(&authority.pem)
        .unwrap()
}

#[tokio::test]
async fn http2_is_negotiated_and_one_connection_carries_all() {
    let authority = Authority::new();
    let server = authority.server("localhost", &["h2", "http/1.1"]).await;
    let client = client(&at("localhost", &server), trusting(&authority));
    for _ in 0..2 {
        let calls = (0..64).map(|_| client.raw(RawRequest::post("/x")).into_future());
        for answer in join_all(calls).await {
            let seen = seen(&answer.unwrap());
            assert_eq!(seen["version"], "HTTP/2.0");
            assert_eq!(seen["uri"], format!("{}/x", at("localhost", &server)));
        }
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_without_http2_is_spoken_to_in_http1() {
    let authority = Authority::new();
    for protocols in [&["http/1.1"][..], &[]] {
        let server = authority.server("127.0.0.1", protocols).await;
        let client = client(&at("127.0.0.1", &server), trusting(&authority));
        for _ in 0..2 {
            let calls = (0..8).map(|_| client.raw(RawRequest::post("/x")).into_future());
            for answer in join_all(calls).await {
                let seen = seen(&answer.unwrap());
                assert_eq!(seen["version"], "HTTP/1.1");
                assert_eq!(seen["headers"]["host"], server.address.as_str());
            }
        }
        assert!(server.connections() <= 8, "{}", server.connections());
    }
}

#[tokio::test]
async fn http2_can_be_left_out() {
    let authority = Authority::new();
    let server = authority.server("localhost", &["h2", "http/1.1"]).await;
    let client = client(&at("localhost", &server), trusting(&authority).http1_only());
    let answer = client.raw(RawRequest::get("/")).await.unwrap();
    assert_eq!(seen(&answer)["version"], "HTTP/1.1");
}

#[tokio::test]
async fn an_own_authority_can_stand_beside_the_public_ones() {
    let authority = Authority::new();
    let server = authority.server("localhost", &[]).await;
    let builder = HyperTransport::builder().trust(&authority.pem).unwrap();
    let client = client(&at("localhost", &server), builder);
    client.raw(RawRequest::get("/")).await.unwrap();
}

#[tokio::test]
async fn who_is_not_trusted_gets_nothing() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = authority.server("localhost", &[]).await;
    let plain = Server::http(echo).await;
    for (base, builder) in [
        (at("localhost", &server), HyperTransport::builder()),
        (at("localhost", &server), trusting(&other)),
        (at("127.0.0.1", &server), trusting(&authority)),
        (at("localhost", &plain), trusting(&authority)),
    ] {
        let error = client(&base, builder)
            .raw(RawRequest::post("/"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    }
}

#[tokio::test]
async fn a_handshake_that_stalls_is_given_up_unsent() {
    let silent = Server::tcp(|stream, _| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    });
    let silent = silent.await;
    let builder = HyperTransport::builder().connect_timeout(Duration::from_millis(100));
    let client = client(&at("localhost", &silent), builder);
    // All wait for the one connection that may turn out to be for all.
    let calls = (0..8).map(|_| client.raw(RawRequest::post("/")).into_future());
    for answer in join_all(calls).await {
        let error = answer.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
        assert!(error.to_string().contains("within 100ms"), "{error}");
    }
    assert_eq!(silent.connections(), 1);
}

#[tokio::test]
async fn a_call_whose_time_ends_before_the_handshake_was_not_sent() {
    let silent = Server::tcp(|stream, _| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    });
    let base = at("localhost", &silent.await);
    for builder in [
        HyperTransport::builder(),
        HyperTransport::builder().http1_only(),
    ] {
        let call = client(&base, builder).raw(RawRequest::post("/"));
        let error = call.timeout(Duration::from_millis(100)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    }
}
