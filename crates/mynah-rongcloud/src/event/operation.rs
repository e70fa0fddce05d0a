//! What is done to messages that were said.

use mynah_core::lenient::optional_integer;
use mynah_core::{DedupeHash, DedupeKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use super::Source;
use crate::id::{MessageUid, TargetId, UserId};
use crate::types::ConversationType;

mynah_core::numbers! {
    /// What was done.
    pub enum OperationType {
        /// The message was recalled.
        Recall = 1,
    }
}

/// A message was recalled or deleted. The platform's own page is not public;
/// these fields are those that its receivers read.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageOperation {
    /// What was done.
    pub event_type: OperationType,
    /// Who did it.
    #[serde(default)]
    pub from_user_id: Option<UserId>,
    /// When, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub opt_time: Option<i64>,
    /// From where.
    #[serde(default)]
    pub source: Option<Source>,
    /// Where the message was said.
    #[serde(default)]
    pub conversation_info: Option<ConversationInfo>,
    /// The message.
    pub original_msg_info: OriginalMsg,
    /// How it was recalled.
    #[serde(default)]
    pub recall_msg_info: Option<RecallMsg>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Where a message was said.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationInfo {
    /// What kind of conversation that is.
    #[serde(default)]
    pub conversation_type: Option<ConversationType>,
    /// The user, group or chatroom.
    #[serde(default)]
    pub target_id: Option<TargetId>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The message that something was done to.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OriginalMsg {
    /// Its id.
    #[serde(default)]
    pub message_id: Option<MessageUid>,
    /// When it was said, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub message_time: Option<i64>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// How a message was recalled.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecallMsg {
    /// 1 where nothing is left of it in the application.
    #[serde(default, deserialize_with = "optional_integer")]
    pub is_delete: Option<i64>,
    /// 1 where an administrator did it.
    #[serde(default, deserialize_with = "optional_integer")]
    pub is_admin: Option<i64>,
    /// A word of the one who did it.
    #[serde(default)]
    pub extra: Option<String>,
    /// What else stands there.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl MessageOperation {
    /// Somebody recalled a message at that time, in milliseconds since 1970.
    pub fn recall(
        from: impl Into<UserId>,
        conversation_type: ConversationType,
        target: impl Into<TargetId>,
        opt_time: i64,
    ) -> Self {
        Self {
            event_type: OperationType::Recall,
            from_user_id: Some(from.into()),
            opt_time: Some(opt_time),
            source: Some(Source::Server),
            conversation_info: Some(ConversationInfo {
                conversation_type: Some(conversation_type),
                target_id: Some(target.into()),
                extra: Map::new(),
            }),
            original_msg_info: OriginalMsg {
                message_id: None,
                message_time: None,
                extra: Map::new(),
            },
            recall_msg_info: Some(RecallMsg {
                is_delete: Some(0),
                is_admin: Some(0),
                extra: Some(String::new()),
                rest: Map::new(),
            }),
            extra: Map::new(),
        }
    }

    /// Sets the message, and when it was said, in milliseconds since 1970.
    #[must_use]
    pub fn of(self, message: impl Into<MessageUid>, message_time: i64) -> Self {
        Self {
            original_msg_info: OriginalMsg {
                message_id: Some(message.into()),
                message_time: Some(message_time),
                extra: Map::new(),
            },
            ..self
        }
    }

    /// What two deliveries of it have in common: what was done, to which
    /// message and when.
    pub fn dedupe_key(&self) -> DedupeKey {
        let mut hash = DedupeHash::default();
        hash.part(self.event_type.number());
        hash.optional(self.original_msg_info.message_id.as_ref());
        hash.optional(self.opt_time);
        hash.into()
    }
}
