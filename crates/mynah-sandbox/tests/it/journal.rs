//! What the journal tells, and the live stream.

use std::collections::VecDeque;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use crate::support::{BEARER, Bench, in_time};

#[tokio::test]
async fn a_call_and_its_answer_are_a_pair() {
    let bench = Bench::start().await;
    let reply = bench
        .call(
            "send_private_msg",
            json!({"user_id": 10001, "message": "hi"}),
        )
        .await;
    let id = reply["data"]["message_id"].to_string();
    let journal = bench.journal().await;
    let [request, response] = &journal[..] else {
        panic!("{journal:?}");
    };
    for (name, value) in [
        ("platform", json!("onebot")),
        ("direction", json!("in")),
        ("transport", json!("http")),
        ("kind", json!("request")),
        ("title", json!("send_private_msg")),
        ("method", json!("POST")),
        ("url", json!("/onebot/send_private_msg")),
        ("body", json!(r#"{"message":"hi","user_id":10001}"#)),
        ("verdict", json!("ok")),
        ("pair", Value::Null),
        ("message", json!([id])),
    ] {
        assert_eq!(request[name], value, "{name}");
    }
    assert!(request["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
    let headers = request["headers"].as_array().unwrap();
    assert!(
        headers.contains(&json!(["authorization", "…"])),
        "{headers:?}"
    );
    assert!(
        headers.contains(&json!(["content-type", "application/json"])),
        "{headers:?}"
    );
    for (name, value) in [
        ("direction", json!("out")),
        ("kind", json!("response")),
        ("status", json!(200)),
        ("pair", request["id"].clone()),
        ("message", json!([id])),
    ] {
        assert_eq!(response[name], value, "{name}");
    }
    assert!(response["time"].as_f64().unwrap() >= request["time"].as_f64().unwrap());
}

#[tokio::test]
async fn a_message_knows_everything_that_carried_it() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot").await;
    let id = bench.tell_bot("delete me").await;
    socket.json().await;
    let number: i64 = id.parse().unwrap();
    socket.call("get_msg", json!({"message_id": number})).await;
    let path = "/control/messages?platform=onebot&conversation=user:10001";
    let page = bench.get(path).await.json();
    let carried: Vec<u64> = serde_json::from_value(page["messages"][0]["journal"].clone()).unwrap();
    let journal = bench.journal().await;
    let kinds: Vec<&str> = journal
        .iter()
        .filter(|entry| carried.contains(&entry["id"].as_u64().unwrap()))
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["control", "event", "request", "response"]);
}

#[tokio::test]
async fn verdicts_tell_what_became_of_a_call() {
    let bench = Bench::start().await;
    bench
        .call("send_private_msg", json!({"user_id": 99, "message": "x"}))
        .await;
    bench
        .call("send_private_msg", json!({"message": "x"}))
        .await;
    bench.get("/onebot/get_status").await;
    bench
        .get("/onebot/get_status?access_token=wrong-token")
        .await;
    bench.try_call("no_such_action", json!({})).await.unwrap();
    let journal = bench.journal().await;
    let answers: Vec<(u64, &str)> = journal
        .iter()
        .filter(|entry| entry["kind"] == "response")
        .map(|entry| {
            (
                entry["status"].as_u64().unwrap(),
                entry["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        (200, "failed"),
        (200, "failed"),
        (401, "refused"),
        (403, "refused"),
        (404, "refused"),
    ];
    assert_eq!(answers, expected);
    assert!(!format!("{journal:?}").contains("wrong-token"));
}

#[tokio::test]
async fn frames_are_written_down_as_they_passed() {
    let bench = Bench::start().await;
    let mut socket = bench.socket("/onebot/api").await;
    let call = r#"{"action":"get_status","echo":{"seq":7}}"#;
    socket.send_text(call).await;
    let reply = socket.json().await;
    let request = bench.noted(|entry| entry["body"] == call).await;
    assert_eq!(
        (&request["transport"], &request["title"]),
        (&json!("ws-forward"), &json!("get_status"))
    );
    let response = bench.noted(|entry| entry["pair"] == request["id"]).await;
    let written: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!(written, reply);
    socket.send_text("{oops").await;
    socket.json().await;
    let refused = bench.noted(|entry| entry["body"] == "{oops").await;
    assert_eq!(
        (&refused["kind"], &refused["verdict"]),
        (&json!("frame"), &json!("refused"))
    );
}

#[tokio::test]
async fn pages_of_the_journal_follow_one_another() {
    let bench = Bench::start().await;
    for _ in 0..5 {
        bench.call("get_status", json!({})).await;
    }
    let page = async |query: &str| -> Vec<u64> {
        let answer = bench.get(&format!("/control/journal?{query}")).await.json();
        let entries = answer["entries"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["id"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(page("limit=3").await, [8, 9, 10]);
    assert_eq!(page("after=0&limit=3").await, [1, 2, 3]);
    assert_eq!(page("after=9&platform=onebot").await, [10]);
    assert!(page("after=10").await.is_empty());
    assert!(page("platform=telegraph").await.is_empty());
}

/// The live stream, event by event.
struct Live {
    body: Incoming,
    text: String,
    events: VecDeque<(String, Value)>,
}

impl Live {
    async fn open(bench: &Bench) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
        let url = format!("{}/control/journal/stream", bench.running.url());
        let response = client.get(url.parse().unwrap()).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body(),
            text: String::new(),
            events: VecDeque::new(),
        }
    }

    /// The next event, or `None` at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let frame = in_time(self.body.frame()).await?.unwrap();
            self.text
                .push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
            while let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                };
                if let (Some(name), Some(data)) = (field("event"), field("data")) {
                    let data = serde_json::from_str(data).unwrap();
                    self.events.push_back((name.to_owned(), data));
                }
            }
        }
    }

    /// The data of the next event of this name that is as wanted.
    async fn find(&mut self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let (found, data) = self.next().await.expect("the stream has ended");
            if found == name && wanted(&data) {
                return data;
            }
        }
    }
}

#[tokio::test]
async fn the_stream_tells_what_happens_as_it_happens() {
    let bench = Bench::start().await;
    let mut live = Live::open(&bench).await;
    bench.tell_bot("live").await;
    let message = live.find("message", |_| true).await;
    assert_eq!(message["parts"][0]["text"], "live");
    assert_eq!(message["platform"], "onebot");
    let entry = live.find("journal", |entry| entry["kind"] == "event").await;
    assert_eq!(entry["verdict"], "dropped");
    let linked = live.find("message", |message| message["seq"] != 0).await;
    assert_eq!(
        linked["seq"], message["seq"],
        "an entry that changes keeps its place"
    );

    let state = |kind: &'static str| move |state: &Value| state["kind"] == kind;
    bench.post("/control/clock", json!({"advance_s": 1})).await;
    live.find("state", state("clock")).await;
    bench.fault(json!({"kind": "drop", "where": "post"})).await;
    live.find("state", state("fault")).await;
    let join = json!({"platform": "onebot", "who": "carol", "action": "leave", "group": "20001"});
    assert_eq!(bench.post("/control/act", join).await.status, 200);
    let left = live.find("state", state("conversations")).await;
    assert_eq!(left["platform"], "onebot");
    bench.post("/control/reset", json!({})).await;
    live.find("state", state("reset")).await;

    bench.running.shutdown().await;
    while live.next().await.is_some() {}
}

#[tokio::test]
async fn the_query_token_is_not_written_down() {
    let bench = Bench::start().await;
    bench
        .get("/onebot/get_status?access_token=sandbox-token&x=1")
        .await;
    let entry = bench.noted(|entry| entry["kind"] == "request").await;
    assert_eq!(entry["url"], "/onebot/get_status?access_token=…&x=1");
    bench
        .send(http::Method::GET, "/onebot/get_status", &[BEARER], "")
        .await
        .unwrap();
    assert!(!format!("{:?}", bench.journal().await).contains("sandbox-token"));
}
