//! Answering requests and events.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::{GroupId, UserId};
use crate::lenient::nullable;
use crate::quick::QuickOperation;
use crate::types::{GroupRequestType, RequestFlag, null_when_empty};

/// Answers somebody's wish to be the account's friend.
///
/// Fails with 102 when the flag is unknown or was answered before.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetFriendAddRequest {
    /// The request; in its event.
    pub flag: RequestFlag,
    /// Whether to become friends. Default true.
    pub approve: Option<bool>,
    /// The name to give the new friend; has no effect on a refusal. Default empty.
    pub remark: Option<String>,
}

impl Endpoint for SetFriendAddRequest {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_friend_add_request", "/set_friend_add_request").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_friend_add_request-处理加好友请求",
    );
}

/// Answers somebody's wish to join a group, or an invitation into one.
///
/// Fails with 100 when the type is neither `add` nor `invite`, with 102 when
/// the flag is unknown or was answered before.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupAddRequest {
    /// The request; in its event.
    pub flag: RequestFlag,
    /// Which of the two it is, as in its event. Also spelled `type`.
    #[serde(alias = "type")]
    pub sub_type: GroupRequestType,
    /// Whether to agree. Default true.
    pub approve: Option<bool>,
    /// What to tell them; has no effect when agreeing. Default empty.
    pub reason: Option<String>,
}

impl Endpoint for SetGroupAddRequest {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_add_request", "/set_group_add_request").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_add_request-处理加群请求邀请",
    );
}

/// Lists the pending requests of all groups.
///
/// An action of go-cqhttp, NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupSystemMsg {}

impl Endpoint for GetGroupSystemMsg {
    type Platform = OneBot;
    type Output = GroupSystemMsgs;
    const META: Meta = Meta::post("onebot.get_group_system_msg", "/get_group_system_msg")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取群系统消息");
}

/// The pending requests. go-cqhttp writes an empty list as null, and so do we.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupSystemMsgs {
    /// Invitations of the account into groups.
    #[serde(
        default,
        serialize_with = "null_when_empty",
        deserialize_with = "nullable"
    )]
    pub invited_requests: Vec<InvitedRequest>,
    /// People who want to join groups.
    #[serde(
        default,
        serialize_with = "null_when_empty",
        deserialize_with = "nullable"
    )]
    pub join_requests: Vec<JoinRequest>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An invitation of the account into a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitedRequest {
    /// The platform's number of the request; not its flag.
    pub request_id: i64,
    /// Who invites.
    pub invitor_uin: Option<UserId>,
    /// The name they gave themselves.
    pub invitor_nick: Option<String>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: Option<String>,
    /// Whether it was answered.
    pub checked: Option<bool>,
    /// Who answered it; 0 when nobody has.
    pub actor: Option<UserId>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Somebody's wish to join a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JoinRequest {
    /// The platform's number of the request; not its flag.
    pub request_id: i64,
    /// Who wants to join.
    pub requester_uin: Option<UserId>,
    /// The name they gave themselves.
    pub requester_nick: Option<String>,
    /// What they say.
    pub message: Option<String>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: Option<String>,
    /// Whether it was answered.
    pub checked: Option<bool>,
    /// Who answered it; 0 when nobody has.
    pub actor: Option<UserId>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Carries out a quick operation on an event that came over a WebSocket.
///
/// Spelled `.handle_quick_operation`; meant for frameworks. It succeeds even if
/// the operation does not; only a `context` or `operation` that is missing or
/// not an object fails, with 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct HandleQuickOperation {
    /// The event; message, raw_message, comment and sender may be left out.
    pub context: Map<String, Value>,
    /// What to do about it.
    pub operation: QuickOperation,
}

impl Endpoint for HandleQuickOperation {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot..handle_quick_operation", "/.handle_quick_operation").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/hidden.md#handle_quick_operation-对事件执行快速操作",
    );
}
