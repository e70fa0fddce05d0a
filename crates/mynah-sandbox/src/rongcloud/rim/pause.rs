//! The rest that an address is given which does not answer in time, time and
//! again (<https://docs.rongcloud.cn/platform-chat-api/message/sync>).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::address::Address;
use super::delivery::Delivery;
use super::{PLATFORM, RongCloudSide};
use crate::clock::later;
use crate::hub::{Hub, State};
use crate::journal::{Direction, Entry, Kind, Transport, Verdict};
use crate::rim::Rim;
use crate::world::Time;

/// Which addresses rest, and how often the others were late.
#[derive(Debug, Default)]
pub(super) struct Pauses([Pause; Address::ALL.len()]);

#[derive(Clone, Copy, Debug, Default)]
struct Pause {
    /// How often in a row there was no answer in time.
    late: u32,
    /// Until when nothing is posted there.
    until: Option<Time>,
}

impl Pauses {
    /// Nothing rests any more.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// An address rests no longer.
    pub(super) fn end(&mut self, address: Address) {
        *self.of(address) = Pause::default();
    }

    fn of(&mut self, address: Address) -> &mut Pause {
        // There are as many as addresses.
        &mut self.0[address as usize]
    }

    /// How long an address rests yet.
    fn left(&mut self, address: Address, now: Time) -> Option<Duration> {
        let pause = self.of(address);
        let left = pause.until?.0.saturating_sub(now.0);
        let left = u64::try_from(left).ok().filter(|left| *left > 0);
        if left.is_none() {
            pause.until = None;
        }
        left.map(Duration::from_millis)
    }

    /// Counts whether an address was late; says whether it begins to rest.
    fn count(&mut self, address: Address, late: bool, delivery: &Delivery, now: Time) -> bool {
        let pause = self.of(address);
        pause.late = if late { pause.late + 1 } else { 0 };
        let begins = delivery.pause_after > 0 && pause.late >= delivery.pause_after;
        if begins {
            pause.late = 0;
            pause.until = Some(later(now, delivery.pause));
        }
        begins
    }
}

/// Waits until an address does not rest.
pub(super) async fn over(hub: &Hub, address: Address) {
    let mut disturbance = hub.disturbance.subscribe();
    loop {
        let left = hub.with(|state| {
            let now = state.now();
            state.sides.rongcloud.pauses.left(address, now)
        });
        let Some(left) = left else {
            return;
        };
        tokio::select! {
            () = sleep(left) => {}
            changed = disturbance.changed() => if changed.is_err() {
                return;
            },
        }
    }
}

/// Takes down whether an address was late, which may make it rest.
pub(super) fn note(state: &mut State, address: Address, late: bool) {
    let now = state.now();
    let side = RongCloudSide::among(&mut state.sides);
    let delivery = Arc::clone(&side.delivery);
    if side.pauses.count(address, late, &delivery, now) {
        let (times, pause) = (delivery.pause_after, delivery.pause);
        state.note(Entry {
            title: address.name().to_owned(),
            verdict: Verdict::Delayed,
            note: format!("{times} times in a row no answer in time: nothing for {pause:?}"),
            ..Entry::new(PLATFORM, Direction::Out, Transport::Post, Kind::Event)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::rongcloud::Settings;

    #[test]
    fn who_is_late_too_often_in_a_row_rests_a_while_and_others_do_not() {
        let delivery = Delivery::new(&Options::default(), &Settings::default()).unwrap();
        let mut pauses = Pauses::default();
        let mut count = |late| pauses.count(Address::Route, late, &delivery, Time(1_000));
        for _ in 1..delivery.pause_after {
            assert!(!count(true));
        }
        assert!(!count(false), "an answer breaks the row");
        for _ in 1..delivery.pause_after {
            assert!(!count(true));
        }
        assert!(count(true));
        let left = |pauses: &mut Pauses, address, now| pauses.left(address, Time(now));
        let minute = Some(Duration::from_secs(60));
        assert_eq!(left(&mut pauses, Address::Route, 1_000), minute);
        assert_eq!(left(&mut pauses, Address::Status, 1_000), None);
        assert_eq!(left(&mut pauses, Address::Route, 61_000), None);
        assert_eq!(left(&mut pauses, Address::Route, 1_000), None);
    }
}
