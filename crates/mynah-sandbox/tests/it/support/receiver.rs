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

/// Answers each post.
type Answering = Arc<Mutex<dyn FnMut(&Posted) -> Respond + Send>>;

/// An event that was posted.
pub(crate) type Posted = Request<Bytes>;

/// How a post is answered.
#[derive(Clone, Debug)]
pub(crate) struct Respond {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) after: Duration,
}

impl Respond {
    pub(crate) fn new(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            body: body.into(),
            after: Duration::ZERO,
        }
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let responses = Arc::<Mutex<VecDeque<Respond>>>::default();
        let laid_out = Arc::clone(&responses);
        let answering = move |post: &Posted| {
            // Meta events take no answer of those that were laid out.
            let meta = post
                .body()
                .windows(12)
                .any(|word| word == b"\"meta_event\"");
            let next = (!meta).then(|| laid_out.lock().unwrap().pop_front());
            next.flatten().unwrap_or(Respond::new(204, ""))
        };
        Self {
            responses,
            ..Self::answering(answering).await
        }
    }

    /// One that answers as it is told.
    pub(crate) async fn answering(
        answering: impl FnMut(&Posted) -> Respond + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let (arrived, posts) = mpsc::unbounded_channel();
        let answering: Answering = Arc::new(Mutex::new(answering));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (arrived, answering) = (arrived.clone(), Arc::clone(&answering));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (arrived, answering) = (arrived.clone(), Arc::clone(&answering));
                    async move {
                        let (parts, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes();
                        let post = Request::from_parts(parts, body);
                        let respond = (answering.lock().unwrap())(&post);
                        // Nobody looks any more when the test is over.
                        let _ = arrived.send(post);
                        tokio::time::sleep(respond.after).await;
                        let response = Response::builder().status(respond.status);
                        let body = Full::new(Bytes::from(respond.body));
                        Ok::<_, hyper::Error>(response.body(body).unwrap())
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self {
            url,
            posts,
            responses: Arc::default(),
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
