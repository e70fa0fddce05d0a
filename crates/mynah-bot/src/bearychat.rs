//! BearyChat in the words of the bot layer.

pub(crate) mod account;
mod answers;
mod capabilities;
mod catch_up;
mod compile;
mod convert;
mod groups;
mod hubot;
mod places;
mod robot;

pub(crate) use capabilities::{
    HUBOT_CAPABILITIES, OUTGOING_CAPABILITIES, ROBOT_CAPABILITIES, SOCKET_CAPABILITIES,
};
pub use compile::{Compiled, Piece, Way, compile};
pub use convert::{Hearing, outgoing_event};
pub use hubot::{Forbidden, HubotOutbox, hubot_client, rtm_client};
pub use mynah_bearychat::Service;
pub use robot::{RobotOutbox, robot_client};
