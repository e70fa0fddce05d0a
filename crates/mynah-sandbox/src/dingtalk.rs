//! The world of DingTalk: an organisation with its people, its groups, one
//! application with its robot, and custom robots.
//!
//! A plain state machine without clock, chance or I/O of its own. Calls come
//! in by [`DingTalkWorld::http`]; people's doings by
//! [`World::say`](crate::World::say) and [`World::act`](crate::World::act);
//! time by [`World::set_time`](crate::World::set_time). What wants to leave
//! waits in [`DingTalkWorld::poll_effect`]. An answer is complete before the
//! events it causes are asked for.

mod archive;
mod calls;
mod cards;
mod chats;
mod check;
mod content;
mod details;
mod directory;
mod effect;
mod limits;
mod media;
mod notices;
mod people;
mod refusal;
mod registration;
pub(crate) mod rim;
mod robots;
mod seed;
mod serve;
mod settings;
mod speech;
mod state;
mod stream;
mod tokens;
mod view;
mod world;

pub use effect::Effect;
pub use registration::Pending;
pub use seed::{Credentials, Seed};
pub use settings::Settings;
pub use world::DingTalkWorld;
