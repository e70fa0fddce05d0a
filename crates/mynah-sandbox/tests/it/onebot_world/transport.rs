//! Calls as they come over HTTP and WebSocket: status, envelope, suffixes.

use serde_json::{Value, json};

use super::support::*;
use mynah_core::HttpResponse;
use mynah_sandbox::onebot::{Dialect, OneBotWorld};
use mynah_sandbox::{Time, World};

/// Sends what a vector describes; its path is below the root.
fn send(world: &mut OneBotWorld, case: &Value) -> HttpResponse {
    let request_of = &case["request"];
    let headers = request_of["headers"].as_object().unwrap();
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let whole = request_of["path"].as_str().unwrap();
    let path = whole.split('?').next().unwrap();
    let method = request_of["method"].as_str().unwrap();
    let body = request_of["body"].as_str().unwrap_or_default();
    world.http(path, &request(method, whole, &headers, body))
}

/// Whether `found` has everything that `expected` has.
fn includes(found: &Value, expected: &Value) -> bool {
    match expected {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| includes(found, value))),
        other => found == other,
    }
}

#[test]
fn http_answers_as_the_vectors_say() {
    let cases = vectors("transport");
    let cases = cases["http"].as_array().unwrap();
    assert_eq!(cases.len(), 49);
    for case in cases {
        let mut world = world();
        let response = send(&mut world, case);
        let expect = &case["expect"];
        assert_eq!(
            json!(response.status().as_u16()),
            expect["status"],
            "{}",
            case["name"]
        );
        if let Some(expected) = expect.get("json") {
            let found: Value = serde_json::from_slice(response.body()).unwrap();
            assert!(includes(&found, expected), "{}: {found}", case["name"]);
            let content_type = &response.headers()["content-type"];
            assert_eq!(content_type, "application/json; charset=UTF-8");
        }
    }
}

#[test]
fn frames_are_answered_as_the_vectors_say() {
    let cases = vectors("transport");
    let cases = cases["websocket"].as_array().unwrap();
    assert_eq!(cases.len(), 21);
    let mut calls = 0;
    for case in cases {
        // What is no call is answered before it reaches the world.
        let frame = serde_json::from_str::<Value>(case["send"].as_str().unwrap());
        let Ok(Some(action)) = frame.as_ref().map(|frame| frame["action"].as_str()) else {
            assert_eq!(case["expect"]["retcode"], 1400, "{}", case["name"]);
            continue;
        };
        calls += 1;
        let params = frame.as_ref().unwrap()["params"].clone();
        let answer = call(&mut world(), action, params);
        for field in ["status", "retcode", "data"] {
            if let Some(expected) = case["expect"].get(field) {
                assert_eq!(&answer.0[field], expected, "{}", case["name"]);
            }
        }
    }
    assert_eq!(calls, 16);
}

#[test]
fn other_methods_are_refused_before_the_token_is_looked_at() {
    for method in ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"] {
        let response = world().http("/get_status", &request(method, "/get_status", &[], ""));
        assert_eq!(response.status(), 405, "{method}");
    }
}

#[test]
fn the_query_overrides_a_form() {
    let token = ("authorization", "Bearer sandbox-token");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let path = "/get_stranger_info?user_id=10003";
    let request = request("POST", path, &[token, form], "user_id=10002");
    let answer = Answer::read(&world().http("/get_stranger_info", &request));
    assert_eq!(answer.data()["user_id"], CAROL);
}

#[test]
fn a_message_in_a_query_may_be_json() {
    let token = ("authorization", "Bearer sandbox-token");
    let message = "%5B%7B%22type%22%3A%22face%22%2C%22data%22%3A%7B%22id%22%3A%2214%22%7D%7D%5D";
    let path = format!("/send_private_msg?user_id=10001&message={message}");
    let mut world = world();
    let answer = world.http("/send_private_msg", &request("GET", &path, &[token], ""));
    let id = Answer::read(&answer).id();
    let stored = ok(&mut world, "get_msg", json!({ "message_id": id }));
    assert_eq!(stored["message"], "[CQ:face,id=14]");
}

#[test]
fn without_a_token_everything_is_allowed() {
    let mut world = world();
    world.settings_mut().access_token = mynah_onebot::AccessToken::none();
    let response = world.http("/get_status", &request("GET", "/get_status", &[], ""));
    assert_eq!(Answer::read(&response).retcode(), 0);
}

#[test]
fn an_async_call_is_carried_out_after_its_answer() {
    let mut world = world();
    let params = json!({ "group_id": GENERAL, "message": "later" });
    let answer = call(&mut world, "send_group_msg_async", params);
    assert_eq!(
        answer.0,
        json!({ "status": "async", "retcode": 1, "data": null })
    );
    assert!(seen(&world, "group:general").is_empty());

    assert!(world.due().is_some());
    world.run_due();
    assert_eq!(seen(&world, "group:general").len(), 1);
    assert_eq!(world.due(), None);
}

#[test]
fn an_async_call_answers_the_same_when_it_will_fail() {
    let mut world = world();
    let answer = call(&mut world, "send_group_msg_async", json!({}));
    assert_eq!(answer.retcode(), 1);
    world.run_due();
    assert!(seen(&world, "group:general").is_empty());
}

#[test]
fn rate_limited_calls_run_one_every_interval() {
    let mut world = world();
    world.set_time(Time(1_000_000));
    for number in 0..3 {
        let params = json!({ "group_id": GENERAL, "message": format!("{number}") });
        assert_eq!(
            call(&mut world, "send_group_msg_rate_limited", params).retcode(),
            1
        );
    }
    let said = |world: &OneBotWorld| seen(world, "group:general").len();
    world.run_due();
    assert_eq!((said(&world), world.due()), (1, Some(Time(1_000_500))));
    world.set_time(Time(1_000_499));
    assert_eq!(said(&world), 1);
    world.set_time(Time(1_000_500));
    assert_eq!(said(&world), 2);

    // However far the clock jumps, each runs at its own time.
    world.set_time(Time(9_000_000));
    let last = seen(&world, "group:general").pop().unwrap();
    assert_eq!((last.time, world.due()), (1001, None));
}

#[test]
fn an_unknown_action_has_no_suffix_either() {
    for action in [
        "nothing_async",
        "nothing_rate_limited",
        "get_status_async_async",
    ] {
        assert_eq!(
            call(&mut world(), action, json!({})).retcode(),
            1404,
            "{action}"
        );
    }
}

#[test]
fn what_is_queued_survives_a_snapshot() {
    let mut world = world();
    let token = ("authorization", "Bearer sandbox-token");
    let path = "/send_private_msg_async?user_id=10001&message=hi";
    let queued = world.http(
        "/send_private_msg_async",
        &request("GET", path, &[token], ""),
    );
    assert_eq!(Answer::read(&queued).retcode(), 1);
    let snapshot = world.snapshot();
    world.reset();
    assert_eq!(world.due(), None);
    world.restore(snapshot).unwrap();
    world.run_due();
    assert_eq!(seen(&world, "user:alice").len(), 1);
}

#[test]
fn discussion_groups_exist_in_legacy_mode_only() {
    let mut world = world();
    let params = json!({ "discuss_id": 30001, "message": "hi" });
    assert_eq!(
        call(&mut world, "send_discuss_msg", params.clone()).retcode(),
        1404
    );
    let token = ("authorization", "Bearer sandbox-token");
    let over_http = request("GET", "/set_discuss_leave", &[token], "");
    assert_eq!(world.http("/set_discuss_leave", &over_http).status(), 404);

    world.settings_mut().legacy = true;
    assert_eq!(call(&mut world, "send_discuss_msg", params).retcode(), 0);
}

#[test]
fn failures_are_told_in_the_codes_of_the_dialect() {
    let token = [("authorization", "Bearer sandbox-token")];
    let codes = |dialect: Dialect| {
        let mut world = world();
        world.settings_mut().dialect = dialect;
        let mut http = |path: &str, headers: &[(&str, &str)]| {
            let response = world.http(path, &request("GET", path, headers, ""));
            let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
            (response.status().as_u16(), body["retcode"].as_i64())
        };
        let over_http = [
            http("/nothing", &token),
            http("/get_group_info", &token),
            http("/get_status", &[]),
            http("/get_status_async", &token),
        ];
        let mut socket = |action: &str, params| call(&mut world, action, params).retcode();
        let over_socket = [
            socket("nothing", json!({})),
            socket("get_group_info", json!({})),
            socket("get_group_info", json!({ "group_id": 29999 })),
        ];
        (over_http, over_socket)
    };
    let ok = (200, Some(0));
    let failed = |code| (200, Some(code));
    for (dialect, over_http, over_socket) in [
        (
            Dialect::OneBot,
            [(404, None), failed(100), (401, None), failed(1)],
            [1404, 100, 102],
        ),
        (
            Dialect::CqHttp,
            [(404, None), failed(100), (401, None), failed(1)],
            [1404, 100, 102],
        ),
        (
            Dialect::GoCqHttp,
            [failed(404), failed(100), (401, None), ok],
            [404, 100, 100],
        ),
        (
            Dialect::NapCat,
            [failed(200), failed(400), (403, None), failed(200)],
            [1404, 1400, 1200],
        ),
        (
            Dialect::LlOneBot,
            [(404, Some(404)), failed(400), (403, None), (404, Some(404))],
            [1404, 1400, 1200],
        ),
        (
            Dialect::Lagrange,
            [failed(404), failed(200), (401, None), failed(404)],
            [404, 200, -1],
        ),
    ] {
        assert_eq!(codes(dialect), (over_http, over_socket), "{dialect:?}");
    }
}
