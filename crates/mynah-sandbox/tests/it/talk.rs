//! Tests that talk to a bot, and conversations that become such tests.

use std::time::Duration;

use mynah_sandbox::{Sandbox, Talk, TalkError};
use serde_json::{Value, json};

use crate::support::Bench;

const GROUP: &str = "group:20001";

fn talk(sandbox: &Sandbox) -> Talk {
    let talk = Talk::new(sandbox, "onebot", GROUP).unwrap();
    talk.patience(Duration::from_millis(300))
}

/// The bot says something in the group.
async fn says(sandbox: &Sandbox, text: &str) {
    let body = json!({"group_id": 20001, "message": [{"type": "text", "data": {"text": text}}]});
    let call = http::Request::post("/onebot/send_group_msg")
        .header("authorization", "Bearer sandbox-token")
        .header("content-type", "application/json");
    let call = call.body(body.to_string().into()).unwrap();
    sandbox.handle(call).await.unwrap();
}

#[tokio::test]
async fn what_the_bot_says_is_waited_for_one_thing_after_the_other() {
    let sandbox = Sandbox::builder().open().unwrap();
    says(&sandbox, "long before").await;
    let mut talk = talk(&sandbox);
    let said = json!({"from": "alice", "to": GROUP, "text": "/ping"});
    let question = talk.say(said).await.unwrap();
    let bot = sandbox.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        says(&bot, "one").await;
        says(&bot, "two").await;
    });
    let one = talk.hears("one").await.unwrap();
    let two = talk.hears("two").await.unwrap();
    assert!(question != one && one != two, "{question} {one} {two}");
    let recall = json!({"who": "alice", "action": "recall", "message": question});
    talk.act(recall).await.unwrap();
}

#[tokio::test]
async fn a_talk_that_goes_otherwise_says_how() {
    let sandbox = Sandbox::builder().open().unwrap();
    let mut talk = talk(&sandbox);
    let silent = talk.hears("pong").await.unwrap_err();
    assert_eq!(
        silent.to_string(),
        r#"the bot was to say "pong" and said nothing for 0.3 s"#
    );
    says(&sandbox, "ping").await;
    let otherwise = talk.hears("pong").await.unwrap_err();
    assert_eq!(
        otherwise.to_string(),
        r#"the bot was to say "pong" and said "ping""#
    );
    let nobody = json!({"from": "mallory", "to": GROUP, "text": "hi"});
    let rejected = talk.say(nobody).await.unwrap_err();
    assert!(
        matches!(&rejected, TalkError::Rejected(it) if it.field == "from"),
        "{rejected}"
    );
    assert!(talk.say(json!("hi")).await.is_err());
    for (platform, conversation) in [("telegraph", GROUP), ("onebot", "group:1")] {
        assert!(
            Talk::new(&sandbox, platform, conversation).is_err(),
            "{conversation}"
        );
    }
}

#[tokio::test]
async fn a_transcript_is_for_programs_for_readers_or_a_test() {
    let bench = Bench::start().await;
    bench.tell_bot("/ping").await;
    let reply = json!({"user_id": 10001, "message": "pong"});
    bench.call("send_private_msg", reply).await;
    let path = "/control/transcript?platform=onebot&conversation=user:10001";
    let json = bench.get(path).await.json();
    assert_eq!(json["mynah"], "transcript");
    let said: Vec<&Value> = json["messages"].as_array().unwrap().iter().collect();
    assert_eq!(said.len(), 2);
    let text = bench.get(&format!("{path}&format=text")).await;
    assert_eq!(text.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(text.header("content-disposition"), "attachment");
    assert!(text.text().contains("> /ping"), "{}", text.text());
    let written = bench.get(&format!("{path}&format=test")).await;
    let lines = "    talk.say(json!({\"from\": \"alice\", \"text\": \"/ping\", \"to\": \"user:bot\"})).await?;
    talk.hears(\"pong\").await?;\n";
    assert!(written.text().contains(lines), "{}", written.text());
    for (query, status, field) in [
        (
            "platform=onebot&conversation=user:10001&format=poem",
            400,
            "format",
        ),
        ("platform=onebot", 400, "conversation"),
        ("platform=onebot&conversation=group:7", 404, "conversation"),
        ("platform=telegraph&conversation=group:7", 404, "platform"),
    ] {
        let answer = bench.get(&format!("/control/transcript?{query}")).await;
        assert_eq!(answer.json()["error"]["field"], field, "{query}");
        assert_eq!(answer.status, status, "{query}");
    }
}
