//! The implementation's half against the standard's cases, with a world of
//! three actions.

use std::time::Instant;

use bytes::Bytes;
use mynah_core::{ApiError, Frame, HttpResponse, Platform, Session};
use mynah_onebot::OneBot;
use mynah_onebot::socket::{Call, ImplementationSession, Role};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{CONNECT, implementation, json, text};
use crate::vectors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    send: String,
    expect: Map<String, Value>,
    source: String,
    note: String,
}

/// Just enough of a world.
fn carry_out(action: &str, params: &Map<String, Value>) -> HttpResponse {
    OneBot::seal(match action {
        "get_login_info" => Ok(Bytes::from_static(br#"{"user_id":10000,"nickname":"bot"}"#)),
        "get_group_info" if params.contains_key("group_id") => Ok(Bytes::from_static(b"{}")),
        "get_group_info" => Err(ApiError::new(100, "")),
        "send_private_msg_async" => Err(ApiError::new(1, "")),
        _ => Err(ApiError::http(404, "")),
    })
}

/// Has everything carried out that came, and says what is sent.
fn answer(session: &mut ImplementationSession) -> Option<Value> {
    while let Some(Call {
        action,
        params,
        echo,
    }) = session.poll_event()
    {
        let response = carry_out(&action, &serde_json::from_slice(&params).unwrap());
        session.reply(echo, &response);
    }
    let frame = session.poll_send()?;
    assert_eq!(session.poll_send(), None);
    Some(json(Some(frame)))
}

fn ask(frame: Frame) -> Option<Value> {
    let mut session = implementation(Role::Api);
    session.handle_frame(Instant::now(), frame);
    answer(&mut session)
}

#[test]
fn every_case_of_the_standard_is_answered_as_it_says() {
    let file: Value = vectors::read(vectors::TRANSPORT);
    let cases: Vec<Case> = serde_json::from_value(file["websocket"].clone()).unwrap();
    assert_eq!(cases.len(), 21);
    for case in cases {
        let reply = ask(text(&case.send)).unwrap();
        let label = format!("{} ({}) {}", case.name, case.source, case.note);
        for (key, expected) in case.expect {
            match key.as_str() {
                "no_key" => assert_eq!(reply.get(expected.as_str().unwrap()), None, "{label}"),
                key => assert_eq!(reply.get(key), Some(&expected), "{label}"),
            }
        }
    }
}

#[test]
fn an_echo_comes_back_byte_for_byte() {
    for echo in [
        "1e2",
        "1.0",
        "12345678901234567890123",
        r#""\u4f60""#,
        r#"{ "a" : [ ] }"#,
    ] {
        let mut session = implementation(Role::Api);
        let call = format!(r#"{{"action":"get_login_info","echo":{echo}}}"#);
        session.handle_frame(Instant::now(), text(call));
        let Call { echo: given, .. } = session.poll_event().unwrap();
        session.reply(given, &carry_out("get_login_info", &Map::new()));
        let Some(Frame::Text(reply)) = session.poll_send() else {
            panic!("no reply");
        };
        let reply = String::from_utf8(reply.to_vec()).unwrap();
        assert!(reply.ends_with(&format!(r#","echo":{echo}}}"#)), "{reply}");
    }
}

#[test]
fn what_is_no_call_is_answered_with_its_echo_where_that_can_be_read() {
    let bad = json!({"status": "failed", "retcode": 1400, "data": null});
    for frame in [
        "",
        " ",
        "{",
        "null",
        "1",
        "\"x\"",
        "[]",
        r#"["get_login_info"]"#,
    ] {
        assert_eq!(ask(text(frame)).as_ref(), Some(&bad), "{frame}");
    }
    let mut echoed = bad;
    echoed["echo"] = json!([0]);
    for frame in [r#"{"echo":[0]}"#, r#"{"action":null,"echo":[0]}"#] {
        assert_eq!(ask(text(frame)).as_ref(), Some(&echoed), "{frame}");
    }
}

#[test]
fn a_binary_frame_is_taken_as_text() {
    let call = r#"{"action":"get_login_info","echo":1}"#;
    assert_eq!(ask(Frame::Binary(call.into())).unwrap()["status"], "ok");
    let call = b"{\"action\":\"get_login_info\",\"echo\":1,\"x\":\"\xff\"}";
    assert_eq!(
        ask(Frame::Binary(call[..].into())).unwrap()["retcode"],
        1400
    );
}

#[test]
fn an_absurd_action_is_looked_up_and_not_found() {
    for action in ["a/b", "../get_login_info", "带空格 的", "", "\u{0}", "%2e"] {
        let frame = json!({"action": action, "echo": 1});
        let mut session = implementation(Role::Api);
        session.handle_frame(Instant::now(), text(frame));
        let (request, echo) = session.poll_event().unwrap().into_request();
        let path = request.uri().path();
        assert!(!path[1..].contains('/'), "{path}");
        session.reply(echo, &carry_out(&path[1..], &Map::new()));
        assert_eq!(json(session.poll_send())["retcode"], 1404, "{action}");
    }
    let endless = json!({"action": "a".repeat(257), "echo": 1});
    let refused = json!({"status": "failed", "retcode": 1404, "data": null, "echo": 1});
    assert_eq!(ask(text(endless)), Some(refused));
}

#[test]
fn a_call_is_the_request_it_would_have_been() {
    let mut session = implementation(Role::Universal);
    let frame = r#"{"action":".handle_quick_operation","params":{"a": 1},"echo":"x"}"#;
    session.handle_frame(Instant::now(), text(frame));
    let (request, echo) = session.poll_event().unwrap().into_request();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "/.handle_quick_operation");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.body().as_ref(), br#"{"a": 1}"#);
    assert_eq!(echo.json().unwrap().as_ref(), br#""x""#);
}

#[test]
fn replies_go_out_in_any_order() {
    let mut session = implementation(Role::Api);
    for echo in 1..=3 {
        let call = json!({"action": "get_login_info", "echo": echo});
        session.handle_frame(Instant::now(), text(call));
    }
    let mut calls: Vec<_> = std::iter::from_fn(|| session.poll_event()).collect();
    while let Some(call) = calls.pop() {
        session.reply(call.echo, &carry_out(&call.action, &Map::new()));
    }
    for echo in [3, 2, 1] {
        assert_eq!(json(session.poll_send())["echo"], echo);
    }
}

#[test]
fn events_go_where_events_go_and_connect_goes_first() {
    for (role, events) in [
        (Role::Api, false),
        (Role::Event, true),
        (Role::Universal, true),
    ] {
        let mut session = implementation(role);
        assert_eq!(session.send_event("{}".into()), events);
        let sent = [
            session.poll_send(),
            session.poll_send(),
            session.poll_send(),
        ];
        let expected = [Some(text(CONNECT)), Some(text("{}")), None];
        assert_eq!(sent, if events { expected } else { [None, None, None] });
    }
}

#[test]
fn what_comes_to_an_event_connection_is_ignored() {
    let mut session = ImplementationSession::new(Role::Event, CONNECT.into());
    assert!(session.poll_send().is_some());
    for frame in ["{oops", r#"{"action":"get_login_info","echo":1}"#] {
        session.handle_frame(Instant::now(), text(frame));
        assert_eq!(answer(&mut session), None);
    }
}

proptest! {
    #[test]
    fn every_frame_gets_one_answer(frame in prop_oneof![
        any::<Vec<u8>>(),
        r#"\{"action":("[a-z/%]*"|[0-9]),"params":[\[{][\]}],"echo":[0-9a-z\\"]{0,4}\}"#
            .prop_map(String::into_bytes),
    ]) {
        let reply = ask(Frame::Binary(frame.into())).unwrap();
        prop_assert!(reply["retcode"].is_i64());
    }
}
