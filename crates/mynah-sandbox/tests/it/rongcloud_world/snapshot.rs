//! The world put back, and started over.

use mynah_sandbox::World;
use mynah_sandbox::rongcloud::{RongCloudWorld, Seed};
use serde_json::{Value, json};

use super::support::{Service, act, say, told};

/// A world in which something of every kind has happened.
fn lived_in() -> Service {
    let mut service = Service::new();
    service.ok("user/getToken", &[("userId", "zed"), ("name", "Z")]);
    service.ok("user/block", &[("userId", "dave"), ("minute", "10")]);
    service.ok(
        "user/blacklist/add",
        &[("userId", "alice"), ("blackUserId", "bob")],
    );
    service.ok(
        "group/create",
        &[("userId", "zed"), ("groupId", "g1"), ("groupName", "G")],
    );
    service.ok(
        "group/user/gag/add",
        &[("userId", "zed"), ("groupId", "g1"), ("minute", "0")],
    );
    service.ok("group/ban/add", &[("groupId", "g1")]);
    service.ok("chatroom/create", &[("chatroom[r1]", "R")]);
    service.join("r1", &["alice", "bob"]);
    service.ok("wordfilter/add", &[("word", "money")]);
    service.ok_json("user/tag/set", json!({ "userId": "alice", "tags": ["a"] }));
    let form = [
        ("fromUserId", "s"),
        ("objectName", "RC:TxtMsg"),
        ("content", "{}"),
    ];
    service.ok("message/broadcast", &form);
    act(&mut service.world, "alice", "connect", json!({}));
    say(&mut service.world, "alice", "group:general", "hi");
    say(&mut service.world, "alice", "user:bot", "money");
    let picture = json!({ "type": "image" });
    super::support::says(&mut service.world, "alice", "user:bot", picture);
    service.world.settings_mut().check = true;
    say(&mut service.world, "alice", "user:bot", "held");
    service
}

#[test]
fn a_snapshot_puts_everything_back() {
    let mut service = lived_in();
    let snapshot = service.world.snapshot();
    say(&mut service.world, "bob", "group:general", "more");
    service.ok("group/dismiss", &[("userId", "zed"), ("groupId", "g1")]);
    assert!(service.world.snapshot() != snapshot);
    service.world.restore(snapshot.clone()).unwrap();
    assert!(service.world.snapshot() == snapshot);
    assert!(told(&mut service.world).is_empty());
    let mut other = Service::of(RongCloudWorld::new(&Seed::default()));
    other.world.restore(snapshot.clone()).unwrap();
    assert!(other.world.snapshot() == snapshot);
    // What is not written down is found again.
    let groups = other.ok("user/group/query", &[("userId", "zed")]);
    assert_eq!(groups["groups"], json!([{ "id": "g1", "name": "G" }]));
    say(&mut other.world, "alice", "user:bot", "money");
    assert_eq!(
        super::support::last(&other.world, "user:alice").tag,
        Some("undelivered")
    );
}

#[test]
fn what_is_no_snapshot_changes_nothing() {
    let mut service = lived_in();
    let before = service.world.snapshot();
    let mut disorder = before.clone();
    disorder["state"]["archive"]["next_seq"] = json!(1);
    let mut unknown = before.clone();
    unknown["state"]["colour"] = json!(1);
    let mut old = before.clone();
    old["version"] = json!(0);
    for wrong in [json!({}), json!([]), Value::Null, disorder, unknown, old] {
        let rejected = service.world.restore(wrong).unwrap_err();
        assert_eq!(
            (rejected.status, rejected.field.as_str()),
            (400, "snapshot")
        );
        assert!(service.world.snapshot() == before);
    }
}

#[test]
fn a_reset_leaves_the_settings_and_goes_on_counting() {
    let mut service = lived_in();
    service.world.settings_mut().words = 7;
    let uid = say(&mut service.world, "bob", "user:bot", "hi");
    service.world.reset();
    assert_eq!(service.world.settings().words, 7);
    assert!(told(&mut service.world).is_empty());
    assert_eq!(service.world.people().len(), 6);
    assert_eq!(super::support::seen(&service.world, "user:bob").len(), 0);
    service.wait(60_000_000);
    service
        .world
        .set_time(mynah_sandbox::Time(super::support::NOW));
    assert_ne!(say(&mut service.world, "bob", "user:bot", "hi"), uid);
}

#[test]
fn the_same_history_makes_the_same_world() {
    assert!(lived_in().world.snapshot() == lived_in().world.snapshot());
}
