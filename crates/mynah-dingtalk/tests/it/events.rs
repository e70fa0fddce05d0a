//! Events: every shape of every sample is read, and written as it came.

use mynah_core::DedupeKey;
use mynah_dingtalk::event::{
    Callback, ChatChange, ChatMembers, ChatOwner, ChatTitle, Format, Kind,
};
use mynah_dingtalk::{DecodeError, UserId};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A sample of the documentation.
#[derive(Deserialize)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) payload: Value,
    pub(crate) ack: Option<Value>,
}

pub(crate) fn samples() -> Vec<Sample> {
    serde_json::from_str(include_str!("../vectors/events.json")).unwrap()
}

pub(crate) fn sample(name: &str) -> Sample {
    let mut samples = samples().into_iter();
    samples.find(|sample| sample.name == name).unwrap()
}

pub(crate) fn read(json: &Value) -> Callback {
    Callback::from_slice(json.to_string().as_bytes()).unwrap()
}

/// The samples of one shape, all of the same events.
fn shaped(end: &str) -> Vec<Sample> {
    let samples = samples().into_iter();
    samples
        .filter(|sample| sample.name.ends_with(end))
        .collect()
}

#[test]
fn every_sample_is_read_and_written_as_it_came() {
    for (end, format, count) in [
        (".legacy", Format::Registered, 6),
        (".http", Format::Console, 8),
        (".rds", Format::DataPush, 8),
    ] {
        let samples = shaped(end);
        assert_eq!(samples.len(), count, "{end}");
        for Sample { name, payload, .. } in samples {
            let callback = read(&payload);
            assert_eq!(callback.format, format, "{name}");
            assert_eq!(callback.name(), name.strip_suffix(end).unwrap());
            assert!(!matches!(callback.kind, Kind::Other(_)), "{name}");
            assert_eq!(callback.to_json(), payload, "{name}");
            let only = if name.starts_with("chat_add_member") && format != Format::Registered {
                json!({"eventType": "chat_add_member"})
            } else {
                json!({})
            };
            assert_eq!(
                Value::Object(callback.extra),
                only,
                "{name}: all has its place"
            );
        }
    }
}

#[test]
fn an_event_says_the_same_in_every_shape() {
    for Sample { name, payload, .. } in shaped(".http") {
        let console = read(&payload);
        let row = read(&sample(&name.replace(".http", ".rds")).payload);
        assert_eq!(row.kind, console.kind, "{name}");
        assert_eq!(row.event_id, console.event_id, "{name}");
        assert_eq!(row.dedupe_key(), console.dedupe_key(), "{name}");
        let streamed = console.in_format(Format::Stream);
        assert_eq!(streamed.kind, console.kind, "{name}");
        assert_eq!(streamed.in_format(Format::Stream), streamed, "{name}");
        let data = sample(&name.replace(".http", ".stream")).payload["data"].clone();
        assert_eq!(streamed.to_json(), data, "{name}");
    }
}

#[test]
fn a_registered_callback_names_neither_id_nor_organisation_of_the_group() {
    let console = read(&sample("chat_update_title.http").payload);
    let json = console.in_format(Format::Registered).to_json();
    assert_eq!(
        json,
        json!({
            "EventType": "chat_update_title", "CorpId": "ding9f50b15bxxxx16741",
            "TimeStamp": 1_608_027_247_528_i64, "ChatId": "chat676e50a07xxxx",
            "OpenConversationId": "cidmfWxxxx", "Operator": "user456", "Title": "开放平台",
        })
    );
    let back = read(&json);
    assert_eq!(back.format, Format::Registered);
}

#[test]
fn a_change_of_the_owner_names_the_group_only_where_it_was_registered() {
    let registered = read(&sample("chat_update_owner.legacy").payload);
    let Kind::ChatUpdateOwner(ChatOwner { chat, owner }) = &registered.kind else {
        panic!("{registered:?}");
    };
    assert_eq!(chat.chat_id, Some("chat676e50a07xxxx".into()));
    assert_eq!(owner, &Some("manager4220".into()));
    let json = registered.in_format(Format::Stream).to_json();
    assert_eq!(
        json,
        json!({
            "timeStamp": 1_608_026_611_710_i64, "openConversationId": "cidmfWxxxx",
            "corpId": "dinge8a56572f80bxxxx", "owner": "manager4220",
        })
    );
}

#[test]
fn when_a_message_was_read_is_text_and_when_it_was_recalled_a_number() {
    for (name, text) in [
        ("robot_msg_read.http", true),
        ("robot_msg_recall.http", false),
    ] {
        let callback = read(&sample(name).payload);
        let (Kind::RobotMsgRead(of) | Kind::RobotMsgRecall(of)) = &callback.kind else {
            panic!("{callback:?}");
        };
        assert_eq!(of.operat_time, Some(1_654_641_965_416));
        assert_eq!(callback.to_json()["OperatTime"].is_string(), text, "{name}");
        let streamed = callback.in_format(Format::Stream).to_json();
        assert_eq!(streamed["operatTime"].is_string(), text, "{name}");
    }
}

#[test]
fn a_check_of_the_address_is_an_event_too() {
    let payload = sample("callback.check_url").payload;
    let callback = read(&payload);
    assert_eq!(callback.kind, Kind::CheckUrl);
    assert!(callback.is_check());
    assert_eq!(callback.to_json(), payload);
    let suite = json!({
        "EventType": "check_create_suite_url", "Random": "LPIdSnlF", "TestSuiteKey": "suite4xxx",
    });
    let callback = read(&suite);
    assert!(callback.is_check());
    assert_eq!(callback.to_json(), suite);
}

#[test]
fn what_has_no_id_is_told_by_what_happened_where_when_and_to_whom() {
    let change = |chat: &str, time: i64, users: &[&str]| {
        Callback::new(Kind::ChatAddMember(ChatMembers {
            chat: ChatChange {
                chat_id: Some(chat.into()),
                time_stamp: Some(time),
                ..ChatChange::default()
            },
            user_ids: users.iter().map(|user| UserId::from(*user)).collect(),
            union_ids: Vec::new(),
        }))
        .dedupe_key()
    };
    let key = change("chat1", 1, &["alice", "bob"]);
    assert!(matches!(key, DedupeKey::Hash(_)));
    assert_eq!(
        change("chat1", 1, &["bob", "alice"]),
        key,
        "the order does not matter"
    );
    assert_ne!(change("chat2", 1, &["alice", "bob"]), key);
    assert_ne!(change("chat1", 2, &["alice", "bob"]), key);
    assert_ne!(change("chat1", 1, &["alice"]), key);
    let quit = Callback::new(Kind::ChatQuit(ChatChange {
        chat_id: Some("chat1".into()),
        time_stamp: Some(1),
        ..ChatChange::default()
    }));
    assert_ne!(quit.dedupe_key(), change("chat1", 1, &[]));
    let id = quit.clone().made("event-1", 5).dedupe_key();
    assert_eq!(id, DedupeKey::Word("event-1".into()));
    let unknown = |what: &str| read(&json!({"EventType": "x", "What": what})).dedupe_key();
    assert_ne!(unknown("a"), unknown("b"));
}

#[test]
fn what_nobody_told_us_of_is_kept() {
    let payload = json!({
        "EventType": "user_add_org", "CorpId": "c", "UserId": ["015"], "TimeStamp": "1685501863357",
    });
    let callback = read(&payload);
    assert_eq!(callback.kind, Kind::Other("user_add_org".to_owned()));
    assert_eq!(callback.extra["UserId"], json!(["015"]));
    assert_eq!(callback.to_json(), payload);
}

#[test]
fn a_member_of_the_wrong_kind_is_kept_and_counts_as_absent() {
    let payload = json!({
        "EventType": "chat_update_title", "CorpId": 7, "ChatId": null, "Title": ["x"],
        "TimeStamp": true, "Operator": "alice", "UserId": "unexpected",
    });
    let callback = read(&payload);
    let Kind::ChatUpdateTitle(ChatTitle { chat, title }) = &callback.kind else {
        panic!("{callback:?}");
    };
    assert_eq!(
        (title, &chat.chat_id, chat.time_stamp),
        (&None, &None, None)
    );
    assert_eq!(chat.operator, Some("alice".into()));
    assert_eq!(callback.to_json(), payload);
}

#[test]
fn the_spelling_of_another_generation_is_read_and_written_as_this_one_does() {
    let callback = read(&json!({"EventType": "chat_quit", "chatId": "chat1", "timeStamp": "5"}));
    assert_eq!(
        callback.to_json(),
        json!({"EventType": "chat_quit", "ChatId": "chat1", "TimeStamp": 5})
    );
}

#[test]
fn what_is_no_event_is_refused_without_its_words() {
    let bad = |json: &str| Callback::from_slice(json.as_bytes()).unwrap_err();
    assert!(matches!(
        bad("[]"),
        DecodeError::NotAnObject { length: 2, .. }
    ));
    assert!(matches!(bad("sec"), DecodeError::NotAnObject { .. }));
    assert_eq!(bad(r#"{"EventType":7}"#), DecodeError::NoKind("EventType"));
    assert_eq!(bad(r#"{"biz_data":{}}"#), DecodeError::NoKind("syncAction"));
    assert!(!bad("secret!").to_string().contains("secret"));
    assert!(Callback::from_slice(b"\xff{}").is_err());
}

/// Any JSON that is not deep.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9]{0,6}".prop_map(Value::from),
        "[0-9]{1,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(member(), inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "CorpId",
        "corpId",
        "eventId",
        "EventTime",
        "BizId",
        "ChatId",
        "chatId",
        "TimeStamp",
        "timeStamp",
        "OpenConversationId",
        "Operator",
        "operatorUnionId",
        "UserId",
        "userId",
        "unionId",
        "UnionId",
        "Title",
        "title",
        "Owner",
        "owner",
        "OperatTime",
        "operatTime",
        "ProcessQueryKey",
        "robotCode",
        "Random",
        "biz_data",
        "syncAction",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[a-z]{1,3}"]
}

fn kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "check_url",
        "check_create_suite_url",
        "chat_add_member",
        "chat_remove_member",
        "chat_quit",
        "chat_update_owner",
        "chat_update_title",
        "chat_disband",
        "robot_msg_read",
        "robot_msg_recall",
        "other",
    ])
}

fn members() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map(member(), json_value(), 0..8)
        .prop_map(|members| members.into_iter().collect())
}

#[test]
fn a_list_that_names_nobody_hides_no_other_spelling() {
    let both = json!({"EventType": "chat_add_member", "UserId": [], "userId": ["alice"]});
    let callback = read(&both);
    let Kind::ChatAddMember(members) = &callback.kind else {
        panic!("{callback:?}");
    };
    assert_eq!(members.user_ids, ["alice".into()]);
    assert_eq!(read(&callback.to_json()), callback);
}

proptest! {
    #[test]
    fn what_was_written_is_read_the_same(kind in kind(), mut members in members(), row: bool) {
        let json = if row {
            members.insert("syncAction".to_owned(), kind.into());
            json!({"corp_id": "c", "biz_data": members})
        } else {
            members.insert("EventType".to_owned(), kind.into());
            Value::Object(members)
        };
        let callback = read(&json);
        let again = read(&callback.to_json());
        prop_assert_eq!(again.dedupe_key(), callback.dedupe_key());
        prop_assert_eq!(&again, &callback);
        for format in [Format::Registered, Format::Console, Format::Stream, Format::DataPush] {
            let shaped = callback.in_format(format);
            prop_assert_eq!(shaped.name(), callback.name());
            prop_assert_eq!(shaped.in_format(format), shaped);
        }
    }
}
