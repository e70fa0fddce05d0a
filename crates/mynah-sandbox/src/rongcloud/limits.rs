//! How much the world holds and allows. Where RongCloud has a limit, ours is
//! it; the others keep a long run from growing without end.

/// Tokens that are valid; the oldest go first.
pub(super) const TOKENS: usize = 100_000;
/// Numbers of signatures remembered while nonces must differ; the oldest go
/// first.
pub(super) const NONCES: usize = 10_000;
/// Bytes of a file that a person sends.
pub(super) const SAID_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of what a message says.
pub(super) const CONTENT_BYTES: usize = 131_072;
/// Parts of what a person says at once.
pub(super) const SAID_PARTS: usize = 100;

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// Milliseconds that the time of a signature may be away while it is looked at.
pub(super) const FRESH_MS: i64 = 5 * MINUTE_MS;
/// People on one blacklist.
pub(super) const BLACKLIST: usize = 3_000;
/// People who may not speak in any group.
pub(super) const GAGS_EVERYWHERE: usize = 100;
/// Members on the whitelist of one chatroom.
pub(super) const WHITELIST: usize = 5;
/// Kinds of messages of low priority.
pub(super) const PRIORITIES: usize = 20;
/// Chatrooms that are kept alive. Not documented.
pub(super) const KEPT_ALIVE: usize = 100;
/// Milliseconds without a message and a newcomer after which a chatroom goes.
pub(super) const IDLE_ROOM_MS: i64 = HOUR_MS;
/// Milliseconds without a connection after which the next message takes
/// somebody out of a chatroom.
pub(super) const ABSENT_MS: i64 = 30_000;
/// Messages missed that do the same.
pub(super) const MISSED: u32 = 30;
/// Hours of history that are kept.
pub(super) const HISTORY_HOURS: i64 = 72;
/// Messages in one hour of history; the oldest go first.
pub(super) const LOGGED: usize = 100_000;
/// Bytes of what is said in all hours that are kept; the oldest go first.
pub(super) const LOGGED_BYTES: usize = 256 * 1024 * 1024;
/// Milliseconds that a message is held for whoever decides about it.
pub(super) const HELD_MS: i64 = MINUTE_MS;
/// Pushes kept; the oldest go first.
pub(super) const PUSHES: usize = 10_000;
/// Bytes of what they show; the oldest go first.
pub(super) const PUSHED_BYTES: usize = 16 * 1024 * 1024;
/// Messages of a chatroom that are kept for those who join later.
pub(super) const ROOM_MESSAGES: usize = 50;
/// Milliseconds that a code in a text message, or in a picture, is valid.
pub(super) const SMS_MS: i64 = 10 * MINUTE_MS;
/// Codes and pictures kept; the oldest go first.
pub(super) const SMS: usize = 10_000;
