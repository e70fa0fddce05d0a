//! The world of OneBot 11: one QQ account, the bot, among people and groups.
//!
//! A plain state machine without clock, chance or I/O of its own. Calls come
//! in by [`OneBotWorld::http`] and [`OneBotWorld::call`], people's doings by
//! [`World::say`](crate::World::say) and [`World::act`](crate::World::act),
//! time by [`World::set_time`](crate::World::set_time); what wants to leave
//! waits in [`OneBotWorld::poll_effect`]. An answer is complete before the
//! events it causes are asked for, so whoever drives the world can keep that
//! order on the wire.
//!
//! ```
//! use mynah_sandbox::onebot::{Effect, OneBotWorld, Seed};
//! use mynah_sandbox::World;
//! use serde_json::{Value, json};
//!
//! let mut world = OneBotWorld::new(&Seed::default());
//!
//! // Alice speaks, and frameworks hear of it.
//! world.say(serde_json::from_value(json!({
//!     "from": "alice", "to": "group:general", "text": "/ping",
//! }))?)?;
//! let Some(Effect::Event(event)) = world.poll_effect() else { panic!("nothing happened") };
//! assert_eq!(event.name(), "message.group.normal");
//!
//! // A framework answers, and people see it.
//! let answer = world.call("send_group_msg", json!({"group_id": 20001, "message": "pong"}));
//! let answer: Value = serde_json::from_slice(answer.body())?;
//! assert_eq!(answer["data"], json!({"message_id": 1002}));
//! assert_eq!(world.messages("group:general", None, 10)?.messages.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod calls;
mod events;
mod files;
mod forwards;
mod honor;
mod limits;
mod media;
mod membership;
mod moderation;
mod people;
mod prepare;
mod queue;
mod quick;
mod refusal;
mod requests;
pub(crate) mod rim;
mod seed;
mod serve;
mod settings;
mod speech;
mod state;
mod uploads;
mod view;
mod words;
mod world;

pub use mynah_onebot::event::LifecycleType;
pub use mynah_onebot::{Event, QuickOperation};
pub use seed::{Seed, SeedError};
pub use settings::{Dialect, MessageFormat, Settings};
pub use world::{Effect, OneBotWorld};
