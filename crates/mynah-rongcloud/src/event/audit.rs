//! What an audit said about messages.

use mynah_core::DedupeKey;
use mynah_core::lenient::optional_integer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use super::{ChannelType, json, key_of};
use crate::content::{Content, ObjectName};
use crate::id::{MessageUid, TargetId, UserId};

mynah_core::numbers! {
    /// What an audit said.
    pub enum AuditOutcome {
        /// Nothing is wrong with the message.
        Passed = 10000,
        /// The message is not to be shown.
        Rejected = 10001,
    }
}

/// A message was audited. It is signed in headers, and says what was audited as
/// JSON in text, in which the content is JSON in text again. The platform's own
/// page is not public; these fields are those that its receivers read.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditResult {
    /// What the audit said.
    pub result: AuditOutcome,
    /// What was audited, as it came; [`audited`](Self::audited) reads it.
    #[serde(default)]
    pub content: Option<String>,
    /// The message.
    #[serde(rename = "msgUID")]
    pub msg_uid: MessageUid,
    /// Who audited.
    #[serde(default)]
    pub service_provider: Option<String>,
    /// What the one who audited said, JSON as text.
    #[serde(default)]
    pub result_detail: Option<String>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The message that was audited.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audited {
    /// The application.
    #[serde(default)]
    pub app_key: Option<String>,
    /// Who said it.
    pub from_user_id: UserId,
    /// To whom or where, as the [`conversation_type`](Self::conversation_type) says.
    pub target_id: TargetId,
    /// Where it was said, in the words of the callbacks.
    pub conversation_type: ChannelType,
    /// The type of the content, such as `RC:TxtMsg`.
    pub object_name: ObjectName,
    /// The content as it came; [`said`](Self::said) reads it.
    pub message: String,
    /// When it was said, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub message_time: Option<i64>,
    /// The message.
    #[serde(default)]
    pub message_id: Option<MessageUid>,
    /// What else stands there.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Audited {
    /// What was said, read by its [type](Self::object_name).
    pub fn said(&self) -> Content {
        Content::read(&self.object_name, &self.message)
    }
}

impl AuditResult {
    /// What an audit said about a message.
    pub fn new(result: AuditOutcome, msg_uid: impl Into<MessageUid>, audited: &Audited) -> Self {
        Self {
            result,
            content: Some(json(audited)),
            msg_uid: msg_uid.into(),
            service_provider: None,
            result_detail: None,
            extra: Map::new(),
        }
    }

    /// The message that was audited; `None` where it is not said, or not as it
    /// should be.
    pub fn audited(&self) -> Option<Audited> {
        serde_json::from_str(self.content.as_deref()?).ok()
    }

    /// What two deliveries of this result have in common: the id of the
    /// message, behind `audit:`.
    pub fn dedupe_key(&self) -> DedupeKey {
        key_of("audit:", Some(self.msg_uid.as_str()), json(self))
    }
}
