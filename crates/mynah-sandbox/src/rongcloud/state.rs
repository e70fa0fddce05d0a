//! Everything that can change, and therefore everything a snapshot holds.

use std::collections::BTreeMap;

use mynah_rongcloud::MessageUid;
use serde::{Deserialize, Serialize};

use super::archive::{Archive, Spoken};
use super::conversations::Conversations;
use super::groups::Groups;
use super::history::History;
use super::media::MediaStore;
use super::pushes::Pushes;
use super::quotas::Quotas;
use super::rooms::Rooms;
use super::seed::Seed;
use super::sms::Sms;
use super::speech::Held;
use super::users::Users;
use super::words::WordFilter;
use crate::chance::{ALPHANUMERIC, Chance};
use crate::frame;
use crate::world::Time;

/// Everything that can change, and therefore everything a snapshot holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(super) now: Time,
    pub(super) chance: Chance,
    pub(super) users: Users,
    pub(super) groups: Groups,
    pub(super) rooms: Rooms,
    pub(super) words: WordFilter,
    pub(super) archive: Archive,
    /// Messages that somebody else decides about.
    pub(super) held: BTreeMap<MessageUid, Held>,
    pub(super) history: History,
    pub(super) media: MediaStore,
    pub(super) pushes: Pushes,
    pub(super) sms: Sms,
    pub(super) conversations: Conversations,
    pub(super) quotas: Quotas,
    /// Stands in ids; the next one.
    pub(super) counter: u64,
}

/// The digits of message ids.
const BASE32: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";

impl frame::State for State {
    type Seed = Seed;
    type Message = Spoken;

    fn new(seed: &Seed) -> Self {
        Self {
            now: Time(seed.time.saturating_mul(1000)),
            chance: Chance::new(seed.random),
            users: Users::new(seed),
            groups: Groups::new(seed),
            rooms: Rooms::new(seed),
            words: WordFilter::default(),
            archive: Archive::new(),
            held: BTreeMap::new(),
            history: History::default(),
            media: MediaStore::default(),
            pushes: Pushes::default(),
            sms: Sms::default(),
            conversations: Conversations::default(),
            quotas: Quotas::default(),
            counter: 1,
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
        self.groups.rebuild_index();
        self.history.rebuild_index();
        self.pushes.rebuild_index();
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

    /// The id of a new message: the time, and a number.
    pub(super) fn message_uid(&mut self) -> MessageUid {
        // 42 bits of time are enough until the year 2109.
        let time = u128::try_from(self.now.0).unwrap_or_default() & ((1 << 42) - 1);
        let number = u128::from(self.number()) & ((1 << 38) - 1);
        let bits = time << 38 | number;
        let digit = |place: u32| {
            let at = usize::try_from(bits >> (5 * (15 - place)) & 31).unwrap_or_default();
            char::from(BASE32.get(at).copied().unwrap_or(b'0'))
        };
        let mut uid = String::with_capacity(19);
        for place in 0..16 {
            if place > 0 && place % 4 == 0 {
                uid.push('-');
            }
            uid.push(digit(place));
        }
        MessageUid(uid)
    }

    /// A random word of so many of `0-9a-zA-Z`.
    pub(super) fn word(&mut self, length: usize) -> String {
        self.chance.word(ALPHANUMERIC, length)
    }
}
