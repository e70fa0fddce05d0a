//! The one queue of events of the bot, from the world to all transports.
//!
//! An event goes first through HTTP POST, with its quick operation, and then
//! to all WebSockets; the next one waits until then
//! (<https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md>).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::OneBotSide;
use super::calls::message_id;
use super::load::Load;
use super::post::EventPost;
use crate::hub::Hub;
use crate::journal;
use crate::onebot::{Event, LifecycleType};
use crate::rim::fate::LONGEST_REORDER;
use crate::rim::outbox;
use crate::rim::post::Poster;
use crate::rim::socket::{self, Push};
use crate::rim::sockets::Ending;

/// How long sockets may take to close before a restart goes on.
const LONGEST_CLOSE: Duration = Duration::from_secs(2);

/// Delivers everything, one after the other, for ever.
pub(crate) async fn run(hub: Arc<Hub>) {
    let bell = hub.with(|state| state.sides.onebot.outbox.bell());
    let mut dispatch = Dispatch {
        hub,
        bell,
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
    /// Rings when something waits.
    bell: Arc<Notify>,
    poster: Poster,
    /// What a fault lets others overtake.
    late: Vec<Late>,
    /// The restart that is to come.
    restart: JoinSet<()>,
}

struct Late {
    post: EventPost,
    event: Box<Event>,
    json: Bytes,
    behind: u32,
    until: Instant,
}

impl Dispatch {
    async fn step(&mut self) {
        if let Some(place) = self.late.iter().position(Late::is_due) {
            let late = self.late.remove(place);
            late.post.send(&self.poster, &self.hub).await;
            self.send(&late.event, &late.json, true);
        } else if let Some(parcel) = self.hub.with(outbox::next::<OneBotSide>) {
            self.deliver(parcel.open().await).await;
        } else {
            self.wait().await;
        }
    }

    /// Waits until there may be something to do.
    async fn wait(&self) {
        let due = self.late.iter().map(|late| late.until).min();
        let deliveries = self.bell.notified();
        match due {
            Some(due) => tokio::select! {
                () = deliveries => {}
                () = sleep_until(due) => {}
            },
            None => deliveries.await,
        }
    }

    async fn deliver(&mut self, load: Load) {
        match load {
            Load::Event(event) => self.deliver_event(event).await,
            Load::PostOnly(event) => {
                self.post_only(&event).await;
            }
            Load::Restart { delay_ms: 0 } => self.restart().await,
            Load::Restart { delay_ms } => self.restart_later(delay_ms),
        }
    }

    async fn deliver_event(&mut self, event: Box<Event>) {
        let (json, post) = self.hub.with(|state| {
            let json = state.sides.onebot.world.write_event(&event);
            let post = EventPost::prepare(state, &event, &json);
            (json, post)
        });
        let posted = post.is_some();
        if let Some(post) = post {
            if let Some(behind) = post.behind() {
                self.late.push(Late {
                    post,
                    event,
                    json,
                    behind,
                    until: Instant::now() + LONGEST_REORDER,
                });
                return;
            }
            post.send(&self.poster, &self.hub).await;
        }
        self.send(&event, &json, posted);
        for late in &mut self.late {
            late.behind = late.behind.saturating_sub(1);
        }
    }

    /// Gives an event to the WebSockets.
    fn send(&self, event: &Event, json: &Bytes, posted: bool) {
        let value = serde_json::from_slice(json).unwrap_or_default();
        let push = Push {
            title: event.name(),
            shown: journal::text(json),
            event: json.clone(),
            message: message_id(&value),
        };
        self.hub
            .with(|state| socket::push::<OneBotSide>(state, push, posted));
    }

    async fn post_only(&self, event: &Event) {
        let post = self.hub.with(|state| {
            let json = state.sides.onebot.world.write_event(event);
            EventPost::prepare(state, event, &json)
        });
        if let Some(post) = post {
            post.send(&self.poster, &self.hub).await;
        }
    }

    /// Everything else goes on meanwhile. Who asks again sets another time.
    fn restart_later(&mut self, delay_ms: u64) {
        let hub = Arc::clone(&self.hub);
        self.restart = JoinSet::new();
        self.restart.spawn(async move {
            sleep(Duration::from_millis(delay_ms)).await;
            hub.with(|state| {
                let side = &mut state.sides.onebot;
                side.outbox.push(Load::Restart { delay_ms: 0 });
            });
        });
    }

    /// `set_restart`: everything closes and opens anew.
    async fn restart(&self) {
        let lifecycle = |turn| {
            self.hub
                .with(|state| state.sides.onebot.world.lifecycle(turn))
        };
        self.post_only(&lifecycle(LifecycleType::Disable)).await;
        self.hub.with(|state| {
            let side = &mut state.sides.onebot;
            side.dial.send_modify(|dial| dial.enabled = false);
            side.sockets.end(Ending::Restart, |_| true);
        });
        let closed = self.hub.sockets_closed(|sides| sides.onebot.sockets.len());
        let _ = timeout(LONGEST_CLOSE, closed).await;
        self.post_only(&lifecycle(LifecycleType::Enable)).await;
        self.hub.with(|state| {
            let side = &mut state.sides.onebot;
            side.dial.send_modify(|dial| dial.enabled = true);
        });
    }
}

impl Late {
    fn is_due(&self) -> bool {
        self.behind == 0 || self.until <= Instant::now()
    }
}
