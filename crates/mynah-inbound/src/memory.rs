//! Which deliveries were seen lately.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mynah_core::DedupeKey;
use tokio::time::Instant;

/// Remembers a bounded number of keys for a bounded time.
#[derive(Debug)]
pub(crate) struct Memory {
    capacity: usize,
    lifetime: Duration,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    keys: HashSet<DedupeKey>,
    /// The same keys, oldest first.
    order: VecDeque<(Instant, DedupeKey)>,
}

/// Whether a key was seen before.
pub(crate) enum Sighting<'a> {
    New(First<'a>),
    Repeated,
}

/// A key that was seen for the first time. Unless it is [kept](First::keep) it
/// is forgotten: an event whose handling broke off may be delivered again.
pub(crate) struct First<'a> {
    memory: &'a Memory,
    key: Option<DedupeKey>,
}

impl Memory {
    pub(crate) fn new(capacity: usize, lifetime: Duration) -> Self {
        Self {
            capacity,
            lifetime,
            seen: Mutex::default(),
        }
    }

    /// Looks a key up, and remembers it from now on.
    pub(crate) fn see(&self, key: &DedupeKey) -> Sighting<'_> {
        let now = Instant::now();
        let mut seen = self.seen();
        seen.forget_before(now, self.lifetime);
        if seen.keys.contains(key) {
            return Sighting::Repeated;
        }
        seen.keys.insert(key.clone());
        seen.order.push_back((now, key.clone()));
        if seen.order.len() > self.capacity {
            seen.forget_oldest();
        }
        Sighting::New(First {
            memory: self,
            key: Some(key.clone()),
        })
    }

    /// Whether a key was kept lately.
    pub(crate) fn knows(&self, key: &DedupeKey) -> bool {
        let mut seen = self.seen();
        seen.forget_before(Instant::now(), self.lifetime);
        seen.keys.contains(key)
    }

    /// Remembers a key from now on.
    pub(crate) fn keep(&self, key: &DedupeKey) {
        if let Sighting::New(first) = self.see(key) {
            first.keep();
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn forget_before(&mut self, now: Instant, lifetime: Duration) {
        while let Some((since, _)) = self.order.front()
            && now.duration_since(*since) >= lifetime
        {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, key)) = self.order.pop_front() {
            self.keys.remove(&key);
        }
    }
}

impl First<'_> {
    pub(crate) fn keep(mut self) {
        self.key = None;
    }
}

impl Drop for First<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let mut seen = self.memory.seen();
            seen.keys.remove(&key);
            seen.order.retain(|(_, other)| *other != key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_new(memory: &Memory, key: &str) -> bool {
        match memory.see(&DedupeKey::Word(key.into())) {
            Sighting::New(first) => {
                first.keep();
                true
            }
            Sighting::Repeated => false,
        }
    }

    #[test]
    fn a_key_is_new_once() {
        let memory = Memory::new(10, Duration::from_secs(60));
        assert!(is_new(&memory, "a"));
        assert!(!is_new(&memory, "a"));
        assert!(is_new(&memory, "b"));
    }

    #[test]
    fn a_key_is_forgotten_after_its_lifetime() {
        let memory = Memory::new(10, Duration::ZERO);
        assert!(is_new(&memory, "a"));
        assert!(is_new(&memory, "a"));
    }

    #[test]
    fn the_oldest_key_makes_room() {
        let memory = Memory::new(2, Duration::from_secs(60));
        assert!(["a", "b", "c"].iter().all(|key| is_new(&memory, key)));
        assert!(!is_new(&memory, "b"));
        assert!(is_new(&memory, "a"));
        assert_eq!(memory.seen().keys.len(), 2);
    }

    #[test]
    fn a_key_is_known_once_it_is_kept() {
        let memory = Memory::new(10, Duration::from_secs(60));
        let key = DedupeKey::Word("a".into());
        assert!(!memory.knows(&key));
        assert!(!memory.knows(&key));
        memory.keep(&key);
        assert!(memory.knows(&key));
        assert!(!is_new(&memory, "a"));
    }

    #[test]
    fn a_key_whose_handling_broke_off_is_forgotten() {
        let memory = Memory::new(10, Duration::from_secs(60));
        drop(memory.see(&DedupeKey::Word("a".into())));
        assert!(is_new(&memory, "a"));
        assert_eq!(memory.seen().order.len(), 1);
    }
}
