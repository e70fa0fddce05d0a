//! What holds for every call: paths, tokens, methods, bodies, refusals.

use std::net::IpAddr;

use mynah_sandbox::World;
use serde_json::{Value, json};

use super::support::*;

fn gettoken(corp: &mut Corp, query: &str) -> Answer {
    let path = format!("/cgi-bin/gettoken?{query}");
    send(&mut corp.world, &request("GET", &path, b""))
}

#[test]
fn a_token_is_the_same_until_it_expires() {
    let mut corp = Corp::new();
    let query = "corpid=ww-sandbox&corpsecret=sandbox-secret";
    let first = gettoken(&mut corp, query);
    let token = first.0["access_token"].as_str().unwrap().to_owned();
    assert_eq!(first.0["expires_in"], 7200);
    assert_eq!(token.len(), 64);
    assert!(
        token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    );
    corp.wait(7199);
    let again = gettoken(&mut corp, query);
    assert_eq!(again.0["access_token"], json!(token));
    assert_eq!(again.0["expires_in"], 1);
    corp.wait(1);
    let new = gettoken(&mut corp, query);
    assert_ne!(new.0["access_token"], json!(token));
    assert_eq!(new.0["expires_in"], 7200);
}

#[test]
fn each_application_has_a_token_of_its_own() {
    let mut corp = Corp::new();
    assert_ne!(corp.token, corp.other);
    let body = message("alice", "text", json!({"content": "x"}));
    let other = corp.other.clone();
    assert_eq!(
        post(&mut corp.world, "message/send", &other, &body).code(),
        301_002
    );
}

#[test]
fn credentials_are_checked_in_order() {
    let mut corp = Corp::new();
    for (query, code, words) in [
        ("", 41002, "corpid missing"),
        ("corpid=&corpsecret=x", 41002, "corpid missing"),
        ("corpid=", 41002, "corpid missing"),
        ("corpsecret=x", 41002, "corpid missing"),
        ("corpid=ww-sandbox", 41004, "corpsecret missing"),
        ("corpid=ww-sandbox&corpsecret=", 41004, "corpsecret missing"),
        (
            "corpid=ww-else&corpsecret=sandbox-secret",
            40013,
            "invalid corpid",
        ),
        (
            "corpid=ww-sandbox&corpsecret=wrong",
            40001,
            "invalid credential",
        ),
    ] {
        let answer = gettoken(&mut corp, query);
        assert_eq!(answer.code(), code, "{query}");
        assert!(
            answer.words().starts_with(&format!("{words}, hint: [")),
            "{answer:?}"
        );
    }
}

#[test]
fn many_wrong_secrets_lock_the_address_out_for_an_hour_when_strict() {
    let mut corp = Corp::new();
    let wrong = "corpid=ww-sandbox&corpsecret=wrong";
    for _ in 0..2001 {
        assert_eq!(gettoken(&mut corp, wrong).code(), 40001);
    }
    corp.world.settings_mut().strict = true;
    for _ in 0..2000 {
        assert_eq!(gettoken(&mut corp, wrong).code(), 40001);
    }
    assert_eq!(gettoken(&mut corp, wrong).code(), 45009);
    let right = "corpid=ww-sandbox&corpsecret=sandbox-secret";
    assert_eq!(gettoken(&mut corp, right).code(), 45009);
    // Another address is not concerned.
    let request = request("GET", &format!("/cgi-bin/gettoken?{right}"), b"");
    let response = corp
        .world
        .http("/cgi-bin/gettoken", &request, [198, 51, 100, 1].into());
    assert_eq!(Answer::read(&response).code(), 0);
    corp.wait(3600);
    assert_eq!(gettoken(&mut corp, right).code(), 0);
}

#[test]
fn a_token_is_missing_unknown_or_expired() {
    let mut corp = Corp::new();
    let path = |token: &str| format!("/cgi-bin/user/get?userid=alice{token}");
    let get = |corp: &mut Corp, token: &str| {
        send(&mut corp.world, &request("GET", &path(token), b"")).code()
    };
    assert_eq!(get(&mut corp, ""), 41001);
    assert_eq!(get(&mut corp, "&access_token="), 41001);
    assert_eq!(get(&mut corp, "&access_token=made-up"), 40014);
    let token = format!("&access_token={}", corp.token);
    assert_eq!(get(&mut corp, &token), 0);
    corp.world.expire_tokens();
    assert_eq!(get(&mut corp, &token), 42001);
}

#[test]
fn the_token_comes_before_method_and_body() {
    let mut corp = Corp::new();
    let answer = send(
        &mut corp.world,
        &request("GET", "/cgi-bin/appchat/create", b"{"),
    );
    assert_eq!(answer.code(), 41001);
}

#[test]
fn a_path_that_nobody_knows_is_a_404_with_text() {
    let mut corp = Corp::new();
    for path in [
        "/cgi-bin/poem/write",
        "/cgi-bin/",
        "/",
        "/openws/aibot_send_msg",
    ] {
        let response = raw(&mut corp.world, &request("POST", path, b"{}"));
        assert_eq!(response.status(), 404, "{path}");
        assert!(serde_json::from_slice::<Value>(response.body()).is_err());
    }
}

#[test]
fn the_wrong_method_and_a_body_that_is_no_object_are_40058() {
    let mut corp = Corp::new();
    let create = format!("/cgi-bin/appchat/create?access_token={}", corp.token);
    let get = format!("/cgi-bin/user/get?userid=alice&access_token={}", corp.token);
    for (method, path, body) in [
        ("GET", &create, &b"{}"[..]),
        ("POST", &get, b"{}"),
        ("POST", &create, b"[]"),
        ("POST", &create, b"\"x\""),
    ] {
        let answer = send(&mut corp.world, &request(method, path, body));
        assert_eq!(answer.code(), 40058, "{method} {path}");
        assert!(
            answer
                .words()
                .contains("invalid Request Parameter, hint: ["),
            "{answer:?}"
        );
        assert!(!answer.words().starts_with("Warning"), "{answer:?}");
    }
    for body in [&b"{"[..], b"", b"\xff"] {
        let answer = send(&mut corp.world, &request("POST", &create, body));
        assert_eq!(answer.code(), 40058);
        let words = "Warning: wrong json format. invalid Request Parameter, hint: [";
        assert!(answer.words().starts_with(words), "{answer:?}");
    }
}

#[test]
fn a_body_is_json_whatever_its_head_says() {
    let mut corp = Corp::new();
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        let path = format!("/cgi-bin/appchat/send?access_token={}&debug=1", corp.token);
        // Escaped and raw characters are the same.
        let body = r#"{"chatid":"general","msgtype":"text","text":{"content":"\u4f60好"}}"#;
        let mut request = request("POST", &path, body.as_bytes());
        if let Some(content_type) = content_type {
            request
                .headers_mut()
                .insert("content-type", content_type.parse().unwrap());
        }
        assert_eq!(send(&mut corp.world, &request).code(), 0);
        assert_eq!(parts(&corp.world, "group:general")[0]["text"], "你好");
    }
}

#[test]
fn a_refusal_says_when_and_from_where_it_was_called() {
    let mut corp = Corp::new();
    let path = format!("/cgi-bin/appchat/get?chatid=x&access_token={}", corp.token);
    let response = raw(&mut corp.world, &request("GET", &path, b""));
    let answer = Answer::read(&response);
    let words = answer.words();
    let (before, rest) = words.split_once(", hint: [1700000000").unwrap();
    assert_eq!(before, "chatid not exist");
    let (digits, rest) = rest.split_once("], ").unwrap();
    assert!(digits.len() == 15 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(
        rest,
        "from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=86003"
    );
    assert_eq!(response.headers()["error-code"], "86003");
    assert_eq!(response.headers()["error-msg"], words);
    assert_eq!(
        response.headers()["content-type"],
        "application/json; charset=UTF-8"
    );
}

#[test]
fn a_success_has_neither_hint_nor_headers() {
    let mut corp = Corp::new();
    let path = format!("/cgi-bin/user/get?userid=alice&access_token={}", corp.token);
    let response = raw(&mut corp.world, &request("GET", &path, b""));
    assert!(!response.headers().contains_key("error-code"));
    assert_eq!(Answer::read(&response).words(), "ok");
}

#[test]
fn every_refusal_uses_the_words_of_the_table() {
    let table = vectors("errors");
    let words = |code: i64| {
        let rows = table["errors"].as_array().unwrap();
        let row = rows.iter().find(|row| row["errcode"] == code).unwrap();
        row["errmsg_sandbox"].as_str().unwrap()
    };
    let mut corp = Corp::new();
    for (path, body, code) in [
        ("appchat/create", json!({"userlist": ["alice"]}), 86006),
        ("appchat/create", json!({}), 86204),
        ("appchat/send", json!({"chatid": "general"}), 40008),
        ("message/send", json!({"agentid": AGENT}), 82001),
        (
            "message/send",
            message("nobody", "text", json!({"content": "x"})),
            81013,
        ),
        (
            "message/send",
            with(
                message("alice", "text", json!({"content": "x"})),
                "agentid",
                json!(OTHER_AGENT),
            ),
            301_002,
        ),
        ("message/send", json!({}), 41011),
        (
            "user/create",
            json!({"userid": "alice", "name": "A"}),
            60102,
        ),
        ("user/getuserid", json!({"mobile": "1"}), 46004),
    ] {
        let answer = corp.post(path, &body);
        assert_eq!(answer.code(), code, "{path}");
        let start = format!("{}, hint: [", words(code));
        assert!(answer.words().starts_with(&start), "{answer:?}");
    }
}

#[test]
fn only_trusted_addresses_may_call_when_there_is_a_list() {
    let mut corp = Corp::new();
    corp.world.settings_mut().trusted = Some(vec![IpAddr::from([192, 0, 2, 1])]);
    let answer = corp.get("user/get", "userid=alice");
    assert_eq!(answer.code(), 60020);
    assert!(
        answer.words().contains("from ip: 203.0.113.7"),
        "{answer:?}"
    );
    // A token can be had from anywhere, and a robot posts from anywhere.
    assert_eq!(
        gettoken(&mut corp, "corpid=ww-sandbox&corpsecret=sandbox-secret").code(),
        0
    );
    let body = json!({"msgtype": "text", "text": {"content": "x"}});
    assert_eq!(robot(&mut corp.world, KEY, &body).code(), 0);
    corp.world.settings_mut().trusted = Some(vec![IpAddr::from([203, 0, 113, 7])]);
    assert_eq!(corp.get("user/get", "userid=alice").code(), 0);
}

#[test]
fn the_platform_calls_itself_wecom_and_names_its_servers() {
    let mut corp = Corp::new();
    assert_eq!(corp.world.platform(), "wecom");
    assert_eq!(corp.world.corpid(), "ww-sandbox");
    let ips = corp.ok_get("getcallbackip", "");
    assert_eq!(ips["ip_list"], json!(["127.0.0.*"]));
}
