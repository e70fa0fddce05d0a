//! What was said, by the hour, for downloading.

use std::collections::{BTreeMap, VecDeque};

use mynah_rongcloud::{ConversationType, Hour, MessageUid, TargetId, UserId};
use serde::{Deserialize, Serialize};

use super::archive::Body;
use super::limits;
use crate::world::Time;

/// What was said in every hour that is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct History {
    /// By hour since 1970.
    hours: BTreeMap<i64, VecDeque<Logged>>,
}

/// A message that was said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Logged {
    pub(super) uid: MessageUid,
    pub(super) from: UserId,
    /// To whom; nobody for what everybody was told.
    pub(super) target: TargetId,
    pub(super) conversation_type: ConversationType,
    pub(super) body: Body,
    pub(super) time: Time,
    /// The platform's word for what it was said with.
    pub(super) source: String,
    /// Whether words were replaced in it.
    pub(super) sensitive: bool,
}

/// The hour that a time is in, since 1970. Hours begin at the same moment in
/// Beijing.
fn hour(time: Time) -> i64 {
    time.0.div_euclid(limits::HOUR_MS)
}

/// The hour of a date; nothing if there is no such hour.
fn hour_of(date: &Hour) -> Option<i64> {
    let start = date.start()?;
    let since = start.duration_since(std::time::UNIX_EPOCH).ok()?;
    let milliseconds = i64::try_from(since.as_millis()).ok()?;
    Some(hour(Time(milliseconds)))
}

impl History {
    pub(super) fn log(&mut self, logged: Logged) {
        let this = hour(logged.time);
        self.hours
            .retain(|hour, _| this - *hour < limits::HISTORY_HOURS);
        let records = self.hours.entry(this).or_default();
        if records.len() >= limits::LOGGED {
            records.pop_front();
        }
        records.push_back(logged);
    }

    /// What was said in an hour, oldest first, if that is still kept.
    pub(super) fn of(&self, date: &Hour, now: Time) -> Option<&VecDeque<Logged>> {
        let wanted = hour_of(date)?;
        let kept = hour(now) - wanted < limits::HISTORY_HOURS;
        self.hours.get(&wanted).filter(|_| kept)
    }

    /// The hours in which something was said.
    pub(super) fn dates(&self) -> impl Iterator<Item = Hour> {
        let times = self.hours.keys().map(|hour| Time(hour * limits::HOUR_MS));
        times.map(|time| Hour::beijing(crate::clock::wall(time)))
    }

    /// Forgets an hour.
    pub(super) fn delete(&mut self, date: &Hour) {
        if let Some(hour) = hour_of(date) {
            self.hours.remove(&hour);
        }
    }
}
