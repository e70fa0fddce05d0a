//! A framework that takes events over HTTP POST.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{QUIET, in_time};

pub(crate) struct Receiver {
    pub(crate) url: String,
    posts: mpsc::UnboundedReceiver<Posted>,
    responses: Arc<Mutex<VecDeque<Respond>>>,
}

/// An event that was posted.
pub(crate) type Posted = Request<Bytes>;

/// How a post is answered.
#[derive(Clone, Debug)]
pub(crate) struct Respond {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) after: Duration,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let (arrived, posts) = mpsc::unbounded_channel();
        let responses = Arc::<Mutex<VecDeque<Respond>>>::default();
        let answers = Arc::clone(&responses);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (arrived, answers) = (arrived.clone(), Arc::clone(&answers));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (arrived, answers) = (arrived.clone(), Arc::clone(&answers));
                    async move {
                        let (parts, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes();
                        // Meta events take no answer of those that were laid out.
                        let meta = body.windows(12).any(|word| word == b"\"meta_event\"");
                        let next = (!meta)
                            .then(|| answers.lock().unwrap().pop_front())
                            .flatten();
                        // Nobody looks any more when the test is over.
                        let _ = arrived.send(Request::from_parts(parts, body));
                        let Respond {
                            status,
                            body,
                            after,
                        } = next.unwrap_or(Respond {
                            status: 204,
                            body: String::new(),
                            after: Duration::ZERO,
                        });
                        tokio::time::sleep(after).await;
                        let response = Response::builder().status(status);
                        Ok::<_, hyper::Error>(response.body(Full::new(Bytes::from(body))).unwrap())
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self {
            url,
            posts,
            responses,
        }
    }

    /// Lays out the answer to the next event that is none of `meta_event`.
    pub(crate) fn respond(&self, status: u16, body: &str) {
        self.respond_after(Duration::ZERO, status, body);
    }

    pub(crate) fn respond_after(&self, after: Duration, status: u16, body: &str) {
        self.responses.lock().unwrap().push_back(Respond {
            status,
            body: body.to_owned(),
            after,
        });
    }

    /// The next post.
    pub(crate) async fn next(&mut self) -> Posted {
        in_time(self.posts.recv()).await.unwrap()
    }

    /// The event in the next post.
    pub(crate) async fn event(&mut self) -> Value {
        serde_json::from_slice(self.next().await.body()).unwrap()
    }

    /// The next event that is none of `meta_event`.
    pub(crate) async fn real_event(&mut self) -> Value {
        loop {
            let event = self.event().await;
            if event["post_type"] != "meta_event" {
                return event;
            }
        }
    }

    /// Nothing is posted for a while.
    pub(crate) async fn is_quiet(&mut self) {
        if let Ok(post) = tokio::time::timeout(QUIET, self.posts.recv()).await {
            panic!("it is not quiet: {post:?}");
        }
    }
}
