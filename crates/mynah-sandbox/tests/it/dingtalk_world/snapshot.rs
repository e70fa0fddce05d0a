//! The same history makes the same world, and a world can be put away and
//! taken out again.

use std::collections::BTreeSet;

use mynah_sandbox::World;
use mynah_sandbox::dingtalk::{DingTalkWorld, Seed};
use serde_json::{Value, json};

use super::support::*;

/// A bit of everything.
fn live(org: &mut Org) -> Vec<String> {
    let body = json!({ "name": "x", "owner": "alice", "useridlist": ["alice", "bob"] });
    org.ok("chat/create", body);
    let image = org.upload("image", "a.png", PNG);
    let body =
        json!({ "chatid": "chatgeneral", "msgtype": "image", "image": { "media_id": image } });
    let sent = org.ok("chat/send", body)["messageId"].clone();
    act(&mut org.world, "bob", "read", json!({ "message": sent }));
    let notice = json!({ "agent_id": AGENT, "userid_list": "alice,bob",
        "msg": { "msgtype": "text", "text": { "content": "n" } } });
    org.ok("topapi/message/corpconversation/asyncsend_v2", notice);
    let body = json!({ "robotCode": APP_KEY, "userIds": ["alice"], "msgKey": "sampleText",
        "msgParam": "{\"content\":\"x\"}" });
    org.open_ok("POST", "robot/oToMessages/batchSend", body);
    org.ok(
        "user/create",
        json!({ "userid": "frank", "name": "F", "mobile": "13900000000",
        "department": [1] }),
    );
    let body = json!({ "clientId": APP_KEY, "clientSecret": APP_SECRET,
        "subscriptions": [{ "type": "EVENT", "topic": "*" }] });
    org.open_ok("POST", "gateway/connections/open", body);
    let world = &mut org.world;
    act(world, "dave", "quit", json!({ "group": "general" }));
    act(world, "erin", "sign_in", json!({}));
    says(world, "alice", "user:bot", json!({ "type": "image" }));
    told(world)
        .iter()
        .map(|effect| format!("{effect:?}"))
        .collect()
}

/// And a bit more, with what is left from before.
fn go_on(org: &mut Org) -> Vec<String> {
    org.wait(7);
    let body = json!({ "chatid": "chatgeneral", "msgtype": "text", "text": { "content": "x" } });
    let sent = org.ok("chat/send", body);
    act(
        &mut org.world,
        "carol",
        "read",
        json!({ "conversation": "group:general" }),
    );
    act(
        &mut org.world,
        "alice",
        "read",
        json!({ "conversation": "user:bot" }),
    );
    say(&mut org.world, "bob", "group:general", "@bot hi");
    let told = told(&mut org.world).into_iter();
    let mut all: Vec<String> = told.map(|effect| format!("{effect:?}")).collect();
    all.push(sent.to_string());
    all
}

fn bytes(world: &DingTalkWorld) -> Vec<u8> {
    serde_json::to_vec(&world.snapshot()).unwrap()
}

#[test]
fn the_same_history_makes_the_same_world() {
    let (mut one, mut other) = (Org::new(), Org::new());
    assert_eq!(live(&mut one), live(&mut other));
    assert_eq!(go_on(&mut one), go_on(&mut other));
    assert!(bytes(&one.world) == bytes(&other.world));
}

#[test]
fn a_snapshot_brings_everything_back() {
    let mut org = Org::new();
    live(&mut org);
    let before = bytes(&org.world);
    let snapshot = serde_json::from_slice(&before).unwrap();

    let mut restored = Org::new();
    restored.world.restore(snapshot).unwrap();
    restored.token.clone_from(&org.token);
    assert!(bytes(&restored.world) == before);
    // It goes on as the other does, to the letter.
    assert_eq!(go_on(&mut org), go_on(&mut restored));
    assert!(bytes(&org.world) == bytes(&restored.world));
}

#[test]
fn a_reset_starts_over_and_keeps_the_settings() {
    let mut org = Org::new();
    org.world.settings_mut().strict = true;
    live(&mut org);
    say(&mut org.world, "alice", "user:bot", "x");
    org.world.reset();
    let fresh = DingTalkWorld::new(&Seed::default());
    assert_eq!(uncounted(&org.world), uncounted(&fresh));
    assert!(told(&mut org.world).is_empty());
    assert!(org.world.settings().strict);
}

/// Everything but what ids are made of.
fn uncounted(world: &DingTalkWorld) -> Value {
    let mut snapshot = world.snapshot();
    for counter in [
        "/state/chance",
        "/state/counter",
        "/state/archive/next_seq",
        "/state/archive/next_cursor",
        "/state/notices/next_task",
    ] {
        if let Some(counter) = snapshot.pointer_mut(counter) {
            counter.take();
        }
    }
    snapshot
}

#[test]
fn after_a_reset_no_id_is_one_that_was_there_before() {
    let mut org = Org::new();
    let mut ids = BTreeSet::new();
    for _ in 0..3 {
        for to in ["user:alice", "group:general"] {
            let id = say(&mut org.world, "alice", to, "@bot hi");
            assert!(ids.insert(id), "{ids:?}");
            let seq = last(&org.world, to).seq;
            assert!(ids.insert(seq.to_string()), "{ids:?}");
        }
        act(
            &mut org.world,
            "alice",
            "rename",
            json!({ "group": "general", "name": "x" }),
        );
        for effect in told(&mut org.world) {
            if let mynah_sandbox::dingtalk::Effect::Event(event) = effect {
                assert!(ids.insert(event.event_id.unwrap()));
            }
        }
        org.world.reset();
    }
}

#[test]
fn what_is_no_snapshot_changes_nothing() {
    let mut org = Org::new();
    live(&mut org);
    let before = bytes(&org.world);
    let good = org.world.snapshot();
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
        broken("/state/groups/chatgeneral/owner", json!("nobody")),
        broken("/state/archive/next_seq", json!(1)),
        broken(
            "/state/archive/timelines/group:chatgeneral/entries/0/seq",
            json!(0),
        ),
    ] {
        let rejected = org.world.restore(snapshot).unwrap_err();
        assert_eq!(
            (rejected.status, rejected.field.as_str()),
            (400, "snapshot")
        );
        assert!(bytes(&org.world) == before);
    }
    org.world.restore(good).unwrap();
}
