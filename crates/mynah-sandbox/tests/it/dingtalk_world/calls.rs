//! What every call goes through before it is carried out.

use super::support::*;
use mynah_sandbox::World;
use mynah_sandbox::dingtalk::{DingTalkWorld, Seed};
use serde_json::{Value, json};

fn answer(method: &str, path: &str, body: &[u8]) -> (u16, Value) {
    let mut org = Org::new();
    let path = path.replace("TOKEN", &org.token);
    let response = raw(&mut org.world, &request(method, &path, body));
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body)
}

#[test]
fn each_interface_has_its_own_word_for_a_path_that_there_is_not() {
    let (status, body) = answer("POST", "/chat/explode", b"{}");
    assert_eq!((status, &body["errcode"]), (200, &json!(404)));
    assert_eq!(body["errmsg"], "请求的URI地址不存在");
    let (status, body) = answer("POST", "/topapi/chat/explode", b"{}");
    assert_eq!((status, &body["errcode"]), (200, &json!(22)));
    assert_eq!(body["errmsg"], "不合法ApiName");
    assert!(body["request_id"].is_string());
    let (status, body) = answer("POST", "/v1.0/im/explode", b"{}");
    assert_eq!(
        (status, &body["code"]),
        (404, &json!("InvalidAction.NotFound"))
    );
    assert!(body["requestid"].is_string() && body["message"].is_string());
    let (status, body) = answer("POST", "/router/rest?method=dingtalk.explode", b"");
    assert_eq!(status, 200);
    let error = json!({ "code": 22, "msg": "Invalid method" });
    assert_eq!(body, json!({ "error_response": error }));
    // There is nothing above the interfaces.
    for path in ["/", "/v1.0", "/topapi", "/chat", "/chat/create/"] {
        assert_eq!(answer("POST", path, b"{}").1["errcode"], 404, "{path}");
    }
}

#[test]
fn the_wrong_method_is_told_before_anything_else() {
    assert_eq!(answer("GET", "/chat/create", b"").1["errcode"], 43002);
    assert_eq!(answer("POST", "/chat/get", b"{}").1["errcode"], 43001);
    assert_eq!(
        answer("GET", "/topapi/v2/user/get", b"").1["errcode"],
        43002
    );
    let (status, body) = answer("GET", "/v1.0/im/group/create", b"");
    assert_eq!(
        (status, &body["code"]),
        (404, &json!("InvalidAction.NotFound"))
    );
}

#[test]
fn a_token_is_missing_or_unknown_in_the_words_of_each_interface() {
    let (_, body) = answer("GET", "/chat/get?chatid=x", b"");
    assert_eq!(body["errcode"], 41001);
    assert_eq!(body["errmsg"], "缺少access_token参数");
    let (_, body) = answer("GET", "/chat/get?chatid=x&access_token=x", b"");
    assert_eq!(body["errcode"], 40014);
    assert_eq!(body["errmsg"], "不合法的access_token");
    for (query, sub_code) in [("", "40000"), ("?access_token=x", "40014")] {
        let (status, body) = answer("POST", &format!("/topapi/user/listid{query}"), b"{}");
        assert_eq!((status, &body["errcode"]), (200, &json!(88)));
        // It is text.
        assert_eq!(body["sub_code"], sub_code);
        assert!(body["sub_msg"].is_string() && body["request_id"].is_string());
    }
    let mut org = Org::new();
    let group = json!({ "name": "g", "owner": "alice", "useridlist": ["alice"] });
    for (token, code) in [
        (None, "AuthenticationFailed.MissingParameter"),
        (Some("x"), "InvalidAuthentication"),
    ] {
        let (status, body) = open(&mut org.world, "POST", "im/group/create", token, &group);
        assert_eq!((status, &body["code"]), (400, &json!(code)));
    }
    // There it stands in the header alone.
    let path = format!("/v1.0/im/group/create?access_token={}", org.token);
    let response = raw(
        &mut org.world,
        &request("POST", &path, group.to_string().as_bytes()),
    );
    assert_eq!(response.status(), 400);
}

#[test]
fn a_token_lives_for_two_hours() {
    let mut org = Org::new();
    org.wait(7199);
    org.ok_get("chat/get", "chatid=chatgeneral");
    org.wait(1);
    assert_eq!(org.refused_get("chat/get", "chatid=chatgeneral"), 42001);
    let answer = org.post("topapi/user/listid", &json!({ "dept_id": 1 }));
    assert_eq!(
        (answer.code(), &answer.0["sub_code"]),
        (88, &json!("42001"))
    );
    let (_, code) = org.open_refused("POST", "im/subAdministrators", json!({}));
    assert_eq!(code, "InvalidAuthentication");
}

#[test]
fn one_token_is_good_for_all_interfaces() {
    let mut org = Org::new();
    org.ok_get("chat/get", "chatid=chatgeneral");
    let answer = org.ok("topapi/user/listid", json!({ "dept_id": 1 }));
    assert!(answer["request_id"].is_string());
    let path = "im/chat/chatgeneral/convertToOpenConversationId";
    org.open_ok("POST", path, Value::Null);
}

#[test]
fn a_body_is_a_json_object() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(1000), "]".repeat(1000));
    for body in ["", "[]", "1", "{", "null", "\"{}\"", "chatid=x", &deep]
        .map(str::as_bytes)
        .into_iter()
        .chain([&b"{\"name\":\"\xff\"}"[..]])
    {
        let (_, answer) = answer("POST", "/chat/create?access_token=TOKEN", body);
        assert_eq!(answer["errcode"], 43009, "{body:?}");
        assert_eq!(answer["errmsg"], "参数需要是json格式", "{body:?}");
    }
    for body in ["[]", "1", "{", "null"] {
        let mut org = Org::new();
        let mut request = request("POST", "/v1.0/im/group/create", body.as_bytes());
        let headers = request.headers_mut();
        headers.insert("x-acs-dingtalk-access-token", org.token.parse().unwrap());
        let response = raw(&mut org.world, &request);
        assert_eq!(response.status(), 400, "{body}");
    }
}

#[test]
fn topapi_takes_forms_and_the_token_in_them() {
    let mut org = Org::new();
    let body = format!(
        "access_token={}&chatid=chatgeneral&userid=bob&group_nick=B",
        org.token
    );
    let path = "/topapi/chat/updategroupnick";
    let mut form = request("POST", path, body.as_bytes());
    let value = "application/x-www-form-urlencoded".parse().unwrap();
    form.headers_mut().insert("content-type", value);
    let answer = send(&mut org.world, &form);
    assert_eq!((answer.code(), &answer.0["success"]), (0, &json!(true)));
    let members = &org.world.conversations(Some("bob")).unwrap().conversations[0].members;
    let bob = members.iter().find(|member| member.id == "bob").unwrap();
    assert_eq!(bob.card, "B");
}

#[test]
fn any_request_is_answered() {
    let mut world = DingTalkWorld::new(&Seed::default());
    for path in [
        "/gettoken",
        "/chat/send",
        "/topapi/x",
        "/v1.0/x",
        "/router/rest",
        "/robot/send",
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            for body in [&b""[..], b"{}", b"\xff\xfe", b"{\"a\":"] {
                let request = request(method, &format!("{path}?%ff=%zz&&=="), body);
                let response = raw(&mut world, &request);
                let read: Result<Value, _> = serde_json::from_slice(response.body());
                assert!(read.is_ok_and(|body| body.is_object()), "{method} {path}");
            }
        }
    }
}
