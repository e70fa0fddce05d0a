//! What lies between the two ends of a connection when a test steps both.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mynah_core::Frame;

/// A generator of the same numbers from the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The numbers that follow from this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `true` once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }

    /// At most so many milliseconds.
    pub fn millis(&mut self, most: u64) -> Duration {
        Duration::from_millis(self.next() % (most + 1))
    }
}

/// One direction of a connection: frames stay in order and take their time.
#[derive(Clone, Debug, Default)]
pub struct Way(VecDeque<(Instant, Frame)>);

impl Way {
    /// Sends a frame that arrives then, or behind the one before it.
    pub fn put(&mut self, at: Instant, frame: Frame) {
        let at = self.0.back().map_or(at, |(last, _)| at.max(*last));
        self.0.push_back((at, frame));
    }

    /// The frames that are under way, in their order.
    pub fn under_way(&self) -> impl Iterator<Item = &Frame> {
        self.0.iter().map(|(_, frame)| frame)
    }

    /// The next frame that has arrived.
    pub fn take(&mut self, now: Instant) -> Option<Frame> {
        let due = self.0.front().is_some_and(|(at, _)| *at <= now);
        due.then(|| self.0.pop_front())?.map(|(_, frame)| frame)
    }
}
