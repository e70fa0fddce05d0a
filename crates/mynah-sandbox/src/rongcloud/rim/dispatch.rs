//! What happens, from the world to callbacks.

use std::collections::HashMap;
use std::sync::Arc;

use mynah_rongcloud::event::Event;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::task::JoinSet;

use super::address::{Address, lane, subject};
use super::callback::Told;
use super::{PLATFORM, RongCloudSide};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::outbox;
use crate::rim::post::Poster;

/// So many callbacks are under way or wait for an address at most; what comes
/// on top is lost.
const MOST: usize = 10_000;
/// So many are under way to one address at once; others wait.
const MOST_AT_ONCE: usize = 100;

/// Delivers everything, for ever. What is said in one conversation arrives in
/// order, as long as nothing has to be repeated; everything else does not wait
/// for each other, as far as an address is not overrun.
pub(super) async fn run(hub: Arc<Hub>) {
    let bell = hub.with(|state| state.sides.rongcloud.outbox.bell());
    let mut dispatch = Dispatch {
        hub,
        bell,
        poster: Arc::new(Poster::new()),
        at_once: Address::ALL.map(|_| Arc::new(Semaphore::new(MOST_AT_ONCE))),
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
    /// By address, how many more may be under way.
    at_once: [Arc<Semaphore>; Address::ALL.len()],
    under_way: JoinSet<()>,
    /// By lane, what the next callback in it waits for.
    last: HashMap<String, oneshot::Receiver<()>>,
}

impl Dispatch {
    async fn step(&mut self) {
        while self.under_way.try_join_next().is_some() {}
        match self.hub.with(outbox::next::<RongCloudSide>) {
            Some(parcel) => {
                let event = parcel.open().await.into();
                self.deliver(event);
            }
            None => self.bell.notified().await,
        }
    }

    fn deliver(&mut self, event: Event) {
        let Some(address) = Address::of(&event) else {
            return;
        };
        // Who speaks waits for a verdict, so there always is room for that.
        if self.under_way.len() >= MOST && address != Address::Check {
            self.hub.with(|state| note_lost(state, &event));
            return;
        }
        let era = self.hub.with(|state| state.sides.rongcloud.era);
        let told = Told {
            event,
            address,
            era,
        };
        self.post(told);
    }

    /// Posts something when what was posted before in its lane has come to an
    /// end of some kind.
    fn post(&mut self, told: Told) {
        self.last
            .retain(|_, last| matches!(last.try_recv(), Err(TryRecvError::Empty)));
        let (done, next) = oneshot::channel();
        let before = self.last.insert(lane(&told.event), next);
        let at_once = Arc::clone(&self.at_once[told.address as usize]);
        let (hub, poster) = (Arc::clone(&self.hub), Arc::clone(&self.poster));
        self.under_way.spawn(async move {
            if let Some(before) = before {
                // It ends by being dropped.
                let _ = before.await;
            }
            // Nobody closes it.
            let _room = at_once.acquire().await;
            told.deliver(&hub, &poster, done).await;
        });
    }
}

fn note_lost(state: &mut State, event: &Event) {
    state.note(Entry {
        title: event.name().to_owned(),
        verdict: Verdict::Dropped,
        note: "too many wait already".to_owned(),
        message: subject(event).into_iter().collect(),
        ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
    });
}
