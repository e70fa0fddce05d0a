//! `mynah dev`: somebody writes to the bot, and it answers.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Server, is_answered, request};

#[test]
fn carol_writes_to_the_bot_in_a_group_of_dingtalk_and_it_answers() {
    let dev = Server::start("dev");
    let group = "group:chatgeneral";
    is_answered(&dev, "dingtalk", ("carol", group, "@bot /ping"), group);
}

#[test]
fn what_dev_says_to_write_is_answered_on_every_world() {
    let dev = Server::start("dev");
    for (platform, group, text) in [
        ("onebot", "group:20001", "/ping"),
        ("rongcloud", "group:general", "/ping"),
        ("bearychat", "group:=bwAll", "/ping"),
        ("wecom", "group:general", "@bot /ping"),
        ("dingtalk", "group:chatgeneral", "@bot /ping"),
    ] {
        is_answered(&dev, platform, ("alice", group, text), group);
    }
}

/// By the message route.
#[test]
fn alice_writes_to_the_bot_on_rongcloud_and_it_answers() {
    let dev = Server::start("dev");
    let group = "group:general";
    is_answered(&dev, "rongcloud", ("alice", group, "@bot /ping"), group);
    is_answered(
        &dev,
        "rongcloud",
        ("alice", "user:bot", "/ping"),
        "user:alice",
    );
    let journal = format!("{}/control/journal?platform=rongcloud", dev.url);
    let journal = request(&journal, &Value::Null);
    assert!(journal.contains("message_route"), "{journal}");
}

/// Over the socket.
#[test]
fn dave_writes_to_the_bot_in_a_channel_of_bearychat_and_it_answers() {
    let dev = Server::start("dev");
    let channel = "group:=bwAll";
    let ping = ("dave", channel, "@<==bwBot=> /ping");
    is_answered(&dev, "bearychat", ping, channel);
    let alone = ("alice", "user:bot", "/ping");
    is_answered(&dev, "bearychat", alone, "user:=bw52O");

    let path = "control/messages?platform=bearychat&conversation=user:=bw52O";
    let messages = request(&format!("{}/{path}", dev.url), &Value::Null);
    let (_, messages) = messages.split_once("\r\n\r\n").unwrap();
    let messages: Value = serde_json::from_str(messages).unwrap();
    let answer = &messages["messages"].as_array().unwrap().last().unwrap()["id"];
    let act = json!({"platform": "bearychat", "who": "alice", "action": "react",
        "message": answer, "emoji": ":heart:"});
    request(&format!("{}/control/act", dev.url), &act);
    let patience = Instant::now() + Duration::from_secs(20);
    while !request(&format!("{}/{path}", dev.url), &Value::Null).contains("谢谢 :heart:") {
        assert!(Instant::now() < patience, "nobody says thanks");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[cfg(unix)]
fn dev_ends_when_told_to() {
    let mut dev = Server::start("dev");
    let id = dev.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    let patience = Instant::now() + Duration::from_secs(30);
    while dev.child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < patience, "it did not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(dev.child.wait().unwrap().code(), Some(0));
}
