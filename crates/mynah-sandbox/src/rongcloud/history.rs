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
    /// How many bytes all of that has, written out.
    #[serde(skip)]
    bytes: usize,
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

impl Logged {
    fn bytes(&self) -> usize {
        self.body.object_name().len() + self.body.content().len()
    }
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
        let old = |hour: &i64| this - *hour >= limits::HISTORY_HOURS;
        while let Some(hour) = self.hours.keys().next().copied().filter(old) {
            self.forget(hour);
        }
        if self
            .hours
            .get(&this)
            .is_some_and(|it| it.len() >= limits::LOGGED)
        {
            self.forget_oldest(this);
        }
        self.bytes += logged.bytes();
        self.hours.entry(this).or_default().push_back(logged);
        while self.bytes > limits::LOGGED_BYTES
            && let Some(oldest) = self.hours.keys().next().copied()
        {
            self.forget_oldest(oldest);
        }
    }

    /// Counts again after a snapshot, which holds no count.
    pub(super) fn rebuild_index(&mut self) {
        let records = self.hours.values().flatten();
        self.bytes = records.map(Logged::bytes).sum();
    }

    fn forget(&mut self, hour: i64) {
        let records = self.hours.remove(&hour).unwrap_or_default();
        self.bytes -= records.iter().map(Logged::bytes).sum::<usize>();
    }

    fn forget_oldest(&mut self, hour: i64) {
        if let Some(records) = self.hours.get_mut(&hour) {
            self.bytes -= records.pop_front().as_ref().map_or(0, Logged::bytes);
            if records.is_empty() {
                self.hours.remove(&hour);
            }
        }
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
            self.forget(hour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(hour: i64, bytes: usize) -> Logged {
        Logged {
            uid: "AAAA".into(),
            from: "alice".into(),
            target: "bob".into(),
            conversation_type: ConversationType::Private,
            body: Body::new("", "x".repeat(bytes)),
            time: Time(hour * limits::HOUR_MS),
            source: String::new(),
            sensitive: false,
        }
    }

    #[test]
    fn the_oldest_goes_when_all_hours_together_hold_too_many_bytes() {
        let mut history = History::default();
        let half = limits::LOGGED_BYTES / 2;
        for hour in [100, 101] {
            history.log(logged(hour, half));
        }
        assert_eq!(history.hours.len(), 2);
        history.log(logged(102, 1));
        assert_eq!(
            history.hours.keys().copied().collect::<Vec<_>>(),
            [101, 102]
        );
        history.forget(101);
        assert_eq!(history.bytes, 1);
        history.rebuild_index();
        assert_eq!(history.bytes, 1);
        history.log(logged(102 + limits::HISTORY_HOURS, 2));
        assert_eq!((history.hours.len(), history.bytes), (1, 2));
    }
}
