//! The world as people see it.

use mynah_sandbox::{Change, World};
use serde_json::json;

use super::support::{Service, act, say, says, seen, told};

fn titles(service: &Service, viewer: Option<&str>) -> Vec<(String, String)> {
    let all = service.world.conversations(viewer).unwrap().conversations;
    all.into_iter().map(|it| (it.id, it.title)).collect()
}

#[test]
fn everybody_is_there_the_applications_own_user_first() {
    let service = Service::new();
    let people = service.world.people();
    let names: Vec<&str> = people.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["bot", "alice", "bob", "carol", "dave", "erin"]);
    assert_eq!(people[0].display, "Mynah");
    assert!(people[0].bot && !people[1].bot);
}

#[test]
fn somebody_sees_their_own_conversations_the_last_first() {
    let mut service = Service::new();
    let own = |id: &str, title: &str| (id.to_owned(), title.to_owned());
    let before = titles(&service, Some("alice"));
    assert_eq!(before.len(), 2);
    assert!(before.contains(&own("user:alice", "Mynah")));
    assert!(before.contains(&own("group:general", "general")));
    say(&mut service.world, "bob", "user:alice", "hi");
    say(&mut service.world, "bob", "group:general", "hi");
    assert_eq!(
        titles(&service, Some("alice")),
        [
            own("group:general", "general"),
            own("private:alice:bob", "Bob"),
            own("user:alice", "Mynah")
        ]
    );
    assert_eq!(
        titles(&service, Some("bob"))[1],
        own("private:alice:bob", "Alice")
    );
    assert_eq!(titles(&service, Some("carol")).len(), 2);
    assert_eq!(
        titles(&service, None)[1],
        own("private:alice:bob", "Alice, Bob")
    );
    assert!(service.world.conversations(Some("nobody")).is_err());
    let joinable = service.world.conversations(Some("alice")).unwrap().joinable;
    assert_eq!(joinable.len(), 1);
    assert_eq!(joinable[0].id, "chatroom:lobby");
    act(
        &mut service.world,
        "alice",
        "join",
        json!({ "group": "chatroom:lobby" }),
    );
    assert!(titles(&service, Some("alice")).contains(&own("chatroom:lobby", "lobby")));
}

#[test]
fn who_may_not_speak_is_shown() {
    let mut service = Service::new();
    let gag = [("userId", "bob"), ("groupId", "general"), ("minute", "1")];
    service.ok("group/user/gag/add", &gag);
    service.ok(
        "group/user/gag/add",
        &[("userId", "carol"), gag[1], ("minute", "0")],
    );
    service.ok("group/ban/add", &[("groupId", "general")]);
    let all = service.world.conversations(None).unwrap().conversations;
    let general = all.iter().find(|it| it.id == "group:general").unwrap();
    assert!(general.whole_ban);
    let until = |id: &str| {
        let member = general.members.iter().find(|it| it.id == id).unwrap();
        member.muted_until
    };
    assert_eq!(until("alice"), None);
    assert_eq!(until("bob"), Some(super::support::NOW / 1000 + 60));
    assert_eq!(until("carol"), Some(253_402_271_999));
    assert_eq!(general.members.len(), 6);
    assert_eq!(general.members[0].role, "member");
}

#[test]
fn what_changes_is_told_to_the_screens() {
    let mut service = Service::new();
    while service.world.poll_change().is_some() {}
    let uid = say(&mut service.world, "alice", "user:bot", "hi");
    let Some(Change::Message(message)) = service.world.poll_change() else {
        panic!();
    };
    assert_eq!(
        (message.id.as_str(), message.conversation.as_str()),
        (uid.as_str(), "user:alice")
    );
    service.world.note_journal(&uid, 7);
    service.world.note_journal(&uid, 7);
    let Some(Change::Message(message)) = service.world.poll_change() else {
        panic!();
    };
    assert_eq!(message.journal, [7]);
    assert!(service.world.poll_change().is_none());
    assert_eq!(service.world.touched(), [uid]);
    assert!(service.world.touched().is_empty());
    // A broadcast is on every screen.
    let form = [
        ("fromUserId", "system"),
        ("objectName", "RC:TxtMsg"),
        ("content", "{}"),
    ];
    service.ok("message/broadcast", &form);
    let changes = std::iter::from_fn(|| service.world.poll_change());
    let conversations: Vec<String> = changes
        .map(|change| match change {
            Change::Message(message) => message.conversation,
            Change::Conversations => panic!(),
        })
        .collect();
    assert_eq!(conversations.len(), 5);
    assert_eq!(conversations[0], "system:alice");
}

#[test]
fn every_kind_of_message_has_a_form() {
    let mut service = Service::new();
    let show = |service: &mut Service, object_name: &str, content: serde_json::Value| {
        let content = content.to_string();
        let form = [
            ("fromUserId", "bot"),
            ("toUserId", "alice"),
            ("objectName", object_name),
            ("content", &content),
        ];
        service.ok("message/private/publish", &form);
        super::support::parts(&service.world, "user:alice")[0].clone()
    };
    let service = &mut service;
    let text = show(service, "RC:TxtMsg", json!({ "content": "hi" }));
    assert_eq!(text, json!({ "type": "text", "text": "hi" }));
    let picture = show(
        service,
        "RC:ImgMsg",
        json!({ "content": "/9j/", "imageUri": "" }),
    );
    assert_eq!(picture["type"], "image");
    let name = picture["url"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(
        service.world.media(name),
        Some(("image/jpeg".to_owned(), vec![0xff, 0xd8, 0xff]))
    );
    let far = json!({ "content": "", "imageUri": "http://e.com/a.png" });
    assert_eq!(show(service, "RC:ImgMsg", far)["url"], "http://e.com/a.png");
    let voice = show(
        service,
        "RC:VcMsg",
        json!({ "content": "IyFBTVI=", "duration": 3 }),
    );
    assert_eq!(
        (&voice["type"], &voice["duration_ms"]),
        (&json!("voice"), &json!(3000))
    );
    let name = voice["url"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(service.world.media(name).unwrap().0, "audio/amr");
    let link = json!({ "title": "T", "content": "C", "imageUri": "", "url": "http://e.com" });
    let link = show(service, "RC:ImgTextMsg", link);
    assert_eq!(
        link,
        json!({ "type": "link", "url": "http://e.com", "title": "T", "text": "C", "image": "" })
    );
    let file = json!({ "name": "a.pdf", "size": "7", "type": "pdf", "fileUrl": "http://e.com/a" });
    assert_eq!(show(service, "RC:FileMsg", file)["size"], 7);
    let notice = show(service, "RC:InfoNtf", json!({ "message": "grey" }));
    assert_eq!(
        (&notice["name"], &notice["text"]),
        (&json!("RC:InfoNtf"), &json!("grey"))
    );
    let odd = show(service, "RC:TxtMsg", json!([1]));
    assert_eq!((&odd["type"], &odd["data"]), (&json!("other"), &json!([1])));
    told(&mut service.world);
}

#[test]
fn older_messages_come_in_pages() {
    let mut service = Service::new();
    for number in 0..5 {
        let text = json!({ "type": "text", "text": number.to_string() });
        says(&mut service.world, "alice", "user:bot", text);
    }
    let page = service.world.messages("user:alice", None, 2).unwrap();
    assert!(page.more);
    let first = page.messages[0].seq;
    let page = service
        .world
        .messages("user:alice", Some(first), 3)
        .unwrap();
    assert!(!page.more);
    assert_eq!(page.messages.len(), 3);
    assert_eq!(seen(&service.world, "user:alice").len(), 5);
    for unknown in [
        "user:nobody",
        "private:alice:nobody",
        "group:x",
        "x",
        "everybody",
        "a:b",
    ] {
        assert!(
            service.world.messages(unknown, None, 1).is_err(),
            "{unknown}"
        );
    }
}
