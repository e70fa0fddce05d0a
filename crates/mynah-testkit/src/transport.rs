//! Transports that need no network. They wrap one another: a slow, flaky,
//! recorded sandbox is `Capture::new(Flaky::new(Slow::new(sandbox, …), …))`.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::Request;
use mynah_core::{Body, Carried, HttpRequest, HttpResponse, Transport, TransportError};

/// Answers every request with a function.
#[derive(Clone)]
pub struct Serve<F>(F);

impl<F> Serve<F>
where
    F: Fn(HttpRequest) -> Result<HttpResponse, TransportError> + Send + Sync + 'static,
{
    /// `answer` gets the request with its body collected.
    pub fn new(answer: F) -> Self {
        Self(answer)
    }
}

impl<F> Transport for Serve<F>
where
    F: Fn(HttpRequest) -> Result<HttpResponse, TransportError> + Send + Sync + 'static,
{
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        Box::pin(async move {
            let answer = (self.0)(collected(request).await?)?;
            Ok(answer.map(Body::Full))
        })
    }
}

impl<F> fmt::Debug for Serve<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve").finish_non_exhaustive()
    }
}

/// Gives prepared answers, one after the other, and keeps the requests.
/// Clones share both.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    answers: Arc<Mutex<VecDeque<Result<HttpResponse, TransportError>>>>,
    requests: Record,
}

impl Replay {
    /// Answers in this order. Further requests fail, unsent.
    pub fn new(answers: impl IntoIterator<Item = HttpResponse>) -> Self {
        Self::outcomes(answers.into_iter().map(Ok))
    }

    /// Outcomes in this order. Further requests fail, unsent.
    pub fn outcomes(
        outcomes: impl IntoIterator<Item = Result<HttpResponse, TransportError>>,
    ) -> Self {
        Self {
            answers: Arc::new(Mutex::new(outcomes.into_iter().collect())),
            requests: Record::default(),
        }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.requests.all()
    }

    /// How many answers are left.
    pub fn left(&self) -> usize {
        lock(&self.answers).len()
    }
}

impl Transport for Replay {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        Box::pin(async move {
            self.requests.push(collected(request).await?);
            let answer = lock(&self.answers).pop_front();
            answer
                .unwrap_or_else(|| Err(TransportError::not_sent("there is no answer left")))
                .map(|answer| answer.map(Body::Full))
        })
    }
}

/// Keeps the requests that pass through it. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Capture<T> {
    inner: T,
    requests: Record,
}

impl<T> Capture<T> {
    /// Records what goes to `inner`.
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            requests: Record::default(),
        }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.requests.all()
    }

    /// How many requests there were.
    pub fn count(&self) -> usize {
        lock(&self.requests.0).len()
    }
}

impl<T: Transport> Transport for Capture<T> {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        Box::pin(async move {
            let request = collected(request).await?;
            self.requests.push(request.clone());
            self.inner.send(request.map(Body::Full)).await
        })
    }
}

/// Loses some of what passes through it. Clones share the script.
#[derive(Clone, Debug)]
pub struct Flaky<T> {
    inner: T,
    script: Arc<[Loss]>,
    next: Arc<AtomicUsize>,
}

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It arrives, and so does its answer.
    Nothing,
    /// No connection comes about.
    Connection,
    /// It arrives, but its answer does not.
    Answer,
}

impl<T> Flaky<T> {
    /// Does to the requests what `script` says, and nothing to those after its end.
    pub fn new(inner: T, script: impl IntoIterator<Item = Loss>) -> Self {
        Self {
            inner,
            script: script.into_iter().collect(),
            next: Arc::default(),
        }
    }
}

impl<T: Transport> Transport for Flaky<T> {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let loss = self.script.get(turn).copied().unwrap_or(Loss::Nothing);
        Box::pin(async move {
            match loss {
                Loss::Nothing => self.inner.send(request).await,
                Loss::Connection => Err(TransportError::not_sent("connection lost by the test")),
                Loss::Answer => {
                    self.inner.send(request).await?;
                    Err(TransportError::sent("answer lost by the test"))
                }
            }
        })
    }
}

/// Takes its time, by the runtime's clock, before it passes a request on.
#[derive(Clone, Debug)]
pub struct Slow<T> {
    inner: T,
    delay: Duration,
}

impl<T> Slow<T> {
    /// Delays every request.
    pub fn new(inner: T, delay: Duration) -> Self {
        Self { inner, delay }
    }
}

impl<T: Transport> Transport for Slow<T> {
    fn send(&self, request: Request<Body>) -> Carried<'_> {
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            self.inner.send(request).await
        })
    }
}

/// Requests in the order they came.
#[derive(Clone, Debug, Default)]
struct Record(Arc<Mutex<Vec<HttpRequest>>>);

impl Record {
    fn push(&self, request: HttpRequest) {
        lock(&self.0).push(request);
    }

    fn all(&self) -> Vec<HttpRequest> {
        lock(&self.0).clone()
    }
}

async fn collected(request: Request<Body>) -> Result<HttpRequest, TransportError> {
    let (head, body) = request.into_parts();
    let body = match body {
        Body::Full(whole) => whole,
        Body::Stream(mut chunks) => {
            let mut whole = BytesMut::new();
            while let Some(chunk) = chunks.next().await {
                whole.extend_from_slice(&chunk?);
            }
            Bytes::from(whole)
        }
    };
    Ok(Request::from_parts(head, body))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Response;

    fn request(path: &str) -> Request<Body> {
        let chunks = futures_util::stream::iter(["a", "b"]).map(|chunk| Ok(chunk.into()));
        Request::post(format!("http://h{path}"))
            .body(Body::Stream(Box::pin(chunks)))
            .unwrap()
    }

    fn echo() -> impl Transport + Clone {
        Serve::new(|request: HttpRequest| Ok(Response::new(request.into_body())))
    }

    #[tokio::test]
    async fn a_function_gets_the_collected_body() {
        let answer = echo().send(request("/")).await.unwrap();
        assert_eq!(answer.body().full().unwrap(), "ab");
    }

    #[tokio::test]
    async fn a_replay_answers_in_order_and_then_no_more() {
        let replay = Replay::new([Response::new("1".into()), Response::new("2".into())]);
        for expected in ["1", "2"] {
            let answer = replay.send(request("/")).await.unwrap();
            assert_eq!(answer.body().full().unwrap(), expected);
        }
        assert_eq!(replay.left(), 0);
        assert!(!replay.send(request("/")).await.unwrap_err().sent);
        assert_eq!(replay.requests().len(), 3);
    }

    #[tokio::test]
    async fn what_passes_is_recorded_whole() {
        let capture = Capture::new(echo());
        capture.send(request("/x")).await.unwrap();
        let requests = capture.requests();
        assert_eq!((capture.count(), requests[0].uri().path()), (1, "/x"));
        assert_eq!(requests[0].body(), "ab");
    }

    #[tokio::test]
    async fn a_lost_answer_is_one_whose_request_arrived() {
        let capture = Capture::new(echo());
        let script = [Loss::Connection, Loss::Answer, Loss::Nothing];
        let flaky = Flaky::new(capture.clone(), script);
        assert!(!flaky.send(request("/")).await.unwrap_err().sent);
        assert_eq!(capture.count(), 0);
        assert!(flaky.send(request("/")).await.unwrap_err().sent);
        assert_eq!(capture.count(), 1);
        for _ in 0..2 {
            assert!(flaky.send(request("/")).await.is_ok());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_one_waits_by_the_runtimes_clock() {
        let start = tokio::time::Instant::now();
        let slow = Slow::new(echo(), Duration::from_secs(3600));
        slow.send(request("/")).await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 3600);
    }
}
