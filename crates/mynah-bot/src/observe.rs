//! Whoever looks on while a bot is at work.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::event::Event;
use crate::id::MessageId;
use crate::reply::{BotError, Reply};

/// Hears what a bot is told and what becomes of it, for a journal or for figures; see
/// [`Bot::observed`](crate::Bot::observed).
///
/// It is called where the bot works, so it should neither wait nor panic: what takes time belongs
/// into a queue of its own.
///
/// ```
/// use mynah_bot::{Bot, Config, Event, Observer, Outcome};
///
/// struct Slow;
///
/// impl Observer for Slow {
///     fn handled(&self, event: &Event, outcome: &Outcome<'_>) {
///         if outcome.took.as_secs() >= 3 {
///             eprintln!("{}: {:?} took {:?}", event.account, event.kind, outcome.took);
///         }
///     }
/// }
///
/// let bot = Bot::new(Config::default()).observed(Slow);
/// # let _ = bot;
/// ```
pub trait Observer: Send + Sync + 'static {
    /// An event was let in, and will be handled when its turn comes. What no route takes, and what
    /// came before, is not let in.
    fn let_in(&self, _event: &Event) {}

    /// An event was handled, and its reply is on its way. Where the handler asked something, this
    /// is the last answer.
    fn handled(&self, _event: &Event, _outcome: &Outcome<'_>) {}
}

/// What became of an event.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// How long the handler was at work: with the questions it asked, without the wait for its
    /// turn.
    pub took: Duration,
    /// What the handler returned.
    pub reply: &'a Reply,
    /// The messages that were sent in answer, by the handler and as its reply, where the platform
    /// tells what they are called.
    pub sent: &'a [MessageId],
    /// Why the handler failed, or why its reply was not sent.
    pub error: Option<&'a BotError>,
}

/// Those who look on.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    pub(crate) fn add(&mut self, observer: impl Observer) {
        self.0.push(Arc::new(observer));
    }

    pub(crate) fn let_in(&self, event: &Event) {
        for observer in &self.0 {
            observer.let_in(event);
        }
    }

    pub(crate) fn handled(&self, event: &Event, outcome: &Outcome<'_>) {
        for observer in &self.0 {
            observer.handled(event, outcome);
        }
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Observers({})", self.0.len())
    }
}
