//! One end of a WebSocket, as a framework has it.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{QUIET, in_time};

pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// What a WebSocket runs over, whoever opened it.
pub(crate) type Stream = Box<dyn Io>;

pub(crate) struct Socket(WebSocketStream<Stream>);

impl Socket {
    /// Opens a WebSocket to the sandbox; the status where it is refused.
    pub(crate) async fn open(
        addr: SocketAddr,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{addr}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request
                .headers_mut()
                .insert(name, HeaderValue::from_str(value).unwrap());
        }
        let stream: Stream = Box::new(TcpStream::connect(addr).await.unwrap());
        match in_time(client_async(request, stream)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A WebSocket that the sandbox has opened.
    pub(crate) fn accepted(socket: WebSocketStream<Stream>) -> Self {
        Self(socket)
    }

    pub(crate) async fn send(&mut self, message: Message) {
        in_time(self.0.send(message)).await.unwrap();
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.send(Message::text(text)).await;
    }

    /// Whatever comes next.
    pub(crate) async fn next(&mut self) -> Option<Result<Message, Error>> {
        in_time(self.0.next()).await
    }

    /// The next frame, which is JSON in a text.
    pub(crate) async fn json(&mut self) -> Value {
        match self.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("no text: {other:?}"),
        }
    }

    /// Calls an action and waits for the next frame.
    pub(crate) async fn call(&mut self, action: &str, params: Value) -> Value {
        self.send_text(&json!({"action": action, "params": params, "echo": 1}).to_string())
            .await;
        self.json().await
    }

    /// Nothing comes for a while.
    pub(crate) async fn is_quiet(&mut self) {
        if let Ok(frame) = tokio::time::timeout(QUIET, self.0.next()).await {
            panic!("it is not quiet: {frame:?}");
        }
    }

    /// The close code with which the other side ends it; 1006 if it just ends.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Close(None))) => return 1005,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return 1006,
            }
        }
    }

    /// Says goodbye and waits for the answer.
    pub(crate) async fn close(mut self) {
        self.0.close(None).await.unwrap();
        while let Some(Ok(_)) = self.next().await {}
    }
}
