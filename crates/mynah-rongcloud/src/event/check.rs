//! What is about to be delivered.

use mynah_core::DedupeKey;

use super::form::{Form, Written};
use super::{ChannelType, Source, key_of};
use crate::content::{Content, ObjectName};
use crate::id::{MessageUid, TargetId, UserId};

/// Something is about to be delivered, and may be stopped or changed: the
/// message callback service
/// (<https://docs.rongcloud.cn/v4/views/im/server/security/msgcb.html>).
///
/// The platform asks once and waits [`CHECK_PATIENCE`](crate::inbound::CHECK_PATIENCE);
/// without a [verdict](crate::inbound::Verdict) it delivers. What comes from the
/// server API is not asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct PreDelivery {
    /// The application.
    pub app_key: Option<String>,
    /// Who says it.
    pub from_user_id: UserId,
    /// To whom or where, as [`channel_type`](Self::channel_type) says.
    pub target_id: TargetId,
    /// Whom a message in a group is for, where it is not for all.
    pub to_user_ids: Vec<UserId>,
    /// The type of the content, such as `RC:TxtMsg`.
    pub msg_type: ObjectName,
    /// The content as it came; [`said`](Self::said) reads it.
    pub content: String,
    /// What a telephone would show.
    pub push_content: Option<String>,
    /// Where it is said.
    pub channel_type: ChannelType,
    /// When the server got it, in milliseconds since 1970.
    pub msg_time_stamp: Option<i64>,
    /// The message.
    pub message_id: Option<MessageUid>,
    /// Where it was typed.
    pub os: Option<Source>,
    /// The address and port it came from.
    pub client_ip: Option<String>,
    /// The channel; ultra groups only.
    pub bus_channel: Option<String>,
    /// Fields nobody told us of, in their order.
    pub extra: Vec<(String, String)>,
}

impl PreDelivery {
    /// Something said to a person, in a group or in a chatroom, with nothing
    /// around it.
    pub fn new(
        from: impl Into<UserId>,
        channel_type: ChannelType,
        target: impl Into<TargetId>,
        content: impl Into<Content>,
    ) -> Self {
        let (object_name, content) = content.into().into_parts();
        Self {
            app_key: None,
            from_user_id: from.into(),
            target_id: target.into(),
            to_user_ids: Vec::new(),
            msg_type: object_name,
            content,
            push_content: None,
            channel_type,
            msg_time_stamp: None,
            message_id: None,
            os: None,
            client_ip: None,
            bus_channel: None,
            extra: Vec::new(),
        }
    }

    /// What is said, read by its [type](Self::msg_type).
    pub fn said(&self) -> Content {
        Content::read(&self.msg_type, &self.content)
    }

    /// What two deliveries of this question have in common: the id of the
    /// message, behind `check:`.
    pub fn dedupe_key(&self) -> DedupeKey {
        let id = self.message_id.as_ref().map(MessageUid::as_str);
        key_of("check:", id, self.to_form())
    }

    pub(super) fn read(mut form: Form) -> Self {
        let mut text = |name| form.take(name);
        Self {
            app_key: text("appKey"),
            from_user_id: text("fromUserId").unwrap_or_default().into(),
            target_id: text("targetId").unwrap_or_default().into(),
            msg_type: text("msgType").unwrap_or_default().into(),
            content: text("content").unwrap_or_default(),
            push_content: text("pushContent"),
            channel_type: text("channelType").unwrap_or_default().into(),
            message_id: text("messageId").map(Into::into),
            os: text("os").map(Into::into),
            client_ip: text("clientIp"),
            bus_channel: text("busChannel"),
            msg_time_stamp: form.number("msgTimeStamp"),
            to_user_ids: users(&form.all("toUserIds")),
            extra: form.rest,
        }
    }

    pub(super) fn to_form(&self) -> String {
        let mut form = Written::default();
        let users: Vec<&str> = self.to_user_ids.iter().map(UserId::as_str).collect();
        let users = (!users.is_empty()).then(|| users.join(","));
        form.put("appKey", self.app_key.as_ref());
        form.put("fromUserId", Some(&self.from_user_id));
        form.put("targetId", Some(&self.target_id));
        form.put("toUserIds", users);
        form.put("msgType", Some(&self.msg_type));
        form.put("content", Some(&self.content));
        form.put("pushContent", self.push_content.as_ref());
        form.put("channelType", Some(&self.channel_type));
        form.put("msgTimeStamp", self.msg_time_stamp);
        form.put("messageId", self.message_id.as_ref());
        form.put("os", self.os.as_ref());
        form.put("clientIp", self.client_ip.as_ref());
        form.put("busChannel", self.bus_channel.as_ref());
        form.with(&self.extra)
    }
}

/// Ids with commas between them, in one field or in several.
fn users(fields: &[String]) -> Vec<UserId> {
    let ids = fields.iter().flat_map(|field| field.split(','));
    ids.filter(|id| !id.is_empty()).map(UserId::from).collect()
}
