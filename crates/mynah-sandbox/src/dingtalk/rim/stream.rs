//! What runs on a Stream connection
//! (<https://opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol>).

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::StatusCode;
use mynah_core::{Cx, Frame, HttpResponse, Session};
use mynah_dingtalk::api::stream::Subscription;
use mynah_dingtalk::stream::{Acknowledged, ServerSession, Told, ticket_of, topic};
use serde_json::Value;

use super::DingTalkSide;
use super::http::bad_gateway;
use crate::clock::{Epoch, wall};
use crate::fault::{Point, Refusal};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Verdict};
use crate::rim::Rim;
use crate::rim::handshake::AcceptRim;
use crate::rim::http::nothing_but;
use crate::rim::socket::{self, Reply, SocketRim, Wire, bytes_of};
use crate::rim::sockets::{self, Ending, Facts, Line, Outgoing, Sockets};
use crate::server::Request;
use crate::world::Time;

/// Why a connection is told that it will be closed.
const REASON: &str = "connection is expired";

/// What a connection has asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Role {
    subscriptions: Arc<[Subscription]>,
    /// It was told that it will be closed.
    leaving: bool,
}

impl Role {
    /// Whether it has asked for this.
    pub(super) fn asked_for(&self, told: &Told) -> bool {
        let mut subscriptions = self.subscriptions.iter();
        match told {
            Told::Event(_) => subscriptions.any(|it| it.kind == "EVENT"),
            told => {
                let topic = told.topic();
                subscriptions.any(|it| it.kind == "CALLBACK" && it.topic == topic)
            }
        }
    }

    /// Whether it is told this.
    pub(super) fn hears(&self, told: &Told) -> bool {
        !self.leaving && self.asked_for(told)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stream")
    }
}

impl sockets::Role for Role {
    type Event = Arc<Out>;

    fn carries_events(&self) -> bool {
        !self.leaving
    }
}

/// What goes out over a connection without being asked for.
#[derive(Debug)]
pub(crate) enum Out {
    /// Something the application is told.
    Told {
        /// What the acknowledgement will name.
        message_id: String,
        at: Time,
        told: Told,
    },
    /// The connection will be closed.
    Farewell(Time),
}

/// The platform's end of a connection.
pub(crate) struct StreamWire {
    session: ServerSession,
    epoch: Epoch,
    /// What it wants to send.
    out: VecDeque<Bytes>,
    over: bool,
}

impl SocketRim for DingTalkSide {
    type Role = Role;
    type Wire = StreamWire;

    fn sockets_mut(&mut self) -> &mut Sockets<Role> {
        &mut self.sockets
    }

    fn wire(state: &mut State, line: &Line<Role>) -> StreamWire {
        let random = state.random();
        let now = state.now();
        let side = &mut state.sides.dingtalk;
        let cx = Cx {
            now: side.epoch.instant(now),
            wall: wall(now),
            nonce: random,
        };
        let session = ServerSession::new(
            side.world.unified_app_id(),
            format!("{random:016x}-{}", line.id),
            line.facts.role.subscriptions.to_vec(),
            side.delivery.limits(),
            cx,
        );
        let epoch = side.epoch;
        // Something may have waited for a connection.
        side.outbox.bell().notify_one();
        StreamWire {
            session,
            epoch,
            out: VecDeque::new(),
            over: false,
        }
    }
}

impl AcceptRim for DingTalkSide {
    const POINT: Point = Point::Handshake;

    /// A ticket opens one connection, and says what it is for.
    fn admit(&mut self, request: &Request, _: Role) -> Result<Role, HttpResponse> {
        let ticket = ticket_of(request.uri()).unwrap_or_default();
        // Some put it into the address as it is; then `+` reads as a blank.
        let ticket = ticket.replace(' ', "+");
        match self.world.redeem(&ticket) {
            Ok(subscriptions) => Ok(Role {
                subscriptions: subscriptions.into(),
                leaving: false,
            }),
            Err(_) => Err(nothing_but(StatusCode::UNAUTHORIZED)),
        }
    }

    fn refuse_socket(refusal: Refusal) -> HttpResponse {
        match refusal {
            Refusal::TooMany => nothing_but(StatusCode::TOO_MANY_REQUESTS),
            Refusal::Expired => nothing_but(StatusCode::UNAUTHORIZED),
            _ => bad_gateway(),
        }
    }
}

impl DingTalkSide {
    /// Tells all connections that they will be closed; answers what is to be
    /// written down.
    pub(super) fn announce_the_end(&mut self) -> Vec<Entry> {
        let now = self.world.state.now;
        let mut entries = Vec::new();
        for id in self.sockets.select(|facts| !facts.role.leaving) {
            let alive = self.sockets.stall(id).is_none();
            let Some(facts) = self.sockets.facts(id).filter(|_| alive).cloned() else {
                continue;
            };
            let leaving = Role {
                leaving: true,
                ..facts.role.clone()
            };
            self.sockets.assign(id, leaving);
            let outgoing = Outgoing {
                event: Arc::new(Out::Farewell(now)),
                effects: Arc::from([]),
                last: None,
            };
            self.sockets.send_to(id, outgoing);
            entries.push(Entry {
                title: "disconnect".to_owned(),
                note: "fault: farewell".to_owned(),
                ..socket::entry::<Self>(&facts, Direction::Out, Kind::Frame)
            });
        }
        entries
    }
}

impl Wire for StreamWire {
    type Rim = DingTalkSide;

    fn poll_send(&mut self) -> Option<Bytes> {
        self.out.pop_front()
    }

    fn event(&mut self, event: &Arc<Out>) -> Option<Bytes> {
        match &**event {
            Out::Told {
                message_id,
                at,
                told,
            } => {
                let at = self.epoch.instant(*at);
                self.session.deliver(at, message_id, told);
            }
            Out::Farewell(at) => self.session.disconnect(self.epoch.instant(*at), REASON),
        }
        self.collect();
        self.poll_send()
    }

    fn take(&mut self, hub: &Hub, facts: &Facts<Role>, frame: Frame) -> Vec<Reply> {
        let bytes = bytes_of(frame.clone());
        // It takes no notice of when something comes.
        self.session.handle_frame(Instant::now(), frame);
        let acknowledged: Vec<Acknowledged> =
            std::iter::from_fn(|| self.session.poll_event()).collect();
        hub.with(|state| {
            if acknowledged.is_empty() {
                note_unknown(state, facts, &bytes);
            }
            for acknowledged in &acknowledged {
                note_acknowledged(state, facts, acknowledged, &bytes);
            }
        });
        Vec::new()
    }

    fn due(&self) -> Option<Time> {
        let due = self.session.poll_timeout()?;
        Some(self.epoch.time(due))
    }

    fn arrive(&mut self, hub: &Hub, facts: &Facts<Role>) -> Option<Ending> {
        hub.with(|state| {
            let now = self.epoch.instant(state.now());
            self.session.handle_timeout(now);
            self.collect();
            for frame in &self.out {
                note_system(state, facts, frame);
            }
        });
        self.over.then_some(Ending::Announced)
    }
}

impl StreamWire {
    /// Takes over what the machine wants to send.
    fn collect(&mut self) {
        while let Some(frame) = self.session.poll_send() {
            match frame {
                Frame::Close(..) => self.over = true,
                frame => self.out.push_back(bytes_of(frame)),
            }
        }
    }
}

/// Writes down what the platform says of the connection itself.
fn note_system(state: &mut State, facts: &Facts<Role>, frame: &Bytes) {
    let said: Value = serde_json::from_slice(frame).unwrap_or_default();
    let topic = said["headers"]["topic"].as_str().unwrap_or_default();
    state.note(Entry {
        title: topic.to_owned(),
        body: DingTalkSide::show(frame),
        ..socket::entry::<DingTalkSide>(facts, Direction::Out, Kind::Frame)
    });
}

/// Writes down a frame that is none of the protocol.
fn note_unknown(state: &mut State, facts: &Facts<Role>, frame: &Bytes) {
    state.note(Entry {
        title: "unknown".to_owned(),
        body: DingTalkSide::show(frame),
        verdict: Verdict::Failed,
        note: "this is no acknowledgement".to_owned(),
        ..socket::entry::<DingTalkSide>(facts, Direction::In, Kind::Frame)
    });
}

/// Notes that a frame was acknowledged. What it was is known of those that
/// told something; the others were about the connection itself.
fn note_acknowledged(
    state: &mut State,
    facts: &Facts<Role>,
    acknowledged: &Acknowledged,
    frame: &Bytes,
) {
    let side = &mut state.sides.dingtalk;
    side.events.acknowledge(acknowledged);
    let sent = side.sent.take(&acknowledged.message_id);
    let (kind, title, pair, message) = match sent {
        Some(sent) => (Kind::Response, sent.title, Some(sent.entry), sent.message),
        None => (Kind::Frame, "acknowledgement".to_owned(), None, None),
    };
    let note = match acknowledged.code {
        200 if acknowledged.is_success() => String::new(),
        200 => "later".to_owned(),
        code => format!("code {code}"),
    };
    state.note(Entry {
        title,
        body: DingTalkSide::show(frame),
        verdict: if note.is_empty() {
            Verdict::Ok
        } else {
            Verdict::Failed
        },
        note,
        pair,
        message: message.into_iter().collect(),
        ..socket::entry::<DingTalkSide>(facts, Direction::In, kind)
    });
}

/// What the journal calls something.
pub(super) fn title(told: &Told) -> String {
    match told {
        Told::Robot(message) | Told::Delegated(message) => format!("robot {}", message.name()),
        Told::Event(event) => event.name().to_owned(),
        Told::Card(_) => topic::CARD.to_owned(),
        told => told.topic().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use mynah_dingtalk::event::{self, Callback};
    use mynah_dingtalk::stream::CardCallback;

    use super::*;

    fn role(subscriptions: impl IntoIterator<Item = Subscription>) -> Role {
        Role {
            subscriptions: subscriptions.into_iter().collect(),
            leaving: false,
        }
    }

    #[test]
    fn a_connection_hears_what_it_asked_for_until_its_end_is_announced() {
        let event = Told::from(Callback::new(event::Kind::CheckUrl));
        let card = Told::from(CardCallback::default());
        let events = role([Subscription::events()]);
        assert!(events.hears(&event) && !events.hears(&card));
        let cards = role([Subscription::callback(topic::CARD)]);
        assert!(cards.hears(&card) && !cards.hears(&event));
        let others = role([Subscription::callback(topic::ROBOT)]);
        assert!(!others.hears(&card));
        let leaving = Role {
            leaving: true,
            ..events
        };
        assert!(leaving.asked_for(&event) && !leaving.hears(&event));
    }
}
