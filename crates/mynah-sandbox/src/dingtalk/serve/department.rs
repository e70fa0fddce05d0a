//! Departments.

use mynah_dingtalk::api::department::{
    CreateDepartment, DeleteDepartment, GetDepartment, GetDepartmentV2, ListDepartmentIds,
    ListDepartments, ListParentsOfDepartment, ListParentsOfUser, ListSubDepartmentIdsV2,
    ListSubDepartmentsV2, UpdateDepartment,
};

later!(
    ListDepartments,
    ListDepartmentIds,
    GetDepartment,
    CreateDepartment,
    UpdateDepartment,
    DeleteDepartment,
    ListParentsOfDepartment,
    ListParentsOfUser,
    ListSubDepartmentsV2,
    ListSubDepartmentIdsV2,
    GetDepartmentV2
);
