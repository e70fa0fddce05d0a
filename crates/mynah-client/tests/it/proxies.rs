//! Calls through a proxy that demands a password.

use std::sync::{Arc, Mutex};

use mynah_client::{Client, HyperTransport, Proxies, Proxy};
use mynah_core::{ErrorKind, RawRequest, Retry};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use crate::platform::Test;
use crate::server::{Server, echo, nobody, read_request, seen};
use crate::tls::{Authority, at};

/// A proxy for the user `bot` with the password `p:w`; keeps the first lines
/// of what it is asked.
struct Relay {
    server: Server,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    async fn new() -> Self {
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&lines);
        let server = Server::tcp(move |stream, _| relay(stream, Arc::clone(&log))).await;
        Self { server, lines }
    }

    fn proxy(&self, user: &str) -> Proxy {
        format!("http://{user}{}", self.server.address)
            .parse()
            .unwrap()
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

async fn relay(mut stream: TcpStream, log: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let line = request.lines().next().unwrap();
    log.lock().unwrap().push(line.to_owned());
    let demand: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    // bot:p:w
    if !request.to_ascii_lowercase().contains(
        "proxy-authorization: basic ym90onA6dw=="
            .to_ascii_lowercase()
            .as_str(),
    ) {
        return drop(stream.write_all(demand).await);
    }
    let mut words = line.split(' ');
    if words.next() == Some("CONNECT") {
        let mut target = TcpStream::connect(words.next().unwrap()).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        drop(copy_bidirectional(&mut stream, &mut target).await);
    } else {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy";
        drop(stream.write_all(answer).await);
    }
}

fn client(base: &str, transport: HyperTransport) -> Client<Test> {
    Client::builder(base.parse().unwrap())
        .retry(Retry::NONE)
        .over(transport)
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let relay = Relay::new().await;
    let authority = Authority::new();
    let server = authority.server("localhost", &["h2"]).await;
    let base = at("localhost", &server);
    let transport = HyperTransport::builder()
        .trust_only(&authority.pem)
        .unwrap()
        .proxies(Proxies::all(relay.proxy("bot:p%3Aw@")));
    let client = client(&base, transport.build());
    for _ in 0..3 {
        let answer = client.raw(RawRequest::get("/x")).await.unwrap();
        let seen = seen(&answer);
        assert_eq!(seen["version"], "HTTP/2.0");
        assert!(seen["headers"].get("proxy-authorization").is_none());
    }
    let target = base.trim_start_matches("https://");
    assert_eq!(relay.lines(), [format!("CONNECT {target} HTTP/1.1")]);
}

#[tokio::test]
async fn http_is_handed_to_the_proxy_with_its_whole_address() {
    let relay = Relay::new().await;
    let proxies = Proxies::none().http(relay.proxy("bot:p%3Aw@"));
    let transport = HyperTransport::builder().proxies(proxies).build();
    let client = client("http://platform.example:8080", transport);
    let answer = client.raw(RawRequest::get("/x?a=1")).await.unwrap();
    assert_eq!(answer.body(), "proxy");
    assert_eq!(
        relay.lines(),
        ["GET http://platform.example:8080/x?a=1 HTTP/1.1"]
    );
}

#[tokio::test]
async fn without_the_password_nothing_is_sent() {
    let relay = Relay::new().await;
    let authority = Authority::new();
    let server = authority.server("localhost", &[]).await;
    for user in ["", "bot:wrong@"] {
        let transport = HyperTransport::builder()
            .trust_only(&authority.pem)
            .unwrap()
            .proxies(Proxies::all(relay.proxy(user)));
        let client = client(&at("localhost", &server), transport.build());
        let error = client.raw(RawRequest::post("/")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(
            error.to_string().contains("proxy authorization required"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("wrong"), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_gone_around() {
    let server = Server::http(echo).await;
    let nobody: Proxy = nobody().await.parse().unwrap();
    let transport = |proxies| HyperTransport::builder().proxies(proxies).build();
    let all = client(&server.base(), transport(Proxies::all(nobody.clone())));
    let error = all.raw(RawRequest::get("/")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert_eq!(server.connections(), 0);

    let direct = Proxies::all(nobody).direct("localhost, 127.0.0.0/8");
    let some = client(&server.base(), transport(direct));
    some.raw(RawRequest::get("/")).await.unwrap();
    assert_eq!(server.connections(), 1);
}
