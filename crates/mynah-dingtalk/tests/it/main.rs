//! DingTalk against what was recorded from others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod events;
mod inbound;
mod robots;
mod stream;
