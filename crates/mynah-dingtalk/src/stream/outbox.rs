//! Events that wait until an application has taken them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::server::Acknowledged;
use crate::event::Callback;

/// The platform's events for one application: each is sent again, over
/// whatever connection is open then, until it is acknowledged or given up.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use mynah_dingtalk::event::{Callback, ChatChange, Kind};
/// use mynah_dingtalk::stream::Outbox;
///
/// let now = Instant::now();
/// let mut outbox = Outbox::new(Duration::from_secs(60), 3);
/// outbox.push(now, "1", Callback::new(Kind::ChatDisband(ChatChange::default())));
/// assert_eq!(outbox.poll_due(now).map(|due| due.repeats), Some(0));
/// assert!(outbox.poll_due(now).is_none());
/// assert_eq!(outbox.poll_timeout(), Some(now + Duration::from_secs(60)));
/// ```
#[derive(Clone, Debug)]
pub struct Outbox {
    interval: Duration,
    most: u32,
    /// In the order of what happened.
    waiting: VecDeque<Waiting>,
}

#[derive(Clone, Debug)]
struct Waiting {
    message_id: String,
    callback: Callback,
    due: Option<Instant>,
    /// How often it was sent.
    sent: u32,
}

/// An event that must be sent now.
#[derive(Clone, Debug, PartialEq)]
pub struct Overdue {
    /// Names its frame.
    pub message_id: String,
    /// The event.
    pub callback: Callback,
    /// How often it was sent before.
    pub repeats: u32,
}

impl Outbox {
    /// Sends again after `interval`, at most `most` times: the platform after
    /// 60 s, 3 times in a sandbox.
    pub const fn new(interval: Duration, most: u32) -> Self {
        Self {
            interval,
            most,
            waiting: VecDeque::new(),
        }
    }

    /// Sends again after another interval, and another number of times at most,
    /// what is sent from now on.
    pub const fn repeat(&mut self, interval: Duration, most: u32) {
        self.interval = interval;
        self.most = most;
    }

    /// Takes an event, which is due at once.
    pub fn push(&mut self, now: Instant, message_id: impl Into<String>, callback: Callback) {
        self.waiting.push_back(Waiting {
            message_id: message_id.into(),
            callback,
            due: Some(now),
            sent: 0,
        });
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The next event that is to be sent now; those that were sent often enough
    /// are given up. Not to be asked while there is no connection that wants
    /// events.
    pub fn poll_due(&mut self, now: Instant) -> Option<Overdue> {
        let most = self.most;
        let is_due = |waiting: &Waiting| waiting.due.is_some_and(|due| due <= now);
        self.waiting
            .retain(|waiting| !is_due(waiting) || waiting.sent <= most);
        let mut waiting = self.waiting.iter_mut();
        let next = waiting.find(|waiting| is_due(waiting))?;
        let repeats = next.sent;
        next.sent += 1;
        next.due = now.checked_add(self.interval);
        Some(Overdue {
            message_id: next.message_id.clone(),
            callback: next.callback.clone(),
            repeats,
        })
    }

    /// When [`poll_due`](Self::poll_due) has something next.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.waiting.iter().filter_map(|waiting| waiting.due).min()
    }

    /// Notes an acknowledgement; says whether it was that of an event which
    /// has been taken.
    pub fn acknowledge(&mut self, acknowledged: &Acknowledged) -> bool {
        let mut waiting = self.waiting.iter();
        let at = waiting.position(|waiting| waiting.message_id == acknowledged.message_id);
        match at {
            Some(at) if acknowledged.is_success() => self.waiting.remove(at).is_some(),
            _ => false,
        }
    }
}
