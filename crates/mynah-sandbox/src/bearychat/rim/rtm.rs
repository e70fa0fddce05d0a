//! What runs on an RTM socket
//! (<https://github.com/bearyinnovative/OpenAPI/tree/master/rtm>).

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use mynah_bearychat::event::Event;
use mynah_bearychat::socket::{
    Asked, Call as Acknowledged, ClientFrame, ServerLimits, ServerSession, ticket_of,
};
use mynah_bearychat::{Rtm, UserId};
use mynah_core::{Cx, Frame, HttpResponse, Platform, Session};
use serde::Deserialize;

use super::http::refused;
use super::{BearyChatSide, shown};
use crate::clock::{Epoch, wall};
use crate::fault::{Point, Refusal};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Verdict};
use crate::rim::Rim;
use crate::rim::call::{self, Call};
use crate::rim::handshake::AcceptRim;
use crate::rim::socket::{self, Reply, SocketRim, Wire, bytes_of};
use crate::rim::sockets::{self, Ending, Facts, Line, Sockets};
use crate::server::Request;
use crate::world::Time;

/// Where sockets are opened; a ticket follows.
pub(super) const SOCKETS: &str = "/rtm/nimbus/";

/// Whose socket it is; nobody's while it is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Role(Option<UserId>);

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rtm")
    }
}

impl sockets::Role for Role {
    type Event = Arc<Told>;

    fn carries_events(&self) -> bool {
        true
    }

    fn hears(&self, told: &Arc<Told>) -> bool {
        self.0.as_ref().is_some_and(|user| told.to.contains(user))
    }
}

/// What some users are told over their sockets.
#[derive(Debug)]
pub(crate) struct Told {
    pub(super) to: Vec<UserId>,
    pub(super) event: Box<Event>,
}

/// The platform's end of a socket.
pub(crate) struct RtmWire {
    session: ServerSession,
    epoch: Epoch,
    /// Why it ends, once it does.
    over: Option<Ending>,
    /// What it wants to send.
    out: VecDeque<Bytes>,
}

impl SocketRim for BearyChatSide {
    type Role = Role;
    type Wire = RtmWire;

    fn sockets_mut(&mut self) -> &mut Sockets<Role> {
        &mut self.sockets
    }

    fn wire(state: &mut State, line: &Line<Role>) -> RtmWire {
        let nonce = state.random();
        let now = state.now();
        let side = &mut state.sides.bearychat;
        let limits = ServerLimits {
            idle: side.delivery.idle,
            ..ServerLimits::default()
        };
        let epoch = side.epoch;
        let cx = Cx {
            now: epoch.instant(now),
            wall: wall(now),
            nonce,
        };
        // It is in the list already, so it hears of itself.
        if let Some(user) = &line.facts.role.0 {
            side.world.connected(user);
        }
        RtmWire {
            session: ServerSession::new(limits, cx),
            epoch,
            over: None,
            out: VecDeque::new(),
        }
    }

    fn gone(&mut self, id: u64) {
        let facts = self.sockets.facts(id);
        let user = facts.and_then(|facts| facts.role.0.clone());
        self.sockets.gone(id);
        if let Some(user) = user {
            self.world.disconnected(&user);
        }
    }
}

impl AcceptRim for BearyChatSide {
    const POINT: Point = Point::Handshake;

    /// A ticket opens any number of sockets while it is good.
    fn admit(&mut self, request: &Request, _: Role) -> Result<Role, HttpResponse> {
        let ticket = ticket_of(request.uri().path()).unwrap_or_default();
        match self.world.redeem(ticket) {
            Ok(user) => Ok(Role(Some(user))),
            Err(refusal) => Err(Rtm::seal(Err(refusal))),
        }
    }

    fn refuse_socket(refusal: Refusal) -> HttpResponse {
        sealed(refusal)
    }
}

/// The platform's answer to what a fault refuses.
fn sealed(refusal: Refusal) -> HttpResponse {
    Rtm::seal(Err(
        refused(refusal).unwrap_or_else(mynah_bearychat::errors::internal)
    ))
}

impl Wire for RtmWire {
    type Rim = BearyChatSide;

    fn poll_send(&mut self) -> Option<Bytes> {
        self.out.pop_front()
    }

    fn event(&mut self, told: &Arc<Told>) -> Option<Bytes> {
        self.session.deliver(&told.event);
        self.collect();
        self.poll_send()
    }

    fn take(&mut self, hub: &Hub, facts: &Facts<Role>, frame: Frame) -> Vec<Reply> {
        let bytes = bytes_of(frame.clone());
        let now = hub.with(|state| state.now());
        self.session.handle_frame(self.epoch.instant(now), frame);
        let mut replies = Vec::new();
        while let Some(asked) = self.session.poll_event() {
            replies.extend(self.call(hub, facts, asked, &bytes));
        }
        if replies.is_empty() {
            replies = self.answered_alone(hub, facts, &bytes);
        }
        replies
    }

    fn hear_ping(&mut self, hub: &Hub) {
        let now = hub.with(|state| state.now());
        let ping = Frame::Ping(Bytes::new());
        self.session.handle_frame(self.epoch.instant(now), ping);
    }

    fn due(&self) -> Option<Time> {
        match self.over {
            // What it still has to say has been said by then.
            Some(_) => Some(Time(0)),
            None => Some(self.epoch.time(self.session.poll_timeout()?)),
        }
    }

    fn arrive(&mut self, hub: &Hub, _: &Facts<Role>) -> Option<Ending> {
        let now = hub.with(|state| state.now());
        self.session.handle_timeout(self.epoch.instant(now));
        self.collect();
        self.over
    }
}

impl RtmWire {
    /// Takes over what the machine wants to send.
    fn collect(&mut self) {
        while let Some(frame) = self.session.poll_send() {
            match frame {
                Frame::Close(TOO_BIG, _) => self.over = Some(Ending::TooLarge),
                Frame::Close(..) => self.over = Some(Ending::Idle),
                frame => self.out.push_back(bytes_of(frame)),
            }
        }
    }

    /// Has carried out what somebody says.
    fn call(&mut self, hub: &Hub, facts: &Facts<Role>, asked: Asked, frame: &Bytes) -> Vec<Reply> {
        let entry = Entry {
            title: asked.frame.name().to_owned(),
            body: shown::show(frame),
            ..socket::entry::<BearyChatSide>(facts, Direction::In, Kind::Request)
        };
        let mut call = RtmCall {
            user: facts.role.0.as_ref(),
            frame: asked.frame,
            call: Some(asked.call),
            wire: self,
            now: Time(0),
        };
        let outcome = hub.with(|state| {
            call.now = state.now();
            call::carry_out(state, entry, &mut call, None)
        });
        Reply::all(outcome, std::mem::take(&mut self.out))
    }

    /// Writes down a frame that the machine has dealt with, and its answer.
    fn answered_alone(&mut self, hub: &Hub, facts: &Facts<Role>, frame: &Bytes) -> Vec<Reply> {
        self.collect();
        let answers = std::mem::take(&mut self.out);
        hub.with(|state| note_alone(state, facts, frame, answers.front()));
        answers.into_iter().map(Reply::now).collect()
    }
}

/// The close code for a message that is too long (RFC 6455, 7.4.1).
const TOO_BIG: u16 = 1009;

/// Pings come every few seconds from everybody, and say nothing: of those that
/// are answered as usual, the journal has none.
fn note_alone(state: &mut State, facts: &Facts<Role>, frame: &Bytes, answer: Option<&Bytes>) {
    #[derive(Default, Deserialize)]
    struct Named {
        #[serde(default, rename = "type")]
        kind: String,
    }
    let Named { kind } = serde_json::from_slice(frame).unwrap_or_default();
    let reading =
        answer.map(|answer| BearyChatSide::read_answer(&HttpResponse::new(answer.clone())));
    let (verdict, note) = match reading {
        Some(reading) if reading.verdict == Verdict::Ok => return,
        Some(reading) => (reading.verdict, reading.note),
        None => (Verdict::Refused, String::new()),
    };
    let pair = state.note(Entry {
        title: kind.clone(),
        body: shown::show(frame),
        verdict,
        ..socket::entry::<BearyChatSide>(facts, Direction::In, Kind::Frame)
    });
    if let Some(answer) = answer {
        state.note(Entry {
            title: kind,
            body: shown::show(answer),
            verdict,
            note,
            pair: Some(pair),
            ..socket::entry::<BearyChatSide>(facts, Direction::Out, Kind::Response)
        });
    }
}

/// Something that somebody says, on its way to the world.
struct RtmCall<'a> {
    user: Option<&'a UserId>,
    frame: ClientFrame,
    /// What is to be acknowledged; nothing once it was.
    call: Option<Acknowledged>,
    wire: &'a mut RtmWire,
    now: Time,
}

impl Call for RtmCall<'_> {
    type Rim = BearyChatSide;

    fn point(&self) -> Point {
        Point::SocketCall
    }

    fn message(&self) -> Option<String> {
        None
    }

    fn run(&mut self, side: &mut BearyChatSide) -> HttpResponse {
        let said = match self.user {
            Some(user) => side.world.frame(user, &self.frame),
            None => Err(mynah_bearychat::errors::unauthorized()),
        };
        Rtm::seal(said.map(|()| Bytes::from_static(b"null")))
    }

    fn refuse(&mut self, _: &mut BearyChatSide, refusal: Refusal) -> HttpResponse {
        sealed(refusal)
    }

    /// What the journal has is the acknowledgement, and not its twin.
    fn write(&mut self, answer: &HttpResponse) -> Bytes {
        let Some(call) = self.call.take() else {
            return Bytes::new();
        };
        let now = self.wire.epoch.instant(self.now);
        let outcome = Rtm::open(answer).map(|_| ());
        self.wire
            .session
            .answer(now, call, outcome.as_ref().copied());
        self.wire.collect();
        self.wire.out.front().cloned().unwrap_or_default()
    }
}
