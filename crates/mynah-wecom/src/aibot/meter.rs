//! How much a bot says in one chat.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Counts what a bot says in one chat, answers and pushes together, and tells
/// when it is more than the platform takes: 30 a minute and 1000 an hour
/// (<https://developer.work.weixin.qq.com/document/path/101463>).
///
/// It stops nothing: what the platform does beyond the limits is not
/// documented.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use mynah_wecom::aibot::Meter;
///
/// let mut meter = Meter::default();
/// let now = Instant::now();
/// assert!((0..30).all(|_| meter.count(now).is_none()));
/// let surplus = meter.count(now).expect("one too many");
/// assert_eq!(surplus.to_string(), "31 messages to one chat in 60 s, the platform takes 30");
/// assert!(meter.count(now + Duration::from_secs(60)).is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// When each message of the last hour was sent, as far as they matter.
    sent: VecDeque<Instant>,
}

/// More messages than the platform takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{count} messages to one chat in {} s, the platform takes {limit}", window.as_secs())]
pub struct Surplus {
    /// How many there were.
    pub count: usize,
    /// How many there may be.
    pub limit: usize,
    /// In which time.
    pub window: Duration,
}

impl Meter {
    /// Most messages of a minute.
    pub const A_MINUTE: usize = 30;
    /// Most messages of an hour.
    pub const AN_HOUR: usize = 1000;

    /// Notes that a message goes out, and tells if it is one too many.
    pub fn count(&mut self, now: Instant) -> Option<Surplus> {
        // One more than the longest limit tells that it was passed.
        if self.sent.len() > Self::AN_HOUR {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        let limits = [(60, Self::A_MINUTE), (3600, Self::AN_HOUR)];
        limits.into_iter().find_map(|(seconds, limit)| {
            let window = Duration::from_secs(seconds);
            let count = self.within(now, window);
            (count > limit).then_some(Surplus {
                count,
                limit,
                window,
            })
        })
    }

    /// How many messages went out within `window` before `now`.
    fn within(&self, now: Instant, window: Duration) -> usize {
        let recent = |sent: &&Instant| now.saturating_duration_since(**sent) < window;
        self.sent.iter().rev().take_while(recent).count()
    }
}
