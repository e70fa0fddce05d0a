//! The long connection of the intelligent bot
//! (<https://developer.work.weixin.qq.com/document/path/101463>).

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use mynah_core::{ApiError, Frame, HttpResponse, Platform, Session};
use mynah_wecom::aibot::{Asked, Callback, Command, Echo, PlatformSession, ReqId, Subscription};
use mynah_wecom::{WeCom, errcode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::WeComSide;
use super::http::bad_gateway;
use crate::fault::{Point, Refusal};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind};
use crate::rim::Rim;
use crate::rim::call::{self, Call};
use crate::rim::handshake::AcceptRim;
use crate::rim::http::nothing_but;
use crate::rim::socket::{self, Reply, SocketRim, Wire, bytes_of};
use crate::rim::sockets::{self, Ending, Facts, Line, Sockets};
use crate::server::Request;

/// Whether the bot is known on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Not, or not any more.
    Unknown,
    /// It has subscribed.
    Bot,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("openws")
    }
}

impl sockets::Role for Role {
    type Event = Arc<Event>;

    fn carries_events(&self) -> bool {
        *self == Self::Bot
    }
}

/// What a bot is told on its connection.
#[derive(Debug)]
pub(crate) struct Event {
    /// What has happened.
    pub(super) callback: Box<Callback>,
    /// What an answer must name.
    pub(super) req_id: String,
    /// Whether this is the end, because another connection has taken over.
    pub(super) replaced: bool,
}

/// The platform's end of a connection.
pub(crate) struct BotWire {
    session: PlatformSession,
    id: u64,
}

impl SocketRim for WeComSide {
    type Role = Role;
    type Wire = BotWire;

    fn sockets_mut(&mut self) -> &mut Sockets<Role> {
        &mut self.sockets
    }

    fn wire(_: &mut State, line: &Line<Role>) -> BotWire {
        BotWire {
            session: PlatformSession::new(),
            id: line.id,
        }
    }

    fn gone(&mut self, id: u64) {
        self.sockets.gone(id);
        if self.live == Some(id) {
            self.live = None;
            self.reach();
        }
    }
}

impl AcceptRim for WeComSide {
    /// Nobody has to say who they are before the connection is open.
    const POINT: Point = Point::OpenHandshake;

    fn admit(&mut self, _: &Request, role: Role) -> Result<Role, HttpResponse> {
        Ok(role)
    }

    fn refuse_socket(refusal: Refusal) -> HttpResponse {
        match refusal {
            Refusal::TooMany => nothing_but(http::StatusCode::TOO_MANY_REQUESTS),
            _ => bad_gateway(),
        }
    }
}

impl WeComSide {
    /// Lets a bot in; the connection it had before is told, and ends.
    fn subscribe(&mut self, id: u64, bot_id: &str, secret: &SecretString) -> HttpResponse {
        if let Err(refusal) = self.world.check_bot(bot_id, secret.expose_secret()) {
            return WeCom::seal(Err(refusal));
        }
        if let Some(before) = self.live.replace(id).filter(|before| *before != id) {
            let (callback, req_id) = self.world.disconnected();
            let farewell = Event {
                callback: Box::new(callback),
                req_id,
                replaced: true,
            };
            self.sockets.assign(before, Role::Unknown);
            self.sockets
                .send_last(before, Arc::new(farewell), Ending::Replaced);
        }
        self.sockets.assign(id, Role::Bot);
        self.reach();
        WeCom::seal(Ok(Bytes::from_static(b"{}")))
    }
}

impl Wire for BotWire {
    type Rim = WeComSide;

    fn poll_send(&mut self) -> Option<Bytes> {
        self.session.poll_send().map(bytes_of)
    }

    fn event(&mut self, event: &Arc<Event>) -> Option<Bytes> {
        if event.replaced {
            self.session.replace(&event.req_id, &event.callback);
        } else {
            self.session.deliver(&event.req_id, &event.callback);
        }
        self.poll_send()
    }

    fn take(&mut self, hub: &Hub, facts: &Facts<Role>, frame: Frame) -> Vec<Reply> {
        let bytes = bytes_of(frame.clone());
        self.session.handle_frame(Instant::now(), frame);
        let mut replies = Vec::new();
        while let Some(asked) = self.session.poll_event() {
            replies.push(self.call(hub, facts, asked, &bytes));
        }
        if replies.is_empty() {
            replies = self.answered_alone(hub, facts, &bytes);
        }
        replies
    }
}

impl BotWire {
    /// Has a command carried out.
    fn call(&mut self, hub: &Hub, facts: &Facts<Role>, asked: Asked, frame: &Bytes) -> Reply {
        let (title, wanted, echo) = match asked {
            Asked::Subscribe(Subscription {
                bot_id,
                secret,
                echo,
                ..
            }) => {
                let wanted = Wanted::Subscribe { bot_id, secret };
                ("aibot_subscribe".to_owned(), wanted, echo)
            }
            Asked::Command(Command {
                cmd,
                req_id,
                body,
                echo,
            }) => {
                let body = serde_json::from_slice(&body).unwrap_or_default();
                let wanted = Wanted::Command {
                    cmd: cmd.clone(),
                    req_id,
                    body,
                };
                (cmd, wanted, echo)
            }
        };
        let entry = Entry {
            title,
            body: WeComSide::show(frame),
            ..socket::entry::<WeComSide>(facts, Direction::In, Kind::Request)
        };
        let mut call = BotCall {
            wanted,
            echo: Some(echo),
            wire: self,
            answer: Bytes::new(),
        };
        let outcome = hub.with(|state| call::carry_out(state, entry, &mut call, None));
        Reply::to(outcome, call.answer)
    }

    /// Writes down a frame that the machine has dealt with, and its answer.
    fn answered_alone(&mut self, hub: &Hub, facts: &Facts<Role>, frame: &Bytes) -> Vec<Reply> {
        #[derive(Default, Deserialize)]
        struct Named {
            cmd: String,
        }
        let Named { cmd } = serde_json::from_slice(frame).unwrap_or_default();
        let answers: Vec<Bytes> = std::iter::from_fn(|| self.poll_send()).collect();
        hub.with(|state| {
            let pair = state.note(Entry {
                title: cmd.clone(),
                body: WeComSide::show(frame),
                ..socket::entry::<WeComSide>(facts, Direction::In, Kind::Frame)
            });
            for answer in &answers {
                let reading = WeComSide::read_answer(&HttpResponse::new(answer.clone()));
                state.note(Entry {
                    title: cmd.clone(),
                    body: WeComSide::show(answer),
                    verdict: reading.verdict,
                    note: reading.note,
                    pair: Some(pair),
                    ..socket::entry::<WeComSide>(facts, Direction::Out, Kind::Response)
                });
            }
        });
        answers.into_iter().map(Reply::now).collect()
    }
}

/// What a bot wants.
enum Wanted {
    Subscribe {
        bot_id: String,
        secret: SecretString,
    },
    Command {
        cmd: String,
        req_id: ReqId,
        body: Map<String, Value>,
    },
}

/// A command on its way to the world.
struct BotCall<'a> {
    wanted: Wanted,
    echo: Option<Echo>,
    wire: &'a mut BotWire,
    /// The answer as it leaves.
    answer: Bytes,
}

impl Call for BotCall<'_> {
    type Rim = WeComSide;

    fn point(&self) -> Point {
        Point::SocketCall
    }

    fn message(&self) -> Option<String> {
        None
    }

    fn run(&mut self, side: &mut WeComSide) -> HttpResponse {
        match &self.wanted {
            Wanted::Subscribe { bot_id, secret } => side.subscribe(self.wire.id, bot_id, secret),
            Wanted::Command { cmd, req_id, body } => {
                let req_id = req_id.as_str();
                side.world.bot_command(cmd, req_id, body.clone())
            }
        }
    }

    /// An expired credential is a wrong secret to who subscribes, and a
    /// forgotten subscription to everybody else.
    fn refuse(&mut self, _: &mut WeComSide, refusal: Refusal) -> HttpResponse {
        let (code, words) = match (refusal, &self.wanted) {
            (Refusal::TooMany, _) => (errcode::FREQUENCY, "api freq out of limit"),
            (Refusal::Expired, Wanted::Subscribe { .. }) => {
                (errcode::INVALID_BOT, "invalid bot_id or secret")
            }
            (Refusal::Expired, Wanted::Command { .. }) => {
                (errcode::NOT_SUBSCRIBED, "aibot websocket not subscribed")
            }
            // There are no others of this platform.
            _ => (errcode::BUSY, "system error"),
        };
        WeCom::seal(Err(ApiError::new(code, words)))
    }

    fn write(&mut self, answer: &HttpResponse) -> Bytes {
        let Some(echo) = self.echo.take() else {
            return self.answer.clone();
        };
        let session = &mut self.wire.session;
        match (&self.wanted, WeCom::open(answer)) {
            (Wanted::Subscribe { .. }, Ok(_)) => session.admit(echo),
            (Wanted::Subscribe { .. }, Err(refusal)) => session.refuse(echo, &refusal),
            (Wanted::Command { .. }, _) => session.reply(echo, answer),
        }
        self.answer = self.wire.poll_send().unwrap_or_default();
        self.answer.clone()
    }
}
