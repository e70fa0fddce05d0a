//! Which Stream connection something goes over, and what waits for one.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use mynah_dingtalk::event::{Callback, Format};
use mynah_dingtalk::stream::Told;
use serde_json::Value;
use tokio::time::Instant;

use super::stream::{Out, title};
use super::{DingTalkSide, PLATFORM};
use crate::hub::State;
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::Rim;
use crate::rim::socket::{Obstacle, Push, obstacle, push_to};
use crate::rim::sockets::Ending;
use crate::world::Time;

/// So much can wait for a connection, and so many events for somebody who
/// takes them; what comes on top is lost.
const MOST: usize = 10_000;
/// Of so many frames it is known what they were when they are acknowledged.
const MOST_SENT: usize = 4096;

/// What waits for a connection that is alive, in the order in which it is to
/// be told.
#[derive(Debug, Default)]
pub(super) struct Waiting(VecDeque<(Instant, Told)>);

impl Waiting {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// When the first of it has waited long enough.
    pub(super) fn until(&self) -> Option<Instant> {
        self.0.front().map(|(until, _)| *until)
    }
}

/// What was sent and not acknowledged yet, by what an acknowledgement names.
#[derive(Debug, Default)]
pub(super) struct Sent {
    frames: HashMap<String, SentFrame>,
    order: VecDeque<String>,
    /// Counts the frames.
    last: u64,
}

/// What was sent.
#[derive(Debug)]
pub(super) struct SentFrame {
    pub(super) title: String,
    /// Its entry in the journal.
    pub(super) entry: u64,
    pub(super) message: Option<String>,
}

impl Sent {
    fn add(&mut self, message_id: String, frame: SentFrame) {
        if self.order.len() >= MOST_SENT
            && let Some(oldest) = self.order.pop_front()
        {
            self.frames.remove(&oldest);
        }
        self.order.push_back(message_id.clone());
        self.frames.insert(message_id, frame);
    }

    /// What a frame was that has just been acknowledged.
    pub(super) fn take(&mut self, message_id: &str) -> Option<SentFrame> {
        self.frames.remove(message_id)
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.order.clear();
    }
}

/// Where something goes.
enum Way {
    /// Over this connection.
    Over(u64),
    /// Nowhere now: those that asked for it carry nothing any more.
    Dead,
    /// Nowhere: nobody has asked for it.
    Nobody,
}

/// A connection that asked for this and is alive, by chance one of them.
fn way(state: &mut State, told: &Told) -> Way {
    let sockets = &state.sides.dingtalk.sockets;
    let mut open = sockets.select(|facts| facts.role.hears(told));
    let mut dead = false;
    while !open.is_empty() {
        let id = open.swap_remove(pick(state, open.len()));
        match obstacle::<DingTalkSide>(state, id) {
            None => return Way::Over(id),
            Some(Obstacle::Close) => {
                let sockets = &mut state.sides.dingtalk.sockets;
                sockets.end_one(id, Ending::Disconnected);
            }
            Some(Obstacle::Stall(_)) => dead = true,
        }
    }
    if dead { Way::Dead } else { Way::Nobody }
}

/// One of so many, by chance.
fn pick(state: &mut State, many: usize) -> usize {
    let many = u64::try_from(many).unwrap_or(u64::MAX).max(1);
    usize::try_from(state.random() % many).unwrap_or_default()
}

/// Tells something over one connection. What may not be sent again is lost
/// where there is none; where there is one that has died, it waits a while for
/// another, behind what waits already.
pub(super) fn tell(state: &mut State, told: Told) {
    let side = &state.sides.dingtalk;
    let hold = side.delivery.hold;
    let queue = side.waiting.0.len();
    let way = if queue > 0 {
        Way::Dead
    } else {
        way(state, &told)
    };
    match way {
        Way::Over(id) => {
            let message_id = message_id(state);
            send(state, id, message_id, told);
        }
        Way::Dead if !hold.is_zero() && queue < MOST => {
            let waiting = &mut state.sides.dingtalk.waiting;
            waiting.0.push_back((Instant::now() + hold, told));
        }
        Way::Dead => lose(state, &told, DEAD),
        Way::Nobody => lose(state, &told, "nobody is connected"),
    }
}

const DEAD: &str = "the connection is dead, and no other came in time";

/// Tells what has waited, as far as there is somebody to be told; what has
/// waited long enough is lost.
pub(super) fn tell_waiting(state: &mut State) {
    while let Some((until, told)) = state.sides.dingtalk.waiting.0.pop_front() {
        match way(state, &told) {
            Way::Over(id) => {
                let message_id = message_id(state);
                send(state, id, message_id, told);
            }
            _ if until <= Instant::now() => lose(state, &told, DEAD),
            _ => {
                let waiting = &mut state.sides.dingtalk.waiting;
                waiting.0.push_front((until, told));
                return;
            }
        }
    }
}

/// Takes an event that is to be told over Stream, if anybody there has asked
/// for events; answers whether that is so.
pub(super) fn take_event(state: &mut State, event: &Callback) -> bool {
    let told = Told::from(event.clone());
    let now = state.now();
    let side = &mut state.sides.dingtalk;
    let asked = side.sockets.select(|facts| facts.role.asked_for(&told));
    if asked.is_empty() || side.events.len() >= MOST {
        return false;
    }
    let message_id = message_id(state);
    let side = &mut state.sides.dingtalk;
    let now = side.epoch.instant(now);
    side.events.push(now, message_id, event.clone());
    true
}

/// Sends the events whose time has come, for the first time or again.
pub(super) fn send_events(state: &mut State) {
    while events_due(state).is_some_and(|due| due <= state.now()) {
        let any = Told::from(Callback::new(mynah_dingtalk::event::Kind::CheckUrl));
        let Way::Over(id) = way(state, &any) else {
            return;
        };
        let now = state.now();
        let side = &mut state.sides.dingtalk;
        let now = side.epoch.instant(now);
        let before = side.events.len();
        let due = side.events.poll_due(now);
        let given_up = before - side.events.len();
        if given_up > 0 {
            note_given_up(state, given_up);
        }
        if let Some(due) = due {
            send(state, id, due.message_id, Told::from(due.callback));
        }
    }
}

/// When the next event is to be sent, for the first time or again.
pub(super) fn events_due(state: &State) -> Option<Time> {
    let side = &state.sides.dingtalk;
    let due = side.events.poll_timeout()?;
    Some(side.epoch.time(due))
}

/// Sends something over a connection, past the faults.
fn send(state: &mut State, id: u64, message_id: String, told: Told) {
    let message = subject(&told);
    let title = title(&told);
    let push = Push {
        title: title.clone(),
        shown: shown(&told),
        message: message.clone(),
        event: Arc::new(Out::Told {
            message_id: message_id.clone(),
            at: state.now(),
            told,
        }),
    };
    if let Some(entry) = push_to::<DingTalkSide>(state, id, push) {
        let frame = SentFrame {
            title,
            entry,
            message,
        };
        state.sides.dingtalk.sent.add(message_id, frame);
    }
}

/// Names a frame, in the platform's manner.
fn message_id(state: &mut State) -> String {
    let random = state.random();
    let sent = &mut state.sides.dingtalk.sent;
    sent.last += 1;
    format!("{:08x}_{:x}", random >> 32, sent.last)
}

/// Nobody hears it.
fn lose(state: &mut State, told: &Told, note: &str) {
    if let Told::Robot(message) = told {
        state.sides.dingtalk.world.robot_unreached(message);
    }
    state.note(Entry {
        title: title(told),
        body: shown(told),
        verdict: Verdict::Dropped,
        note: note.to_owned(),
        message: subject(told).into_iter().collect(),
        ..Entry::new(PLATFORM, Direction::Out, Transport::WsForward, Kind::Event)
    });
}

fn note_given_up(state: &mut State, events: usize) {
    state.note(Entry {
        verdict: Verdict::Dropped,
        note: format!("{events} events are not sent again: nobody takes them"),
        ..Entry::new(PLATFORM, Direction::Out, Transport::WsForward, Kind::Event)
    });
}

/// What the journal shows of something.
fn shown(told: &Told) -> String {
    let json = match told {
        Told::Robot(message) | Told::Delegated(message) => message.to_json(),
        Told::Card(callback) => callback.to_json(),
        Told::Event(event) => event.in_format(Format::Stream).to_json(),
        _ => Value::Null,
    };
    DingTalkSide::show(&json.to_string().into())
}

/// The message that something is about.
fn subject(told: &Told) -> Option<String> {
    match told {
        Told::Robot(message) | Told::Delegated(message) => Some(message.msg_id.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_known_until_it_is_acknowledged_or_too_long_ago() {
        let mut sent = Sent::default();
        let frame = |entry| SentFrame {
            title: String::new(),
            entry,
            message: None,
        };
        for n in 0..=MOST_SENT {
            sent.add(n.to_string(), frame(n as u64));
        }
        assert!(sent.take("0").is_none());
        assert_eq!(sent.take("1").unwrap().entry, 1);
        assert!(sent.take("1").is_none());
        assert_eq!(sent.order.len(), MOST_SENT);
    }
}
