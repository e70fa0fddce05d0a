//! What becomes of an event while another one of its route is handled.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a route does with an event that comes while others of the same
/// conversation are being handled; see [`Router::overlap`](crate::Router::overlap).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overlap {
    /// It waits for its turn behind all that came before it in its
    /// conversation.
    #[default]
    Queue,
    /// It is dropped if the route is already at work in its conversation, or
    /// has something there that waits. Otherwise as [`Queue`](Self::Queue).
    Drop,
    /// It waits so long for another one of the same person in the same
    /// conversation, which then stands for both and waits as long again. The
    /// last one is handled as with [`Queue`](Self::Queue).
    Debounce(Duration),
    /// It is handled at once, beside whatever else is; replies go out as they
    /// come.
    Concurrent,
}

/// Who is the only one at something.
#[derive(Debug)]
pub(crate) struct Sole<K: Eq + Hash>(Arc<Mutex<HashSet<K>>>);

/// The right to be the only one; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Claim<K: Eq + Hash> {
    sole: Arc<Mutex<HashSet<K>>>,
    key: K,
}

impl<K: Eq + Hash> Default for Sole<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Clone + Eq + Hash> Sole<K> {
    /// `None`: somebody else is.
    pub(crate) fn claim(&self, key: K) -> Option<Claim<K>> {
        let is_first = lock(&self.0).insert(key.clone());
        is_first.then(|| Claim {
            sole: Arc::clone(&self.0),
            key,
        })
    }
}

impl<K: Eq + Hash> Drop for Claim<K> {
    fn drop(&mut self) {
        lock(&self.sole).remove(&self.key);
    }
}

/// Of what comes in quick succession, the last.
#[derive(Debug)]
pub(crate) struct Debounce<K: Eq + Hash>(Arc<Mutex<Waiting<K>>>);

#[derive(Debug)]
struct Waiting<K> {
    latest: HashMap<K, u64>,
    next: u64,
}

/// Something that may be followed by something newer.
#[derive(Debug)]
pub(crate) struct Pending<K: Eq + Hash> {
    waiting: Arc<Mutex<Waiting<K>>>,
    key: K,
    number: u64,
    wait: Duration,
}

impl<K: Eq + Hash> Default for Debounce<K> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Waiting {
            latest: HashMap::new(),
            next: 0,
        })))
    }
}

impl<K: Clone + Eq + Hash> Debounce<K> {
    /// Stands for all that came with this key and still waits.
    pub(crate) fn follow(&self, key: K, wait: Duration) -> Pending<K> {
        let mut waiting = lock(&self.0);
        let number = waiting.next;
        waiting.next += 1;
        waiting.latest.insert(key.clone(), number);
        Pending {
            waiting: Arc::clone(&self.0),
            key,
            number,
            wait,
        }
    }
}

impl<K: Eq + Hash> Pending<K> {
    /// Waits; `false`: something newer came.
    pub(crate) async fn stays_last(self) -> bool {
        tokio::time::sleep(self.wait).await;
        lock(&self.waiting).latest.get(&self.key) == Some(&self.number)
    }
}

impl<K: Eq + Hash> Drop for Pending<K> {
    fn drop(&mut self) {
        let latest = &mut lock(&self.waiting).latest;
        if latest.get(&self.key) == Some(&self.number) {
            latest.remove(&self.key);
        }
    }
}

/// Nothing inside panics while it is half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_at_a_time_for_each_key() {
        let sole = Sole::default();
        let first = sole.claim("a").unwrap();
        assert!(sole.claim("a").is_none());
        assert!(sole.claim("b").is_some());
        drop(first);
        assert!(sole.claim("a").is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_one_stands_for_all() {
        let debounce = Debounce::default();
        let wait = Duration::from_secs(1);
        let first = tokio::spawn(debounce.follow("a", wait).stays_last());
        let other = tokio::spawn(debounce.follow("b", wait).stays_last());
        tokio::time::sleep(wait / 2).await;
        let second = tokio::spawn(debounce.follow("a", wait).stays_last());
        assert!(!first.await.unwrap());
        assert!(other.await.unwrap());
        assert!(second.await.unwrap());
        assert!(lock(&debounce.0).latest.is_empty());
    }
}
