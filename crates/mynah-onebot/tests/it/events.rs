//! Events, against recorded and documented ones.

use std::collections::HashMap;

use bytes::Bytes;
use mynah_onebot::event::{DecodeError, DedupeKey, MessageEvent, Notice, Target};
use mynah_onebot::types::UnixSeconds;
use mynah_onebot::{DiscussId, Event, GroupId, MessageId, QuickOperation, RawEvent, UserId, quick};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::documented;
use crate::vectors::{self, EventCase, EventFile};

fn cases() -> Vec<EventCase> {
    vectors::read::<EventFile>(vectors::EVENTS).events
}

fn case(name: &str) -> Event {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == name).unwrap();
    Event::from_slice(&case.bytes()).unwrap()
}

fn decode(event: &Value) -> Event {
    let by_object = Event::deserialize(event).unwrap();
    let by_bytes = Event::from_slice(event.to_string().as_bytes()).unwrap();
    assert_eq!(by_object, by_bytes);
    by_bytes
}

/// The name of a case without its remark: `notice.notify.poke (group)`.
fn without_remark(name: &str) -> &str {
    name.split(" (").next().unwrap()
}

#[test]
fn every_documented_event_is_read_and_written_to_the_byte() {
    let mut built: HashMap<_, _> = documented::events().into_iter().collect();
    assert_eq!(built.len(), 56);
    for case in cases() {
        let bytes = case.bytes();
        let name = case.name.as_str();
        let event = built
            .remove(name)
            .unwrap_or_else(|| panic!("{name} is not built"));

        assert_eq!(Event::from_slice(&bytes).as_ref(), Ok(&event), "{name}");
        assert_eq!(
            serde_json::from_slice::<Event>(&bytes).unwrap(),
            event,
            "{name}"
        );
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            String::from_utf8(bytes).unwrap(),
            "{name}"
        );
        assert_eq!(event.name(), without_remark(name));
        assert_eq!(event.time(), UnixSeconds(1_515_204_254), "{name}");
        assert_eq!(event.self_id(), UserId(10000), "{name}");
        assert!(["seed", "beyond"].contains(&case.mark.as_str()), "{name}");
    }
    assert!(built.is_empty(), "{built:?}");
}

#[test]
fn fields_have_the_documented_types() {
    let file: EventFile = vectors::read(vectors::EVENTS);
    assert_eq!(file.field_types.len(), 25);
    for case in &file.events {
        let event: Map<String, Value> = serde_json::from_slice(&case.bytes()).unwrap();
        for (field, value) in &event {
            let Some(documented) = file.field_types.get(field).and_then(Value::as_str) else {
                continue;
            };
            let fits = match documented {
                "int64" | "int64 seconds" | "int64 milliseconds" => value.is_i64(),
                "int32" | "int32 (int64 in recall events)" => value
                    .as_i64()
                    .is_some_and(|value| i32::try_from(value).is_ok()),
                "string" => value.is_string(),
                "message (string or segment array)" => value.is_string() || value.is_array(),
                "object" | "object, every field optional" | "object as get_status" => {
                    value.is_object()
                }
                "object or null" => value.is_object() || value.is_null(),
                other => panic!("{field}: {other}"),
            };
            assert!(fits, "{}: {field} is {value}, not {documented}", case.name);
        }
    }
}

/// Which fields of a quick operation have an effect on an event, found by trying.
fn effective_fields(event: &Event) -> Vec<&'static str> {
    let plan =
        |operation: Value| quick::plan(event, &QuickOperation::deserialize(operation).unwrap());
    let trials = [
        ("reply", json!({}), json!({"reply": "x"})),
        (
            "auto_escape",
            json!({"reply": "[CQ:shake]"}),
            json!({"reply": "[CQ:shake]", "auto_escape": true}),
        ),
        (
            "at_sender",
            json!({"reply": "x"}),
            json!({"reply": "x", "at_sender": false}),
        ),
        ("delete", json!({}), json!({"delete": true})),
        ("kick", json!({}), json!({"kick": true})),
        ("ban", json!({}), json!({"ban": true})),
        (
            "ban_duration",
            json!({"ban": true}),
            json!({"ban": true, "ban_duration": 60}),
        ),
        ("approve", json!({}), json!({"approve": true})),
        (
            "remark",
            json!({"approve": true}),
            json!({"approve": true, "remark": "r"}),
        ),
        (
            "reason",
            json!({"approve": false}),
            json!({"approve": false, "reason": "r"}),
        ),
    ];
    trials
        .into_iter()
        .filter(|(_, without, with)| plan(without.clone()) != plan(with.clone()))
        .map(|(field, _, _)| field)
        .collect()
}

#[test]
fn quick_operations_have_an_effect_where_documented() {
    for case in cases() {
        let mut documented: Vec<_> = case.quick_operation.iter().map(String::as_str).collect();
        if case.name == "message.group.anonymous" {
            // Fields of every group message, but nobody is there to mention or to remove.
            documented.retain(|field| !["at_sender", "kick"].contains(field));
        }
        let event = Event::from_slice(&case.bytes()).unwrap();
        assert_eq!(effective_fields(&event), documented, "{}", case.name);
    }
}

#[derive(Deserialize)]
struct DispatchFile {
    how: String,
    cases: Vec<Dispatch>,
    result_selection: Vec<ResultSelection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dispatch {
    name: String,
    #[serde(rename = "aiocqhttp 1.4.4")]
    aiocqhttp: AiocqhttpDispatch,
    #[serde(rename = "nonebot-adapter-onebot 2.4.6")]
    nonebot: NonebotDispatch,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AiocqhttpDispatch {
    event_name: Option<String>,
    order: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NonebotDispatch {
    class: String,
    name: String,
    user_id: Option<String>,
    session_id: Option<String>,
    is_tome: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultSelection {
    name: String,
    handlers: Vec<(String, Value)>,
    event: String,
    result: Value,
}

fn dispatch() -> DispatchFile {
    vectors::read(vectors::EVENT_DISPATCH)
}

#[test]
fn names_and_levels_are_those_of_aiocqhttp() {
    let file = dispatch();
    assert!(file.how.starts_with("aiocqhttp: every level"));
    assert_eq!(file.cases.len(), 56);
    for Dispatch {
        name, aiocqhttp, ..
    } in file.cases
    {
        let event = case(&name);
        if let Event::MessageSent(_) = event {
            // Deviation: aiocqhttp looks for `message_sent_type` and drops the event.
            assert_eq!((aiocqhttp.event_name, aiocqhttp.order.len()), (None, 0));
            let mut levels = event.levels();
            assert_eq!(levels.remove(0), name);
            assert_eq!(levels.pop().unwrap(), "message_sent");
            assert_eq!(levels.len(), 1);
            continue;
        }
        assert_eq!(Some(event.name()), aiocqhttp.event_name);
        let levels = event.levels();
        let hooks = ["before", "on"]
            .iter()
            .flat_map(|hook| levels.iter().map(move |level| format!("{hook}:{level}")));
        assert_eq!(hooks.collect::<Vec<_>>(), aiocqhttp.order, "{name}");
    }
}

#[test]
fn ids_are_those_that_nonebot_finds() {
    for Dispatch { name, nonebot, .. } in dispatch().cases {
        let event = case(&name);
        assert!(nonebot.class.ends_with("Event"));
        match event {
            // Classes of the standard only; the adapter names these by what it knows.
            Event::Message(MessageEvent::Discuss(_)) => assert_eq!(nonebot.name, "message"),
            Event::MessageSent(_) => assert_eq!(nonebot.name, "message_sent"),
            _ => assert_eq!(nonebot.name, event.name()),
        }
        assert_eq!(nonebot.is_tome, concerns_the_bot(&event), "{name}");
        let Some(user_id) = nonebot.user_id else {
            assert_eq!(nonebot.session_id, None);
            continue;
        };
        let user = match &event {
            // The lucky one; in the event `user_id` is the giver of the red packet.
            Event::Notice(notice) if let Notice::LuckyKing(lucky) = &notice.notice => {
                lucky.target_id
            }
            other => other.user_id().unwrap(),
        };
        assert_eq!(user.to_string(), user_id, "{name}");
        let session = match event.group_id() {
            Some(group) => format!("group_{group}_{user}"),
            // Zero stands for no group here; the adapter takes it for one.
            None if name == "notice.notify.input_status" => format!("group_0_{user}"),
            None => user.to_string(),
        };
        assert_eq!(nonebot.session_id, Some(session), "{name}");
    }
}

/// Whether the adapter counts a notice as addressed to the bot.
fn concerns_the_bot(event: &Event) -> bool {
    let Event::Notice(notice) = event else {
        return false;
    };
    match &notice.notice {
        Notice::GroupDecrease(body) => body.user_id == notice.self_id,
        Notice::Poke(body) => body.target_id == notice.self_id,
        _ => false,
    }
}

#[test]
fn the_most_specific_handler_with_a_result_wins() {
    let one_per_level = ["message.private.friend", "message.private", "message"];
    let handlers = [
        (
            &one_per_level[..],
            json!([{"reply": "a"}, {"reply": "b"}, {"reply": "c"}]),
        ),
        (
            &one_per_level[..],
            json!([null, {"reply": "b"}, {"reply": "c"}]),
        ),
        (
            &["message.group", "notice"][..],
            json!([{"reply": "g"}, {"reply": "n"}]),
        ),
        (&["message"][..], json!([true])),
    ];
    let selections = dispatch().result_selection;
    assert_eq!(selections.len(), handlers.len());
    for (selection, (levels, results)) in selections.into_iter().zip(handlers) {
        assert_eq!(selection.event, "message");
        let (names, values): (Vec<_>, Vec<_>) = selection.handlers.iter().cloned().unzip();
        assert_eq!(names, levels);
        assert_eq!(Value::from(values), results);

        let event = case("message.private.friend");
        let result = event
            .levels()
            .iter()
            .filter_map(|level| selection.handlers.iter().find(|(name, _)| name == level))
            .map(|(_, result)| result)
            .find(|result| !result.is_null());
        assert_eq!(
            *result.unwrap_or(&Value::Null),
            selection.result,
            "{}",
            selection.name
        );
        let is_operation = QuickOperation::deserialize(&selection.result).is_ok();
        assert_eq!(
            is_operation,
            selection.result.is_object(),
            "{}",
            selection.name
        );
    }
}

#[derive(Deserialize)]
struct SeedFile {
    how: String,
    cases: Vec<SeedCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedCase {
    name: String,
    peer: String,
    event: Value,
    signature: String,
    status: u16,
    body: Option<String>,
    handlers_called: Vec<String>,
}

/// What the recorded receiver, which knows three post types and runs one handler only, does with
/// an event that we decode.
fn seed_receiver(case: &SeedCase) -> (u16, Vec<String>) {
    match case.signature.as_str() {
        "valid" => {}
        "none" => return (401, Vec::new()),
        "invalid" => return (403, Vec::new()),
        other => panic!("{other}"),
    }
    let handlers = [
        ("message.private", "on_message(private)"),
        ("message", "on_message()"),
        ("notice.group_increase", "on_notice(group_increase)"),
        ("request.group", "on_request(group, friend)"),
        ("request.friend", "on_request(group, friend)"),
    ];
    let Ok(event) = Event::from_slice(case.event.to_string().as_bytes()) else {
        return (400, Vec::new());
    };
    if matches!(
        event,
        Event::MessageSent(_) | Event::Meta(_) | Event::Unknown(_)
    ) {
        return (400, Vec::new());
    }
    event
        .levels()
        .iter()
        .find_map(|level| handlers.iter().find(|(name, _)| name == level))
        .map_or((500, Vec::new()), |(_, handler)| {
            (200, vec![(*handler).to_owned()])
        })
}

#[test]
fn the_seed_receives_what_we_decode() {
    let file: SeedFile = vectors::read(vectors::SEED_RECEIVER);
    assert!(file.how.contains("returning {reply, at_sender:false}"));
    assert_eq!(file.cases.len(), 15);
    let documented = cases();
    for case in file.cases {
        assert_eq!(
            case.peer,
            "aiocqhttp 0.0.1 (its README is the seed; import name aiocqhttp)"
        );
        assert_eq!(
            seed_receiver(&case),
            (case.status, case.handlers_called.clone()),
            "{}",
            case.name
        );

        let expected = match case.name.as_str() {
            "missing signature" | "wrong signature" => "message.private.friend",
            "missing message_type" | "missing post_type" => {
                let field = case.name.trim_start_matches("missing ");
                let error = Event::deserialize(&case.event).unwrap_err().to_string();
                assert_eq!(error, format!("the event has no string `{field}`"));
                continue;
            }
            name => name,
        };
        let documented = documented
            .iter()
            .find(|case| case.name == expected)
            .unwrap();
        let documented: Value = serde_json::from_slice(&documented.bytes()).unwrap();
        assert_eq!(case.event, documented, "{}", case.name);

        let event = decode(&case.event);
        let body = case.body.unwrap_or_default();
        let operation = quick::from_response(case.status, body.as_bytes());
        assert_eq!(operation.is_none(), body.is_empty(), "{}", case.name);
        let expected = match case.handlers_called.first().map(String::as_str) {
            Some("on_message(private)") => Some(json!({"reply": "你好～", "at_sender": false})),
            Some("on_request(group, friend)") => Some(json!({"approve": true})),
            _ => None,
        };
        let expected = expected.map(|operation| QuickOperation::deserialize(operation).unwrap());
        assert_eq!(operation, expected, "{}", case.name);
        let steps = operation.map(|operation| quick::plan(&event, &operation).len());
        assert_eq!(steps, expected.map(|_| 1), "{}", case.name);
    }
}

#[test]
fn what_is_no_event_is_refused_with_the_place_or_the_field() {
    let not_an_object = |line, column, length| {
        Err(DecodeError::NotAnObject {
            line,
            column,
            length,
        })
    };
    let missing = |field| Err(DecodeError::MissingType { field });
    let cases: [(&[u8], _); 13] = [
        (b"", not_an_object(1, 0, 0)),
        (b"{", not_an_object(1, 1, 1)),
        (b"[]", not_an_object(1, 0, 2)),
        (b"1", not_an_object(1, 1, 1)),
        (b"null", not_an_object(1, 4, 4)),
        (b"{\"post_type\": \"\xff\"}", not_an_object(1, 16, 18)),
        (b"{} {}", not_an_object(1, 4, 5)),
        (b"{}", missing("post_type")),
        (br#"{"post_type": 1}"#, missing("post_type")),
        (br#"{"post_type": "message"}"#, missing("message_type")),
        (br#"{"post_type": "message_sent"}"#, missing("message_type")),
        (
            br#"{"post_type": "request", "request_type": null}"#,
            missing("request_type"),
        ),
        (
            br#"{"post_type": "meta_event"}"#,
            missing("meta_event_type"),
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(
            Event::from_slice(bytes),
            expected,
            "{:?}",
            bytes.escape_ascii().to_string()
        );
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = format!(r#"{{"post_type":"message","message_type":"group","message":{deep}}}"#);
    assert!(matches!(
        Event::from_slice(deep.as_bytes()),
        Err(DecodeError::NotAnObject { .. })
    ));
}

#[test]
fn unknown_kinds_are_kept_whole() {
    let kinds = [
        (
            json!({"post_type": "weather", "weather_type": "rain", "sub_type": "heavy", "mm": 7}),
            "weather.rain.heavy",
        ),
        (json!({"post_type": "weather"}), "weather"),
        (
            json!({"post_type": "message", "message_type": "guild", "guild_id": "1"}),
            "message.guild",
        ),
        (
            json!({"post_type": "message_sent", "message_type": "guild"}),
            "message_sent.guild",
        ),
        (
            json!({"post_type": "notice", "notice_type": "group_mood", "user_id": "5", "group_id": 6}),
            "notice.group_mood",
        ),
        (
            json!({"post_type": "notice", "notice_type": "notify", "sub_type": "wave"}),
            "notice.notify.wave",
        ),
        (
            json!({"post_type": "request", "request_type": "loan", "sum": null}),
            "request.loan",
        ),
        (
            json!({"post_type": "meta_event", "meta_event_type": "mood"}),
            "meta_event.mood",
        ),
    ];
    for (wire, name) in kinds {
        let event = decode(&wire);
        let Event::Unknown(unknown) = &event else {
            panic!("{event:?}");
        };
        assert_eq!(unknown.problem(), None, "{name}");
        assert_eq!(serde_json::to_value(&event).unwrap(), wire);
        assert_eq!(Value::Object(unknown.object().clone()), wire);
        assert_eq!(event.name(), name);
    }
    let event = decode(&json!({"time": "7", "self_id": 8, "post_type": "notice",
        "notice_type": "group_mood", "user_id": "5", "group_id": 6}));
    assert_eq!((event.time(), event.self_id()), (UnixSeconds(7), UserId(8)));
    assert_eq!(
        (event.user_id(), event.group_id()),
        (Some(UserId(5)), Some(GroupId(6)))
    );
    assert_eq!(event.target(), Some(Target::Group(GroupId(6))));
}

#[test]
fn unknown_words_are_kept_as_they_came() {
    for (name, field) in [
        ("message.group.normal", "sub_type"),
        ("message.private.friend", "sub_type"),
        ("notice.group_decrease.kick", "sub_type"),
        ("request.group.add", "sub_type"),
        ("meta_event.lifecycle.connect", "sub_type"),
        ("notice.notify.honor (emotion)", "honor_type"),
    ] {
        let mut wire = serde_json::to_value(case(name)).unwrap();
        wire[field] = json!("novel");
        let event = decode(&wire);
        assert!(!matches!(event, Event::Unknown(_)), "{name}");
        assert_eq!(serde_json::to_value(&event).unwrap(), wire, "{name}");
        if field == "sub_type" {
            assert_eq!(event.name().rsplit('.').next(), Some("novel"), "{name}");
        }
    }
    let mut wire = serde_json::to_value(case("message.group.normal")).unwrap();
    wire["sender"]["role"] = json!("emperor");
    wire["sender"]["sex"] = json!("");
    assert_eq!(serde_json::to_value(decode(&wire)).unwrap(), wire);
}

#[test]
fn an_event_not_made_as_its_kind_should_be_says_why_and_not_what_was_said() {
    let group = || serde_json::to_value(case("message.group.normal")).unwrap();
    let without = |field: &str| {
        let mut wire = group();
        wire.as_object_mut().unwrap().remove(field);
        wire
    };
    let with = |field: &str, value: Value| {
        let mut wire = group();
        wire[field] = value;
        wire
    };
    let cases = [
        (without("group_id"), "missing field `group_id`"),
        (without("user_id"), "missing field `user_id`"),
        (without("sub_type"), "missing field `sub_type`"),
        (
            with("user_id", json!("my secret")),
            "must be a user id, not a string of 9 bytes",
        ),
        (
            with("message_id", json!(4_294_967_296_u64)),
            "a number out of range for a message id",
        ),
        (
            with("message", json!([{"data": "my \"secret\""}])),
            "invalid type: string, expected the data of a message segment, an object",
        ),
        (
            with("sender", json!("my secret")),
            "invalid type: string, expected struct Sender",
        ),
        (
            json!({"post_type": "notice", "notice_type": "group_admin", "sub_type": "set"}),
            "missing field `group_id`",
        ),
        (
            json!({"post_type": "request", "request_type": "friend", "user_id": 1}),
            "missing field `flag`",
        ),
    ];
    for (wire, expected) in cases {
        let event = Event::from_slice(wire.to_string().as_bytes()).unwrap();
        let Event::Unknown(unknown) = &event else {
            panic!("{event:?}");
        };
        let problem = unknown.problem().unwrap();
        assert_eq!(problem.split(" at line").next(), Some(expected));
        assert_eq!(Value::Object(unknown.object().clone()), wire);
        assert!(matches!(Event::deserialize(&wire), Ok(Event::Unknown(_))));
    }
}

#[test]
fn numbers_may_be_strings_and_what_a_context_lacks_is_empty() {
    let event = decode(&json!({
        "time": "1515204254", "self_id": "10000", "post_type": "message", "message_type": "group",
        "sub_type": "normal", "message_id": "-5", "group_id": "20001", "user_id": "10001",
        "font": "0", "sender": {"user_id": "10001", "age": "20", "level": 7}
    }));
    let Event::Message(MessageEvent::Group(message)) = &event else {
        panic!("{event:?}");
    };
    assert_eq!(message.time, UnixSeconds(1_515_204_254));
    assert_eq!(message.message_id, MessageId(-5));
    assert_eq!(message.sender.age, Some(20));
    assert_eq!(message.sender.level.as_deref(), Some("7"));
    assert!(message.message.is_empty());
    assert_eq!(message.raw_message, "");

    let event = decode(&json!({"post_type": "message", "message_type": "private",
        "sub_type": "friend", "message_id": 1, "user_id": 2, "message": null, "raw_message": null,
        "font": null, "sender": null, "anonymous": null, "group_id": null}));
    assert_eq!((event.time(), event.self_id()), (UnixSeconds(0), UserId(0)));
    assert_eq!(event.group_id(), None);
}

#[test]
fn a_raw_event_keeps_what_the_typed_one_has_no_place_for() {
    let mut wire = serde_json::to_value(case("message.group.normal")).unwrap();
    wire["real_seq"] = json!("42");
    let raw = Bytes::from(wire.to_string());
    let event = RawEvent::from_bytes(raw.clone()).unwrap();
    assert_eq!(event.raw, raw);
    assert_eq!(event.event, case("message.group.normal"));
    assert_eq!(event.field::<String>("real_seq").as_deref(), Some("42"));
    assert_eq!(event.field::<i64>("real_seq"), None);
    assert_eq!(event.field::<i64>("absent"), None);
    assert_eq!(
        RawEvent::from_bytes(Bytes::from_static(b"{}")),
        Err(DecodeError::MissingType { field: "post_type" })
    );
}

#[test]
fn answers_go_where_the_event_came_from() {
    let private = |id| Some(Target::Private(UserId(id)));
    let group = |id| Some(Target::Group(GroupId(id)));
    for (name, target) in [
        ("message.private.friend", private(10001)),
        ("message.private.group", private(10003)),
        ("message.group.normal", group(20001)),
        ("message.discuss", Some(Target::Discuss(DiscussId(30001)))),
        ("message_sent.group.normal", group(20001)),
        ("message_sent.private.friend", private(10001)),
        ("notice.group_increase.approve", group(20001)),
        ("notice.friend_add", private(10005)),
        ("notice.notify.poke (friend)", private(10001)),
        ("notice.notify.input_status", private(10001)),
        ("notice.bot_online", None),
        ("request.friend", private(10005)),
        ("request.group.add", group(20001)),
        ("meta_event.heartbeat", None),
    ] {
        assert_eq!(case(name).target(), target, "{name}");
    }
    // A temporary session comes through a group and is still private.
    let mut wire = serde_json::to_value(case("message.private.group")).unwrap();
    wire["sender"]["group_id"] = json!(20001);
    let event = decode(&wire);
    assert_eq!(event.group_id(), Some(GroupId(20001)));
    assert_eq!(event.target(), private(10003));
}

#[test]
fn a_message_is_reached_whatever_its_place() {
    for name in [
        "message.private.friend",
        "message.group.normal",
        "message.discuss",
    ] {
        let event = case(name);
        let message = event.message().unwrap();
        assert_eq!(message.user_id(), UserId(10001));
        assert_eq!(message.sender().nickname.as_deref(), Some("alice"));
        assert_eq!(message.content().to_cq(), message.raw_message());
    }
    assert!(case("message_sent.group.normal").message().is_none());
    assert!(case("notice.friend_add").message().is_none());
}

#[test]
fn repeated_deliveries_have_the_same_key_and_different_events_have_not() {
    let string = case("message.group.normal");
    let array = case("message.group.normal (array format)");
    let key = DedupeKey::Message {
        self_id: UserId(10000),
        message_id: MessageId(1002),
    };
    assert_eq!(string.dedupe_key(), key);
    assert_eq!(array.dedupe_key(), key);
    assert_eq!(key.to_string(), "10000:1002");

    let others: Vec<_> = cases()
        .iter()
        .map(|case| Event::from_slice(&case.bytes()).unwrap())
        .filter(|event| !matches!(event, Event::Message(_) | Event::MessageSent(_)))
        .collect();
    let mut keys: Vec<_> = others.iter().map(Event::dedupe_key).collect();
    for (event, key) in others.iter().zip(&keys) {
        let again = decode(&serde_json::to_value(event).unwrap());
        assert_eq!(again.dedupe_key(), *key);
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), others.len());

    // The same in every process: this one was computed from the bytes by another program.
    let known = case("notice.friend_add").dedupe_key();
    assert_eq!(known.to_string(), "2fb0bd900f95c32d");

    let unknown = |wire: &str| Event::from_slice(wire.as_bytes()).unwrap().dedupe_key();
    assert_eq!(
        unknown(r#"{"post_type":"x","a":1,"b":2}"#),
        unknown(r#"{ "b": 2, "a": 1, "post_type": "x" }"#)
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|halves| Value::from(f64::from(halves) / 2.0)),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "message", "group", "notify", "poke", "add", "10001", "[CQ:a]"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let key = prop_oneof![
            prop::sample::select(vec!["type", "data", "text", "content", "user_id"])
                .prop_map(str::to_owned),
            any::<String>(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A documented event with some fields replaced by anything.
fn distorted_event() -> impl Strategy<Value = Value> {
    let events: Vec<Map<String, Value>> = cases()
        .iter()
        .map(|case| serde_json::from_slice(&case.bytes()).unwrap())
        .collect();
    let distortions = prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..4);
    (prop::sample::select(events), distortions).prop_map(|(mut event, distortions)| {
        for (at, value) in distortions {
            let field = at.index(event.len());
            if let Some(field) = event.values_mut().nth(field) {
                *field = value;
            }
        }
        Value::Object(event)
    })
}

proptest! {
    #[test]
    fn both_ways_of_decoding_agree_and_a_decoded_event_stays_itself(event in distorted_event()) {
        let by_bytes = Event::from_slice(event.to_string().as_bytes());
        let by_object = Event::deserialize(&event);
        match (by_bytes, by_object) {
            (Ok(Event::Unknown(one)), Ok(Event::Unknown(other))) => {
                prop_assert_eq!(one.object(), other.object());
                prop_assert_eq!(one.object(), event.as_object().unwrap());
            }
            (Ok(one), Ok(other)) => {
                prop_assert_eq!(&one, &other);
                let again = serde_json::to_vec(&one).unwrap();
                prop_assert_eq!(Event::from_slice(&again).unwrap(), one);
            }
            (Err(one), Err(other)) => prop_assert_eq!(one.to_string(), other.to_string()),
            (one, other) => prop_assert!(false, "{one:?} is not {other:?}"),
        }
    }

    #[test]
    fn any_json_and_any_bytes_are_decoded_or_refused(
        json in any_json(),
        bytes in any::<Vec<u8>>(),
    ) {
        let is_event = |event: &Event| !event.name().is_empty();
        prop_assert!(Event::from_slice(json.to_string().as_bytes()).is_ok_and(|e| is_event(&e))
            || Event::deserialize(&json).is_err());
        prop_assert!(Event::from_slice(&bytes).is_err());
    }
}
