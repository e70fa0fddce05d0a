//! The ways out of all accounts, for those who speak when nothing was said.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use crate::config::Config;
use crate::id::Conversation;
use crate::reply::{BotError, Outbox, Result};
use crate::room::Room;

/// What carries messages to the accounts of a bot that is at work, by their names; see
/// [`Bot::outboxes`](crate::Bot::outboxes). Clones are the same.
///
/// An account is there once it is open, and not while it is being opened again. What an outbox of
/// a socket is told meanwhile waits for the socket for a few seconds.
#[derive(Clone)]
pub struct Outboxes(Arc<watch::Sender<State>>);

struct State {
    /// Of all accounts that there are.
    by_name: HashMap<Arc<str>, Option<Arc<dyn Outbox>>>,
    /// The bot has ended.
    over: bool,
}

impl Default for Outboxes {
    fn default() -> Self {
        Self::of(&Config::default())
    }
}

impl Outboxes {
    /// Of these accounts, none of which is open.
    pub(crate) fn of(config: &Config) -> Self {
        let names = config.accounts.iter().map(|account| account.name.as_str());
        Self(Arc::new(watch::Sender::new(State {
            by_name: names.map(|name| (name.into(), None)).collect(),
            over: false,
        })))
    }

    /// The names of all accounts, open or not, in no particular order.
    pub fn accounts(&self) -> Vec<Arc<str>> {
        self.0.borrow().by_name.keys().cloned().collect()
    }

    /// What carries messages to this account, if it is open.
    pub fn get(&self, account: &str) -> Option<Arc<dyn Outbox>> {
        self.0.borrow().by_name.get(account)?.clone()
    }

    /// As [`get`](Self::get), and waits until the account is open.
    ///
    /// # Errors
    /// There is no such account, or the bot has ended.
    pub async fn when_open(&self, account: &str) -> Result<Arc<dyn Outbox>> {
        let mut state = self.0.subscribe();
        let there = |state: &State| !matches!(state.by_name.get(account), Some(None));
        // The sender is ours, and so it is there.
        let state = state.wait_for(|state| state.over || there(state)).await?;
        match state.by_name.get(account) {
            Some(Some(outbox)) => Ok(Arc::clone(outbox)),
            Some(None) => Err(BotError::new("the bot has ended")),
            None => Err(BotError::new(format!("there is no account `{account}`"))),
        }
    }

    /// A conversation of an account that is open, with all that can be done in it.
    ///
    /// # Errors
    /// There is no such account, or it is not open.
    pub fn room(&self, account: &str, place: Conversation) -> Result<Room> {
        let closed = || BotError::new(format!("there is no account `{account}` that is open"));
        Ok(Room::new(place, self.get(account).ok_or_else(closed)?))
    }

    /// An account can speak from now on.
    pub(crate) fn open(&self, account: &Arc<str>, outbox: Arc<dyn Outbox>) {
        self.0.send_modify(|state| {
            state.by_name.insert(Arc::clone(account), Some(outbox));
        });
    }

    /// An account cannot speak any more.
    pub(crate) fn close(&self, account: &str) {
        self.0.send_modify(|state| {
            if let Some(outbox) = state.by_name.get_mut(account) {
                *outbox = None;
            }
        });
    }

    /// Nothing can be said any more.
    pub(crate) fn end(&self) {
        self.0.send_modify(|state| {
            state.over = true;
            state.by_name.values_mut().for_each(|outbox| *outbox = None);
        });
    }
}

impl fmt::Debug for Outboxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.borrow();
        let open = |(name, outbox): (&Arc<str>, &Option<_>)| (Arc::clone(name), outbox.is_some());
        f.debug_map()
            .entries(state.by_name.iter().map(open))
            .finish()
    }
}
