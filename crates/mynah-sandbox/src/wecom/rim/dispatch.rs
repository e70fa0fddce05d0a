//! What happens, from the world to callbacks or the long connection.

use std::collections::HashMap;
use std::sync::Arc;

use mynah_wecom::aibot::Callback;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

use super::WeComSide;
use super::bot;
use super::callback::{self, Told};
use crate::hub::{Hub, State};
use crate::rim::Rim;
use crate::rim::outbox;
use crate::rim::post::Poster;
use crate::rim::socket::{self, Push};
use crate::wecom::Effect;

/// So many callbacks are under way at most; others wait.
const MOST: usize = 1_000;

/// Delivers everything, for ever. What is for one person in one place arrives
/// in order, as long as nothing has to be repeated; everything else does not
/// wait for each other.
pub(super) async fn run(hub: Arc<Hub>) {
    let bell = hub.with(|state| state.sides.wecom.outbox.bell());
    let mut dispatch = Dispatch {
        hub,
        bell,
        poster: Arc::new(Poster::new()),
        under_way: JoinSet::new(),
        last: HashMap::new(),
    };
    loop {
        dispatch.step().await;
    }
}

struct Dispatch {
    hub: Arc<Hub>,
    /// Rings when something waits.
    bell: Arc<Notify>,
    poster: Arc<Poster>,
    under_way: JoinSet<()>,
    /// By lane, what the next callback in it waits for.
    last: HashMap<String, oneshot::Receiver<()>>,
}

impl Dispatch {
    async fn step(&mut self) {
        while self.under_way.try_join_next().is_some() {}
        if self.under_way.len() >= MOST {
            self.under_way.join_next().await;
        }
        match self.hub.with(outbox::next::<WeComSide>) {
            Some(parcel) => {
                let effect = parcel.open().await;
                self.deliver(effect);
            }
            None => self.bell.notified().await,
        }
    }

    fn deliver(&mut self, effect: Effect) {
        match effect {
            Effect::Application(event) => self.call_back(Told::Application(event)),
            Effect::Bot { callback, req_id } => {
                let over_socket = self.hub.with(|state| state.sides.wecom.live.is_some());
                if over_socket {
                    self.hub.with(|state| send(state, callback, req_id));
                } else {
                    self.call_back(Told::Bot(callback));
                }
            }
        }
    }

    /// Makes a callback when the one before in its lane has come to an end of
    /// some kind.
    fn call_back(&mut self, told: Told) {
        self.last
            .retain(|_, last| matches!(last.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        let (done, next) = oneshot::channel();
        let before = self.last.insert(told.lane(), next);
        let (hub, poster) = (Arc::clone(&self.hub), Arc::clone(&self.poster));
        self.under_way.spawn(async move {
            if let Some(before) = before {
                // It ends by being dropped.
                let _ = before.await;
            }
            callback::deliver(&hub, &poster, told, done).await;
        });
    }
}

/// Tells the bot something on its connection.
fn send(state: &mut State, callback: Box<Callback>, req_id: String) {
    let shown = serde_json::to_vec(&callback).unwrap_or_default();
    let push = Push {
        title: callback.name(),
        shown: WeComSide::show(&shown.into()),
        message: Some(state.sides.wecom.world.subject_of_bot(&callback)),
        event: Arc::new(bot::Event {
            callback,
            req_id,
            replaced: false,
        }),
    };
    socket::push::<WeComSide>(state, push, false);
}
