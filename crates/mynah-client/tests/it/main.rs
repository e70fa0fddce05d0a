//! The client as its users see it: over transports in memory, and over
//! sockets on the loopback interface.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub
)]

mod calls;
mod log;
mod platform;
mod server;
mod tokens;
mod transports;

#[cfg(feature = "blocking")]
mod blocking;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper")]
mod proxies;
#[cfg(feature = "hyper")]
mod tls;
