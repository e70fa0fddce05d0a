//! What can be made to go wrong.

use std::time::{Duration, Instant};

use serde_json::json;

use super::support::{ALL, BearyChatBench, HOOK, said_in};

#[tokio::test]
async fn a_call_is_refused_in_the_words_of_the_platform_and_changes_nothing() {
    let bench = BearyChatBench::start().await;
    let body = json!({"vchannel_id": ALL, "vchannel": ALL, "text": "hello"});
    for (kind, status, code) in [
        ("rate_limit", 429, 13),
        ("status_5xx", 500, 10),
        ("expire_tokens", 401, 2),
    ] {
        for path in ["v1/message.create", "rtm/message"] {
            bench.fault(json!({"kind": kind, "count": 1})).await;
            let answer = bench.try_call(path, &body).await;
            assert_eq!(answer.status, status, "{kind} {path}: {answer:?}");
            let words = answer.json();
            assert_eq!(words["code"], code, "{kind} {path}: {words}");
            assert!(
                words["error"]
                    .as_str()
                    .is_some_and(|words| !words.is_empty())
            );
            let enveloped = words.as_object().unwrap().contains_key("result");
            assert_eq!(enveloped, path.starts_with("rtm"), "{words}");
            let limited = answer.headers.contains_key("x-ratelimit-limit");
            assert_eq!(limited, path.starts_with("v1"), "{kind} {path}");
            let noted = bench.noted(|entry| entry["note"] == "fault: refused").await;
            assert_eq!(noted["verdict"], "refused", "{kind}");
        }
    }
    bench.shows(&format!("group:{ALL}"), &[]).await;
    assert_eq!(bench.try_call("v1/message.create", &body).await.status, 201);
}

#[tokio::test]
async fn where_nothing_is_left_the_headers_say_so() {
    let bench = BearyChatBench::start().await;
    bench.fault(json!({"kind": "rate_limit", "count": 1})).await;
    let answer = bench.try_read("user.me").await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
}

#[tokio::test]
async fn what_shows_no_token_has_none_that_expires() {
    let bench = BearyChatBench::start().await;
    bench.fault(json!({"kind": "expire_tokens"})).await;
    assert_eq!(bench.get("/bearychat/v1/meta").await.status, 200);
    let posted = bench.post(HOOK, json!({"text": "hello"})).await;
    assert_eq!(posted.status, 200, "{posted:?}");
    assert_eq!(bench.try_read("user.me").await.status, 401);
}

#[tokio::test]
async fn what_is_not_there_answers_with_a_page() {
    let bench = BearyChatBench::start().await;
    bench.fault(json!({"kind": "html", "count": 1})).await;
    let answer = bench.try_read("user.me").await;
    assert_eq!(answer.status, 502);
    assert_eq!(answer.header("content-type"), "text/html");
    assert!(answer.body.starts_with(b"<html>"));
}

#[tokio::test]
async fn what_goes_wrong_elsewhere_is_refused_here() {
    let bench = BearyChatBench::start().await;
    for kind in ["farewell", "blocked", "timeout"] {
        let fault = json!({"platform": "bearychat", "kind": kind});
        let answer = bench.post("/control/fault", fault).await;
        assert_eq!(answer.status, 400, "{kind}");
        assert_eq!(answer.json()["error"]["field"], "kind");
    }
}

#[tokio::test]
async fn an_answer_may_get_lost_and_a_call_happen_twice() {
    let bench = BearyChatBench::start().await;
    bench
        .fault(json!({"kind": "duplicate", "where": "http", "count": 1}))
        .await;
    bench.post_text(ALL, "twice").await;
    bench
        .shows(&format!("group:{ALL}"), &["twice", "twice"])
        .await;
    bench
        .fault(json!({"kind": "drop", "where": "http", "count": 1}))
        .await;
    let path = format!(
        "/bearychat/v1/message.create?token={}",
        super::support::TOKEN
    );
    let body = json!({"vchannel_id": ALL, "text": "lost"}).to_string();
    let lost = bench.send(http::Method::POST, &path, &[], body).await;
    assert!(lost.is_err(), "{lost:?}");
    bench
        .shows(&format!("group:{ALL}"), &["twice", "twice", "lost"])
        .await;
}

#[tokio::test]
async fn events_may_come_late_or_twice_or_not_at_all() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    let say = async |text: &str| bench.say("alice", "user:bot", text).await;
    bench.fault(json!({"kind": "duplicate", "count": 1})).await;
    say("twice").await;
    assert_eq!(rtm.heard().await, "twice");
    assert_eq!(rtm.heard().await, "twice");
    bench
        .fault(json!({"kind": "drop", "where": "ws", "count": 1}))
        .await;
    say("lost").await;
    bench.noted(|entry| entry["note"] == "fault: lost").await;
    rtm.0.is_quiet().await;
    bench
        .fault(json!({"kind": "delay", "where": "ws", "ms": 300, "count": 1}))
        .await;
    let began = Instant::now();
    say("late").await;
    assert_eq!(rtm.heard().await, "late");
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn what_is_said_over_a_socket_may_be_refused_or_its_answer_get_lost() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    for (kind, code) in [("rate_limit", 13), ("status_5xx", 10), ("expire_tokens", 2)] {
        bench
            .fault(json!({"kind": kind, "where": "ws", "count": 1}))
            .await;
        let (reply, _) = rtm.call(said_in(ALL, "refused", 1)).await;
        assert_eq!(
            (&reply["status"], &reply["code"]),
            (&json!("error"), &json!(code))
        );
    }
    bench.shows(&format!("group:{ALL}"), &[]).await;
    bench
        .fault(json!({"kind": "drop", "where": "ws", "count": 1}))
        .await;
    rtm.send(said_in(ALL, "kept", 2)).await;
    // The acknowledgement and its twin are lost, the message is not.
    assert_eq!(rtm.heard().await, "kept");
    rtm.0.is_quiet().await;
    bench
        .fault(json!({"kind": "delay", "where": "ws", "ms": 200, "count": 1}))
        .await;
    rtm.send(said_in(ALL, "late", 3)).await;
    assert_eq!(rtm.heard().await, "late");
    assert_eq!(rtm.next().await["type"], "reply");
    assert_eq!(rtm.next().await["type"], "ok");
}

#[tokio::test]
async fn a_handshake_may_be_refused() {
    let bench = BearyChatBench::start().await;
    let ticket = bench.ticket().await;
    for (kind, status) in [
        ("rate_limit", 429),
        ("status_5xx", 500),
        ("expire_tokens", 401),
    ] {
        bench
            .fault(json!({"kind": kind, "where": "ws", "count": 1}))
            .await;
        assert_eq!(bench.open(&ticket).await.err(), Some(status), "{kind}");
    }
    assert!(bench.open(&ticket).await.is_ok());
}

#[tokio::test]
async fn sockets_may_be_closed_and_come_back() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    bench.fault(json!({"kind": "disconnect", "count": 1})).await;
    assert_eq!(rtm.0.closed().await, 1001);
    bench.lift().await;
    let mut rtm = bench.rtm().await;
    bench.say("alice", "user:bot", "again").await;
    assert_eq!(rtm.heard().await, "again");
}

#[tokio::test]
async fn a_half_open_socket_answers_no_ping_until_that_is_lifted() {
    let bench = BearyChatBench::start().await;
    let mut rtm = bench.rtm().await;
    bench
        .fault(json!({"kind": "half_open", "where": "ws", "count": 1}))
        .await;
    rtm.send(json!({"type": "ping", "call_id": 1})).await;
    rtm.0.is_quiet().await;
    bench.lift().await;
    assert_eq!(rtm.next().await["type"], "reply");
    assert_eq!(rtm.next().await["type"], "pong");
}

#[tokio::test]
async fn a_cut_socket_stays_dead_and_the_next_one_lives() {
    let bench = BearyChatBench::start().await;
    let mut dead = bench.rtm().await;
    bench.fault(json!({"kind": "cut"})).await;
    dead.send(json!({"type": "ping", "call_id": 1})).await;
    dead.0.is_quiet().await;
    let mut alive = bench.rtm().await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(alive.heard().await, "hello");
    dead.0.is_quiet().await;
}
