//! Answers, lists and help: for people and for programs.

use std::process::Stdio;

use crate::harness::{Server, exit, json, mynah, text};

#[test]
fn answers_are_tables_where_people_ask_for_them() {
    let sandbox = Server::start("sandbox");
    let people = text(
        &sandbox
            .call(&["onebot", "get_friend_list", "-o", "table"])
            .stdout,
    );
    let lines: Vec<_> = people.lines().collect();
    assert!(lines[0].contains("USER_ID"), "{people}");
    assert!(lines[1].contains("alice"), "{people}");

    let message = [
        "onebot",
        "send_group_msg",
        "group_id=20001",
        "message=早[CQ:face,id=1]",
    ];
    let id = text(&sandbox.call(&message).stdout);
    let id = format!("message_id={}", id.trim());
    let message = text(
        &sandbox
            .call(&["onebot", "get_msg", &id, "-o", "table"])
            .stdout,
    );
    let sender = message.lines().position(|line| line == "sender");
    let sender = sender.unwrap_or_else(|| panic!("nothing below the sender: {message}"));
    let below = message.lines().nth(sender + 1).unwrap_or_default();
    assert!(below.starts_with("  "), "{message}");
}

#[test]
fn programs_get_lists_and_help_as_json() {
    let list = mynah()
        .args(["call", "dingtalk", "-o", "json"])
        .output()
        .unwrap();
    let list = json(&list);
    let create = list.as_array().unwrap().iter();
    let create = create.filter(|one| one["name"] == "chat.create").count();
    assert_eq!(create, 1);
    let help = ["call", "dingtalk", "chat.create", "--help", "-o", "json"];
    let help = json(&mynah().args(help).output().unwrap());
    assert_eq!(help["path"], "/chat/create");
}

#[test]
fn every_command_has_help_with_a_line_to_try() {
    for command in [
        "call",
        "send",
        "listen",
        "run",
        "dev",
        "sandbox",
        "completion",
    ] {
        let help = mynah().args([command, "--help"]).output().unwrap();
        assert!(help.status.success());
        let help = text(&help.stdout);
        assert!(help.contains(&format!("Usage: mynah {command}")), "{help}");
        let (_, examples) = help
            .split_once("Example")
            .unwrap_or_else(|| panic!("{help}"));
        assert!(examples.contains(&format!("mynah {command}")), "{help}");
    }
}

#[test]
fn who_has_read_enough_is_no_failure() {
    for arguments in [
        &["call", "onebot"][..],
        &["completion", "bash"],
        &["call", "--help"],
    ] {
        let mut child = mynah()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(text(&ended.stderr), "", "{arguments:?}");
        assert_eq!(exit(&ended), 0, "{arguments:?}");
    }
}
