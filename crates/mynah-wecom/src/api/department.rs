//! Departments.

use mynah_core::{ApiError, Empty, Endpoint, HttpResponse, Meta, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use crate::WeCom;
use crate::api::{delete, extra, write_saying};
use crate::id::{DepartmentId, UserId};
use mynah_core::lenient::{integer, or_default, text};

/// Lists a department and all below it. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListDepartments {
    /// The department; all of them if not given.
    pub id: Option<DepartmentId>,
}

impl Endpoint for ListDepartments {
    type Platform = WeCom;
    type Output = Vec<Department>;
    const META: Meta = Meta::get("wecom.department.list", "/cgi-bin/department/list")
        .at("department")
        .doc("https://developer.work.weixin.qq.com/document/path/90208");
}

/// A department.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Department {
    /// The department.
    pub id: DepartmentId,
    /// Its name; its id for applications of third parties.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Its English name.
    #[serde(default, deserialize_with = "or_default")]
    pub name_en: Option<String>,
    /// Who leads it.
    #[serde(default, deserialize_with = "or_default")]
    pub department_leader: Option<Vec<UserId>>,
    /// The one above; 0 for the root.
    #[serde(default, deserialize_with = "or_default")]
    pub parentid: DepartmentId,
    /// The larger, the further up in lists. 0 to 2³² - 1.
    #[serde(default, deserialize_with = "or_default")]
    pub order: Option<i64>,
    /// What else is told.
    #[serde(flatten, deserialize_with = "extra")]
    pub extra: Map<String, Value>,
}

/// Lists the ids of a department and of all below it. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct ListDepartmentIds {
    /// The department; all of them if not given.
    pub id: Option<DepartmentId>,
}

impl Endpoint for ListDepartmentIds {
    type Platform = WeCom;
    type Output = Vec<DepartmentPlace>;
    const META: Meta = Meta::get(
        "wecom.department.simplelist",
        "/cgi-bin/department/simplelist",
    )
    .at("department_id")
    .doc("https://developer.work.weixin.qq.com/document/path/95350");
}

/// Where a department stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DepartmentPlace {
    /// The department.
    pub id: DepartmentId,
    /// The one above; 0 for the root.
    #[serde(default, deserialize_with = "or_default")]
    pub parentid: DepartmentId,
    /// The larger, the further up in lists. 0 to 2³² - 1.
    #[serde(default, deserialize_with = "integer")]
    pub order: i64,
}

/// Tells of a department. Fails with 60003 when there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct GetDepartment {
    /// The department.
    pub id: DepartmentId,
}

impl Endpoint for GetDepartment {
    type Platform = WeCom;
    type Output = Department;
    const META: Meta = Meta::get("wecom.department.get", "/cgi-bin/department/get")
        .at("department")
        .doc("https://developer.work.weixin.qq.com/document/path/95351");
}

/// Creates a department; answers its id.
///
/// Fails with 60001 for a name that cannot be, 60004 when there is none to be below of, 60008 when
/// the id or the name is taken.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct CreateDepartment {
    /// 1 to 32 characters.
    pub name: String,
    /// 1 to 32 characters.
    pub name_en: Option<String>,
    /// The one above.
    pub parentid: DepartmentId,
    /// The larger, the further up in lists. 0 to 2³² - 1.
    pub order: Option<i64>,
    /// More than 1; made by the platform if not given.
    pub id: Option<DepartmentId>,
}

impl Endpoint for CreateDepartment {
    type Platform = WeCom;
    type Output = DepartmentId;
    const META: Meta = Meta::post("wecom.department.create", "/cgi-bin/department/create")
        .at("id")
        .doc("https://developer.work.weixin.qq.com/document/path/90205");

    fn write(outcome: Result<DepartmentId, ApiError>) -> HttpResponse {
        write_saying::<Self>("created", outcome)
    }
}

/// Changes a department. Fails with 60003 when there is none.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct UpdateDepartment {
    /// The department.
    pub id: DepartmentId,
    /// The new name: 1 to 32 characters.
    pub name: Option<String>,
    /// The new English name: 1 to 32 characters.
    pub name_en: Option<String>,
    /// The new one above.
    pub parentid: Option<DepartmentId>,
    /// The larger, the further up in lists. 0 to 2³² - 1.
    pub order: Option<i64>,
}

impl Endpoint for UpdateDepartment {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = Meta::post("wecom.department.update", "/cgi-bin/department/update")
        .idempotent()
        .doc("https://developer.work.weixin.qq.com/document/path/90206");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("updated", outcome)
    }
}

/// Removes a department. Fails with 60005 while it has members, 60006 while it has departments
/// below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Request)]
pub struct DeleteDepartment {
    /// The department.
    pub id: DepartmentId,
}

impl Endpoint for DeleteDepartment {
    type Platform = WeCom;
    type Output = Empty;
    const META: Meta = delete("wecom.department.delete", "/cgi-bin/department/delete")
        .doc("https://developer.work.weixin.qq.com/document/path/90207");

    fn write(outcome: Result<Empty, ApiError>) -> HttpResponse {
        write_saying::<Self>("deleted", outcome)
    }
}
