//! One request over a transport, and its answer in memory.

use futures_util::StreamExt;
use mynah_core::{Body, HttpRequest, HttpResponse, Transport, TransportError};

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// Sends a request and reads the answer.
pub(crate) async fn fetch(
    http: &impl Transport,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
    let answer = http.send(request.map(Body::from)).await?;
    let (head, body) = answer.into_parts();
    let bytes = match body {
        Body::Full(bytes) => bytes,
        Body::Stream(mut chunks) => {
            let mut bytes = Vec::new();
            while let Some(chunk) = chunks.next().await {
                bytes.extend_from_slice(&chunk?);
                if bytes.len() > LONGEST {
                    let problem = format!("the answer is longer than {LONGEST} bytes");
                    return Err(TransportError::sent(problem));
                }
            }
            bytes.into()
        }
    };
    Ok(HttpResponse::from_parts(head, bytes))
}
