//! The open connections of an account that we dial.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use mynah_core::Session;

use super::Listener;
use super::account::Lane;
use super::drive::Drive;
use super::handover::Handover;
use super::wire::End;

/// One connection, and beside it those that are leaving.
pub(super) struct Held<S: Session> {
    open: Vec<Open<S>>,
}

struct Open<S: Session> {
    drive: Drive<S>,
    since: Instant,
    /// Its end is in sight.
    leaving: bool,
    /// Another has taken its place.
    replaced: bool,
}

/// A connection that has ended.
pub(super) struct Ended<S> {
    pub(super) session: S,
    pub(super) lane: Arc<Lane>,
    pub(super) opened: Instant,
    pub(super) end: End,
    /// Its end was in sight.
    pub(super) leaving: bool,
}

impl<S: Session> Default for Held<S> {
    fn default() -> Self {
        Self { open: Vec::new() }
    }
}

impl<S: Session> Held<S> {
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether there is a connection whose end is not in sight.
    pub(super) fn is_steady(&self) -> bool {
        self.open.iter().any(|open| !open.leaving)
    }

    /// Since when the youngest is open.
    pub(super) fn youngest(&self) -> Option<Instant> {
        self.open.last().map(|open| open.since)
    }

    /// Takes a connection that takes the place of the others.
    pub(super) fn admit(&mut self, drive: Drive<S>, since: Instant) {
        for open in self.open.iter_mut().filter(|open| !open.replaced) {
            (open.leaving, open.replaced) = (true, true);
            open.drive.replace();
        }
        self.open.push(Open {
            drive,
            since,
            leaving: false,
            replaced: false,
        });
    }

    /// Runs the connections and hands their events over, until one has ended,
    /// or its end has come into sight or gone out of it (`None`).
    pub(super) async fn change<L>(
        &mut self,
        handover: &mut Handover<S::Event, L>,
    ) -> Option<Ended<S>>
    where
        L: Listener<S::Event>,
    {
        poll_fn(|cx| self.poll(cx, handover)).await
    }

    fn poll<L>(
        &mut self,
        cx: &mut Context<'_>,
        handover: &mut Handover<S::Event, L>,
    ) -> Poll<Option<Ended<S>>>
    where
        L: Listener<S::Event>,
    {
        if self.open.is_empty() {
            while handover.poll(cx).is_ready() {}
        }
        let mut changed = false;
        for at in 0..self.open.len() {
            let open = &mut self.open[at];
            if let Poll::Ready(end) = open.drive.poll(cx, handover) {
                let open = self.open.remove(at);
                return Poll::Ready(Some(open.ended(end)));
            }
            let leaving = open.replaced || open.drive.session().is_leaving();
            changed |= leaving != open.leaving;
            open.leaving = leaving;
        }
        if changed {
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}

impl<S: Session> Open<S> {
    fn ended(self, end: End) -> Ended<S> {
        Ended {
            lane: Arc::clone(self.drive.lane()),
            session: self.drive.into_session(),
            opened: self.since,
            end,
            leaving: self.leaving,
        }
    }
}
