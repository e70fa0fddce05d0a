//! People: friends, strangers and recent conversations.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::UserId;
use crate::lenient::{nullable, string};
use crate::types::{NumberOrText, Sex};

/// Tells of anybody, friend or not. Fails with 102 when there is no such person.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetStrangerInfo {
    /// The person.
    pub user_id: UserId,
    /// Asks the platform anew instead of answering what was known before. Default false.
    pub no_cache: Option<bool>,
}

impl Endpoint for GetStrangerInfo {
    type Platform = OneBot;
    type Output = Stranger;
    const META: Meta = Meta::post("onebot.get_stranger_info", "/get_stranger_info")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_stranger_info-获取陌生人信息");
}

/// What everybody may know of a person.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stranger {
    /// The person.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// The sex they state.
    pub sex: Option<Sex>,
    /// Their age in years; 0 when not stated.
    pub age: Option<i32>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists the account's friends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetFriendList {}

impl Endpoint for GetFriendList {
    type Platform = OneBot;
    type Output = Vec<Friend>;
    const META: Meta = Meta::post("onebot.get_friend_list", "/get_friend_list").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_friend_list-获取好友列表",
    );
}

/// A friend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Friend {
    /// The person.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// The name the account gave them; empty for none.
    #[serde(default, deserialize_with = "string")]
    pub remark: String,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists the account's friends by the groups it sorts them into.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetFriendsWithCategory {}

impl Endpoint for GetFriendsWithCategory {
    type Platform = OneBot;
    type Output = Vec<FriendCategory>;
    const META: Meta = Meta::post(
        "onebot.get_friends_with_category",
        "/get_friends_with_category",
    )
    .idempotent()
    .doc("https://napneko.github.io/develop/api");
}

/// Friends that the account keeps together.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FriendCategory {
    /// The platform's number of the category.
    #[serde(rename = "categoryId")]
    pub category_id: Option<i64>,
    /// What the account called it.
    #[serde(rename = "categoryName", default, deserialize_with = "string")]
    pub category_name: String,
    /// How many friends are in it.
    #[serde(rename = "categoryMbCount")]
    pub member_count: Option<i32>,
    /// The friends in it.
    #[serde(rename = "buddyList", default, deserialize_with = "nullable")]
    pub friends: Vec<Friend>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists those whom the account counts as friends without them doing the same (单向好友).
///
/// An action of go-cqhttp and NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUnidirectionalFriendList {}

impl Endpoint for GetUnidirectionalFriendList {
    type Platform = OneBot;
    type Output = Vec<UnidirectionalFriend>;
    const META: Meta = Meta::post(
        "onebot.get_unidirectional_friend_list",
        "/get_unidirectional_friend_list",
    )
    .idempotent()
    .doc("https://docs.go-cqhttp.org/api/#获取单向好友列表");
}

/// Somebody whom only the account counts as a friend.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnidirectionalFriend {
    /// The person; NapCat spells the field `uin`.
    #[serde(alias = "uin")]
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(alias = "nick_name", default, deserialize_with = "string")]
    pub nickname: String,
    /// How the account came across them.
    pub source: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Ends a friendship.
///
/// An action of go-cqhttp, NapCat and LLOneBot. Fails with 100 when the person
/// is no friend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteFriend {
    /// The friend. Also spelled `id` and `friend_id`.
    #[serde(alias = "id", alias = "friend_id")]
    pub user_id: UserId,
}

impl Endpoint for DeleteFriend {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.delete_friend", "/delete_friend")
        .doc("https://docs.go-cqhttp.org/api/#删除好友");
}

/// Strikes somebody off the list of [`GetUnidirectionalFriendList`].
///
/// An action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteUnidirectionalFriend {
    /// The person.
    pub user_id: UserId,
}

impl Endpoint for DeleteUnidirectionalFriend {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post(
        "onebot.delete_unidirectional_friend",
        "/delete_unidirectional_friend",
    )
    .doc("https://docs.go-cqhttp.org/api/#删除单向好友");
}

/// Sets the name under which the account sees a friend.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetFriendRemark {
    /// The friend.
    pub user_id: UserId,
    /// The name; empty removes it.
    pub remark: String,
}

impl Endpoint for SetFriendRemark {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_friend_remark", "/set_friend_remark")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Lists the conversations in which something was said last.
///
/// An action of NapCat.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetRecentContact {
    /// How many at most. Default 10.
    pub count: Option<i32>,
}

impl Endpoint for GetRecentContact {
    type Platform = OneBot;
    type Output = Vec<RecentContact>;
    const META: Meta = Meta::post("onebot.get_recent_contact", "/get_recent_contact")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// A conversation and what was last said in it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentContact {
    /// The last message as an event; NapCat spells the field so.
    #[serde(rename = "lastestMsg")]
    pub latest_msg: Option<Value>,
    /// The person or group.
    pub peer_uin: Option<NumberOrText>,
    /// The name the account gave them.
    pub remark: Option<String>,
    /// When the message was sent, in seconds since 1970.
    pub msg_time: Option<NumberOrText>,
    /// The platform's number for the kind of conversation: 1 a person, 2 a group.
    pub chat_type: Option<i32>,
    /// The platform's own number of the message.
    pub msg_id: Option<NumberOrText>,
    /// The name the speaker gave themselves.
    pub send_nick_name: Option<String>,
    /// The name the speaker bears in the group.
    pub send_member_name: Option<String>,
    /// The name of the person or group.
    pub peer_name: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Tells whether a person is online, in the platform's own numbers.
///
/// An action of NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct NcGetUserStatus {
    /// The person.
    pub user_id: UserId,
}

impl Endpoint for NcGetUserStatus {
    type Platform = OneBot;
    type Output = UserStatus;
    const META: Meta = Meta::post("onebot.nc_get_user_status", "/nc_get_user_status")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Whether a person is online.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserStatus {
    /// Such as 10 for online.
    pub status: i32,
    /// What they are doing, where they show it; 0 for nothing.
    #[serde(default)]
    pub ext_status: i32,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
