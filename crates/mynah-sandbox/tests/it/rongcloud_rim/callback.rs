//! What an application is told.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use mynah_rongcloud::event::{ChannelType, ChatroomChange, Event, OnlineState, Source};
use serde_json::json;

use super::support::{Callbacks, RongCloudBench, text_of};

/// An application that is told what is said.
async fn routed() -> (RongCloudBench, Callbacks) {
    let callbacks = Callbacks::start().await;
    let bench = RongCloudBench::with(|builder| builder.rongcloud_route_url(callbacks.url())).await;
    (bench, callbacks)
}

#[tokio::test]
async fn what_people_say_is_posted_signed() {
    let (bench, mut callbacks) = routed().await;
    let id = bench.say("alice", "user:bot", "hello").await;
    let message = callbacks.heard().await;
    assert_eq!(message.from_user_id.as_str(), "alice");
    assert_eq!(message.to_user_id.as_str(), "bot");
    assert_eq!(message.channel_type, ChannelType::Person);
    assert_eq!(message.object_name.as_str(), "RC:TxtMsg");
    assert_eq!(text_of(&message.content), "hello");
    assert_eq!(message.msg_uid.unwrap().as_str(), id);
    assert_ne!(message.source, Some(Source::Server));

    let noted = bench.noted(|entry| entry["kind"] == "event").await;
    assert_eq!(noted["message"], json!([id]));
    assert_eq!(noted["title"], "message_route");
    let body = noted["body"].as_str().unwrap();
    assert!(body.contains(r#"content={"content":"hello""#), "{body}");
    let url = noted["url"].as_str().unwrap();
    assert!(url.ends_with("&signature=…"), "{url}");
    let answered = bench
        .noted(|entry| entry["kind"] == "response" && entry["pair"] == noted["id"])
        .await;
    assert_eq!(
        (&answered["verdict"], &answered["body"]),
        (&json!("ok"), &json!("ok"))
    );
}

#[tokio::test]
async fn what_is_said_to_other_people_in_groups_and_chatrooms_is_posted_too() {
    let (bench, mut callbacks) = routed().await;
    bench
        .act("alice", "join", json!({"chatroom": "lobby"}))
        .await;
    for (to, channel, target) in [
        ("user:bob", ChannelType::Person, "bob"),
        ("group:general", ChannelType::Group, "general"),
        ("chatroom:lobby", ChannelType::TempGroup, "lobby"),
    ] {
        bench.say("alice", to, to).await;
        let message = callbacks.heard().await;
        assert_eq!(message.channel_type, channel);
        assert_eq!(message.to_user_id.as_str(), target);
        assert_eq!(text_of(&message.content), to);
    }
}

#[tokio::test]
async fn the_signature_has_the_names_of_the_chosen_generation() {
    let (bench, mut callbacks) = routed().await;
    for (generation, names, digits) in [
        (
            "current",
            ["appKey", "nonce", "timestamp", "signature"].as_slice(),
            13,
        ),
        ("2020", &["nonce", "signTimestamp", "signature"], 13),
        ("2014", &["rc-nonce", "rc-timestamp", "rc-signature"], 10),
    ] {
        let shown = bench
            .deliver(json!({ "signature_names": generation }))
            .await;
        assert_eq!(shown["signature_names"], generation);
        bench.say("alice", "user:bot", generation).await;
        let (post, genuine) = callbacks.raw().await;
        assert!(genuine, "{generation}");
        let query = post.uri().query().unwrap();
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
        let pairs: Vec<(&str, &str)> = pairs.collect();
        let found: BTreeSet<&str> = pairs.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, names.iter().copied().collect(), "{query}");
        let time = pairs
            .iter()
            .find(|(name, _)| name.to_lowercase().ends_with("timestamp"));
        assert_eq!(time.unwrap().1.len(), digits, "{query}");
    }
    let journal = serde_json::Value::from(bench.journal().await).to_string();
    assert!(journal.contains("rc-signature=…"), "{journal}");
}

#[tokio::test]
async fn what_is_refused_comes_twice_more_and_each_time_is_signed_anew() {
    let (bench, mut callbacks) = routed().await;
    for status in [500, 204, 302] {
        callbacks.reply(status, "");
    }
    bench.say("alice", "user:bot", "hello").await;
    let mut queries = BTreeSet::new();
    for _ in 0..3 {
        let (post, genuine) = callbacks.raw().await;
        assert!(genuine);
        queries.insert(post.uri().query().unwrap().to_owned());
    }
    assert_eq!(queries.len(), 3);
    callbacks.receiver.is_quiet().await;
    let noted = bench
        .noted(|entry| entry["note"] == "repetition 2 of 2")
        .await;
    let answered = bench.noted(|entry| entry["pair"] == noted["id"]).await;
    assert_eq!(answered["verdict"], "failed");
    assert_eq!(answered["note"], "the status is 302, not 200");
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_told_again_and_holds_nobody_else_up() {
    let (bench, mut callbacks) = routed().await;
    bench.deliver(json!({"timeout_s": 0.2})).await;
    callbacks.reply_after(Duration::from_secs(5), 200, "ok");
    bench.say("alice", "user:bot", "first").await;
    assert_eq!(callbacks.text().await, "first");
    bench.say("bob", "user:bot", "aside").await;
    assert_eq!(callbacks.text().await, "aside");
    assert_eq!(callbacks.text().await, "first");
    callbacks.receiver.is_quiet().await;
    let noted = bench.noted(|entry| entry["verdict"] == "failed").await;
    assert_eq!(noted["note"], "no answer within 200ms");
}

#[tokio::test]
async fn what_is_said_in_one_conversation_arrives_in_order() {
    let (bench, mut callbacks) = routed().await;
    callbacks.reply_after(Duration::from_millis(100), 200, "ok");
    let said = [
        ("alice", "user:bob", "one"),
        ("bob", "user:alice", "two"),
        ("alice", "user:bob", "three"),
    ];
    for (from, to, text) in said {
        bench.say(from, to, text).await;
    }
    for (_, _, text) in said {
        assert_eq!(callbacks.text().await, text);
    }
}

#[tokio::test]
async fn who_is_late_time_and_again_is_left_alone_for_a_minute() {
    let (bench, mut callbacks) = routed().await;
    bench
        .deliver(json!({"timeout_s": 0.1, "attempts": 1, "pause_after": 2}))
        .await;
    for _ in 0..2 {
        callbacks.reply_after(Duration::from_secs(5), 200, "ok");
    }
    bench.say("alice", "user:bot", "one").await;
    bench.say("bob", "user:bot", "two").await;
    let lost = BTreeSet::from([callbacks.text().await, callbacks.text().await]);
    assert_eq!(lost, BTreeSet::from(["one".to_owned(), "two".to_owned()]));
    let noted = bench.noted(|entry| entry["title"] == "route_url").await;
    assert_eq!(noted["verdict"], "delayed");
    assert_eq!(
        noted["note"],
        "2 times in a row no answer in time: nothing for 60s"
    );

    bench.say("carol", "user:bot", "three").await;
    callbacks.receiver.is_quiet().await;
    bench.pass(59.0).await;
    callbacks.receiver.is_quiet().await;
    bench.pass(1.0).await;
    assert_eq!(callbacks.text().await, "three");
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn an_address_that_is_set_anew_is_not_left_alone() {
    let (bench, mut callbacks) = routed().await;
    bench
        .deliver(json!({"timeout_s": 0.1, "attempts": 1, "pause_after": 1}))
        .await;
    callbacks.reply_after(Duration::from_secs(5), 200, "ok");
    bench.say("alice", "user:bot", "one").await;
    assert_eq!(callbacks.text().await, "one");
    bench.noted(|entry| entry["title"] == "route_url").await;
    bench.say("alice", "user:bot", "two").await;
    callbacks.receiver.is_quiet().await;
    let other = Callbacks::start().await;
    bench.deliver(json!({"route_url": other.url()})).await;
    let mut other = other;
    assert_eq!(other.text().await, "two");
}

#[tokio::test]
async fn a_reset_ends_what_was_under_way() {
    let (bench, mut callbacks) = routed().await;
    bench.deliver(json!({"timeout_s": 0.3})).await;
    callbacks.reply_after(Duration::from_secs(5), 200, "ok");
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(callbacks.text().await, "hello");
    bench.post("/control/reset", json!({})).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn a_forged_signature_is_one_that_nobody_takes() {
    let (bench, mut callbacks) = routed().await;
    bench
        .fault(json!({"kind": "forge_signature", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "hello").await;
    let (post, genuine) = callbacks.raw().await;
    assert!(!genuine);
    let query = post.uri().query().unwrap();
    assert!(query.contains("signature=000000"), "{query}");
    assert!(query.contains("timestamp=") && query.contains("nonce="));
}

#[tokio::test]
async fn what_a_fault_loses_comes_again_when_nobody_has_answered() {
    let (bench, mut callbacks) = routed().await;
    bench.deliver(json!({"timeout_s": 0.2})).await;
    bench
        .fault(json!({"kind": "drop", "where": "post", "count": 1}))
        .await;
    let began = Instant::now();
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(callbacks.text().await, "hello");
    assert!(began.elapsed() >= Duration::from_millis(200));
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn what_a_fault_doubles_is_one_message_twice() {
    let (bench, mut callbacks) = routed().await;
    bench
        .fault(json!({"kind": "duplicate", "where": "post", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(callbacks.next().await, callbacks.next().await);
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn what_a_fault_lets_others_overtake_comes_later() {
    let (bench, mut callbacks) = routed().await;
    bench
        .fault(json!({"kind": "reorder", "where": "post", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "first").await;
    bench.say("alice", "user:bot", "second").await;
    assert_eq!(callbacks.text().await, "second");
    assert_eq!(callbacks.text().await, "first");
}

#[tokio::test]
async fn what_the_server_sends_is_routed_unless_that_is_off() {
    let (bench, mut callbacks) = routed().await;
    let id = bench.publish("alice", "bob", "hello").await;
    let message = callbacks.heard().await;
    assert_eq!(message.source, Some(Source::Server));
    assert_eq!(message.msg_uid.unwrap().as_str(), id);

    bench.deliver(json!({"route_server_messages": false})).await;
    bench.publish("alice", "bob", "again").await;
    callbacks.receiver.is_quiet().await;
    bench.say("alice", "user:bob", "myself").await;
    assert_eq!(callbacks.text().await, "myself");
}

#[tokio::test]
async fn the_answer_to_a_call_leaves_before_what_it_caused() {
    let (bench, mut callbacks) = routed().await;
    bench.publish("alice", "bob", "hello").await;
    callbacks.heard().await;
    let journal = bench.journal().await;
    let place = |transport: &str, kind: &str| {
        let wanted =
            |entry: &serde_json::Value| entry["transport"] == transport && entry["kind"] == kind;
        journal.iter().position(wanted).unwrap()
    };
    assert!(place("http", "response") < place("post", "event"));
}

#[tokio::test]
async fn each_kind_goes_to_its_address() {
    let (bench, mut callbacks) = routed().await;
    let mut status = Callbacks::start().await;
    let mut chatroom = Callbacks::start().await;
    let mut operation = Callbacks::start().await;
    bench
        .deliver(json!({
            "status_url": status.url(),
            "chatroom_url": chatroom.url(),
            "operation_url": operation.url(),
        }))
        .await;

    bench
        .act("alice", "connect", json!({"os": "Android"}))
        .await;
    let Event::Online(changes) = status.next().await else {
        panic!("somebody came online");
    };
    assert_eq!(changes[0].userid.as_str(), "alice");
    assert_eq!(changes[0].status, OnlineState::Online);
    assert_eq!(changes[0].os, Some(Source::Android));

    bench.call("chatroom/create", "chatroom%5Br1%5D=One").await;
    let Event::Chatroom(changes) = chatroom.next().await else {
        panic!("a chatroom was made");
    };
    assert_eq!(changes[0].chat_room_id.as_str(), "r1");
    assert_eq!(changes[0].change, ChatroomChange::Created);

    let id = bench.publish("alice", "bob", "oops").await;
    let time = callbacks.heard().await.msg_timestamp.unwrap();
    let form =
        format!("fromUserId=alice&conversationType=1&targetId=bob&messageUID={id}&sentTime={time}");
    bench.call("message/recall", &form).await;
    let Event::Operation(recall) = operation.next().await else {
        panic!("a message was recalled");
    };
    let recalled = recall.original_msg_info.message_id.unwrap();
    assert_eq!(recalled.as_str(), id);
    let noted = bench
        .noted(|entry| entry["title"] == "message_operation")
        .await;
    assert_eq!(noted["message"], json!([id]));

    for address in [&mut status, &mut chatroom, &mut operation] {
        address.receiver.is_quiet().await;
    }
}

#[tokio::test]
async fn one_address_may_be_told_everything() {
    let mut callbacks = Callbacks::start().await;
    let bench =
        RongCloudBench::with(|builder| builder.rongcloud_callback_url(callbacks.url())).await;
    bench.act("alice", "connect", json!({})).await;
    assert!(matches!(callbacks.next().await, Event::Online(_)));
    bench.call("chatroom/create", "chatroom%5Br1%5D=One").await;
    assert!(matches!(callbacks.next().await, Event::Chatroom(_)));
    bench.say("alice", "user:bot", "hello").await;
    assert!(matches!(callbacks.next().await, Event::Check(_)));
    // An answer that says nothing of the message lets it pass.
    assert_eq!(callbacks.text().await, "hello");
    bench.shows("user:alice", &["hello"]).await;
}

#[tokio::test]
async fn what_has_no_address_is_in_the_journal() {
    let bench = RongCloudBench::start().await;
    let id = bench.say("alice", "user:bot", "hello").await;
    let noted = bench.noted(|entry| entry["verdict"] == "dropped").await;
    assert_eq!(noted["note"], "route_url is not set");
    assert_eq!(noted["message"], json!([id]));
    assert!(noted["body"].as_str().unwrap().contains("hello"));
    // What the application does itself it need not be told.
    bench.publish("alice", "bob", "from the server").await;
    bench.act("alice", "connect", json!({})).await;
    bench
        .noted(|entry| entry["note"] == "status_url is not set")
        .await;
    let dropped = bench.journal().await;
    let dropped = dropped.iter().filter(|entry| entry["verdict"] == "dropped");
    assert_eq!(dropped.count(), 2);
}

#[tokio::test]
async fn what_nobody_listens_for_is_in_the_journal() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", port.local_addr().unwrap());
    drop(port);
    let bench = RongCloudBench::with(|builder| builder.rongcloud_route_url(url)).await;
    bench.say("alice", "user:bot", "hello").await;
    bench
        .noted(|entry| entry["note"] == "repetition 2 of 2")
        .await;
    let noted = bench.noted(|entry| entry["verdict"] == "failed").await;
    assert_eq!(noted["transport"], "post");
    assert!(!noted["note"].as_str().unwrap().is_empty());
}
