//! How often something may be done.

use std::collections::{BTreeMap, VecDeque};

use mynah_core::ApiError;
use mynah_rongcloud::platform::code;
use serde::{Deserialize, Serialize};

use super::limits::{DAY_MS, HOUR_MS, MINUTE_MS};
use super::refusal::refuse;
use super::world::RongCloudWorld;
use crate::world::Time;

/// What there may only be so much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Quota {
    /// Calls that have no quota of their own.
    Calls,
    Tokens,
    /// Private messages, one for each who gets it.
    Private,
    /// Messages of the system, one for each who gets it.
    System,
    /// Messages in one group.
    Group,
    Discussion,
    /// Messages in one chatroom.
    Chatroom,
    /// Messages to all chatrooms.
    ChatroomBroadcast,
    /// Messages and pushes to everybody.
    Broadcast,
    /// Text messages to one number.
    Sms,
}

/// How long it is until what was done counts no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    Milliseconds(i64),
    /// Until midnight in Beijing.
    Day,
}

const SECOND: Window = Window::Milliseconds(1_000);
const MINUTE: Window = Window::Milliseconds(MINUTE_MS);
const HOUR: Window = Window::Milliseconds(HOUR_MS);

impl Quota {
    /// How much there may be, and within which time. Of broadcasts the sources
    /// name one or two an hour: two is what the newer ones say.
    const fn limits(self) -> &'static [(u32, Window)] {
        match self {
            Self::Tokens => &[(200, SECOND)],
            Self::Private => &[(6_000, MINUTE)],
            Self::Group | Self::Discussion => &[(20, SECOND)],
            Self::Calls | Self::System | Self::Chatroom => &[(100, SECOND)],
            Self::ChatroomBroadcast => &[(1, SECOND)],
            Self::Broadcast => &[(2, HOUR), (3, Window::Day)],
            Self::Sms => &[(1, MINUTE), (3, HOUR)],
        }
    }

    /// The quota of a call of which a path is all that is known; nothing for
    /// those that are counted by what they send.
    pub(super) fn of_call(path: &str) -> Option<Self> {
        match path.trim_end_matches(".json") {
            "/user/getToken" => Some(Self::Tokens),
            "/message/private/publish"
            | "/message/private/publish_template"
            | "/message/system/publish"
            | "/message/system/publish_template"
            | "/message/group/publish"
            | "/message/discussion/publish"
            | "/message/chatroom/publish"
            | "/message/chatroom/broadcast"
            | "/message/broadcast"
            | "/push"
            | "/sendCode" => None,
            _ => Some(Self::Calls),
        }
    }
}

impl Window {
    /// Whether what was done at a time counts now.
    fn holds(self, time: Time, now: Time) -> bool {
        // What is to come was before somebody moved the clock.
        let ago = now.0.saturating_sub(time.0);
        match self {
            Self::Milliseconds(length) => (0..length).contains(&ago),
            Self::Day => ago >= 0 && day(time) == day(now),
        }
    }
}

/// The day in Beijing.
fn day(time: Time) -> i64 {
    time.0.saturating_add(8 * HOUR_MS).div_euclid(DAY_MS)
}

/// What has been done lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Quotas(BTreeMap<Quota, BTreeMap<String, VecDeque<Taken>>>);

/// So much was done at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Taken(Time, u32);

impl Quotas {
    /// Notes that so much is done with one thing; not, if it is too much.
    fn take(&mut self, quota: Quota, key: &str, amount: u32, now: Time) -> bool {
        let limits = quota.limits();
        let counts = |taken: &Taken| limits.iter().any(|(_, it)| it.holds(taken.0, now));
        let all = self.0.entry(quota).or_default();
        // Otherwise every number and every group would stay for ever.
        all.retain(|_, taken| taken.iter().any(counts));
        let taken = all.entry(key.to_owned()).or_default();
        taken.retain(counts);
        let fits = limits.iter().all(|&(most, window)| {
            let lately = taken.iter().filter(|taken| window.holds(taken.0, now));
            let before: u32 = lately.map(|taken| taken.1).sum();
            before.saturating_add(amount) <= most
        });
        match taken.back_mut() {
            _ if !fits => {}
            Some(Taken(time, before)) if *time == now => *before += amount,
            _ => taken.push_back(Taken(now, amount)),
        }
        fits
    }
}

impl RongCloudWorld {
    /// Counts what is about to be done with one thing, such as a group; without
    /// a thing it is counted for the application. Does nothing while quotas do
    /// not hold; that of text messages always does.
    ///
    /// # Errors
    /// It is too much: 1008. It is not counted then.
    pub(super) fn take(&mut self, quota: Quota, key: &str, amount: u32) -> Result<(), ApiError> {
        if !self.settings.strict && quota != Quota::Sms {
            return Ok(());
        }
        if self.state.quotas.take(quota, key, amount, self.state.now) {
            Ok(())
        } else {
            Err(refuse(code::TOO_FAST))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Midnight in Beijing.
    const MIDNIGHT: i64 = 16 * HOUR_MS;

    #[test]
    fn what_was_done_counts_for_so_long_and_no_longer() {
        let mut quotas = Quotas::default();
        let mut take = |at| quotas.take(Quota::Sms, "135", 1, Time(at));
        assert!(take(0));
        assert!(!take(MINUTE_MS - 1));
        assert!(take(MINUTE_MS), "a refusal is not counted");
        assert!(take(2 * MINUTE_MS));
        assert!(!take(HOUR_MS - 1), "the fourth within an hour");
        assert!(take(HOUR_MS));
    }

    #[test]
    fn one_thing_is_counted_without_another() {
        let mut quotas = Quotas::default();
        let now = Time(0);
        assert!(quotas.take(Quota::Group, "g1", 20, now));
        assert!(!quotas.take(Quota::Group, "g1", 1, now));
        assert!(quotas.take(Quota::Group, "g2", 20, now));
        assert!(quotas.take(Quota::Discussion, "g1", 20, now));
    }

    #[test]
    fn more_than_there_may_ever_be_is_refused_whole() {
        let mut quotas = Quotas::default();
        assert!(!quotas.take(Quota::System, "", 101, Time(0)));
        assert!(quotas.take(Quota::System, "", 100, Time(0)));
        assert!(!quotas.take(Quota::System, "", u32::MAX, Time(0)));
    }

    #[test]
    fn a_day_ends_at_midnight_in_beijing() {
        let mut quotas = Quotas::default();
        let mut take = |at| quotas.take(Quota::Broadcast, "", 1, Time(at));
        assert!(take(MIDNIGHT - 4 * HOUR_MS));
        assert!(take(MIDNIGHT - 2 * HOUR_MS));
        assert!(take(MIDNIGHT - HOUR_MS));
        assert!(!take(MIDNIGHT - 1), "the fourth on one day");
        assert!(take(MIDNIGHT));
    }

    #[test]
    fn what_was_done_in_a_future_that_is_gone_does_not_count() {
        let mut quotas = Quotas::default();
        assert!(quotas.take(Quota::Sms, "135", 1, Time(DAY_MS)));
        assert!(quotas.take(Quota::Sms, "135", 1, Time(0)));
    }

    #[test]
    fn nothing_stays_of_what_does_not_count() {
        let mut quotas = Quotas::default();
        for number in 0..100 {
            assert!(quotas.take(Quota::Sms, &number.to_string(), 1, Time(0)));
        }
        assert!(quotas.take(Quota::Sms, "135", 1, Time(DAY_MS)));
        assert_eq!(quotas.0.get(&Quota::Sms).map(BTreeMap::len), Some(1));
    }
}
