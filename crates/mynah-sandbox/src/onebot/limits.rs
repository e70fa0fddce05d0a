//! How much the world holds. Where QQ has a limit of the kind, ours is near it.

/// Messages and lines kept of one conversation; the oldest go first.
pub(super) const ENTRIES: usize = 10_000;
/// Characters of text in one message.
pub(super) const TEXT_CHARS: usize = 5_000;
/// Segments in one message.
pub(super) const SEGMENTS: usize = 500;
/// Bytes of one message in the string format, media left out.
pub(super) const MESSAGE_BYTES: usize = 100_000;
/// Bytes of one picture, voice message or file.
pub(super) const MEDIA_BYTES: usize = 5 * 1024 * 1024;
/// Bytes of all of them; the oldest go first.
pub(super) const MEDIA_TOTAL_BYTES: usize = 64 * 1024 * 1024;
/// Number of all of them; the oldest go first.
pub(super) const MEDIA: usize = 10_000;
/// Characters of names, cards and remarks.
pub(super) const NAME_CHARS: usize = 60;
/// Characters of a special title.
pub(super) const TITLE_CHARS: usize = 18;
/// Characters of what somebody says with a request, or to refuse one.
pub(super) const COMMENT_CHARS: usize = 1_000;
/// Characters of an announcement.
pub(super) const NOTICE_CHARS: usize = 15_000;
/// Characters of a file's name, an address, and the like.
pub(super) const LINE_CHARS: usize = 2_048;
/// Requests remembered; the oldest go first.
pub(super) const REQUESTS: usize = 1_000;
/// Bundles of forwarded messages remembered; the oldest go first.
pub(super) const FORWARDS: usize = 1_000;
/// Messages in one bundle.
pub(super) const FORWARD_NODES: usize = 100;
/// Files of one group.
pub(super) const FILES: usize = 10_000;
/// Bytes of the files of one group.
pub(super) const FILE_SPACE_BYTES: i64 = 10 * 1024 * 1024 * 1024;
/// Folders of one group.
pub(super) const FOLDERS: usize = 100;
/// Groups there may be before people cannot found another.
pub(super) const GROUPS: usize = 10_000;
/// Announcements of one group; the oldest go first.
pub(super) const NOTICES: usize = 200;
/// Essence messages of one group.
pub(super) const ESSENCES: usize = 500;
/// Admins of one group beside the owner.
pub(super) const ADMINS: usize = 10;
/// Different emoji on one message.
pub(super) const REACTIONS: usize = 20;
/// Journal entries noted at one message; the oldest go first.
pub(super) const JOURNAL_ENTRIES: usize = 64;
/// Seconds of the longest ban: 30 days.
pub(super) const BAN_SECONDS: i64 = 30 * 24 * 3600;
/// Milliseconds within which one may recall what one has said.
pub(super) const RECALL_MS: i64 = 120_000;
/// Likes a day for one person.
pub(super) const LIKES_A_DAY: i32 = 10;
/// Mentions of everybody a day in one group.
pub(super) const AT_ALL_IN_GROUP: u32 = 20;
/// Mentions of everybody a day by one member.
pub(super) const AT_ALL_BY_MEMBER: u32 = 10;
/// Messages in one answer of a history.
pub(super) const HISTORY: i64 = 20;
/// Conversations in one answer of the recent ones.
pub(super) const RECENT_CONTACTS: usize = 100;
/// Days of which a group's activity is known.
pub(super) const ACTIVE_DAYS: usize = 31;
/// Calls waiting in the queue; one more is refused.
pub(super) const QUEUED_CALLS: usize = 10_000;
/// Effects and changes waiting to be asked for; the oldest go first.
pub(super) const WAITING: usize = 10_000;
/// Events waiting for `get_updates`; the oldest go first.
pub(super) const UPDATES: usize = 2_000;
/// Devices the account is logged in on.
pub(super) const CLIENTS: usize = 20;
/// Device models whose shown name was chosen.
pub(super) const MODELS: usize = 100;
