//! DingTalk (钉钉), typed, for both sides of the wire.
//!
//! Two interfaces stand side by side and two hosts with them: the older one ([`DingTalk`], at
//! [`OAPI`]) and version 1.0 ([`OpenApi`], at [`API`]). One [application](App) has one token for
//! both. A custom robot posts into one group with its [`RobotKey`].
//! Here are their calls ([`api`]), what they say ([`message`]), the tokens and signatures
//! ([`auth`]) and the errors ([`errors`]), for both sides. Nothing here does I/O.
//!
//! ```
//! use std::time::{Instant, SystemTime};
//!
//! use mynah_core::{Auth, Cx, HttpResponse, Platform, Step, Tokens, decode_output, encode_request};
//! use mynah_dingtalk::api::chat::{CreateChat, SendChat};
//! use mynah_dingtalk::{App, DingTalk, OAPI};
//!
//! let base: mynah_core::BaseUrl = OAPI.parse()?;
//! let mut tokens = Tokens::new(base.clone(), App::new("ding-sandbox", "sandbox-secret"));
//! let cx = Cx { now: Instant::now(), wall: SystemTime::now(), nonce: 1 };
//!
//! // A call wants a token first …
//! let mut request = encode_request(&base, &CreateChat::new("值班", "alice", ["alice", "bob"]))?;
//! let Step::First(asking, _) = tokens.authorize(&mut request, cx)? else { panic!() };
//! assert_eq!(asking.uri().path(), "/gettoken");
//! tokens.absorb(r#"{"errcode":0,"access_token":"TOKEN","expires_in":7200}"#.into(), cx)?;
//!
//! // … and then goes out with it.
//! let Step::Ready(_) = tokens.authorize(&mut request, cx)? else { panic!() };
//! assert_eq!(request.uri(), "https://oapi.dingtalk.com/chat/create?access_token=TOKEN");
//!
//! // Its answer is the id of the group, where one can say something.
//! let answer = HttpResponse::new(r#"{"errcode":0,"errmsg":"ok","chatid":"chatcf0675"}"#.into());
//! let created = decode_output::<CreateChat>(&DingTalk::open(&answer)?)?;
//! let hello = SendChat::new(created.chatid, "你好");
//! # let _ = hello;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod api;
pub mod auth;
pub mod errors;
pub mod event;
pub mod explain;
pub mod id;
pub mod inbound;
mod jsapi;
mod list;
mod members;
pub mod message;
pub mod platform;
pub mod robot;
pub mod stream;
pub mod types;

/// Where the classic interface, topapi and custom robots are.
pub const OAPI: &str = "https://oapi.dingtalk.com";

/// Where the interface of version 1.0 is.
pub const API: &str = "https://api.dingtalk.com";

/// Where the obsolete gateway TOP is.
pub const TOP: &str = "https://eco.taobao.com";

pub use auth::{App, Corp, OpenApp, RobotKey, Secret};
pub use id::{
    AgentId, Bars, ChatId, Commas, DepartmentId, Joined, MediaId, MessageId, OpenConversationId,
    ProcessQueryKey, RobotCode, TaskId, UnionId, UserId,
};
pub use inbound::{Answer, CallbackSecret, Event};
pub use jsapi::jsapi_signature;
pub use members::DecodeError;
pub use message::{Message, Template, WebhookMessage};
pub use platform::{DingTalk, OpenApi, errcode};
