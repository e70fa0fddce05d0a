//! The world as people see it.

use mynah_sandbox::{Change, World};
use serde_json::json;

use super::support::*;

#[test]
fn everybody_is_there_the_bots_included() {
    let corp = Corp::new();
    let people = corp.world.people();
    let shown: Vec<_> = people
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.id.as_str(),
                it.display.as_str(),
                it.bot,
            )
        })
        .collect();
    assert_eq!(
        shown[..4],
        [
            ("bot", "1000002", "Mynah", true),
            ("1000003", "1000003", "Other", true),
            ("aib-sandbox", "aib-sandbox", "RobotA", true),
            ("alice", "alice", "Alice", false)
        ]
    );
    assert_eq!(shown.len(), 8);
}

#[test]
fn a_person_sees_the_conversations_they_are_in_most_recent_first() {
    let mut corp = Corp::new();
    say(&mut corp.world, "alice", "user:bot", "a");
    say(&mut corp.world, "bob", "group:general", "b");
    let list = corp
        .world
        .conversations(Some("alice"))
        .unwrap()
        .conversations;
    let shown: Vec<_> = list
        .iter()
        .map(|it| (it.id.as_str(), it.kind, it.bot_kind, it.title.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("group:general", "group", None, "general"),
            ("user:alice", "direct", Some("application"), "Mynah"),
            ("bot:alice", "direct", Some("aibot"), "RobotA")
        ]
    );
    assert_eq!(list[0].last.as_ref().unwrap().from.name, "bob");
    let all = corp.world.conversations(None).unwrap().conversations;
    assert_eq!(all.len(), 11);
    let alice = all.iter().find(|it| it.id == "user:alice").unwrap();
    assert_eq!(alice.title, "Alice");
    assert_eq!(
        corp.world.conversations(Some("nobody")).unwrap_err().status,
        404
    );
}

#[test]
fn messages_come_in_pages() {
    let mut corp = Corp::new();
    for text in ["1", "2", "3"] {
        say(&mut corp.world, "alice", "group:general", text);
    }
    let page = corp.world.messages("group:general", None, 2).unwrap();
    assert!(page.more);
    assert_eq!(page.messages.len(), 2);
    let before = page.messages[0].seq;
    let page = corp
        .world
        .messages("group:general", Some(before), 2)
        .unwrap();
    assert!(!page.more);
    assert_eq!(
        serde_json::to_value(&page.messages[0].parts).unwrap(),
        json!([{"type": "text", "text": "1"}])
    );
    for id in ["group:nowhere", "user:nobody", "agent:5:alice", "poem", ""] {
        assert_eq!(
            corp.world.messages(id, None, 1).unwrap_err().status,
            404,
            "{id}"
        );
    }
}

#[test]
fn a_card_is_shown_with_all_that_is_on_it() {
    let mut corp = Corp::new();
    let full = with(
        with(
            with(
                buttons("t-1"),
                "horizontal_content_list",
                json!([{"keyname": "金额", "value": "5"}]),
            ),
            "sub_title_text",
            json!("下方"),
        ),
        "button_selection",
        json!({"question_key": "q", "title": "城市", "option_list": [{"id": "a", "text": "A"}]}),
    );
    corp.tell_alice("template_card", full);
    assert_eq!(
        parts(&corp.world, "user:alice"),
        json!([{"type": "card", "card_type": "button_interaction", "title": "审批", "text": "下方",
            "fields": [{"name": "金额", "value": "5"}],
            "choices": [{"key": "q", "title": "城市", "multiple": false,
                "options": [{"id": "a", "text": "A", "selected": false}]}],
            "buttons": [{"key": "yes", "label": "同意", "style": 1},
                {"key": "no", "label": "拒绝", "style": 2}],
            "menu": [{"key": "later", "label": "稍后", "style": 1}],
            "url": "", "task_id": "t-1", "answered": null}])
    );
}

#[test]
fn a_change_is_told_with_what_is_to_be_seen_now() {
    let mut corp = Corp::new();
    while corp.world.poll_change().is_some() {}
    let sent = corp.tell_alice("text", json!({"content": "x"}));
    corp.ok("message/recall", json!({"msgid": sent["msgid"]}));
    let Some(Change::Message(message)) = corp.world.poll_change() else {
        panic!("nothing has changed");
    };
    assert!(message.recalled.is_some());
    assert!(corp.world.poll_change().is_none());
}

#[test]
fn a_journal_entry_is_noted_wherever_the_message_stands() {
    let mut corp = Corp::new();
    let body = message("alice|bob", "text", json!({"content": "x"}));
    let sent = corp.ok("message/send", body);
    let id = sent["msgid"].as_str().unwrap();
    corp.world.note_journal(id, 7);
    corp.world.note_journal(id, 7);
    corp.world.note_journal("unknown", 8);
    for who in ["alice", "bob"] {
        assert_eq!(last(&corp.world, &format!("user:{who}")).journal, [7]);
    }
}

#[test]
fn a_file_has_a_media_type_by_its_content_or_name() {
    let mut corp = Corp::new();
    for (kind, name, content, media_type) in [
        ("image", "a", PNG, "image/png"),
        ("file", "a.txt", b"mytext", "text/plain; charset=utf-8"),
        ("voice", "a", b"#!AMR\n1", "audio/amr"),
        ("video", "a", b"1234567", "video/mp4"),
        ("file", "a.bin", b"123456", "application/octet-stream"),
    ] {
        let id = corp.upload(kind, name, content);
        assert_eq!(
            corp.world.media(&id).unwrap(),
            (media_type.to_owned(), content.to_vec())
        );
    }
    assert_eq!(corp.world.media("unknown"), None);
}
