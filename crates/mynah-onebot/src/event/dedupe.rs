//! Telling repeated deliveries from new events.

use std::fmt;

use mynah_core::DedupeHash;

use super::Event;
use crate::id::{MessageId, UserId};

/// What two deliveries of one event have in common.
///
/// A bot that listens over HTTP POST and WebSocket at once hears everything twice
/// (<https://github.com/nonebot/nonebot/issues/75>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DedupeKey {
    /// Messages have an id, unique for one bot.
    Message {
        /// The bot.
        self_id: UserId,
        /// The message.
        message_id: MessageId,
    },
    /// Other events have none; this is a hash of all that is known of them, the same in every
    /// process. It serves to tell accidents apart, not adversaries.
    Hash(u64),
}

impl fmt::Display for DedupeKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message {
                self_id,
                message_id,
            } => write!(formatter, "{self_id}:{message_id}"),
            Self::Hash(hash) => write!(formatter, "{hash:016x}"),
        }
    }
}

impl From<DedupeKey> for mynah_core::DedupeKey {
    fn from(key: DedupeKey) -> Self {
        match key {
            DedupeKey::Message {
                self_id,
                message_id,
            } => Self::Numbers(self_id.0, message_id.0.into()),
            DedupeKey::Hash(hash) => Self::Hash(hash),
        }
    }
}

impl Event {
    /// What two deliveries of this event have in common.
    pub fn dedupe_key(&self) -> DedupeKey {
        match self {
            Self::Message(event) | Self::MessageSent(event) => DedupeKey::Message {
                self_id: event.self_id(),
                message_id: event.message_id(),
            },
            other => {
                let mut hash = DedupeHash::default();
                // Neither the hash nor an event can fail to be written.
                let _ = serde_json::to_writer(&mut hash, other);
                DedupeKey::Hash(hash.finish())
            }
        }
    }
}
