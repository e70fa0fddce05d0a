//! The platform against recorded vectors.

mod actions;
mod types;
