//! Everything that can be made to go wrong, where it shows.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{BEARER, Bench, Framework, QUIET, Receiver, Socket};

const LATE: Duration = Duration::from_millis(200);

/// A sandbox with a socket and a receiver of posts, past all greetings.
async fn connected() -> (Bench, Socket, Receiver) {
    let mut receiver = Receiver::start().await;
    let bench = Bench::with(|builder| builder.onebot_post_url(&receiver.url)).await;
    assert_eq!(receiver.event().await["sub_type"], "enable");
    let socket = bench.socket("/onebot").await;
    (bench, socket, receiver)
}

fn frame(action: &str, echo: &str) -> String {
    json!({"action": action, "echo": echo}).to_string()
}

async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let began = Instant::now();
    (future.await, began.elapsed())
}

#[tokio::test]
async fn delay_holds_back_answers_posts_and_frames() {
    let (bench, mut socket, mut receiver) = connected().await;
    let delay = |place: &str| json!({"kind": "delay", "where": place, "ms": 200, "count": 1});

    bench.fault(delay("http")).await;
    let (_, took) = timed(bench.call("get_status", json!({}))).await;
    assert!(took >= LATE, "{took:?}");
    let noted = bench.noted(|entry| entry["verdict"] == "delayed").await;
    assert_eq!(
        (&noted["kind"], &noted["transport"]),
        (&json!("response"), &json!("http"))
    );

    bench.fault(delay("ws")).await;
    let (_, took) = timed(socket.call("get_status", json!({}))).await;
    assert!(took >= LATE, "{took:?}");

    bench.fault(delay("post")).await;
    bench.tell_bot("late").await;
    let (_, took) = timed(receiver.real_event()).await;
    assert!(took >= LATE / 2, "{took:?}");
    assert_eq!(socket.json().await["raw_message"], "late");

    // A late event does not let the next one pass.
    bench.fault(delay("ws")).await;
    bench.tell_bot("first").await;
    bench.tell_bot("second").await;
    assert_eq!(socket.json().await["raw_message"], "first");
    assert_eq!(socket.json().await["raw_message"], "second");
}

#[tokio::test]
async fn drop_loses_answers_of_calls_that_were_carried_out_and_events() {
    let (bench, mut socket, mut receiver) = connected().await;
    let lose = |place: &str| json!({"kind": "drop", "where": place, "count": 1});

    bench.fault(lose("http")).await;
    let sent = json!({"user_id": 10001, "message": "over http"});
    bench.try_call("send_private_msg", sent).await.unwrap_err();

    bench.fault(lose("ws")).await;
    let call =
        json!({"action": "send_private_msg", "params": {"user_id": 10001, "message": "over ws"}});
    socket.send_text(&call.to_string()).await;
    socket.is_quiet().await;
    assert_eq!(bench.texts("user:10001").await, ["over http", "over ws"]);

    bench.fault(lose("post")).await;
    bench.tell_bot("not posted").await;
    assert_eq!(socket.json().await["raw_message"], "not posted");
    receiver.is_quiet().await;

    bench.fault(lose("ws")).await;
    bench.tell_bot("not framed").await;
    assert_eq!(receiver.real_event().await["raw_message"], "not framed");
    socket.is_quiet().await;
    let journal = bench.journal().await;
    let dropped = journal
        .iter()
        .filter(|entry| entry["verdict"] == "dropped")
        .count();
    assert_eq!(dropped, 4);
}

#[tokio::test]
async fn duplicate_carries_calls_out_twice_and_sends_events_twice() {
    let (bench, mut socket, mut receiver) = connected().await;
    let twice = |place: &str| json!({"kind": "duplicate", "where": place, "count": 1});

    bench.fault(twice("http")).await;
    bench
        .call(
            "send_private_msg",
            json!({"user_id": 10001, "message": "a"}),
        )
        .await;
    bench.fault(twice("ws")).await;
    socket
        .call(
            "send_private_msg",
            json!({"user_id": 10001, "message": "b"}),
        )
        .await;
    assert_eq!(bench.texts("user:10001").await, ["a", "a", "b", "b"]);

    bench.fault(twice("post")).await;
    bench.tell_bot("posted").await;
    assert_eq!(receiver.real_event().await, receiver.real_event().await);
    assert_eq!(socket.json().await["raw_message"], "posted");
    bench.fault(twice("ws")).await;
    bench.tell_bot("framed").await;
    assert_eq!(socket.json().await, socket.json().await);
    socket.is_quiet().await;
}

#[tokio::test]
async fn reorder_lets_others_pass() {
    let (bench, mut socket, mut receiver) = connected().await;
    let reorder = |place: &str| json!({"kind": "reorder", "where": place, "count": 1});

    bench.fault(reorder("ws")).await;
    socket.send_text(&frame("get_status", "first")).await;
    for echo in ["second", "third", "fourth"] {
        socket.send_text(&frame("get_status", echo)).await;
    }
    let mut echoes: Vec<Value> = Vec::new();
    for _ in 0..4 {
        echoes.push(socket.json().await["echo"].clone());
    }
    assert_eq!(echoes[0], "second", "{echoes:?}");
    assert!(echoes.contains(&json!("first")), "{echoes:?}");

    bench.fault(reorder("ws")).await;
    for text in ["1", "2", "3", "4"] {
        bench.tell_bot(text).await;
    }
    assert_eq!(socket.json().await["raw_message"], "2");
    for _ in 0..3 {
        socket.json().await;
    }
    for _ in 0..4 {
        receiver.real_event().await;
    }

    bench.fault(reorder("post")).await;
    bench.tell_bot("early").await;
    bench.tell_bot("late").await;
    assert_eq!(receiver.real_event().await["raw_message"], "late");
    assert_eq!(receiver.real_event().await["raw_message"], "early");

    bench.fault(reorder("http")).await;
    let slow = bench.call("get_status", json!({}));
    let others = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        for _ in 0..3 {
            bench.call("get_status", json!({})).await;
        }
        Instant::now()
    };
    let slow = async {
        slow.await;
        Instant::now()
    };
    let (slow, others) = tokio::join!(slow, others);
    assert!(slow + Duration::from_millis(100) > others);
    bench
        .noted(|entry| entry["note"] == "fault: out of order")
        .await;
}

#[tokio::test]
async fn refusals_are_statuses_over_http_and_their_twins_in_frames() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot/api").await;
    for (kind, status) in [
        ("status_5xx", 503),
        ("rate_limit", 429),
        ("expire_tokens", 403),
    ] {
        let id = bench.fault(json!({"kind": kind})).await;
        let sent = json!({"user_id": 10001, "message": "no"});
        let answer = bench
            .try_call("send_private_msg", sent.clone())
            .await
            .unwrap();
        assert_eq!(answer.status, status, "{kind}");
        assert_eq!(
            answer.headers.contains_key("retry-after"),
            status == 429,
            "{kind}"
        );
        let reply = socket.call("send_private_msg", sent).await;
        assert_eq!(
            (&reply["status"], &reply["retcode"]),
            (&json!("failed"), &json!(status + 1000))
        );
        assert_eq!(reply["echo"], 1);
        let refused = Socket::open(bench.addr(), "/onebot", &[BEARER]).await;
        assert_eq!(refused.map(drop), Err(status), "{kind}");
        assert_eq!(
            bench
                .delete(&format!("/control/fault?id={id}"))
                .await
                .status,
            200
        );
        assert_eq!(bench.call("get_status", json!({})).await["status"], "ok");
    }
    assert!(
        bench.texts("user:10001").await.is_empty(),
        "refused calls are not carried out"
    );
}

#[tokio::test]
async fn half_open_sockets_stay_open_and_nothing_passes() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot").await;
    let id = bench
        .fault(json!({"kind": "half_open", "where": "ws"}))
        .await;
    bench.tell_bot("into the void").await;
    socket.send_text(&frame("get_status", "lost")).await;
    socket.is_quiet().await;
    bench.delete(&format!("/control/fault?id={id}")).await;
    // The network is whole again, and what was under way arrives.
    let mut seen = [socket.json().await, socket.json().await];
    seen.sort_by_key(|frame| frame.get("post_type").is_none());
    assert_eq!(seen[0]["raw_message"], "into the void");
    assert_eq!(seen[1]["echo"], "lost");
}

#[tokio::test]
async fn a_half_open_fault_ends_by_itself_in_virtual_time() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot").await;
    bench
        .fault(json!({"kind": "half_open", "where": "ws", "count": 1, "for_s": 3600}))
        .await;
    socket.send_text(&frame("get_status", "later")).await;
    socket.is_quiet().await;
    bench
        .post("/control/clock", json!({"advance_s": 3601}))
        .await;
    assert_eq!(socket.json().await["echo"], "later");
}

#[tokio::test]
async fn half_open_calls_and_posts_are_never_answered() {
    let (bench, mut socket, mut receiver) = connected().await;
    bench.deliver(json!({"post_timeout_s": 0.1})).await;
    let id = bench
        .fault(json!({"kind": "half_open", "where": "http"}))
        .await;
    let sent = json!({"user_id": 10001, "message": "never"});
    let call = bench.try_call("send_private_msg", sent);
    tokio::pin!(call);
    assert!(tokio::time::timeout(QUIET, &mut call).await.is_err());
    bench.delete(&format!("/control/fault?id={id}")).await;
    call.await.unwrap_err();
    assert!(bench.texts("user:10001").await.is_empty());

    bench
        .fault(json!({"kind": "half_open", "where": "post", "count": 1}))
        .await;
    bench.tell_bot("hello").await;
    assert_eq!(socket.json().await["raw_message"], "hello");
    receiver.is_quiet().await;
}

#[tokio::test]
async fn disconnect_closes_all_sockets_and_refuses_nobody() {
    let framework = Framework::start().await;
    let bench = Bench::with(|builder| builder.onebot_reverse_ws_url(framework.url())).await;
    let mut reverse = framework.connected().await;
    let mut forward = bench.socket("/onebot").await;
    let mut api = bench.socket("/onebot/api").await;
    bench.fault(json!({"kind": "disconnect"})).await;
    for socket in [&mut reverse, &mut forward, &mut api] {
        assert_eq!(socket.closed().await, 1001);
    }
    let mut again = bench.socket("/onebot").await;
    assert_eq!(again.call("get_status", json!({})).await["status"], "ok");
    assert_eq!(
        bench.get("/control/fault").await.json(),
        json!({"faults": []})
    );

    // With a count it goes on: the next one that opens is closed as well.
    bench.fault(json!({"kind": "disconnect", "count": 1})).await;
    assert_eq!(again.closed().await, 1001);
    let mut next = Socket::open(bench.addr(), "/onebot/api", &[BEARER])
        .await
        .unwrap();
    next.send_text(&frame("get_status", "x")).await;
    assert_eq!(next.closed().await, 1001);
    bench
        .socket("/onebot")
        .await
        .call("get_status", json!({}))
        .await;
}

#[tokio::test]
async fn a_fault_that_cannot_be_is_refused_by_name() {
    let bench = Bench::start().await;
    for (fault, field) in [
        (json!({"kind": "delay"}), "ms"),
        (json!({"kind": "delay", "ms": 0}), "ms"),
        (json!({"kind": "delay", "ms": 99_999_999}), "ms"),
        (json!({"kind": "drop", "ms": 5}), "ms"),
        (json!({"kind": "explode"}), "kind"),
        (json!({}), "kind"),
        (json!({"kind": "drop", "where": "moon"}), "where"),
        (json!({"kind": "forge_signature", "where": "ws"}), "where"),
        (json!({"kind": "status_5xx", "where": "post"}), "where"),
        (json!({"kind": "disconnect", "where": "http"}), "where"),
        (json!({"kind": "drop", "count": 0}), "count"),
        (json!({"kind": "drop", "count": -1}), "count"),
        (json!({"kind": "drop", "for_s": 0}), "for_s"),
        (json!({"kind": "drop", "for": 5}), "for"),
        (json!({"kind": "drop", "platform": "telegraph"}), "platform"),
    ] {
        let mut body = fault.clone();
        let fields = body.as_object_mut().unwrap();
        fields.entry("platform").or_insert_with(|| json!("onebot"));
        let answer = bench.post("/control/fault", body).await;
        assert!((400..500).contains(&answer.status), "{fault}: {answer:?}");
        assert_eq!(answer.json()["error"]["field"], field, "{fault}");
    }
    assert_eq!(
        bench.get("/control/fault").await.json(),
        json!({"faults": []})
    );
    assert_eq!(bench.delete("/control/fault?id=7").await.status, 404);
}

#[tokio::test]
async fn faults_are_listed_with_what_is_left_of_them() {
    let bench = Bench::start().await;
    let id = bench
        .fault(json!({"kind": "status_5xx", "where": "http", "count": 2, "for_s": 60}))
        .await;
    bench.try_call("get_status", json!({})).await.unwrap();
    let now = bench.get("/control/clock").await.json()["now"]
        .as_f64()
        .unwrap();
    let faults = bench.get("/control/fault").await.json();
    let fault = &faults["faults"][0];
    assert_eq!(fault["id"], id);
    assert_eq!(
        (&fault["kind"], &fault["where"]),
        (&json!("status_5xx"), &json!("http"))
    );
    assert_eq!(fault["count"], 1);
    let left = fault["until"].as_f64().unwrap() - now;
    assert!((50.0..=60.0).contains(&left), "{left}");
    bench.post("/control/clock", json!({"advance_s": 61})).await;
    assert_eq!(
        bench.get("/control/fault").await.json(),
        json!({"faults": []})
    );
}
