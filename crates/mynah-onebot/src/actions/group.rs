//! Groups: moderation, membership and settings.
//!
//! Who may do what follows rank: acting on somebody needs an owner, or an admin
//! above them; 103 says the account's rank is too low, 102 that the target is
//! not a member.

use mynah_core::{Empty, Endpoint, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::OneBot;
use crate::event::Anonymous;
use crate::id::{GroupId, UserId};

/// Removes a member from a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupKick {
    /// The group.
    pub group_id: GroupId,
    /// The member to remove.
    pub user_id: UserId,
    /// Refuses their later requests to join. Default false.
    pub reject_add_request: Option<bool>,
}

impl Endpoint for SetGroupKick {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_kick", "/set_group_kick").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_kick-群组踢人",
    );
}

/// Mutes a member of a group, or lets them speak again.
///
/// Fails with 100 when the duration is negative or above 30 days.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupBan {
    /// The group.
    pub group_id: GroupId,
    /// The member to mute.
    pub user_id: UserId,
    /// For how many seconds, at most 2,592,000 (30 days); 0 lifts the ban. Default 1800.
    ///
    /// Say it: NapCat and Lagrange take a missing duration for 0.
    pub duration: Option<i64>,
}

impl Endpoint for SetGroupBan {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_ban", "/set_group_ban").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_ban-群组单人禁言",
    );
}

/// Mutes somebody who spoke anonymously. Such a ban cannot be lifted.
///
/// Fails with 100 when neither `anonymous` nor a flag is given, with 103 when
/// the flag is unknown.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupAnonymousBan {
    /// The group.
    pub group_id: GroupId,
    /// The `anonymous` object of the message event; wins over the flag.
    pub anonymous: Option<Anonymous>,
    /// The flag in that object. Also spelled `flag`.
    #[serde(alias = "flag")]
    pub anonymous_flag: Option<String>,
    /// For how many seconds. Default 1800.
    pub duration: Option<i64>,
}

impl Endpoint for SetGroupAnonymousBan {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_anonymous_ban", "/set_group_anonymous_ban").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_anonymous_ban-群组匿名用户禁言",
    );
}

/// Lets only owner and admins speak in a group, or everybody again.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupWholeBan {
    /// The group.
    pub group_id: GroupId,
    /// False lets everybody speak. Default true.
    pub enable: Option<bool>,
}

impl Endpoint for SetGroupWholeBan {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_whole_ban", "/set_group_whole_ban")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_whole_ban-群组全员禁言");
}

/// Makes a member an admin, or an ordinary member again. The account must be the owner.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupAdmin {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
    /// False takes the rank away. Default true.
    ///
    /// Say it: NapCat and Lagrange take a missing value for false.
    pub enable: Option<bool>,
}

impl Endpoint for SetGroupAdmin {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_admin", "/set_group_admin").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_admin-群组设置管理员",
    );
}

/// Allows or forbids speaking anonymously in a group.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupAnonymous {
    /// The group.
    pub group_id: GroupId,
    /// False forbids it. Default true.
    pub enable: Option<bool>,
}

impl Endpoint for SetGroupAnonymous {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_anonymous", "/set_group_anonymous")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_anonymous-群组匿名");
}

/// Sets the name a member bears in a group (群名片).
///
/// Everybody may set their own; another's needs an admin or the owner.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupCard {
    /// The group.
    pub group_id: GroupId,
    /// The member who shall bear it.
    pub user_id: UserId,
    /// The name; empty or left out removes it, so that the nickname shows.
    pub card: Option<String>,
}

impl Endpoint for SetGroupCard {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_card", "/set_group_card").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_card-设置群名片群备注",
    );
}

/// Renames a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupName {
    /// The group.
    pub group_id: GroupId,
    /// Its new name.
    pub group_name: String,
}

impl Endpoint for SetGroupName {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_name", "/set_group_name").idempotent().doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_name-设置群名",
    );
}

/// Leaves a group, or dismisses it.
///
/// Fails with 103 when the owner wants to leave without dismissing, or
/// somebody else to dismiss.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupLeave {
    /// The group.
    pub group_id: GroupId,
    /// Dismisses the group, which is the owner's only way out of it. Default false.
    pub is_dismiss: Option<bool>,
}

impl Endpoint for SetGroupLeave {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_leave", "/set_group_leave").doc(
        "https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_leave-退出群组",
    );
}

/// Gives a member a title of their own (专属头衔). The account must be the owner.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupSpecialTitle {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub user_id: UserId,
    /// The title; empty or left out removes it.
    pub special_title: Option<String>,
    /// For how many seconds; -1 for ever. Default -1. The standard doubts that it has an effect.
    pub duration: Option<i64>,
}

impl Endpoint for SetGroupSpecialTitle {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_special_title", "/set_group_special_title")
        .idempotent()
        .doc("https://github.com/botuniverse/onebot-11/blob/master/api/public.md#set_group_special_title-设置群组专属头衔");
}

/// Changes the picture of a group.
///
/// An action of go-cqhttp; it works only for a while after the login.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupPortrait {
    /// The group.
    pub group_id: GroupId,
    /// The picture: `file:///…`, `http(s)://…` or `base64://…`.
    pub file: String,
    /// Whether a picture fetched before may be used again: 1 or 0. Default 1.
    pub cache: Option<i32>,
}

impl Endpoint for SetGroupPortrait {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_portrait", "/set_group_portrait")
        .doc("https://docs.go-cqhttp.org/api/#设置群头像");
}

/// Sets the name under which the account alone sees a group.
///
/// An action of NapCat and LLOneBot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupRemark {
    /// The group.
    pub group_id: GroupId,
    /// The name; empty removes it.
    pub remark: String,
}

impl Endpoint for SetGroupRemark {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_remark", "/set_group_remark")
        .idempotent()
        .doc("https://napneko.github.io/develop/api");
}

/// Signs in at a group for the day (群打卡); NapCat's spelling of [`SendGroupSign`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SetGroupSign {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for SetGroupSign {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.set_group_sign", "/set_group_sign")
        .doc("https://napneko.github.io/develop/api");
}

/// Signs in at a group for the day (群打卡).
///
/// An action of go-cqhttp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct SendGroupSign {
    /// The group.
    pub group_id: GroupId,
}

impl Endpoint for SendGroupSign {
    type Platform = OneBot;
    type Output = Empty;
    const META: Meta = Meta::post("onebot.send_group_sign", "/send_group_sign")
        .doc("https://docs.go-cqhttp.org/api/#群打卡");
}
