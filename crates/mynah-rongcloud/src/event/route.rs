//! What people say.

use mynah_core::DedupeKey;

use super::form::{Form, Written};
use super::{ChannelType, Source, key_of};
use crate::content::{Content, ObjectName};
use crate::id::{MessageUid, TargetId, UserId};

mynah_core::numbers! {
    /// What the word filter found in a message.
    pub enum SensitiveType {
        /// Nothing.
        Clean = 0,
        /// A word for which messages are not delivered.
        Blocked = 1,
        /// A word that was replaced.
        Replaced = 2,
    }
}

/// Something was said: the full message route (全量消息路由)
/// (<https://docs.rongcloud.cn/platform-chat-api/message/sync>).
///
/// What comes from the server API is routed only where that is enabled, and
/// then its [source](Self::source) is [`Source::Server`]. Deliveries come at
/// least once, and in any order.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutedMessage {
    /// Who said it.
    pub from_user_id: UserId,
    /// To whom or where: a user, a group, a chatroom, as
    /// [`channel_type`](Self::channel_type) says.
    pub to_user_id: TargetId,
    /// The type of the content, such as `RC:TxtMsg`.
    pub object_name: ObjectName,
    /// The content as it came; [`said`](Self::said) reads it.
    pub content: String,
    /// Where it was said.
    pub channel_type: ChannelType,
    /// When the server got it, in milliseconds since 1970.
    pub msg_timestamp: Option<i64>,
    /// The same once more; not documented, and not always there.
    pub timestamp: Option<i64>,
    /// The same in each delivery of the message.
    pub msg_uid: Option<MessageUid>,
    /// The message that this one changes; ultra groups only.
    pub original_msg_uid: Option<MessageUid>,
    /// What the word filter found.
    pub sensitive_type: Option<SensitiveType>,
    /// Where it was typed.
    pub source: Option<Source>,
    /// The channel; ultra groups only.
    pub bus_channel: Option<String>,
    /// Whom a message in a group is for, where it is not for all.
    pub group_user_ids: Vec<UserId>,
    /// Fields nobody told us of, in their order.
    pub extra: Vec<(String, String)>,
}

impl RoutedMessage {
    /// Something said to a person, in a group or in a chatroom, with nothing
    /// around it.
    pub fn new(
        from: impl Into<UserId>,
        channel_type: ChannelType,
        to: impl Into<TargetId>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self {
            from_user_id: from.into(),
            to_user_id: to.into(),
            object_name,
            content,
            channel_type,
            msg_timestamp: None,
            timestamp: None,
            msg_uid: None,
            original_msg_uid: None,
            sensitive_type: None,
            source: None,
            bus_channel: None,
            group_user_ids: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// Sets the id, and when the server got it, in milliseconds since 1970.
    #[must_use]
    pub fn sent(self, msg_uid: impl Into<MessageUid>, msg_timestamp: i64) -> Self {
        Self {
            msg_uid: Some(msg_uid.into()),
            msg_timestamp: Some(msg_timestamp),
            ..self
        }
    }

    /// Sets where it was typed.
    #[must_use]
    pub fn source(self, source: Source) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }

    /// What was said, read by its [type](Self::object_name).
    pub fn said(&self) -> Content {
        Content::read(&self.object_name, &self.content)
    }

    /// What two deliveries of this message have in common: its id.
    pub fn dedupe_key(&self) -> DedupeKey {
        let id = self.msg_uid.as_ref().map(MessageUid::as_str);
        key_of("", id, self.to_form())
    }

    pub(super) fn read(mut form: Form) -> Self {
        let mut text = |name| form.take(name);
        Self {
            from_user_id: text("fromUserId").unwrap_or_default().into(),
            to_user_id: text("toUserId").unwrap_or_default().into(),
            object_name: text("objectName").unwrap_or_default().into(),
            content: text("content").unwrap_or_default(),
            channel_type: text("channelType").unwrap_or_default().into(),
            msg_uid: text("msgUID").map(Into::into),
            original_msg_uid: text("originalMsgUID").map(Into::into),
            source: text("source").map(Into::into),
            bus_channel: text("busChannel"),
            msg_timestamp: form.number("msgTimestamp"),
            timestamp: form.number("timestamp"),
            sensitive_type: form.number("sensitiveType").map(Into::into),
            group_user_ids: form
                .all("groupUserIds")
                .into_iter()
                .map(Into::into)
                .collect(),
            extra: form.rest,
        }
    }

    pub(super) fn to_form(&self) -> String {
        let mut form = Written::default();
        form.put("fromUserId", Some(&self.from_user_id));
        form.put("toUserId", Some(&self.to_user_id));
        form.put("objectName", Some(&self.object_name));
        form.put("content", Some(&self.content));
        form.put("channelType", Some(&self.channel_type));
        form.put("msgTimestamp", self.msg_timestamp);
        form.put("timestamp", self.timestamp);
        form.put("msgUID", self.msg_uid.as_ref());
        form.put("originalMsgUID", self.original_msg_uid.as_ref());
        form.put(
            "sensitiveType",
            self.sensitive_type.map(SensitiveType::number),
        );
        form.put("source", self.source.as_ref());
        form.put("busChannel", self.bus_channel.as_ref());
        for user in &self.group_user_ids {
            form.put("groupUserIds", Some(user));
        }
        form.with(&self.extra)
    }
}
