//! DingTalk in the words of the bot layer.

pub(crate) mod account;
mod answers;
mod app;
mod capabilities;
mod compile;
mod convert;
mod groups;
mod pace;
mod robot;

pub(crate) use capabilities::{APP_CAPABILITIES, ROBOT_CAPABILITIES};

pub use crate::outgoing::PartlySent;
pub use app::{AppClients, AppOutbox, Unreached, app_clients};
pub use compile::{Compiled, Piece, Way, compile};
pub use convert::{card_event, events, robot_event};
pub use robot::{RobotOutbox, robot_client};
