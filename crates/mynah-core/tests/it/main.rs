//! The core as its users see it: a made-up platform, called and served.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unnecessary_wraps,
    missing_docs,
    unreachable_pub
)]

mod codec;
mod exchange;
mod ids;
mod lenient;
mod openapi;
mod platform;
mod success;
mod tokens;
