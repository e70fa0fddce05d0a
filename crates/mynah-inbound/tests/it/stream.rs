//! DingTalk's Stream over a real WebSocket: tickets, acknowledgements, and the
//! second connection that is open before the first one leaves.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use mynah_core::http::{Request, Response};
use mynah_core::{Body, Carried, ErrorKind, Transport, TransportError};
use mynah_dingtalk::event::Kind;
use mynah_dingtalk::stream::{Delivery, StreamDialer, StreamEvent, Told, ticket_of, topic};
use mynah_inbound::{Connection, Handle, Settings, connect};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::handshake::server::{
    ErrorResponse, Request as Asked, Response as Granted,
};
use tokio_tungstenite::{accept_async, accept_hdr_async};

use super::peer::Peer;
use super::{millis, soon};

type Events = mpsc::Receiver<(Handle, StreamEvent)>;

/// The interface that gives tickets: each is good for one connection.
struct Gateway {
    endpoint: String,
    tickets: AtomicU32,
    refuses: bool,
    secrets: Mutex<Vec<Value>>,
}

impl Gateway {
    fn give(&self, body: &[u8]) -> Response<Body> {
        let asked: Value = serde_json::from_slice(body).unwrap();
        self.secrets
            .lock()
            .unwrap()
            .push(asked["clientSecret"].clone());
        let (status, answer) = if self.refuses {
            (
                401,
                json!({"code": "authFailed", "message": "鉴权失败", "requestid": "r"}),
            )
        } else {
            let ticket = self.tickets.fetch_add(1, Ordering::SeqCst) + 1;
            (
                200,
                json!({"endpoint": self.endpoint, "ticket": format!("t+{ticket}/=")}),
            )
        };
        let mut response = Response::new(Body::Full(answer.to_string().into()));
        *response.status_mut() = status.try_into().unwrap();
        response
    }
}

impl Transport for Gateway {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        let (head, body) = request.into_parts();
        assert_eq!(head.uri.path(), "/dingtalk/v1.0/gateway/connections/open");
        let answer = body.full().map(|body| self.give(body));
        let answer = answer.ok_or_else(|| TransportError::not_sent("a body in memory"));
        Box::pin(std::future::ready(answer))
    }
}

async fn gateway(refuses: bool) -> (TcpListener, Arc<Gateway>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let gateway = Gateway {
        endpoint: format!("ws://{address}/dingtalk/connect"),
        tickets: AtomicU32::new(0),
        refuses,
        secrets: Mutex::default(),
    };
    (listener, Arc::new(gateway))
}

fn dialer() -> StreamDialer {
    let base = "http://127.0.0.1:7700/dingtalk".parse().unwrap();
    StreamDialer::new(&base, "ding-sandbox", "sandbox-secret")
}

fn settings(gateway: &Arc<Gateway>) -> Settings {
    Settings {
        http: Some(Arc::clone(gateway) as Arc<dyn Transport>),
        ..Settings::default()
    }
}

async fn dial() -> (TcpListener, Connection, Events) {
    let (listener, gateway) = gateway(false).await;
    let (sender, mut events) = mpsc::channel(64);
    let connection = connect("ding-sandbox", dialer(), sender, settings(&gateway));
    assert!(matches!(
        events.try_recv(),
        Err(mpsc::error::TryRecvError::Empty)
    ));
    (listener, connection, events)
}

/// Takes the next connection, and its ticket.
async fn accept(listener: &TcpListener) -> (Peer, String) {
    let (stream, _) = soon(listener.accept()).await.unwrap();
    let mut ticket = None;
    #[expect(clippy::result_large_err, reason = "tungstenite's signature")]
    let look = |asked: &Asked, granted: Granted| -> Result<Granted, ErrorResponse> {
        ticket = ticket_of(asked.uri());
        Ok(granted)
    };
    let socket = soon(accept_hdr_async(stream, look)).await.unwrap();
    (Peer(socket), ticket.unwrap())
}

/// Takes the next connection once the client has said so.
async fn admit(listener: &TcpListener, events: &mut Events) -> Peer {
    let (peer, _) = accept(listener).await;
    connected(events).await;
    peer
}

async fn connected(events: &mut Events) {
    let (from, event) = soon(events.recv()).await.unwrap();
    assert_eq!(event, StreamEvent::Connected);
    assert_eq!(from.account(), "ding-sandbox");
}

async fn frame(peer: &mut Peer, kind: &str, topic: &str, message_id: &str, data: &Value) {
    let headers = json!({
        "topic": topic, "messageId": message_id, "contentType": "application/json",
        "eventType": "chat_quit", "eventId": data["id"],
    });
    peer.send(&json!({
        "specVersion": "1.0", "type": kind, "headers": headers, "data": data.to_string(),
    }))
    .await;
}

async fn say(peer: &mut Peer, message_id: &str, msg_id: &str) {
    let data = json!({
        "msgId": msg_id, "conversationId": "cid1", "conversationType": "1", "senderId": "$:1",
        "msgtype": "text", "text": {"content": msg_id},
    });
    frame(peer, "CALLBACK", topic::ROBOT, message_id, &data).await;
}

async fn happen(peer: &mut Peer, message_id: &str, event_id: &str) {
    frame(peer, "EVENT", "*", message_id, &json!({"id": event_id})).await;
}

async fn disconnect(peer: &mut Peer) {
    let reason = json!({"reason": "connection is expired"});
    frame(peer, "SYSTEM", "disconnect", "bye", &reason).await;
}

async fn delivered(events: &mut Events) -> Delivery {
    match soon(events.recv()).await.unwrap() {
        (_, StreamEvent::Delivered(delivery)) => delivery,
        other => panic!("{other:?}"),
    }
}

async fn heard(events: &mut Events) -> String {
    match delivered(events).await.told {
        Told::Robot(message) => message.msg_id,
        Told::Event(callback) => callback.event_id.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The next acknowledgement.
async fn acknowledged(peer: &mut Peer) -> (String, i64) {
    let ack = peer.called().await;
    let id = ack["headers"]["messageId"].as_str().unwrap().to_owned();
    (id, ack["code"].as_i64().unwrap())
}

async fn taken(peer: &mut Peer, message_id: &str) {
    assert_eq!(acknowledged(peer).await, (message_id.to_owned(), 200));
}

#[tokio::test]
async fn an_application_asks_for_a_ticket_connects_and_is_told_things() {
    let (listener, connection, mut events) = dial().await;
    let (mut peer, ticket) = accept(&listener).await;
    assert_eq!(ticket, "t+1/=");
    connected(&mut events).await;
    frame(&mut peer, "SYSTEM", "ping", "p", &json!({"opaque": "x"})).await;
    let pong = peer.called().await;
    assert_eq!(
        (&pong["code"], &pong["data"]),
        (&json!(200), &json!(r#"{"opaque":"x"}"#))
    );
    say(&mut peer, "1", "m1").await;
    assert_eq!(heard(&mut events).await, "m1");
    taken(&mut peer, "1").await;
    happen(&mut peer, "2", "e1").await;
    let Told::Event(callback) = delivered(&mut events).await.told else {
        panic!("an event");
    };
    assert!(matches!(callback.kind, Kind::ChatQuit(_)));
    taken(&mut peer, "2").await;
    frame(
        &mut peer,
        "CALLBACK",
        "/v1.0/graph/api/invoke",
        "3",
        &json!({}),
    )
    .await;
    assert_eq!(acknowledged(&mut peer).await, ("3".to_owned(), 404));
    let closing = tokio::spawn(connection.close());
    assert_eq!(peer.ended().await, Some(1000));
    soon(closing).await.unwrap();
}

#[tokio::test]
async fn an_announced_end_is_followed_by_a_second_connection_before_the_first_is_gone() {
    let (listener, connection, mut events) = dial().await;
    let mut first = admit(&listener, &mut events).await;
    say(&mut first, "1", "m1").await;
    assert_eq!(heard(&mut events).await, "m1");
    taken(&mut first, "1").await;

    let announced = Instant::now();
    disconnect(&mut first).await;
    taken(&mut first, "bye").await;
    let (_, leaving) = soon(events.recv()).await.unwrap();
    assert_eq!(
        leaving,
        StreamEvent::Leaving("connection is expired".to_owned())
    );
    let (mut second, ticket) = accept(&listener).await;
    assert!(
        announced.elapsed() < Duration::from_secs(3),
        "{:?}",
        announced.elapsed()
    );
    assert_eq!(ticket, "t+2/=", "a new one");
    connected(&mut events).await;
    assert!(connection.handle().is_connected());

    // Both are heard, and acknowledged where they came from.
    say(&mut second, "2", "m2").await;
    assert_eq!(heard(&mut events).await, "m2");
    taken(&mut second, "2").await;
    say(&mut first, "3", "m3").await;
    assert_eq!(heard(&mut events).await, "m3");
    taken(&mut first, "3").await;

    // What comes over both is handed over once, and acknowledged twice.
    happen(&mut first, "4", "e1").await;
    assert_eq!(heard(&mut events).await, "e1");
    taken(&mut first, "4").await;
    happen(&mut second, "5", "e1").await;
    taken(&mut second, "5").await;
    say(&mut second, "6", "m3").await;
    taken(&mut second, "6").await;
    assert!(events.try_recv().is_err(), "exactly once");

    // The end of the first one is no reason to connect again.
    first.0.close(None).await.unwrap();
    let again = tokio::time::timeout(millis(1500), listener.accept()).await;
    assert!(again.is_err(), "there is a connection");
    say(&mut second, "7", "m7").await;
    assert_eq!(heard(&mut events).await, "m7");
    let closing = tokio::spawn(connection.close());
    taken(&mut second, "7").await;
    assert_eq!(second.ended().await, Some(1000));
    soon(closing).await.unwrap();
}

#[tokio::test]
async fn closing_ends_the_one_that_is_leaving_as_well() {
    let (listener, connection, mut events) = dial().await;
    let mut first = admit(&listener, &mut events).await;
    disconnect(&mut first).await;
    taken(&mut first, "bye").await;
    let (second, _) = accept(&listener).await;
    soon(events.recv()).await.unwrap();
    connected(&mut events).await;
    let closing = tokio::spawn(connection.close());
    let ends = tokio::join!(first.ended(), second.ended());
    assert_eq!(ends, (Some(1000), Some(1000)));
    soon(closing).await.unwrap();
}

#[tokio::test]
async fn a_platform_that_reads_no_more_is_noticed_within_3_seconds() {
    let (listener, _connection, mut events) = dial().await;
    let mut silent = admit(&listener, &mut events).await;
    // Nobody reads it from now on, so its pings stay unanswered.
    let cut = Instant::now();
    let (mut second, _) = accept(&listener).await;
    assert!(
        cut.elapsed() < Duration::from_millis(3500),
        "{:?}",
        cut.elapsed()
    );
    connected(&mut events).await;
    say(&mut second, "1", "m1").await;
    assert_eq!(heard(&mut events).await, "m1");
    // What it had to say after all is heard too.
    say(&mut silent, "2", "m2").await;
    assert_eq!(heard(&mut events).await, "m2");
}

#[tokio::test]
async fn a_connection_that_breaks_comes_back_with_a_new_ticket_and_unacknowledged_events_with_it() {
    let (listener, gateway) = gateway(false).await;
    let (sender, mut heard) = mpsc::unbounded_channel();
    let tries = Arc::new(AtomicU32::new(0));
    let attempts = Arc::clone(&tries);
    let listen = move |_: Handle, event: StreamEvent| {
        let (sender, attempts) = (sender.clone(), Arc::clone(&attempts));
        async move {
            if let StreamEvent::Delivered(delivery) = event {
                let first = attempts.fetch_add(1, Ordering::SeqCst) == 0;
                assert!(!first, "the first one goes wrong");
                sender.send(delivery.message_id).unwrap();
            }
        }
    };
    let _connection = connect("ding-sandbox", dialer(), listen, settings(&gateway));
    let (mut peer, _) = accept(&listener).await;
    happen(&mut peer, "1", "e1").await;
    // Its listener has failed: it is not acknowledged, but what follows is.
    happen(&mut peer, "2", "e2").await;
    taken(&mut peer, "2").await;
    assert_eq!(soon(heard.recv()).await.unwrap().as_deref(), Some("2"));
    drop(peer);
    let (mut peer, ticket) = accept(&listener).await;
    assert_eq!(ticket, "t+2/=");
    happen(&mut peer, "3", "e1").await;
    happen(&mut peer, "4", "e2").await;
    for id in ["3", "4"] {
        taken(&mut peer, id).await;
    }
    assert_eq!(soon(heard.recv()).await.unwrap().as_deref(), Some("3"));
    assert!(heard.try_recv().is_err(), "the other one was heard before");
}

#[tokio::test]
async fn a_secret_that_is_refused_is_reported_and_not_tried_again() {
    let (_listener, gateway) = gateway(true).await;
    let (sender, _events) = mpsc::channel(64);
    let mut connection = connect("ding-sandbox", dialer(), sender, settings(&gateway));
    let error = soon(connection.failed()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(error.to_string().contains("authFailed"), "{error}");
    let asked = gateway.secrets.lock().unwrap().clone();
    assert_eq!(asked, ["sandbox-secret"], "once");
}

/// Reads what comes for a while, so that pings are answered, and breaks off.
async fn break_off(mut peer: Peer, after: Duration) {
    let reading = async { while let Some(Ok(_)) = peer.0.next().await {} };
    assert!(tokio::time::timeout(after, reading).await.is_err());
}

/// What is said meanwhile is lost: the platform sends it once.
#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_now_and_then_is_back_within_a_second() {
    let (listener, _connection, mut events) = dial().await;
    let mut peer = admit(&listener, &mut events).await;
    for lasted in [60, 3, 4, 8, 60, 5].map(Duration::from_secs) {
        break_off(peer, lasted).await;
        let broken = tokio::time::Instant::now();
        peer = admit(&listener, &mut events).await;
        let away = broken.elapsed();
        assert!(away <= Duration::from_secs(1), "{away:?} after {lasted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn connections_that_break_at_once_are_no_storm() {
    let (listener, connection, mut events) = dial().await;
    let began = tokio::time::Instant::now();
    for _ in 0..30 {
        let (stream, _) = listener.accept().await.unwrap();
        drop(accept_async(stream).await.unwrap());
        connected(&mut events).await;
    }
    drop(connection);
    // Attempts follow each other after a second, then after half a minute at the mean.
    assert!(
        began.elapsed() > Duration::from_secs(200),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn two_hundred_connections_leave_nothing_behind() {
    let (listener, _connection, mut events) = dial().await;
    let mut peer = admit(&listener, &mut events).await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    for n in 0..200 {
        if n % 2 == 0 {
            break_off(peer, Duration::from_secs(11)).await;
            peer = admit(&listener, &mut events).await;
            continue;
        }
        disconnect(&mut peer).await;
        let (_, leaving) = soon(events.recv()).await.unwrap();
        assert!(matches!(leaving, StreamEvent::Leaving(_)));
        let next = admit(&listener, &mut events).await;
        break_off(std::mem::replace(&mut peer, next), Duration::from_secs(1)).await;
    }
    assert_eq!(tasks(), before);
}
