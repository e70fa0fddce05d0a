//! What a platform says of how many calls it still takes.

use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, HeaderName, HeaderValue};

/// How many calls a platform takes within a window of time, as it said with an answer
/// ([`Platform::quota`](crate::Platform::quota)).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use mynah_core::{Quota, http::HeaderMap};
///
/// const NAMES: [&str; 3] = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
///
/// let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
/// let quota = Quota {
///     limit: 60,
///     remaining: 0,
///     reset: at(1_489_388_400),
///     said: Some(at(1_489_388_390)),
/// };
/// let mut headers = HeaderMap::new();
/// quota.write(&mut headers, NAMES);
/// assert_eq!(Quota::read(&headers, NAMES), Some(quota));
/// // Our own clock may be wrong; the wait is what the platform means.
/// assert_eq!(quota.wait(at(0)), Some(Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many calls the window takes in all.
    pub limit: u64,
    /// How many of them are left, after the call that was answered.
    pub remaining: u64,
    /// When the window ends and all of them are there again, by the platform's clock.
    pub reset: SystemTime,
    /// What that clock showed when the platform said so (the header `Date`).
    pub said: Option<SystemTime>,
}

/// The end of the year 9999, in Unix seconds: no `Date` is later.
const LAST_DATE: u64 = 253_402_300_799;

impl Quota {
    /// Client side: the quota in the headers with these names, for its limit, what remains, and
    /// the reset in Unix seconds. Nothing if one of them is missing or is no such number: what
    /// cannot be read must not hold up a call.
    pub fn read(headers: &HeaderMap, [limit, remaining, reset]: [&str; 3]) -> Option<Self> {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse().ok();
        Some(Self {
            limit: number(limit)?,
            remaining: number(remaining)?,
            reset: SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(number(reset)?))?,
            said: headers
                .get(DATE)
                .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?.trim()).ok()),
        })
    }

    /// Server side, the inverse of [`read`](Self::read); whole seconds, rounded down. The names
    /// are written in small letters.
    ///
    /// # Panics
    /// A name is no name of a header in small letters.
    pub fn write(&self, headers: &mut HeaderMap, [limit, remaining, reset]: [&'static str; 3]) {
        for (name, number) in [
            (limit, self.limit),
            (remaining, self.remaining),
            (reset, seconds(self.reset)),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(number));
        }
        let said = self.said.filter(|&said| seconds(said) <= LAST_DATE);
        let date = said.and_then(|said| httpdate::fmt_http_date(said).try_into().ok());
        if let Some(date) = date {
            headers.insert(DATE, date);
        }
    }

    /// How long it takes until there are calls again, from the moment of the answer; nothing
    /// while some are left, or if the window has ended. `wall` is our clock, which is asked only
    /// if the platform did not say what its own one shows.
    pub fn wait(&self, wall: SystemTime) -> Option<Duration> {
        if self.remaining > 0 {
            return None;
        }
        let wait = self.reset.duration_since(self.said.unwrap_or(wall)).ok()?;
        (!wait.is_zero()).then_some(wait)
    }
}

fn seconds(moment: SystemTime) -> u64 {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["x-limit", "x-remaining", "x-reset"];

    fn headers(values: [&str; 3]) -> HeaderMap {
        NAMES
            .into_iter()
            .zip(values)
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn three_headers_are_a_quota() {
        let quota = Quota::read(&headers(["60", " 56 ", "1489388400"]), NAMES).unwrap();
        assert_eq!((quota.limit, quota.remaining), (60, 56));
        assert_eq!(quota.reset, at(1_489_388_400));
    }

    #[test]
    fn what_cannot_be_read_is_no_quota() {
        for values in [
            ["sixty", "56", "1489388400"],
            ["60", "-1", "1489388400"],
            ["60", "56", "1489388400.5"],
            ["60", "56", ""],
            ["60", "56", "99999999999999999999"],
        ] {
            assert_eq!(Quota::read(&headers(values), NAMES), None, "{values:?}");
        }
        for missing in NAMES {
            let mut headers = headers(["60", "56", "1489388400"]);
            headers.remove(missing);
            assert_eq!(Quota::read(&headers, NAMES), None, "without {missing}");
        }
    }

    #[test]
    fn there_is_a_wait_only_while_nothing_is_left() {
        let spent = Quota {
            limit: 60,
            remaining: 0,
            reset: at(100),
            said: None,
        };
        assert_eq!(spent.wait(at(40)), Some(Duration::from_secs(60)));
        assert_eq!(spent.wait(at(100)), None);
        assert_eq!(spent.wait(at(101)), None);
        let left = Quota {
            remaining: 1,
            ..spent
        };
        assert_eq!(left.wait(at(40)), None);
    }

    #[test]
    fn the_wait_is_held_against_the_clock_of_the_platform() {
        let mut headers = headers(["60", "0", "784111777"]);
        headers.insert(DATE, "Sun, 06 Nov 1994 08:49:07 GMT".parse().unwrap());
        let quota = Quota::read(&headers, NAMES).unwrap();
        assert_eq!(quota.said, Some(at(784_111_747)));
        for ours in [0, 784_111_777, 4_000_000_000] {
            assert_eq!(quota.wait(at(ours)), Some(Duration::from_secs(30)));
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for said in [None, Some(at(784_111_747)), Some(at(0))] {
            let quota = Quota {
                limit: 1000,
                remaining: 999,
                reset: at(784_112_400),
                said,
            };
            let mut headers = HeaderMap::new();
            quota.write(&mut headers, NAMES);
            assert_eq!(Quota::read(&headers, NAMES), Some(quota));
        }
    }

    #[test]
    fn a_date_that_no_header_can_show_is_left_out() {
        let quota = Quota {
            limit: 1,
            remaining: 1,
            reset: at(LAST_DATE + 1),
            said: Some(at(LAST_DATE + 1)),
        };
        let mut headers = HeaderMap::new();
        quota.write(&mut headers, NAMES);
        assert!(!headers.contains_key(DATE));
    }
}
