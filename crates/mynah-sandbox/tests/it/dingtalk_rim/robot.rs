//! What people say to the robot, posted to its own address.

use std::time::{Duration, SystemTime};

use mynah_core::{Inbound, Received};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::inbound::{CallbackSecret, Event};
use mynah_dingtalk::robot::RobotMessage;
use serde_json::{Value, json};

use super::support::{APP_SECRET, DingTalkBench};
use crate::support::{Posted, Receiver};

/// A robot with an address of its own.
async fn robot() -> (DingTalkBench, Receiver) {
    let receiver = Receiver::start().await;
    let url = &receiver.url;
    let bench = DingTalkBench::with(|builder| builder.dingtalk_robot_callback_url(url)).await;
    (bench, receiver)
}

fn read(post: &Posted) -> Option<RobotMessage> {
    let secret = CallbackSecret::robot(APP_SECRET);
    match DingTalk::verify(&secret, post, SystemTime::now()) {
        Ok(Received::Event(arrival)) => match arrival.event {
            Event::Robot(message) => Some(*message),
            _ => None,
        },
        _ => None,
    }
}

#[tokio::test]
async fn what_people_say_is_posted_signed_and_the_answer_is_shown() {
    let (bench, mut receiver) = robot().await;
    let reply = json!({"msgtype": "text", "text": {"content": "you said hello"}});
    receiver.respond(200, &reply.to_string());
    let id = bench.say("alice", "user:bot", "hello").await;
    let post = receiver.next().await;
    let message = read(&post).unwrap();
    assert_eq!(message.msg_id, id);
    assert_eq!(message.text(), Some("hello"));
    bench
        .shows("user:alice", &["hello", "you said hello"])
        .await;
    let noted = bench.noted(|entry| entry["note"] == "passive reply").await;
    assert_eq!(noted["verdict"], "ok");
    assert_eq!(noted["message"].as_array().map(Vec::len), Some(1));
    let told = bench.noted(|entry| entry["title"] == "robot text").await;
    assert_eq!(told["message"], json!([id]));
    let sign = post.headers()["sign"].to_str().unwrap();
    let journal = Value::from(bench.journal().await).to_string();
    let session = message.session_webhook.unwrap().session().unwrap();
    assert!(!journal.contains(sign) && !journal.contains(&session));
}

#[tokio::test]
async fn who_has_nothing_to_say_says_so() {
    let (bench, mut receiver) = robot().await;
    for body in ["", r#"{"msgtype":"empty"}"#] {
        receiver.respond(200, body);
        bench.say("alice", "user:bot", "hello").await;
        receiver.next().await;
    }
    receiver.respond(200, "no JSON");
    bench.say("alice", "user:bot", "hello").await;
    let noted = bench.noted(|entry| entry["verdict"] == "failed").await;
    let note = noted["note"].as_str().unwrap();
    assert!(note.starts_with("the reply is passed over: "), "{note}");
    bench.shows("user:alice", &["hello"; 3]).await;
}

#[tokio::test]
async fn a_robot_that_does_not_answer_is_not_told_again() {
    let (bench, mut receiver) = robot().await;
    bench.deliver(json!({"robot_timeout_s": 0.2})).await;
    receiver.respond(500, "");
    receiver.respond_after(Duration::from_secs(1), 200, "");
    for _ in 0..2 {
        bench.say("alice", "user:bot", "hello").await;
        receiver.next().await;
    }
    bench
        .noted(|entry| entry["note"] == "no answer within 200ms")
        .await;
    bench.pass(60.0).await;
    receiver.is_quiet().await;
    let page = bench
        .get("/control/messages?platform=dingtalk&conversation=user:alice")
        .await
        .json();
    let lines = page["messages"].as_array().unwrap().iter();
    let lines = lines.filter(|message| message["kind"] != "message");
    assert_eq!(lines.count(), 2, "{page}");
}

#[tokio::test]
async fn a_robot_with_an_address_hears_nothing_over_stream() {
    let (bench, mut receiver) = robot().await;
    let mut stream = bench.stream().await;
    bench.say("alice", "user:bot", "hello").await;
    assert!(read(&receiver.next().await).is_some());
    stream.0.is_quiet().await;
    bench.deliver(json!({"robot_callback_url": null})).await;
    bench.say("alice", "user:bot", "again").await;
    assert_eq!(stream.heard().await, "again");
}

#[tokio::test]
async fn a_forged_signature_is_one_that_nobody_takes() {
    let (bench, mut receiver) = robot().await;
    bench
        .fault(json!({"kind": "forge_signature", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "hello").await;
    assert!(read(&receiver.next().await).is_none());
    bench.say("alice", "user:bot", "hello").await;
    assert!(read(&receiver.next().await).is_some());
}

#[tokio::test]
async fn what_one_conversation_says_arrives_in_order() {
    let (bench, mut receiver) = robot().await;
    receiver.respond_after(Duration::from_millis(100), 200, "");
    for text in ["one", "two", "three"] {
        bench.say("alice", "user:bot", text).await;
    }
    for text in ["one", "two", "three"] {
        let message = read(&receiver.next().await).unwrap();
        assert_eq!(message.text(), Some(text));
    }
}
