//! The bot layer, without any platform.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub
)]

mod bearychat;
mod dingtalk;
mod documents;
mod onebot;
mod order;
mod rongcloud;
mod router;
mod said;
mod speaking;
mod wecom;
