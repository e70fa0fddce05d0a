//! The wire format of RongCloud, held against recorded traffic and the documentation.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod limits;
mod requests;
mod table;
mod vectors;
