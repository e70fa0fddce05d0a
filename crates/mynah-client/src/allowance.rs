//! How many calls the platform still takes, as it says with its answers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mynah_core::{Cx, Error, Exchange, Quota};

/// A platform that said it takes no more calls is asked all the same once in this time: it may
/// have been given a larger quota, or another clock.
const PROBE: Duration = Duration::from_secs(60);

/// What is known of the quotas that the calls of a client use up: one for those that carry the
/// credential, one for those that do not. The latest word counts; calls under way are not
/// counted, for one too many costs nothing but a refusal. Every method takes the lock once and
/// for no longer than it thinks.
#[derive(Default)]
pub(crate) struct Allowance(Mutex<Known>);

#[derive(Default)]
struct Known {
    credential: Window,
    nobody: Window,
}

#[derive(Clone, Copy, Default)]
struct Window {
    quota: Option<Quota>,
    spent: Option<Spent>,
}

/// Nothing is left.
#[derive(Clone, Copy)]
struct Spent {
    /// When there are calls again.
    until: Instant,
    /// When one is made to see.
    probe: Instant,
}

impl Allowance {
    /// What the platform last said to a call that carried the credential.
    pub(crate) fn quota(&self) -> Option<Quota> {
        self.lock().credential.quota
    }

    /// Takes what the answer to a call said.
    pub(crate) fn heard(&self, exchange: &Exchange, cx: impl FnOnce() -> Cx) {
        let Some(quota) = exchange.quota() else {
            return;
        };
        let spent = (quota.remaining == 0)
            .then(|| {
                let cx = cx();
                Some(Spent {
                    until: cx.now.checked_add(quota.wait(cx.wall)?)?,
                    probe: cx.now + PROBE,
                })
            })
            .flatten();
        *self.lock().window(exchange) = Window {
            quota: Some(quota),
            spent,
        };
    }

    /// How long a call must wait before it may be sent; nothing if it may at once.
    ///
    /// # Errors
    /// It may not wait for so long.
    pub(crate) fn wait(
        &self,
        exchange: &Exchange,
        now: impl FnOnce() -> Instant,
    ) -> Result<Option<Duration>, Error> {
        let mut known = self.lock();
        let window = known.window(exchange);
        let (Some(quota), Some(spent)) = (window.quota, &mut window.spent) else {
            return Ok(None);
        };
        let now = now();
        let wait = spent.until.saturating_duration_since(now);
        if wait.is_zero() {
            window.spent = None;
            return Ok(None);
        }
        if now >= spent.probe {
            spent.probe = now + PROBE;
            return Ok(None);
        }
        if exchange.may_wait(wait, now) {
            return Ok(Some(wait));
        }
        Err(Error::spent(exchange.rules().name, quota, wait))
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Whoever panicked left it as it was, or as it would have left it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn window(&mut self, exchange: &Exchange) -> &mut Window {
        if exchange.rules().authorized {
            &mut self.credential
        } else {
            &mut self.nobody
        }
    }
}
