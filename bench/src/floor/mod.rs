//! The floor: the same work by hand on the bare libraries.
//!
//! hyper, tokio-tungstenite, hmac with sha1, and serde_json with typed
//! structs, as somebody would write it who needs nothing else.

pub mod outbound;
pub mod post;
pub mod text;
pub mod webhook;
pub mod wecom;
pub mod wire;
pub mod ws;
