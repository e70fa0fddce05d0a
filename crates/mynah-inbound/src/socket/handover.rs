//! Events on their way to the listener.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use mynah_core::DedupeKey;

use super::{Handle, Listener, Settings};
use crate::memory::Memory;

type Hearing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Which event of which connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) connection: u64,
    pub(super) n: u64,
}

/// An event that came.
pub(super) struct Coming<E> {
    /// Where it is acknowledged; nowhere once its connection has ended.
    pub(super) origin: Option<Origin>,
    pub(super) key: Option<DedupeKey>,
    pub(super) event: E,
}

/// What the listener is busy with.
struct Current {
    origin: Option<Origin>,
    key: Option<DedupeKey>,
    /// `None` where there is nothing to do: the event was heard before.
    hearing: Option<Hearing>,
}

/// Hands events over one at a time, in order, across the connections of an
/// account; what was handed over before is acknowledged and left out.
pub(super) struct Handover<E, L> {
    listener: Arc<L>,
    from: Handle,
    current: Option<Current>,
    /// What waits for that.
    backlog: VecDeque<Coming<E>>,
    limit: usize,
    /// How many were lost since the backlog was last not full.
    lost: u64,
    /// What was handed over lately, of what may come again.
    memory: Memory,
    /// Handed over, which another connection than the one that polled must hear.
    elsewhere: Vec<Origin>,
}

impl<E: Send + 'static, L: Listener<E>> Handover<E, L> {
    pub(super) fn new(listener: Arc<L>, from: Handle, settings: &Settings) -> Self {
        Self {
            listener,
            from,
            current: None,
            backlog: VecDeque::new(),
            limit: settings.backlog,
            lost: 0,
            memory: Memory::new(REMEMBERED, settings.remember),
            elsewhere: Vec::new(),
        }
    }

    /// Takes an event.
    pub(super) fn push(&mut self, coming: Coming<E>) {
        if self.current.is_none() {
            self.begin(coming);
        } else if self.backlog.len() < self.limit {
            self.backlog.push_back(coming);
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

    fn begin(&mut self, coming: Coming<E>) {
        let Coming { origin, key, event } = coming;
        // Looked up only now: the first delivery may have waited before this one.
        let repeated = key.as_ref().is_some_and(|key| self.memory.knows(key));
        let hearing = (!repeated).then(|| -> Hearing {
            let listener = Arc::clone(&self.listener);
            let from = self.from.clone();
            Box::pin(async move { listener.hear(from, event).await })
        });
        self.current = Some(Current {
            origin,
            key,
            hearing,
        });
    }

    /// Lets the listener go on. Ready with the origin of an event that was
    /// handed over, if its connection is still there; otherwise with `None`.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Origin>> {
        let Some(current) = &mut self.current else {
            return Poll::Pending;
        };
        let heard = match &mut current.hearing {
            None => true,
            Some(hearing) => match catch_unwind(AssertUnwindSafe(|| hearing.as_mut().poll(cx))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(())) => true,
                Err(_) => false,
            },
        };
        let origin = self.finish_current(heard);
        if let Some(next) = self.backlog.pop_front() {
            self.begin(next);
            self.report_loss();
        } else {
            // An idle connection shall not keep what a busy one needed.
            self.backlog = VecDeque::new();
        }
        Poll::Ready(origin)
    }

    fn finish_current(&mut self, heard: bool) -> Option<Origin> {
        let Current { origin, key, .. } = self.current.take()?;
        if !heard {
            let account = self.from.account();
            tracing::error!(account, "the listener panicked: its event is lost");
            return None;
        }
        if let Some(key) = key {
            self.memory.keep(&key);
        }
        origin
    }

    fn report_loss(&mut self) {
        if self.lost > 0 {
            let (account, lost) = (self.from.account(), self.lost);
            tracing::error!(account, lost, "events were lost");
            self.lost = 0;
        }
    }

    /// Keeps what another connection must hear, and wakes it.
    pub(super) fn leave(&mut self, origin: Origin, cx: &Context<'_>) {
        self.elsewhere.push(origin);
        cx.waker().wake_by_ref();
    }

    /// What was handed over of this connection while another one polled.
    pub(super) fn left_for(&mut self, connection: u64) -> Option<u64> {
        let mut left = self.elsewhere.iter();
        let at = left.position(|origin| origin.connection == connection)?;
        Some(self.elsewhere.remove(at).n)
    }

    /// A connection has ended: nothing can be acknowledged on it any more.
    pub(super) fn disconnect(&mut self, connection: u64) {
        let current = self.current.as_mut().map(|current| &mut current.origin);
        let waiting = self.backlog.iter_mut().map(|coming| &mut coming.origin);
        for origin in waiting.chain(current) {
            if origin.is_some_and(|origin| origin.connection == connection) {
                *origin = None;
            }
        }
        self.elsewhere
            .retain(|origin| origin.connection != connection);
    }

    /// Waits until everything is handed over.
    pub(super) async fn finish(&mut self) {
        while self.current.is_some() {
            poll_fn(|cx| self.poll(cx)).await;
        }
    }
}

/// How many events are remembered at most, of one account.
const REMEMBERED: usize = 65_536;
