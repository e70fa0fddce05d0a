//! The envelope against what was recorded from others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod envelope;
mod key;
mod media;
mod vectors;
