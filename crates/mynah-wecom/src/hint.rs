//! What the platform adds to the words of an error.
//!
//! `<words>, hint: [<25 digits>], from ip: <address>, more info at <page>`: the digits are the
//! time in seconds and fifteen more. Older servers wrote `1584585651_79_<32 hex>` and left the
//! address out (<https://developer.work.weixin.qq.com/document/path/90313>).

use mynah_core::ApiError;

use crate::platform::errcode;

/// An error's words and what the platform added to them: the client's side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hinted<'a> {
    /// The words themselves.
    pub words: &'a str,
    /// What names the call in the platform's logs.
    pub digits: Option<&'a str>,
    /// When it happened, in seconds since 1970.
    pub time: Option<u64>,
    /// The address the call came from, as the platform sees it.
    pub address: Option<&'a str>,
    /// The page that explains the code.
    pub page: Option<&'a str>,
}

/// What the platform adds to the words of an error: the server's side.
///
/// ```
/// use mynah_wecom::hint::Hint;
///
/// let written = Hint::new(86003, 1_700_000_000, 123_456_789_012_345, "203.0.113.7")
///     .write("chatid not exist");
/// let read = Hint::read(&written);
/// assert_eq!(read.words, "chatid not exist");
/// assert_eq!(read.time, Some(1_700_000_000));
/// assert_eq!(read.digits, Some("1700000000123456789012345"));
/// assert_eq!(read.address, Some("203.0.113.7"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint<'a> {
    code: i64,
    time: u64,
    chance: u64,
    address: &'a str,
}

impl<'a> Hint<'a> {
    /// For this code, at this time (seconds since 1970), with these digits (the last fifteen
    /// count), for a caller at this address.
    pub const fn new(code: i64, time: u64, chance: u64, address: &'a str) -> Self {
        Self {
            code,
            time,
            chance,
            address,
        }
    }

    /// The words with the hint behind them.
    pub fn write(&self, words: &str) -> String {
        format!(
            "{words}, hint: [{:010}{:015}], from ip: {}, more info at \
             https://open.work.weixin.qq.com/devtool/query?e={}",
            self.time,
            self.chance % 1_000_000_000_000_000,
            self.address,
            self.code,
        )
    }

    /// What is in the words of an error; without a hint all of them are words.
    pub fn read(message: &str) -> Hinted<'_> {
        let Some((words, hint)) = message.rsplit_once(", hint: [") else {
            return Hinted {
                words: message,
                ..Hinted::default()
            };
        };
        let (digits, behind) = hint.split_once(']').unwrap_or((hint, ""));
        let time = digits.get(..10).and_then(|time| time.parse().ok());
        Hinted {
            words,
            digits: Some(digits),
            time,
            address: part(behind, "from ip: "),
            page: part(behind, "more info at "),
        }
    }
}

/// What stands behind `name`, to the next comma.
fn part<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, found) = text.split_once(name)?;
    let end = found.find(',').unwrap_or(found.len());
    Some(found[..end].trim()).filter(|found| !found.is_empty())
}

/// The address a call came from, if that is why it was refused (60020): it belongs into the
/// application's list of trusted addresses.
pub fn caller_address(error: &ApiError) -> Option<&str> {
    (error.code.number() == Some(errcode::ADDRESS_NOT_ALLOWED))
        .then(|| Hint::read(&error.message).address)
        .flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// <https://github.com/jxxghp/MoviePilot/pull/41>, the address replaced.
    const CAPTURED: &str = "user & party & tag all invalid, hint: [1691412528612130566906556], \
        from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=81013";

    #[test]
    fn a_captured_hint_is_read_and_written_the_same() {
        let read = Hint::read(CAPTURED);
        assert_eq!(read.words, "user & party & tag all invalid");
        assert_eq!(read.time, Some(1_691_412_528));
        let page = "https://open.work.weixin.qq.com/devtool/query?e=81013";
        assert_eq!(read.page, Some(page));
        let hint = Hint::new(81013, 1_691_412_528, 612_130_566_906_556, "203.0.113.7");
        assert_eq!(hint.write(read.words), CAPTURED);
    }

    #[test]
    fn older_hints_are_read_as_far_as_they_go() {
        let read = Hint::read("invalid corpid, hint: [1584585651_79_0123456789abcdef]");
        assert_eq!(read.words, "invalid corpid");
        assert_eq!(read.time, Some(1_584_585_651));
        assert_eq!(read.digits, Some("1584585651_79_0123456789abcdef"));
        assert_eq!((read.address, read.page), (None, None));
        for odd in [
            "",
            "ok",
            ", hint: [",
            "x, hint: [系统]",
            "x, hint: [1], from ip: ",
        ] {
            assert_eq!(Hint::read(odd).address, None, "{odd:?}");
        }
    }

    #[test]
    fn the_address_is_told_where_it_is_the_reason_and_nowhere_else() {
        let refused = |code| {
            let hint = Hint::new(code, 1_700_000_000, 1, "203.0.113.7");
            ApiError::new(code, hint.write("not allow to access from your ip"))
        };
        assert_eq!(caller_address(&refused(60020)), Some("203.0.113.7"));
        assert_eq!(caller_address(&refused(40001)), None);
        let bare = ApiError::new(60020, "not allow to access from your ip");
        assert_eq!(caller_address(&bare), None);
    }
}
