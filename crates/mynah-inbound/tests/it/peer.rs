//! An implementation of OneBot as a test plays it: tungstenite, by hand.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, accept_async, client_async};

use super::soon;

pub(crate) struct Peer(pub(crate) WebSocketStream<TcpStream>);

impl Peer {
    /// Takes the next connection.
    pub(crate) async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = soon(listener.accept()).await.unwrap();
        Self(soon(accept_async(stream)).await.unwrap())
    }

    /// Connects to a hub as an account in a role; the status if it is refused.
    pub(crate) async fn connect(address: &str, account: &str, role: &str) -> Result<Self, u16> {
        let headers = [("x-self-id", account), ("x-client-role", role)];
        Self::connect_with(address, &headers).await
    }

    pub(crate) async fn connect_with(
        address: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(*name, value);
        }
        let stream = TcpStream::connect(address).await.unwrap();
        match soon(client_async(request, stream)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                Err(response.status().as_u16())
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn send(&mut self, json: &Value) {
        let frame = Message::text(json.to_string());
        soon(self.0.send(frame)).await.unwrap();
    }

    /// An event that says who it is about.
    pub(crate) async fn emit(&mut self, user_id: u64) {
        self.send(&event(user_id)).await;
    }

    /// The next call.
    pub(crate) async fn called(&mut self) -> Value {
        loop {
            match soon(self.0.next()).await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Answers a call with its own parameters.
    pub(crate) async fn answer(&mut self, call: &Value) {
        let reply = json!({
            "status": "ok", "retcode": 0, "data": call["params"], "echo": call["echo"],
        });
        self.send(&reply).await;
    }

    pub(crate) async fn answer_next(&mut self) -> Value {
        let call = self.called().await;
        self.answer(&call).await;
        call
    }

    /// Waits for the end of the connection: the close code, if it came to that.
    pub(crate) async fn ended(mut self) -> Option<u16> {
        let mut code = None;
        while let Some(Ok(message)) = soon(self.0.next()).await {
            if let Message::Close(Some(close)) = message {
                code = Some(close.code.into());
            }
        }
        code
    }
}

pub(crate) fn event(user_id: u64) -> Value {
    json!({
        "time": 1, "self_id": 10000, "post_type": "notice", "notice_type": "friend_add",
        "user_id": user_id,
    })
}
