//! Every recorded request, answered in the recorded shape.

use mynah_core::{HttpRequest, HttpResponse};
use mynah_sandbox::{Time, World};
use serde_json::{Value, json};

use super::support::{Service, act, raw, replay, say, told, vectors};

/// Recorded answers that a fault makes this world give, and no rule.
const OF_FAULTS: [&str; 2] = ["error_code_in_http_200", "error_non_json"];

/// Calls that this project leaves out on purpose.
const LEFT_OUT: [&str; 8] = [
    "user_whitelist_add",
    "user_whitelist_remove",
    "user_whitelist_query",
    "user_tag_batch_set",
    "chatroom_user_ban_add",
    "chatroom_user_ban_remove",
    "chatroom_user_ban_query",
    "push_user",
];

/// Makes what a recorded request is about. What is to be changed in it.
fn stage(service: &mut Service, name: &str, path: &str) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    match name {
        "user_get_token_over_limit" => service.world.settings_mut().users = 6,
        "message_broadcast_limited" => {
            service.world.settings_mut().strict = true;
            let form = [("fromUserId", "s"), ("objectName", "x"), ("content", "x")];
            for _ in 0..2 {
                service.ok("message/broadcast", &form);
            }
        }
        "message_get_history" => {
            // 01:30 of that day in Beijing.
            service.world.set_time(Time(1_388_511_000_000));
            say(&mut service.world, "alice", "user:bot", "hi");
        }
        "group_join_full" => {
            service.world.settings_mut().group_members = 1;
            let form = [("userId", "bob"), ("groupId", "gfull"), ("groupName", "x")];
            service.ok("group/create", &form);
        }
        "call_api_no_params" => {}
        _ => stage_path(service, path, &mut renamed),
    }
    told(&mut service.world);
    renamed
}

fn stage_path(service: &mut Service, path: &str, renamed: &mut Vec<(String, String)>) {
    let in_group = [("userId", "bob"), ("groupId", "g1"), ("minute", "30")];
    let in_room = [("userId", "bob"), ("chatroomId", "r1"), ("minute", "30")];
    match path {
        "/user/block/query.json" => {
            service.ok("user/block", &[("userId", "dave"), ("minute", "10")]);
        }
        "/user/blacklist/query.json" => {
            service.ok(
                "user/blacklist/add",
                &[("userId", "alice"), ("blackUserId", "bob")],
            );
        }
        "/wordfilter/list.json" | "/sensitiveword/list.json" => {
            service.ok(
                "sensitiveword/add",
                &[("word", "money"), ("replaceWord", "***")],
            );
            service.ok("sensitiveword/add", &[("word", "gold")]);
        }
        "/group/user/query.json" | "/user/group/query.json" => {
            let form = [
                ("userId", "alice"),
                ("groupId", "g1"),
                ("groupName", "Group One"),
            ];
            service.ok("group/create", &form);
            service.ok("group/quit", &[("userId", "alice"), ("groupId", "general")]);
        }
        "/group/user/gag/list.json" => _ = service.ok("group/user/gag/add", &in_group),
        "/group/ban/query.json" => _ = service.ok("group/ban/add", &[("groupId", "g1")]),
        "/group/user/ban/whitelist/query.json" => {
            let form = [("userId", "alice"), ("groupId", "g1")];
            service.ok("group/user/ban/whitelist/add", &form);
        }
        "/chatroom/query.json"
        | "/chatroom/user/query.json"
        | "/chatroom/user/exist.json"
        | "/chatroom/users/exist.json" => {
            service.ok(
                "chatroom/create",
                &[("chatroom[r1]", "Room 1"), ("chatroom[r2]", "房间二")],
            );
            service.ok(
                "chatroom/join",
                &[("userId", "alice"), ("chatroomId", "r1")],
            );
            if path == "/chatroom/user/query.json" {
                service.ok("chatroom/join", &[("userId", "bob"), ("chatroomId", "r1")]);
            }
        }
        "/chatroom/user/gag/list.json" => _ = service.ok("chatroom/user/gag/add", &in_room),
        "/chatroom/user/block/list.json" => _ = service.ok("chatroom/user/block/add", &in_room),
        "/chatroom/user/whitelist/query.json" => {
            let form = [("userId", "alice"), ("chatroomId", "r1")];
            service.ok("chatroom/user/whitelist/add", &form);
        }
        "/chatroom/message/priority/query.json" => {
            service.ok(
                "chatroom/message/priority/add",
                &[("objectName", "RC:VcMsg")],
            );
        }
        "/chatroom/keepalive/remove.json" | "/chatroom/keepalive/query.json" => {
            service.ok("chatroom/create", &[("chatroom[r1]", "Room 1")]);
            service.ok("chatroom/keepalive/add", &[("chatroomId", "r1")]);
        }
        "/user/tags/get.json" => {
            let tags = json!({ "userId": "alice", "tags": ["bj", "vip"] });
            service.ok_json("user/tag/set", tags);
        }
        "/conversation/notification/get.json" => {
            let form = [
                ("conversationType", "3"),
                ("requestId", "alice"),
                ("targetId", "g1"),
                ("isMuted", "1"),
            ];
            service.ok("conversation/notification/set", &form);
        }
        "/verifyCode.json" => {
            let form = [
                ("mobile", "13500000000"),
                ("templateId", "t"),
                ("region", "86"),
            ];
            let sent = service.ok("sendCode", &form);
            let id = sent["sessionId"].as_str().unwrap().to_owned();
            renamed.push(("session-1".to_owned(), id));
        }
        "/user/checkOnline.json" => _ = act(&mut service.world, "bob", "connect", json!({})),
        _ => {}
    }
}

/// Everything that was recorded is there, of the same kind.
fn same_shape(recorded: &Value, ours: &Value, at: &str) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (field, value) in recorded {
                let found = ours.get(field);
                let found = found.unwrap_or_else(|| panic!("{at}.{field} is missing in {ours:?}"));
                same_shape(value, found, &format!("{at}.{field}"));
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            assert_eq!(recorded.is_empty(), ours.is_empty(), "{at}");
            if let (Some(recorded), Some(ours)) = (recorded.first(), ours.first()) {
                same_shape(recorded, ours, &format!("{at}[0]"));
            }
        }
        (Value::String(recorded), Value::String(ours)) => {
            assert_eq!(recorded.is_empty(), ours.is_empty(), "{at}: {ours}");
        }
        (Value::Number(_), Value::Number(_)) => {}
        (Value::Bool(recorded), Value::Bool(ours)) => assert_eq!(recorded, ours, "{at}"),
        _ => panic!("{at}: {recorded} was recorded, not {ours}"),
    }
}

#[track_caller]
fn check(name: &str, recorded: &Value, response: &HttpResponse) {
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        recorded["status"],
        response.status().as_u16(),
        "{name}: {answer}"
    );
    assert_eq!(recorded["json"]["code"], answer["code"], "{name}: {answer}");
    if let Some(words) = recorded["json"].get("errorMessage") {
        assert_eq!(*words, answer["errorMessage"], "{name}");
    }
    same_shape(&recorded["json"], &answer, name);
}

/// The request, with what this world calls otherwise; those of a wrong secret
/// get a wrong signature.
fn request_of(record: &Value, renamed: &[(String, String)]) -> HttpRequest {
    let mut request = replay(record);
    let mut body = String::from_utf8(request.body().to_vec()).unwrap();
    for (recorded, ours) in renamed {
        body = body.replace(recorded, ours);
    }
    *request.body_mut() = body.into();
    if record["response"]["status"] == 401 {
        for name in ["signature", "rc-signature"] {
            if let Some(value) = request.headers_mut().get_mut(name) {
                *value = "0".parse().unwrap();
            }
        }
    }
    request
}

#[test]
fn every_recorded_request_is_answered_with_the_recorded_keys_and_types() {
    let mut answered = Vec::new();
    for file in ["requests", "requests_beyond"] {
        let mut count = 0;
        for record in vectors(file).as_array().unwrap() {
            let name = record["name"].as_str().unwrap();
            if OF_FAULTS.contains(&name) {
                continue;
            }
            let mut service = Service::new();
            let path = record["request"]["path"].as_str().unwrap();
            let renamed = stage(&mut service, name, path);
            let request = request_of(record, &renamed);
            let response = raw(&mut service.world, &request);
            if LEFT_OUT.contains(&name) {
                assert_eq!(response.status(), 404, "{name}");
                continue;
            }
            check(name, &record["response"], &response);
            count += 1;
        }
        answered.push(count);
    }
    assert_eq!(answered, [99, 53]);
}

/// The codes that a rule of this world gives, each with one call that earns
/// it; the others only come by faults, or from the programs of clients.
#[test]
fn every_documented_code_comes_with_its_status() {
    let known = vectors("errors");
    for record in known.as_array().unwrap() {
        let code = record["code"].as_i64().unwrap();
        if code == 200 {
            continue;
        }
        let found = mynah_rongcloud::errors::find(code);
        let found = found.unwrap_or_else(|| panic!("{code} is not known"));
        if let Some(status) = record["http"].as_u64() {
            assert_eq!(u64::from(found.status), status, "{code}");
        }
    }
}
