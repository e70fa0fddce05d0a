//! What persons do.

use mynah_rongcloud::event::{Event, PreDelivery};
use mynah_rongcloud::inbound::Verdict;
use mynah_sandbox::World;
use mynah_sandbox::rongcloud::Effect;
use serde_json::{Value, json};

use super::support::{
    Service, act, events, last, may_not, may_not_say, parts, say, says, seen, told, try_say,
};

/// The one message that the application was told of.
#[track_caller]
fn routed(service: &mut Service) -> mynah_rongcloud::event::RoutedMessage {
    let mut events = events(&mut service.world);
    let Some(Event::Route(message)) = events.pop().filter(|_| events.is_empty()) else {
        panic!("{events:?}");
    };
    *message
}

#[test]
fn what_people_say_is_told_with_whom_and_what_with() {
    let mut service = Service::new();
    for (to, conversation, target, channel) in [
        ("user:bot", "user:alice", "bot", "PERSON"),
        ("user:alice", "user:alice", "bot", "PERSON"),
        ("user:Bob", "private:alice:bob", "bob", "PERSON"),
        ("private:alice:bob", "private:alice:bob", "bob", "PERSON"),
        ("group:general", "group:general", "general", "GROUP"),
        ("discussion:d1", "discussion:d1", "d1", "PERSONS"),
    ] {
        let uid = say(&mut service.world, "alice", to, "hi");
        let message = last(&service.world, conversation);
        assert_eq!(
            (message.id.as_str(), message.from.id.as_str()),
            (uid.as_str(), "alice")
        );
        let told = routed(&mut service);
        assert_eq!(told.from_user_id.as_str(), "alice");
        assert_eq!(
            (told.to_user_id.as_str(), told.channel_type.as_str()),
            (target, channel)
        );
        assert_eq!(told.object_name.as_str(), "RC:TxtMsg");
        assert_eq!(told.content, "{\"content\":\"hi\"}");
        assert_eq!(told.msg_uid.unwrap().as_str(), uid);
        assert_eq!(told.source.unwrap().as_str(), "iOS");
        assert_eq!(told.sensitive_type.unwrap().number(), 0);
    }
    act(
        &mut service.world,
        "alice",
        "connect",
        json!({ "os": "Websocket" }),
    );
    told(&mut service.world);
    say(&mut service.world, "alice", "user:bot", "hi");
    assert_eq!(routed(&mut service).source.unwrap().as_str(), "Websocket");
    let said = json!({ "from": "alice", "to": "user:bot", "text": "hi", "source": "PC" });
    try_say(&mut service.world, said).unwrap();
    assert_eq!(routed(&mut service).source.unwrap().as_str(), "PC");
}

#[test]
fn who_is_mentioned_is_told_and_seen() {
    let mut service = Service::new();
    let message = json!([{ "type": "mention", "id": "bot" }, { "type": "text", "text": "hello" }]);
    says(&mut service.world, "alice", "group:general", message);
    let content: Value = serde_json::from_str(&routed(&mut service).content).unwrap();
    assert_eq!(
        content,
        json!({ "content": "@Mynah hello", "mentionedInfo": { "type": 2, "userIdList": ["bot"] } })
    );
    assert_eq!(
        parts(&service.world, "group:general"),
        json!([{ "type": "mention", "id": "bot", "name": "Mynah" },
            { "type": "text", "text": " hello" }])
    );
    let message = json!([{ "type": "text", "text": "all: " }, { "type": "mention", "id": "all" }]);
    says(&mut service.world, "alice", "group:general", message);
    let content: Value = serde_json::from_str(&routed(&mut service).content).unwrap();
    assert_eq!(content["mentionedInfo"]["type"], 1);
    assert_eq!(parts(&service.world, "group:general")[1]["id"], "all");
}

#[test]
fn pictures_voices_videos_files_and_places_are_sent() {
    let mut service = Service::new();
    for (part, object_name, url) in [
        (
            json!({ "type": "image", "name": "a.png" }),
            "RC:ImgMsg",
            "imageUri",
        ),
        (
            json!({ "type": "voice", "duration": 1500 }),
            "RC:HQVCMsg",
            "remoteUrl",
        ),
        (json!({ "type": "video" }), "RC:SightMsg", "sightUrl"),
        (
            json!({ "type": "file", "name": "a.pdf" }),
            "RC:FileMsg",
            "fileUrl",
        ),
    ] {
        says(&mut service.world, "alice", "user:bot", part.clone());
        let told = routed(&mut service);
        assert_eq!(told.object_name.as_str(), object_name);
        let content: Value = serde_json::from_str(&told.content).unwrap();
        let address = content[url].as_str().unwrap();
        let name = address
            .strip_prefix("http://127.0.0.1:7700/rongcloud/_files/")
            .unwrap();
        let shown = &parts(&service.world, "user:alice")[0];
        assert_eq!(shown["type"], part["type"]);
        assert_eq!(shown["url"], format!("/control/media/rongcloud/{name}"));
        assert!(service.world.media(name).is_some());
    }
    let place = json!({ "type": "location", "latitude": 30.25, "longitude": 120.0, "name": "湖" });
    says(&mut service.world, "alice", "user:bot", place);
    let content: Value = serde_json::from_str(&routed(&mut service).content).unwrap();
    assert_eq!(content["poi"], "湖");
    assert_eq!(parts(&service.world, "user:alice")[0]["name"], "RC:LBSMsg");
}

#[test]
fn what_cannot_be_said_is_rejected() {
    let mut service = Service::new();
    for say in [
        json!({ "from": "alice", "to": "user:bot" }),
        json!({ "from": "alice", "to": "user:bot", "text": "a", "message": [] }),
        json!({ "from": "alice", "to": "user:bot", "message": [] }),
        json!({ "from": "alice", "to": "user:bot", "message": "hi" }),
        json!({ "from": "alice", "to": "user:bot", "message": { "type": "poem" } }),
        json!({ "from": "alice", "to": "user:bot", "message":
            [{ "type": "text", "text": "a" }, { "type": "image" }] }),
        json!({ "from": "alice", "to": "user:bot", "message": { "objectName": "x" } }),
        json!({ "from": "alice", "to": "bot", "text": "hi" }),
        json!({ "from": "alice", "to": "team:bot", "text": "hi" }),
        json!({ "from": "alice", "to": "user:nobody", "text": "hi" }),
        json!({ "from": "nobody", "to": "user:bot", "text": "hi" }),
        json!({ "from": "alice", "to": "group:nowhere", "text": "hi" }),
        json!({ "from": "alice", "to": "chatroom:nowhere", "text": "hi" }),
        json!({ "from": "carol", "to": "private:alice:bob", "text": "hi" }),
        json!({ "from": "alice", "to": "user:bot", "text": "x".repeat(131_072) }),
    ] {
        let before = service.world.snapshot();
        let rejected = try_say(&mut service.world, say.clone()).unwrap_err();
        assert!((400..=404).contains(&rejected.status), "{say}");
        assert!(service.world.snapshot() == before, "{say}");
        assert!(told(&mut service.world).is_empty(), "{say}");
    }
    service.ok(
        "message/broadcast",
        &[("fromUserId", "s"), ("objectName", "x"), ("content", "x")],
    );
    assert_eq!(
        may_not_say(&mut service.world, "alice", "system:alice").0,
        403
    );
}

#[test]
fn whoever_is_on_a_blacklist_is_refused_until_they_are_off_it() {
    let mut service = Service::new();
    act(
        &mut service.world,
        "bob",
        "blacklist",
        json!({ "target": "alice" }),
    );
    assert_eq!(
        may_not_say(&mut service.world, "alice", "user:bob"),
        (403, 405)
    );
    say(&mut service.world, "bob", "user:alice", "it is one-way");
    let listed = service.ok("user/blacklist/query", &[("userId", "bob")]);
    assert_eq!(listed["users"], json!(["alice"]));
    act(
        &mut service.world,
        "bob",
        "unblacklist",
        json!({ "target": "alice" }),
    );
    say(&mut service.world, "alice", "user:bob", "hi");
}

#[test]
fn groups_change_by_their_members() {
    let mut service = Service::new();
    let general = json!({ "group": "general" });
    act(&mut service.world, "erin", "leave", general.clone());
    assert_eq!(
        may_not_say(&mut service.world, "erin", "group:general"),
        (403, 22406)
    );
    assert_eq!(
        may_not(&mut service.world, "erin", "leave", general.clone()),
        403
    );
    act(
        &mut service.world,
        "erin",
        "join",
        json!({ "group": "group:general" }),
    );
    assert_eq!(
        may_not(&mut service.world, "erin", "join", general.clone()),
        403
    );
    let erin = json!({ "group": "general", "target": "erin" });
    act(&mut service.world, "alice", "remove", erin.clone());
    assert_eq!(
        last(&service.world, "group:general").notice.unwrap().kind,
        "kick"
    );
    assert_eq!(
        may_not(&mut service.world, "alice", "remove", erin.clone()),
        403
    );
    act(&mut service.world, "alice", "invite", erin);
    act(
        &mut service.world,
        "alice",
        "rename",
        json!({ "group": "general", "name": "all" }),
    );
    let answer = service.ok("user/group/query", &[("userId", "erin")]);
    assert_eq!(
        answer["groups"],
        json!([{ "id": "general", "name": "all" }])
    );
    act(
        &mut service.world,
        "alice",
        "dismiss",
        json!({ "group": "all" }),
    );
    assert_eq!(may_not(&mut service.world, "alice", "join", general), 404);
    assert!(told(&mut service.world).is_empty());
}

#[test]
fn people_take_back_their_own_messages() {
    let mut service = Service::new();
    let uid = say(&mut service.world, "alice", "group:general", "hi");
    told(&mut service.world);
    let message = json!({ "message": uid });
    assert_eq!(
        may_not(&mut service.world, "bob", "recall", message.clone()),
        403
    );
    act(&mut service.world, "alice", "recall", message.clone());
    assert_eq!(
        last(&service.world, "group:general").recalled.unwrap().id,
        "alice"
    );
    let events = events(&mut service.world);
    let [Event::Route(command), Event::Operation(operation)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(command.object_name.as_str(), "RC:RcCmd");
    assert_eq!(command.source.as_ref().unwrap().as_str(), "iOS");
    let operation = serde_json::to_value(operation).unwrap();
    assert_eq!(operation["conversationInfo"]["targetId"], "general");
    assert_eq!(operation["originalMsgInfo"]["messageId"], uid);
    assert_eq!(may_not(&mut service.world, "alice", "recall", message), 403);
    let unknown = json!({ "message": "x" });
    assert_eq!(may_not(&mut service.world, "alice", "recall", unknown), 404);
}

#[test]
fn somebody_looks_through_a_message() {
    let mut service = Service::new();
    let uid = say(&mut service.world, "alice", "user:bob", "hi");
    told(&mut service.world);
    let details = json!({ "message": uid, "result": 10001 });
    act(&mut service.world, "bot", "audit", details);
    let told = told(&mut service.world);
    let [Effect::Audit(result)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(result.result.number(), 10001);
    assert_eq!(result.msg_uid.as_str(), uid);
    let audited = result.audited().unwrap();
    assert_eq!(audited.message, "{\"content\":\"hi\"}");
    assert_eq!(audited.target_id.as_str(), "bob");
    assert_eq!(audited.conversation_type.as_str(), "PERSON");
}

/// Says something that somebody else decides about.
fn held(service: &mut Service, to: &str) -> (String, PreDelivery) {
    service.world.settings_mut().check = true;
    let uid = say(&mut service.world, "alice", to, "buy now");
    let mut told = told(&mut service.world);
    let Some(Effect::Check(check)) = told.pop().filter(|_| told.is_empty()) else {
        panic!("{told:?}");
    };
    (uid, *check)
}

#[test]
fn what_somebody_else_decides_about_is_held_until_then() {
    let mut service = Service::new();
    let (uid, check) = held(&mut service, "user:bob");
    assert_eq!(last(&service.world, "private:alice:bob").tag, Some("held"));
    assert_eq!(check.message_id.as_ref().unwrap().as_str(), uid);
    assert_eq!(check.app_key.as_deref(), Some("rc-sandbox"));
    assert_eq!(
        (check.from_user_id.as_str(), check.target_id.as_str()),
        ("alice", "bob")
    );
    assert_eq!(check.msg_type.as_str(), "RC:TxtMsg");
    assert_eq!(check.channel_type.as_str(), "PERSON");
    service.world.checked(&check, Some(Verdict::deliver()));
    assert_eq!(last(&service.world, "private:alice:bob").tag, None);
    assert_eq!(routed(&mut service).msg_uid.unwrap().as_str(), uid);
    // Once is enough.
    service.world.checked(&check, Some(Verdict::reject()));
    assert_eq!(last(&service.world, "private:alice:bob").tag, None);
    assert!(told(&mut service.world).is_empty());
}

#[test]
fn what_is_decided_against_nobody_sees_and_what_is_changed_arrives_so() {
    let mut service = Service::new();
    let (_, check) = held(&mut service, "group:general");
    service.world.checked(&check, Some(Verdict::reject()));
    assert_eq!(
        last(&service.world, "group:general").tag,
        Some("undelivered")
    );
    assert!(told(&mut service.world).is_empty());
    let (_, check) = held(&mut service, "group:general");
    let other = Verdict::deliver_at_once().replace_content("{\"content\":\"buy later\"}");
    service.world.checked(&check, Some(other));
    assert_eq!(
        parts(&service.world, "group:general")[0]["text"],
        "buy later"
    );
    assert_eq!(routed(&mut service).content, "{\"content\":\"buy later\"}");
    let (_, check) = held(&mut service, "group:general");
    service.world.checked(&check, None);
    assert_eq!(routed(&mut service).content, "{\"content\":\"buy now\"}");
}

#[test]
fn what_nobody_decides_about_is_delivered_after_a_minute() {
    let mut service = Service::new();
    let (_, check) = held(&mut service, "user:bob");
    let due = service.world.due().unwrap();
    assert_eq!(due.0, super::support::NOW + 60_000);
    service.wait(59);
    assert!(told(&mut service.world).is_empty());
    service.wait(1);
    assert_eq!(told(&mut service.world).len(), 1);
    assert_eq!(service.world.due(), None);
    service.world.checked(&check, Some(Verdict::reject()));
    assert_eq!(last(&service.world, "private:alice:bob").tag, None);
}

#[test]
fn what_calls_send_nobody_decides_about() {
    let mut service = Service::new();
    service.world.settings_mut().check = true;
    let form = [
        ("fromUserId", "alice"),
        ("toUserId", "bob"),
        ("objectName", "RC:TxtMsg"),
        ("content", "{\"content\":\"hi\"}"),
    ];
    service.ok("message/private/publish", &form);
    assert_eq!(seen(&service.world, "private:alice:bob")[0].tag, None);
    routed(&mut service);
}

#[test]
fn there_is_no_other_action() {
    let mut service = Service::new();
    assert_eq!(
        may_not(&mut service.world, "alice", "dance", json!({})),
        400
    );
    assert_eq!(
        may_not(&mut service.world, "nobody", "join", json!({})),
        404
    );
    assert_eq!(may_not(&mut service.world, "alice", "join", json!({})), 400);
    assert_eq!(
        may_not(
            &mut service.world,
            "alice",
            "rename",
            json!({ "group": "general" })
        ),
        400
    );
}

#[test]
fn who_makes_a_group_is_in_it_with_whom_they_bring() {
    let mut service = Service::new();
    let world = &mut service.world;
    let wanted = json!({ "name": "远足", "members": ["bob", "bot", "bob"] });
    let id = act(world, "alice", "create", wanted)["id"].clone();
    let id = format!("group:{}", id.as_str().unwrap());
    let made = world.conversations(Some("bob")).unwrap().conversations;
    let made = made.iter().find(|it| it.id == id).unwrap();
    let members = made.members.iter().map(|it| it.name.as_str());
    assert_eq!(members.collect::<Vec<_>>(), ["alice", "bob", "bot"]);
    assert_eq!(made.title, "远足");
    for (details, status) in [
        (json!({}), 400),
        (json!({ "name": "" }), 400),
        (json!({ "name": "x", "members": ["nobody"] }), 404),
    ] {
        let refused = may_not(world, "alice", "create", details.clone());
        assert_eq!(refused, status, "{details}");
    }
}
