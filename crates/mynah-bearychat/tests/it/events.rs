//! What comes over the socket, held against the documentation.

use mynah_bearychat::event::{Connection, Event, NoEvent, Sender, dedupe_key_of};
use mynah_bearychat::types::{MessageReaction, Subtype};
use mynah_bearychat::{Message, Millis};
use mynah_testkit::json_of;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{examples, helpers};

fn read(json: &Value) -> Event {
    Event::from_slice(json.to_string().as_bytes()).unwrap()
}

fn written(event: &Event) -> Value {
    serde_json::to_value(event).unwrap()
}

/// What the platform tells, by the name of the example; acknowledgements are no events.
fn documented() -> Vec<(String, Value)> {
    let examples = examples().into_iter();
    examples
        .filter(|example| example["transport"] == "rtm-websocket")
        .filter(|example| example["direction"] == "server-to-client")
        .map(|example| {
            let name = example["name"].as_str().unwrap().to_owned();
            (name, example["payload"].clone())
        })
        .filter(|(name, _)| !["reply", "pong", "ok"].contains(&name.as_str()))
        .collect()
}

/// Without what says nothing: null, and an empty list.
fn substance(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null() && **value != json!([]))
            .map(|(name, value)| (name.clone(), substance(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

#[test]
fn every_documented_event_has_a_type_and_is_written_as_it_was_read() {
    let documented = documented();
    assert_eq!(documented.len(), 7);
    for (name, payload) in documented {
        let event = read(&payload);
        assert!(!matches!(event, Event::Unknown(_)), "{name}");
        assert_eq!(event.name(), name);
        assert!(Event::KINDS.contains(&event.name()));
        assert_eq!(substance(&written(&event)), substance(&payload), "{name}");
        if let Event::Message(_) | Event::ChannelMessage(_) = event {
            assert_eq!(written(&event), payload, "{name}, nulls included");
        }
    }
}

#[test]
fn a_documented_message_says_where_when_and_by_whom() {
    let (_, payload) = documented().remove(0);
    let event = read(&payload);
    let message = event.message().unwrap();
    assert_eq!(message.sender(), Some(Sender::User(&"=bwFrB".into())));
    assert_eq!(message.to_uid, Some("=bwCkD".into()));
    assert_eq!(message.key.as_str(), "1487570962851.0148");
    assert_eq!(message.created_ts, Millis(1_487_570_962_851));
    assert!(message.is_from(&"=bwFrB".into()) && !message.is_from(&"=bwCkD".into()));
    assert_eq!(event.vchannel_id(), Some(&"=515SFkkX".into()));
}

#[test]
fn a_deletion_is_a_change_to_a_tombstone() {
    let documented = documented();
    let change = documented
        .iter()
        .find(|(name, _)| name == "update_channel_message");
    let Event::UpdateChannelMessage(change) = read(&change.unwrap().1) else {
        panic!("a change");
    };
    assert_eq!(change.data.deleted, Some(true));
    assert_eq!(change.data.subtype, Subtype::Info);
    assert_eq!(change.data.text, "该消息已被删除");
}

/// What the peers make of the kinds, of which they know fewer.
#[test]
fn messages_are_told_from_everything_else_as_the_official_clients_tell_them() {
    let mut looked_at = 0;
    for case in helpers()["rtm_message"].as_array().unwrap() {
        let function = case["function"].as_str().unwrap();
        let message = &case["message"];
        let Some(expected) = case["result"].as_bool().filter(|_| !message.is_null()) else {
            continue;
        };
        let event = read(message);
        let found = match function.rsplit('.').next().unwrap() {
            "is_p2p" | "isP2P" => event.message().map_or(event.is_p2p(), |_| event.is_p2p()),
            "is_chat_message" | "isChatMessage" => event.is_chat_message(),
            "is_from" | "isFromUser" => {
                let user = case["args"][0]["id"].as_str().unwrap();
                event.message().unwrap().is_from(&user.into())
            }
            other => panic!("{other}"),
        };
        assert_eq!(found, expected, "{case}");
        looked_at += 1;
    }
    assert!(looked_at > 30, "{looked_at}");
}

/// Ours say in addition that they quote nothing, which the documentation wants. Where the peers
/// raise an error or leave the channel out, ours has it.
#[test]
fn an_answer_goes_where_the_official_clients_send_it() {
    let mut looked_at = 0;
    for case in helpers()["rtm_message"].as_array().unwrap() {
        let function = case["function"].as_str().unwrap();
        let event = match function.rsplit('.').next().unwrap() {
            "reply" | "refer" => read(&case["message"]),
            _ => continue,
        };
        let text = case["args"][0].as_str().unwrap();
        let frame = if function.ends_with("reply") {
            event.reply(text)
        } else {
            event.refer(text)
        };
        let ours = serde_json::to_value(frame.unwrap()).unwrap();
        let mut theirs = case["result"].clone();
        if case["raises"] == "KeyError" {
            theirs = json!({"text": text, "type": "channel_message", "vchannel_id": "=bwDfQ"});
            if function.ends_with("refer") {
                theirs["refer_key"] = case["message"]["key"].clone();
            }
        }
        if theirs["type"] == "channel_message" {
            theirs["channel_id"] = "=bwDfQ".into();
        }
        if theirs.get("refer_key").is_none() {
            theirs["refer_key"] = Value::Null;
        }
        assert_eq!(ours, theirs, "{function}");
        looked_at += 1;
    }
    assert_eq!(looked_at, 12);
}

#[test]
fn what_is_no_message_cannot_be_answered() {
    let typing = read(&json!({"type": "typing", "uid": "=1", "vchannel_id": "=2"}));
    assert_eq!(typing.reply("hi"), None);
    let of_a_robot = read(&json!({
        "type": "message", "uid": null, "robot_id": "=9", "vchannel_id": "=2",
        "key": "1487570962851.0148", "text": "hi",
    }));
    let message = of_a_robot.message().unwrap();
    assert_eq!(message.sender(), Some(Sender::Robot(&"=9".into())));
    assert_eq!(of_a_robot.reply("hi"), None);
}

#[test]
fn what_is_not_known_is_kept_whole() {
    for frame in [
        json!({"type": "update_user", "data": {"id": "=1"}, "ts": 5}),
        json!({"type": "", "a": null}),
        // It is said nowhere.
        json!({"type": "message", "text": "hi"}),
        json!({"type": "channel_message", "vchannel_id": 5, "key": "1487570962851.0148"}),
        json!({"type": "add_message_reaction", "data": []}),
        json!({"type": "update_user_connection", "data": {"uid": "=1"}}),
    ] {
        let event = read(&frame);
        assert!(matches!(event, Event::Unknown(_)), "{frame}");
        assert_eq!(written(&event), frame);
        assert_eq!(event.dedupe_key(), None);
        assert_eq!(event.name(), frame["type"]);
    }
}

#[test]
fn what_is_known_keeps_what_nobody_told_us_of() {
    let frame = json!({
        "type": "channel_message", "vchannel_id": "=1", "channel_id": "=1", "uid": "=2",
        "key": "1487570962851.0148", "text": "hi", "subtype": "sticker", "image": "",
        "refer_key": null, "created_ts": 1_487_570_962_851_u64, "ts": 1, "sticker": {"name": "八哥"},
    });
    assert_eq!(written(&read(&frame)), frame);
}

#[test]
fn a_frame_that_is_no_event_says_why() {
    for (frame, problem) in [
        ("", NoEvent::NoObject(0)),
        ("[1]", NoEvent::NoObject(3)),
        ("{", NoEvent::NoObject(1)),
        ("{}", NoEvent::NoType(2)),
        (r#"{"type":5}"#, NoEvent::NoType(10)),
    ] {
        assert_eq!(Event::from_slice(frame.as_bytes()), Err(problem), "{frame}");
    }
}

fn said(is_channel: bool) -> Message {
    Message {
        key: "1487571355082.0141".into(),
        vchannel_id: "=bwDfQ".into(),
        uid: Some("=bwCkD".into()),
        text: "test".to_owned(),
        created_ts: Millis(1_487_571_355_082),
        created: "2017-02-20T06:15:55.000+0000".into(),
        is_channel,
        ..Message::default()
    }
}

#[test]
fn a_message_is_told_as_the_documentation_tells_it() {
    let documented = documented();
    let ts = Millis(1_487_571_355_082);
    let mut expected = documented[1].1.clone();
    assert_eq!(expected["type"], "channel_message");
    // Which the documentation leaves out.
    expected["channel_id"] = "=bwDfQ".into();
    assert_eq!(written(&Event::said(&said(true), None, ts)), expected);

    let to = Some("=bwFrB".into());
    let between_two = written(&Event::said(&said(false), to, ts));
    assert_eq!(between_two["type"], "message");
    assert_eq!(between_two["to_uid"], "=bwFrB");
    assert_eq!(between_two.get("channel_id"), None);
}

#[test]
fn changes_and_reactions_are_told_in_the_time_of_china() {
    let changed = written(&Event::changed(said(true), Millis(1)));
    assert_eq!(changed["type"], "update_channel_message");
    assert_eq!(changed["data"]["created"], "2017-02-20T14:15:55.000+0800");
    let reaction = || MessageReaction {
        id: "=bwYQU".into(),
        created: "2017-02-20T06:19:15.000+0000".into(),
        ..MessageReaction::default()
    };
    for (event, kind) in [
        (
            Event::reacted(reaction(), Millis(1)),
            "add_message_reaction",
        ),
        (
            Event::unreacted(reaction(), Millis(1)),
            "delete_message_reaction",
        ),
    ] {
        let json = written(&event);
        assert_eq!(json["type"], kind);
        assert_eq!(json["data"]["created"], "2017-02-20T14:19:15.000+0800");
    }
    let connection = written(&Event::connection(
        "=1",
        Connection::Disconnected,
        Millis(7),
    ));
    let expected = json!({
        "type": "update_user_connection", "ts": 7,
        "data": {"connection": "disconnected", "uid": "=1"},
    });
    assert_eq!(connection, expected);
}

#[test]
fn the_same_message_has_one_key_in_an_event_and_in_the_history() {
    let message = said(true);
    let key = dedupe_key_of(&message.vchannel_id, &message.key);
    let event = Event::said(&message, None, Millis(1));
    assert_eq!(event.dedupe_key(), Some(key.clone()));
    let told_later = Event::said(&message, None, Millis(2));
    assert_eq!(told_later.dedupe_key(), Some(key.clone()));
    let elsewhere = Message {
        vchannel_id: "=other".into(),
        ..message
    };
    assert_ne!(
        Event::said(&elsewhere, None, Millis(1)).dedupe_key(),
        Some(key)
    );
}

#[test]
fn two_changes_of_one_message_are_two_things_that_happened() {
    let keys = [
        Event::said(&said(true), None, Millis(1)),
        Event::changed(said(true), Millis(1)),
        Event::changed(said(true), Millis(2)),
        Event::reacted(reaction("=a"), Millis(1)),
        Event::unreacted(reaction("=a"), Millis(1)),
        Event::reacted(reaction("=b"), Millis(1)),
    ]
    .map(|event| event.dedupe_key().unwrap().to_string());
    let different: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len(), "{keys:?}");
    assert_eq!(Event::reacted(reaction(""), Millis(1)).dedupe_key(), None);
}

fn reaction(id: &str) -> MessageReaction {
    MessageReaction {
        id: id.into(),
        ..MessageReaction::default()
    }
}

const WORDS: &[&str] = &[
    "type",
    "message",
    "channel_message",
    "update_message",
    "add_message_reaction",
    "update_user_connection",
    "typing",
    "data",
    "key",
    "uid",
    "vchannel_id",
    "channel_id",
    "to_uid",
    "text",
    "ts",
    "created_ts",
    "attachments",
    "refer_key",
    "subtype",
    "id",
    "reaction",
    "connection",
    "1487570962851.0148",
    "=bw52O",
];

proptest! {
    /// Whatever comes: it is read or refused, and what was read and written once stays as it is.
    #[test]
    fn reading_and_writing_comes_to_rest(json in json_of(WORDS), kind in prop::sample::select(Event::KINDS)) {
        let mut json = json;
        if let Value::Object(fields) = &mut json {
            fields.insert("type".to_owned(), kind.into());
        }
        if let Ok(event) = Event::from_slice(json.to_string().as_bytes()) {
            let once = written(&event);
            let again = read(&once);
            prop_assert_eq!(&written(&again), &once);
            prop_assert_eq!(again.dedupe_key(), event.dedupe_key());
        }
    }
}
