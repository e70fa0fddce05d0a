//! The life of one call, from its first attempt to its outcome, without clock
//! or socket.

use std::mem;
use std::time::Duration;

use bytes::Bytes;

use crate::auth::Stamp;
use crate::endpoint::{Endpoint, HttpRequest, HttpResponse, Platform};
use crate::error::{ApiError, Error, TransportError, Verdict};

/// When a call is repeated by itself.
///
/// A call that was refused because there were too many is repeated after the
/// wait, for it was not carried out; so is one that was never sent. One that
/// may have been carried out is repeated only if its endpoint is idempotent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often a call is made at most, the first time included.
    pub attempts: u32,
    /// The longest first wait; each further one may be twice as long.
    pub backoff: Duration,
    /// No wait is longer, whatever the platform asks for; a longer one ends the call.
    pub longest_wait: Duration,
}

impl Default for Retry {
    /// Three attempts, waits of up to 200 ms and 400 ms, at most 30 s if the platform asks for it.
    fn default() -> Self {
        Self {
            attempts: 3,
            backoff: Duration::from_millis(200),
            longest_wait: Duration::from_secs(30),
        }
    }
}

impl Retry {
    /// Every call is made once.
    pub const NONE: Self = Self {
        attempts: 1,
        backoff: Duration::ZERO,
        longest_wait: Duration::ZERO,
    };

    /// Full jitter: anywhere between nothing and the doubled wait.
    fn wait(&self, attempt: u32, nonce: u64) -> Duration {
        let most = self
            .backoff
            .saturating_mul(1 << attempt.min(16))
            .min(self.longest_wait);
        jitter(most, nonce)
    }
}

/// A duration between nothing and `most`, drawn by `nonce`.
pub(crate) fn jitter(most: Duration, nonce: u64) -> Duration {
    // The upper 32 bits of a random number, as a fraction of 2^32.
    let share = u32::try_from(nonce >> 32).unwrap_or(u32::MAX);
    most.mul_f64(f64::from(share) / f64::from(u32::MAX))
}

/// The facts about a call that its life depends on.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The name in errors and logs.
    pub name: &'static str,
    /// Whether the call carries the credential.
    pub authorized: bool,
    /// Whether it may be repeated although it may have been carried out.
    pub idempotent: bool,
    /// How the platform's answers are opened.
    pub open: fn(&HttpResponse) -> Result<Bytes, ApiError>,
    /// What the platform's refusals mean.
    pub classify: fn(&ApiError) -> Verdict,
}

impl Rules {
    /// The rules of an endpoint.
    pub const fn of<E: Endpoint>() -> Self {
        Self {
            name: E::META.name,
            authorized: E::META.authorized,
            idempotent: E::META.idempotent,
            open: E::Platform::open,
            classify: E::Platform::classify,
        }
    }
}

/// One call, from its first attempt to its outcome.
#[derive(Debug)]
pub struct Exchange {
    request: HttpRequest,
    rules: Rules,
    retry: Retry,
    attempt: u32,
    renewed: bool,
    next: Action,
}

/// What the driver of an [`Exchange`] must do.
#[derive(Debug)]
pub enum Action {
    /// Authorize and send this, then report with [`Exchange::answered`].
    Send(HttpRequest),
    /// Have the credential forgotten.
    Renew(Stamp),
    /// Let time pass.
    Wait(Duration),
    /// The call is over; the payload, or why there is none.
    Done(Result<Bytes, Error>),
}

impl Exchange {
    /// A call that has not begun.
    pub fn new(request: HttpRequest, rules: Rules, retry: Retry) -> Self {
        // Only a call that may be made again must keep its request.
        let next = Action::Send(request.clone());
        Self {
            request,
            rules,
            retry,
            attempt: 0,
            renewed: false,
            next,
        }
    }

    /// What to do now; after [`Renew`](Action::Renew) and [`Wait`](Action::Wait)
    /// comes another attempt.
    pub fn poll(&mut self) -> Action {
        let again = match &self.next {
            Action::Renew(_) | Action::Wait(_) => Action::Send(self.request.clone()),
            // Asked again before the answer is in: there is nothing to do but wait for it.
            Action::Send(_) | Action::Done(_) => Action::Wait(Duration::ZERO),
        };
        mem::replace(&mut self.next, again)
    }

    /// Takes the outcome of [`Action::Send`]. `renewable` says whether the
    /// credential can be replaced, `nonce` draws the jitter.
    pub fn answered(
        &mut self,
        stamp: Stamp,
        renewable: bool,
        nonce: u64,
        answer: Result<HttpResponse, TransportError>,
    ) {
        self.next = self.judge(stamp, renewable, nonce, answer);
    }

    fn judge(
        &mut self,
        stamp: Stamp,
        renewable: bool,
        nonce: u64,
        answer: Result<HttpResponse, TransportError>,
    ) -> Action {
        let name = self.rules.name;
        let (error, wait) = match answer {
            Ok(response) => match (self.rules.open)(&response) {
                Ok(payload) => return Action::Done(Ok(payload)),
                Err(error) => {
                    let verdict = (self.rules.classify)(&error);
                    let wait = match verdict {
                        Verdict::Unauthorized => {
                            if renewable && self.rules.authorized && !self.renewed {
                                self.renewed = true;
                                return Action::Renew(stamp);
                            }
                            None
                        }
                        Verdict::Throttled(asked) => Some(
                            asked
                                .or(error.retry_after)
                                .unwrap_or_else(|| self.backoff(nonce)),
                        ),
                        Verdict::Transient if self.rules.idempotent => {
                            Some(error.retry_after.unwrap_or_else(|| self.backoff(nonce)))
                        }
                        Verdict::Transient | Verdict::Permanent => None,
                    };
                    (Error::refused(name, error, verdict), wait)
                }
            },
            Err(error) => {
                let safe = !error.sent || self.rules.idempotent;
                (
                    Error::transport(name, error),
                    safe.then(|| self.backoff(nonce)),
                )
            }
        };
        match wait {
            Some(wait)
                if self.attempt + 1 < self.retry.attempts && wait <= self.retry.longest_wait =>
            {
                self.attempt += 1;
                Action::Wait(wait)
            }
            _ => Action::Done(Err(error)),
        }
    }

    fn backoff(&self, nonce: u64) -> Duration {
        self.retry.wait(self.attempt, nonce)
    }
}
