//! Nothing grows without end.

use serde_json::json;

use super::support::*;
use mynah_sandbox::World;

#[test]
fn a_message_has_a_limit_in_characters_segments_and_bytes() {
    let mut world = world();
    let send = |message| json!({ "group_id": GENERAL, "message": message });
    let fits = "字".repeat(5_000);
    ok(&mut world, "send_group_msg", send(json!(fits)));
    assert_eq!(
        refused(&mut world, "send_group_msg", send(json!(fits + "字"))),
        100
    );
    let faces = vec![json!({ "type": "face", "data": { "id": "14" } }); 501];
    assert_eq!(
        refused(&mut world, "send_group_msg", send(json!(faces))),
        100
    );
    let card = json!([{ "type": "json", "data": { "data": "x".repeat(100_001) } }]);
    assert_eq!(refused(&mut world, "send_group_msg", send(card)), 100);
    let huge = format!("base64://{}", "A".repeat(7_000_000));
    let picture = json!([{ "type": "image", "data": { "file": huge } }]);
    assert_eq!(refused(&mut world, "send_group_msg", send(picture)), 100);
    let no_file = json!([{ "type": "image", "data": {} }]);
    assert_eq!(refused(&mut world, "send_group_msg", send(no_file)), 100);
}

#[test]
fn the_oldest_messages_are_forgotten() {
    let mut world = world();
    let first = say(&mut world, "alice", "group:general", "first");
    for _ in 0..10_000 {
        say(&mut world, "alice", "group:general", "x");
    }
    events(&mut world);
    let page = world.messages("group:general", None, 1_000).unwrap();
    assert_eq!((page.messages.len(), page.more), (1_000, true));
    assert_eq!(
        refused(&mut world, "get_msg", json!({ "message_id": first })),
        102
    );
    ok(&mut world, "get_msg", json!({ "message_id": first + 1 }));
    let history = ok(
        &mut world,
        "get_group_msg_history",
        json!({ "group_id": GENERAL, "count": 1 }),
    );
    assert_eq!(history["messages"][0]["message_seq"], 10_001);
}

#[test]
fn the_queue_of_calls_has_an_end() {
    let mut world = world();
    for _ in 0..10_000 {
        assert_eq!(call(&mut world, "get_status_async", json!({})).retcode(), 1);
    }
    assert_eq!(
        call(&mut world, "get_status_async", json!({})).retcode(),
        103
    );
    world.run_due();
    assert_eq!(call(&mut world, "get_status_async", json!({})).retcode(), 1);
}

#[test]
fn what_nobody_asks_for_does_not_pile_up() {
    let mut world = world();
    for _ in 0..10_010 {
        act(&mut world, "alice", "input_status", json!({}));
    }
    assert_eq!(events(&mut world).len(), 10_000);
}

#[test]
fn admins_reactions_and_nodes_are_counted() {
    let mut world = world();
    let id = say(&mut world, "alice", "group:general", "x");
    for emoji in 0..20 {
        ok(
            &mut world,
            "set_msg_emoji_like",
            json!({ "message_id": id, "emoji_id": emoji }),
        );
    }
    events(&mut world);
    let more = json!({ "message_id": id, "emoji_id": "99" });
    assert_eq!(refused(&mut world, "set_msg_emoji_like", more), 103);
    let node = json!({ "type": "node", "data": { "id": id } });
    let nodes = json!({ "group_id": GENERAL, "messages": vec![node; 101] });
    assert_eq!(refused(&mut world, "send_group_forward_msg", nodes), 100);
}

#[test]
fn absurd_numbers_are_refused() {
    let mut world = world();
    for (action, params, code) in [
        (
            "send_private_msg",
            json!({ "user_id": i64::MAX, "message": "x" }),
            103,
        ),
        (
            "send_private_msg",
            json!({ "user_id": i64::MIN, "message": "x" }),
            100,
        ),
        (
            "send_private_msg",
            json!({ "user_id": 1e300, "message": "x" }),
            100,
        ),
        ("get_msg", json!({ "message_id": i32::MIN }), 102),
        ("get_msg", json!({ "message_id": i64::MAX }), 100),
        ("get_group_info", json!({ "group_id": 0 }), 100),
        ("get_stranger_info", json!({ "user_id": -5 }), 100),
        (
            "set_group_ban",
            json!({ "group_id": GENERAL, "user_id": DAVE, "duration": i64::MAX }),
            100,
        ),
        (
            "get_group_msg_history",
            json!({ "group_id": GENERAL, "message_seq": -1 }),
            100,
        ),
        (
            "get_group_msg_history",
            json!({ "group_id": GENERAL, "count": -1 }),
            100,
        ),
        (
            "send_like",
            json!({ "user_id": ALICE, "times": i32::MAX }),
            103,
        ),
    ] {
        assert_eq!(
            refused(&mut world, action, params.clone()),
            code,
            "{action} {params}"
        );
    }
    let far = json!({ "group_id": GENERAL, "message_seq": i64::MAX });
    ok(&mut world, "get_group_msg_history", far);
    let title = json!({ "group_id": GENERAL, "user_id": ALICE, "special_title": "x", "duration": i64::MAX });
    ok(&mut world, "set_group_special_title", title);
    world.set_time(mynah_sandbox::Time(i64::MAX));
    ok(
        &mut world,
        "get_group_member_list",
        json!({ "group_id": GENERAL }),
    );
    ok(
        &mut world,
        "set_group_ban",
        json!({ "group_id": GENERAL, "user_id": DAVE }),
    );
    world.set_time(mynah_sandbox::Time(i64::MIN));
    ok(
        &mut world,
        "send_group_msg",
        json!({ "group_id": GENERAL, "message": "x" }),
    );
}
