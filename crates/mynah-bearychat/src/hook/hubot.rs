//! Hubots that have an address instead of a socket.

use mynah_core::DedupeKey;
use mynah_core::lenient::text;
use serde::{Deserialize, Serialize};

use crate::event::dedupe_key_of;
use crate::id::{MessageKey, UserId, VchannelId};

/// A message that mentioned a hubot which has an address. It is answered by
/// [`CreateMessage`](crate::api::message::CreateMessage), with the token that came with it. No
/// official page describes it; the fields are those that the platform's own programs read
/// (<https://github.com/bearyinnovative/hubot-bearychat>).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HubotPost {
    /// Which hubot: the place of its token in the [secret](super::HookSecret), counted from 0.
    #[serde(skip)]
    pub robot: usize,
    /// The first part of the team's address.
    #[serde(default, deserialize_with = "text")]
    pub subdomain: String,
    /// Who said it.
    pub sender: UserId,
    /// The name of who said it.
    #[serde(default, deserialize_with = "text")]
    pub username: String,
    /// The conversation.
    pub vchannel: VchannelId,
    /// What was said.
    #[serde(default, deserialize_with = "text")]
    pub text: String,
    /// The message.
    pub key: MessageKey,
}

impl HubotPost {
    /// The key of the same message over a socket and in the history.
    pub(super) fn dedupe_key(&self) -> DedupeKey {
        dedupe_key_of(&self.vchannel, &self.key)
    }
}
