//! Where callbacks come in, whatever platform they are of.

use std::net::SocketAddr;

use mynah_core::{DedupeKey, Inbound};
use mynah_inbound::{Handler, Limits, Receiver, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::id::{Id, MessageId, Platform};
use crate::reply::{BotError, Result};

/// A server that takes the callbacks of one account.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens there.
    ///
    /// # Errors
    /// Nobody can listen there.
    pub(crate) async fn open<P, H>(address: SocketAddr, receiver: Receiver<P, H>) -> Result<Self>
    where
        P: Inbound,
        H: Handler<P>,
    {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| BotError::new(format!("listen: {address}: {error}")))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, receiver, Limits::default(), async {
            let _ = stopped.await;
        }));
        Ok(Self {
            stop: Some(stop),
            task,
        })
    }

    /// Listens no more; what came is still answered.
    pub(crate) fn hush(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Who has gone already needs not be told.
            let _ = stop.send(());
        }
    }

    /// Listens no more; what came is answered before.
    pub(crate) async fn close(mut self) {
        self.hush();
        let _ = self.task.await;
    }
}

/// What one of the events that a delivery became is remembered by.
pub(crate) fn one_of_several(here: Platform, dedupe: &DedupeKey, index: usize) -> MessageId {
    let mut key = delivery_key(here, dedupe);
    key.id = Id::Word(format!("{}:{index}", key.id).into());
    key
}

/// What a delivery is remembered by, beside the account.
pub(crate) fn delivery_key(here: Platform, dedupe: &DedupeKey) -> MessageId {
    MessageId {
        platform: here,
        id: Id::Word(format!("delivery:{dedupe}").into()),
    }
}
