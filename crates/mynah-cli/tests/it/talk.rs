//! `mynah send` and `mynah listen`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{
    Folder, Server, TOKEN, exit, free_address, json, mynah, put, say_until_heard, text,
};

/// The first that `mynah listen` prints of an account while alice speaks there.
fn first_heard(
    here: &Folder,
    account: &str,
    sandbox: &Server,
    platform: &'static str,
    to: &'static str,
) -> Value {
    let mut listening = mynah()
        .current_dir(&here.0)
        .args(["listen", account])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let control = format!("{}/control", sandbox.url);
    let said = std::thread::spawn(move || say_until_heard(&control, platform, to));
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    listening.kill().unwrap();
    listening.wait().unwrap();
    said.join().unwrap();
    serde_json::from_str(&line).unwrap()
}

#[test]
fn an_account_of_the_configuration_is_sent_to_and_listened_to() {
    let sandbox = Server::start("dev");
    let folder = std::env::temp_dir().join(format!("mynah-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("mynah.toml");
    let address = sandbox.url.strip_prefix("http://").unwrap();
    let accounts = format!(
        "[[account]]\nname = 'qq'\nplatform = 'onebot'\naccess_token = '{TOKEN}'\n\
         connect = 'ws://{address}/onebot'\napi = 'http://{address}/onebot'\n"
    );
    std::fs::write(&config, accounts).unwrap();

    let mut listening = mynah()
        .args(["listen", "qq", "--config"])
        .arg(&config)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    assert!(line.contains("lifecycle"), "{line}");

    let sent = mynah()
        .args(["send", "qq", "onebot:group:20001", "早上好", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    let id = json(&sent)["ids"][0].as_str().unwrap().to_owned();
    assert!(id.starts_with("onebot:"), "{id}");

    let nobody = mynah()
        .args(["send", "wx", "onebot:user:1", "x", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    assert_eq!(exit(&nobody), 3);
    assert!(text(&nobody.stderr).contains("no account `wx`; there are: qq"));

    listening.kill().unwrap();
    listening.wait().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn wecom_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_wecom("talks", &sandbox);
    for (account, conversation, exits) in [
        ("app", "wecom:group:general", 0),
        ("app", "wecom:user:alice", 0),
        ("app", "wecom:user:nobody", 5),
        ("robot", "wecom:group:general", 0),
        ("robot", "wecom:user:alice", 1),
        ("app", "onebot:group:20001", 2),
    ] {
        let sent = here.mynah(&["send", account, conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{account} {conversation}: {problem}");
    }

    let event = first_heard(&here, "bot", &sandbox, "wecom", "user:aib-sandbox");
    assert_eq!(event["text"]["content"], "good morning");
}

#[test]
fn rongcloud_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let listen = free_address();
    let here = Folder::with_rongcloud("rong-talks", &sandbox, &format!("listen = '{listen}'\n"));
    for (conversation, exits) in [
        ("rongcloud:group:general", 0),
        ("rongcloud:user:alice", 0),
        ("rongcloud:group:chatroom:lobby", 0),
        ("wecom:user:alice", 2),
    ] {
        let sent = here.mynah(&["send", "app", conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{conversation}: {problem}");
    }

    let delivery = json!({"route_url": format!("http://{listen}/")});
    put(
        &format!("{}/control/rongcloud/delivery", sandbox.url),
        &delivery,
    );
    let event = first_heard(&here, "app", &sandbox, "rongcloud", "user:bot");
    assert_eq!(event["fromUserId"], "alice");
    assert_eq!(event["content"], "{\"content\":\"good morning\"}");

    let silent = Folder::with_rongcloud("rong-silent", &sandbox, "");
    assert_eq!(exit(&silent.mynah(&["listen"])), 3);
}

#[test]
fn bearychat_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_bearychat("beary-talks", &sandbox);
    for (account, conversation, exits) in [
        ("bot", "bearychat:group:=bwAll", 0),
        // It is public, and joined.
        ("bot", "bearychat:group:=bwDev", 0),
        ("bot", "bearychat:user:=bw52O", 0),
        ("bot", "bearychat:user:=nobody", 5),
        ("robot", "bearychat:group:dev", 0),
        ("robot", "bearychat:user:alice", 0),
        ("bot", "wecom:user:alice", 2),
    ] {
        let sent = here.mynah(&["send", account, conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{account} {conversation}: {problem}");
        assert!(!problem.contains("sandbox-token"), "{problem}");
    }

    let event = first_heard(&here, "bot", &sandbox, "bearychat", "user:bot");
    assert_eq!(
        (&event["type"], &event["uid"]),
        (&json!("message"), &json!("=bw52O"))
    );
    assert_eq!(event["text"], "good morning");

    let silent = here.mynah(&["listen", "robot"]);
    assert_eq!(exit(&silent), 3);
}

#[test]
fn dingtalk_is_sent_to_and_listened_to() {
    let sandbox = Server::start("sandbox");
    let here = Folder::with_dingtalk("ding-talks", &sandbox);
    for (account, conversation, exits) in [
        ("app", "dingtalk:group:chatgeneral", 0),
        ("app", "dingtalk:user:alice", 0),
        ("app", "dingtalk:user:nobody", 5),
        ("app", "dingtalk:group:cidnowhere", 5),
        ("robot", "dingtalk:group:any", 0),
        ("robot", "dingtalk:user:alice", 1),
        ("app", "wecom:user:alice", 2),
    ] {
        let sent = here.mynah(&["send", account, conversation, "你好"]);
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), exits, "{account} {conversation}: {problem}");
    }
    assert_eq!(exit(&here.mynah(&["listen", "robot"])), 3);

    let frame = first_heard(&here, "app", &sandbox, "dingtalk", "user:bot");
    assert_eq!(frame["headers"]["topic"], "/v1.0/im/bot/messages/get");
    let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
    assert_eq!(data["text"]["content"], "good morning");

    let wrong = format!(
        "[[account]]\nplatform = 'dingtalk'\nclient_id = 'ding-sandbox'\n\
         client_secret = 'wrong'\napi = '{}/dingtalk'\n",
        sandbox.url
    );
    std::fs::write(here.0.join("mynah.toml"), wrong).unwrap();
    let refused = here.mynah(&["listen"]);
    assert_eq!(exit(&refused), 4, "{}", text(&refused.stderr));
}

#[test]
fn without_a_file_the_address_and_the_token_will_do() {
    let sandbox = Server::start("sandbox");
    for (conversation, path, token) in [
        ("onebot:group:20001", "onebot", TOKEN),
        (
            "wecom:user:alice",
            "wecom",
            "ww-sandbox:sandbox-secret:1000002",
        ),
        ("wecom:group:general", "wecom", "sandbox-webhook-key"),
        (
            "dingtalk:user:alice",
            "dingtalk",
            "ding-sandbox:sandbox-secret",
        ),
        ("dingtalk:group:any", "dingtalk", "robot-sandbox:SECsandbox"),
        (
            "rongcloud:group:general",
            "rongcloud",
            "rc-sandbox:sandbox-secret",
        ),
        ("bearychat:group:=bwAll", "bearychat", "sandbox-token"),
        (
            "bearychat:group:dev",
            "bearychat",
            "/=bwTeam/incoming/sandbox-hook",
        ),
    ] {
        let url = format!("{}/{path}", sandbox.url);
        let sent = mynah()
            .args([
                "send",
                "-",
                conversation,
                "**早** [八哥](https://example.com)",
            ])
            .args(["--markdown", "-o", "table", "--url", &url, "--token", token])
            .output()
            .unwrap();
        let problem = text(&sent.stderr);
        assert_eq!(exit(&sent), 0, "{conversation}: {problem}");
        assert!(text(&sent.stdout).starts_with("ids  "), "{conversation}");
    }
    let other = mynah()
        .args(["send", "-", "wecom:user:a", " ", "--url", "http://h"])
        .output();
    assert_eq!(exit(&other.unwrap()), 2);
}

#[test]
fn events_are_shown_in_columns_and_listening_ends_when_nobody_reads() {
    let sandbox = Server::start("sandbox");
    let url = sandbox.url.replacen("http", "ws", 1) + "/onebot";
    let mut listening = mynah()
        .args([
            "listen", "onebot", "-o", "table", "--url", &url, "--token", TOKEN,
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events = BufReader::new(listening.stdout.take().unwrap());
    let control = format!("{}/control", sandbox.url);
    let said = std::thread::spawn(move || say_until_heard(&control, "onebot", "group:20001"));
    let mut line = String::new();
    while !line.contains("good morning") {
        line.clear();
        assert!(events.read_line(&mut line).unwrap() > 0, "it ended");
    }
    let columns = ["message", "onebot:group:20001", "(10001)", "good morning"];
    let mut at = 0;
    for column in columns {
        let found = line[at..].find(column);
        at += found.unwrap_or_else(|| panic!("no {column} behind {at}: {line}"));
    }
    drop(events);
    let ended = listening.wait().unwrap();
    assert_eq!(ended.code(), Some(0));
    said.join().unwrap();
}
