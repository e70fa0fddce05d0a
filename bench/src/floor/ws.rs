//! A bot on a WebSocket, on tokio-tungstenite.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::outbound::opened;
use super::post::route;
use super::wire::{GroupMessage, SendGroupMsg, Sent};
use crate::meter::{Meter, Plan, Process};
use crate::sample;
use crate::ws::{bench_plan, write_result};

/// Connects to `url` and answers what is said, until the connection ends.
///
/// # Errors
/// There is no connection.
pub async fn forward(url: &str) -> anyhow::Result<()> {
    let (socket, _) =
        tokio_tungstenite::connect_async_with_config(url, Some(small()), true).await?;
    converse(socket).await
}

/// Accepts connections at `port` and answers what is said, for ever.
///
/// # Errors
/// The port cannot be listened at.
pub async fn reverse(port: u16) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let socket = tokio_tungstenite::accept_async_with_config(stream, Some(small())).await?;
            converse(socket).await
        });
    }
}

/// Small buffers, as somebody sets them who has many connections.
fn small() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(4096)
}

/// As much of a frame as tells an event from an answer.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    post_type: Option<&'a str>,
    echo: Option<u64>,
}

#[derive(Serialize)]
struct Call {
    action: &'static str,
    params: SendGroupMsg,
    echo: u64,
}

/// Calls that wait for their answers.
#[derive(Default)]
struct Calls {
    last: u64,
    waiting: HashMap<u64, Instant>,
    meter: Option<Arc<Meter>>,
}

impl Calls {
    fn next(&mut self, group_id: i64, text: &str) -> serde_json::Result<Message> {
        self.last += 1;
        self.waiting.insert(self.last, Instant::now());
        let call = Call {
            action: "send_group_msg",
            params: SendGroupMsg::new(group_id, text),
            echo: self.last,
        };
        serde_json::to_string(&call).map(Message::text)
    }

    /// Takes an answer; tells whether another call shall be made.
    fn answered(&mut self, echo: u64, frame: &str) -> bool {
        let sent: Option<Sent> = opened(frame.as_bytes());
        let start = self.waiting.remove(&echo);
        let (Some(start), Some(meter)) = (start, &self.meter) else {
            return false;
        };
        meter.count(start, Instant::now(), sent.is_some());
        !meter.is_over()
    }

    fn measure(&mut self, plan: Plan) {
        let meter = Meter::new();
        self.meter = Some(Arc::clone(&meter));
        tokio::spawn(async move {
            let figures = meter.measure(plan, Process::THIS).await;
            write_result(figures)
        });
    }
}

async fn converse<S>(mut socket: WebSocketStream<S>) -> anyhow::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut calls = Calls::default();
    while let Some(message) = socket.next().await {
        let Message::Text(frame) = message? else {
            continue;
        };
        let head: Head<'_> = serde_json::from_str(&frame)?;
        match head {
            Head {
                post_type: Some("message"),
                ..
            } => {
                let event: GroupMessage<String> = serde_json::from_str(&frame)?;
                if let Some(plan) = bench_plan(&event.message) {
                    calls.measure(plan);
                    for _ in 0..plan.in_flight {
                        let call = calls.next(sample::FIRST_GROUP, "pong")?;
                        socket.send(call).await?;
                    }
                } else {
                    let call = calls.next(event.group_id, route(&event))?;
                    socket.send(call).await?;
                }
            }
            Head {
                echo: Some(echo), ..
            } if calls.answered(echo, &frame) => {
                let call = calls.next(sample::FIRST_GROUP, "pong")?;
                socket.send(call).await?;
            }
            _ => {}
        }
    }
    Ok(())
}
