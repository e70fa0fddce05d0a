//! Departments: the classic calls, and those of topapi, whose names end in `V2`.

use mynah_core::{ApiError, Empty, Endpoint, HttpResponse, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::DingTalk;
use crate::api::{ask, delete, extra, write_saying};
use crate::id::{DepartmentId, UserId};
use mynah_core::lenient::{or_default, text};

/// Lists the departments below one, not that one itself. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListDepartments {
    /// The department; the root if not given.
    pub id: Option<DepartmentId>,
    /// `zh_CN` or `en_US`.
    pub lang: Option<String>,
    /// Whether those below them are listed as well.
    pub fetch_child: Option<bool>,
}

impl Endpoint for ListDepartments {
    type Platform = DingTalk;
    type Output = Vec<Department>;
    const META: Meta = Meta::get("dingtalk.department.list", "/department/list")
        .at("department")
        .doc("https://open.dingtalk.com/document/development/obtain-the-department-list");
}

/// A department.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Department {
    /// The department.
    pub id: DepartmentId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The one above; absent for the root.
    #[serde(default, deserialize_with = "or_default")]
    pub parentid: Option<DepartmentId>,
    /// The smaller, the further up.
    #[serde(default, deserialize_with = "or_default")]
    pub order: Option<i64>,
    /// Whether it has a group of its own.
    #[serde(rename = "createDeptGroup", default, deserialize_with = "or_default")]
    pub create_dept_group: Option<bool>,
    /// Whether whoever comes into it comes into its group.
    #[serde(rename = "autoAddUser", default, deserialize_with = "or_default")]
    pub auto_add_user: Option<bool>,
    /// Whether those of the departments below it are in its group.
    #[serde(
        rename = "groupContainSubDept",
        default,
        deserialize_with = "or_default"
    )]
    pub group_contain_sub_dept: Option<bool>,
    /// Whether it is hidden.
    #[serde(rename = "deptHiding", default, deserialize_with = "or_default")]
    pub dept_hiding: Option<bool>,
    /// Whether its members see themselves only.
    #[serde(rename = "outerDept", default, deserialize_with = "or_default")]
    pub outer_dept: Option<bool>,
    /// Which departments see it although it is hidden.
    #[serde(rename = "deptPermits", default, deserialize_with = "or_default")]
    pub dept_permits: Option<String>,
    /// Who sees it although it is hidden.
    #[serde(rename = "userPermits", default, deserialize_with = "or_default")]
    pub user_permits: Option<String>,
    /// Whom its members see besides.
    #[serde(rename = "outerPermitUsers", default, deserialize_with = "or_default")]
    pub outer_permit_users: Option<String>,
    /// Which departments its members see besides.
    #[serde(rename = "outerPermitDepts", default, deserialize_with = "or_default")]
    pub outer_permit_depts: Option<String>,
    /// Who leads it, joined by bars.
    #[serde(
        rename = "deptManagerUseridList",
        default,
        deserialize_with = "or_default"
    )]
    pub managers: Option<crate::id::Bars<UserId>>,
    /// Who owns its group.
    #[serde(rename = "orgDeptOwner", default, deserialize_with = "or_default")]
    pub org_dept_owner: Option<UserId>,
    /// Its group.
    #[serde(rename = "deptGroupChatId", default, deserialize_with = "or_default")]
    pub dept_group_chat_id: Option<crate::id::ChatId>,
    /// The caller's name for it.
    #[serde(rename = "sourceIdentifier", default, deserialize_with = "or_default")]
    pub source_identifier: Option<String>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Lists the ids of the departments directly below one. Fails with 60003 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListDepartmentIds {
    /// The department.
    pub id: DepartmentId,
}

impl Endpoint for ListDepartmentIds {
    type Platform = DingTalk;
    type Output = Vec<DepartmentId>;
    const META: Meta = Meta::get("dingtalk.department.list_ids", "/department/list_ids")
        .at("sub_dept_id_list")
        .doc("https://open.dingtalk.com/document/development/obtain-a-sub-department-id-list");
}

/// Tells of a department. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetDepartment {
    /// The department.
    pub id: DepartmentId,
    /// `zh_CN` or `en_US`.
    pub lang: Option<String>,
}

impl Endpoint for GetDepartment {
    type Platform = DingTalk;
    type Output = Department;
    const META: Meta = Meta::get("dingtalk.department.get", "/department/get")
        .doc("https://open.dingtalk.com/document/development/queries-department-details");
}

/// Creates a department; answers its id.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateDepartment {
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The one above.
    pub parentid: DepartmentId,
    /// The smaller, the further up.
    pub order: Option<i64>,
    /// Whether it gets a group of its own.
    #[serde(rename = "createDeptGroup")]
    pub create_dept_group: Option<bool>,
    /// Whether it is hidden.
    #[serde(rename = "deptHiding")]
    pub dept_hiding: Option<bool>,
    /// The caller's name for it.
    #[serde(rename = "sourceIdentifier")]
    pub source_identifier: Option<String>,
}

impl Endpoint for CreateDepartment {
    type Platform = DingTalk;
    type Output = DepartmentId;
    const META: Meta = Meta::post("dingtalk.department.create", "/department/create")
        .at("id")
        .doc("https://open.dingtalk.com/document/development/create-a-department");

    fn write(outcome: Result<DepartmentId, ApiError>) -> HttpResponse {
        write_saying::<Self>("created", outcome)
    }
}

/// Changes a department; answers its id. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateDepartment {
    /// The department.
    pub id: DepartmentId,
    /// Its name.
    pub name: Option<String>,
    /// The one above.
    pub parentid: Option<DepartmentId>,
    /// The smaller, the further up.
    pub order: Option<i64>,
    /// Whether it has a group of its own.
    #[serde(rename = "createDeptGroup")]
    pub create_dept_group: Option<bool>,
    /// Whether whoever comes into it comes into its group.
    #[serde(rename = "autoAddUser")]
    pub auto_add_user: Option<bool>,
    /// Whether it is hidden.
    #[serde(rename = "deptHiding")]
    pub dept_hiding: Option<bool>,
    /// Who leads it, joined by bars.
    #[serde(
        rename = "deptManagerUseridList",
        default,
        deserialize_with = "or_default"
    )]
    pub managers: Option<crate::id::Bars<UserId>>,
    /// Who owns its group.
    #[serde(rename = "orgDeptOwner")]
    pub org_dept_owner: Option<UserId>,
    /// The caller's name for it.
    #[serde(rename = "sourceIdentifier")]
    pub source_identifier: Option<String>,
}

impl Endpoint for UpdateDepartment {
    type Platform = DingTalk;
    type Output = DepartmentId;
    const META: Meta = ask("dingtalk.department.update", "/department/update")
        .at("id")
        .doc("https://open.dingtalk.com/document/development/update-a-department");

    fn write(outcome: Result<DepartmentId, ApiError>) -> HttpResponse {
        write_saying::<Self>("updated", outcome)
    }
}

/// Removes a department. Fails with 60003 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteDepartment {
    /// The department.
    pub id: DepartmentId,
}

impl Endpoint for DeleteDepartment {
    type Platform = DingTalk;
    type Output = Empty;
    const META: Meta = delete("dingtalk.department.delete", "/department/delete")
        .doc("https://open.dingtalk.com/document/development/delete-a-department");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}

/// Lists what a department belongs to: itself first, the root last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListParentsOfDepartment {
    /// The department.
    pub id: DepartmentId,
}

impl Endpoint for ListParentsOfDepartment {
    type Platform = DingTalk;
    type Output = Vec<DepartmentId>;
    const META: Meta = Meta::get(
        "dingtalk.department.list_parent_depts_by_dept",
        "/department/list_parent_depts_by_dept",
    )
    .at("parentIds")
    .doc("https://open.dingtalk.com/document/development/query-the-list-of-all-parent-departments-of-a-department");
}

/// Lists what each department of a member belongs to: itself first, the root last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListParentsOfUser {
    /// The member.
    #[serde(rename = "userId", default, deserialize_with = "or_default")]
    pub user_id: UserId,
}

impl Endpoint for ListParentsOfUser {
    type Platform = DingTalk;
    type Output = Vec<Vec<DepartmentId>>;
    const META: Meta = Meta::get(
        "dingtalk.department.list_parent_depts",
        "/department/list_parent_depts",
    )
    .at("department")
    .doc("https://open.dingtalk.com/document/development/queries-the-list-of-all-parent-departments-of-a-user");
}

/// Lists the departments directly below one. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListSubDepartmentsV2 {
    /// The department; the root if not given.
    pub dept_id: Option<DepartmentId>,
    /// `zh_CN` or `en_US`.
    pub language: Option<String>,
}

impl Endpoint for ListSubDepartmentsV2 {
    type Platform = DingTalk;
    type Output = Vec<DepartmentV2>;
    const META: Meta = ask(
        "dingtalk.topapi.v2.department.listsub",
        "/topapi/v2/department/listsub",
    )
    .at("result")
    .doc("https://open.dingtalk.com/document/development/obtain-the-department-list-v2");
}

/// A department, as topapi tells of it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DepartmentV2 {
    /// The department.
    pub dept_id: DepartmentId,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The one above; absent for the root.
    #[serde(default, deserialize_with = "or_default")]
    pub parent_id: Option<DepartmentId>,
    /// Whether it has a group of its own.
    #[serde(default, deserialize_with = "or_default")]
    pub create_dept_group: Option<bool>,
    /// Whether whoever comes into it comes into its group.
    #[serde(default, deserialize_with = "or_default")]
    pub auto_add_user: Option<bool>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Lists the ids of the departments directly below one. Fails with 60003 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListSubDepartmentIdsV2 {
    /// The department.
    pub dept_id: DepartmentId,
}

impl Endpoint for ListSubDepartmentIdsV2 {
    type Platform = DingTalk;
    type Output = Vec<DepartmentId>;
    const META: Meta = ask(
        "dingtalk.topapi.v2.department.listsubid",
        "/topapi/v2/department/listsubid",
    )
    .at("result.dept_id_list")
    .doc("https://open.dingtalk.com/document/development/obtain-a-sub-department-id-list-v2");
}

/// Tells of a department. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetDepartmentV2 {
    /// The department.
    pub dept_id: DepartmentId,
    /// `zh_CN` or `en_US`.
    pub language: Option<String>,
}

impl Endpoint for GetDepartmentV2 {
    type Platform = DingTalk;
    type Output = DepartmentV2;
    const META: Meta = ask(
        "dingtalk.topapi.v2.department.get",
        "/topapi/v2/department/get",
    )
    .at("result")
    .doc("https://open.dingtalk.com/document/development/query-department-details0-v2");
}
