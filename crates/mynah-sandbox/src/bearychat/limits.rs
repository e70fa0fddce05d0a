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
