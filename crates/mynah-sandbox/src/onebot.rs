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
//!
//! # What people do
//!
//! They speak ([`World::say`](crate::World::say)) and act
//! ([`World::act`](crate::World::act)). Every kind of event comes about by one
//! of the two:
//!
//! | `action` | details | events |
//! |---|---|---|
//! | (say) to `user:bot` | `via` | `message.private.*`: `friend`; `group` for a fellow member; `other`; `discuss` with `via` |
//! | (say) to `group:…` | `anonymous` | `message.group.normal`, `.anonymous` |
//! | (say) to `discuss:…` | | `message.discuss`, in legacy mode |
//! | (say) from `bot` | | `message_sent.*`, when own messages are reported |
//! | `create` | `name`; `members`; answers the `id` of the group | `request.group.invite` if the bot is among them |
//! | `join` | `group`, `comment` | `notice.group_increase.approve`, or `request.group.add` where one must ask |
//! | `request_join` | `group`, `comment` | `request.group.add` |
//! | `invite` | `group`, `target` | `notice.group_increase.invite`; `.approve` for who has asked; `request.group.invite` for the bot |
//! | `leave` | `group` | `notice.group_decrease.leave` |
//! | `kick` | `group`, `target`, `reject` | `notice.group_decrease.kick`, `.kick_me` |
//! | `dismiss` | `group` | `notice.group_decrease.disband`; LLOneBot: `notice.group_dismiss` |
//! | `mute`, `unmute` | `group`, `target`, `seconds` | `notice.group_ban.ban`, `.lift_ban` |
//! | `whole_ban` | `group`, `enable` | `notice.group_ban.*` of user 0 |
//! | `set_admin` | `group`, `target`, `enable` | `notice.group_admin.set`, `.unset` |
//! | `set_card` | `group`, `target`, `card` | `notice.group_card` |
//! | `set_title` | `group`, `target`, `title`, `seconds` | `notice.notify.title` |
//! | `rename` | `group`, `name` | `notice.notify.group_name`; Lagrange: `notice.group_name_change` |
//! | `set_anonymous` | `group`, `enable` | `message.group.notice` |
//! | `recall` | `message` | `notice.group_recall`, `notice.friend_recall` |
//! | `react` | `message`, `emoji`, `set` | `notice.group_msg_emoji_like`; Lagrange: `notice.reaction.*` |
//! | `essence` | `message`, `enable` | `notice.essence.add`, `.delete` |
//! | `poke` | `target`, `group` | `notice.notify.poke` |
//! | `poke_recall` | `target`, `group` | `notice.notify.poke_recall` |
//! | `upload` | `name`, `group`, `content` or `size` | `notice.group_upload`; without `group`: `notice.offline_file` |
//! | `honor` | `group`, `honor` | `notice.notify.honor` |
//! | `lucky_king` | `group`, `target` | `notice.notify.lucky_king` |
//! | `gray_tip` | `message`, `content`, `busi_id` | `notice.notify.gray_tip` |
//! | `befriend` | `comment` | `request.friend`, and `notice.friend_add` when the bot agrees |
//! | `unfriend` | | |
//! | `profile_like` | `times` | `notice.notify.profile_like` |
//! | `input_status` | `typing` | `notice.notify.input_status` |
//! | `read` | `conversation` | |
//! | `client_status` | `online`, `device_name`, `device_kind`, `app_id` | `notice.client_status` |
//! | `go_offline` | `message`, `tag` | `notice.bot_offline` |
//! | `go_online` | `reason` | `notice.bot_online` |
//!
//! `group` and `target` are names or ids, `message` is a message id. What the
//! implementation says of itself is made by [`OneBotWorld::lifecycle`] and
//! [`OneBotWorld::heartbeat`]. Only the bot itself has an account to go offline
//! with, so `who` is `bot` there.

mod archive;
mod calls;
mod dialect;
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

pub use crate::seed::SeedError;
pub use mynah_onebot::event::LifecycleType;
pub use mynah_onebot::{Event, QuickOperation};
pub use seed::Seed;
pub use settings::{Dialect, MessageFormat, Settings};
pub use world::{Effect, OneBotWorld};
