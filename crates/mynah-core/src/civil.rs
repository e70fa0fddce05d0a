//! Moments as calendars and clocks show them.

/// The seconds of a day.
const DAY: u64 = 86_400;

/// The days of four hundred years, after which the calendar begins anew.
const ERA: u64 = 146_097;

/// The days from the first of March in the year 0 to 1970.
const TO_1970: u64 = 719_468;

/// A moment from 1970 on as calendar and clock show it, in whichever zone they stand.
///
/// ```
/// use mynah_core::Civil;
///
/// let civil = Civil::of(1_768_066_100);
/// assert_eq!((civil.year, civil.month, civil.day), (2026, 1, 10));
/// assert_eq!((civil.hour, civil.minute, civil.second), (17, 28, 20));
/// assert_eq!(civil.seconds(), Some(1_768_066_100));
/// assert_eq!(Civil { month: 2, day: 30, ..civil }.seconds(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil {
    /// Such as 2026.
    pub year: u64,
    /// 1 to 12.
    pub month: u64,
    /// 1 to 31.
    pub day: u64,
    /// 0 to 23.
    pub hour: u64,
    /// 0 to 59.
    pub minute: u64,
    /// 0 to 59; there are no leap seconds.
    pub second: u64,
}

impl Civil {
    /// So many seconds after the beginning of 1970.
    pub const fn of(seconds: u64) -> Self {
        let (year, month, day) = date(seconds / DAY);
        Self {
            year,
            month,
            day,
            hour: seconds / 3600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }

    /// The seconds from the beginning of 1970; nothing if there is no such moment, or it is earlier
    /// or later than the year 9999.
    pub fn seconds(&self) -> Option<u64> {
        if self.hour > 23 || self.minute > 59 || self.second > 59 || self.year > 9999 {
            return None;
        }
        let days = days(self.year, self.month, self.day)?;
        Some(days * DAY + self.hour * 3600 + self.minute * 60 + self.second)
    }
}

/// The days from 1970 to a date; nothing if there is no such date.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // Years that begin in March have their odd day at the end.
    let (years, months) = match month {
        3..=12 => (year, month - 3),
        1..=2 => (year.checked_sub(1)?, month + 9),
        _ => return None,
    };
    let in_year = (153 * months + 2) / 5 + day.checked_sub(1).filter(|day| *day < 31)?;
    let whole = years / 400 * ERA + years % 400 * 365 + years % 400 / 4 - years % 400 / 100;
    let days = (whole + in_year).checked_sub(TO_1970)?;
    (date(days) == (year, month, day)).then_some(days)
}

/// The date so many days after 1970.
const fn date(days: u64) -> (u64, u64, u64) {
    let since = days + TO_1970;
    let in_era = since % ERA;
    let years = (in_era - in_era / 1460 + in_era / 36_524 - in_era / (ERA - 1)) / 365;
    let in_year = in_era - (365 * years + years / 4 - years / 100);
    let months = (5 * in_year + 2) / 153;
    let day = in_year - (153 * months + 2) / 5 + 1;
    let (month, next) = if months < 10 {
        (months + 3, 0)
    } else {
        (months - 9, 1)
    };
    (since / ERA * 400 + years + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: Civil = Civil::of(0);

    fn at(year: u64, month: u64, day: u64) -> Civil {
        Civil {
            year,
            month,
            day,
            ..MIDNIGHT
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_the_one_after_the_day_before() {
        let mut before = MIDNIGHT;
        for day in 1..ERA {
            let civil = Civil::of(day * DAY);
            let next_day = (civil.year, civil.month) == (before.year, before.month)
                && civil.day == before.day + 1;
            let next_month = civil.day == 1 && before.day >= 28;
            assert!(next_day || next_month, "{civil:?} after {before:?}");
            assert!((1..=12).contains(&civil.month), "{civil:?}");
            assert_eq!(civil.seconds(), Some(day * DAY));
            before = civil;
        }
        assert_eq!(before, at(2369, 12, 31));
    }

    #[test]
    fn a_leap_day_is_one_where_there_is_one() {
        assert!(at(2000, 2, 29).seconds().is_some());
        assert!(at(2024, 2, 29).seconds().is_some());
        for year in [2023, 2100, 2200, 2300] {
            assert_eq!(at(year, 2, 29).seconds(), None, "{year}");
        }
    }

    #[test]
    fn what_no_calendar_and_no_clock_shows_is_no_moment() {
        let odd = [
            at(2024, 0, 1),
            at(2024, 13, 1),
            at(2024, 1, 0),
            at(2024, 4, 31),
            at(1969, 12, 31),
            at(0, 1, 1),
            at(10_000, 1, 1),
            at(u64::MAX, 1, u64::MAX),
            Civil {
                hour: 24,
                ..MIDNIGHT
            },
            Civil {
                minute: 60,
                ..MIDNIGHT
            },
            Civil {
                second: 60,
                ..MIDNIGHT
            },
        ];
        for civil in odd {
            assert_eq!(civil.seconds(), None, "{civil:?}");
        }
    }
}
