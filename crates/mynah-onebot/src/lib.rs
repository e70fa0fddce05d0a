//! OneBot 11 (CQHTTP), typed, for both sides of the wire.

pub mod actions;
mod auth;
pub mod event;
pub mod id;
mod lenient;
mod list;
pub mod message;
mod platform;
pub mod quick;
pub mod types;
mod words;

pub use auth::AccessToken;
pub use event::{Event, RawEvent};
pub use id::{DiscussId, GroupId, MessageId, UserId};
pub use message::{Content, Message, Segment};
pub use platform::{OneBot, parameters, retcode};
pub use quick::QuickOperation;
