//! Bodies of answers, read whole up to a limit.

use std::future::poll_fn;

use bytes::BytesMut;
use mynah_core::http::Response;
use mynah_core::http::header::CONTENT_LENGTH;
use mynah_core::{Body, HttpResponse, TransportError};

/// Why a body was not read.
pub(crate) enum Unread {
    /// It is longer than it may be: so many bytes, if that was said before.
    TooLong(Option<usize>),
    /// It broke off.
    Broken(TransportError),
}

/// An answer with the whole of its body, if that has at most so many bytes.
pub(crate) async fn collect(response: Response<Body>, most: usize) -> Result<HttpResponse, Unread> {
    let (head, body) = response.into_parts();
    let whole = match body {
        Body::Full(bytes) if bytes.len() > most => {
            return Err(Unread::TooLong(Some(bytes.len())));
        }
        Body::Full(bytes) => bytes,
        Body::Stream(mut chunks) => {
            let announced = head.headers.get(CONTENT_LENGTH);
            let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
            if announced.is_some_and(|length: usize| length > most) {
                return Err(Unread::TooLong(announced));
            }
            let mut whole = BytesMut::new();
            while let Some(chunk) = poll_fn(|cx| chunks.as_mut().poll_next(cx)).await {
                let chunk = chunk.map_err(Unread::Broken)?;
                if whole.len().saturating_add(chunk.len()) > most {
                    return Err(Unread::TooLong(None));
                }
                whole.extend_from_slice(&chunk);
            }
            whole.freeze()
        }
    };
    Ok(HttpResponse::from_parts(head, whole))
}
