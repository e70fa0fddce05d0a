//! What is posted: to outgoing hooks, and to hubots that have an address.

use std::time::{Duration, Instant, SystemTime};

use mynah_bearychat::BearyChat;
use mynah_bearychat::hook::{Event, HookSecret};
use mynah_core::{Inbound, Received};
use serde_json::{Value, json};

use super::support::{ALICE, ALL, BearyChatBench, OUTGOING_TOKEN, TOKEN, WORD};
use crate::support::{Posted, Receiver};

const GROUP: &str = "group:=bwAll";

/// A sandbox whose robot tells a program, and that program.
async fn outgoing() -> (BearyChatBench, Receiver) {
    let receiver = Receiver::start().await;
    let url = receiver.url.clone();
    let bench = BearyChatBench::with(|builder| builder.bearychat_outgoing_url(url)).await;
    (bench, receiver)
}

/// A sandbox whose bot has an address, and what listens there.
async fn hubot() -> (BearyChatBench, Receiver) {
    let receiver = Receiver::start().await;
    let url = receiver.url.clone();
    let bench = BearyChatBench::with(|builder| builder.bearychat_hubot_url(url)).await;
    (bench, receiver)
}

/// What was posted, if it is genuine.
fn event_in(post: &Posted) -> Option<Event> {
    let secret = HookSecret::outgoing(OUTGOING_TOKEN).and_hubot(TOKEN);
    match BearyChat::verify(&secret, post, SystemTime::now()).ok()? {
        Received::Event(arrival) => Some(arrival.event),
        Received::Challenge(_) => None,
    }
}

#[tokio::test]
async fn what_begins_with_the_word_is_posted_as_documented() {
    let (bench, mut receiver) = outgoing().await;
    bench
        .say("alice", GROUP, "robot, not at the beginning: !robot")
        .await;
    let key = bench.say("alice", GROUP, "!robot 中国").await;
    let post = receiver.next().await;
    let body: Value = serde_json::from_slice(post.body()).unwrap();
    let ts = body["ts"].as_u64().unwrap();
    assert_eq!(
        body,
        json!({
            "token": OUTGOING_TOKEN, "ts": ts, "text": "!robot 中国", "trigger_word": WORD,
            "subdomain": "sandbox", "channel_name": "所有人", "user_name": "alice",
        })
    );
    assert_eq!(post.headers()["content-type"], "application/json");
    let Some(Event::Outgoing(post)) = event_in(&post) else {
        panic!("not genuine");
    };
    assert_eq!(post.rest(), "中国");
    receiver.is_quiet().await;
    let noted = bench.noted(|entry| entry["title"] == "outgoing").await;
    assert_eq!(
        (&noted["transport"], &noted["message"]),
        (&json!("post"), &json!([key]))
    );
    let answered = bench.noted(|entry| entry["pair"] == noted["id"]).await;
    assert_eq!(
        (&answered["verdict"], &answered["note"]),
        (&json!("ok"), &json!(""))
    );
}

#[tokio::test]
async fn what_is_answered_is_said_in_the_same_channel_and_heard_by_all() {
    let (bench, mut receiver) = outgoing().await;
    let mut rtm = bench.rtm().await;
    let answer =
        json!({"text": "东亚国家", "attachments": [{"title": "中国", "color": "#666666"}]});
    receiver.respond(200, &answer.to_string());
    bench.say("alice", GROUP, "!robot 中国").await;
    receiver.next().await;
    assert_eq!(rtm.heard().await, "!robot 中国");
    let event = rtm.next().await;
    assert_eq!(
        (&event["type"], &event["text"]),
        (&json!("channel_message"), &json!("东亚国家"))
    );
    assert_eq!(
        (&event["uid"], &event["subtype"]),
        (&Value::Null, &json!("robot"))
    );
    assert_eq!(event["attachments"][0]["title"], "中国");
    let noted = bench.noted(|entry| entry["note"] == "reply").await;
    assert_eq!(noted["message"], json!([event["key"]]));
}

#[tokio::test]
async fn what_is_no_answer_says_nothing() {
    let (bench, mut receiver) = outgoing().await;
    for (status, body) in [
        (204, ""),
        (200, "ok"),
        (200, "[]"),
        (200, r#"{"text":""}"#),
        (200, r#"{"text":"a","attachments":[{}]}"#),
        (500, r#"{"text":"broken"}"#),
    ] {
        receiver.respond(status, body);
        bench.say("alice", GROUP, WORD).await;
        receiver.next().await;
    }
    receiver.is_quiet().await;
    let texts = bench.texts(GROUP).await;
    assert_eq!(texts, [WORD; 6]);
    let noted = bench.noted(|entry| entry["status"] == 500).await;
    assert_eq!(noted["verdict"], "failed");
}

#[tokio::test]
async fn there_is_one_attempt_and_its_answer_is_waited_for_that_long() {
    let (bench, mut receiver) = outgoing().await;
    bench.deliver(json!({"timeout_s": 0.2})).await;
    receiver.respond_after(Duration::from_secs(1), 200, r#"{"text":"late"}"#);
    let began = Instant::now();
    bench.say("alice", GROUP, WORD).await;
    receiver.next().await;
    let noted = bench
        .noted(|entry| entry["note"] == "no answer within 200ms")
        .await;
    assert_eq!(noted["verdict"], "failed");
    assert!(began.elapsed() < Duration::from_secs(1));
    receiver.is_quiet().await;
    assert_eq!(bench.texts(GROUP).await, [WORD]);
}

#[tokio::test]
async fn a_slow_program_holds_up_its_own_conversation_and_nothing_else() {
    let (bench, mut receiver) = outgoing().await;
    receiver.respond_after(Duration::from_millis(300), 200, r#"{"text":"first"}"#);
    receiver.respond(200, r#"{"text":"second"}"#);
    bench.say("alice", GROUP, WORD).await;
    bench.say("bob", GROUP, WORD).await;
    receiver.next().await;
    receiver.next().await;
    bench.shows(GROUP, &[WORD, WORD, "first", "second"]).await;
}

#[tokio::test]
async fn robots_do_not_trigger_robots() {
    let (bench, mut receiver) = outgoing().await;
    receiver.respond(200, r#"{"text":"!robot again"}"#);
    bench.say("alice", GROUP, WORD).await;
    receiver.next().await;
    bench.shows(GROUP, &[WORD, "!robot again"]).await;
    let posted = bench
        .post(super::support::HOOK, json!({"text": "!robot hook"}))
        .await;
    assert_eq!(posted.status, 200);
    receiver.is_quiet().await;
}

#[tokio::test]
async fn a_mention_of_the_bot_is_posted_to_its_address() {
    let (bench, mut receiver) = hubot().await;
    bench.say("alice", GROUP, "nobody in particular").await;
    let key = bench.say("alice", GROUP, "@<==bwBot=> 早").await;
    let post = receiver.next().await;
    let body: Value = serde_json::from_slice(post.body()).unwrap();
    assert_eq!(
        body,
        json!({
            "token": TOKEN, "subdomain": "sandbox", "sender": ALICE, "username": "alice",
            "vchannel": ALL, "text": "@<==bwBot=> 早", "key": key,
        })
    );
    assert!(matches!(event_in(&post), Some(Event::Hubot(_))));
    receiver.is_quiet().await;
    let noted = bench.noted(|entry| entry["title"] == "hubot").await;
    assert_eq!(noted["message"], json!([key]));
    assert!(!noted["body"].as_str().unwrap().contains(TOKEN), "{noted}");
}

#[tokio::test]
async fn addresses_can_be_set_and_taken_away_while_it_runs() {
    let bench = BearyChatBench::start().await;
    let mut receiver = Receiver::start().await;
    let view = bench.deliver(json!({"outgoing_url": receiver.url})).await;
    assert_eq!(view["outgoing_url"], json!(receiver.url), "{view}");
    bench.say("alice", GROUP, WORD).await;
    receiver.next().await;
    bench.deliver(json!({"outgoing_url": null})).await;
    bench.say("alice", GROUP, WORD).await;
    receiver.is_quiet().await;
    let wrong = bench
        .put(
            "/control/bearychat/delivery",
            json!({"outgoing_url": "ftp://h/"}),
        )
        .await;
    assert_eq!(
        (wrong.status, &wrong.json()["error"]["field"]),
        (400, &json!("outgoing_url"))
    );
}

#[tokio::test]
async fn a_post_may_be_forged_or_come_twice_or_late() {
    let (bench, mut receiver) = outgoing().await;
    bench
        .fault(json!({"kind": "forge_signature", "count": 1}))
        .await;
    bench.say("alice", GROUP, "!robot 1").await;
    let post = receiver.next().await;
    assert!(event_in(&post).is_none(), "{post:?}");
    bench
        .fault(json!({"kind": "duplicate", "where": "post", "count": 1}))
        .await;
    bench.say("alice", GROUP, "!robot 2").await;
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!(first.body(), second.body());
    bench
        .fault(json!({"kind": "reorder", "where": "post", "count": 1}))
        .await;
    bench.say("alice", GROUP, "!robot 3").await;
    bench.say("alice", GROUP, "!robot 4").await;
    let mut texts = Vec::new();
    for _ in 0..2 {
        let post = receiver.next().await;
        let body: Value = serde_json::from_slice(post.body()).unwrap();
        texts.push(body["text"].as_str().unwrap().to_owned());
    }
    assert_eq!(texts, ["!robot 4", "!robot 3"]);
    bench
        .fault(json!({"kind": "drop", "where": "post", "count": 1}))
        .await;
    bench.say("alice", GROUP, "!robot 5").await;
    bench.noted(|entry| entry["note"] == "fault: lost").await;
    receiver.is_quiet().await;
}

#[tokio::test]
async fn what_was_said_before_a_reset_is_not_answered_after_it() {
    let (bench, mut receiver) = outgoing().await;
    receiver.respond_after(Duration::from_millis(200), 200, r#"{"text":"late"}"#);
    bench.say("alice", GROUP, WORD).await;
    receiver.next().await;
    bench.post("/control/reset", json!({})).await;
    bench
        .noted(|entry| entry["kind"] == "response" && entry["transport"] == "post")
        .await;
    assert!(bench.texts(GROUP).await.is_empty());
}
