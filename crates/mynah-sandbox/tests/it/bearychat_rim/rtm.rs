//! RTM sockets.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::support::{ALICE, ALL, BOT, BearyChatBench, DEV, said_in};

#[tokio::test]
async fn a_socket_hears_first_of_itself_and_then_what_people_say() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.fresh().await;
    let hello = rtm.next().await;
    assert_eq!(hello["type"], "update_user_connection");
    assert_eq!(
        hello["data"],
        json!({"connection": "connected", "uid": BOT})
    );
    assert!(hello["ts"].is_u64(), "{hello}");

    let key = bench.say("alice", "user:bot", "hello").await;
    let event = rtm.next().await;
    assert_eq!(event["type"], "message");
    assert_eq!(event["key"], json!(key));
    assert_eq!(
        (&event["uid"], &event["to_uid"]),
        (&json!(ALICE), &json!(BOT))
    );
    assert_eq!(
        (&event["text"], &event["subtype"]),
        (&json!("hello"), &json!("normal"))
    );

    bench.say("alice", &format!("group:{ALL}"), "all").await;
    let event = rtm.next().await;
    assert_eq!(event["type"], "channel_message");
    assert_eq!(event["channel_id"], ALL);
    // Where the bot does not belong, it hears nothing.
    bench.say("alice", &format!("group:{DEV}"), "dev").await;
    rtm.0.is_quiet().await;
}

#[tokio::test]
async fn both_ways_to_start_open_a_socket_and_a_ticket_opens_several() {
    let bench = BearyChatBench::start().await;
    let answer = bench.try_call("v1/rtm.start", &json!({})).await;
    assert_eq!(answer.status, 200);
    let started = answer.json();
    assert_eq!(started["user"]["id"], BOT, "{started}");
    let root = bench.running.url().replacen("http", "ws", 1);
    let host = started["ws_host"].as_str().unwrap();
    let path = host.strip_prefix(&root).unwrap();
    assert!(path.starts_with("/bearychat/rtm/nimbus/ws:"), "{path}");
    let mut first = bench.open(path).await.unwrap();
    assert_eq!(first.next().await["data"]["connection"], "connected");
    let mut second = bench.open(path).await.unwrap();
    assert_eq!(second.next().await["data"]["connection"], "connected");
    // The first one hears of the second.
    assert_eq!(first.next().await["data"]["connection"], "connected");
    bench.say("alice", "user:bot", "both").await;
    assert_eq!(first.heard().await, "both");
    assert_eq!(second.heard().await, "both");
    drop(second);
    let closed = |entry: &Value| entry["title"].as_str().unwrap().starts_with("close ");
    bench.noted(closed).await;
    // There still is a connection.
    first.0.is_quiet().await;
}

#[tokio::test]
async fn every_ping_is_answered_by_a_reply_and_its_twin() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    for call_id in [0, 1, 1, 65_533] {
        let (reply, twin) = rtm.call(json!({"type": "ping", "call_id": call_id})).await;
        assert_eq!(
            (&reply["code"], &reply["status"]),
            (&json!(0), &json!("ok"))
        );
        let twin = twin.unwrap();
        assert_eq!(twin["type"], "pong");
        assert_eq!(twin["ts"], reply["ts"]);
    }
    // They would be all that the journal has.
    let journal = Value::from(bench.journal().await).to_string();
    assert!(!journal.contains("ping"), "{journal}");
}

#[tokio::test]
async fn what_the_bot_says_is_acknowledged_before_it_is_heard() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let (reply, twin) = rtm.call(said_in(ALL, "hello", 7)).await;
    assert_eq!(reply["code"], 0);
    let twin = twin.unwrap();
    assert_eq!(
        (&twin["type"], &twin["text"]),
        (&json!("ok"), &json!("hello"))
    );
    let echo = rtm.next().await;
    assert_eq!(echo["type"], "channel_message");
    assert_eq!(
        (&echo["uid"], &echo["text"]),
        (&json!(BOT), &json!("hello"))
    );
    bench.shows(&format!("group:{ALL}"), &["hello"]).await;

    let asked = bench
        .noted(|entry| entry["kind"] == "request" && entry["title"] == "channel_message")
        .await;
    assert_eq!(asked["transport"], "ws-forward");
    assert_eq!(asked["message"], json!([echo["key"]]));
    let answered = bench.noted(|entry| entry["pair"] == asked["id"]).await;
    assert!(
        answered["body"].as_str().unwrap().contains("reply"),
        "{answered}"
    );
    let told =
        bench.noted(|entry| entry["kind"] == "event" && entry["message"] == asked["message"]);
    assert_eq!(told.await["verdict"], "ok");
}

#[tokio::test]
async fn a_reply_quotes_and_two_talk_alone() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let key = bench.say("alice", "user:bot", "question").await;
    let asked = rtm.next().await;
    let answer = json!({
        "type": "message", "vchannel_id": asked["vchannel_id"], "to_uid": ALICE,
        "text": "answer", "refer_key": key, "call_id": 1,
    });
    rtm.call(answer).await;
    let echo = rtm.next().await;
    assert_eq!(
        (&echo["type"], &echo["refer_key"]),
        (&json!("message"), &json!(key))
    );
    bench
        .shows(&format!("user:{ALICE}"), &["question", "answer"])
        .await;
}

#[tokio::test]
async fn what_calls_do_is_told_to_sockets_and_comes_after_the_answer() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let key = bench.post_text(ALL, "hello").await;
    let echo = rtm.next().await;
    assert_eq!((&echo["key"], &echo["uid"]), (&json!(key), &json!(BOT)));

    let named = json!({"vchannel_id": ALL, "key": key, "reaction": ":+1:"});
    assert_eq!(
        bench.try_call("v1/reaction.create", &named).await.status,
        200
    );
    let event = rtm.next().await;
    assert_eq!(event["type"], "add_message_reaction");
    assert_eq!(event["data"]["message_key"], json!(key));
    let answer = bench.try_call("v1/reaction.delete", &named).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(rtm.next().await["type"], "delete_message_reaction");

    let named = json!({"vchannel_id": ALL, "message_key": key});
    let answer = bench.try_call("v1/message.delete", &named).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    let event = rtm.next().await;
    assert_eq!(event["type"], "update_channel_message");
    assert_eq!(event["data"]["deleted"], true);
    assert_eq!(event["data"]["text"], "该消息已被删除");
    let noted = bench
        .noted(|entry| entry["title"] == "update_channel_message")
        .await;
    assert_eq!(noted["message"], json!([key]));
}

#[tokio::test]
async fn what_the_bot_may_not_do_is_refused_and_the_socket_goes_on() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let (reply, _) = rtm.call(said_in(DEV, "hello", 1)).await;
    assert_eq!(
        (&reply["status"], &reply["code"]),
        (&json!("error"), &json!(4))
    );
    assert_eq!(reply["error"], "没有权限");
    let noted = bench
        .noted(|entry| entry["kind"] == "response" && entry["title"] == "channel_message")
        .await;
    assert_eq!(
        (&noted["verdict"], &noted["note"]),
        (&json!("failed"), &json!("code 4"))
    );
    let (reply, _) = rtm.call(json!({"type": "ping", "call_id": 2})).await;
    assert_eq!(reply["status"], "ok");
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_and_the_socket_goes_on() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let (reply, _) = rtm.call(json!({"type": "dance", "call_id": 1})).await;
    assert_eq!(
        (&reply["status"], &reply["code"]),
        (&json!("error"), &json!(1))
    );
    for frame in [
        r#"{"type":"ping"}"#,
        r#"{"type":"ping","call_id":"one"}"#,
        "{oops",
        "[]",
        "",
    ] {
        rtm.0.send_text(frame).await;
        let reply = rtm.next().await;
        assert_eq!(reply["type"], "reply", "{frame}: {reply}");
        assert_eq!(
            (&reply["status"], &reply["code"]),
            (&json!("error"), &json!(1))
        );
        assert_eq!(reply["call_id"], Value::Null, "{frame}: {reply}");
    }
    let noted = bench.noted(|entry| entry["title"] == "dance").await;
    assert_eq!(
        (&noted["direction"], &noted["kind"]),
        (&json!("in"), &json!("frame"))
    );
    let (reply, _) = rtm.call(json!({"type": "ping", "call_id": 2})).await;
    assert_eq!(reply["status"], "ok");
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_the_socket() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let frame = said_in(ALL, &"x".repeat(1 << 20), 1);
    rtm.send(frame).await;
    assert_eq!(rtm.0.closed().await, 1009);
    bench.noted(|entry| entry["title"] == "close 1009").await;
    bench.shows(&format!("group:{ALL}"), &[]).await;
}

#[tokio::test]
async fn a_silent_socket_is_closed_by_the_virtual_time() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    bench.pass(29.0).await;
    rtm.0.is_quiet().await;
    rtm.call(json!({"type": "ping", "call_id": 1})).await;
    bench.pass(29.0).await;
    rtm.0.is_quiet().await;
    // A ping of the WebSocket protocol is a frame as well.
    rtm.0.send(Message::Ping(Vec::new().into())).await;
    assert!(matches!(rtm.0.next().await, Some(Ok(Message::Pong(_)))));
    bench.pass(29.0).await;
    rtm.0.is_quiet().await;
    bench.pass(2.0).await;
    assert_eq!(rtm.0.closed().await, 1001);
    let noted = bench.noted(|entry| entry["title"] == "close 1001").await;
    assert_eq!(noted["note"], "idle");
}

#[tokio::test]
async fn how_long_a_socket_may_be_silent_can_be_set_and_what_it_hears_does_not_count() {
    let bench = BearyChatBench::start().await;
    bench.deliver(json!({"idle_s": 0.3})).await;
    let mut rtm = bench.rtm().await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(rtm.heard().await, "hello");
    assert_eq!(rtm.0.closed().await, 1001);
}

#[tokio::test]
async fn a_ticket_is_good_for_five_minutes_and_a_dead_one_is_refused() {
    let bench = BearyChatBench::start().await;
    let ticket = bench.ticket().await;
    bench.pass(299.0).await;
    assert!(bench.open(&ticket).await.is_ok());
    bench.pass(2.0).await;
    assert_eq!(bench.open(&ticket).await.err(), Some(401));
    for path in ["ws:", "ws:unknown", "unknown", "ws:a/b"] {
        let path = format!("/bearychat/rtm/nimbus/{path}");
        assert_eq!(bench.open(&path).await.err(), Some(401), "{path}");
    }
    let noted = bench.noted(|entry| entry["status"] == 401).await;
    assert_eq!(
        (&noted["title"], &noted["verdict"]),
        (&json!("connect rtm"), &json!("refused"))
    );
    // Who asks for no socket is told that there is nothing.
    let answer = bench.get("/bearychat/rtm/nimbus/ws:unknown").await;
    assert_eq!((answer.status, &answer.json()["code"]), (404, &json!(6)));
}

#[tokio::test]
async fn the_journal_has_the_socket_and_no_ticket() {
    let bench = BearyChatBench::start().await;
    let ticket = bench.ticket().await;
    let mut rtm = bench.open(&ticket).await.unwrap();
    rtm.next().await;
    let opened = bench.noted(|entry| entry["title"] == "connect rtm").await;
    assert_eq!(opened["status"], 101);
    assert_eq!(opened["url"], "/bearychat/rtm/nimbus/…");
    let journal = Value::from(bench.journal().await).to_string();
    let (_, ticket) = ticket.rsplit_once("ws:").unwrap();
    assert!(!journal.contains(ticket), "{journal}");
}

#[tokio::test]
async fn the_last_socket_that_closes_is_told_to_the_others() {
    let bench = BearyChatBench::start().await;
    let rtm = bench.rtm().await;
    rtm.0.close().await;
    let noted = bench.noted(|entry| {
        let body = entry["body"].as_str().unwrap();
        entry["title"] == "update_user_connection" && body.contains("disconnected")
    });
    // There is nobody who would hear it, and that is no news.
    let gone = async { tokio::time::timeout(crate::support::QUIET, noted).await };
    assert!(gone.await.is_err());
}

#[tokio::test]
async fn what_nobody_hears_is_noted() {
    let bench = BearyChatBench::start().await;
    let key = bench.say("alice", "user:bot", "hello").await;
    let noted = bench.noted(|entry| entry["verdict"] == "dropped").await;
    assert_eq!(noted["note"], "nobody is connected");
    assert_eq!(
        (&noted["title"], &noted["message"]),
        (&json!("message"), &json!([key]))
    );
    // What the bot says itself is no loss.
    bench.post_text(ALL, "mine").await;
    let journal = bench.journal().await;
    let lost = journal.iter().filter(|entry| entry["verdict"] == "dropped");
    assert_eq!(lost.count(), 1);
}

#[tokio::test]
async fn a_reset_leaves_sockets_open() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    bench.post("/control/reset", json!({})).await;
    bench.say("alice", "user:bot", "again").await;
    assert_eq!(rtm.heard().await, "again");
}
