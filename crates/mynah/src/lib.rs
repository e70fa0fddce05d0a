//! Mynah (八哥): chat platforms in Rust.
//!
//! One crate to depend on; what it holds lives in the crates behind it.
//!
//! | module | what it is for | feature |
//! |---|---|---|
//! | [`bot`] | events, messages, router, `mynah.toml` | `bot` |
//! | [`client`] | typed calls, async or blocking | `client`, `blocking`, `reqwest`, `tower` |
//! | [`inbound`] | verified event posts, WebSockets both ways | `inbound` |
//! | [`onebot`] | OneBot 11: 110 actions, 56 events, messages | `onebot` |
//! | [`dingtalk`] | DingTalk: calls, callbacks, robots, Stream | `dingtalk` |
//! | [`rongcloud`] | RongCloud: calls, message contents, callbacks | `rongcloud` |
//! | [`bearychat`] | BearyChat: calls, RTM, hooks | `bearychat` |
//! | [`wecom`] | WeCom: calls, callbacks, group robots, intelligent bots | `wecom` |
//! | [`sandbox`] | the platform's server, to test against | `sandbox` |
//! | [`core`] | what an endpoint, a credential, a call is | always |
//!
//! ```
//! use mynah::bot::{Args, Router, command};
//!
//! async fn roll(Args(sides): Args<u32>) -> String {
//!     format!("1..={sides}")
//! }
//!
//! let bot = Router::<()>::new().on(command("ping"), async || "pong").on(command("roll"), roll);
//! assert_eq!(bot.commands(), ["ping", "roll"]);
//! ```

#[cfg(feature = "bearychat")]
pub use mynah_bearychat as bearychat;
#[cfg(feature = "bot")]
pub use mynah_bot as bot;
#[cfg(feature = "bot")]
pub use mynah_bot::Bot;
#[cfg(feature = "client")]
pub use mynah_client as client;
pub use mynah_core as core;
#[cfg(feature = "dingtalk")]
pub use mynah_dingtalk as dingtalk;
#[cfg(feature = "inbound")]
pub use mynah_inbound as inbound;
#[cfg(feature = "onebot")]
pub use mynah_onebot as onebot;
#[cfg(feature = "rongcloud")]
pub use mynah_rongcloud as rongcloud;
#[cfg(feature = "sandbox")]
pub use mynah_sandbox as sandbox;
#[cfg(feature = "wecom")]
pub use mynah_wecom as wecom;
