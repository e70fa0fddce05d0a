//! All that leaves the platform by itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::support::{ALL, BearyChatBench, said_in};
use crate::support::Receiver;

/// Every kind of event, of other frames, and of what is posted.
pub(crate) const PRODUCED: [&str; 12] = [
    "message",
    "channel_message",
    "update_message",
    "update_channel_message",
    "add_message_reaction",
    "delete_message_reaction",
    "update_user_connection",
    "reply",
    "pong",
    "ok",
    "outgoing",
    "hubot",
];

#[tokio::test]
async fn every_kind_of_event_frame_and_post_is_sent() {
    let mut robot = Receiver::start().await;
    let mut hubot = Receiver::start().await;
    let bench = BearyChatBench::start().await;
    bench
        .deliver(json!({"outgoing_url": robot.url, "hubot_url": hubot.url}))
        .await;
    let mut rtm = bench.fresh().await;
    let mut told = BTreeSet::new();
    let group = format!("group:{ALL}");

    let alone = bench.say("alice", "user:bot", "hello").await;
    bench
        .act(
            "alice",
            "edit",
            json!({"message": alone, "text": "hello again"}),
        )
        .await;
    let among = bench.say("alice", &group, "!robot @<==bwBot=>").await;
    for _ in 0..2 {
        bench
            .act("bob", "react", json!({"message": among, "emoji": ":+1:"}))
            .await;
    }
    bench
        .act("alice", "recall", json!({"message": among}))
        .await;
    rtm.send(json!({"type": "ping", "call_id": 1})).await;
    rtm.send(said_in(ALL, "done", 2)).await;
    loop {
        let frame = rtm.next().await;
        told.insert(frame["type"].as_str().unwrap().to_owned());
        if frame["text"] == "done" && frame["type"] == "channel_message" {
            break;
        }
    }
    for receiver in [&mut robot, &mut hubot] {
        let post: Value = receiver.event().await;
        let kind = if post["trigger_word"].is_string() {
            "outgoing"
        } else {
            "hubot"
        };
        told.insert(kind.to_owned());
    }
    let produced = PRODUCED.map(ToOwned::to_owned);
    assert_eq!(told, BTreeSet::from(produced));
}
