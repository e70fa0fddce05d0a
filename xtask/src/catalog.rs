//! `cargo xtask catalog`: the table of endpoints in `docs/catalog.md`, those of what
//! accounts can do in `docs/capabilities.md`, and of what codes mean in
//! `docs/errors.md`.
//!
//! The tables are made by tests, `tests/tidy/catalog.rs`,
//! `tests/tidy/capability_catalog.rs` and `tests/tidy/error_catalog.rs`: so this
//! program needs none of the crates it watches over, and is built at once.

use std::path::Path;

use anyhow::Result;

use crate::process;

/// Writes the tables, or with `check` compares them with what there is.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let mut command = process::cargo(root);
    command.args([
        "test",
        "--quiet",
        "--package",
        "xtask",
        "--test",
        "tidy",
        "catalog",
    ]);
    if !check {
        command.env("MYNAH_WRITE_CATALOG", "1");
    }
    process::run(&mut command)
}
