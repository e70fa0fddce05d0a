//! Accounts that are kept at work, whatever becomes of the others.

use std::sync::Arc;
use std::time::Duration;

use mynah_core::Backoff;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::config::Account;
use crate::desk::Desk;
use crate::link::Link;
use crate::reply::BotError;
use crate::run::open;

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
            opened = open(&account, &desk) => opened,
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
                desk.outboxes().close(&account.name);
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

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use crate::{Bot, Config, Router};

    async fn free() -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    }

    async fn is_listened_at(address: std::net::SocketAddr) {
        while TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    #[tokio::test]
    async fn an_account_that_cannot_work_is_tried_again_and_disturbs_no_other() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let other = free().await;
        let config = format!(
            "[[account]]\nname = 'a'\nplatform = 'onebot'\nlisten = '{address}'\n\
             [[account]]\nname = 'b'\nplatform = 'onebot'\nlisten = '{other}'\n"
        );
        let bot = || Bot::new(Config::parse(&config).unwrap());
        let router = || Router::<()>::new();
        let strict = bot().run_until(router(), (), std::future::pending());
        assert!(strict.await.unwrap_err().to_string().contains("listen"));

        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let tolerant = bot().tolerant();
        let stopped = async { drop(stopped.await) };
        let running = tokio::spawn(tolerant.run_until(router(), (), stopped));
        is_listened_at(other).await;
        drop(taken);
        is_listened_at(address).await;
        stop.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert!(TcpStream::connect(other).await.is_err());
    }
}
