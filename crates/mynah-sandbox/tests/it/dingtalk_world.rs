//! The world of DingTalk, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod calls;
mod chat;
pub(crate) mod events;
mod im;
mod people;
mod recorded;
mod snapshot;
mod support;
mod views;
