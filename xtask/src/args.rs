//! Reads the command line.

use crate::suite::{self, Options};

pub(crate) const USAGE: &str = "\
usage: cargo xtask <command> [options]

commands
  test                run every check of the project and print a summary
  catalog             write docs/catalog.md and docs/capabilities.md from the code
  help                print this text

options of test
  --only STEP,...     run these steps only
  --skip STEP,...     leave these steps out
  --fail-fast         stop at the first step that fails
  --require-peers     count a step that cannot run on this machine as failed
  --install           let the steps install what they miss (Debian, as root)

options of catalog
  --check             write nothing; fail if the file is out of date

steps, in this order
  format              cargo fmt --check
  clippy              cargo clippy, warnings are errors
  tidy                the rules about this repository
  unit                unit, integration and documentation tests
  doc                 cargo doc, warnings are errors
  peers               other people's libraries against the sandbox; needs python3,
                      and node for some, which are skipped by name without it
  browser             the page in headless Chromium; needs chromium, chromedriver";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Test(Options),
    Catalog { check: bool },
}

/// Reads the arguments after the program's name.
///
/// The error is one sentence about the first argument that makes no sense.
pub(crate) fn parse(args: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut args = args.into_iter();
    match args.next().as_deref() {
        None | Some("help" | "--help" | "-h") => Ok(Command::Help),
        Some("test") => parse_test(args),
        Some("catalog") => parse_catalog(args),
        Some(other) => Err(format!("there is no command {other:?}")),
    }
}

fn parse_test(mut args: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--only" => options.only = Some(steps("--only", args.next())?),
            "--skip" => options.skip = steps("--skip", args.next())?,
            "--fail-fast" => options.fail_fast = true,
            "--require-peers" => options.require_peers = true,
            "--install" => options.install = true,
            "--help" | "-h" => return Ok(Command::Help),
            other => return Err(format!("test has no option {other:?}")),
        }
    }
    Ok(Command::Test(options))
}

fn parse_catalog(args: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut check = false;
    for arg in args {
        match arg.as_str() {
            "--check" => check = true,
            "--help" | "-h" => return Ok(Command::Help),
            other => return Err(format!("catalog has no option {other:?}")),
        }
    }
    Ok(Command::Catalog { check })
}

/// The names in `list`, a comma-separated value of `option`.
fn steps(option: &str, list: Option<String>) -> Result<Vec<String>, String> {
    let list = list.ok_or_else(|| format!("{option} wants the names of steps"))?;
    let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !suite::is_step(name)) {
        Some(unknown) => Err(format!("there is no step {unknown:?}")),
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        super::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn nothing_asks_for_help() {
        assert_eq!(parse(""), Ok(Command::Help));
        assert_eq!(parse("test --help"), Ok(Command::Help));
    }

    #[test]
    fn test_takes_its_options_in_any_order() {
        let expected = Options {
            only: Some(vec!["unit".into(), "peers".into()]),
            skip: vec!["peers".into()],
            require_peers: true,
            fail_fast: true,
            install: true,
        };
        let line = "test --require-peers --skip peers --only unit,peers --install --fail-fast";
        assert_eq!(parse(line), Ok(Command::Test(expected)));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (line, named) in [
            ("tset", "tset"),
            ("test --fast", "--fast"),
            ("test --only unti", "unti"),
            ("test --skip", "--skip"),
            ("catalog now", "now"),
        ] {
            let problem = parse(line).err();
            assert!(
                problem.is_some_and(|text| text.contains(named)),
                "{line:?} must be refused with a word about {named:?}"
            );
        }
    }

    #[test]
    fn the_usage_names_every_step() {
        for step in suite::steps() {
            assert!(
                USAGE.contains(&format!("\n  {} ", step.name)),
                "{}",
                step.name
            );
        }
    }
}
