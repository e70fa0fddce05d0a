//! What wants to leave the world.

use mynah_wecom::aibot;
use mynah_wecom::event::{self, Event};
use mynah_wecom::{AgentId, UserId};

use super::world::WeComWorld;
use crate::frame::Framed as _;

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Goes to the callback address of an application. What it answers comes
    /// back by [`WeComWorld::application_answered`].
    Application(Box<event::Callback>),
    /// Goes to the intelligent bot: to its callback address, or as
    /// `aibot_msg_callback` or `aibot_event_callback` on its long connection.
    /// What its callback address answers comes back by
    /// [`WeComWorld::bot_answered`].
    Bot {
        /// What it is told.
        callback: Box<aibot::Callback>,
        /// What an answer on the long connection must name.
        req_id: String,
    },
}

impl WeComWorld {
    /// Tells an application what a member did or said.
    pub(super) fn tell(&mut self, agent: AgentId, user: &UserId, kind: event::Kind) {
        let callback = self.callback(user.clone(), kind).agent(agent);
        self.effect(Effect::Application(Box::new(callback)));
    }

    pub(super) fn tell_event(&mut self, agent: AgentId, user: &UserId, event: Event) {
        self.tell(agent, user, event::Kind::Event(event));
    }

    /// Tells the corp's application that the directory has changed.
    pub(super) fn tell_change(&mut self, change: event::ContactChange) {
        if self.settings.contact_events && self.reach.application {
            let kind = event::Kind::Event(Event::ChangeContact(change));
            let callback = self.callback(UserId::from("sys"), kind);
            self.effect(Effect::Application(Box::new(callback)));
        }
    }

    /// A callback that names no application.
    pub(super) fn callback(&self, from: UserId, kind: event::Kind) -> event::Callback {
        event::Callback::new(
            self.seed.corpid.as_str(),
            from,
            self.state.now.seconds(),
            kind,
        )
    }

    /// The `MsgId` of the next message to an application.
    pub(super) fn next_msg_id(&mut self) -> i64 {
        let id = self.state.next_message;
        self.state.next_message = id.saturating_add(1);
        i64::try_from(id).unwrap_or(i64::MAX)
    }
}
