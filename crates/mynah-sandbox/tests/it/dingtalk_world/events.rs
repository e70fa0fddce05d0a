//! What the application is told.

use std::collections::BTreeSet;

use mynah_dingtalk::event::{Callback, Format};
use mynah_sandbox::dingtalk::Effect;
use mynah_sandbox::{Time, World};
use serde_json::{Value, json};

use super::support::*;

const GENERAL: &str = "chatgeneral";

fn general(change: Value) -> Value {
    let mut body = change;
    body["chatid"] = json!(GENERAL);
    body
}

#[test]
fn a_change_tells_of_each_kind_of_thing_that_has_changed_in_order() {
    let mut org = Org::new();
    let body = json!({ "name": "n", "owner": "alice", "useridlist": ["alice", "bob", "carol"] });
    let chatid = org.ok("chat/create", body)["chatid"].clone();
    assert!(told(&mut org.world).is_empty());
    let body = json!({ "chatid": chatid, "name": "新", "owner": "bob", "icon": "@lAD",
        "add_useridlist": ["carol", "dave", "erin"], "del_useridlist": ["alice"],
        "searchable": 1 });
    org.ok("chat/update", body);
    let events = events(&mut org.world);
    let written: Vec<Value> = events
        .iter()
        .map(|event| event.in_format(Format::Registered).to_json())
        .collect();
    let names = written
        .iter()
        .map(|event| event["EventType"].as_str().unwrap());
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            "chat_add_member",
            "chat_remove_member",
            "chat_update_owner",
            "chat_update_title"
        ]
    );
    // Those who were there already did not come.
    assert_eq!(written[0]["UserId"], json!(["dave", "erin"]));
    assert_eq!(written[1]["UserId"], json!(["alice"]));
    assert_eq!(written[2]["Owner"], "bob");
    assert_eq!(written[3]["Title"], "新");
    for event in &written {
        assert_eq!(event["ChatId"], chatid);
        assert_eq!(event["CorpId"], CORP);
        assert_eq!(event["TimeStamp"], NOW);
    }
    // Who does what a call does is the owner.
    for at in [0, 1, 3] {
        assert_eq!(written[at]["Operator"], "alice");
    }
    let ids: BTreeSet<_> = events.iter().map(|event| event.event_id.clone()).collect();
    assert_eq!(ids.len(), 4);
}

#[test]
fn what_does_not_change_tells_nothing() {
    let mut org = Org::new();
    for change in [
        json!({}),
        json!({ "name": "general", "owner": "alice" }),
        json!({ "add_useridlist": ["bob"], "del_useridlist": ["nobody"] }),
        json!({ "searchable": 1, "icon": "@lAD", "chatBannedType": 1 }),
    ] {
        org.ok("chat/update", general(change.clone()));
        assert!(told(&mut org.world).is_empty(), "{change}");
    }
}

#[test]
fn what_people_do_with_a_group_tells_who_did_it() {
    let mut org = Org::new();
    let world = &mut org.world;
    let group = |rest: Value| {
        let mut details = rest;
        details["group"] = json!("general");
        details
    };
    for (who, action, details, name) in [
        ("bob", "quit", json!({}), "chat_quit"),
        ("bob", "join", json!({}), "chat_add_member"),
        (
            "alice",
            "remove",
            json!({ "target": "bob" }),
            "chat_remove_member",
        ),
        (
            "carol",
            "invite",
            json!({ "target": "bob" }),
            "chat_add_member",
        ),
        ("carol", "rename", json!({ "name": "general" }), ""),
        (
            "alice",
            "owner",
            json!({ "target": "carol" }),
            "chat_update_owner",
        ),
        ("carol", "disband", json!({}), "chat_disband"),
    ] {
        act(world, who, action, group(details));
        let events = events(world);
        let written = events
            .first()
            .map(|it| it.in_format(Format::Stream).to_json());
        assert_eq!(
            events.first().map_or("", |event| event.name()),
            name,
            "{action}"
        );
        let Some(written) = written else { continue };
        assert_eq!(
            written["operatorUnionId"],
            format!("union-{who}"),
            "{action}"
        );
        if name != "chat_update_owner" {
            assert_eq!(written["operator"], who, "{action}");
            assert_eq!(written["chatId"], GENERAL, "{action}");
        }
    }
}

#[test]
fn whoever_owns_a_group_and_leaves_it_leaves_it_to_the_first_member() {
    let mut org = Org::new();
    act(
        &mut org.world,
        "alice",
        "quit",
        json!({ "group": "general" }),
    );
    assert_eq!(names(&mut org.world), ["chat_quit", "chat_update_owner"]);
    let info = org.ok_get("chat/get", "chatid=chatgeneral")["chat_info"].clone();
    assert_eq!(info["owner"], "bob");
    for who in ["bob", "carol", "dave", "erin"] {
        act(&mut org.world, who, "quit", json!({ "group": "general" }));
    }
    let info = org.ok_get("chat/get", "chatid=chatgeneral")["chat_info"].clone();
    assert_eq!(info["status"], 2);
}

/// A world in which everything happens that the application is told of.
fn everything() -> Vec<Effect> {
    let mut org = Org::new();
    let world = &mut org.world;
    say(world, "alice", "user:bot", "hi");
    for part in ["image", "voice", "video", "file"] {
        says(world, "alice", "user:bot", json!({ "type": part }));
    }
    let rich = json!([{ "type": "text", "text": "see" }, { "type": "image" }]);
    says(world, "alice", "user:bot", rich);
    let change = json!({ "name": "新", "owner": "bob", "del_useridlist": ["erin"] });
    org.ok("chat/update", general(change));
    org.ok(
        "chat/update",
        general(json!({ "add_useridlist": ["erin"] })),
    );
    let body = json!({ "robotCode": APP_KEY, "userIds": ["alice"], "msgKey": "sampleText",
        "msgParam": "{\"content\":\"x\"}" });
    let sent = org.open_ok("POST", "robot/oToMessages/batchSend", body);
    let sent = json!({ "message": sent["processQueryKey"] });
    let world = &mut org.world;
    act(world, "alice", "read", sent.clone());
    act(world, "alice", "recall", sent);
    act(world, "carol", "quit", json!({ "group": GENERAL }));
    act(world, "bob", "disband", json!({ "group": GENERAL }));
    let data = json!({ "cardParamMap": { "title": "t" } });
    let card = json!({ "cardTemplateId": "t", "outTrackId": "card-1", "cardData": data,
        "callbackType": "STREAM", "openSpaceId": "dtv1.card//IM_ROBOT.alice",
        "imRobotOpenSpaceModel": { "supportForward": true },
        "imRobotOpenDeliverModel": { "spaceType": "IM_ROBOT", "robotCode": APP_KEY } });
    org.open_ok("POST", "card/instances/createAndDeliver", card);
    let id = last(&org.world, "user:alice").id;
    let pressed = json!({ "message": id, "key": "yes" });
    act(&mut org.world, "alice", "press", pressed);
    told(&mut org.world)
}

/// What the application is told, and after `robot` what its robot is told.
pub(crate) const PRODUCED: &[&str] = &[
    "card actionCallback",
    "chat_add_member",
    "chat_disband",
    "chat_quit",
    "chat_remove_member",
    "chat_update_owner",
    "chat_update_title",
    "robot audio",
    "robot file",
    "robot picture",
    "robot richText",
    "robot text",
    "robot video",
    "robot_msg_read",
    "robot_msg_recall",
];

fn name_of(effect: &Effect) -> String {
    match effect {
        Effect::Robot(message) => format!("robot {}", message.name()),
        Effect::Event(event) => event.name().to_owned(),
        Effect::Card(card) => format!("card {}", card.kind.clone().unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_of_event_in_the_coverage_is_produced() {
    let told: BTreeSet<String> = everything().iter().map(name_of).collect();
    let produced: BTreeSet<String> = PRODUCED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(told, produced);
}

fn members(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_documented_event_is_produced_with_the_documented_members() {
    let all = everything();
    let events = vectors("events");
    let mut compared = 0;
    for recorded in events.as_array().unwrap() {
        let name = recorded["name"].as_str().unwrap();
        let Some((kind, shape)) = name.split_once('.') else {
            continue;
        };
        let payload = &recorded["payload"];
        let (format, documented) = match shape {
            "legacy" => (Format::Registered, payload),
            "http" => (Format::Console, payload),
            "stream" => (Format::Stream, &payload["data"]),
            _ => continue,
        };
        let mut produced = all.iter().filter_map(|effect| match effect {
            Effect::Event(event) if event.name() == kind => Some(event),
            _ => None,
        });
        let Some(event) = produced.next() else {
            assert!(
                !kind.starts_with("chat_") && !kind.starts_with("robot_msg"),
                "{name}"
            );
            continue;
        };
        let event: Callback = event.in_format(format);
        let mut documented = members(documented);
        // Some samples say it twice; it stands around the event, whatever the shape.
        documented.remove("eventType");
        assert_eq!(members(&event.to_json()), documented, "{name}");
        compared += 1;
    }
    assert_eq!(compared, 6 * 3 + 2 * 2);
}

#[test]
fn every_documented_message_to_the_robot_is_produced_with_the_documented_members() {
    let all = everything();
    let events = vectors("events");
    let mut compared = 0;
    for recorded in events.as_array().unwrap() {
        let name = recorded["name"].as_str().unwrap();
        let Some(kind) = name.strip_prefix("robot.message.part.") else {
            continue;
        };
        let documented = &recorded["payload"];
        let mut produced = all.iter().filter_map(|effect| match effect {
            Effect::Robot(message) if message.name() == kind => Some(message.to_json()),
            _ => None,
        });
        let produced = produced.next().unwrap();
        let body = if kind == "text" { "text" } else { "content" };
        // Speech that nothing was recognised in has no words; files have further ids.
        let mut wanted = members(&documented[body]);
        let mut given = members(&produced[body]);
        for optional in ["recognition", "spaceId", "fileId"] {
            wanted.remove(optional);
            given.remove(optional);
        }
        assert_eq!(given, wanted, "{name}");
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn any_other_event_comes_from_whoever_tries_it() {
    let mut org = Org::new();
    let event = json!({ "EventType": "bpms_task_change", "CorpId": "x", "processInstanceId": "p" });
    act(&mut org.world, "alice", "event", json!({ "event": event }));
    let told = events(&mut org.world).remove(0).in_format(Format::Stream);
    assert_eq!(told.name(), "bpms_task_change");
    assert_eq!(told.corp_id.as_deref(), Some(CORP));
    assert_eq!(told.to_json()["processInstanceId"], "p");
    let world = &mut org.world;
    for event in [
        json!(null),
        json!([]),
        json!({}),
        json!({ "EventType": "check_url" }),
    ] {
        assert_eq!(
            may_not(world, "alice", "event", json!({ "event": event })),
            400
        );
    }
}

#[test]
fn an_event_is_made_once_and_says_when() {
    let mut org = Org::new();
    org.world.set_time(Time(NOW + 5));
    org.ok("chat/update", general(json!({ "name": "x" })));
    let event = events(&mut org.world).remove(0);
    assert_eq!(event.event_time, Some(NOW + 5));
    let console = event.in_format(Format::Console).to_json();
    assert_eq!(console["eventId"], event.event_id.clone().unwrap());
    assert!(console["BizId"].is_string());
    assert!(
        event
            .in_format(Format::Registered)
            .to_json()
            .get("eventId")
            .is_none()
    );
    let stream = event.in_format(Format::Stream);
    assert_eq!(stream.unified_app_id, Some(org.world.unified_app_id()));
    assert_eq!(org.world.unified_app_id().len(), 36);
}
