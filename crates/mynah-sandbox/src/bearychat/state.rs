//! Everything that can change, and therefore everything a snapshot holds.

use mynah_bearychat::id::Place;
use mynah_bearychat::{MessageKey, Millis};
use serde::{Deserialize, Serialize};

use super::messages::Spoken;
use super::quota::Calls;
use super::rtm::Tickets;
use super::seed::Seed;
use super::users::Users;
use super::vchannels::Vchannels;
use crate::archive::Archive;
use crate::chance::Chance;
use crate::frame;
use crate::media::MediaStore;
use crate::world::Time;

/// Everything that can change, and therefore everything a snapshot holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(super) now: Time,
    pub(super) chance: Chance,
    pub(super) users: Users,
    pub(super) vchannels: Vchannels,
    pub(super) archive: Archive<Spoken>,
    pub(super) quota: Calls,
    pub(super) tickets: Tickets,
    pub(super) media: MediaStore,
    /// Stands in ids; the last one.
    counter: u64,
    /// When the last message was made.
    last: Millis,
    /// Stands behind the time in keys of messages; the last one.
    suffix: u16,
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// From where on ids look like those of the platform: `=b`, and five more.
const FIRST_ID: u64 = 37 * 62_u64.pow(5);
/// What stands behind the time in keys of messages has four digits.
const SUFFIXES: u16 = 10_000;

impl State {
    /// An id that nothing had before, whatever it is.
    pub(super) fn id(&mut self) -> String {
        loop {
            self.counter = self.counter.wrapping_add(1);
            let id = encoded(FIRST_ID.wrapping_add(self.counter));
            // A seed may have anything.
            let taken = self.users.get(&id.as_str().into()).is_some()
                || self.vchannels.get(&id.as_str().into()).is_some();
            if !taken {
                return id;
            }
        }
    }

    /// A random word of so many letters and digits.
    pub(super) fn word(&mut self, length: usize) -> String {
        let mut one = || {
            let at = usize::try_from(self.chance.below(62)).unwrap_or_default();
            char::from(BASE62.get(at).copied().unwrap_or(b'0'))
        };
        (0..length).map(|_| one()).collect()
    }

    /// The key of a new message: its time, which is later than that of any
    /// message before, and a number.
    pub(super) fn message_key(&mut self) -> MessageKey {
        let next = Millis(self.last.0.saturating_add(1));
        self.last = millis(self.now).max(next);
        self.suffix = self.suffix.wrapping_add(1) % SUFFIXES;
        MessageKey::from(Place {
            millis: self.last,
            counter: self.suffix,
        })
    }
}

/// A time as the platform counts it, which knows none before 1970.
pub(super) fn millis(time: Time) -> Millis {
    Millis(time.0.try_into().unwrap_or_default())
}

/// A number as the platform writes ids.
fn encoded(number: u64) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    while rest > 0 {
        let at = usize::try_from(rest % 62).unwrap_or_default();
        digits.push(char::from(BASE62.get(at).copied().unwrap_or(b'0')));
        rest /= 62;
    }
    digits.push('=');
    digits.into_iter().rev().collect()
}

impl frame::State for State {
    type Seed = Seed;
    type Message = Spoken;

    fn new(seed: &Seed) -> Self {
        Self {
            now: seed.start(),
            chance: Chance::new(seed.random),
            users: Users::new(seed),
            vchannels: Vchannels::new(seed),
            archive: Archive::new(),
            quota: Calls::default(),
            tickets: Tickets::default(),
            media: MediaStore::default(),
            counter: 0,
            last: Millis(0),
            suffix: 0,
        }
    }

    fn go_on_counting(&mut self, before: Self) {
        if before.counter >= self.counter {
            self.chance = before.chance;
            self.counter = before.counter;
        }
        // The time of messages may come back: their numbers do not.
        self.suffix = self.suffix.max(before.suffix);
        self.archive.go_on_counting(&before.archive);
    }

    fn restored(mut self) -> Result<Self, String> {
        self.users.check()?;
        self.vchannels.rebuild_index()?;
        self.archive.rebuild_index()?;
        Ok(self)
    }

    fn now(&self) -> Time {
        self.now
    }

    fn archive(&self) -> &Archive<Spoken> {
        &self.archive
    }

    fn archive_mut(&mut self) -> &mut Archive<Spoken> {
        &mut self.archive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::State as _;

    #[test]
    fn ids_look_like_those_of_the_platform_and_differ() {
        let mut state = State::new(&Seed::default());
        assert_eq!(state.id(), "=b00001");
        assert_eq!(state.id(), "=b00002");
        assert_eq!(encoded(61), "=z");
        assert_eq!(encoded(62), "=10");
    }

    #[test]
    fn keys_follow_each_other_whatever_the_clock_does() {
        let mut state = State::new(&Seed::default());
        state.now = Time(1_485_236_262_366);
        assert_eq!(state.message_key().to_string(), "1485236262366.0001");
        assert_eq!(state.message_key().to_string(), "1485236262367.0002");
        state.now = Time(1_485_236_262_000);
        assert_eq!(state.message_key().to_string(), "1485236262368.0003");
        state.suffix = 9_999;
        assert_eq!(state.message_key().to_string(), "1485236262369.0000");
        let mut next = State::new(&Seed::default());
        next.go_on_counting(state);
        next.now = Time(1_485_236_262_000);
        assert_eq!(next.message_key().to_string(), "1485236262000.0001");
    }
}
