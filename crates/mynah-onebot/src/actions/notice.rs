//! What a group holds up for everybody: announcements (群公告) and essence messages (精华消息).

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::{GroupId, MessageId, UserId};
use crate::lenient::{nullable, optional_string, string};
use crate::types::{NoticeId, UnixSeconds};

/// Lists the announcements of a group. Spelled `_get_group_notice`.
///
/// CQHTTP had it as an experiment; go-cqhttp and NapCat answer another shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupNotice {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupNotice {
    type Platform = OneBot;
    type Output = Vec<GroupNotice>;
    const META: Meta = Meta::post("onebot._get_group_notice", "/_get_group_notice")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取群公告");
}

/// An announcement in the shape of go-cqhttp and NapCat.
///
/// CQHTTP hands on the platform's own object; all of it then stands in `extra`.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupNotice {
    /// The announcement, for [`DelGroupNotice`].
    pub notice_id: Option<NoticeId>,
    /// Who announced it.
    pub sender_id: Option<UserId>,
    /// When.
    pub publish_time: Option<UnixSeconds>,
    /// What it says.
    pub message: Option<NoticeContent>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What an announcement says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeContent {
    /// Its words.
    #[serde(default, deserialize_with = "string")]
    pub text: String,
    /// Its pictures.
    #[serde(default, deserialize_with = "nullable")]
    pub images: Vec<NoticeImage>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A picture of an announcement.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeImage {
    /// The platform's name for it.
    pub id: Option<String>,
    /// Height in pixels, as text.
    #[serde(default, deserialize_with = "optional_string")]
    pub height: Option<String>,
    /// Width in pixels, as text.
    #[serde(default, deserialize_with = "optional_string")]
    pub width: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Announces something to a group. Spelled `_send_group_notice`.
///
/// The account must be an admin or the owner.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendGroupNotice {
    /// The group.
    pub group_id: GroupId,
    /// The headline. CQHTTP requires it, go-cqhttp ignores it.
    pub title: Option<String>,
    /// The words.
    pub content: String,
    /// A picture: `file:///…`, `http(s)://…` or `base64://…`; not in CQHTTP.
    pub image: Option<String>,
}

impl Endpoint for SendGroupNotice {
    type Platform = OneBot;
    type Output = NoticeSent;
    const META: Meta = Meta::post("onebot._send_group_notice", "/_send_group_notice")
        .doc("https://docs.go-cqhttp.org/api/#发送群公告");
}

/// What became of an announcement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Option<NoticeSentFields>", into = "Option<NoticeSentFields>")]
pub struct NoticeSent {
    /// The announcement, for [`DelGroupNotice`]; CQHTTP does not tell.
    pub notice_id: Option<NoticeId>,
}

#[derive(Serialize, Deserialize)]
struct NoticeSentFields {
    notice_id: Option<NoticeId>,
}

impl From<Option<NoticeSentFields>> for NoticeSent {
    fn from(fields: Option<NoticeSentFields>) -> Self {
        Self {
            notice_id: fields.and_then(|fields| fields.notice_id),
        }
    }
}

impl From<NoticeSent> for Option<NoticeSentFields> {
    fn from(sent: NoticeSent) -> Self {
        sent.notice_id.map(|id| NoticeSentFields {
            notice_id: Some(id),
        })
    }
}

/// Takes an announcement down. Spelled `_del_group_notice`.
///
/// An action of go-cqhttp. The account must be an admin or the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DelGroupNotice {
    /// The group.
    pub group_id: GroupId,
    /// The announcement.
    pub notice_id: NoticeId,
}

impl Endpoint for DelGroupNotice {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot._del_group_notice", "/_del_group_notice")
        .doc("https://github.com/Mrs4s/go-cqhttp/blob/master/coolq/api.go");
}

/// Keeps a message among a group's essence messages.
///
/// An action of go-cqhttp. The account must be an admin or the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetEssenceMsg {
    /// The message to keep.
    pub message_id: MessageId,
}

impl Endpoint for SetEssenceMsg {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_essence_msg", "/set_essence_msg")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#设置精华消息");
}

/// Takes a message out of a group's essence messages.
///
/// An action of go-cqhttp. The account must be an admin or the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteEssenceMsg {
    /// The message.
    pub message_id: MessageId,
}

impl Endpoint for DeleteEssenceMsg {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.delete_essence_msg", "/delete_essence_msg")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#移出精华消息");
}

/// Lists the essence messages of a group.
///
/// An action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetEssenceMsgList {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetEssenceMsgList {
    type Platform = OneBot;
    type Output = Vec<EssenceMsg>;
    const META: Meta = Meta::post("onebot.get_essence_msg_list", "/get_essence_msg_list")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取精华消息列表");
}

/// A message that a group keeps.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EssenceMsg {
    /// Who said it.
    pub sender_id: UserId,
    /// The name they bore.
    #[serde(default, deserialize_with = "string")]
    pub sender_nick: String,
    /// When they said it.
    pub sender_time: Option<UnixSeconds>,
    /// Who kept it.
    pub operator_id: UserId,
    /// The name they bore.
    #[serde(default, deserialize_with = "string")]
    pub operator_nick: String,
    /// When they kept it.
    pub operator_time: Option<UnixSeconds>,
    /// The message.
    pub message_id: MessageId,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
