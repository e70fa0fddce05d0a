//! The world of RongCloud, without a socket.

// What a test writes down, it hands over.
#![allow(clippy::needless_pass_by_value)]

mod chatroom;
mod conversation;
mod history;
mod push;
mod quota;
mod sms;
mod support;
