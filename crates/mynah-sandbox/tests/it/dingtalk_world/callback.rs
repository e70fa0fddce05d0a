//! The registration of the address to which events go, and what did not arrive
//! there.

use mynah_core::ApiError;
use mynah_dingtalk::event::{Callback, ChatChange, ChatTitle, Kind};
use mynah_sandbox::World;
use mynah_sandbox::dingtalk::Pending;
use serde_json::{Value, json};

use super::support::*;

const REGISTER: &str = "call_back/register_call_back";
const UPDATE: &str = "call_back/update_call_back";

fn wanted() -> Value {
    json!({"call_back_tag": ["chat_add_member", "chat_update_title"], "token": "123456",
        "aes_key": AES_KEY, "url": "https://example.com/cb"})
}

/// The first half of a registration.
fn begin(org: &mut Org, path: &str, body: &Value) -> Result<Pending, Answer> {
    let query = format!("/{path}?access_token={}", org.token);
    let request = request("POST", &query, body.to_string().as_bytes());
    let begun = org
        .world
        .begin_callback(&format!("/{path}"), &request, [127, 0, 0, 1].into());
    begun.map_err(|response| Answer::read(&response))
}

/// What the first half refuses; nothing changes.
#[track_caller]
fn not_begun(org: &mut Org, path: &str, body: &Value) -> i64 {
    let before = org.world.snapshot();
    let refusal = begin(org, path, body).unwrap_err();
    assert!(org.world.snapshot() == before);
    refusal.code()
}

fn finish(org: &mut Org, pending: Pending, code: i64) -> i64 {
    let checked = match code {
        0 => Ok(()),
        code => Err(ApiError::new(code, "words")),
    };
    Answer::read(&org.world.finish_callback(pending, checked)).code()
}

#[test]
fn an_address_is_registered_when_it_has_answered_and_not_before() {
    let mut org = Org::new();
    let pending = begin(&mut org, REGISTER, &wanted()).unwrap();
    assert_eq!(pending.registered.url, "https://example.com/cb");
    assert_eq!(pending.registered.token.expose(), "123456");
    assert!(org.world.callback().is_none());
    assert_eq!(org.refused_get("call_back/get_call_back", ""), 71007);

    assert_eq!(finish(&mut org, pending, 0), 0);
    let registered = org.world.callback().unwrap();
    assert_eq!(registered.tags, ["chat_add_member", "chat_update_title"]);
    let shown = org.ok_get("call_back/get_call_back", "");
    let mut expected = wanted();
    expected["errcode"] = json!(0);
    expected["errmsg"] = json!("ok");
    assert_eq!(shown, expected);
}

#[test]
fn an_address_that_answers_wrongly_is_not_registered() {
    let mut org = Org::new();
    for code in [71009, 71010, 71012] {
        let pending = begin(&mut org, REGISTER, &wanted()).unwrap();
        assert_eq!(finish(&mut org, pending, code), code);
        assert!(org.world.callback().is_none());
    }
}

#[test]
fn there_is_one_address_and_only_that_is_changed_or_removed() {
    let mut org = Org::new();
    assert_eq!(not_begun(&mut org, UPDATE, &wanted()), 71007);
    assert_eq!(org.refused_get("call_back/delete_call_back", ""), 71007);
    org.ok(REGISTER, wanted());
    assert_eq!(not_begun(&mut org, REGISTER, &wanted()), 71006);
    assert_eq!(org.refused(REGISTER, wanted()), 71006);

    let other = json!({"call_back_tag": ["chat_quit"], "token": "654321", "aes_key": AES_KEY,
        "url": "https://example.com/cb2"});
    let pending = begin(&mut org, UPDATE, &other).unwrap();
    assert_eq!(org.world.callback().unwrap().url, "https://example.com/cb");
    assert_eq!(finish(&mut org, pending, 71012), 71012);
    assert_eq!(org.world.callback().unwrap().url, "https://example.com/cb");
    let pending = begin(&mut org, UPDATE, &other).unwrap();
    assert_eq!(finish(&mut org, pending, 0), 0);
    let registered = org.world.callback().unwrap();
    assert_eq!(registered.url, "https://example.com/cb2");
    assert_eq!(registered.tags, ["chat_quit"]);
    assert_eq!(registered.token.expose(), "654321");

    org.ok_get("call_back/delete_call_back", "");
    assert!(org.world.callback().is_none());
    org.ok(REGISTER, wanted());
}

#[test]
fn what_happens_while_an_address_is_asked_counts() {
    let mut org = Org::new();
    let pending = begin(&mut org, REGISTER, &wanted()).unwrap();
    org.ok(REGISTER, wanted());
    assert_eq!(finish(&mut org, pending, 0), 71006);
    let pending = begin(&mut org, UPDATE, &wanted()).unwrap();
    org.ok_get("call_back/delete_call_back", "");
    assert_eq!(finish(&mut org, pending, 0), 71007);
}

#[test]
fn what_is_wrong_with_an_address_is_said_before_it_is_asked() {
    let mut org = Org::new();
    for (field, value, code) in [
        ("call_back_tag", json!(null), 71010),
        ("call_back_tag", json!([]), 71010),
        ("call_back_tag", json!(["chat_quit", "chat_gossip"]), 71008),
        ("call_back_tag", json!(["chat_quit", 5]), 71008),
        ("token", json!(null), 71010),
        ("token", json!("12345"), 71010),
        ("token", json!("1".repeat(64)), 71010),
        ("aes_key", json!(null), 71010),
        ("aes_key", json!("a".repeat(42)), 71010),
        ("aes_key", json!("+".repeat(43)), 71010),
        ("url", json!(null), 71010),
        ("url", json!("example.com/cb"), 71011),
        ("url", json!("ftp://example.com/cb"), 71011),
        ("url", json!("http://"), 71011),
    ] {
        let mut body = wanted();
        body[field] = value.clone();
        let refused = not_begun(&mut org, REGISTER, &body);
        assert_eq!(refused, code, "{field}: {value}");
        assert_eq!(org.refused(REGISTER, body.clone()), code);
        // The form is looked at before what is registered already.
        assert_eq!(not_begun(&mut org, UPDATE, &body), code);
    }
    for token in ["123456".to_owned(), "1".repeat(63)] {
        let mut body = wanted();
        body["token"] = json!(token);
        assert!(begin(&mut org, REGISTER, &body).is_ok());
    }
}

#[test]
fn the_first_half_has_the_gate_of_every_call() {
    let mut org = Org::new();
    let token = std::mem::take(&mut org.token);
    assert_eq!(not_begun(&mut org, REGISTER, &wanted()), 41001);
    org.token = "x".to_owned();
    assert_eq!(not_begun(&mut org, REGISTER, &wanted()), 40014);
    org.token = token;
    let path = format!("/{REGISTER}?access_token={}", org.token);
    let mut code = |method: &str, body: &[u8]| {
        let request = request(method, &path, body);
        let path = format!("/{REGISTER}");
        let caller = [127, 0, 0, 1].into();
        let refusal = org.world.begin_callback(&path, &request, caller);
        Answer::read(&refusal.unwrap_err()).code()
    };
    assert_eq!(code("GET", b""), 43002);
    assert_eq!(code("POST", b"url=x"), 43009);
}

fn title(number: i64) -> Callback {
    let chat = ChatChange {
        time_stamp: Some(NOW + number),
        chat_id: Some("chatgeneral".into()),
        open_conversation_id: Some("cid1".into()),
        operator: Some("alice".into()),
        ..ChatChange::default()
    };
    let title = Some(format!("t{number}"));
    Callback::new(Kind::ChatUpdateTitle(ChatTitle { chat, title }))
        .corp(CORP)
        .made("event", NOW)
}

#[test]
fn an_event_that_did_not_arrive_is_listed_once() {
    let mut org = Org::new();
    let none = json!({"errcode": 0, "errmsg": "ok", "has_more": false, "failed_list": []});
    let path = "call_back/get_call_back_failed_result";
    assert_eq!(org.ok_get(path, ""), none);
    org.world.callback_failed(&title(1));
    let list = org.ok_get(path, "");
    assert_eq!(list["has_more"], false);
    assert_eq!(
        list["failed_list"],
        json!([{"call_back_tag": "chat_update_title", "event_time": NOW + 1,
            "chat_update_title": {"corpid": CORP, "chatid": "chatgeneral",
                "openconversationid": "cid1", "title": "t1", "operator": "alice"}}])
    );
    assert_eq!(org.ok_get(path, ""), none);
}

#[test]
fn at_most_200_events_that_did_not_arrive_are_listed_at_once() {
    let mut org = Org::new();
    for number in 0..401 {
        org.world.callback_failed(&title(number));
    }
    let snapshot = org.world.snapshot();
    org.world.restore(snapshot).unwrap();
    let path = "call_back/get_call_back_failed_result";
    for (many, more) in [(200, true), (200, true), (1, false), (0, false)] {
        let list = org.ok_get(path, "");
        assert_eq!(list["failed_list"].as_array().unwrap().len(), many);
        assert_eq!(list["has_more"], more);
    }
}

#[test]
fn an_address_of_the_command_line_is_registered_without_being_asked() {
    let mut org = Org::new();
    let registered = serde_json::from_value(wanted()).unwrap();
    org.world.register_callback(registered);
    assert_eq!(
        org.ok_get("call_back/get_call_back", "")["url"],
        "https://example.com/cb"
    );
}
