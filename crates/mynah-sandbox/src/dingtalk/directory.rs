//! Members and departments.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use mynah_dingtalk::types::Order;
use mynah_dingtalk::{DepartmentId, UnionId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::seed::{DepartmentSeed, PersonSeed, ROOT, Seed};

/// Members and departments.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Directory {
    /// In the order in which they came.
    users: Vec<User>,
    pub(super) departments: BTreeMap<DepartmentId, Department>,
    /// Counts up with every change of a member, so that it is known who was changed first.
    changes: u64,
    /// The id of the next department. None is given twice.
    next_department: i64,
}

/// A member of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) userid: UserId,
    pub(super) union_id: UnionId,
    pub(super) name: String,
    pub(super) memberships: Vec<Membership>,
    pub(super) active: bool,
    pub(super) admin: Option<AdminLevel>,
    pub(super) senior: bool,
    pub(super) hide: bool,
    pub(super) mobile: String,
    pub(super) tel: String,
    pub(super) remark: String,
    pub(super) work_place: String,
    pub(super) position: String,
    pub(super) email: String,
    pub(super) org_email: String,
    pub(super) jobnumber: String,
    pub(super) extattr: Map<String, Value>,
    /// When they were changed last, as counted by the directory.
    changed: u64,
}

/// Which administrator somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AdminLevel {
    Main,
    Sub,
}

impl AdminLevel {
    /// As `sys_level` on the wire.
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Main => 1,
            Self::Sub => 2,
        }
    }
}

/// A member's place in a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Membership {
    pub(super) department: DepartmentId,
    /// Larger ones come first.
    pub(super) order: i64,
}

impl Membership {
    pub(super) fn of(department: DepartmentId) -> Self {
        Self {
            department,
            order: 1,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Department {
    pub(super) name: String,
    /// 0 for the root.
    pub(super) parent: DepartmentId,
    /// Smaller ones come first.
    pub(super) order: i64,
    pub(super) create_dept_group: bool,
    pub(super) auto_add_user: bool,
    pub(super) hiding: bool,
    pub(super) managers: Vec<UserId>,
    pub(super) group_owner: UserId,
    pub(super) source_identifier: String,
}

impl From<&PersonSeed> for User {
    fn from(seed: &PersonSeed) -> Self {
        let memberships = seed.departments.iter().map(|id| Membership::of(*id));
        Self {
            userid: seed.userid.clone(),
            union_id: seed.union_id(),
            name: seed.name.clone(),
            memberships: memberships.collect(),
            active: true,
            admin: seed.admin.then_some(AdminLevel::Sub),
            mobile: seed.mobile.clone(),
            email: seed.email.clone(),
            ..Self::default()
        }
    }
}

impl From<&DepartmentSeed> for Department {
    fn from(seed: &DepartmentSeed) -> Self {
        Self {
            name: seed.name.clone(),
            parent: seed.parent,
            ..Self::default()
        }
    }
}

impl Directory {
    pub(super) fn new(seed: &Seed) -> Self {
        let departments = seed.departments.iter();
        let last = departments.clone().map(|it| it.id.0).max();
        let mut directory = Self {
            departments: departments.map(|it| (it.id, it.into())).collect(),
            next_department: last.unwrap_or(ROOT.0).saturating_add(1),
            ..Self::default()
        };
        for person in &seed.people {
            directory.add_user(person.into());
        }
        // Somebody made the organisation: the first of its administrators.
        let mut admins = directory.users.iter_mut().filter(|it| it.admin.is_some());
        if let Some(first) = admins.next() {
            first.admin = Some(AdminLevel::Main);
        }
        directory
    }

    /// Whether it hangs together.
    ///
    /// # Errors
    /// Which part does not.
    pub(super) fn check(&self) -> Result<(), String> {
        if !self.departments.contains_key(&ROOT) {
            return Err("there is no root department".to_owned());
        }
        for (id, department) in &self.departments {
            if self.above(*id).last() != Some(ROOT) {
                return Err(format!(
                    "department {id} hangs on nothing: {}",
                    department.name
                ));
            }
        }
        let mut ids = BTreeSet::new();
        for user in &self.users {
            let id = &user.userid;
            if !ids.insert(id) {
                return Err(format!("{id} is there twice"));
            }
            let lost = |it: &&Membership| !self.departments.contains_key(&it.department);
            if let Some(lost) = user.memberships.iter().find(lost) {
                return Err(format!("{id}: there is no department {}", lost.department));
            }
        }
        Ok(())
    }

    /// Keeps a new member.
    pub(super) fn add_user(&mut self, user: User) {
        let changed = self.count_change();
        self.users.push(User { changed, ..user });
    }

    /// Keeps what has become of a member.
    pub(super) fn change_user(&mut self, user: User) {
        let changed = self.count_change();
        let mut users = self.users.iter_mut();
        if let Some(before) = users.find(|it| it.userid == user.userid) {
            *before = User { changed, ..user };
        }
    }

    fn count_change(&mut self) -> u64 {
        self.changes = self.changes.saturating_add(1);
        self.changes
    }

    /// Forgets a member everywhere in the directory.
    pub(super) fn remove_user(&mut self, id: &UserId) {
        self.users.retain(|user| user.userid != *id);
        for department in self.departments.values_mut() {
            department.managers.retain(|manager| manager != id);
            if department.group_owner == *id {
                department.group_owner = UserId::default();
            }
        }
    }

    /// Keeps a new department. Returns its id.
    pub(super) fn add_department(&mut self, department: Department) -> DepartmentId {
        let id = DepartmentId(self.next_department);
        self.next_department = self.next_department.saturating_add(1);
        self.departments.insert(id, department);
        id
    }

    /// Everybody, in the order in which they came.
    pub(super) fn users(&self) -> impl DoubleEndedIterator<Item = &User> {
        self.users.iter()
    }

    pub(super) fn user(&self, id: &UserId) -> Option<&User> {
        self.users().find(|user| user.userid == *id)
    }

    pub(super) fn has(&self, id: &UserId) -> bool {
        self.user(id).is_some()
    }

    /// Who has a mobile number.
    pub(super) fn by_mobile(&self, mobile: &str) -> Option<&User> {
        self.users().find(|user| user.mobile == mobile)
    }

    /// The member that a person is.
    pub(super) fn by_union_id(&self, id: &UnionId) -> Option<&User> {
        self.users().find(|user| user.union_id == *id)
    }

    pub(super) fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)
    }

    /// Those in a department, not in those below it.
    pub(super) fn members(&self, department: DepartmentId, order: &Order) -> Vec<&User> {
        let all = self.users();
        let mut users: Vec<_> = all.filter(|it| it.place_in(department).is_some()).collect();
        match order {
            Order::EntryAsc => {}
            Order::EntryDesc => users.reverse(),
            Order::ModifyAsc => users.sort_by_key(|user| user.changed),
            Order::ModifyDesc => users.sort_by_key(|user| Reverse(user.changed)),
            _ => users.sort_by_key(|user| {
                let place = user.place_in(department);
                Reverse(place.map_or(0, |place| place.order))
            }),
        }
        users
    }

    /// A department and all above it, itself first, the root last. Nothing for one that is none.
    pub(super) fn above(&self, id: DepartmentId) -> impl Iterator<Item = DepartmentId> {
        let known = |id: DepartmentId| self.departments.get(&id).map(|it| (id, it.parent));
        let way = std::iter::successors(
            known(id),
            move |(at, parent)| {
                if *at == ROOT { None } else { known(*parent) }
            },
        );
        // No way up is longer than there are departments.
        way.map(|(id, _)| id).take(self.departments.len())
    }

    /// The departments below one, those directly below it before those further down.
    pub(super) fn below(&self, id: DepartmentId, all: bool) -> Vec<DepartmentId> {
        let mut found = self.directly_below(id);
        let mut next = 0;
        while let Some(id) = found.get(next).filter(|_| all) {
            found.extend(self.directly_below(*id));
            next += 1;
        }
        found
    }

    fn directly_below(&self, id: DepartmentId) -> Vec<DepartmentId> {
        let children = self.departments.iter().filter(|(child, it)| {
            // The root of a seed may name any parent.
            **child != ROOT && it.parent == id
        });
        let mut children: Vec<_> = children.map(|(child, it)| (it.order, *child)).collect();
        children.sort_unstable();
        children.into_iter().map(|(_, child)| child).collect()
    }

    /// Whether a department other than `id` has this name under `parent`.
    pub(super) fn has_name(
        &self,
        parent: DepartmentId,
        name: &str,
        id: Option<DepartmentId>,
    ) -> bool {
        let mut others = self.departments.iter().filter(|it| Some(*it.0) != id);
        others.any(|(_, it)| it.parent == parent && it.name == name)
    }

    /// The departments that somebody administers, with all below them.
    pub(super) fn admin_scope(&self, id: &UserId) -> Vec<DepartmentId> {
        let user = self.user(id);
        match user.and_then(|user| Some((user, user.admin?))) {
            Some((_, AdminLevel::Main)) => vec![ROOT],
            Some((user, AdminLevel::Sub)) => user.departments(),
            None => Vec::new(),
        }
    }

    /// Whether a member leads a department.
    pub(super) fn leads(&self, user: &UserId, department: DepartmentId) -> bool {
        let department = self.department(department);
        department.is_some_and(|it| it.managers.contains(user))
    }

    /// Whether a member is in a department or one below it.
    pub(super) fn is_below(&self, user: &User, department: DepartmentId) -> bool {
        let mut places = user.memberships.iter();
        places.any(|it| self.above(it.department).any(|up| up == department))
    }
}

impl User {
    pub(super) fn place_in(&self, department: DepartmentId) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|it| it.department == department)
    }

    pub(super) fn departments(&self) -> Vec<DepartmentId> {
        self.memberships.iter().map(|it| it.department).collect()
    }
}
