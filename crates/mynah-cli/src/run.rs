//! `mynah run`: the accounts of a file at work, with handlers of the user's own.

use mynah_bot::{Bot, Config, Handlers};

use crate::arguments::Run;
use crate::dev;
use crate::exit::Failure;

/// Runs until the process is told to stop.
pub(crate) async fn run(options: Run) -> Result<(), Failure> {
    let stop = mynah_bot::told_to_stop();
    let config = Config::open(&options.config).map_err(|bad| {
        let failure = Failure::from(bad);
        if options.config.exists() {
            failure
        } else {
            failure
                .advise("write it, or name another one with --config")
                .advise("`mynah run --help` shows one, docs/guides have those of each platform")
        }
    })?;
    let file = options.config.display();
    if config.accounts.is_empty() {
        let problem = format!("{file}: there is no [[account]]");
        return Err(Failure::configuration(problem)
            .advise("write one: [[account]], then name, platform and its keys")
            .advise("`mynah run --help` shows one, docs/guides have those of each platform"));
    }
    config.check()?;
    for account in &config.accounts {
        if !account.platform.hears() {
            let name = &account.name;
            eprintln!(
                "mynah run: {name} only speaks: its settings do not say where events come in"
            );
        }
    }
    let bot = Bot::new(config.clone()).tolerant();
    let handlers = Handlers::open(&config, &bot.outboxes())?;
    let router = handlers.router(dev::router());
    let accounts = count(config.accounts.len(), "account");
    let of = count(config.handlers.len(), "handler");
    eprintln!("mynah run: {accounts}, {of}; Ctrl-C ends it");
    if config.handlers.is_empty() {
        eprintln!("mynah run: the built-in bot answers; write /ping to it");
    }
    let outcome = bot.run_until(router, (), stop).await;
    handlers.close().await;
    outcome.map_err(Failure::from)
}

/// `1 account`, `2 accounts`.
fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
