//! RongCloud in the words of the bot layer.

pub(crate) mod account;
mod capabilities;
mod compile;
mod convert;
mod groups;
mod outbox;

pub(crate) use capabilities::CAPABILITIES;

pub use compile::{Compiled, Piece, compile};
pub use convert::{chatroom_events, operation_event, routed_event};
pub use outbox::{UserOutbox, app_client, sms_client};
