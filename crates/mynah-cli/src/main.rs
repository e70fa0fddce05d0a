//! `mynah`: chat platforms from a terminal.
//!
//! Data goes to stdout, talk to stderr. What went wrong is told by the exit
//! code too: see [`exit::Exit`].

mod account;
mod arguments;
mod call;
mod complete;
mod dev;
mod doctor;
mod exit;
mod explain;
mod language;
mod listen;
mod notes;
mod output;
mod run;
mod sandbox;
mod send;

use std::io::IsTerminal;
use std::process::ExitCode;

use crate::arguments::{Command, Mynah};
use crate::exit::Failure;

fn main() -> ExitCode {
    match arguments::read().and_then(start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_end_of_reading() => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("mynah: {failure}");
            failure.exit().into()
        }
    }
}

fn start(arguments: Mynah) -> Result<(), Failure> {
    start_log(arguments.verbose);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::other)?;
    runtime.block_on(async {
        match arguments.command {
            Command::Call(call) => call::run(call).await,
            Command::Send(send) => send::run(send).await,
            Command::Listen(listen) => listen::run(listen).await,
            Command::Doctor(doctor) => doctor::run(doctor).await,
            Command::Explain(explain) => explain::run(&explain),
            Command::Run(options) => run::run(options).await,
            Command::Dev(options) => dev::run(options).await,
            Command::Sandbox(options) => sandbox::run(options).await,
            Command::Complete(asked) => complete::run(asked),
            Command::Completion { shell } => complete::print_script(shell),
        }
    })
}

/// Whether the log may be coloured: a person looks, and has not said `NO_COLOR`.
fn is_colourful() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
}

/// Warnings by default, more with `-v`; `RUST_LOG` decides if it is set.
fn start_log(verbose: u8) {
    let default = match verbose {
        0 => "warn",
        1 => "info,mynah=debug",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_colourful())
        .init();
}
