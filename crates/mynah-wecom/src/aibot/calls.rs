//! The commands of one connection and their acknowledgements.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mynah_core::{Frame, HttpResponse, Ticket, Tickets, TransportError};

pub(super) type Answer = (Ticket, Result<HttpResponse, TransportError>);

/// Commands under way. Those with the same `req_id` go out one after the
/// other, each when the one before is acknowledged: their acknowledgements
/// look alike.
#[derive(Debug, Default)]
pub(super) struct Calls {
    lanes: BTreeMap<String, VecDeque<Command>>,
    /// The lane of each call that somebody waits for.
    tickets: Tickets<String>,
    /// What may go out now.
    out: VecDeque<String>,
    answers: VecDeque<Answer>,
    /// Nothing ends before this; may be earlier than the first that does.
    first_end: Option<Instant>,
    /// Whether commands may go out.
    open: bool,
    ack_timeout: Duration,
}

#[derive(Debug)]
struct Command {
    /// `None` when nobody waits any more, but the acknowledgement may come yet.
    ticket: Option<Ticket>,
    deadline: Instant,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// It is another's turn.
    Queued(Bytes),
    /// The first of its lane, on its way into the socket.
    Out(Bytes),
    /// The acknowledgement must come by then.
    Sent(Instant),
}

const NO_ACK: &str = "no acknowledgement came in time";
const UNSENT: &str = "the call did not leave the queue of its connection";

impl Calls {
    pub(super) fn new(ack_timeout: Duration) -> Self {
        Self {
            ack_timeout,
            ..Self::default()
        }
    }

    /// How many calls somebody waits for.
    pub(super) fn waiting(&self) -> usize {
        self.tickets.len()
    }

    /// How many commands of this `req_id` are under way.
    pub(super) fn queued(&self, req_id: &str) -> usize {
        self.lanes.get(req_id).map_or(0, VecDeque::len)
    }

    pub(super) fn push(&mut self, req_id: &str, ticket: Ticket, deadline: Instant, frame: Bytes) {
        self.tickets.insert(ticket, req_id.to_owned());
        let command = Command {
            ticket: Some(ticket),
            deadline,
            stage: Stage::Queued(frame),
        };
        self.lanes
            .entry(req_id.to_owned())
            .or_default()
            .push_back(command);
        self.expect_end(deadline);
        self.advance(req_id);
    }

    /// Commands may go out from now on, in the order they were made in.
    pub(super) fn open(&mut self) {
        self.open = true;
        let first = |(req_id, lane): (&String, &VecDeque<Command>)| {
            Some((lane.front()?.ticket, req_id.clone()))
        };
        let mut firsts: Vec<_> = self.lanes.iter().filter_map(first).collect();
        firsts.sort_unstable();
        for (_, req_id) in firsts {
            self.advance(&req_id);
        }
    }

    /// Answers a call without asking the platform.
    pub(super) fn answer(&mut self, ticket: Ticket, response: HttpResponse) {
        self.answers.push_back((ticket, Ok(response)));
    }

    /// Takes an acknowledgement; says whether anything waits for it.
    pub(super) fn acknowledge(&mut self, req_id: &str, response: HttpResponse) -> bool {
        let lane = self.lanes.get_mut(req_id);
        let Some(command) = lane.and_then(|lane| {
            lane.front()
                .is_some_and(Command::is_sent)
                .then(|| lane.pop_front())?
        }) else {
            return false;
        };
        if let Some(ticket) = command.ticket {
            self.tickets.remove(&ticket);
            self.answer(ticket, response);
        }
        self.advance(req_id);
        true
    }

    /// The next frame for the socket.
    pub(super) fn poll_send(&mut self, now: Instant) -> Option<Frame> {
        loop {
            let req_id = self.out.pop_front()?;
            let first = self.lanes.get_mut(&req_id).and_then(VecDeque::front_mut);
            // What was given up in the meantime is not there any more.
            let Some(Command {
                stage, deadline, ..
            }) = first
            else {
                continue;
            };
            if let Stage::Out(frame) = stage {
                let frame = std::mem::take(frame);
                let until = now.checked_add(self.ack_timeout).unwrap_or(*deadline);
                *stage = Stage::Sent(until);
                self.expect_end(until);
                return Some(Frame::Text(frame));
            }
        }
    }

    pub(super) fn poll_answer(&mut self) -> Option<Answer> {
        self.answers.pop_front()
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.first_end
    }

    /// Ends what is late. A late acknowledgement is waited for once more as
    /// long: taking it for that of the next command would be worse than
    /// keeping that back.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.first_end.is_none_or(|end| now < end) {
            return;
        }
        let mut late = Vec::new();
        for lane in self.lanes.values_mut() {
            lane.retain_mut(|command| command.keep(now, self.ack_timeout, &mut late));
        }
        late.sort_unstable_by_key(|(ticket, _)| *ticket);
        for (ticket, sent) in late {
            self.fail(ticket, sent, NO_ACK);
        }
        let lanes: Vec<String> = self.lanes.keys().cloned().collect();
        for req_id in lanes {
            self.advance(&req_id);
        }
        let ends = self.lanes.values().flatten().map(Command::end);
        self.first_end = ends.min();
    }

    /// Nobody waits for this call any more.
    pub(super) fn abandon(&mut self, ticket: Ticket) {
        let Some(req_id) = self.tickets.remove(&ticket) else {
            return;
        };
        let grace = self.ack_timeout;
        if let Some(lane) = self.lanes.get_mut(&req_id) {
            lane.retain_mut(|command| command.ticket != Some(ticket) || command.give_up(grace));
        }
        self.advance(&req_id);
    }

    /// Ends everything.
    pub(super) fn end(&mut self, reason: &str) {
        self.open = false;
        self.out.clear();
        self.first_end = None;
        let mut ended: Vec<_> = std::mem::take(&mut self.lanes)
            .into_values()
            .flatten()
            .filter_map(|command| Some((command.ticket?, command.is_sent())))
            .collect();
        ended.sort_unstable();
        for (ticket, was_sent) in ended {
            self.tickets.remove(&ticket);
            let error = if was_sent {
                TransportError::sent(format!("no acknowledgement came: {reason}"))
            } else {
                TransportError::not_sent(reason.to_owned())
            };
            self.answers.push_back((ticket, Err(error)));
        }
    }

    fn fail(&mut self, ticket: Ticket, sent: bool, reason: &'static str) {
        self.tickets.remove(&ticket);
        let error = if sent {
            TransportError::sent(reason)
        } else {
            TransportError::not_sent(UNSENT)
        };
        self.answers.push_back((ticket, Err(error)));
    }

    /// Sends the first of a lane, if it is its turn.
    fn advance(&mut self, req_id: &str) {
        let Some(lane) = self.lanes.get_mut(req_id) else {
            return;
        };
        let Some(first) = lane.front_mut() else {
            self.lanes.remove(req_id);
            return;
        };
        if let (true, Stage::Queued(frame)) = (self.open, &mut first.stage) {
            first.stage = Stage::Out(std::mem::take(frame));
            self.out.push_back(req_id.to_owned());
        }
    }

    fn expect_end(&mut self, end: Instant) {
        self.first_end = Some(self.first_end.map_or(end, |first| first.min(end)));
    }
}

impl Command {
    fn is_sent(&self) -> bool {
        matches!(self.stage, Stage::Sent(_))
    }

    /// When something about it must be done.
    fn end(&self) -> Instant {
        match (&self.stage, self.ticket) {
            (Stage::Sent(until), None) => *until,
            (Stage::Sent(until), Some(_)) => self.deadline.min(*until),
            _ => self.deadline,
        }
    }

    /// Whether it stays in its lane; tells who waited in vain.
    fn keep(&mut self, now: Instant, grace: Duration, late: &mut Vec<(Ticket, bool)>) -> bool {
        if now < self.end() {
            return true;
        }
        let Some(ticket) = self.ticket else {
            return false;
        };
        late.push((ticket, self.is_sent()));
        self.give_up(grace)
    }

    /// Nobody waits for it any more; says whether it stays in its lane.
    fn give_up(&mut self, grace: Duration) -> bool {
        self.ticket = None;
        if let Stage::Sent(until) = &mut self.stage {
            *until = until.checked_add(grace).unwrap_or(*until);
        }
        self.is_sent()
    }
}
