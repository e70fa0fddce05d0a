//! Accounts that are kept at work, whatever becomes of the others.

use std::sync::Arc;
use std::time::Duration;

use mynah_core::Backoff;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::config::Account;
use crate::desk::Desk;
use crate::reply::BotError;
use crate::run::Link;

/// How long an account rests that the platform does not want, or whose place another connection
/// has taken: coming back at once would only take the place back, and so on for ever.
const REST: Duration = Duration::from_secs(60);

/// Keeps accounts at work: one that cannot be opened, or whose link fails, is opened again later.
pub(crate) struct Keepers {
    keepers: JoinSet<Option<Link>>,
    stop: watch::Sender<bool>,
}

impl Keepers {
    /// Opens all accounts, each on its own.
    pub(crate) fn start<S>(accounts: Vec<Account>, desk: &Arc<Desk<S>>) -> Self
    where
        S: Send + Sync + 'static,
    {
        let (stop, stopped) = watch::channel(false);
        let mut keepers = JoinSet::new();
        for account in accounts {
            keepers.spawn(keep(account, Arc::clone(desk), stopped.clone()));
        }
        Self { keepers, stop }
    }

    /// Opens nothing any more, and gives back what is open.
    pub(crate) async fn stop(self) -> Vec<Link> {
        // Where nobody is left there is nobody to tell.
        let _ = self.stop.send(true);
        let links = self.keepers.join_all().await;
        links.into_iter().flatten().collect()
    }
}

async fn keep<S>(
    account: Account,
    desk: Arc<Desk<S>>,
    mut stopped: watch::Receiver<bool>,
) -> Option<Link>
where
    S: Send + Sync + 'static,
{
    let mut backoff = Backoff::default();
    loop {
        // An error of the channel says that the bot has gone: that is a stop, too.
        let opened = tokio::select! {
            opened = Link::open(&account, &desk) => opened,
            _ = stopped.wait_for(|stopped| *stopped) => return None,
        };
        let wait = match opened {
            Ok(mut link) => {
                backoff.reset();
                let why = tokio::select! {
                    failed = link.failed() => failed.err(),
                    _ = stopped.wait_for(|stopped| *stopped) => return Some(link),
                };
                tokio::select! {
                    () = link.close() => {}
                    _ = stopped.wait_for(|stopped| *stopped) => return None,
                }
                let why = why.unwrap_or_else(|| BotError::new("the connection has ended"));
                say(&account, &why, REST);
                REST
            }
            Err(error) => {
                let wait = backoff.next(fastrand::u64(..));
                say(&account, &error, wait);
                wait
            }
        };
        tokio::select! {
            () = sleep(wait) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return None,
        }
    }
}

fn say(account: &Account, error: &BotError, again: Duration) {
    let platform = account.platform.platform().name();
    let account = &*account.name;
    tracing::error!(account, platform, %error, ?again, "an account is not at work");
}
