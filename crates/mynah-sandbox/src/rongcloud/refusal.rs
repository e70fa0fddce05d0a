//! The platform's refusals, in its words.

use mynah_core::ApiError;
use mynah_rongcloud::errors;
use mynah_rongcloud::platform::code;

/// The refusal with this code, in the words of this project: RongCloud
/// documents none.
pub(crate) fn refuse(code: i64) -> ApiError {
    let words = match code {
        code::NOT_FOUND => "Not found.",
        code::NOT_ALLOWED => "Method not allowed.",
        code::SIGNATURE => "Signature verification failed.",
        code::TOO_FAST => "The call frequency exceeds the limit.",
        code::NOT_ENABLED => "The service is not enabled.",
        code::IMAGE_CODE_MISSING => "verifyCode is required.",
        code::IMAGE_CODE_WRONG => "verifyCode is invalid.",
        code::ALREADY_VERIFIED => "The code has been verified already.",
        code::NOTHING_TO_DELETE => "The data to delete does not exist.",
        code::TOO_MANY_KEPT_ALIVE => "The number of keep-alive chatrooms exceeds the limit.",
        code::TOO_MANY_WORDS => "The number of sensitive words exceeds the limit.",
        code::TOO_MANY_USERS => "The number of registered users exceeds the limit.",
        code => errors::find(code).map_or("", |known| known.meaning),
    };
    errors::refusal(code, words)
}

/// Somebody may not join a chatroom.
pub(super) fn barred() -> ApiError {
    let words = "The user was kicked out of the chatroom.";
    ApiError::new(code::BLOCKED_IN_CHATROOM, words).with_status(403)
}

/// There are as many members in the group as there may be.
pub(super) fn group_full() -> ApiError {
    errors::refusal(code::NOT_ALLOWED, "The group capacity exceeds the limit.")
}
