//! Calls over HTTP.

use http::Method;
use serde_json::{Value, json};

use super::support::{APP_KEY, APP_SECRET, DingTalkBench, GROUP};

#[tokio::test]
async fn one_token_opens_all_interfaces() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let path = format!("/dingtalk/chat/get?chatid={GROUP}&access_token={token}");
    let answer = bench.get(&path).await.json();
    assert_eq!(answer["chat_info"]["owner"], "alice", "{answer}");

    let form = format!("userid=alice&access_token={token}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let path = "/dingtalk/topapi/v2/user/get";
    let answer = bench
        .send(Method::POST, path, &headers, form)
        .await
        .unwrap();
    assert_eq!(answer.json()["result"]["userid"], "alice", "{answer:?}");

    let headers = [("x-acs-dingtalk-access-token", token.as_str())];
    let path = format!("/dingtalk/v1.0/im/chat/{GROUP}/convertToOpenConversationId");
    let answer = bench.send(Method::POST, &path, &headers, "").await.unwrap();
    assert!(
        answer.json()["openConversationId"].is_string(),
        "{answer:?}"
    );
}

#[tokio::test]
async fn the_journal_shows_every_call_and_no_secret() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let ask = json!({"appKey": APP_KEY, "appSecret": APP_SECRET});
    let path = "/dingtalk/v1.0/oauth2/accessToken";
    assert_eq!(bench.post(path, ask).await.status, 200);
    let form = format!("userid=alice&access_token={token}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let path = "/dingtalk/topapi/v2/user/get";
    bench
        .send(Method::POST, path, &headers, form)
        .await
        .unwrap();
    let said = json!({"chatid": GROUP, "msg": {"msgtype": "text", "text": {"content": "hello"}}});
    let sent = bench.try_call("chat/send", &token, &said).await.json();
    let noted = bench
        .noted(|entry| entry["title"] == "chat/send" && entry["kind"] == "response")
        .await;
    let named = noted["message"].as_array().unwrap();
    assert!(named.contains(&sent["messageId"]), "{noted} {sent}");
    let journal = Value::from(bench.journal().await).to_string();
    for secret in [APP_SECRET, &token] {
        assert!(!journal.contains(secret), "{secret} is in the journal");
    }
    bench.rename("renamed").await;
    let refused = bench.try_call("chat/send", "stranger", &said).await.json();
    assert_eq!(refused["errcode"], 40014);
    bench
        .noted(|entry| entry["verdict"] == "failed" && entry["note"] == "errcode 40014")
        .await;
}

#[tokio::test]
async fn what_is_nowhere_is_refused_in_the_manner_of_the_interface() {
    let bench = DingTalkBench::start().await;
    for (path, status, code) in [
        ("", 200, json!(404)),
        ("/", 200, json!(404)),
        ("/no/such", 200, json!(404)),
        ("/connect", 200, json!(404)),
        ("/topapi/no/such", 200, json!(22)),
        ("/v1.0/no/such", 404, json!("InvalidAction.NotFound")),
    ] {
        let answer = bench.get(&format!("/dingtalk{path}")).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        let body = answer.json();
        let found = body.get("errcode").or_else(|| body.get("code"));
        assert_eq!(found, Some(&code), "{path}: {body}");
    }
}

/// A form with one file of so many bytes.
fn form(bytes: usize) -> String {
    let head =
        "--line\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.pdf\"\r\n\r\n";
    format!("{head}{}\r\n--line--\r\n", "x".repeat(bytes))
}

#[tokio::test]
async fn files_may_be_as_large_as_the_platform_takes_them_and_nothing_else_may() {
    let bench = DingTalkBench::start().await;
    let token = bench.token().await;
    let headers = [("content-type", "multipart/form-data; boundary=line")];
    let path = format!("/dingtalk/media/upload?type=file&access_token={token}");
    let largest = form(20 * 1024 * 1024);
    let answer = bench
        .send(Method::POST, &path, &headers, largest.clone())
        .await
        .unwrap();
    assert_eq!(answer.json()["errcode"], 0, "{answer:?}");
    let elsewhere = format!("/dingtalk/chat/send?access_token={token}");
    // The server may close before the client has written everything.
    if let Ok(answer) = bench
        .send(Method::POST, &elsewhere, &headers, largest)
        .await
    {
        assert_eq!(answer.status, 413);
    }
    bench
        .noted(|entry| entry["status"] == 413 && entry["kind"] == "response")
        .await;
}
