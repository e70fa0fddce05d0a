//! The interfaces of BearyChat, over real sockets.

mod faults;
mod hook;
mod http;
mod recorded;
mod rtm;
mod support;
