//! The interfaces of RongCloud, around the world.
//!
//! | module | what it carries |
//! |---|---|
//! | [`http`] | calls over HTTP, to both of its hosts, and the history files |
//! | [`dispatch`] | what happens, from the world to callbacks |
//! | [`callback`] | one callback, its repetitions and its answer |
//! | [`address`] | the addresses of the console, one for each kind of callback |
//! | [`pause`] | the rest that an address is given which is too slow |
//! | [`delivery`] | where callbacks go to |
//! | [`shown`] | bodies as the journal shows them |
//!
//! [`RongCloudSide`] is the part that lives in the shared state.
//!
//! # What goes where
//!
//! Each kind of callback has an address of its own, and all of them may be the
//! same. What has no address is not told. What is said in one conversation is
//! posted in order, as long as nothing has to be repeated; everything else does
//! not wait for each other.
//!
//! Before a message is delivered, the address for checks is asked once; whatever
//! it does, short of an answer that says no, the message is delivered.

mod address;
mod callback;
mod delivery;
mod dispatch;
mod http;
mod pause;
mod shown;

use std::sync::Arc;

use bytes::Bytes;
use mynah_core::{HttpResponse, Platform as _};
use mynah_rongcloud::RongCloud;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::address::Address;
use self::delivery::Delivery;
use self::pause::Pauses;
use super::{Effect, RongCloudWorld, Seed};
use crate::control::fields::Fields;
use crate::coverage;
use crate::fault::Kind as Fault;
use crate::hub::Hub;
use crate::platforms::{Place, Platform, Sides};
use crate::rim::outbox::Outbox;
use crate::rim::{Errand, Reading, Rim, Side};
use crate::world::{Rejected, Time, World};

/// The platform's name.
const PLATFORM: &str = RongCloud::NAME;

/// So many messages of one call are linked with it in the journal.
const MOST_LINKS: usize = 100;

/// What the sandbox knows of RongCloud.
#[derive(Debug)]
pub(crate) struct RongCloudSide {
    world: RongCloudWorld,
    /// What waits to be delivered.
    outbox: Outbox<Effect>,
    /// Where callbacks go to.
    delivery: Arc<Delivery>,
    /// Which addresses rest.
    pauses: Pauses,
    /// Whether the clock was moved: from then on idle chatrooms go.
    moved: bool,
    /// Counts the resets: what began before one does not go on after it.
    era: u64,
}

/// What can be set when the sandbox is started.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// What is said is posted there.
    pub(crate) route_url: Option<String>,
    /// All kinds of callbacks go there that have no other address.
    pub(crate) callback_url: Option<String>,
}

impl RongCloudSide {
    /// Tells the world what the delivery says.
    fn settle(&mut self) {
        let delivery = &self.delivery;
        let settings = self.world.settings_mut();
        settings.check = delivery.url(Address::Check).is_some();
        // What nobody asks for need not wait: a call can say something in very many chatrooms.
        let somewhere = delivery.url(Address::Route).is_some();
        settings.route_server_messages = delivery.route_server_messages && somewhere;
        settings.sms_image_check = delivery.sms_image_check;
    }
}

impl Side for RongCloudSide {
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
        self.pauses.clear();
        if std::mem::take(&mut self.moved) {
            self.world.settings_mut().idle_chatrooms = false;
        }
        self.world.reset();
    }

    fn delivery(&self) -> Value {
        self.delivery.view()
    }

    fn change_delivery(&mut self, fields: Fields) -> Result<Option<Errand>, Rejected> {
        let next = self.delivery.changed(fields)?;
        for address in Address::ALL {
            if next.url(address) != self.delivery.url(address) {
                self.pauses.end(address);
            }
        }
        self.delivery = Arc::new(next);
        self.settle();
        Ok(None)
    }

    fn clock_moves(&mut self) {
        if !self.moved {
            self.moved = true;
            self.world.count_idle_time();
        }
    }

    /// There are no connections: the client's side of the platform is played by
    /// the world.
    fn disconnect(&mut self) {}

    fn shut(&mut self) {}

    fn sockets(&self) -> usize {
        0
    }
}

impl Rim for RongCloudSide {
    const PLATFORM: Platform = Platform {
        name: PLATFORM,
        router: http::router,
        background: in_background,
        coverage: &coverage::RONGCLOUD,
        delivery: delivery::FIELDS,
        faults: &[Fault::Timeout, Fault::Blocked, Fault::Html],
    };
    type Seed = Seed;
    type Options = Options;
    type Load = Effect;

    fn open(seed: &Seed, options: Options, place: &Place) -> Result<Self, Rejected> {
        let mut world = RongCloudWorld::new(seed);
        let settings = world.settings_mut();
        settings.public_url.clone_from(&place.public_url);
        place.media_path.clone_into(&mut settings.media_path);
        settings.strict |= place.strict;
        let delivery = Delivery::new(&options, settings)?;
        let mut side = Self {
            world,
            outbox: Outbox::default(),
            delivery: Arc::new(delivery),
            pauses: Pauses::default(),
            moved: false,
            era: 0,
        };
        side.settle();
        Ok(side)
    }

    fn among(sides: &mut Sides) -> &mut Self {
        &mut sides.rongcloud
    }

    fn outbox(&mut self) -> &mut Outbox<Effect> {
        &mut self.outbox
    }

    fn touched(&mut self) -> Vec<String> {
        let mut touched = self.world.touched();
        touched.truncate(MOST_LINKS);
        touched
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
