//! Calls that were answered before they are carried out.

use std::collections::VecDeque;

use mynah_core::Parameters;
use serde::{Deserialize, Serialize};

use super::limits;
use crate::world::Time;

/// The calls with `_async` and `_rate_limited`, in the order in which they will run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Queue {
    jobs: VecDeque<Job>,
    /// When the next `_rate_limited` call may run.
    next_limited: Time,
}

/// A call to carry out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    due: Time,
    pub(super) action: String,
    pub(super) parameters: Parameters,
}

impl Queue {
    /// Whether one more has room.
    pub(super) fn has_room(&self) -> bool {
        self.jobs.len() < limits::QUEUED_CALLS
    }

    /// Adds a call that runs as soon as possible.
    pub(super) fn add(&mut self, now: Time, action: String, parameters: Parameters) {
        self.push(now, action, parameters);
    }

    /// Adds a call that keeps its distance from the one before it.
    pub(super) fn add_limited(
        &mut self,
        now: Time,
        interval_ms: i64,
        action: String,
        parameters: Parameters,
    ) {
        let due = now.max(self.next_limited);
        self.next_limited = Time(due.0.saturating_add(interval_ms));
        self.push(due, action, parameters);
    }

    fn push(&mut self, due: Time, action: String, parameters: Parameters) {
        let at = self.jobs.partition_point(|job| job.due <= due);
        self.jobs.insert(
            at,
            Job {
                due,
                action,
                parameters,
            },
        );
    }

    /// When the next call is to run.
    pub(super) fn due(&self) -> Option<Time> {
        self.jobs.front().map(|job| job.due)
    }

    /// Takes out the next call whose time has come, and its time.
    pub(super) fn take(&mut self, now: Time) -> Option<(Time, Job)> {
        let due = self.due().filter(|due| *due <= now)?;
        self.jobs.pop_front().map(|job| (due, job))
    }
}
