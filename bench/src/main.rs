//! `mynah-bench`: see `bench/README.md`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, CommandFactory, Parser, Subcommand};
use mynah_bench::meter::{Plan, Process};
use mynah_bench::{compare, core, floor, load, outbound, sample, webhook, wecom, ws};
use serde::Serialize;
use tokio::net::TcpListener;

/// Measures Mynah beside the same work done with the bare libraries.
///
/// Results go to stdout as lines of JSON, everything else to stderr.
#[derive(Parser)]
#[command(name = "mynah-bench", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes send-message calls in a closed loop. Environment: BASE_URL, IN_FLIGHT (64), WARMUP_S (1), SECONDS_S (5).
    Outbound {
        /// Whose calls.
        #[arg(default_value = "onebot")]
        platform: String,
    },
    /// Receives signed OneBot posts at / and answers {"reply":"pong"}.
    Webhook {
        /// Where to listen on 127.0.0.1.
        port: u16,
        /// What signs the posts.
        secret: String,
    },
    /// Connects to an implementation's WebSocket and answers group messages. Environment: RESULT_FILE.
    WsForward {
        /// ws://host:port
        url: String,
    },
    /// The same for implementations that connect here.
    WsReverse {
        /// Where to listen on 127.0.0.1.
        port: u16,
    },
    /// What needs no socket, beside the same by hand.
    Core {
        /// How long each case is measured, floor and Mynah each.
        #[arg(value_parser = seconds)]
        secs: Duration,
    },
    /// A callback of WeCom verified, decrypted and read; an answer encrypted and signed.
    Wecom {
        /// The recorded callbacks: events.json, or the folder it is in.
        vectors: PathBuf,
        /// How long each case is measured.
        #[arg(value_parser = seconds)]
        secs: Duration,
    },
    /// Not there yet: comes with the gateway.
    #[command(disable_help_flag = true)]
    Gateway {
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        rest: Vec<String>,
    },
    /// Not there yet: comes with the gateway.
    #[command(disable_help_flag = true)]
    Durable {
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        rest: Vec<String>,
    },
    /// The same work by hand on the bare libraries.
    #[command(subcommand)]
    Floor(Floor),
    /// The other end: load generators.
    #[command(subcommand)]
    Load(Load),
    /// Measures everything, floor and Mynah in turns, and prints a table to stderr.
    Compare(compare::Options),
}

#[derive(Subcommand)]
enum Floor {
    /// As `outbound`, on hyper.
    Outbound,
    /// As `webhook`, on hyper, hmac and serde_json.
    Webhook {
        /// Where to listen on 127.0.0.1.
        port: u16,
        /// What signs the posts.
        secret: String,
    },
    /// As `ws-forward`, on tokio-tungstenite.
    WsForward {
        /// ws://host:port
        url: String,
    },
    /// As `ws-reverse`, on tokio-tungstenite.
    WsReverse {
        /// Where to listen on 127.0.0.1.
        port: u16,
    },
}

#[derive(Subcommand)]
enum Load {
    /// Posts signed events to PORT and waits for the replies.
    Webhook {
        /// Where the program listens on 127.0.0.1.
        port: u16,
        /// What signs the posts.
        secret: String,
        #[command(flatten)]
        load: Wide,
    },
    /// Answers calls of actions over HTTP at PORT, until it is ended.
    Actions {
        /// Where to listen on 127.0.0.1.
        port: u16,
    },
    /// Waits at PORT for a program to connect, and keeps events outstanding.
    WsForward {
        /// Where to listen on 127.0.0.1.
        port: u16,
        #[command(flatten)]
        load: Wide,
    },
    /// Connects to a program at PORT, and keeps events outstanding.
    WsReverse {
        /// Where the program listens on 127.0.0.1.
        port: u16,
        #[command(flatten)]
        load: Wide,
    },
    /// Waits at PORT for a program to connect, asks it for a closed loop of calls, and answers them.
    WsCalls {
        /// Where to listen on 127.0.0.1.
        port: u16,
        #[command(flatten)]
        load: Wide,
    },
    /// Connects accounts to a program at PORT that have nothing to say, and reads its memory.
    Idle {
        /// Where the program listens on 127.0.0.1.
        port: u16,
        /// The process that is measured.
        #[arg(long)]
        pid: u32,
        /// How many accounts.
        #[arg(long, default_value_t = 10_000)]
        accounts: u64,
    },
}

#[derive(Args)]
struct Wide {
    /// Connections, or events outstanding, at any time.
    #[arg(long, default_value_t = 64)]
    in_flight: usize,
    /// How long before the measurement, in seconds.
    #[arg(long, default_value = "1", value_parser = seconds)]
    warmup: Duration,
    /// How long the measurement, in seconds.
    #[arg(long, default_value = "5", value_parser = seconds)]
    seconds: Duration,
    /// The process whose CPU and memory are measured; this one unless given.
    #[arg(long)]
    pid: Option<u32>,
    /// Says things in the array format.
    #[arg(long)]
    array: bool,
}

impl Wide {
    fn plan(&self) -> Plan {
        Plan {
            in_flight: self.in_flight,
            warmup: self.warmup,
            measured: self.seconds,
        }
    }

    fn process(&self) -> Process {
        self.pid.map_or(Process::THIS, Process::new)
    }

    fn message(&self) -> &'static str {
        if self.array {
            sample::SEGMENTS
        } else {
            sample::TEXT
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "a number of seconds is wanted")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(problem) = unsupported(&cli.command) {
        // Prints to stderr and exits with 2, as for any other misuse.
        let kind = clap::error::ErrorKind::InvalidValue;
        Cli::command().error(kind, problem).exit();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(run(cli.command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mynah-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn unsupported(command: &Command) -> Option<String> {
    let (name, with) = match command {
        Command::Outbound { platform } => return outbound::unsupported(platform),
        Command::Gateway { .. } => ("gateway", "the gateway"),
        Command::Durable { .. } => ("durable", "the gateway"),
        _ => return None,
    };
    Some(format!("`{name}` is not there yet: it comes with {with}"))
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Outbound { platform } => {
            let (base, plan) = environment()?;
            print(&outbound::run(&platform, &base, plan).await?)
        }
        Command::Webhook { port, secret } => webhook::run(port, &secret).await,
        Command::WsForward { url } => ws::forward(&url).await,
        Command::WsReverse { port } => ws::reverse(port).await,
        Command::Core { secs } => {
            for case in core::cases()? {
                for line in core::measure(case, secs)? {
                    print(&line)?;
                }
            }
            Ok(())
        }
        Command::Floor(floor) => run_floor(floor).await,
        Command::Load(load) => run_load(load).await,
        Command::Compare(options) => compare::run(&options).await,
        Command::Wecom { vectors, secs } => {
            for line in wecom::run(&vectors, secs)? {
                print(&line)?;
            }
            Ok(())
        }
        Command::Gateway { .. } | Command::Durable { .. } => {
            bail!("not there yet")
        }
    }
}

async fn run_floor(floor: Floor) -> anyhow::Result<()> {
    match floor {
        Floor::Outbound => {
            let (base, plan) = environment()?;
            print(&floor::outbound::run(&base, plan).await?)
        }
        Floor::Webhook { port, secret } => floor::webhook::run(port, &secret).await,
        Floor::WsForward { url } => floor::ws::forward(&url).await,
        Floor::WsReverse { port } => floor::ws::reverse(port).await,
    }
}

async fn run_load(load: Load) -> anyhow::Result<()> {
    let listen = |port| TcpListener::bind(("127.0.0.1", port));
    match load {
        Load::Webhook { port, secret, load } => {
            let (plan, process) = (load.plan(), load.process());
            let figures = load::webhook::run(port, &secret, load.message(), plan, process).await?;
            print(&figures)
        }
        Load::Actions { port } => Ok(load::actions::run(listen(port).await?).await?),
        Load::WsForward { port, load } => {
            let peer = load::ws::Peer::accept(&listen(port).await?).await?;
            let (plan, process) = (load.plan(), load.process());
            print(&load::ws::run(peer, load.message(), plan, process).await?)
        }
        Load::WsReverse { port, load } => {
            let peer = load::ws::Peer::connect(port, sample::SELF_ID).await?;
            let (plan, process) = (load.plan(), load.process());
            print(&load::ws::run(peer, load.message(), plan, process).await?)
        }
        Load::WsCalls { port, load } => {
            let peer = load::ws::Peer::accept(&listen(port).await?).await?;
            load::ws::calls(peer, load.plan()).await
        }
        Load::Idle {
            port,
            pid,
            accounts,
        } => print(&load::idle::run(port, accounts, Process::new(pid)).await?),
    }
}

/// What `outbound` reads from the environment.
fn environment() -> anyhow::Result<(String, Plan)> {
    let base = std::env::var("BASE_URL").context("BASE_URL: not set")?;
    let in_flight = variable("IN_FLIGHT", "64")?
        .parse()
        .context("IN_FLIGHT: a number is wanted")?;
    let time = |name, usual: &str| -> anyhow::Result<Duration> {
        let text = variable(name, usual)?;
        seconds(&text).map_err(|problem| anyhow::anyhow!("{name}: {problem}"))
    };
    let plan = Plan {
        in_flight,
        warmup: time("WARMUP_S", "1")?,
        measured: time("SECONDS_S", "5")?,
    };
    Ok((base, plan))
}

fn variable(name: &str, usual: &str) -> anyhow::Result<String> {
    match std::env::var(name) {
        Ok(text) => Ok(text),
        Err(std::env::VarError::NotPresent) => Ok(usual.to_owned()),
        Err(error) => Err(error).with_context(|| name.to_owned()),
    }
}

fn print(line: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(line)?);
    Ok(())
}
