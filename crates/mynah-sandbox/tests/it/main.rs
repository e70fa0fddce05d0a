//! The sandbox from outside.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod onebot_world;
