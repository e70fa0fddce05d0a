//! Everybody in the team.

use std::collections::BTreeMap;

use mynah_bearychat::UserId;
use mynah_bearychat::types::{Role, UserType};
use serde::{Deserialize, Serialize};

use super::seed::{PersonSeed, Seed};

/// Everybody in the team. Nobody comes or goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Users {
    all: BTreeMap<UserId, User>,
    /// The order in which they are listed.
    order: Vec<UserId>,
}

/// Somebody in the team.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    /// What stands behind an at sign.
    pub(super) name: String,
    pub(super) full_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) mobile: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: UserType,
    pub(super) role: Role,
    /// Whether the account is closed.
    pub(super) inactive: bool,
}

impl User {
    fn of(seed: &PersonSeed, kind: UserType) -> (UserId, Self) {
        let user = Self {
            name: seed.name.clone(),
            full_name: seed.full_name.clone(),
            email: seed.email.clone(),
            mobile: seed.mobile.clone(),
            kind,
            role: seed.role.clone(),
            inactive: seed.inactive,
        };
        (seed.id.clone(), user)
    }

    /// What is shown of them.
    pub(super) fn display(&self) -> &str {
        let full = self.full_name.as_deref().filter(|name| !name.is_empty());
        full.unwrap_or(&self.name)
    }

    /// Whether they look after the team.
    pub(super) fn runs_the_team(&self) -> bool {
        matches!(self.role, Role::Owner | Role::Admin)
    }
}

impl Users {
    pub(super) fn new(seed: &Seed) -> Self {
        let bots = seed.bots.iter().map(|bot| {
            let user = User {
                name: bot.name.clone(),
                full_name: bot.full_name.clone(),
                email: None,
                mobile: None,
                kind: UserType::Hubot,
                role: Role::Normal,
                inactive: false,
            };
            (bot.id.clone(), user)
        });
        let assistant = seed.assistant.iter();
        let assistant = assistant.map(|it| User::of(it, UserType::Assistant));
        let people = seed.people.iter();
        let people = people.map(|person| User::of(person, UserType::Normal));
        let all: Vec<(UserId, User)> = bots.chain(assistant).chain(people).collect();
        Self {
            order: all.iter().map(|(id, _)| id.clone()).collect(),
            all: all.into_iter().collect(),
        }
    }

    /// Puts nobody into the list who is not there.
    ///
    /// # Errors
    /// The list and those who are there differ.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut listed = self.order.clone();
        listed.sort_unstable();
        if listed.iter().eq(self.all.keys()) {
            Ok(())
        } else {
            Err("the users and their order do not fit".to_owned())
        }
    }

    pub(super) fn get(&self, id: &UserId) -> Option<&User> {
        self.all.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &UserId) -> Option<&mut User> {
        self.all.get_mut(id)
    }

    /// Everybody, in the order of the list.
    pub(super) fn all(&self) -> impl Iterator<Item = (&UserId, &User)> {
        let listed = self.order.iter();
        listed.filter_map(|id| self.all.get_key_value(id))
    }

    /// Who is called so, behind an at sign.
    pub(super) fn named(&self, name: &str) -> Option<&UserId> {
        let mut all = self.all();
        all.find(|(_, user)| user.name == name).map(|(id, _)| id)
    }
}
