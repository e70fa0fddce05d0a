//! Where events are handled, whatever brought them: each once, in the order
//! of its conversation, and no more at a time than there is room for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::event::{Event, EventKind};
use crate::extract::Context;
use crate::id::{MessageId, Platform};
use crate::order::{Entry, Order, Turn};
use crate::recent::Recent;
use crate::reply::{Outbox, Receipt, Reply, Result};
use crate::router::Router;

/// How many events are handled or wait for their turn at once; further ones
/// wait outside.
const ROOM: usize = 1024;

/// A router at work.
pub(crate) struct Desk<S> {
    router: Router<S>,
    state: S,
    order: Order,
    room: Arc<Semaphore>,
    /// The last messages, to know a second delivery.
    seen: Mutex<Recent<Key, ()>>,
}

/// An event that has been let in, at its place in the queue.
pub(crate) struct Admitted {
    event: Event,
    entry: Option<Entry>,
    room: OwnedSemaphorePermit,
}

impl Admitted {
    /// What is logged of the event and of the calls it causes stands in this.
    pub(crate) fn span(&self) -> tracing::Span {
        let Event { account, kind, .. } = &self.event;
        let platform = self.event.platform().name();
        tracing::info_span!("event", platform, %account, ?kind)
    }
}

/// An event that was handled. The next of its conversation follows when this
/// is dropped, which is when the reply is on its way.
pub(crate) struct Handled {
    cx: Context,
    pub(crate) reply: Reply,
    _turn: Option<Turn>,
    _room: OwnedSemaphorePermit,
}

impl<S: Send + Sync + 'static> Desk<S> {
    pub(crate) fn new(router: Router<S>, state: S) -> Self {
        Self {
            router,
            state,
            order: Order::new(ROOM),
            room: Arc::new(Semaphore::new(ROOM)),
            seen: Mutex::default(),
        }
    }

    /// Waits for room and takes the event's place in the queue of its
    /// conversation, so events must be brought here in their order.
    ///
    /// `None` for what no route takes and for messages that were here before.
    pub(crate) async fn admit(&self, event: Event) -> Option<Admitted> {
        let key = match event.kind {
            EventKind::Message => event.message_id.clone(),
            _ => None,
        };
        self.admit_known(event, key).await
    }

    /// As [`admit`](Self::admit), for events of every kind that the platform
    /// delivers more than once; `key` is what the deliveries have in common.
    pub(crate) async fn admit_once(&self, event: Event, key: MessageId) -> Option<Admitted> {
        self.admit_known(event, Some(key)).await
    }

    async fn admit_known(&self, event: Event, key: Option<MessageId>) -> Option<Admitted> {
        if !self.router.takes(&event) {
            return None;
        }
        let room = Arc::clone(&self.room).acquire_owned().await.ok()?;
        // Only now: who gives up waiting for room may bring it again.
        if key.is_some_and(|key| self.is_repeated(&event, key)) {
            return None;
        }
        let entry = event
            .conversation
            .as_ref()
            .map(|place| self.order.enter(place));
        Some(Admitted { event, entry, room })
    }

    /// Handles the event in its turn. What goes wrong is logged; people see
    /// nothing of it.
    pub(crate) async fn handle(&self, admitted: Admitted, outbox: Arc<dyn Outbox>) -> Handled {
        let turn = match admitted.entry {
            Some(Entry::Now(turn)) => Some(turn),
            Some(Entry::Later(later)) => later.turn().await,
            Some(Entry::Full) | None => None,
        };
        let cx = Context::new(Arc::new(admitted.event), outbox);
        let reply = match self.router.handle(&cx, &self.state).await {
            Ok(reply) => reply.unwrap_or_default(),
            Err(error) => {
                let Event { account, kind, .. } = cx.event();
                tracing::error!(%account, ?kind, %error, "a handler failed");
                Reply::Nothing
            }
        };
        Handled {
            cx,
            reply,
            _turn: turn,
            _room: admitted.room,
        }
    }

    /// Handles the event in its turn and sends the reply.
    pub(crate) async fn serve(&self, admitted: Admitted, outbox: Arc<dyn Outbox>) {
        let handled = self.handle(admitted, outbox).await;
        if let Err(error) = handled.answer().await {
            tracing::error!(account = %handled.event().account, %error, "a reply was not sent");
        }
    }

    /// Waits until nothing is being handled any more, but no longer than this.
    pub(crate) async fn drain(&self, longest: Duration) {
        let all = u32::try_from(ROOM).unwrap_or(u32::MAX);
        if tokio::time::timeout(longest, self.room.acquire_many(all))
            .await
            .is_err()
        {
            tracing::warn!("handlers did not end within {longest:?}");
        }
    }

    fn is_repeated(&self, event: &Event, key: MessageId) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        !seen.insert((Arc::clone(&event.account), event.platform(), key), ())
    }
}

impl Handled {
    /// What was handled.
    pub(crate) fn event(&self) -> &Event {
        self.cx.event()
    }

    /// Sends the reply.
    pub(crate) async fn answer(&self) -> Result<Receipt> {
        self.cx.answer(self.reply.clone()).await
    }
}

type Key = (Arc<str>, Platform, MessageId);

#[cfg(test)]
mod rush;
