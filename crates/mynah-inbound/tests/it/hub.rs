//! A reverse WebSocket: implementations dial, we keep them by account.

use futures_util::SinkExt;
use mynah_core::http::Request;
use mynah_core::{HttpRequest, HttpResponse, TransportError};
use mynah_inbound::{Handle, Hub, Limits, Post, Receiver, Receiving, Settings, serve};
use mynah_onebot::socket::Reverse;
use mynah_onebot::{AccessToken, Event, OneBot, PostSecret, RawEvent};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

use super::peer::Peer;
use super::{millis, soon};

type Events = mpsc::Sender<(Handle, RawEvent)>;

struct Server {
    address: String,
    hub: Hub<Reverse, Events>,
    events: mpsc::Receiver<(Handle, RawEvent)>,
    /// Dropped to stop it.
    _running: oneshot::Sender<()>,
}

async fn start(settings: Settings) -> Server {
    start_with(settings, AccessToken::none()).await
}

async fn start_with(settings: Settings, token: AccessToken) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, events) = mpsc::channel(64);
    let hub = Hub::new(Reverse::new(token), sender, settings);
    let receiver = Receiver::<OneBot, _>::new(
        PostSecret::none(),
        async |_: Post<Event>| None,
        Receiving::default(),
    );
    let service = hub.clone().or(receiver);
    let (running, stopped) = oneshot::channel();
    tokio::spawn(serve(listener, service, Limits::default(), async {
        let _ = stopped.await;
    }));
    Server {
        address,
        hub,
        events,
        _running: running,
    }
}

impl Server {
    async fn connect(&self, account: &str, role: &str) -> Peer {
        Peer::connect(&self.address, account, role).await.unwrap()
    }

    /// The account, once its connection for calls is there.
    async fn account(&self, name: &str) -> Handle {
        soon(async {
            loop {
                match self.hub.account(name) {
                    Some(handle) if handle.is_connected() => return handle,
                    _ => tokio::time::sleep(millis(5)).await,
                }
            }
        })
        .await
    }

    async fn heard(&mut self) -> (String, u64) {
        let (from, event) = soon(self.events.recv()).await.unwrap();
        (from.account().to_owned(), event.field("user_id").unwrap())
    }
}

fn request(user_id: u64) -> HttpRequest {
    let body = json!({"user_id": user_id}).to_string();
    Request::post("http://onebot/get_stranger_info")
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

type Calling = tokio::task::JoinHandle<Result<HttpResponse, TransportError>>;

fn call(handle: &Handle, user_id: u64) -> Calling {
    let handle = handle.clone();
    tokio::spawn(async move { handle.call(request(user_id)).await })
}

async fn data(calling: Calling) -> Value {
    let answer = soon(calling).await.unwrap().unwrap();
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    answer["data"]["user_id"].clone()
}

#[tokio::test]
async fn one_connection_brings_events_and_takes_calls() {
    let mut server = start(Settings::default()).await;
    let mut peer = server.connect("10000", "Universal").await;
    peer.emit(1).await;
    assert_eq!(server.heard().await, ("10000".to_owned(), 1));
    let calling = call(&server.account("10000").await, 7);
    peer.answer_next().await;
    assert_eq!(data(calling).await, 7);
}

#[tokio::test]
async fn calls_go_to_the_api_connection_and_events_come_from_the_other() {
    let mut server = start(Settings::default()).await;
    let mut events = server.connect("10000", "Event").await;
    events.emit(1).await;
    let (from, _) = soon(server.events.recv()).await.unwrap();
    // Whoever answers the event may have to wait for the other connection.
    let calling = call(&from, 7);
    let mut api = server.connect("10000", "API").await;
    assert_eq!(api.answer_next().await["action"], "get_stranger_info");
    assert_eq!(data(calling).await, 7);
    events.emit(2).await;
    assert_eq!(server.heard().await, ("10000".to_owned(), 2));
}

#[tokio::test]
async fn accounts_are_kept_apart() {
    let mut server = start(Settings::default()).await;
    let mut one = server.connect("10000", "Universal").await;
    let mut two = server.connect("20000", "Universal").await;
    two.emit(2).await;
    assert_eq!(server.heard().await.0, "20000");
    one.emit(1).await;
    assert_eq!(server.heard().await.0, "10000");
    let (first, second) = (server.account("10000").await, server.account("20000").await);
    let (for_one, for_two) = (call(&first, 1), call(&second, 2));
    assert_eq!(one.answer_next().await["params"]["user_id"], 1);
    assert_eq!(two.answer_next().await["params"]["user_id"], 2);
    assert_eq!(
        (data(for_one).await, data(for_two).await),
        (1.into(), 2.into())
    );
    assert_eq!(server.hub.accounts().len(), 2);
    assert!(server.hub.account("30000").is_none());
}

#[tokio::test]
async fn a_new_connection_replaces_the_old_whose_late_end_does_no_harm() {
    let server = start(Settings::default()).await;
    let old = server.connect("10000", "Universal").await;
    let handle = server.account("10000").await;
    let mut new = server.connect("10000", "Universal").await;
    // The old one is closed, and takes its time.
    let calling = call(&handle, 7);
    assert_eq!(new.answer_next().await["params"]["user_id"], 7);
    assert_eq!(data(calling).await, 7);
    assert_eq!(old.ended().await, Some(1000));
    tokio::time::sleep(millis(20)).await;
    let calling = call(&handle, 8);
    new.answer_next().await;
    assert_eq!(data(calling).await, 8);
}

#[tokio::test]
async fn a_connection_is_replaced_only_in_what_the_new_one_does() {
    let mut server = start(Settings::default()).await;
    let mut universal = server.connect("10000", "Universal").await;
    server.account("10000").await;
    let mut api = server.connect("10000", "API").await;
    // The new one takes the calls, the old one still brings the events.
    soon(async {
        loop {
            let calling = call(&server.account("10000").await, 7);
            tokio::select! {
                _ = api.answer_next() => break,
                _ = universal.answer_next() => {}
            }
            data(calling).await;
        }
    })
    .await;
    universal.emit(1).await;
    assert_eq!(server.heard().await.1, 1);
    // A new one for events leaves it without a purpose.
    let mut events = server.connect("10000", "Event").await;
    events.emit(2).await;
    assert_eq!(server.heard().await.1, 2);
    assert_eq!(universal.ended().await, Some(1000));
}

#[tokio::test]
async fn a_call_survives_a_reconnect_and_handles_stay_good() {
    let server = start(Settings::default()).await;
    let peer = server.connect("10000", "Universal").await;
    let handle = server.account("10000").await;
    drop(peer);
    soon(async {
        while handle.is_connected() {
            tokio::time::sleep(millis(5)).await;
        }
    })
    .await;
    let calling = call(&handle, 7);
    let mut peer = server.connect("10000", "Universal").await;
    peer.answer_next().await;
    assert_eq!(data(calling).await, 7);
}

#[tokio::test]
async fn an_account_that_is_gone_is_forgotten() {
    let server = start(Settings::default()).await;
    let peer = server.connect("10000", "Universal").await;
    drop(server.account("10000").await);
    drop(peer);
    soon(async {
        while !server.hub.accounts().is_empty() {
            tokio::time::sleep(millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_connection_for_calls_a_call_fails_unsent() {
    let settings = Settings {
        connection_wait: millis(30),
        ..Settings::default()
    };
    let mut server = start(settings).await;
    let mut events = server.connect("10000", "Event").await;
    events.emit(1).await;
    let (from, _) = soon(server.events.recv()).await.unwrap();
    assert!(!soon(from.call(request(7))).await.unwrap_err().sent);
}

#[tokio::test]
async fn handshakes_are_refused_as_the_platform_refuses_them() {
    let token = AccessToken::new("sandbox-token").unwrap();
    let server = start_with(Settings::default(), token).await;
    let connect = |headers: Vec<(&'static str, &'static str)>| {
        let address = server.address.clone();
        async move { Peer::connect_with(&address, &headers).await.err() }
    };
    let (id, role) = (("x-self-id", "10000"), ("x-client-role", "Universal"));
    let right = ("authorization", "Bearer sandbox-token");
    assert_eq!(connect(vec![id, role]).await, Some(401));
    assert_eq!(
        connect(vec![id, role, ("authorization", "Bearer x")]).await,
        Some(403)
    );
    assert_eq!(connect(vec![role, right]).await, Some(400));
    assert_eq!(connect(vec![id, right]).await, Some(400));
    assert_eq!(connect(vec![id, role, right]).await, None);
}

/// The status line of an answer to a request by hand.
async fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1000];
    let count = soon(stream.read(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]);
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_is_no_handshake_goes_to_the_receiver() {
    let server = start(Settings::default()).await;
    let body = r#"{"post_type":"notice","notice_type":"friend_add","user_id":1}"#;
    let post = format!(
        "POST / HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nx-self-id: 1\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(ask(&server.address, &post).await, "HTTP/1.1 204 No Content");
    let get = "GET /ws HTTP/1.1\r\nhost: h\r\n\r\n";
    assert_eq!(
        ask(&server.address, get).await,
        "HTTP/1.1 405 Method Not Allowed"
    );
}

#[tokio::test]
async fn half_a_handshake_is_refused() {
    let server = start(Settings::default()).await;
    let common = "GET /ws HTTP/1.1\r\nhost: h\r\nupgrade: websocket\r\n";
    let key = "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    for rest in [
        format!("connection: upgrade\r\nsec-websocket-version: 8\r\n{key}\r\n"),
        "connection: upgrade\r\nsec-websocket-version: 13\r\n\r\n".to_owned(),
        "connection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AA==\r\n\r\n"
            .to_owned(),
        format!("sec-websocket-version: 13\r\n{key}\r\n"),
    ] {
        let answer = ask(&server.address, &format!("{common}{rest}")).await;
        assert_eq!(answer, "HTTP/1.1 426 Upgrade Required", "{rest}");
    }
}

#[tokio::test]
async fn one_connection_too_many_is_refused() {
    let settings = Settings {
        connections: 1,
        ..Settings::default()
    };
    let server = start(settings).await;
    let first = server.connect("10000", "Universal").await;
    let refused = Peer::connect(&server.address, "20000", "Universal").await;
    assert_eq!(refused.err(), Some(503));
    drop(first);
    soon(async {
        while Peer::connect(&server.address, "20000", "Universal")
            .await
            .is_err()
        {
            tokio::time::sleep(millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn closing_closes_everybody_and_waits_for_the_events() {
    let mut server = start(Settings::default()).await;
    let mut one = server.connect("10000", "Universal").await;
    let two = server.connect("20000", "Event").await;
    one.emit(1).await;
    assert_eq!(server.heard().await.1, 1);
    let hub = server.hub.clone();
    let closing = tokio::spawn(async move { hub.close().await });
    assert_eq!(one.ended().await, Some(1000));
    assert_eq!(two.ended().await, Some(1000));
    soon(closing).await.unwrap();
    let late = Peer::connect(&server.address, "10000", "Universal").await;
    assert_eq!(late.err(), Some(503));
    soon(server.hub.close()).await;
}

#[tokio::test]
async fn a_peer_that_does_not_close_is_cut_off() {
    let settings = Settings {
        close_timeout: millis(50),
        ..Settings::default()
    };
    let server = start(settings).await;
    // It reads nothing, so it never answers the close.
    let _deaf = server.connect("10000", "Universal").await;
    server.account("10000").await;
    soon(server.hub.close()).await;
}

#[tokio::test]
async fn an_oversize_message_ends_only_its_own_connection() {
    let settings = Settings {
        largest_message: 1000,
        ..Settings::default()
    };
    let mut server = start(settings).await;
    let mut other = server.connect("20000", "Universal").await;
    let mut peer = server.connect("10000", "Universal").await;
    peer.0.send(Message::text("x".repeat(1001))).await.unwrap();
    assert_eq!(peer.ended().await, Some(1009));
    other.emit(5).await;
    assert_eq!(server.heard().await, ("20000".to_owned(), 5));
}
