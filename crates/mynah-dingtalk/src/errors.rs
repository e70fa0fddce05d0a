//! The error codes, their words, and what a caller does about them.
//!
//! One code has other words on the page of a call than in the general list
//! (<https://open.dingtalk.com/document/development/server-api-error-codes-1>), and yet others on
//! the live service: decide by codes, never by words.

mod table;

pub use mynah_core::Remedy;

use Remedy::{AfterWindow, Backoff, Nothing, RefreshToken, Report};
use mynah_core::{ApiError, Code, Platform, Verdict};

use crate::platform::errcode;
use crate::platform::open::word;
use crate::{DingTalk, OpenApi};

/// What is known of a code of the classic interface and of topapi.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code.
    pub code: i64,
    /// The words of the general list.
    pub text: &'static str,
    /// What a caller does about it.
    pub remedy: Remedy,
}

/// What is known of a code; nothing of those that are documented nowhere.
///
/// ```
/// use mynah_dingtalk::errors::{Remedy, find};
///
/// assert_eq!(find(42001).unwrap().remedy, Remedy::RefreshToken);
/// assert_eq!(find(1), None);
/// ```
pub fn find(code: i64) -> Option<ErrorCode> {
    let place = table::CODES.binary_search_by_key(&code, |(code, _)| *code);
    let (code, text) = table::CODES.get(place.ok()?)?;
    Some(ErrorCode {
        code: *code,
        text,
        remedy: remedy(*code),
    })
}

/// All codes, in ascending order.
pub fn all() -> impl Iterator<Item = ErrorCode> {
    table::CODES.iter().map(|(code, text)| ErrorCode {
        code: *code,
        text,
        remedy: remedy(*code),
    })
}

fn remedy(code: i64) -> Remedy {
    match code {
        errcode::OK => Nothing,
        // It is the secret that is wrong: another token would be refused as well.
        errcode::INVALID_APP | errcode::INVALID_CORP => Report,
        code => decided(DingTalk::classify(&ApiError::new(code, ""))),
    }
}

/// What a caller does about a refusal of version 1.0.
///
/// ```
/// use mynah_core::ApiError;
/// use mynah_dingtalk::errors::{Remedy, open_remedy};
///
/// let refused = ApiError::new("group.disbanded", "").with_status(400);
/// assert_eq!(open_remedy(&refused), Remedy::Report);
/// let expired = ApiError::new("accesstoken.expired", "").with_status(401);
/// assert_eq!(open_remedy(&expired), Remedy::RefreshToken);
/// ```
pub fn open_remedy(error: &ApiError) -> Remedy {
    match &error.code {
        Code::Word(word) if matches!(&**word, word::INVALID_APP | word::AUTH_FAILED) => Report,
        _ => decided(OpenApi::classify(error)),
    }
}

fn decided(verdict: Verdict) -> Remedy {
    match verdict {
        Verdict::Unauthorized => RefreshToken,
        Verdict::Throttled(_) => AfterWindow,
        Verdict::Transient => Backoff,
        Verdict::Permanent => Report,
    }
}

/// The words that go with a code in the general list; `error` for those that are not in it.
pub fn text(code: i64) -> &'static str {
    find(code).map_or("error", |known| known.text)
}

/// The words that go with a code on the page of the call at `path`, or else in the general list.
///
/// ```
/// use mynah_dingtalk::errors::{page_text, text};
///
/// assert_eq!(page_text("/chat/get", 40016), "无效的chatid");
/// assert_eq!(text(40016), "不合法的会话ID");
/// ```
pub fn page_text(path: &str, code: i64) -> &'static str {
    let page = table::PAGES.iter().find(|(page, _)| *page == path);
    let row = page.and_then(|(_, rows)| rows.iter().find(|(known, _)| *known == code));
    row.map_or_else(|| text(code), |(_, text)| text)
}

/// The status and the words that go with a word of version 1.0 on the page of the call at `path`,
/// a template such as `/v1.0/im/chat/{chatId}/convertToOpenConversationId`; nothing if it is not
/// documented there.
pub fn open_page(path: &str, code: &str) -> Option<(u16, &'static str)> {
    let (_, rows) = table::OPEN_PAGES.iter().find(|(page, _)| *page == path)?;
    let found = rows.iter().find(|(_, known, _)| *known == code)?;
    Some((found.0, found.2))
}

/// The status and the words that go with a word of version 1.0 on the first page that has it,
/// with words if any page has some.
pub fn open(code: &str) -> Option<(u16, &'static str)> {
    let rows = table::OPEN_PAGES.iter().flat_map(|(_, rows)| *rows);
    let mut found = rows.filter(|(_, known, _)| *known == code);
    let first = found.next()?;
    let told = std::iter::once(first).chain(found);
    let words = told.map(|row| row.2).find(|words| !words.is_empty());
    Some((first.0, words.unwrap_or_default()))
}

/// The words of version 1.0 that the pages have, in their order; some more than once.
pub fn open_words() -> impl Iterator<Item = &'static str> {
    let rows = table::OPEN_PAGES.iter().flat_map(|(_, rows)| *rows);
    rows.map(|(_, word, _)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(table::CODES.is_sorted_by(|left, right| left.0 < right.0));
    }
}
