//! WeCom against what was recorded from others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod aibot;
