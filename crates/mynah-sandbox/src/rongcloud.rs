//! The world of RongCloud: an application with its users, groups and
//! chatrooms.
//!
//! A plain state machine without clock, chance or I/O of its own. Calls come
//! in by [`RongCloudWorld::http`], those of the separate host for text messages
//! as well; people's doings by [`World::say`](crate::World::say) and
//! [`World::act`](crate::World::act); time by
//! [`World::set_time`](crate::World::set_time). What wants to leave waits in
//! [`RongCloudWorld::poll_effect`]; what is decided about messages that are
//! held comes back by [`RongCloudWorld::checked`]. An answer is complete before
//! the effects it has are asked for.
//!
//! ```
//! use mynah_sandbox::World;
//! use mynah_sandbox::rongcloud::{Effect, RongCloudWorld, Seed};
//! use serde_json::json;
//!
//! let mut world = RongCloudWorld::new(&Seed::default());
//!
//! // Alice speaks to the application's own user, and the application hears it.
//! world.say(serde_json::from_value(json!({
//!     "from": "alice", "to": "user:bot", "text": "ping",
//! }))?)?;
//! let Some(Effect::Route(message)) = world.poll_effect() else { panic!() };
//! assert_eq!(message.said().to_string(), "ping");
//! assert_eq!(world.messages("user:alice", None, 10)?.messages.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Conversations
//!
//! | id | between |
//! |---|---|
//! | `user:<id>` | a person and the application's own user |
//! | `private:<id>:<id>` | two people, the smaller id first |
//! | `group:<id>` | the members of a group |
//! | `chatroom:<id>` | whoever is in a chatroom |
//! | `discussion:<id>` | nobody knows: discussions have no members here |
//! | `system:<id>` | what system messages and broadcasts bring to a person |
//!
//! `user:bot` is the application's own user. Calls may speak in anybody's name;
//! what they say to somebody who was never registered is kept all the same.
//!
//! # What people do
//!
//! They speak ([`World::say`](crate::World::say)): plain `text`, or a
//! `message` of parts: `text`, `mention` (`id`: somebody, `bot` or `all`); or
//! one of `image`, `voice`, `video`, `file` (`base64`, `name`, `duration` in
//! milliseconds), `location` (`latitude`, `longitude`, `name`), or anything at
//! all as `{"objectName": …, "content": …}`. `source` says what with: `iOS`
//! where nothing else is said. And they act ([`World::act`](crate::World::act)):
//!
//! | `action` | details | told |
//! |---|---|---|
//! | (say) | | `message_route`; `message_callback` before it, if an address decides |
//! | `connect` | `os`, `token` | `user_online_status` |
//! | `disconnect`, `logout` | | `user_online_status` |
//! | `create` | `name`; `members`; answers the `id` of the group | nothing |
//! | `join`, or `enter` | `group`, or `chatroom` | `chatroom_status` for a chatroom |
//! | `leave`, `quit` or `exit` | `group`, or `chatroom` | the same |
//! | `invite`, `remove` | `group`, `target` | nothing |
//! | `rename` | `group`, `name` | nothing |
//! | `dismiss` | `group` | nothing |
//! | `recall` | `message` | `message_route` of the recall, and `message_operation` |
//! | `blacklist`, `unblacklist` | `target` | nothing |
//! | `audit` | `message`, `result`: 10000 or 10001 | `audit_result` |
//! | `sms` | `mobile` | answers the code and the session of the last text message |
//! | `pushes` | | answers what telephones were shown |
//!
//! `group`, `chatroom` and `target` are names or ids, `message` is a message id.
//! On the platform groups change by calls alone: here members do it themselves,
//! as if the server of their application had.
//!
//! What people say passes, in this order: whether they are blocked; the
//! blacklist of whom they write to, membership, gags and mutes (the refusal
//! names the code that clients are told, such as 22408); the distribution of
//! the chatroom; the word filter; whoever decides about messages. What the
//! word filter or a stopped chatroom swallows, and what is decided against, is
//! shown with the tag `undelivered`; what waits for a decision with `held`.
//! Calls are bound by none of it.

mod archive;
mod calls;
mod chatrooms;
mod content;
mod conversations;
mod effect;
mod groups;
mod history;
mod limits;
mod media;
mod people;
mod pushes;
mod quotas;
mod refusal;
pub(crate) mod rim;
mod rooms;
mod seed;
mod sending;
mod serve;
mod settings;
mod sms;
mod speech;
mod state;
mod users;
mod view;
mod words;
mod world;

pub use effect::Effect;
pub use seed::{Credentials, Seed};
pub use settings::Settings;
pub use words::{Finding, WordFilter};
pub use world::RongCloudWorld;
