//! The receiver of posts, on hyper.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::post::Posts;

/// Receives posts at `port` and answers them, for ever.
///
/// # Errors
/// The port cannot be listened at.
pub async fn run(port: u16, secret: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let posts = Posts::new(secret);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let posts = posts.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(posts.clone(), request));
            // A connection that breaks concerns nobody else.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    posts: Posts,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => Bytes::new(),
    };
    let response = posts.answer::<String>(&head.headers, &body);
    Ok(response.map(Full::new))
}
