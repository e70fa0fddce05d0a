//! The sandbox against the frameworks people use, unmodified.
//!
//! The scripts in `xtask/peers` run in a Python environment of their own, each
//! against a sandbox of its own, so that none finds what another left behind.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use crate::process::Running;
use crate::python::{self, Python};
use crate::sandbox;
use crate::suite::{Outcome, Surroundings};

/// In the order they run: the simplest transport first.
const SCRIPTS: [&str; 5] = [
    "aiocqhttp_calls",
    "aiocqhttp_post",
    "aiocqhttp_reverse_ws",
    "nonebot_reverse",
    "nonebot_forward",
];

/// The scripts give up by themselves after 60 seconds.
const SCRIPT_LIMIT: Duration = Duration::from_secs(90);

pub(crate) fn run(surroundings: &Surroundings) -> Result<Outcome> {
    let python = match python::find(surroundings.install)? {
        Ok(python) => python,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let scripts = surroundings.root.join("xtask").join("peers");
    let folder = sandbox::target_folder()?.join("peers");
    let python = python::environment(&python, &scripts.join("requirements.txt"), &folder)?;
    sandbox::build(&surroundings.root)?;

    let mut tally = Tally::default();
    let mut failed = Vec::new();
    for script in SCRIPTS {
        println!("\n{script}");
        let log = folder.join(format!("{script}.log"));
        match run_script(surroundings, &python, &scripts, script, &log) {
            Ok(checks) => tally.add(checks),
            Err(error) => {
                eprintln!("{error:#}\n{}", sandbox::end_of(&log));
                failed.push(script);
            }
        }
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(Outcome::Passed(format!(
        "{} checks in {} scripts",
        tally.passed,
        SCRIPTS.len()
    )))
}

/// What a script counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Reads the last line of a script, `12 passed, 0 failed`.
    fn parse(line: &str) -> Option<Self> {
        let (passed, rest) = line.split_once(" passed, ")?;
        let failed = rest.strip_suffix(" failed")?;
        Some(Self {
            passed: passed.parse().ok()?,
            failed: failed.parse().ok()?,
        })
    }
}

fn run_script(
    surroundings: &Surroundings,
    python: &Python,
    scripts: &Path,
    script: &str,
    log: &Path,
) -> Result<Tally> {
    let sandbox = sandbox::start(&surroundings.root, "sandbox", log)?;
    let mut command = python.command();
    command
        .arg(scripts.join(format!("{script}.py")))
        .env("MYNAH_SANDBOX", &sandbox.url);
    let mut tally = None;
    let status = Running::start(&mut command, None)?.finish(SCRIPT_LIMIT, |line| {
        println!("  {line}");
        tally = Tally::parse(line).or(tally);
    })?;
    match tally {
        Some(tally) if status.success() && tally.failed == 0 && tally.passed > 0 => Ok(tally),
        Some(tally) => bail!("{script}: {} checks failed, {status}", tally.failed),
        None => bail!("{script} did not get to its end: {status}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_script_is_its_tally() {
        assert_eq!(
            Tally::parse("12 passed, 3 failed"),
            Some(Tally {
                passed: 12,
                failed: 3
            })
        );
        for line in [
            "ok send_msg",
            "passed, failed",
            "12 passed",
            "-1 passed, 0 failed",
        ] {
            assert_eq!(Tally::parse(line), None, "{line:?}");
        }
    }

    #[test]
    fn every_script_is_there() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        for script in SCRIPTS {
            assert!(folder.join(format!("{script}.py")).is_file(), "{script}");
        }
    }
}
