//! How fast a custom robot may speak.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::reply::{BotError, Result};

/// A robot may say so many things within [`WINDOW`]; one more, and it says
/// nothing for ten minutes
/// (<https://open.dingtalk.com/document/development/custom-robots-send-group-messages>).
const MOST: usize = 20;

/// A minute, and a second for the way: the platform counts what arrives.
const WINDOW: Duration = Duration::from_secs(61);

/// So many messages may wait for their turn.
const WAITING: usize = 60;

/// Lets a robot say as much as the platform takes, and what is more wait for
/// its turn, in order. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    /// When the last messages went out and the next ones will, in order.
    turns: Arc<Mutex<VecDeque<Instant>>>,
}

impl Pace {
    /// Waits until something may be said.
    ///
    /// # Errors
    /// Too many wait already.
    pub(super) async fn turn(&self) -> Result<()> {
        let turn = self.reserve(Instant::now())?;
        sleep_until(turn).await;
        Ok(())
    }

    fn reserve(&self, now: Instant) -> Result<Instant> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        while turns.front().is_some_and(|turn| *turn + WINDOW <= now) {
            turns.pop_front();
        }
        if turns.iter().filter(|turn| **turn > now).count() >= WAITING {
            return Err(BotError::new(format!(
                "a custom robot may say {MOST} things a minute, and {WAITING} wait already"
            )));
        }
        let before = turns.len().checked_sub(MOST).and_then(|at| turns.get(at));
        let turn = before.map_or(now, |turn| now.max(*turn + WINDOW));
        turns.push_back(turn);
        Ok(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_too_much_for_a_minute_waits_for_its_turn() {
        let (pace, began) = (Pace::default(), Instant::now());
        let mut at = Vec::new();
        for _ in 0..50 {
            pace.turn().await.unwrap();
            at.push(began.elapsed().as_secs());
        }
        assert_eq!((at[19], at[20], at[39], at[40]), (0, 61, 61, 122));
        for window in at.windows(MOST + 1) {
            assert!(window[MOST] - window[0] > 60, "{at:?}");
        }
    }

    #[test]
    fn a_flood_is_refused() {
        let (pace, now) = (Pace::default(), Instant::now());
        let granted = (0..100).filter(|_| pace.reserve(now).is_ok()).count();
        assert_eq!(granted, MOST + WAITING);
        let refused = pace.reserve(now).unwrap_err().to_string();
        assert!(refused.contains("60 wait already"), "{refused}");
        // A minute later there is room again.
        assert!(pace.reserve(now + WINDOW).is_ok());
    }
}
