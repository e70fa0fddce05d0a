//! What people see.

use super::support::*;
use mynah_sandbox::{Change, World};
use serde_json::{Value, json};

fn send(org: &mut Org, message: Value) -> Value {
    org.ok(
        "chat/send",
        json!({ "chatid": "chatgeneral", "msg": message }),
    );
    parts(&org.world, "group:general")
}

#[test]
fn people_and_conversations_are_those_of_the_seed() {
    let org = Org::new();
    let people = org.world.people();
    let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    assert_eq!(
        ids,
        ["ding-sandbox", "alice", "bob", "carol", "dave", "erin"]
    );
    assert!(people[0].bot && people[0].name == "bot");
    let all = org.world.conversations(None).unwrap().conversations;
    assert_eq!(all.len(), 6);
    let seen = org.world.conversations(Some("bob")).unwrap();
    let titles: Vec<&str> = seen
        .conversations
        .iter()
        .map(|it| it.title.as_str())
        .collect();
    assert_eq!(titles, ["general", "Mynah"]);
    let members = &seen.conversations[0].members;
    let roles: Vec<&str> = members.iter().map(|it| it.role.as_str()).collect();
    assert_eq!(roles, ["owner", "member", "member", "member", "member", ""]);
    assert_eq!(
        org.world.conversations(Some("nobody")).unwrap_err().status,
        404
    );
    assert_eq!(
        org.world
            .messages("group:none", None, 1)
            .unwrap_err()
            .status,
        404
    );
    assert_eq!(
        org.world
            .messages("user:nobody", None, 1)
            .unwrap_err()
            .status,
        404
    );
}

#[test]
fn a_group_can_be_joined_by_others_until_it_is_disbanded() {
    let mut org = Org::new();
    act(&mut org.world, "bob", "quit", json!({ "group": "general" }));
    let seen = org.world.conversations(Some("bob")).unwrap();
    assert_eq!(seen.conversations.len(), 1);
    assert_eq!(seen.joinable[0].id, "group:chatgeneral");
    act(
        &mut org.world,
        "alice",
        "disband",
        json!({ "group": "general" }),
    );
    let seen = org.world.conversations(Some("bob")).unwrap();
    assert!(seen.joinable.is_empty());
    assert_eq!(
        org.world.conversations(None).unwrap().conversations.len(),
        5
    );
    // What was said there stays.
    assert_eq!(seen_lines(&org), ["leave", "leave"]);
}

fn seen_lines(org: &Org) -> Vec<&'static str> {
    let seen = seen(&org.world, "group:chatgeneral");
    seen.into_iter()
        .filter_map(|it| Some(it.notice?.kind))
        .collect()
}

#[test]
fn every_body_of_a_chat_message_has_its_form_on_the_page() {
    let mut org = Org::new();
    let image = org.upload("image", "a.png", PNG);
    let url = format!("/control/media/dingtalk/{image}");
    assert_eq!(
        send(
            &mut org,
            json!({ "msgtype": "text", "text": { "content": "你好" } })
        ),
        json!([{ "type": "text", "text": "你好" }])
    );
    assert_eq!(
        send(
            &mut org,
            json!({ "msgtype": "image", "image": { "media_id": image } })
        ),
        json!([{ "type": "image", "url": url, "name": "a.png" }])
    );
    let voice = json!({ "msgtype": "voice", "voice": { "media_id": image, "duration": "10" } });
    let part = send(&mut org, voice)[0].clone();
    assert_eq!(
        (&part["type"], &part["duration_ms"]),
        (&json!("voice"), &json!(10_000))
    );
    assert_eq!(
        send(
            &mut org,
            json!({ "msgtype": "file", "file": { "media_id": image } })
        ),
        json!([{ "type": "file", "url": url, "name": "a.png", "size": PNG.len() }])
    );
    let link = json!({ "messageUrl": "https://e.com", "picUrl": image, "title": "t", "text": "x" });
    assert_eq!(
        send(&mut org, json!({ "msgtype": "link", "link": link })),
        json!([{ "type": "link", "url": "https://e.com", "title": "t", "text": "x", "image": url }])
    );
    let markdown = json!({ "title": "t", "text": "# a" });
    assert_eq!(
        send(
            &mut org,
            json!({ "msgtype": "markdown", "markdown": markdown })
        ),
        json!([{ "type": "markdown", "text": "# a" }])
    );
    let oa = json!({ "message_url": "https://e.com", "head": { "bgcolor": "FFBBBBBB", "text": "h" },
        "body": { "title": "t", "form": [{ "key": "k", "value": "v" }], "content": "c",
            "image": image, "author": "a" } });
    let card = send(&mut org, json!({ "msgtype": "oa", "oa": oa }))[0].clone();
    assert_eq!(
        (&card["card_type"], &card["title"]),
        (&json!("oa"), &json!("t"))
    );
    assert_eq!(card["fields"], json!([{ "name": "k", "value": "v" }]));
    assert_eq!(card["url"], "https://e.com");
    assert_eq!(card["data"]["body"]["image"], url);
    assert_eq!(card["data"]["head"]["text"], "h");
    let single = json!({ "title": "t", "markdown": "**m**", "single_title": "看",
        "single_url": "https://e.com" });
    let card = send(
        &mut org,
        json!({ "msgtype": "action_card", "action_card": single }),
    )[0]
    .clone();
    assert_eq!(
        (&card["card_type"], &card["text"]),
        (&json!("action_card"), &json!("**m**"))
    );
    let button = json!([{ "key": "", "label": "看", "style": 1, "url": "https://e.com" }]);
    assert_eq!(card["buttons"], button);
    let several = json!({ "title": "t", "markdown": "m", "btn_orientation": "1",
        "btn_json_list": [{ "title": "a", "action_url": "u1" }, { "title": "b", "action_url": "u2" }] });
    let card = send(
        &mut org,
        json!({ "msgtype": "action_card", "action_card": several }),
    )[0]
    .clone();
    assert_eq!(card["buttons"].as_array().unwrap().len(), 2);
    assert_eq!(card["data"]["btn_orientation"], "1");
    // A file that is not known is shown by its name.
    assert_eq!(
        send(
            &mut org,
            json!({ "msgtype": "image", "image": { "media_id": "@lost" } })
        ),
        json!([{ "type": "image", "url": "", "name": "@lost" }])
    );
}

#[test]
fn a_message_shows_who_has_read_it_and_who_has_not() {
    let mut org = Org::new();
    send(
        &mut org,
        json!({ "msgtype": "text", "text": { "content": "x" } }),
    );
    let view = last(&org.world, "group:general");
    while org.world.poll_change().is_some() {}
    act(
        &mut org.world,
        "carol",
        "read",
        json!({ "message": view.id }),
    );
    let Some(Change::Message(changed)) = org.world.poll_change() else {
        panic!("the message is shown anew");
    };
    assert_eq!(changed.seq, view.seq);
    let ids = |list: Option<Vec<mynah_sandbox::By>>| -> Vec<String> {
        list.unwrap().into_iter().map(|by| by.id).collect()
    };
    assert_eq!(ids(changed.readers), ["carol"]);
    assert_eq!(ids(changed.unread), ["alice", "bob", "dave", "erin"]);
    // What somebody says to the robot alone, only the robot reads.
    say(&mut org.world, "alice", "user:bot", "x");
    let view = last(&org.world, "user:alice");
    assert!(view.readers.is_none() && view.unread.is_none());
    assert!(org.world.poll_change().is_some());
}

#[test]
fn what_a_call_changes_stands_in_the_group_as_lines() {
    let mut org = Org::new();
    let body = json!({ "chatid": "chatgeneral", "name": "新", "owner": "bob",
        "del_useridlist": ["erin"] });
    org.ok("chat/update", body);
    let body = json!({ "chatid": "chatgeneral", "add_useridlist": ["erin"] });
    org.ok("chat/update", body);
    assert_eq!(seen_lines(&org), ["kick", "admin", "rename", "join"]);
    let line = last(&org.world, "group:chatgeneral");
    let notice = line.notice.unwrap();
    assert_eq!(notice.text_en, "Mynah added Erin");
    assert!(line.from.bot && notice.text_zh.contains("Erin"));
}

#[test]
fn pages_go_back_in_time() {
    let mut org = Org::new();
    let ids: Vec<String> = (0..5)
        .map(|at| say(&mut org.world, "alice", "user:bot", &at.to_string()))
        .collect();
    let page = org.world.messages("user:alice", None, 2).unwrap();
    assert!(page.more);
    let seen: Vec<&str> = page.messages.iter().map(|view| view.id.as_str()).collect();
    assert_eq!(seen, [&ids[3], &ids[4]]);
    let before = page.messages[0].seq;
    let page = org.world.messages("user:alice", Some(before), 10).unwrap();
    assert_eq!((page.messages.len(), page.more), (3, false));
}

#[test]
fn a_journal_entry_is_noted_where_its_message_stands() {
    let mut org = Org::new();
    let id = say(&mut org.world, "alice", "user:bot", "x");
    org.world.note_journal(&id, 7);
    org.world.note_journal(&id, 7);
    org.world.note_journal("msgnone", 8);
    assert_eq!(last(&org.world, "user:alice").journal, [7]);
}
