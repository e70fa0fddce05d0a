//! The interfaces of WeCom, around the world.
//!
//! | module | what it carries |
//! |---|---|
//! | [`http`] | calls over HTTP, and the handshake of the long connection |
//! | [`bot`] | the long connection of the intelligent bot |
//! | [`dispatch`] | what happens, from the world to callbacks or the long connection |
//! | [`callback`] | one callback, its repetitions and its answer |
//! | [`verify`] | the verification of callback addresses |
//! | [`delivery`] | where callbacks go to |
//!
//! [`WeComSide`] is the part that lives in the shared state.

mod bot;
mod callback;
mod delivery;
mod dispatch;
mod http;
mod verify;

use std::sync::Arc;

use bytes::Bytes;
use mynah_core::{HttpResponse, Platform as _};
use mynah_wecom::WeCom;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::delivery::Delivery;
use super::{BotReach, Effect, Seed, WeComWorld};
use crate::control::fields::Fields;
use crate::coverage;
use crate::hub::Hub;
use crate::journal;
use crate::platforms::{Place, Platform, Sides};
use crate::rim::outbox::Outbox;
use crate::rim::sockets::{Ending, Sockets};
use crate::rim::{Errand, Reading, Rim, Side};
use crate::world::{Rejected, Time, World};

/// The platform's name.
const PLATFORM: &str = WeCom::NAME;

/// What the journal does not show of bodies.
const SECRETS: [&str; 7] = [
    "access_token",
    "secret",
    "corpsecret",
    "aeskey",
    "response_code",
    "response_url",
    "ticket",
];

/// What the sandbox knows of WeCom.
#[derive(Debug)]
pub(crate) struct WeComSide {
    world: WeComWorld,
    /// What waits to be delivered.
    outbox: Outbox<Effect>,
    /// The WebSockets that are open.
    sockets: Sockets<bot::Role>,
    /// The one on which the bot is known.
    live: Option<u64>,
    /// Where callbacks go to.
    delivery: Arc<Delivery>,
    /// Counts the resets: what began before one does not go on after it.
    era: u64,
}

/// What can be set when the sandbox is started.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The application is told there what happens.
    pub(crate) callback_url: Option<String>,
    /// The intelligent bot is told there.
    pub(crate) bot_callback_url: Option<String>,
}

impl WeComSide {
    /// Tells the world who can be told of what happens.
    fn reach(&mut self) {
        let delivery = &self.delivery;
        let reach = self.world.reach_mut();
        reach.application = delivery.callback_url.is_some();
        reach.bot = match (self.live, &delivery.bot_callback_url) {
            (Some(_), _) => BotReach::Socket,
            (None, Some(_)) => BotReach::Callback(delivery.encoding_aes_key.clone()),
            (None, None) => BotReach::None,
        };
    }
}

impl Side for WeComSide {
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
        self.world.reset();
    }

    fn delivery(&self) -> Value {
        self.delivery.view()
    }

    fn change_delivery(&mut self, fields: Fields) -> Result<Option<Errand>, Rejected> {
        let (next, verify) = self.delivery.changed(fields)?;
        self.delivery = Arc::new(next);
        self.reach();
        Ok(verify.then(|| verify::errand(Arc::clone(&self.delivery))))
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

impl Rim for WeComSide {
    const PLATFORM: Platform = Platform {
        name: PLATFORM,
        router: http::router,
        background: in_background,
        coverage: &coverage::WECOM,
        delivery: delivery::FIELDS,
        faults: &[],
    };
    type Seed = Seed;
    type Options = Options;
    type Load = Effect;

    fn open(seed: &Seed, options: Options, place: &Place) -> Result<Self, Rejected> {
        let mut world = WeComWorld::new(seed);
        let settings = world.settings_mut();
        settings.public_url.clone_from(&place.public_url);
        place.media_path.clone_into(&mut settings.media_path);
        settings.strict |= place.strict;
        let delivery = Delivery::new(&options, world.corpid())?;
        let mut side = Self {
            world,
            outbox: Outbox::default(),
            sockets: Sockets::default(),
            live: None,
            delivery: Arc::new(delivery),
            era: 0,
        };
        side.reach();
        Ok(side)
    }

    fn among(sides: &mut Sides) -> &mut Self {
        &mut sides.wecom
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
        if std::str::from_utf8(body).is_err() {
            return format!("({} bytes)", body.len());
        }
        let shown = journal::without(journal::text(body), &SECRETS);
        // The same in the XML of a callback.
        journal::without_elements(shown, &["ResponseCode"])
    }
}

/// Starts what goes on without being asked.
fn in_background(hub: &Arc<Hub>, tasks: &mut JoinSet<()>) {
    tasks.spawn(dispatch::run(Arc::clone(hub)));
}
