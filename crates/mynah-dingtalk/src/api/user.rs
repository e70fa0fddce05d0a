//! Members of the organisation: the classic calls, and those of topapi, whose names end in `V2`
//! where the classic one does the same.

use mynah_core::{ApiError, Empty, Endpoint, HttpResponse, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::DingTalk;
use crate::api::{ask, delete, extra, write_saying};
use crate::id::{DepartmentId, UnionId, UserId};
use crate::types::{Number, Order};
use mynah_core::lenient::{
    boolean, entries, list, optional_entries, optional_integer, or_default, text,
};

/// Tells of a member. Fails with 60121 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUser {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// `zh_CN` or `en_US`.
    pub lang: Option<String>,
}

impl Endpoint for GetUser {
    type Platform = DingTalk;
    type Output = User;
    const META: Meta = Meta::get("dingtalk.user.get", "/user/get")
        .doc("https://open.dingtalk.com/document/development/queries-user-details");
}

/// A member, as the classic calls tell of them. All but the first three may be absent.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The member.
    pub userid: UserId,
    /// The person.
    #[serde(default, deserialize_with = "or_default")]
    pub unionid: UnionId,
    /// Their name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Whether they use DingTalk.
    #[serde(default, deserialize_with = "or_default")]
    pub active: Option<bool>,
    /// Whether they are an administrator.
    #[serde(rename = "isAdmin", default, deserialize_with = "or_default")]
    pub is_admin: Option<bool>,
    /// Whether they own the organisation.
    #[serde(rename = "isBoss", default, deserialize_with = "or_default")]
    pub is_boss: Option<bool>,
    /// Whether they are hidden from most.
    #[serde(rename = "isSenior", default, deserialize_with = "or_default")]
    pub is_senior: Option<bool>,
    /// Whether their number is hidden.
    #[serde(rename = "isHide", default, deserialize_with = "or_default")]
    pub is_hide: Option<bool>,
    /// Whether they have shown who they are.
    #[serde(rename = "realAuthed", default, deserialize_with = "or_default")]
    pub real_authed: Option<bool>,
    /// The departments they are in.
    #[serde(default, deserialize_with = "or_default")]
    pub department: Option<Vec<DepartmentId>>,
    /// Where they stand in each: text such as `{1:176}`, which is not JSON.
    #[serde(rename = "orderInDepts", default, deserialize_with = "or_default")]
    pub order_in_depts: Option<String>,
    /// Which of them they lead: text such as `{1:false}`, which is not JSON.
    #[serde(rename = "isLeaderInDepts", default, deserialize_with = "or_default")]
    pub is_leader_in_depts: Option<String>,
    /// What the organisation has added.
    #[serde(default, deserialize_with = "or_default")]
    pub extattr: Option<Map<String, Value>>,
    /// Their roles.
    #[serde(default, deserialize_with = "or_default")]
    pub roles: Option<Vec<Role>>,
    /// Their mobile number.
    #[serde(default, deserialize_with = "or_default")]
    pub mobile: Option<String>,
    /// The country of their number.
    #[serde(rename = "stateCode", default, deserialize_with = "or_default")]
    pub state_code: Option<String>,
    /// Their telephone number.
    #[serde(default, deserialize_with = "or_default")]
    pub tel: Option<String>,
    /// What is remarked.
    #[serde(default, deserialize_with = "or_default")]
    pub remark: Option<String>,
    /// Where they work.
    #[serde(rename = "workPlace", default, deserialize_with = "or_default")]
    pub work_place: Option<String>,
    /// What they do.
    #[serde(default, deserialize_with = "or_default")]
    pub position: Option<String>,
    /// Their e-mail address.
    #[serde(default, deserialize_with = "or_default")]
    pub email: Option<String>,
    /// Their e-mail address with the organisation.
    #[serde(rename = "orgEmail", default, deserialize_with = "or_default")]
    pub org_email: Option<String>,
    /// Their number in the organisation.
    #[serde(default, deserialize_with = "or_default")]
    pub jobnumber: Option<String>,
    /// Address of their picture.
    #[serde(default, deserialize_with = "or_default")]
    pub avatar: Option<String>,
    /// When they were hired, in milliseconds since 1970.
    #[serde(rename = "hiredDate", default, deserialize_with = "optional_integer")]
    pub hired_date: Option<i64>,
    /// Who leads them.
    #[serde(rename = "managerUserid", default, deserialize_with = "or_default")]
    pub manager_userid: Option<UserId>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// A role of a member.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The role.
    #[serde(default, deserialize_with = "optional_integer")]
    pub id: Option<i64>,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Its kind; the classic calls tell.
    #[serde(rename = "type", default, deserialize_with = "optional_integer")]
    pub kind: Option<i64>,
    /// What it belongs to, as the classic calls spell it.
    #[serde(rename = "groupName", default, deserialize_with = "or_default")]
    pub group_name: Option<String>,
    /// What it belongs to, as topapi spells it.
    #[serde(rename = "group_name", default, deserialize_with = "or_default")]
    pub group_name_v2: Option<String>,
}

/// Lists the names of those in a department. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUserNames {
    /// The department.
    pub department_id: DepartmentId,
    /// How many to leave out; only together with `size`.
    pub offset: Option<Number>,
    /// How many, at most 100; only together with `offset`.
    pub size: Option<Number>,
    /// In which order.
    pub order: Option<Order>,
    /// `zh_CN` or `en_US`.
    pub lang: Option<String>,
}

impl Endpoint for ListUserNames {
    type Platform = DingTalk;
    type Output = UserNames;
    const META: Meta = Meta::get("dingtalk.user.simplelist", "/user/simplelist")
        .doc("https://open.dingtalk.com/document/development/queries-department-users");
}

/// The names of those in a department.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserNames {
    /// Whether there are more.
    #[serde(rename = "hasMore", default, deserialize_with = "boolean")]
    pub has_more: bool,
    /// Who.
    #[serde(rename = "userlist", default, deserialize_with = "list")]
    pub users: Vec<UserName>,
}

/// A member and their name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserName {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// Their name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
}

/// Lists those in a department. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUsers {
    /// The department.
    pub department_id: DepartmentId,
    /// How many to leave out; only together with `size`.
    pub offset: Option<Number>,
    /// How many, at most 100; only together with `offset`.
    pub size: Option<Number>,
    /// In which order.
    pub order: Option<Order>,
    /// `zh_CN` or `en_US`.
    pub lang: Option<String>,
}

impl Endpoint for ListUsers {
    type Platform = DingTalk;
    type Output = Users;
    const META: Meta = Meta::get("dingtalk.user.list", "/user/list")
        .doc("https://open.dingtalk.com/document/development/queries-department-user-details");
}

/// Those in a department.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Users {
    /// Whether there are more.
    #[serde(rename = "hasMore", default, deserialize_with = "boolean")]
    pub has_more: bool,
    /// Who.
    #[serde(rename = "userlist", default, deserialize_with = "list")]
    pub users: Vec<User>,
}

/// Lists those in a department, a page at a time. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUsersByPage {
    /// The department.
    pub department_id: DepartmentId,
    /// How many to leave out.
    pub offset: Number,
    /// How many, at most 100.
    pub size: Number,
    /// In which order.
    pub order: Option<Order>,
    /// `zh_CN` or `en_US`.
    pub lang: Option<String>,
}

impl Endpoint for ListUsersByPage {
    type Platform = DingTalk;
    type Output = Users;
    const META: Meta = Meta::get("dingtalk.user.listbypage", "/user/listbypage")
        .doc("https://open.dingtalk.com/document/development/queries-department-user-details");
}

/// Lists the ids of those in a department. Fails with 60003 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetDeptMember {
    /// The department.
    #[serde(rename = "deptId")]
    pub dept_id: DepartmentId,
}

impl Endpoint for GetDeptMember {
    type Platform = DingTalk;
    type Output = Vec<UserId>;
    const META: Meta = Meta::get("dingtalk.user.get_dept_member", "/user/getDeptMember")
        .at("userIds")
        .doc("https://open.dingtalk.com/document/development/query-the-list-of-department-userids");
}

/// Tells which member a person is. Fails with 60121 when they are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUseridByUnionid {
    /// The person.
    #[serde(default, deserialize_with = "or_default")]
    pub unionid: UnionId,
}

impl Endpoint for GetUseridByUnionid {
    type Platform = DingTalk;
    type Output = UseridOfUnionid;
    const META: Meta = Meta::get(
        "dingtalk.user.get_userid_by_unionid",
        "/user/getUseridByUnionid",
    )
    .doc("https://open.dingtalk.com/document/development/query-a-user-by-the-union-id");
}

/// Which member a person is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseridOfUnionid {
    /// 0 for a member, 1 for somebody outside.
    #[serde(
        rename = "contactType",
        default,
        deserialize_with = "mynah_core::lenient::integer"
    )]
    pub contact_type: i64,
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
}

/// Tells who has opened a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUserInfo {
    /// What the page got; good for one call within 5 minutes.
    #[serde(default, deserialize_with = "text")]
    pub code: String,
}

impl Endpoint for GetUserInfo {
    type Platform = DingTalk;
    type Output = UserInfo;
    // Not repeated by itself: the code is used up.
    const META: Meta = delete("dingtalk.user.getuserinfo", "/user/getuserinfo").doc(
        "https://open.dingtalk.com/document/development/get-user-userid-through-login-free-code",
    );
}

/// Who has opened a page.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// 1 for the main administrator, 2 for another one, 0 for others.
    #[serde(default, deserialize_with = "optional_integer")]
    pub sys_level: Option<i64>,
    /// Whether they are an administrator.
    #[serde(default, deserialize_with = "or_default")]
    pub is_sys: Option<bool>,
    /// Their device.
    #[serde(rename = "deviceId", default, deserialize_with = "or_default")]
    pub device_id: Option<String>,
}

/// Lists the administrators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetAdmin {}

impl Endpoint for GetAdmin {
    type Platform = DingTalk;
    type Output = Vec<Admin>;
    const META: Meta = Meta::get("dingtalk.user.get_admin", "/user/get_admin")
        .at("admin_list")
        .doc("https://open.dingtalk.com/document/development/query-the-administrator-list");
}

/// An administrator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// 1 for the main one, 2 for others.
    #[serde(default, deserialize_with = "mynah_core::lenient::integer")]
    pub sys_level: i64,
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
}

/// Tells whether somebody may manage an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CanAccessMicroapp {
    /// The application.
    #[serde(rename = "appId", default, deserialize_with = "text")]
    pub app_id: String,
    /// The member.
    #[serde(rename = "userId", default, deserialize_with = "or_default")]
    pub user_id: UserId,
}

impl Endpoint for CanAccessMicroapp {
    type Platform = DingTalk;
    type Output = bool;
    const META: Meta = Meta::get(
        "dingtalk.user.can_access_microapp",
        "/user/can_access_microapp",
    )
    .at("canAccess")
    .doc("https://open.dingtalk.com/document/development/query-the-management-permissions-of-an-administrator");
}

/// Counts the members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetOrgUserCount {
    /// 0 for all of them, 1 for those who use DingTalk.
    #[serde(rename = "onlyActive")]
    pub only_active: Number,
}

impl Endpoint for GetOrgUserCount {
    type Platform = DingTalk;
    type Output = i64;
    const META: Meta = Meta::get(
        "dingtalk.user.get_org_user_count",
        "/user/get_org_user_count",
    )
    .at("count")
    .doc("https://open.dingtalk.com/document/development/obtain-the-number-of-employees");
}

/// Adds a member; answers their id.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateUser {
    /// Their name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The departments they are in.
    #[serde(default, deserialize_with = "entries")]
    pub department: Vec<DepartmentId>,
    /// Their mobile number.
    #[serde(default, deserialize_with = "text")]
    pub mobile: String,
    /// The member; made by the platform if not given.
    pub userid: Option<UserId>,
    /// Where they stand in each department: text such as `{1:176}`.
    #[serde(rename = "orderInDepts")]
    pub order_in_depts: Option<String>,
    /// What they do.
    pub position: Option<String>,
    /// Their telephone number.
    pub tel: Option<String>,
    /// Where they work.
    #[serde(rename = "workPlace")]
    pub work_place: Option<String>,
    /// What is remarked.
    pub remark: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their e-mail address with the organisation.
    #[serde(rename = "orgEmail")]
    pub org_email: Option<String>,
    /// Their number in the organisation.
    pub jobnumber: Option<String>,
    /// Whether their number is hidden.
    #[serde(rename = "isHide")]
    pub is_hide: Option<bool>,
    /// Whether they are hidden from most.
    #[serde(rename = "isSenior")]
    pub is_senior: Option<bool>,
    /// What the organisation has added.
    pub extattr: Option<Map<String, Value>>,
}

impl Endpoint for CreateUser {
    type Platform = DingTalk;
    type Output = UserId;
    const META: Meta = Meta::post("dingtalk.user.create", "/user/create")
        .at("userid")
        .doc("https://open.dingtalk.com/document/development/user-information-creation");

    fn write(outcome: Result<UserId, ApiError>) -> HttpResponse {
        write_saying::<Self>("created", outcome)
    }
}

/// Changes a member. Fails with 60121 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateUser {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// Their name.
    pub name: Option<String>,
    /// The departments they are in.
    #[serde(default, deserialize_with = "optional_entries")]
    pub department: Option<Vec<DepartmentId>>,
    /// Their mobile number.
    pub mobile: Option<String>,
    /// Where they stand in each department: text such as `{1:176}`.
    #[serde(rename = "orderInDepts")]
    pub order_in_depts: Option<String>,
    /// What they do.
    pub position: Option<String>,
    /// Their telephone number.
    pub tel: Option<String>,
    /// Where they work.
    #[serde(rename = "workPlace")]
    pub work_place: Option<String>,
    /// What is remarked.
    pub remark: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their e-mail address with the organisation.
    #[serde(rename = "orgEmail")]
    pub org_email: Option<String>,
    /// Their number in the organisation.
    pub jobnumber: Option<String>,
    /// Whether their number is hidden.
    #[serde(rename = "isHide")]
    pub is_hide: Option<bool>,
    /// Whether they are hidden from most.
    #[serde(rename = "isSenior")]
    pub is_senior: Option<bool>,
    /// What the organisation has added.
    pub extattr: Option<Map<String, Value>>,
}

impl Endpoint for UpdateUser {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = ask("dingtalk.user.update", "/user/update")
        .doc("https://open.dingtalk.com/document/development/user-information-update");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("updated", outcome)
    }
}

/// Removes a member. Fails with 60121 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteUser {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
}

impl Endpoint for DeleteUser {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = delete("dingtalk.user.delete", "/user/delete")
        .doc("https://open.dingtalk.com/document/development/delete-a-user");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}

/// Removes members. A program is known that posts this to `/user/delete`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteUsers {
    /// The members: 1 to 20.
    #[serde(rename = "useridlist", default, deserialize_with = "entries")]
    pub userids: Vec<UserId>,
}

impl Endpoint for DeleteUsers {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = Meta::post("dingtalk.user.batchdelete", "/user/batchdelete")
        .doc("https://open.dingtalk.com/document/development/delete-a-user");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}

/// Tells what the application may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetAuthScopes {}

impl Endpoint for GetAuthScopes {
    type Platform = DingTalk;
    type Output = AuthScopes;
    const META: Meta = Meta::get("dingtalk.auth.scopes", "/auth/scopes").doc(
        "https://open.dingtalk.com/document/development/obtain-corpsecret-authorization-scope",
    );
}

/// What the application may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthScopes {
    /// Of each member.
    #[serde(default, deserialize_with = "list")]
    pub auth_user_field: Vec<String>,
    /// By which it may look for members.
    #[serde(default, deserialize_with = "list")]
    pub condition_field: Vec<String>,
    /// Whom.
    #[serde(default, deserialize_with = "or_default")]
    pub auth_org_scopes: OrgScopes,
}

/// Whom the application may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgScopes {
    /// These members.
    #[serde(default, deserialize_with = "list")]
    pub authed_user: Vec<UserId>,
    /// Everybody in these departments.
    #[serde(default, deserialize_with = "list")]
    pub authed_dept: Vec<DepartmentId>,
}

/// Tells of a member. Fails with 33012 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetUserV2 {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// `zh_CN` or `en_US`.
    pub language: Option<String>,
}

impl Endpoint for GetUserV2 {
    type Platform = DingTalk;
    type Output = UserV2;
    const META: Meta = ask("dingtalk.topapi.v2.user.get", "/topapi/v2/user/get")
        .at("result")
        .doc("https://open.dingtalk.com/document/development/query-user-details");
}

/// A member, as topapi tells of them. All but the first three may be absent.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserV2 {
    /// The member.
    #[serde(default, deserialize_with = "or_default")]
    pub userid: UserId,
    /// The person.
    #[serde(default, deserialize_with = "or_default")]
    pub unionid: Option<UnionId>,
    /// Their name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Address of their picture.
    #[serde(default, deserialize_with = "or_default")]
    pub avatar: Option<String>,
    /// The country of their number.
    #[serde(default, deserialize_with = "or_default")]
    pub state_code: Option<String>,
    /// Their mobile number.
    #[serde(default, deserialize_with = "or_default")]
    pub mobile: Option<String>,
    /// Whether it is hidden.
    #[serde(default, deserialize_with = "or_default")]
    pub hide_mobile: Option<bool>,
    /// Their telephone number.
    #[serde(default, deserialize_with = "or_default")]
    pub telephone: Option<String>,
    /// Their number in the organisation.
    #[serde(default, deserialize_with = "or_default")]
    pub job_number: Option<String>,
    /// What they do.
    #[serde(default, deserialize_with = "or_default")]
    pub title: Option<String>,
    /// Their e-mail address.
    #[serde(default, deserialize_with = "or_default")]
    pub email: Option<String>,
    /// Their e-mail address with the organisation.
    #[serde(default, deserialize_with = "or_default")]
    pub org_email: Option<String>,
    /// Where they work.
    #[serde(default, deserialize_with = "or_default")]
    pub work_place: Option<String>,
    /// What is remarked.
    #[serde(default, deserialize_with = "or_default")]
    pub remark: Option<String>,
    /// The departments they are in.
    #[serde(default, deserialize_with = "or_default")]
    pub dept_id_list: Option<Vec<DepartmentId>>,
    /// Where they stand in each.
    #[serde(default, deserialize_with = "or_default")]
    pub dept_order_list: Option<Vec<DeptOrder>>,
    /// Which of them they lead.
    #[serde(default, deserialize_with = "or_default")]
    pub leader_in_dept: Option<Vec<LeaderInDept>>,
    /// What the organisation has added: JSON as text.
    #[serde(default, deserialize_with = "or_default")]
    pub extension: Option<String>,
    /// When they were hired, in milliseconds since 1970.
    #[serde(default, deserialize_with = "optional_integer")]
    pub hired_date: Option<i64>,
    /// Whether they use DingTalk.
    #[serde(default, deserialize_with = "or_default")]
    pub active: Option<bool>,
    /// Whether they have shown who they are.
    #[serde(default, deserialize_with = "or_default")]
    pub real_authed: Option<bool>,
    /// Whether they are hidden from most.
    #[serde(default, deserialize_with = "or_default")]
    pub senior: Option<bool>,
    /// Whether they are an administrator.
    #[serde(default, deserialize_with = "or_default")]
    pub admin: Option<bool>,
    /// Whether they own the organisation.
    #[serde(default, deserialize_with = "or_default")]
    pub boss: Option<bool>,
    /// Whether their account belongs to the organisation.
    #[serde(default, deserialize_with = "or_default")]
    pub exclusive_account: Option<bool>,
    /// Their roles.
    #[serde(default, deserialize_with = "or_default")]
    pub role_list: Option<Vec<Role>>,
    /// Who leads them.
    #[serde(default, deserialize_with = "or_default")]
    pub manager_userid: Option<UserId>,
    /// What they log in with, if their account belongs to the organisation.
    #[serde(default, deserialize_with = "or_default")]
    pub login_id: Option<String>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Where a member stands in a department.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeptOrder {
    /// The department.
    pub dept_id: DepartmentId,
    /// The larger, the further up.
    #[serde(default, deserialize_with = "mynah_core::lenient::integer")]
    pub order: i64,
}

/// Whether a member leads a department.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaderInDept {
    /// The department.
    pub dept_id: DepartmentId,
    /// Whether they do.
    #[serde(default, deserialize_with = "boolean")]
    pub leader: bool,
}

/// Lists those in a department, a page at a time. Fails with 40035, 60019.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUsersV2 {
    /// The department.
    pub dept_id: DepartmentId,
    /// 0 for the first page; then what the page before says.
    pub cursor: Number,
    /// How many, at most 100.
    pub size: Number,
    /// In which order.
    pub order_field: Option<Order>,
    /// Whether those are listed whom the application may not see.
    pub contain_access_limit: Option<bool>,
    /// `zh_CN` or `en_US`.
    pub language: Option<String>,
}

impl Endpoint for ListUsersV2 {
    type Platform = DingTalk;
    type Output = UsersV2;
    const META: Meta = ask("dingtalk.topapi.v2.user.list", "/topapi/v2/user/list")
        .at("result")
        .doc("https://open.dingtalk.com/document/development/queries-the-complete-information-of-a-department-user");
}

/// A page of those in a department.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsersV2 {
    /// Whether there are more.
    #[serde(default, deserialize_with = "boolean")]
    pub has_more: bool,
    /// Where the next page begins; absent on the last one.
    #[serde(default, deserialize_with = "optional_integer")]
    pub next_cursor: Option<i64>,
    /// Who.
    #[serde(rename = "list", default, deserialize_with = "list")]
    pub users: Vec<UserV2>,
}

/// Lists the names of those in a department, a page at a time. Fails with 60003 when there is
/// none, 40068 for a bad cursor, 40069 for a bad size.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUserNamesV2 {
    /// The department.
    pub dept_id: DepartmentId,
    /// 0 for the first page; then what the page before says.
    pub cursor: Number,
    /// How many, at most 100.
    pub size: Number,
    /// In which order.
    pub order_field: Option<Order>,
    /// Whether those are listed whom the application may not see.
    pub contain_access_limit: Option<bool>,
    /// `zh_CN` or `en_US`.
    pub language: Option<String>,
}

impl Endpoint for ListUserNamesV2 {
    type Platform = DingTalk;
    type Output = UserNamesV2;
    const META: Meta = ask("dingtalk.topapi.user.listsimple", "/topapi/user/listsimple")
        .at("result")
        .doc("https://open.dingtalk.com/document/development/queries-the-simple-information-of-a-department-user");
}

/// A page of the names of those in a department.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserNamesV2 {
    /// Whether there are more.
    #[serde(default, deserialize_with = "boolean")]
    pub has_more: bool,
    /// Where the next page begins; absent on the last one.
    #[serde(default, deserialize_with = "optional_integer")]
    pub next_cursor: Option<i64>,
    /// Who.
    #[serde(rename = "list", default, deserialize_with = "list")]
    pub users: Vec<UserName>,
}

/// Lists the ids of those in a department. Fails with 60003 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListUserIds {
    /// The department.
    pub dept_id: DepartmentId,
}

impl Endpoint for ListUserIds {
    type Platform = DingTalk;
    type Output = Vec<UserId>;
    const META: Meta = ask("dingtalk.topapi.user.listid", "/topapi/user/listid")
        .at("result.userid_list")
        .doc("https://open.dingtalk.com/document/development/query-the-list-of-department-userids");
}
