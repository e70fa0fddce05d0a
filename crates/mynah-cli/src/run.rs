//! `mynah run`: the accounts of a file at work, with handlers of the user's own.

use mynah_bot::{Bot, Config, Handlers};

use crate::arguments::Run;
use crate::dev;
use crate::exit::Failure;

/// Runs until the process is told to stop.
pub(crate) async fn run(options: Run) -> Result<(), Failure> {
    let stop = mynah_bot::told_to_stop();
    let config = Config::open(&options.config)?;
    let file = options.config.display();
    if config.accounts.is_empty() {
        return Err(Failure::configuration(format!("{file}: no [[account]]")));
    }
    config.check()?;
    for account in &config.accounts {
        if !account.platform.hears() {
            let name = &account.name;
            eprintln!(
                "mynah run: {name} only speaks; its settings do not say where events come in"
            );
        }
    }
    let bot = Bot::new(config.clone()).tolerant();
    let handlers = Handlers::open(&config, &bot.outboxes())?;
    let router = handlers.router(dev::router());
    let (accounts, of) = (config.accounts.len(), config.handlers.len());
    eprintln!("mynah run: {accounts} accounts, {of} handlers; Ctrl-C ends it");
    let outcome = bot.run_until(router, (), stop).await;
    handlers.close().await;
    outcome.map_err(Failure::from)
}
