//! WebSockets that frameworks open to the sandbox.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::{BEARER, Bench, Socket, TOKEN, assert_within, in_time, vectors};

#[tokio::test]
async fn every_recorded_frame_is_answered_as_the_sources_say() {
    let bench = Bench::start().await;
    let cases = vectors("transport.json")["websocket"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(cases.len(), 21);
    let mut socket = bench.socket("/onebot/api").await;
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        socket.send_text(case["send"].as_str().unwrap()).await;
        let reply = socket.json().await;
        let mut expected = case["expect"].clone();
        let without = expected.as_object_mut().unwrap().remove("no_key");
        if let Some(key) = without {
            assert_eq!(reply.get(key.as_str().unwrap()), None, "{name}: {reply}");
        }
        assert_within(&reply, &expected, name);
    }
}

#[tokio::test]
async fn a_handshake_needs_the_token() {
    let bench = Bench::start().await;
    let wrong = ("authorization", "Bearer wrong");
    for path in [
        "/onebot",
        "/onebot/",
        "/onebot/api",
        "/onebot/api/",
        "/onebot/event",
        "/onebot/event/",
    ] {
        let open = async |headers: &[(&str, &str)]| {
            Socket::open(bench.addr(), path, headers).await.map(drop)
        };
        assert_eq!(open(&[]).await, Err(401), "{path}");
        assert_eq!(open(&[wrong]).await, Err(403), "{path}");
        assert_eq!(open(&[BEARER]).await, Ok(()), "{path}");
        assert_eq!(
            open(&[("authorization", "Token sandbox-token")]).await,
            Ok(()),
            "{path}"
        );
    }
    let query = format!("/onebot/api?access_token={TOKEN}");
    assert!(Socket::open(bench.addr(), &query, &[]).await.is_ok());
}

#[tokio::test]
async fn an_upgrade_elsewhere_is_a_call_and_a_strange_one_is_refused() {
    let bench = Bench::start().await;
    let elsewhere = Socket::open(bench.addr(), "/onebot/get_status", &[BEARER]).await;
    assert_eq!(elsewhere.map(drop), Err(200));
    let version = [BEARER, ("sec-websocket-version", "8")];
    let old = Socket::open(bench.addr(), "/onebot", &version).await;
    assert_eq!(old.map(drop), Err(426));
}

#[tokio::test]
async fn calls_and_events_go_where_they_belong() {
    let bench = Bench::start().await;
    let mut api = bench.socket("/onebot/api").await;
    let mut event = bench.socket("/onebot/event").await;
    let mut both = bench.socket("/onebot/").await;

    let id: i64 = bench
        .say("alice", "group:20001", "在吗")
        .await
        .parse()
        .unwrap();
    for socket in [&mut event, &mut both] {
        let heard = socket.json().await;
        assert_eq!(heard["post_type"], "message");
        assert_eq!(heard["group_id"], 20001);
        assert_eq!(heard["message_id"], id);
        assert_eq!(heard["self_id"], 10000);
    }
    api.is_quiet().await;

    event.send_text(r#"{"action":"get_status","echo":1}"#).await;
    event.send_text("{oops").await;
    event.is_quiet().await;
    assert_eq!(api.call("get_status", json!({})).await["status"], "ok");
    assert_eq!(both.call("get_status", json!({})).await["status"], "ok");
    let ignored = bench.noted(|entry| entry["body"] == "{oops").await;
    assert_eq!(ignored["verdict"], "dropped");
}

#[tokio::test]
async fn events_come_in_the_order_in_which_they_happened() {
    let bench = Bench::start().await;
    let mut first = bench.socket("/onebot").await;
    let mut second = bench.socket("/onebot/event").await;
    let mut ids = Vec::new();
    for n in 0..50 {
        ids.push(bench.tell_bot(&n.to_string()).await);
    }
    for socket in [&mut first, &mut second] {
        for id in &ids {
            assert_eq!(socket.json().await["message_id"].to_string(), *id);
        }
    }
}

#[tokio::test]
async fn a_reply_comes_before_the_events_that_the_call_causes() {
    let bench = Bench::start().await;
    bench.deliver(json!({"report_self_message": true})).await;
    let mut socket = bench.socket("/onebot").await;
    for n in 0..20 {
        let params = json!({"group_id": 20001, "message": n.to_string()});
        let reply = socket.call("send_group_msg", params).await;
        let id = reply["data"]["message_id"].clone();
        assert!(id.is_i64(), "{reply}");
        let event = socket.json().await;
        assert_eq!(
            (&event["post_type"], &event["message_id"]),
            (&json!("message_sent"), &id)
        );
    }
}

#[tokio::test]
async fn frames_that_are_no_text_are_taken_as_the_spec_says() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot/api").await;
    let call = br#"{"action":"get_status","echo":"b"}"#;
    socket.send(Message::binary(&call[..])).await;
    let reply = socket.json().await;
    assert_eq!(
        (&reply["status"], &reply["echo"]),
        (&json!("ok"), &json!("b"))
    );
    socket.send(Message::binary(&[0xff, 0xfe][..])).await;
    assert_eq!(socket.json().await["retcode"], 1400);
    socket.send(Message::Ping("are you there".into())).await;
    let pong = socket.next().await.unwrap().unwrap();
    assert_eq!(pong, Message::Pong("are you there".into()));
}

#[tokio::test]
async fn what_no_socket_may_carry_ends_it_with_the_right_code() {
    let bench = Bench::start().await;
    let text = OpCode::Data(Data::Text);
    let not_text = Frame::message(vec![0xff, 0xfe], text, true);
    let mut reserved = Frame::message("{}", text, true);
    reserved.header_mut().rsv1 = true;
    for (frame, code) in [(not_text, 1007), (reserved, 1002)] {
        let mut socket = bench.socket("/onebot/api").await;
        socket.send(Message::Frame(frame)).await;
        assert_eq!(socket.closed().await, code);
    }
    let mut socket = bench.socket("/onebot/api").await;
    socket
        .send(Message::text("x".repeat(9 * 1024 * 1024)))
        .await;
    assert_eq!(socket.closed().await, 1009);
    let mut another = bench.socket("/onebot/api").await;
    assert_eq!(another.call("get_status", json!({})).await["status"], "ok");
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_the_others_hear_on() {
    let bench = Bench::start().await;
    let mut lazy = bench.socket("/onebot/event").await;
    let mut eager = bench.socket("/onebot/event").await;
    let text = "长".repeat(1500);
    let reading = tokio::spawn(async move {
        let mut heard = 0;
        while eager.json().await["raw_message"] != "end" {
            heard += 1;
        }
        heard
    });
    let cut = |entry: &Value| entry["note"] == "does not read; cut off";
    let mut said = 0;
    while !bench
        .get("/control/journal?platform=onebot&limit=20")
        .await
        .json()["entries"]
        .as_array()
        .unwrap()
        .iter()
        .any(cut)
    {
        for _ in 0..10 {
            bench.tell_bot(&text).await;
            said += 1;
        }
        assert!(said < 10_000, "nobody was cut off");
    }
    bench.tell_bot("end").await;
    assert_eq!(reading.await.unwrap(), said);
    let code = lazy.closed().await;
    assert!([1006, 1008].contains(&code), "{code}");
}

#[tokio::test]
async fn a_slow_call_holds_up_neither_other_calls_nor_events() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot").await;
    bench
        .fault(json!({"kind": "delay", "where": "ws", "ms": 400, "count": 1}))
        .await;
    socket
        .send_text(r#"{"action":"get_login_info","echo":"slow"}"#)
        .await;
    assert_eq!(socket.call("get_status", json!({})).await["echo"], 1);
    bench.tell_bot("meanwhile").await;
    assert_eq!(socket.json().await["raw_message"], "meanwhile");
    assert_eq!(socket.json().await["echo"], "slow");
}

#[tokio::test]
async fn a_goodbye_is_returned_and_the_end_of_the_sandbox_is_announced() {
    let bench = Bench::start().await;
    bench.socket("/onebot").await.close().await;
    bench.noted(|entry| entry["title"] == "close 1005").await;
    let mut socket = bench.socket("/onebot").await;
    let closing = tokio::spawn(async move { socket.closed().await });
    bench.running.shutdown().await;
    assert_eq!(closing.await.unwrap(), 1001);
}

#[tokio::test]
async fn a_sandbox_that_is_dropped_leaves_nothing_behind() {
    let bench = Bench::start().await;
    let addr = bench.addr();
    let mut socket = bench.socket("/onebot").await;
    drop(bench);
    assert_eq!(socket.closed().await, 1001);
    let refused = async {
        while tokio::net::TcpStream::connect(addr).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    in_time(refused).await;
}

#[tokio::test]
async fn heartbeats_come_at_the_interval_that_is_set() {
    let every = Duration::from_millis(50);
    let bench = Bench::with(|builder| builder.onebot_heartbeat(every)).await;
    let mut socket = bench.socket("/onebot/event").await;
    let mut api = bench.socket("/onebot/api").await;
    for _ in 0..3 {
        let beat = socket.json().await;
        assert_eq!(beat["meta_event_type"], "heartbeat");
        assert_eq!(beat["interval"], 50);
        assert_eq!(beat["status"]["online"], true);
    }
    bench.deliver(json!({"heartbeat_s": null})).await;
    api.is_quiet().await;
    while let Ok(Some(Ok(_))) = tokio::time::timeout(every * 3, socket.next()).await {}
}

#[tokio::test]
async fn events_while_nobody_is_connected_are_lost() {
    let bench = Bench::start().await;
    bench.tell_bot("is anybody there").await;
    let lost = bench.noted(|entry| entry["kind"] == "event").await;
    assert_eq!(
        (&lost["verdict"], &lost["note"]),
        (&json!("dropped"), &json!("nobody is connected"))
    );
    bench.socket("/onebot").await.is_quiet().await;
}
