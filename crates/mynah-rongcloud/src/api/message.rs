//! Messages.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::content::{Content, ObjectName};
use crate::id::UserId;
use crate::message::Published;
use crate::platform::RongCloud;
use crate::types::Flag;

/// Says something to users.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct PublishPrivate {
    /// Who says it.
    #[serde(rename = "fromUserId")]
    pub from_user_id: UserId,
    /// To whom: at most 1,000.
    #[serde(rename = "toUserId")]
    pub to_user_id: Vec<UserId>,
    /// The kind of the message.
    #[serde(rename = "objectName")]
    pub object_name: ObjectName,
    /// The text that the kind explains.
    pub content: String,
    /// Whether it is kept.
    #[serde(rename = "isPersisted")]
    pub is_persisted: Option<Flag>,
}

impl Endpoint for PublishPrivate {
    type Platform = RongCloud;
    type Output = Published;
    const META: Meta = Meta::form(
        "rongcloud.message.private.publish",
        "/message/private/publish.json",
    )
    .doc("https://docs.rongcloud.io/platform-chat-api/message/send-private");
}

impl PublishPrivate {
    /// Says this.
    pub fn saying(
        from_user_id: impl Into<UserId>,
        to_user_id: impl IntoIterator<Item = impl Into<UserId>>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self::new(from_user_id, to_user_id, object_name, content)
    }
}
