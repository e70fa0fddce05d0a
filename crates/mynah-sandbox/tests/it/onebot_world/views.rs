//! The world as people see it.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::{Change, MessageView, World};

fn parts(message: &MessageView) -> Value {
    serde_json::to_value(&message.parts).unwrap()
}

#[test]
fn conversations_are_those_one_takes_part_in_most_recent_first() {
    let mut world = world();
    let ids = |world: &_, viewer: Option<&str>| {
        let world: &mynah_sandbox::onebot::OneBotWorld = world;
        let all = world.conversations(viewer).unwrap().conversations;
        all.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    say(&mut world, "alice", "user:bot", "a");
    say(&mut world, "bob", "group:other", "b");
    assert_eq!(
        ids(&world, Some("alice")),
        ["group:20002", "user:10001", "group:20001"]
    );
    assert_eq!(ids(&world, Some("carol")), ["group:20001", "user:10003"]);
    assert_eq!(ids(&world, None).len(), 7);
    assert_eq!(ids(&world, Some("bot")).len(), 7);
    assert_eq!(world.conversations(Some("nobody")).unwrap_err().status, 404);

    let carols = world.conversations(Some("carol")).unwrap();
    assert_eq!(carols.joinable[0].id, "group:20002");
    assert_eq!(carols.conversations[1].title, "bot");
    assert_eq!(carols.conversations[1].kind, "direct");
    let alices = world.conversations(Some("alice")).unwrap();
    assert_eq!(
        parts(alices.conversations[0].last.as_ref().unwrap()),
        json!([{ "type": "text", "text": "b" }])
    );
    let alice = &alices.conversations[2].members[1];
    assert_eq!(
        (
            alice.name.as_str(),
            alice.card.as_str(),
            alice.role.as_str()
        ),
        ("alice", "小爱", "member")
    );
}

#[test]
fn every_kind_of_part_is_drawn() {
    let mut world = world();
    let quoted = say(&mut world, "alice", "group:general", "x");
    let message = format!(
        "[CQ:reply,id={quoted}][CQ:at,qq=10001] [CQ:at,qq=all][CQ:face,id=14]\
         [CQ:image,file=base64://iVBORw0KGgo=][CQ:share,url=http://a.b,title=T]"
    );
    ok(
        &mut world,
        "send_group_msg",
        json!({ "group_id": GENERAL, "message": message }),
    );
    let drawn = parts(&seen(&world, "group:general")[1]);
    let name = drawn[5]["name"].as_str().unwrap();
    assert_eq!(
        drawn,
        json!([
            { "type": "quote", "message_id": quoted.to_string() },
            { "type": "mention", "id": "10001", "name": "小爱" },
            { "type": "text", "text": " " },
            { "type": "mention", "id": "all", "name": "全体成员" },
            { "type": "face", "id": "14" },
            { "type": "image", "url": format!("/control/media/onebot/{name}"), "name": name },
            { "type": "other", "name": "share", "text": "[share] T", "data": { "url": "http://a.b", "title": "T" } },
        ])
    );
}

#[test]
fn pages_go_back_from_a_message() {
    let mut world = world();
    for number in 0..5 {
        say(&mut world, "alice", "group:general", &number.to_string());
    }
    let page = world.messages("group:general", None, 2).unwrap();
    assert_eq!((page.messages.len(), page.more), (2, true));
    let before = page.messages[0].seq;
    let page = world.messages("group:20001", Some(before), 10).unwrap();
    assert_eq!((page.messages.len(), page.more), (3, false));
    assert!(page.messages.iter().all(|message| message.seq < before));
    assert_eq!(
        world.messages("group:nowhere", None, 1).unwrap_err().status,
        404
    );
    assert!(
        world
            .messages("user:erin", None, 1)
            .unwrap()
            .messages
            .is_empty()
    );
}

#[test]
fn what_happens_is_told_in_both_languages() {
    let mut world = world();
    act(
        &mut world,
        "alice",
        "mute",
        json!({ "group": "20002", "target": "bob", "seconds": 60 }),
    );
    act(
        &mut world,
        "alice",
        "rename",
        json!({ "group": "20002", "name": "新群名" }),
    );
    act(
        &mut world,
        "bob",
        "poke",
        json!({ "group": "20002", "target": "alice" }),
    );
    act(
        &mut world,
        "erin",
        "request_join",
        json!({ "group": "20002", "comment": "hi" }),
    );
    act(
        &mut world,
        "alice",
        "invite",
        json!({ "group": "20002", "target": "erin" }),
    );
    let lines = seen(&world, "group:20002");
    let told: Vec<(&str, &str, &str)> = lines
        .iter()
        .map(|line| line.notice.as_ref().unwrap())
        .map(|notice| {
            (
                notice.kind,
                notice.text_en.as_str(),
                notice.text_zh.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "mute",
                "alice muted bob for 1 minute",
                "bob 被 alice 禁言1分钟"
            ),
            (
                "rename",
                "alice renamed the group to 新群名",
                "alice 修改群名为 新群名"
            ),
            ("poke", "bob poked alice", "bob 戳了戳 alice"),
            ("request", "erin asks to join: hi", "erin 申请加入群聊：hi"),
            ("join", "alice let erin in", "alice 同意 erin 加入了群聊"),
        ]
    );
    assert!(
        lines
            .iter()
            .all(|line| line.kind == "notice" && line.id.is_empty())
    );
    assert_eq!(lines[0].from.name, "alice");
}

#[test]
fn a_recalled_message_keeps_its_place() {
    let mut world = world();
    let id = say(&mut world, "alice", "group:general", "x");
    let seq = seen(&world, "group:general")[0].seq;
    act(&mut world, "alice", "recall", json!({ "message": id }));
    let shown = seen(&world, "group:general");
    assert_eq!(
        (
            shown[0].seq,
            shown[0].recalled.as_ref().unwrap().name.as_str()
        ),
        (seq, "alice")
    );
    assert_eq!(shown[1].notice.as_ref().unwrap().kind, "recall");
}

#[test]
fn screens_are_told_of_every_change() {
    let mut world = world();
    let id = say(&mut world, "alice", "group:general", "x");
    let mut changes = Vec::new();
    let mut drain = |world: &mut mynah_sandbox::onebot::OneBotWorld| {
        changes.clear();
        while let Some(change) = world.poll_change() {
            changes.push(match change {
                Change::Message(message) => format!("{} {}", message.kind, message.id),
                Change::Conversations => "conversations".to_owned(),
            });
        }
        changes.clone()
    };
    assert_eq!(drain(&mut world), [format!("message {id}")]);
    act(
        &mut world,
        "bob",
        "react",
        json!({ "message": id, "emoji": "76" }),
    );
    assert_eq!(drain(&mut world), [format!("message {id}")]);
    act(&mut world, "erin", "leave", json!({ "group": "general" }));
    assert_eq!(drain(&mut world), ["notice ", "conversations"]);
    world.note_journal(&id.to_string(), 7);
    world.note_journal(&id.to_string(), 7);
    world.note_journal("nonsense", 7);
    assert_eq!(drain(&mut world), [format!("message {id}")]);
    assert_eq!(seen(&world, "group:general")[0].journal, [7]);
}

#[test]
fn a_mask_hides_the_name_from_people_too() {
    let mut world = world();
    let speech = json!({ "from": "dave", "to": "group:general", "text": "x", "anonymous": true });
    try_say(&mut world, speech).unwrap();
    let shown = &seen(&world, "group:general")[0];
    assert_ne!(shown.from.display, "dave");
    assert_eq!(shown.from.role, "");
}
