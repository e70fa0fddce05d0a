//! Dice that always fall the same way.

use serde::{Deserialize, Serialize};

/// A generator in the manner of SplitMix64: small, seeded, part of the state.
/// Good for dice and masks; nothing here needs to be hard to guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // The bias is far below what a sandbox's dice could show.
        self.next() % bound
    }

    /// A word of so many letters of an alphabet.
    pub(crate) fn word(&mut self, alphabet: &[u8], length: usize) -> String {
        let mut letter = || {
            let at = self.below(alphabet.len().max(1) as u64);
            let at = usize::try_from(at).unwrap_or_default();
            char::from(alphabet.get(at).copied().unwrap_or(b'0'))
        };
        (0..length).map(|_| letter()).collect()
    }
}

/// The alphabet of most words: `0-9a-zA-Z`.
pub(crate) const ALPHANUMERIC: &[u8] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_dice() {
        let throw = |seed| {
            let mut chance = Chance::new(seed);
            (0..20).map(|_| chance.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(throw(1), throw(1));
        assert_ne!(throw(1), throw(2));
        assert!(throw(1).iter().all(|eyes| *eyes < 6));
    }
}
