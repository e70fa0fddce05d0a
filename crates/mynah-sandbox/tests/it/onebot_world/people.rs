//! What persons may do, and what they may not.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::World;
use mynah_sandbox::onebot::OneBotWorld;

#[test]
fn people_have_names_and_ids_and_both_will_do() {
    let people = world().people();
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["bot", "alice", "bob", "carol", "dave", "erin"]);
    let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    assert_eq!(ids, ["10000", "10001", "10002", "10003", "10004", "10005"]);
    assert!(people[0].bot && !people[1].bot);

    let mut world = world();
    for (from, to) in [
        ("alice", "group:general"),
        ("10001", "group:20001"),
        ("alice", "user:bot"),
        ("alice", "user:10000"),
        ("bot", "user:alice"),
    ] {
        say(&mut world, from, to, "x");
    }
    assert_eq!(seen(&world, "group:general").len(), 2);
    assert_eq!(seen(&world, "user:10001").len(), 3);
}

#[test]
fn who_speaks_to_whom_must_exist_and_be_allowed() {
    let mut world = world();
    for (say, status, field) in [
        (
            json!({ "from": "nobody", "to": "user:bot", "text": "x" }),
            404,
            "from",
        ),
        (
            json!({ "from": "alice", "to": "user:nobody", "text": "x" }),
            404,
            "to",
        ),
        (
            json!({ "from": "alice", "to": "group:nowhere", "text": "x" }),
            404,
            "to",
        ),
        (
            json!({ "from": "alice", "to": "nowhere", "text": "x" }),
            400,
            "to",
        ),
        (
            json!({ "from": "alice", "to": "discuss:lunch", "text": "x" }),
            400,
            "to",
        ),
        (
            json!({ "from": "alice", "to": "user:bob", "text": "x" }),
            403,
            "target",
        ),
        (
            json!({ "from": "bot", "to": "user:bot", "text": "x" }),
            404,
            "to",
        ),
        (
            json!({ "from": "carol", "to": "group:other", "text": "x" }),
            404,
            "group",
        ),
        (json!({ "from": "alice", "to": "user:bot" }), 400, "text"),
        (
            json!({ "from": "alice", "to": "user:bot", "text": "x", "message": "x" }),
            400,
            "text",
        ),
        (
            json!({ "from": "alice", "to": "user:bot", "message": 1 }),
            400,
            "message",
        ),
        (
            json!({ "from": "alice", "to": "user:bot", "text": "" }),
            400,
            "message",
        ),
        (
            json!({ "from": "alice", "to": "user:bot", "text": "x", "anonymous": 1 }),
            400,
            "anonymous",
        ),
        (
            json!({ "from": "alice", "to": "user:bot", "text": "x", "anonymous": true }),
            400,
            "anonymous",
        ),
        (
            json!({ "from": "carol", "to": "user:bot", "text": "x", "via": "group:other" }),
            403,
            "via",
        ),
    ] {
        let before = world.snapshot();
        let rejected = try_say(&mut world, say.clone()).unwrap_err();
        assert_eq!(
            (rejected.status, rejected.field.as_str()),
            (status, field),
            "{say}: {rejected}"
        );
        assert!(world.snapshot() == before, "{say} has changed something");
        assert!(events(&mut world).is_empty(), "{say}");
    }
}

#[test]
fn acts_that_cannot_be_are_refused_by_name() {
    let mut world = world();
    let id = say(&mut world, "alice", "group:other", "x");
    events(&mut world);
    let general = json!({ "group": "general" });
    let bob_in_other = json!({ "group": "other", "target": "bob" });
    for (who, action, details, status) in [
        ("nobody", "leave", general.clone(), 404),
        ("alice", "fly", json!({}), 400),
        ("alice", "leave", json!({}), 400),
        ("alice", "leave", json!({ "group": "nowhere" }), 404),
        ("alice", "leave", json!({ "group": [20002] }), 400),
        ("alice", "leave", json!({ "group": 20002 }), 403),
        ("alice", "leave", json!({ "group": "other" }), 403),
        ("bob", "dismiss", json!({ "group": "other" }), 403),
        ("alice", "join", general.clone(), 403),
        (
            "bob",
            "kick",
            json!({ "group": "other", "target": "alice" }),
            403,
        ),
        (
            "alice",
            "kick",
            json!({ "group": "other", "target": "carol" }),
            404,
        ),
        (
            "alice",
            "kick",
            json!({ "group": "other", "target": "alice" }),
            403,
        ),
        ("carol", "kick", bob_in_other.clone(), 404),
        (
            "bob",
            "mute",
            json!({ "group": "other", "target": "bot" }),
            403,
        ),
        (
            "alice",
            "mute",
            json!({ "group": "other", "target": "bob", "seconds": -1 }),
            400,
        ),
        (
            "alice",
            "mute",
            json!({ "group": "other", "target": "bob", "seconds": "x" }),
            400,
        ),
        ("bob", "whole_ban", json!({ "group": "other" }), 403),
        ("bob", "set_admin", bob_in_other.clone(), 403),
        (
            "bob",
            "rename",
            json!({ "group": "other", "name": "x" }),
            403,
        ),
        (
            "alice",
            "rename",
            json!({ "group": "other", "name": "" }),
            400,
        ),
        (
            "bob",
            "set_card",
            json!({ "group": "other", "target": "alice", "card": "x" }),
            403,
        ),
        (
            "bob",
            "set_title",
            json!({ "group": "other", "title": "x" }),
            403,
        ),
        (
            "bob",
            "set_anonymous",
            json!({ "group": "other", "enable": false }),
            403,
        ),
        ("alice", "invite", bob_in_other.clone(), 403),
        (
            "carol",
            "invite",
            json!({ "group": "other", "target": "erin" }),
            404,
        ),
        ("bob", "recall", json!({ "message": id }), 403),
        ("carol", "recall", json!({ "message": id }), 404),
        ("alice", "recall", json!({ "message": 99999 }), 404),
        ("alice", "recall", json!({ "message": "x" }), 400),
        (
            "carol",
            "react",
            json!({ "message": id, "emoji": "76" }),
            404,
        ),
        ("bob", "react", json!({ "message": id, "emoji": "" }), 400),
        ("bob", "essence", json!({ "message": id }), 403),
        (
            "alice",
            "poke",
            json!({ "group": "other", "target": "carol" }),
            404,
        ),
        ("alice", "poke", json!({ "target": "bob" }), 404),
        ("alice", "befriend", json!({}), 403),
        ("carol", "unfriend", json!({}), 404),
        ("bot", "befriend", json!({}), 403),
        ("alice", "profile_like", json!({ "times": 11 }), 400),
        (
            "alice",
            "honor",
            json!({ "group": "general", "honor": "x" }),
            400,
        ),
        (
            "carol",
            "lucky_king",
            json!({ "group": "other", "target": "bob" }),
            404,
        ),
        ("alice", "upload", json!({ "group": "general" }), 400),
        (
            "alice",
            "upload",
            json!({ "group": "general", "name": "a", "size": -1 }),
            400,
        ),
        (
            "alice",
            "upload",
            json!({ "group": "general", "name": "a", "content": "base64://?" }),
            400,
        ),
        (
            "carol",
            "upload",
            json!({ "group": "other", "name": "a" }),
            404,
        ),
        ("alice", "go_offline", json!({}), 403),
        ("alice", "read", json!({ "conversation": "user:bob" }), 403),
    ] {
        assert_eq!(
            may_not(&mut world, who, action, details.clone()),
            status,
            "{who} {action} {details}"
        );
    }
}

#[test]
fn a_reaction_is_taken_off_by_the_same_gesture() {
    let mut world = world();
    let id = say(&mut world, "alice", "group:general", "x");
    events(&mut world);
    let react = json!({ "message": id.to_string(), "emoji": "76" });
    act(&mut world, "bob", "react", react.clone());
    act(&mut world, "carol", "react", react.clone());
    let reactions = &seen(&world, "group:general")[0].reactions;
    assert_eq!((reactions[0].id.as_str(), reactions[0].by.len()), ("76", 2));
    act(&mut world, "bob", "react", react);
    let likes: Vec<Value> = events(&mut world)
        .iter()
        .map(|event| {
            json!([
                event["user_id"],
                event["is_add"],
                event["likes"][0]["count"]
            ])
        })
        .collect();
    assert_eq!(
        likes,
        [
            json!([BOB, true, 1]),
            json!([CAROL, true, 2]),
            json!([BOB, false, 1])
        ]
    );
}

#[test]
fn an_open_group_is_joined_at_once_and_a_full_one_by_nobody() {
    let seed = r#"
        [onebot.bot]
        id = 10000
        [[onebot.people]]
        id = 1
        name = "ann"
        [[onebot.people]]
        id = 2
        name = "ben"
        [[onebot.groups]]
        id = 5
        name = "small"
        join = "open"
        capacity = 2
        members = [{ id = 10000, role = "owner" }]
        [[onebot.groups]]
        id = 6
        name = "secret"
        join = "closed"
        members = [{ id = 10000, role = "owner" }]
    "#;
    let seed = mynah_sandbox::onebot::Seed::parse(seed).unwrap();
    let mut world = mynah_sandbox::onebot::OneBotWorld::new(&seed);
    let joinable = world.conversations(Some("ann")).unwrap().joinable;
    assert_eq!(joinable.len(), 1);
    act(&mut world, "ann", "join", json!({ "group": "small" }));
    let joined = event(&mut world);
    assert_eq!(
        (name(&joined).as_str(), &joined["operator_id"]),
        ("notice.group_increase.approve", &json!(0))
    );
    assert_eq!(
        may_not(&mut world, "ben", "join", json!({ "group": "small" })),
        403
    );
    assert_eq!(
        may_not(&mut world, "ben", "join", json!({ "group": "secret" })),
        403
    );
}

#[test]
fn requests_go_to_those_who_can_answer_them() {
    let mut world = world();
    // The bot is nobody special in alice's group, so alice answers.
    act(
        &mut world,
        "erin",
        "request_join",
        json!({ "group": "other" }),
    );
    assert!(events(&mut world).is_empty());
    let pending = ok(&mut world, "get_group_system_msg", json!({}));
    assert_eq!(pending["join_requests"], Value::Null);
    act(
        &mut world,
        "alice",
        "invite",
        json!({ "group": "other", "target": "erin" }),
    );
    assert_eq!(event(&mut world)["operator_id"], ALICE);

    act(&mut world, "dave", "leave", json!({ "group": "general" }));
    act(
        &mut world,
        "dave",
        "request_join",
        json!({ "group": "general", "comment": "again" }),
    );
    let pending = ok(&mut world, "get_group_system_msg", json!({}));
    let request = &pending["join_requests"][0];
    assert_eq!(
        (&request["requester_uin"], &request["message"]),
        (&json!(DAVE), &json!("again"))
    );
    assert_eq!(
        (&request["checked"], &request["actor"]),
        (&json!(false), &json!(0))
    );
}

#[test]
fn a_wish_uttered_twice_is_one_request() {
    let mut world = world();
    act(&mut world, "erin", "befriend", json!({ "comment": "a" }));
    act(&mut world, "erin", "befriend", json!({ "comment": "b" }));
    let asked = events(&mut world);
    assert_eq!(asked.len(), 2);
    let answer = |flag: &Value| json!({ "flag": flag });
    assert_eq!(
        refused(
            &mut world,
            "set_friend_add_request",
            answer(&asked[0]["flag"])
        ),
        102
    );
    ok(
        &mut world,
        "set_friend_add_request",
        answer(&asked[1]["flag"]),
    );
}

#[test]
fn a_friendship_ends_from_either_side() {
    let mut world = world();
    act(&mut world, "alice", "unfriend", json!({}));
    let one_way = ok(&mut world, "get_unidirectional_friend_list", json!({}));
    assert_eq!(one_way[0]["user_id"], ALICE);
    say(&mut world, "alice", "user:bot", "still here");
    assert_eq!(told(&mut world), ["message.private.group"]);
    ok(
        &mut world,
        "delete_unidirectional_friend",
        json!({ "user_id": ALICE }),
    );
    assert_eq!(
        refused(
            &mut world,
            "delete_unidirectional_friend",
            json!({ "user_id": ALICE })
        ),
        102
    );
    ok(&mut world, "delete_friend", json!({ "user_id": BOB }));
    assert_eq!(
        refused(&mut world, "delete_friend", json!({ "user_id": BOB })),
        100
    );
    assert_eq!(ok(&mut world, "get_friend_list", json!({})), json!([]));
}

#[test]
fn mentioning_everybody_is_for_admins_and_so_many_times_a_day() {
    let mut world = world();
    let everybody =
        json!({ "from": "alice", "to": "group:general", "message": "[CQ:at,qq=all]hi" });
    try_say(&mut world, everybody).unwrap();
    assert_eq!(event(&mut world)["message"], "@全体成员 hi");

    let remain = |world: &mut _| {
        let remain = ok(
            world,
            "get_group_at_all_remain",
            json!({ "group_id": GENERAL }),
        );
        let left = remain["remain_at_all_count_for_uin"].as_i64().unwrap();
        (remain["can_at_all"].as_bool().unwrap(), left)
    };
    assert_eq!(remain(&mut world), (true, 10));
    for _ in 0..11 {
        let send = json!({ "group_id": GENERAL, "message": "[CQ:at,qq=all]" });
        ok(&mut world, "send_group_msg", send);
    }
    assert_eq!(remain(&mut world), (false, 0));
    let last = serde_json::to_value(&seen(&world, "group:general")[11].parts).unwrap();
    assert_eq!(last, json!([{ "type": "text", "text": "@全体成员 " }]));
    wait(&mut world, 24 * 3600);
    assert_eq!(remain(&mut world), (true, 10));
}

#[test]
fn who_founds_a_group_owns_it_and_the_bot_is_asked_to_come() {
    let mut world = world();
    let wanted = json!({ "name": "lunch", "members": ["bob", 10003, "bot", "alice"] });
    let id = act(&mut world, "alice", "create", wanted)["id"].clone();
    let id: i64 = id.as_str().unwrap().parse().unwrap();
    assert_eq!(
        roles(&world, id),
        [("alice", "owner"), ("bob", "member"), ("carol", "member")]
            .map(|(name, role)| (name.to_owned(), role.to_owned()))
    );
    let asked = event(&mut world);
    assert_eq!(name(&asked), "request.group.invite");
    assert_eq!(
        (&asked["group_id"], &asked["user_id"]),
        (&json!(id), &json!(10001))
    );
    let yes = json!({ "flag": asked["flag"], "sub_type": "invite" });
    ok(&mut world, "set_group_add_request", yes);
    assert!(is_member(&world, id, "bot"));
    assert_eq!(name(&event(&mut world)), "notice.group_increase.invite");

    for (who, details, status) in [
        ("alice", json!({}), 400),
        ("alice", json!({ "name": " " }), 400),
        ("alice", json!({ "name": "x".repeat(61) }), 400),
        ("alice", json!({ "name": "x", "members": 10002 }), 400),
        ("alice", json!({ "name": "x", "members": ["nobody"] }), 404),
        ("bot", json!({ "name": "x" }), 403),
    ] {
        let refused = may_not(&mut world, who, "create", details.clone());
        assert_eq!(refused, status, "{who} {details}");
    }
}

#[test]
fn an_essence_message_says_who_made_it_one() {
    let mut world = world();
    let said = say(&mut world, "bob", "group:general", "remember this");
    let pinned = |world: &OneBotWorld| {
        let found = seen(world, "group:general");
        let found = found.into_iter().find(|it| it.id == said.to_string());
        found.unwrap().pinned.map(|by| by.name)
    };
    assert_eq!(pinned(&world), None);
    for (enable, by) in [(true, Some("bot")), (false, None)] {
        let essence = json!({ "message": said, "enable": enable });
        act(&mut world, "bot", "essence", essence);
        assert_eq!(pinned(&world).as_deref(), by);
    }
}
