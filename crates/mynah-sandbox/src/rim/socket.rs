//! What runs on an open WebSocket, whoever opened it.

mod held;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use mynah_core::Frame;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use self::held::Held;
use super::Rim;
use super::call::Outcome;
use super::fate::{Fate, Trouble};
use super::outbox::Release;
use super::sockets::{Ending, Facts, Line, Outgoing, Role, Sockets, Stall};
use crate::fault::{Effect, Point};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::world::Time;

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

/// A platform with WebSockets.
pub(crate) trait SocketRim: Rim {
    /// What a socket is for.
    type Role: Role;
    /// What runs on it.
    type Wire: Wire<Rim = Self>;

    /// Those that are open.
    fn sockets_mut(&mut self) -> &mut Sockets<Self::Role>;

    /// What runs on a socket that has just opened.
    fn wire(state: &mut State, line: &Line<Self::Role>) -> Self::Wire;

    /// Forgets a socket that has ended.
    fn gone(&mut self, id: u64) {
        self.sockets_mut().gone(id);
    }
}

/// What runs on one WebSocket: it takes frames, has the calls in them carried
/// out and says what is to be sent.
pub(crate) trait Wire: Send {
    /// Whose.
    type Rim: SocketRim<Wire = Self>;

    /// The next frame that it wants to send by itself.
    fn poll_send(&mut self) -> Option<Bytes>;

    /// The frame that carries an event, if it does any more.
    fn event(&mut self, event: &EventOf<Self>) -> Option<Bytes>;

    /// Takes a frame, of text or of bytes.
    fn take(&mut self, hub: &Hub, facts: &FactsOf<Self>, frame: Frame) -> Vec<Reply>;

    /// Takes note of a ping or pong of the WebSocket protocol, which is no
    /// frame of the platform's and has been answered.
    fn hear_ping(&mut self, _hub: &Hub) {}

    /// When it wants to send something by itself, by the virtual clock.
    fn due(&self) -> Option<Time> {
        None
    }

    /// Takes the passing of that time; what it wants to send is asked for
    /// after that. Answers why it is the last, if it is.
    fn arrive(&mut self, _hub: &Hub, _facts: &FactsOf<Self>) -> Option<Ending> {
        None
    }
}

/// What is known of a socket on which `W` runs.
pub(crate) type FactsOf<W> = Facts<<<W as Wire>::Rim as SocketRim>::Role>;

/// What goes out without being asked for over a socket on which `W` runs.
pub(crate) type EventOf<W> = <<<W as Wire>::Rim as SocketRim>::Role as Role>::Event;

/// What a frame is answered with.
#[derive(Debug)]
pub(crate) struct Reply {
    frame: Bytes,
    fate: Fate,
    /// Keep it until the answer has left.
    release: Option<Release>,
}

impl Reply {
    /// One that leaves at once.
    pub(crate) fn now(frame: Bytes) -> Self {
        Self {
            frame,
            fate: Fate::Now,
            release: None,
        }
    }

    /// The answer to a call.
    pub(crate) fn to(outcome: Outcome, frame: Bytes) -> Self {
        Self {
            frame,
            fate: outcome.fate,
            release: outcome.release,
        }
    }

    /// The answer to a call, in several frames that fare alike.
    pub(crate) fn all(outcome: Outcome, frames: impl IntoIterator<Item = Bytes>) -> Vec<Self> {
        let Outcome { fate, release, .. } = outcome;
        let reply = |frame| Self {
            frame,
            fate,
            release: None,
        };
        let mut replies: Vec<Self> = frames.into_iter().map(reply).collect();
        if let Some(last) = replies.last_mut() {
            last.release = release;
        }
        replies
    }
}

/// A place in the list of sockets, with what runs there.
pub(crate) struct Place<P: SocketRim> {
    line: Line<P::Role>,
    wire: P::Wire,
}

impl<P: SocketRim> Place<P> {
    /// Takes a place for a socket that has just opened.
    pub(crate) fn take(state: &mut State, facts: Facts<P::Role>) -> Self {
        let line = P::among(&mut state.sides).sockets_mut().open(facts);
        let wire = P::wire(state, &line);
        Self { line, wire }
    }
}

/// An entry about something on this socket.
pub(crate) fn entry<P: SocketRim>(
    facts: &Facts<P::Role>,
    direction: Direction,
    kind: Kind,
) -> Entry {
    Entry {
        peer: facts.peer.clone(),
        ..Entry::new(P::PLATFORM.name, direction, facts.transport, kind)
    }
}

/// Something to give to every socket that carries events.
#[derive(Debug)]
pub(crate) struct Push<E> {
    /// The name of the event.
    pub(crate) title: String,
    /// What the journal shows of it.
    pub(crate) shown: String,
    /// What it is.
    pub(crate) event: E,
    /// The message that it is about.
    pub(crate) message: Option<String>,
}

/// Gives an event to every socket that hears it, past the faults; with
/// `elsewhere`, nobody minds if there is none.
pub(crate) fn push<P: SocketRim>(
    state: &mut State,
    push: Push<<P::Role as Role>::Event>,
    elsewhere: bool,
) {
    let platform = P::PLATFORM.name;
    let noted = Entry {
        title: push.title,
        body: push.shown,
        message: push.message.into_iter().collect(),
        ..Entry::new(platform, Direction::Out, Transport::WsForward, Kind::Event)
    };
    let sockets = P::among(&mut state.sides).sockets_mut();
    if !sockets.hear(&push.event) {
        if !elsewhere {
            state.note(Entry {
                verdict: Verdict::Dropped,
                note: "nobody is connected".to_owned(),
                ..noted
            });
        }
        return;
    }
    let effects = state.decide(platform, Point::SocketEvent);
    let trouble = Trouble::from(&effects[..]);
    let (verdict, note) = trouble.verdict();
    let sockets = P::among(&mut state.sides).sockets_mut();
    let sent = match trouble.fate {
        Fate::Lost => sockets.listeners(&push.event),
        _ => sockets.send(&Outgoing {
            event: push.event,
            effects: effects.into(),
            last: None,
        }),
    };
    for (facts, took) in sent {
        let fate = if took { (verdict, note) } else { CUT_OFF };
        note_sent::<P>(state, &facts, noted.clone(), fate);
    }
}

/// Gives something to one socket, past the faults; answers its entry in the
/// journal, if the socket is there.
pub(crate) fn push_to<P: SocketRim>(
    state: &mut State,
    to: u64,
    push: Push<<P::Role as Role>::Event>,
) -> Option<u64> {
    let effects = state.decide(P::PLATFORM.name, Point::SocketEvent);
    let trouble = Trouble::from(&effects[..]);
    let sockets = P::among(&mut state.sides).sockets_mut();
    let (facts, took) = match trouble.fate {
        Fate::Lost => (sockets.facts(to)?.clone(), true),
        _ => sockets.send_to(
            to,
            Outgoing {
                event: push.event,
                effects: effects.into(),
                last: None,
            },
        )?,
    };
    let noted = Entry {
        title: push.title,
        body: push.shown,
        message: push.message.into_iter().collect(),
        ..entry::<P>(&facts, Direction::Out, Kind::Event)
    };
    let fate = if took { trouble.verdict() } else { CUT_OFF };
    Some(note_sent::<P>(state, &facts, noted, fate))
}

/// What became of what was given to who does not read.
const CUT_OFF: (Verdict, &str) = (Verdict::Dropped, "does not read; cut off");

/// Writes down what was given to a socket.
fn note_sent<P: SocketRim>(
    state: &mut State,
    facts: &Facts<P::Role>,
    noted: Entry,
    (verdict, note): (Verdict, &str),
) -> u64 {
    let place = entry::<P>(facts, Direction::Out, Kind::Event);
    state.note(Entry {
        peer: place.peer,
        transport: place.transport,
        verdict,
        note: note.to_owned(),
        ..noted
    })
}

/// Why nothing passes over a socket any more.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Obstacle {
    /// It is to be closed.
    Close,
    /// It stays open.
    Stall(Stall),
}

/// What is in the way of whatever is about to pass over a socket.
pub(crate) fn obstacle<P: SocketRim>(state: &mut State, id: u64) -> Option<Obstacle> {
    let now = state.now();
    match P::among(&mut state.sides).sockets_mut().stall(id) {
        Some(Stall::While(fault)) if !state.faults.stands(fault, now) => {
            P::among(&mut state.sides).sockets_mut().set_stall(id, None);
        }
        Some(stall) => return Some(Obstacle::Stall(stall)),
        None => {}
    }
    for effect in state.decide(P::PLATFORM.name, Point::Socket) {
        match effect {
            Effect::Close => return Some(Obstacle::Close),
            Effect::Stall(fault) => {
                let stall = Stall::While(fault);
                let sockets = P::among(&mut state.sides).sockets_mut();
                sockets.set_stall(id, Some(stall));
                return Some(Obstacle::Stall(stall));
            }
            _ => {}
        }
    }
    None
}

/// Runs a socket until its end; it is closed when this returns.
pub(crate) async fn run<P, S>(hub: &Arc<Hub>, socket: WebSocketStream<S>, place: Place<P>)
where
    P: SocketRim,
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Line {
        id,
        facts,
        events,
        mut end,
    } = place.line;
    let mut connection = Connection::<P, S> {
        hub,
        id,
        socket,
        wire: place.wire,
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
        P::among(&mut state.sides).gone(id);
        let (code, note) = closing.words();
        state.note(Entry {
            title: format!("close {code}"),
            note,
            ..entry::<P>(facts, closing.direction(), Kind::Frame)
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
            Self::Ours(Ending::Replaced) => (CloseCode::Normal, "replaced"),
            Self::Ours(Ending::Announced) => (CloseCode::Normal, ""),
            Self::Ours(Ending::Idle) => (CloseCode::Away, "idle"),
            Self::Ours(Ending::TooLarge) => (CloseCode::Size, ""),
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

struct Connection<'a, P: SocketRim, S> {
    hub: &'a Arc<Hub>,
    id: u64,
    socket: WebSocketStream<S>,
    wire: P::Wire,
    facts: Facts<P::Role>,
    events: mpsc::Receiver<Outgoing<<P::Role as Role>::Event>>,
    /// What is about to be sent.
    out: VecDeque<Bytes>,
    /// What faults hold back.
    held: Held,
    /// Kept until what is about to be sent has left.
    releases: Vec<Release>,
}

impl<P: SocketRim, S: AsyncRead + AsyncWrite + Unpin> Connection<'_, P, S> {
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
                let mut last = self.pass_event(&event);
                while let Ok(event) = self.events.try_recv() {
                    last = last.or(self.pass_event(&event));
                }
                if let Some(ending) = last {
                    self.send_out().await?;
                    return Err(Closing::Ours(ending));
                }
            }
            frame = self.held.next() => self.send(frame),
            () = arrival(self.hub, self.wire.due()) => {
                self.obstacle().await?;
                let last = self.wire.arrive(self.hub, &self.facts);
                self.collect();
                if let Some(ending) = last {
                    self.send_out().await?;
                    return Err(Closing::Ours(ending));
                }
            }
        }
        Ok(())
    }

    /// Takes what arrived. The world takes no time, so no call waits for
    /// another.
    async fn take(&mut self, message: Message) -> Result<(), Closing> {
        let frame = match message {
            Message::Text(text) => Frame::Text(Bytes::from(text)),
            Message::Binary(bytes) => Frame::Binary(bytes),
            Message::Close(frame) => return Err(Closing::Theirs(frame)),
            // The library answers pings when it is asked for the next frame.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                self.obstacle().await?;
                self.wire.hear_ping(self.hub);
                return Ok(());
            }
        };
        self.obstacle().await?;
        for reply in self.wire.take(self.hub, &self.facts, frame) {
            self.pass_reply(reply);
        }
        Ok(())
    }

    /// Sends an answer, or holds it back.
    fn pass_reply(&mut self, reply: Reply) {
        match reply.fate {
            Fate::Now => {
                self.send(reply.frame);
                self.releases.extend(reply.release);
            }
            Fate::Later(delay) => self.held.answer(reply.frame, delay),
            Fate::Behind(others) => self.held.behind(reply.frame, others),
            Fate::Lost | Fate::Stalled(_) => {}
        }
    }

    /// Sends an event, or holds it back. Says why it is the last one.
    fn pass_event(&mut self, event: &Outgoing<<P::Role as Role>::Event>) -> Option<Ending> {
        let Some(frame) = self.wire.event(&event.event) else {
            return event.last;
        };
        let trouble = Trouble::from(&event.effects[..]);
        for _ in 0..=usize::from(trouble.twice) {
            let frame = frame.clone();
            match trouble.fate {
                Fate::Now if self.held.has_events() => self.held.event(frame, Duration::ZERO),
                Fate::Now => self.send(frame),
                Fate::Later(delay) => self.held.event(frame, delay),
                Fate::Behind(others) => self.held.behind(frame, others),
                Fate::Lost | Fate::Stalled(_) => {}
            }
        }
        event.last
    }

    /// Takes over what the machine wants to send by itself.
    fn collect(&mut self) {
        while let Some(frame) = self.wire.poll_send() {
            self.send(frame);
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
        match self.hub.with(|state| obstacle::<P>(state, self.id)) {
            None => Ok(()),
            Some(Obstacle::Close) => Err(Closing::Ours(Ending::Disconnected)),
            Some(Obstacle::Stall(Stall::While(fault))) => {
                self.note_frame("half-open", Verdict::Dropped, "fault: half-open");
                self.hub.lifted(fault).await;
                Ok(())
            }
            Some(Obstacle::Stall(Stall::ForGood)) => {
                self.note_frame("cut", Verdict::Dropped, "fault: cut");
                // What still comes is not looked at, only that it ends.
                let mut unread = tokio::io::sink();
                let _ = tokio::io::copy(self.socket.get_mut(), &mut unread).await;
                Err(Closing::Broken(
                    "it was cut, and the other side left".to_owned(),
                ))
            }
        }
    }

    fn note_frame(&self, title: &str, verdict: Verdict, note: &str) {
        self.hub.with(|state| {
            state.note(Entry {
                title: title.to_owned(),
                verdict,
                note: note.to_owned(),
                ..entry::<P>(&self.facts, Direction::Out, Kind::Frame)
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

/// Waits until the virtual time has come; for ever for none.
async fn arrival(hub: &Hub, due: Option<Time>) {
    match due {
        Some(due) => hub.arrive_at(due).await,
        None => std::future::pending().await,
    }
}

/// The bytes of a frame; those of the protocol itself carry nothing.
pub(crate) fn bytes_of(frame: Frame) -> Bytes {
    match frame {
        Frame::Text(bytes) | Frame::Binary(bytes) => bytes,
        Frame::Ping(_) | Frame::Pong(_) | Frame::Close(..) => Bytes::new(),
    }
}
