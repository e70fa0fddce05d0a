use serde_json::{Map, json};

use super::steps::{self, Step};
use super::*;
use crate::journal::{Direction, Kind, Transport, Verdict};
use crate::world::{By, Notice, Part};

fn speaker(name: &str) -> Speaker {
    Speaker {
        id: name.to_owned(),
        name: name.to_owned(),
        display: name.to_owned(),
        role: String::new(),
        bot: name == "bot",
    }
}

/// Says something; the journal has it as `carried`.
fn message(seq: u64, name: &str, text: &str, carried: u64) -> MessageView {
    MessageView {
        seq,
        id: format!("m{seq}"),
        conversation: "group:1".to_owned(),
        time: 1_700_000_000 + i64::try_from(seq).unwrap(),
        from: speaker(name),
        kind: "message",
        parts: vec![Part::Text {
            text: text.to_owned(),
        }],
        recalled: None,
        reactions: Vec::new(),
        notice: None,
        journal: vec![carried],
        readers: None,
        unread: None,
        tag: None,
        edited: false,
        pinned: None,
    }
}

fn done(id: u64, title: &str, body: &Value, message: &[&str]) -> Entry {
    Entry {
        id,
        title: title.to_owned(),
        body: body.to_string(),
        status: 200,
        message: message.iter().map(|id| (*id).to_owned()).collect(),
        ..Entry::new("onebot", Direction::In, Transport::Http, Kind::Control)
    }
}

fn say(id: u64, from: &str, text: &str, message: &str) -> Entry {
    let body = json!({"platform": "onebot", "from": from, "to": "group:1", "text": text});
    done(id, "say", &body, &[message])
}

fn transcript(messages: Vec<MessageView>, done: Vec<Entry>) -> Transcript {
    Transcript {
        platform: "onebot",
        conversation: Conversation {
            id: "group:1".to_owned(),
            kind: "group",
            bot_kind: None,
            title: "Ge*neral".to_owned(),
            members: Vec::new(),
            whole_ban: false,
            menu: None,
            room: None,
            last: None,
        },
        people: Vec::new(),
        saved: 1_700_000_100,
        messages,
        done,
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("{other} is no object"),
    }
}

#[test]
fn what_was_done_and_heard_is_told_in_order() {
    let recall = json!({"platform": "onebot", "who": "alice", "action": "recall", "message": "m1"});
    let join = json!({"platform": "onebot", "who": "bob", "action": "join", "group": "1"});
    let elsewhere = json!({"platform": "onebot", "who": "bob", "action": "join", "group": "2"});
    let transcript = transcript(
        vec![
            message(1, "alice", "/ping", 1),
            message(2, "bot", "pong", 3),
            message(3, "alice", "bye", 8),
        ],
        vec![
            say(1, "alice", "/ping", "m1"),
            done(5, "act", &join, &[]),
            done(6, "act", &elsewhere, &[]),
            done(7, "act", &recall, &[]),
            say(8, "alice", "bye", "m3"),
        ],
    );
    let told =
        |from: &str, text: &str| object(json!({"from": from, "to": "group:1", "text": text}));
    let say = |text: &str, id: &str| Step::Say {
        body: told("alice", text),
        id: id.to_owned(),
    };
    let act = |body: Value| Step::Act { body: object(body) };
    assert_eq!(
        steps::of(&transcript),
        [
            say("/ping", "m1"),
            Step::Hear {
                words: "pong".to_owned(),
                id: "m2".to_owned()
            },
            act(json!({"who": "bob", "action": "join", "group": "1"})),
            act(json!({"who": "alice", "action": "recall", "message": "m1"})),
            say("bye", "m3"),
        ]
    );
}

#[test]
fn what_the_journal_has_lost_is_told_in_plain_words_or_named() {
    let mut card = message(2, "bob", "", 0);
    card.parts = vec![Part::Image {
        url: "u".to_owned(),
        name: "a.png".to_owned(),
    }];
    let mut cut = say(3, "carol", "long", "m3");
    cut.body.truncate(20);
    let messages = vec![
        message(1, "alice", "hi", 0),
        card,
        message(3, "carol", &"long ".repeat(40), 3),
    ];
    let steps = steps::of(&transcript(messages, vec![cut]));
    let body = object(json!({"from": "alice", "to": "group:1", "text": "hi"}));
    assert_eq!(
        steps[0],
        Step::Say {
            body,
            id: "m1".to_owned()
        }
    );
    assert_eq!(
        steps[1],
        Step::Lost {
            what: "bob: [image a.png]".to_owned()
        }
    );
    let Step::Lost { what } = &steps[2] else {
        panic!("{steps:?}");
    };
    assert!(
        what.starts_with("carol: long long") && what.ends_with('…'),
        "{what}"
    );
    assert_eq!(steps.len(), 3);
}

#[test]
fn what_was_refused_is_not_done_again() {
    let refused = Entry {
        verdict: Verdict::Refused,
        ..done(1, "act", &json!({"who": "bob", "group": "1"}), &[])
    };
    assert!(steps::of(&transcript(Vec::new(), vec![refused])).is_empty());
}

#[test]
fn a_test_names_what_it_speaks_of_later() {
    let quote = json!({"platform": "onebot", "from": "alice", "to": "group:1", "message": [
        {"type": "reply", "data": {"id": "m2"}}, {"type": "text", "data": {"text": "a \"quote\" of \\ what was said in a line that is too long for one"}}]});
    let recall = json!({"platform": "onebot", "who": "alice", "action": "recall", "message": "m1"});
    let transcript = transcript(
        vec![
            message(1, "alice", "/ping", 1),
            message(2, "bot", "po\nng", 2),
            message(3, "alice", "", 3),
        ],
        vec![
            say(1, "alice", "/ping", "m1"),
            done(3, "say", &quote, &["m3"]),
            done(4, "act", &recall, &[]),
        ],
    );
    let test = transcript.test();
    let steps: Vec<&str> = test
        .lines()
        .skip_while(|line| !line.contains("Talk::new"))
        .collect();
    assert_eq!(
        steps.join("\n"),
        r#"    let mut talk = Talk::new(sandbox.sandbox(), "onebot", "group:1")?;

    let said_1 = talk.say(json!({"from": "alice", "text": "/ping", "to": "group:1"})).await?;
    let heard_1 = talk.hears("po\nng").await?;
    talk.say(json!({
        "from": "alice",
        "message": [
            {"data": {"id": heard_1}, "type": "reply"},
            {
                "data": {
                    "text": "a \"quote\" of \\ what was said in a line that is too long for one"
                },
                "type": "text"
            }
        ],
        "to": "group:1"
    })).await?;
    talk.act(json!({"action": "recall", "message": said_1, "who": "alice"})).await?;

    drop(bot);
    sandbox.shutdown().await;
    Ok(())
}"#
    );
    assert!(
        test.contains("async fn a_conversation_in_ge_neral_on_onebot()"),
        "{test}"
    );
}

#[test]
fn a_text_quotes_what_was_said_and_tells_what_happened() {
    let mut recalled = message(2, "bot", "# pong\nline", 2);
    recalled.recalled = Some(By {
        id: "bot".to_owned(),
        name: "bot".to_owned(),
    });
    let mut joined = message(90_000, "carol", "", 3);
    joined.kind = "notice";
    joined.parts.clear();
    joined.notice = Some(Notice {
        kind: "join",
        text_en: "carol joined".to_owned(),
        text_zh: "carol 加入了".to_owned(),
    });
    let messages = vec![message(1, "alice", "/ping", 1), recalled, joined];
    let text = transcript(messages, Vec::new()).text();
    assert_eq!(
        text,
        "# Ge*neral

onebot · `group:1` · 3 messages · saved 2023-11-14 22:15:00 UTC

## 2023-11-14

**alice** 22:13:21 UTC
> /ping

**bot** (bot) 22:13:22 UTC (recalled)
> # pong
> line

## 2023-11-15

*carol joined · carol 加入了* (23:13:20 UTC)
"
    );
}

#[test]
fn json_says_what_it_is() {
    let json = transcript(vec![message(1, "alice", "hi", 1)], Vec::new()).json();
    assert_eq!(json["mynah"], "transcript");
    assert_eq!(json["version"], 1);
    assert_eq!(json["conversation"]["id"], "group:1");
    assert_eq!(json["messages"][0]["parts"][0]["text"], "hi");
}
