//! Calls of chats that were recorded from another client.

use mynah_core::HttpRequest;
use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::*;

/// A group as the records have it, and a message of the application in it.
fn org_for(record: &Value) -> (Org, String, String) {
    let mut org = Org::new();
    let members = json!({ "name": "全员群", "owner": "alice",
        "useridlist": ["alice", "bob", "carol"] });
    let chatid = org.ok("chat/create", members)["chatid"].clone();
    let message = json!({ "chatid": chatid, "msgtype": "text", "text": { "content": "x" } });
    let id = org.ok("chat/send", message)["messageId"].clone();
    let name = record["name"].as_str().unwrap();
    let readers: &[&str] = match name {
        "chat.get_read_list.empty" => &[],
        _ => &["alice", "bob"],
    };
    for who in readers {
        act(&mut org.world, who, "read", json!({ "message": id }));
    }
    let text = |value: Value| value.as_str().unwrap().to_owned();
    (org, text(chatid), text(id))
}

/// The same request with the ids that are known here.
fn request_of(org: &mut Org, record: &Value, chatid: &str, message: &str) -> HttpRequest {
    let given = &record["request"];
    let known = |text: &str| match text {
        "chatcf0675d404188cd1" => chatid.to_owned(),
        text if text.starts_with("msgpjz") => message.to_owned(),
        text => text.to_owned(),
    };
    let mut query = vec![format!("access_token={}", org.token)];
    for pair in given["query"].as_array().unwrap() {
        let (name, value) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        if name == "cursor" && value != "0" {
            // A cursor is one that was handed out.
            let asked = format!("messageId={}&size=1", escaped(message));
            let page = org.ok_get("chat/getReadList", &asked);
            query.push(format!("cursor={}", page["next_cursor"]));
        } else if name != "access_token" {
            query.push(format!("{name}={}", escaped(&known(value))));
        }
    }
    let mut body = given["json"].clone();
    if let Some(Value::String(id)) = body.get_mut("chatid") {
        *id = known(id);
    }
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let path = format!("{}?{}", given["path"].as_str().unwrap(), query.join("&"));
    request(given["method"].as_str().unwrap(), &path, body.as_bytes())
}

fn members(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

#[test]
fn every_recorded_call_of_chats_is_answered_as_it_was() {
    let records = vectors("requests");
    let records = records.as_array().unwrap().iter();
    let chats = records.filter(|record| record["name"].as_str().unwrap().starts_with("chat."));
    let mut answered = 0;
    for record in chats {
        let name = record["name"].as_str().unwrap();
        let (mut org, chatid, message) = org_for(record);
        told(&mut org.world);
        let request = request_of(&mut org, record, &chatid, &message);
        let answer = send(&mut org.world, &request);
        let recorded = &record["response"]["json"];
        assert_eq!(answer.code(), recorded["errcode"].as_i64().unwrap(), "{name}: {answer:?}");
        assert_eq!(answer.words(), recorded["errmsg"], "{name}");
        // One reader more than the sample has, or one page more.
        if name != "chat.get_read_list.defaults" {
            if name != "chat.get" {
                assert_eq!(members(&answer.0), members(recorded), "{name}");
            }
        }
        answered += 1;
    }
    assert!(answered >= 20, "{answered}");
}

#[test]
fn a_name_alone_from_a_client_that_always_sends_all_switches_resets_them() {
    let records = vectors("requests");
    let mut records = records.as_array().unwrap().iter();
    let record = records
        .find(|record| record["name"] == "chat.update.defaults")
        .unwrap();
    let (mut org, chatid, message) = org_for(record);
    let body = json!({ "chatid": chatid, "searchable": 1, "managementType": 1 });
    org.ok("chat/update", body);
    let request = request_of(&mut org, record, &chatid, &message);
    assert_eq!(send(&mut org.world, &request).code(), 0);
    let info = org.ok_get("chat/get", &format!("chatid={chatid}"))["chat_info"].clone();
    assert_eq!((&info["searchable"], &info["managementType"]), (&json!(0), &json!(0)));
    assert!(org.world.conversations(None).is_ok());
}
