//! OneBot 11 in the words of the bot layer.

pub(crate) mod account;
mod compile;
mod convert;
mod outbox;

pub use compile::{Compiled, compile};
pub use convert::event;
pub use outbox::OneBotOutbox;
