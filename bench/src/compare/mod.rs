//! Floor and Mynah side by side, in turns, each as a process on a core of its
//! own.

mod program;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::net::TcpListener;

use self::program::{Cores, Program, Side};
use self::table::{Row, Table, Target};
use crate::load::idle::Memory;
use crate::load::ws::Peer;
use crate::load::{self};
use crate::meter::{Figures, Plan};
use crate::sample;

/// What is measured, and for how long.
#[derive(Args, Debug)]
pub struct Options {
    /// How long each program is measured in each round, in seconds.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How often floor and Mynah take turns.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// How many accounts are connected to measure idle ones.
    #[arg(long, default_value_t = 10_000)]
    accounts: u64,
    /// Measures only these.
    #[arg(long, value_delimiter = ',', default_values_t = ALL)]
    only: Vec<What>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Webhook,
    Ws,
    Outbound,
    WsCalls,
    Core,
    IdleAccounts,
    IdleBot,
}

const ALL: [What; 7] = [
    What::Webhook,
    What::Ws,
    What::Outbound,
    What::WsCalls,
    What::Core,
    What::IdleAccounts,
    What::IdleBot,
];

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use clap::ValueEnum;
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// Measures, prints each run to stdout as a line of JSON, and the table to
/// stderr.
///
/// # Errors
/// A program does not do what it should.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let compare = Compare {
        cores: Cores::apart().await,
        warmup: Duration::from_millis(500),
        measured: Duration::try_from_secs_f64(options.seconds)?,
        rounds: options.rounds.max(1),
    };
    let mut table = Table::default();
    for what in &options.only {
        compare.measure(*what, options.accounts, &mut table).await?;
    }
    table.print();
    Ok(())
}

struct Compare {
    cores: Cores,
    warmup: Duration,
    measured: Duration,
    rounds: u32,
}

/// A run, as one line of JSON.
#[derive(Serialize)]
struct Line<'a, T> {
    case: &'a str,
    r#impl: &'static str,
    round: u32,
    #[serde(flatten)]
    figures: T,
}

fn tell<T: Serialize>(case: &str, side: Side, round: u32, figures: T) -> anyhow::Result<()> {
    let line = Line {
        case,
        r#impl: side.name(),
        round,
        figures,
    };
    println!("{}", serde_json::to_string(&line)?);
    Ok(())
}

impl Compare {
    async fn measure(&self, what: What, accounts: u64, table: &mut Table) -> anyhow::Result<()> {
        match what {
            What::Webhook => {
                let rounds = self.in_turns("webhook", 64, Self::webhook).await?;
                table.speed(
                    "signed post to quick reply, 64 connections",
                    &rounds,
                    Some(0.90),
                );
                table.cpu("  CPU per event", &rounds, Some(1.15));
            }
            What::Ws => {
                for (outstanding, target) in [(64, 0.85), (1, 0.92)] {
                    let case = format!("ws.{outstanding}");
                    let rounds = self.in_turns(&case, outstanding, Self::ws).await?;
                    let title = format!("event to send_group_msg, {outstanding} outstanding");
                    table.speed(&title, &rounds, Some(target));
                    table.cpu("  CPU per event", &rounds, None);
                }
            }
            What::Outbound => {
                let rounds = self.in_turns("outbound", 64, Self::outbound).await?;
                table.speed(
                    "send_group_msg over HTTP, 64 in flight",
                    &rounds,
                    Some(0.95),
                );
                table.cpu("  CPU per call", &rounds, None);
            }
            What::WsCalls => {
                let rounds = self.in_turns("ws-calls", 64, Self::ws_calls).await?;
                table.speed("send_group_msg over a socket, 64 in flight", &rounds, None);
                table.cpu("  CPU per call", &rounds, None);
            }
            What::Core => self.core(table).await?,
            What::IdleAccounts => self.idle_accounts(accounts, table).await?,
            What::IdleBot => self.idle_bot(table).await?,
        }
        Ok(())
    }

    /// One run of floor and Mynah each round.
    async fn in_turns(
        &self,
        case: &str,
        in_flight: usize,
        run: impl AsyncFn(&Self, Side, Plan) -> anyhow::Result<Figures>,
    ) -> anyhow::Result<Vec<[Figures; 2]>> {
        let plan = Plan {
            in_flight,
            warmup: self.warmup,
            measured: self.measured,
        };
        let mut rounds = Vec::new();
        for round in 1..=self.rounds {
            let mut both = Vec::new();
            for side in [Side::Floor, Side::Mynah] {
                let figures = run(self, side, plan).await;
                let figures = figures.with_context(|| format!("{case}: {}", side.name()))?;
                tell(case, side, round, figures)?;
                if figures.calls == 0 || figures.errors > 0 {
                    let (calls, errors) = (figures.calls, figures.errors);
                    bail!("{case}: {}: {calls} done, {errors} failed", side.name());
                }
                both.push(figures);
            }
            rounds.extend(<[Figures; 2]>::try_from(both));
        }
        Ok(rounds)
    }

    async fn webhook(&self, side: Side, plan: Plan) -> anyhow::Result<Figures> {
        let port = free_port().await?;
        let arguments = ["webhook", &port.to_string(), sample::SECRET];
        let program = Program::start(self.cores, side, arguments, [])?;
        load::webhook::run(port, sample::SECRET, sample::TEXT, plan, program.process()).await
    }

    async fn ws(&self, side: Side, plan: Plan) -> anyhow::Result<Figures> {
        let (program, peer) = self.connected(side, []).await?;
        load::ws::run(peer, sample::TEXT, plan, program.process()).await
    }

    /// A bot on a WebSocket, past its handshake.
    async fn connected<const N: usize>(
        &self,
        side: Side,
        variables: [(&str, String); N],
    ) -> anyhow::Result<(Program, Peer)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("ws://{}", listener.local_addr()?);
        let program = Program::start(self.cores, side, ["ws-forward", &url], variables)?;
        let peer = tokio::time::timeout(PATIENCE, Peer::accept(&listener)).await;
        Ok((program, peer.context("the program did not connect")??))
    }

    async fn outbound(&self, side: Side, plan: Plan) -> anyhow::Result<Figures> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let variables = [
            ("BASE_URL", format!("http://{}", listener.local_addr()?)),
            ("IN_FLIGHT", plan.in_flight.to_string()),
            ("WARMUP_S", plan.warmup.as_secs_f64().to_string()),
            ("SECONDS_S", plan.measured.as_secs_f64().to_string()),
        ];
        let program = Program::start(self.cores, side, ["outbound"], variables)?;
        let output = tokio::select! {
            output = program.output() => output?,
            broken = load::actions::run(listener) => {
                broken?;
                bail!("the server ended early")
            }
        };
        Ok(serde_json::from_str(&output)?)
    }

    async fn ws_calls(&self, side: Side, plan: Plan) -> anyhow::Result<Figures> {
        let result = ResultFile::new();
        let variables = [("RESULT_FILE", result.0.display().to_string())];
        let (_program, peer) = self.connected(side, variables).await?;
        let patience = PATIENCE + plan.warmup + plan.measured;
        tokio::select! {
            figures = tokio::time::timeout(patience, result.wait()) => figures?,
            broken = load::ws::calls(peer, plan) => {
                broken?;
                bail!("the conversation ended early")
            }
        }
    }

    async fn core(&self, table: &mut Table) -> anyhow::Result<()> {
        let seconds = self.measured.as_secs_f64() * f64::from(self.rounds) / 5.0;
        let arguments = ["core", &seconds.to_string()];
        let program = Program::start(self.cores, Side::Mynah, arguments, [])?;
        let output = program.output().await?;
        let lines = output.lines().map(serde_json::from_str::<CoreLine>);
        let lines: Vec<_> = lines.collect::<Result<_, _>>()?;
        print!("{output}");
        for pair in lines.chunks_exact(2) {
            let [floor, mynah] = pair else { continue };
            let target = floor.case.starts_with("onebot.post").then_some(1.5);
            table.add(Row {
                figure: format!("{}, CPU", floor.case),
                unit: "µs",
                floor: Some(floor.micros()),
                mynah: mynah.micros(),
                ratio: Some(mynah.micros() / floor.micros()),
                target: target.map(Target::RatioAtMost),
            });
        }
        Ok(())
    }

    async fn idle_accounts(&self, accounts: u64, table: &mut Table) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        for side in [Side::Floor, Side::Mynah] {
            let port = free_port().await?;
            let arguments = ["ws-reverse", &port.to_string()];
            let program = Program::start(self.cores, side, arguments, [])?;
            let memory: Memory = load::idle::run(port, accounts, program.process()).await?;
            tell("idle-accounts", side, 1, memory)?;
            bytes.push(kib(memory.account_bytes));
        }
        table.memory(&format!("idle account of {accounts}"), &bytes, "KiB", 10.0);
        Ok(())
    }

    async fn idle_bot(&self, table: &mut Table) -> anyhow::Result<()> {
        let mut sizes = Vec::new();
        for side in [Side::Floor, Side::Mynah] {
            let (program, mut peer) = self.connected(side, []).await?;
            peer.say(sample::CONNECTED);
            peer.flush().await?;
            let ended = tokio::time::timeout(Duration::from_secs(2), peer.hold()).await;
            if let Ok(ended) = ended {
                ended?;
            }
            let rss_kib = program.process().resident_kib()?;
            tell("idle-bot", side, 1, json!({"rss_kib": rss_kib}))?;
            sizes.push(kib(rss_kib));
        }
        table.memory("idle bot", &sizes, "MiB", 8.0);
        Ok(())
    }
}

/// A thousandth, or rather a 1024th.
#[allow(clippy::cast_precision_loss)]
fn kib(number: u64) -> f64 {
    number as f64 / 1024.0
}

/// How long a program may take to begin or to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// As much of a line of `core` as the table needs.
#[derive(Deserialize)]
struct CoreLine {
    case: String,
    ops: u64,
    cpu_s: f64,
}

impl CoreLine {
    #[allow(clippy::cast_precision_loss)]
    fn micros(&self) -> f64 {
        self.cpu_s * 1e6 / self.ops as f64
    }
}

/// A port that is free now.
async fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(listener.local_addr()?.port())
}

/// Where a bot writes what it measured.
struct ResultFile(PathBuf);

impl ResultFile {
    fn new() -> Self {
        let name = format!("mynah-bench-{}.json", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    async fn wait(&self) -> anyhow::Result<Figures> {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            match std::fs::read_to_string(&self.0) {
                Ok(text) if text.ends_with('\n') => return Ok(serde_json::from_str(&text)?),
                _ => {}
            }
        }
    }
}

impl Drop for ResultFile {
    fn drop(&mut self) {
        // It may never have been written.
        let _ = std::fs::remove_file(&self.0);
    }
}
