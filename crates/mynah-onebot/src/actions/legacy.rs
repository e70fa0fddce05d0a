//! What only CQHTTP 4.x had: discussion groups, experiments, upkeep of the host.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::{DiscussId, GroupId, MessageId, UserId};
use crate::lenient::string;
use crate::message::Content;
use crate::types::{DataDir, NumberOrText, Role, UnixSeconds};

/// Sends a message to a discussion group; answers the id of the new message.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendDiscussMsg {
    /// The discussion group to speak in.
    pub discuss_id: DiscussId,
    /// What to say; must not be empty.
    pub message: Content,
    /// Takes a string message as plain text instead of reading CQ codes in it. Default false.
    pub auto_escape: Option<bool>,
}

impl Endpoint for SendDiscussMsg {
    type Platform = OneBot;
    type Output = MessageId;
    const META: Meta = Meta::post("onebot.send_discuss_msg", "/send_discuss_msg")
        .at("message_id")
        .doc("https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=send_discuss_msg-发送讨论组消息");
}

/// Leaves a discussion group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetDiscussLeave {
    /// The discussion group.
    pub discuss_id: DiscussId,
}

impl Endpoint for SetDiscussLeave {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_discuss_leave", "/set_discuss_leave").doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=set_discuss_leave-退出讨论组",
    );
}

/// Restarts CQHTTP; the standard's [`SetRestart`](super::system::SetRestart).
///
/// Always answered before it is done.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetRestartPlugin {
    /// How many milliseconds to wait before. Default 0.
    pub delay: Option<i64>,
}

impl Endpoint for SetRestartPlugin {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_restart_plugin", "/set_restart_plugin").doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=set_restart_plugin-重启-cqhttp-插件",
    );
}

/// Empties a directory of received media.
///
/// Fails with 100 for a directory that is not one of [`DataDir`], with 103 when
/// the file system does not let it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CleanDataDir {
    /// The directory.
    pub data_dir: DataDir,
}

impl Endpoint for CleanDataDir {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.clean_data_dir", "/clean_data_dir").idempotent().doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=clean_data_dir-清理数据目录",
    );
}

/// Empties CQHTTP's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CleanPluginLog {}

impl Endpoint for CleanPluginLog {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.clean_plugin_log", "/clean_plugin_log").idempotent().doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=clean_plugin_log-清理插件日志",
    );
}

/// Lists the account's friends by the groups it sorts them into.
///
/// Spelled `_get_friend_list`: an experiment, not the standard's
/// [`GetFriendList`](super::friend::GetFriendList).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct LegacyGetFriendList {
    /// Answers all groups and all friends side by side instead. Default false.
    pub flat: Option<bool>,
}

impl Endpoint for LegacyGetFriendList {
    type Platform = OneBot;
    type Output = LegacyFriendList;
    const META: Meta = Meta::post("onebot._get_friend_list", "/_get_friend_list").idempotent().doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=_get_friend_list-获取好友列表",
    );
}

/// The account's friends in the shape that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LegacyFriendList {
    /// Group by group.
    Nested(Vec<LegacyFriendGroup>),
    /// Groups and friends side by side.
    Flat {
        /// The groups; their `friends` are empty.
        friend_groups: Vec<LegacyFriendGroup>,
        /// The friends; each names its group.
        friends: Vec<LegacyFriend>,
    },
}

/// A group the account sorts friends into.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegacyFriendGroup {
    /// The platform's number of it.
    pub friend_group_id: i64,
    /// What the account called it.
    #[serde(default, deserialize_with = "string")]
    pub friend_group_name: String,
    /// The friends in it; `None` in the flat list.
    pub friends: Option<Vec<LegacyFriend>>,
}

/// A friend.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegacyFriend {
    /// The person.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// The name the account gave them; empty for none.
    #[serde(default, deserialize_with = "string")]
    pub remark: String,
    /// The group they are sorted into; in the flat list only.
    pub friend_group_id: Option<i64>,
}

/// Tells of one group in detail.
///
/// Spelled `_get_group_info`: an experiment, not the standard's
/// [`GetGroupInfo`](super::group_info::GetGroupInfo).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct LegacyGetGroupInfo {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for LegacyGetGroupInfo {
    type Platform = OneBot;
    type Output = LegacyGroupInfo;
    const META: Meta = Meta::post("onebot._get_group_info", "/_get_group_info").idempotent().doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=_get_group_info-获取群信息",
    );
}

/// A group in detail. Any field may be missing.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LegacyGroupInfo {
    /// The group.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: Option<String>,
    /// When it was founded.
    pub create_time: Option<UnixSeconds>,
    /// The platform's number of its category.
    pub category: Option<i32>,
    /// How many members it has.
    pub member_count: Option<i32>,
    /// How many members it can have.
    pub max_member_count: Option<i32>,
    /// What it says of itself.
    pub introduction: Option<String>,
    /// Its owner and admins.
    pub admins: Option<Vec<LegacyGroupAdmin>>,
    /// How many they are.
    pub admin_count: Option<i32>,
    /// How many they can be.
    pub max_admin_count: Option<i32>,
    /// Its owner.
    pub owner_id: Option<UserId>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The owner or an admin of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegacyGroupAdmin {
    /// The member.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// Which of the two they are.
    pub role: Role,
}

/// Tells of a person's level and membership. Spelled `_get_vip_info`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetVipInfo {
    /// The person.
    pub user_id: UserId,
}

impl Endpoint for GetVipInfo {
    type Platform = OneBot;
    type Output = VipInfo;
    const META: Meta = Meta::post("onebot._get_vip_info", "/_get_vip_info").idempotent().doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=_get_vip_info-获取会员信息",
    );
}

/// A person's level and membership.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VipInfo {
    /// The person.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// Their level.
    pub level: Option<i64>,
    /// The factor by which it grows.
    pub level_speed: Option<f64>,
    /// The level of their membership; a number with CQHTTP, text with go-cqhttp.
    pub vip_level: Option<NumberOrText>,
    /// The points their membership gains a day.
    pub vip_growth_speed: Option<i64>,
    /// The points their membership has; text with CQHTTP, a number with go-cqhttp.
    pub vip_growth_total: Option<NumberOrText>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Restarts the host and logs the account in again. Spelled `_set_restart`.
///
/// An experiment, not the standard's [`SetRestart`](super::system::SetRestart).
/// Always answered before it is done.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Request)]
pub struct LegacySetRestart {
    /// Empties the host's log. Default false.
    pub clean_log: Option<bool>,
    /// Empties the host's cache. Default false.
    pub clean_cache: Option<bool>,
    /// Empties the host's store of events. Default false.
    pub clean_event: Option<bool>,
}

impl Endpoint for LegacySetRestart {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot._set_restart", "/_set_restart")
        .doc("https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=_set_restart-重启-酷q，并以当前登录号自动登录（需勾选快速登录）");
}

/// Looks for a newer CQHTTP. Spelled `.check_update`; hidden.
///
/// Always answered before it is done.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CheckUpdate {
    /// Writes to the log instead of asking the person at the machine. Default false.
    pub automatic: Option<bool>,
}

impl Endpoint for CheckUpdate {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot..check_update", "/.check_update").doc(
        "https://richardchien.gitee.io/coolq-http-api/docs/4.15/#/API?id=check_update-检查更新",
    );
}
