//! Calls over HTTP.

use http::Method;
use serde_json::{Value, json};

use super::support::{ALICE, ALL, BOT, BearyChatBench, DEV, HOOK, HOOK_TOKEN, TOKEN};
use crate::support::Answer;

const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Sends a request as it is.
async fn send(
    bench: &BearyChatBench,
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let target = format!("/bearychat{target}");
    bench
        .send(method, &target, headers, body.to_owned())
        .await
        .unwrap()
}

async fn post(bench: &BearyChatBench, target: &str, header: (&str, &str), body: &str) -> Answer {
    send(bench, Method::POST, target, &[header], body).await
}

#[tokio::test]
async fn token_and_arguments_are_taken_from_wherever_clients_put_them() {
    let bench = BearyChatBench::start().await;
    let create = "/v1/message.create";
    let object = json!({"token": TOKEN, "vchannel_id": ALL, "text": "你好"}).to_string();
    let escaped = r#"{"token": "sandbox-token", "vchannel_id": "=bwAll", "text": "\u4f60\u597d"}"#;
    let arguments = json!({"vchannel_id": ALL, "text": "你好"}).to_string();
    let in_query = format!("{create}?token={TOKEN}");
    let all_in_query =
        format!("{create}?token={TOKEN}&vchannel_id=%3DbwAll&text=%E4%BD%A0%E5%A5%BD");
    let form = "token=sandbox-token&vchannel_id=%3DbwAll&text=%E4%BD%A0%E5%A5%BD";
    for (target, headers, body) in [
        (create, &[JSON][..], object.as_str()),
        (create, &[JSON], escaped),
        (
            create,
            &[("content-type", "application/json; charset=utf-8")],
            &object,
        ),
        (&in_query, &[JSON], &arguments),
        // Many do not say what they send.
        (&in_query, &[], &arguments),
        (&all_in_query, &[], ""),
        (&all_in_query, &[JSON], ""),
        (create, &[FORM], form),
        (
            &in_query,
            &[FORM],
            "vchannel_id=%3DbwAll&text=%E4%BD%A0%E5%A5%BD",
        ),
    ] {
        let answer = send(&bench, Method::POST, target, headers, body).await;
        assert_eq!(answer.status, 201, "{target} {body}: {answer:?}");
        assert_eq!(
            answer.header("content-type"),
            "application/json;charset=utf-8"
        );
        let message = answer.json();
        assert_eq!(
            (&message["uid"], &message["text"]),
            (&json!(BOT), &json!("你好"))
        );
    }
    assert_eq!(bench.texts("group:=bwAll").await, ["你好"; 9]);
}

#[tokio::test]
async fn where_a_name_stands_twice_the_body_counts() {
    let bench = BearyChatBench::start().await;
    let target = "/v1/message.create?token=nobody&vchannel_id=%3DbwDev&text=query";
    let object = json!({"token": TOKEN, "vchannel_id": ALL, "text": "body"}).to_string();
    let answer = post(&bench, target, JSON, &object).await;
    assert_eq!(answer.json()["text"], "body", "{answer:?}");
    let form = "token=sandbox-token&vchannel_id=%3DbwAll&text=form";
    let answer = post(&bench, target, FORM, form).await;
    assert_eq!(answer.json()["text"], "form", "{answer:?}");
    // A wrong token in the body is no better for the right one in the query.
    let target = format!("/v1/rtm.start?token={TOKEN}");
    let answer = post(&bench, &target, JSON, r#"{"token":"nobody"}"#).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn addresses_are_read_as_clients_write_them() {
    let bench = BearyChatBench::start().await;
    // A bare question mark; an equals sign that nobody escaped; a GET that says it is JSON.
    assert_eq!(
        bench.get("/bearychat/v1/meta?").await.json()["version"],
        "1"
    );
    for target in [
        format!("/v1/user.info?user_id={ALICE}&token={TOKEN}"),
        format!("/v1/user.info?token={TOKEN}&user_id=%3Dbw52O"),
        format!("/rtm/v1/user.info?user_id={ALICE}&token={TOKEN}"),
    ] {
        let answer = send(&bench, Method::GET, &target, &[JSON], "").await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        let answer = answer.json();
        let user = if target.starts_with("/rtm") {
            assert_eq!(answer["code"], 0);
            &answer["result"]
        } else {
            &answer
        };
        assert_eq!(user["name"], "alice", "{target}: {answer}");
    }
    let target = format!("/v1/user.update_me?token={TOKEN}&full_name=%E5%85%AB%E5%93%A5");
    let answer = send(&bench, Method::PATCH, &target, &[], "").await;
    assert_eq!(
        (answer.status, &answer.json()["full_name"]),
        (200, &json!("八哥"))
    );
    // Lists are names that are repeated, and switches have capitals.
    let target = format!(
        "/v1/session_channel.create?token={TOKEN}&member_uids=%3Dbw52O&member_uids=%3Dbw52P"
    );
    let answer = send(&bench, Method::POST, &target, &[], "").await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let members = answer.json()["member_uids"].as_array().unwrap().len();
    assert_eq!(members, 3, "the bot and both others");
    for (private, expected) in [("True", true), ("False", false)] {
        let target = format!("/v1/channel.create?token={TOKEN}&name=p{private}&private={private}");
        let answer = send(&bench, Method::POST, &target, &[], "").await;
        assert_eq!(
            (answer.status, &answer.json()["private"]),
            (201, &json!(expected))
        );
    }
}

#[tokio::test]
async fn hooks_take_json_and_forms_however_they_are_written() {
    let bench = BearyChatBench::start().await;
    let payload = r#"{"text":"愿原力与你同在"}"#;
    let escaped = "payload=%7B%22text%22%3A%22%E6%84%BF%E5%8E%9F%E5%8A%9B%E4%B8%8E%E4%BD%A0%E5%90%8C%E5%9C%A8%22%7D";
    let raw = format!("payload={payload}");
    let target = HOOK.strip_prefix("/bearychat").unwrap();
    let in_query = format!("{target}?{escaped}");
    for (target, headers, body) in [
        (target, &[JSON][..], payload),
        (target, &[], payload),
        (target, &[FORM], escaped),
        (target, &[FORM], raw.as_str()),
        (&in_query, &[], ""),
    ] {
        let answer = send(&bench, Method::POST, target, headers, body).await;
        assert_eq!(answer.status, 200, "{target} {body}: {answer:?}");
        assert_eq!(answer.json(), json!({"code": 0, "result": null}));
        assert!(!answer.headers.contains_key("x-ratelimit-limit"));
    }
    let expected = ["愿原力与你同在"; 5];
    assert_eq!(bench.texts("group:=bwAll").await, expected);
    for (body, header) in [
        ("{oops", JSON),
        ("", JSON),
        ("[]", JSON),
        ("a=b", FORM),
        (r#"{"text":""}"#, JSON),
    ] {
        let answer = post(&bench, target, header, body).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (400, &json!(1)),
            "{body}"
        );
    }
    for path in [
        "/hook/=bwTeam/incoming/unknown",
        "/hook/=bwOther/incoming/sandbox-hook",
        "/hook/=bwTeam/outgoing/sandbox-hook",
        "/hook/=bwTeam/incoming/",
        "/hook/",
        "/hook",
    ] {
        let answer = post(&bench, path, JSON, payload).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (404, &json!(6)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn statuses_mean_what_the_pages_say() {
    let bench = BearyChatBench::start().await;
    let text = json!({"vchannel_id": ALL, "text": "hello"});
    let created = bench.try_call("v1/message.create", &text).await;
    assert_eq!(created.status, 201);
    let key = created.json()["key"].clone();
    let joined = bench
        .try_call("v1/channel.join", &json!({"channel_id": DEV}))
        .await;
    assert_eq!(
        (joined.status, &joined.json()["is_member"]),
        (200, &json!(true))
    );
    for (path, body, status) in [
        ("v1/channel.leave", json!({"channel_id": DEV}), 204),
        (
            "v1/message.delete",
            json!({"vchannel_id": ALL, "message_key": key}),
            204,
        ),
    ] {
        let answer = bench.try_call(path, &body).await;
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{path}");
        assert_eq!(answer.header("content-type"), "", "{path}");
    }
    let answer = bench.try_read("file.location?file_key=sandbox-file").await;
    assert_eq!((answer.status, answer.body.len()), (302, 0), "{answer:?}");
    assert!(answer.header("location").starts_with("http"), "{answer:?}");
    let answer = bench.try_read("file.location?file_key=none").await;
    assert_eq!(
        (answer.status, answer.json()),
        (404, json!({"code": 6, "error": "文件不存在"}))
    );
}

#[tokio::test]
async fn what_is_wrong_first_is_what_is_answered() {
    let bench = BearyChatBench::start().await;
    let with_token = |path: &str| format!("{path}?token={TOKEN}");
    let asked = json!({"vchannel_id": DEV, "message_key": "1485236262366.0193"}).to_string();
    for (method, target, body, status, code) in [
        // The path, and then the method, before who asks.
        (Method::POST, "/v1/no.such".to_owned(), "{oops", 404, 6),
        (Method::GET, "/v2/user.me".to_owned(), "", 404, 6),
        (Method::GET, String::new(), "", 404, 6),
        (Method::GET, "/".to_owned(), "", 404, 6),
        (Method::GET, "/v1".to_owned(), "", 404, 6),
        (Method::GET, "/v1/message.create".to_owned(), "", 405, 7),
        (Method::POST, "/v1/message.info".to_owned(), "{oops", 405, 7),
        (Method::POST, "/v1/user.update_me".to_owned(), "", 405, 7),
        // Who asks, before what.
        (
            Method::POST,
            "/v1/message.create".to_owned(),
            "{oops",
            401,
            2,
        ),
        (Method::GET, "/v1/user.me?token=".to_owned(), "", 401, 2),
        (
            Method::GET,
            "/v1/user.me?token=nobody".to_owned(),
            "",
            401,
            2,
        ),
        // What is asked, before whether there is such a thing.
        (
            Method::POST,
            with_token("/v1/message.create"),
            "{oops",
            400,
            1,
        ),
        (Method::POST, with_token("/v1/message.create"), "[]", 400, 1),
        (
            Method::POST,
            with_token("/v1/message.create"),
            r#"{"vchannel_id":"=none","text":7}"#,
            400,
            1,
        ),
        (
            Method::POST,
            with_token("/v1/message.create"),
            r#"{"vchannel_id":"=none","text":"hi"}"#,
            404,
            6,
        ),
        // A stranger is not told whether there is a message.
        (
            Method::POST,
            with_token("/v1/message.delete"),
            asked.as_str(),
            403,
            4,
        ),
    ] {
        let answer = send(&bench, method.clone(), &target, &[JSON], body).await;
        assert_eq!(
            answer.status, status,
            "{method} {target} {body}: {answer:?}"
        );
        let words = answer.json();
        assert_eq!(words["code"], code, "{method} {target}: {words}");
        assert!(
            words["error"].is_string() && words.get("result").is_none(),
            "{words}"
        );
        assert_ne!(answer.header("x-ratelimit-limit"), "", "{method} {target}");
    }
    for (method, target, status, code) in [
        (Method::POST, "/rtm/no.such".to_owned(), 404, 6),
        (Method::GET, "/rtm/start".to_owned(), 405, 7),
        (Method::POST, "/rtm/start".to_owned(), 401, 2),
        (Method::POST, with_token("/rtm/message"), 400, 1),
        (Method::GET, HOOK.replacen("/bearychat", "", 1), 405, 7),
    ] {
        let answer = send(&bench, method.clone(), &target, &[JSON], "").await;
        assert_eq!(answer.status, status, "{method} {target}: {answer:?}");
        let words = answer.json();
        assert_eq!(
            (&words["code"], &words["result"]),
            (&json!(code), &Value::Null)
        );
        assert!(words.as_object().unwrap().contains_key("result"), "{words}");
        assert!(
            !answer.headers.contains_key("x-ratelimit-limit"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn every_answer_of_the_openapi_tells_what_is_left_of_the_hour() {
    let bench = BearyChatBench::start().await;
    let told = |answer: &Answer| {
        let number = |name: &str| answer.header(name).parse::<u64>().unwrap();
        (
            number("x-ratelimit-limit"),
            number("x-ratelimit-remaining"),
            number("x-ratelimit-reset"),
        )
    };
    let now = bench.get("/control/clock").await.json()["now"]
        .as_f64()
        .unwrap();
    // Half an hour from the next, so that the hour does not end in between.
    let to_half = 1800.0 - (now + 1800.0).rem_euclid(3600.0);
    bench.pass(to_half.rem_euclid(3600.0) + 60.0).await;
    let (limit, remaining, reset) = told(&bench.try_read("user.me").await);
    assert_eq!((limit, remaining), (1000, 999));
    let now = bench.get("/control/clock").await.json()["now"]
        .as_f64()
        .unwrap();
    #[allow(clippy::cast_precision_loss)]
    let left = reset as f64 - now;
    assert!(
        reset % 3600 == 0 && 0.0 < left && left <= 3600.0,
        "{reset} {now}"
    );
    // What is refused counts, and nothing but the OpenAPI is counted.
    assert_eq!(told(&bench.try_read("no.such").await), (1000, 998, reset));
    bench.try_call("rtm/start", &json!({})).await;
    assert_eq!(told(&bench.try_read("user.me").await), (1000, 997, reset));
    // Without a token, and with a wrong one, the address is counted.
    let anonymous = bench.get("/bearychat/v1/meta").await;
    assert_eq!(told(&anonymous), (60, 59, reset));
    let wrong = bench.get("/bearychat/v1/user.me?token=nobody").await;
    assert_eq!((wrong.status, told(&wrong)), (401, (60, 58, reset)));
    // The client's clock need not be the platform's.
    let date = anonymous.header("date");
    assert!(!date.is_empty());
    bench.pass(3600.0).await;
    assert_eq!(
        told(&bench.try_read("user.me").await),
        (1000, 999, reset + 3600)
    );
}

#[tokio::test]
async fn who_calls_too_often_waits_for_the_next_hour_or_a_reset() {
    let bench = BearyChatBench::start().await;
    let view = bench
        .deliver(json!({"calls_per_hour": 2, "anonymous_calls_per_hour": 1}))
        .await;
    assert_eq!(view["calls_per_hour"], 2, "{view}");
    for status in [200, 200, 429, 429] {
        let answer = bench.try_read("user.me").await;
        assert_eq!(answer.status, status, "{answer:?}");
        if status == 429 {
            assert_eq!(
                answer.json(),
                json!({"code": 13, "error": "请求太频繁，超过限制了，请慢点"})
            );
            assert_eq!(answer.header("x-ratelimit-remaining"), "0");
        }
    }
    // Others are not held up by it.
    assert_eq!(bench.get("/bearychat/v1/meta").await.status, 200);
    assert_eq!(bench.get("/bearychat/v1/meta").await.status, 429);
    assert_eq!(bench.try_call("rtm/start", &json!({})).await.status, 200);
    bench.pass(3600.0).await;
    assert_eq!(bench.try_read("user.me").await.status, 200);
    assert_eq!(bench.try_read("user.me").await.status, 200);
    assert_eq!(bench.try_read("user.me").await.status, 429);
    bench.post("/control/reset", json!({})).await;
    assert_eq!(bench.try_read("user.me").await.status, 200);
}

#[tokio::test]
async fn the_journal_shows_every_call_and_no_secret() {
    let bench = BearyChatBench::start().await;
    let key = bench.post_text(ALL, "hello").await;
    let noted = bench
        .noted(|entry| entry["kind"] == "response" && entry["message"] == json!([key]))
        .await;
    assert_eq!(
        (&noted["title"], &noted["status"]),
        (&json!("v1/message.create"), &json!(201))
    );
    let asked = bench.noted(|entry| entry["id"] == noted["pair"]).await;
    assert_eq!(asked["url"], "/bearychat/v1/message.create?token=…");
    bench
        .try_read(&format!("message.info?vchannel_id={ALL}&message_key={key}"))
        .await;
    let asked = bench
        .noted(|entry| entry["kind"] == "request" && entry["title"] == "v1/message.info")
        .await;
    assert_eq!(asked["message"], json!([key]));
    bench.post(HOOK, json!({"text": "hooked"})).await;
    let asked = bench
        .noted(|entry| entry["title"] == "hook/=bwTeam/incoming/…")
        .await;
    assert_eq!(asked["url"], "/bearychat/hook/=bwTeam/incoming/…");
    let body = json!({"token": TOKEN, "user_id": ALICE}).to_string();
    post(&bench, "/v1/p2p.create", JSON, &body).await;
    post(&bench, "/rtm/start", FORM, "token=sandbox-token").await;
    let failed = bench
        .try_call("v1/channel.leave", &json!({"channel_id": DEV}))
        .await;
    assert_eq!(failed.status, 403);
    let noted = bench.noted(|entry| entry["note"] == "code 4").await;
    assert_eq!(noted["verdict"], "failed");
    let journal = Value::from(bench.journal().await).to_string();
    for secret in [TOKEN, HOOK_TOKEN, "nimbus/ws:"] {
        assert!(!journal.contains(secret), "{secret} is in the journal");
    }
}
