//! Every action answers its recorded request, with the recorded keys and types.

use serde_json::{Value, json};

use super::support::*;
use mynah_sandbox::onebot::{OneBotWorld, Seed};

/// A world in which what the recorded requests speak of exists: message 1001
/// of alice in the group, a file, a folder, an announcement, a bundle, a mask.
fn arranged() -> OneBotWorld {
    let mut world = seeded();
    say(&mut world, "alice", "group:general", "你好～");
    let message = json!([{ "type": "node", "data": { "id": "1001" } }]);
    let bundle = json!({ "group_id": GENERAL, "messages": message });
    ok(&mut world, "send_group_forward_msg", bundle);
    let file = json!({ "group_id": GENERAL, "file": "base64://aGVsbG8=", "name": "hello.txt" });
    ok(&mut world, "upload_group_file", file);
    ok(
        &mut world,
        "create_group_file_folder",
        json!({ "group_id": GENERAL, "name": "a" }),
    );
    let notice = json!({ "group_id": GENERAL, "content": "这是一条公告" });
    ok(&mut world, "_send_group_notice", notice);
    world.settings_mut().legacy = true;
    world.settings_mut().long_polling = true;
    events(&mut world);
    world
}

/// The shipped world with a business account and a file in the network.
fn seeded() -> OneBotWorld {
    let shipped = include_str!("../../../assets/seed.toml");
    let more = r#"
        [onebot.bot.qidian]
        master_id = 10000
        [[onebot.downloads]]
        url = "http://127.0.0.1/a.png"
        base64 = "iVBORw0KGgo="
    "#;
    OneBotWorld::new(&Seed::parse(&format!("{shipped}\n{more}")).unwrap())
}

/// What must have happened before one particular request makes sense, and the
/// parameters that are known only then.
fn arrange(world: &mut OneBotWorld, action: &str, params: &mut Value) {
    match action {
        "set_group_anonymous_ban" => {
            let masked =
                json!({ "from": "dave", "to": "group:general", "text": "x", "anonymous": true });
            try_say(world, masked).unwrap();
            params["anonymous_flag"] = event(world)["anonymous"]["flag"].clone();
        }
        "set_friend_add_request" => drop(act(world, "erin", "befriend", json!({}))),
        "set_group_add_request" | "get_group_system_msg" => {
            act(world, "erin", "leave", json!({ "group": "general" }));
            act(
                world,
                "erin",
                "request_join",
                json!({ "group": "general", "comment": "求进群" }),
            );
        }
        "delete_friend" => {
            act(world, "erin", "befriend", json!({}));
            let flag = event(world)["flag"].clone();
            ok(world, "set_friend_add_request", json!({ "flag": flag }));
        }
        "delete_unidirectional_friend" => {
            arrange(world, "delete_friend", params);
            act(world, "erin", "unfriend", json!({}));
        }
        "get_essence_msg_list" => {
            drop(ok(world, "set_essence_msg", json!({ "message_id": 1001 })));
        }
        _ => {}
    }
    events(world);
}

/// Whether `found` has every key of `recorded` with a value of the same type;
/// a recorded list of something needs one of the kind, an empty one any list.
fn has_shape(found: &Value, recorded: &Value) -> bool {
    match (found, recorded) {
        (Value::Object(found), Value::Object(recorded)) => recorded
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| has_shape(found, value))),
        (Value::Array(found), Value::Array(recorded)) => recorded
            .iter()
            .all(|recorded| found.iter().any(|found| has_shape(found, recorded))),
        (found, recorded) => std::mem::discriminant(found) == std::mem::discriminant(recorded),
    }
}

#[test]
fn every_action_answers_its_recorded_request() {
    let documented = vectors("actions");
    let documented = documented["actions"].as_array().unwrap();
    assert_eq!(documented.len(), 110);
    for action in documented {
        let name = action["name"].as_str().unwrap();
        let mut params = action["request"]["ws"]["params"].clone();
        let mut world = arranged();
        arrange(&mut world, name, &mut params);
        let answer = call(&mut world, name, params);
        let recorded = &action["response"]["http"]["json"];
        assert_eq!(answer.0["status"], recorded["status"], "{name}: {answer:?}");
        assert_eq!(answer.0["retcode"], recorded["retcode"], "{name}");
        let data = answer.data();
        assert!(
            has_shape(data, &recorded["data"]),
            "{name}: {data} is not like {}",
            recorded["data"]
        );
    }
}

#[test]
fn every_required_parameter_is_missed() {
    let documented = vectors("actions");
    let mut missed = 0;
    for action in documented["actions"].as_array().unwrap() {
        let name = action["name"].as_str().unwrap();
        let required = action["params"].as_array().unwrap().iter();
        for param in required.filter(|param| param["required"] == true) {
            let field = param["name"].as_str().unwrap();
            for broken in [None, Some(Value::Null), Some(json!([[]]))] {
                let mut params = action["request"]["ws"]["params"].clone();
                let fields = params.as_object_mut().unwrap();
                for spelling in spellings(param) {
                    fields.remove(spelling);
                }
                if let Some(broken) = broken {
                    fields.insert(field.to_owned(), broken);
                }
                let mut world = arranged();
                let code = refused(&mut world, name, params.clone());
                assert_eq!(code, 100, "{name} {params}");
                missed += 1;
            }
        }
    }
    assert!(missed > 250, "{missed}");
}

fn spellings(param: &Value) -> Vec<&str> {
    let aliases = param["aliases"].as_array().into_iter().flatten();
    aliases
        .chain([&param["name"]])
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn the_list_of_actions_has_all_that_can_be_called() {
    let documented = vectors("actions");
    let names = documented["actions"].as_array().unwrap().iter();
    let mut names: Vec<&str> = names
        .map(|action| action["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    let mut world = world();
    world.settings_mut().legacy = true;
    assert_eq!(
        ok(&mut world, "get_supported_actions", json!({})),
        json!(names)
    );
    world.settings_mut().legacy = false;
    let standard = ok(&mut world, "get_supported_actions", json!({}));
    assert_eq!(standard.as_array().unwrap().len(), 108);
}
