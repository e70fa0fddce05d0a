//! What bots are told, as the vendor's pages print it.

use mynah_testkit::json_of;
use mynah_wecom::aibot::{
    Callback, ChatType, Content, DecodeError, Event, Kind, MediaKey, ResponseUrl, SelectedItem,
};
use mynah_wecom::card::CardType;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::vectors;

const EVENTS: &str = include_str!("../../vectors/events.json");

fn read(json: &Value) -> Callback {
    Callback::from_slice(json.to_string().as_bytes()).unwrap()
}

fn written(callback: &Callback) -> Value {
    serde_json::to_value(callback).unwrap()
}

/// The documented callback of this name.
fn documented(name: &str) -> Callback {
    let events = vectors(EVENTS);
    let callbacks = events["aibot_callbacks"].as_array().unwrap().clone();
    let found = callbacks.iter().find(|callback| callback["name"] == name);
    read(&found.unwrap_or_else(|| panic!("{name}"))["plaintext_json"])
}

fn message(callback: &Callback) -> (&Content, Option<&Content>) {
    match &callback.kind {
        Kind::Message { content, quote } => (content, quote.as_ref()),
        other => panic!("{other:?}"),
    }
}

fn event(callback: &Callback) -> &Event {
    match &callback.kind {
        Kind::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_documented_callback_is_understood_and_written_again() {
    let events = vectors(EVENTS);
    let callbacks = events["aibot_callbacks"].as_array().unwrap();
    assert_eq!(callbacks.len(), 11);
    for case in callbacks {
        let (name, plain) = (&case["name"], &case["plaintext_json"]);
        let callback =
            Callback::from_slice(case["plaintext"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(written(&callback), *plain, "{name}");
        assert!(callback.extra.is_empty(), "{name}: {:?}", callback.extra);
        let unknown = matches!(
            callback.kind,
            Kind::Message {
                content: Content::Unknown { .. },
                ..
            } | Kind::Event(Event::Unknown(_))
        );
        assert!(!unknown, "{name}");
        assert_eq!(
            callback.dedupe_key().to_string(),
            plain["msgid"].as_str().unwrap()
        );
    }
}

#[test]
fn a_text_in_a_group_tells_who_where_and_in_answer_to_what() {
    let callback = documented("aibot text (group, quote)");
    assert_eq!(callback.userid(), Some(&"alice".into()));
    assert_eq!(callback.chattype, Some(ChatType::Group));
    assert_eq!(callback.chatid, Some("CHATID".into()));
    assert_eq!(callback.name(), "text");
    let (content, quote) = message(&callback);
    assert_eq!(content.text(), Some("@RobotA hello robot"));
    assert_eq!(quote.unwrap().text(), Some("这是今日的测试情况"));
    let url = callback.response_url.as_ref().unwrap();
    assert_eq!(url.response_code().as_deref(), Some("RESPONSE_CODE"));
}

#[test]
fn a_mixed_message_keeps_its_order() {
    let callback = documented("aibot mixed");
    let (Content::Mixed(items), None) = message(&callback) else {
        panic!("{callback:?}");
    };
    assert_eq!(items[0].text(), Some("@机器人 这是今日的测试情况"));
    assert!(matches!(&items[1], Content::Image(image) if image.url.ends_with("encrypted-image")));
}

#[test]
fn speech_comes_as_text() {
    let callback = documented("aibot voice (single only)");
    assert_eq!(message(&callback).0.text(), Some("这是语音转成文本的内容"));
}

#[test]
fn the_platform_asks_for_a_stream_by_its_id() {
    let callback = documented("aibot stream refresh");
    assert_eq!(callback.kind, Kind::Refresh("STREAMID".to_owned()));
}

#[test]
fn a_choice_on_a_card_names_the_questions_and_the_options() {
    let callback = documented("aibot event template_card_event");
    assert_eq!(callback.create_time, Some(1_700_000_000));
    let Event::Card(card) = event(&callback) else {
        panic!("{callback:?}");
    };
    assert_eq!(card.card_type, Some(CardType::VoteInteraction));
    assert_eq!(card.event_key, "button_replace_text");
    assert_eq!(card.task_id.as_str(), "fBmjTL7ErRCQSNA6GZKMlcFiWX1shOvg");
    let chosen = SelectedItem {
        question_key: "button_selection_key1".to_owned(),
        option_ids: vec!["one".to_owned(), "two".to_owned()],
    };
    assert_eq!(card.selected_items, [chosen]);
}

#[test]
fn a_card_event_in_flat_form_is_tolerated() {
    let callback = read(&json!({
        "msgid": "1", "aibotid": "b", "msgtype": "event",
        "event": {"eventtype": "template_card_event", "event_key": "confirm", "task_id": "t"},
    }));
    let Event::Card(card) = event(&callback) else {
        panic!("{callback:?}");
    };
    assert_eq!(
        (card.event_key.as_str(), card.task_id.as_str()),
        ("confirm", "t")
    );
    let nested = &written(&callback)["event"]["template_card_event"];
    assert_eq!(nested["event_key"], "confirm");
}

#[test]
fn a_rating_keeps_numbers_that_nobody_has_explained() {
    let callback = documented("aibot event feedback_event");
    let Event::Feedback(feedback) = event(&callback) else {
        panic!("{callback:?}");
    };
    assert_eq!((feedback.id.as_str(), feedback.rating), ("FEEDBACKID", 2));
    assert_eq!(feedback.content.as_deref(), Some("能再详细一些么"));
    assert_eq!(feedback.inaccurate_reason_list, [2, 4]);
    let strange = read(&json!({
        "msgid": "1", "aibotid": "b", "msgtype": "event",
        "event": {"eventtype": "feedback_event", "feedback_event": {"id": "f", "type": 99}},
    }));
    assert!(matches!(event(&strange), Event::Feedback(feedback) if feedback.rating == 99));
}

#[test]
fn a_disconnection_has_no_sender() {
    let callback = read(&json!({
        "msgid": "EVT4", "create_time": 1_700_000_003, "aibotid": "aib-sandbox",
        "msgtype": "event", "event": {"eventtype": "disconnected_event"},
    }));
    assert_eq!(*event(&callback), Event::Disconnected);
    assert_eq!(callback.userid(), None);
    assert_eq!(callback.name(), "event.disconnected_event");
}

#[test]
fn media_of_the_long_connection_carry_their_key_which_never_shows() {
    let callback = read(&json!({
        "msgid": "1", "aibotid": "b", "chattype": "single", "from": {"userid": "alice"},
        "response_url": "https://example.com/?response_code=SECRET1",
        "msgtype": "file", "file": {"url": "https://example.com/f", "aeskey": "SECRET2"},
    }));
    let (Content::File(file), None) = message(&callback) else {
        panic!("{callback:?}");
    };
    assert_eq!(file.aeskey, Some(MediaKey::new("SECRET2")));
    assert_eq!(
        callback.response_url,
        Some(ResponseUrl::new(
            "https://example.com/?response_code=SECRET1"
        ))
    );
    assert!(!format!("{callback:?}").contains("SECRET"), "{callback:?}");
    assert_eq!(written(&callback)["file"]["aeskey"], "SECRET2");
}

#[test]
fn unknown_kinds_and_fields_are_kept() {
    for json in [
        json!({"msgid": "1", "aibotid": "b", "msgtype": "location", "location": {"x": 1}}),
        json!({"msgid": "1", "aibotid": "b", "msgtype": "sticker", "colour": "red"}),
        json!({"msgid": "1", "aibotid": "b", "msgtype": "text", "text": 5}),
        json!({"msgid": "1", "aibotid": "b", "msgtype": "mixed", "mixed": {"msg_item": [{}]}}),
        json!({"msgid": "1", "aibotid": "b", "msgtype": "event", "event": {"eventtype": "tickled", "by": 3}}),
        json!({"msgid": "1", "aibotid": "b", "msgtype": "event", "event": {"eventtype": "feedback_event"}}),
        json!({"msgid": "1", "aibotid": "b", "msgtype": "text", "text": {"content": ""}, "quote": []}),
    ] {
        assert_eq!(written(&read(&json)), json);
    }
}

#[test]
fn what_is_no_callback_is_refused_without_repeating_it() {
    for (bytes, expected) in [
        (
            &b"secret"[..],
            "not a JSON object: stopped at line 1, column 1 of 6 bytes",
        ),
        (
            b"[]",
            "not a JSON object: stopped at line 1, column 0 of 2 bytes",
        ),
        (
            b"\xff",
            "not a JSON object: stopped at line 1, column 1 of 1 bytes",
        ),
    ] {
        let error = Callback::from_slice(bytes).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    for bytes in ["{}", r#"{"msgtype":1}"#] {
        assert_eq!(
            Callback::from_slice(bytes.as_bytes()),
            Err(DecodeError::NoKind)
        );
    }
}

/// Words callbacks are made of.
const WORDS: &[&str] = &[
    "msgtype",
    "text",
    "content",
    "mixed",
    "msg_item",
    "event",
    "eventtype",
    "template_card_event",
    "feedback_event",
    "quote",
    "from",
    "chattype",
    "stream",
    "id",
    "image",
    "url",
    "msgid",
    "create_time",
    "userid",
    "selected_items",
];

#[test]
fn an_unknown_kind_takes_nothing_from_the_rest_of_the_callback() {
    let read = Callback::from_slice(br#"{"msgid":"1","msgtype":"msgid"}"#).unwrap();
    assert_eq!(read.msgid.as_str(), "1");
    let again = serde_json::to_vec(&read).unwrap();
    assert_eq!(Callback::from_slice(&again).unwrap(), read);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = Callback::from_slice(&bytes);
    }

    #[test]
    fn what_was_read_is_written_so_that_it_is_read_the_same(json in json_of(WORDS)) {
        if let Ok(callback) = Callback::from_slice(json.to_string().as_bytes()) {
            let again = serde_json::to_vec(&callback).unwrap();
            prop_assert_eq!(Callback::from_slice(&again).unwrap(), callback);
        }
    }
}
