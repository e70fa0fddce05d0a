//! OneBot 11 in the words of the bot layer.

pub(crate) mod account;
mod capabilities;
mod compile;
mod convert;
mod groups;
mod outbox;

pub(crate) use capabilities::{CAPABILITIES, CAPABILITIES_BY_POST};
pub use compile::{Compiled, compile};
pub use convert::event;
pub use outbox::OneBotOutbox;
