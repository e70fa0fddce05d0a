//! What is known of groups and their members.

use mynah_core::{Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::id::{GroupId, UserId};
use crate::lenient::{optional_string, string};
use crate::types::{HonorType, Role, Sex, UnixSeconds};

/// Tells of one group. Fails with 102 when there is none with that id.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupInfo {
    /// The group.
    pub group_id: GroupId,
    /// Asks the platform anew instead of answering what was known before. Default false.
    pub no_cache: Option<bool>,
}

impl Endpoint for GetGroupInfo {
    type Platform = OneBot;
    type Output = GroupInfo;
    const META: Meta = Meta::post("onebot.get_group_info", "/get_group_info").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_group_info-获取群信息",
    );
}

/// Lists the groups the account is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupList {}

impl Endpoint for GetGroupList {
    type Platform = OneBot;
    type Output = Vec<GroupInfo>;
    const META: Meta = Meta::post("onebot.get_group_list", "/get_group_list").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_group_list-获取群列表",
    );
}

/// A group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupInfo {
    /// The group.
    pub group_id: GroupId,
    /// Its name.
    #[serde(default, deserialize_with = "string")]
    pub group_name: String,
    /// How many members it has. CQHTTP leaves it out of lists.
    pub member_count: Option<i32>,
    /// How many members it can have. CQHTTP leaves it out of lists.
    pub max_member_count: Option<i32>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Tells of one member of a group.
///
/// Fails with 102 when the account is not in the group or the person not a member.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupMemberInfo {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
    /// Asks the platform anew instead of answering what was known before. Default false.
    pub no_cache: Option<bool>,
}

impl Endpoint for GetGroupMemberInfo {
    type Platform = OneBot;
    type Output = GroupMember;
    const META: Meta = Meta::post("onebot.get_group_member_info", "/get_group_member_info")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_group_member_info-获取群成员信息");
}

/// Lists the members of a group; area, title and the like may be missing.
///
/// Fails with 102 when the account is not in the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupMemberList {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupMemberList {
    type Platform = OneBot;
    type Output = Vec<GroupMember>;
    const META: Meta = Meta::post("onebot.get_group_member_list", "/get_group_member_list")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_group_member_list-获取群成员列表");
}

/// A member of a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupMember {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// The name they bear in the group; empty when they bear none.
    pub card: Option<String>,
    /// The sex they state.
    pub sex: Option<Sex>,
    /// Their age in years; 0 when not stated.
    pub age: Option<i32>,
    /// Where they say they live.
    pub area: Option<String>,
    /// When they joined.
    pub join_time: Option<UnixSeconds>,
    /// When they last spoke; 0 for never.
    pub last_sent_time: Option<UnixSeconds>,
    /// Their level of activity.
    #[serde(default, deserialize_with = "optional_string")]
    pub level: Option<String>,
    /// What they may do; NapCat leaves it out when it does not know.
    pub role: Option<Role>,
    /// Whether they have a record of misconduct.
    pub unfriendly: Option<bool>,
    /// Their special title; empty when they have none.
    pub title: Option<String>,
    /// When the title ends; 0 for never.
    pub title_expire_time: Option<UnixSeconds>,
    /// Whether the account may change their card.
    pub card_changeable: Option<bool>,
    /// Until when they are muted; 0 for not at all. An extension of go-cqhttp and NapCat.
    pub shut_up_timestamp: Option<UnixSeconds>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists who bears which badge in a group. Fails with 102 when the account is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupHonorInfo {
    /// The group.
    pub group_id: GroupId,
    /// The badge asked for, or all.
    #[serde(rename = "type")]
    pub honor: HonorType,
}

impl Endpoint for GetGroupHonorInfo {
    type Platform = OneBot;
    type Output = GroupHonors;
    const META: Meta = Meta::post("onebot.get_group_honor_info", "/get_group_honor_info")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#get_group_honor_info-获取群荣誉信息");
}

/// The badges of a group; a list that was not asked for is `None`.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupHonors {
    /// The group.
    pub group_id: GroupId,
    /// Who is 龙王 now.
    pub current_talkative: Option<CurrentTalkative>,
    /// Who has been 龙王.
    pub talkative_list: Option<Vec<HonoredMember>>,
    /// Bearers of 群聊之火.
    pub performer_list: Option<Vec<HonoredMember>>,
    /// Bearers of 群聊炽焰.
    pub legend_list: Option<Vec<HonoredMember>>,
    /// Bearers of 冒尖小春笋.
    pub strong_newbie_list: Option<Vec<HonoredMember>>,
    /// Bearers of 快乐之源.
    pub emotion_list: Option<Vec<HonoredMember>>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Who speaks the most in a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurrentTalkative {
    /// The member; `None` when nobody bears the badge.
    pub user_id: Option<UserId>,
    /// The name they gave themselves.
    pub nickname: Option<String>,
    /// The address of their picture.
    pub avatar: Option<String>,
    /// For how many days in a row.
    pub day_count: Option<i32>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Somebody who bears a badge.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonoredMember {
    /// The member.
    pub user_id: UserId,
    /// The name they gave themselves.
    #[serde(default, deserialize_with = "string")]
    pub nickname: String,
    /// The address of their picture.
    pub avatar: Option<String>,
    /// What the badge was given for, in words for people.
    pub description: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Tells how often everybody may still be mentioned today.
///
/// An action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupAtAllRemain {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupAtAllRemain {
    type Platform = OneBot;
    type Output = AtAllRemain;
    const META: Meta = Meta::post("onebot.get_group_at_all_remain", "/get_group_at_all_remain")
        .idempotent()
        .doc("https://docs.go-cqhttp.org/api/#获取群-全体成员-剩余次数");
}

/// How often everybody may still be mentioned today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtAllRemain {
    /// Whether the account may do it at all.
    pub can_at_all: bool,
    /// How often all admins of the group together may.
    pub remain_at_all_count_for_group: i32,
    /// How often the account may.
    pub remain_at_all_count_for_uin: i32,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Lists the muted members of a group.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupShutList {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupShutList {
    type Platform = OneBot;
    type Output = Vec<MutedMember>;
    const META: Meta = Meta::post("onebot.get_group_shut_list", "/get_group_shut_list")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// A muted member, as the documentation of NapCat shows them.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MutedMember {
    /// The member.
    pub user_id: Option<UserId>,
    /// The name they gave themselves.
    pub nickname: Option<String>,
    /// Until when they are muted.
    pub shut_up_time: Option<UnixSeconds>,
    /// What else the implementation tells; the platform's own fields may all stand here.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Tells whatever the platform knows of a group, unchanged.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupInfoEx {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupInfoEx {
    type Platform = OneBot;
    type Output = Value;
    const META: Meta = Meta::post("onebot.get_group_info_ex", "/get_group_info_ex")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Tells of one group, with its remark and whether it is muted.
///
/// An action of NapCat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetGroupDetailInfo {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for GetGroupDetailInfo {
    type Platform = OneBot;
    type Output = GroupDetailInfo;
    const META: Meta = Meta::post("onebot.get_group_detail_info", "/get_group_detail_info")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// A group in some detail.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupDetailInfo {
    /// The group.
    pub group_id: GroupId,
    /// Its name.
    #[serde(default, deserialize_with = "string")]
    pub group_name: String,
    /// How many members it has.
    pub member_count: Option<i32>,
    /// How many members it can have.
    pub max_member_count: Option<i32>,
    /// -1 while only owner and admins may speak, else 0.
    pub group_all_shut: Option<i32>,
    /// The name under which the account alone sees it; empty for none.
    pub group_remark: Option<String>,
    /// What else the implementation tells.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
