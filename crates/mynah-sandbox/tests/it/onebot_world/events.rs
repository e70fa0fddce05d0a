//! Every kind of event comes about by something that people do, and has
//! exactly the documented keys and types.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::onebot::{Dialect, LifecycleType, MessageFormat, OneBotWorld};

/// Has something happen that makes an event of this name.
fn produce(name: &str) -> Vec<Value> {
    let mut world = world();
    match name {
        "message.private.friend" => drop(say(&mut world, "alice", "user:bot", "你好～")),
        "message.private.group" => drop(say(&mut world, "carol", "user:bot", "你好～")),
        "message.private.other" => {
            act(&mut world, "erin", "leave", json!({ "group": "general" }));
            events(&mut world);
            say(&mut world, "erin", "user:bot", "你好～");
        }
        "message.private.discuss" => {
            world.settings_mut().legacy = true;
            let via = json!({ "from": "carol", "to": "user:bot", "text": "你好～", "via": "discuss:lunch" });
            try_say(&mut world, via).unwrap();
        }
        "message.group.normal" | "message.group.normal (array format)" => {
            if name.ends_with("(array format)") {
                world.settings_mut().message_format = MessageFormat::Array;
            }
            let message = "[CQ:at,qq=10000] 在吗";
            try_say(
                &mut world,
                json!({ "from": "alice", "to": "group:general", "message": message }),
            )
            .unwrap();
        }
        "message.group.anonymous" => {
            let speech = json!({ "from": "alice", "to": "group:general", "text": "谁说的", "anonymous": true });
            try_say(&mut world, speech).unwrap();
        }
        "message.group.notice" => {
            act(
                &mut world,
                "alice",
                "set_admin",
                json!({ "group": "other", "target": "bob" }),
            );
            events(&mut world);
            act(
                &mut world,
                "bob",
                "set_anonymous",
                json!({ "group": "other", "enable": false }),
            );
        }
        "message.discuss" => {
            world.settings_mut().legacy = true;
            say(&mut world, "alice", "discuss:30001", "hi");
        }
        "message_sent.group.normal" => {
            world.settings_mut().report_self_message = true;
            say(&mut world, "bot", "group:general", "我自己发的");
        }
        "message_sent.private.friend" => {
            world.settings_mut().report_self_message = true;
            say(&mut world, "bot", "user:alice", "你好～");
        }
        notice if notice.starts_with("notice.") => produce_notice(&mut world, notice),
        request if request.starts_with("request.") => produce_request(&mut world, request),
        meta => return vec![produce_meta(&world, meta)],
    }
    events(&mut world)
}

fn produce_notice(world: &mut OneBotWorld, name: &str) {
    let in_other = |details: Value| {
        let mut details = details;
        details["group"] = json!("other");
        details
    };
    let bob = in_other(json!({ "target": "bob" }));
    match name {
        "notice.group_upload" => {
            let file = json!({ "group": "general", "name": "报告.pdf", "size": 1_048_576 });
            act(world, "alice", "upload", file);
        }
        "notice.group_admin.set" => drop(act(world, "alice", "set_admin", bob)),
        "notice.group_admin.unset" => {
            act(world, "alice", "set_admin", bob.clone());
            events(world);
            act(
                world,
                "alice",
                "set_admin",
                in_other(json!({ "target": "bob", "enable": false })),
            );
        }
        "notice.group_decrease.leave" => drop(act(world, "bob", "leave", in_other(json!({})))),
        "notice.group_decrease.kick" => drop(act(world, "alice", "kick", bob)),
        "notice.group_decrease.kick_me" => {
            act(world, "alice", "kick", in_other(json!({ "target": "bot" })));
        }
        "notice.group_decrease.disband" => {
            drop(act(world, "alice", "dismiss", in_other(json!({}))));
        }
        "notice.group_dismiss" => {
            world.settings_mut().dialect = Dialect::LlOneBot;
            act(world, "alice", "dismiss", in_other(json!({})));
        }
        "notice.group_increase.approve" => {
            act(world, "erin", "request_join", in_other(json!({})));
            act(
                world,
                "alice",
                "invite",
                in_other(json!({ "target": "erin" })),
            );
        }
        "notice.group_increase.invite" => {
            act(
                world,
                "bob",
                "invite",
                in_other(json!({ "target": "erin" })),
            );
        }
        "notice.group_ban.ban" => {
            act(
                world,
                "alice",
                "mute",
                in_other(json!({ "target": "bob", "seconds": 1800 })),
            );
        }
        "notice.group_ban.lift_ban" => drop(act(world, "alice", "unmute", bob)),
        "notice.group_ban.ban (whole group)" => {
            act(
                world,
                "alice",
                "whole_ban",
                in_other(json!({ "enable": true })),
            );
        }
        "notice.friend_add" => {
            act(world, "erin", "befriend", json!({}));
            let flag = event(world)["flag"].clone();
            ok(world, "set_friend_add_request", json!({ "flag": flag }));
        }
        "notice.group_name_change" => {
            world.settings_mut().dialect = Dialect::Lagrange;
            act(
                world,
                "alice",
                "rename",
                in_other(json!({ "name": "新群名" })),
            );
        }
        "notice.notify.group_name" => {
            act(
                world,
                "alice",
                "rename",
                in_other(json!({ "name": "新群名" })),
            );
        }
        "notice.group_card" => {
            act(
                world,
                "bob",
                "set_card",
                in_other(json!({ "card": "小波" })),
            );
        }
        "notice.notify.title" => {
            act(
                world,
                "alice",
                "set_title",
                in_other(json!({ "target": "bob", "title": "群宠" })),
            );
        }
        _ => produce_small_notice(world, name),
    }
}

fn produce_small_notice(world: &mut OneBotWorld, name: &str) {
    let general = json!({ "group": "general" });
    match name {
        "notice.group_recall"
        | "notice.essence.add"
        | "notice.essence.delete"
        | "notice.group_msg_emoji_like"
        | "notice.reaction.add"
        | "notice.notify.gray_tip" => {
            let id = say(world, "bob", "group:other", "x");
            events(world);
            let message = json!({ "message": id, "emoji": "76" });
            match name {
                "notice.group_recall" => drop(act(world, "alice", "recall", message)),
                "notice.essence.add" => drop(act(world, "alice", "essence", message)),
                "notice.essence.delete" => {
                    act(world, "alice", "essence", message);
                    events(world);
                    act(
                        world,
                        "alice",
                        "essence",
                        json!({ "message": id, "enable": false }),
                    );
                }
                "notice.reaction.add" => {
                    world.settings_mut().dialect = Dialect::Lagrange;
                    act(world, "alice", "react", message);
                }
                "notice.notify.gray_tip" => drop(act(world, "alice", "gray_tip", message)),
                _ => drop(act(world, "alice", "react", message)),
            }
        }
        "notice.friend_recall" => {
            let id = say(world, "alice", "user:bot", "x");
            events(world);
            act(world, "alice", "recall", json!({ "message": id }));
        }
        "notice.notify.poke (group)" => drop(act(world, "alice", "poke", general)),
        "notice.notify.poke (friend)" => drop(act(world, "alice", "poke", json!({}))),
        "notice.notify.poke_recall" => drop(act(world, "alice", "poke_recall", general)),
        "notice.notify.lucky_king" => {
            act(
                world,
                "alice",
                "lucky_king",
                json!({ "group": "general", "target": "bob" }),
            );
        }
        "notice.notify.honor (talkative)"
        | "notice.notify.honor (performer)"
        | "notice.notify.honor (emotion)" => {
            let honor = name.split(['(', ')']).nth(1).unwrap();
            act(
                world,
                "alice",
                "honor",
                json!({ "group": "general", "honor": honor }),
            );
        }
        "notice.notify.input_status" => drop(act(world, "alice", "input_status", json!({}))),
        "notice.notify.profile_like" => {
            act(world, "alice", "profile_like", json!({ "times": 10 }));
        }
        "notice.offline_file" => {
            let file = json!({ "name": "a.txt", "content": "base64://aGVsbG8=" });
            act(world, "alice", "upload", file);
        }
        "notice.client_status" => drop(act(world, "bot", "client_status", json!({}))),
        "notice.bot_offline" => drop(act(world, "bot", "go_offline", json!({}))),
        "notice.bot_online" => {
            act(world, "bot", "go_offline", json!({}));
            events(world);
            act(world, "bot", "go_online", json!({}));
        }
        other => panic!("nothing people do makes {other}"),
    }
}

fn produce_request(world: &mut OneBotWorld, name: &str) {
    match name {
        "request.friend" => drop(act(
            world,
            "erin",
            "befriend",
            json!({ "comment": "我是 erin" }),
        )),
        "request.group.add" => {
            act(world, "erin", "leave", json!({ "group": "general" }));
            events(world);
            act(
                world,
                "erin",
                "join",
                json!({ "group": "general", "comment": "求进群" }),
            );
        }
        "request.group.invite" => {
            ok(world, "set_group_leave", json!({ "group_id": OTHER }));
            events(world);
            act(
                world,
                "alice",
                "invite",
                json!({ "group": "other", "target": "bot" }),
            );
        }
        other => panic!("nothing people do makes {other}"),
    }
}

fn produce_meta(world: &OneBotWorld, name: &str) -> Value {
    let event = match name {
        "meta_event.lifecycle.enable" => world.lifecycle(LifecycleType::Enable),
        "meta_event.lifecycle.disable" => world.lifecycle(LifecycleType::Disable),
        "meta_event.lifecycle.connect" => world.lifecycle(LifecycleType::Connect),
        "meta_event.heartbeat" => world.heartbeat(15000),
        other => panic!("the implementation does not say {other} of itself"),
    };
    serde_json::from_slice(&world.write_event(&event)).unwrap()
}

/// The keys of a value and the types behind them.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), shape(value)))
            .collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => json!("string"),
        Value::Number(number) if number.is_i64() => json!("integer"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("boolean"),
        Value::Null => Value::Null,
    }
}

#[test]
fn every_documented_event_is_produced_with_the_documented_keys_and_types() {
    let documented = vectors("events");
    let documented = documented["events"].as_array().unwrap();
    assert_eq!(documented.len(), 56);
    for case in documented {
        let name = case["name"].as_str().unwrap();
        let produced = produce(name);
        let [event] = produced.as_slice() else {
            panic!("{name}: {produced:?}");
        };
        assert_eq!(shape(event), shape(&case["event"]), "{name}: {event}");
        for level in [
            "post_type",
            "sub_type",
            "notice_type",
            "honor_type",
            "duration",
        ] {
            assert_eq!(event[level], case["event"][level], "{name}");
        }
    }
}

#[test]
fn what_is_spoken_is_escaped_in_the_string_format() {
    let mut world = world();
    say(
        &mut world,
        "alice",
        "group:general",
        "[CQ:at,qq=all] & more",
    );
    let escaped = "&#91;CQ:at,qq=all&#93; &amp; more";
    let heard = event(&mut world);
    assert_eq!(
        (&heard["message"], &heard["raw_message"]),
        (&json!(escaped), &json!(escaped))
    );

    world.settings_mut().message_format = MessageFormat::Array;
    say(&mut world, "alice", "group:general", "[CQ:at,qq=all]");
    let heard = event(&mut world);
    let text = json!([{ "type": "text", "data": { "text": "[CQ:at,qq=all]" } }]);
    assert_eq!(heard["message"], text);
    assert_eq!(heard["raw_message"], "&#91;CQ:at,qq=all&#93;");
}

#[test]
fn events_are_in_the_order_of_what_happened() {
    let mut world = world();
    say(&mut world, "alice", "group:general", "a");
    ok(
        &mut world,
        "set_group_ban",
        json!({ "group_id": GENERAL, "user_id": ALICE }),
    );
    say(&mut world, "bob", "group:general", "b");
    let order = [
        "message.group.normal",
        "notice.group_ban.ban",
        "message.group.normal",
    ];
    assert_eq!(told(&mut world), order);
}

#[test]
fn members_behind_masks_show_no_more_than_the_mask() {
    let mut world = world();
    let speak = json!({ "from": "dave", "to": "group:general", "text": "x", "anonymous": true });
    try_say(&mut world, speak.clone()).unwrap();
    let heard = event(&mut world);
    assert_eq!(heard["user_id"], 80_000_000);
    assert_eq!(heard["sender"]["nickname"], heard["anonymous"]["name"]);
    assert!(!heard.to_string().contains("dave") && !heard.to_string().contains("10004"));

    // The same mask the next time, until it is muted.
    try_say(&mut world, speak.clone()).unwrap();
    assert_eq!(event(&mut world)["anonymous"], heard["anonymous"]);
    let flag = heard["anonymous"]["flag"].clone();
    let ban = json!({ "group_id": GENERAL, "anonymous_flag": flag, "duration": 60 });
    ok(&mut world, "set_group_anonymous_ban", ban);
    assert_eq!(try_say(&mut world, speak.clone()).unwrap_err().status, 403);
    say(&mut world, "dave", "group:general", "but by name");
    wait(&mut world, 60);
    try_say(&mut world, speak.clone()).unwrap();

    ok(
        &mut world,
        "set_group_anonymous",
        json!({ "group_id": GENERAL, "enable": false }),
    );
    assert_eq!(try_say(&mut world, speak).unwrap_err().status, 403);
}
