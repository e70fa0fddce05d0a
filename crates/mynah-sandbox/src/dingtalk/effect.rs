//! What wants to leave the world.

use mynah_dingtalk::event::{Callback, Format, Kind};
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::stream::CardCallback;

use super::world::DingTalkWorld;
use crate::frame::Framed as _;

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Goes to the robot: to its callback address, or to one Stream connection
    /// that asked for what people say. What the address answers comes back by
    /// [`DingTalkWorld::robot_answered`].
    Robot(Box<RobotMessage>),
    /// Goes to the registered address, if it is among what was asked for
    /// there, and to one Stream connection that asked for events. What cannot
    /// be delivered to the address comes back by
    /// [`DingTalkWorld::callback_failed`]. It has all that any shape of it
    /// has: write it [in the one](Callback::in_format) that is wanted.
    Event(Box<Callback>),
    /// Goes to one Stream connection that asked for what people do with cards.
    Card(Box<CardCallback>),
}

impl DingTalkWorld {
    /// Tells the application what happened.
    pub(super) fn tell(&mut self, kind: Kind) {
        let event = self.made(kind);
        self.effect(Effect::Event(Box::new(event)));
    }

    /// An event with what stands around it.
    pub(super) fn made(&mut self, kind: Kind) -> Callback {
        let id = self.state.hex(32);
        let biz_id = self.state.number().to_string();
        let callback = Callback::new(kind).corp(self.seed.corp_id.as_str());
        Callback {
            // Has room for all that the other shapes have: `in_format` takes
            // out what has no place in each.
            format: Format::DataPush,
            biz_id: Some(biz_id),
            unified_app_id: Some(self.unified_app_id()),
            ..callback.made(id, self.state.now.0)
        }
    }
}
