//! WeCom (企业微信), typed, for both sides of the wire.
//!
//! Three interfaces stand side by side, each with a credential of its own: an [`Application`] of
//! the corp, which sends messages, runs group chats and reads the directory; a group robot, which
//! posts into one group with its [`WebhookKey`]; and an intelligent bot, which people talk to.
//! Here are their calls ([`api`]), what they say ([`message`], [`card`]), the tokens ([`auth`])
//! and the errors ([`errors`], [`hint`]), for both sides. Nothing here does I/O.
//!
//! ```
//! use std::time::{Instant, SystemTime};
//!
//! use mynah_core::{Auth, Cx, HttpResponse, Platform, Step, Tokens, decode_output, encode_request};
//! use mynah_wecom::api::appchat::{CreateAppchat, SendAppchat};
//! use mynah_wecom::message::Text;
//! use mynah_wecom::{API, Application, ChatId, WeCom};
//!
//! let base: mynah_core::BaseUrl = API.parse()?;
//! let mut tokens = Tokens::new(base.clone(), Application::new("ww-sandbox", "sandbox-secret"));
//! let cx = Cx { now: Instant::now(), wall: SystemTime::now(), nonce: 1 };
//!
//! // A call wants a token first …
//! let mut request = encode_request(&base, &CreateAppchat::new(["alice", "bob"]).name("值班"))?;
//! let Step::First(asking, _) = tokens.authorize(&mut request, cx)? else { panic!() };
//! assert_eq!(asking.uri().path(), "/cgi-bin/gettoken");
//! tokens.absorb(r#"{"errcode":0,"access_token":"TOKEN","expires_in":7200}"#.into(), cx)?;
//!
//! // … and then goes out with it.
//! let Step::Ready(_) = tokens.authorize(&mut request, cx)? else { panic!() };
//! assert_eq!(
//!     request.uri(),
//!     "https://qyapi.weixin.qq.com/cgi-bin/appchat/create?access_token=TOKEN"
//! );
//!
//! // Its answer is the id of the group, where one can say something.
//! let answer = HttpResponse::new(r#"{"errcode":0,"errmsg":"ok","chatid":"wrABC"}"#.into());
//! let group: ChatId = decode_output::<CreateAppchat>(&WeCom::open(&answer)?)?;
//! let hello = SendAppchat::new(group, Text::new("你好 <@bob>").mention_all());
//! # let _ = hello;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod aibot;
pub mod api;
pub mod auth;
pub mod card;
pub mod errors;
pub mod event;
pub mod explain;
pub mod hint;
pub mod id;
pub mod inbound;
mod jssdk;
mod list;
pub mod message;
pub mod meter;
mod platform;
pub mod reply;
pub mod types;
pub mod xml;

/// Where applications and group robots make their calls.
pub const API: &str = "https://qyapi.weixin.qq.com";

pub use auth::{Application, Secret, WebhookKey};
pub use id::{AgentId, ChatId, DepartmentId, Joined, MediaId, MsgId, TagId, UserId};
pub use inbound::{Answer, CallbackSecret, Event};
pub use jssdk::jssdk_signature;
pub use message::{BotMessage, Message, WebhookMessage};
pub use platform::{WeCom, errcode};
