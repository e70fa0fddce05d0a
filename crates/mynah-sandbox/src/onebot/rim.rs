//! The four transports of OneBot 11, around the world.
//!
//! | module | what it carries |
//! |---|---|
//! | [`calls`] | a call, from whichever transport, past the faults and into the world |
//! | [`http`] | calls over HTTP |
//! | [`forward`] | WebSockets that frameworks open to us |
//! | [`reverse`] | WebSockets that we open to frameworks |
//! | [`socket`] | what runs on either of them |
//! | [`heartbeat`] | heartbeats |
//! | [`post`] | events posted over HTTP, and their quick operations |
//! | [`dispatch`] | the one queue of events, from the world to all transports |
//!
//! [`OneBotSide`] is the part that lives in the shared state.

pub(crate) mod calls;
pub(crate) mod delivery;
pub(crate) mod dispatch;
pub(crate) mod forward;
pub(crate) mod heartbeat;
pub(crate) mod http;
pub(crate) mod outbox;
pub(crate) mod post;
pub(crate) mod reverse;
pub(crate) mod socket;
pub(crate) mod sockets;

use std::sync::Arc;

use delivery::Delivery;
use outbox::Outbox;
use reverse::Dial;
use sockets::Sockets;
use tokio::sync::watch;

use crate::control::fields::Fields;
use crate::onebot::OneBotWorld;
use crate::world::Rejected;

/// The platform's name.
pub(crate) const PLATFORM: &str = "onebot";

/// What the sandbox knows of OneBot.
#[derive(Debug)]
pub(crate) struct OneBotSide {
    pub(crate) world: OneBotWorld,
    /// What waits to be delivered.
    pub(crate) outbox: Outbox,
    /// The WebSockets that are open.
    pub(crate) sockets: Sockets,
    /// Where events are delivered to; whoever delivers looks at it.
    pub(crate) delivery: watch::Sender<Arc<Delivery>>,
    /// The WebSockets to keep up; whoever dials looks at it.
    pub(crate) dial: watch::Sender<Dial>,
}

impl OneBotSide {
    pub(crate) fn new(world: OneBotWorld, delivery: Delivery) -> Self {
        let dial = Dial::new(&delivery, world.settings());
        Self {
            world,
            outbox: Outbox::default(),
            sockets: Sockets::default(),
            delivery: watch::Sender::new(Arc::new(delivery)),
            dial: watch::Sender::new(dial),
        }
    }

    /// Takes over what the world wants to push.
    pub(crate) fn collect(&mut self) {
        while let Some(effect) = self.world.poll_effect() {
            self.outbox.push(effect.into());
        }
        self.outbox.end_hold();
    }

    /// Changes what is given; see [`delivery::change`].
    pub(crate) fn change_delivery(&mut self, fields: Fields) -> Result<(), Rejected> {
        let mut next = Delivery::clone(&self.delivery.borrow());
        delivery::change(&mut next, self.world.settings_mut(), fields)?;
        let dial = Dial::new(&next, self.world.settings());
        self.dial.send_if_modified(|current| current.follow(dial));
        self.delivery.send_replace(Arc::new(next));
        Ok(())
    }
}
