//! However many calls find a token of WeCom's ended, one request fetches the next.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mynah::client::Client;
use mynah::core::http::Request;
use mynah::core::{Body, Carried, HttpRequest, HttpResponse, Tokens, Transport};
use mynah::wecom::api::agent::GetAgent;
use mynah::wecom::{AgentId, Application, WeCom};
use mynah_sandbox::Sandbox;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// How many calls one application makes at once.
const CROWD: usize = 1000;

/// The life of a token, in seconds.
const LIFE: u64 = 7200;

const APPLICATIONS: [(&str, i64); 2] = [
    ("sandbox-secret", 1_000_002),
    ("sandbox-secret-2", 1_000_003),
];

/// The way to the sandbox. Calls with a token from before the rush arrive
/// together, so that nobody has heard of its end when the last one is made.
#[derive(Clone)]
struct Way(Arc<Inner>);

struct Inner {
    sandbox: Sandbox,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The tokens of before.
    old: BTreeSet<String>,
    rush: Option<Arc<Rush>>,
}

struct Rush {
    together: Barrier,
    /// What the platform says of the old tokens; the sandbox itself, if nothing.
    code: Option<i64>,
}

impl Way {
    fn begin(&self, callers: usize, code: Option<i64>) {
        let together = Barrier::new(callers);
        self.0.state.lock().unwrap().rush = Some(Arc::new(Rush { together, code }));
    }

    /// The rush, for a call with an old token.
    fn rush(&self, token: &str) -> Option<Arc<Rush>> {
        let mut state = self.0.state.lock().unwrap();
        if state.rush.is_none() {
            state.old.insert(token.to_owned());
        }
        state.rush.clone().filter(|_| state.old.contains(token))
    }
}

impl Transport for Way {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let token = mynah::wecom::auth::token_in(&query).map(std::borrow::Cow::into_owned);
        Box::pin(async move {
            match token.and_then(|token| self.rush(&token)) {
                Some(rush) => {
                    rush.together.wait().await;
                    if let Some(code) = rush.code {
                        let refusal = json!({"errcode": code, "errmsg": "refused"}).to_string();
                        return Ok(HttpResponse::new(refusal.into()).map(Body::Full));
                    }
                }
                // Long enough for everybody to come and wait for the token.
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            self.0.sandbox.send(request).await
        })
    }
}

/// Two applications that have a token each.
struct Office {
    way: Way,
    clients: Vec<(Client<WeCom>, AgentId)>,
}

impl Office {
    async fn open() -> Self {
        let way = Way(Arc::new(Inner {
            sandbox: Sandbox::builder().open().unwrap(),
            state: Mutex::default(),
        }));
        let client = |(secret, agentid): (&str, i64)| {
            let base: mynah::core::BaseUrl = "http://sandbox/wecom".parse().unwrap();
            let tokens = Tokens::new(base.clone(), Application::new("ww-sandbox", secret));
            let client = Client::builder(base).auth(tokens).over(way.clone());
            (client, AgentId(agentid))
        };
        let clients = APPLICATIONS.map(client).into();
        let office = Self { way, clients };
        for (client, agentid) in &office.clients {
            client.call(GetAgent::new(*agentid)).await.unwrap();
        }
        assert_eq!(office.fetched().await, APPLICATIONS.len());
        office
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let mut request = HttpRequest::new(body.to_string().into());
        *request.method_mut() = method.parse().unwrap();
        *request.uri_mut() = path.parse().unwrap();
        let response = self.way.0.sandbox.handle(request).await.unwrap();
        assert!(response.status().is_success(), "{path}: {response:?}");
        serde_json::from_slice(response.body()).unwrap_or_default()
    }

    async fn pass(&self, seconds: u64) {
        let clock = json!({ "advance_s": seconds });
        self.control("POST", "/control/clock", clock).await;
    }

    /// How many requests for a token the journal knows.
    async fn fetched(&self) -> usize {
        let path = "/control/journal?platform=wecom&limit=10000";
        let journal = self.control("GET", path, Value::Null).await;
        let entries = journal["entries"].as_array().unwrap().iter();
        let asked = entries.filter(|entry| {
            let url = entry["url"].as_str().unwrap_or_default();
            entry["kind"] == "request" && url.contains("/cgi-bin/gettoken")
        });
        asked.count()
    }

    /// All call at once, each application for itself; every call is answered.
    async fn rush(&self, code: Option<i64>) {
        self.way.begin(CROWD * self.clients.len(), code);
        let mut calls = JoinSet::new();
        for (client, agentid) in &self.clients {
            for _ in 0..CROWD {
                let (client, agentid) = (client.clone(), *agentid);
                calls.spawn(async move {
                    let agent = client.call(GetAgent::new(agentid)).await.unwrap();
                    // With the token of the other application it is refused.
                    assert_eq!(agent.agentid, agentid);
                });
            }
        }
        while let Some(call) = calls.join_next().await {
            call.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_on_an_expired_token_fetch_one() {
    let office = Office::open().await;
    office.pass(LIFE).await;
    tokio::time::advance(Duration::from_secs(LIFE)).await;
    let before = office.fetched().await;
    office.rush(None).await;
    assert_eq!(office.fetched().await - before, APPLICATIONS.len());
}

/// The platform may end a token before its time: 42001 when it has expired.
#[tokio::test(start_paused = true)]
async fn a_thousand_calls_that_are_told_of_the_end_fetch_one() {
    let office = Office::open().await;
    office.pass(LIFE).await;
    let before = office.fetched().await;
    office.rush(None).await;
    assert_eq!(office.fetched().await - before, APPLICATIONS.len());
}

/// Every code that means the token is no longer taken means it once.
#[tokio::test(start_paused = true)]
async fn a_thousand_calls_whose_token_is_refused_fetch_one() {
    for code in [42001, 40014, 40001] {
        let office = Office::open().await;
        // The sandbox gives the same token again while it is good.
        office.pass(LIFE).await;
        let before = office.fetched().await;
        office.rush(Some(code)).await;
        assert_eq!(
            office.fetched().await - before,
            APPLICATIONS.len(),
            "{code}"
        );
    }
}
