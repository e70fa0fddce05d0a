//! Members, departments and tags.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::ApiError;
use mynah_wecom::{DepartmentId, TagId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::refusal::refuse;
use super::seed::{DepartmentSeed, PersonSeed, ROOT, Seed};

/// Members, departments and tags.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Directory {
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) departments: BTreeMap<DepartmentId, Department>,
    pub(super) tags: BTreeMap<TagId, Tag>,
}

/// A member of the corp.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct User {
    /// As it was written when the member was made.
    pub(super) userid: UserId,
    pub(super) name: String,
    pub(super) memberships: Vec<Membership>,
    pub(super) main_department: Option<DepartmentId>,
    pub(super) position: String,
    pub(super) mobile: String,
    pub(super) gender: String,
    pub(super) email: String,
    pub(super) telephone: String,
    pub(super) alias: String,
    pub(super) leaders: Vec<UserId>,
    /// 1 active, 2 disabled, 4 not activated, 5 left.
    pub(super) status: i64,
    /// What else was given and comes back as it was.
    pub(super) extra: Map<String, Value>,
}

/// A member's place in a department.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Membership {
    pub(super) department: DepartmentId,
    pub(super) order: i64,
    pub(super) leader: bool,
}

impl Membership {
    pub(super) fn of(department: DepartmentId) -> Self {
        Self {
            department,
            ..Self::default()
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Department {
    pub(super) name: String,
    pub(super) name_en: String,
    /// 0 for the root.
    pub(super) parent: DepartmentId,
    /// Larger ones come first.
    pub(super) order: i64,
    pub(super) leaders: Vec<UserId>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) users: BTreeSet<UserId>,
    pub(super) parties: BTreeSet<DepartmentId>,
}

impl From<&PersonSeed> for User {
    fn from(seed: &PersonSeed) -> Self {
        let memberships = seed.departments.iter().map(|id| Membership::of(*id));
        Self {
            userid: seed.userid.clone(),
            name: seed.name.clone(),
            memberships: memberships.collect(),
            main_department: seed.departments.first().copied(),
            mobile: seed.mobile.clone(),
            email: seed.email.clone(),
            status: 1,
            ..Self::default()
        }
    }
}

impl From<&DepartmentSeed> for Department {
    fn from(seed: &DepartmentSeed) -> Self {
        Self {
            name: seed.name.clone(),
            parent: seed.parent,
            order: seed.order,
            ..Self::default()
        }
    }
}

impl Directory {
    pub(super) fn new(seed: &Seed) -> Self {
        let users = seed.people.iter();
        let departments = seed.departments.iter();
        let tag = |tag: &super::seed::TagSeed| Tag {
            name: tag.name.clone(),
            users: tag.users.iter().cloned().collect(),
            parties: BTreeSet::new(),
        };
        Self {
            users: users.map(|it| (it.userid.clone(), it.into())).collect(),
            departments: departments.map(|it| (it.id, it.into())).collect(),
            tags: seed.tags.iter().map(|it| (it.id, tag(it))).collect(),
        }
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
            if *id != ROOT && !self.is_under(*id, ROOT) {
                return Err(format!(
                    "department {id} hangs on nothing: {}",
                    department.name
                ));
            }
        }
        for (id, user) in &self.users {
            if user.userid != *id {
                return Err(format!("{id} is called {}", user.userid));
            }
            let lost = |it: &&Membership| !self.departments.contains_key(&it.department);
            if let Some(lost) = user.memberships.iter().find(lost) {
                return Err(format!("{id}: there is no department {}", lost.department));
            }
        }
        Ok(())
    }

    /// A member (60111 for nobody, 41009 for no id).
    pub(super) fn user(&self, id: &UserId) -> Result<&User, ApiError> {
        if id.is_empty() {
            return Err(refuse(41009));
        }
        self.users.get(id).ok_or_else(|| refuse(60111))
    }

    /// A department (60003 if there is none).
    pub(super) fn department(&self, id: DepartmentId) -> Result<&Department, ApiError> {
        self.departments.get(&id).ok_or_else(|| refuse(60003))
    }

    /// A tag (40068 if there is none).
    pub(super) fn tag(&self, id: TagId) -> Result<&Tag, ApiError> {
        self.tags.get(&id).ok_or_else(|| refuse(40068))
    }

    /// The id as the directory spells it.
    pub(super) fn spelled(&self, id: &UserId) -> Option<UserId> {
        self.users.get(id).map(|user| user.userid.clone())
    }

    /// Whether a department is another one or lies below it.
    pub(super) fn is_under(&self, id: DepartmentId, above: DepartmentId) -> bool {
        let mut at = id;
        // No way up is longer than there are departments.
        for _ in 0..=self.departments.len() {
            if at == above {
                return self.departments.contains_key(&id);
            }
            match self.departments.get(&at) {
                Some(department) => at = department.parent,
                None => return false,
            }
        }
        false
    }

    /// Whether a member is in a department or one below it.
    pub(super) fn is_below(&self, user: &UserId, above: DepartmentId) -> bool {
        let user = self.users.get(user);
        user.is_some_and(|user| {
            let mut departments = user.memberships.iter();
            departments.any(|it| self.is_under(it.department, above))
        })
    }

    /// Whether a member has a tag, in person or through a department.
    pub(super) fn has_tag(&self, user: &UserId, tag: TagId) -> bool {
        let tag = self.tags.get(&tag);
        tag.is_some_and(|tag| {
            tag.users.contains(user) || tag.parties.iter().any(|it| self.is_below(user, *it))
        })
    }

    /// The departments from one on downwards, or all, in the order of their ids.
    pub(super) fn below(
        &self,
        above: Option<DepartmentId>,
    ) -> impl Iterator<Item = (DepartmentId, &Department)> {
        self.departments
            .iter()
            .filter(move |(id, _)| above.is_none_or(|above| self.is_under(**id, above)))
            .map(|(id, department)| (*id, department))
    }

    /// The members of a department, and of those below it where `children` is set.
    pub(super) fn members(
        &self,
        department: DepartmentId,
        children: bool,
    ) -> impl Iterator<Item = &User> {
        self.users.values().filter(move |user| {
            user.memberships.iter().any(|it| {
                it.department == department || children && self.is_under(it.department, department)
            })
        })
    }

    /// Forgets a member everywhere in the directory.
    pub(super) fn remove_user(&mut self, id: &UserId) {
        self.users.remove(id);
        for tag in self.tags.values_mut() {
            tag.users.remove(id);
        }
        for department in self.departments.values_mut() {
            department.leaders.retain(|leader| leader != id);
        }
        for user in self.users.values_mut() {
            user.leaders.retain(|leader| leader != id);
        }
    }

    /// Whether a department other than `id` has this name under `parent`.
    pub(super) fn has_name(&self, parent: DepartmentId, name: &str, id: DepartmentId) -> bool {
        let mut others = self.departments.iter().filter(|(other, _)| **other != id);
        others.any(|(_, it)| it.parent == parent && it.name == name)
    }
}
