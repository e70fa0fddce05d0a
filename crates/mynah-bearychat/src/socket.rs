//! RTM: a program opens a WebSocket, is told over it what happens, and may speak over it
//! (<https://github.com/bearyinnovative/OpenAPI/tree/master/rtm>).
//!
//! [`RtmDialer`] calls start for an address that is good for five minutes, and connects;
//! [`RtmSession`] is the program's end of the connection, [`ServerSession`] the platform's. Each
//! frame of the program is acknowledged by a `reply` with the same `call_id`; events are neither
//! acknowledged nor told again: what happened while there was no connection stands in the history.
//!
//! Over the socket nothing can be attached. What it can do and calls cannot is to quote: a frame
//! has a `refer_key`, [`CreateMessage`](crate::api::message::CreateMessage) has none.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use mynah_bearychat::event::{Connection, Event};
//! use mynah_bearychat::socket::{
//!     ClientFrame, Limits, RtmEvent, RtmSession, Sent, ServerLimits, ServerSession,
//! };
//! use mynah_bearychat::Millis;
//! use mynah_core::{Cx, Session, Ticket};
//!
//! let now = Instant::now();
//! let ts = Millis(1_487_571_355_491);
//! let wall = ts.time().expect("a time");
//! let mut bot = RtmSession::new(None, Limits::default(), now);
//! let mut platform = ServerSession::new(ServerLimits::default(), Cx { now, wall, nonce: 0 });
//!
//! // The platform says hello, and answers the first ping.
//! platform.deliver(&Event::connection("=bwBot", Connection::Connected, ts));
//! platform.handle_frame(now, bot.poll_send().expect("a ping"));
//! while let Some(frame) = platform.poll_send() {
//!     bot.handle_frame(now, frame);
//! }
//! assert!(matches!(bot.poll_event(), Some(RtmEvent::Connected(None))));
//!
//! // The bot says something; the platform takes it.
//! let hello = ClientFrame::channel_message("=bwDfQ", "你好").to_request();
//! bot.call(now, Ticket(1), &hello, now + Duration::from_secs(60))?;
//! platform.handle_frame(now, bot.poll_send().expect("what it says"));
//! let asked = platform.poll_event().expect("what was said");
//! assert_eq!(asked.frame, ClientFrame::channel_message("=bwDfQ", "你好"));
//! platform.answer(now, asked.call, Ok(()));
//! while let Some(frame) = platform.poll_send() {
//!     bot.handle_frame(now, frame);
//! }
//! let (_, answer) = bot.poll_answer().expect("the acknowledgement");
//! assert_eq!(Sent::of(&answer?)?.ts, Some(ts));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calls;
mod dialer;
mod frame;
mod server;
mod session;

pub use dialer::RtmDialer;
pub use frame::{ClientFrame, Sent};
pub use server::{Asked, Call, ServerLimits, ServerSession, ticket_of};
pub use session::{Delivery, Ignored, Limits, Reason, RtmEvent, RtmSession};

/// The close code of whoever does not wait for the other any longer (RFC 6455, 7.4.1).
const GOING_AWAY: u16 = 1001;
