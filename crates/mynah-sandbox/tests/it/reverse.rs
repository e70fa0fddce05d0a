//! WebSockets that the sandbox opens to frameworks.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Bench, Framework, Socket, assert_within, vectors};

/// The fixed wait of the spec, and some room for a busy machine.
const RECONNECT: std::ops::Range<Duration> = Duration::from_millis(2900)..Duration::from_secs(6);

#[tokio::test]
async fn the_handshake_says_who_connects() {
    let framework = Framework::start().await;
    let bench = Bench::with(|builder| builder.onebot_reverse_ws_url(framework.url())).await;
    let (mut socket, handshake) = framework.accept().await;
    assert_eq!(handshake.path, "/ws");
    assert_eq!(handshake.header("x-self-id"), "10000");
    assert_eq!(handshake.header("x-client-role"), "Universal");
    assert_eq!(handshake.header("authorization"), "Bearer sandbox-token");
    let first = socket.json().await;
    let connect = json!({"meta_event_type": "lifecycle", "sub_type": "connect", "self_id": 10000});
    assert_within(&first, &connect, "the first frame");
    let noted = bench
        .noted(|entry| entry["transport"] == "ws-reverse")
        .await;
    assert_eq!(noted["title"], "connect Universal");
    assert!(!noted.to_string().contains("sandbox-token"), "{noted}");
}

#[tokio::test]
async fn calls_and_events_can_have_a_connection_each() {
    let framework = Framework::start().await;
    let bench = Bench::start().await;
    bench
        .deliver(json!({
            "reverse_ws_urls": [framework.url()],
            "reverse_ws_role": "separate",
            "reverse_scheme": "Token",
        }))
        .await;
    let mut sockets: Vec<(String, Socket)> = Vec::new();
    for _ in 0..2 {
        let (socket, handshake) = framework.accept().await;
        assert_eq!(handshake.header("authorization"), "Token sandbox-token");
        sockets.push((handshake.header("x-client-role").to_owned(), socket));
    }
    sockets.sort_by(|a, b| a.0.cmp(&b.0));
    let roles: Vec<&str> = sockets.iter().map(|(role, _)| role.as_str()).collect();
    assert_eq!(roles, ["API", "Event"]);
    let [(_, api), (_, event)] = &mut sockets[..] else {
        panic!("two of them");
    };
    assert_eq!(event.json().await["sub_type"], "connect");
    bench.tell_bot("hello").await;
    assert_eq!(event.json().await["raw_message"], "hello");
    assert_eq!(
        api.call("get_login_info", json!({})).await["data"]["user_id"],
        10000
    );
    api.is_quiet().await;
}

/// What frameworks were recorded to send is answered as it was recorded, as
/// far as ids and texts are ours.
#[tokio::test]
async fn recorded_dialogues_can_be_held() {
    let framework = Framework::start().await;
    let bench = Bench::with(|builder| builder.onebot_reverse_ws_url(framework.url())).await;
    let mut socket = framework.connected().await;
    let recorded = vectors("websocket.json");
    let mut calls = 0;
    for peer in ["aiocqhttp 1.4.4", "nonebot-adapter-onebot 2.4.6"] {
        for scenario in recorded[peer]["scenarios"].as_array().unwrap() {
            // Those show what frameworks do with wrong answers; we give right ones.
            let frames = scenario["frames"].as_array().unwrap();
            let calling = frames.iter().filter(|frame| frame["from"] == "framework");
            for frame in calling.map(|frame| &frame["json"]) {
                if frame.get("action").is_none() {
                    continue;
                }
                socket.send_text(&frame.to_string()).await;
                let reply = answer_to(&mut socket, &frame["echo"]).await;
                let unknown = frame["action"] == "no_such_action";
                assert_eq!(reply["retcode"] == 1404, unknown, "{frame}: {reply}");
                assert!(reply.get("data").is_some(), "{frame}: {reply}");
                if frame["action"].as_str().unwrap().ends_with("_async") {
                    assert_eq!(reply["status"], "async", "{frame}: {reply}");
                }
                calls += 1;
            }
        }
    }
    assert!(calls >= 20, "only {calls} calls were found");
    drop(bench);
}

/// The reply with this echo; events in between are passed over.
async fn answer_to(socket: &mut Socket, echo: &Value) -> Value {
    loop {
        let frame = socket.json().await;
        if frame.get("post_type").is_none() {
            assert_eq!(&frame["echo"], echo);
            return frame;
        }
    }
}

#[tokio::test]
async fn after_any_end_it_connects_again() {
    let framework = Framework::start().await;
    let _bench = Bench::with(|builder| builder.onebot_reverse_ws_url(framework.url())).await;
    let socket = framework.connected().await;
    // A normal close is no reason to stay away.
    socket.close().await;
    let began = Instant::now();
    framework.refuse().await;
    assert!(
        RECONNECT.contains(&began.elapsed()),
        "{:?}",
        began.elapsed()
    );
    let began = Instant::now();
    framework.connected().await;
    assert!(
        RECONNECT.contains(&began.elapsed()),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn other_addresses_take_effect_at_once_and_the_old_connection_ends_first() {
    let (old, new) = (Framework::start().await, Framework::start().await);
    let bench = Bench::with(|builder| builder.onebot_reverse_ws_url(old.url())).await;
    let mut socket = old.connected().await;
    bench.deliver(json!({"message_format": "array"})).await;
    socket.is_quiet().await;
    bench.deliver(json!({"reverse_ws_urls": [new.url()]})).await;
    assert_eq!(socket.closed().await, 1001);
    let mut socket = new.connected().await;
    bench.tell_bot("here").await;
    assert_eq!(socket.json().await["message"][0]["data"]["text"], "here");
    bench.deliver(json!({"reverse_ws_urls": []})).await;
    assert_eq!(socket.closed().await, 1001);
}

#[tokio::test]
async fn the_same_failure_is_written_down_once() {
    let framework = Framework::start().await;
    let url = framework.url();
    drop(framework);
    let bench = Bench::with(|builder| builder.onebot_reverse_ws_url(url)).await;
    let failed = |entry: &Value| entry["transport"] == "ws-reverse" && entry["verdict"] == "failed";
    bench.noted(failed).await;
    tokio::time::sleep(Duration::from_millis(3300)).await;
    assert_eq!(
        bench
            .journal()
            .await
            .iter()
            .filter(|entry| failed(entry))
            .count(),
        1
    );
}

#[tokio::test]
async fn restarting_closes_everything_and_opens_it_anew() {
    let framework = Framework::start().await;
    let mut receiver = crate::support::Receiver::start().await;
    let bench = Bench::with(|builder| {
        builder
            .onebot_reverse_ws_url(framework.url())
            .onebot_post_url(&receiver.url)
    })
    .await;
    assert_eq!(receiver.event().await["sub_type"], "enable");
    let mut reverse = framework.connected().await;
    let mut forward = bench.socket("/onebot").await;
    let reply = bench.call("set_restart", json!({"delay": 50})).await;
    assert_eq!(reply["status"], "async");
    assert_eq!(receiver.event().await["sub_type"], "disable");
    assert_eq!(forward.closed().await, 1012);
    assert_eq!(reverse.closed().await, 1012);
    drop((forward, reverse));
    assert_eq!(receiver.event().await["sub_type"], "enable");
    let began = Instant::now();
    framework.connected().await;
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
}
