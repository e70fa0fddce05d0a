//! Builds the program `mynah` and runs its servers on a free port.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{self, Running};
use crate::suite::Surroundings;

const START_LIMIT: Duration = Duration::from_secs(20);
const LOG_LINES: usize = 40;

/// A running `mynah sandbox` or `mynah dev`.
pub(crate) struct Sandbox {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub(crate) url: String,
    _running: Running,
}

/// The folder that cargo builds into.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.parent().and_then(Path::parent);
    folder
        .map(Path::to_path_buf)
        .context("xtask was not started by cargo")
}

/// Builds the program, unless the tests have needed it already.
pub(crate) fn build(surroundings: &Surroundings) -> Result<()> {
    if surroundings.has_program {
        return Ok(());
    }
    let mut cargo = process::cargo(&surroundings.root);
    process::run(cargo.args(["build", "--package", "mynah-cli", "--bin", "mynah"]))
}

/// Starts `mynah <subcommand>` and waits until it listens.
///
/// What it says on standard error goes to the file `log`.
pub(crate) fn start(root: &Path, subcommand: &str, log: &Path) -> Result<Sandbox> {
    // Cargo puts this program and `mynah` into the same folder.
    let program =
        std::env::current_exe()?.with_file_name(format!("mynah{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .args([subcommand, "--listen", "127.0.0.1:0"]);
    let mut running = Running::start(&mut command, Some(log))?;
    let url = running
        .wait_for(START_LIMIT, listening_on)
        .with_context(|| format!("mynah {subcommand} did not start"))?;
    Ok(Sandbox {
        url,
        _running: running,
    })
}

/// The last lines of the file `log`, to be shown when a check has failed.
pub(crate) fn end_of(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(LOG_LINES);
    format!("{} ends with\n{}", log.display(), lines[from..].join("\n"))
}

/// The address in a line such as `mynah sandbox listening on http://127.0.0.1:7700`.
fn listening_on(line: &str) -> Option<String> {
    let (_, address) = line.split_once("http://127.0.0.1:")?;
    let port: u16 = address
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()?;
    Some(format!("http://127.0.0.1:{port}"))
}

#[cfg(test)]
mod tests {
    use super::listening_on;

    #[test]
    fn the_address_is_found_in_the_line() {
        let found = listening_on("mynah sandbox listening on http://127.0.0.1:40123");
        assert_eq!(found.as_deref(), Some("http://127.0.0.1:40123"));
        let found = listening_on("  page  http://127.0.0.1:7700/ (open it)");
        assert_eq!(found.as_deref(), Some("http://127.0.0.1:7700"));
    }

    #[test]
    fn other_lines_are_passed_over() {
        for line in [
            "",
            "starting",
            "http://127.0.0.1:",
            "http://127.0.0.1:99999/",
        ] {
            assert_eq!(listening_on(line), None, "{line:?}");
        }
    }
}
