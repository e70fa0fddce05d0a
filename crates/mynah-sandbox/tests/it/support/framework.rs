//! A framework that waits for reverse WebSockets.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderMap, StatusCode};

use super::socket::Stream;
use super::{Socket, in_time};

pub(crate) struct Framework {
    listener: TcpListener,
}

/// What came with a handshake.
#[derive(Debug)]
pub(crate) struct Handshake {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
}

impl Handshake {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Framework {
    pub(crate) async fn start() -> Self {
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
        }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/ws", self.addr())
    }

    /// Takes the next connection.
    #[allow(clippy::result_large_err)]
    pub(crate) async fn accept(&self) -> (Socket, Handshake) {
        let (stream, _) = in_time(self.listener.accept()).await.unwrap();
        let stream: Stream = Box::new(stream);
        let mut handshake = None;
        let look = |request: &Request, response: Response| {
            handshake = Some(Handshake {
                path: request.uri().path().to_owned(),
                headers: request.headers().clone(),
            });
            Ok(response)
        };
        let socket = in_time(accept_hdr_async(stream, look)).await.unwrap();
        (Socket::accepted(socket), handshake.unwrap())
    }

    /// Refuses the next connection.
    #[allow(clippy::result_large_err)]
    pub(crate) async fn refuse(&self) {
        let (stream, _) = in_time(self.listener.accept()).await.unwrap();
        let refuse = |_: &Request, _: Response| {
            let mut response = ErrorResponse::new(None);
            *response.status_mut() = StatusCode::FORBIDDEN;
            Err(response)
        };
        in_time(accept_hdr_async(stream, refuse)).await.unwrap_err();
    }

    /// Takes the next connection and its first event.
    pub(crate) async fn connected(&self) -> Socket {
        let (mut socket, _) = self.accept().await;
        let first = socket.json().await;
        assert_eq!(first["sub_type"], "connect", "{first}");
        socket
    }
}
