//! Who is heard how often: rates for people and conversations, and an end to
//! bots that answer each other.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::event::{Event, EventKind};
use crate::id::{Conversation, UserId};
use crate::message::Message;
use crate::recent::Recent;

/// How many events of one person, or in one conversation, are handled in any
/// stretch of time; see [`Router::rate`](crate::Router::rate).
///
/// ```
/// use std::time::Duration;
/// use mynah_bot::Rate;
///
/// let rate = Rate::per_person(5, Duration::from_secs(10)).saying("慢一点 slowly, please");
/// # let _ = rate;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    per: Per,
    most: u32,
    within: Duration,
    words: Option<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Per {
    Person,
    Conversation,
}

impl Rate {
    /// At most `most` events of one person on one account within any stretch
    /// of that length, wherever they come from.
    pub fn per_person(most: u32, within: Duration) -> Self {
        Self::of(Per::Person, most, within)
    }

    /// At most `most` events in one conversation within any stretch of that
    /// length, whoever they are of.
    pub fn per_conversation(most: u32, within: Duration) -> Self {
        Self::of(Per::Conversation, most, within)
    }

    /// Answers the first event too many with this, and none after it until
    /// one is handled again. Without it, what is too much is dropped in
    /// silence.
    #[must_use]
    pub fn saying(mut self, words: impl Into<Message>) -> Self {
        self.words = Some(words.into());
        self
    }

    fn of(per: Per, most: u32, within: Duration) -> Self {
        Self {
            per,
            most,
            within,
            words: None,
        }
    }
}

/// Whether an event keeps to a rate.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    Kept,
    /// Too much; the person is told.
    Told(Message),
    /// Too much; nobody says anything.
    Dropped,
}

/// Counts what a [`Rate`] is about. Forgets whom it has not counted for long
/// when there are too many.
#[derive(Debug)]
pub(crate) struct RateGuard {
    rate: Rate,
    counts: Mutex<Recent<RateKey, Count>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum RateKey {
    Person(Arc<str>, UserId),
    Conversation(Arc<str>, Conversation),
}

#[derive(Debug, Default)]
struct Count {
    times: Window,
    told: bool,
}

impl RateGuard {
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            rate,
            counts: Mutex::default(),
        }
    }

    /// Counts the event, if it is not too much.
    pub(crate) fn check(&self, event: &Event, now: Instant) -> Verdict {
        let account = || Arc::clone(&event.account);
        let key = match self.rate.per {
            Per::Person => event
                .sender
                .clone()
                .map(|user| RateKey::Person(account(), user)),
            Per::Conversation => event
                .conversation
                .clone()
                .map(|place| RateKey::Conversation(account(), place)),
        };
        // Nobody in particular, or nowhere in particular, cannot be too loud.
        let Some(key) = key else {
            return Verdict::Kept;
        };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get_or_default(key);
        if count.times.len(now, self.rate.within) < self.rate.most {
            count.times.push(now);
            count.told = false;
            return Verdict::Kept;
        }
        match &self.rate.words {
            Some(words) if !std::mem::replace(&mut count.told, true) => {
                Verdict::Told(words.clone())
            }
            _ => Verdict::Dropped,
        }
    }
}

/// When something happened lately.
#[derive(Debug, Default)]
struct Window(VecDeque<Instant>);

impl Window {
    fn len(&mut self, now: Instant, within: Duration) -> u32 {
        while let Some(oldest) = self.0.front()
            && now.duration_since(*oldest) >= within
        {
            self.0.pop_front();
        }
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, now: Instant) {
        self.0.push_back(now);
    }
}

/// When a bot stops answering what may be another bot; see
/// [`Router::loop_guard`](crate::Router::loop_guard).
///
/// What counts is answers in one conversation: to one sender that the platform
/// says is no person, or to the same words of one sender. Once there were
/// `answers` of them `within` so long, the bot does not hear them any more until
/// they have not come for as long; the log says so once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopGuard {
    /// So many answers are a loop.
    pub answers: u32,
    /// If they are given within this time.
    pub within: Duration,
}

impl LoopGuard {
    /// None: everything is answered, for ever.
    pub const fn off() -> Self {
        Self {
            answers: 0,
            within: Duration::ZERO,
        }
    }
}

impl Default for LoopGuard {
    /// Ten answers within a minute.
    fn default() -> Self {
        Self {
            answers: 10,
            within: Duration::from_secs(60),
        }
    }
}

/// Knows what was answered lately.
#[derive(Debug)]
pub(crate) struct Loops {
    guard: LoopGuard,
    answered: Mutex<Recent<LoopKey, Answered>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LoopKey {
    account: Arc<str>,
    place: Conversation,
    sender: UserId,
    /// The words; nothing where all words count.
    words: Option<u64>,
}

#[derive(Debug, Default)]
struct Answered {
    times: Window,
    silent_until: Option<Instant>,
}

impl Loops {
    pub(crate) fn new(guard: LoopGuard) -> Self {
        Self {
            guard,
            answered: Mutex::default(),
        }
    }

    /// Under what an event counts, if it could be part of a loop.
    pub(crate) fn key(&self, event: &Event) -> Option<LoopKey> {
        if self.guard.answers == 0 {
            return None;
        }
        let words = match event.kind {
            _ if event.from_bot => None,
            EventKind::Message if !event.text().is_empty() => Some(hash(event.text())),
            _ => return None,
        };
        Some(LoopKey {
            account: Arc::clone(&event.account),
            place: event.conversation.clone()?,
            sender: event.sender.clone()?,
            words,
        })
    }

    /// Whether nothing is answered to this any more; each time it comes it
    /// stays so for longer.
    pub(crate) fn is_silent(&self, key: &LoopKey, now: Instant) -> bool {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(answered) = answered.get_mut(key) else {
            return false;
        };
        let silent = answered.silent_until.is_some_and(|until| now < until);
        answered.silent_until = silent.then(|| now + self.guard.within);
        silent
    }

    /// Something was answered to this.
    pub(crate) fn answered(&self, key: LoopKey, now: Instant) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let LoopGuard { answers, within } = self.guard;
        let record = answered.get_or_default(key.clone());
        record.times.push(now);
        if record.times.len(now, within) < answers || record.silent_until.is_some() {
            return;
        }
        *record = Answered {
            times: Window::default(),
            silent_until: Some(now + within),
        };
        let LoopKey { account, place, .. } = key;
        tracing::warn!(
            %account, %place, answers,
            "this looks like a loop of two bots: no more answers for a while"
        );
    }
}

fn hash(words: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Native;
    use crate::id::Platform;

    struct Said;

    impl Native for Said {
        fn text(&self) -> std::borrow::Cow<'_, str> {
            "again".into()
        }

        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    fn said_by(who: i64) -> Event {
        let here = Platform::OneBot;
        let raw = bytes::Bytes::new();
        let mut event = Event::new(here, "qq".into(), EventKind::Message, Said, raw);
        event.conversation = Some(Conversation::group(here, 1));
        event.sender = Some(UserId::new(here, who));
        event
    }

    /// However many others there are meanwhile.
    #[tokio::test]
    async fn whoever_goes_on_is_not_forgotten() {
        let guard = RateGuard::new(Rate::per_person(2, Duration::from_secs(3600)));
        let loops = Loops::new(LoopGuard::default());
        let now = Instant::now();
        let key = |who| loops.key(&said_by(who)).unwrap();
        assert_eq!(guard.check(&said_by(0), now), Verdict::Kept);
        assert_eq!(guard.check(&said_by(0), now), Verdict::Kept);
        (0..10).for_each(|_| loops.answered(key(0), now));
        for others in 0..4 {
            for who in 1..3000 {
                let who = others * 3000 + who;
                assert_eq!(guard.check(&said_by(who), now), Verdict::Kept);
                loops.answered(key(who), now);
            }
            assert_eq!(guard.check(&said_by(0), now), Verdict::Dropped);
            assert!(loops.is_silent(&key(0), now));
        }
    }
}
