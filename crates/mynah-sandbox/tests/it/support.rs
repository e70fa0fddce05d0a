//! A sandbox under test, and those who talk to it.

mod framework;
mod receiver;
mod socket;
mod world;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use mynah_sandbox::{Builder, Running, Sandbox};
use serde_json::{Value, json};

pub(crate) use framework::Framework;
pub(crate) use receiver::{Posted, Receiver, Respond};
pub(crate) use socket::Socket;
pub(crate) use world::WorldBench;

/// The token that the built-in seed asks for.
pub(crate) const TOKEN: &str = "sandbox-token";
pub(crate) const BEARER: (&str, &str) = ("authorization", "Bearer sandbox-token");

/// Longer than anything here takes, shorter than a person's patience.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);
/// Long enough to believe that nothing comes.
pub(crate) const QUIET: Duration = Duration::from_millis(150);

/// A sandbox that listens on a free port.
pub(crate) struct Bench {
    pub(crate) running: Running,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// A sandbox with other options.
    pub(crate) async fn with(options: impl FnOnce(Builder) -> Builder) -> Self {
        let builder = Sandbox::builder().listen(SocketAddr::from(([127, 0, 0, 1], 0)));
        let running = options(builder).start().await.unwrap();
        Self {
            running,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.running.addr
    }

    /// Any request; fails where no answer comes.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer, hyper_util::client::legacy::Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.addr()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let exchange = async {
            let response = self.client.request(request).await?;
            let (parts, body) = response.into_parts();
            Ok(Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: body.collect().await.unwrap().to_bytes(),
            })
        };
        in_time(exchange).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], body.to_string())
            .await
            .unwrap()
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &[], body.to_string())
            .await
            .unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], "").await.unwrap()
    }

    /// Calls an action over HTTP.
    pub(crate) async fn try_call(
        &self,
        action: &str,
        params: Value,
    ) -> Result<Answer, hyper_util::client::legacy::Error> {
        let headers = [BEARER, ("content-type", "application/json")];
        let path = format!("/onebot/{action}");
        self.send(Method::POST, &path, &headers, params.to_string())
            .await
    }

    /// The envelope that answers an action over HTTP.
    pub(crate) async fn call(&self, action: &str, params: Value) -> Value {
        let answer = self.try_call(action, params).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Somebody says something; answers the message's id.
    pub(crate) async fn say(&self, from: &str, to: &str, text: &str) -> String {
        let said = json!({"platform": "onebot", "from": from, "to": to, "text": text});
        let answer = self.post("/control/say", said).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["ids"][0].as_str().unwrap().to_owned()
    }

    /// Somebody says something to the bot.
    pub(crate) async fn tell_bot(&self, text: &str) -> String {
        self.say("alice", "user:bot", text).await
    }

    /// Puts a fault in force; answers its id.
    pub(crate) async fn fault(&self, mut fault: Value) -> u64 {
        fault["platform"] = json!("onebot");
        let answer = self.post("/control/fault", fault).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["id"].as_u64().unwrap()
    }

    pub(crate) async fn deliver(&self, settings: Value) {
        let answer = self.put("/control/onebot/delivery", settings).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The journal of OneBot so far.
    pub(crate) async fn journal(&self) -> Vec<Value> {
        self.journal_of("onebot").await
    }

    /// The journal of a platform so far.
    pub(crate) async fn journal_of(&self, platform: &str) -> Vec<Value> {
        let path = format!("/control/journal?platform={platform}&limit=10000");
        let answer = self.get(&path).await;
        answer.json()["entries"].as_array().unwrap().clone()
    }

    /// Waits until the journal has an entry such as is looked for.
    pub(crate) async fn noted(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let journal = self.until(|journal| journal.iter().any(&wanted)).await;
        journal.into_iter().find(&wanted).unwrap()
    }

    /// Waits until the journal is as wanted.
    pub(crate) async fn until(&self, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        in_time(async {
            loop {
                let journal = self.journal().await;
                if wanted(&journal) {
                    return journal;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
    }

    /// What a conversation's messages say, oldest first.
    pub(crate) async fn texts(&self, conversation: &str) -> Vec<String> {
        let path = format!("/control/messages?platform=onebot&conversation={conversation}");
        let page = self.get(&path).await.json();
        let messages = page["messages"].as_array().unwrap().iter();
        messages
            .filter(|message| message["kind"] == "message")
            .map(|message| {
                let parts = message["parts"].as_array().unwrap().iter();
                parts.filter_map(|part| part["text"].as_str()).collect()
            })
            .collect()
    }

    /// A WebSocket to `/onebot…`, with the token; its first event, if it has
    /// one, is taken.
    pub(crate) async fn socket(&self, path: &str) -> Socket {
        let mut socket = Socket::open(self.addr(), path, &[BEARER]).await.unwrap();
        if !path.contains("/api") {
            let first = socket.json().await;
            assert_eq!(first["meta_event_type"], "lifecycle", "{first}");
            assert_eq!(first["sub_type"], "connect", "{first}");
        }
        socket
    }
}

/// The value, before patience ends.
pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("it takes too long")
}

/// Whether `expected` is in `actual`: all its keys, with these values.
pub(crate) fn assert_within(actual: &Value, expected: &Value, case: &str) {
    match (actual, expected) {
        (Value::Object(actual_fields), Value::Object(expected_fields)) => {
            for (name, expected) in expected_fields {
                let found = actual_fields
                    .get(name)
                    .unwrap_or_else(|| panic!("{case}: {name} is missing in {actual}"));
                assert_within(found, expected, case);
            }
        }
        _ => assert_eq!(actual, expected, "{case}"),
    }
}

/// A vector file of this crate.
pub(crate) fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
