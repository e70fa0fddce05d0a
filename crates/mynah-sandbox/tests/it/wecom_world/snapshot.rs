//! The same history makes the same world, and a world can be put away and
//! taken out again.

use std::collections::BTreeSet;

use mynah_sandbox::World;
use mynah_sandbox::wecom::{Seed, WeComWorld};
use serde_json::{Value, json};

use super::support::*;

/// A bit of everything.
fn live(corp: &mut Corp) -> Vec<String> {
    corp.ok(
        "appchat/create",
        json!({"userlist": ["alice", "bob"], "name": "x"}),
    );
    let image = corp.upload("image", "a.png", PNG);
    corp.tell_alice("image", json!({"media_id": image}));
    corp.tell_alice("template_card", buttons("task-1"));
    let check = with(
        message("bob", "text", json!({"content": "x"})),
        "enable_duplicate_check",
        json!(1),
    );
    corp.ok("message/send", check);
    corp.ok(
        "user/create",
        json!({"userid": "frank", "name": "F", "department": [1]}),
    );
    corp.ok("tag/create", json!({"tagname": "t"}));
    let menu = json!({"button": [{"type": "click", "name": "n", "key": "k"}]});
    corp.ok("menu/create?agentid=1000002", menu);
    let world = &mut corp.world;
    robot(
        world,
        KEY,
        &json!({"msgtype": "text", "text": {"content": "x"}}),
    );
    act(
        world,
        "alice",
        "press",
        json!({"message": last(world, "user:alice").id, "key": "yes"}),
    );
    act(world, "carol", "unsubscribe", json!({}));
    act(world, "dave", "leave", json!({"group": "general"}));
    act(world, "erin", "sign_in", json!({}));
    says(world, "alice", "user:aib-sandbox", json!({"type": "image"}));
    let last = told(world).pop().unwrap();
    let (callback, _) = last.clone().bot();
    let reply = serde_json::from_value(json!({"msgtype": "stream",
        "stream": {"id": "s", "content": "…", "finish": false}}));
    world.bot_answered(&callback, Some(reply.unwrap())).unwrap();
    command(
        world,
        "aibot_upload_media_init",
        "r",
        json!({"type": "file", "filename": "a", "total_size": 6, "total_chunks": 1}),
    );
    vec![format!("{last:?}")]
}

/// And a bit more, with what is left from before.
fn go_on(corp: &mut Corp) -> Vec<String> {
    corp.wait(7);
    let check = with(
        message("bob", "text", json!({"content": "x"})),
        "enable_duplicate_check",
        json!(1),
    );
    let sent = corp.ok("message/send", check);
    corp.ok("appchat/create", json!({"userlist": ["alice", "bob"]}));
    act(&mut corp.world, "alice", "click", json!({"key": "k"}));
    say(&mut corp.world, "bob", "group:general", "@bot hi");
    let mut all: Vec<String> = told(&mut corp.world)
        .iter()
        .map(|it| format!("{it:?}"))
        .collect();
    all.push(sent.to_string());
    all
}

fn bytes(world: &WeComWorld) -> Vec<u8> {
    serde_json::to_vec(&world.snapshot()).unwrap()
}

#[test]
fn the_same_history_makes_the_same_world() {
    let (mut one, mut other) = (Corp::new(), Corp::new());
    assert_eq!(live(&mut one), live(&mut other));
    assert_eq!(go_on(&mut one), go_on(&mut other));
    assert!(bytes(&one.world) == bytes(&other.world));
}

#[test]
fn a_snapshot_brings_everything_back() {
    let mut corp = Corp::new();
    live(&mut corp);
    let before = bytes(&corp.world);
    let snapshot = serde_json::from_slice(&before).unwrap();

    let mut restored = Corp::new();
    restored.world.restore(snapshot).unwrap();
    restored.token.clone_from(&corp.token);
    assert!(bytes(&restored.world) == before);
    // It goes on as the other does, to the letter.
    for corp in [&mut corp, &mut restored] {
        told(&mut corp.world);
    }
    assert_eq!(go_on(&mut corp), go_on(&mut restored));
    assert!(bytes(&corp.world) == bytes(&restored.world));
}

#[test]
fn a_reset_starts_over_and_keeps_the_settings() {
    let mut corp = Corp::new();
    corp.world.settings_mut().strict = true;
    live(&mut corp);
    corp.world.reset();
    let fresh = WeComWorld::new(&Seed::default());
    assert_eq!(uncounted(&corp.world), uncounted(&fresh));
    assert!(told(&mut corp.world).is_empty());
    assert!(corp.world.settings().strict && corp.world.reach().application);
}

/// Everything but what ids are made of.
fn uncounted(world: &WeComWorld) -> Value {
    let mut snapshot = world.snapshot();
    for counter in ["chance", "next_message"] {
        snapshot["state"][counter].take();
    }
    snapshot
}

#[test]
fn after_a_reset_no_id_is_one_that_was_there_before() {
    let mut corp = Corp::new();
    let mut ids = BTreeSet::new();
    for _ in 0..3 {
        for to in ["user:1000002", "user:aib-sandbox", "group:general"] {
            let id = say(&mut corp.world, "alice", to, "@bot hi");
            assert!(ids.insert(id), "{ids:?}");
        }
        // What bots remember is the same as what they are told.
        let told = told(&mut corp.world);
        assert_eq!(told.len(), 3);
        for effect in told {
            if let Told::Bot(callback, req_id) = effect {
                assert!(ids.contains(&callback.msgid));
                assert!(ids.insert(req_id));
            }
        }
        corp.world.reset();
    }
}

#[test]
fn what_is_no_snapshot_changes_nothing() {
    let mut corp = Corp::new();
    live(&mut corp);
    let before = bytes(&corp.world);
    let good = corp.world.snapshot();
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
        broken("/state/main", json!(4711)),
        broken("/state/directory/departments", json!({})),
        broken("/state/directory/users", json!({})),
        broken("/state/directory/users/alice/userid", json!("bob")),
        broken("/state/groups/general/owner", json!("nobody")),
        broken("/state/groups/general/members", json!(["alice", "nobody"])),
        broken("/state/archive/next_seq", json!(1)),
        broken(
            "/state/archive/timelines/group:general/entries/0/seq",
            json!(0),
        ),
    ] {
        let rejected = corp.world.restore(snapshot).unwrap_err();
        assert_eq!(
            (rejected.status, rejected.field.as_str()),
            (400, "snapshot")
        );
        assert!(bytes(&corp.world) == before);
    }
    corp.world.restore(good).unwrap();
}

#[test]
fn a_refusal_has_other_digits_each_time_and_changes_nothing() {
    let mut corp = Corp::new();
    let before = bytes(&corp.world);
    let words = |corp: &mut Corp| corp.get("user/get", "userid=x").words().to_owned();
    assert_ne!(words(&mut corp), words(&mut corp));
    assert!(bytes(&corp.world) == before);
}
