//! The interfaces of WeCom, over real sockets.

mod bot;
mod callback;
mod http;
mod support;
