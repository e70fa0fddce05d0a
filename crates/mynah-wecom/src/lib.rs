//! WeCom (企业微信), typed, for both sides of the wire.

pub mod aibot;
mod list;
mod platform;

pub use platform::{WeCom, errcode};
