//! The question before a message is delivered.

use std::time::{Duration, Instant};

use mynah_rongcloud::event::{ChannelType, Event, PreDelivery};
use serde_json::json;

use super::support::{Callbacks, RongCloudBench, text_of};

const LATE: Duration = Duration::from_millis(300);

/// An application that is asked, and told what is said.
async fn asked() -> (RongCloudBench, Callbacks, Callbacks) {
    let (check, route) = (Callbacks::start().await, Callbacks::start().await);
    let bench = RongCloudBench::start().await;
    let delivery = json!({"check_url": check.url(), "route_url": route.url()});
    bench.deliver(delivery).await;
    (bench, check, route)
}

async fn question(check: &mut Callbacks) -> PreDelivery {
    match check.next().await {
        Event::Check(check) => *check,
        other => panic!("nobody is asked: {other:?}"),
    }
}

#[tokio::test]
async fn a_message_waits_for_its_verdict() {
    let (bench, mut check, mut route) = asked().await;
    check.reply_after(LATE, 200, r#"{"pass":1}"#);
    let id = bench.say("alice", "user:bob", "hello").await;
    let asked = question(&mut check).await;
    assert_eq!(asked.from_user_id.as_str(), "alice");
    assert_eq!(asked.target_id.as_str(), "bob");
    assert_eq!(asked.channel_type, ChannelType::Person);
    assert_eq!(asked.msg_type.as_str(), "RC:TxtMsg");
    assert_eq!(text_of(&asked.content), "hello");
    assert_eq!(asked.message_id.unwrap().as_str(), id);
    route.receiver.is_quiet().await;
    assert_eq!(bench.tags("private:alice:bob").await, ["held"]);

    assert_eq!(route.text().await, "hello");
    bench.shows("private:alice:bob", &["hello"]).await;
    assert_eq!(bench.tags("private:alice:bob").await, [""]);
    let noted = bench.noted(|entry| entry["note"] == "passed").await;
    assert_eq!(noted["verdict"], "ok");
    let asked = bench
        .noted(|entry| entry["title"] == "message_callback")
        .await;
    assert_eq!(noted["pair"], asked["id"]);
    assert_eq!(asked["message"], json!([id]));
}

#[tokio::test]
async fn a_message_that_is_rejected_reaches_nobody() {
    let (bench, mut check, mut route) = asked().await;
    check.reply(200, r#"{"pass":0,"extra":"not here"}"#);
    bench.say("alice", "group:general", "buy now").await;
    question(&mut check).await;
    let noted = bench.noted(|entry| entry["note"] == "rejected").await;
    assert_eq!(noted["verdict"], "ok");
    route.receiver.is_quiet().await;
    check.reply(200, r#"{"pass":2}"#);
    bench.say("alice", "group:general", "hello").await;
    assert_eq!(route.text().await, "hello");
    bench.shows("group:general", &["buy now", "hello"]).await;
    assert_eq!(bench.tags("group:general").await, ["undelivered", ""]);
}

#[tokio::test]
async fn a_message_may_be_replaced() {
    let (bench, mut check, mut route) = asked().await;
    let replaced = json!({"content": "*** now"}).to_string();
    let verdict = json!({"pass": 1, "replaceContent": replaced});
    check.reply(200, &verdict.to_string());
    bench.say("alice", "user:bob", "buy now").await;
    question(&mut check).await;
    assert_eq!(route.text().await, "*** now");
    bench.shows("private:alice:bob", &["*** now"]).await;
    bench.noted(|entry| entry["note"] == "replaced").await;
}

#[tokio::test]
async fn a_message_is_delivered_if_nobody_judges_it() {
    let (bench, mut check, mut route) = asked().await;
    bench.deliver(json!({"check_timeout_s": 0.1})).await;
    let late = Duration::from_secs(5);
    for (after, status, body) in [
        (Duration::ZERO, 500, ""),
        (Duration::ZERO, 204, ""),
        (Duration::ZERO, 200, "ok"),
        (Duration::ZERO, 200, "{}"),
        (late, 200, r#"{"pass":0}"#),
    ] {
        check.reply_after(after, status, body);
        let text = format!("{status} {body}");
        bench.say("alice", "user:bob", &text).await;
        question(&mut check).await;
        assert_eq!(route.text().await, text);
    }
    // It is asked once, whatever comes of it.
    check.receiver.is_quiet().await;
}

#[tokio::test]
async fn a_question_that_gets_lost_is_no_verdict() {
    let (bench, mut check, mut route) = asked().await;
    bench.deliver(json!({"check_timeout_s": 0.2})).await;
    bench
        .fault(json!({"kind": "drop", "where": "post", "count": 1}))
        .await;
    let began = Instant::now();
    bench.say("alice", "user:bob", "hello").await;
    assert_eq!(route.text().await, "hello");
    assert!(began.elapsed() >= Duration::from_millis(200));
    check.receiver.is_quiet().await;
}

#[tokio::test]
async fn of_two_verdicts_the_first_counts() {
    let (bench, check, mut route) = asked().await;
    bench
        .fault(json!({"kind": "duplicate", "where": "post", "count": 1}))
        .await;
    check.reply(200, r#"{"pass":1}"#);
    check.reply(200, r#"{"pass":0}"#);
    bench.say("alice", "user:bob", "hello").await;
    assert_eq!(route.text().await, "hello");
    bench.noted(|entry| entry["note"] == "judged before").await;
    bench.shows("private:alice:bob", &["hello"]).await;
}

#[tokio::test]
async fn messages_that_wait_keep_their_order() {
    let (bench, check, mut route) = asked().await;
    check.reply_after(LATE, 200, r#"{"pass":1}"#);
    for text in ["one", "two", "three"] {
        bench.say("alice", "user:bob", text).await;
    }
    for text in ["one", "two", "three"] {
        assert_eq!(route.text().await, text);
    }
    bench
        .shows("private:alice:bob", &["one", "two", "three"])
        .await;
}

#[tokio::test]
async fn nobody_is_asked_about_what_the_server_sends() {
    let (bench, mut check, mut route) = asked().await;
    bench.publish("alice", "bob", "hello").await;
    assert_eq!(route.text().await, "hello");
    check.receiver.is_quiet().await;
}

#[tokio::test]
async fn what_waits_when_the_address_goes_is_delivered() {
    let (bench, check, mut route) = asked().await;
    check.reply_after(LATE, 200, r#"{"pass":1}"#);
    bench.say("alice", "user:bob", "one").await;
    bench.say("alice", "user:bob", "two").await;
    bench.deliver(json!({"check_url": null})).await;
    assert_eq!(route.text().await, "one");
    assert_eq!(route.text().await, "two");
}
