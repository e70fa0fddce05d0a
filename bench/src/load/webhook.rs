//! Posts signed events and waits for the replies.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::http::{Reader, connect};
use super::sign;
use crate::meter::{Figures, Meter, Plan, Process};
use crate::sample;

/// Posts to the receiver at `port` over as many connections as `plan` has in
/// flight, each in a group of its own. `message` is JSON.
///
/// # Errors
/// The receiver does not listen, or the process under test is gone.
pub async fn run(
    port: u16,
    secret: &str,
    message: &str,
    plan: Plan,
    process: Process,
) -> anyhow::Result<Figures> {
    let meter = Meter::new();
    let mut connections = JoinSet::new();
    for (group, id) in (sample::FIRST_GROUP..).zip(1..).take(plan.in_flight) {
        let stream = connect(port).await?;
        let body = sample::group_message(group, id, message);
        let request = request(secret, &body);
        connections.spawn(post(stream, request, Arc::clone(&meter)));
    }
    let figures = meter.measure(plan, process).await?;
    connections.shutdown().await;
    Ok(figures)
}

fn request(secret: &str, body: &str) -> Vec<u8> {
    let signature = sign(secret, body.as_bytes());
    let length = body.len();
    let self_id = sample::SELF_ID;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: CQHttp/4.15.0\r\n\
         Content-Type: application/json\r\nX-Self-ID: {self_id}\r\n\
         X-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

async fn post(mut stream: TcpStream, request: Vec<u8>, meter: Arc<Meter>) -> io::Result<()> {
    let mut reader = Reader::new();
    while !meter.is_over() {
        let start = Instant::now();
        stream.write_all(&request).await?;
        let Some(response) = reader.next(&mut stream).await? else {
            meter.count(start, Instant::now(), false);
            break;
        };
        let answered =
            response.head.starts_with(b"HTTP/1.1 200 ") && response.body == r#"{"reply":"pong"}"#;
        meter.count(start, Instant::now(), answered);
    }
    Ok(())
}
