//! One bot, many platforms: events, messages, a router, and the order of things.
//!
//! Handlers are async functions. What they take is extracted from the event,
//! what they return is the reply, and the first route whose filter accepts an
//! event takes it.
//!
//! ```
//! use mynah_bot::{Args, Message, Router, Sender, State, command, contains, joined, mention};
//!
//! #[derive(Clone)]
//! struct Rota {
//!     today: String,
//! }
//!
//! /// `/roll 20`
//! async fn roll(Args(sides): Args<u32>) -> String {
//!     format!("1..={sides}")
//! }
//!
//! async fn on_call(State(rota): State<Rota>) -> String {
//!     format!("今天值班：{}", rota.today)
//! }
//!
//! async fn welcome(Sender(user): Sender) -> Message {
//!     Message::text("欢迎 ").mention(user)
//! }
//!
//! let bot = Router::<Rota>::new()
//!     .on(command("ping"), async || "pong")
//!     .on(command("roll"), roll)
//!     .on(mention() & contains("值班"), on_call)
//!     .on(joined(), welcome);
//! assert_eq!(bot.commands(), ["ping", "roll"]);
//! ```

// Documents that tests share are written as seen from outside.
#[cfg(test)]
extern crate self as mynah_bot;

pub mod bearychat;
mod body;
mod bulk;
mod capability;
mod choices;
mod compile;
mod config;
mod desk;
mod dialogue;
pub mod dingtalk;
mod event;
mod extract;
mod filter;
mod forward;
mod guard;
mod id;
mod inband;
mod keep;
mod link;
mod media;
mod message;
mod observe;
pub mod onebot;
mod order;
mod outboxes;
mod outgoing;
mod overlap;
mod recent;
mod reply;
pub mod rongcloud;
mod room;
mod router;
mod run;
mod server;
mod way;
pub mod wecom;

pub use capability::{Capabilities, Capability, Support, Unsupported};
pub use config::{
    Account, AccountKind, BadConfig, BearyChatAccount, BearyChatHubot, BearyChatOutgoing,
    BearyChatRobot, Config, DingTalkAccount, DingTalkApp, DingTalkCallback, DingTalkEvents,
    DingTalkRobot, Forward, ForwardWay, OneBotAccount, RongCloudAccount, Secret, WeComAccount,
    WeComApplication, WeComBot, WeComCallback, WeComCalledBot, WeComRobot,
};
pub use dialogue::Ask;
pub use event::{Event, EventKind, Native};
pub use extract::{
    Args, Context, FromContext, FromRef, Mentions, On, Pressed, Quoted, Reject, Sender, State,
    Words,
};
pub use filter::{
    Filter, account, command, commands, contains, conversation, direct, edited, from, group,
    joined, kind, left, mention, message, platform, poked, pressed, reacted, recalled, regex,
    request, text, when,
};
pub use forward::Handlers;
pub use guard::{LoopGuard, Rate};
pub use id::{BadId, Conversation, Id, MessageId, Place, Platform, UserId};
pub use media::{MediaProblem, MediaRefused};
pub use message::{Button, ButtonAction, Card, Link, Location, Media, Message, Part, Source};
pub use observe::{Observer, Outcome};
pub use order::{Entry, Later, Order, Turn};
pub use outboxes::Outboxes;
pub use outgoing::{Compiled, PartlySent};
pub use overlap::Overlap;
pub use reply::{BotError, Doing, IntoReply, Loss, Outbox, Receipt, Reply, Result, Sending};
pub use room::{
    Changed, Created, GroupInfo, Member, MemberRole, NewGroup, NotDone, Past, Readers, Room, Said,
};
pub use router::{Handler, Handling, Next, Router};
pub use run::{Bot, told_to_stop};
pub use way::transport;
