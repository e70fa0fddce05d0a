//! Who is online, and what happens in chatrooms.

use mynah_core::lenient::optional_integer;
use mynah_core::{DedupeHash, DedupeKey};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use super::{Source, hash_of};
use crate::id::{ChatroomId, UserId};

mynah_core::numbers! {
    /// Whether somebody is there.
    pub enum OnlineState {
        /// Connected.
        Online = 0,
        /// The connection broke.
        Offline = 1,
        /// Logged out.
        LoggedOut = 2,
    }

    /// What happened in a chatroom.
    pub enum ChatroomChange {
        /// It was made.
        Created = 0,
        /// People came in.
        Joined = 1,
        /// People left.
        Left = 2,
        /// It is no more.
        Destroyed = 3,
    }

    /// Why it happened.
    pub enum ChatroomCause {
        /// Somebody asked for it.
        Call = 0,
        /// People were offline for too long.
        Offline = 1,
        /// People were banned.
        Banned = 2,
        /// Nobody used the chatroom.
        Idle = 3,
    }
}

/// Somebody came online or went
/// (<https://docs.rongcloud.cn/platform-chat-api/user/onlinestatus>).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OnlineStatus {
    /// Who.
    pub userid: UserId,
    /// Whether the person is there; text on the wire.
    #[serde(serialize_with = "digits")]
    pub status: OnlineState,
    /// On which device.
    #[serde(default)]
    pub os: Option<Source>,
    /// When, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub time: Option<i64>,
    /// The address and port of the device.
    #[serde(default)]
    pub client_ip: Option<String>,
    /// The connection.
    #[serde(default)]
    pub session_id: Option<String>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl OnlineStatus {
    /// Somebody is there or not, since then, in milliseconds since 1970.
    pub fn new(userid: impl Into<UserId>, status: OnlineState, time: i64) -> Self {
        Self {
            userid: userid.into(),
            status,
            os: None,
            time: Some(time),
            client_ip: None,
            session_id: None,
            extra: Map::new(),
        }
    }

    /// What two deliveries of this change have in common: who, which
    /// connection, what and when.
    pub fn dedupe_key(&self) -> DedupeKey {
        hash_of([self], Self::add_to)
    }

    pub(super) fn add_to(&self, hash: &mut DedupeHash) {
        hash.part(&self.userid);
        hash.optional(self.session_id.as_ref());
        hash.part(self.status.number());
        hash.optional(self.time);
    }
}

/// Something happened in a chatroom
/// (<https://docs.rongcloud.cn/platform-chat-api/chatroom/status>).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatroomStatus {
    /// Where.
    pub chat_room_id: ChatroomId,
    /// Who came or went; nobody where the chatroom itself did.
    #[serde(default)]
    pub user_ids: Vec<UserId>,
    /// Why.
    #[serde(default)]
    pub status: Option<ChatroomCause>,
    /// What.
    #[serde(rename = "type")]
    pub change: ChatroomChange,
    /// When, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub time: Option<i64>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ChatroomStatus {
    /// Something happened at that time, in milliseconds since 1970.
    pub fn new(
        chatroom: impl Into<ChatroomId>,
        change: ChatroomChange,
        cause: ChatroomCause,
        time: i64,
    ) -> Self {
        Self {
            chat_room_id: chatroom.into(),
            user_ids: Vec::new(),
            status: Some(cause),
            change,
            time: Some(time),
            extra: Map::new(),
        }
    }

    /// Sets who came or went.
    #[must_use]
    pub fn users(self, users: impl IntoIterator<Item = impl Into<UserId>>) -> Self {
        Self {
            user_ids: users.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// What two deliveries of this change have in common: where, what, why,
    /// when and who.
    pub fn dedupe_key(&self) -> DedupeKey {
        hash_of([self], Self::add_to)
    }

    pub(super) fn add_to(&self, hash: &mut DedupeHash) {
        hash.part(&self.chat_room_id);
        hash.part(self.change.number());
        hash.optional(self.status.map(ChatroomCause::number));
        hash.optional(self.time);
        for user in &self.user_ids {
            hash.part(user);
        }
    }
}

fn digits<S: Serializer>(state: &OnlineState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&state.number())
}
