//! What runs on an open WebSocket, whoever opened it.

mod held;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use mynah_core::{Frame, HttpResponse, Session};
use mynah_onebot::socket::{Call as SocketCall, ImplementationSession};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use self::held::Held;
use super::PLATFORM;
use super::calls::{self, Call, Fate, Outcome, Trouble};
use super::outbox::Release;
use super::sockets::{Ending, Facts, Line, Outgoing};
use crate::fault::{Effect, Point};
use crate::hub::{Hub, State};
use crate::journal::{self, Direction, Entry, Kind, Verdict};
use crate::onebot::{LifecycleType, OneBotWorld};

/// No frame is longer; the spec has no limit, NapCat's is 50 MiB.
const LONGEST_FRAME: usize = 8 * 1024 * 1024;
/// The library's buffers of 128 KiB each would be most of an idle connection.
const BUFFER: usize = 4096;
/// Who takes nothing for so long does not read.
const WRITE_LIMIT: Duration = Duration::from_secs(30);
/// How long the other side may take to say goodbye.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// How the library is to treat our sockets.
pub(crate) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(LONGEST_FRAME))
        .max_frame_size(Some(LONGEST_FRAME))
}

/// A place in the list of sockets, with the event that must go out first.
#[derive(Debug)]
pub(crate) struct Place {
    line: Line,
    connect: Bytes,
}

impl Place {
    /// Takes a place for a socket that has just opened.
    pub(crate) fn take(state: &mut State, facts: Facts) -> Self {
        let world = &state.onebot.world;
        let connect = world.write_event(&world.lifecycle(LifecycleType::Connect));
        if facts.role.carries_events() {
            state.note(Entry {
                title: "meta_event.lifecycle.connect".to_owned(),
                body: journal::text(&connect),
                ..entry(&facts, Direction::Out, Kind::Event)
            });
        }
        let line = state.onebot.sockets.open(facts);
        Self { line, connect }
    }
}

/// An entry about something on this socket.
pub(crate) fn entry(facts: &Facts, direction: Direction, kind: Kind) -> Entry {
    Entry {
        peer: facts.peer.clone(),
        ..Entry::new(PLATFORM, direction, facts.transport, kind)
    }
}

/// Runs a socket until its end; it is closed when this returns.
pub(crate) async fn run<S>(hub: &Arc<Hub>, socket: WebSocketStream<S>, place: Place)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Line {
        id,
        facts,
        events,
        mut end,
    } = place.line;
    let mut connection = Connection {
        hub,
        socket,
        session: ImplementationSession::new(facts.role, place.connect),
        facts,
        events,
        out: VecDeque::new(),
        held: Held::default(),
        releases: Vec::new(),
    };
    let closing = tokio::select! {
        ending = &mut end => Closing::Ours(ending.unwrap_or(Ending::Shutdown)),
        closing = connection.pump() => closing,
    };
    connection.close(&closing).await;
    let facts = &connection.facts;
    hub.with(|state| {
        state.onebot.sockets.gone(id);
        let (code, note) = closing.words();
        state.note(Entry {
            title: format!("close {code}"),
            note,
            ..entry(facts, closing.direction(), Kind::Frame)
        });
    });
    hub.socket_gone.notify_waiters();
}

/// Why a socket ends.
#[derive(Debug)]
enum Closing {
    /// We want it so.
    Ours(Ending),
    /// The other side said goodbye.
    Theirs(Option<CloseFrame>),
    /// It sent something that no socket may carry.
    Wrong(CloseCode, String),
    /// The connection broke.
    Broken(String),
}

impl Closing {
    fn frame(&self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Ours(Ending::Disconnected) => (CloseCode::Away, "disconnected"),
            Self::Ours(Ending::Restart) => (CloseCode::Restart, "restart"),
            Self::Ours(Ending::Resettled) => (CloseCode::Away, "settings have changed"),
            Self::Ours(Ending::Shutdown) => (CloseCode::Away, "the sandbox ends"),
            Self::Ours(Ending::NotReading) => (CloseCode::Policy, "does not read"),
            Self::Wrong(code, _) => (*code, ""),
            Self::Theirs(_) | Self::Broken(_) => return None,
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }

    fn direction(&self) -> Direction {
        match self {
            Self::Ours(_) | Self::Wrong(..) => Direction::Out,
            Self::Theirs(_) | Self::Broken(_) => Direction::In,
        }
    }

    /// The close code and the reason, for the journal.
    fn words(&self) -> (u16, String) {
        match (self, self.frame()) {
            (Self::Theirs(Some(frame)), _) => (frame.code.into(), frame.reason.to_string()),
            (Self::Theirs(None), _) => (CloseCode::Status.into(), String::new()),
            (Self::Broken(problem), _) => (CloseCode::Abnormal.into(), problem.clone()),
            (Self::Wrong(code, problem), _) => ((*code).into(), problem.clone()),
            (Self::Ours(_), frame) => frame.map_or((0, String::new()), |frame| {
                (frame.code.into(), frame.reason.to_string())
            }),
        }
    }
}

impl From<Error> for Closing {
    fn from(error: Error) -> Self {
        let problem = error.to_string();
        match error {
            Error::Capacity(CapacityError::MessageTooLong { .. }) => {
                Self::Wrong(CloseCode::Size, problem)
            }
            Error::Utf8(_) => Self::Wrong(CloseCode::Invalid, problem),
            Error::Protocol(_) => Self::Wrong(CloseCode::Protocol, problem),
            _ => Self::Broken(problem),
        }
    }
}

struct Connection<'a, S> {
    hub: &'a Arc<Hub>,
    socket: WebSocketStream<S>,
    session: ImplementationSession,
    facts: Facts,
    events: mpsc::Receiver<Outgoing>,
    /// What is about to be sent.
    out: VecDeque<Bytes>,
    /// What faults hold back.
    held: Held,
    /// Kept until what is about to be sent has left.
    releases: Vec<Release>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<'_, S> {
    /// Passes everything on until the socket ends.
    async fn pump(&mut self) -> Closing {
        self.collect();
        loop {
            if let Err(closing) = self.step().await {
                return closing;
            }
        }
    }

    async fn step(&mut self) -> Result<(), Closing> {
        self.send_out().await?;
        tokio::select! {
            message = self.socket.next() => match message {
                Some(message) => self.take(message?).await?,
                None => return Err(Closing::Broken("the connection has ended".to_owned())),
            },
            Some(event) = self.events.recv() => {
                self.obstacle().await?;
                self.pass_event(&event);
                while let Ok(event) = self.events.try_recv() {
                    self.pass_event(&event);
                }
            }
            frame = self.held.next() => self.send(frame),
        }
        Ok(())
    }

    /// Takes what arrived.
    async fn take(&mut self, message: Message) -> Result<(), Closing> {
        let (frame, bytes) = match message {
            Message::Text(text) => {
                let bytes = Bytes::from(text);
                (Frame::Text(bytes.clone()), bytes)
            }
            Message::Binary(bytes) => (Frame::Binary(bytes.clone()), bytes),
            Message::Close(frame) => return Err(Closing::Theirs(frame)),
            // The library answers pings when it is asked for the next frame.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                return self.obstacle().await;
            }
        };
        self.obstacle().await?;
        self.session.handle_frame(std::time::Instant::now(), frame);
        let mut calls = 0;
        while let Some(call) = self.session.poll_event() {
            calls += 1;
            self.call(call, &bytes);
        }
        if calls == 0 {
            self.note_no_call(&bytes);
        }
        Ok(())
    }

    /// Has a call carried out and sends the answer, or holds it back. The
    /// world takes no time, so no call waits for another.
    fn call(&mut self, call: SocketCall, frame: &Bytes) {
        let SocketCall {
            action,
            params,
            echo,
        } = call;
        let params: Value = serde_json::from_slice(&params).unwrap_or_default();
        let session = &mut self.session;
        let mut answer = Bytes::new();
        let call = Call {
            entry: Entry {
                title: action.clone(),
                body: journal::text(frame),
                ..entry(&self.facts, Direction::In, Kind::Request)
            },
            params: Some(&params),
            run: |world: &mut OneBotWorld| world.call(&action, params.clone()),
            write: |response: &HttpResponse| {
                session.reply(echo, response);
                answer = text_of(session.poll_send());
                answer.clone()
            },
        };
        let Outcome { fate, release, .. } = self
            .hub
            .with(|state| calls::carry_out(state, Point::SocketCall, call));
        match fate {
            Fate::Now => {
                self.send(answer);
                self.releases.extend(release);
            }
            Fate::Later(delay) => self.held.answer(answer, delay),
            Fate::Behind(others) => self.held.behind(answer, others),
            Fate::Lost | Fate::Stalled(_) => {}
        }
    }

    /// Sends an event, or holds it back.
    fn pass_event(&mut self, event: &Outgoing) {
        let trouble = Trouble::from(&event.effects[..]);
        for _ in 0..=usize::from(trouble.twice) {
            let json = event.json.clone();
            match trouble.fate {
                Fate::Now if self.held.has_events() => self.held.event(json, Duration::ZERO),
                Fate::Now => self.send(json),
                Fate::Later(delay) => self.held.event(json, delay),
                Fate::Behind(others) => self.held.behind(json, others),
                Fate::Lost | Fate::Stalled(_) => {}
            }
        }
    }

    /// Takes over what the machine wants to send by itself.
    fn collect(&mut self) {
        while let Some(frame) = self.session.poll_send() {
            self.send(text_of(Some(frame)));
        }
    }

    fn send(&mut self, frame: Bytes) {
        self.out.push_back(frame);
        self.held.pass();
    }

    /// Sends what is about to be sent. A peer that takes nothing of it for
    /// too long does not read.
    async fn send_out(&mut self) -> Result<(), Closing> {
        if self.out.is_empty() {
            return Ok(());
        }
        let (socket, out) = (&mut self.socket, &mut self.out);
        let sending = async {
            for frame in out.drain(..) {
                socket
                    .feed(Message::Text(Utf8Bytes::try_from(frame)?))
                    .await?;
            }
            socket.flush().await
        };
        match tokio::time::timeout(WRITE_LIMIT, sending).await {
            Ok(sent) => sent?,
            Err(_) => return Err(Closing::Ours(Ending::NotReading)),
        }
        self.releases.clear();
        Ok(())
    }

    /// Waits while a fault lets nothing pass.
    async fn obstacle(&mut self) -> Result<(), Closing> {
        let effects = self.hub.with(|state| state.decide(PLATFORM, Point::Socket));
        for effect in effects {
            match effect {
                Effect::Close => return Err(Closing::Ours(Ending::Disconnected)),
                Effect::Stall(fault) => {
                    self.note_frame("half-open", Verdict::Dropped, "fault: half-open");
                    self.hub.lifted(fault).await;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes down a frame that is no call, and what the machine answers.
    fn note_no_call(&mut self, frame: &Bytes) {
        let mut answers = Vec::new();
        while let Some(answer) = self.session.poll_send() {
            answers.push(text_of(Some(answer)));
        }
        let (verdict, note) = if answers.is_empty() {
            (Verdict::Dropped, "calls are not taken on this connection")
        } else {
            (Verdict::Refused, "not a call")
        };
        self.hub.with(|state| {
            let pair = state.note(Entry {
                body: journal::text(frame),
                verdict,
                note: note.to_owned(),
                ..entry(&self.facts, Direction::In, Kind::Frame)
            });
            for answer in &answers {
                state.note(Entry {
                    body: journal::text(answer),
                    verdict,
                    pair: Some(pair),
                    ..entry(&self.facts, Direction::Out, Kind::Response)
                });
            }
        });
        for answer in answers {
            self.send(answer);
        }
    }

    fn note_frame(&self, title: &str, verdict: Verdict, note: &str) {
        self.hub.with(|state| {
            state.note(Entry {
                title: title.to_owned(),
                verdict,
                note: note.to_owned(),
                ..entry(&self.facts, Direction::Out, Kind::Frame)
            })
        });
    }

    /// Says goodbye and waits for the other side to do so, but not for long.
    async fn close(&mut self, closing: &Closing) {
        let socket = &mut self.socket;
        let goodbye = async {
            if let Closing::Broken(_) = closing {
                return;
            }
            // A peer that is gone cannot be told.
            let _ = socket.close(closing.frame()).await;
            if let Closing::Wrong(..) = closing {
                // What follows cannot be read as frames. Left unread, it
                // would make the system take the goodbye back.
                let _ = tokio::io::copy(socket.get_mut(), &mut tokio::io::sink()).await;
            }
            while let Some(Ok(_)) = socket.next().await {}
        };
        let _ = tokio::time::timeout(CLOSE_LIMIT, goodbye).await;
    }
}

/// The bytes of a frame; the machine sends text only.
fn text_of(frame: Option<Frame>) -> Bytes {
    match frame {
        Some(Frame::Text(bytes) | Frame::Binary(bytes)) => bytes,
        _ => Bytes::new(),
    }
}
