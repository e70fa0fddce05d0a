//! Drives what arrives: an HTTP receiver as a tower service, and one WebSocket
//! driver for every platform.
//!
//! What a push means and what a frame means is each platform's own matter
//! ([`Inbound`](mynah_core::Inbound), [`Session`](mynah_core::Session)); here
//! are the sockets, the clocks and the limits.
//!
//! A [`Receiver`] takes what a platform posts. It is a service, so it can be
//! mounted in any server and called without one:
//!
//! ```
//! use std::time::SystemTime;
//!
//! use http_body_util::Full;
//! use mynah_core::Inbound;
//! use mynah_inbound::{Post, Receiver, Receiving};
//! use mynah_onebot::{Event, OneBot, PostSecret, QuickOperation};
//! use tower_service::Service;
//!
//! async fn answer(post: Post<Event>) -> Option<QuickOperation> {
//!     post.event.message().map(|_| QuickOperation::reply("pong"))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secret = PostSecret::new(&"sandbox-secret".to_owned().into());
//! let mut receiver = Receiver::<OneBot, _>::new(secret.clone(), answer, Receiving::default());
//!
//! let event = Event::from_slice(br#"{"post_type": "message", "message_type": "private",
//!     "sub_type": "friend", "message_id": 1001, "user_id": 10001, "message": "ping"}"#)?;
//! let signed = OneBot::push(&secret, &event, 0, SystemTime::now());
//! assert_eq!(receiver.call(signed.map(Full::new)).await?.status(), 200);
//!
//! let forged = OneBot::push(&PostSecret::none(), &event, 0, SystemTime::now());
//! assert_eq!(receiver.call(forged.map(Full::new)).await?.status(), 401);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Hub`] takes the sockets that platforms open to us, and [`serve`] runs
//! both at one address; [`connect`] keeps a socket up that we open ourselves.
//! Whoever was heard over a socket can be called over it:
//!
//! ```no_run
//! use std::future::pending;
//!
//! use mynah_inbound::{Handle, Hub, Limits, Settings, connect, serve};
//! use mynah_onebot::socket::{Forward, Reverse, Role};
//! use mynah_onebot::{AccessToken, RawEvent};
//!
//! async fn hear(from: Handle, event: RawEvent) {
//!     println!("{}: {}", from.account(), event.event.name());
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let token = AccessToken::new("sandbox-token")?;
//! let there = Forward::new(&"ws://127.0.0.1:6700".parse()?, Role::Universal, token.clone())?;
//! let connection = connect("10000", there, hear, Settings::default());
//!
//! let hub = Hub::new(Reverse::new(token), hear, Settings::default());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve(listener, hub, Limits::default(), pending()).await;
//! # Ok(())
//! # }
//! ```

mod alarm;
mod memory;
mod receiver;
mod server;
mod socket;

pub use receiver::{Handler, Post, Receiver, Receiving};
pub use server::{Limits, serve};
pub use socket::{Connection, Handle, Hub, Listener, Settings, Tunnel, WithHub, connect};
