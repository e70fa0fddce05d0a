//! The wire format of RongCloud, held against recorded traffic and the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod contents;
mod encoding;
mod errors;
mod events;
mod explain;
mod history;
mod inbound;
mod limits;
mod limits_of_messages;
mod requests;
mod signature;
mod table;
mod templates;
mod times;
mod vectors;
