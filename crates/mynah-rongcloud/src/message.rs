//! What calls that send messages share.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::id::{ChatroomId, GroupId, MessageUid, UserId};

/// What came of a message. Older servers say nothing of its ids.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// The message of each addressee.
    #[serde(rename = "messageUIDs", default, skip_serializing_if = "Vec::is_empty")]
    pub message_uids: Vec<MessageUidEntry>,
    /// The message, if all have the same one.
    #[serde(rename = "messageUID", default)]
    pub message_uid: Option<MessageUid>,
}

/// The message of one addressee: a user, a group or a chatroom.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessageUidEntry {
    /// The user.
    #[serde(rename = "userId", default)]
    pub user_id: Option<UserId>,
    /// The group.
    #[serde(rename = "groupId", default)]
    pub group_id: Option<GroupId>,
    /// The chatroom.
    #[serde(rename = "chatroomId", default)]
    pub chatroom_id: Option<ChatroomId>,
    /// The message.
    #[serde(rename = "messageUID")]
    pub message_uid: MessageUid,
}

impl MessageUidEntry {
    /// The message of a user.
    pub fn user(user_id: impl Into<UserId>, message_uid: impl Into<MessageUid>) -> Self {
        Self {
            user_id: Some(user_id.into()),
            message_uid: message_uid.into(),
            ..Self::default()
        }
    }

    /// The message of a group.
    pub fn group(group_id: impl Into<GroupId>, message_uid: impl Into<MessageUid>) -> Self {
        Self {
            group_id: Some(group_id.into()),
            message_uid: message_uid.into(),
            ..Self::default()
        }
    }

    /// The message of a chatroom.
    pub fn chatroom(
        chatroom_id: impl Into<ChatroomId>,
        message_uid: impl Into<MessageUid>,
    ) -> Self {
        Self {
            chatroom_id: Some(chatroom_id.into()),
            message_uid: message_uid.into(),
            ..Self::default()
        }
    }
}
