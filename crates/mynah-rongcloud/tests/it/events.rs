//! What an application is told: every sample is read, and written as it came.

use std::collections::HashSet;

use mynah_core::DedupeKey;
use mynah_rongcloud::event::{
    AuditOutcome, AuditResult, Audited, ChannelType, ChatroomCause, ChatroomChange, ChatroomStatus,
    Event, MessageOperation, OnlineState, OnlineStatus, OperationType, PreDelivery, RoutedMessage,
    SensitiveType, Source, Unknown,
};
use mynah_rongcloud::{Content, ConversationType, UserId};
use mynah_testkit::json_of;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A sample of the documentation.
#[derive(Deserialize)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) content_type: String,
    pub(crate) query: Vec<(String, String)>,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    pub(crate) form: Option<Vec<(String, String)>>,
    pub(crate) json: Option<Value>,
    pub(crate) app_secret: String,
    pub(crate) ack: Ack,
    pub(crate) dedupe_key: String,
}

/// What a receiver answers.
#[derive(Deserialize)]
pub(crate) struct Ack {
    pub(crate) status: u16,
    pub(crate) body: Option<String>,
    pub(crate) json: Option<Value>,
}

pub(crate) fn samples() -> Vec<Sample> {
    serde_json::from_str(include_str!("../vectors/events.json")).unwrap()
}

pub(crate) fn sample(name: &str) -> Sample {
    let mut samples = samples().into_iter();
    samples.find(|sample| sample.name == name).unwrap()
}

impl Sample {
    pub(crate) fn body(&self) -> String {
        match (&self.form, &self.json) {
            (Some(form), None) => serde_html_form::to_string(form).unwrap(),
            (None, Some(json)) => json.to_string(),
            _ => panic!("{}: neither form nor JSON", self.name),
        }
    }

    pub(crate) fn event(&self) -> Event {
        match self.form {
            Some(_) => Event::from_form(self.body().as_bytes()),
            None => Event::from_json(self.body().as_bytes()).unwrap(),
        }
    }
}

fn routed(name: &str) -> RoutedMessage {
    match sample(name).event() {
        Event::Route(message) => *message,
        other => panic!("{other:?}"),
    }
}

fn form(pairs: &[(&str, &str)]) -> Event {
    Event::from_form(serde_html_form::to_string(pairs).unwrap().as_bytes())
}

fn json_event(json: &Value) -> Event {
    Event::from_json(json.to_string().as_bytes()).unwrap()
}

fn text(content: &Content) -> &str {
    match content {
        Content::Text(text) => &text.content,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_sample_is_of_its_kind_and_all_of_it_has_a_place() {
    let samples = samples();
    assert_eq!(samples.len(), 11);
    for sample in samples {
        let event = sample.event();
        assert_eq!(event.name(), sample.kind, "{}", sample.name);
        let rest = match &event {
            Event::Route(message) => message.extra.len(),
            Event::Check(check) => check.extra.len(),
            Event::Online(changes) => changes.iter().map(|change| change.extra.len()).sum(),
            Event::Chatroom(changes) => changes.iter().map(|change| change.extra.len()).sum(),
            Event::Operation(operation) => operation.extra.len(),
            Event::Audit(result) => result.extra.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(rest, 0, "{}", sample.name);
    }
}

#[test]
fn what_was_said_is_text_in_the_form_and_typed_when_read() {
    let message = routed("message_route_private_text");
    assert_eq!(message.from_user_id, "5c6bc01d704519258c573608".into());
    assert_eq!(message.channel_type, ChannelType::Person);
    assert_eq!(message.content, r#"{"content":"来"}"#);
    assert_eq!(text(&message.said()), "来");
    assert_eq!(message.msg_timestamp, Some(1_550_717_572_725));
    assert_eq!(message.timestamp, message.msg_timestamp);
    assert_eq!(message.sensitive_type, Some(SensitiveType::Clean));
    assert_eq!(message.source, Some(Source::Ios));
    let replaced = routed("message_route_sensitive_replaced");
    assert_eq!(replaced.sensitive_type, Some(SensitiveType::Replaced));
    assert_eq!(text(&replaced.said()), "*** now");
}

#[test]
fn content_that_is_no_json_is_kept_as_it_is() {
    let odd = [
        ("fromUserId", "alice"),
        ("toUserId", "bob"),
        ("objectName", "APP:Odd"),
        ("content", "not {json"),
        ("channelType", "PERSON"),
    ];
    let Event::Route(message) = form(&odd) else {
        panic!()
    };
    assert_eq!(message.said().object_name().as_str(), "APP:Odd");
    assert_eq!(message.said().to_text(), "not {json");
    // A type of the platform whose text is not what it should be.
    let mut broken = odd;
    broken[2].1 = "RC:TxtMsg";
    let Event::Route(message) = form(&broken) else {
        panic!()
    };
    assert_eq!(message.said().to_text(), "not {json");
}

#[test]
fn a_directed_message_names_its_addressees_one_by_one() {
    let message = routed("message_route_group_directed");
    assert_eq!(
        message.group_user_ids,
        [UserId::from("bob"), "carol".into()]
    );
    assert_eq!(message.timestamp, None);
}

#[test]
fn a_chatroom_is_a_temporary_group_on_the_wire() {
    let message = routed("message_route_chatroom");
    assert_eq!(message.channel_type, ChannelType::TempGroup);
    let conversation = message.channel_type.conversation_type();
    assert_eq!(conversation, Some(ConversationType::Chatroom));
}

#[test]
fn every_number_of_a_conversation_has_its_word() {
    for number in [1, 2, 3, 4, 5, 6, 7, 8, 10] {
        let conversation = ConversationType::from(number);
        let word = ChannelType::from(conversation);
        assert!(!matches!(word, ChannelType::Other(_)), "{number}");
        assert_eq!(word.conversation_type(), Some(conversation));
    }
    assert_eq!(ChannelType::from("X").conversation_type(), None);
}

#[test]
fn a_check_has_names_of_its_own() {
    let Event::Check(check) = sample("message_callback").event() else {
        panic!()
    };
    assert_eq!(check.app_key.as_deref(), Some("rc-sandbox"));
    assert_eq!(check.target_id, "bob".into());
    assert_eq!(text(&check.said()), "buy now");
    assert_eq!(check.msg_time_stamp, Some(1_700_000_000_003));
    assert_eq!(check.os, Some(Source::Ios));
    assert_eq!(check.to_user_ids, [] as [UserId; 0]);
    let directed = [
        ("targetId", "g1"),
        ("toUserIds", "bob,,"),
        ("toUserIds", "carol"),
        ("msgType", "RC:TxtMsg"),
        ("busChannel", "c1"),
        ("clientIp", "127.0.0.1:9"),
        ("pushContent", "hi"),
    ];
    let Event::Check(check) = form(&directed) else {
        panic!()
    };
    assert_eq!(check.to_user_ids, [UserId::from("bob"), "carol".into()]);
    assert_eq!(check.bus_channel.as_deref(), Some("c1"));
    assert_eq!(check.extra, []);
}

#[test]
fn who_is_online_comes_as_one_or_as_many() {
    let Event::Online(many) = sample("user_online_status").event() else {
        panic!()
    };
    assert_eq!(many[0].status, OnlineState::Online);
    assert_eq!(many[0].session_id.as_deref(), Some("c2f1a8d0-1"));
    assert_eq!(many[0].client_ip.as_deref(), Some("127.0.0.1:42213"));
    let Event::Online(one) = sample("user_online_status_object").event() else {
        panic!()
    };
    assert_eq!(one[0].status, OnlineState::Offline);
    let number = json!({"userid": "alice", "status": 2, "time": "5"});
    let Event::Online(numbers) = json_event(&number) else {
        panic!()
    };
    assert_eq!(
        numbers,
        [OnlineStatus::new("alice", OnlineState::LoggedOut, 5)]
    );
}

#[test]
fn what_happens_in_chatrooms_comes_several_at_a_time() {
    let Event::Chatroom(changes) = sample("chatroom_status").event() else {
        panic!()
    };
    let at = 1_574_476_797_772;
    let joined = ChatroomStatus::new(
        "destory_11",
        ChatroomChange::Joined,
        ChatroomCause::Call,
        at,
    );
    let made = ChatroomStatus::new(
        "destory_12",
        ChatroomChange::Created,
        ChatroomCause::Call,
        at,
    );
    assert_eq!(changes, [joined.users(["gggg"]), made]);
    let one = json!({"chatRoomId": "r1", "type": 3, "status": 3, "time": 1});
    let Event::Chatroom(changes) = json_event(&one) else {
        panic!()
    };
    assert_eq!(changes[0].change, ChatroomChange::Destroyed);
    assert_eq!(changes[0].status, Some(ChatroomCause::Idle));
}

#[test]
fn a_recall_names_the_message_and_the_conversation() {
    let Event::Operation(operation) = sample("message_operation_recall").event() else {
        panic!()
    };
    let built =
        MessageOperation::recall("alice", ConversationType::Private, "bob", 1_700_000_000_004)
            .of("5FGT-7VA9-G4DD-4V5P", 1_507_778_882_124);
    assert_eq!(*operation, built);
    let other = json!({"eventType": 9, "originalMsgInfo": {}, "deleteMsgInfo": {"x": 1}});
    let Event::Operation(operation) = json_event(&other) else {
        panic!()
    };
    assert_eq!(operation.event_type, OperationType::Other(9));
    assert_eq!(operation.extra["deleteMsgInfo"], json!({"x": 1}));
}

#[test]
fn an_audit_nests_json_in_text_twice() {
    let Event::Audit(result) = sample("audit_result").event() else {
        panic!()
    };
    assert_eq!(result.result, AuditOutcome::Passed);
    let audited = result.audited().unwrap();
    assert_eq!(audited.conversation_type, ChannelType::Person);
    assert_eq!(text(&audited.said()), "hi");
    let again = AuditResult::new(AuditOutcome::Rejected, "C5UU-C4MN-JDK5-E115", &audited);
    assert_eq!(again.audited(), Some(audited));
    let nothing = json!({"result": 10001, "msgUID": "u", "content": "x"});
    let Event::Audit(result) = json_event(&nothing) else {
        panic!()
    };
    assert_eq!(result.audited(), None::<Audited>);
}

#[test]
fn what_nobody_told_us_of_is_kept() {
    let fields = [("event", "x"), ("event", "y"), ("empty", "")];
    let kept = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form(&fields), Event::Unknown(Unknown::Form(kept.to_vec())));
    for unknown in [
        json!([]),
        json!({}),
        json!({"event": "x"}),
        json!([{"userid": "alice", "status": "0"}, {"chatRoomId": "r1", "type": 1}]),
        json!({"userid": 7, "status": "0"}),
        json!({"chatRoomId": "r1", "type": "joined"}),
        json!({"eventType": 1, "originalMsgInfo": "x"}),
        json!({"result": "passed", "msgUID": "u"}),
        json!({"objectName": "RC:TxtMsg", "toUserId": "bob"}),
    ] {
        let event = json_event(&unknown);
        assert_eq!(event, Event::Unknown(Unknown::Json(unknown)));
        assert_eq!(event.name(), "unknown");
    }
}

#[test]
fn fields_nobody_told_us_of_are_kept_beside_the_known_ones() {
    let pairs = [
        ("toUserId", "bob"),
        ("objectName", "RC:TxtMsg"),
        ("msgTimestamp", "soon"),
        ("new", "1"),
        ("toUserId", "carol"),
    ];
    let Event::Route(message) = form(&pairs) else {
        panic!()
    };
    assert_eq!(message.to_user_id, "bob".into());
    assert_eq!(message.msg_timestamp, None);
    let extra = [
        ("msgTimestamp", "soon"),
        ("new", "1"),
        ("toUserId", "carol"),
    ];
    let extra = extra.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(message.extra, extra);
    let more = json!([{"userid": "alice", "status": "0", "appVersion": [1]}]);
    let Event::Online(changes) = json_event(&more) else {
        panic!()
    };
    assert_eq!(changes[0].extra["appVersion"], json!([1]));
}

#[test]
fn what_is_not_json_is_refused_without_its_words() {
    let bad = Event::from_json(b"{\"secret").unwrap_err();
    assert_eq!(bad.length, 8);
    assert!(!bad.to_string().contains("secret"));
}

#[test]
fn every_sample_has_a_key_of_its_own_and_repeats_have_the_same() {
    let mut keys = HashSet::new();
    for sample in samples() {
        let key = sample.event().dedupe_key();
        assert_eq!(sample.event().dedupe_key(), key, "{}", sample.name);
        assert!(keys.insert(key.clone()), "{}", sample.name);
        let id = sample.form.as_ref().and_then(|form| {
            let mut fields = form.iter();
            let field = fields.find(|(name, _)| *name == sample.dedupe_key)?;
            Some(field.1.clone())
        });
        match (id, key) {
            (Some(id), DedupeKey::Word(word)) => assert!(word.ends_with(&id), "{word}"),
            (None, DedupeKey::Hash(_)) => assert!(sample.dedupe_key.contains('+')),
            (None, DedupeKey::Word(word)) => assert_eq!(&*word, "audit:C5UU-C4MN-JDK5-E115"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_check_an_audit_and_the_route_of_one_message_are_three_events() {
    let route = RoutedMessage::new("alice", ChannelType::Person, "bob", "hi").sent("U", 1);
    let check = PreDelivery {
        message_id: Some("U".into()),
        ..PreDelivery::new("alice", ChannelType::Person, "bob", "hi")
    };
    let audit: AuditResult =
        serde_json::from_value(json!({"result": 10000, "msgUID": "U"})).unwrap();
    assert_eq!(route.dedupe_key(), DedupeKey::Word("U".into()));
    assert_eq!(check.dedupe_key(), DedupeKey::Word("check:U".into()));
    assert_eq!(audit.dedupe_key(), DedupeKey::Word("audit:U".into()));
}

#[test]
fn what_has_no_id_is_told_by_all_it_says() {
    let said =
        |text: &str| RoutedMessage::new("alice", ChannelType::Person, "bob", text).dedupe_key();
    assert_eq!(said("a"), said("a"));
    assert_ne!(said("a"), said("b"));
    let online = |session: &str, status, time| OnlineStatus {
        session_id: Some(session.to_owned()),
        ..OnlineStatus::new("alice", status, time)
    };
    let first = online("s1", OnlineState::Online, 1).dedupe_key();
    assert_ne!(online("s2", OnlineState::Online, 1).dedupe_key(), first);
    assert_ne!(online("s1", OnlineState::Offline, 1).dedupe_key(), first);
    assert_ne!(online("s1", OnlineState::Online, 2).dedupe_key(), first);
    let event = Event::from(online("s1", OnlineState::Online, 1));
    assert_eq!(event.dedupe_key(), first, "one alone has its own key");
    assert_ne!(
        json_event(&json!({"a": 1})).dedupe_key(),
        json_event(&json!({"a": 2})).dedupe_key()
    );
}

/// What a parser of these words may come across.
const WORDS: &[&str] = &[
    "userid",
    "status",
    "os",
    "time",
    "clientIp",
    "sessionId",
    "chatRoomId",
    "userIds",
    "type",
    "eventType",
    "optTime",
    "source",
    "conversationInfo",
    "conversationType",
    "targetId",
    "originalMsgInfo",
    "messageId",
    "messageTime",
    "recallMsgInfo",
    "isDelete",
    "isAdmin",
    "extra",
    "result",
    "content",
    "msgUID",
    "serviceProvider",
    "resultDetail",
    "0",
    "1",
    "10000",
];

/// A form that has some of these words for names and texts.
fn fields() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop::sample::select(
        &[
            "fromUserId",
            "toUserId",
            "objectName",
            "content",
            "channelType",
            "msgTimestamp",
            "timestamp",
            "msgUID",
            "originalMsgUID",
            "sensitiveType",
            "source",
            "busChannel",
            "groupUserIds",
            "appKey",
            "targetId",
            "toUserIds",
            "msgType",
            "pushContent",
            "msgTimeStamp",
            "messageId",
            "os",
            "clientIp",
            "other",
        ][..],
    );
    let value = prop_oneof![
        "[a-z,]{0,4}",
        "[0-9]{1,3}",
        "\\PC{0,6}",
        Just("PERSON".to_owned())
    ];
    prop::collection::vec((name.prop_map(str::to_owned), value), 0..12)
}

/// The objects of the kinds, with something else in some places.
fn kinds() -> impl Strategy<Value = Value> {
    let samples: Vec<Value> = samples()
        .into_iter()
        .filter_map(|sample| sample.json)
        .collect();
    let places = prop::collection::vec((any::<prop::sample::Index>(), json_of(WORDS)), 0..3);
    (prop::sample::select(samples), places).prop_map(|(mut json, misfits)| {
        for (at, misfit) in misfits {
            let places = mynah_testkit::places(&json);
            if let Some(place) = places.get(at.index(places.len().max(1)))
                && let Some(value) = json.pointer_mut(place)
            {
                *value = misfit;
            }
        }
        json
    })
}

proptest! {
    #[test]
    fn a_form_that_was_written_is_read_the_same(fields in fields()) {
        let event = Event::from_form(serde_html_form::to_string(&fields).unwrap().as_bytes());
        super::inbound::arrives_as_it_was_sent(&event);
    }

    #[test]
    fn json_that_was_written_is_read_the_same(json in prop_oneof![json_of(WORDS), kinds()]) {
        super::inbound::arrives_as_it_was_sent(&json_event(&json));
    }
}
