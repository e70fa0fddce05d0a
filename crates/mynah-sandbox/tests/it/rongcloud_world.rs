//! The world of RongCloud, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod calls;
mod chatroom;
mod conversation;
pub(crate) mod events;
mod group;
mod history;
mod message;
mod people;
mod push;
mod quota;
mod recorded;
mod sms;
mod snapshot;
mod support;
mod user;
mod views;
mod words;
