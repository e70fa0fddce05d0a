//! OneBot 11 against what was recorded from others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod actions;
mod documented;
mod events;
mod explain;
mod inbound;
mod messages;
mod quick;
mod socket;
mod types;
mod vectors;
