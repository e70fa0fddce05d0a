//! The long connection of the intelligent bot.

use serde_json::{Value, json};

use super::support::{SECRET, WeComBench, command, subscribe};
use crate::support::{QUIET, Socket};

/// The next callback and its `req_id`.
async fn callback(socket: &mut Socket) -> (Value, String) {
    let frame = socket.json().await;
    assert!(frame["cmd"].is_string(), "{frame}");
    let req_id = frame["headers"]["req_id"].as_str().unwrap().to_owned();
    (frame, req_id)
}

fn stream(text: &str) -> Value {
    json!({"msgtype": "stream", "stream": {"id": "s1", "finish": true, "content": text}})
}

#[tokio::test]
async fn the_bot_hears_and_answers_on_its_connection() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    bench.say("alice", "user:bot", "hello").await;
    let (frame, req_id) = callback(&mut socket).await;
    assert_eq!(frame["cmd"], "aibot_msg_callback");
    assert_eq!(frame["body"]["from"]["userid"], "alice");
    assert_eq!(frame["body"]["text"]["content"], "hello");
    let ack = command(&mut socket, "aibot_respond_msg", &req_id, stream("hi")).await;
    assert_eq!(
        ack,
        json!({"headers": {"req_id": req_id}, "errcode": 0, "errmsg": "ok"})
    );
    bench.shows("bot:alice", &["hello", "hi"]).await;
    let noted = bench.noted(|entry| entry["kind"] == "event").await;
    assert_eq!(noted["message"], json!([frame["body"]["msgid"]]));
    assert_eq!(noted["transport"], "ws-forward");
    // No acknowledgement names the message that the bot has made.
    let noted = bench
        .noted(|entry| entry["title"] == "aibot_respond_msg")
        .await;
    let id = &bench.message("bot:alice", 1).await["id"];
    assert_eq!(noted["message"], json!([id]));
}

#[tokio::test]
async fn nothing_is_told_before_the_bot_is_known() {
    let bench = WeComBench::start().await;
    let mut socket = bench.stranger().await;
    let ack = command(&mut socket, "ping", "ping_1", json!(null)).await;
    assert_eq!(ack["errcode"], 846_609, "{ack}");
    assert_eq!(ack["headers"]["req_id"], "ping_1");
    let ack = subscribe(&mut socket, "wrong").await;
    assert_eq!(ack["errcode"], 853_000, "{ack}");
    bench.say("alice", "group:general", "@bot hello").await;
    socket.is_quiet().await;
    let ack = subscribe(&mut socket, SECRET).await;
    assert_eq!(ack["errcode"], 0, "{ack}");
    let ack = command(&mut socket, "ping", "ping_2", json!(null)).await;
    assert_eq!(
        ack,
        json!({"headers": {"req_id": "ping_2"}, "errcode": 0, "errmsg": "ok"})
    );
    let journal = Value::from(bench.journal_of("wecom").await).to_string();
    assert!(!journal.contains(SECRET), "{journal}");
}

#[tokio::test]
async fn another_connection_of_the_bot_takes_over() {
    let bench = WeComBench::start().await;
    let mut old = bench.bot().await;
    let mut new = bench.bot().await;
    let (frame, _) = callback(&mut old).await;
    assert_eq!(frame["cmd"], "aibot_event_callback");
    assert_eq!(frame["body"]["event"]["eventtype"], "disconnected_event");
    assert_eq!(old.closed().await, 1000);
    bench.say("alice", "user:bot", "hello").await;
    let (frame, _) = callback(&mut new).await;
    assert_eq!(frame["body"]["text"]["content"], "hello");
    new.is_quiet().await;
}

#[tokio::test]
async fn the_late_end_of_an_old_connection_leaves_the_new_one_alone() {
    let bench = WeComBench::start().await;
    let old = bench.bot().await;
    let mut new = bench.bot().await;
    drop(old);
    tokio::time::sleep(QUIET).await;
    bench.say("alice", "user:bot", "hello").await;
    let (frame, _) = callback(&mut new).await;
    assert_eq!(frame["body"]["text"]["content"], "hello");
}

#[tokio::test]
async fn a_disconnect_closes_the_connection_and_it_may_come_back() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    bench.fault(json!({"kind": "disconnect"})).await;
    assert_eq!(socket.closed().await, 1001);
    let mut socket = bench.bot().await;
    bench.say("alice", "user:bot", "hello").await;
    callback(&mut socket).await;
}

#[tokio::test]
async fn a_half_open_connection_carries_nothing_until_the_fault_is_lifted() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    let fault = bench
        .fault(json!({"kind": "half_open", "where": "ws"}))
        .await;
    let ping = json!({"cmd": "ping", "headers": {"req_id": "ping_1"}});
    socket.send_text(&ping.to_string()).await;
    socket.is_quiet().await;
    bench.delete(&format!("/control/fault?id={fault}")).await;
    assert_eq!(socket.json().await["headers"]["req_id"], "ping_1");
}

#[tokio::test]
async fn a_refusal_by_fault_is_in_the_words_of_the_connection() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    let push = json!({"chatid": "alice", "msgtype": "markdown", "markdown": {"content": "hi"}});
    for (kind, code) in [
        ("rate_limit", 45009),
        ("status_5xx", -1),
        ("expire_tokens", 846_609),
    ] {
        bench
            .fault(json!({"kind": kind, "where": "ws", "count": 1}))
            .await;
        let ack = command(&mut socket, "aibot_send_msg", "send_1", push.clone()).await;
        assert_eq!(ack["errcode"], code, "{kind}: {ack}");
        assert_eq!(ack["headers"]["req_id"], "send_1");
    }
    bench
        .fault(json!({"kind": "expire_tokens", "where": "ws", "count": 1}))
        .await;
    let mut stranger = bench.stranger().await;
    let ack = subscribe(&mut stranger, SECRET).await;
    assert_eq!(ack["errcode"], 853_000, "{ack}");
    bench
        .fault(json!({"kind": "status_5xx", "where": "ws", "count": 1}))
        .await;
    let refused = Socket::open(bench.addr(), "/wecom/openws", &[]).await;
    assert_eq!(refused.err(), Some(502));
}

#[tokio::test]
async fn a_command_that_is_carried_out_twice_is_acknowledged_once() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    bench.say("alice", "user:bot", "hello").await;
    callback(&mut socket).await;
    bench
        .fault(json!({"kind": "duplicate", "where": "ws", "count": 1}))
        .await;
    let push = json!({"chatid": "alice", "msgtype": "markdown", "markdown": {"content": "hi"}});
    let ack = command(&mut socket, "aibot_send_msg", "send_1", push).await;
    assert_eq!(ack["errcode"], 0, "{ack}");
    socket.is_quiet().await;
    bench.shows("bot:alice", &["hello", "hi", "hi"]).await;
}

#[tokio::test]
async fn a_call_over_http_at_the_address_of_the_connection_is_none() {
    let bench = WeComBench::start().await;
    assert_eq!(bench.get("/wecom/openws").await.status, 404);
}

/// Somebody does something in the world of WeCom; answers how that went.
async fn act(bench: &WeComBench, who: &str, action: &str, details: Value) -> u16 {
    let mut act = json!({"platform": "wecom", "who": who, "action": action});
    let fields = act.as_object_mut().unwrap();
    fields.extend(details.as_object().unwrap().clone());
    bench.post("/control/act", act).await.status
}

#[tokio::test]
async fn who_opens_a_conversation_with_the_bot_enters_the_chat() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    let opened = act(
        &bench,
        "carol",
        "enter",
        json!({"conversation": "bot:carol"}),
    );
    assert_eq!(opened.await, 200);
    let (frame, _) = callback(&mut socket).await;
    assert_eq!(frame["body"]["event"]["eventtype"], "enter_chat");
    assert_eq!(frame["body"]["from"]["userid"], "carol");
    for (conversation, status) in [("bot:alice", 403), ("group:general", 400), ("bot:x", 404)] {
        let details = json!({ "conversation": conversation });
        let outcome = act(&bench, "carol", "enter", details).await;
        assert_eq!(outcome, status, "{conversation}");
    }
    socket.is_quiet().await;
}

#[tokio::test]
async fn what_was_selected_on_a_card_comes_with_its_event() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    bench.say("alice", "user:bot", "vote").await;
    let (_, req_id) = callback(&mut socket).await;
    let options = json!([{"id": "one", "text": "One"}, {"id": "two", "text": "Two"}]);
    let card = json!({"msgtype": "template_card", "template_card": {
        "card_type": "vote_interaction", "task_id": "vote-1",
        "checkbox": {"question_key": "which", "mode": 1, "option_list": options},
        "submit_button": {"text": "Send", "key": "send"},
    }});
    let ack = command(&mut socket, "aibot_respond_msg", &req_id, card).await;
    assert_eq!(ack["errcode"], 0, "{ack}");
    let shown = bench
        .get("/control/messages?platform=wecom&conversation=bot:alice")
        .await
        .json();
    let id = &shown["messages"][1]["id"];

    let unknown = json!({"message": id, "key": "send", "selected": {"which": ["three"]}});
    assert_eq!(act(&bench, "alice", "press", unknown).await, 404);
    let selected = json!({"message": id, "key": "send", "selected": {"which": ["one", "two"]}});
    assert_eq!(act(&bench, "alice", "press", selected).await, 200);
    let (frame, _) = callback(&mut socket).await;
    let items = &frame["body"]["event"]["template_card_event"]["selected_items"];
    let wanted = json!({"selected_item": [
        {"question_key": "which", "option_ids": {"option_id": ["one", "two"]}},
    ]});
    assert_eq!(*items, wanted, "{frame}");
}

#[tokio::test]
async fn a_stream_gets_its_card_once_with_any_of_its_answers() {
    let bench = WeComBench::start().await;
    let mut socket = bench.bot().await;
    bench.say("alice", "user:bot", "hello").await;
    let (_, req_id) = callback(&mut socket).await;
    let answer = |text: &str, finish: bool, card: Option<&str>| {
        let mut body = json!({
            "msgtype": "stream_with_template_card",
            "stream": {"id": "s1", "finish": finish, "content": text},
        });
        if let Some(title) = card {
            body["template_card"] = json!({
                "card_type": "text_notice",
                "main_title": {"title": title},
                "card_action": {"type": 1, "url": "https://example.com"},
            });
        }
        body
    };
    for (text, finish, card) in [
        ("a", false, None),
        ("b", false, Some("first")),
        ("c", true, Some("second")),
    ] {
        let body = answer(text, finish, card);
        let ack = command(&mut socket, "aibot_respond_msg", &req_id, body).await;
        assert_eq!(ack["errcode"], 0, "{text}: {ack}");
    }
    let shown = bench
        .get("/control/messages?platform=wecom&conversation=bot:alice")
        .await
        .json();
    let parts = &shown["messages"][1]["parts"];
    assert_eq!(parts[0]["text"], "c", "{shown}");
    assert_eq!(parts[1]["title"], "first", "{shown}");
    assert_eq!(parts.as_array().map(Vec::len), Some(2), "{shown}");
}
