//! The client as its users see it: over transports in memory, and over
//! sockets on the loopback interface.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub
)]

mod blocking;
mod calls;
mod hyper;
mod log;
mod platform;
mod proxies;
mod quotas;
mod server;
mod stores;
mod tls;
mod tokens;
mod transports;
mod twins;
mod uploads;
