//! What bots tell of their own work, and by what each side knows the other.

use http::Method;
use serde_json::{Value, json};

use crate::support::Bench;

async fn carried(bench: &Bench, platform: &str, conversation: &str) -> Vec<u64> {
    let path = format!("/control/messages?platform={platform}&conversation={conversation}");
    let page = bench.get(&path).await.json();
    serde_json::from_value(page["messages"][0]["journal"].clone()).unwrap()
}

#[tokio::test]
async fn a_note_stands_in_the_journal_and_at_its_message() {
    let bench = Bench::start().await;
    let id = bench.tell_bot("/ping").await;
    let number: i64 = id.parse().unwrap();
    let note = json!({
        "platform": "onebot", "stage": "event", "about": number, "by": "mine",
        "event": {"type": "message", "text": "/ping"},
        "checks": [{"what": "signature", "ok": true}, {"what": "timestamp", "ok": false}],
    });
    let answer = bench.post("/control/note", note).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let first = answer.json()["id"].as_u64().unwrap();
    let note = json!({
        "platform": "onebot", "stage": "handled", "about": id, "took_ms": 1.5,
        "reply": "pong", "sent": ["1002"], "error": "no luck",
    });
    let second = bench.post("/control/note", note).await.json();
    let second = second["id"].as_u64().unwrap();
    let journal = bench.journal().await;
    let notes: Vec<&Value> = journal.iter().filter(|it| it["kind"] == "note").collect();
    let [understood, handled] = &notes[..] else {
        panic!("{journal:?}");
    };
    // It is no control call besides.
    let control = journal.iter().filter(|it| it["kind"] == "control");
    assert_eq!(control.count(), 1);
    for (entry, name, value) in [
        (understood, "id", json!(first)),
        (understood, "title", json!("event")),
        (understood, "direction", json!("in")),
        (understood, "peer", json!("mine")),
        (understood, "verdict", json!("ok")),
        (understood, "message", json!([id])),
        (
            understood,
            "body",
            json!(r#"{"event":{"text":"/ping","type":"message"}}"#),
        ),
        (
            understood,
            "checks",
            json!([{"what": "signature", "ok": true}, {"what": "timestamp", "ok": false}]),
        ),
        (handled, "id", json!(second)),
        (handled, "title", json!("handled")),
        (handled, "verdict", json!("failed")),
        (handled, "note", json!("no luck")),
        (handled, "message", json!([id, "1002"])),
        (handled, "body", json!(r#"{"reply":"pong","took_ms":1.5}"#)),
    ] {
        assert_eq!(entry[name], value, "{name}");
    }
    let carried = carried(&bench, "onebot", "user:10001").await;
    assert!(
        carried.contains(&first) && carried.contains(&second),
        "{carried:?}"
    );
}

#[tokio::test]
async fn a_note_that_is_wrong_is_refused_by_field() {
    let bench = Bench::start().await;
    let many: Vec<String> = (0..101).map(|id| id.to_string()).collect();
    let checks = vec![json!({"what": "signature", "ok": true}); 17];
    for (note, field) in [
        (json!({"stage": "event"}), "platform"),
        (
            json!({"platform": "telegraph", "stage": "event"}),
            "platform",
        ),
        (json!({"platform": "onebot"}), "stage"),
        (json!({"platform": "onebot", "stage": "asleep"}), "stage"),
        (
            json!({"platform": "onebot", "stage": "event", "about": []}),
            "about",
        ),
        (
            json!({"platform": "onebot", "stage": "handled", "took_ms": -1}),
            "took_ms",
        ),
        (
            json!({"platform": "onebot", "stage": "handled", "sent": many}),
            "sent",
        ),
        (
            json!({"platform": "onebot", "stage": "event", "checks": [{"what": 7}]}),
            "checks",
        ),
        (
            json!({"platform": "onebot", "stage": "event", "checks": checks}),
            "checks",
        ),
        (
            json!({"platform": "onebot", "stage": "event", "evnt": {}}),
            "evnt",
        ),
    ] {
        let answer = bench.post("/control/note", note.clone()).await;
        let error = answer.json()["error"].clone();
        assert_eq!(error["field"], field, "{note}: {error}");
    }
    assert!(bench.journal().await.iter().all(|it| it["kind"] != "note"));
}

/// What was checked of the newest call of this platform.
async fn checked(bench: &Bench, platform: &str) -> Vec<(String, bool)> {
    let journal = bench.journal_of(platform).await;
    let request = journal.iter().rev().find(|it| it["kind"] == "request");
    let checks = request.unwrap()["checks"].as_array().cloned();
    let checks = checks.unwrap_or_default().into_iter();
    let told = |it: Value| (it["what"].as_str().unwrap().to_owned(), it["ok"] == true);
    checks.map(told).collect()
}

#[tokio::test]
async fn the_journal_tells_by_what_a_caller_was_known_and_what_was_wrong() {
    let bench = Bench::start().await;
    let json = ("content-type", "application/json");
    let get = Method::GET;
    let post = Method::POST;
    let robot = json!({"msgtype": "text", "text": {"content": "hi"}}).to_string();
    let robot = robot.as_str();
    for (platform, method, path, headers, body, expected) in [
        (
            "onebot",
            &get,
            "/onebot/get_status",
            vec![],
            "",
            vec![("access_token", false)],
        ),
        (
            "onebot",
            &get,
            "/onebot/get_status?access_token=sandbox-token",
            vec![],
            "",
            vec![("access_token", true)],
        ),
        (
            "wecom",
            &get,
            "/wecom/cgi-bin/user/get?access_token=wrong&userid=alice",
            vec![],
            "",
            vec![("access_token", false)],
        ),
        (
            "wecom",
            &post,
            "/wecom/cgi-bin/webhook/send?key=wrong",
            vec![json],
            robot,
            vec![("key", false)],
        ),
        (
            "wecom",
            &get,
            "/wecom/cgi-bin/gettoken?corpid=ww-sandbox&corpsecret=wrong",
            vec![],
            "",
            vec![],
        ),
        (
            "dingtalk",
            &get,
            "/dingtalk/user/get?access_token=wrong&userid=alice",
            vec![],
            "",
            vec![("access_token", false)],
        ),
        (
            "dingtalk",
            &post,
            "/dingtalk/topapi/v2/user/get?access_token=wrong",
            vec![json],
            "{}",
            vec![("access_token", false)],
        ),
        (
            "dingtalk",
            &post,
            "/dingtalk/v1.0/robot/oToMessages/batchSend",
            vec![json, ("x-acs-dingtalk-access-token", "wrong")],
            "{}",
            vec![("access_token", false)],
        ),
        (
            "dingtalk",
            &post,
            "/dingtalk/robot/send?access_token=wrong",
            vec![json],
            robot,
            vec![("access_token", false)],
        ),
        (
            "dingtalk",
            &post,
            "/dingtalk/robot/send?access_token=robot-sandbox&timestamp=1&sign=wrong",
            vec![json],
            robot,
            vec![("access_token", true), ("timestamp", false)],
        ),
        (
            "rongcloud",
            &post,
            "/rongcloud/user/info.json",
            vec![
                ("app-key", "rc-sandbox"),
                ("nonce", "1"),
                ("timestamp", "1"),
                ("signature", "wrong"),
            ],
            "userId=alice",
            vec![("app_key", true), ("signature", false)],
        ),
        (
            "rongcloud",
            &post,
            "/rongcloud/user/info.json",
            vec![("app-key", "wrong"), ("signature", "wrong")],
            "userId=alice",
            vec![("app_key", false)],
        ),
        (
            "bearychat",
            &get,
            "/bearychat/v1/user.list?token=wrong",
            vec![],
            "",
            vec![("token", false)],
        ),
        (
            "bearychat",
            &get,
            "/bearychat/v1/user.list?token=sandbox-token",
            vec![],
            "",
            vec![("token", true)],
        ),
        (
            "bearychat",
            &post,
            "/bearychat/hook/=bwTeam/incoming/wrong",
            vec![json],
            r#"{"text":"hi"}"#,
            vec![("token", false)],
        ),
    ] {
        let answer = bench
            .send(method.clone(), path, &headers, body.to_owned())
            .await;
        answer.unwrap();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(what, ok)| (what.to_owned(), ok))
            .collect();
        assert_eq!(checked(&bench, platform).await, expected, "{path}");
    }
}

#[tokio::test]
async fn whom_a_fault_turns_away_was_not_looked_at() {
    let bench = Bench::start().await;
    bench.fault(json!({"kind": "status_5xx"})).await;
    let _ = bench.try_call("get_status", json!({})).await;
    assert!(checked(&bench, "onebot").await.is_empty());
}

#[tokio::test]
async fn what_the_bot_can_verify_is_named_and_a_forgery_marked() {
    let bench = Bench::start().await;
    let nobody = "http://127.0.0.1:9/";
    let secret = json!({"post_url": nobody, "post_secret": "s"});
    bench.deliver(secret).await;
    bench.tell_bot("genuine").await;
    let is_event = |it: &Value| it["kind"] == "event" && it["transport"] == "post";
    let genuine = bench.noted(is_event).await;
    assert_eq!(
        genuine["checks"],
        json!([{"what": "signature", "ok": null}])
    );
    bench
        .fault(json!({"kind": "forge_signature", "where": "post"}))
        .await;
    bench.tell_bot("forged").await;
    let forged = |it: &Value| is_event(it) && it["note"] == "fault: forged signature";
    let forged = bench.noted(forged).await;
    assert_eq!(
        forged["checks"],
        json!([{"what": "signature", "ok": false}])
    );
    bench.deliver(json!({"post_secret": null})).await;
    bench.delete("/control/fault").await;
    let last = bench.tell_bot("unsigned").await;
    let unsigned = |it: &Value| is_event(it) && it["message"] == json!([last]);
    let unsigned = bench.noted(unsigned).await;
    assert_eq!(unsigned.get("checks"), None);
}

#[tokio::test]
async fn the_journal_is_read_backwards_too() {
    let bench = Bench::start().await;
    for text in ["one", "two", "three"] {
        bench.tell_bot(text).await;
    }
    let all = bench.journal().await;
    let ids: Vec<u64> = all.iter().map(|it| it["id"].as_u64().unwrap()).collect();
    let last = ids.last().unwrap();
    let path = format!("/control/journal?before={last}&limit=1");
    let page = bench.get(&path).await.json();
    assert_eq!(page["entries"][0]["id"], ids[ids.len() - 2]);
    let both = bench.get("/control/journal?before=2&after=1").await;
    assert_eq!(both.status, 400);
    assert_eq!(both.json()["error"]["field"], "before");
}
