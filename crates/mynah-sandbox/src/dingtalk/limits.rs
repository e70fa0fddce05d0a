//! How much the world holds and allows. Where DingTalk has a limit, ours is
//! it; the others keep a long run from growing without end.

/// Tokens remembered, expired ones included; the oldest go first.
pub(super) const TOKENS: usize = 1_000;
/// Sessions, codes, tickets and the like remembered of one kind; the oldest
/// go first.
pub(super) const ISSUED: usize = 10_000;
/// Characters of what a person says at once.
pub(super) const SAID_CHARS: usize = 5_000;
/// Bytes of a file that a person sends.
pub(super) const SAID_BYTES: usize = 20 * 1024 * 1024;
/// Parts of what a person says at once.
pub(super) const SAID_PARTS: usize = 100;

/// Milliseconds of a token's life.
pub(super) const TOKEN_MS: i64 = 7_200_000;
/// Milliseconds of a session webhook.
pub(super) const SESSION_MS: i64 = 5_400_000;
/// Milliseconds of a ticket for a Stream connection.
pub(super) const TICKET_MS: i64 = 90_000;
/// Milliseconds of a code that downloads what somebody sent to the robot.
pub(super) const DOWNLOAD_MS: i64 = DAY_MS;
/// Milliseconds of a code that a signed-in person brings along.
pub(super) const VISIT_MS: i64 = 5 * MINUTE_MS;

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// Groups, those that were disbanded included; one more is refused.
pub(super) const GROUPS: usize = 10_000;
/// Members of a group who help its owner. Not documented.
pub(super) const SUBADMINS: usize = 10;
/// Bytes of what stands in one interactive card, as JSON. Not documented.
pub(super) const CARD_BYTES: usize = 1024 * 1024;
/// Conversations to which one call delivers a card. Not documented.
pub(super) const CARD_SPACES: usize = 100;
/// Members and departments of the organisation; one more is refused.
pub(super) const USERS: usize = 10_000;
pub(super) const DEPARTMENTS: usize = 10_000;
/// Members and the like on one page.
pub(super) const PAGE: i64 = 100;
/// Members removed by one call.
pub(super) const BATCH_DELETE: usize = 20;
/// Events kept that did not arrive at the registered address; the oldest go first.
pub(super) const FAILED_CALLBACKS: usize = 10_000;
/// Those in one answer.
pub(super) const FAILED_PAGE: usize = 200;
