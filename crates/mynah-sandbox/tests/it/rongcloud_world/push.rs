//! Tags, and what is pushed to those who have them.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::{Service, act, answer, last, parts, raw, recorded, seen, told, vectors};

fn tag(service: &mut Service, user: &str, tags: &[&str]) {
    service.ok_json("user/tag/set", json!({ "userId": user, "tags": tags }));
}

fn tags(service: &mut Service, users: &[&str]) -> Value {
    let form: Vec<(&str, &str)> = users.iter().map(|user| ("userIds", *user)).collect();
    service.ok("user/tags/get", &form)["result"].clone()
}

#[test]
fn tags_replace_those_before() {
    let mut service = Service::new();
    tag(&mut service, "alice", &["bj", "男"]);
    tag(&mut service, "bob", &["sh"]);
    assert_eq!(
        tags(&mut service, &["alice", "bob", "nobody"]),
        json!({ "alice": ["bj", "男"], "bob": ["sh"], "nobody": [] })
    );
    tag(&mut service, "alice", &["vip"]);
    tag(&mut service, "bob", &[]);
    assert_eq!(
        tags(&mut service, &["alice", "bob"]),
        json!({ "alice": ["vip"], "bob": [] })
    );
}

#[test]
fn twenty_tags_of_forty_bytes_are_the_most() {
    let mut service = Service::new();
    let set = |tags: Vec<String>| json!({ "userId": "alice", "tags": tags });
    let many = |count: usize| set((0..count).map(|number| format!("t{number}")).collect());
    service.ok_json("user/tag/set", many(20));
    assert_eq!(service.refused_json("user/tag/set", many(21)), (400, 1002));
    service.ok_json("user/tag/set", set(vec!["x".repeat(40)]));
    let long = set(vec!["x".repeat(41)]);
    assert_eq!(service.refused_json("user/tag/set", long), (400, 1005));
    for body in [
        json!({ "tags": [] }),
        json!({ "userId": "", "tags": [] }),
        json!({ "userId": "alice" }),
        json!({ "userId": "alice", "tags": "bj" }),
    ] {
        assert_eq!(
            service.refused_json("user/tag/set", body.clone()),
            (400, 1002),
            "{body}"
        );
    }
    let users: Vec<String> = (0..51).map(|number| format!("u{number}")).collect();
    let form: Vec<(&str, &str)> = users
        .iter()
        .map(|user| ("userIds", user.as_str()))
        .collect();
    assert_eq!(service.refused("user/tags/get", &form), (400, 1002));
    service.ok("user/tags/get", &form[1..]);
}

fn body(audience: Value, platform: &[&str]) -> Value {
    json!({
        "platform": platform,
        "audience": audience,
        "notification": { "alert": "hello" },
    })
}

fn pushes(service: &mut Service) -> Vec<Value> {
    let answer = act(&mut service.world, "bot", "pushes", json!({}));
    answer["pushes"].as_array().unwrap().clone()
}

/// Who gets a push to such an audience: nothing is everybody.
#[track_caller]
fn reached(service: &mut Service, audience: Value, platform: &[&str]) -> Option<Vec<String>> {
    service.ok_json("push", body(audience, platform));
    let push = pushes(service).pop().unwrap();
    let users = serde_json::from_value(push["users"].clone()).unwrap();
    (push["to_all"] == false).then_some(users)
}

const BOTH: &[&str] = &["ios", "android"];

/// Alice is young and in Beijing, Bob is young, Carol is in Beijing.
fn tagged() -> Service {
    let mut service = Service::new();
    tag(&mut service, "alice", &["young", "bj"]);
    tag(&mut service, "bob", &["young", "sh"]);
    tag(&mut service, "carol", &["bj"]);
    service
}

#[track_caller]
fn reaches(audience: Value, users: &[&str]) {
    let told = audience.to_string();
    let found = reached(&mut tagged(), audience, BOTH);
    assert_eq!(found.unwrap(), users, "{told}");
}

#[test]
fn a_push_to_all_ignores_tags_users_and_packages() {
    let audience = json!({
        "is_to_all": true,
        "tag": ["bj"],
        "tag_or": ["sh"],
        "userid": ["carol"],
        "packageName": "app.one",
    });
    assert_eq!(reached(&mut tagged(), audience, BOTH), None);
}

#[test]
fn a_push_to_users_ignores_tags_and_systems() {
    reaches(
        json!({ "is_to_all": false, "userid": ["dave", "nobody", "dave"] }),
        &["dave", "nobody"],
    );
    let mut service = tagged();
    act(
        &mut service.world,
        "dave",
        "connect",
        json!({ "os": "Android" }),
    );
    let audience = json!({ "is_to_all": false, "userid": ["dave"], "tag": ["bj"] });
    let found = reached(&mut service, audience, &["ios"]);
    assert_eq!(found.unwrap(), ["dave"]);
}

#[test]
fn tags_that_all_must_hold_and_tags_of_which_one_must_hold_both_hold() {
    reaches(
        json!({ "is_to_all": false, "tag": ["young"] }),
        &["alice", "bob"],
    );
    reaches(
        json!({ "is_to_all": false, "tag": ["young", "bj"] }),
        &["alice"],
    );
    reaches(
        json!({ "is_to_all": false, "tag_or": ["bj", "sh"] }),
        &["alice", "bob", "carol"],
    );
    reaches(
        json!({ "is_to_all": false, "tag": ["bj"], "tag_or": ["young"] }),
        &["alice"],
    );
    reaches(json!({ "is_to_all": false, "tag": ["old"] }), &[]);
}

#[test]
fn a_push_to_one_system_leaves_out_who_is_known_to_use_another() {
    let mut service = tagged();
    act(
        &mut service.world,
        "alice",
        "connect",
        json!({ "os": "iOS" }),
    );
    act(
        &mut service.world,
        "bob",
        "connect",
        json!({ "os": "Android" }),
    );
    let young = json!({ "is_to_all": false, "tag": ["young"] });
    let found = reached(&mut service, young.clone(), &["ios"]);
    assert_eq!(found.unwrap(), ["alice"]);
    let found = reached(&mut service, young, &["android"]);
    assert_eq!(found.unwrap(), ["bob"]);
    let all = reached(&mut service, json!({ "is_to_all": true }), &["android"]);
    assert!(!all.unwrap().contains(&"alice".to_owned()));
}

#[test]
fn a_push_is_shown_as_it_was_sent() {
    let mut service = Service::new();
    let answer = service.ok_json(
        "push",
        json!({
            "platform": BOTH,
            "audience": { "is_to_all": true },
            "notification": {
                "alert": "hello",
                "ios": { "title": "t", "badge": 3 },
                "android": { "alert": "hello, robot", "extras": { "id": "1" } },
            },
        }),
    );
    let id = answer["id"].as_str().unwrap();
    assert_eq!(id.len(), 22);
    assert_eq!(answer.get("messageUID"), None);
    assert_eq!(
        pushes(&mut service),
        [json!({
            "id": id,
            "time": 1_700_000_000,
            "to_all": true,
            "users": [],
            "alert": "hello",
            "ios": { "title": "t", "badge": 3 },
            "android": { "alert": "hello, robot", "extras": { "id": "1" } },
            "data": "",
            "message": null,
        })]
    );
    assert!(told(&mut service.world).is_empty());
    assert!(
        service
            .world
            .messages("system:alice", None, 10)
            .unwrap()
            .messages
            .is_empty()
    );
}

#[test]
fn a_push_with_a_message_leaves_it_with_those_it_reaches_and_is_not_routed() {
    let mut service = tagged();
    let mut push = body(json!({ "is_to_all": false, "tag": ["bj"] }), BOTH);
    push["fromuserid"] = json!("system");
    push["message"] = json!({ "content": "{\"content\":\"1111\"}", "objectName": "RC:TxtMsg" });
    let answer = service.ok_json("push", push);
    let uid = answer["messageUID"].as_str().unwrap();
    for user in ["alice", "carol"] {
        let shown = last(&service.world, &format!("system:{user}"));
        assert_eq!((shown.id.as_str(), shown.from.id.as_str()), (uid, "system"));
    }
    assert_eq!(
        parts(&service.world, "system:alice"),
        json!([{ "type": "text", "text": "1111" }])
    );
    assert!(seen(&service.world, "system:bob").is_empty());
    assert!(told(&mut service.world).is_empty());
    assert_eq!(pushes(&mut service).pop().unwrap()["message"], uid);
}

#[test]
fn a_push_with_a_message_to_nobody_leaves_none() {
    let mut service = Service::new();
    let mut push = body(json!({ "is_to_all": false, "tag": ["old"] }), BOTH);
    push["fromuserid"] = json!("system");
    push["message"] = json!({ "content": "{}", "objectName": "RC:TxtMsg" });
    let answer = service.ok_json("push", push);
    assert!(answer["id"].is_string());
    assert_eq!(answer.get("messageUID"), None);
}

#[test]
fn a_push_needs_a_system_somebody_and_an_alert() {
    let mut service = Service::new();
    let all = || json!({ "is_to_all": true });
    let mut bad = vec![
        body(all(), &[]),
        body(all(), &["windows"]),
        body(json!({ "is_to_all": false }), BOTH),
        body(json!({ "is_to_all": "maybe" }), BOTH),
        json!({ "platform": BOTH, "audience": all() }),
        json!({ "platform": BOTH, "notification": { "alert": "a" } }),
        json!({ "audience": all(), "notification": { "alert": "a" } }),
    ];
    let mut empty = body(all(), BOTH);
    empty["notification"]["alert"] = json!("");
    bad.push(empty);
    let mut from_nobody = body(all(), BOTH);
    from_nobody["message"] = json!({ "content": "{}", "objectName": "RC:TxtMsg" });
    bad.push(from_nobody);
    for push in bad {
        let told = push.to_string();
        assert_eq!(service.refused_json("push", push), (400, 1002), "{told}");
    }
    let many: Vec<String> = (0..1001).map(|number| format!("u{number}")).collect();
    let many = body(json!({ "is_to_all": false, "userid": many }), BOTH);
    assert_eq!(service.refused_json("push", many), (400, 1002));
    let tags: Vec<String> = (0..21).map(|number| format!("t{number}")).collect();
    let tags = body(json!({ "is_to_all": false, "tag_or": tags }), BOTH);
    assert_eq!(service.refused_json("push", tags), (400, 1002));
}

#[test]
fn a_push_needs_the_service_that_writes_to_everybody() {
    let mut service = Service::new();
    service.world.settings_mut().broadcast = false;
    let push = body(json!({ "is_to_all": true }), BOTH);
    assert_eq!(service.refused_json("push", push), (430, 1009));
}

#[test]
fn recorded_pushes_are_answered() {
    let vectors = vectors("requests");
    let mut service = Service::new();
    for name in [
        "push_set_user_tag",
        "push_broadcast",
        "push_broadcast_push_only",
    ] {
        let (request, expected) = recorded(&vectors, name);
        let (status, told) = answer(&raw(&mut service.world, &request));
        assert_eq!(
            (status, &told["code"]),
            (200, &expected["code"]),
            "{name}: {told}"
        );
        assert_eq!(told["id"].is_string(), expected["id"].is_string(), "{name}");
    }
    let push = pushes(&mut service).remove(0);
    assert_eq!(
        push["users"],
        json!(["123", "456"]),
        "users come before tags"
    );
    assert_eq!(push["ios"]["alert"], "override alert");
}
