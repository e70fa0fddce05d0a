//! The program, run as a user runs it, against a sandbox of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod call;
mod completion;
mod dev;
mod doctor;
#[cfg(unix)]
mod documents;
mod dry_run;
mod exits;
mod explain;
#[cfg(unix)]
mod handlers;
mod harness;
mod settings;
mod table;
mod talk;
mod ten_accounts;
