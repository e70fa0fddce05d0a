//! WeCom (企业微信), typed, for both sides of the wire.

mod list;
mod platform;

pub use platform::{WeCom, errcode};
