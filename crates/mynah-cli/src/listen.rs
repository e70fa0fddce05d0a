//! `mynah listen`: what happens, as JSON lines.

use std::io::{self, Write};

use mynah_bot::{Bot, Config, Context, Result, Router, when};

use crate::account::account;
use crate::arguments::Listen;
use crate::exit::Failure;

pub(crate) async fn run(listen: Listen) -> std::result::Result<(), Failure> {
    let account = account(&listen.which, listen.account.as_deref())?;
    let config = Config {
        accounts: vec![account],
    };
    let everything = Router::<()>::new().on(when(|_| true), print);
    Bot::new(config)
        .run(everything, ())
        .await
        .map_err(Failure::other)
}

/// The event as it came in, on one line.
async fn print(cx: Context) -> Result<()> {
    let raw = cx.event().raw();
    let mut line = Vec::with_capacity(raw.len() + 1);
    // Line breaks stand between tokens only; inside strings JSON escapes them.
    line.extend(raw.iter().filter(|byte| !matches!(byte, b'\n' | b'\r')));
    line.push(b'\n');
    io::stdout().write_all(&line)?;
    io::stdout().flush()?;
    Ok(())
}
