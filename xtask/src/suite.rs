//! `cargo xtask test`: the steps, their order, and the summary at the end.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::voice::{self, say};
use crate::{browser, peers, process};

/// What the command line says about a run.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Options {
    pub(crate) only: Option<Vec<String>>,
    pub(crate) skip: Vec<String>,
    pub(crate) require_peers: bool,
    pub(crate) fail_fast: bool,
    pub(crate) install: bool,
}

impl Options {
    fn wants(&self, step: &str) -> bool {
        let contains = |names: &[String]| names.iter().any(|name| name == step);
        self.only.as_deref().is_none_or(contains) && !contains(&self.skip)
    }
}

/// What a step finds around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// The folder of the workspace.
    pub(crate) root: PathBuf,
    /// Whether a step may install the programs it needs.
    pub(crate) install: bool,
    /// Whether what cannot run counts as failed.
    pub(crate) require_peers: bool,
    /// Whether `unit` has built the program, for the tests that start it.
    pub(crate) has_program: bool,
}

/// The shells that completions are tried in.
const SHELLS: [&str; 3] = ["bash", "fish", "zsh"];

/// How a step ended, where it did not fail.
pub(crate) enum Outcome {
    /// All is well; the text adds figures to the summary.
    Passed(String),
    /// The step cannot run on this machine, for this reason.
    Skipped(String),
}

/// One part of `cargo xtask test`.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    run: fn(&Surroundings) -> Result<Outcome>,
}

impl Step {
    const fn new(name: &'static str, run: fn(&Surroundings) -> Result<Outcome>) -> Self {
        Self { name, run }
    }
}

/// Cheap steps come first, so that a slip shows early. Peers and page wait more than
/// they work, so they run side by side.
const STAGES: [&[Step]; 5] = [
    &[Step::new("format", format)],
    &[Step::new("clippy", clippy)],
    &[Step::new("tidy", tidy)],
    &[Step::new("unit", unit)],
    &[
        Step::new("doc", doc),
        Step::new("peers", peers::run),
        Step::new("browser", browser::run),
    ],
];

/// Every step, in the order they begin.
pub(crate) fn steps() -> impl Iterator<Item = &'static Step> {
    STAGES.into_iter().flatten()
}

pub(crate) fn is_step(name: &str) -> bool {
    steps().any(|step| step.name == name)
}

/// Runs the steps that `options` ask for; `true` if none failed.
pub(crate) fn run(root: &Path, options: &Options) -> bool {
    let mut surroundings = Surroundings {
        root: root.to_path_buf(),
        install: options.install,
        require_peers: options.require_peers,
        has_program: false,
    };
    let mut report = Report::default();
    for stage in STAGES {
        let wanted = stage.iter().filter(|step| options.wants(step.name));
        let wanted: Vec<&Step> = wanted.collect();
        let ended = match wanted[..] {
            [step] => vec![timed(step, &surroundings)],
            _ => side_by_side(&wanted, &surroundings),
        };
        for (step, (outcome, took)) in wanted.iter().zip(ended) {
            surroundings.has_program |= step.name == "unit" && outcome.is_ok();
            report.add(Line::new(step.name, outcome, options.require_peers), took);
        }
        if options.fail_fast && report.failed() {
            break;
        }
    }
    println!("\n{}", report.table());
    !report.failed()
}

/// Runs the steps at the same time; each line says whose it is.
fn side_by_side(steps: &[&Step], surroundings: &Surroundings) -> Vec<(Result<Outcome>, Duration)> {
    std::thread::scope(|scope| {
        let running: Vec<_> = steps
            .iter()
            .map(|step| scope.spawn(|| voice::of(step.name, || timed(step, surroundings))))
            .collect();
        let ended = running.into_iter().map(|thread| {
            let panicked = |_| (Err(anyhow::anyhow!("it panicked")), Duration::ZERO);
            thread.join().unwrap_or_else(panicked)
        });
        ended.collect()
    })
}

fn timed(step: &Step, surroundings: &Surroundings) -> (Result<Outcome>, Duration) {
    say(&format!("\n── {} ──", step.name));
    let started = Instant::now();
    ((step.run)(surroundings), started.elapsed())
}

fn format(surroundings: &Surroundings) -> Result<Outcome> {
    cargo(surroundings, "fmt --all --check")
}

fn clippy(surroundings: &Surroundings) -> Result<Outcome> {
    let line = "clippy --workspace --all-targets --all-features -- --deny warnings";
    cargo(surroundings, line)
}

/// The whole workspace is named, so that what is built here serves `unit`, too.
fn tidy(surroundings: &Surroundings) -> Result<Outcome> {
    cargo(surroundings, "test --workspace --all-features --test tidy")
}

/// The tests of the completions want the shells that they complete in.
fn unit(surroundings: &Surroundings) -> Result<Outcome> {
    let is_missing = |shell: &&str| process::find_program(&[shell]).is_none();
    let missing: Vec<&str> = SHELLS.into_iter().filter(is_missing).collect();
    if surroundings.install && !missing.is_empty() {
        process::apt_install(&missing)?;
    }
    cargo(
        surroundings,
        "test --workspace --all-features --no-fail-fast",
    )
}

fn doc(surroundings: &Surroundings) -> Result<Outcome> {
    cargo(surroundings, "doc --workspace --all-features --no-deps")
}

/// Runs cargo with the words of `line`; warnings of rustdoc are errors.
fn cargo(surroundings: &Surroundings, line: &str) -> Result<Outcome> {
    let mut command = process::cargo(&surroundings.root);
    command
        .args(line.split(' '))
        .env("RUSTDOCFLAGS", "--deny warnings");
    process::run(&mut command)?;
    Ok(Outcome::Passed(String::new()))
}

/// The table printed at the end.
#[derive(Default)]
struct Report {
    lines: Vec<(Line, Duration)>,
}

struct Line {
    step: &'static str,
    word: &'static str,
    remark: String,
}

impl Line {
    fn new(step: &'static str, outcome: Result<Outcome>, skips_fail: bool) -> Self {
        let (word, remark) = match outcome {
            Ok(Outcome::Passed(figures)) => ("ok", figures),
            Ok(Outcome::Skipped(reason)) if skips_fail => ("FAILED", reason),
            Ok(Outcome::Skipped(reason)) => ("skipped", reason),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        Self { step, word, remark }
    }
}

impl Report {
    fn add(&mut self, line: Line, took: Duration) {
        self.lines.push((line, took));
    }

    fn failed(&self) -> bool {
        self.lines.iter().any(|(line, _)| line.word == "FAILED")
    }

    fn table(&self) -> String {
        let mut table = format!("{:<10}{:<9}{:>8}\n", "step", "outcome", "seconds");
        for (Line { step, word, remark }, took) in &self.lines {
            let row = format!("{step:<10}{word:<9}{:>8.1}  {remark}", took.as_secs_f64());
            let _ = writeln!(table, "{}", row.trim_end());
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(only: Option<&[&str]>, skip: &[&str]) -> Options {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Options {
            only: only.map(owned),
            skip: owned(skip),
            ..Options::default()
        }
    }

    #[test]
    fn every_step_runs_unless_the_options_say_otherwise() {
        assert!(options(None, &[]).wants("unit"));
        assert!(!options(None, &["unit"]).wants("unit"));
        assert!(!options(Some(&["doc"]), &[]).wants("unit"));
        assert!(!options(Some(&["unit"]), &["unit"]).wants("unit"));
    }

    #[test]
    fn a_skip_fails_where_peers_are_required() {
        let skipped = || Ok(Outcome::Skipped("no python3".into()));
        let mut report = Report::default();
        report.add(Line::new("peers", skipped(), false), Duration::ZERO);
        assert!(!report.failed());
        report.add(Line::new("peers", skipped(), true), Duration::ZERO);
        assert!(report.failed());
    }

    #[test]
    fn the_table_names_step_outcome_time_and_reason() {
        let mut report = Report::default();
        report.add(
            Line::new("unit", Ok(Outcome::Passed(String::new())), false),
            Duration::from_millis(1_540),
        );
        report.add(
            Line::new("peers", Ok(Outcome::Skipped("no python3".into())), false),
            Duration::ZERO,
        );
        report.add(
            Line::new("browser", Err(anyhow::anyhow!("a check failed")), false),
            Duration::from_secs(61),
        );
        let expected = "\
step      outcome   seconds
unit      ok            1.5
peers     skipped       0.0  no python3
browser   FAILED       61.0  a check failed
";
        assert_eq!(report.table(), expected);
    }
}
