//! The project's chores, run as `cargo xtask <command>`.
//!
//! `cargo xtask test` is what a contributor runs before a pull request, and what
//! continuous integration runs. The rules about the repository itself (which
//! crate may use which, what a pure crate must not contain) are tests of this
//! package: see `tests/tidy`.

mod args;
mod browser;
mod catalog;
mod node;
mod peers;
mod process;
mod python;
mod sandbox;
mod suite;
mod voice;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::args::Command;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(problem) => {
            eprintln!("{problem}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs `command`; `false` says that it ran and found something wrong.
fn run(command: &Command) -> Result<bool> {
    let root = workspace_root()?;
    match command {
        Command::Help => {
            println!("{}", args::USAGE);
            Ok(true)
        }
        Command::Test(options) => Ok(suite::run(&root, options)),
        Command::Catalog { check } => catalog::run(&root, *check).map(|()| true),
    }
}

fn workspace_root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .context("xtask does not lie inside a workspace")
}
