//! What happens, from the world to posts and connections.

use std::future::pending;
use std::sync::Arc;

use mynah_dingtalk::event::Callback;
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::stream::Told;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::callback::{self, Target};
use super::{DingTalkSide, PLATFORM, robot, router};
use crate::dingtalk::Effect;
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::Rim;
use crate::rim::lanes::Lanes;
use crate::rim::outbox;
use crate::world::Time;

/// So many posts are under way at most; others wait.
const MOST: usize = 1_000;

/// Delivers everything, for ever. What goes to one address arrives in order, as
/// long as nothing has to be repeated; nothing else waits for each other.
pub(super) async fn run(hub: Arc<Hub>) {
    let bell = hub.with(|state| state.sides.dingtalk.outbox.bell());
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
    /// Rings when something waits, and when a connection has opened.
    bell: Arc<Notify>,
    posts: Lanes,
}

impl Dispatch {
    async fn step(&mut self) {
        self.posts.room(MOST).await;
        match self.hub.with(outbox::next::<DingTalkSide>) {
            Some(parcel) => {
                let effect = parcel.open().await;
                self.deliver(effect);
            }
            None => self.rest().await,
        }
    }

    /// Looks after what waits for a connection or for its time, until
    /// something is to be done again.
    async fn rest(&self) {
        // What a fault holds up may go on when it is lifted.
        let mut disturbance = self.hub.disturbance.subscribe();
        let (due, until) = self.hub.with(|state| {
            router::tell_waiting(state);
            router::send_events(state);
            let until = state.sides.dingtalk.waiting.until();
            // What is overdue waits for a connection, which rings the bell.
            let due = router::events_due(state).filter(|due| *due > state.now());
            (due, until)
        });
        tokio::select! {
            () = self.bell.notified() => {}
            _ = disturbance.changed() => {}
            () = arrival(&self.hub, due) => {}
            () = wait(until) => {}
        }
    }

    fn deliver(&mut self, effect: Effect) {
        match effect {
            Effect::Robot(message) => self.tell_robot(message),
            Effect::Event(event) => self.tell_event(&event),
            Effect::Card(callback) => self.hub.with(|state| {
                router::tell(state, Told::Card(callback));
            }),
        }
    }

    /// What people say goes to the robot's own address, or over Stream.
    fn tell_robot(&mut self, message: Box<RobotMessage>) {
        let has_address = self.hub.with(|state| {
            let delivery = &state.sides.dingtalk.delivery;
            delivery.robot_callback_url.is_some()
        });
        if !has_address {
            let told = Told::Robot(message);
            self.hub.with(|state| router::tell(state, told));
            return;
        }
        let lane = format!("robot {}", message.conversation_id);
        let hub = Arc::clone(&self.hub);
        self.posts.post(lane, move |poster, turn| async move {
            robot::deliver(&hub, &poster, &message, turn).await;
        });
    }

    /// Events go everywhere.
    fn tell_event(&mut self, event: &Callback) {
        let targets = self.hub.with(|state| {
            let targets = callback::targets(state, event);
            let streamed = router::take_event(state, event);
            router::send_events(state);
            if targets.is_empty() && !streamed {
                note_untold(state, event);
            }
            targets
        });
        for target in targets {
            self.call_back(event, target);
        }
    }

    fn call_back(&mut self, event: &Callback, target: Target) {
        let event = event.clone();
        let (hub, lane) = (Arc::clone(&self.hub), format!("{target:?}"));
        self.posts.post(lane, move |poster, turn| async move {
            callback::deliver(&hub, &poster, &event, target, turn).await;
        });
    }
}

/// Nobody wants to hear of it.
fn note_untold(state: &mut State, event: &Callback) {
    state.note(Entry {
        title: event.name().to_owned(),
        body: DingTalkSide::show(&event.to_json().to_string().into()),
        verdict: Verdict::Dropped,
        note: "no address is registered, and nobody is connected".to_owned(),
        ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
    });
}

async fn arrival(hub: &Hub, due: Option<Time>) {
    match due {
        Some(due) => hub.arrive_at(due).await,
        None => pending().await,
    }
}

async fn wait(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => pending().await,
    }
}
