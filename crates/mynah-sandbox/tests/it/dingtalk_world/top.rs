//! The obsolete gateway TOP, as the recorded client calls it.

use mynah_core::HttpRequest;
use mynah_sandbox::World;
use mynah_sandbox::dingtalk::DingTalkWorld;
use serde_json::{Value, json};

use super::support::*;

const SEND: &str = "dingtalk.corp.message.corpconversation.asyncsend";

/// A recorded request with the token of this world, and other changes.
fn recorded_with(org: &Org, name: &str, changes: &[(&str, &str)]) -> (HttpRequest, Value) {
    let (mut request, answer) = recorded(name);
    let token = ("6d1bxxxxsandboxtoken", org.token.as_str());
    let mut uri = request.uri().to_string();
    for (old, new) in std::iter::once(&token).chain(changes) {
        assert!(uri.contains(old), "{name} has no {old}");
        uri = uri.replace(old, new);
    }
    *request.uri_mut() = uri.parse().unwrap();
    (request, answer)
}

fn answer(world: &mut DingTalkWorld, request: &HttpRequest) -> Value {
    let response = raw(world, request);
    assert_eq!(response.status(), 200);
    serde_json::from_slice(response.body()).unwrap()
}

/// What stands in the envelope of a method.
fn result<'a>(answer: &'a Value, method: &str) -> &'a Value {
    &answer[format!("{}_response", method.replace('.', "_"))]["result"]
}

/// Calls a method with what is given, and what TOP wants beside it.
fn call(org: &mut Org, method: &str, query: &str) -> Value {
    let path = format!(
        "/router/rest?method={method}&session={}&timestamp=2023-11-15%2006%3A13%3A20&format=json\
         &v=2.0&simplify=false&{query}",
        org.token
    );
    answer(&mut org.world, &request("POST", &path, b""))
}

#[test]
fn a_notice_is_sent_and_followed_by_the_methods_of_top() {
    let mut org = Org::new();
    let (request, _) = recorded_with(
        &org,
        "message.asyncsend",
        &[("dept_id_list=1", "dept_id_list=77")],
    );
    let sent = answer(&mut org.world, &request);
    let sent = result(&sent, SEND).clone();
    assert_eq!(sent["ding_open_errcode"], 0);
    assert_eq!(sent["error_msg"], "ok");
    assert_eq!(sent["success"], true);
    let task = sent["task_id"].to_string();
    for who in ["user:alice", "user:bob"] {
        assert_eq!(
            parts(&org.world, who),
            json!([{"type": "text", "text": "hi"}])
        );
    }

    let task_id = format!("task_id={task}");
    let changed = [("task_id=123", task_id.as_str())];
    let (request, recorded) = recorded_with(&org, "message.getsendprogress", &changed);
    let progress = answer(&mut org.world, &request);
    let method = "dingtalk.corp.message.corpconversation.getsendprogress";
    assert_eq!(result(&progress, method), result(&recorded, method));

    let (request, _) = recorded_with(&org, "message.getsendresult", &changed);
    let lists = answer(&mut org.world, &request);
    let method = "dingtalk.corp.message.corpconversation.getsendresult";
    // Lists say what they are lists of.
    assert_eq!(
        result(&lists, method)["send_result"],
        json!({"unread_user_id_list": {"string": ["alice", "bob"]},
            "invalid_dept_id_list": {"number": [77]}})
    );

    let task_id = format!("msg_task_id={task}");
    let changed = [("msg_task_id=256271667526", task_id.as_str())];
    let (request, _) = recorded_with(&org, "message.recall", &changed);
    // This one answers as topapi does.
    assert_eq!(answer(&mut org.world, &request)["errcode"], 0);
    assert!(last(&org.world, "user:alice").recalled.is_some());
}

#[test]
fn the_newer_method_takes_the_message_as_text() {
    let mut org = Org::new();
    let (request, _) = recorded_with(&org, "message.asyncsend_v2", &[]);
    let sent = answer(&mut org.world, &request);
    assert_eq!(sent["errcode"], 0);
    assert!(sent["task_id"].is_i64());
    assert_eq!(
        parts(&org.world, "user:bob"),
        json!([{"type": "text", "text": "hi"}])
    );
    let (request, _) = recorded_with(&org, "message.asyncsend_v2.all", &[]);
    assert_eq!(answer(&mut org.world, &request)["errcode"], 0);
    assert_eq!(seen(&org.world, "user:erin").len(), 1);
}

#[test]
fn a_method_is_refused_in_its_own_envelope() {
    let mut org = Org::new();
    let before = org.world.snapshot();
    let (request, recorded) = recorded_with(&org, "message.asyncsend.failed", &[]);
    let refused = answer(&mut org.world, &request);
    assert_eq!(result(&refused, SEND), result(&recorded, SEND));
    let nobody = call(
        &mut org,
        SEND,
        &format!("agent_id={AGENT}&msgtype=text&msgcontent=%7B%7D"),
    );
    assert_eq!(result(&nobody, SEND)["ding_open_errcode"], 40035);
    assert!(org.world.snapshot() == before);
}

#[test]
fn a_code_allows_one_notice() {
    let mut org = Org::new();
    let code = act(&mut org.world, "alice", "sign_in", json!({}))["code"].clone();
    let code = format!("code={}", code.as_str().unwrap());
    let (request, _) = recorded_with(&org, "message.asyncsendbycode", &[("code=cd1", &code)]);
    let method = "dingtalk.corp.message.corpconversation.asyncsendbycode";
    let sent = answer(&mut org.world, &request);
    assert_eq!(result(&sent, method)["success"], true);
    assert_eq!(seen(&org.world, "user:alice").len(), 1);
    let again = answer(&mut org.world, &request);
    assert_eq!(result(&again, method)["ding_open_errcode"], 40078);
    assert_eq!(seen(&org.world, "user:alice").len(), 1);
}

#[test]
fn the_departments_of_an_administrator_are_told() {
    let mut org = Org::new();
    let method = "dingtalk.oapi.user.get_admin_scope";
    let told = call(&mut org, method, "userid=alice");
    let name = format!("{}_response", method.replace('.', "_"));
    assert_eq!(told[&name]["dept_ids"], json!([1]));
    let told = call(&mut org, method, "userid=bob");
    assert_eq!(told[&name]["dept_ids"], json!([]));
    assert_eq!(call(&mut org, method, "userid=nobody")["errcode"], 60121);
    assert_eq!(call(&mut org, method, "userid=")["errcode"], 40035);
}

#[test]
fn there_are_no_other_methods_and_nobody_without_a_session() {
    let mut org = Org::new();
    for method in ["dingtalk.smartwork.attends.list", "taobao.user.get", ""] {
        let refused = call(&mut org, method, "");
        assert_eq!(
            refused,
            json!({"error_response": {"code": 22, "msg": "Invalid method"}}),
            "{method}"
        );
    }
    let path = format!("/router/rest?method={SEND}&agent_id={AGENT}");
    let refused = answer(&mut org.world, &request("POST", &path, b""));
    assert_eq!(
        (&refused["errcode"], &refused["sub_code"]),
        (&json!(88), &json!("40000"))
    );
    let path = format!("{path}&session=wrong");
    let refused = answer(&mut org.world, &request("POST", &path, b""));
    assert_eq!(
        (&refused["errcode"], &refused["sub_code"]),
        (&json!(88), &json!("40014"))
    );
}
