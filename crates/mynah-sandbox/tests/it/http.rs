//! Calls over HTTP.

use std::time::{Duration, Instant};

use http::Method;
use mynah_core::{Body, HttpRequest, Transport};
use mynah_sandbox::{Limits, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Bench, assert_within, in_time, vectors};

#[tokio::test]
async fn every_recorded_call_is_answered_as_the_sources_say() {
    let bench = Bench::start().await;
    let cases = vectors("transport.json")["http"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(cases.len(), 49);
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let request = &case["request"];
        let headers: Vec<(&str, &str)> = request["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let method: Method = request["method"].as_str().unwrap().parse().unwrap();
        let path = format!("/onebot{}", request["path"].as_str().unwrap());
        let body = request["body"].as_str().unwrap_or_default().to_owned();
        let answer = bench.send(method, &path, &headers, body).await.unwrap();
        assert_eq!(
            answer.status, case["expect"]["status"],
            "{name}: {answer:?}"
        );
        if let Some(expected) = case["expect"].get("json") {
            assert_eq!(
                answer.header("content-type"),
                "application/json; charset=UTF-8",
                "{name}"
            );
            assert_within(&answer.json(), expected, name);
        }
    }
    bench.running.shutdown().await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_and_nothing_happens() {
    let limits = Limits {
        body_bytes: 1000,
        ..Limits::default()
    };
    let bench = Bench::with(|builder| builder.limits(limits)).await;
    let message = "x".repeat(1000);
    let sent = json!({"user_id": 10001, "message": message});
    // The server may close before the client has written everything.
    if let Ok(answer) = bench.try_call("send_private_msg", sent).await {
        assert_eq!(answer.status, 413);
    }
    bench
        .noted(|entry| entry["status"] == 413 && entry["verdict"] == "refused")
        .await;
    assert!(bench.texts("user:10001").await.is_empty());
    let said = json!({"platform": "onebot", "from": "alice", "to": "user:bot", "text": message});
    let answer = bench.post("/control/say", said).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["field"]),
        (413, &json!("body"))
    );
}

#[tokio::test]
async fn who_stalls_in_the_head_or_body_of_a_request_is_cut_off() {
    let brief = Duration::from_millis(200);
    let limits = Limits {
        header_read: brief,
        body_read: brief,
        ..Limits::default()
    };
    let bench = Bench::with(|builder| builder.limits(limits)).await;
    for (sent, status) in [
        ("GET /control/health HTTP/1.1\r\nHost: ", ""),
        (
            "POST /onebot/get_status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-token\r\n\
             Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
            "HTTP/1.1 408 ",
        ),
    ] {
        let began = Instant::now();
        let mut stream = TcpStream::connect(bench.addr()).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A reset is as good an end as any.
        let _ = in_time(stream.read_to_string(&mut answer)).await;
        assert!(answer.starts_with(status), "{sent:?}: {answer:?}");
        assert!(began.elapsed() >= brief, "{sent:?}");
    }
}

#[tokio::test]
async fn who_comes_when_all_seats_are_taken_waits() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let bench = Bench::with(|builder| builder.limits(limits)).await;
    let first = TcpStream::connect(bench.addr()).await.unwrap();
    let waiting = bench.get("/control/health");
    tokio::pin!(waiting);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut waiting).await;
    assert!(early.is_err(), "{early:?}");
    drop(first);
    assert_eq!(waiting.await.status, 200);
}

#[tokio::test]
async fn the_same_answers_are_given_in_process() {
    let sandbox = Sandbox::builder().open().unwrap();
    let request = || {
        http::Request::post("http://sandbox/onebot/get_login_info")
            .header("authorization", "Bearer sandbox-token")
            .header("content-type", "application/json")
    };
    let asked: HttpRequest = request().body("{}".into()).unwrap();
    let answer = sandbox.handle(asked).await.unwrap();
    let envelope: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(envelope["data"]["user_id"], 10000);

    let fault = json!({"platform": "onebot", "kind": "drop", "count": 1});
    let set = http::Request::post("/control/fault")
        .body(fault.to_string().into())
        .unwrap();
    assert_eq!(sandbox.handle(set).await.unwrap().status(), 200);
    let carried: http::Request<Body> = request().body(Body::Full("{}".into())).unwrap();
    let error = sandbox.send(carried).await.unwrap_err();
    assert!(
        error.sent,
        "the call arrived and the answer was lost: {error}"
    );
}
