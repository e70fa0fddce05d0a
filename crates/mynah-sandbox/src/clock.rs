//! Virtual time: the machine's time and an offset that tests move.

use std::time::{Duration, Instant, SystemTime};

use crate::world::Time;

/// The last moment that can be named: the end of the year 9999.
const LAST: i64 = 253_402_300_799_000;

/// Runs as fast as the machine's clock, but can be moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    offset_ms: i64,
}

/// A move to a time that cannot be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfRange;

impl Clock {
    /// The virtual time when it is `real` on the machine.
    pub(crate) fn now(self, real: Time) -> Time {
        Time(real.0.saturating_add(self.offset_ms))
    }

    /// How far the virtual time is ahead, in milliseconds.
    pub(crate) fn offset_ms(self) -> i64 {
        self.offset_ms
    }

    /// Moves on by `seconds`, or back if they are negative.
    pub(crate) fn advance(&mut self, real: Time, seconds: f64) -> Result<(), OutOfRange> {
        let to = self.now(real).0.checked_add(milliseconds(seconds)?);
        self.move_to(real, to.ok_or(OutOfRange)?)
    }

    /// Moves to a time in seconds since 1970.
    pub(crate) fn set(&mut self, real: Time, seconds: f64) -> Result<(), OutOfRange> {
        self.move_to(real, milliseconds(seconds)?)
    }

    /// Moves to where the virtual time is `offset_ms` ahead.
    pub(crate) fn set_offset(&mut self, real: Time, offset_ms: i64) -> Result<(), OutOfRange> {
        self.move_to(real, real.0.checked_add(offset_ms).ok_or(OutOfRange)?)
    }

    fn move_to(&mut self, real: Time, to: i64) -> Result<(), OutOfRange> {
        if !(0..=LAST).contains(&to) {
            return Err(OutOfRange);
        }
        self.offset_ms = to - real.0;
        Ok(())
    }
}

/// The virtual time as others tell it.
pub(crate) fn wall(now: Time) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(now.0).unwrap_or_default());
    SystemTime::UNIX_EPOCH + since
}

/// The moment that comes so long after `time`.
pub(crate) fn later(time: Time, by: Duration) -> Time {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Time(time.0.saturating_add(by))
}

/// Tells the virtual time to machines that know no date, and back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch(Instant);

impl Epoch {
    /// Any moment will do; it must be the same for one machine.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// This time, for a machine.
    pub(crate) fn instant(self, time: Time) -> Instant {
        let since = Duration::from_millis(u64::try_from(time.0).unwrap_or_default());
        self.0.checked_add(since).unwrap_or(self.0)
    }

    /// The first moment that is not before what a machine says.
    pub(crate) fn time(self, instant: Instant) -> Time {
        let since = instant.saturating_duration_since(self.0);
        let whole = since.as_nanos().div_ceil(1_000_000);
        Time(i64::try_from(whole).unwrap_or(i64::MAX))
    }
}

/// Seconds as JSON gives them, in whole milliseconds.
fn milliseconds(seconds: f64) -> Result<i64, OutOfRange> {
    let milliseconds = (seconds * 1000.0).round();
    // Twice the range leaves room for a move from one end to the other.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    if milliseconds.abs() <= (2 * LAST) as f64 {
        Ok(milliseconds as i64)
    } else {
        Err(OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: Time = Time(1_700_000_000_000);

    #[test]
    fn it_runs_with_the_machine() {
        let clock = Clock::default();
        assert_eq!(clock.now(REAL), REAL);
        assert_eq!(clock.offset_ms(), 0);
    }

    #[test]
    fn it_moves_on_and_back_and_keeps_running() {
        let mut clock = Clock::default();
        clock.advance(REAL, 90.5).unwrap();
        assert_eq!(clock.now(REAL), Time(REAL.0 + 90_500));
        assert_eq!(clock.now(Time(REAL.0 + 1)), Time(REAL.0 + 90_501));
        clock.advance(REAL, -90.5).unwrap();
        assert_eq!(clock.now(REAL), REAL);
    }

    #[test]
    fn it_can_be_set_to_any_time_that_has_a_name() {
        let mut clock = Clock::default();
        clock.set(REAL, 1_515_204_254.0).unwrap();
        assert_eq!(clock.now(REAL), Time(1_515_204_254_000));
        clock.set_offset(REAL, 5).unwrap();
        assert_eq!(clock.now(REAL), Time(REAL.0 + 5));
    }

    #[test]
    fn a_move_out_of_range_changes_nothing() {
        let mut clock = Clock::default();
        clock.advance(REAL, 7.0).unwrap();
        for seconds in [-1.0, 1e18, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(clock.set(REAL, seconds), Err(OutOfRange), "{seconds}");
        }
        for seconds in [1e18, -1e12, f64::NAN] {
            assert_eq!(clock.advance(REAL, seconds), Err(OutOfRange), "{seconds}");
        }
        assert_eq!(clock.set_offset(REAL, i64::MAX), Err(OutOfRange));
        assert_eq!(clock.offset_ms(), 7000);
    }

    #[test]
    fn the_virtual_time_is_told_to_machines_and_back() {
        let epoch = Epoch::start();
        for time in [0, 1, 1_700_000_000_123].map(Time) {
            assert_eq!(epoch.time(epoch.instant(time)), time);
        }
        let between = epoch.instant(Time(5)) + Duration::from_micros(1);
        assert_eq!(epoch.time(between), Time(6));
        assert_eq!(epoch.instant(Time(-1)), epoch.0);
    }

    #[test]
    fn the_virtual_time_is_told_in_full() {
        let told = wall(Time(1_700_000_000_123));
        let since = told.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(since, Duration::from_millis(1_700_000_000_123));
        assert_eq!(wall(Time(-1)), SystemTime::UNIX_EPOCH);
    }
}
