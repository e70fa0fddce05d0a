//! What is said in each place, counted: beyond its limits the platform drops
//! messages without a word.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use mynah_wecom::meter::{Meter, Surplus};

use crate::id::Conversation;

/// How many places are counted at once. Who has not been spoken to for the
/// longest time is forgotten first.
const PLACES: usize = 256;

/// The meters of one account; clones share them.
#[derive(Clone, Default)]
pub(super) struct Meters(Arc<Mutex<HashMap<Conversation, Place>>>);

struct Place {
    meter: Meter,
    /// Whether the last message was one too many already.
    over: bool,
}

impl Meters {
    /// Notes that something is said, and warns when the limit is passed; not
    /// again until there was room. `meter` makes the one of a new place.
    pub(super) fn count(&self, to: &Conversation, meter: fn() -> Meter) {
        if let Some(surplus) = self.count_at(to, meter, now()) {
            tracing::warn!(%to, %surplus, "the platform may drop messages");
        }
    }

    fn count_at(&self, to: &Conversation, meter: fn() -> Meter, now: Instant) -> Option<Surplus> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES && !places.contains_key(to) {
            let oldest = places.iter().min_by_key(|(_, place)| place.meter.last());
            if let Some(oldest) = oldest.map(|(to, _)| to.clone()) {
                places.remove(&oldest);
            }
        }
        let place = places.entry(to.clone()).or_insert_with(|| Place {
            meter: meter(),
            over: false,
        });
        let surplus = place.meter.count(now);
        let was_over = std::mem::replace(&mut place.over, surplus.is_some());
        surplus.filter(|_| !was_over)
    }
}

/// The runtime's clock, so that a paused one holds here as well.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meters(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::id::{Id, Platform};

    fn member(name: &str) -> Conversation {
        Conversation::direct(Platform::WeCom, Id::from(name))
    }

    #[test]
    fn the_first_message_too_many_is_told_of_and_the_next_ones_are_not() {
        let (meters, now) = (Meters::default(), Instant::now());
        let count = |to: &str, now| meters.count_at(&member(to), Meter::default, now);
        assert!((0..30).all(|_| count("alice", now).is_none()));
        let surplus = count("alice", now).unwrap();
        assert_eq!((surplus.count, surplus.limit), (31, 30));
        assert_eq!(count("alice", now), None);
        // Another member has an hour of their own.
        assert_eq!(count("bob", now), None);
        // A minute later there is room, and then there is none again.
        let later = now + Duration::from_secs(60);
        assert!((0..30).all(|_| count("alice", later).is_none()));
        assert!(count("alice", later).is_some());
    }

    #[test]
    fn only_so_many_places_are_remembered() {
        let (meters, now) = (Meters::default(), Instant::now());
        for at in 0..2000 {
            let now = now + Duration::from_millis(at);
            meters.count_at(&member(&at.to_string()), Meter::default, now);
        }
        let places = meters.0.lock().unwrap();
        assert_eq!(places.len(), PLACES);
        assert!(places.contains_key(&member("1999")) && !places.contains_key(&member("0")));
    }
}
