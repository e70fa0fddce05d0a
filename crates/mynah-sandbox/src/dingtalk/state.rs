//! Everything that can change, and therefore everything a snapshot holds.

use std::collections::{BTreeMap, BTreeSet};

use mynah_dingtalk::{ChatId, MediaId, OpenConversationId, UserId};
use serde::{Deserialize, Serialize};

use super::archive::{Archive, Chat, Spoken};
use super::cards::Cards;
use super::chats::{Flags, Group, INTERNAL};
use super::directory::Directory;
use super::media::MediaStore;
use super::notices::Notices;
use super::registration::Registration;
use super::robots::Robots;
use super::seed::{GroupSeed, Seed};
use super::stream::Tickets;
use super::tokens::{Tokens, Visits};
use crate::chance::{ALPHANUMERIC, Chance};
use crate::frame;
use crate::world::Time;

/// Everything that can change, and therefore everything a snapshot holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(super) now: Time,
    pub(super) chance: Chance,
    pub(super) directory: Directory,
    pub(super) tokens: Tokens,
    pub(super) visits: Visits,
    pub(super) groups: BTreeMap<ChatId, Group>,
    pub(super) archive: Archive,
    pub(super) media: MediaStore,
    pub(super) robots: Robots,
    pub(super) notices: Notices,
    pub(super) cards: Cards,
    pub(super) registration: Registration,
    pub(super) tickets: Tickets,
    /// Stands in ids; the next one.
    pub(super) counter: u64,
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl frame::State for State {
    type Seed = Seed;
    type Message = Spoken;

    fn new(seed: &Seed) -> Self {
        let groups = seed.groups.iter();
        Self {
            now: Time(seed.time.saturating_mul(1000)),
            chance: Chance::new(seed.random),
            directory: Directory::new(seed),
            tokens: Tokens::default(),
            visits: Visits::default(),
            groups: groups.map(|it| (it.chatid.clone(), it.into())).collect(),
            archive: Archive::new(),
            media: MediaStore::default(),
            robots: Robots::default(),
            notices: Notices::default(),
            cards: Cards::default(),
            registration: Registration::default(),
            tickets: Tickets::default(),
            counter: 1_000_001,
        }
    }

    fn go_on_counting(&mut self, before: Self) {
        if before.counter >= self.counter {
            self.chance = before.chance;
            self.counter = before.counter;
        }
        self.archive.go_on_counting(&before.archive);
    }

    fn restored(mut self) -> Result<Self, String> {
        self.directory.check()?;
        for (id, group) in &self.groups {
            if !group.has(&group.owner) && !group.disbanded {
                return Err(format!("the owner of group {id} is no member"));
            }
        }
        self.archive.rebuild_index()?;
        Ok(self)
    }

    fn now(&self) -> Time {
        self.now
    }

    fn archive(&self) -> &Archive {
        &self.archive
    }

    fn archive_mut(&mut self) -> &mut Archive {
        &mut self.archive
    }
}

impl State {
    /// A number that is given once.
    pub(super) fn number(&mut self) -> u64 {
        let number = self.counter;
        self.counter = number.saturating_add(1);
        number
    }

    /// The id of a new message: `msg` and what means nothing.
    pub(super) fn message_id(&mut self) -> String {
        let number = self.number();
        // Differs by its number even where chance has been put back.
        format!("msg{}{number:x}==", self.base64(22))
    }

    /// A random word of so many of `0-9a-zA-Z`.
    pub(super) fn word(&mut self, length: usize) -> String {
        self.chance.word(ALPHANUMERIC, length)
    }

    /// The same of `0-9a-f`.
    pub(super) fn hex(&mut self, length: usize) -> String {
        self.chance.word(b"0123456789abcdef", length)
    }

    /// The same with `+` and `/` among them, which ids of DingTalk have as well.
    pub(super) fn base64(&mut self, length: usize) -> String {
        self.chance.word(BASE64, length)
    }

    /// Whether somebody takes part in a conversation.
    pub(super) fn takes_part(&self, user: &UserId, chat: &Chat) -> bool {
        match chat {
            Chat::Group(id) => self.groups.get(id).is_some_and(|group| group.has(user)),
            Chat::User(person) => person == user,
        }
    }
}

impl From<&GroupSeed> for Group {
    fn from(seed: &GroupSeed) -> Self {
        let own = || OpenConversationId(format!("cid+{}==", seed.chatid));
        Self {
            open_conversation_id: seed.open_conversation_id.clone().unwrap_or_else(own),
            name: seed.name.clone(),
            owner: seed.owner.clone(),
            members: seed.members.clone(),
            admins: BTreeSet::new(),
            nicks: BTreeMap::new(),
            flags: Flags::default(),
            tag: INTERNAL,
            icon: MediaId::default(),
            no_friends: false,
            disbanded: false,
            robot: seed.robot,
        }
    }
}
