//! BearyChat (倍洽), typed, for both sides of the wire.
//!
//! A team makes a robot that is a user (a hubot) and gets a [token](Token) for it. With it a bot
//! calls OpenAPI ([`BearyChat`], at [`API`]) and opens a connection over which it hears what is said
//! ([`Rtm`], at [`RTM`]). Robots that only speak post to an [incoming hook](IncomingHook) ([`Hook`],
//! at [`HOOK`]).
//!
//! Here are the calls ([`api`]), what they tell ([`types`]), the errors ([`errors`]), which messages
//! are asked for ([`query`], [`Pager`]), the connection ([`socket`]) and what is heard over it
//! ([`event`]), and what the platform posts ([`hook`]), for both sides. Nothing here does I/O.
//!
//! ```
//! use std::time::{Instant, SystemTime};
//!
//! use mynah_bearychat::api::message::CreateMessage;
//! use mynah_bearychat::{API, BearyChat, Token};
//! use mynah_core::{Auth, Cx, HttpResponse, Platform, decode_output, encode_request};
//!
//! // Something to say, in the name of the hubot whose token it is.
//! let hello = CreateMessage::new("=bw52O", "hello");
//! let mut request = encode_request(&API.parse()?, &hello)?;
//! let cx = Cx { now: Instant::now(), wall: SystemTime::now(), nonce: 7 };
//! Token::from("sandbox-token").authorize(&mut request, cx)?;
//! assert_eq!(
//!     request.uri(),
//!     "https://api.bearychat.com/v1/message.create?token=sandbox-token"
//! );
//!
//! // The answer is the message: by its key it can be changed, quoted and found again.
//! let answer = r#"{"key":"1485236262366.0193","vchannel_id":"=bw52O","text":"hello"}"#;
//! let payload = BearyChat::open(&HttpResponse::new(answer.into()))?;
//! let message = decode_output::<CreateMessage>(&payload)?;
//! assert_eq!(message.key.place().unwrap().counter, 193);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod api;
pub mod auth;
pub mod errors;
pub mod event;
pub mod explain;
pub mod hook;
pub mod id;
pub mod limits;
mod list;
mod pager;
pub mod platform;
pub mod query;
mod service;
pub mod socket;
pub mod text;
mod time;
pub mod types;

/// Where OpenAPI is.
pub const API: &str = "https://api.bearychat.com/v1";

/// Where RTM is over HTTP.
pub const RTM: &str = "https://rtm.bearychat.com";

/// Where incoming hooks are.
pub const HOOK: &str = "https://hook.bearychat.com";

pub use auth::{HookToken, IncomingHook, Token, WsHost};
pub use id::{
    ChannelId, FileKey, MessageId, MessageKey, P2pChannelId, PinId, Place, ReactionId, RobotId,
    SessionChannelId, TeamId, UserId, VchannelId,
};
pub use pager::Pager;
pub use platform::{BearyChat, Hook, Rtm};
pub use query::Query;
pub use service::Service;
pub use time::{Millis, Moment};
pub use types::{Attachment, Message, Vchannel};
