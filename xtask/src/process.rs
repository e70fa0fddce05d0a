//! Starts other programs and waits for them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::voice::say;

/// The cargo that started this program, set up to run in `root`.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        if tells_of_this_package(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo describes our package to us. Build scripts would take that for news
/// about theirs, and a good part of the tree would be built again and again.
fn tells_of_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// Runs `command` to its end; anything but success is an error that names it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    say(&format!("$ {shown}"));
    let status = command
        .status()
        .with_context(|| format!("cannot start {shown}"))?;
    ensure!(status.success(), "{shown}: {status}");
    Ok(())
}

/// Whether `command` starts, and ends well. What it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The first of `names` that is on the `PATH`.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders
            .iter()
            .map(|folder| folder.join(&file))
            .find(|program| program.is_file())
    })
}

/// Whether [`apt_install`] has a chance here.
pub(crate) fn can_install() -> bool {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n");
    root && find_program(&["apt-get"]).is_some()
}

/// `apt-get` does not wait for another one of itself.
static ALONE: Mutex<()> = Mutex::new(());

/// Installs Debian packages where that is possible: as root, with `apt-get`.
///
/// Elsewhere it does nothing; the caller finds out that the program is missing.
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    if !can_install() {
        return Ok(());
    }
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    run(Command::new("apt-get").args(["update", "--quiet"]))?;
    run(Command::new("apt-get")
        .args(["install", "--quiet", "--yes", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// A program that runs beside this one, and ends with it at the latest.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    shown: String,
}

impl Running {
    /// Starts `command`; its standard output is read line by line, its standard
    /// error goes to `log`, or to ours.
    pub(crate) fn start(command: &mut Command, log: Option<&Path>) -> Result<Self> {
        let shown = show(command);
        say(&format!("$ {shown}"));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        if let Some(log) = log {
            let file =
                File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
            command.stderr(file);
        }
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {shown}"))?;
        let lines = match child.stdout.take() {
            Some(stdout) => read_lines(stdout),
            None => bail!("{shown} has no standard output"),
        };
        Ok(Self {
            child,
            lines,
            shown,
        })
    }

    /// The next line that `wanted` makes something of.
    ///
    /// Fails when the program ends, or `limit` passes, without one.
    pub(crate) fn wait_for<T>(
        &mut self,
        limit: Duration,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(found) = wanted(&line) {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("{} did not get ready within {limit:?}", self.shown)
                }
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("{} ended early: {}", self.shown, self.child.wait()?)
                }
            }
        }
    }

    /// Shows every further line to `each` until the program ends.
    ///
    /// A program that is still there after `limit` is killed: an error.
    pub(crate) fn finish(
        mut self,
        limit: Duration,
        mut each: impl FnMut(&str),
    ) -> Result<ExitStatus> {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => each(&line),
                Err(RecvTimeoutError::Disconnected) => return Ok(self.child.wait()?),
                Err(RecvTimeoutError::Timeout) => {
                    bail!("{} was still running after {limit:?}", self.shown)
                }
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where the program has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads in a thread, so that a full pipe never stops the program.
fn read_lines(output: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        while reader
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            // Nobody listens any more; go on reading for the program's sake.
            let _ = sender.send(text);
            line.clear();
        }
    });
    receiver
}

/// `command` as a person would type it, with file names instead of whole paths.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
#[cfg(unix)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Running {
        Running::start(Command::new("sh").args(["-c", script]), None).unwrap()
    }

    #[test]
    fn cargo_is_not_told_of_this_package() {
        let command = cargo(Path::new("."));
        let removed = |name: &str| {
            command
                .get_envs()
                .any(|(key, value)| key == name && value.is_none())
        };
        assert!(removed("CARGO_PKG_NAME"));
        assert!(removed("CARGO_MANIFEST_DIR"));
        assert!(!removed("PATH"));
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().contains("sh -c exit 3"), "{error}");
    }

    #[test]
    fn a_line_is_waited_for() {
        let mut running = shell("echo one; echo port 70; exec sleep 60");
        let port = running.wait_for(Duration::from_secs(10), |line| {
            line.strip_prefix("port ").map(str::to_owned)
        });
        assert_eq!(port.unwrap(), "70");
    }

    #[test]
    fn a_program_that_ends_early_is_not_waited_for() {
        let mut running = shell("exit 4");
        let error = running
            .wait_for(Duration::from_secs(10), |_| None::<()>)
            .unwrap_err();
        assert!(error.to_string().contains("ended early"), "{error}");
    }

    #[test]
    fn a_program_that_hangs_is_cut_off() {
        let limit = Duration::from_millis(50);
        let error = shell("exec sleep 60").finish(limit, |_| {}).unwrap_err();
        assert!(error.to_string().contains("still running"), "{error}");
    }

    #[test]
    fn all_lines_are_seen_to_the_end() {
        let mut seen = Vec::new();
        let status = shell("echo a; echo b; exit 5")
            .finish(Duration::from_secs(10), |line| seen.push(line.to_owned()));
        assert_eq!(status.unwrap().code(), Some(5));
        assert_eq!(seen, ["a", "b"]);
    }
}
