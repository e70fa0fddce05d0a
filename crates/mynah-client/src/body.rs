//! Bodies of answers: collected, or streamed, and never without a limit.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use mynah_core::multipart::Form;
use mynah_core::{Body, Chunks, HttpRequest, HttpResponse, TransportError};
use tokio::time::{Instant, Sleep, sleep};

/// The whole of a response, if it is not larger than `limit`.
pub(crate) async fn collect(
    response: Response<Body>,
    limit: usize,
) -> Result<HttpResponse, TransportError> {
    let (head, body) = response.into_parts();
    let whole = match body {
        Body::Full(whole) => {
            check(whole.len(), limit)?;
            whole
        }
        Body::Stream(chunks) => {
            // What announces to be too large is not begun with.
            check(announced(&head).unwrap_or_default(), limit)?;
            // Boxed, for it is rare and would make every call larger.
            Box::pin(read_stream(chunks, limit)).await?
        }
    };
    Ok(Response::from_parts(head, whole))
}

fn announced(head: &http::response::Parts) -> Option<usize> {
    let length = head.headers.get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

async fn read_stream(mut chunks: Chunks, limit: usize) -> Result<Bytes, TransportError> {
    let mut whole = Whole::default();
    while let Some(chunk) = poll_fn(|cx| chunks.as_mut().poll_next(cx)).await {
        let chunk = chunk?;
        check(whole.len().saturating_add(chunk.len()), limit)?;
        whole.push(chunk);
    }
    Ok(whole.finish())
}

fn check(size: usize, limit: usize) -> Result<(), TransportError> {
    if size <= limit {
        return Ok(());
    }
    Err(too_large(limit))
}

fn too_large(limit: impl fmt::Display) -> TransportError {
    TransportError::sent(format!("the answer is larger than {limit} bytes"))
}

/// What a streamed body must keep to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    /// How many bytes it may have.
    pub(crate) limit: u64,
    /// How long the next chunk may take.
    pub(crate) pause: Duration,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            limit: u64::MAX,
            pause: Duration::from_secs(30),
        }
    }
}

impl Guard {
    /// The body, which ends with an error when it does not keep to this.
    pub(crate) fn over(self, body: Body) -> Body {
        let chunks: Chunks = match body {
            Body::Full(whole) if whole.len() as u64 <= self.limit => return Body::Full(whole),
            Body::Full(whole) => Box::pin(Once(Some(whole))),
            Body::Stream(chunks) => chunks,
        };
        Body::Stream(Box::pin(Guarded {
            chunks,
            guard: self,
            left: self.limit,
            timer: Box::pin(sleep(self.pause)),
        }))
    }
}

/// A body that is sent once, and its length if that is known.
pub(crate) struct Framed {
    body: Body,
    length: Option<u64>,
}

impl Framed {
    /// The request with this body.
    pub(crate) fn onto(self, request: HttpRequest) -> Request<Body> {
        let mut request = request.map(|_| self.body);
        if let Some(length) = self.length {
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        request
    }
}

/// The form around a file whose content is still to come. A content that is
/// not as long as was said is an error: half a file must not pass for one.
pub(crate) fn framed(form: Form, content: Chunks, length: Option<u64>) -> Framed {
    let around = (form.head.len() + form.tail.len()) as u64;
    Framed {
        body: Body::Stream(Box::pin(Frame {
            head: Some(form.head),
            content: Some(content),
            left: length,
            tail: Some(form.tail),
        })),
        length: length.map(|length| length + around),
    }
}

struct Frame {
    head: Option<Bytes>,
    content: Option<Chunks>,
    /// How much of the content is still to come, if that is known.
    left: Option<u64>,
    tail: Option<Bytes>,
}

impl Frame {
    fn count(&mut self, chunk: &Bytes) -> Result<(), TransportError> {
        let Some(left) = &mut self.left else {
            return Ok(());
        };
        *left = left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| TransportError::sent("the file is longer than was said"))?;
        Ok(())
    }

    /// The end of the content.
    fn finish(&mut self) -> Option<Result<Bytes, TransportError>> {
        self.content = None;
        match self.left {
            Some(left) if left > 0 => {
                self.tail = None;
                let problem = format!("the file is {left} bytes shorter than was said");
                Some(Err(TransportError::sent(problem)))
            }
            _ => self.tail.take().map(Ok),
        }
    }
}

impl Stream for Frame {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(head)));
        }
        let Some(content) = &mut self.content else {
            return Poll::Ready(self.tail.take().map(Ok));
        };
        match ready!(content.as_mut().poll_next(cx)) {
            Some(Ok(chunk)) => {
                let counted = self.count(&chunk);
                Poll::Ready(Some(counted.map(|()| chunk)))
            }
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
            None => Poll::Ready(self.finish()),
        }
    }
}

/// A single chunk.
struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

struct Guarded {
    chunks: Chunks,
    guard: Guard,
    left: u64,
    timer: Pin<Box<Sleep>>,
}

impl Stream for Guarded {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Poll::Ready(chunk) = self.chunks.as_mut().poll_next(cx) else {
            ready!(self.timer.as_mut().poll(cx));
            let problem = format!("nothing more came within {:?}", self.guard.pause);
            return self.end(TransportError::sent(problem));
        };
        let next = Instant::now() + self.guard.pause;
        self.timer.as_mut().reset(next);
        let size = match &chunk {
            Some(Ok(data)) => data.len() as u64,
            _ => 0,
        };
        let Some(left) = self.left.checked_sub(size) else {
            let error = too_large(self.guard.limit);
            return self.end(error);
        };
        self.left = left;
        Poll::Ready(chunk)
    }
}

impl Guarded {
    /// Lets go of the connection and says why.
    fn end(&mut self, error: TransportError) -> Poll<Option<Result<Bytes, TransportError>>> {
        self.chunks = Box::pin(Once(None));
        Poll::Ready(Some(Err(error)))
    }
}

/// Puts chunks together; a single one is not copied.
#[derive(Default)]
pub(crate) struct Whole {
    first: Bytes,
    all: BytesMut,
}

impl Whole {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    pub(crate) fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(self.first.len() + chunk.len());
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&chunk);
    }

    pub(crate) fn finish(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.freeze()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_chunk_is_not_copied() {
        let chunk = Bytes::from(vec![7; 100]);
        let mut whole = Whole::default();
        whole.push(Bytes::new());
        whole.push(chunk.clone());
        assert_eq!(whole.finish().as_ptr(), chunk.as_ptr());
    }

    #[test]
    fn chunks_come_out_in_order() {
        let mut whole = Whole::default();
        for chunk in ["a", "", "bc", "def"] {
            whole.push(Bytes::from_static(chunk.as_bytes()));
        }
        assert_eq!(whole.len(), 6);
        assert_eq!(whole.finish(), "abcdef");
    }
}
