//! The platform's refusals, in its words.

use mynah_core::{ApiError, BadParameters, Endpoint, Platform};
use mynah_dingtalk::platform::open::word;
use mynah_dingtalk::{DingTalk, errors};

/// The refusal with this code, in the words of the page of the call at
/// `path`.
pub(super) fn refuse(path: &str, code: i64) -> ApiError {
    ApiError::new(code, errors::page_text(path, code))
}

/// The refusal of the interface of version 1.0 with this word, as the page of
/// the call at `path` has it; 400 and the word itself where it has none.
pub(super) fn refuse_open(path: &str, code: &str) -> ApiError {
    let (status, words) = errors::open_page(path, code).unwrap_or((400, code));
    ApiError::new(code, words).with_status(status)
}

/// 400 `parameter.invalid`, with what is wrong.
pub(super) fn invalid(problem: &str) -> ApiError {
    ApiError::new(word::INVALID_PARAMETER, problem).with_status(400)
}

/// The refusal of `E` with this code, in the words of its page.
pub(super) fn refused<E: Endpoint>(code: i64) -> ApiError {
    refuse(E::META.path, code)
}

/// The refusal of a call of the classic interface because there is nothing in
/// a parameter.
pub(super) fn missing(field: &str) -> ApiError {
    DingTalk::bad_parameters(BadParameters::missing(field))
}
