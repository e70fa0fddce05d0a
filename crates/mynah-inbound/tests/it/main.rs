//! What arrives, over real sockets on 127.0.0.1.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod aibot;
mod dialled;
mod encrypted;
mod hooks;
mod hub;
mod peer;
mod receiver;
mod rtm;
mod server;
mod session;
mod stream;
mod tls;

use std::time::Duration;

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Long enough for anything that happens at all.
const SOON: Duration = Duration::from_secs(10);

/// What a future gives, which it does soon.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, future)
        .await
        .expect("happens soon")
}
