//! The sandbox's page in headless Chromium.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::process::{self, Running};
use crate::python::{self, Python};
use crate::sandbox;
use crate::suite::{Outcome, Surroundings};
use crate::voice::say;

const SCRIPT_LIMIT: Duration = Duration::from_secs(600);
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const DRIVERS: [&str; 1] = ["chromedriver"];

pub(crate) fn run(surroundings: &Surroundings) -> Result<Outcome> {
    let python = match python::find(surroundings.install)? {
        Ok(python) => python,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    if surroundings.install && missing().is_some() {
        process::apt_install(&["chromium", "chromium-driver"])?;
    }
    if let Some(reason) = missing() {
        return Ok(Outcome::Skipped(reason));
    }
    let folder = sandbox::target_folder()?.join("browser");
    std::fs::create_dir_all(&folder)?;
    sandbox::build(surroundings)?;

    let log = folder.join("dev.log");
    try_page(surroundings, &python, &log).inspect_err(|_| say(&sandbox::end_of(&log)))?;
    Ok(Outcome::Passed(String::new()))
}

fn try_page(surroundings: &Surroundings, python: &Python, log: &Path) -> Result<()> {
    let sandbox = sandbox::start(&surroundings.root, "dev", log)?;
    let bare = sandbox::start(
        &surroundings.root,
        "sandbox",
        &log.with_extension("bare.log"),
    )?;
    let script = "crates/mynah-sandbox/tests/browser/page_test.py";
    let mut command = python.command();
    command
        .arg(surroundings.root.join(script))
        .env("MYNAH_URL", &sandbox.url)
        .env("MYNAH_BARE_URL", &bare.url);
    let show = |line: &str| say(&format!("  {line}"));
    let status = Running::start(&mut command, None)?.finish(SCRIPT_LIMIT, show)?;
    ensure!(status.success(), "{script}: {status}");
    Ok(())
}

/// What keeps the browser from starting, if anything.
fn missing() -> Option<String> {
    if process::find_program(&BROWSERS).is_none() {
        return Some("chromium is not installed".to_owned());
    }
    if process::find_program(&DRIVERS).is_none() {
        return Some("chromedriver is not installed (Debian: chromium-driver)".to_owned());
    }
    None
}
