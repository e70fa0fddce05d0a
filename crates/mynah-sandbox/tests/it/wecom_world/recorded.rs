//! Requests that were recorded from other clients.

use mynah_core::HttpRequest;
use serde_json::{Value, json};

use super::support::*;

/// What must be refused although the recording server answered it.
const REFUSED: &[(&str, i64)] = &[
    ("appchat.create no arguments", 86204),
    ("appchat.create empty strings kept", 86006),
    ("appchat.send text without content", 44004),
    ("message.send no msg", 40008),
];

/// A corp in which the recorded request makes sense.
fn corp_for(record: &Value) -> Corp {
    let mut corp = Corp::new();
    let path = record["request"]["path"].as_str().unwrap();
    let area = path.strip_prefix("/cgi-bin/").unwrap();
    if area.starts_with("appchat/") && area != "appchat/create" {
        corp.ok(
            "appchat/create",
            json!({"chatid": "mynah001", "name": "测试群", "owner": "alice",
            "userlist": ["alice", "bob", "carol"]}),
        );
        if record["name"] == "appchat.update del only" {
            corp.ok(
                "appchat/update",
                json!({"chatid": "mynah001", "add_user_list": ["dave"]}),
            );
        }
    }
    if area.starts_with("message/")
        || area.starts_with("department/") && area != "department/create"
    {
        let department = json!({"id": 2, "name": "研发", "parentid": 1});
        if record["name"] != "department.list" && record["name"] != "department.list id" {
            corp.ok("department/create", department);
        }
    }
    if area.starts_with("message/") {
        for id in [3, 7] {
            corp.ok(
                "tag/create",
                json!({"tagid": id, "tagname": format!("t{id}")}),
            );
        }
    }
    if area == "message/update_taskcard" {
        let card = json!({"title": "t", "description": "d", "task_id": "task-1",
            "btn": [{"key": "yes", "name": "同意"}]});
        corp.tell_alice("taskcard", card);
    }
    if area.starts_with("tag/") && area != "tag/create" {
        corp.ok("tag/create", json!({"tagid": 1, "tagname": "a"}));
        if area != "tag/addtagusers" {
            corp.ok(
                "tag/addtagusers",
                json!({"tagid": 1, "userlist": ["alice"]}),
            );
        }
    }
    if area == "user/delete" || area == "user/batchdelete" {
        for id in ["frank", "grace"] {
            corp.ok(
                "user/create",
                json!({"userid": id, "name": id, "department": [1]}),
            );
        }
    }
    corp
}

/// The same request with the ids that this corp has given out.
fn request_of(corp: &mut Corp, record: &Value) -> HttpRequest {
    let request = &record["request"];
    let mut query = vec![format!("access_token={}", corp.token)];
    for pair in request["query"].as_array().unwrap() {
        let (name, value) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        match name {
            "access_token" => {}
            "media_id" => {
                let id = corp.upload("file", "a.txt", b"mytext");
                query.push(format!("media_id={id}"));
            }
            "code" => {
                let code = act(&mut corp.world, "alice", "sign_in", json!({}));
                query.push(format!("code={}", code["code"].as_str().unwrap()));
            }
            _ => query.push(format!("{name}={value}")),
        }
    }
    let path = request["path"].as_str().unwrap();
    let path = format!("{path}?{}", query.join("&"));
    let method = request["method"].as_str().unwrap();
    if let Some(part) = request["multipart"].get(0) {
        let body = part["body_base64"].as_str().unwrap();
        let body = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body);
        let disposition = part["content-disposition"].as_str().unwrap();
        return form_with(
            &path,
            &format!("Content-Disposition: {disposition}"),
            &body.unwrap(),
        );
    }
    let mut body = request.get("json").cloned().unwrap_or_default();
    replace_media(corp, &mut body);
    if record["name"] == "user.convert_to_user_id" {
        let openid = corp.ok("user/convert_to_openid", json!({"userid": "alice"}));
        body["openid"] = openid["openid"].clone();
    }
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    super::support::request(method, &path, body.as_bytes())
}

/// Puts the id of a file of the right kind wherever there is one.
fn replace_media(corp: &mut Corp, body: &mut Value) {
    let kind = body["msgtype"].as_str().unwrap_or("").to_owned();
    let kind = if kind == "mpnews" { "image" } else { &kind };
    for pointer in [
        "/image/media_id",
        "/voice/media_id",
        "/video/media_id",
        "/file/media_id",
        "/mpnews/articles/0/thumb_media_id",
    ] {
        if body.pointer(pointer).is_some() {
            let id = corp.upload(kind, "a", PNG);
            *body.pointer_mut(pointer).unwrap() = json!(id);
        }
    }
}

/// Everything that was recorded is there, of the same kind.
fn same_shape(recorded: &Value, ours: &Value, at: &str) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (name, value) in recorded {
                let found = ours.get(name);
                let found = found.unwrap_or_else(|| panic!("{at}.{name} is missing in {ours:?}"));
                same_shape(value, found, &format!("{at}.{name}"));
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            if let (Some(recorded), Some(ours)) = (recorded.first(), ours.first()) {
                same_shape(recorded, ours, &format!("{at}[0]"));
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{at}: {recorded} was recorded, not {ours}"),
    }
}

#[test]
fn every_recorded_request_is_answered_with_the_recorded_keys_and_types() {
    let records = vectors("requests");
    let mut answered = 0;
    for record in records.as_array().unwrap() {
        if record["request"].is_null() {
            continue;
        }
        let name = record["name"].as_str().unwrap();
        let mut corp = corp_for(record);
        let request = request_of(&mut corp, record);
        let response = raw(&mut corp.world, &request);
        let recorded = &record["response"]["json"];
        if recorded.is_null() {
            assert_eq!(response.body().as_ref(), b"mytext", "{name}");
            assert!(response.headers().contains_key("content-disposition"));
            answered += 1;
            continue;
        }
        let answer = Answer::read(&response);
        if let Some((_, code)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            assert_eq!(answer.code(), *code, "{name}: {answer:?}");
        } else {
            assert_eq!(answer.code(), 0, "{name}: {answer:?}");
            assert_eq!(answer.0["errmsg"], recorded["errmsg"], "{name}");
            same_shape(recorded, &answer.0, name);
        }
        answered += 1;
    }
    assert_eq!(answered, 100);
}

#[test]
fn every_recorded_message_of_a_robot_is_taken() {
    for record in vectors("webhook").as_array().unwrap() {
        let request = &record["request"];
        let Some(body) = request["json"].as_object() else {
            continue;
        };
        let mut body = Value::Object(body.clone());
        let mut corp = Corp::new();
        let kind = body["msgtype"].as_str().unwrap().to_owned();
        if body[&kind]["media_id"].is_string() {
            let path = format!("/cgi-bin/webhook/upload_media?key={KEY}&type={kind}");
            let answer = send(&mut corp.world, &form(&path, "a.txt", b"mytext"));
            body[&kind]["media_id"] = answer.0["media_id"].clone();
        }
        let answer = robot(&mut corp.world, KEY, &body);
        assert_eq!(answer.0, json!({"errcode": 0, "errmsg": "ok"}), "{record}");
        assert_eq!(last(&corp.world, "group:general").from.name, "robot");
    }
}
