//! What happens, from the world to callbacks or the long connection.

use std::sync::Arc;

use mynah_wecom::aibot::Callback;
use tokio::sync::Notify;

use super::WeComSide;
use super::bot;
use super::callback::{self, Told};
use crate::hub::{Hub, State};
use crate::rim::Rim;
use crate::rim::lanes::Lanes;
use crate::rim::outbox;
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
        posts: Lanes::new(),
    };
    loop {
        dispatch.step().await;
    }
}

struct Dispatch {
    hub: Arc<Hub>,
    /// Rings when something waits.
    bell: Arc<Notify>,
    posts: Lanes,
}

impl Dispatch {
    async fn step(&mut self) {
        self.posts.room(MOST).await;
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

    fn call_back(&mut self, told: Told) {
        let hub = Arc::clone(&self.hub);
        self.posts
            .post(told.lane(), move |poster, turn| async move {
                callback::deliver(&hub, &poster, told, turn).await;
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
