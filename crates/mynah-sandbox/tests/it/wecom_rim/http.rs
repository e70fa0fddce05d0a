//! Calls over HTTP.

use http::Method;
use serde_json::{Value, json};

use super::support::{SECRET, WeComBench};

#[tokio::test]
async fn a_token_opens_the_application_interface() {
    let bench = WeComBench::start().await;
    let token = bench.token().await;
    let path = format!("/wecom/cgi-bin/appchat/get?chatid=general&access_token={token}");
    let answer = bench.get(&path).await;
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=UTF-8"
    );
    assert_eq!(answer.json()["chat_info"]["owner"], "alice", "{answer:?}");
    assert_eq!(answer.header("error-code"), "");
}

#[tokio::test]
async fn a_refusal_says_so_in_its_head_and_names_the_caller() {
    let bench = WeComBench::start().await;
    let answer = bench.try_call("appchat/send", "stranger", &json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["errcode"], 40014, "{answer:?}");
    let words = answer.json()["errmsg"].as_str().unwrap().to_owned();
    assert!(words.contains(", from ip: 127.0.0.1, "), "{words}");
    assert_eq!(answer.header("error-code"), "40014");
    assert_eq!(answer.header("error-msg"), words);
}

#[tokio::test]
async fn what_is_nowhere_is_404() {
    let bench = WeComBench::start().await;
    for path in [
        "/wecom",
        "/wecom/",
        "/wecom/cgi-bin",
        "/wecom/cgi-bin/no/such",
    ] {
        let answer = bench.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.is_empty(), "{path}");
    }
}

/// A form with one file of so many bytes.
fn form(bytes: usize) -> String {
    let head =
        "--line\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.bin\"\r\n\r\n";
    format!("{head}{}\r\n--line--\r\n", "x".repeat(bytes))
}

#[tokio::test]
async fn files_may_be_as_large_as_the_platform_takes_them_and_nothing_else_may() {
    let bench = WeComBench::start().await;
    let token = bench.token().await;
    let headers = [("content-type", "multipart/form-data; boundary=line")];
    let path = format!("/wecom/cgi-bin/media/upload?type=file&access_token={token}");
    let largest = form(20 * 1024 * 1024);
    let answer = bench
        .send(Method::POST, &path, &headers, largest.clone())
        .await
        .unwrap();
    assert_eq!(answer.json()["errcode"], 0, "{answer:?}");

    let elsewhere = format!("/wecom/cgi-bin/appchat/send?access_token={token}");
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

#[tokio::test]
async fn expired_tokens_are_refused_and_the_next_one_is_another() {
    let bench = WeComBench::start().await;
    let old = bench.token().await;
    assert_eq!(bench.token().await, old);
    bench
        .fault(json!({"kind": "expire_tokens", "count": 1}))
        .await;
    // Who asks for a token shows none, so none expires.
    assert_eq!(bench.token().await, old);
    let path = "agent/list";
    let call = |token: String| {
        let path = format!("/wecom/cgi-bin/{path}?access_token={token}");
        let bench = &bench;
        async move { bench.get(&path).await.json()["errcode"].clone() }
    };
    assert_eq!(call(old.clone()).await, 42001);
    assert_eq!(call(old.clone()).await, 42001);
    let new = bench.token().await;
    assert_ne!(new, old);
    assert_eq!(call(new).await, 0);
}

#[tokio::test]
async fn a_refusal_by_fault_is_in_the_words_of_the_platform() {
    let bench = WeComBench::start().await;
    let token = bench.token().await;
    bench.fault(json!({"kind": "rate_limit", "count": 1})).await;
    let answer = bench.try_call("appchat/send", &token, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["errcode"]),
        (200, &json!(45009))
    );
    assert_eq!(answer.header("error-code"), "45009");

    bench.fault(json!({"kind": "status_5xx", "count": 1})).await;
    let answer = bench.try_call("appchat/send", &token, &json!({})).await;
    assert_eq!(answer.status, 502);
    assert_eq!(answer.body, "502 Bad Gateway");

    // Group robots have no token that could expire, but are refused as well.
    bench.fault(json!({"kind": "rate_limit", "count": 1})).await;
    let path = "/wecom/cgi-bin/webhook/send?key=sandbox-webhook-key";
    let sent = json!({"msgtype": "text", "text": {"content": "hello"}});
    assert_eq!(
        bench.post(path, sent.clone()).await.json()["errcode"],
        45009
    );
    assert_eq!(bench.post(path, sent).await.json()["errcode"], 0);
}

#[tokio::test]
async fn the_journal_shows_calls_without_their_secrets() {
    let bench = WeComBench::start().await;
    let token = bench.token().await;
    let sent = json!({"chatid": "general", "msgtype": "text", "text": {"content": "hello"}});
    bench.try_call("appchat/send", &token, &sent).await;
    let robot = json!({"msgtype": "text", "text": {"content": "from the robot"}});
    bench
        .post("/wecom/cgi-bin/webhook/send?key=sandbox-webhook-key", robot)
        .await;

    let journal = bench.journal_of("wecom").await;
    let text = Value::from(journal.clone()).to_string();
    for secret in [token.as_str(), SECRET, "sandbox-webhook-key"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let titles: Vec<&str> = journal
        .iter()
        .filter(|entry| entry["kind"] == "request")
        .map(|entry| entry["title"].as_str().unwrap())
        .collect();
    assert_eq!(
        titles,
        [
            "cgi-bin/gettoken",
            "cgi-bin/appchat/send",
            "cgi-bin/webhook/send"
        ]
    );
    assert!(text.contains("hello") && text.contains("from the robot"));
    let asked = &journal[0];
    assert_eq!(
        asked["url"],
        "/wecom/cgi-bin/gettoken?corpid=ww-sandbox&corpsecret=…"
    );
    let answered = &journal[1];
    assert_eq!(answered["pair"], asked["id"]);
    assert!(
        answered["body"]
            .as_str()
            .unwrap()
            .contains(r#""access_token":"…""#)
    );
}

#[tokio::test]
async fn the_journal_tells_how_large_a_file_is_and_not_what_is_in_it() {
    let bench = WeComBench::start().await;
    let token = bench.token().await;
    let mut body = form(0).into_bytes();
    let hole = body.len() - "\r\n--line--\r\n".len();
    body.splice(hole..hole, [0xff; 10]);
    let length = body.len();
    let headers = [("content-type", "multipart/form-data; boundary=line")];
    let path = format!("/wecom/cgi-bin/media/upload?type=file&access_token={token}");
    let answer = bench
        .send(Method::POST, &path, &headers, body)
        .await
        .unwrap();
    assert_eq!(answer.json()["errcode"], 0, "{answer:?}");
    let noted = bench
        .noted(|entry| entry["title"] == "cgi-bin/media/upload")
        .await;
    assert_eq!(noted["body"], format!("({length} bytes)"));
}
