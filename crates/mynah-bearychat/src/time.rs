//! Times: milliseconds where clients reckon, text where people read.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_core::Civil;
use serde::{Deserialize, Serialize, Serializer};

/// How far clocks in China are ahead of UTC, in seconds.
const CHINA: i64 = 8 * 3600;

mynah_core::ids! {
    /// Milliseconds since 1970. Digits in a string are read as well: session channels have them.
    pub struct Millis(u64) = "milliseconds since 1970";
}

impl Millis {
    /// The time this is; nothing if it is too late for a clock.
    pub fn time(self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(Duration::from_millis(self.0))
    }
}

/// Writes milliseconds as digits in a string.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands out references.
pub(crate) fn as_text<S: Serializer>(millis: &Millis, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&millis.0)
}

impl From<SystemTime> for Millis {
    /// What is earlier than 1970 is 0.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(since.as_millis().try_into().unwrap_or(u64::MAX))
    }
}

/// A time as text: `2017-01-24T13:37:42.000+0000`. There is no colon in the offset, so it is not
/// RFC 3339, and the fraction is always zero. Where [`Millis`] stand beside it they are right.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use mynah_bearychat::{Millis, Moment};
///
/// let millis = Millis(1_539_079_267_590);
/// let moment = Moment::utc(millis);
/// assert_eq!(moment.as_str(), "2018-10-09T10:01:08.000+0000");
/// assert_eq!(Moment::china(millis).as_str(), "2018-10-09T18:01:08.000+0800");
/// assert_eq!(Moment::china(millis).time(), moment.time());
/// assert_eq!(moment.time(), Some(UNIX_EPOCH + Duration::from_secs(1_539_079_268)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub String);

impl Moment {
    /// A moment as OpenAPI writes it: with the offset `+0000`, rounded to the nearest second.
    pub fn utc(millis: Millis) -> Self {
        Self(written(millis, 0, "+0000"))
    }

    /// A moment as RTM and pins have it: with the offset `+0800`, rounded to the nearest second.
    pub fn china(millis: Millis) -> Self {
        Self(written(millis, CHINA, "+0800"))
    }

    /// The time as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time this is, whatever its offset, which may have a colon or be `Z`; nothing if it is
    /// no time, or before 1970.
    pub fn time(&self) -> Option<SystemTime> {
        let (date, time) = self.0.split_once(['T', ' '])?;
        let at = time.find(['+', '-', 'Z'])?;
        let (clock, zone) = time.split_at_checked(at)?;
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(clock, ':')?;
        let civil = Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        };
        let local = i64::try_from(civil.seconds()?).ok()?;
        let since = u64::try_from(local - offset(zone)?).ok()?;
        UNIX_EPOCH.checked_add(Duration::new(since, nanos(fraction)?))
    }
}

fn written(millis: Millis, ahead: i64, zone: &str) -> String {
    let seconds = millis.0.saturating_add(500) / 1000;
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = Civil::of(seconds.saturating_add_signed(ahead));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000{zone}")
}

/// The seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let digits = digits.replacen(':', "", 1);
    if digits.len() != 4 || !is_digits(&digits) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let seconds = number / 100 * 3600 + number % 100 * 60;
    let real = number / 100 < 24 && number % 100 < 60;
    real.then_some(if sign == "-" { -seconds } else { seconds })
}

/// The nanoseconds in the digits behind a dot.
fn nanos(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !is_digits(fraction) {
        return None;
    }
    let digits: String = fraction.chars().chain("00000000".chars()).take(9).collect();
    digits.parse().ok()
}

/// Three numbers and nothing else.
fn numbers(text: &str, between: char) -> Option<[u64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let short = part.len() <= 4 && is_digits(part);
        part.parse().ok().filter(|_| short)
    });
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

impl From<&str> for Moment {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Moment {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
