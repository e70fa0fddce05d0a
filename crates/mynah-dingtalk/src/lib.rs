//! DingTalk (钉钉), typed, for both sides of the wire.

mod list;
mod platform;

pub use platform::{DingTalk, OpenApi};
