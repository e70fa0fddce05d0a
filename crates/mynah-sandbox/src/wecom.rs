//! The world of WeCom: a corp with its members, its applications, its group
//! robots and its intelligent bot.
//!
//! A plain state machine without clock, chance or I/O of its own. Calls come
//! in by [`WeComWorld::http`] and, on the long connection of the bot, by
//! [`WeComWorld::bot_command`]; people's doings by
//! [`World::say`](crate::World::say) and [`World::act`](crate::World::act);
//! time by [`World::set_time`](crate::World::set_time). What wants to leave
//! waits in [`WeComWorld::poll_effect`]; what is answered to it in the
//! response comes back by [`WeComWorld::application_answered`] and
//! [`WeComWorld::bot_answered`]. An answer is complete before the events it
//! causes are asked for.
//!
//! ```
//! use mynah_sandbox::wecom::{Effect, Seed, WeComWorld};
//! use mynah_sandbox::World;
//! use serde_json::json;
//!
//! let mut world = WeComWorld::new(&Seed::default());
//!
//! // Alice speaks to the application, which is told so.
//! world.say(serde_json::from_value(json!({
//!     "from": "alice", "to": "user:bot", "text": "ping",
//! }))?)?;
//! let Some(Effect::Application(callback)) = world.poll_effect() else { panic!() };
//! assert_eq!(callback.text(), Some("ping"));
//!
//! // The application answers in the response, and alice sees it.
//! world.application_answered(&callback, Some(mynah_wecom::reply::PassiveReply::text("pong")))?;
//! assert_eq!(world.messages("user:alice", None, 10)?.messages.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Conversations
//!
//! | id | between |
//! |---|---|
//! | `group:<chatid>` | people; applications and robots write into it, the intelligent bot may be in it |
//! | `user:<userid>` | a person and the first application, which people call `bot` |
//! | `agent:<agentid>:<userid>` | a person and another application |
//! | `bot:<userid>` | a person and the intelligent bot |
//!
//! `user:bot` is the application; where only the intelligent bot can be
//! reached ([`Reach`]), it is the intelligent bot. `user:1000002` and
//! `user:aib-sandbox` name one of them.
//!
//! # What people do
//!
//! They speak ([`World::say`](crate::World::say)): plain `text`, or a
//! `message` of parts: `text`, `mention` (`id`), `image`, `voice` (`text` is
//! what speech recognition finds), `video`, `file` (`base64`, `name`),
//! `location` (`latitude`, `longitude`, `scale`, `label`), `link` (`url`,
//! `title`, `text`, `image`), `quote` (`message_id`). In a group the
//! intelligent bot hears those that mention it. And they act
//! ([`World::act`](crate::World::act)). `callback` is what an application is
//! told, `bot` what the intelligent bot is told:
//!
//! | `action` | details | events |
//! |---|---|---|
//! | (say) to an application | | callback `text`, `image`, `voice`, `video`, `location`, `link` |
//! | (say) to the bot, or in a group to it | | bot `text`, `image`, `mixed`, `voice`, `file`, `video` |
//! | `enter` | `target` or `conversation`, `key` | callback `event.enter_agent`; bot `event.enter_chat` |
//! | `subscribe`, `unsubscribe` | `target` | callback `event.subscribe`, `event.unsubscribe` |
//! | `location` | `latitude`, `longitude`, `precision` | callback `event.LOCATION` |
//! | `menu`, or the kind of the button | `key`: its key, address or name | callback `event.click`, `view`, `view_miniprogram` |
//! | | and `result`, `scan_type` | callback `event.scancode_push`, `scancode_waitmsg` |
//! | | and `pictures` | callback `event.pic_sysphoto`, `pic_photo_or_album`, `pic_weixin` |
//! | | and `latitude`, `longitude`, `scale`, `label`, `poiname` | callback `event.location_select` |
//! | `press` | `message`, `key`, `selected` (question to choices) | callback `event.template_card_event`, `template_card_menu_event`, `taskcard_click`; bot `event.template_card_event` |
//! | `feedback` | `message`, `rating`, `content`, `reasons` | bot `event.feedback_event` |
//! | `batch_job` | `job_type`, `job_id`, `err_code`, `err_msg` | callback `event.batch_job_result` |
//! | `event` | `xml` | callback: any other event, such as approvals and customers |
//! | `sign_in` | | answers a `code` for `user/getuserinfo` |
//! | `create` | `name`; `members`, the bot among them or not; answers the `id` of the group | |
//! | `join`, `leave` | `group` | |
//! | `invite`, `remove` | `group`, `target`: a member or the bot | |
//! | `rename` | `group`, `name` | |
//! | `owner` | `group`, `target`: whom the owner hands it to | |
//! | `read` | `conversation` | |
//!
//! `group` and `target` are names or ids, `message` is a message id; without
//! `target` it is about `bot`. Changes of the directory by calls make callback
//! `event.change_contact.*` ([`Settings::contact_events`]). While a stream is
//! written, its bot is asked how it goes on: bot `stream`, in callback mode,
//! a second after each answer.

mod answered;
mod archive;
mod bot;
mod calls;
mod cards;
mod content;
mod directory;
mod effect;
mod frequency;
mod limits;
mod media;
mod menu;
mod people;
mod prepare;
mod press;
mod refusal;
pub(crate) mod rim;
mod seed;
mod serve;
mod settings;
mod speech;
mod state;
mod tokens;
mod uploads;
mod view;
mod world;

pub use effect::Effect;
pub use seed::{Credentials, Seed};
pub use settings::{BotReach, Reach, Settings};
pub use world::WeComWorld;
