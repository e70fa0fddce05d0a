//! Bodies as `http-body` has them, which most HTTP clients take and give.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use http::Response;
use http_body::{Frame, SizeHint};
use mynah_core::{Body, Chunks, TransportError};

use crate::body::Whole;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A [`Body`] on its way out, as `http-body` wants it.
pub struct Outgoing(Kind);

enum Kind {
    Full(Bytes),
    // The lock is never taken: it makes the stream `Sync`, as some clients demand.
    Stream(Mutex<Chunks>),
}

impl From<Body> for Outgoing {
    fn from(body: Body) -> Self {
        Self(match body {
            Body::Full(bytes) => Kind::Full(bytes),
            Body::Stream(chunks) => Kind::Stream(Mutex::new(chunks)),
        })
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Full(bytes) => write!(f, "Full({} bytes)", bytes.len()),
            Kind::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match &mut self.0 {
            Kind::Full(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Full(bytes) => {
                let all = std::mem::take(bytes);
                Poll::Ready(Some(Ok(Frame::data(all))))
            }
            Kind::Stream(chunks) => {
                let chunks = chunks.get_mut().unwrap_or_else(|lock| lock.into_inner());
                let chunk = ready!(chunks.as_mut().poll_next(cx));
                Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Kind::Full(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(_) => SizeHint::default(),
        }
    }
}

/// Answers of a known length up to this are read at once: it costs less than
/// a stream, and most answers are small.
const SMALL: u64 = 64 * 1024;

/// Whether a body is to be read at once.
pub(crate) fn is_small(body: &impl http_body::Body) -> bool {
    body.size_hint().exact().is_some_and(|size| size <= SMALL)
}

/// Turns the response of an HTTP client into ours.
pub(crate) async fn incoming<B>(response: Response<B>) -> Result<Response<Body>, TransportError>
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let (parts, body) = response.into_parts();
    let body = if is_small(&body) {
        Body::Full(read_small(pin!(body)).await?)
    } else {
        Body::Stream(Box::pin(Incoming(Box::pin(body))))
    };
    Ok(Response::from_parts(parts, body))
}

/// Reads a body at once.
pub(crate) async fn read_small<B>(mut body: Pin<&mut B>) -> Result<Bytes, TransportError>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    let mut whole = Whole::default();
    while !body.is_end_stream() {
        match poll_fn(|cx| poll_data(body.as_mut(), cx)).await {
            Some(chunk) => whole.push(chunk?),
            None => break,
        }
    }
    Ok(whole.finish())
}

/// The chunks of another client's body.
struct Incoming<B>(Pin<Box<B>>);

impl<B> Stream for Incoming<B>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        poll_data(self.0.as_mut(), cx)
    }
}

/// The next data; trailers say nothing that a platform relies on.
pub(crate) fn poll_data<B>(
    mut body: Pin<&mut B>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, TransportError>>>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    loop {
        let Some(frame) = ready!(body.as_mut().poll_frame(cx)) else {
            return Poll::Ready(None);
        };
        match frame.map(Frame::into_data) {
            Ok(Ok(mut data)) => {
                return Poll::Ready(Some(Ok(data.copy_to_bytes(data.remaining()))));
            }
            Ok(Err(_)) => {}
            Err(error) => return Poll::Ready(Some(Err(cut_off(error.into())))),
        }
    }
}

fn cut_off(error: BoxError) -> TransportError {
    TransportError::sent("the answer was cut off").because(Foreign(error))
}

/// An error whose type is not known.
#[derive(Debug)]
pub(crate) struct Foreign(pub(crate) BoxError);

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Foreign {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
