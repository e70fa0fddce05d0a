//! Finds Python and keeps an environment with pinned packages for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Says whether this Python will do: the packages want 3.11, we want `venv`.
const PROBE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";

/// A Python interpreter.
pub(crate) struct Python(PathBuf);

impl Python {
    /// The interpreter with settings every script of ours wants.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.0);
        command
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // All traffic of the scripts stays on this machine.
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("no_proxy", "127.0.0.1,localhost");
        command
    }
}

/// The machine's Python, or the reason why there is none to use.
pub(crate) fn find(install: bool) -> Result<Result<Python, String>> {
    if install && usable().is_err() {
        process::apt_install(&["python3", "python3-venv"])?;
    }
    Ok(usable())
}

fn usable() -> Result<Python, String> {
    let Some(program) = process::find_program(&["python3"]) else {
        return Err("python3 is not installed".to_owned());
    };
    if process::succeeds(Command::new(&program).args(["-c", PROBE])) {
        Ok(Python(program))
    } else {
        Err("python3 is older than 3.11 or lacks venv (Debian: python3-venv)".to_owned())
    }
}

/// An environment in `folder` with exactly the packages of `requirements`.
///
/// It is made anew when the requirements or the interpreter have changed.
pub(crate) fn environment(python: &Python, requirements: &Path, folder: &Path) -> Result<Python> {
    let wanted = fs::read_to_string(requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let wanted = format!("{}\n{wanted}", python.0.display());
    let venv = folder.join("venv");
    let stamp = folder.join("venv.stamp");
    let inside = Python(venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    }));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(inside);
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    process::run(python.command().args(["-m", "venv", "--clear"]).arg(&venv))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ];
    process::run(inside.command().args(pip).arg(requirements))?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(inside)
}
