//! Departments.

use mynah_core::{ApiError, Empty};
use mynah_wecom::DepartmentId;
use mynah_wecom::api::department::{
    CreateDepartment, DeleteDepartment, Department as Shown, DepartmentPlace, GetDepartment,
    ListDepartmentIds, ListDepartments, UpdateDepartment,
};
use mynah_wecom::event::{ContactChange, PartyChange, PartyDeleted};
use serde_json::Map;

use crate::serve::Serve;
use crate::wecom::directory::Department;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::seed::ROOT;
use crate::wecom::world::WeComWorld;

/// Characters of a department's name.
const NAME_CHARS: usize = 32;
/// Where a new department stands among others.
const ORDER: i64 = 100_000_000;

fn shown(id: DepartmentId, department: &Department) -> Shown {
    Shown {
        id,
        name: department.name.clone(),
        name_en: Some(department.name_en.clone()),
        department_leader: Some(department.leaders.clone()),
        parentid: department.parent,
        order: Some(department.order),
        extra: Map::new(),
    }
}

impl Serve<ListDepartments> for WeComWorld {
    fn serve(&mut self, call: ListDepartments) -> Result<Vec<Shown>, ApiError> {
        let directory = &self.state.directory;
        if let Some(id) = call.id {
            directory.department(id)?;
        }
        let found = directory.below(call.id);
        Ok(found.map(|(id, it)| shown(id, it)).collect())
    }
}

impl Serve<ListDepartmentIds> for WeComWorld {
    fn serve(&mut self, call: ListDepartmentIds) -> Result<Vec<DepartmentPlace>, ApiError> {
        let directory = &self.state.directory;
        if let Some(id) = call.id {
            directory.department(id)?;
        }
        let place = |(id, it): (DepartmentId, &Department)| DepartmentPlace {
            id,
            parentid: it.parent,
            order: it.order,
        };
        Ok(directory.below(call.id).map(place).collect())
    }
}

impl Serve<GetDepartment> for WeComWorld {
    fn serve(&mut self, call: GetDepartment) -> Result<Shown, ApiError> {
        Ok(shown(call.id, self.state.directory.department(call.id)?))
    }
}

impl WeComWorld {
    fn check_department(&self, id: DepartmentId, department: &Department) -> Result<(), ApiError> {
        if !(1..=NAME_CHARS).contains(&department.name.chars().count()) {
            return Err(refuse(60001));
        }
        if !(0..1 << 32).contains(&department.order) {
            return Err(refuse_with(40058, "order must be 0 to 4294967295"));
        }
        let directory = &self.state.directory;
        if id != ROOT && !directory.departments.contains_key(&department.parent) {
            return Err(refuse(60004));
        }
        if id != ROOT && directory.is_under(department.parent, id) {
            return Err(refuse_with(60004, "a department cannot be below itself"));
        }
        if directory.has_name(department.parent, &department.name, id) {
            return Err(refuse(60008));
        }
        Ok(())
    }
}

fn change_of(id: DepartmentId, department: &Department) -> PartyChange {
    PartyChange {
        id,
        name: Some(department.name.clone()),
        parent_id: Some(department.parent),
        order: Some(department.order),
    }
}

impl Serve<CreateDepartment> for WeComWorld {
    fn serve(&mut self, call: CreateDepartment) -> Result<DepartmentId, ApiError> {
        self.needs_directory_writes()?;
        let directory = &self.state.directory;
        let last = directory.departments.keys().next_back();
        let next = DepartmentId(last.map_or(1, |id| id.0.saturating_add(1)));
        let id = call.id.unwrap_or(next);
        if id.0 < 1 || id.0 > i64::from(u32::MAX) {
            return Err(refuse_with(40058, "id must be 1 to 4294967295"));
        }
        if directory.departments.contains_key(&id) {
            return Err(refuse(60008));
        }
        let department = Department {
            name: call.name,
            name_en: call.name_en.unwrap_or_default(),
            parent: call.parentid,
            order: call.order.unwrap_or(ORDER),
            leaders: Vec::new(),
        };
        self.check_department(id, &department)?;
        self.tell_change(ContactChange::CreateParty(change_of(id, &department)));
        self.state.directory.departments.insert(id, department);
        Ok(id)
    }
}

impl Serve<UpdateDepartment> for WeComWorld {
    fn serve(&mut self, call: UpdateDepartment) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        let mut department = self.state.directory.department(call.id)?.clone();
        department.name = call.name.unwrap_or(department.name);
        department.name_en = call.name_en.unwrap_or(department.name_en);
        if call.id != ROOT {
            department.parent = call.parentid.unwrap_or(department.parent);
        }
        department.order = call.order.unwrap_or(department.order);
        self.check_department(call.id, &department)?;
        self.tell_change(ContactChange::UpdateParty(change_of(call.id, &department)));
        self.state.directory.departments.insert(call.id, department);
        Ok(Empty)
    }
}

impl Serve<DeleteDepartment> for WeComWorld {
    fn serve(&mut self, call: DeleteDepartment) -> Result<Empty, ApiError> {
        self.needs_directory_writes()?;
        let directory = &mut self.state.directory;
        directory.department(call.id)?;
        if directory.members(call.id, false).next().is_some() {
            return Err(refuse(60005));
        }
        if directory
            .departments
            .values()
            .any(|it| it.parent == call.id)
        {
            return Err(refuse(60006));
        }
        if call.id == ROOT {
            return Err(refuse_with(40058, "the root department stays"));
        }
        directory.departments.remove(&call.id);
        for tag in directory.tags.values_mut() {
            tag.parties.remove(&call.id);
        }
        let id = call.id;
        self.tell_change(ContactChange::DeleteParty(PartyDeleted { id }));
        Ok(Empty)
    }
}
