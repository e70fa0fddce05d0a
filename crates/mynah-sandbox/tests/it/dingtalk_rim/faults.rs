//! What can be made to go wrong.

use http::Method;
use serde_json::{Value, json};

use super::support::{DingTalkBench, GROUP, everything};
use crate::support::Answer;

/// A call of each interface.
async fn calls(bench: &DingTalkBench, token: &str) -> [Answer; 3] {
    let classic = format!("/dingtalk/chat/get?chatid={GROUP}&access_token={token}");
    let topapi = format!("/dingtalk/topapi/v2/user/get?access_token={token}");
    let open = format!("/dingtalk/v1.0/im/chat/{GROUP}/convertToOpenConversationId");
    let headers = [("x-acs-dingtalk-access-token", token)];
    let body = r#"{"userid":"alice"}"#;
    [
        bench.get(&classic).await,
        bench.send(Method::POST, &topapi, &[], body).await.unwrap(),
        bench.send(Method::POST, &open, &headers, "").await.unwrap(),
    ]
}

#[tokio::test]
async fn too_many_calls_are_refused_in_the_words_of_each_interface() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    bench.fault(json!({"kind": "rate_limit"})).await;
    let [classic, topapi, open] = calls(&bench, &token).await;
    assert_eq!(
        (classic.status, &classic.json()["errcode"]),
        (200, &json!(90002))
    );
    let topapi = topapi.json();
    assert_eq!(topapi["errcode"], 88);
    assert_eq!(topapi["sub_code"], "90002");
    assert!(topapi["request_id"].is_string(), "{topapi}");
    assert_eq!(open.status, 403);
    let code = open.json()["code"].as_str().unwrap().to_owned();
    assert_eq!(code, "Forbidden.AccessDenied.QpsLimitForApi");
    let noted = bench.noted(|entry| entry["note"] == "fault: refused").await;
    assert_eq!(noted["verdict"], "refused");
}

#[tokio::test]
async fn a_blocked_address_is_told_so_with_nothing_that_is_usual() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    bench.fault(json!({"kind": "blocked"})).await;
    for answer in calls(&bench, &token).await {
        assert_eq!(answer.status, 200);
        let body = answer.json();
        assert_eq!(
            (&body["status"], &body["source"]),
            (&json!(1111), &json!("x5"))
        );
        assert!(body.get("errcode").is_none() && body["uuid"].is_string());
    }
    bench.lift().await;
    bench.fault(json!({"kind": "html"})).await;
    for answer in calls(&bench, &token).await {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(answer.body.starts_with(b"<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn expired_tokens_are_refused_and_the_next_one_is_another() {
    let bench = DingTalkBench::start().await;
    let old = bench.token().await;
    assert_eq!(bench.token().await, old);
    bench
        .fault(json!({"kind": "expire_tokens", "count": 1}))
        .await;
    // Who asks for a token shows none, so none expires.
    assert_eq!(bench.token().await, old);
    let [classic, topapi, open] = calls(&bench, &old).await;
    assert_eq!(classic.json()["errcode"], 42001);
    assert_eq!(topapi.json()["sub_code"], "42001");
    assert_eq!(open.json()["code"], "InvalidAuthentication");
    let new = bench.token().await;
    assert_ne!(new, old);
    assert_eq!(calls(&bench, &new).await[0].json()["errcode"], 0);
}

#[tokio::test]
async fn a_server_error_is_none_of_the_platform() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    bench.fault(json!({"kind": "status_5xx"})).await;
    for answer in calls(&bench, &token).await {
        assert_eq!(
            (answer.status, &*answer.body),
            (502, &b"502 Bad Gateway"[..])
        );
    }
}

#[tokio::test]
async fn a_handshake_can_be_refused() {
    let bench = DingTalkBench::start().await;
    for (kind, status) in [
        ("rate_limit", 429),
        ("status_5xx", 502),
        ("expire_tokens", 401),
    ] {
        let ticket = bench.ticket(&everything()).await;
        bench
            .fault(json!({"kind": kind, "where": "ws", "count": 1}))
            .await;
        assert_eq!(bench.redeem(&ticket).await.err(), Some(status), "{kind}");
    }
    bench.stream().await;
}

#[tokio::test]
async fn what_goes_wrong_here_alone_is_refused_elsewhere() {
    let bench = DingTalkBench::start().await;
    for platform in ["onebot", "wecom"] {
        for kind in ["cut", "farewell", "blocked", "html"] {
            let fault = json!({"platform": platform, "kind": kind});
            let answer = bench.post("/control/fault", fault).await;
            assert_eq!(answer.status, 400, "{platform} {kind}");
            assert_eq!(answer.json()["error"]["field"], "kind");
        }
    }
}

#[tokio::test]
async fn what_happens_at_once_has_no_duration_and_its_place() {
    let bench = DingTalkBench::start().await;
    for (kind, more, field) in [
        ("cut", json!({"count": 1}), "count"),
        ("farewell", json!({"for_s": 1}), "for_s"),
        ("cut", json!({"where": "http"}), "where"),
        ("farewell", json!({"where": "post"}), "where"),
        ("blocked", json!({"where": "ws"}), "where"),
        ("html", json!({"where": "post"}), "where"),
    ] {
        let mut fault = json!({"platform": "dingtalk", "kind": kind});
        let more = more.as_object().unwrap().clone();
        fault.as_object_mut().unwrap().extend(more);
        let answer = bench.post("/control/fault", fault).await;
        assert_eq!(answer.status, 400, "{kind}: {answer:?}");
        assert_eq!(answer.json()["error"]["field"], field, "{kind}");
    }
    bench.fault(json!({"kind": "cut", "where": "ws"})).await;
    bench
        .fault(json!({"kind": "farewell", "where": "ws"}))
        .await;
    let standing = bench.get("/control/fault").await.json();
    assert_eq!(standing["faults"], Value::from(Vec::<Value>::new()));
}
