//! The four transports of OneBot 11, around the world.
//!
//! | module | what it carries |
//! |---|---|
//! | [`http`] | calls over HTTP |
//! | [`forward`] | WebSockets that frameworks open to us |
//! | [`reverse`] | WebSockets that we open to frameworks |
//! | [`socket`] | what runs on either of them |
//! | [`calls`] | what came of calls |
//! | [`heartbeat`] | heartbeats |
//! | [`post`] | events posted over HTTP, and their quick operations |
//! | [`dispatch`] | the one queue of events, from the world to all transports |
//!
//! [`OneBotSide`] is the part that lives in the shared state.

mod calls;
mod delivery;
mod dispatch;
mod forward;
mod heartbeat;
mod http;
mod load;
mod post;
mod reverse;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use mynah_core::{HttpResponse, Platform as _};
use mynah_onebot::OneBot;
use mynah_onebot::socket::Role;
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use self::delivery::Delivery;
use self::load::Load;
use self::reverse::Dial;
use crate::control::fields::Fields;
use crate::coverage;
use crate::hub::Hub;
use crate::onebot::{LifecycleType, OneBotWorld, Seed};
use crate::platforms::{Place, Platform, Sides};
use crate::rim::outbox::Outbox;
use crate::rim::sockets::{Ending, Sockets};
use crate::rim::{Errand, Reading, Rim, Side};
use crate::world::{Rejected, Time, World};

/// The platform's name.
const PLATFORM: &str = OneBot::NAME;

/// What the sandbox knows of OneBot.
#[derive(Debug)]
pub(crate) struct OneBotSide {
    world: OneBotWorld,
    /// What waits to be delivered.
    outbox: Outbox<Load>,
    /// The WebSockets that are open.
    sockets: Sockets<Role>,
    /// Where events are delivered to; whoever delivers looks at it.
    delivery: watch::Sender<Arc<Delivery>>,
    /// The WebSockets to keep up; whoever dials looks at it.
    dial: watch::Sender<Dial>,
}

/// What can be set when the sandbox is started.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Events are posted there.
    pub(crate) post_url: Option<String>,
    /// WebSockets are opened there.
    pub(crate) reverse_ws_urls: Vec<String>,
    /// Between two heartbeats.
    pub(crate) heartbeat: Option<Duration>,
}

impl Side for OneBotSide {
    fn world(&self) -> &dyn World {
        &self.world
    }

    fn world_mut(&mut self) -> &mut dyn World {
        &mut self.world
    }

    fn due(&self) -> Option<Time> {
        self.world.due()
    }

    fn collect(&mut self) {
        while let Some(effect) = self.world.poll_effect() {
            self.outbox.push(effect.into());
        }
        self.outbox.end_hold();
    }

    fn waiting(&self) -> Option<Arc<Notify>> {
        self.outbox.waiting()
    }

    fn reset(&mut self) {
        self.outbox.clear();
        self.world.reset();
    }

    fn delivery(&self) -> Value {
        delivery::view(&self.delivery.borrow(), self.world.settings())
    }

    fn change_delivery(&mut self, fields: Fields) -> Result<Option<Errand>, Rejected> {
        let mut next = Delivery::clone(&self.delivery.borrow());
        delivery::change(&mut next, self.world.settings_mut(), fields)?;
        let dial = Dial::new(&next, self.world.settings());
        self.dial.send_if_modified(|current| current.follow(dial));
        self.delivery.send_replace(Arc::new(next));
        Ok(None)
    }

    fn disconnect(&mut self) {
        self.sockets.end(Ending::Disconnected, |_| true);
    }

    fn shut(&mut self) {
        self.sockets.shut();
    }

    fn sockets(&self) -> usize {
        self.sockets.len()
    }
}

impl Rim for OneBotSide {
    const PLATFORM: Platform = Platform {
        name: PLATFORM,
        router: http::router,
        background: in_background,
        coverage: &coverage::ONEBOT,
        delivery: delivery::FIELDS,
        faults: &[],
    };
    type Seed = Seed;
    type Options = Options;
    type Load = Load;

    fn open(seed: &Seed, options: Options, place: &Place) -> Result<Self, Rejected> {
        let delivery = Delivery::new(&options)?;
        let mut world = OneBotWorld::new(seed);
        let settings = world.settings_mut();
        settings.public_url.clone_from(&place.public_url);
        place.media_path.clone_into(&mut settings.media_path);
        let dial = Dial::new(&delivery, world.settings());
        Ok(Self {
            world,
            outbox: Outbox::default(),
            sockets: Sockets::default(),
            delivery: watch::Sender::new(Arc::new(delivery)),
            dial: watch::Sender::new(dial),
        })
    }

    fn among(sides: &mut Sides) -> &mut Self {
        &mut sides.onebot
    }

    fn outbox(&mut self) -> &mut Outbox<Load> {
        &mut self.outbox
    }

    fn read_answer(answer: &HttpResponse) -> Reading {
        calls::read_answer(answer)
    }
}

/// Starts what goes on without being asked.
fn in_background(hub: &Arc<Hub>, tasks: &mut JoinSet<()>) {
    let dial = hub.with(|state| {
        let side = &mut state.sides.onebot;
        let begin = side.world.lifecycle(LifecycleType::Enable);
        side.outbox.push(Load::PostOnly(Box::new(begin)));
        side.dial.subscribe()
    });
    tasks.spawn(dispatch::run(Arc::clone(hub)));
    tasks.spawn(heartbeat::run(Arc::clone(hub)));
    tasks.spawn(reverse::run(Arc::clone(hub), dial));
}
