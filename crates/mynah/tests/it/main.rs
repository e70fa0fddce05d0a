//! A bot of the bot layer in the sandbox, by every way there is to connect.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod bearychat;
mod calls;
mod crowd;
mod dingtalk;
mod docs;
mod drain;
mod everywhere;
mod migration;
mod once;
mod readme;
mod recipes;
mod recording;
mod rongcloud;
mod script;
mod talk;
mod tokens;
mod vocabulary;
mod wecom;
mod world;
