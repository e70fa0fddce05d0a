//! A handler that is asked by signed HTTP posts.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mynah_client::HyperTransport;
use mynah_core::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use mynah_core::http::{Method, Request, StatusCode, Uri};
use mynah_core::{Body, Transport};
use tokio::time::Instant;

use super::json::Answer;
use super::signature::Key;
use super::{LARGEST_ANSWER, excerpt};
use crate::body::{Unread, collect};

/// How long the first repetition of a post waits; each next one twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Posts to one address.
pub(super) struct Posts {
    uri: Uri,
    key: Key,
    transport: HyperTransport,
}

/// Why a post came to nothing.
enum Failed {
    /// The handler may not have seen it, or wants it again.
    ForNow(String),
    /// The handler has seen it.
    ForGood(String),
}

impl Posts {
    pub(super) fn new(uri: Uri, key: Key) -> Self {
        Self {
            uri,
            key,
            transport: HyperTransport::new(),
        }
    }

    /// Posts an event and reads the answer, again and again until `deadline` while nobody
    /// listens there, or says that it cannot answer now (429, 502, 503, 504).
    ///
    /// # Errors
    /// There is no answer.
    pub(super) async fn ask(
        &self,
        id: &str,
        body: Bytes,
        deadline: Instant,
    ) -> Result<Answer, String> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.post(id, body.clone(), deadline).await {
                Ok(answer) => return Ok(answer),
                Err(Failed::ForGood(problem)) => return Err(problem),
                Err(Failed::ForNow(problem)) if Instant::now() + wait >= deadline => {
                    return Err(problem);
                }
                Err(Failed::ForNow(problem)) => {
                    tracing::debug!(problem, "posted again");
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
            }
        }
    }

    async fn post(&self, id: &str, body: Bytes, deadline: Instant) -> Result<Answer, Failed> {
        let for_good = |problem: String| Failed::ForGood(problem);
        let request = self.request(id, body).map_err(for_good)?;
        let carried = self.transport.send_by(request, deadline.into_std());
        let response = tokio::time::timeout_at(deadline, carried).await;
        let response = response.map_err(|_| for_good("no answer came in time".to_owned()))?;
        let response = response.map_err(|error| {
            let problem = error.to_string();
            if error.sent {
                for_good(problem)
            } else {
                Failed::ForNow(problem)
            }
        })?;
        let answer = collect(response, LARGEST_ANSWER);
        let answer = tokio::time::timeout_at(deadline, answer).await;
        let answer = answer.map_err(|_| for_good("the answer took too long".to_owned()))?;
        let answer = answer.map_err(|unread| {
            for_good(match unread {
                Unread::TooLong(_) => format!("the answer is longer than {LARGEST_ANSWER} bytes"),
                Unread::Broken(error) => error.to_string(),
            })
        })?;
        let body = answer.body();
        match answer.status() {
            status if status.is_success() => Answer::parse(body).map_err(for_good),
            status @ (StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT) => Err(Failed::ForNow(refusal(status, body))),
            status => Err(for_good(refusal(status, body))),
        }
    }

    fn request(&self, id: &str, body: Bytes) -> Result<Request<Body>, String> {
        let mut request = Request::new(Body::Full(Bytes::new()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let agent = concat!("mynah/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        let signed = self.key.sign(headers, id, SystemTime::now(), &body);
        signed.map_err(|error| error.to_string())?;
        *request.body_mut() = Body::Full(body);
        Ok(request)
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> String {
    format!("it answers {status}: {}", excerpt(body))
}
