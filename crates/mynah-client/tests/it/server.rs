//! Servers on the loopback interface: well-behaved ones, and others.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use http_body_util::{BodyExt, Collected, Full};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use mynah_core::{Bytes, HttpRequest, HttpResponse, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that ends with the runtime of its test.
pub struct Server {
    /// Host and port.
    pub address: String,
    connections: Arc<AtomicUsize>,
}

pub type Answer = Arc<dyn Fn(&HttpRequest) -> HttpResponse + Send + Sync>;

impl Server {
    /// Speaks HTTP/1.1 and keeps connections open.
    pub async fn http(
        answer: impl Fn(&HttpRequest) -> HttpResponse + Send + Sync + 'static,
    ) -> Self {
        let answer: Answer = Arc::new(answer);
        Self::tcp(move |stream, _| http1(TokioIo::new(stream), Arc::clone(&answer))).await
    }

    /// Hands each connection, and its number, to a function.
    pub async fn tcp<F>(talk: impl Fn(TcpStream, usize) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap().to_string(),
            connections: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = connections.fetch_add(1, SeqCst);
                tokio::spawn(talk(stream, number));
            }
        });
        server
    }

    /// Says the same on every connection, after the request, and hangs up.
    pub async fn blurt(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Arc::new(answer.into());
        Self::tcp(move |mut stream, _| {
            let answer = Arc::clone(&answer);
            async move {
                read_request(&mut stream).await;
                // The client may have hung up already.
                drop(stream.write_all(&answer).await);
            }
        })
        .await
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        self.connections.load(SeqCst)
    }
}

/// An address where nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Reads one request with a body of known length; nothing if there is none.
pub async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(size) => text.extend_from_slice(&buffer[..size]),
        }
        let read = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = read.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.trim().parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(read);
            }
        }
    }
}

pub async fn http1<S: Read + Write + Unpin + Send + 'static>(stream: S, answer: Answer) {
    let service = service_fn(move |request| answered(request, Arc::clone(&answer)));
    let connection = hyper::server::conn::http1::Builder::new();
    // A client that hangs up is no error of the test.
    drop(connection.serve_connection(stream, service).await);
}

pub async fn http2<S: Read + Write + Unpin + Send + 'static>(stream: S, answer: Answer) {
    let service = service_fn(move |request| answered(request, Arc::clone(&answer)));
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    drop(connection.serve_connection(stream, service).await);
}

async fn answered(
    request: http::Request<Incoming>,
    answer: Answer,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes);
    let request = HttpRequest::from_parts(head, body.unwrap_or_default());
    Ok(answer(&request).map(Full::new))
}

/// Answers with what was asked, as far as a body can tell.
pub fn echo(request: &HttpRequest) -> HttpResponse {
    let seen = serde_json::json!({
        "method": request.method().as_str(),
        "uri": request.uri().to_string(),
        "version": format!("{:?}", request.version()),
        "headers": request.headers().iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect::<std::collections::BTreeMap<_, _>>(),
        "body": String::from_utf8_lossy(request.body()),
    });
    HttpResponse::new(seen.to_string().into())
}

/// What [`echo`] has seen.
pub fn seen(answer: &HttpResponse) -> serde_json::Value {
    serde_json::from_slice(answer.body()).unwrap()
}
