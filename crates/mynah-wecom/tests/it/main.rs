//! WeCom against what was recorded from others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod aibot;
mod answers;
mod calls;
mod errors;
mod events;
mod explain;
mod inbound;
mod lenient;
mod meter;
mod recorded;
mod replies;
mod requests;
mod table;
mod text;
mod tokens;
mod vectors;
mod xml;
