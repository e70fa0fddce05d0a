//! How much is said in one place, where the platform says nothing of what it drops.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Counts what is said in one place, and tells when it is more than the
/// platform takes.
///
/// It stops nothing: an application's surplus is dropped without a word, and
/// what becomes of a bot's is not documented.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use mynah_wecom::meter::Meter;
///
/// let mut meter = Meter::default();
/// let now = Instant::now();
/// assert!((0..30).all(|_| meter.count(now).is_none()));
/// let surplus = meter.count(now).expect("one too many");
/// assert_eq!(surplus.to_string(), "31 messages in 60 s, the platform takes 30");
/// assert!(meter.count(now + Duration::from_secs(60)).is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Meter {
    /// The shortest window first.
    limits: [Limit; 2],
    /// When each message was sent, as far as they matter.
    sent: VecDeque<Instant>,
}

/// So many messages in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    count: usize,
    window: Duration,
}

/// More messages than the platform takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{count} messages in {} s, the platform takes {limit}", window.as_secs())]
pub struct Surplus {
    /// How many there were.
    pub count: usize,
    /// How many there may be.
    pub limit: usize,
    /// In which time.
    pub window: Duration,
}

impl Default for Meter {
    /// Messages of an application to one member, and answers and pushes of an
    /// intelligent bot in one chat: 30 a minute and 1000 an hour
    /// (<https://developer.work.weixin.qq.com/document/path/90312>,
    /// <https://developer.work.weixin.qq.com/document/path/101463>).
    fn default() -> Self {
        Self::new([(30, MINUTE), (1000, HOUR)])
    }
}

impl Meter {
    /// Messages of an application into its groups: 200 a minute and 10,000 a
    /// day to one member
    /// (<https://developer.work.weixin.qq.com/document/path/90248>). A group
    /// that gets more than that drops some for each of its members.
    pub fn of_appchat() -> Self {
        Self::new([(200, MINUTE), (10_000, DAY)])
    }

    fn new(limits: [(usize, Duration); 2]) -> Self {
        Self {
            limits: limits.map(|(count, window)| Limit { count, window }),
            sent: VecDeque::new(),
        }
    }

    /// Notes that a message goes out, and tells if it is one too many.
    pub fn count(&mut self, now: Instant) -> Option<Surplus> {
        let [_, longest] = self.limits;
        while self.sent.front().is_some_and(|sent| {
            // One more than the longest limit tells that it was passed.
            self.sent.len() > longest.count || is_over(*sent, now, longest.window)
        }) {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        self.limits.into_iter().find_map(|limit| {
            let count = self.within(now, limit.window);
            (count > limit.count).then_some(Surplus {
                count,
                limit: limit.count,
                window: limit.window,
            })
        })
    }

    /// When the last message went out.
    pub fn last(&self) -> Option<Instant> {
        self.sent.back().copied()
    }

    /// How many messages went out within `window` before `now`.
    fn within(&self, now: Instant, window: Duration) -> usize {
        let recent = |sent: &&Instant| !is_over(**sent, now, window);
        self.sent.iter().rev().take_while(recent).count()
    }
}

fn is_over(sent: Instant, now: Instant, window: Duration) -> bool {
    now.saturating_duration_since(sent) >= window
}
