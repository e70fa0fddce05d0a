//! Events over HTTP POST.

use std::time::{Duration, Instant, SystemTime};

use mynah_core::{Check, Inbound, Received};
use mynah_onebot::{OneBot, PostSecret};
use serde_json::{Value, json};

use crate::support::{Bench, Receiver, vectors};

/// A sandbox that posts to a receiver, past the greeting.
async fn posting() -> (Bench, Receiver) {
    let mut receiver = Receiver::start().await;
    let bench = Bench::with(|builder| builder.onebot_post_url(&receiver.url)).await;
    assert_eq!(receiver.event().await["sub_type"], "enable");
    (bench, receiver)
}

#[tokio::test]
async fn a_post_is_signed_and_says_whose_it_is() {
    let (bench, mut receiver) = posting().await;
    bench.tell_bot("你好～").await;
    let post = receiver.next().await;
    assert_eq!(
        (post.method().as_str(), post.uri().path()),
        ("POST", "/events")
    );
    assert_eq!(post.headers()["content-type"], "application/json");
    assert_eq!(post.headers()["x-self-id"], "10000");
    assert!(!post.headers().contains_key("x-signature"));

    bench
        .deliver(json!({"post_secret": "sandbox-secret"}))
        .await;
    bench.tell_bot("你好～").await;
    let post = receiver.next().await;
    let secret = PostSecret::new(&"sandbox-secret".to_owned().into());
    let verified = OneBot::verify(&secret, &post, SystemTime::now()).unwrap();
    let Received::Event(arrival) = verified else {
        panic!("{verified:?}");
    };
    assert_eq!(arrival.event.name(), "message.private.friend");
    let noted = bench
        .noted(|entry| entry["headers"].to_string().contains("x-signature"))
        .await;
    let real = post.headers()["x-signature"].to_str().unwrap();
    assert!(!noted.to_string().contains(real), "{noted}");
}

#[tokio::test]
async fn the_answer_is_a_quick_operation() {
    let (bench, mut receiver) = posting().await;
    receiver.respond(200, r#"{"reply": "嗨～", "at_sender": false}"#);
    bench.tell_bot("你好").await;
    receiver.real_event().await;
    let answer = bench
        .noted(|entry| entry["note"] == "quick operation")
        .await;
    assert_eq!(answer["status"], 200);
    assert_eq!(bench.texts("user:10001").await, ["你好", "嗨～"]);
}

fn posts_answered(journal: &[Value]) -> usize {
    let answers = journal.iter().filter(|entry| entry["kind"] == "response");
    answers.filter(|entry| entry["transport"] == "post").count()
}

#[tokio::test]
async fn nothing_else_in_an_answer_has_an_effect() {
    let (bench, mut receiver) = posting().await;
    let recorded = vectors("quick_operations.json");
    let mut expected = Vec::new();
    let mut answers = 1; // To the greeting.
    for case in recorded["http_response_handling"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let Some(response) = case["response"].as_object() else {
            continue; // The timeout has a test of its own.
        };
        let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
        receiver.respond(status, response["body"].as_str().unwrap());
        bench.tell_bot(name).await;
        receiver.real_event().await;
        expected.push(name.to_owned());
        if case["effect"]
            .as_str()
            .unwrap()
            .starts_with("quick operation")
        {
            expected.push("嗨～".to_owned());
        }
        answers += 1;
        bench
            .until(|journal| posts_answered(journal) == answers)
            .await;
        assert_eq!(bench.texts("user:10001").await, expected, "{name}");
    }
}

#[tokio::test]
async fn an_event_is_posted_first_and_the_next_one_waits() {
    let (bench, mut receiver) = posting().await;
    let mut socket = bench.socket("/onebot").await;
    let pause = Duration::from_millis(300);
    receiver.respond_after(pause, 204, "");
    let began = Instant::now();
    bench.tell_bot("first").await;
    bench.tell_bot("second").await;
    assert_eq!(receiver.real_event().await["raw_message"], "first");
    receiver.is_quiet().await;
    assert_eq!(socket.json().await["raw_message"], "first");
    assert!(began.elapsed() >= pause, "{:?}", began.elapsed());
    assert_eq!(receiver.real_event().await["raw_message"], "second");
    assert_eq!(socket.json().await["raw_message"], "second");
}

#[tokio::test]
async fn a_framework_that_does_not_answer_costs_its_time_limit_and_no_more() {
    let (bench, mut receiver) = posting().await;
    bench.deliver(json!({"post_timeout_s": 0.1})).await;
    let mut socket = bench.socket("/onebot").await;
    receiver.respond_after(Duration::from_secs(60), 200, r#"{"reply": "too late"}"#);
    bench.tell_bot("hello").await;
    receiver.real_event().await;
    assert_eq!(socket.json().await["raw_message"], "hello");
    bench
        .noted(|entry| {
            entry["note"]
                .as_str()
                .unwrap()
                .starts_with("no answer within")
        })
        .await;
    assert_eq!(bench.texts("user:10001").await, ["hello"]);
}

#[tokio::test]
async fn a_framework_that_is_not_there_holds_nobody_up() {
    let url = Receiver::start()
        .await
        .url
        .replace("http://127.0.0.1:", "http://127.0.0.1:1");
    // A port above the range cannot be dialled; port 1 is taken by nobody.
    let url = if url.rsplit(':').next().unwrap().len() > 5 {
        "http://127.0.0.1:1/".to_owned()
    } else {
        url
    };
    let bench = Bench::with(|builder| builder.onebot_post_url(url)).await;
    let mut socket = bench.socket("/onebot").await;
    bench.tell_bot("hello").await;
    assert_eq!(socket.json().await["raw_message"], "hello");
    let failed = bench
        .noted(|entry| entry["transport"] == "post" && entry["verdict"] == "failed")
        .await;
    assert!(
        failed["note"].as_str().unwrap().contains("refused"),
        "{failed}"
    );
}

#[tokio::test]
async fn heartbeats_are_posted_and_connects_are_not() {
    let mut receiver = Receiver::start().await;
    let bench = Bench::with(|builder| {
        builder
            .onebot_post_url(&receiver.url)
            .onebot_heartbeat(Duration::from_millis(50))
    })
    .await;
    let _socket = bench.socket("/onebot").await;
    let mut events: Vec<Value> = Vec::new();
    while events.len() < 4 {
        events.push(receiver.event().await);
    }
    assert_eq!(events[0]["sub_type"], "enable");
    assert!(
        events[1..]
            .iter()
            .all(|event| event["meta_event_type"] == "heartbeat"),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_forged_signature_is_found() {
    let (bench, mut receiver) = posting().await;
    bench
        .deliver(json!({"post_secret": "sandbox-secret"}))
        .await;
    bench
        .fault(json!({"kind": "forge_signature", "count": 1}))
        .await;
    let secret = PostSecret::new(&"sandbox-secret".to_owned().into());
    bench.tell_bot("forged").await;
    let post = receiver.next().await;
    let forged = OneBot::verify(&secret, &post, SystemTime::now()).unwrap_err();
    assert_eq!(forged.check, Check::Signature);
    bench.tell_bot("genuine").await;
    let post = receiver.next().await;
    assert!(OneBot::verify(&secret, &post, SystemTime::now()).is_ok());
}
