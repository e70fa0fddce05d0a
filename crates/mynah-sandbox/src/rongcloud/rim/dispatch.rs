//! What happens, from the world to callbacks.

use std::sync::Arc;

use mynah_rongcloud::event::Event;
use tokio::sync::{Notify, Semaphore};

use super::address::{Address, lane, subject};
use super::callback::Told;
use super::{PLATFORM, RongCloudSide};
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::lanes::Lanes;
use crate::rim::outbox;

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
        at_once: Address::ALL.map(|_| Arc::new(Semaphore::new(MOST_AT_ONCE))),
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
    /// By address, how many more may be under way.
    at_once: [Arc<Semaphore>; Address::ALL.len()],
    posts: Lanes,
}

impl Dispatch {
    async fn step(&mut self) {
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
        if self.posts.len() >= MOST && address != Address::Check {
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

    fn post(&mut self, told: Told) {
        let at_once = Arc::clone(&self.at_once[told.address as usize]);
        let (hub, lane) = (Arc::clone(&self.hub), lane(&told.event));
        self.posts.post(lane, move |poster, turn| async move {
            // Nobody closes it.
            let _room = at_once.acquire().await;
            told.deliver(&hub, &poster, turn).await;
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
