//! The life of one call, from its first attempt to its outcome, without clock
//! or socket.

use std::mem;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::auth::{Cx, Stamp};
use crate::endpoint::{Endpoint, HttpRequest, HttpResponse, Platform};
use crate::error::{ApiError, Error, TransportError, Verdict};
use crate::quota::Quota;

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
    /// What the platform's headers tell of how many calls are left.
    pub quota: fn(&HeaderMap) -> Option<Quota>,
}

impl Rules {
    /// The rules of an endpoint.
    pub const fn of<E: Endpoint>() -> Self {
        Self {
            name: E::META.name,
            authorized: E::META.authorized,
            idempotent: E::META.idempotent,
            open: E::open,
            classify: E::Platform::classify,
            quota: E::Platform::quota,
        }
    }
}

/// One call, from its first attempt to its outcome.
#[derive(Debug)]
pub struct Exchange {
    request: HttpRequest,
    rules: Rules,
    retry: Retry,
    deadline: Instant,
    attempt: u32,
    once: bool,
    renewed: bool,
    quota: Option<Quota>,
    next: Next,
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
    /// The call is over: the answer with its payload as the body, or why there is none.
    Done(Result<HttpResponse, Error>),
}

/// An [`Action`] that is due, its request not yet copied.
#[derive(Debug)]
enum Next {
    Send,
    /// With the end of the call, if it is made once.
    Renew(Stamp, Option<Error>),
    Wait(Duration),
    Done(Result<HttpResponse, Error>),
    /// The answer is not in yet.
    Nothing,
}

impl Exchange {
    /// A call that has not begun. It is not repeated when the wait would reach
    /// `deadline`: the caller learns at once what went wrong.
    pub fn new(request: HttpRequest, rules: Rules, retry: Retry, deadline: Instant) -> Self {
        Self {
            request,
            rules,
            retry,
            deadline,
            attempt: 0,
            once: false,
            renewed: false,
            quota: None,
            next: Next::Send,
        }
    }

    /// The same call made once, whatever comes of it: its body cannot be sent
    /// again. A credential that was refused is renewed for the calls to come.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// What to do now; after [`Renew`](Action::Renew) and [`Wait`](Action::Wait)
    /// comes another attempt, or the end of a call that is made [once](Self::once).
    pub fn poll(&mut self) -> Action {
        match mem::replace(&mut self.next, Next::Nothing) {
            Next::Send => Action::Send(self.request.clone()),
            Next::Renew(stamp, end) => {
                self.next = end.map_or(Next::Send, |error| Next::Done(Err(error)));
                Action::Renew(stamp)
            }
            Next::Wait(time) => {
                self.next = Next::Send;
                Action::Wait(time)
            }
            Next::Done(outcome) => Action::Done(outcome),
            // Asked again before the answer is in: there is nothing to do but wait for it.
            Next::Nothing => Action::Wait(Duration::ZERO),
        }
    }

    /// The request, before it is authorized.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// The facts about the call.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// When the caller stops waiting.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether this call may be held up for so long: its time does not end before, and no wait
    /// is [longer](Retry::longest_wait).
    pub fn may_wait(&self, wait: Duration, now: Instant) -> bool {
        wait <= self.retry.longest_wait && wait < self.deadline.saturating_duration_since(now)
    }

    /// How many calls are left, as the last answer to this one said.
    pub fn quota(&self) -> Option<Quota> {
        self.quota
    }

    /// Takes the outcome of [`Action::Send`]. `renewable` says whether the
    /// credential can be replaced. `cx` is asked for the moment only if the
    /// call did not succeed; its nonce draws the jitter.
    pub fn answered(
        &mut self,
        stamp: Stamp,
        renewable: bool,
        cx: impl FnOnce() -> Cx,
        answer: Result<HttpResponse, TransportError>,
    ) {
        self.next = match answer {
            Ok(response) => {
                self.quota = (self.rules.quota)(response.headers());
                match (self.rules.open)(&response) {
                    Ok(payload) => Next::Done(Ok(response.map(|_| payload))),
                    Err(mut error) => {
                        let cx = cx();
                        let asked = || retry_after(response.headers(), cx.wall);
                        error.retry_after = error.retry_after.or_else(asked);
                        self.refused(stamp, renewable, cx, error)
                    }
                }
            }
            Err(error) => {
                let cx = cx();
                let safe = !error.sent || self.rules.idempotent;
                let wait = safe.then(|| self.backoff(cx.nonce));
                self.again(wait, cx.now, Error::transport(self.rules.name, error))
            }
        };
    }

    fn refused(&mut self, stamp: Stamp, renewable: bool, cx: Cx, mut error: ApiError) -> Next {
        let verdict = (self.rules.classify)(&error);
        if matches!(verdict, Verdict::Throttled(_)) {
            let refill = || self.quota?.wait(cx.wall);
            error.retry_after = error.retry_after.or_else(refill);
        }
        let asked = error.retry_after;
        let wait = match verdict {
            Verdict::Unauthorized if renewable && self.rules.authorized && !self.renewed => {
                self.renewed = true;
                let end = self.once.then(|| self.refusal(error, verdict));
                return Next::Renew(stamp, end);
            }
            Verdict::Throttled(named) => named.or(asked).or_else(|| Some(self.backoff(cx.nonce))),
            Verdict::Transient if self.rules.idempotent => {
                asked.or_else(|| Some(self.backoff(cx.nonce)))
            }
            Verdict::Unauthorized | Verdict::Transient | Verdict::Permanent => None,
        };
        let error = self.refusal(error, verdict);
        self.again(wait, cx.now, error)
    }

    fn refusal(&self, error: ApiError, verdict: Verdict) -> Error {
        Error::refused(self.rules.name, error, verdict).with_quota(self.quota)
    }

    /// Another attempt after `wait` if there may be one, else the end.
    fn again(&mut self, wait: Option<Duration>, now: Instant, error: Error) -> Next {
        match wait {
            Some(wait)
                if !self.once
                    && self.attempt + 1 < self.retry.attempts
                    && self.may_wait(wait, now) =>
            {
                self.attempt += 1;
                Next::Wait(wait)
            }
            _ => Next::Done(Err(error)),
        }
    }

    fn backoff(&self, nonce: u64) -> Duration {
        self.retry.wait(self.attempt, nonce)
    }
}

/// The wait that a `Retry-After` header asks for: seconds, or the date until
/// which to wait (RFC 9110, section 10.2.3). A date that is past asks for none.
fn retry_after(headers: &HeaderMap, wall: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(wall).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        // 1994-11-06 08:49:07, half a minute before the dates below.
        let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_747);
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(
                retry_after(&headers, wall),
                seconds.map(Duration::from_secs),
                "{text:?}"
            );
        }
        assert_eq!(retry_after(&HeaderMap::new(), wall), None);
    }
}
