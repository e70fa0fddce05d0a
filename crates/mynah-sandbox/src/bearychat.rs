//! The world of BearyChat: a team with its people, its channels and its robots.
//!
//! A plain state machine without clock, chance or I/O of its own. Calls come in
//! by [`BearyChatWorld::http`], those of all three hosts; people's doings by
//! [`World::say`](crate::World::say) and [`World::act`](crate::World::act); time
//! by [`World::set_time`](crate::World::set_time). What wants to leave waits in
//! [`BearyChatWorld::poll_effect`]. An answer is complete before the effects it
//! has are asked for.
//!
//! ```
//! use mynah_sandbox::World;
//! use mynah_sandbox::bearychat::{BearyChatWorld, Seed};
//! use serde_json::json;
//!
//! let mut world = BearyChatWorld::new(&Seed::default());
//!
//! // Dave makes a channel and takes the bot in.
//! world.act(serde_json::from_value(json!({
//!     "who": "dave", "action": "create", "name": "lunch", "members": ["bot"],
//! }))?)?;
//! let request = http::Request::get("/v1/channel.list?token=sandbox-token").body("".into())?;
//! let answer = world.http("/v1/channel.list", &request, [127, 0, 0, 1].into());
//! let channels: serde_json::Value = serde_json::from_slice(answer.body())?;
//! assert_eq!(channels[2]["name"], "lunch");
//! assert_eq!(channels[2]["member_uids"], json!(["=bw52R", "=bwBot"]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Conversations
//!
//! | id | between |
//! |---|---|
//! | `group:<id>` | the members of a channel or a session channel |
//! | `user:<id>` | a person and the bot |
//! | `private:<id>:<id>` | two others, the smaller id first |
//!
//! `user:bot` is the bot. Conversations of two are opened by the first call that
//! asks for them, or the first word that is said in them. A robot that speaks to
//! somebody does so in the conversation that they have with the assistant.
//!
//! # What people do
//!
//! They speak ([`World::say`](crate::World::say)): plain `text`, in which
//! `@<=` and `=>` stand around the id of whoever is mentioned; or a `message`: an
//! object with any of `text`, `refer_key` (the message it quotes), `attachments`,
//! `file` (`name` and `base64`) and `sticker` (its address), or a list of `text`
//! and `mention` (`id`: somebody, `bot` or `all`). To programs a picture, a file
//! or a sticker is an attachment: no document says what else it would be.
//!
//! And they act ([`World::act`](crate::World::act)). `group` is a channel or a
//! session channel by id or name, with or without `group:` before it; `message` is
//! the key of a message:
//!
//! | `action` | details |
//! |---|---|
//! | `create` | `name`; `topic`, `private`, `members`; answers the `id` of the channel |
//! | `session` | `members`; `name`; answers the `id` of the session channel |
//! | `convert` | `group`, `name`; `private`, which it is unless something else is said |
//! | `join`, `leave` | `group` |
//! | `invite`, `kick` | `group`, `target` |
//! | `archive`, `unarchive` | `group` |
//! | `rename` | `name`, `full_name`: one's own |
//! | `deactivate`, `activate` | `target`: an account is closed, or opened again |
//! | `react`, `unreact` | `message`, `emoji`: `:smile:`; to react again takes it back |
//! | `pin`, `unpin` | `message` |
//! | `edit` | `message`, `text`: one's own |
//! | `recall`, or `delete` | `message`; people can still look at what it said |
//! | `forward` | `message`, `to`: a conversation; answers the new `message` |
//!
//! # Who is told
//!
//! Whatever is said, edited, deleted or reacted to goes over the RTM sockets of
//! all hubots that are in the conversation, whoever did it: [`Effect::Rtm`]. Of
//! pins and of who comes and goes no document knows an event. What begins with
//! the word of a robot, in a channel that its maker sees, is an
//! [`Effect::Outgoing`]; what mentions a hubot is an [`Effect::Hubot`]. The two
//! are there if [`Settings`] say that somebody listens. Programs are not told by
//! them what programs say.

mod access;
mod calls;
mod channels;
mod chat;
mod effect;
mod hooks;
mod limits;
mod messages;
mod p2p;
mod people;
mod pins;
mod quota;
mod reactions;
mod refusal;
pub(crate) mod rim;
mod rtm;
mod seed;
mod serve;
mod sessions;
mod settings;
mod shown;
mod speech;
mod state;
mod stickers;
mod tokens;
mod users;
mod vchannels;
mod view;
mod world;

pub use effect::{Effect, HubotCall, OutgoingCall};
pub use seed::{Credentials, Seed};
pub use settings::Settings;
pub use world::BearyChatWorld;
