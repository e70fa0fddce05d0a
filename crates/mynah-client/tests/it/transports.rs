//! What every HTTP transport must do, over sockets.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use mynah_client::Client;
use mynah_core::{
    Anonymous, Body, Bytes, ErrorKind, HttpResponse, Platform, RawRequest, Retry, Transport,
    TransportError, http,
};
use mynah_testkit::Capture;
use tokio::io::AsyncWriteExt;

use crate::platform::{Look, Say, Test};
use crate::server::{Server, echo, nobody, read_request, seen};

macro_rules! every_transport {
    ($($test:ident)*) => {
        mod hyper {
            use std::sync::Arc;

            $(#[tokio::test]
            async fn $test() {
                super::$test(Arc::new(mynah_client::HyperTransport::new())).await;
            })*
        }

        mod reqwest {
            use std::sync::Arc;

            $(#[tokio::test]
            async fn $test() {
                let client = reqwest::Client::builder().no_proxy().build().unwrap();
                super::$test(Arc::new(mynah_client::ReqwestTransport::new(client))).await;
            })*
        }

        mod tower {
            use std::sync::Arc;

            $(#[tokio::test]
            async fn $test() {
                let executor = hyper_util::rt::TokioExecutor::new();
                let client = hyper_util::client::legacy::Client::builder(executor).build_http();
                super::$test(Arc::new(mynah_client::TowerTransport::new(client))).await;
            })*
        }
    };
}

every_transport! {
    carries_what_it_is_given
    keeps_connections_open
    reports_a_refused_connection_as_not_sent
    repeats_only_what_is_harmless_once_it_was_sent
    gives_up_in_time_without_knowing_the_outcome
    reports_what_is_cut_off_as_sent
    collects_chunks
    refuses_an_answer_that_is_too_large
    streams_an_answer
    ends_a_stream_that_is_too_large_or_stalls
    sends_a_stream
    hands_over_retry_after
}

fn client(base: &str, transport: Arc<dyn Transport>) -> Client<Test> {
    Client::builder(base.parse().unwrap())
        .auth(Anonymous)
        .retry(Retry {
            backoff: Duration::from_millis(1),
            ..Retry::default()
        })
        .over(transport)
}

async fn carries_what_it_is_given(transport: Arc<dyn Transport>) {
    let server = Server::http(echo).await;
    let base = format!("{}/api/", server.base());
    let client = client(&base, transport);
    let request = RawRequest::post("/say").query(&[("a", "ä")]).unwrap();
    let mut request = request.json(&"你好").unwrap();
    let name = http::HeaderName::from_static("x-more");
    request.headers.push((name, "1".parse().unwrap()));
    let answer = client.raw(request).await.unwrap();
    let seen = seen(&answer);
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["uri"], "/api/say?a=%C3%A4");
    assert_eq!(seen["body"], "\"你好\"");
    let headers = seen["headers"].as_object().unwrap();
    assert_eq!(headers["host"], server.address.as_str());
    assert_eq!(headers["x-more"], "1");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["content-length"], "8");
}

async fn keeps_connections_open(transport: Arc<dyn Transport>) {
    let server = Server::http(|_| Test::seal(Ok("\"x\"".into()))).await;
    let client = client(&server.base(), transport);
    for _ in 0..20 {
        client.call(Look::new("here")).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

async fn reports_a_refused_connection_as_not_sent(transport: Arc<dyn Transport>) {
    let capture = Arc::new(Capture::new(transport));
    let client = client(&nobody().await, capture.clone());
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
    assert_eq!(capture.count(), 3, "it is tried again");
}

async fn repeats_only_what_is_harmless_once_it_was_sent(transport: Arc<dyn Transport>) {
    let server = Server::blurt("").await;
    let client = client(&server.base(), transport);
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!(server.connections(), 1);

    let error = client.call(Look::new("here")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!(server.connections(), 1 + 3);
}

async fn gives_up_in_time_without_knowing_the_outcome(transport: Arc<dyn Transport>) {
    let server = silent("").await;
    let client = client(&server.base(), transport);
    for _ in 0..2 {
        let call = client.call(Say::new("a")).timeout(SHORT);
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    }
    assert_eq!(
        server.connections(),
        2,
        "a connection that was given up is not used again"
    );
}

const SHORT: Duration = Duration::from_millis(100);

/// Begins to answer and then says no more.
async fn silent(beginning: &'static str) -> Server {
    Server::tcp(move |mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        // Until the client hangs up.
        read_request(&mut stream).await;
    })
    .await
}

async fn reports_what_is_cut_off_as_sent(transport: Arc<dyn Transport>) {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":0",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let server = Server::blurt(answer).await;
        let client = client(&server.base(), Arc::clone(&transport));
        let error = client.call(Say::new("a")).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::OutcomeUnknown,
            "{answer:?}: {error}"
        );
        assert_eq!(server.connections(), 1, "{answer:?}");
    }
}

async fn collects_chunks(transport: Arc<dyn Transport>) {
    let answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                  3\r\nabc\r\n1\r\nd\r\n0\r\ntrailer: x\r\n\r\n";
    let server = Server::blurt(answer).await;
    let client = client(&server.base(), transport);
    let answer = client.raw(RawRequest::get("/")).await.unwrap();
    assert_eq!(answer.body(), "abcd");
}

async fn refuses_an_answer_that_is_too_large(transport: Arc<dyn Transport>) {
    let large = vec![b'x'; 2_000_000];
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", large.len());
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n",
        large.len()
    );
    for head in [
        announced.as_str(),
        chunked.as_str(),
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let server = Server::blurt([head.as_bytes(), &large, b"\r\n0\r\n\r\n"].concat()).await;
        let client = Client::<Test>::builder(server.base().parse().unwrap())
            .body_limit(1_000_000)
            .retry(Retry::NONE)
            .over(Arc::clone(&transport));
        let error = client.raw(RawRequest::get("/")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
        assert!(
            error.to_string().contains("larger than 1000000 bytes"),
            "{error}"
        );
    }
}

async fn streams_an_answer(transport: Arc<dyn Transport>) {
    let server = Server::http(|_| HttpResponse::new(vec![b'x'; 5_000_000].into())).await;
    let client = client(&server.base(), transport);
    for _ in 0..2 {
        let answer = client
            .download(RawRequest::get("/"))
            .limit(5_000_000)
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let Body::Stream(mut chunks) = answer.into_body() else {
            panic!("five megabytes are not collected");
        };
        let mut size = 0;
        while let Some(chunk) = chunks.next().await {
            size += chunk.unwrap().len();
        }
        assert_eq!(size, 5_000_000);
    }
    assert_eq!(
        server.connections(),
        1,
        "a stream that was read gives its connection back"
    );
}

async fn last_words(body: Body) -> TransportError {
    let Body::Stream(chunks) = body else {
        panic!("not a stream");
    };
    let outcomes = chunks.collect::<Vec<_>>().await;
    outcomes.into_iter().last().unwrap().unwrap_err()
}

async fn ends_a_stream_that_is_too_large_or_stalls(transport: Arc<dyn Transport>) {
    let server = Server::http(|_| HttpResponse::new(vec![b'x'; 500_000].into())).await;
    let large = client(&server.base(), Arc::clone(&transport)).download(RawRequest::get("/"));
    let answer = large.limit(499_999).await.unwrap();
    let error = last_words(answer.into_body()).await;
    assert!(
        error.to_string().contains("larger than 499999 bytes"),
        "{error}"
    );

    let server = silent("HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\nabc").await;
    let stalled = client(&server.base(), transport).download(RawRequest::get("/"));
    let answer = stalled.stall_timeout(SHORT).await.unwrap();
    let error = last_words(answer.into_body()).await;
    assert!(error.to_string().contains("nothing more came"), "{error}");
}

async fn sends_a_stream(transport: Arc<dyn Transport>) {
    let server = Server::http(echo).await;
    let chunks = stream::iter(["ab", "", "cd"]).map(|chunk| Ok(Bytes::from(chunk)));
    let request = http::Request::put(format!("{}/upload", server.base()))
        .body(Body::Stream(Box::pin(chunks)))
        .unwrap();
    let answer = transport.send(request).await.unwrap();
    let answer = answer.map(|body| body.full().unwrap().clone());
    assert_eq!(seen(&answer)["body"], "abcd");
    assert_eq!(seen(&answer)["headers"]["transfer-encoding"], "chunked");
}

async fn hands_over_retry_after(transport: Arc<dyn Transport>) {
    let server = Server::http(|request| {
        let mut answer = HttpResponse::default();
        *answer.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
        let wait = if request.uri().path() == "/say" {
            "3600"
        } else {
            "Fri, 31 Dec 9999 23:59:59 GMT"
        };
        answer
            .headers_mut()
            .insert("retry-after", wait.parse().unwrap());
        answer
    });
    let client = client(&server.await.base(), transport);
    let error = client.call(Say::new("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    let error = client.call(Look::new("here")).await.unwrap_err();
    assert!(
        error.retry_after() > Some(Duration::from_secs(3600)),
        "{error:?}"
    );
}
