//! Quick operations, against the standard and CQHTTP.

use std::collections::BTreeMap;

use mynah_onebot::event::{Anonymous, GroupMessage, MessageEvent, Target};
use mynah_onebot::quick::{self, Step};
use mynah_onebot::types::GroupRequestType;
use mynah_onebot::{Content, Event, Message, QuickOperation, Segment, UserId};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::vectors::{self, EventFile};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    how: String,
    fields: BTreeMap<String, Vec<Field>>,
    cases: Vec<Case>,
    http_response_handling: Vec<ResponseCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    default: Option<Value>,
    desc: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    event: Value,
    operation: Value,
    actions: Vec<Action>,
    source: String,
    note: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    action: String,
    params: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseCase {
    name: String,
    response: Option<Response>,
    effect: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Response {
    status: u16,
    body: String,
}

fn file() -> File {
    vectors::read(vectors::QUICK_OPERATIONS)
}

fn operation(wire: Value) -> QuickOperation {
    serde_json::from_value(wire).unwrap()
}

fn event(name: &str) -> Event {
    let file: EventFile = vectors::read(vectors::EVENTS);
    let case = file.events.iter().find(|case| case.name == name).unwrap();
    Event::from_slice(&case.bytes()).unwrap()
}

/// The call that a step stands for.
fn action(step: &Step) -> Action {
    let (action, params) = match step {
        Step::SendMessage { target, message } => {
            let mut params = match target {
                Target::Private(id) => json!({"message_type": "private", "user_id": id}),
                Target::Group(id) => json!({"message_type": "group", "group_id": id}),
                Target::Discuss(id) => json!({"message_type": "discuss", "discuss_id": id}),
            };
            params["message"] = serde_json::to_value(message).unwrap();
            ("send_msg", params)
        }
        Step::DeleteMessage { message_id } => ("delete_msg", json!({"message_id": message_id})),
        Step::Kick { group_id, user_id } => (
            "set_group_kick",
            json!({"group_id": group_id, "user_id": user_id, "reject_add_request": false}),
        ),
        Step::Ban {
            group_id,
            user_id,
            duration,
        } => (
            "set_group_ban",
            json!({"group_id": group_id, "user_id": user_id, "duration": duration}),
        ),
        Step::AnonymousBan {
            group_id,
            anonymous,
            duration,
        } => (
            "set_group_anonymous_ban",
            json!({"group_id": group_id, "anonymous": anonymous, "duration": duration}),
        ),
        Step::SetFriendRequest {
            flag,
            approve,
            remark,
        } => (
            "set_friend_add_request",
            json!({"flag": flag, "approve": approve, "remark": remark}),
        ),
        Step::SetGroupRequest {
            flag,
            sub_type,
            approve,
            reason,
        } => (
            "set_group_add_request",
            json!({"flag": flag, "sub_type": sub_type, "approve": approve, "reason": reason}),
        ),
    };
    let mut params: Map<String, Value> = serde_json::from_value(params).unwrap();
    params.retain(|_, value| !value.is_null());
    Action {
        action: action.to_owned(),
        params,
    }
}

/// "message may be given in any equivalent form".
fn with_segments(mut action: Action) -> Action {
    if let Some(message) = action.params.get_mut("message") {
        let content = Content::deserialize(&*message).unwrap();
        *message = serde_json::to_value(content.to_message()).unwrap();
    }
    action
}

#[test]
fn operations_stand_for_the_documented_actions() {
    let file = file();
    assert!(
        file.how
            .starts_with("Expected actions derived from the named source")
    );
    assert_eq!(file.cases.len(), 31);
    for case in file.cases {
        let name = &case.name;
        assert_eq!(case.event, case_event(name, &case.event), "{name}");
        if let Some(ignored) = ignored_operation(name) {
            assert_eq!(case.operation, ignored, "{name}");
        }
        let event = Event::deserialize(case.event).unwrap();
        let steps = quick::plan(&event, &operation(case.operation));
        let actions: Vec<_> = steps.iter().map(action).collect();
        let expected: Vec<_> = case.actions.into_iter().map(with_segments).collect();
        assert_eq!(actions, expected, "{name} ({}) {}", case.source, case.note);
    }
}

/// The documented event that a case is about, with what its name says of it.
fn case_event(case: &str, event: &Value) -> Value {
    let documented = match case {
        "group reply to an anonymous sender: no at"
        | "group kick anonymous: nothing"
        | "group ban anonymous" => "message.group.anonymous",
        "notice: nothing" => "notice.group_increase.approve",
        "meta event: nothing" => "meta_event.heartbeat",
        "group invite accept" => "request.group.invite",
        "group join refuse with reason" => "request.group.add",
        name if name.starts_with("private temporary session") => "message.private.group",
        name if name.starts_with("private") => "message.private.friend",
        "unknown fields are ignored" => "message.private.friend",
        name if name.starts_with("friend request") => "request.friend",
        name if name.starts_with("approve as a string") => "request.friend",
        _ => "message.group.normal",
    };
    let mut expected = serde_json::to_value(self::event(documented)).unwrap();
    if case.starts_with("private temporary session") {
        expected["group_id"] = json!(20001);
    }
    if case.starts_with("context without message, raw_message and sender") {
        for stripped in ["message", "raw_message", "sender"] {
            expected.as_object_mut().unwrap().remove(stripped);
        }
    }
    assert_eq!(
        event.as_object().unwrap().len(),
        expected.as_object().unwrap().len()
    );
    expected
}

/// The operations of which something has no effect; no action would show that it changed.
fn ignored_operation(case: &str) -> Option<Value> {
    Some(match case {
        "private: at_sender is not a field here" => json!({"reply": "x", "at_sender": true}),
        "group kick anonymous: nothing" => json!({"kick": true}),
        "ban_duration alone does nothing" => json!({"ban_duration": 60}),
        "false values do nothing" => json!({"delete": false, "kick": false, "ban": false}),
        "empty reply does nothing" => json!({"reply": ""}),
        "empty object does nothing" => json!({}),
        "unknown fields are ignored" => json!({"foo": 1, "block": true}),
        "friend request, remark alone: not handled" => json!({"remark": "同事"}),
        "approve as a string is not a boolean: not handled" => json!({"approve": "true"}),
        "notice: nothing" => json!({"reply": "欢迎"}),
        "meta event: nothing" => json!({"reply": "x"}),
        _ => return None,
    })
}

#[test]
fn the_documented_fields_are_those_of_the_events_and_have_the_documented_defaults() {
    let events: EventFile = vectors::read(vectors::EVENTS);
    let documented = |kind: &str| {
        let case = events
            .events
            .iter()
            .find(|case| case.name.starts_with(kind))
            .unwrap();
        case.quick_operation.clone()
    };
    let mut fields = file().fields;
    let every = fields.remove("every event (CQHTTP 4.x)").unwrap();
    assert_eq!((every.len(), every[0].name.as_str()), (1, "block"));
    assert_eq!(operation(json!({"block": true})).block, Some(true));
    assert_eq!(
        (every[0].kind.as_str(), &every[0].default),
        ("boolean", &Some(json!(false)))
    );

    for (kind, fields) in fields {
        let kind = kind
            .trim_end_matches(" (CQHTTP 4.x)")
            .trim_end_matches(".*");
        let names: Vec<_> = fields.iter().map(|field| field.name.clone()).collect();
        assert_eq!(names, documented(kind), "{kind}");
        for field in fields {
            check_default(kind, &field);
        }
    }
}

/// Leaving a field out means its default.
fn check_default(kind: &str, field: &Field) {
    let default = field.default.clone().unwrap_or_default();
    let (expected_kind, expected_default) = match field.name.as_str() {
        "reply" => ("message", Value::Null),
        "at_sender" => ("boolean", json!(true)),
        "auto_escape" | "delete" | "kick" | "ban" => ("boolean", json!(false)),
        "ban_duration" => ("number", json!(quick::DEFAULT_BAN_DURATION)),
        "approve" => ("boolean", json!("not handled")),
        "remark" | "reason" => ("string", json!("")),
        other => panic!("{other}"),
    };
    assert_eq!(field.kind, expected_kind, "{kind} {}", field.name);
    match field.name.as_str() {
        "reply" => assert!(
            [json!("no reply"), Value::Null].contains(&default),
            "{kind}"
        ),
        _ => assert_eq!(default, expected_default, "{kind} {}", field.name),
    }
    let hint = match field.name.as_str() {
        "auto_escape" if kind == "message.private" => Some("only for a string reply"),
        "at_sender" if kind == "message.group" => Some("without effect for anonymous senders"),
        "kick" => {
            Some("without rejecting later join requests; without effect for anonymous senders")
        }
        "ban" => Some("also for anonymous senders"),
        "ban_duration" => Some("seconds"),
        "remark" => Some("only when approving"),
        "reason" => Some("only when refusing"),
        _ => None,
    };
    assert_eq!(field.desc.as_deref(), hint, "{kind} {}", field.name);

    let name = match kind {
        "message.private" => "message.private.friend",
        "message.group" => "message.group.normal",
        "request.group" => "request.group.add",
        name => name,
    };
    if default.is_boolean() || default.is_number() {
        let without = json!({"reply": "[CQ:shake]", "ban": true});
        let mut with = without.clone();
        if field.name != "ban" {
            with[field.name.as_str()] = default;
        }
        assert_eq!(
            quick::plan(&event(name), &operation(with)),
            quick::plan(&event(name), &operation(without))
        );
    }
}

#[test]
fn only_an_object_under_a_status_of_success_is_an_operation() {
    let reply = "{\"reply\":\"嗨～\"}";
    let documented = [
        ("204", Some((204, "")), false),
        ("200 empty", Some((200, "")), false),
        ("200 object", Some((200, reply)), true),
        ("201 object", Some((201, reply)), true),
        ("200 array", Some((200, "[]")), false),
        ("200 text", Some((200, "ok")), false),
        ("500 object", Some((500, reply)), false),
        ("timeout", None, false),
    ];
    let cases = file().http_response_handling;
    assert_eq!(cases.len(), documented.len());
    for (case, (name, response, is_operation)) in cases.iter().zip(documented) {
        let recorded = case.response.as_ref();
        let recorded = recorded.map(|response| (response.status, response.body.as_str()));
        assert_eq!((case.name.as_str(), recorded), (name, response));
        let effect = if is_operation {
            "quick operation"
        } else {
            "none"
        };
        assert!(case.effect.starts_with(effect), "{name}: {}", case.effect);

        let operation =
            response.and_then(|(status, body)| quick::from_response(status, body.as_bytes()));
        let expected = is_operation.then(|| json!({"reply": "嗨～"}));
        let operation = operation.map(|operation| serde_json::to_value(operation).unwrap());
        assert_eq!(operation, expected, "{name}");
    }
    assert_eq!(quick::from_response(200, b"{\"reply\":"), None);
    assert_eq!(quick::from_response(200, b"\xff"), None);
    assert_eq!(quick::from_response(200, b"null"), None);
    assert_eq!(quick::from_response(300, b"{}"), None);
    assert_eq!(quick::from_response(199, b"{}"), None);
}

#[test]
fn a_field_of_the_wrong_type_counts_as_absent() {
    let wrong = operation(json!({
        "reply": 1, "auto_escape": "maybe", "at_sender": 2, "delete": [], "kick": {}, "ban": null,
        "ban_duration": "long", "approve": 1, "remark": 1, "reason": false, "block": "no", "foo": 0
    }));
    let expected = QuickOperation {
        block: Some(false),
        ..QuickOperation::default()
    };
    assert_eq!(wrong, expected);
    assert_eq!(operation(json!({"reply": [{"no": "segment"}]})).reply, None);
    assert_eq!(
        serde_json::to_value(expected).unwrap(),
        json!({"block": false})
    );
}

#[test]
fn switches_may_be_words_and_numbers_except_approve() {
    for (yes, no) in [
        (json!(true), json!(false)),
        (json!(1), json!(0)),
        (json!("yes"), json!("no")),
        (json!("TRUE"), json!("False")),
        (json!("1"), json!("0")),
    ] {
        let read = operation(json!({"delete": yes, "kick": no, "approve": yes}));
        assert_eq!((read.delete, read.kick), (Some(true), Some(false)));
        assert_eq!(read.approve, yes.as_bool());
    }
    assert_eq!(
        operation(json!({"ban_duration": "60"})).ban_duration,
        Some(60)
    );
}

#[test]
fn our_own_operations_say_everything_explicitly() {
    let reply = serde_json::to_value(QuickOperation::reply("[x]")).unwrap();
    assert_eq!(
        reply,
        json!({"reply": [{"type": "text", "data": {"text": "[x]"}}], "at_sender": false})
    );
    let approve = serde_json::to_value(QuickOperation::approve()).unwrap();
    assert_eq!(approve, json!({"approve": true}));
    let refuse = serde_json::to_value(QuickOperation::refuse()).unwrap();
    assert_eq!(refuse, json!({"approve": false}));
}

#[test]
fn a_reply_in_a_discussion_group_mentions_the_author() {
    let steps = quick::plan(&event("message.discuss"), &operation(json!({"reply": "x"})));
    let [Step::SendMessage { message, .. }] = steps.as_slice() else {
        panic!("{steps:?}");
    };
    assert_eq!(*message, Segment::at(UserId(10001)) + " x");
}

#[test]
fn a_mask_without_flag_cannot_be_banned_nor_mentioned() {
    let Event::Message(MessageEvent::Group(mut masked)) = event("message.group.anonymous") else {
        panic!("a group message");
    };
    let everything = operation(json!({"reply": "x", "kick": true, "ban": true}));
    let plan = |message: &GroupMessage| {
        let event = Event::Message(MessageEvent::Group(message.clone()));
        quick::plan(&event, &everything)
    };
    let reply = Step::SendMessage {
        target: Target::Group(masked.group_id),
        message: Message::text("x"),
    };
    let ban = Step::AnonymousBan {
        group_id: masked.group_id,
        anonymous: Anonymous {
            id: 1_000_019,
            name: "邓八公".to_owned(),
            flag: "AAAAAAAPQlMABrXLsMu5qwAo".to_owned(),
        },
        duration: 1800,
    };
    assert_eq!(plan(&masked), [reply.clone(), ban]);
    masked.anonymous = None;
    assert_eq!(plan(&masked), [reply]);
}

#[test]
fn remarks_count_when_approving_and_reasons_when_refusing() {
    let both = |approve: bool| {
        operation(json!({"approve": approve, "remark": "同事", "reason": "人数已满"}))
    };
    for approve in [true, false] {
        assert_eq!(
            quick::plan(&event("request.friend"), &both(approve)),
            [Step::SetFriendRequest {
                flag: "friend-req-1".to_owned(),
                approve,
                remark: approve.then(|| "同事".to_owned()),
            }]
        );
        assert_eq!(
            quick::plan(&event("request.group.invite"), &both(approve)),
            [Step::SetGroupRequest {
                flag: "group-req-2".to_owned(),
                sub_type: GroupRequestType::Invite,
                approve,
                reason: (!approve).then(|| "人数已满".to_owned()),
            }]
        );
    }
}
