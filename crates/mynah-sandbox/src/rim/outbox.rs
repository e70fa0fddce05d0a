//! What waits to be delivered, in order of occurrence.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::Rim;
use crate::hub::State;
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};

/// So much can wait; what comes on top is lost.
const MOST: usize = 10_000;
/// An answer that has not left by then holds up no longer what it caused.
const LONGEST_GATE: Duration = Duration::from_secs(1);

/// One queue for a platform: everybody sees events in the same order.
#[derive(Debug)]
pub(crate) struct Outbox<L> {
    queue: VecDeque<Parcel<L>>,
    hold: Option<oneshot::Receiver<()>>,
    lost: usize,
    bell: Arc<Notify>,
}

impl<L> Default for Outbox<L> {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            hold: None,
            lost: 0,
            bell: Arc::default(),
        }
    }
}

/// Something to deliver.
#[derive(Debug)]
pub(crate) struct Parcel<L> {
    load: L,
    /// Opens when the answer to the call that caused this has left.
    gate: Option<oneshot::Receiver<()>>,
}

impl<L> Parcel<L> {
    /// Waits until it may leave.
    pub(crate) async fn open(self) -> L {
        if let Some(gate) = self.gate {
            // It opens by being dropped.
            let _ = timeout(LONGEST_GATE, gate).await;
        }
        self.load
    }
}

/// Keeps what a call causes back until it is dropped, so that the
/// answer leaves first.
#[derive(Debug)]
pub(crate) struct Release {
    _gate: oneshot::Sender<()>,
}

impl<L> Outbox<L> {
    /// Holds back what is pushed next, up to the next [`end_hold`](Self::end_hold).
    pub(crate) fn hold(&mut self) -> Release {
        let (gate, held) = oneshot::channel();
        self.hold = Some(held);
        Release { _gate: gate }
    }

    /// What is pushed from now on is not held back.
    pub(crate) fn end_hold(&mut self) {
        self.hold = None;
    }

    /// Puts something at the end.
    pub(crate) fn push(&mut self, load: L) {
        if self.queue.len() >= MOST {
            self.lost += 1;
            return;
        }
        // What follows waits behind the first in any case.
        let gate = self.hold.take();
        self.queue.push_back(Parcel { load, gate });
    }

    /// Takes the first.
    pub(crate) fn pop(&mut self) -> Option<Parcel<L>> {
        self.queue.pop_front()
    }

    /// Rings when something waits.
    pub(crate) fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// What is to be rung, if something waits.
    pub(crate) fn waiting(&self) -> Option<Arc<Notify>> {
        (!self.queue.is_empty()).then(|| self.bell())
    }

    /// How many were lost since the last time this was asked.
    pub(crate) fn take_lost(&mut self) -> usize {
        std::mem::take(&mut self.lost)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.queue.clear();
    }
}

/// Takes the next thing to deliver out of a platform's queue.
pub(crate) fn next<P: Rim>(state: &mut State) -> Option<Parcel<P::Load>> {
    let lost = P::among(&mut state.sides).outbox().take_lost();
    if lost > 0 {
        let platform = P::PLATFORM.name;
        state.note(Entry {
            verdict: Verdict::Dropped,
            note: format!("{lost} events were lost: too many wait"),
            ..Entry::new(platform, Direction::Out, Transport::Post, Kind::Event)
        });
    }
    P::among(&mut state.sides).outbox().pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loads(outbox: &mut Outbox<u64>) -> Vec<u64> {
        std::iter::from_fn(|| outbox.pop())
            .map(|parcel| parcel.load)
            .collect()
    }

    #[test]
    fn what_came_first_leaves_first() {
        let mut outbox = Outbox::<u64>::default();
        outbox.push(1);
        outbox.push(2);
        assert_eq!(loads(&mut outbox), [1, 2]);
        assert!(outbox.waiting().is_none());
    }

    #[test]
    fn what_a_call_causes_waits_until_its_answer_has_left() {
        let mut outbox = Outbox::<u64>::default();
        let release = outbox.hold();
        outbox.push(1);
        outbox.push(2);
        outbox.end_hold();
        outbox.push(3);
        let mut gate = outbox.pop().unwrap().gate.unwrap();
        assert_eq!(gate.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        drop(release);
        assert_eq!(gate.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        assert!(outbox.pop().unwrap().gate.is_none());
        assert!(outbox.pop().unwrap().gate.is_none());
    }

    #[test]
    fn a_call_that_causes_nothing_holds_nothing_back() {
        let mut outbox = Outbox::<u64>::default();
        let _release = outbox.hold();
        outbox.end_hold();
        outbox.push(1);
        assert!(outbox.pop().unwrap().gate.is_none());
    }

    #[test]
    fn what_is_too_much_is_lost_and_counted() {
        let mut outbox = Outbox::<u64>::default();
        for _ in 0..MOST + 3 {
            outbox.push(0);
        }
        assert_eq!(outbox.take_lost(), 3);
        assert_eq!(outbox.take_lost(), 0);
        assert_eq!(loads(&mut outbox).len(), MOST);
    }
}
