//! Calls over HTTP.

use http::Method;
use serde_json::{Value, json};

use super::support::{APP_KEY, APP_SECRET, RongCloudBench, SIGNATURE, SIGNED};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn both_spellings_of_the_signature_and_both_of_the_path_are_taken() {
    let bench = RongCloudBench::start().await;
    let prefixed = SIGNED.map(|(name, value)| (format!("RC-{name}"), value));
    let prefixed = prefixed
        .each_ref()
        .map(|(name, value)| (name.as_str(), *value));
    for headers in [SIGNED, prefixed] {
        for suffix in ["", ".json"] {
            let path = format!("/rongcloud/user/getToken{suffix}");
            let [key, nonce, time, signature] = headers;
            let headers = [key, nonce, time, signature, FORM];
            let form = "userId=alice&name=Alice&portraitUri=";
            let answer = bench
                .send(Method::POST, &path, &headers, form)
                .await
                .unwrap();
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            assert_eq!(
                answer.header("content-type"),
                "application/json; charset=utf-8"
            );
            assert_eq!(answer.json()["userId"], "alice");
            assert!(answer.json()["token"].is_string());
        }
    }
}

#[tokio::test]
async fn what_is_not_signed_is_refused() {
    let bench = RongCloudBench::start().await;
    let path = "/rongcloud/user/checkOnline.json";
    let form = "userId=alice";
    let answer = bench.send(Method::POST, path, &[FORM], form).await.unwrap();
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!(1002)));
    let unsigned = [("app-key", APP_KEY), FORM];
    let answer = bench
        .send(Method::POST, path, &unsigned, form)
        .await
        .unwrap();
    assert_eq!((answer.status, &answer.json()["code"]), (401, &json!(1004)));
    let noted = bench.noted(|entry| entry["note"] == "code 1004").await;
    assert_eq!(noted["verdict"], "failed");
}

#[tokio::test]
async fn what_is_nowhere_and_what_is_asked_for_wrongly_is_refused() {
    let bench = RongCloudBench::start().await;
    for path in [
        "",
        "/",
        "/no/such.json",
        "/user/getToken.xml",
        "/_history/x.zip",
    ] {
        let answer = bench.get(&format!("/rongcloud{path}")).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    let answer = bench.get("/rongcloud/user/getToken.json").await;
    assert_eq!((answer.status, &answer.json()["code"]), (405, &json!(405)));
}

#[tokio::test]
async fn the_codes_for_telephones_are_at_the_same_address() {
    let bench = RongCloudBench::start().await;
    let sent = "mobile=13800000000&templateId=t&region=86";
    let answer = bench.call("sendCode", sent).await;
    let session = answer["sessionId"].as_str().unwrap();
    let told = bench
        .act("bot", "sms", json!({"mobile": "13800000000"}))
        .await;
    assert_eq!(told["session_id"], session, "{told}");
    let code = told["code"].as_str().unwrap();
    let form = format!("sessionId={session}&code={code}");
    assert_eq!(bench.call("verifyCode", &form).await["success"], true);
    let journal = Value::from(bench.journal().await).to_string();
    assert!(!journal.contains(&format!("code={code}")), "{journal}");

    bench.deliver(json!({"sms_image_check": true})).await;
    let answer = bench
        .try_call("sendCode", "mobile=13800000001&templateId=t&region=86")
        .await;
    assert_eq!(answer.json()["code"], 1010, "{answer:?}");
}

#[tokio::test]
async fn the_file_of_an_hour_is_fetched_without_a_signature() {
    let bench = RongCloudBench::start().await;
    bench.publish("alice", "bob", "hello").await;
    let now = bench.get("/control/clock").await.json()["now"]
        .as_f64()
        .unwrap();
    let hour = hour_in_beijing(now);
    let answer = bench.call("message/history", &format!("date={hour}")).await;
    let url = answer["url"].as_str().unwrap().to_owned();
    let root = bench.running.url();
    assert!(
        url.starts_with(&format!("{root}/rongcloud/_history/")),
        "{url}"
    );
    let file = bench.get(url.strip_prefix(&root).unwrap()).await;
    assert_eq!(file.status, 200);
    assert!(file.body.starts_with(b"PK\x03\x04"));
    let noted = bench
        .noted(|entry| {
            entry["kind"] == "response" && entry["body"].as_str().unwrap().ends_with(" bytes)")
        })
        .await;
    assert_eq!(noted["verdict"], "ok");
}

/// `yyyymmddhh`, as the platform counts the hours.
fn hour_in_beijing(now: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    let hours = (now / 3600.0) as i64 + 8;
    let (days, hour) = (hours.div_euclid(24), hours.rem_euclid(24));
    let (mut year, mut left) = (1970, days);
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while left >= 365 + i64::from(leap(year)) {
        left -= 365 + i64::from(leap(year));
        year += 1;
    }
    let february = 28 + i64::from(leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year}{month:02}{:02}{hour:02}", left + 1)
}

#[tokio::test]
async fn the_journal_shows_every_call_and_no_secret() {
    let bench = RongCloudBench::start().await;
    let answer = bench
        .call("user/getToken", "userId=alice&name=%E8%89%BE&portraitUri=")
        .await;
    let token = answer["token"].as_str().unwrap();
    let id = bench.publish("alice", "bob", "hello").await;
    let noted = bench
        .noted(|entry| entry["kind"] == "response" && entry["message"] == json!([id]))
        .await;
    assert_eq!(noted["title"], "message/private/publish.json");
    let asked = bench
        .noted(|entry| entry["title"] == "user/getToken.json")
        .await;
    assert_eq!(asked["body"], "userId=alice&name=艾&portraitUri=");
    let journal = Value::from(bench.journal().await).to_string();
    for secret in [APP_SECRET, SIGNATURE, token] {
        assert!(!journal.contains(secret), "{secret} is in the journal");
    }
}

#[tokio::test]
async fn a_recall_is_linked_with_what_it_recalls() {
    let bench = RongCloudBench::start().await;
    let id = bench.publish("alice", "bob", "oops").await;
    let form = format!(
        "fromUserId=alice&conversationType=1&targetId=bob&messageUID={id}&sentTime=1408710653000"
    );
    bench.call("message/recall", &form).await;
    let noted = bench
        .noted(|entry| entry["kind"] == "request" && entry["title"] == "message/recall.json")
        .await;
    let linked = noted["message"].as_array().unwrap();
    assert!(linked.contains(&json!(id)), "{noted}");
}

#[tokio::test]
async fn calls_that_lack_a_body_and_calls_with_json_are_answered() {
    let bench = RongCloudBench::start().await;
    assert!(bench.call("user/block/query", "").await["users"].is_array());
    let [key, nonce, time, signature] = SIGNED;
    let headers = [
        key,
        nonce,
        time,
        signature,
        ("content-type", "application/json"),
    ];
    let body = json!({"userId": "alice", "tags": ["a", "\u{827e}"]}).to_string();
    let answer = bench
        .send(Method::POST, "/rongcloud/user/tag/set.json", &headers, body)
        .await
        .unwrap();
    assert_eq!(answer.json(), json!({"code": 200}), "{answer:?}");
}
