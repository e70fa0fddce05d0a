//! The interfaces of DingTalk, around the world.
//!
//! | module | what it carries |
//! |---|---|
//! | [`http`] | calls over HTTP, and the handshake of Stream connections |
//! | [`stream`] | Stream connections: what runs on each |
//! | [`router`] | which of them something goes over, and what waits for one |
//! | [`dispatch`] | what happens, from the world to posts and connections |
//! | [`callback`] | one event that is posted, and its repetitions |
//! | [`robot`] | what people say to the robot, posted, and its answer |
//! | [`verify`] | the check of an address: `check_url` |
//! | [`delivery`] | where all of it goes to |
//!
//! [`DingTalkSide`] is the part that lives in the shared state.
//!
//! # What goes where
//!
//! Events go to the address that was registered by a call, if it asked for
//! them, to the one that was set up in the console, and over Stream. What
//! people say to the robot goes to its callback address, or over Stream where
//! it has none. Over Stream each thing goes over one of the connections that
//! asked for it, by chance.
//!
//! An event that nobody acknowledges over Stream is sent again. What is said
//! to the robot is not: the platform forgets it once it is sent. So it is lost
//! where no connection is open, also while the only one has been told
//! (`disconnect`) that it will be closed
//! (<https://opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol>).
//! A connection that is dead without having been closed is another matter. To
//! the platform it is gone once nothing passes over it; what is said from then
//! on goes over another one, and where there is none yet it waits a few
//! seconds, [`Delivery::hold`], for one that opens.

mod callback;
mod delivery;
mod dispatch;
mod http;
mod robot;
mod router;
mod stream;
mod verify;

use std::sync::Arc;

use bytes::Bytes;
use mynah_core::{HttpResponse, Platform as _};
use mynah_dingtalk::DingTalk;
use mynah_dingtalk::stream::Outbox as Events;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::delivery::Delivery;
use self::router::{Sent, Waiting};
use super::{DingTalkWorld, Effect, Seed};
use crate::clock::Epoch;
use crate::control::fields::Fields;
use crate::coverage;
use crate::fault::Kind as Fault;
use crate::hub::Hub;
use crate::journal::{self, Entry};
use crate::platforms::{Place, Platform, Sides};
use crate::rim::outbox::Outbox;
use crate::rim::sockets::{Ending, Sockets};
use crate::rim::{Errand, Reading, Rim, Side};
use crate::world::{Rejected, Time, World};

/// The platform's name.
const PLATFORM: &str = DingTalk::NAME;

/// What the journal does not show of bodies.
const SECRETS: [&str; 15] = [
    "access_token",
    "accessToken",
    "aes_key",
    "appsecret",
    "appSecret",
    "clientSecret",
    "client_secret",
    "corpsecret",
    "encrypt",
    "msg_signature",
    "session",
    "sessionWebhook",
    "sign",
    "ticket",
    "token",
];

/// What the sandbox knows of DingTalk.
#[derive(Debug)]
pub(crate) struct DingTalkSide {
    world: DingTalkWorld,
    /// What waits to be delivered.
    outbox: Outbox<Effect>,
    /// The Stream connections that are open.
    sockets: Sockets<stream::Role>,
    /// Events that nobody has taken over Stream yet.
    events: Events,
    /// What waits for a connection that is alive.
    waiting: Waiting,
    /// What was sent and not acknowledged yet.
    sent: Sent,
    /// Where all of it goes to.
    delivery: Arc<Delivery>,
    /// Counts the resets: what began before one does not go on after it.
    era: u64,
    epoch: Epoch,
}

/// What can be set when the sandbox is started.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The application is told there what happens, as if it had been set up in
    /// the console.
    pub(crate) callback_url: Option<String>,
    /// The robot is told there what people say.
    pub(crate) robot_callback_url: Option<String>,
}

impl Side for DingTalkSide {
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
        self.events = self.delivery.events();
        self.waiting.clear();
        self.sent.clear();
        self.world.reset();
    }

    fn delivery(&self) -> Value {
        self.delivery.view()
    }

    fn change_delivery(&mut self, fields: Fields) -> Result<Option<Errand>, Rejected> {
        let (next, verify) = self.delivery.changed(fields)?;
        self.events
            .repeat(next.redeliver_after, next.redeliver_most);
        self.delivery = Arc::new(next);
        Ok(verify.then(|| verify::errand(Arc::clone(&self.delivery))))
    }

    fn disconnect(&mut self) {
        self.sockets.end(Ending::Disconnected, |_| true);
    }

    fn cut(&mut self) {
        self.sockets.cut();
    }

    fn bid_farewell(&mut self) -> Vec<Entry> {
        self.announce_the_end()
    }

    fn shut(&mut self) {
        self.sockets.shut();
    }

    fn sockets(&self) -> usize {
        self.sockets.len()
    }
}

impl Rim for DingTalkSide {
    const PLATFORM: Platform = Platform {
        name: PLATFORM,
        router: http::router,
        background: in_background,
        coverage: &coverage::DINGTALK,
        delivery: delivery::FIELDS,
        faults: &[Fault::Cut, Fault::Farewell, Fault::Blocked, Fault::Html],
    };
    type Seed = Seed;
    type Options = Options;
    type Load = Effect;

    fn open(seed: &Seed, options: Options, place: &Place) -> Result<Self, Rejected> {
        let mut world = DingTalkWorld::new(seed);
        let settings = world.settings_mut();
        settings.public_url.clone_from(&place.public_url);
        place.media_path.clone_into(&mut settings.media_path);
        settings.strict |= place.strict;
        let delivery = Delivery::new(&options, &world)?;
        Ok(Self {
            world,
            outbox: Outbox::default(),
            sockets: Sockets::default(),
            events: delivery.events(),
            waiting: Waiting::default(),
            sent: Sent::default(),
            delivery: Arc::new(delivery),
            era: 0,
            epoch: Epoch::start(),
        })
    }

    fn among(sides: &mut Sides) -> &mut Self {
        &mut sides.dingtalk
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
        let beginning = body.trim_ascii_start();
        if std::str::from_utf8(body).is_err() || beginning.starts_with(b"--") {
            return format!("({} bytes)", body.len());
        }
        let text = journal::text(body);
        if beginning.starts_with(b"{") || beginning.starts_with(b"[") {
            journal::without(text, &SECRETS)
        } else {
            journal::form(&text)
        }
    }
}

/// Starts what goes on without being asked.
fn in_background(hub: &Arc<Hub>, tasks: &mut JoinSet<()>) {
    tasks.spawn(dispatch::run(Arc::clone(hub)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_does_not_show_however_it_is_written() {
        let show = |body: &'static str| DingTalkSide::show(&Bytes::from_static(body.as_bytes()));
        assert_eq!(
            show(r#"{"clientId":"k","clientSecret":"s","ua":"u"}"#),
            r#"{"clientId":"k","clientSecret":"…","ua":"u"}"#
        );
        assert_eq!(
            show(r#"{"code":200,"data":"{\"sessionWebhook\":\"http://h/?session=s\"}"}"#),
            r#"{"code":200,"data":"{\"sessionWebhook\":\"…\"}"}"#
        );
        assert_eq!(show(r#"[{"token":"t"}]"#), r#"[{"token":"…"}]"#);
        assert_eq!(show("access_token=t&chatid=c"), "access_token=…&chatid=c");
        assert_eq!(show("--line\r\ntoken\r\n--line--"), "(23 bytes)");
        assert_eq!(show("success"), "success");
    }
}
