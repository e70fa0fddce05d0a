//! The platform's refusals, in its words.

use mynah_core::ApiError;
use mynah_wecom::errors;

/// The refusal with this code
/// (<https://developer.work.weixin.qq.com/document/path/90313>).
pub(super) fn refuse(code: i64) -> ApiError {
    ApiError::new(code, errors::text(code))
}

/// The same, with what is wrong before the platform's words.
pub(super) fn refuse_with(code: i64, problem: &str) -> ApiError {
    ApiError::new(code, format!("{problem}. {}", errors::text(code)))
}
