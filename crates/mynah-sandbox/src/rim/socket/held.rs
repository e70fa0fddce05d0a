//! What faults hold back on one socket.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep_until};

use crate::rim::fate::LONGEST_REORDER;

/// So many frames are held back at most; what comes on top is lost.
const MOST: usize = 10_000;

/// Frames that leave later than they would.
#[derive(Debug, Default)]
pub(super) struct Held {
    frames: Vec<HeldFrame>,
}

#[derive(Debug)]
struct HeldFrame {
    bytes: Bytes,
    until: Instant,
    /// Leaves when so many others have left, or at `until`.
    behind: Option<u32>,
    in_order: bool,
}

impl Held {
    /// Holds an answer back; answers may overtake each other.
    pub(super) fn answer(&mut self, bytes: Bytes, delay: Duration) {
        self.hold(bytes, Instant::now() + delay, None, false);
    }

    /// Holds an event back, and behind all events that are held back already.
    pub(super) fn event(&mut self, bytes: Bytes, delay: Duration) {
        let last = self.events().map(|held| held.until).max();
        let until = (Instant::now() + delay).max(last.unwrap_or_else(Instant::now));
        self.hold(bytes, until, None, true);
    }

    /// Holds a frame back until so many others have left.
    pub(super) fn behind(&mut self, bytes: Bytes, others: u32) {
        let until = Instant::now() + LONGEST_REORDER;
        self.hold(bytes, until, Some(others), false);
    }

    /// Whether events are held back, so that others must wait behind them.
    pub(super) fn has_events(&self) -> bool {
        self.events().next().is_some()
    }

    /// A frame has left.
    pub(super) fn pass(&mut self) {
        for held in &mut self.frames {
            if let Some(behind) = &mut held.behind {
                *behind = behind.saturating_sub(1);
                if *behind == 0 {
                    held.until = Instant::now();
                }
            }
        }
    }

    /// The next frame whose time comes. Can be dropped and asked for again.
    pub(super) async fn next(&mut self) -> Bytes {
        // The first of those whose time is the same: they came in this order.
        let next = self
            .frames
            .iter()
            .enumerate()
            .min_by_key(|(_, held)| held.until);
        let Some((place, until)) = next.map(|(place, held)| (place, held.until)) else {
            return std::future::pending().await;
        };
        sleep_until(until).await;
        self.frames.remove(place).bytes
    }

    fn hold(&mut self, bytes: Bytes, until: Instant, behind: Option<u32>, in_order: bool) {
        if self.frames.len() >= MOST {
            return;
        }
        self.frames.push(HeldFrame {
            bytes,
            until,
            behind,
            in_order,
        });
    }

    fn events(&self) -> impl Iterator<Item = &HeldFrame> {
        self.frames.iter().filter(|held| held.in_order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn frame(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[tokio::test]
    async fn events_keep_their_order_and_answers_do_not() {
        let ms = Duration::from_millis;
        let mut held = Held::default();
        held.event(frame("first"), ms(20));
        assert!(held.has_events());
        held.event(frame("second"), Duration::ZERO);
        held.answer(frame("answer"), ms(1));
        assert_eq!(held.next().await, "answer");
        assert_eq!(held.next().await, "first");
        assert_eq!(held.next().await, "second");
        assert!(!held.has_events());
    }

    #[tokio::test]
    async fn who_is_behind_leaves_after_the_others() {
        let mut held = Held::default();
        held.behind(frame("late"), 2);
        held.pass();
        let early = tokio::time::timeout(Duration::from_millis(10), held.next()).await;
        assert!(early.is_err(), "{early:?}");
        held.pass();
        assert_eq!(held.next().await, "late");
    }
}
