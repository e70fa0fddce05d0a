//! WeCom in the words of the bot layer.

pub(crate) mod account;
mod application;
mod bot;
mod called;
mod capabilities;
mod cards;
mod compile;
mod convert;
mod groups;
mod markdown;
mod meters;
mod robot;

pub(crate) use capabilities::{
    APPLICATION_CAPABILITIES, BOT_CAPABILITIES, CALLED_BOT_CAPABILITIES, ROBOT_CAPABILITIES,
};

pub use crate::outgoing::PartlySent;
pub use application::{ApplicationOutbox, Unreached, application_client};
pub use bot::{BotOutbox, BotSocket};
pub use compile::{Compiled, Piece, Way, compile};
pub use convert::{application_event, bot_event};
pub use robot::{RobotOutbox, robot_client};
