//! What is remembered for a while.

use std::collections::HashMap;
use std::hash::Hash;

/// So much is remembered if nothing else is said.
const REMEMBERED: usize = 4096;

/// A map that forgets what it has not been told of for the longest time: never one of the last
/// `limit`, and always all but twice as many.
///
/// What it is told of is young. When there are as many young ones as it has room for, they become
/// the old ones, and those that were old until then are forgotten.
#[derive(Clone, Debug)]
pub(crate) struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    limit: usize,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self::of(REMEMBERED)
    }
}

impl<K, V> Recent<K, V> {
    /// With room for so many.
    pub(crate) fn of(limit: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            limit,
        }
    }
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// A value, which does not become younger for being looked at.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// A value to be changed.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.make_room(&key);
            self.young.insert(key, value);
        }
        self.young.get_mut(key)
    }

    /// The value for this key, which is a new one if there was none.
    pub(crate) fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let known = self.old.remove(&key);
        self.make_room(&key);
        let value = self.young.entry(key);
        value.or_insert_with(|| known.unwrap_or_default())
    }

    /// Keeps a value, and tells whether there was none for this key.
    pub(crate) fn insert(&mut self, key: K, value: V) -> bool {
        let was_old = self.old.remove(&key).is_some();
        self.make_room(&key);
        let was_young = self.young.insert(key, value).is_some();
        !(was_old || was_young)
    }

    /// Forgets the old ones if there would be too many young ones with this.
    fn make_room(&mut self, key: &K) {
        if self.young.len() >= self.limit && !self.young.contains_key(key) {
            self.old = std::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_told_of_for_the_longest_time_is_forgotten_first() {
        let mut recent = Recent::of(2);
        for (key, value) in [("a", 1), ("b", 2), ("c", 3), ("a", 4), ("d", 5)] {
            recent.insert(key, value);
        }
        assert_eq!(recent.get(&"b"), None);
        let kept = ["a", "c", "d"].map(|key| recent.get(&key).copied());
        assert_eq!(kept, [Some(4), Some(3), Some(5)]);
        assert!(recent.insert("b", 6) && !recent.insert("b", 7));
    }

    #[test]
    fn what_is_told_of_again_and_again_stays() {
        let mut recent = Recent::<_, u32>::of(10);
        for key in 1_u32..=1000 {
            *recent.get_or_default(0) += 1;
            *recent.get_or_default(key) += 1;
            assert!(recent.young.len() + recent.old.len() <= 20);
            let last = key.saturating_sub(8).max(1)..=key;
            assert!(last.into_iter().all(|key| recent.get(&key).is_some()));
        }
        assert_eq!(recent.get(&0), Some(&1000));
        assert_eq!(recent.get_mut(&1), None);
        assert_eq!(recent.get_mut(&0), Some(&mut 1000));
    }
}
