//! A bot at work: accounts connected, events handled, until it is told to stop.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::config::{Account, AccountKind, BadConfig, Config};
use crate::desk::Desk;
use crate::keep::Keepers;
use crate::link::Link;
use crate::observe::{Observer, Observers};
use crate::outboxes::Outboxes;
use crate::reply::{BotError, Result};
use crate::router::Router;
use crate::{bearychat, dingtalk, onebot, rongcloud, wecom};

/// How long handlers may take to end once the bot is told to stop.
const DRAIN: Duration = Duration::from_secs(8);

/// How long connections may take to close after that.
const CLOSE: Duration = Duration::from_secs(1);

/// A bot and the accounts it speaks from.
#[derive(Clone, Debug)]
pub struct Bot {
    config: Config,
    tolerant: bool,
    observers: Observers,
    outboxes: Outboxes,
}

impl Bot {
    /// A bot with the accounts of a file such as `mynah.toml`.
    ///
    /// # Errors
    /// The file cannot be read or is wrong, a secret cannot be read, or an account is there
    /// twice; the error names file, line and field.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BadConfig> {
        let config = Config::open(path)?;
        config.check()?;
        Ok(Self::new(config))
    }

    /// A bot with these accounts.
    pub fn new(config: Config) -> Self {
        Self {
            outboxes: Outboxes::of(&config),
            config,
            tolerant: false,
            observers: Observers::default(),
        }
    }

    /// Lets no account disturb the others: one that cannot connect, whose address cannot be
    /// listened on or which the platform does not want is named in the log and tried again
    /// later. The bot then runs until it is told to stop.
    #[must_use]
    pub fn tolerant(self) -> Self {
        Self {
            tolerant: true,
            ..self
        }
    }

    /// What carries messages to the accounts while the bot is at work, for those who speak when
    /// nothing was said.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use mynah_bot::{Bot, Conversation, Router, command};
    ///
    /// # async fn run() -> mynah_bot::Result<()> {
    /// let bot = Bot::open("mynah.toml")?;
    /// let outboxes = bot.outboxes();
    /// let place: Conversation = "onebot:group:20001".parse()?;
    /// tokio::spawn(async move {
    ///     let qq = outboxes.when_open("qq").await?;
    ///     loop {
    ///         qq.send(&place, &"整点报时 another hour".into()).await?;
    ///         tokio::time::sleep(Duration::from_secs(3600)).await;
    ///     }
    ///     # #[allow(unreachable_code)]
    ///     # Ok::<(), mynah_bot::BotError>(())
    /// });
    /// bot.run(Router::new().on(command("ping"), async || "pong"), ()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn outboxes(&self) -> Outboxes {
        self.outboxes.clone()
    }

    /// Has `observer` look on.
    #[must_use]
    pub fn observed(mut self, observer: impl Observer) -> Self {
        self.observers.add(observer);
        self
    }

    /// Connects all accounts and handles what happens, until the process is
    /// told to stop (Ctrl-C, or SIGTERM). Nothing new is let in then, questions
    /// that are open end without an answer, handlers that are at work are given
    /// eight seconds to end and send their replies, and after them the
    /// connections one to close.
    ///
    /// # Errors
    /// An account's settings are wrong: a secret is missing, an address cannot
    /// be listened on. Or nothing can come in any more: the platforms do not
    /// want any of the accounts, or have given their places to others.
    pub async fn run<S>(self, router: Router<S>, state: S) -> Result<()>
    where
        S: Send + Sync + 'static,
    {
        self.run_until(router, state, told_to_stop()).await
    }

    /// As [`run`](Self::run), until `stop` ends.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_until<S>(
        self,
        router: Router<S>,
        state: S,
        stop: impl Future<Output = ()>,
    ) -> Result<()>
    where
        S: Send + Sync + 'static,
    {
        let desk = Desk::new(router, state).observed(self.observers);
        let desk = desk.speaking(self.outboxes);
        let desk = Arc::new(desk);
        if self.tolerant {
            let keepers = Keepers::start(self.config.accounts, &desk);
            stop.await;
            wind_up(keepers.stop().await, &desk).await;
            return Ok(());
        }
        let mut links = Vec::new();
        for account in &self.config.accounts {
            match open(account, &desk).await {
                Ok(link) => links.push(link),
                Err(error) => {
                    desk.stop();
                    close(links, &desk).await;
                    return Err(error);
                }
            }
        }
        let outcome = tokio::select! {
            () = stop => Ok(()),
            why = deaf(&self.config.accounts, &mut links) => Err(why),
        };
        wind_up(links, &desk).await;
        outcome
    }
}

/// Waits until nothing can come in any more by the links of those accounts
/// that hear, and says why; for ever where none does.
async fn deaf(accounts: &[Account], links: &mut [Link]) -> BotError {
    let mut why = None;
    for (account, link) in accounts.iter().zip(links) {
        if account.platform.hears() {
            let failed = link.failed().await;
            why = why.or(failed.err());
        }
    }
    match why {
        Some(error) => error,
        None => std::future::pending().await,
    }
}

/// Opens an account: whatever is made for it goes out on its way.
pub(crate) async fn open<S>(account: &Account, desk: &Arc<Desk<S>>) -> Result<Link>
where
    S: Send + Sync + 'static,
{
    let name = account.name.as_str().into();
    let desk = Arc::clone(desk);
    let opening = async {
        match &account.platform {
            AccountKind::OneBot(settings) => onebot::account::open(name, settings, desk).await,
            AccountKind::WeCom(settings) => wecom::account::open(name, settings, desk).await,
            AccountKind::DingTalk(settings) => dingtalk::account::open(name, settings, desk).await,
            AccountKind::RongCloud(settings) => {
                rongcloud::account::open(name, settings, desk).await
            }
            AccountKind::BearyChat(settings) => {
                bearychat::account::open(name, settings, desk).await
            }
        }
    };
    account.opened_on_its_way(opening).await?
}

/// Lets nothing new in, has what is inside end, and closes.
async fn wind_up<S: Send + Sync + 'static>(mut links: Vec<Link>, desk: &Desk<S>) {
    // Posts that are not taken come again; over sockets replies still go out.
    links.iter_mut().for_each(Link::hush);
    desk.stop();
    desk.drain(DRAIN).await;
    close(links, desk).await;
}

/// Closes all links at once, and sends away whoever waits at the desk.
async fn close<S: Send + Sync + 'static>(links: Vec<Link>, desk: &Desk<S>) {
    let mut closing = JoinSet::new();
    for link in links {
        closing.spawn(link.close());
    }
    // The links first: what waits at the desk is not acknowledged any more.
    tokio::task::yield_now().await;
    desk.end();
    desk.outboxes().end();
    let all = async { while closing.join_next().await.is_some() {} };
    if tokio::time::timeout(CLOSE, all).await.is_err() {
        tracing::warn!("connections did not close within {CLOSE:?}");
    }
}

/// Ends when the process is told to stop: by Ctrl-C or SIGTERM. From the call
/// on, neither ends the process by itself.
///
/// # Panics
/// When it is not called from within a Tokio runtime.
#[cfg(unix)]
pub fn told_to_stop() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};

    let signals = [
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ];
    async move {
        let [Ok(mut interrupt), Ok(mut terminate)] = signals else {
            // The system lets nobody listen, so its own way of ending a process stays.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Ends when the process is told to stop: by Ctrl-C.
#[cfg(not(unix))]
pub async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
