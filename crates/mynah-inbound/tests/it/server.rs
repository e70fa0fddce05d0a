//! The server against those who stall.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use mynah_core::http::{Request, Response};
use mynah_inbound::{Limits, Post, Receiver, Receiving, serve};
use mynah_onebot::{Event, OneBot, PostSecret, QuickOperation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_service::Service;

use super::{millis, soon};

const EVENT: &str = r#"{"post_type":"notice","notice_type":"friend_add","user_id":1}"#;

/// Everything is short but what a test is about.
fn limits() -> Limits {
    Limits {
        drain_timeout: millis(200),
        ..Limits::default()
    }
}

struct Running {
    address: String,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    async fn stop(mut self) {
        drop(self.stop.take());
        soon(self.task).await.unwrap();
    }
}

async fn start<S>(service: S, limits: Limits) -> Running
where
    S: Service<Request<Incoming>, Response = Response<Full<Bytes>>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(serve(listener, service, limits, async {
        let _ = stopped.await;
    }));
    Running {
        address,
        stop: Some(stop),
        task,
    }
}

/// Waits `wait`, then approves.
fn approve_after(
    wait: Duration,
) -> impl Service<
    Request<Incoming>,
    Response = Response<Full<Bytes>>,
    Error = Infallible,
    Future: Future + Send,
> + Clone
+ Send
+ 'static {
    let handler = move |_: Post<Event>| async move {
        tokio::time::sleep(wait).await;
        Some(QuickOperation::approve())
    };
    let receiving = Receiving {
        body_timeout: millis(50),
        largest_body: 1000,
        ..Receiving::default()
    };
    Receiver::<OneBot, _>::new(PostSecret::none(), handler, receiving)
}

fn head(length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nx-self-id: 1\r\n\
         content-length: {length}\r\n\r\n"
    )
}

/// Sends and reads one answer: the status line.
async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1000];
    let count = soon(stream.read(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]);
    answer.lines().next().unwrap_or_default().to_owned()
}

/// How long the server takes to end the connection.
async fn end_of(mut stream: TcpStream) -> Duration {
    let start = Instant::now();
    let mut rest = Vec::new();
    // A reset is an end, too.
    let _ = soon(stream.read_to_end(&mut rest)).await;
    start.elapsed()
}

#[tokio::test]
async fn a_connection_is_kept_for_further_requests() {
    let server = start(approve_after(millis(0)), limits()).await;
    let mut stream = server.connect().await;
    for _ in 0..3 {
        let answer = ask(&mut stream, &(head(EVENT.len()) + EVENT)).await;
        assert_eq!(answer, "HTTP/1.1 200 OK");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_head_that_does_not_end_is_cut_off() {
    let short = Limits {
        head_timeout: millis(50),
        ..limits()
    };
    let server = start(approve_after(millis(0)), short).await;
    let mut half = server.connect().await;
    half.write_all(b"POST / HTTP/1.1\r\nhost:").await.unwrap();
    assert!(end_of(half).await >= millis(30));
    // Nor is one that comes in drops.
    let (mut reading, mut writing) = server.connect().await.into_split();
    let dripping = tokio::spawn(async move {
        for byte in head(0).bytes() {
            if writing.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(millis(10)).await;
        }
    });
    let mut rest = Vec::new();
    let _ = soon(reading.read_to_end(&mut rest)).await;
    assert!(rest.is_empty());
    dripping.abort();
    // A later request on a connection that was used is no different.
    let mut used = server.connect().await;
    ask(&mut used, &(head(EVENT.len()) + EVENT)).await;
    used.write_all(b"POST").await.unwrap();
    end_of(used).await;
    server.stop().await;
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let short = Limits {
        idle_timeout: millis(50),
        ..limits()
    };
    let server = start(approve_after(millis(0)), short).await;
    let mut stream = server.connect().await;
    ask(&mut stream, &(head(EVENT.len()) + EVENT)).await;
    assert!(end_of(stream).await >= millis(30));
    server.stop().await;
}

#[tokio::test]
async fn a_handler_may_take_longer_than_heads_and_pauses() {
    let short = Limits {
        head_timeout: millis(20),
        idle_timeout: millis(20),
        ..limits()
    };
    let server = start(approve_after(millis(100)), short).await;
    let mut stream = server.connect().await;
    let answer = ask(&mut stream, &(head(EVENT.len()) + EVENT)).await;
    assert_eq!(answer, "HTTP/1.1 200 OK");
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_stalls_is_answered_with_408() {
    let server = start(approve_after(millis(0)), limits()).await;
    let mut stream = server.connect().await;
    let answer = ask(&mut stream, &(head(EVENT.len()) + "{\"post")).await;
    assert_eq!(answer, "HTTP/1.1 408 Request Timeout");
    server.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = start(approve_after(millis(0)), limits()).await;
    let mut announced = server.connect().await;
    let answer = ask(&mut announced, &head(1001)).await;
    assert_eq!(answer, "HTTP/1.1 413 Payload Too Large");
    let mut headers = server.connect().await;
    let endless = format!("POST / HTTP/1.1\r\nx: {}", "x".repeat(100_000));
    let answer = ask(&mut headers, &endless).await;
    assert_eq!(answer, "HTTP/1.1 431 Request Header Fields Too Large");
    server.stop().await;
}

/// More than any socket buffers.
#[derive(Clone)]
struct Endless;

impl Service<Request<Incoming>> for Endless {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Incoming>) -> Self::Future {
        ready(Ok(Response::new(Full::new(vec![0; 64 << 20].into()))))
    }
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_cut_off() {
    let short = Limits {
        write_timeout: millis(50),
        connections: 1,
        ..limits()
    };
    let server = start(Endless, short).await;
    let mut deaf = server.connect().await;
    deaf.write_all(head(0).as_bytes()).await.unwrap();
    tokio::time::sleep(millis(20)).await;
    // The place of the first is free once that was cut off.
    let mut next = server.connect().await;
    assert_eq!(ask(&mut next, &head(0)).await, "HTTP/1.1 200 OK");
    server.stop().await;
}

#[tokio::test]
async fn stopping_ends_what_is_idle_and_lets_finish_what_is_not() {
    let server = start(approve_after(millis(100)), limits()).await;
    let mut idle = server.connect().await;
    ask(&mut idle, &(head(EVENT.len()) + EVENT)).await;
    let mut busy = server.connect().await;
    let asking = tokio::spawn(async move { ask(&mut busy, &(head(EVENT.len()) + EVENT)).await });
    tokio::time::sleep(millis(30)).await;
    let address = server.address.clone();
    let stopping = tokio::spawn(server.stop());
    end_of(idle).await;
    assert_eq!(asking.await.unwrap(), "HTTP/1.1 200 OK");
    soon(stopping).await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_does_not_finish_is_cut_off() {
    let server = start(approve_after(millis(60_000)), limits()).await;
    let mut busy = server.connect().await;
    busy.write_all((head(EVENT.len()) + EVENT).as_bytes())
        .await
        .unwrap();
    tokio::time::sleep(millis(30)).await;
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() >= millis(150));
    end_of(busy).await;
}
