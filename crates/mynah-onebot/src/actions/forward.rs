//! Forwarding: bundles of messages (合并转发) and single ones.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::event::Sender;
use crate::id::{GroupId, MessageId, UserId};
use crate::message::{self, Content, Message, Segment, View};
use crate::types::{ForwardId, MessageType, UnixSeconds};

/// Reads the messages of a bundle. Fails with 102 when the id is unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetForwardMsg {
    /// The bundle; the `id` of a `forward` segment. Also spelled `message_id`.
    #[serde(alias = "message_id")]
    pub id: ForwardId,
}

impl Endpoint for GetForwardMsg {
    type Platform = OneBot;
    type Output = ForwardedMsgs;
    const META: Meta = Meta::post("onebot.get_forward_msg", "/get_forward_msg").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_forward_msg-获取合并转发消息",
    );
}

/// What a bundle holds, in one or both of the forms the implementations use.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForwardedMsgs {
    /// As the standard has it: one `node` segment per message.
    pub message: Option<Message>,
    /// As go-cqhttp, NapCat and LLOneBot have it.
    pub messages: Option<Vec<ForwardedMsg>>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ForwardedMsgs {
    /// The messages, whichever form they were answered in. Nodes without an author or
    /// without content are left out.
    pub fn into_messages(self) -> Vec<ForwardedMsg> {
        self.messages.unwrap_or_else(|| {
            let nodes = self.message.unwrap_or_default();
            nodes.iter().filter_map(ForwardedMsg::from_node).collect()
        })
    }
}

/// One message of a bundle, as go-cqhttp, NapCat and LLOneBot write it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForwardedMsg {
    /// Who spoke.
    pub sender: Sender,
    /// When it was sent.
    pub time: Option<UnixSeconds>,
    /// What was said. NapCat spells the field `message`.
    #[serde(alias = "message")]
    pub content: ForwardedContent,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ForwardedMsg {
    fn from_node(node: &Segment) -> Option<Self> {
        let View::CustomNode {
            user_id,
            nickname,
            content,
        } = node.view()
        else {
            return None;
        };
        let content = match content {
            message::Value::Text(text) => Content::cq(text),
            message::Value::Message(message) => Content::Segments(message.clone()),
            message::Value::Json(_) => return None,
        };
        let time = node.get("time").and_then(|time| time.parse().ok());
        Some(Self {
            sender: Sender {
                user_id: Some(user_id),
                nickname: Some(nickname.to_owned()),
                ..Sender::default()
            },
            time: time.map(UnixSeconds),
            content: ForwardedContent::Message(content),
            extra: Map::new(),
        })
    }
}

/// What was said in a message of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ForwardedContent {
    /// A message.
    Message(Content),
    /// Another bundle; go-cqhttp writes its messages in place.
    Bundle(Vec<ForwardedMsg>),
}

/// Sends a bundle of messages to a group.
///
/// An action of go-cqhttp. Fails with 100 when no node is usable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendGroupForwardMsg {
    /// The group to speak in.
    pub group_id: GroupId,
    /// The messages as `node` segments: each the id of a message, or an author and content.
    pub messages: Vec<Segment>,
}

impl Endpoint for SendGroupForwardMsg {
    type Platform = OneBot;
    type Output = ForwardSent;
    const META: Meta = Meta::post("onebot.send_group_forward_msg", "/send_group_forward_msg")
        .doc("https://docs.go-cqhttp.org/api/#发送合并转发-群聊");
}

/// Sends a bundle of messages to one person.
///
/// An action of go-cqhttp. Fails with 100 when no node is usable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendPrivateForwardMsg {
    /// Who shall read it.
    pub user_id: UserId,
    /// The messages as `node` segments: each the id of a message, or an author and content.
    pub messages: Vec<Segment>,
}

impl Endpoint for SendPrivateForwardMsg {
    type Platform = OneBot;
    type Output = ForwardSent;
    const META: Meta = Meta::post(
        "onebot.send_private_forward_msg",
        "/send_private_forward_msg",
    )
    .doc("https://docs.go-cqhttp.org/api/#发送合并转发-好友");
}

/// Sends a bundle of messages to a person or a group.
///
/// An action of go-cqhttp; the target is found as with
/// [`SendMsg`](super::message::SendMsg). Fails with 100 when no node is usable.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendForwardMsg {
    /// Which of the ids counts. Left out, a `group_id` means the group, else `user_id` the person.
    pub message_type: Option<MessageType>,
    /// Who shall read a private bundle.
    pub user_id: Option<UserId>,
    /// The group to speak in.
    pub group_id: Option<GroupId>,
    /// The messages as `node` segments: each the id of a message, or an author and content.
    pub messages: Vec<Segment>,
}

impl Endpoint for SendForwardMsg {
    type Platform = OneBot;
    type Output = ForwardSent;
    const META: Meta = Meta::post("onebot.send_forward_msg", "/send_forward_msg")
        .doc("https://github.com/Mrs4s/go-cqhttp/blob/master/coolq/api.go");
}

/// What became of a bundle that was sent.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForwardSent {
    /// The message that carries the bundle.
    pub message_id: MessageId,
    /// The bundle, for [`GetForwardMsg`].
    pub forward_id: Option<ForwardId>,
    /// NapCat's name for the bundle.
    pub res_id: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Forwards one message to a person.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ForwardFriendSingleMsg {
    /// The message to pass on.
    pub message_id: MessageId,
    /// Who shall read it.
    pub user_id: UserId,
}

impl Endpoint for ForwardFriendSingleMsg {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post(
        "onebot.forward_friend_single_msg",
        "/forward_friend_single_msg",
    )
    .doc("https://napneko.github.io/develop/api");
}

/// Forwards one message to a group.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ForwardGroupSingleMsg {
    /// The message to pass on.
    pub message_id: MessageId,
    /// The group to speak in.
    pub group_id: GroupId,
}

impl Endpoint for ForwardGroupSingleMsg {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post(
        "onebot.forward_group_single_msg",
        "/forward_group_single_msg",
    )
    .doc("https://napneko.github.io/develop/api");
}
