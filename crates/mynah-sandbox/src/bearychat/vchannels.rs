//! Conversations of all kinds, and who is in them.

use std::collections::BTreeMap;

use mynah_bearychat::{Millis, UserId, VchannelId};
use serde::{Deserialize, Serialize};

use super::seed::Seed;
use super::state::millis;
use crate::world::Time;

/// Every conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vchannels {
    all: BTreeMap<VchannelId, Vchannel>,
    /// How many were ever opened.
    opened: u64,
    #[serde(skip)]
    pairs: BTreeMap<(UserId, UserId), VchannelId>,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vchannel {
    /// Which one it was, of all that were opened.
    number: u64,
    pub(super) kind: Kind,
    /// In the order of joining.
    pub(super) members: Vec<UserId>,
    /// Whether it is not archived.
    pub(super) active: bool,
    /// When something was last said in it, or when it was opened.
    pub(super) latest_ts: Millis,
}

/// What kind of conversation it is, and what only that kind has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Channel(Channel),
    /// For a while, between whoever was taken in.
    Session {
        name: Option<String>,
    },
    P2p,
}

/// What only a channel has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub(super) name: String,
    pub(super) topic: Option<String>,
    pub(super) creator: UserId,
    /// Whether it is the one for everybody.
    pub(super) general: bool,
    pub(super) private: bool,
}

impl Vchannel {
    pub(super) fn has(&self, user: &UserId) -> bool {
        self.members.contains(user)
    }

    /// What only a channel has, if it is one.
    pub(super) fn channel(&self) -> Option<&Channel> {
        match &self.kind {
            Kind::Channel(channel) => Some(channel),
            Kind::Session { .. } | Kind::P2p => None,
        }
    }

    pub(super) fn is_session(&self) -> bool {
        matches!(self.kind, Kind::Session { .. })
    }

    pub(super) fn is_p2p(&self) -> bool {
        self.kind == Kind::P2p
    }

    /// Whether anybody may look at it.
    pub(super) fn is_public(&self) -> bool {
        self.channel().is_some_and(|channel| !channel.private)
    }

    /// Takes somebody in; tells whether they are new.
    pub(super) fn add(&mut self, user: &UserId) -> bool {
        let new = !self.has(user);
        if new {
            self.members.push(user.clone());
        }
        new
    }

    pub(super) fn remove(&mut self, user: &UserId) {
        self.members.retain(|member| member != user);
    }
}

/// Two people, the smaller id first.
fn pair(one: &UserId, other: &UserId) -> (UserId, UserId) {
    let (first, second) = if one <= other {
        (one, other)
    } else {
        (other, one)
    };
    (first.clone(), second.clone())
}

impl Vchannels {
    pub(super) fn new(seed: &Seed) -> Self {
        let mut vchannels = Self {
            all: BTreeMap::new(),
            opened: 0,
            pairs: BTreeMap::new(),
        };
        let time = seed.start();
        let general = &seed.general;
        vchannels.open(
            general.id.clone(),
            Kind::Channel(Channel {
                name: general.name.clone(),
                topic: general.topic.clone(),
                creator: general.creator.clone(),
                general: true,
                private: false,
            }),
            seed.everybody().map(|(id, _)| id.clone()).collect(),
            time,
        );
        for channel in &seed.channels {
            vchannels.open(
                channel.id.clone(),
                Kind::Channel(Channel {
                    name: channel.name.clone(),
                    topic: channel.topic.clone(),
                    creator: channel.creator.clone(),
                    general: false,
                    private: channel.private,
                }),
                channel.members.clone(),
                time,
            );
        }
        vchannels
    }

    /// Finds every pair again after the index has been left away.
    ///
    /// # Errors
    /// A conversation of two has not two members, or two people have two of
    /// them.
    pub(super) fn rebuild_index(&mut self) -> Result<(), String> {
        self.pairs.clear();
        for (id, vchannel) in self.all.iter().filter(|(_, it)| it.is_p2p()) {
            let [one, other] = vchannel.members.as_slice() else {
                return Err(format!("{id} has not two members"));
            };
            if self.pairs.insert(pair(one, other), id.clone()).is_some() {
                return Err(format!("{id} is between people who have another one"));
            }
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, id: &VchannelId) -> Option<&Vchannel> {
        self.all.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &VchannelId) -> Option<&mut Vchannel> {
        self.all.get_mut(id)
    }

    /// All conversations, the oldest first.
    pub(super) fn all(&self) -> Vec<(&VchannelId, &Vchannel)> {
        let mut all: Vec<_> = self.all.iter().collect();
        all.sort_by_key(|(_, vchannel)| vchannel.number);
        all
    }

    /// The conversation of two people, if they have one.
    pub(super) fn between(&self, one: &UserId, other: &UserId) -> Option<&VchannelId> {
        self.pairs.get(&pair(one, other))
    }

    /// The channel that is called so, archived or not.
    pub(super) fn named(&self, name: &str) -> Option<&VchannelId> {
        let mut all = self.all.iter();
        let called = |it: &Vchannel| it.channel().is_some_and(|channel| channel.name == name);
        all.find(|(_, it)| called(it)).map(|(id, _)| id)
    }

    /// The session channel that is called so; the oldest, if there are several.
    pub(super) fn session_named(&self, wanted: &str) -> Option<&VchannelId> {
        let called = |it: &Vchannel| match &it.kind {
            Kind::Session { name } => name.as_deref() == Some(wanted),
            Kind::Channel(_) | Kind::P2p => false,
        };
        let all = self.all.iter().filter(|(_, it)| called(it));
        all.min_by_key(|(_, it)| it.number).map(|(id, _)| id)
    }

    /// Opens a conversation.
    pub(super) fn open(&mut self, id: VchannelId, kind: Kind, members: Vec<UserId>, now: Time) {
        if let (Kind::P2p, [one, other]) = (&kind, members.as_slice()) {
            self.pairs.insert(pair(one, other), id.clone());
        }
        self.opened = self.opened.saturating_add(1);
        let vchannel = Vchannel {
            number: self.opened,
            kind,
            members,
            active: true,
            latest_ts: millis(now),
        };
        self.all.insert(id, vchannel);
    }
}
