//! The sandbox from outside: its worlds without a socket, and all of it over
//! real sockets on this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod bearychat_rim;
mod bearychat_world;
mod control;
mod coverage;
mod dingtalk_rim;
mod dingtalk_world;
mod faults;
mod forward;
mod http;
mod journal;
mod notes;
mod onebot_world;
mod page;
mod post;
mod reverse;
mod rongcloud_rim;
mod rongcloud_world;
mod support;
mod talk;
mod wecom_rim;
mod wecom_world;
