//! What carries a request while its caller waits.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use mynah_core::{Body, HttpRequest, HttpResponse, Transport, TransportError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout_at;

use crate::body::collect;
use crate::settings::no_answer;

/// Whatever carries a request to a server and waits for the answer.
///
/// Implement it to bring an HTTP client that is not async.
pub trait BlockingTransport: Send + Sync + 'static {
    /// Carries one request. The answer must be there, or given up, at
    /// `deadline`; a body larger than `limit` bytes is an error.
    ///
    /// # Errors
    /// There is no answer; [`TransportError::sent`] tells whether the request
    /// may have arrived.
    fn send(
        &self,
        request: HttpRequest,
        deadline: Instant,
        limit: usize,
    ) -> Result<HttpResponse, TransportError>;
}

/// An async transport for callers that block.
///
/// The transport lives on a thread of its own, with a runtime of its own. So a
/// blocking client has the same connections, proxies and limits as an async
/// one, and idle connections notice when the server closes them. Why not a
/// blocking HTTP client: none tells for sure whether a request was sent.
pub struct Threaded {
    transport: Arc<dyn Transport>,
    /// Taken when this is dropped.
    runtime: Option<Runtime>,
}

impl Threaded {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(transport: impl Transport) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("mynah-client")
            .enable_all()
            .build()?;
        Ok(Self {
            transport: Arc::new(transport),
            runtime: Some(runtime),
        })
    }
}

impl BlockingTransport for Threaded {
    fn send(
        &self,
        request: HttpRequest,
        deadline: Instant,
        limit: usize,
    ) -> Result<HttpResponse, TransportError> {
        let transport = Arc::clone(&self.transport);
        let (sender, answer) = sync_channel(1);
        let carry = async move {
            let carried = async {
                let carried = transport.send_by(request.map(Body::Full), deadline);
                let response = carried.await?;
                collect(response, limit).await
            };
            let outcome = timeout_at(deadline.into(), carried).await;
            drop(sender.send(outcome.unwrap_or_else(|_| Err(no_answer()))));
        };
        if let Some(runtime) = &self.runtime {
            runtime.spawn(carry);
        }
        // The other end is dropped unused only if the transport panicked.
        answer
            .recv()
            .unwrap_or_else(|_| Err(TransportError::sent("the transport stopped")))
    }
}

impl Drop for Threaded {
    fn drop(&mut self) {
        // To wait for the end of the runtime would panic in async code.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Threaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threaded").finish_non_exhaustive()
    }
}
