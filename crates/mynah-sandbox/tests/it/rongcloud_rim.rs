//! The interfaces of RongCloud, over real sockets.

mod callback;
mod check;
mod faults;
mod http;
mod support;
