//! The one queue of events of the bot, from the world to all transports.
//!
//! An event goes first through HTTP POST, with its quick operation, and then
//! to all WebSockets; the next one waits until then
//! (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md>).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::PLATFORM;
use super::calls::{Fate, Trouble, message_id};
use super::http::LONGEST_REORDER;
use super::outbox::{Load, Parcel};
use super::post::{self, Poster, Posting};
use super::socket;
use super::sockets::{Ending, Outgoing};
use crate::fault::Point;
use crate::hub::{Hub, State};
use crate::journal::{self, Direction, Entry, Kind, Transport, Verdict};
use crate::onebot::{Event, LifecycleType};

/// An answer that has not left by then holds the events up no longer.
const LONGEST_GATE: Duration = Duration::from_secs(1);
/// How long sockets may take to close before a restart goes on.
const LONGEST_CLOSE: Duration = Duration::from_secs(2);

/// Delivers everything, one after the other, for ever.
pub(crate) async fn run(hub: Arc<Hub>) {
    let mut dispatch = Dispatch {
        hub,
        poster: Poster::new(),
        late: Vec::new(),
        restart: JoinSet::new(),
    };
    loop {
        dispatch.step().await;
    }
}

struct Dispatch {
    hub: Arc<Hub>,
    poster: Poster,
    /// What a fault lets others overtake.
    late: Vec<Late>,
    /// The restart that is to come.
    restart: JoinSet<()>,
}

struct Late {
    posting: Posting,
    event: Box<Event>,
    json: Bytes,
    behind: u32,
    until: Instant,
}

impl Dispatch {
    async fn step(&mut self) {
        if let Some(place) = self.late.iter().position(Late::is_due) {
            let late = self.late.remove(place);
            self.poster.post(&self.hub, late.posting).await;
            self.send(&late.event, &late.json, true);
        } else if let Some(parcel) = self.hub.with(next) {
            self.deliver(parcel).await;
        } else {
            self.wait().await;
        }
    }

    /// Waits until there may be something to do.
    async fn wait(&self) {
        let due = self.late.iter().map(|late| late.until).min();
        let deliveries = self.hub.deliveries.notified();
        match due {
            Some(due) => tokio::select! {
                () = deliveries => {}
                () = sleep_until(due) => {}
            },
            None => deliveries.await,
        }
    }

    async fn deliver(&mut self, parcel: Parcel) {
        if let Some(gate) = parcel.gate {
            // It opens by being dropped.
            let _ = timeout(LONGEST_GATE, gate).await;
        }
        match parcel.load {
            Load::Event(event) => self.deliver_event(event).await,
            Load::PostOnly(event) => {
                self.post_only(&event).await;
            }
            Load::Restart { delay_ms: 0 } => self.restart().await,
            Load::Restart { delay_ms } => self.restart_later(delay_ms),
        }
    }

    async fn deliver_event(&mut self, event: Box<Event>) {
        let (json, posting) = self.hub.with(|state| {
            let json = state.onebot.world.write_event(&event);
            let posting = post::prepare(state, &event, &json);
            (json, posting)
        });
        let posted = posting.is_some();
        if let Some(posting) = posting {
            if let Some(behind) = posting.behind() {
                self.late.push(Late {
                    posting,
                    event,
                    json,
                    behind,
                    until: Instant::now() + LONGEST_REORDER,
                });
                return;
            }
            self.poster.post(&self.hub, posting).await;
        }
        self.send(&event, &json, posted);
        for late in &mut self.late {
            late.behind = late.behind.saturating_sub(1);
        }
    }

    /// Gives an event to the WebSockets.
    fn send(&self, event: &Event, json: &Bytes, posted: bool) {
        self.hub.with(|state| send(state, event, json, posted));
    }

    async fn post_only(&self, event: &Event) {
        let posting = self.hub.with(|state| {
            let json = state.onebot.world.write_event(event);
            post::prepare(state, event, &json)
        });
        if let Some(posting) = posting {
            self.poster.post(&self.hub, posting).await;
        }
    }

    /// Everything else goes on meanwhile. Who asks again sets another time.
    fn restart_later(&mut self, delay_ms: u64) {
        let hub = Arc::clone(&self.hub);
        self.restart = JoinSet::new();
        self.restart.spawn(async move {
            sleep(Duration::from_millis(delay_ms)).await;
            hub.with(|state| state.onebot.outbox.push(Load::Restart { delay_ms: 0 }));
        });
    }

    /// `set_restart`: everything closes and opens anew.
    async fn restart(&self) {
        let lifecycle = |turn| self.hub.with(|state| state.onebot.world.lifecycle(turn));
        self.post_only(&lifecycle(LifecycleType::Disable)).await;
        self.hub.with(|state| {
            state.onebot.dial.send_modify(|dial| dial.enabled = false);
            state.onebot.sockets.end(Ending::Restart, |_| true);
        });
        let _ = timeout(LONGEST_CLOSE, self.hub.sockets_closed()).await;
        self.post_only(&lifecycle(LifecycleType::Enable)).await;
        self.hub
            .with(|state| state.onebot.dial.send_modify(|dial| dial.enabled = true));
    }
}

impl Late {
    fn is_due(&self) -> bool {
        self.behind == 0 || self.until <= Instant::now()
    }
}

/// Takes the next thing to deliver out of the queue.
fn next(state: &mut State) -> Option<Parcel> {
    let lost = state.onebot.outbox.take_lost();
    if lost > 0 {
        state.note(Entry {
            verdict: Verdict::Dropped,
            note: format!("{lost} events were lost: too many wait"),
            ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
        });
    }
    state.onebot.outbox.pop()
}

/// Gives an event to every WebSocket that carries events.
fn send(state: &mut State, event: &Event, json: &Bytes, posted: bool) {
    let value = serde_json::from_slice(json).unwrap_or_default();
    let noted = Entry {
        title: event.name(),
        body: journal::text(json),
        message: message_id(&value).into_iter().collect(),
        ..Entry::new(PLATFORM, Direction::Out, Transport::WsForward, Kind::Event)
    };
    if !state.onebot.sockets.hears_events() {
        if !posted {
            state.note(Entry {
                verdict: Verdict::Dropped,
                note: "nobody is connected".to_owned(),
                ..noted
            });
        }
        return;
    }
    let effects = state.decide(PLATFORM, Point::SocketEvent);
    let trouble = Trouble::from(&effects[..]);
    let (verdict, note) = trouble.verdict();
    let sent = match trouble.fate {
        Fate::Lost => state.onebot.sockets.listeners(),
        _ => state.onebot.sockets.send(&Outgoing {
            json: json.clone(),
            effects: effects.into(),
        }),
    };
    for (facts, took) in sent {
        let (verdict, note) = if took {
            (verdict, note)
        } else {
            (Verdict::Dropped, "does not read; cut off")
        };
        state.note(Entry {
            verdict,
            note: note.to_owned(),
            title: noted.title.clone(),
            body: noted.body.clone(),
            message: noted.message.clone(),
            ..socket::entry(&facts, Direction::Out, Kind::Event)
        });
    }
}
