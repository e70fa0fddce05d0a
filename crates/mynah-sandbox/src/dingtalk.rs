//! The world of DingTalk: an organisation with its people, its groups, one
//! application with its robot, and custom robots.
//!
//! A plain state machine without clock, chance or I/O of its own. Calls come
//! in by [`DingTalkWorld::http`], those of both interfaces and of the obsolete
//! gateway alike; people's doings by [`World::say`](crate::World::say) and
//! [`World::act`](crate::World::act); time by
//! [`World::set_time`](crate::World::set_time). What wants to leave waits in
//! [`DingTalkWorld::poll_effect`]; what is answered to it comes back by
//! [`DingTalkWorld::robot_answered`] and [`DingTalkWorld::callback_failed`].
//! An answer is complete before the events it causes are asked for.
//!
//! ```
//! use mynah_dingtalk::WebhookMessage;
//! use mynah_sandbox::dingtalk::{DingTalkWorld, Effect, Seed};
//! use mynah_sandbox::World;
//! use serde_json::json;
//!
//! let mut world = DingTalkWorld::new(&Seed::default());
//!
//! // Alice speaks to the robot, which is told so.
//! world.say(serde_json::from_value(json!({
//!     "from": "alice", "to": "user:bot", "text": "ping",
//! }))?)?;
//! let Some(Effect::Robot(message)) = world.poll_effect() else { panic!() };
//! assert_eq!(message.text(), Some("ping"));
//!
//! // Its callback address answers at once, and alice sees it.
//! world.robot_answered(&message, Some(WebhookMessage::text("pong")))?;
//! assert_eq!(world.messages("user:alice", None, 10)?.messages.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Conversations
//!
//! | id | between |
//! |---|---|
//! | `group:<chatid>` | people; the application and custom robots write into it, the robot may be in it |
//! | `user:<userid>` | a person and the robot; work notices come there too |
//!
//! `user:bot` is the robot; so are `user:ding-sandbox` (the key of the
//! application) and its name. A group goes by its name and its
//! `openConversationId` as well. Groups that the application creates have its
//! robot in them.
//!
//! # What people do
//!
//! They speak ([`World::say`](crate::World::say)): plain `text`, or a
//! `message` of parts: `text`, `mention` (`id`: somebody, `bot` or `all`),
//! `image` (`base64`, `name`); or one of `voice` (and `text`: what speech
//! recognition finds, `duration` in milliseconds), `video`, `file`, each alone.
//! In a group the robot hears what mentions it. And they act
//! ([`World::act`](crate::World::act)). `robot` is what the robot is told,
//! all else are events:
//!
//! | `action` | details | told |
//! |---|---|---|
//! | (say) to the robot | | robot `text`, `richText`, `picture`, `audio`, `video`, `file` |
//! | (say) in a group to the robot | | robot `text`, `richText` |
//! | `read` | `message` or `conversation` | `robot_msg_read`, of what the robot sent by version 1.0 |
//! | `recall` | `message` of a robot | `robot_msg_recall`, likewise |
//! | `press` | `message`, `key`, `params` | card `actionCallback` |
//! | `create` | `name`; `members`, the robot among them or not; answers the `id` of the group | nothing |
//! | `join` | `group` | `chat_add_member` |
//! | `invite` | `group`, `target` | `chat_add_member`; nothing for the robot |
//! | `remove` | `group`, `target` | `chat_remove_member`; nothing for the robot |
//! | `quit`, or `leave` | `group` | `chat_quit`, and `chat_update_owner` if it was the owner's |
//! | `rename` | `group`, `name` | `chat_update_title` |
//! | `owner` | `group`, `target` | `chat_update_owner` |
//! | `disband` | `group` | `chat_disband` |
//! | `event` | `event`: any callback, as JSON | the event |
//! | `sign_in` | | answers a `code` for `user/getuserinfo` |
//!
//! `group` and `target` are names or ids, `message` is a message id. The owner
//! alone removes people, hands the group over and disbands it. Changes of a
//! group by calls tell the same events, in the name of its owner.
//!
//! Who has read a message is told by `read` alone, and by nothing else that
//! people do.
//!
//! # What goes where
//!
//! An event goes to the address that a call has registered, if it asked for the
//! event there, to the address of the console, and over one Stream connection
//! that asked for events. Posted, it is sent again 10 and 30 seconds after it
//! failed; over Stream a minute after it was sent, three times at most, until
//! somebody acknowledges it. What people say to the robot goes to the robot's
//! own address, or over one Stream connection that asked for it, once: where
//! there is neither it is lost, and people see so. With several connections it
//! is one of them, by chance.
//!
//! # What goes wrong
//!
//! `POST /control/fault` knows what it knows of every platform, and here:
//!
//! | `kind` | what happens |
//! |---|---|
//! | `rate_limit` | 90002, `sub_code` 90002, or `…QpsLimitForApi`, as the interface has it |
//! | `expire_tokens` | the token of the call has expired, and the next one is another |
//! | `blocked` | the answer to an address that is locked out: `x5`, and no error code |
//! | `html` | a page instead of an answer, with 200 |
//! | `disconnect` | Stream connections are closed |
//! | `farewell` | Stream connections are told `disconnect`, then nothing more; 10 s later they are closed |
//! | `cut` | Stream connections stay open and nothing passes any more, not even pings |
//!
//! `cut` and `farewell` happen to the connections that are open then. After
//! `farewell` what is said to the robot is lost until another is open; after
//! `cut` the platform has noticed, and what is said waits a few seconds
//! (`hold_s` of `/control/dingtalk/delivery`) for a connection that is alive.

mod archive;
mod calls;
mod cards;
mod chats;
mod check;
mod content;
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
