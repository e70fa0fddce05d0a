//! What people say to a robot.

use std::time::{Duration, UNIX_EPOCH};

use mynah_core::DedupeKey;
use mynah_dingtalk::robot::{
    AtUser, Content, ConversationType, RichPart, RobotMessage, SessionWebhook,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::events::{sample, samples};

fn read(json: &Value) -> RobotMessage {
    RobotMessage::from_slice(json.to_string().as_bytes()).unwrap()
}

/// A whole message with one of the documented bodies.
fn with_body(name: &str) -> Value {
    let mut message = sample("robot.message.text.single").payload;
    let fields = message.as_object_mut().unwrap();
    fields.remove("text");
    fields.extend(sample(name).payload.as_object().unwrap().clone());
    message
}

#[test]
fn every_sample_is_read_and_written_as_it_came() {
    let bodies = samples()
        .into_iter()
        .filter(|sample| sample.name.starts_with("robot.message."));
    let mut count = 0;
    for sample in bodies {
        let payload = match sample.name.split_once(".part.") {
            Some(_) => with_body(&sample.name),
            None => sample.payload,
        };
        let message = read(&payload);
        assert!(
            !matches!(message.content, Content::Unknown(_)),
            "{}",
            sample.name
        );
        assert!(
            message.extra.is_empty(),
            "{}: all has its place",
            sample.name
        );
        assert_eq!(message.to_json(), payload, "{}", sample.name);
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn a_message_of_a_group_says_where_who_and_how_to_answer() {
    let message = read(&sample("robot.message.text.group").payload);
    assert!(message.is_group());
    assert_eq!(
        message.conversation_title.as_deref(),
        Some("机器人测试-TEST")
    );
    assert_eq!(message.sender_staff_id, Some("user123".into()));
    assert_eq!(message.is_in_at_list, Some(true));
    let [AtUser { union_id, .. }] = &message.at_users[..] else {
        panic!("{message:?}");
    };
    assert_eq!(union_id, &Some("edxxx34".into()));
    assert_eq!(message.dedupe_key(), DedupeKey::Word("msg0xxxxx".into()));
    let webhook = message.session_webhook.unwrap();
    assert_eq!(webhook.session().as_deref(), Some("xxxxx"));
    let end = UNIX_EPOCH + Duration::from_millis(1_613_635_652_738);
    assert_eq!(webhook.expires_at(), Some(end));
    assert!(webhook.is_good_at(end - Duration::from_millis(1)));
    assert!(!webhook.is_good_at(end));
}

#[test]
fn the_blank_behind_a_mention_is_trimmed_and_kept() {
    let message = read(&sample("robot.message.text.group").payload);
    assert_eq!(message.text(), Some("你好"));
    let Content::Text(text) = &message.content else {
        panic!("{message:?}");
    };
    assert_eq!(text.content, " 你好");
}

#[test]
fn a_person_of_another_organisation_has_no_staff_id() {
    let mut payload = sample("robot.message.text.single").payload;
    payload.as_object_mut().unwrap().remove("senderStaffId");
    let message = read(&payload);
    assert_eq!(message.sender_staff_id, None);
    assert_eq!(message.sender_id, "$:LWCP_v1:$Ff09GIxxxxx");
    assert_eq!(message.conversation_type, Some(ConversationType::Single));
}

#[test]
fn each_kind_says_what_its_file_is_downloaded_with() {
    for (name, kind, has_code) in [
        ("robot.message.part.picture", "picture", true),
        ("robot.message.part.audio", "audio", true),
        ("robot.message.part.video", "video", true),
        ("robot.message.part.file", "file", true),
        ("robot.message.part.richText", "richText", false),
        ("robot.message.part.text", "text", false),
    ] {
        let message = read(&with_body(name));
        assert_eq!(message.name(), kind);
        assert_eq!(
            message.content.download_code().is_some(),
            has_code,
            "{name}"
        );
    }
    let Content::RichText(rich) = read(&with_body("robot.message.part.richText")).content else {
        panic!("rich text");
    };
    let [text, picture] = &rich.parts[..] else {
        panic!("{rich:?}");
    };
    assert_eq!(text, &RichPart::text("你好"));
    let code = picture.download_code.clone().unwrap();
    assert_eq!(picture, &RichPart::picture(code));
}

#[test]
fn a_kind_nobody_knows_is_kept_with_what_it_says() {
    for payload in [
        json!({"msgId": "m", "msgtype": "unknownMsgType", "content": {"x": 1}}),
        json!({"msgId": "m", "msgtype": "picture", "content": {"downloadCode": 7}}),
        json!({"msgId": "m", "msgtype": "text", "text": ["你好"]}),
    ] {
        let message = read(&payload);
        let word = payload["msgtype"].as_str().unwrap().to_owned();
        assert_eq!(message.content, Content::Unknown(word));
        assert_eq!(message.to_json(), payload);
    }
}

#[test]
fn the_misspelt_time_of_a_sample_is_read() {
    let frame = sample("robot.stream.frame").payload;
    let data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
    assert!(data.get("createAt").is_none());
    let message = read(&data);
    assert_eq!(message.create_at, Some(1_690_362_101_894));
    assert_eq!(message.to_json()["createAt"], json!(1_690_362_101_894_i64));
    assert!(message.extra.is_empty());
}

#[test]
fn the_session_shows_on_demand_only() {
    let webhook = SessionWebhook::new("https://h/robot/sendBySession?session=a%2Bb", 5);
    assert!(!format!("{webhook:?}").contains("session="));
    assert_eq!(webhook.session().as_deref(), Some("a+b"));
    assert!(webhook.expose().ends_with("a%2Bb"));
    assert_eq!(SessionWebhook::new("no query", 0).session(), None);
    let never = SessionWebhook::new("https://h", -1);
    assert!(!never.is_good_at(UNIX_EPOCH));
}

#[test]
fn what_is_no_message_is_refused() {
    for bad in ["", "[]", "null", "7", r#""text""#, "{}", r#"{"msgtype":7}"#] {
        assert!(RobotMessage::from_slice(bad.as_bytes()).is_err(), "{bad}");
    }
}

/// Any member with any value.
fn members() -> impl Strategy<Value = Vec<(String, Value)>> {
    let name = prop::sample::select(vec![
        "msgId",
        "conversationId",
        "conversationType",
        "conversationTitle",
        "senderId",
        "senderStaffId",
        "senderUnionId",
        "createAt",
        "createA",
        "isAdmin",
        "isInAtList",
        "atUsers",
        "sessionWebhook",
        "sessionWebhookExpiredTime",
        "robotCode",
        "text",
        "content",
        "other",
    ]);
    let value = prop::sample::select(vec![
        json!(null),
        json!(""),
        json!("x"),
        json!("12"),
        json!(7),
        json!(0),
        json!(true),
        json!([]),
        json!([{"dingtalkId": "d", "x": 1}, {}]),
        json!([["d", "s", "u"]]),
        json!({}),
        json!({"content": "hi", "more": 1}),
        json!({"downloadCode": "c", "duration": 5}),
        json!({"richText": [{"text": "a"}, {"downloadCode": "c", "type": "picture"}, {"z": 1}]}),
        json!({"downloadCode": "c", "duration": "five"}),
    ]);
    prop::collection::vec((name.prop_map(str::to_owned), value), 0..10)
}

proptest! {
    #[test]
    fn what_was_written_is_read_the_same(members in members(), kind in "text|richText|picture|audio|video|file|x") {
        let mut json: serde_json::Map<String, Value> = members.into_iter().collect();
        json.insert("msgtype".to_owned(), kind.into());
        let message = read(&Value::Object(json));
        let again = read(&message.to_json());
        prop_assert_eq!(again.dedupe_key(), message.dedupe_key());
        prop_assert_eq!(again, message);
    }
}
