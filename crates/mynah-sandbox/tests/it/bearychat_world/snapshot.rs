//! The world put back, and started over.

use mynah_sandbox::World;
use mynah_sandbox::bearychat::{BearyChatWorld, Seed};
use serde_json::{Value, json};

use super::support::{ALICE, BOB, CAROL, DEV, Team, act, say, seen, text_of, told};

/// A world in which something of every kind has happened.
fn lived_in() -> Team {
    let mut team = Team::new();
    team.ok("channel.join", json!({ "channel_id": DEV }));
    let channel = team.ok("channel.create", json!({ "name": "mine", "private": true }));
    team.ok("channel.archive", json!({ "channel_id": channel["id"] }));
    team.ok(
        "session_channel.create",
        json!({ "member_uids": [ALICE, BOB] }),
    );
    let session = team.ok("session_channel.create", json!({ "member_uids": [CAROL] }));
    let convert = json!({ "session_channel_id": session["id"], "name": "open", "private": false });
    team.ok("session_channel.convert_to_channel", convert);
    team.ok("user.update_me", json!({ "name": "starling" }));
    let p2p = team.p2p(ALICE);
    team.post(&p2p, "hi");
    let key = say(&mut team.world, "alice", "group:dev", "hello");
    let message = json!({ "vchannel_id": DEV, "message_key": key });
    team.ok("message_pin.create", message);
    let reaction = json!({ "vchannel_id": DEV, "key": key, "reaction": ":+1:" });
    team.ok("reaction.create", reaction);
    let gone = team.post(DEV, "gone");
    team.ok(
        "message.delete",
        json!({ "vchannel_id": DEV, "message_key": gone }),
    );
    team.ok("rtm.start", json!({}));
    act(
        &mut team.world,
        "alice",
        "deactivate",
        json!({ "target": "erin" }),
    );
    told(&mut team.world);
    team
}

#[test]
fn a_snapshot_puts_everything_back() {
    let mut team = lived_in();
    let snapshot = team.world.snapshot();
    say(&mut team.world, "bob", "group:dev", "more");
    team.ok("channel.leave", json!({ "channel_id": DEV }));
    assert!(team.world.snapshot() != snapshot);
    team.world.restore(snapshot.clone()).unwrap();
    assert!(team.world.snapshot() == snapshot);
    assert!(told(&mut team.world).is_empty());
    let mut other = Team::of(BearyChatWorld::new(&Seed::default()));
    other.world.restore(snapshot.clone()).unwrap();
    assert!(other.world.snapshot() == snapshot);
    // What is not written down is found again.
    let p2ps = other.ok("p2p.list", json!({}));
    assert_eq!(other.p2p(ALICE), text_of(&p2ps[0], "id"));
    let last = seen(&other.world, "group:dev").pop().unwrap();
    assert!(last.recalled.is_some());
}

#[test]
fn what_is_no_snapshot_changes_nothing() {
    let mut team = lived_in();
    let before = team.world.snapshot();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut snapshot = before.clone();
        change(&mut snapshot);
        snapshot
    };
    let disorder = with(&|it| it["state"]["archive"]["next_seq"] = json!(1));
    let unknown = with(&|it| it["state"]["colour"] = json!(1));
    let old = with(&|it| it["version"] = json!(0));
    let unlisted = with(&|it| it["state"]["users"]["order"] = json!([]));
    let alone = with(&|it| {
        let all = it["state"]["vchannels"]["all"].as_object_mut().unwrap();
        let p2p = all.values_mut().find(|it| it["kind"] == "p2p").unwrap();
        p2p["members"] = json!([ALICE]);
    });
    let twice = with(&|it| {
        let all = it["state"]["vchannels"]["all"].as_object_mut().unwrap();
        let p2p = all.values().find(|it| it["kind"] == "p2p").unwrap().clone();
        all.insert("=again".to_owned(), p2p);
    });
    let wrong = [
        json!({}),
        json!([]),
        Value::Null,
        disorder,
        unknown,
        old,
        unlisted,
        alone,
        twice,
    ];
    for (number, wrong) in wrong.into_iter().enumerate() {
        let rejected = team.world.restore(wrong).unwrap_err();
        let told = (rejected.status, rejected.field.as_str());
        assert_eq!(told, (400, "snapshot"), "{number}");
        assert!(team.world.snapshot() == before, "{number}");
    }
}

#[test]
fn a_snapshot_holds_no_token() {
    let snapshot = lived_in().world.snapshot().to_string();
    for secret in ["sandbox-token", "sandbox-hook", "sandbox-outgoing"] {
        assert!(!snapshot.contains(secret), "{secret}");
    }
}

#[test]
fn a_reset_leaves_the_settings_and_gives_nothing_the_same_id() {
    let mut team = lived_in();
    team.world.settings_mut().calls_per_hour = 7;
    let key = say(&mut team.world, "bob", "group:dev", "hi");
    let channel = act(&mut team.world, "bob", "create", json!({ "name": "new" }));
    let now = team.world.snapshot()["state"]["now"].clone();
    team.world.reset();
    assert_eq!(team.world.settings().calls_per_hour, 7);
    assert!(told(&mut team.world).is_empty());
    assert_eq!(team.world.people()[0].display, "Mynah");
    assert_eq!(seen(&team.world, "group:dev").len(), 0);
    assert_eq!(team.ok("p2p.list", json!({})), json!([]));
    let time = mynah_sandbox::Time(now.as_i64().unwrap());
    team.world.set_time(time);
    assert_ne!(say(&mut team.world, "bob", "group:dev", "hi"), key);
    assert_ne!(
        act(&mut team.world, "bob", "create", json!({ "name": "new" })),
        channel
    );
}

#[test]
fn the_same_history_makes_the_same_world() {
    assert!(lived_in().world.snapshot() == lived_in().world.snapshot());
}
