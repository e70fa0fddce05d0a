//! What the transport of our own does beyond the others.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use mynah_client::{Client, HyperTransport};
use mynah_core::{Body, ErrorKind, HttpResponse, Platform, RawRequest, Retry, Transport, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::platform::{Say, Test};
use crate::server::{Server, echo, http2, read_request, seen};

const SHORT: Duration = Duration::from_millis(100);

fn client(server: &Server, transport: impl Transport) -> Client<Test> {
    Client::builder(server.base().parse().unwrap())
        .retry(Retry::NONE)
        .over(transport)
}

#[tokio::test]
async fn sends_no_header_that_a_server_does_not_need() {
    let server = Server::http(echo).await;
    let client = client(&server, HyperTransport::new());
    let answer = client.raw(RawRequest::get("/")).await.unwrap();
    let names: Vec<_> = seen(&answer)["headers"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["host"]);
}

#[tokio::test]
async fn as_many_connections_as_calls_at_once_and_then_the_same_again() {
    let server = Server::http(|_| Test::seal(Ok("{\"said\":\"a\"}".into()))).await;
    let client = client(&server, HyperTransport::new());
    for _ in 0..5 {
        let calls = (0..16).map(|_| client.call(Say::new("a")).into_future());
        assert!(join_all(calls).await.iter().all(Result::is_ok));
    }
    assert!(server.connections() <= 16, "{}", server.connections());
}

#[tokio::test]
async fn no_more_connections_stay_open_than_said() {
    let server = Server::http(echo).await;
    let client = client(
        &server,
        HyperTransport::builder().idle_connections(2).build(),
    );
    for expected in [8, 8 + 6] {
        let calls = (0..8).map(|_| client.raw(RawRequest::get("/")).into_future());
        assert!(join_all(calls).await.iter().all(Result::is_ok));
        assert_eq!(server.connections(), expected);
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_not_used_again() {
    let server = Server::blurt("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let client = client(&server, HyperTransport::new());
    for number in 1..=5 {
        let answer = client.raw(RawRequest::post("/")).await.unwrap();
        assert_eq!(answer.body(), "ok");
        assert_eq!(server.connections(), number);
        // Until the end of the connection has arrived.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time() {
    let (tell, closed) = tokio::sync::oneshot::channel();
    let tell = std::sync::Mutex::new(Some(tell));
    let server = Server::tcp(move |mut stream, _| {
        let tell = tell.lock().unwrap().take().unwrap();
        async move {
            read_request(&mut stream).await.unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0);
            tell.send(()).unwrap();
        }
    });
    let transport = HyperTransport::builder().idle_timeout(SHORT).build();
    let client = client(&server.await, transport);
    client.raw(RawRequest::get("/")).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), closed)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_stream_that_is_dropped_closes_its_connection() {
    let server = Server::http(|_| HttpResponse::new(vec![b'x'; 5_000_000].into())).await;
    let client = client(&server, HyperTransport::new());
    let answer = client.download(RawRequest::get("/")).await.unwrap();
    let Body::Stream(mut chunks) = answer.into_body() else {
        panic!("five megabytes are not collected");
    };
    chunks.next().await.unwrap().unwrap();
    drop(chunks);
    client.raw(RawRequest::get("/")).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_with_a_request_half_written_is_not_used_for_another() {
    let server = Server::tcp(|mut stream, _| async move {
        let mut head = [0; 1024];
        assert!(stream.read(&mut head).await.unwrap() > 0);
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
    let server = server.await;
    let transport = HyperTransport::new();
    let upload = || {
        let never = futures_util::stream::pending();
        http::Request::post(server.base())
            .body(Body::Stream(Box::pin(never)))
            .unwrap()
    };
    for connections in 1..=2 {
        transport.send(upload()).await.unwrap();
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn a_connection_is_used_again_once_its_request_is_written() {
    let server = Server::tcp(|mut stream, _| async move {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        let mut buffer = [0; 1024];
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        stream.write_all(answer).await.unwrap();
        // The rest of the first request, then the second.
        assert_eq!(stream.read(&mut buffer).await.unwrap(), b"0\r\n\r\n".len());
        read_request(&mut stream).await.unwrap();
        stream.write_all(answer).await.unwrap();
    });
    let server = server.await;
    let transport = HyperTransport::new();
    let (finish, finished) = tokio::sync::oneshot::channel::<()>();
    let late_end = futures_util::stream::once(async {
        finished.await.unwrap();
        Ok("".into())
    });
    let upload = http::Request::post(server.base()).body(Body::Stream(Box::pin(late_end)));
    transport.send(upload.unwrap()).await.unwrap();
    finish.send(()).unwrap();
    tokio::time::sleep(SHORT).await;
    client(&server, transport)
        .raw(RawRequest::get("/"))
        .await
        .unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn the_head_of_an_answer_has_a_limit() {
    let long = format!(
        "HTTP/1.1 200 OK\r\nx-long: {}\r\ncontent-length: 0\r\n\r\n",
        "x".repeat(20_000)
    );
    let server = Server::blurt(long).await;
    let strict = HyperTransport::builder().header_limit(10_000).build();
    let error = client(&server, strict)
        .raw(RawRequest::get("/"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    let answer = client(&server, HyperTransport::new())
        .raw(RawRequest::get("/"))
        .await;
    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test]
async fn http2_is_spoken_without_negotiation_if_known() {
    let answer: crate::server::Answer = Arc::new(echo);
    let server = Server::tcp(move |stream, _| {
        http2(hyper_util::rt::TokioIo::new(stream), Arc::clone(&answer))
    });
    let server = server.await;
    let client = client(&server, HyperTransport::builder().http2_only().build());
    let calls = (0..64).map(|_| client.raw(RawRequest::post("/")).into_future());
    for answer in join_all(calls).await {
        assert_eq!(seen(&answer.unwrap())["version"], "HTTP/2.0");
    }
    assert_eq!(server.connections(), 1, "one connection carries all");
}

#[tokio::test]
async fn a_server_gone_and_back_is_found_again() {
    let answer: crate::server::Answer = Arc::new(echo);
    let server = Server::tcp(move |stream, _| {
        let serving = http2(hyper_util::rt::TokioIo::new(stream), Arc::clone(&answer));
        async move { drop(tokio::time::timeout(SHORT, serving).await) }
    });
    let server = server.await;
    let client = client(&server, HyperTransport::builder().http2_only().build());
    for connections in 1..=3 {
        client.raw(RawRequest::post("/")).await.unwrap();
        assert_eq!(server.connections(), connections);
        tokio::time::sleep(2 * SHORT).await;
    }
}

#[tokio::test]
async fn only_http_addresses_can_be_called() {
    for base in ["ws://127.0.0.1:1", "wss://127.0.0.1:1"] {
        let client = Client::<Test>::builder(base.parse().unwrap())
            .retry(Retry::NONE)
            .build();
        let error = client.call(Say::new("a")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(
            error.to_string().contains("only http:// and https://"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_not_reached() {
    let client = Client::<Test>::builder("http://no-such-host.invalid".parse().unwrap())
        .retry(Retry::NONE)
        .build();
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
}

#[test]
fn a_transport_outlives_its_runtime() {
    let transport = HyperTransport::new();
    for _ in 0..2 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let server = Server::http(echo).await;
            let client = client(&server, transport.clone());
            client.raw(RawRequest::get("/")).await.unwrap();
        });
    }
}

#[tokio::test]
async fn what_is_allocated_for_a_call_stays_small() {
    let transport = HyperTransport::new();
    let request = http::Request::new(Body::default());
    let carried = size_of_val(&*transport.send(request));
    let client: Client<Test> = Client::new("http://h".parse().unwrap(), mynah_core::Anonymous);
    let call = size_of_val(&*client.call(Say::new("a")).into_future());
    assert!(
        carried <= 2048 && call <= 2048,
        "{carried} and {call} bytes"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_closes_under_a_call_is_replaced_if_nothing_was_sent() {
    let server = Server::blurt("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let client = client(&server, HyperTransport::new());
    // Each call races the end of the connection of the one before.
    for _ in 0..2000 {
        if let Err(error) = client.raw(RawRequest::post("/")).await {
            assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        }
    }
}
