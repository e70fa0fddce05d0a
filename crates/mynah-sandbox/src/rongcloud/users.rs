//! Users, their tokens and clients, and what they were forbidden.

use std::collections::{BTreeMap, VecDeque};

use mynah_rongcloud::UserId;
use serde::{Deserialize, Serialize};

use super::limits;
use super::seed::Seed;
use crate::world::Time;

/// Everybody who was registered, and everybody of whom more is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Users {
    known: BTreeMap<UserId, User>,
    tokens: VecDeque<Token>,
    sessions: BTreeMap<UserId, Session>,
    /// Until when.
    blocks: BTreeMap<UserId, Time>,
    /// Oldest first.
    blacklists: BTreeMap<UserId, Vec<UserId>>,
    tags: BTreeMap<UserId, Vec<String>>,
}

/// Somebody who was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) portrait: String,
    pub(super) created: Time,
}

/// What a client connects with. It is valid as long as it is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Token {
    user: UserId,
    text: String,
    issued: Time,
}

/// A client that is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    /// The platform's word, such as `iOS`.
    pub(super) os: String,
    /// Where it comes from.
    pub(super) address: String,
    /// When the token was issued that it connected with.
    pub(super) issued: Time,
}

impl Users {
    pub(super) fn new(seed: &Seed) -> Self {
        let created = Time(seed.time.saturating_mul(1000));
        let known = seed.everybody().map(|(id, name)| {
            let user = User {
                name: name.to_owned(),
                portrait: String::new(),
                created,
            };
            (id.clone(), user)
        });
        Self {
            known: known.collect(),
            ..Self::default()
        }
    }

    pub(super) fn get(&self, id: &UserId) -> Option<&User> {
        self.known.get(id)
    }

    /// Everybody who was registered.
    pub(super) fn all(&self) -> impl Iterator<Item = (&UserId, &User)> {
        self.known.iter()
    }

    pub(super) fn count(&self) -> usize {
        self.known.len()
    }

    /// Registers somebody, or renews what is known.
    pub(super) fn register(&mut self, id: UserId, name: String, portrait: String, now: Time) {
        let known = self.known.entry(id);
        let user = known.or_insert_with(|| User {
            name: String::new(),
            portrait: String::new(),
            created: now,
        });
        user.name = name;
        user.portrait = portrait;
    }

    /// Changes what is given and not empty, of somebody who was registered.
    pub(super) fn refresh(&mut self, id: &UserId, name: Option<String>, portrait: Option<String>) {
        let Some(user) = self.known.get_mut(id) else {
            return;
        };
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        if let Some(name) = given(name) {
            user.name = name;
        }
        if let Some(portrait) = given(portrait) {
            user.portrait = portrait;
        }
    }

    pub(super) fn issue(&mut self, user: UserId, token: String, now: Time) {
        if self.tokens.len() >= limits::TOKENS {
            self.tokens.pop_front();
        }
        self.tokens.push_back(Token {
            user,
            text: token,
            issued: now,
        });
    }

    /// When a token was issued to somebody; nothing if it is not valid.
    fn issued(&self, user: &UserId, token: &str) -> Option<Time> {
        let mut tokens = self.tokens.iter();
        let found = tokens.find(|it| it.user == *user && it.text == token);
        found.map(|token| token.issued)
    }

    /// Ends the tokens that somebody was given before a time. Whether a client
    /// was connected with one of them.
    pub(super) fn expire(&mut self, user: &UserId, before: Time) -> bool {
        self.tokens
            .retain(|token| token.user != *user || token.issued >= before);
        let session = self.sessions.get(user);
        session.is_some_and(|session| session.issued < before)
    }

    /// Whether somebody's client can connect: when the token was issued that it
    /// brings. Without one it is taken to have a new one.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn may_connect(
        &self,
        user: &UserId,
        token: Option<&str>,
        now: Time,
    ) -> Result<Time, &'static str> {
        if self.blocked_until(user, now).is_some() {
            return Err("is blocked");
        }
        match token {
            None => Ok(now),
            Some(token) => self.issued(user, token).ok_or("has no such token"),
        }
    }

    /// Somebody's client connects.
    pub(super) fn connect(&mut self, user: UserId, session: Session) {
        self.sessions.insert(user, session);
    }

    pub(super) fn disconnect(&mut self, user: &UserId) -> Option<Session> {
        self.sessions.remove(user)
    }

    /// The client of somebody, if it is connected.
    pub(super) fn session(&self, user: &UserId) -> Option<&Session> {
        self.sessions.get(user)
    }

    /// Everybody whose client is connected.
    pub(super) fn online(&self) -> impl Iterator<Item = &UserId> {
        self.sessions.keys()
    }

    /// Blocks somebody, and forgets who may connect again.
    pub(super) fn block(&mut self, user: UserId, until: Time, now: Time) {
        self.blocks.retain(|_, until| *until > now);
        self.blocks.insert(user, until);
    }

    pub(super) fn unblock(&mut self, user: &UserId) {
        self.blocks.remove(user);
    }

    pub(super) fn blocked_until(&self, user: &UserId, now: Time) -> Option<Time> {
        self.blocks.get(user).copied().filter(|until| *until > now)
    }

    /// Who is blocked, and until when.
    pub(super) fn blocked(&self, now: Time) -> impl Iterator<Item = (&UserId, Time)> {
        let blocks = self.blocks.iter().map(|(user, until)| (user, *until));
        blocks.filter(move |(_, until)| *until > now)
    }

    /// Who may not write to somebody, newest first.
    pub(super) fn blacklist(&self, user: &UserId) -> impl Iterator<Item = &UserId> {
        self.blacklists.get(user).into_iter().flatten().rev()
    }

    /// Whether somebody refuses what another one writes.
    pub(super) fn refuses(&self, user: &UserId, from: &UserId) -> bool {
        let list = self.blacklists.get(user);
        list.is_some_and(|list| list.contains(from))
    }

    /// Puts people on somebody's blacklist; not, if that made it too long.
    pub(super) fn add_to_blacklist(&mut self, user: &UserId, others: &[UserId]) -> bool {
        let mut list = self.blacklists.get(user).cloned().unwrap_or_default();
        for other in others {
            if !list.contains(other) {
                list.push(other.clone());
            }
        }
        if list.len() > limits::BLACKLIST {
            return false;
        }
        self.blacklists.insert(user.clone(), list);
        true
    }

    pub(super) fn remove_from_blacklist(&mut self, user: &UserId, others: &[UserId]) {
        if let Some(list) = self.blacklists.get_mut(user) {
            list.retain(|it| !others.contains(it));
            if list.is_empty() {
                self.blacklists.remove(user);
            }
        }
    }

    /// All tags of somebody instead of those before.
    pub(super) fn set_tags(&mut self, user: UserId, tags: Vec<String>) {
        if tags.is_empty() {
            self.tags.remove(&user);
        } else {
            self.tags.insert(user, tags);
        }
    }

    pub(super) fn tags(&self, user: &UserId) -> &[String] {
        self.tags.get(user).map_or(&[], Vec::as_slice)
    }
}
