//! The wire format of DingTalk, held against recorded traffic and the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod errors;
mod events;
mod explain;
mod inbound;
mod requests;
mod robots;
mod signature;
mod stream;
mod table;
mod text;
mod tokens;
mod vectors;
