//! What is posted over HTTP.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use mynah_core::HttpRequest;

use super::Rim;
use super::fate::{Fate, Trouble};
use crate::fault::Point;
use crate::hub::{Hub, State};
use crate::journal::{self, Check, Direction, Entry, Kind, Transport, Verdict};

/// No answer is longer.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const IDLE_LIMIT: Duration = Duration::from_secs(60);

/// Posts events to those who wait for them.
#[derive(Debug)]
pub(crate) struct Poster {
    client: Client<HttpConnector, Full<Bytes>>,
}

/// Something to post.
#[derive(Debug)]
pub(crate) struct Post {
    /// What is sent, signed, to a whole address.
    pub(crate) request: HttpRequest,
    /// How long an answer is waited for.
    pub(crate) timeout: Duration,
    /// Makes the signature wrong.
    pub(crate) forge: fn(&mut HttpRequest),
    /// By what the receiver can know who posts; the first is what a forgery
    /// makes wrong.
    pub(crate) checks: &'static [&'static str],
    /// The name of the event.
    pub(crate) title: String,
    /// What the journal shows of it; the body where it is as readable.
    pub(crate) shown: String,
    /// The message it is about.
    pub(crate) message: Option<String>,
    /// What else is to be said of it; empty for nothing.
    pub(crate) note: String,
}

/// A post, ready to go.
#[derive(Debug)]
pub(crate) struct Posting {
    request: HttpRequest,
    timeout: Duration,
    trouble: Trouble,
    /// What answers it, but for the answer.
    answer: Entry,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What an answer says that was encrypted.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    /// The plain text; `None` if there is none.
    pub(crate) shown: Option<String>,
    /// What became of it.
    pub(crate) verdict: Verdict,
    /// More about that, in words.
    pub(crate) note: &'a str,
    /// The messages that it made or changed.
    pub(crate) message: Vec<String>,
}

impl Posting {
    /// Lets faults at what is about to be posted, and writes it down.
    pub(crate) fn prepare<P: Rim>(state: &mut State, post: Post) -> Self {
        let platform = P::PLATFORM.name;
        let trouble = Trouble::from(&state.decide(platform, Point::Post)[..]);
        let mut request = post.request;
        if trouble.forged {
            (post.forge)(&mut request);
        }
        let (verdict, note) = if trouble.forged {
            (Verdict::Ok, "fault: forged signature")
        } else {
            trouble.verdict()
        };
        let peer = request.uri().authority();
        let peer = peer.map(ToString::to_string).unwrap_or_default();
        // A question has a request and a response, an event only an answer.
        let kind = if request.method() == Method::GET {
            Kind::Request
        } else {
            Kind::Event
        };
        let entry = state.note(Entry {
            peer: peer.clone(),
            title: post.title,
            method: request.method().to_string(),
            url: journal::url(&request.uri().to_string()),
            headers: journal::headers(request.headers()),
            body: post.shown,
            verdict,
            note: match (post.note, note) {
                (more, "") => more,
                (more, fault) if more.is_empty() => fault.to_owned(),
                (more, fault) => format!("{more}; {fault}"),
            },
            message: post.message.into_iter().collect(),
            checks: for_the_receiver(post.checks, trouble.forged),
            ..Entry::new(platform, Direction::Out, Transport::Post, kind)
        });
        Self {
            request,
            timeout: post.timeout,
            trouble,
            answer: Entry {
                peer,
                pair: Some(entry),
                ..Entry::new(platform, Direction::In, Transport::Post, Kind::Response)
            },
        }
    }

    /// Whether a fault says that others overtake it, and how many.
    pub(crate) fn behind(&self) -> Option<u32> {
        match self.trouble.fate {
            Fate::Behind(others) => Some(others),
            _ => None,
        }
    }

    /// Writes down an answer, or why there is none.
    pub(crate) fn note(
        &self,
        state: &mut State,
        answer: Result<&Answer, &str>,
        verdict: Verdict,
        note: &str,
    ) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(problem) => {
                state.note(Entry {
                    verdict: Verdict::Failed,
                    note: problem.to_owned(),
                    ..self.answer.clone()
                });
                return;
            }
        };
        let opened = Opened {
            shown: None,
            verdict,
            note,
            message: Vec::new(),
        };
        self.note_opened(state, answer, opened);
    }

    /// Writes down an answer by what it says once it is decrypted.
    pub(crate) fn note_opened(&self, state: &mut State, answer: &Answer, opened: Opened<'_>) {
        let body = || journal::text(&answer.body);
        state.note(Entry {
            headers: journal::headers(&answer.headers),
            body: opened.shown.unwrap_or_else(body),
            status: answer.status,
            verdict: opened.verdict,
            note: opened.note.to_owned(),
            message: opened.message,
            ..self.answer.clone()
        });
    }
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

    /// Posts something, once unless a fault says twice; `take` sees what came
    /// of it. A fault may also prevent it: then there is nothing to see.
    pub(crate) async fn post(
        &self,
        hub: &Arc<Hub>,
        posting: &Posting,
        mut take: impl FnMut(&mut State, Result<Answer, String>),
    ) {
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
            let answer = self.send(posting).await;
            hub.with(|state| take(state, answer));
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

/// What is left to the receiver to look at.
fn for_the_receiver(checks: &[&str], is_forged: bool) -> Vec<Check> {
    let checks = checks.iter().enumerate();
    checks
        .map(|(at, what)| Check {
            what: (*what).to_owned(),
            ok: (is_forged && at == 0).then_some(false),
        })
        .collect()
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
