//! Messages: said, changed, deleted, passed on.

use mynah_sandbox::{Time, World};
use serde_json::{Value, json};

use super::support::*;

/// The fields that the platform documents for every message.
const DOCUMENTED: [&str; 14] = [
    "key",
    "team_id",
    "uid",
    "robot_id",
    "vchannel_id",
    "refer_key",
    "subtype",
    "text",
    "fallback",
    "attachments",
    "created",
    "updated",
    "created_ts",
    "is_channel",
];

#[test]
fn what_the_bot_says_is_answered_kept_shown_and_told() {
    let mut team = Team::new();
    let attachment =
        json!({ "title": "t", "color": "#ffa500", "images": [{ "url": "http://h/i" }] });
    let said = json!({ "vchannel_id": ALL, "text": "值班", "attachments": [attachment] });
    let (status, message) = team.call("message.create", said);
    assert_eq!(status, 201);
    for field in DOCUMENTED {
        assert!(message.get(field).is_some(), "{field}");
    }
    let key = text_of(&message, "key");
    assert_eq!(key, "1700000000000.0001");
    assert_eq!(message["created_ts"], NOW);
    assert_eq!(message["created"], "2023-11-14T22:13:20.000+0000");
    assert_eq!(message["updated"], message["created"]);
    assert_eq!(message["uid"], BOT);
    assert_eq!(message["team_id"], TEAM);
    assert_eq!(message["vchannel_id"], ALL);
    assert_eq!(message["subtype"], "normal");
    assert_eq!(message["is_channel"], true);
    assert_eq!(message["edited"], false);
    assert_eq!(message["reactions"], json!([]));
    assert_eq!(message["attachments"], json!([attachment]));
    for none in ["robot_id", "refer_key", "fallback", "pin_id"] {
        assert_eq!(message[none], Value::Null, "{none}");
    }
    assert_eq!(team.message(ALL, &key), message);
    let seen = last(&team.world, "group:=bwAll");
    assert_eq!(
        (seen.id.as_str(), seen.from.id.as_str()),
        (key.as_str(), BOT)
    );
    assert_eq!(
        parts(&team.world, "group:=bwAll"),
        json!([
            { "type": "markdown", "text": "值班" },
            {
                "type": "attachment", "title": "t", "text": "", "url": "", "color": "#ffa500",
                "images": ["http://h/i"], "markdown": true,
            },
        ])
    );
    let events = team.events();
    assert_eq!(
        events,
        [json!({
            "type": "channel_message", "vchannel_id": ALL, "channel_id": ALL, "key": key,
            "uid": BOT, "refer_key": null, "subtype": "normal", "text": "值班", "image": "",
            "attachments": [attachment], "created_ts": NOW, "ts": NOW,
        })]
    );
}

#[test]
fn messages_of_one_moment_have_times_of_their_own() {
    let mut team = Team::new();
    let keys = ["one", "two", "three"].map(|text| team.post(ALL, text));
    assert_eq!(
        keys,
        [
            "1700000000000.0001",
            "1700000000001.0002",
            "1700000000002.0003"
        ]
    );
    let channel = team.ok("channel.info", json!({ "channel_id": ALL }));
    assert_eq!(channel["latest_ts"], NOW + 2);
}

#[test]
fn a_message_of_two_says_to_whom() {
    let mut team = Team::new();
    let p2p = team.p2p(DAVE);
    let key = team.post(&p2p, "hi");
    let event = team.events().pop().unwrap();
    assert_eq!(event["type"], "message");
    assert_eq!(
        (&event["uid"], &event["to_uid"]),
        (&json!(BOT), &json!(DAVE))
    );
    assert_eq!(event.get("channel_id"), None);
    assert_eq!(team.message(&p2p, &key)["is_channel"], false);
    say(&mut team.world, "dave", "user:bot", "hello");
    let event = team.events().pop().unwrap();
    assert_eq!(
        (&event["uid"], &event["to_uid"]),
        (&json!(DAVE), &json!(BOT))
    );
    assert_eq!(event["vchannel_id"], *p2p);
}

#[test]
fn nothing_is_said_where_the_bot_is_not_or_that_says_nothing() {
    let mut team = Team::new();
    let hi = |vchannel: &str| json!({ "vchannel_id": vchannel, "text": "hi" });
    assert_eq!(team.refused("message.create", hi(DEV)), (403, 4));
    assert_eq!(team.refused("message.create", hi("=none")), (404, 6));
    let wrong = [
        json!({ "vchannel_id": ALL }),
        json!({ "vchannel_id": ALL, "text": "" }),
        json!({ "vchannel_id": ALL, "text": 7 }),
        json!({ "text": "hi" }),
        json!({ "vchannel_id": ALL, "text": "hi", "attachments": [{ "color": "#fff" }] }),
        json!({ "vchannel_id": ALL, "text": "hi", "attachments": "[]" }),
    ];
    for arguments in wrong {
        assert_eq!(
            team.refused("message.create", arguments.clone()),
            (400, 1),
            "{arguments}"
        );
    }
    let null = json!({ "vchannel_id": ALL, "text": "hi", "attachments": null });
    assert_eq!(team.ok("message.create", null)["attachments"], json!([]));
    team.events();
    team.ok("channel.join", json!({ "channel_id": DEV }));
    team.post(DEV, "hi");
    team.events();
    act(&mut team.world, "alice", "archive", json!({ "group": DEV }));
    assert_eq!(team.refused("message.create", hi(DEV)), (403, 4));
    let key = json!({ "vchannel_id": DEV, "query": { "latest": {} } });
    let found = team.ok("message.query", key);
    assert_eq!(found["messages"][0]["text"], "hi");
}

#[test]
fn an_edited_message_keeps_its_key_and_its_attachments() {
    let mut team = Team::new();
    let said = json!({ "vchannel_id": ALL, "text": "a", "attachments": [{ "text": "b" }] });
    let key = text_of(&team.ok("message.create", said), "key");
    team.events();
    team.wait(2);
    let edit = json!({ "vchannel_id": ALL, "message_key": key, "text": "c" });
    let edited = team.ok("message.update_text", edit);
    assert_eq!(
        (&edited["key"], &edited["created_ts"]),
        (&json!(key), &json!(NOW))
    );
    assert_eq!(
        (&edited["text"], &edited["edited"]),
        (&json!("c"), &json!(true))
    );
    assert_eq!(edited["updated"], "2023-11-14T22:13:22.000+0000");
    assert_eq!(edited["attachments"], json!([{ "text": "b" }]));
    let events = team.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "update_channel_message");
    assert_eq!(events[0]["ts"], NOW + 2_000);
    let data = &events[0]["data"];
    assert_eq!(
        (&data["text"], &data["edited"]),
        (&json!("c"), &json!(true))
    );
    assert_eq!(
        (&data["deleted"], &data["key"]),
        (&json!(false), &json!(key))
    );
    assert_eq!(data["created"], "2023-11-15T06:13:20.000+0800");
    assert!(last(&team.world, "group:=bwAll").edited);
}

#[test]
fn only_the_author_edits() {
    let mut team = Team::new();
    let key = say(&mut team.world, "alice", "group:=bwAll", "hers");
    team.events();
    let edit =
        |key: &str, text: &str| json!({ "vchannel_id": ALL, "message_key": key, "text": text });
    assert_eq!(
        team.refused("message.update_text", edit(&key, "x")),
        (403, 4)
    );
    assert_eq!(
        team.refused("message.update_text", edit("1.2", "x")),
        (404, 6)
    );
    assert_eq!(
        team.refused("message.update_text", edit(&key, "")),
        (400, 1)
    );
    assert_eq!(
        may_not(
            &mut team.world,
            "bob",
            "edit",
            json!({ "message": key, "text": "x" })
        ),
        403
    );
    act(
        &mut team.world,
        "alice",
        "edit",
        json!({ "message": key, "text": "new" }),
    );
    assert_eq!(team.message(ALL, &key)["text"], "new");
    // A message is found in its own conversation alone.
    let p2p = team.p2p(DAVE);
    team.events();
    let elsewhere = json!({ "vchannel_id": p2p, "message_key": key });
    assert_eq!(team.refused("message.info", elsewhere), (404, 6));
}

#[test]
fn what_is_deleted_leaves_a_tombstone_that_nothing_more_happens_to() {
    let mut team = Team::new();
    let said = json!({ "vchannel_id": ALL, "text": "oh", "attachments": [{ "text": "b" }] });
    let key = text_of(&team.ok("message.create", said), "key");
    let named = json!({ "vchannel_id": ALL, "message_key": key });
    team.ok("message_pin.create", named.clone());
    let reaction = json!({ "vchannel_id": ALL, "key": key, "reaction": ":+1:" });
    team.ok("reaction.create", reaction.clone());
    team.events();
    let (status, body) = team.call("message.delete", named.clone());
    assert_eq!((status, body), (204, Value::Null));
    let events = team.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "update_channel_message");
    let tombstone = json!({
        "deleted": true, "subtype": "info", "text": "该消息已被删除",
        "text_i18n": { "zh-CN": "该消息已被删除", "en": "This message has been deleted." },
        "reactions": [], "edited": false, "uid": BOT, "key": key,
    });
    for (field, value) in tombstone.as_object().unwrap() {
        assert_eq!(events[0]["data"][field], *value, "{field}");
    }
    let left = team.message(ALL, &key);
    for field in ["deleted", "subtype", "text", "key", "uid"] {
        assert_eq!(left[field], tombstone[field], "{field}");
    }
    assert_eq!(
        (&left["attachments"], &left["pin_id"]),
        (&json!([]), &Value::Null)
    );
    let latest = json!({ "vchannel_id": ALL, "query": { "latest": {} } });
    assert_eq!(team.ok("message.query", latest)["messages"], json!([left]));
    assert_eq!(
        team.ok("message_pin.list", json!({ "vchannel_id": ALL })),
        json!([])
    );
    // People may look at what it said.
    let seen = last_message(&team, "group:=bwAll");
    assert_eq!(seen.recalled.as_ref().unwrap().id, BOT);
    assert_eq!(serde_json::to_value(&seen.parts).unwrap()[0]["text"], "oh");
    let mut edit = named.clone();
    edit["text"] = json!("x");
    let forward = json!({ "vchannel_id": ALL, "key": key, "to_vchannel_id": ALL });
    for (call, arguments) in [
        ("message.delete", named.clone()),
        ("message.update_text", edit),
        ("message.forward", forward),
        ("message_pin.create", named),
        ("reaction.create", reaction.clone()),
        ("reaction.delete", reaction),
    ] {
        assert_eq!(team.refused(call, arguments), (404, 6), "{call}");
    }
}

fn last_message(team: &Team, conversation: &str) -> mynah_sandbox::MessageView {
    let mut seen = seen(&team.world, conversation).into_iter();
    seen.rfind(|it| it.kind == "message").unwrap()
}

#[test]
fn whoever_looks_after_the_team_deletes_what_others_said() {
    let mut team = Team::new();
    let key = say(&mut team.world, "bob", "group:=bwAll", "his");
    team.events();
    let named = json!({ "vchannel_id": ALL, "message_key": key });
    assert_eq!(team.refused("message.delete", named), (403, 4));
    assert_eq!(
        may_not(
            &mut team.world,
            "carol",
            "delete",
            json!({ "message": key })
        ),
        403
    );
    act(
        &mut team.world,
        "alice",
        "recall",
        json!({ "message": key }),
    );
    let event = team.events().pop().unwrap();
    assert_eq!(event["data"]["deleted"], true);
    let seen = last(&team.world, "group:=bwAll");
    assert_eq!(seen.recalled.unwrap().id, ALICE);
}

#[test]
fn a_message_that_is_passed_on_says_where_it_was() {
    let mut team = Team::new();
    let p2p = team.p2p(DAVE);
    let key = say(&mut team.world, "dave", "user:bot", "look");
    team.events();
    for name in ["key", "message_key"] {
        let forward = json!({ "vchannel_id": p2p, name: key, "to_vchannel_id": ALL });
        let (status, message) = team.call("message.forward", forward);
        assert_eq!(status, 200, "{name}: {message}");
        assert_eq!(message["subtype"], "forwarded");
        assert_eq!(message["text"], "转发了消息");
        let text = json!({ "zh-CN": "转发了消息", "en": "fowarded message" });
        assert_eq!(message["text_i18n"], text);
        assert_eq!(
            (&message["uid"], &message["vchannel_id"]),
            (&json!(BOT), &json!(ALL))
        );
        assert_eq!(
            (&message["pin_id"], &message["thread_key"]),
            (&Value::Null, &Value::Null)
        );
        assert!(message.get("attachments").is_none());
        let original = team.message(&p2p, &key);
        let repost = json!({
            "uid": DAVE, "vchannel_id": p2p, "robot_id": null, "created_ts": original["created_ts"],
            "message_key": key, "id": original["id"], "team_id": TEAM, "subtype": "normal",
            "text": "look",
        });
        assert_eq!(message["repost"], repost);
        let event = team.events().pop().unwrap();
        assert_eq!(event["type"], "channel_message");
        assert_eq!(event["subtype"], "forwarded");
        let seen = last(&team.world, "group:=bwAll");
        assert_eq!(seen.tag, Some("forwarded"));
        let other = json!([{ "type": "other", "name": "repost", "text": "look", "data": repost }]);
        assert_eq!(serde_json::to_value(&seen.parts).unwrap(), other);
        // Passed on again, it is still what dave said.
        let key = text_of(&message, "key");
        let again = json!({ "vchannel_id": ALL, "key": key, "to_vchannel_id": p2p });
        let again = team.ok("message.forward", again);
        assert_eq!(again["repost"], repost);
        team.events();
    }
}

#[test]
fn nothing_is_passed_on_from_or_to_where_the_bot_is_not() {
    let mut team = Team::new();
    let secret = say(&mut team.world, "alice", "group:=bwDev", "secret");
    let key = team.post(ALL, "hi");
    team.events();
    let forward = |from: &str, key: &str, to: &str| json!({ "vchannel_id": from, "key": key, "to_vchannel_id": to });
    for (arguments, refusal) in [
        (forward(DEV, &secret, ALL), (403, 4)),
        (forward(ALL, &key, DEV), (403, 4)),
        (forward(ALL, &key, "=none"), (404, 6)),
        (forward("=none", &key, ALL), (404, 6)),
        (forward(ALL, &secret, ALL), (404, 6)),
        (
            json!({ "vchannel_id": ALL, "to_vchannel_id": ALL }),
            (400, 1),
        ),
    ] {
        assert_eq!(
            team.refused("message.forward", arguments.clone()),
            refusal,
            "{arguments}"
        );
    }
    // A stranger does not learn whether a message is there.
    for key in [secret.as_str(), "1485236262366.0193"] {
        let arguments = json!({ "vchannel_id": DEV, "message_key": key });
        assert_eq!(team.refused("message.info", arguments), (403, 4));
    }
}

#[test]
fn who_has_left_a_conversation_changes_nothing_in_it() {
    let mut team = Team::new();
    team.ok("channel.join", json!({ "channel_id": DEV }));
    let key = team.post(DEV, "mine");
    team.ok("channel.leave", json!({ "channel_id": DEV }));
    team.events();
    say(&mut team.world, "alice", "group:=bwDev", "gone");
    assert!(team.events().is_empty());
    let named = json!({ "vchannel_id": DEV, "message_key": key });
    for call in ["message.delete", "message_pin.create"] {
        assert_eq!(team.refused(call, named.clone()), (403, 4), "{call}");
    }
}

#[test]
fn a_snapshot_puts_back_what_was_said() {
    let mut team = Team::new();
    let file = json!({ "file": { "name": "list.txt", "base64": "bGlzdAo=" } });
    says(&mut team.world, "dave", "user:bot", file);
    let key = team.post(ALL, "hi");
    let answer = json!({ "text": "hello", "refer_key": key });
    let answer = says(&mut team.world, "erin", "group:=bwAll", answer);
    act(
        &mut team.world,
        "bob",
        "react",
        json!({ "message": key, "emoji": ":+1:" }),
    );
    act(&mut team.world, "bob", "pin", json!({ "message": key }));
    act(
        &mut team.world,
        "erin",
        "edit",
        json!({ "message": answer, "text": "bye" }),
    );
    act(
        &mut team.world,
        "erin",
        "forward",
        json!({ "message": answer, "to": "user:bot" }),
    );
    act(
        &mut team.world,
        "erin",
        "delete",
        json!({ "message": answer }),
    );
    team.ok(
        HOOK,
        json!({ "text": "x", "notification": "y", "markdown": false }),
    );
    team.ok("rtm.start", json!({}));
    let snapshot = team.world.snapshot();
    let mut other = Team::new();
    other.world.restore(snapshot.clone()).unwrap();
    assert!(other.world.snapshot() == snapshot);
    assert!(told(&mut other.world).is_empty());
    let latest = json!({ "vchannel_id": ALL, "query": { "latest": {} } });
    let found = other.ok("message.query", latest.clone());
    assert_eq!(found, team.ok("message.query", latest));
    assert_eq!(found["messages"].as_array().unwrap().len(), 3);
    assert_eq!(found["messages"][0]["reactions"][0]["uids"], json!([BOB]));
    let pins = other.ok("message_pin.list", json!({ "vchannel_id": ALL }));
    assert_eq!(pins[0]["message_key"], *key);
    // Keys go on where they were.
    assert_eq!(team.post(ALL, "next"), other.post(ALL, "next"));
}

#[test]
fn nobody_gets_a_key_again_after_everything_began_anew() {
    let mut team = Team::new();
    let before = team.post(ALL, "hi");
    team.world.reset();
    team.world.set_time(Time(NOW));
    let after = team.post(ALL, "hi");
    assert_ne!(before, after);
    let named = json!({ "vchannel_id": ALL, "message_key": before });
    team.events();
    assert_eq!(team.refused("message.info", named), (404, 6));
}
