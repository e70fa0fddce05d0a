//! Events on their way to the listener.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::{Handle, Listener};

type Hearing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Hands events over one at a time, in order, across connections.
pub(super) struct Handover<E, L> {
    listener: Arc<L>,
    from: Handle,
    /// What the listener is busy with, and which event of its connection it was.
    current: Option<(Option<u64>, Hearing)>,
    /// What waits for that.
    backlog: VecDeque<(Option<u64>, E)>,
    limit: usize,
    /// How many were lost since the backlog was last not full.
    lost: u64,
}

impl<E: Send + 'static, L: Listener<E>> Handover<E, L> {
    pub(super) fn new(listener: Arc<L>, from: Handle, limit: usize) -> Self {
        Self {
            listener,
            from,
            current: None,
            backlog: VecDeque::new(),
            limit,
            lost: 0,
        }
    }

    /// Takes the `n`th event of the connection.
    pub(super) fn push(&mut self, n: u64, event: E) {
        if self.current.is_none() {
            self.begin(Some(n), event);
        } else if self.backlog.len() < self.limit {
            self.backlog.push_back((Some(n), event));
        } else {
            self.lost += 1;
            if self.lost == 1 {
                let account = self.from.account();
                tracing::error!(account, backlog = self.limit, "events are being lost");
            }
        }
    }

    /// Whether the listener is slower than the events.
    pub(super) fn is_behind(&self) -> bool {
        !self.backlog.is_empty()
    }

    fn begin(&mut self, n: Option<u64>, event: E) {
        let listener = Arc::clone(&self.listener);
        let from = self.from.clone();
        let hearing: Hearing = Box::pin(async move { listener.hear(from, event).await });
        self.current = Some((n, hearing));
    }

    /// Lets the listener go on. Ready with the number of an event that was
    /// handed over, if its connection is still there; otherwise with `None`.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        let Some((n, hearing)) = &mut self.current else {
            return Poll::Pending;
        };
        let heard = match catch_unwind(AssertUnwindSafe(|| hearing.as_mut().poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(())) => *n,
            Err(_) => {
                let account = self.from.account();
                tracing::error!(account, "the listener panicked: its event is lost");
                None
            }
        };
        self.current = None;
        if let Some((n, event)) = self.backlog.pop_front() {
            self.begin(n, event);
            self.report_loss();
        } else {
            // An idle connection shall not keep what a busy one needed.
            self.backlog = VecDeque::new();
        }
        Poll::Ready(heard)
    }

    fn report_loss(&mut self) {
        if self.lost > 0 {
            let (account, lost) = (self.from.account(), self.lost);
            tracing::error!(account, lost, "events were lost");
            self.lost = 0;
        }
    }

    /// The connection has ended: nothing can be acknowledged any more.
    pub(super) fn disconnect(&mut self) {
        let current = self.current.as_mut().map(|(n, _)| n);
        for n in self.backlog.iter_mut().map(|(n, _)| n).chain(current) {
            *n = None;
        }
    }

    /// Lets the listener go on for as long as this is polled.
    pub(super) async fn go_on(&mut self) -> Infallible {
        loop {
            poll_fn(|cx| self.poll(cx)).await;
        }
    }

    /// Waits until everything is handed over.
    pub(super) async fn finish(&mut self) {
        while self.current.is_some() {
            poll_fn(|cx| self.poll(cx)).await;
        }
    }
}
