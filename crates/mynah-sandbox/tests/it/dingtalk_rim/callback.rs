//! Events that are posted.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use mynah_dingtalk::event::{Format, Kind};
use serde_json::{Value, json};

use super::support::{AES_KEY, Callbacks, DingTalkBench, GROUP, TOKEN};
use crate::support::{Receiver, Respond, in_time};

const REGISTER: &str = "call_back/register_call_back";
const UPDATE: &str = "call_back/update_call_back";

/// An application that is told of new names of groups.
async fn registered() -> (DingTalkBench, Callbacks) {
    let bench = DingTalkBench::start().await;
    let mut callbacks = Callbacks::registered().await;
    callbacks.register(&bench, &["chat_update_title"]).await;
    (bench, callbacks)
}

/// The name in an event.
fn title(kind: &Kind) -> &str {
    match kind {
        Kind::ChatUpdateTitle(change) => change.title.as_deref().unwrap_or_default(),
        other => panic!("no new name: {other:?}"),
    }
}

#[tokio::test]
async fn a_registered_address_is_told_what_it_asked_for_encrypted() {
    let (bench, mut callbacks) = registered().await;
    let token = bench.token().await;
    // It did not ask for this.
    let body = json!({"chatid": GROUP, "del_useridlist": ["erin"], "name": "renamed"});
    bench.try_call("chat/update", &token, &body).await;
    let event = callbacks.next().await;
    assert_eq!(title(&event.kind), "renamed");
    assert_eq!(event.format, Format::Registered);
    callbacks.receiver.is_quiet().await;
    let noted = bench
        .noted(|entry| entry["title"] == "chat_update_title")
        .await;
    assert_eq!(noted["transport"], "post");
    // The journal shows what is encrypted on the wire, and not the signature.
    assert!(noted["body"].as_str().unwrap().contains("renamed"));
    let url = noted["url"].as_str().unwrap();
    assert!(
        url.contains("signature=…&msg_signature=…&timestamp="),
        "{url}"
    );
    let answered = bench.noted(|entry| entry["pair"] == noted["id"]).await;
    assert_eq!(
        (&answered["body"], &answered["verdict"]),
        (&json!("success"), &json!("ok"))
    );
    let journal = Value::from(bench.journal().await).to_string();
    for secret in [TOKEN, AES_KEY, &token] {
        assert!(!journal.contains(secret), "{secret} is in the journal");
    }
}

#[tokio::test]
async fn the_address_of_the_console_is_told_everything_in_a_shape_of_its_own() {
    let mut callbacks = Callbacks::console().await;
    let bench = DingTalkBench::with(|builder| builder.dingtalk_callback_url(callbacks.url())).await;
    bench.rename("renamed").await;
    let event = callbacks.next().await;
    assert_eq!(title(&event.kind), "renamed");
    assert_eq!(event.format, Format::Console);
    assert!(event.event_id.is_some());
}

#[tokio::test]
async fn an_address_is_tried_before_it_is_registered() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let mut callbacks = Callbacks::registered().await;
    let registration = callbacks.registration(&["chat_quit"]);
    let answer = bench.try_call(REGISTER, &token, &registration).await;
    assert_eq!(answer.json()["errcode"], 0, "{answer:?}");
    assert!(callbacks.raw().await.1);
    let journal = bench.journal().await;
    let at = |title: &str| journal.iter().position(|entry| entry["title"] == title);
    assert!(at(REGISTER).unwrap() < at("check_url").unwrap());

    // There is one already, so none is tried.
    let answer = bench.try_call(REGISTER, &token, &registration).await;
    assert_eq!(answer.json()["errcode"], 71006, "{answer:?}");
    callbacks.receiver.is_quiet().await;

    let answer = bench.try_call(UPDATE, &token, &registration).await;
    assert_eq!(answer.json()["errcode"], 0, "{answer:?}");
    assert!(callbacks.raw().await.1);
}

#[tokio::test]
async fn an_address_that_does_not_answer_as_it_should_is_not_registered() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let callbacks = Callbacks::registered().await;
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", port.local_addr().unwrap());
    drop(port);
    let mut unreachable = callbacks.registration(&["chat_quit"]);
    unreachable["url"] = json!(nobody);
    let answer = bench.try_call(REGISTER, &token, &unreachable).await;
    assert_eq!(answer.json()["errcode"], 71012, "{answer:?}");
    for (respond, errcode) in [
        (Respond::new(500, ""), 71012),
        (Respond::new(200, "success"), 71010),
        (Respond::new(200, "{}"), 71010),
        (
            Respond {
                after: Duration::from_secs(3),
                ..Respond::new(200, "")
            },
            71012,
        ),
    ] {
        callbacks.reply(respond.clone());
        let registration = callbacks.registration(&["chat_quit"]);
        let answer = bench.try_call(REGISTER, &token, &registration).await;
        assert_eq!(answer.json()["errcode"], errcode, "{respond:?}");
    }
    let path = format!("/dingtalk/call_back/get_call_back?access_token={token}");
    assert_eq!(bench.get(&path).await.json()["errcode"], 71007);
}

#[tokio::test]
async fn another_word_than_success_is_told_from_one_that_cannot_be_read() {
    use mynah_dingtalk::inbound::{CallbackSecret, Stamp};

    let key = AES_KEY.parse().unwrap();
    let secret = CallbackSecret::events(TOKEN, &key, [super::support::CORP_ID]);
    let stamp = Stamp {
        timestamp: 1_700_000_000_000,
        nonce: "nonce".to_owned(),
        random: *b"0123456789abcdef",
    };
    let sealed = secret.seal("hello", &stamp).unwrap();
    let callbacks = Callbacks::registered().await;
    callbacks.reply(Respond::new(200, serde_json::to_string(&sealed).unwrap()));
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let registration = callbacks.registration(&["chat_quit"]);
    let answer = bench.try_call(REGISTER, &token, &registration).await;
    assert_eq!(answer.json()["errcode"], 71009, "{answer:?}");
}

#[tokio::test]
async fn a_registration_that_a_fault_refuses_is_not_tried() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let mut callbacks = Callbacks::registered().await;
    bench.fault(json!({"kind": "rate_limit", "count": 1})).await;
    let registration = callbacks.registration(&["chat_quit"]);
    let answer = bench.try_call(REGISTER, &token, &registration).await;
    assert_eq!(answer.json()["errcode"], 90002, "{answer:?}");
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn an_event_that_is_refused_comes_after_ten_and_thirty_seconds_and_is_listed_then() {
    let (bench, mut callbacks) = registered().await;
    for _ in 0..4 {
        callbacks.reply(Respond::new(500, ""));
    }
    let began = Instant::now();
    bench.rename("renamed").await;
    let mut queries = BTreeSet::new();
    for wait in [0.0, 10.0, 30.0] {
        if wait > 0.0 {
            bench.pass(wait - 1.0).await;
            callbacks.receiver.is_quiet().await;
            bench.pass(1.0).await;
        }
        let (post, genuine) = callbacks.raw().await;
        assert!(genuine);
        queries.insert(post.uri().query().unwrap().to_owned());
        // The waits are counted from when the failure is known.
        let failed = |journal: &[Value]| {
            let failed = journal.iter().filter(|entry| entry["status"] == 500);
            failed.count() == queries.len()
        };
        in_time(async {
            while !failed(&bench.journal().await) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }
    assert_eq!(queries.len(), 3, "{queries:?}");
    bench.pass(60.0).await;
    callbacks.receiver.is_quiet().await;
    // The waits were those of the virtual clock.
    assert!(began.elapsed() < Duration::from_secs(8));
    bench
        .noted(|entry| entry["note"] == "repetition 2 of 2")
        .await;
    let token = bench.token().await;
    let path = format!("/dingtalk/call_back/get_call_back_failed_result?access_token={token}");
    let failed = bench.get(&path).await.json();
    assert_eq!(
        failed["failed_list"][0]["call_back_tag"], "chat_update_title",
        "{failed}"
    );
    assert_eq!(bench.get(&path).await.json()["failed_list"], json!([]));
}

#[tokio::test]
async fn events_arrive_in_order_one_at_a_time() {
    let (bench, mut callbacks) = registered().await;
    bench
        .fault(json!({"kind": "delay", "where": "post", "ms": 100, "count": 1}))
        .await;
    for name in ["one", "two", "three"] {
        bench.rename(name).await;
    }
    for name in ["one", "two", "three"] {
        assert_eq!(title(&callbacks.next().await.kind), name);
    }
}

#[tokio::test]
async fn a_reset_ends_the_repetitions() {
    let (bench, mut callbacks) = registered().await;
    callbacks.reply(Respond::new(500, ""));
    bench.rename("renamed").await;
    callbacks.raw().await;
    bench.noted(|entry| entry["status"] == 500).await;
    bench.post("/control/reset", json!({})).await;
    bench.pass(60.0).await;
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn what_is_registered_no_more_is_not_told_again() {
    let (bench, mut callbacks) = registered().await;
    callbacks.reply(Respond::new(500, ""));
    bench.rename("renamed").await;
    callbacks.raw().await;
    bench.noted(|entry| entry["status"] == 500).await;
    let token = bench.token().await;
    let path = format!("/dingtalk/call_back/delete_call_back?access_token={token}");
    assert_eq!(bench.get(&path).await.json()["errcode"], 0);
    bench.pass(10.0).await;
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn a_forged_signature_is_one_that_nobody_takes() {
    let (bench, mut callbacks) = registered().await;
    callbacks.reply(Respond::new(403, ""));
    bench
        .fault(json!({"kind": "forge_signature", "count": 1}))
        .await;
    bench.rename("renamed").await;
    let (post, genuine) = callbacks.raw().await;
    assert!(!genuine);
    let query = post.uri().query().unwrap();
    assert!(query.contains("msg_signature=000000"), "{query}");
}

#[tokio::test]
async fn an_event_that_a_fault_loses_comes_again() {
    let (bench, mut callbacks) = registered().await;
    bench.deliver(json!({"callback_timeout_s": 0.2})).await;
    bench
        .fault(json!({"kind": "drop", "where": "post", "count": 1}))
        .await;
    bench.rename("renamed").await;
    bench.noted(|entry| entry["note"] == "fault: lost").await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    bench.pass(10.0).await;
    assert_eq!(title(&callbacks.next().await.kind), "renamed");
}

#[tokio::test]
async fn an_event_goes_to_the_address_and_over_stream() {
    let (bench, mut callbacks) = registered().await;
    let mut stream = bench.stream().await;
    bench.rename("renamed").await;
    assert_eq!(title(&callbacks.next().await.kind), "renamed");
    assert_eq!(stream.told().await.1["title"], "renamed");
}

#[tokio::test]
async fn the_address_of_the_console_is_checked_when_it_is_asked_for() {
    let bench = DingTalkBench::start().await;
    let callbacks = Callbacks::console().await;
    let shown = bench
        .deliver(json!({"callback_url": callbacks.url(), "verify": true}))
        .await;
    assert_eq!(shown["verification"]["callback_url"]["ok"], true, "{shown}");
    let deaf = Receiver::answering(|_| Respond::new(200, "hello")).await;
    let shown = bench
        .deliver(json!({"callback_url": deaf.url, "verify": true}))
        .await;
    let verified = &shown["verification"]["callback_url"];
    assert_eq!(verified["ok"], false, "{shown}");
    assert!(verified["problem"].is_string(), "{shown}");
}

#[tokio::test]
async fn what_nobody_wants_to_hear_of_is_in_the_journal() {
    let bench = DingTalkBench::start().await;
    bench.rename("renamed").await;
    let noted = bench.noted(|entry| entry["verdict"] == "dropped").await;
    assert_eq!(noted["title"], "chat_update_title");
}
