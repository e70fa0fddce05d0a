//! Handlers of the user's own, in any language: they are told of events by signed HTTP, over a
//! WebSocket or through their standard input, and their answer is the reply.
//!
//! What goes over the wire stands in `docs/handlers.md`.

mod http;
mod json;
mod signature;
mod stdio;
mod unasked;
mod websocket;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use self::http::Posts;
use self::json::{Answer, Elsewhere};
use self::signature::Key;
use self::stdio::Program;
use self::unasked::Unasked;
use self::websocket::Talk;
use crate::config::{BadConfig, Config, Forward, ForwardWay, Secret};
use crate::event::EventKind;
use crate::extract::Context;
use crate::filter::when;
use crate::outboxes::Outboxes;
use crate::reply::{BotError, Reply, Result};
use crate::router::Router;

/// The longest event that is told, in bytes; what came in is left out before.
const LARGEST_EVENT: usize = 1 << 20;

/// The longest answer that is taken, in bytes: there may be pictures in it.
const LARGEST_ANSWER: usize = 16 << 20;

/// How often the answer to a receipt may ask for another one.
const ROUNDS: usize = 8;

/// The handlers of a configuration, at work.
///
/// ```no_run
/// use mynah_bot::{Bot, Config, Handlers, Router, command};
///
/// # async fn run() -> mynah_bot::Result<()> {
/// let config = Config::open("mynah.toml")?;
/// let bot = Bot::new(config.clone());
/// let handlers = Handlers::open(&config, &bot.outboxes())?;
/// let built_in = Router::<()>::new().on(command("ping"), async || "pong");
/// let router = handlers.router(built_in);
/// bot.run(router, ()).await?;
/// handlers.close().await;
/// # Ok(())
/// # }
/// ```
pub struct Handlers {
    /// What each is, and which accounts it hears; none for all that no other one hears.
    forwarders: Vec<(Arc<Forwarder>, Option<HashSet<String>>)>,
    /// The accounts that a handler names.
    named: Arc<HashSet<String>>,
}

impl Handlers {
    /// Reads the secrets of all handlers, starts their programs and opens their sockets.
    /// A program that cannot be started and a socket that cannot be opened are tried again.
    /// They speak by the `outboxes` where they name an account.
    ///
    /// # Errors
    /// A secret cannot be read or is none; the error names the handler, and file and line where
    /// they are known.
    ///
    /// # Panics
    /// When it is not called from within a Tokio runtime.
    pub fn open(config: &Config, outboxes: &Outboxes) -> Result<Self, BadConfig> {
        // All are looked at before anything is started.
        let keys = config.handlers.iter().enumerate();
        let keys = keys.map(|(index, handler)| {
            let key = handler.secret().map(key).transpose();
            key.map_err(|problem| config.bad_handler(index, "secret", &problem))
        });
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        let named = config.handlers.iter().filter_map(|it| it.accounts.as_ref());
        let named = Arc::new(named.flatten().cloned().collect());
        let handlers = config.handlers.iter().zip(keys);
        let forwarders = handlers.map(|(settings, key)| {
            let accounts = settings.accounts.as_ref();
            let accounts = accounts.map(|names| names.iter().cloned().collect());
            let forwarder = Forwarder::new(settings, key, outboxes.clone());
            (Arc::new(forwarder), accounts)
        });
        Ok(Self {
            forwarders: forwarders.collect(),
            named,
        })
    }

    /// Routes to the handlers, each for its accounts, and before them those of `built_in` for
    /// accounts that have none. Handlers hear everything but what a connection says about itself
    /// and what the bot itself said elsewhere.
    #[must_use]
    pub fn router<S: Send + Sync + 'static>(&self, built_in: Router<S>) -> Router<S> {
        let mut router = Router::new();
        let mut all = false;
        for (forwarder, accounts) in &self.forwarders {
            all |= accounts.is_none();
            let (named, accounts) = (Arc::clone(&self.named), accounts.clone());
            let heard = when(move |event| {
                let is_theirs = match &accounts {
                    Some(accounts) => accounts.contains(&*event.account),
                    None => !named.contains(&*event.account),
                };
                is_theirs && !matches!(event.kind, EventKind::Meta | EventKind::OwnMessage)
            });
            let forwarder = Arc::clone(forwarder);
            router = router.on(heard, move |cx: Context| {
                let forwarder = Arc::clone(&forwarder);
                async move { forwarder.handle(cx).await }
            });
        }
        if all {
            return router;
        }
        let named = Arc::clone(&self.named);
        let alone = when(move |event| !named.contains(&*event.account));
        router.scope(&alone, built_in)
    }

    /// Ends the programs and closes the sockets. Events that still wait for an answer fail.
    pub async fn close(self) {
        let closing = self.forwarders.into_iter();
        let closing = closing.map(|(it, _)| tokio::spawn(async move { it.way.close().await }));
        for closed in closing.collect::<Vec<_>>() {
            // One that panicked has nothing left to close.
            let _ = closed.await;
        }
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.forwarders.iter().map(|(it, _)| &it.name);
        f.debug_list().entries(names).finish()
    }
}

fn key(secret: &Secret) -> Result<Key, String> {
    let secret = secret.read().map_err(|error| error.to_string())?;
    Key::read(&secret)
}

/// One handler at work.
struct Forwarder {
    name: String,
    way: Way,
    timeout: Duration,
    /// How many events it may be asked about at once.
    room: Semaphore,
    outboxes: Outboxes,
    /// Tells the events of this process apart from those of others.
    process: u64,
    events: AtomicU64,
}

/// How it is asked.
enum Way {
    Http(Posts),
    WebSocket(Talk),
    Command(Program),
    /// There is none: the settings were not looked at.
    None,
}

impl Way {
    fn open(settings: &Forward, key: Option<Key>, outboxes: Outboxes) -> Self {
        let Forward {
            name,
            timeout,
            concurrency,
            ..
        } = settings;
        match (&settings.way, key) {
            (ForwardWay::Http { url, .. }, Some(key)) => Self::Http(Posts::new(url.clone(), key)),
            (ForwardWay::Http { .. }, None) => Self::None,
            (ForwardWay::WebSocket { url, .. }, key) => {
                let unasked = Unasked::of(name, outboxes);
                Self::WebSocket(Talk::open(name, url.clone(), key, *timeout, unasked))
            }
            (ForwardWay::Command(command), _) => {
                let unasked = Unasked::of(name, outboxes);
                let program = Program::start(name, command, *concurrency, *timeout, unasked);
                Self::Command(program)
            }
        }
    }

    async fn ask(&self, id: &str, told: Bytes, deadline: Instant) -> Result<Answer, String> {
        match self {
            Self::Http(posts) => posts.ask(id, told, deadline).await,
            Self::WebSocket(talk) => talk.ask(id, told).await,
            Self::Command(program) => program.ask(id, told).await,
            Self::None => Err("there is no way to it".to_owned()),
        }
    }

    async fn close(&self) {
        match self {
            Self::WebSocket(talk) => talk.close().await,
            Self::Command(program) => program.close().await,
            Self::Http(_) | Self::None => {}
        }
    }
}

impl Forwarder {
    fn new(settings: &Forward, key: Option<Key>, outboxes: Outboxes) -> Self {
        Self {
            name: settings.name.clone(),
            way: Way::open(settings, key, outboxes.clone()),
            timeout: settings.timeout,
            room: Semaphore::new(settings.concurrency),
            outboxes,
            process: fastrand::u64(..),
            events: AtomicU64::new(0),
        }
    }

    /// Asks the handler, does what it wants done, and returns its reply.
    async fn handle(&self, cx: Context) -> Result<Reply> {
        let id = self.new_id();
        let told = json::event(&id, cx.event(), LARGEST_EVENT).map_err(|it| self.failed(&it))?;
        let answer = self.ask(&id, told).await?;
        if !answer.receipt {
            return self.carry_out(&cx, answer).await;
        }
        self.with_receipts(&cx, id, answer).await
    }

    /// As [`handle`](Self::handle), for a handler that wants to hear what became of its reply:
    /// its answer to that is done as well.
    async fn with_receipts(&self, cx: &Context, id: String, mut answer: Answer) -> Result<Reply> {
        let mut of = id;
        for _ in 0..ROUNDS {
            if !answer.receipt {
                return self.carry_out(cx, answer).await;
            }
            let sent = match self.carry_out(cx, answer).await {
                Ok(reply) => cx.answer(reply).await,
                Err(error) => Err(error),
            };
            let sent = sent.map_err(|error| error.to_string());
            let id = self.new_id();
            let told = json::receipt(&id, &of, cx.event(), &sent);
            let told = told.map_err(|problem| self.failed(&problem))?;
            answer = self.ask(&id, told).await?;
            of = id;
        }
        Err(self.failed(&format!("asks for more than {ROUNDS} receipts")))
    }

    async fn ask(&self, id: &str, told: Vec<u8>) -> Result<Answer> {
        let deadline = Instant::now() + self.timeout;
        let asking = async {
            let _room = self.room.acquire().await;
            self.way.ask(id, told.into(), deadline).await
        };
        let answer = timeout_at(deadline, asking).await;
        let late = |_| Err(format!("no answer within {:?}", self.timeout));
        answer
            .unwrap_or_else(late)
            .map_err(|problem| self.failed(&problem))
    }

    /// Does everything but the reply.
    async fn carry_out(&self, cx: &Context, answer: Answer) -> Result<Reply> {
        if let Some(message) = &answer.recall {
            cx.recall(message).await?;
        }
        if let Some((message, into)) = answer.edit {
            cx.edit(&message, into).await?;
        }
        if let Some(reaction) = &answer.react {
            cx.react(reaction).await?;
        }
        for it in answer.send {
            let Elsewhere {
                account,
                to,
                message,
            } = it;
            match account {
                None => cx.outbox().send(&to, &message).await?,
                Some(account) => self.outboxes.room(&account, to)?.send(message).await?,
            };
        }
        Ok(answer.reply)
    }

    /// What an event is called while the process lives; nobody else's is called so.
    fn new_id(&self) -> String {
        let number = self.events.fetch_add(1, Ordering::Relaxed);
        format!("evt_{:016x}{number:08x}", self.process)
    }

    fn failed(&self, problem: &str) -> BotError {
        BotError::new(format!("handler {}: {problem}", self.name))
    }
}

/// What a handler says over a socket or a pipe.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spoken {
    #[serde(rename = "id")]
    _id: String,
    #[serde(default)]
    answer: Value,
    error: Option<String>,
}

impl Spoken {
    fn read(line: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(line).map_err(|error| error.to_string())
    }

    fn answer(self) -> Result<Answer, String> {
        match self.error {
            Some(error) => Err(format!("it says: {}", excerpt(error.as_bytes()))),
            None => Answer::read(self.answer),
        }
    }
}

/// Which event an answer is to.
fn id_of(line: &[u8]) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        id: Cow<'a, str>,
    }
    let head: Head<'_> = serde_json::from_slice(line).ok()?;
    Some(head.id)
}

/// The beginning of what a handler said, for the log.
fn excerpt(text: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(text.get(..LONGEST).unwrap_or(text));
    text.trim().to_owned()
}
