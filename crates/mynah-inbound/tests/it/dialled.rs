//! A forward WebSocket: we dial, an implementation answers.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use mynah_core::http::Request;
use mynah_core::{Body, ErrorKind, HttpRequest, HttpResponse, Transport, TransportError};
use mynah_inbound::{Connection, Handle, Settings, connect};
use mynah_onebot::socket::{Forward, Limits, Role};
use mynah_onebot::{AccessToken, RawEvent};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::peer::{Peer, event};
use super::{SOON, millis, soon};

type Events = mpsc::Receiver<(Handle, RawEvent)>;

async fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn forward(listener: &TcpListener) -> Forward {
    let url = format!("ws://{}", listener.local_addr().unwrap());
    Forward::new(&url.parse().unwrap(), Role::Universal, AccessToken::none()).unwrap()
}

fn dial(listener: &TcpListener, settings: Settings) -> (Connection, Events) {
    let (sender, events) = mpsc::channel(64);
    (
        connect("10000", forward(listener), sender, settings),
        events,
    )
}

fn request(user_id: u64) -> HttpRequest {
    let body = json!({"user_id": user_id}).to_string();
    Request::post("http://onebot/get_stranger_info")
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

/// Calls in the background.
fn call(handle: &Handle, user_id: u64) -> tokio::task::JoinHandle<Outcome> {
    let handle = handle.clone();
    tokio::spawn(async move { handle.call(request(user_id)).await })
}

type Outcome = Result<HttpResponse, TransportError>;

fn data(outcome: Outcome) -> Value {
    let answer: Value = serde_json::from_slice(outcome.unwrap().body()).unwrap();
    answer["data"]["user_id"].clone()
}

async fn heard(events: &mut Events) -> u64 {
    let (from, event) = soon(events.recv()).await.unwrap();
    assert_eq!(from.account(), "10000");
    event.field("user_id").unwrap()
}

#[tokio::test]
async fn events_come_and_calls_are_answered_in_any_order() {
    let listener = listen().await;
    let (connection, mut events) = dial(&listener, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    peer.emit(1).await;
    assert_eq!(heard(&mut events).await, 1);
    let (first, second) = (call(connection.handle(), 7), call(connection.handle(), 8));
    let calls = [peer.called().await, peer.called().await];
    peer.emit(2).await;
    for call in calls.iter().rev() {
        peer.answer(call).await;
    }
    assert_eq!(data(first.await.unwrap()), 7);
    assert_eq!(data(second.await.unwrap()), 8);
    assert_eq!(heard(&mut events).await, 2);
    let closing = tokio::spawn(connection.close());
    assert_eq!(peer.ended().await, Some(1000));
    soon(closing).await.unwrap();
}

#[tokio::test]
async fn an_open_socket_is_a_transport() {
    let listener = listen().await;
    let (connection, _events) = dial(&listener, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    let handle = connection.handle().clone();
    let sending = tokio::spawn(async move { handle.send(request(7).map(Body::Full)).await });
    let called = peer.answer_next().await;
    assert_eq!(called["action"], "get_stranger_info");
    let response = sending.await.unwrap().unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.body().full().is_some_and(|body| !body.is_empty()));
}

#[tokio::test]
async fn a_call_waits_a_while_for_a_connection() {
    let listener = listen().await;
    let (connection, _events) = dial(&listener, Settings::default());
    let calling = call(connection.handle(), 7);
    tokio::time::sleep(millis(20)).await;
    assert!(!connection.handle().is_connected());
    let mut peer = Peer::accept(&listener).await;
    peer.answer_next().await;
    assert_eq!(data(calling.await.unwrap()), 7);
}

#[tokio::test]
async fn a_call_without_a_connection_fails_unsent() {
    let listener = listen().await;
    let settings = Settings {
        connection_wait: millis(30),
        ..Settings::default()
    };
    let (connection, _events) = dial(&listener, settings);
    let start = Instant::now();
    let error = connection.handle().call(request(7)).await.unwrap_err();
    assert!(!error.sent);
    assert!(start.elapsed() >= millis(30));
    let error = mynah_core::Error::transport("onebot.get_stranger_info", error);
    assert_eq!(error.kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_connection_that_breaks_comes_back_and_calls_with_it() {
    let listener = listen().await;
    let (connection, mut events) = dial(&listener, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    let lost = call(connection.handle(), 7);
    peer.called().await;
    let broken = Instant::now();
    drop(peer);
    let error = lost.await.unwrap().unwrap_err();
    assert!(error.sent, "{error}");

    let waiting = call(connection.handle(), 8);
    let mut peer = Peer::accept(&listener).await;
    assert!(broken.elapsed() >= Duration::from_secs(1));
    peer.answer_next().await;
    assert_eq!(data(waiting.await.unwrap()), 8);
    peer.emit(2).await;
    assert_eq!(heard(&mut events).await, 2);
}

#[tokio::test]
async fn a_proper_close_is_a_reason_to_come_back_as_well() {
    let listener = listen().await;
    let (_connection, _events) = dial(&listener, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    peer.0.close(None).await.unwrap();
    assert_eq!(peer.ended().await, None);
    Peer::accept(&listener).await;
}

#[tokio::test]
async fn a_server_that_refuses_or_stalls_is_tried_again() {
    let listener = listen().await;
    let settings = Settings {
        handshake_timeout: millis(50),
        ..Settings::default()
    };
    let (_connection, _events) = dial(&listener, settings);
    // Says nothing.
    let (silent, _) = soon(listener.accept()).await.unwrap();
    let first = Instant::now();
    // Refuses.
    let (mut refusing, _) = soon(listener.accept()).await.unwrap();
    assert!(first.elapsed() >= Duration::from_secs(1));
    let refusal = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n";
    refusing.write_all(refusal).await.unwrap();
    drop((silent, refusing));
    Peer::accept(&listener).await;
}

#[tokio::test]
async fn a_handshake_that_is_not_accepted_properly_is_none() {
    let listener = listen().await;
    let (connection, _events) = dial(&listener, Settings::default());
    let (mut stream, _) = soon(listener.accept()).await.unwrap();
    let mut head = [0; 2048];
    let count = stream.read(&mut head).await.unwrap();
    let head = String::from_utf8_lossy(&head[..count]).to_lowercase();
    assert!(head.starts_with("get / http/1.1\r\n"), "{head}");
    let host = format!("host: {}\r\n", listener.local_addr().unwrap());
    for line in [
        &host,
        "upgrade: websocket\r\n",
        "sec-websocket-version: 13\r\n",
    ] {
        assert!(head.contains(line), "{head}");
    }
    let forged = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\
        upgrade: websocket\r\nsec-websocket-accept: AAAA\r\n\r\n";
    stream.write_all(forged).await.unwrap();
    assert_eq!(soon(stream.read(&mut [0; 10])).await.unwrap(), 0);
    assert!(!connection.handle().is_connected());
}

#[tokio::test]
async fn frames_that_break_the_rules_end_the_connection_with_their_code() {
    let settings = Settings {
        largest_message: 1000,
        ..Settings::default()
    };
    let text = OpCode::Data(Data::Text);
    let oversize = Frame::message("x".repeat(1001), text, true);
    let no_utf8 = Frame::message(&b"\xff"[..], text, true);
    let continuation = Frame::message("x", OpCode::Data(Data::Continue), true);
    for (frame, code) in [(oversize, 1009), (no_utf8, 1007), (continuation, 1002)] {
        let listener = listen().await;
        let (_connection, _events) = dial(&listener, settings.clone());
        let mut peer = Peer::accept(&listener).await;
        peer.0.send(Message::Frame(frame)).await.unwrap();
        assert_eq!(peer.ended().await, Some(code));
    }
}

#[tokio::test]
async fn a_message_may_come_in_fragments_and_in_halves() {
    let listener = listen().await;
    let (_connection, mut events) = dial(&listener, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    let text = event(3).to_string();
    let (one, two) = text.split_at(20);
    let first = Frame::message(one.to_owned(), OpCode::Data(Data::Text), false);
    let second = Frame::message(two.to_owned(), OpCode::Data(Data::Continue), true);
    peer.0.send(Message::Frame(first)).await.unwrap();
    tokio::time::sleep(millis(20)).await;
    peer.0.send(Message::Frame(second)).await.unwrap();
    assert_eq!(heard(&mut events).await, 3);
    // Half a frame: head and a part of the body, then the rest.
    let mut frame = vec![0x81, u8::try_from(text.len()).unwrap()];
    frame.extend_from_slice(text.as_bytes());
    let (one, two) = frame.split_at(30);
    peer.0.get_mut().write_all(one).await.unwrap();
    tokio::time::sleep(millis(20)).await;
    peer.0.get_mut().write_all(two).await.unwrap();
    assert_eq!(heard(&mut events).await, 3);
}

#[tokio::test]
async fn half_a_frame_and_silence_is_given_up() {
    let listener = listen().await;
    let limits = Limits {
        silence: millis(40),
        ..Limits::default()
    };
    let dialer = forward(&listener).limits(limits);
    let (sender, _events) = mpsc::channel::<(Handle, RawEvent)>(1);
    let settings = Settings {
        close_timeout: millis(20),
        ..Settings::default()
    };
    let _connection = connect("10000", dialer, sender, settings);
    let mut peer = Peer::accept(&listener).await;
    peer.0
        .get_mut()
        .write_all(&[0x81, 100, b'{'])
        .await
        .unwrap();
    let (mut stream, start) = (peer.0.into_inner(), Instant::now());
    let mut rest = Vec::new();
    // A ping, then the close; the peer does not answer either.
    let gone = tokio::time::timeout(SOON, stream.read_to_end(&mut rest)).await;
    assert!(gone.is_ok() && start.elapsed() >= millis(70));
    assert_eq!(rest[0], 0x89, "a ping");
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_cut_off() {
    let listener = listen().await;
    let settings = Settings {
        write_timeout: millis(50),
        ..Settings::default()
    };
    let (connection, _events) = dial(&listener, settings);
    let _deaf = Peer::accept(&listener).await;
    let large = json!({"message": "x".repeat(32 << 20)}).to_string();
    let mut request = request(1);
    *request.body_mut() = large.into();
    let error = soon(connection.handle().call(request)).await.unwrap_err();
    assert!(error.sent);
    Peer::accept(&listener).await;
}

#[tokio::test]
async fn a_call_that_takes_too_long_fails_and_the_connection_stays() {
    let listener = listen().await;
    let settings = Settings {
        call_timeout: millis(50),
        ..Settings::default()
    };
    let (connection, _events) = dial(&listener, settings);
    let mut peer = Peer::accept(&listener).await;
    let late = call(connection.handle(), 7);
    let unanswered = peer.called().await;
    assert!(late.await.unwrap().unwrap_err().sent);
    peer.answer(&unanswered).await;
    let next = call(connection.handle(), 8);
    peer.answer_next().await;
    assert_eq!(data(next.await.unwrap()), 8);
}

#[tokio::test]
async fn dropping_a_call_makes_room_for_another() {
    let listener = listen().await;
    let limits = Limits {
        waiting_calls: 1,
        ..Limits::default()
    };
    let dialer = forward(&listener).limits(limits);
    let (sender, _events) = mpsc::channel::<(Handle, RawEvent)>(1);
    let connection = connect("10000", dialer, sender, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    let dropped = call(connection.handle(), 7);
    let unanswered = peer.called().await;
    let refused = soon(connection.handle().call(request(8)))
        .await
        .unwrap_err();
    assert!(
        !refused.sent && refused.to_string().contains("1 calls"),
        "{refused}"
    );
    dropped.abort();
    assert!(dropped.await.is_err());
    let next = call(connection.handle(), 9);
    let called = peer.called().await;
    peer.answer(&unanswered).await;
    peer.answer(&called).await;
    assert_eq!(data(next.await.unwrap()), 9);
}

#[tokio::test]
async fn a_listener_may_call_and_wait() {
    let listener = listen().await;
    let (sender, mut answers) = mpsc::channel(8);
    let ask = move |from: Handle, event: RawEvent| {
        let sender = sender.clone();
        async move {
            let user_id = event.field("user_id").unwrap();
            sender
                .send(data(from.call(request(user_id)).await))
                .await
                .unwrap();
        }
    };
    let _connection = connect("10000", forward(&listener), ask, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    for user_id in [1, 2, 3] {
        peer.emit(user_id).await;
    }
    for user_id in [1, 2, 3] {
        peer.answer_next().await;
        assert_eq!(soon(answers.recv()).await.unwrap(), user_id);
    }
}

#[tokio::test]
async fn a_listener_that_panics_loses_one_event_and_no_more() {
    let listener = listen().await;
    let (sender, mut heard) = mpsc::channel(8);
    let frail = move |_: Handle, event: RawEvent| {
        let sender = sender.clone();
        async move {
            let user_id: u64 = event.field("user_id").unwrap();
            assert_ne!(user_id, 1, "the panic that this test is about");
            sender.send(user_id).await.unwrap();
        }
    };
    let connection = connect("10000", forward(&listener), frail, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    peer.emit(1).await;
    peer.emit(2).await;
    assert_eq!(soon(heard.recv()).await, Some(2));
    let calling = call(connection.handle(), 7);
    peer.answer_next().await;
    assert_eq!(data(calling.await.unwrap()), 7);
}

#[tokio::test]
async fn events_beyond_the_backlog_are_lost_and_calls_go_on() {
    let listener = listen().await;
    let settings = Settings {
        backlog: 2,
        ..Settings::default()
    };
    let (sender, mut events) = mpsc::channel(1);
    let connection = connect("10000", forward(&listener), sender, settings);
    let mut peer = Peer::accept(&listener).await;
    for user_id in 1..=10 {
        peer.emit(user_id).await;
    }
    let calling = call(connection.handle(), 7);
    peer.answer_next().await;
    assert_eq!(data(calling.await.unwrap()), 7);
    // One in the channel, one before it, two in the backlog.
    for user_id in 1..=4 {
        assert_eq!(heard(&mut events).await, user_id);
    }
    peer.emit(11).await;
    assert_eq!(heard(&mut events).await, 11);
}

#[tokio::test]
async fn many_calls_at_once_find_their_answers() {
    let listener = listen().await;
    let (connection, _events) = dial(&listener, Settings::default());
    let mut peer = Peer::accept(&listener).await;
    let calls: Vec<_> = (0..500)
        .map(|id| (id, call(connection.handle(), id)))
        .collect();
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        while let Some(Ok(Message::Text(text))) = peer.0.next().await {
            waiting.push(serde_json::from_str::<Value>(&text).unwrap());
            if waiting.len() == 50 {
                for call in waiting.drain(..).rev() {
                    peer.answer(&call).await;
                }
            }
        }
    });
    for (id, call) in calls {
        assert_eq!(data(soon(call).await.unwrap()), id);
    }
}

#[tokio::test]
async fn dropping_the_connection_ends_it() {
    let listener = listen().await;
    let (connection, _events) = dial(&listener, Settings::default());
    let peer = Peer::accept(&listener).await;
    let handle = connection.handle().clone();
    soon(async {
        while !handle.is_connected() {
            tokio::time::sleep(millis(5)).await;
        }
    })
    .await;
    drop(connection);
    assert_eq!(peer.ended().await, Some(1000));
    assert!(!handle.call(request(1)).await.unwrap_err().sent);
    let again = tokio::time::timeout(millis(1200), listener.accept()).await;
    assert!(again.is_err(), "it does not come back");
}

#[tokio::test]
async fn a_streamed_body_is_refused() {
    let listener = listen().await;
    let (connection, _events) = dial(&listener, Settings::default());
    let _peer = Peer::accept(&listener).await;
    let chunks = futures_util::stream::once(async { Ok(Bytes::from_static(b"{}")) });
    let request = request(1).map(|_| Body::Stream(Box::pin(chunks)));
    let error = connection.handle().send(request).await.unwrap_err();
    assert!(
        !error.sent && error.to_string().contains("streamed"),
        "{error}"
    );
}
