//! OneBot 11 (CQHTTP), typed, for both sides of the wire.
//!
//! The protocol that QQ bots speak: an *implementation* (go-cqhttp, NapCat,
//! LLOneBot, Lagrange.OneBot) owns the account, a *framework* reads its events
//! and calls its actions. Here are the [`actions`] (all 110 that the standard
//! and its implementations know), the [`event`]s, [`message`]s with their CQ
//! codes, [`quick`] operations, and the rules of the transports, for both
//! sides. Nothing here does I/O.
//!
//! ```
//! use mynah_core::encode_request;
//! use mynah_onebot::actions::message::SendGroupMsg;
//! use mynah_onebot::{Event, GroupId, Segment, UserId};
//!
//! // An event comes in …
//! let event = Event::from_slice(br#"{"time": 1515204254, "self_id": 10000,
//!     "post_type": "message", "message_type": "group", "sub_type": "normal",
//!     "message_id": 1002, "group_id": 20001, "user_id": 10001, "anonymous": null,
//!     "message": "[CQ:at,qq=10000] hi", "raw_message": "", "font": 0, "sender": {}}"#)?;
//! assert_eq!(event.name(), "message.group.normal");
//!
//! // … and a call goes out.
//! let reply = SendGroupMsg::new(GroupId(20001), Segment::at(UserId(10001)) + " hello");
//! let request = encode_request(&"http://127.0.0.1:5700".parse()?, &reply)?;
//! assert_eq!(request.uri(), "http://127.0.0.1:5700/send_group_msg");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod actions;
mod auth;
pub mod event;
pub mod explain;
pub mod id;
mod inbound;
mod later;
mod lenient;
mod list;
pub mod message;
mod platform;
pub mod quick;
pub mod socket;
pub mod types;

pub use auth::AccessToken;
pub use event::{Event, RawEvent};
pub use id::{DiscussId, GroupId, MessageId, UserId};
pub use inbound::PostSecret;
pub use later::Later;
pub use message::{Content, Message, Segment};
pub use platform::{OneBot, parameters, retcode};
pub use quick::QuickOperation;
