//! RongCloud (融云), typed, for both sides of the wire.
//!
//! An application's server registers users, sends messages and manages groups and chatrooms at
//! one host ([`RongCloud`], at [`API`]), and verifies telephone numbers at another ([`Sms`], at
//! [`SMS`]). Every call is signed with the secret of the [application](App).
//! Here are the calls ([`api`]), what they say ([`content`]), the signature ([`auth`]) and the
//! errors ([`errors`]), for both sides. Nothing here does I/O.
//!
//! ```
//! use std::time::{Duration, Instant, SystemTime};
//!
//! use mynah_core::{Auth, Cx, HttpResponse, Platform, decode_output, encode_request};
//! use mynah_rongcloud::api::message::PublishPrivate;
//! use mynah_rongcloud::{API, App, RongCloud};
//!
//! // A text message, signed for one moment.
//! let hello = PublishPrivate::saying("alice", ["bob"], "hello");
//! let mut request = encode_request(&API.parse()?, &hello)?;
//! let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_408_710_653);
//! let cx = Cx { now: Instant::now(), wall, nonce: 7 };
//! App::new("rc-sandbox", "sandbox-secret")?.authorize(&mut request, cx)?;
//! assert_eq!(request.uri(), "https://api.rong-api.com/message/private/publish.json");
//! assert_eq!(request.headers()["Timestamp"], "1408710653");
//!
//! // The answer says which message that was: with its id it can be recalled.
//! let answer = r#"{"code":200,"messageUIDs":[{"userId":"bob","messageUID":"5FGT-7VA9-G4DD-4V5P"}]}"#;
//! let payload = RongCloud::open(&HttpResponse::new(answer.into()))?;
//! let published = decode_output::<PublishPrivate>(&payload)?;
//! assert_eq!(published.message_uids[0].message_uid.as_str(), "5FGT-7VA9-G4DD-4V5P");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod api;
pub mod auth;
pub mod content;
pub mod errors;
pub mod event;
pub mod explain;
pub mod history;
pub mod id;
pub mod inbound;
pub mod limits;
mod list;
pub mod message;
mod named;
pub mod platform;
mod template;
mod time;
pub mod types;

/// Where the interface is, in the Chinese data center.
pub const API: &str = "https://api.rong-api.com";

/// The other host of the pair: where calls go when [`API`] does not answer.
pub const API_BACKUP: &str = "https://api-b.rong-api.com";

/// Where telephone numbers are verified.
pub const SMS: &str = "https://api.sms.ronghub.com";

pub use auth::{App, AppSecret, UserToken};
pub use content::{Content, ObjectName};
pub use event::Event;
pub use id::{ChatroomId, DiscussionId, GroupId, MessageUid, TargetId, UserId};
pub use inbound::{Answer, CallbackSecret};
pub use message::{MessageUidEntry, Published};
pub use named::Named;
pub use platform::{RongCloud, Sms};
pub use template::{Render, Rendered, Template};
pub use time::{Hour, Moment};
pub use types::{ConversationType, Flag};
