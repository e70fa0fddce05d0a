//! The servers of chat platforms, on your machine, with a page where a person chats.
//!
//! ```
//! use mynah_sandbox::Sandbox;
//! use mynah_core::{Bytes, HttpRequest};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let sandbox = Sandbox::builder().listen("127.0.0.1:0".parse()?).start().await?;
//! println!("open {}", sandbox.url());
//!
//! // Or without a socket, in the same process:
//! let request = HttpRequest::new(Bytes::new());
//! let (mut parts, body) = request.into_parts();
//! parts.uri = "/control/health".parse()?;
//! let answer = sandbox.sandbox().handle(HttpRequest::from_parts(parts, body)).await?;
//! assert_eq!(answer.status(), 200);
//! sandbox.shutdown().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

mod assets;
mod chance;
mod clock;
mod control;
mod coverage;
mod fault;
mod guard;
mod hub;
mod journal;
pub mod onebot;
mod sandbox;
mod seed;
mod serve;
mod server;
mod world;

pub use onebot::SeedError;
pub use sandbox::{Builder, Limits, Running, Sandbox, StartError};
pub use seed::Seed;
pub use serve::{Route, Routes, Serve};
pub use world::{
    Act, By, Change, Conversation, Conversations, Joinable, Member, MessageView, Messages, Notice,
    Part, Person, Reaction, Rejected, Said, Say, Speaker, Time, World,
};
