//! How often something was done, in windows that slide.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::world::Time;

/// So many times in so many milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota {
    pub(super) times: u64,
    pub(super) window_ms: i64,
}

impl Quota {
    pub(super) const fn new(times: u64, window_ms: i64) -> Self {
        Self { times, window_ms }
    }
}

/// Counts by name. What a quota refuses does not count.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Frequency(BTreeMap<String, Meter>);

/// When, and how often then; times within one second count as one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Meter(VecDeque<(Time, u64)>);

/// Names that are counted at once; those that were not counted for longest are forgotten.
const NAMES: usize = 10_000;

impl Frequency {
    /// Whether `more` of it fit into every quota.
    pub(super) fn allows(&self, name: &str, quotas: &[Quota], more: u64, now: Time) -> bool {
        let fits = |quota: &Quota| {
            let done = self
                .0
                .get(name)
                .map_or(0, |meter| meter.within(*quota, now));
            done.saturating_add(more) <= quota.times
        };
        quotas.iter().all(fits)
    }

    /// Counts it. What is older than the longest of the quotas is forgotten.
    pub(super) fn count(&mut self, name: &str, quotas: &[Quota], times: u64, now: Time) {
        let longest = quotas.iter().map(|quota| quota.window_ms).max();
        let meter = self.0.entry(name.to_owned()).or_default();
        meter.count(times, now);
        meter.forget(longest.unwrap_or_default(), now);
        if self.0.len() > NAMES {
            self.forget_one();
        }
    }

    fn forget_one(&mut self) {
        let last = |meter: &Meter| meter.0.back().map_or(Time::default(), |(at, _)| *at);
        let oldest = self.0.iter().min_by_key(|(_, meter)| last(meter));
        if let Some(name) = oldest.map(|(name, _)| name.clone()) {
            self.0.remove(&name);
        }
    }
}

impl Meter {
    fn within(&self, quota: Quota, now: Time) -> u64 {
        let since = now.0.saturating_sub(quota.window_ms);
        let recent = self.0.iter().rev().take_while(|(at, _)| at.0 > since);
        recent.fold(0, |sum, (_, times)| sum.saturating_add(*times))
    }

    fn count(&mut self, times: u64, now: Time) {
        match self.0.back_mut() {
            Some((at, counted)) if at.seconds() == now.seconds() => {
                *counted = counted.saturating_add(times);
                *at = now;
            }
            _ => self.0.push_back((now, times)),
        }
    }

    fn forget(&mut self, window_ms: i64, now: Time) {
        let since = now.0.saturating_sub(window_ms);
        while self.0.front().is_some_and(|(at, _)| at.0 <= since) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_free_again_when_the_window_has_passed() {
        let quotas = [Quota::new(3, 60_000)];
        let mut frequency = Frequency::default();
        let at = |seconds: i64| Time(seconds * 1000);
        for second in 0..3 {
            assert!(frequency.allows("a", &quotas, 1, at(second)));
            frequency.count("a", &quotas, 1, at(second));
        }
        assert!(!frequency.allows("a", &quotas, 1, at(59)));
        assert!(frequency.allows("b", &quotas, 3, at(59)));
        assert!(frequency.allows("a", &quotas, 1, at(60)));
        assert!(!frequency.allows("a", &quotas, 2, at(60)));
        assert!(frequency.allows("a", &quotas, 3, at(62)));
    }
}
