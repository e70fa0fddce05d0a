//! Which messages are found.

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::*;

/// A world whose general channel has these messages, with exactly these keys.
fn with_keys(messages: &[Value]) -> Team {
    let mut team = Team::new();
    let said = |_| team.post(ALL, "m");
    let keys: Vec<String> = messages.iter().map(said).collect();
    let mut snapshot = team.world.snapshot().to_string();
    for (key, message) in keys.iter().zip(messages) {
        snapshot = snapshot.replace(key.as_str(), message["key"].as_str().unwrap());
    }
    team.world
        .restore(serde_json::from_str(&snapshot).unwrap())
        .unwrap();
    team
}

#[test]
fn every_worked_case_finds_what_it_should() {
    let vectors = vectors("message_query");
    let messages = vectors["messages"].as_array().unwrap();
    let mut team = with_keys(messages);
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 47);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let arguments = json!({ "vchannel_id": ALL, "query": case["query"] });
        let (status, answer) = team.call("message.query", arguments);
        assert_eq!(status, case["expect"]["status"], "{name}: {answer}");
        let Some(expected) = case["expect"].get("ids") else {
            assert_eq!(answer["code"], 1, "{name}");
            continue;
        };
        let found = answer["messages"].as_array().unwrap().iter();
        let id = |message: &Value| {
            let mut messages = messages.iter();
            messages.find(|it| it["key"] == message["key"]).unwrap()["id"].clone()
        };
        assert_eq!(found.map(id).collect::<Value>(), *expected, "{name}");
    }
}

#[test]
fn a_long_conversation_is_paged_through_in_both_directions_without_loss() {
    let mut team = Team::new();
    let keys: Vec<String> = (0..250).map(|_| team.post(ALL, "m")).collect();
    let mut page = |query: Value| -> Vec<String> {
        let found = team.ok(
            "message.query",
            json!({ "vchannel_id": ALL, "query": query }),
        );
        let messages = found["messages"].as_array().unwrap().iter();
        messages.map(|it| text_of(it, "key")).collect()
    };
    let mut newest = page(json!({ "latest": { "limit": 100 } }));
    while let Some(first) = newest.first().cloned() {
        let older = page(json!({ "since": { "key": first, "backward": 100 } }));
        if older.is_empty() {
            break;
        }
        newest.splice(0..0, older);
    }
    assert_eq!(newest, keys);
    let mut oldest = page(json!({ "since": { "ts": NOW, "forward": 100 } }));
    while let Some(last) = oldest.last().cloned() {
        let newer = page(json!({ "since": { "key": last } }));
        if newer.is_empty() {
            break;
        }
        oldest.extend(newer);
    }
    assert_eq!(oldest, keys);
}

#[test]
fn what_happened_in_a_conversation_is_no_message() {
    let mut team = Team::new();
    let one = team.post(ALL, "one");
    team.ok(
        "message_pin.create",
        json!({ "vchannel_id": ALL, "message_key": one }),
    );
    let two = team.post(ALL, "two");
    assert_eq!(seen(&team.world, "group:=bwAll").len(), 3);
    let query = json!({ "vchannel_id": ALL, "query": { "latest": {} } });
    let found = team.ok("message.query", query);
    let keys: Vec<&Value> = found["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["key"])
        .collect();
    assert_eq!(keys, [&json!(one), &json!(two)]);
}

#[test]
fn nobody_asks_where_they_are_not() {
    let mut team = Team::new();
    let query = |vchannel: &str| json!({ "vchannel_id": vchannel, "query": { "latest": {} } });
    assert_eq!(team.refused("message.query", query(DEV)), (403, 4));
    assert_eq!(team.refused("message.query", query("=none")), (404, 6));
    for wrong in [
        json!("{\"latest\":{}}"),
        json!([]),
        json!(null),
        json!({ "newest": {} }),
    ] {
        let arguments = json!({ "vchannel_id": ALL, "query": wrong });
        assert_eq!(
            team.refused("message.query", arguments),
            (400, 1),
            "{wrong}"
        );
    }
}
