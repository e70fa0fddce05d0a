//! WeCom (企业微信), typed, for both sides of the wire.

pub mod aibot;
pub mod api;
pub mod auth;
pub mod card;
pub mod id;
mod lenient;
mod list;
pub mod message;
mod platform;
pub mod types;
mod words;

pub use auth::{Application, Secret, WebhookKey};
pub use id::{AgentId, ChatId, DepartmentId, Joined, MediaId, MsgId, TagId, UserId};
pub use message::{BotMessage, Message, WebhookMessage};
pub use platform::{WeCom, errcode};
