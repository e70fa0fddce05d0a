//! The interfaces of BearyChat, over real sockets.

pub(crate) mod events;
mod faults;
mod hook;
mod http;
mod recorded;
mod rtm;
mod support;
