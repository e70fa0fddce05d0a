//! The interfaces of DingTalk, over real sockets.

mod callback;
mod faults;
mod http;
mod robot;
mod stream;
mod support;
