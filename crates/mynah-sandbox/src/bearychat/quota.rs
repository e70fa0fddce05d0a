//! How many calls may be made within an hour.

use std::collections::BTreeMap;
use std::net::IpAddr;

use mynah_bearychat::UserId;
use mynah_core::Quota;
use serde::{Deserialize, Serialize};

use super::limits;
use super::world::BearyChatWorld;
use crate::clock::wall;
use crate::world::Time;

/// The calls of this hour, by who makes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Calls {
    /// Hours since 1970.
    hour: i64,
    made: BTreeMap<String, u32>,
}

/// Who makes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Whoever the token belongs to.
    User(UserId),
    /// Nobody in particular, from an address.
    Address(IpAddr),
}

impl By {
    fn key(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::Address(address) => format!("address:{address}"),
        }
    }
}

/// Those who were not counted one by one.
const OTHERS: &str = "others";

/// What became of a call that was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// What every answer tells.
    pub(super) quota: Quota,
    /// Whether the call is more than may be made.
    pub(super) exceeds: bool,
}

impl Calls {
    /// Counts a call. The hour is that of the clock, and begins anew whenever
    /// another one is shown, an earlier one as well.
    fn count(&mut self, by: &By, limit: u32, now: Time) -> Counted {
        let hour = now.seconds().div_euclid(limits::HOUR_S);
        if self.hour != hour {
            *self = Self {
                hour,
                made: BTreeMap::new(),
            };
        }
        let mut key = by.key();
        if self.made.len() >= limits::CALLERS && !self.made.contains_key(&key) {
            OTHERS.clone_into(&mut key);
        }
        let made = self.made.entry(key).or_default();
        *made = made.saturating_add(1);
        let end = hour.saturating_add(1).saturating_mul(limits::HOUR_S);
        Counted {
            quota: Quota {
                limit: limit.into(),
                remaining: limit.saturating_sub(*made).into(),
                reset: wall(Time(end.saturating_mul(1000))),
                said: Some(wall(now)),
            },
            exceeds: *made > limit,
        }
    }
}

impl BearyChatWorld {
    /// Counts a call to the OpenAPI, whatever becomes of it.
    pub(super) fn count_call(&mut self, by: &By) -> Counted {
        let limit = match by {
            By::User(_) => self.settings.calls_per_hour,
            By::Address(_) => self.settings.anonymous_calls_per_hour,
        };
        self.state.quota.count(by, limit, self.state.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> By {
        By::User(id.into())
    }

    fn address(last: u8) -> By {
        By::Address([127, 0, 0, last].into())
    }

    /// What is left for one user after a call at a time; nothing where the call
    /// is too many.
    fn left(calls: &mut Calls, by: &By, limit: u32, at: i64) -> Option<u64> {
        let counted = calls.count(by, limit, Time(at));
        (!counted.exceeds).then_some(counted.quota.remaining)
    }

    #[test]
    fn the_documented_hour_ends_when_the_documentation_says() {
        let mut calls = Calls::default();
        let counted = calls.count(&user("=bw1"), 60, Time(1_489_386_000_000));
        let quota = counted.quota;
        assert_eq!((quota.limit, quota.remaining), (60, 59));
        assert_eq!(quota.reset, wall(Time(1_489_388_400_000)));
        assert_eq!(quota.said, Some(wall(Time(1_489_386_000_000))));
    }

    #[test]
    fn the_last_call_is_answered_and_the_next_is_not() {
        let mut calls = Calls::default();
        let mut call = |at| left(&mut calls, &user("=bw1"), 2, at);
        assert_eq!(call(0), Some(1));
        assert_eq!(call(0), Some(0));
        assert_eq!(call(3_599_999), None);
        assert_eq!(call(3_600_000), Some(1));
    }

    #[test]
    fn an_hour_that_comes_back_begins_anew() {
        let mut calls = Calls::default();
        let mut call = |at| left(&mut calls, &user("=bw1"), 1, at);
        assert_eq!(call(7_200_000), Some(0));
        assert_eq!(call(0), Some(0));
        assert_eq!(call(-1), Some(0));
        assert_eq!(call(-3_600_000), None);
    }

    #[test]
    fn callers_are_counted_one_by_one() {
        let mut calls = Calls::default();
        for by in [user("=bw1"), user("=bw2"), address(1), address(2)] {
            assert_eq!(left(&mut calls, &by, 1, 0), Some(0), "{by:?}");
            assert_eq!(left(&mut calls, &by, 1, 0), None, "{by:?}");
        }
    }

    #[test]
    fn those_for_whom_there_is_no_room_are_counted_as_one() {
        let mut calls = Calls::default();
        for number in 0..limits::CALLERS {
            calls.count(&user(&number.to_string()), 1, Time(0));
        }
        assert_eq!(left(&mut calls, &address(1), 2, 0), Some(1));
        assert_eq!(left(&mut calls, &address(2), 2, 0), Some(0));
        assert_eq!(left(&mut calls, &user("0"), 2, 0), Some(0));
        assert_eq!(calls.made.len(), limits::CALLERS + 1);
    }
}
