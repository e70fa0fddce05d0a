//! Times as RongCloud writes them: text, without saying in which zone.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mynah_core::Civil;
use serde::{Deserialize, Serialize};

/// How far the clocks of the Chinese data center are ahead of UTC.
const BEIJING: Duration = Duration::from_secs(8 * 3600);

/// A time in an answer: `2026-01-11 01:28:20`. It is Beijing time (UTC+8) in the Chinese data
/// center, and UTC in the others
/// (<https://docs.rongcloud.io/platform-chat-api/group/mute/query-muted-members>).
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use mynah_rongcloud::Moment;
///
/// let time = UNIX_EPOCH + Duration::from_secs(1_768_066_100);
/// assert_eq!(Moment::beijing(time).as_str(), "2026-01-11 01:28:20");
/// assert_eq!(Moment::from("2026-1-11 1:28:20").in_beijing(), Some(time));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub String);

impl Moment {
    /// The end of what has none.
    pub fn forever() -> Self {
        Self("9999-12-31 23:59:59".to_owned())
    }

    /// A time in the Chinese data center; what is smaller than a second is cut off.
    pub fn beijing(time: SystemTime) -> Self {
        Self::utc(time + BEIJING)
    }

    /// A time in another data center; what is smaller than a second is cut off.
    pub fn utc(time: SystemTime) -> Self {
        let since = time
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = Civil::of(since);
        Self(format!(
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        ))
    }

    /// The time as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time this is in the Chinese data center; nothing if it is no time, or before 1970.
    pub fn in_beijing(&self) -> Option<SystemTime> {
        self.in_utc()?
            .checked_sub(BEIJING)
            .filter(|time| *time >= UNIX_EPOCH)
    }

    /// The time this is in another data center; nothing if it is no time, or before 1970.
    pub fn in_utc(&self) -> Option<SystemTime> {
        let (date, time) = self.0.split_once(' ')?;
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(time, ':')?;
        let civil = Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        };
        UNIX_EPOCH.checked_add(Duration::from_secs(civil.seconds()?))
    }
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

/// An hour of the message log, in Beijing time: `2014010101` is the hour from one to two o'clock.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use mynah_rongcloud::Hour;
///
/// let hour = Hour::beijing(UNIX_EPOCH + Duration::from_secs(1_388_512_345));
/// assert_eq!(hour.as_str(), "2014010101");
/// assert_eq!(hour.start(), Some(UNIX_EPOCH + Duration::from_secs(1_388_509_200)));
/// assert_eq!(Hour::from("2014023001").start(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hour(pub String);

impl Hour {
    /// The hour that a time is in.
    pub fn beijing(time: SystemTime) -> Self {
        let Moment(text) = Moment::beijing(time);
        let digits = text.chars().filter(char::is_ascii_digit);
        Self(digits.take(10).collect())
    }

    /// The hour as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When it begins; nothing if it is not 10 digits, no hour, or before 1970.
    pub fn start(&self) -> Option<SystemTime> {
        let text = self.0.as_str();
        if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
        let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
        let civil = Civil {
            year,
            month,
            day,
            hour: number(8..10)?,
            minute: 0,
            second: 0,
        };
        let since = Duration::from_secs(civil.seconds()?).checked_sub(BEIJING)?;
        UNIX_EPOCH.checked_add(since)
    }
}

impl From<&str> for Hour {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Hour {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Three numbers and nothing else.
fn numbers(text: &str, between: char) -> Option<[u64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits && part.len() <= 4)
    });
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}
