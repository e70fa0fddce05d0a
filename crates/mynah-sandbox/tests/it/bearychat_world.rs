//! The world of BearyChat, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod hooks;
mod messages;
mod pins;
mod query;
mod rtm;
mod speech;
mod support;
