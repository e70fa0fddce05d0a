//! What was sent over one connection and must be acknowledged.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_core::{Frame, HttpResponse, Ticket, Tickets, TransportError};

use super::frame::{numbered, ping};

pub(super) type Answer = (Ticket, Result<HttpResponse, TransportError>);

/// Pings and calls share the numbers, which begin at 0.
#[derive(Debug, Default)]
pub(super) struct Calls {
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
    tickets: Tickets<u64>,
    out: VecDeque<(u64, Bytes)>,
    answers: VecDeque<Answer>,
    /// Nothing ends before this; may be earlier than the first that does.
    first_end: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    who: Who,
    until: Option<Instant>,
    sent: bool,
}

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// The connection itself, for the answer to its ping.
    Connection,
    Caller(Ticket),
    /// Nobody any more, but the acknowledgement may come yet.
    Nobody,
}

const NO_REPLY: &str = "no reply came in time";
const UNSENT: &str = "the call did not leave the queue of its connection";

impl Calls {
    /// How many calls somebody waits for.
    pub(super) fn len(&self) -> usize {
        self.tickets.len()
    }

    pub(super) fn ping(&mut self, now: Instant, timeout: Duration) {
        let until = now.checked_add(timeout);
        let call_id = self.begin(Who::Connection, until);
        self.out.push_back((call_id, ping(call_id)));
    }

    /// Sends a JSON object, which gets its number here.
    pub(super) fn call(&mut self, ticket: Ticket, frame: &[u8], until: Instant) {
        let call_id = self.begin(Who::Caller(ticket), Some(until));
        self.tickets.insert(ticket, call_id);
        self.out.push_back((call_id, numbered(frame, call_id)));
    }

    fn begin(&mut self, who: Who, until: Option<Instant>) -> u64 {
        let call_id = self.next;
        self.next += 1;
        let sent = false;
        let waiting = Waiting { who, until, sent };
        self.waiting.insert(call_id, waiting);
        self.first_end = self.first_end.into_iter().chain(until).min();
        call_id
    }

    /// Takes an acknowledgement; says whether anything waits for it.
    pub(super) fn acknowledge(
        &mut self,
        call_id: u64,
        answer: impl FnOnce() -> HttpResponse,
    ) -> bool {
        if !self.waiting.get(&call_id).is_some_and(|call| call.sent) {
            return false;
        }
        if let Some(Waiting {
            who: Who::Caller(ticket),
            ..
        }) = self.waiting.remove(&call_id)
        {
            self.tickets.remove(&ticket);
            self.answers.push_back((ticket, Ok(answer())));
        }
        true
    }

    /// Fails the calls that are late. Says whether a ping is.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> bool {
        if self.first_end.is_none_or(|end| now < end) {
            return false;
        }
        let mut late = Vec::new();
        self.waiting.retain(|call_id, waiting| {
            let is_late = waiting.until.is_some_and(|until| until <= now);
            if is_late {
                late.push((*call_id, *waiting));
            }
            !is_late
        });
        self.first_end = self.waiting.values().filter_map(|it| it.until).min();
        let a_ping = late
            .iter()
            .any(|(_, waiting)| waiting.who == Who::Connection);
        for (call_id, waiting) in late {
            self.fail(call_id, waiting, NO_REPLY);
        }
        a_ping
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.first_end
    }

    pub(super) fn poll_send(&mut self) -> Option<Frame> {
        let (call_id, frame) = self.out.pop_front()?;
        if let Some(waiting) = self.waiting.get_mut(&call_id) {
            waiting.sent = true;
        }
        Some(Frame::Text(frame))
    }

    pub(super) fn poll_answer(&mut self) -> Option<Answer> {
        self.answers.pop_front()
    }

    /// Nobody waits for this call any more. One that was sent may still be acknowledged.
    pub(super) fn abandon(&mut self, ticket: Ticket) {
        let Some(call_id) = self.tickets.remove(&ticket) else {
            return;
        };
        match self.waiting.get_mut(&call_id) {
            Some(waiting) if waiting.sent => waiting.who = Who::Nobody,
            _ => {
                self.waiting.remove(&call_id);
                self.out.retain(|(queued, _)| *queued != call_id);
            }
        }
    }

    /// The connection is over: everything fails.
    pub(super) fn end(&mut self, reason: &'static str) {
        self.first_end = None;
        for (call_id, waiting) in std::mem::take(&mut self.waiting) {
            self.fail(call_id, waiting, reason);
        }
        self.out.clear();
    }

    fn fail(&mut self, call_id: u64, waiting: Waiting, reason: &'static str) {
        let Who::Caller(ticket) = waiting.who else {
            return;
        };
        self.tickets.remove(&ticket);
        let error = if waiting.sent {
            TransportError::sent(reason)
        } else {
            self.out.retain(|(queued, _)| *queued != call_id);
            TransportError::not_sent(UNSENT)
        };
        self.answers.push_back((ticket, Err(error)));
    }
}
