//! The error codes, what they mean, and what a caller does about them.
//!
//! The vendor's table has more than a thousand
//! (<https://developer.work.weixin.qq.com/document/path/90313>); here are those that the calls of
//! this crate meet. The platform forbids deciding by the words: they are for people.

pub use mynah_core::Remedy;

use Remedy::{AfterWindow, Backoff, Nothing, RefreshToken, Report, Resubscribe};

/// What is known of one error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code.
    pub code: i64,
    /// The words that go with it, without the hint the platform adds to them.
    pub text: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What a caller does about it.
    pub remedy: Remedy,
}

/// What is known of a code; nothing of those that are not in the [table](TABLE).
///
/// ```
/// let error = mynah_wecom::errors::find(86006).unwrap();
/// assert_eq!(error.meaning, "too many or too few members");
/// assert_eq!(mynah_wecom::errors::find(1), None);
/// ```
pub fn find(code: i64) -> Option<&'static ErrorCode> {
    let place = TABLE.binary_search_by_key(&code, |row| row.code).ok()?;
    TABLE.get(place)
}

/// The words that go with a code; `error` for those that are not in the table.
pub fn text(code: i64) -> &'static str {
    find(code).map_or("error", |row| row.text)
}

const fn row(code: i64, text: &'static str, meaning: &'static str, remedy: Remedy) -> ErrorCode {
    ErrorCode {
        code,
        text,
        meaning,
        remedy,
    }
}

/// The codes, in ascending order.
#[rustfmt::skip]
#[allow(clippy::unreadable_literal)] // They are names, not amounts.
pub const TABLE: &[ErrorCode] = &[
    row(-1, "system busy", "platform busy", Backoff),
    row(0, "ok", "success", Nothing),
    row(40001, "invalid credential", "secret does not belong to the corp id, application disabled, or no secret given; also answered for a token that is no longer acceptable", RefreshToken),
    row(40003, "invalid userid", "user id malformed or not in the directory", Report),
    row(40004, "invalid media type", "media file type not allowed", Report),
    row(40005, "invalid type", "type parameter not one of the allowed values", Report),
    row(40006, "invalid file size", "file size not allowed (5 bytes or less counts)", Report),
    row(40007, "invalid media_id", "media id unknown, expired, or of another type", Report),
    row(40008, "invalid message type", "msgtype unknown", Report),
    row(40009, "invalid image size", "picture size not allowed", Report),
    row(40011, "invalid video size", "video size not allowed", Report),
    row(40013, "invalid corpid", "corp id wrong", Report),
    row(40014, "invalid access_token", "access token not recognised (also used for an expired one)", RefreshToken),
    row(40031, "invalid userid list", "user id list: spelling or scope", Report),
    row(40032, "invalid userid list size", "user id list too long (1000 for message/send, 200 for batchdelete)", Report),
    row(40033, "invalid request char", "request holds characters that are not allowed", Report),
    row(40035, "invalid parameter", "parameter invalid", Report),
    row(40050, "chatid not exist", "chat id does not exist", Report),
    row(40056, "invalid agentid", "agent id not an integer or unknown", Report),
    row(40057, "invalid callback url", "callback URL refused", Report),
    row(40058, "invalid Request Parameter", "request parameter invalid: broken JSON, over-long value, too many array items, missing field", Report),
    row(40063, "some parameters are empty", "a required parameter is empty or missing", Report),
    row(40066, "invalid party list", "department list empty or with an unknown department", Report),
    row(40068, "invalid tagid", "tag id missing or unknown", Report),
    row(40070, "all user/party are invalid", "all members or departments given for a tag are invalid", Report),
    row(40074, "news msg cannot be safe", "news cannot be confidential", Report),
    row(40091, "secret is invalid", "secret invalid (older gettoken answer)", Report),
    row(40123, "invalid image format", "temporary picture is not a valid picture", Report),
    row(40206, "request body too large", "request body too large", Report),
    row(41001, "access_token missing", "access_token query parameter missing or empty", Report),
    row(41002, "corpid missing", "the call names no corp", Report),
    row(41004, "corpsecret missing", "the call has no secret", Report),
    row(41006, "media_id missing", "media_id missing", Report),
    row(41009, "userid missing", "userid missing", Report),
    row(41010, "url missing", "url missing", Report),
    row(41011, "agentid missing", "agentid missing", Report),
    row(41016, "title missing", "title of an article missing", Report),
    row(41033, "description missing", "description of a text card missing", Report),
    row(42001, "access_token expired", "access token expired", RefreshToken),
    row(42014, "invalid task_id", "task card task_id invalid", Report),
    row(42015, "agent mismatch for task_id", "task card belongs to another application", Report),
    row(42016, "task_id not exist", "task card task_id unknown", Report),
    row(42052, "msgid expired", "message id is older than 24 hours", Report),
    row(44001, "empty media data", "media part empty or missing", Report),
    row(44004, "content is empty", "text content missing or empty", Report),
    row(45001, "media size out of limit", "media file too large", Report),
    row(45002, "content size out of limit", "message content too long", Report),
    row(45007, "playtime out of limit", "voice longer than 60 seconds", Report),
    row(45008, "article size out of limit", "more than 8 articles", Report),
    row(45009, "api freq out of limit", "call frequency exceeded", AfterWindow),
    row(45033, "api concurrent out of limit", "too many concurrent calls", Backoff),
    row(45034, "url must begin with http or https", "url has no scheme", Report),
    row(46004, "user not exist", "user does not exist", Report),
    row(48001, "api unauthorized", "API not authorised", Report),
    row(48002, "api forbidden for this app", "this token may not call this API", Report),
    row(50001, "redirect_url invalid", "redirect url not registered", Report),
    row(50002, "member not in scope", "member outside the permission scope", Report),
    row(50003, "app disabled", "application disabled", Report),
    row(60001, "invalid party name", "department name empty or longer than 32 characters", Report),
    row(60003, "department not found", "department does not exist", Report),
    row(60004, "parent department not found", "parent department does not exist", Report),
    row(60005, "department contains members", "department still has members", Report),
    row(60006, "department contains sub departments", "department still has sub-departments", Report),
    row(60008, "department existed", "department id or name exists", Report),
    row(60011, "no privilege to access/modify contact/party/agent ", "no permission for the member, department, tag or application scope", Report),
    row(60020, "not allow to access from your ip", "caller address not in the trusted list", Report),
    row(60021, "userid not in app visible scope", "user outside the visible scope of the application", Report),
    row(60102, "userid existed", "user id exists already", Report),
    row(60111, "userid not found", "user id not found", Report),
    row(60112, "invalid name", "member name empty or longer than 64 characters", Report),
    row(60123, "invalid party id", "department id not in the directory", Report),
    row(60208, "not support @all/toparty/totag", "third-party applications may not use @all, toparty or totag", Report),
    row(81013, "user & party & tag all invalid", "all recipients invalid or out of scope (the reply still lists them in invaliduser)", Report),
    row(82001, "touser, toparty and totag are all empty", "no recipient given", Report),
    row(82002, "invalid party list size", "more than 100 departments", Report),
    row(82003, "invalid tag list size", "more than 100 tags", Report),
    row(86001, "invalid chatid", "chat id malformed", Report),
    row(86003, "chatid not exist", "chat id does not exist", Report),
    row(86004, "invalid chat name", "group name invalid", Report),
    row(86005, "invalid chat owner", "owner invalid", Report),
    row(86006, "chat member count out of range", "too many or too few members", Report),
    row(86007, "invalid chat member", "member invalid", Report),
    row(86008, "you has no privilege to access this chat, which is created by other agent.", "group was created by another application", Report),
    row(86101, "only chat owner can do this", "only the owner may do this", Report),
    row(86201, "chatid missing", "chatid missing", Report),
    row(86202, "chat name missing", "group name missing", Report),
    row(86203, "chat owner missing", "owner missing", Report),
    row(86204, "chat userlist missing", "members missing", Report),
    row(86205, "chatid too long", "chat id longer than 32 characters", Report),
    row(86206, "chatid too large", "numeric chat id too large", Report),
    row(86207, "owner not in userlist", "owner is not in the member list", Report),
    row(86215, "chatid existed", "chat id exists already", Report),
    row(86216, "invalid chat member id", "member to add is not in the directory, or member to delete is not in the group", Report),
    row(86217, "sender not in chat", "sender is not a member", Report),
    row(86220, "invalid chat parameter", "chat parameter invalid (older chat/send)", Report),
    row(93000, "invalid webhook url", "webhook key unknown, or the robot was removed from the group", Report),
    row(93001, "group not allow push", "group does not accept robot messages", Report),
    row(93004, "robot disabled", "robot disabled", Report),
    row(93006, "invalid chatid", "group id invalid", Report),
    row(93008, "not in chat", "not in the group", Report),
    row(93017, "content is empty", "content empty", Report),
    row(301002, "not allow operate another agent with this accesstoken", "token of application A used with agent id of application B", Report),
    row(846605, "invalid req_id", "req_id unknown, of the wrong kind, or too old", Report),
    row(846608, "stream message update expired", "streaming reply older than 6 minutes", Report),
    row(846609, "aibot websocket not subscribed", "socket has not subscribed (or was replaced)", Resubscribe),
    row(853000, "invalid bot_id or secret", "bot id or secret wrong", Report),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(TABLE.is_sorted_by(|left, right| left.code < right.code));
    }
}
