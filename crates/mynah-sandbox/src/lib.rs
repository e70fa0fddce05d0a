//! The servers of chat platforms, on your machine, with a page where a person chats.
//!
//! ```
//! use mynah_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let running = Sandbox::builder().listen("127.0.0.1:0".parse()?).start().await?;
//! println!("chat at {}/, call at {0}/onebot/", running.url());
//!
//! // The same answers can be had without the socket.
//! let request = http::Request::get("/control/health").body("".into())?;
//! let answer = running.sandbox().handle(request).await?;
//! assert_eq!(answer.status(), 200);
//!
//! running.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! | where | what |
//! |---|---|
//! | `/` | the page |
//! | `/onebot/<action>` | OneBot 11: calls over HTTP |
//! | `/onebot`, `/onebot/api`, `/onebot/event` | OneBot 11: forward WebSockets |
//! | `/wecom/cgi-bin/…` | WeCom: calls over HTTP |
//! | `/wecom/openws` | WeCom: the long connection of the intelligent bot |
//! | `/dingtalk/…` | DingTalk: calls over HTTP, all of its hosts behind one address |
//! | `/dingtalk/connect` | DingTalk: Stream connections |
//! | `/rongcloud/…` | RongCloud: calls over HTTP, both of its hosts behind one address |
//! | `/bearychat/v1/…` | BearyChat: calls to the OpenAPI |
//! | `/bearychat/rtm/…` | BearyChat: RTM calls, and `nimbus/ws:…` for the sockets they name |
//! | `/bearychat/hook/…` | BearyChat: posts to incoming hooks |
//! | `/control/…` | the control API, described at `/control/openapi.json` |
//!
//! The worlds ([`World`]) do no I/O and know no clock; what drives them is
//! around them. State lives behind one lock that nobody holds while waiting.

mod archive;
mod assets;
pub mod bearychat;
mod chance;
mod clock;
mod control;
mod coverage;
mod details;
pub mod dingtalk;
mod fault;
mod frame;
mod guard;
mod hub;
mod journal;
mod media;
pub mod onebot;
mod platforms;
mod rim;
pub mod rongcloud;
mod sandbox;
mod seed;
mod serve;
mod server;
mod talk;
mod transcript;
mod view;
pub mod wecom;
mod world;

pub use sandbox::{Builder, Limits, Running, Sandbox, StartError};
pub use seed::{Seed, SeedError};
pub use serve::{Route, Routes, Serve};
pub use talk::{Talk, TalkError};
pub use world::{
    Act, By, Card, CardButton, CardChoice, CardField, CardOption, Change, Conversation,
    Conversations, Joinable, Member, MessageView, Messages, Notice, Part, Person, Reaction,
    Rejected, Said, Say, Speaker, Time, World,
};
