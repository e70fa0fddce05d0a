//! What happens, from the world to sockets and posts.

use std::sync::Arc;

use mynah_bearychat::MessageKey;
use mynah_bearychat::event::Event;
use tokio::sync::Notify;

use super::rtm::Told;
use super::{BearyChatSide, hook, shown};
use crate::bearychat::Effect;
use crate::hub::Hub;
use crate::rim::lanes::Lanes;
use crate::rim::outbox;
use crate::rim::socket::{self, Push};

/// So many posts are under way at most; what comes then waits, and everything
/// behind it.
const MOST: usize = 1_000;

/// Delivers everything, for ever. What goes over sockets goes in order; what is
/// posted about one conversation does so too, and holds nothing else up.
pub(super) async fn run(hub: Arc<Hub>) {
    let bell = hub.with(|state| state.sides.bearychat.outbox.bell());
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
        match self.hub.with(outbox::next::<BearyChatSide>) {
            Some(parcel) => {
                let effect = parcel.open().await;
                self.deliver(effect).await;
            }
            None => self.bell.notified().await,
        }
    }

    async fn deliver(&mut self, effect: Effect) {
        let call = match effect {
            Effect::Rtm { to, event } => return self.tell(Told { to, event }),
            Effect::Outgoing(call) => hook::Call::Outgoing(call),
            Effect::Hubot(call) => hook::Call::Hubot(call),
        };
        self.posts.room(MOST).await;
        let hub = Arc::clone(&self.hub);
        let era = hub.with(|state| state.sides.bearychat.era);
        self.posts
            .post(call.lane(), move |poster, turn| async move {
                hook::deliver(&hub, &poster, &call, era, turn).await;
            });
    }

    /// Tells everybody who has a socket. Nobody misses what comes of their own
    /// doing.
    fn tell(&self, told: Told) {
        let event = &told.event;
        let shown = serde_json::to_vec(event).unwrap_or_default();
        let sender = event.message().and_then(|message| message.uid.as_ref());
        let is_own = sender.is_some_and(|sender| told.to.contains(sender));
        let connection = matches!(**event, Event::UpdateUserConnection(_));
        let push = Push {
            title: event.name().to_owned(),
            shown: shown::show(&shown.into()),
            message: subject(event).map(ToString::to_string),
            event: Arc::new(told),
        };
        self.hub.with(|state| {
            let elsewhere =
                is_own || connection || state.sides.bearychat.delivery.hubot_url.is_some();
            socket::push::<BearyChatSide>(state, push, elsewhere);
        });
    }
}

/// The message that something is about.
fn subject(event: &Event) -> Option<&MessageKey> {
    match event {
        Event::Message(message) | Event::ChannelMessage(message) => Some(&message.key),
        Event::UpdateMessage(change) | Event::UpdateChannelMessage(change) => {
            Some(&change.data.key)
        }
        Event::AddMessageReaction(change) | Event::DeleteMessageReaction(change) => {
            Some(&change.data.message_key)
        }
        _ => None,
    }
}
