//! Stream connections.

use std::time::{Duration, Instant};

use mynah_dingtalk::stream::topic;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::support::{APP_KEY, APP_SECRET, CORP_ID, DingTalkBench, everything, robot, timed};
use crate::support::{QUIET, in_time};

#[tokio::test]
async fn what_people_say_comes_over_the_connection_and_is_answered_by_the_session_webhook() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    let id = bench.say("alice", "user:bot", "hello").await;
    let (frame, data) = stream.told().await;
    assert_eq!(frame["type"], "CALLBACK");
    let headers = &frame["headers"];
    assert_eq!(headers["topic"], topic::ROBOT);
    assert_eq!(headers["contentType"], "application/json");
    for name in ["appId", "connectionId", "messageId", "time"] {
        assert!(headers[name].is_string(), "{name} in {frame}");
    }
    assert_eq!(data["msgId"], json!(id));
    assert_eq!(data["conversationType"], "1");
    assert_eq!(data["senderStaffId"], "alice");
    assert_eq!(data["text"]["content"], "hello");

    let webhook = data["sessionWebhook"].as_str().unwrap();
    let path = webhook.strip_prefix(&bench.running.url()).unwrap();
    let reply = json!({"msgtype": "text", "text": {"content": "hi"}});
    let answer = bench.post(path, reply).await;
    assert_eq!(answer.json()["errcode"], 0, "{answer:?}");
    bench.shows("user:alice", &["hello", "hi"]).await;
}

#[tokio::test]
async fn the_journal_has_frames_both_ways_and_no_secrets() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    let id = bench.say("alice", "user:bot", "hello").await;
    let (_, data) = stream.told().await;
    let told = bench.noted(|entry| entry["kind"] == "event").await;
    assert_eq!(told["title"], "robot text");
    assert_eq!(told["transport"], "ws-forward");
    assert_eq!(told["message"], json!([id]));
    assert!(told["body"].as_str().unwrap().contains("hello"));
    let taken = bench.noted(|entry| entry["pair"] == told["id"]).await;
    assert_eq!(taken["direction"], "in");
    assert_eq!(taken["verdict"], "ok");
    assert_eq!(taken["message"], json!([id]));
    let opened = bench
        .noted(|entry| entry["title"] == "connect stream")
        .await;
    assert_eq!(opened["status"], 101);
    assert_eq!(opened["url"], "/dingtalk/connect?ticket=…");
    let journal = Value::from(bench.journal().await).to_string();
    let webhook = data["sessionWebhook"].as_str().unwrap();
    let (_, session) = webhook.split_once("session=").unwrap();
    assert!(!journal.contains(session) && !journal.contains(APP_SECRET));
}

#[tokio::test]
async fn a_ticket_opens_one_connection_within_ninety_seconds() {
    let bench = DingTalkBench::start().await;
    assert_eq!(bench.redeem("stranger").await.err(), Some(401));
    let ticket = bench.ticket(&everything()).await;
    let stream = bench.redeem(&ticket).await.unwrap();
    assert_eq!(bench.redeem(&ticket).await.err(), Some(401));
    drop(stream);
    let late = bench.ticket(&everything()).await;
    bench.pass(90.0).await;
    assert_eq!(bench.redeem(&late).await.err(), Some(401));
    let refused = bench.noted(|entry| entry["status"] == 401).await;
    assert_eq!(refused["verdict"], "refused");
}

#[tokio::test]
async fn who_does_not_know_the_secret_gets_no_ticket() {
    let bench = DingTalkBench::start().await;
    let asked = json!({"clientId": APP_KEY, "clientSecret": "wrong", "subscriptions": robot()});
    let path = "/dingtalk/v1.0/gateway/connections/open";
    let answer = bench.post(path, asked).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "authFailed", "{answer:?}");
}

#[tokio::test]
async fn the_endpoint_is_the_sandbox_itself() {
    let bench = DingTalkBench::start().await;
    let answer = bench.open(&everything()).await.json();
    let endpoint = format!("ws://{}/dingtalk/connect", bench.addr());
    assert_eq!(answer["endpoint"], json!(endpoint), "{answer}");
}

#[tokio::test]
async fn each_thing_goes_over_one_of_several_connections_by_chance() {
    const MANY: usize = 24;
    let bench = DingTalkBench::start().await;
    let mut streams = [bench.stream().await, bench.stream().await];
    for n in 0..MANY {
        bench.say("alice", "user:bot", &n.to_string()).await;
    }
    let mut heard: Vec<usize> = Vec::new();
    for stream in &mut streams {
        let mut own = 0;
        while let Ok(frame) = tokio::time::timeout(QUIET, stream.0.json()).await {
            let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
            heard.push(data["text"]["content"].as_str().unwrap().parse().unwrap());
            own += 1;
        }
        assert!(own > 0, "one connection has heard nothing");
    }
    heard.sort_unstable();
    assert_eq!(heard, (0..MANY).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_connection_is_told_what_it_asked_for() {
    let bench = DingTalkBench::start().await;
    let mut robots = bench.stream_of(&robot()).await;
    let mut events = bench
        .stream_of(&json!([{"type": "EVENT", "topic": "*"}]))
        .await;
    for n in 0..4 {
        bench.say("alice", "user:bot", "hello").await;
        bench.rename(&format!("group {n}")).await;
    }
    for _ in 0..4 {
        assert_eq!(robots.heard().await, "hello");
        assert_eq!(events.told().await.0["type"], "EVENT");
    }
    robots.0.is_quiet().await;
    events.0.is_quiet().await;
}

#[tokio::test]
async fn what_nobody_hears_is_in_the_journal_and_the_person_sees_it() {
    let bench = DingTalkBench::start().await;
    let id = bench.say("alice", "user:bot", "hello").await;
    let lost = bench.noted(|entry| entry["verdict"] == "dropped").await;
    assert_eq!(lost["note"], "nobody is connected");
    assert_eq!(lost["message"], json!([id]));
    let page = bench
        .get("/control/messages?platform=dingtalk&conversation=user:alice")
        .await
        .json();
    assert_ne!(page["messages"][1]["kind"], "message", "{page}");
    // The next one who connects does not hear of it.
    let mut stream = bench.stream().await;
    stream.0.is_quiet().await;
}

#[tokio::test]
async fn an_event_has_its_facts_in_the_headers_and_the_shape_of_stream() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.rename("renamed").await;
    let (frame, data) = stream.told().await;
    assert_eq!(frame["type"], "EVENT");
    let headers = &frame["headers"];
    assert_eq!(headers["topic"], "*");
    assert_eq!(headers["eventType"], "chat_update_title");
    assert_eq!(headers["eventCorpId"], CORP_ID);
    assert!(headers["eventId"].is_string() && headers["eventBornTime"].is_string());
    assert_eq!(data["title"], "renamed");
    assert_eq!(data["chatId"], "chatgeneral");
    assert_eq!(data["operator"], "alice");
    assert!(data.get("EventType").is_none(), "{data}");
}

#[tokio::test]
async fn an_event_comes_again_every_minute_until_it_is_taken_and_three_times_at_most() {
    let bench = DingTalkBench::start().await;
    bench.deliver(json!({"ping_interval_s": 3600})).await;
    let mut stream = bench.stream().await;
    bench.rename("renamed").await;
    let first = stream.next().await;
    for _ in 0..3 {
        bench.pass(58.0).await;
        stream.0.is_quiet().await;
        bench.pass(2.0).await;
        let again = stream.next().await;
        let (id, event) = ("messageId", "eventId");
        assert_eq!(again["headers"][event], first["headers"][event]);
        assert_eq!(again["headers"][id], first["headers"][id]);
    }
    bench.pass(60.0).await;
    stream.0.is_quiet().await;
    bench
        .noted(|entry| entry["note"] == "1 events are not sent again: nobody takes them")
        .await;
}

/// Whether an entry of the journal is about the end of a connection.
fn is_closed(entry: &Value) -> bool {
    let title = entry["title"].as_str().unwrap_or_default();
    title.starts_with("close ")
}

#[tokio::test]
async fn only_the_word_of_success_ends_the_repetitions() {
    let bench = DingTalkBench::start().await;
    bench
        .deliver(json!({"redeliver_after_s": 5, "ping_interval_s": 3600}))
        .await;
    let mut stream = bench.stream().await;
    bench.rename("renamed").await;
    let frame = stream.next().await;
    stream
        .acknowledge(&frame, 200, &json!({"status": "LATER"}))
        .await;
    bench.noted(|entry| entry["note"] == "later").await;
    bench.pass(5.0).await;
    let frame = stream.next().await;
    stream.acknowledge(&frame, 500, &json!({})).await;
    bench.noted(|entry| entry["note"] == "code 500").await;
    bench.pass(5.0).await;
    // One client echoes the event.
    let frame = stream.next().await;
    stream
        .acknowledge(&frame, 200, &json!({"title": "renamed"}))
        .await;
    bench
        .noted(|entry| {
            entry["title"] == "chat_update_title"
                && entry["direction"] == "in"
                && entry["verdict"] == "ok"
        })
        .await;
    bench.pass(5.0).await;
    stream.0.is_quiet().await;
}

#[tokio::test]
async fn an_event_that_nobody_has_taken_comes_over_the_next_connection() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.rename("renamed").await;
    let first = stream.next().await;
    drop(stream);
    bench.noted(is_closed).await;
    bench.pass(60.0).await;
    let mut stream = bench.stream().await;
    let (again, _) = stream.told().await;
    assert_eq!(again["headers"]["eventId"], first["headers"]["eventId"]);
}

#[tokio::test]
async fn what_is_said_to_the_robot_is_not_repeated() {
    let bench = DingTalkBench::start().await;
    bench.deliver(json!({"ping_interval_s": 3600})).await;
    let mut stream = bench.stream().await;
    bench.say("alice", "user:bot", "hello").await;
    let frame = stream.next().await;
    stream.acknowledge(&frame, 500, &json!({})).await;
    bench.noted(|entry| entry["note"] == "code 500").await;
    bench.pass(60.0).await;
    stream.0.is_quiet().await;
}

#[tokio::test]
async fn a_reset_forgets_what_nobody_has_taken() {
    let bench = DingTalkBench::start().await;
    bench.deliver(json!({"ping_interval_s": 3600})).await;
    let mut stream = bench.stream().await;
    bench.rename("renamed").await;
    stream.next().await;
    bench.post("/control/reset", json!({})).await;
    bench.pass(60.0).await;
    stream.0.is_quiet().await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(stream.heard().await, "hello");
}

#[tokio::test]
async fn the_platform_asks_every_thirty_seconds_whether_the_connection_is_alive() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    for _ in 0..2 {
        bench.pass(29.0).await;
        stream.0.is_quiet().await;
        bench.pass(1.0).await;
        let frame = stream.next().await;
        assert_eq!(frame["type"], "SYSTEM");
        assert_eq!(frame["headers"]["topic"], "ping");
        let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
        assert!(data["opaque"].is_string(), "{frame}");
        stream.acknowledge(&frame, 200, &data).await;
    }
    bench.noted(|entry| entry["title"] == "ping").await;
    let answered = |entry: &Value| entry["title"] == "acknowledgement";
    assert_eq!(bench.noted(answered).await["direction"], "in");
}

#[tokio::test]
async fn a_ping_of_the_socket_is_answered_and_is_no_matter_for_the_journal() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    stream.0.send(Message::Ping("life".into())).await;
    match stream.0.next().await {
        Some(Ok(Message::Pong(life))) => assert_eq!(life, "life"),
        other => panic!("no pong: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_no_acknowledgement_is_passed_over_and_noted() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    for frame in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"code":200}"#,
        r#"{"code":[],"headers":{"messageId":"1"}}"#,
    ] {
        stream.0.send_text(frame).await;
    }
    let unknown = |entry: &Value| entry["note"] == "this is no acknowledgement";
    in_time(async {
        while bench
            .journal()
            .await
            .iter()
            .filter(|it| unknown(it))
            .count()
            < 6
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    // An acknowledgement of nothing is one.
    let nothing = json!({"headers": {"messageId": "nothing"}});
    stream.acknowledge(&nothing, 200, &json!({})).await;
    bench
        .noted(|entry| entry["title"] == "acknowledgement")
        .await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(stream.heard().await, "hello");
}

#[tokio::test]
async fn a_disconnect_closes_all_connections_and_they_may_come_back() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.fault(json!({"kind": "disconnect"})).await;
    assert_eq!(stream.0.closed().await, 1001);
    let mut stream = bench.stream().await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(stream.heard().await, "hello");
}

#[tokio::test]
async fn a_farewell_is_announced_and_ten_seconds_later_the_connection_is_closed() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.fault(json!({"kind": "farewell"})).await;
    let frame = stream.next().await;
    assert_eq!(frame["type"], "SYSTEM");
    assert_eq!(frame["headers"]["topic"], "disconnect");
    let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
    assert!(data["reason"].is_string(), "{frame}");
    let noted = bench.noted(|entry| entry["title"] == "disconnect").await;
    assert_eq!(noted["note"], "fault: farewell");

    // What is said now is lost, as long as there is no other connection.
    bench.say("alice", "user:bot", "lost").await;
    bench.noted(|entry| entry["verdict"] == "dropped").await;
    let mut other = bench.stream().await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(other.heard().await, "hello");
    stream.0.is_quiet().await;

    bench.pass(10.0).await;
    assert_eq!(stream.0.closed().await, 1000);
    bench.say("alice", "user:bot", "again").await;
    assert_eq!(other.heard().await, "again");
}

#[tokio::test]
async fn an_event_waits_for_another_connection_when_the_end_of_the_only_one_is_announced() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.fault(json!({"kind": "farewell"})).await;
    stream.next().await;
    bench.rename("renamed").await;
    stream.0.is_quiet().await;
    let mut other = bench.stream().await;
    assert_eq!(other.told().await.1["title"], "renamed");
}

#[tokio::test]
async fn a_cut_connection_stays_open_and_nothing_passes() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.fault(json!({"kind": "cut"})).await;
    stream.0.send(Message::Ping("life".into())).await;
    bench.say("alice", "user:bot", "hello").await;
    bench.pass(31.0).await;
    stream.0.is_quiet().await;
    let cut = bench.noted(|entry| entry["note"] == "fault: cut").await;
    assert_eq!(cut["verdict"], "dropped");
    // Who leaves is not kept.
    drop(stream);
    bench.noted(is_closed).await;
}

#[tokio::test]
async fn what_is_said_after_a_cut_comes_once_and_in_order_over_the_next_connection() {
    let bench = DingTalkBench::start().await;
    let mut dead = bench.stream().await;
    bench.fault(json!({"kind": "cut"})).await;
    for text in ["one", "two", "three"] {
        bench.say("alice", "user:bot", text).await;
    }
    tokio::time::sleep(QUIET).await;
    let mut stream = bench.stream().await;
    for text in ["one", "two", "three"] {
        assert_eq!(stream.heard().await, text);
    }
    stream.0.is_quiet().await;
    dead.0.is_quiet().await;
    bench.say("alice", "user:bot", "four").await;
    assert_eq!(stream.heard().await, "four");
}

#[tokio::test]
async fn a_cut_connection_is_passed_by_where_another_is_alive() {
    let bench = DingTalkBench::start().await;
    let mut dead = bench.stream().await;
    bench.fault(json!({"kind": "cut"})).await;
    let mut alive = bench.stream().await;
    for n in 0..8 {
        bench.say("alice", "user:bot", &n.to_string()).await;
        let (heard, took) = timed(alive.heard()).await;
        assert_eq!(heard, n.to_string());
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
    dead.0.is_quiet().await;
}

#[tokio::test]
async fn what_waits_too_long_for_a_connection_is_lost() {
    let bench = DingTalkBench::start().await;
    bench.deliver(json!({"hold_s": 0.3})).await;
    let _dead = bench.stream().await;
    bench.fault(json!({"kind": "cut"})).await;
    let began = Instant::now();
    bench.say("alice", "user:bot", "hello").await;
    let lost = |entry: &Value| entry["note"] == "the connection is dead, and no other came in time";
    bench.noted(lost).await;
    assert!(began.elapsed() >= Duration::from_millis(300));
    let mut stream = bench.stream().await;
    stream.0.is_quiet().await;
    bench.say("alice", "user:bot", "again").await;
    assert_eq!(stream.heard().await, "again");
}

#[tokio::test]
async fn with_nothing_to_wait_for_it_is_lost_at_once() {
    let bench = DingTalkBench::start().await;
    bench.deliver(json!({"hold_s": 0})).await;
    let _dead = bench.stream().await;
    bench.fault(json!({"kind": "cut"})).await;
    bench.say("alice", "user:bot", "hello").await;
    let lost = bench.journal().await;
    let lost = lost.iter().filter(|entry| entry["verdict"] == "dropped");
    assert!(lost.count() > 0);
}

#[tokio::test]
async fn an_event_after_a_cut_comes_over_the_next_connection() {
    let bench = DingTalkBench::start().await;
    let _dead = bench.stream().await;
    bench.fault(json!({"kind": "cut"})).await;
    bench.rename("renamed").await;
    let mut stream = bench.stream().await;
    assert_eq!(stream.told().await.1["title"], "renamed");
}

#[tokio::test]
async fn a_half_open_fault_stalls_so_many_connections_until_it_is_lifted() {
    let bench = DingTalkBench::start().await;
    let mut first = bench.stream().await;
    bench
        .fault(json!({"kind": "half_open", "where": "ws", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "hello").await;
    let mut second = bench.stream().await;
    assert_eq!(second.heard().await, "hello");
    first.0.is_quiet().await;
    drop(second);
    bench.noted(is_closed).await;
    bench.lift().await;
    bench.say("alice", "user:bot", "again").await;
    assert_eq!(first.heard().await, "again");
}

#[tokio::test]
async fn what_faults_do_to_events_of_others_they_do_to_frames() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench.stream().await;
    bench.fault(json!({"kind": "duplicate", "count": 1})).await;
    bench.say("alice", "user:bot", "twice").await;
    let (first, _) = stream.told().await;
    let (second, _) = stream.told().await;
    assert_eq!(first["data"], second["data"]);

    bench
        .fault(json!({"kind": "drop", "where": "ws", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "lost").await;
    bench.noted(|entry| entry["note"] == "fault: lost").await;
    stream.0.is_quiet().await;

    bench
        .fault(json!({"kind": "delay", "where": "ws", "ms": 300, "count": 1}))
        .await;
    let began = Instant::now();
    bench.say("alice", "user:bot", "late").await;
    assert_eq!(stream.heard().await, "late");
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_card_that_is_pressed_tells_who_asked_for_cards() {
    let bench = DingTalkBench::start().await;
    let mut stream = bench
        .stream_of(&json!([{"type": "CALLBACK", "topic": topic::CARD}]))
        .await;
    let token = bench.token().await;
    let card = json!({
        "cardTemplateId": "t", "outTrackId": "track-1", "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"title": "Vote"}},
        "openSpaceId": "dtv1.card//IM_ROBOT.alice",
        "imRobotOpenSpaceModel": {"supportForward": true},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": APP_KEY},
    });
    let headers = [("x-acs-dingtalk-access-token", token.as_str())];
    let path = "/dingtalk/v1.0/card/instances/createAndDeliver";
    let answer = bench
        .send(http::Method::POST, path, &headers, card.to_string())
        .await
        .unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let page = bench
        .get("/control/messages?platform=dingtalk&conversation=user:alice")
        .await
        .json();
    let press = json!({"platform": "dingtalk", "who": "alice", "action": "press",
        "message": page["messages"][0]["id"], "key": "yes"});
    let answer = bench.post("/control/act", press).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (frame, data) = stream.told().await;
    assert_eq!(frame["headers"]["topic"], topic::CARD);
    assert_eq!(data["outTrackId"], "track-1");
    assert_eq!(data["userId"], "alice");
    let journal = Value::from(bench.journal().await).to_string();
    assert!(!journal.contains(&token), "the token is in the journal");
}
