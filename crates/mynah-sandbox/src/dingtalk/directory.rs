//! Members and departments.

use mynah_dingtalk::{DepartmentId, UnionId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::seed::{PersonSeed, Seed};
use super::world::DingTalkWorld;

/// Members and departments.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Directory {
    users: Vec<User>,
}

/// A member of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) userid: UserId,
    pub(super) union_id: UnionId,
    pub(super) name: String,
    pub(super) mobile: String,
    pub(super) email: String,
    pub(super) admin: bool,
    pub(super) departments: Vec<DepartmentId>,
}

impl From<&PersonSeed> for User {
    fn from(seed: &PersonSeed) -> Self {
        Self {
            userid: seed.userid.clone(),
            union_id: seed.union_id(),
            name: seed.name.clone(),
            mobile: seed.mobile.clone(),
            email: seed.email.clone(),
            admin: seed.admin,
            departments: seed.departments.clone(),
        }
    }
}

impl Directory {
    pub(super) fn new(seed: &Seed) -> Self {
        Self {
            users: seed.people.iter().map(User::from).collect(),
        }
    }

    /// Everybody, in the order in which they came.
    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
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
}

impl DingTalkWorld {
    /// Opens a page that asks who it is: a code for `user/getuserinfo`.
    pub(super) fn sign_in(&mut self, _who: &UserId) -> Value {
        json!({ "code": self.state.word(32) })
    }
}
