//! What is remembered for a while.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// So much is remembered if nothing else is said.
const REMEMBERED: usize = 4096;

/// A map that forgets what it was told first.
#[derive(Clone, Debug)]
pub(crate) struct Recent<K, V> {
    values: HashMap<K, V>,
    oldest_first: VecDeque<K>,
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
            values: HashMap::new(),
            oldest_first: VecDeque::new(),
            limit,
        }
    }
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.values.get_mut(key)
    }

    /// The value for this key, which is a new one if there was none.
    pub(crate) fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        if !self.values.contains_key(&key) {
            self.insert(key.clone(), V::default());
        }
        self.values.entry(key).or_default()
    }

    /// Keeps a value, and tells whether there was none for this key; if there was one, the key
    /// keeps its age.
    pub(crate) fn insert(&mut self, key: K, value: V) -> bool {
        if self.values.insert(key.clone(), value).is_some() {
            return false;
        }
        self.oldest_first.push_back(key);
        if self.oldest_first.len() > self.limit
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.values.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_first_is_forgotten_first() {
        let mut recent = Recent::of(2);
        for (key, value) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] {
            recent.insert(key, value);
        }
        assert_eq!(recent.get(&"a"), None);
        assert_eq!((recent.get(&"b"), recent.get(&"c")), (Some(&2), Some(&4)));
        assert!(recent.insert("a", 5) && !recent.insert("a", 6));
        assert_eq!(recent.get(&"b"), None);
        assert_eq!(recent.values.len(), recent.oldest_first.len());
    }
}
