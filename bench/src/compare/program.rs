//! The programs under test.

use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::meter::Process;

/// Whose program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Floor,
    Mynah,
}

impl Side {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Mynah => "mynah",
        }
    }
}

/// The core of the program under test; the load has the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cores {
    program: Option<usize>,
}

impl Cores {
    /// Sets the last core aside and moves this process to the others. Without
    /// `taskset` or a second core nothing is pinned, which is told.
    pub(super) async fn apart() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let load = format!("0-{}", cores.saturating_sub(2));
        let own = std::process::id().to_string();
        let moved = cores > 1 && taskset(&["-a", "-c", "-p", &load, &own]).await;
        if !moved {
            eprintln!("nothing is pinned: there is no `taskset`, or no second core");
        }
        Self {
            program: moved.then_some(cores - 1),
        }
    }
}

async fn taskset(arguments: &[&str]) -> bool {
    let status = Command::new("taskset")
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.await.is_ok_and(|status| status.success())
}

/// A program under test, which is ended when it is dropped.
pub(super) struct Program(Child);

impl Program {
    /// Starts a subcommand of this binary.
    pub(super) fn start<const N: usize, const V: usize>(
        cores: Cores,
        side: Side,
        arguments: [&str; N],
        variables: [(&str, String); V],
    ) -> anyhow::Result<Self> {
        let binary = std::env::current_exe()?;
        let mut command = match cores.program {
            Some(core) => {
                // Becomes the program, so the process id stays the same.
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(binary);
                command
            }
            None => Command::new(binary),
        };
        if side == Side::Floor {
            command.arg("floor");
        }
        let child = command
            .args(arguments)
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        Ok(Self(child.context("the program did not start")?))
    }

    /// For its CPU and memory.
    pub(super) fn process(&self) -> Process {
        // It has no id only once it was waited for.
        self.0.id().map_or(Process::THIS, Process::new)
    }

    /// Waits for its end; gives what it printed.
    pub(super) async fn output(mut self) -> anyhow::Result<String> {
        let mut output = String::new();
        let stdout = self.0.stdout.as_mut().context("no stdout")?;
        stdout.read_to_string(&mut output).await?;
        let status = self.0.wait().await?;
        if !status.success() {
            bail!("the program failed: {status}");
        }
        Ok(output)
    }
}
