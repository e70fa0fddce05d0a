//! What runs on a WebSocket of OneBot, whoever opened it.

use bytes::Bytes;
use mynah_core::{Frame, Session};
use mynah_onebot::socket::{Call, ImplementationSession, Role};

use super::OneBotSide;
use super::calls::SocketCall;
use crate::hub::{Hub, State};
use crate::journal::{self, Direction, Entry, Kind, Verdict};
use crate::onebot::LifecycleType;
use crate::rim::call;
use crate::rim::socket::{self, Reply, SocketRim, Wire, bytes_of};
use crate::rim::sockets::{self, Line, Sockets};

/// What is known of a WebSocket of OneBot.
pub(crate) type Facts = sockets::Facts<Role>;

/// A place in the list of sockets.
pub(crate) type Place = socket::Place<OneBotSide>;

/// The implementation's end of a connection.
pub(crate) struct OneBotWire {
    session: ImplementationSession,
}

impl sockets::Role for Role {
    /// Its JSON.
    type Event = Bytes;

    fn carries_events(&self) -> bool {
        Self::carries_events(*self)
    }
}

impl SocketRim for OneBotSide {
    type Role = Role;
    type Wire = OneBotWire;

    fn sockets_mut(&mut self) -> &mut Sockets<Role> {
        &mut self.sockets
    }

    /// The event `connect` must go out first.
    fn wire(state: &mut State, line: &Line<Role>) -> OneBotWire {
        let facts = &line.facts;
        let world = &state.sides.onebot.world;
        let connect = world.write_event(&world.lifecycle(LifecycleType::Connect));
        if facts.role.carries_events() {
            state.note(Entry {
                title: "meta_event.lifecycle.connect".to_owned(),
                body: journal::text(&connect),
                ..entry(facts, Direction::Out, Kind::Event)
            });
        }
        OneBotWire {
            session: ImplementationSession::new(facts.role, connect),
        }
    }
}

/// An entry about something on this socket.
pub(crate) fn entry(facts: &Facts, direction: Direction, kind: Kind) -> Entry {
    socket::entry::<OneBotSide>(facts, direction, kind)
}

impl Wire for OneBotWire {
    type Rim = OneBotSide;

    fn poll_send(&mut self) -> Option<Bytes> {
        self.session.poll_send().map(bytes_of)
    }

    fn event(&mut self, event: &Bytes) -> Option<Bytes> {
        Some(event.clone())
    }

    fn take(&mut self, hub: &Hub, facts: &Facts, frame: Frame) -> Vec<Reply> {
        let bytes = bytes_of(frame.clone());
        self.session.handle_frame(std::time::Instant::now(), frame);
        let mut replies = Vec::new();
        while let Some(call) = self.session.poll_event() {
            replies.push(self.call(hub, facts, call, &bytes));
        }
        if replies.is_empty() {
            replies = self.no_call(hub, facts, &bytes);
        }
        replies
    }
}

impl OneBotWire {
    /// Has a call carried out.
    fn call(&mut self, hub: &Hub, facts: &Facts, call: Call, frame: &Bytes) -> Reply {
        let entry = Entry {
            title: call.action.clone(),
            body: journal::text(frame),
            ..entry(facts, Direction::In, Kind::Request)
        };
        let mut call = SocketCall {
            params: serde_json::from_slice(&call.params).unwrap_or_default(),
            action: call.action,
            echo: Some(call.echo),
            session: &mut self.session,
            answer: Bytes::new(),
        };
        let outcome = hub.with(|state| call::carry_out(state, entry, &mut call, None));
        Reply::to(outcome, call.answer)
    }

    /// Writes down a frame that is no call, and what the machine answers.
    fn no_call(&mut self, hub: &Hub, facts: &Facts, frame: &Bytes) -> Vec<Reply> {
        let answers: Vec<Bytes> = std::iter::from_fn(|| self.poll_send()).collect();
        let (verdict, note) = if answers.is_empty() {
            (Verdict::Dropped, "calls are not taken on this connection")
        } else {
            (Verdict::Refused, "not a call")
        };
        hub.with(|state| {
            let pair = state.note(Entry {
                body: journal::text(frame),
                verdict,
                note: note.to_owned(),
                ..entry(facts, Direction::In, Kind::Frame)
            });
            for answer in &answers {
                state.note(Entry {
                    body: journal::text(answer),
                    verdict,
                    pair: Some(pair),
                    ..entry(facts, Direction::Out, Kind::Response)
                });
            }
        });
        answers.into_iter().map(Reply::now).collect()
    }
}
