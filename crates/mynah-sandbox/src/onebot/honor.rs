//! How busy a group is, and the badges that follow from it.
//!
//! QQ gives no exact rules for its badges. Ours: who spoke most on a day is
//! its dragon king (龙王); who has spoken seven days running bears the fire
//! (群聊之火), after thirty the blaze (群聊炽焰); who joined within the last
//! week and has said ten things in it is the spring shoot (冒尖小春笋); who
//! has sent five stickers on a day is the source of joy (快乐之源). A person
//! can also be given a badge for the day by an act.

use std::collections::{BTreeMap, BTreeSet};

use mynah_onebot::UserId;
use mynah_onebot::types::HonorType;
use serde::{Deserialize, Serialize};

use super::limits;

const FIRE_DAYS: usize = 7;
const BLAZE_DAYS: usize = 30;
const NEWBIE_DAYS: usize = 7;
const NEWBIE_MESSAGES: u32 = 10;
const JOY_STICKERS: u32 = 5;

/// What was said in a group, by day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Activity {
    days: BTreeMap<i64, Day>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Day {
    messages: BTreeMap<UserId, u32>,
    stickers: BTreeMap<UserId, u32>,
    /// Badges given by an act.
    given: BTreeMap<String, BTreeSet<UserId>>,
}

impl Activity {
    /// Notes that somebody spoke.
    pub(super) fn spoke(&mut self, day: i64, user: UserId, stickers: usize) {
        let today = self.day(day);
        let said = today.messages.entry(user).or_default();
        *said = said.saturating_add(1);
        if stickers > 0 {
            let count = u32::try_from(stickers).unwrap_or(u32::MAX);
            let sent = today.stickers.entry(user).or_default();
            *sent = sent.saturating_add(count);
        }
    }

    /// Gives somebody a badge for the day.
    pub(super) fn give(&mut self, day: i64, honor: &HonorType, user: UserId) {
        let today = self.day(day);
        let bearers = today.given.entry(honor.as_str().to_owned()).or_default();
        bearers.insert(user);
    }

    /// The record of a day; those before the last month are forgotten.
    fn day(&mut self, day: i64) -> &mut Day {
        if !self.days.contains_key(&day) && self.days.len() >= limits::ACTIVE_DAYS {
            self.days.pop_first();
        }
        self.days.entry(day).or_default()
    }

    /// Who is the dragon king, and for how many days running.
    pub(super) fn dragon(&self) -> Option<(UserId, i32)> {
        let mut kings = self.days.values().rev().filter_map(Day::king);
        let king = kings.next()?;
        let before = kings.take_while(|other| *other == king).count();
        Some((king, i32::try_from(before + 1).unwrap_or(i32::MAX)))
    }

    /// Everybody who has been dragon king, and on how many days; the current one first.
    pub(super) fn dragons(&self) -> Vec<(UserId, usize)> {
        let mut reigns: Vec<(UserId, usize)> = Vec::new();
        for king in self.days.values().rev().filter_map(Day::king) {
            match reigns.iter_mut().find(|(other, _)| *other == king) {
                Some((_, days)) => *days += 1,
                None => reigns.push((king, 1)),
            }
        }
        reigns
    }

    /// Who bears a badge on a day, and the number that earned it: days, messages or stickers.
    /// `joined` tells since which day somebody is a member.
    pub(super) fn bearers(
        &self,
        day: i64,
        honor: &HonorType,
        joined: impl Fn(UserId) -> Option<i64>,
    ) -> BTreeMap<UserId, usize> {
        let mut bearers: BTreeMap<UserId, usize> = self
            .days
            .get(&day)
            .and_then(|today| today.given.get(honor.as_str()))
            .into_iter()
            .flatten()
            .map(|user| (*user, 1))
            .collect();
        for user in self.speakers() {
            if let Some(earned) = self.earned(day, honor, user, &joined) {
                bearers.insert(user, earned);
            }
        }
        bearers
    }

    fn earned(
        &self,
        day: i64,
        honor: &HonorType,
        user: UserId,
        joined: impl Fn(UserId) -> Option<i64>,
    ) -> Option<usize> {
        match honor {
            HonorType::Performer => Some(self.streak(day, user)).filter(|days| *days >= FIRE_DAYS),
            HonorType::Legend => Some(self.streak(day, user)).filter(|days| *days >= BLAZE_DAYS),
            HonorType::StrongNewbie => {
                let week = day - i64::try_from(NEWBIE_DAYS).unwrap_or(i64::MAX);
                let is_new = joined(user).is_some_and(|joined| joined > week);
                let said = self.said_since(week, user);
                (is_new && said >= NEWBIE_MESSAGES).then_some(said as usize)
            }
            HonorType::Emotion => {
                let sent = *self.days.get(&day)?.stickers.get(&user)?;
                (sent >= JOY_STICKERS).then_some(sent as usize)
            }
            _ => None,
        }
    }

    fn speakers(&self) -> BTreeSet<UserId> {
        let all = self.days.values().flat_map(|record| record.messages.keys());
        all.copied().collect()
    }

    /// On how many days running, up to this one, somebody has spoken.
    fn streak(&self, day: i64, user: UserId) -> usize {
        let spoke = |day: &i64| {
            let record = self.days.get(day);
            record.is_some_and(|record| record.messages.contains_key(&user))
        };
        (0..=day).rev().take_while(|day| spoke(day)).count()
    }

    fn said_since(&self, day: i64, user: UserId) -> u32 {
        let since = self.days.range(day + 1..).map(|(_, record)| record);
        since
            .filter_map(|record| record.messages.get(&user))
            .fold(0, |sum, count| sum.saturating_add(*count))
    }
}

impl Day {
    /// Who spoke most; the lower number when it is a draw.
    fn king(&self) -> Option<UserId> {
        let given = self.given.get(HonorType::Talkative.as_str());
        if let Some(king) = given.and_then(|bearers| bearers.iter().next_back()) {
            return Some(*king);
        }
        self.messages
            .iter()
            .max_by_key(|(user, count)| (**count, std::cmp::Reverse(**user)))
            .map(|(user, _)| *user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: UserId = UserId(1);
    const BOB: UserId = UserId(2);

    fn nobody_is_new(user: UserId) -> Option<i64> {
        [ALICE, BOB].contains(&user).then_some(0)
    }

    #[test]
    fn who_speaks_most_is_dragon_king_for_as_long_as_it_lasts() {
        let mut activity = Activity::default();
        assert_eq!(activity.dragon(), None);
        activity.spoke(100, BOB, 0);
        for day in 101..104 {
            activity.spoke(day, BOB, 0);
            activity.spoke(day, ALICE, 0);
        }
        assert_eq!(activity.dragon(), Some((ALICE, 3)));
        assert_eq!(activity.dragons(), [(ALICE, 3), (BOB, 1)]);
    }

    #[test]
    fn the_fire_takes_seven_days_running() {
        let mut activity = Activity::default();
        for day in 100..107 {
            activity.spoke(day, ALICE, 0);
            if day != 103 {
                activity.spoke(day, BOB, 0);
            }
        }
        let bearers = activity.bearers(106, &HonorType::Performer, nobody_is_new);
        assert_eq!(bearers, BTreeMap::from([(ALICE, 7)]));
        assert!(
            activity
                .bearers(107, &HonorType::Performer, nobody_is_new)
                .is_empty()
        );
    }

    #[test]
    fn newcomers_and_stickers_earn_badges_too() {
        let mut activity = Activity::default();
        for _ in 0..10 {
            activity.spoke(100, ALICE, 1);
            activity.spoke(100, BOB, 0);
        }
        let joined = |user| Some(if user == ALICE { 98 } else { 1 });
        let newbies = activity.bearers(100, &HonorType::StrongNewbie, joined);
        assert_eq!(newbies, BTreeMap::from([(ALICE, 10)]));
        let joy = activity.bearers(100, &HonorType::Emotion, joined);
        assert_eq!(joy, BTreeMap::from([(ALICE, 10)]));
    }

    #[test]
    fn a_badge_can_be_given_for_a_day() {
        let mut activity = Activity::default();
        activity.give(100, &HonorType::Emotion, BOB);
        activity.give(100, &HonorType::Talkative, BOB);
        assert_eq!(activity.dragon(), Some((BOB, 1)));
        let joy = |day| activity.bearers(day, &HonorType::Emotion, nobody_is_new);
        assert_eq!(joy(100), BTreeMap::from([(BOB, 1)]));
        assert!(joy(101).is_empty());
    }
}
