//! Where callbacks come in, whatever platform they are of.

use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use mynah_core::{DedupeKey, Inbound};
use mynah_inbound::{Handler, Limits, Receiver, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::id::{Id, MessageId, Platform};
use crate::reply::{BotError, Result};

/// How long responses may take to go out when everything has been answered.
const WAY_OUT: Duration = Duration::from_millis(500);

/// Ends when a server is told to stop.
pub(crate) type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A server that takes the callbacks of one account.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Has a receiver take what is posted there.
    ///
    /// # Errors
    /// Nobody can listen there.
    pub(crate) async fn open<P, H>(address: SocketAddr, receiver: Receiver<P, H>) -> Result<Self>
    where
        P: Inbound,
        H: Handler<P>,
    {
        let serving = |listener, stopped| serve(listener, receiver, Limits::default(), stopped);
        Self::serving(address, serving).await
    }

    /// Listens there.
    ///
    /// # Errors
    /// Nobody can listen there.
    pub(crate) async fn serving<F>(
        address: SocketAddr,
        serve: impl FnOnce(TcpListener, Stopped) -> F,
    ) -> Result<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| BotError::new(format!("listen: {address}: {error}")))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = Box::pin(async move { drop(stopped.await) });
        Ok(Self {
            stop: Some(stop),
            task: tokio::spawn(serve(listener, stopped)),
        })
    }

    /// Listens no more; what came is still answered.
    pub(crate) fn hush(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Who has gone already needs not be told.
            let _ = stop.send(());
        }
    }

    /// Listens no more; what was taken is answered before. What was not is not acknowledged
    /// either, so that it is posted again.
    pub(crate) async fn close(mut self) {
        self.hush();
        if timeout(WAY_OUT, &mut self.task).await.is_err() {
            self.task.abort();
        }
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
