//! How much the world holds. Where BearyChat documents a limit, ours is it; the
//! others keep a long run from growing without end.

/// Conversations of any kind. No further one is opened.
pub(super) const VCHANNELS: usize = 20_000;
/// Callers whose calls of this hour are counted one by one; all others are
/// counted as one.
pub(super) const CALLERS: usize = 10_000;
/// Bytes of the texts that somebody may be called by.
pub(super) const FULL_NAME_BYTES: usize = 1_024;
/// Bytes of what a channel says it is about.
pub(super) const TOPIC_BYTES: usize = 4_096;

/// An hour.
pub(super) const HOUR_S: i64 = 3_600;

/// Milliseconds that the address of a socket is good for.
pub(super) const TICKET_MS: i64 = 5 * 60_000;
/// Addresses of sockets remembered; the oldest go first.
pub(super) const TICKETS: usize = 1_000;
/// Reactions to one message. No further one is made.
pub(super) const REACTIONS: usize = 1_000;
/// Parts of what a person says at once.
pub(super) const SAID_PARTS: usize = 100;
/// Bytes of a file that a person sends.
pub(super) const SAID_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of what such a file is called.
pub(super) const FILE_NAME_BYTES: usize = 255;
