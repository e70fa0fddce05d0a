//! Departments.

use mynah_core::{ApiError, Empty, Endpoint};
use mynah_dingtalk::api::department::{
    CreateDepartment, DeleteDepartment, Department as Shown, DepartmentV2, GetDepartment,
    GetDepartmentV2, ListDepartmentIds, ListDepartments, ListParentsOfDepartment,
    ListParentsOfUser, ListSubDepartmentIdsV2, ListSubDepartmentsV2, UpdateDepartment,
};
use mynah_dingtalk::types::Order;
use mynah_dingtalk::{Bars, DepartmentId};
use serde_json::Map;

use crate::dingtalk::chats::distinct;
use crate::dingtalk::directory::Department;
use crate::dingtalk::limits;
use crate::dingtalk::refusal::{missing, refused};
use crate::dingtalk::seed::ROOT;
use crate::dingtalk::world::DingTalkWorld;
use crate::serve::Serve;

/// Characters of a department's name, and those that are not among them
/// (<https://open.dingtalk.com/document/development/create-a-department>).
const NAME_CHARS: usize = 64;
const FORBIDDEN: [char; 3] = ['-', ',', '，'];

/// A department as it stands in a list.
fn row(id: DepartmentId, department: &Department) -> Shown {
    Shown {
        id,
        name: department.name.clone(),
        parentid: (id != ROOT).then_some(department.parent),
        create_dept_group: Some(department.create_dept_group),
        auto_add_user: Some(department.auto_add_user),
        ..Shown::default()
    }
}

/// All that is told of a department.
fn shown(id: DepartmentId, department: &Department) -> Shown {
    let nothing = || Some(String::new());
    Shown {
        order: Some(department.order),
        group_contain_sub_dept: Some(false),
        dept_hiding: Some(department.hiding),
        outer_dept: Some(false),
        dept_permits: nothing(),
        user_permits: nothing(),
        outer_permit_users: nothing(),
        outer_permit_depts: nothing(),
        managers: Some(Bars::new(department.managers.iter().cloned())),
        org_dept_owner: Some(department.group_owner.clone()),
        dept_group_chat_id: Some(String::new().into()),
        source_identifier: Some(department.source_identifier.clone()),
        ..row(id, department)
    }
}

fn shown_v2(id: DepartmentId, department: &Department) -> DepartmentV2 {
    DepartmentV2 {
        dept_id: id,
        name: department.name.clone(),
        parent_id: (id != ROOT).then_some(department.parent),
        create_dept_group: Some(department.create_dept_group),
        auto_add_user: Some(department.auto_add_user),
        extra: Map::new(),
    }
}

impl DingTalkWorld {
    /// A department (60003 if there is none).
    fn department<E: Endpoint>(&self, id: DepartmentId) -> Result<&Department, ApiError> {
        let department = self.state.directory.department(id);
        department.ok_or_else(|| refused::<E>(60003))
    }

    /// Those below one, directly or at all (60003 if there is none).
    fn below<E: Endpoint>(
        &self,
        id: DepartmentId,
        all: bool,
    ) -> Result<Vec<(DepartmentId, &Department)>, ApiError> {
        self.department::<E>(id)?;
        let directory = &self.state.directory;
        let below = directory.below(id, all).into_iter();
        let pairs = below.filter_map(|id| Some((id, directory.department(id)?)));
        Ok(pairs.collect())
    }
}

impl Serve<ListDepartments> for DingTalkWorld {
    fn serve(&mut self, call: ListDepartments) -> Result<Vec<Shown>, ApiError> {
        let all = call.fetch_child.unwrap_or_default();
        let below = self.below::<ListDepartments>(call.id.unwrap_or(ROOT), all)?;
        Ok(below.into_iter().map(|(id, it)| row(id, it)).collect())
    }
}

impl Serve<ListDepartmentIds> for DingTalkWorld {
    fn serve(&mut self, call: ListDepartmentIds) -> Result<Vec<DepartmentId>, ApiError> {
        let below = self.below::<ListDepartmentIds>(call.id, false)?;
        Ok(below.into_iter().map(|(id, _)| id).collect())
    }
}

impl Serve<GetDepartment> for DingTalkWorld {
    fn serve(&mut self, call: GetDepartment) -> Result<Shown, ApiError> {
        Ok(shown(call.id, self.department::<GetDepartment>(call.id)?))
    }
}

impl Serve<ListSubDepartmentsV2> for DingTalkWorld {
    fn serve(&mut self, call: ListSubDepartmentsV2) -> Result<Vec<DepartmentV2>, ApiError> {
        let below = self.below::<ListSubDepartmentsV2>(call.dept_id.unwrap_or(ROOT), false)?;
        Ok(below.into_iter().map(|(id, it)| shown_v2(id, it)).collect())
    }
}

impl Serve<ListSubDepartmentIdsV2> for DingTalkWorld {
    fn serve(&mut self, call: ListSubDepartmentIdsV2) -> Result<Vec<DepartmentId>, ApiError> {
        let below = self.below::<ListSubDepartmentIdsV2>(call.dept_id, false)?;
        Ok(below.into_iter().map(|(id, _)| id).collect())
    }
}

impl Serve<GetDepartmentV2> for DingTalkWorld {
    fn serve(&mut self, call: GetDepartmentV2) -> Result<DepartmentV2, ApiError> {
        let id = call.dept_id;
        Ok(shown_v2(id, self.department::<GetDepartmentV2>(id)?))
    }
}

impl Serve<ListParentsOfDepartment> for DingTalkWorld {
    fn serve(&mut self, call: ListParentsOfDepartment) -> Result<Vec<DepartmentId>, ApiError> {
        self.department::<ListParentsOfDepartment>(call.id)?;
        Ok(self.state.directory.above(call.id).collect())
    }
}

impl Serve<ListParentsOfUser> for DingTalkWorld {
    fn serve(&mut self, call: ListParentsOfUser) -> Result<Vec<Vec<DepartmentId>>, ApiError> {
        let user = self.member::<ListParentsOfUser>(&call.user_id)?;
        let directory = &self.state.directory;
        let ways = user.departments().into_iter();
        Ok(ways.map(|id| directory.above(id).collect()).collect())
    }
}

impl DingTalkWorld {
    /// Whether a department can be as it is said to be; `id` where it is
    /// there already.
    fn check_department<E: Endpoint>(
        &self,
        id: Option<DepartmentId>,
        department: &Department,
    ) -> Result<(), ApiError> {
        let refuse = refused::<E>;
        if !(1..=NAME_CHARS).contains(&department.name.chars().count()) {
            return Err(refuse(60001));
        }
        if department.name.contains(FORBIDDEN) {
            return Err(refuse(60009));
        }
        let directory = &self.state.directory;
        if id != Some(ROOT) {
            let parent = directory.department(department.parent);
            parent.ok_or_else(|| refuse(60004))?;
        }
        let mut managers = department.managers.iter();
        if !managers.all(|manager| directory.has(manager))
            || !department.group_owner.is_empty() && !directory.has(&department.group_owner)
        {
            return Err(refuse(60121));
        }
        if directory.above(department.parent).any(|up| Some(up) == id) {
            return Err(refuse(60010));
        }
        if directory.has_name(department.parent, &department.name, id) {
            return Err(refuse(60021));
        }
        Ok(())
    }
}

impl Serve<CreateDepartment> for DingTalkWorld {
    fn serve(&mut self, call: CreateDepartment) -> Result<DepartmentId, ApiError> {
        if call.name.is_empty() {
            return Err(missing("name"));
        }
        let grouped = call.create_dept_group.unwrap_or_default();
        let department = Department {
            name: call.name,
            parent: call.parentid,
            order: call.order.unwrap_or_default(),
            create_dept_group: grouped,
            auto_add_user: grouped,
            hiding: call.dept_hiding.unwrap_or_default(),
            source_identifier: call.source_identifier.unwrap_or_default(),
            ..Department::default()
        };
        self.check_department::<CreateDepartment>(None, &department)?;
        if self.state.directory.departments.len() >= limits::DEPARTMENTS {
            return Err(refused::<CreateDepartment>(60110));
        }
        Ok(self.state.directory.add_department(department))
    }
}

impl Serve<UpdateDepartment> for DingTalkWorld {
    fn serve(&mut self, call: UpdateDepartment) -> Result<DepartmentId, ApiError> {
        let id = call.id;
        let before = self.department::<UpdateDepartment>(id)?.clone();
        let moved = call.parentid.is_some_and(|parent| parent != before.parent);
        let department = Department {
            name: call.name.unwrap_or(before.name),
            parent: call.parentid.unwrap_or(before.parent),
            order: call.order.unwrap_or(before.order),
            create_dept_group: call.create_dept_group.unwrap_or(before.create_dept_group),
            auto_add_user: call.auto_add_user.unwrap_or(before.auto_add_user),
            hiding: call.dept_hiding.unwrap_or(before.hiding),
            managers: call
                .managers
                .map_or(before.managers, |it| distinct(&it.items)),
            group_owner: call.org_dept_owner.unwrap_or(before.group_owner),
            source_identifier: call.source_identifier.unwrap_or(before.source_identifier),
        };
        if id == ROOT && moved {
            return Err(refused::<UpdateDepartment>(60018));
        }
        self.check_department::<UpdateDepartment>(Some(id), &department)?;
        self.state.directory.departments.insert(id, department);
        Ok(id)
    }
}

impl Serve<DeleteDepartment> for DingTalkWorld {
    fn serve(&mut self, call: DeleteDepartment) -> Result<Empty, ApiError> {
        let refuse = refused::<DeleteDepartment>;
        self.department::<DeleteDepartment>(call.id)?;
        let directory = &mut self.state.directory;
        if call.id == ROOT {
            return Err(refuse(60007));
        }
        if !directory.members(call.id, &Order::Custom).is_empty() {
            return Err(refuse(60005));
        }
        if !directory.below(call.id, false).is_empty() {
            return Err(refuse(60006));
        }
        directory.departments.remove(&call.id);
        Ok(Empty {})
    }
}
