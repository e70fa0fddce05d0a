//! The data half of OneBot 11 against recorded vectors.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod events;
mod inbound;
mod messages;
mod quick;
mod socket;
mod vectors;
