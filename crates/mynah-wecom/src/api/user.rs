//! Members of the corp.

use mynah_core::{ApiError, Empty, Endpoint, HttpResponse, Meta, Request};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::WeCom;
use crate::api::{delete, extra, write_saying};
use crate::id::{DepartmentId, OpenId, UserId};
use crate::types::{Flag, UserStatus};
use mynah_core::lenient::{list, meant_as, or_default, text};

/// Tells of a member. Fails with 60111 when there is none, 60011 when the application does not
/// see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUser {
    /// The member.
    pub userid: UserId,
}

impl Endpoint for GetUser {
    type Platform = WeCom;
    type Output = User;
    const META: Meta = Meta::get("wecom.user.get", "/cgi-bin/user/get")
        .doc("https://developer.work.weixin.qq.com/document/path/90196");
}

/// A member.
///
/// Applications made after 2022-06-20 are not told `mobile`, `gender`, `email`, `biz_mail`,
/// `avatar`, `thumb_avatar`, `qr_code` and `address` unless the member agrees.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The member.
    pub userid: UserId,
    /// Their name; the id for applications of third parties.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The departments they are in.
    #[serde(default, deserialize_with = "list")]
    pub department: Vec<DepartmentId>,
    /// Where they stand in each; as long as `department`.
    #[serde(default, deserialize_with = "or_default")]
    pub order: Option<Vec<i64>>,
    /// What they do.
    #[serde(default, deserialize_with = "or_default")]
    pub position: Option<String>,
    /// Their mobile number.
    #[serde(default, deserialize_with = "or_default")]
    pub mobile: Option<String>,
    /// `1` male, `2` female, `0` not said.
    #[serde(default, deserialize_with = "gender")]
    pub gender: Option<String>,
    /// Their e-mail address.
    #[serde(default, deserialize_with = "or_default")]
    pub email: Option<String>,
    /// Their e-mail address with the corp.
    #[serde(default, deserialize_with = "or_default")]
    pub biz_mail: Option<String>,
    /// Address of their picture.
    #[serde(default, deserialize_with = "or_default")]
    pub avatar: Option<String>,
    /// Address of a small picture.
    #[serde(default, deserialize_with = "or_default")]
    pub thumb_avatar: Option<String>,
    /// Address of the code by which they are added.
    #[serde(default, deserialize_with = "or_default")]
    pub qr_code: Option<String>,
    /// Where they are.
    #[serde(default, deserialize_with = "or_default")]
    pub address: Option<String>,
    /// Their telephone number.
    #[serde(default, deserialize_with = "or_default")]
    pub telephone: Option<String>,
    /// What else they are called.
    #[serde(default, deserialize_with = "or_default")]
    pub alias: Option<String>,
    /// Their English name; on older pages.
    #[serde(default, deserialize_with = "or_default")]
    pub english_name: Option<String>,
    /// 1 where they lead the department; as long as `department`.
    #[serde(default, deserialize_with = "or_default")]
    pub is_leader_in_dept: Option<Vec<i64>>,
    /// Who leads them.
    #[serde(default, deserialize_with = "or_default")]
    pub direct_leader: Option<Vec<UserId>>,
    /// Whether they use WeCom.
    #[serde(default, deserialize_with = "or_default")]
    pub status: Option<UserStatus>,
    /// 1 if they may; on older pages.
    #[serde(default, deserialize_with = "or_default")]
    pub enable: Option<i64>,
    /// 1 if they lead; on older pages.
    #[serde(default, deserialize_with = "or_default")]
    pub isleader: Option<i64>,
    /// The first of their departments.
    #[serde(default, deserialize_with = "or_default")]
    pub main_department: Option<DepartmentId>,
    /// What they are called across corps; only told to applications of third parties.
    #[serde(default, deserialize_with = "or_default")]
    pub open_userid: Option<String>,
    /// 1 if their mobile number is hidden; on older pages.
    #[serde(default, deserialize_with = "or_default")]
    pub hide_mobile: Option<i64>,
    /// What the corp has added.
    #[serde(default, deserialize_with = "or_default")]
    pub extattr: Option<Map<String, Value>>,
    /// What people outside are told.
    #[serde(default, deserialize_with = "or_default")]
    pub external_profile: Option<Map<String, Value>>,
    /// What people outside are told they do.
    #[serde(default, deserialize_with = "or_default")]
    pub external_position: Option<String>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// A digit in a string, or a number.
fn gender<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match meant_as::<D, String>(deserializer)? {
        Value::String(digit) => Some(digit),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Lists the members of a department. Fails with 60003 when there is none.
///
/// Since 2022-08-15 the secret of the directory's helper cannot ask from new addresses; see
/// [`ListUserIds`].
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUsers {
    /// The department.
    pub department_id: DepartmentId,
    /// Whether those of the departments below are listed too; no longer documented.
    pub fetch_child: Option<Flag>,
    /// 0 for all, or the sum of 1 active, 2 disabled and 4 not yet active; no longer documented.
    pub status: Option<i64>,
}

impl Endpoint for ListUsers {
    type Platform = WeCom;
    type Output = Vec<User>;
    const META: Meta = Meta::get("wecom.user.list", "/cgi-bin/user/list")
        .at("userlist")
        .doc("https://developer.work.weixin.qq.com/document/path/90201");
}

/// Lists the names of the members of a department. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUserNames {
    /// The department.
    pub department_id: DepartmentId,
    /// Whether those of the departments below are listed too; no longer documented.
    pub fetch_child: Option<Flag>,
    /// 0 for all, or the sum of 1 active, 2 disabled and 4 not yet active; no longer documented.
    pub status: Option<i64>,
}

impl Endpoint for ListUserNames {
    type Platform = WeCom;
    type Output = Vec<UserName>;
    const META: Meta = Meta::get("wecom.user.simplelist", "/cgi-bin/user/simplelist")
        .at("userlist")
        .doc("https://developer.work.weixin.qq.com/document/path/90200");
}

/// A member in a short list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserName {
    /// The member.
    pub userid: UserId,
    /// Their name; the id for applications of third parties.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The departments they are in.
    #[serde(default, deserialize_with = "or_default")]
    pub department: Option<Vec<DepartmentId>>,
    /// What they are called across corps; only told to applications of third parties.
    #[serde(default, deserialize_with = "or_default")]
    pub open_userid: Option<String>,
}

/// Lists who is in which department, page by page.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUserIds {
    /// From the answer before; nothing for the first page.
    pub cursor: Option<String>,
    /// At most 10,000 on a page.
    pub limit: Option<i64>,
}

impl Endpoint for ListUserIds {
    type Platform = WeCom;
    type Output = UserIds;
    const META: Meta = Meta::post("wecom.user.list_id", "/cgi-bin/user/list_id")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/96067");
}

/// A page of who is in which department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserIds {
    /// For the next page; empty after the last.
    #[serde(default, deserialize_with = "text")]
    pub next_cursor: String,
    /// One for each member in each of their departments.
    #[serde(rename = "dept_user", default, deserialize_with = "list")]
    pub memberships: Vec<Membership>,
}

/// That a member is in a department.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The member.
    pub userid: UserId,
    /// The department.
    pub department: DepartmentId,
}

/// Finds a member by their mobile number. Fails with 46004 when nobody has it; asking for wrong
/// numbers too often is forbidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUserId {
    /// 5 to 32 bytes.
    pub mobile: String,
}

impl Endpoint for GetUserId {
    type Platform = WeCom;
    type Output = UserId;
    const META: Meta = Meta::post("wecom.user.getuserid", "/cgi-bin/user/getuserid")
        .at("userid")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/95402");
}

/// Adds a member to the directory. Fails with 60102 when the id is taken.
///
/// The platform wants a mobile number or an e-mail address, and the secret of the directory's
/// helper (48002 otherwise).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateUser {
    /// 1 to 64 bytes of `0-9a-zA-Z_-@.`, the first of them a letter or digit.
    pub userid: UserId,
    /// 1 to 64 characters.
    pub name: String,
    /// At most 100 departments; the root if not given.
    pub department: Option<Vec<DepartmentId>>,
    /// Where they stand in each; as long as `department`.
    pub order: Option<Vec<i64>>,
    /// What they do; at most 128 characters.
    pub position: Option<String>,
    /// Their mobile number; unique in the corp.
    pub mobile: Option<String>,
    /// 1 male, 2 female.
    #[serde(default, deserialize_with = "gender")]
    pub gender: Option<String>,
    /// Their e-mail address; unique in the corp.
    pub email: Option<String>,
    /// Their e-mail address with the corp.
    pub biz_mail: Option<String>,
    /// What else they are called; at most 64 characters.
    pub alias: Option<String>,
    /// Their telephone number; at most 32 bytes.
    pub telephone: Option<String>,
    /// Where they are; at most 128 characters.
    pub address: Option<String>,
    /// 1 where they lead the department; as long as `department`.
    pub is_leader_in_dept: Option<Vec<i64>>,
    /// Who leads them; at most 1.
    pub direct_leader: Option<Vec<UserId>>,
    /// The first of their departments.
    pub main_department: Option<DepartmentId>,
    /// Whether they may use WeCom; they may if not given.
    pub enable: Option<Flag>,
    /// Their picture, which was uploaded before.
    pub avatar_mediaid: Option<String>,
    /// What the corp has added.
    pub extattr: Option<Map<String, Value>>,
    /// Whether they are invited; they are if not given.
    pub to_invite: Option<bool>,
    /// What people outside are told.
    pub external_profile: Option<Map<String, Value>>,
    /// What people outside are told they do.
    pub external_position: Option<String>,
}

impl Endpoint for CreateUser {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.user.create", "/cgi-bin/user/create")
        .doc("https://developer.work.weixin.qq.com/document/path/90195");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("created", outcome)
    }
}

/// Changes a member. Fails with 60111 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateUser {
    /// The member.
    pub userid: UserId,
    /// A new id, once, if the first was made by the platform.
    pub new_userid: Option<UserId>,
    /// 1 to 64 characters.
    pub name: Option<String>,
    /// At most 100 departments.
    pub department: Option<Vec<DepartmentId>>,
    /// Where they stand in each; as long as `department`.
    pub order: Option<Vec<i64>>,
    /// What they do; at most 128 characters.
    pub position: Option<String>,
    /// Their mobile number; unique in the corp.
    pub mobile: Option<String>,
    /// 1 male, 2 female.
    #[serde(default, deserialize_with = "gender")]
    pub gender: Option<String>,
    /// Their e-mail address; unique in the corp.
    pub email: Option<String>,
    /// Their e-mail address with the corp.
    pub biz_mail: Option<String>,
    /// What else they are called; at most 64 characters.
    pub alias: Option<String>,
    /// Their telephone number; at most 32 bytes.
    pub telephone: Option<String>,
    /// Where they are; at most 128 characters.
    pub address: Option<String>,
    /// 1 where they lead the department; as long as `department`.
    pub is_leader_in_dept: Option<Vec<i64>>,
    /// Who leads them; at most 1.
    pub direct_leader: Option<Vec<UserId>>,
    /// The first of their departments.
    pub main_department: Option<DepartmentId>,
    /// Whether they may use WeCom.
    pub enable: Option<Flag>,
    /// Their picture, which was uploaded before.
    pub avatar_mediaid: Option<String>,
    /// What the corp has added.
    pub extattr: Option<Map<String, Value>>,
    /// What people outside are told.
    pub external_profile: Option<Map<String, Value>>,
    /// What people outside are told they do.
    pub external_position: Option<String>,
}

impl Endpoint for UpdateUser {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.user.update", "/cgi-bin/user/update")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90197");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("updated", outcome)
    }
}

/// Removes a member. Fails with 60111 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteUser {
    /// The member.
    pub userid: UserId,
}

impl Endpoint for DeleteUser {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = delete("wecom.user.delete", "/cgi-bin/user/delete")
        .doc("https://developer.work.weixin.qq.com/document/path/90198");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}

/// Removes members, all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteUsers {
    /// At most 200 (40032).
    #[serde(rename = "useridlist")]
    pub users: Vec<UserId>,
}

impl Endpoint for DeleteUsers {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.user.batchdelete", "/cgi-bin/user/batchdelete")
        .doc("https://developer.work.weixin.qq.com/document/path/90199");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}

/// Tells what WeChat calls a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ConvertToOpenid {
    /// The member.
    pub userid: UserId,
}

impl Endpoint for ConvertToOpenid {
    type Platform = WeCom;
    type Output = OpenId;
    const META: Meta = Meta::post(
        "wecom.user.convert_to_openid",
        "/cgi-bin/user/convert_to_openid",
    )
    .at("openid")
    .idempotent()
    .doc("https://developer.work.weixin.qq.com/document/path/90202");
}

/// Tells which member WeChat calls so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ConvertToUserid {
    /// What WeChat calls them.
    pub openid: OpenId,
}

impl Endpoint for ConvertToUserid {
    type Platform = WeCom;
    type Output = UserId;
    const META: Meta = Meta::post(
        "wecom.user.convert_to_userid",
        "/cgi-bin/user/convert_to_userid",
    )
    .at("userid")
    .idempotent()
    .doc("https://developer.work.weixin.qq.com/document/path/90202");
}

/// Says that a member has passed the corp's second check, so that they may join.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct VerifyUser {
    /// The member.
    pub userid: UserId,
}

impl Endpoint for VerifyUser {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::get("wecom.user.authsucc", "/cgi-bin/user/authsucc")
        .doc("https://developer.work.weixin.qq.com/document/path/90203");
}

/// Asks for the code by which people join the corp; answers its address, good for 7 days.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetJoinQrcode {
    /// 1 is 171×171, 2 is 399×399, 3 is 741×741, 4 is 2052×2052 pixels; 1 if not given.
    pub size_type: Option<i64>,
}

impl Endpoint for GetJoinQrcode {
    type Platform = WeCom;
    type Output = String;
    const META: Meta = Meta::get(
        "wecom.corp.get_join_qrcode",
        "/cgi-bin/corp/get_join_qrcode",
    )
    .at("join_qrcode")
    .doc("https://developer.work.weixin.qq.com/document/path/91714");
}

/// Counts the members who used WeCom on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetActiveStat {
    /// `YYYY-MM-DD`; at most 30 days ago.
    pub date: String,
}

impl Endpoint for GetActiveStat {
    type Platform = WeCom;
    type Output = i64;
    const META: Meta = Meta::post(
        "wecom.user.get_active_stat",
        "/cgi-bin/user/get_active_stat",
    )
    .at("active_cnt")
    .idempotent()
    .doc("https://developer.work.weixin.qq.com/document/path/92714");
}

/// Tells who opened a page of the application, from the code the page was opened with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUserInfo {
    /// From the page's address; works once, for five minutes.
    pub code: String,
}

impl Endpoint for GetUserInfo {
    type Platform = WeCom;
    type Output = Visitor;
    // The code works once.
    const META: Meta = delete("wecom.user.getuserinfo", "/cgi-bin/user/getuserinfo")
        .doc("https://developer.work.weixin.qq.com/document/path/91023");
}

/// Who opened a page.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visitor {
    /// The member, if it is one.
    #[serde(rename = "UserId", alias = "userid")]
    #[serde(default, deserialize_with = "or_default")]
    pub userid: Option<UserId>,
    /// The device.
    #[serde(rename = "DeviceId", alias = "deviceid")]
    #[serde(default, deserialize_with = "or_default")]
    pub deviceid: Option<String>,
    /// Who it is if it is no member.
    #[serde(rename = "OpenId", alias = "openid")]
    #[serde(default, deserialize_with = "or_default")]
    pub openid: Option<OpenId>,
}
