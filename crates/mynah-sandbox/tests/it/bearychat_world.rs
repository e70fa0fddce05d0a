//! The world of BearyChat, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod calls;
mod chance;
mod channel;
mod hooks;
mod messages;
mod p2p;
mod pins;
mod query;
mod recorded;
mod rtm;
mod session;
mod snapshot;
mod speech;
mod support;
mod user;
mod views;
