//! The interfaces of BearyChat, around the world.
//!
//! | module | what it carries |
//! |---|---|
//! | [`http`] | calls over HTTP to all of its hosts, and the handshake of sockets |
//! | [`rtm`] | RTM sockets: what runs on each |
//! | [`dispatch`] | what happens, from the world to sockets and posts |
//! | [`hook`] | one post to an outgoing hook or a hubot, and its answer |
//! | [`delivery`] | where posts go to and how sockets are treated |
//! | [`shown`] | bodies and addresses as the journal shows them |
//!
//! [`BearyChatSide`] is the part that lives in the shared state.
//!
//! # What goes where
//!
//! Whoever has opened a socket hears over it what happens in their own
//! conversations, themselves included; nothing is acknowledged and nothing told
//! again. Beside that, what begins with the trigger word of a robot is posted to
//! the address of outgoing hooks, and what mentions the bot to that of the
//! hubot, each once.

mod delivery;
mod dispatch;
mod hook;
mod http;
mod rtm;
mod shown;

use std::sync::Arc;

use bytes::Bytes;
use mynah_bearychat::BearyChat;
use mynah_core::{HttpResponse, Platform as _};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::delivery::Delivery;
use super::{BearyChatWorld, Effect, Seed};
use crate::clock::Epoch;
use crate::control::fields::Fields;
use crate::coverage;
use crate::fault::Kind as Fault;
use crate::hub::Hub;
use crate::platforms::{Place, Platform, Sides};
use crate::rim::outbox::Outbox;
use crate::rim::sockets::{Ending, Sockets};
use crate::rim::{Errand, Reading, Rim, Side};
use crate::world::{Rejected, Time, World};

/// The platform's name.
const PLATFORM: &str = BearyChat::NAME;

/// What the sandbox knows of BearyChat.
#[derive(Debug)]
pub(crate) struct BearyChatSide {
    world: BearyChatWorld,
    /// What waits to be delivered.
    outbox: Outbox<Effect>,
    /// The RTM sockets that are open.
    sockets: Sockets<rtm::Role>,
    /// Where posts go to and how sockets are treated.
    delivery: Arc<Delivery>,
    /// Counts the resets: what began before one does not go on after it.
    era: u64,
    epoch: Epoch,
}

/// What can be set when the sandbox is started.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// What begins with a trigger word is posted there.
    pub(crate) outgoing_url: Option<String>,
    /// What mentions the bot is posted there.
    pub(crate) hubot_url: Option<String>,
}

impl BearyChatSide {
    /// Tells the world what the delivery says.
    fn settle(&mut self) {
        let delivery = &self.delivery;
        let settings = self.world.settings_mut();
        settings.outgoing = delivery.outgoing_url.is_some();
        settings.hubot_http = delivery.hubot_url.is_some();
        settings.calls_per_hour = delivery.calls_per_hour;
        settings.anonymous_calls_per_hour = delivery.anonymous_calls_per_hour;
    }
}

impl Side for BearyChatSide {
    fn world(&self) -> &dyn World {
        &self.world
    }

    fn world_mut(&mut self) -> &mut dyn World {
        &mut self.world
    }

    /// Nothing happens by itself: what lasts for a while is looked at when it is
    /// used.
    fn due(&self) -> Option<Time> {
        None
    }

    fn collect(&mut self) {
        while let Some(effect) = self.world.poll_effect() {
            self.outbox.push(effect);
        }
        self.outbox.end_hold();
    }

    fn waiting(&self) -> Option<Arc<Notify>> {
        self.outbox.waiting()
    }

    fn reset(&mut self) {
        self.era += 1;
        self.outbox.clear();
        self.world.reset();
    }

    fn delivery(&self) -> Value {
        self.delivery.view()
    }

    fn change_delivery(&mut self, fields: Fields) -> Result<Option<Errand>, Rejected> {
        self.delivery = Arc::new(self.delivery.changed(fields)?);
        self.settle();
        Ok(None)
    }

    fn disconnect(&mut self) {
        self.sockets.end(Ending::Disconnected, |_| true);
    }

    fn cut(&mut self) {
        self.sockets.cut();
    }

    fn shut(&mut self) {
        self.sockets.shut();
    }

    fn sockets(&self) -> usize {
        self.sockets.len()
    }
}

impl Rim for BearyChatSide {
    const PLATFORM: Platform = Platform {
        name: PLATFORM,
        router: http::router,
        background: in_background,
        coverage: &coverage::BEARYCHAT,
        delivery: delivery::FIELDS,
        faults: &[Fault::Cut, Fault::Html],
    };
    type Seed = Seed;
    type Options = Options;
    type Load = Effect;

    fn open(seed: &Seed, options: Options, place: &Place) -> Result<Self, Rejected> {
        let mut world = BearyChatWorld::new(seed);
        let settings = world.settings_mut();
        settings.public_url.clone_from(&place.public_url);
        place.media_path.clone_into(&mut settings.media_path);
        let delivery = Delivery::new(&options, settings)?;
        let mut side = Self {
            world,
            outbox: Outbox::default(),
            sockets: Sockets::default(),
            delivery: Arc::new(delivery),
            era: 0,
            epoch: Epoch::start(),
        };
        side.settle();
        Ok(side)
    }

    fn among(sides: &mut Sides) -> &mut Self {
        &mut sides.bearychat
    }

    fn outbox(&mut self) -> &mut Outbox<Effect> {
        &mut self.outbox
    }

    fn touched(&mut self) -> Vec<String> {
        self.world.touched()
    }

    fn read_answer(answer: &HttpResponse) -> Reading {
        http::read_answer(answer)
    }

    fn show(body: &Bytes) -> String {
        shown::show(body)
    }

    fn show_url(url: &str) -> String {
        shown::show_url(url)
    }
}

/// Starts what goes on without being asked.
fn in_background(hub: &Arc<Hub>, tasks: &mut JoinSet<()>) {
    tasks.spawn(dispatch::run(Arc::clone(hub)));
}
