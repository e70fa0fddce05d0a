//! `wss://`, with a certificate made for these tests.

use std::sync::Arc;
use std::time::Duration;

use futures_util::SinkExt;
use mynah_inbound::{Handle, Settings, connect};
use mynah_onebot::socket::{Forward, Role};
use mynah_onebot::{AccessToken, RawEvent};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::peer::event;
use super::soon;

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(include_bytes!("../tls/cert.pem")).unwrap()
}

fn acceptor() -> TlsAcceptor {
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../tls/key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Trusts the certificate of these tests and no other.
fn trusting() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

#[tokio::test]
async fn a_socket_can_be_secure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("wss://localhost:{}", listener.local_addr().unwrap().port());
    let dialer =
        |url: &str| Forward::new(&url.parse().unwrap(), Role::Universal, AccessToken::none());
    let settings = Settings {
        tls: Some(trusting()),
        ..Settings::default()
    };
    let (sender, mut events) = mpsc::channel::<(Handle, RawEvent)>(8);
    let _connection = connect("10000", dialer(&url).unwrap(), sender, settings);
    let (stream, _) = soon(listener.accept()).await.unwrap();
    let stream = soon(acceptor().accept(stream)).await.unwrap();
    let mut peer = Box::pin(soon(accept_async(stream))).await.unwrap();
    peer.send(Message::text(event(1).to_string()))
        .await
        .unwrap();
    let (_, event) = soon(events.recv()).await.unwrap();
    assert_eq!(event.event.name(), "notice.friend_add");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_not_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("wss://localhost:{}", listener.local_addr().unwrap().port());
    let dialer = Forward::new(&url.parse().unwrap(), Role::Universal, AccessToken::none());
    let (sender, _events) = mpsc::channel::<(Handle, RawEvent)>(8);
    let connection = connect("10000", dialer.unwrap(), sender, Settings::default());
    let (stream, _) = soon(listener.accept()).await.unwrap();
    assert!(soon(acceptor().accept(stream)).await.is_err());
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(!connection.handle().is_connected());
}
