//! What wants to leave the world.

use mynah_bearychat::event::Event;
use mynah_bearychat::hook::{HubotPost, OutgoingPost};
use mynah_bearychat::{MessageKey, RobotId, UserId, VchannelId};

/// Something that wants to leave the world.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// Goes over every RTM socket of these users.
    Rtm {
        /// Hubots, for whoever opens a socket is one.
        to: Vec<UserId>,
        /// What has happened.
        event: Box<Event>,
    },
    /// Somebody has said the word that a robot waits for: goes to the address
    /// of the robot. What that answers comes back by
    /// [`outgoing_answered`](super::BearyChatWorld::outgoing_answered).
    Outgoing(Box<OutgoingCall>),
    /// Somebody has mentioned a hubot that has an address instead of a socket.
    Hubot(Box<HubotCall>),
}

/// What the program behind a robot is told.
#[derive(Clone, Debug)]
pub struct OutgoingCall {
    /// The robot that waited for the word.
    pub robot: RobotId,
    /// Where the word was said, and where the robot answers.
    pub vchannel_id: VchannelId,
    /// The message that begins with the word.
    pub message: MessageKey,
    /// What is posted.
    pub post: OutgoingPost,
}

/// What the program behind a hubot is told.
#[derive(Clone, Debug)]
pub struct HubotCall {
    /// The hubot that was mentioned.
    pub user: UserId,
    /// What is posted.
    pub post: HubotPost,
}
