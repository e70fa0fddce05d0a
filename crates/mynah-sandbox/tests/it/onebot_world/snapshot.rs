//! The same history makes the same world, and a world can be put away and
//! taken out again.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::onebot::OneBotWorld;
use mynah_sandbox::{Time, World};

/// A bit of everything.
fn live(world: &mut OneBotWorld) -> Vec<Value> {
    world.set_time(Time(1_700_000_000_000));
    let id = say(world, "alice", "group:general", "[x]");
    let mixed = json!({ "from": "bob", "to": "group:general",
        "message": "[CQ:share,url=http://a,title=b][CQ:image,file=base64://iVBORw0KGgo=]" });
    try_say(world, mixed).unwrap();
    let masked = json!({ "from": "dave", "to": "group:general", "text": "x", "anonymous": true });
    try_say(world, masked).unwrap();
    act(
        world,
        "carol",
        "react",
        json!({ "message": id, "emoji": "76" }),
    );
    act(world, "erin", "befriend", json!({}));
    act(world, "erin", "leave", json!({ "group": "general" }));
    act(world, "erin", "request_join", json!({ "group": "general" }));
    act(
        world,
        "alice",
        "upload",
        json!({ "group": "general", "name": "a", "size": 3 }),
    );
    let nodes =
        json!([{ "type": "node", "data": { "uin": 1, "name": "n", "content": "[CQ:face,id=1]" } }]);
    ok(
        world,
        "send_group_forward_msg",
        json!({ "group_id": GENERAL, "messages": nodes }),
    );
    ok(world, "set_essence_msg", json!({ "message_id": id }));
    ok(world, "send_like", json!({ "user_id": ALICE, "times": 3 }));
    call(
        world,
        "send_group_msg_rate_limited",
        json!({ "group_id": GENERAL, "message": "q" }),
    );
    events(world)
}

/// And a bit more, with what is left from before.
fn go_on(world: &mut OneBotWorld) -> Vec<Value> {
    wait(world, 60);
    let masked = json!({ "from": "dave", "to": "group:general", "text": "y", "anonymous": true });
    try_say(world, masked).unwrap();
    ok(
        world,
        "set_group_add_request",
        json!({ "flag": "group-req-1", "sub_type": "add" }),
    );
    ok(
        world,
        "set_friend_add_request",
        json!({ "flag": "friend-req-1" }),
    );
    ok(
        world,
        "delete_group_file",
        json!({ "group_id": GENERAL, "file_id": "/file-1" }),
    );
    ok(world, "get_forward_msg", json!({ "id": "fwd-1" }));
    act(
        world,
        "carol",
        "react",
        json!({ "message": 1001, "emoji": "76" }),
    );
    ok(world, "delete_msg", json!({ "message_id": 1001 }));
    events(world)
}

fn bytes(world: &OneBotWorld) -> Vec<u8> {
    serde_json::to_vec(&world.snapshot()).unwrap()
}

#[test]
fn the_same_history_makes_the_same_world() {
    let (mut one, mut other) = (world(), world());
    assert_eq!(live(&mut one), live(&mut other));
    assert!(bytes(&one) == bytes(&other));
}

#[test]
fn a_snapshot_brings_everything_back() {
    let mut world = world();
    live(&mut world);
    let before = bytes(&world);
    let snapshot = serde_json::from_slice(&before).unwrap();

    let mut restored = self::world();
    restored.restore(snapshot).unwrap();
    assert!(bytes(&restored) == before);
    // It goes on as the other does, to the letter.
    for world in [&mut world, &mut restored] {
        world.run_due();
        events(world);
    }
    let history = |world: &mut OneBotWorld| {
        ok(
            world,
            "get_group_msg_history",
            json!({ "group_id": GENERAL }),
        )
    };
    assert_eq!(history(&mut world), history(&mut restored));
    assert_eq!(go_on(&mut world), go_on(&mut restored));
    assert!(bytes(&world) == bytes(&restored));
}

#[test]
fn a_reset_starts_over_and_keeps_the_settings() {
    let mut world = world();
    world.settings_mut().legacy = true;
    live(&mut world);
    world.reset();
    let fresh = self::world();
    assert_eq!(uncounted(&world), uncounted(&fresh));
    assert!(events(&mut world).is_empty());
    assert!(world.settings().legacy);
}

/// Everything but what ids are made of.
fn uncounted(world: &OneBotWorld) -> Value {
    let mut snapshot = world.snapshot();
    snapshot["state"]["archive"]["next_message"].take();
    snapshot
}

#[test]
fn after_a_reset_no_id_is_one_that_was_there_before() {
    let mut world = world();
    let before = say(&mut world, "alice", "group:general", "[x]");
    world.reset();
    assert_ne!(say(&mut world, "alice", "group:general", "[x]"), before);
}

#[test]
fn what_is_no_snapshot_changes_nothing() {
    let mut world = world();
    live(&mut world);
    let before = bytes(&world);
    let good = world.snapshot();
    let broken = |pointer: &str, value: Value| {
        let mut snapshot = good.clone();
        *snapshot.pointer_mut(pointer).unwrap() = value;
        snapshot
    };
    for snapshot in [
        Value::Null,
        json!([]),
        json!({}),
        json!({ "version": 1 }),
        json!({ "version": 2, "state": good["state"] }),
        broken("/state/now", json!("yesterday")),
        broken("/state/bot/id", json!(4711)),
        broken("/state/users", json!({})),
        broken("/state/groups/20001/members/10000/rank", json!("member")),
        broken("/state/groups/20001/members/10001/rank", json!("owner")),
        broken("/state/archive/next_seq", json!(1)),
        broken(
            "/state/archive/timelines/group:20001/entries/1/seq",
            json!(1),
        ),
    ] {
        let rejected = world.restore(snapshot.clone()).unwrap_err();
        assert_eq!(
            (rejected.status, rejected.field.as_str()),
            (400, "snapshot")
        );
        assert!(bytes(&world) == before);
    }
    world.restore(good).unwrap();
}
