//! The rules about this repository that no compiler checks.
//!
//! Each module holds one rule: a function that finds what breaks it in a piece
//! of text, a test of that function on text that does break it, and a test that
//! holds the repository to the rule.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod capability_catalog;
mod catalog;
mod dependencies;
mod endpoints;
mod error_catalog;
mod languages;
mod links;
mod llms;
mod manifests;
mod migration;
mod outline;
mod pure;
mod readme;
mod repository;
mod tokens;
mod words;
