//! Callbacks to applications and to the intelligent bot.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use mynah_wecom::aibot;
use mynah_wecom::inbound::Event;
use mynah_wecom::reply::PassiveReply;
use serde_json::{Value, json};

use super::support::{AES_KEY, Callbacks, Reply, WeComBench};
use crate::support::{Receiver, Respond};

/// An application that is told what happens.
async fn application() -> (WeComBench, Callbacks) {
    let callbacks = Callbacks::application().await;
    let bench = WeComBench::with(|builder| builder.wecom_callback_url(callbacks.url())).await;
    (bench, callbacks)
}

/// An intelligent bot that is told what happens by callbacks.
async fn bot() -> (WeComBench, Callbacks) {
    let callbacks = Callbacks::bot().await;
    let bench = WeComBench::with(|builder| builder.wecom_bot_callback_url(callbacks.url())).await;
    (bench, callbacks)
}

fn text_of(event: &Event) -> String {
    match event {
        Event::Application(callback) => callback.text().unwrap_or_default().to_owned(),
        Event::Bot(aibot::Callback {
            kind: aibot::Kind::Message { content, .. },
            ..
        }) => content.text().unwrap_or_default().to_owned(),
        other => panic!("no message: {other:?}"),
    }
}

#[tokio::test]
async fn what_people_say_to_the_application_is_posted_encrypted() {
    let (bench, mut callbacks) = application().await;
    let id = bench.say("alice", "user:bot", "hello").await;
    let Event::Application(callback) = callbacks.next().await else {
        panic!("it is for the application");
    };
    assert_eq!(callback.to_user_name, "ww-sandbox");
    assert_eq!(callback.from_user_name.as_str(), "alice");
    assert_eq!(callback.text(), Some("hello"));
    let noted = bench.noted(|entry| entry["kind"] == "event").await;
    assert_eq!(noted["message"], json!([id]));
    assert_eq!(noted["transport"], "post");
    // The journal shows what is encrypted on the wire, and not the signature.
    assert!(noted["body"].as_str().unwrap().contains("hello"));
    let url = noted["url"].as_str().unwrap();
    assert!(url.contains("msg_signature=…&timestamp="), "{url}");
}

#[tokio::test]
async fn a_passive_reply_is_shown_to_who_has_spoken() {
    let (bench, mut callbacks) = application().await;
    callbacks.answer(PassiveReply::text("you said hello"));
    bench.say("alice", "user:bot", "hello").await;
    callbacks.next().await;
    bench
        .shows("user:alice", &["hello", "you said hello"])
        .await;
    let noted = bench.noted(|entry| entry["note"] == "passive reply").await;
    assert_eq!(noted["verdict"], "ok");
    // The journal shows what it says, and whose message it became.
    let body = noted["body"].as_str().unwrap();
    assert!(body.contains("you said hello"), "{body}");
    let id = &bench.message("user:alice", 1).await["id"];
    assert_eq!(noted["message"], json!([id]));
}

#[tokio::test]
async fn the_journal_leads_from_a_card_to_all_that_was_about_it() {
    let (bench, mut callbacks) = application().await;
    let token = bench.token().await;
    let card = json!({"card_type": "button_interaction", "task_id": "t-1",
        "main_title": {"title": "Alert"}, "button_list": [{"text": "Take", "key": "take"}]});
    let sent = json!({"touser": "alice", "agentid": 1_000_002, "msgtype": "template_card",
        "template_card": card});
    let sent = bench.try_call("message/send", &token, &sent).await.json();
    let press = json!({"platform": "wecom", "who": "alice", "action": "press",
        "message": sent["msgid"], "key": "take"});
    assert_eq!(bench.post("/control/act", press).await.status, 200);
    callbacks.next().await;
    let update = json!({"userids": ["alice"], "agentid": 1_000_002,
        "response_code": sent["response_code"], "button": {"replace_name": "Taken"}});
    let path = "message/update_template_card";
    assert_eq!(
        bench.try_call(path, &token, &update).await.json()["errcode"],
        0
    );
    let message = bench.message("user:alice", 0).await;
    assert_eq!(message["parts"][0]["answered"], "take");
    let noted = message["journal"].as_array().unwrap();
    let journal = bench.journal_of("wecom").await;
    let titles = journal.iter().filter(|entry| noted.contains(&entry["id"]));
    let titles: Vec<_> = titles
        .map(|entry| entry["title"].as_str().unwrap())
        .collect();
    let first = "cgi-bin/message/send";
    let last = "cgi-bin/message/update_template_card";
    assert_eq!(
        titles,
        [first, first, "event.template_card_event", last, last]
    );
}

#[tokio::test]
async fn a_callback_that_is_refused_comes_three_times_more_and_each_is_signed_anew() {
    let (bench, mut callbacks) = application().await;
    for _ in 0..5 {
        callbacks.reply(Reply::Status(500, Duration::ZERO));
    }
    let began = Instant::now();
    bench.say("alice", "user:bot", "hello").await;
    let mut queries = BTreeSet::new();
    for wait in [0.0, 0.0, 5.0, 5.0] {
        if wait > 0.0 {
            callbacks.receiver.is_quiet().await;
            bench.pass(wait).await;
        }
        let (post, genuine) = callbacks.raw().await;
        assert!(genuine);
        queries.insert(post.uri().query().unwrap().to_owned());
    }
    assert_eq!(queries.len(), 4, "{queries:?}");
    bench.pass(60.0).await;
    callbacks.receiver.is_quiet().await;
    // The waits were those of the virtual clock.
    assert!(began.elapsed() < Duration::from_secs(5));
    bench
        .noted(|entry| entry["note"] == "repetition 3 of 3")
        .await;
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_told_again_and_holds_nobody_else_up() {
    let (bench, mut callbacks) = application().await;
    bench.deliver(json!({"callback_timeout_s": 0.2})).await;
    callbacks.reply(Reply::Status(200, Duration::from_secs(5)));
    bench.say("alice", "user:bot", "first").await;
    assert_eq!(text_of(&callbacks.next().await), "first");
    bench.say("bob", "user:bot", "aside").await;
    assert_eq!(text_of(&callbacks.next().await), "aside");
    assert_eq!(text_of(&callbacks.next().await), "first");
    callbacks.receiver.is_quiet().await;
    let noted = bench.noted(|entry| entry["verdict"] == "failed").await;
    assert_eq!(noted["note"], "no answer within 200ms");
}

#[tokio::test]
async fn what_one_person_says_arrives_in_order() {
    let (bench, mut callbacks) = application().await;
    callbacks.reply(Reply::Status(200, Duration::from_millis(100)));
    for text in ["one", "two", "three"] {
        bench.say("alice", "user:bot", text).await;
    }
    for text in ["one", "two", "three"] {
        assert_eq!(text_of(&callbacks.next().await), text);
    }
}

#[tokio::test]
async fn a_reset_ends_the_repetitions() {
    let (bench, mut callbacks) = application().await;
    for _ in 0..2 {
        callbacks.reply(Reply::Status(500, Duration::ZERO));
    }
    bench.say("alice", "user:bot", "hello").await;
    callbacks.next().await;
    callbacks.next().await;
    bench.post("/control/reset", json!({})).await;
    bench.pass(10.0).await;
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn a_forged_signature_is_one_that_nobody_takes() {
    let (bench, mut callbacks) = application().await;
    bench
        .fault(json!({"kind": "forge_signature", "count": 1}))
        .await;
    bench.say("alice", "user:bot", "hello").await;
    let (post, genuine) = callbacks.raw().await;
    assert!(!genuine);
    let query = post.uri().query().unwrap();
    assert!(query.contains("msg_signature=000000"), "{query}");
    assert!(query.contains("timestamp=") && query.contains("nonce="));
}

#[tokio::test]
async fn a_callback_that_a_fault_loses_comes_again_when_nobody_has_answered() {
    let (bench, mut callbacks) = application().await;
    bench.deliver(json!({"callback_timeout_s": 0.2})).await;
    bench.fault(json!({"kind": "drop", "count": 1})).await;
    let began = Instant::now();
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(text_of(&callbacks.next().await), "hello");
    assert!(began.elapsed() >= Duration::from_millis(200));
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn a_callback_that_a_fault_doubles_is_one_message_twice() {
    let (bench, mut callbacks) = application().await;
    bench.fault(json!({"kind": "duplicate", "count": 1})).await;
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(callbacks.next().await, callbacks.next().await);
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn a_callback_that_a_fault_lets_others_overtake_comes_later() {
    let (bench, mut callbacks) = application().await;
    bench.fault(json!({"kind": "reorder", "count": 1})).await;
    bench.say("alice", "user:bot", "first").await;
    bench.say("alice", "user:bot", "second").await;
    assert_eq!(text_of(&callbacks.next().await), "second");
    assert_eq!(text_of(&callbacks.next().await), "first");
}

#[tokio::test]
async fn an_answer_that_cannot_be_opened_is_passed_over() {
    let receiver = Receiver::answering(|_| Respond::new(200, "success")).await;
    let bench = WeComBench::with(|builder| builder.wecom_callback_url(&receiver.url)).await;
    bench.say("alice", "user:bot", "hello").await;
    let noted = bench
        .noted(|entry| entry["kind"] == "response" && entry["transport"] == "post")
        .await;
    assert_eq!(noted["verdict"], "failed");
    let note = noted["note"].as_str().unwrap();
    assert!(note.starts_with("the reply is passed over: "), "{note}");
    bench.shows("user:alice", &["hello"]).await;
}

#[tokio::test]
async fn the_bot_answers_in_the_response_and_is_asked_how_its_stream_goes_on() {
    let (bench, mut callbacks) = bot().await;
    let stream = |text: &str| aibot::Stream::new("stream-1", text);
    callbacks.answer(aibot::Reply::from(stream("thinking")));
    callbacks.answer(aibot::Reply::from(stream("thinking hard")));
    callbacks.answer(aibot::Reply::from(stream("done").finish()));
    bench.say("alice", "user:bot", "hello").await;
    assert_eq!(text_of(&callbacks.next().await), "hello");
    bench.shows("bot:alice", &["hello", "thinking"]).await;

    for shown in ["thinking hard", "done"] {
        bench.pass(1.0).await;
        let Event::Bot(callback) = callbacks.next().await else {
            panic!("it is for the bot");
        };
        assert_eq!(callback.kind, aibot::Kind::Refresh("stream-1".to_owned()));
        bench.shows("bot:alice", &["hello", shown]).await;
    }
    bench.pass(10.0).await;
    callbacks.receiver.is_quiet().await;
}

#[tokio::test]
async fn an_address_is_verified_when_it_is_asked_for() {
    let (bench, mut callbacks) = application().await;
    let deaf = Receiver::answering(|_| Respond::new(200, "hello")).await;
    let known = Receiver::answering(echo).await;
    let delivery = bench
        .deliver(json!({
            "callback_url": known.url, "bot_callback_url": deaf.url, "verify": true,
        }))
        .await;
    assert_eq!(delivery["callback_url"], known.url);
    let verified = &delivery["verification"];
    assert_eq!(verified["callback_url"]["ok"], true, "{delivery}");
    assert_eq!(verified["bot_callback_url"]["ok"], false, "{delivery}");
    assert!(verified["bot_callback_url"]["problem"].is_string());
    callbacks.receiver.is_quiet().await;
    let journal = bench.journal_of("wecom").await;
    let asked = journal
        .iter()
        .filter(|entry| entry["title"] == "verification" && entry["method"] == "GET");
    assert_eq!(asked.count(), 2);
    let untold = bench.get("/control/wecom/delivery").await.json();
    assert!(untold.get("verification").is_none());
}

/// Answers the verification as an application does.
fn echo(post: &crate::support::Posted) -> Respond {
    use mynah_core::{Inbound, Received};
    use mynah_wecom::WeCom;
    use mynah_wecom::inbound::CallbackSecret;

    let key = AES_KEY.parse().unwrap();
    let secret = CallbackSecret::application(&"MynahToken123".into(), &key, "ww-sandbox");
    match WeCom::verify(&secret, post, std::time::SystemTime::now()) {
        Ok(Received::Challenge(plain)) => Respond::new(200, String::from_utf8_lossy(plain.body())),
        other => panic!("no verification: {other:?}"),
    }
}

#[tokio::test]
async fn callbacks_are_encrypted_with_what_is_set_and_it_does_not_show() {
    let (bench, mut callbacks) = application().await;
    let shown = bench
        .deliver(json!({
            "callback_token": "OtherToken",
            "encoding_aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        }))
        .await;
    assert_eq!(shown["callback_token_set"], true);
    assert_eq!(shown["encoding_aes_key_set"], true);
    bench.say("alice", "user:bot", "hello").await;
    let (_, genuine) = callbacks.raw().await;
    assert!(!genuine);
    let journal = Value::from(bench.journal_of("wecom").await).to_string();
    assert!(!journal.contains("OtherToken") && !journal.contains("jWmY"));
}

#[tokio::test]
async fn what_nobody_listens_for_is_in_the_journal() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", port.local_addr().unwrap());
    drop(port);
    let bench = WeComBench::with(|builder| builder.wecom_callback_url(url)).await;
    bench.say("alice", "user:bot", "hello").await;
    let noted = bench.noted(|entry| entry["verdict"] == "failed").await;
    assert_eq!(noted["transport"], "post");
    assert!(!noted["note"].as_str().unwrap().is_empty());
}
