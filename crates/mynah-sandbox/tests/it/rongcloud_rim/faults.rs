//! What can be made to go wrong.

use serde_json::{Value, json};

use super::support::RongCloudBench;

const PATH: &str = "user/checkOnline";
const FORM: &str = "userId=alice";

#[tokio::test]
async fn a_call_is_refused_in_the_words_of_the_platform() {
    let bench = RongCloudBench::start().await;
    for (kind, status, code) in [
        ("rate_limit", 429, 1008),
        ("status_5xx", 500, 1000),
        ("timeout", 504, 1050),
        ("expire_tokens", 401, 1004),
        ("blocked", 401, 1007),
    ] {
        bench.fault(json!({"kind": kind, "count": 1})).await;
        let answer = bench.try_call(PATH, FORM).await;
        assert_eq!(answer.status, status, "{kind}");
        assert_eq!(answer.json()["code"], code, "{kind}");
        let words = answer.json()["errorMessage"].as_str().map(str::len);
        assert!(words.is_some_and(|length| length > 0), "{kind}");
        // For one call; the next one is as good as the first.
        bench.call(PATH, FORM).await;
        let noted = bench.noted(|entry| entry["status"] == status).await;
        assert_eq!(noted["verdict"], "refused", "{kind}");
        bench.post("/control/reset", json!({})).await;
    }
}

#[tokio::test]
async fn a_refused_call_applies_nothing() {
    let bench = RongCloudBench::start().await;
    for kind in ["rate_limit", "status_5xx", "timeout", "blocked", "html"] {
        bench.fault(json!({"kind": kind, "count": 1})).await;
        let form = "userId=alice&groupId=g1&groupName=One";
        assert!(bench.try_call("group/create", form).await.status >= 400);
    }
    let members = bench.call("group/user/query", "groupId=g1").await;
    assert_eq!(members["users"], Value::from(Vec::<Value>::new()));
}

#[tokio::test]
async fn what_is_not_there_answers_with_a_page() {
    let bench = RongCloudBench::start().await;
    bench.fault(json!({"kind": "html", "count": 1})).await;
    let answer = bench.try_call(PATH, FORM).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("content-type"), "text/html");
    assert!(answer.body.starts_with(b"<html>"));
}

#[tokio::test]
async fn what_goes_wrong_here_alone_is_refused_elsewhere() {
    let bench = RongCloudBench::start().await;
    for platform in ["onebot", "wecom", "dingtalk"] {
        let fault = json!({"platform": platform, "kind": "timeout"});
        let answer = bench.post("/control/fault", fault).await;
        assert_eq!(answer.status, 400, "{platform}");
        assert_eq!(answer.json()["error"]["field"], "kind");
    }
    for kind in ["cut", "farewell"] {
        let fault = json!({"platform": "rongcloud", "kind": kind});
        let answer = bench.post("/control/fault", fault).await;
        assert_eq!(answer.status, 400, "{kind}");
    }
    let misplaced = json!({"platform": "rongcloud", "kind": "timeout", "where": "post"});
    let answer = bench.post("/control/fault", misplaced).await;
    assert_eq!(answer.json()["error"]["field"], "where");
}

#[tokio::test]
async fn an_answer_may_get_lost_and_a_call_happen_twice() {
    let bench = RongCloudBench::start().await;
    bench
        .fault(json!({"kind": "duplicate", "where": "http", "count": 1}))
        .await;
    bench.publish("alice", "bob", "twice").await;
    bench.shows("private:alice:bob", &["twice", "twice"]).await;
}
