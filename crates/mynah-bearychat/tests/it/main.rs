//! The wire format of BearyChat, held against recorded traffic and the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod calls;
mod credentials;
mod errors;
mod limits;
mod pages;
mod query;
mod requests;
mod table;
mod times;
mod vectors;
