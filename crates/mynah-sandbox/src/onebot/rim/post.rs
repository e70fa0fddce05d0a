//! Events posted over HTTP, and the quick operations in the answers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use mynah_core::HttpRequest;
use mynah_onebot::{PostSecret, quick};
use serde_json::Value;

use super::PLATFORM;
use super::calls::{Fate, Trouble, message_id};
use super::delivery::Delivery;
use crate::fault::Point;
use crate::hub::{Hub, State};
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::onebot::Event;

/// No answer is longer.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const IDLE_LIMIT: Duration = Duration::from_secs(60);
/// A signature nobody makes by accident.
const FORGED: HeaderValue =
    HeaderValue::from_static("sha1=0000000000000000000000000000000000000000");

/// Posts events to the framework.
#[derive(Debug)]
pub(crate) struct Poster {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// A post, ready to go.
#[derive(Debug)]
pub(crate) struct Posting {
    request: HttpRequest,
    event: Value,
    timeout: Duration,
    trouble: Trouble,
    entry: u64,
}

impl Posting {
    /// Whether a fault says that others overtake it, and how many.
    pub(crate) fn behind(&self) -> Option<u32> {
        match self.trouble.fate {
            Fate::Behind(others) => Some(others),
            _ => None,
        }
    }
}

/// Makes the post of an event, if events are posted at all.
pub(crate) fn prepare(state: &mut State, event: &Event, json: &Bytes) -> Option<Posting> {
    let delivery: Arc<Delivery> = state.onebot.delivery.borrow().clone();
    let url = delivery.post_url.clone()?;
    let trouble = Trouble::from(&state.decide(PLATFORM, Point::Post)[..]);
    let mut request = PostSecret::new(&delivery.post_secret).post(event.self_id(), json.clone());
    *request.uri_mut() = url;
    if trouble.forged {
        request.headers_mut().insert("x-signature", FORGED);
    }
    let value: Value = serde_json::from_slice(json).unwrap_or_default();
    let (verdict, note) = if trouble.forged {
        (Verdict::Ok, "fault: forged signature")
    } else {
        trouble.verdict()
    };
    let entry = state.note(Entry {
        peer: request
            .uri()
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default(),
        title: event.name(),
        method: request.method().to_string(),
        url: journal::url(&request.uri().to_string()),
        headers: journal::headers(request.headers()),
        body: journal::text(json),
        verdict,
        note: note.to_owned(),
        message: message_id(&value).into_iter().collect(),
        ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
    });
    Some(Posting {
        request,
        event: value,
        timeout: delivery.post_timeout,
        trouble,
        entry,
    })
}

impl Poster {
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_LIMIT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_LIMIT)
            .build(connector);
        Self { client }
    }

    /// Posts an event and carries out what the answer asks for. There is one
    /// attempt; what fails is in the journal and nowhere else.
    pub(crate) async fn post(&self, hub: &Arc<Hub>, posting: Posting) {
        match posting.trouble.fate {
            Fate::Now | Fate::Behind(_) => {}
            Fate::Later(delay) => tokio::time::sleep(delay).await,
            Fate::Lost => return,
            Fate::Stalled(fault) => {
                let _ = tokio::time::timeout(posting.timeout, hub.lifted(fault)).await;
                return;
            }
        }
        for _ in 0..=usize::from(posting.trouble.twice) {
            let answer = self.send(&posting).await;
            hub.with(|state| take_answer(state, &posting, answer));
        }
    }

    async fn send(&self, posting: &Posting) -> Result<Answer, String> {
        let request = posting.request.clone().map(Full::new);
        let exchange = async {
            let response = self.client.request(request).await.map_err(in_words)?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await;
            Ok(Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: body.map_err(|error| error.to_string())?.to_bytes(),
            })
        };
        match tokio::time::timeout(posting.timeout, exchange).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {:?}", posting.timeout)),
        }
    }
}

/// What a framework answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

fn take_answer(state: &mut State, posting: &Posting, answer: Result<Answer, String>) {
    let entry = Entry {
        peer: posting
            .request
            .uri()
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default(),
        pair: Some(posting.entry),
        ..Entry::new(PLATFORM, Direction::In, Transport::Post, Kind::Response)
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(problem) => {
            state.note(Entry {
                verdict: Verdict::Failed,
                note: problem,
                ..entry
            });
            return;
        }
    };
    let operation = quick::from_response(answer.status, &answer.body);
    let (verdict, note) = match (answer.status, &operation) {
        (200..=299, Some(_)) => (Verdict::Ok, "quick operation"),
        (200..=299, None) => (Verdict::Ok, ""),
        _ => (Verdict::Failed, ""),
    };
    state.note(Entry {
        headers: journal::headers(&answer.headers),
        body: journal::text(&answer.body),
        status: answer.status,
        verdict,
        note: note.to_owned(),
        ..entry
    });
    if let Some(operation) = operation {
        state
            .onebot
            .world
            .quick_operation(&posting.event, &operation);
    }
}

/// An error with its causes, which say more than it does itself.
fn in_words(error: impl std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}
