//! Stream: an application opens a WebSocket and is told over it what happens
//! and what people say to its robot, without an address of its own
//! (<https://opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol>).
//!
//! [`StreamDialer`] asks for a ticket and connects, and [`StreamSession`] is its
//! end of the connection; [`ServerSession`] is the platform's end. Replies do
//! not go over the connection: robots answer by the session webhook or by the
//! interfaces of the application.
//!
//! ```
//! use std::time::{Duration, Instant, SystemTime};
//!
//! use mynah_core::{Cx, Session};
//! use mynah_dingtalk::api::stream::Subscription;
//! use mynah_dingtalk::robot::{Content, ConversationType, RobotMessage};
//! use mynah_dingtalk::stream::{
//!     Limits, ServerLimits, ServerSession, StreamEvent, StreamSession, Told, topic,
//! };
//!
//! let now = Instant::now();
//! let cx = Cx { now, wall: SystemTime::UNIX_EPOCH, nonce: 1 };
//! let subscriptions = vec![Subscription::callback(topic::ROBOT)];
//! let mut client = StreamSession::new(subscriptions.clone(), Limits::default(), now);
//! let mut platform = ServerSession::new("app", "connection-1", subscriptions, ServerLimits::default(), cx);
//!
//! // The platform says something …
//! let hello = Content::text("你好");
//! let said = RobotMessage::new("msg1", "cid1", ConversationType::Single, "$:1", hello);
//! assert!(platform.deliver(now, "1", &Told::from(said)));
//! while let Some(frame) = platform.poll_send() {
//!     client.handle_frame(now, frame);
//! }
//! assert!(matches!(client.poll_event(), Some(StreamEvent::Connected)));
//! let Some(StreamEvent::Delivered(delivery)) = client.poll_event() else { panic!() };
//! assert!(matches!(delivery.told, Told::Robot(message) if message.text() == Some("你好")));
//!
//! // … and hears that it was taken once it was handed over.
//! assert!(client.poll_send().is_none());
//! client.acknowledge(2);
//! platform.handle_frame(now, client.poll_send().expect("the acknowledgement"));
//! let acknowledged = platform.poll_event().expect("the word of it");
//! assert_eq!((acknowledged.message_id.as_str(), acknowledged.code), ("1", 200));
//! # let _ = Duration::ZERO;
//! ```

mod card;
mod dialer;
mod frame;
mod outbox;
mod server;
mod session;
mod told;

pub use card::{CardAction, CardCallback};
pub use dialer::StreamDialer;
pub use outbox::{Outbox, Overdue};
pub use server::{Acknowledged, ServerLimits, ServerSession, ticket_of};
pub use session::{Delivery, Ignored, Limits, Reason, StreamEvent, StreamSession};
pub use told::Told;

/// The topics of callbacks.
pub mod topic {
    /// What people say to the robot.
    pub const ROBOT: &str = "/v1.0/im/bot/messages/get";
    /// What people say to a robot that the application stands in for.
    pub const DELEGATE: &str = "/v1.0/im/bot/messages/delegate";
    /// What people do with an interactive card.
    pub const CARD: &str = "/v1.0/card/instances/callback";
    /// Calls of an assistant.
    pub const GRAPH: &str = "/v1.0/graph/api/invoke";
    /// The only topic of events.
    pub const EVENTS: &str = "*";
}

/// The codes of acknowledgements.
pub mod code {
    /// Taken.
    pub const OK: i64 = 200;
    /// Cannot be read.
    pub const BAD_REQUEST: i64 = 400;
    /// The topic is not known here.
    pub const NOT_FOUND: i64 = 404;
    /// Could not be handled.
    pub const INTERNAL_ERROR: i64 = 500;
}
