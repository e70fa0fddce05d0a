//! Messages: saying, recalling, reading, history and read marks.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::event::{Event, Sender, Target};
use crate::id::{DiscussId, GroupId, MessageId, UserId};
use crate::message::Content;
use crate::types::{MessageType, UnixSeconds};

/// Sends a message to one person; answers the id of the new message.
///
/// Fails with 103 when the recipient is neither a friend nor reachable through
/// a temporary session.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendPrivateMsg {
    /// Who shall read it.
    pub user_id: UserId,
    /// What to say; must not be empty.
    pub message: Content,
    /// Takes a string message as plain text instead of reading CQ codes in it. Default false.
    pub auto_escape: Option<bool>,
    /// Speaks to a fellow member of this group who is no friend: a temporary session.
    ///
    /// An extension of go-cqhttp and NapCat; the standard has no such parameter.
    pub group_id: Option<GroupId>,
}

impl Endpoint for SendPrivateMsg {
    type Platform = OneBot;
    type Output = MessageId;
    const META: Meta = Meta::post("onebot.send_private_msg", "/send_private_msg")
        .at("message_id")
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#send_private_msg-发送私聊消息");
}

/// Sends a message to a group; answers the id of the new message.
///
/// Fails with 103 when the account is not in the group or is muted there.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendGroupMsg {
    /// The group to speak in.
    pub group_id: GroupId,
    /// What to say; must not be empty.
    pub message: Content,
    /// Takes a string message as plain text instead of reading CQ codes in it. Default false.
    pub auto_escape: Option<bool>,
}

impl Endpoint for SendGroupMsg {
    type Platform = OneBot;
    type Output = MessageId;
    const META: Meta = Meta::post("onebot.send_group_msg", "/send_group_msg")
        .at("message_id")
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#send_group_msg-发送群消息");
}

/// Sends a message to a person or a group; answers the id of the new message.
///
/// Frameworks post the whole event they answer with `message` exchanged, so
/// every parameter not named here is ignored. Fails with 100 when neither a
/// type nor an id is given, or the id the type calls for is missing.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendMsg {
    /// Which of the ids counts. Left out, a `group_id` means the group, else `user_id` the person.
    pub message_type: Option<MessageType>,
    /// Who shall read a private message.
    pub user_id: Option<UserId>,
    /// The group to speak in.
    pub group_id: Option<GroupId>,
    /// What to say; must not be empty.
    pub message: Content,
    /// Takes a string message as plain text instead of reading CQ codes in it. Default false.
    pub auto_escape: Option<bool>,
    /// The discussion group to speak in; CQHTTP 4.x only.
    pub discuss_id: Option<DiscussId>,
}

impl SendMsg {
    /// Says something where an event came from: in its group or to its user.
    /// A private message is answered privately, even if it came through a group.
    ///
    /// `None` for an event that came from nowhere in particular.
    pub fn answering(event: &Event, message: impl Into<Content>) -> Option<Self> {
        let call = Self::new(message);
        Some(match event.target()? {
            Target::Private(user) => call.message_type(MessageType::Private).user_id(user),
            Target::Group(group) => call.message_type(MessageType::Group).group_id(group),
            Target::Discuss(place) => call.message_type(MessageType::Discuss).discuss_id(place),
        })
    }
}

impl Endpoint for SendMsg {
    type Platform = OneBot;
    type Output = MessageId;
    const META: Meta = Meta::post("onebot.send_msg", "/send_msg")
        .at("message_id")
        .doc(
            "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#send_msg-发送消息",
        );
}

/// Recalls a message.
///
/// One's own may be recalled for two minutes; a group's admin may recall those
/// of lower rank at any time. Fails with 102 when the message is unknown or
/// already recalled, with 103 when it is too late or not permitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteMsg {
    /// The message to take back.
    pub message_id: MessageId,
}

impl Endpoint for DeleteMsg {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.delete_msg", "/delete_msg").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#delete_msg-撤回消息",
    );
}

/// Reads a message. Fails with 102 when it is unknown or was recalled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetMsg {
    /// The message to read.
    pub message_id: MessageId,
}

impl Endpoint for GetMsg {
    type Platform = OneBot;
    type Output = StoredMsg;
    const META: Meta = Meta::post("onebot.get_msg", "/get_msg")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_msg-获取消息");
}

/// A message as [`GetMsg`] answers it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredMsg {
    /// When it was sent.
    pub time: UnixSeconds,
    /// Where it was spoken.
    pub message_type: MessageType,
    /// The id that was asked for.
    pub message_id: MessageId,
    /// The platform's own number of the message; some implementations repeat `message_id`.
    pub real_id: Option<i64>,
    /// Who spoke.
    pub sender: Sender,
    /// What was said, in the form the implementation is configured for.
    pub message: Content,
    /// What was said as CQ codes; an extension.
    pub raw_message: Option<String>,
    /// Who spoke; an extension, the standard has it in `sender` only.
    pub user_id: Option<UserId>,
    /// The group it was spoken in; an extension.
    pub group_id: Option<GroupId>,
    /// The message's number within its conversation; an extension.
    pub message_seq: Option<i64>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Reads what was lately said in a group, oldest first.
///
/// An action of go-cqhttp. Fails with 102 when the account is not in the group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupMsgHistory {
    /// The group to read.
    pub group_id: GroupId,
    /// The `message_seq` to read up to; 0 or left out starts at the newest message.
    pub message_seq: Option<i64>,
    /// How many messages at most. Default 20; go-cqhttp always answers up to 20.
    pub count: Option<i32>,
    /// Reads onwards from `message_seq` instead of back. Default false; NapCat only.
    pub reverse_order: Option<bool>,
}

impl Endpoint for GetGroupMsgHistory {
    type Platform = OneBot;
    type Output = Vec<Event>;
    const META: Meta = Meta::post("onebot.get_group_msg_history", "/get_group_msg_history")
        .at("messages")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取群消息历史记录");
}

/// Reads what was lately said between the account and a person, oldest first.
///
/// An action of NapCat and LLOneBot.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetFriendMsgHistory {
    /// The person whose conversation to read.
    pub user_id: UserId,
    /// The `message_seq` to read up to; 0 or left out starts at the newest message.
    pub message_seq: Option<i64>,
    /// How many messages at most. Default 20.
    pub count: Option<i32>,
    /// Reads onwards from `message_seq` instead of back. Default false.
    pub reverse_order: Option<bool>,
}

impl Endpoint for GetFriendMsgHistory {
    type Platform = OneBot;
    type Output = Vec<Event>;
    const META: Meta = Meta::post("onebot.get_friend_msg_history", "/get_friend_msg_history")
        .at("messages")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Marks a message, and those before it, as read.
///
/// An action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct MarkMsgAsRead {
    /// The last message read.
    pub message_id: MessageId,
}

impl Endpoint for MarkMsgAsRead {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.mark_msg_as_read", "/mark_msg_as_read")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#标记消息已读");
}

/// Marks everything a person wrote as read.
///
/// An action of NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct MarkPrivateMsgAsRead {
    /// Whose messages were read.
    pub user_id: UserId,
}

impl Endpoint for MarkPrivateMsgAsRead {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post(
        "onebot.mark_private_msg_as_read",
        "/mark_private_msg_as_read",
    )
    .idempotent()
    .doc("https://napneko.github.io/develop/api");
}

/// Marks everything said in a group as read.
///
/// An action of NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct MarkGroupMsgAsRead {
    /// The group whose messages were read.
    pub group_id: GroupId,
}

impl Endpoint for MarkGroupMsgAsRead {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.mark_group_msg_as_read", "/mark_group_msg_as_read")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Marks every conversation as read.
///
/// An action of NapCat, spelled `_mark_all_as_read`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct MarkAllAsRead {}

impl Endpoint for MarkAllAsRead {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot._mark_all_as_read", "/_mark_all_as_read")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}
