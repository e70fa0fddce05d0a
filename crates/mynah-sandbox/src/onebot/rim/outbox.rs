//! What waits to be delivered, in order of occurrence.

use std::collections::VecDeque;

use tokio::sync::oneshot;

use crate::onebot::{Effect, Event};

/// So much can wait; what comes on top is lost.
const MOST: usize = 10_000;

/// One queue for the bot: every framework sees events in the same order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: VecDeque<Parcel>,
    hold: Option<oneshot::Receiver<()>>,
    lost: usize,
}

/// Something to deliver.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) load: Load,
    /// Opens when the answer to the call that caused this has left.
    pub(crate) gate: Option<oneshot::Receiver<()>>,
}

/// What is delivered.
#[derive(Debug)]
pub(crate) enum Load {
    /// To everybody who hears events.
    Event(Box<Event>),
    /// Over HTTP POST only.
    PostOnly(Box<Event>),
    /// Start over after so many milliseconds.
    Restart {
        /// How many.
        delay_ms: u64,
    },
}

impl From<Effect> for Load {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Event(event) => Self::Event(Box::new(event)),
            Effect::Restart { delay_ms } => Self::Restart { delay_ms },
        }
    }
}

/// Keeps the events that a call causes back until it is dropped, so that the
/// answer leaves first.
#[derive(Debug)]
pub(crate) struct Release {
    _gate: oneshot::Sender<()>,
}

impl Outbox {
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
    pub(crate) fn push(&mut self, load: Load) {
        if self.queue.len() >= MOST {
            self.lost += 1;
            return;
        }
        // What follows waits behind the first in any case.
        let gate = self.hold.take();
        self.queue.push_back(Parcel { load, gate });
    }

    /// Takes the first.
    pub(crate) fn pop(&mut self) -> Option<Parcel> {
        self.queue.pop_front()
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn restart(delay_ms: u64) -> Load {
        Load::Restart { delay_ms }
    }

    fn delays(outbox: &mut Outbox) -> Vec<u64> {
        std::iter::from_fn(|| outbox.pop())
            .map(|parcel| match parcel.load {
                Load::Restart { delay_ms } => delay_ms,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn what_came_first_leaves_first() {
        let mut outbox = Outbox::default();
        outbox.push(restart(1));
        outbox.push(restart(2));
        assert_eq!(delays(&mut outbox), [1, 2]);
        assert!(outbox.is_empty());
    }

    #[test]
    fn what_a_call_causes_waits_until_its_answer_has_left() {
        let mut outbox = Outbox::default();
        let release = outbox.hold();
        outbox.push(restart(1));
        outbox.push(restart(2));
        outbox.end_hold();
        outbox.push(restart(3));
        let mut gate = outbox.pop().unwrap().gate.unwrap();
        assert_eq!(gate.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        drop(release);
        assert_eq!(gate.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        assert!(outbox.pop().unwrap().gate.is_none());
        assert!(outbox.pop().unwrap().gate.is_none());
    }

    #[test]
    fn a_call_that_causes_nothing_holds_nothing_back() {
        let mut outbox = Outbox::default();
        let _release = outbox.hold();
        outbox.end_hold();
        outbox.push(restart(1));
        assert!(outbox.pop().unwrap().gate.is_none());
    }

    #[test]
    fn what_is_too_much_is_lost_and_counted() {
        let mut outbox = Outbox::default();
        for _ in 0..MOST + 3 {
            outbox.push(restart(0));
        }
        assert_eq!(outbox.take_lost(), 3);
        assert_eq!(outbox.take_lost(), 0);
        assert_eq!(delays(&mut outbox).len(), MOST);
    }
}
