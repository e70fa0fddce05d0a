//! The open connections of one account, whatever platform it is of.

use std::pin::Pin;

use mynah_inbound::Connection;

use crate::reply::Result;
use crate::server::Server;

/// Where things come in. Nothing does by default: the account only speaks.
#[derive(Default)]
pub(crate) struct Link {
    /// A socket that we keep open.
    socket: Option<Connection>,
    /// Takes what is posted.
    server: Option<Server>,
    /// Closes the sockets that are opened to us.
    hub: Option<Closing>,
}

type Closing = Pin<Box<dyn Future<Output = ()> + Send>>;

impl From<Connection> for Link {
    fn from(socket: Connection) -> Self {
        Self {
            socket: Some(socket),
            ..Self::default()
        }
    }
}

impl From<Server> for Link {
    fn from(server: Server) -> Self {
        Self {
            server: Some(server),
            ..Self::default()
        }
    }
}

impl Link {
    /// With a server whose sockets `closing` closes.
    pub(crate) fn with_hub(
        self,
        server: Server,
        closing: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            server: Some(server),
            hub: Some(Box::pin(closing)),
            ..self
        }
    }

    /// Waits until nothing can come in any more, and says why: the platform does not want the
    /// account, or has given its place to another connection. Where we listen that is never.
    pub(crate) async fn failed(&mut self) -> Result<()> {
        match (&mut self.socket, &self.server) {
            (Some(socket), None) => Ok(socket.failed().await?),
            _ => std::future::pending().await,
        }
    }

    /// Listens no more for what would be posted; sockets stay open.
    pub(crate) fn hush(&mut self) {
        if let Some(server) = &mut self.server {
            server.hush();
        }
    }

    /// Closes the connections; events that came are handed over before.
    pub(crate) async fn close(mut self) {
        self.hush();
        if let Some(socket) = self.socket {
            socket.close().await;
        }
        if let Some(hub) = self.hub {
            hub.await;
        }
        if let Some(server) = self.server {
            server.close().await;
        }
    }
}
