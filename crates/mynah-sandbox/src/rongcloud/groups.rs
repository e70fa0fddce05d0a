//! Groups, and who may not speak in them.

use std::collections::{BTreeMap, BTreeSet};

use mynah_rongcloud::{GroupId, UserId};
use serde::{Deserialize, Serialize};

use super::limits;
use super::seed::Seed;
use crate::world::Time;

/// All groups. What people were forbidden there outlives a group, and the
/// membership of those who were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Groups {
    standing: BTreeMap<GroupId, Group>,
    /// Who may not speak in one group.
    gags: BTreeMap<GroupId, Gags>,
    /// Who may not speak in any group.
    gags_everywhere: Gags,
    /// Where nobody may speak.
    muted: BTreeSet<GroupId>,
    /// Who may speak there all the same.
    exceptions: BTreeMap<GroupId, Vec<UserId>>,
    /// How often somebody has joined a group.
    joined: u64,
    /// The groups of everybody.
    #[serde(skip)]
    memberships: BTreeMap<UserId, BTreeSet<GroupId>>,
}

/// A group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: String,
    /// Counts up in the order of joining.
    members: BTreeMap<UserId, u64>,
}

/// Who may not speak.
pub(super) type Gags = BTreeMap<UserId, Gag>;

/// Somebody may not speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gag {
    pub(super) since: Time,
    /// Nothing for always.
    pub(super) until: Option<Time>,
}

impl Gag {
    /// For so many minutes; 0 is for always.
    pub(super) fn of(now: Time, minutes: i64) -> Self {
        let milliseconds = minutes.saturating_mul(limits::MINUTE_MS);
        Self {
            since: now,
            until: (minutes != 0).then(|| Time(now.0.saturating_add(milliseconds))),
        }
    }

    /// Whether it still holds.
    pub(super) fn holds(&self, now: Time) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// Takes a group from those of somebody.
fn forget(memberships: &mut BTreeMap<UserId, BTreeSet<GroupId>>, user: &UserId, id: &GroupId) {
    if let Some(theirs) = memberships.get_mut(user) {
        theirs.remove(id);
        if theirs.is_empty() {
            memberships.remove(user);
        }
    }
}

/// Adds people to those who may not speak, and forgets who may again.
pub(super) fn gag(gags: &mut Gags, users: &[UserId], gag: Gag) {
    gags.retain(|_, it| it.holds(gag.since));
    gags.extend(users.iter().map(|user| (user.clone(), gag)));
}

/// Who may not speak now.
pub(super) fn holding(gags: &Gags, now: Time) -> impl Iterator<Item = (&UserId, &Gag)> {
    gags.iter().filter(move |(_, gag)| gag.holds(now))
}

/// A membership that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The group has as many members as it may.
    Group,
    /// Somebody is in as many groups as one may be.
    User,
}

/// How many members and groups there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Members of one group.
    pub(super) members: usize,
    /// Groups of one person; 0 for any number.
    pub(super) groups: usize,
}

impl Group {
    pub(super) fn has(&self, user: &UserId) -> bool {
        self.members.contains_key(user)
    }

    pub(super) fn size(&self) -> usize {
        self.members.len()
    }

    /// In the order of joining.
    pub(super) fn members(&self) -> Vec<&UserId> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(_, place)| **place);
        members.into_iter().map(|(user, _)| user).collect()
    }
}

impl Groups {
    pub(super) fn new(seed: &Seed) -> Self {
        let mut groups = Self::default();
        for group in &seed.groups {
            groups.add(&group.id, Some(&group.name), &group.members);
        }
        groups
    }

    /// Finds the groups of everybody again after they have been left away.
    pub(super) fn rebuild_index(&mut self) {
        self.memberships.clear();
        for (id, group) in &self.standing {
            for user in group.members.keys() {
                let theirs = self.memberships.entry(user.clone()).or_default();
                theirs.insert(id.clone());
            }
        }
    }

    pub(super) fn get(&self, id: &GroupId) -> Option<&Group> {
        self.standing.get(id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&GroupId, &Group)> {
        self.standing.iter()
    }

    /// The groups of somebody.
    pub(super) fn of(&self, user: &UserId) -> impl Iterator<Item = (&GroupId, &Group)> {
        let ids = self.memberships.get(user).into_iter().flatten();
        ids.filter_map(|id| self.standing.get_key_value(id))
    }

    /// Whether people can join a group.
    pub(super) fn room_in(&self, id: &GroupId, users: &[UserId], room: Room) -> Result<(), Full> {
        let group = self.standing.get(id);
        let newcomers: BTreeSet<&UserId> = users
            .iter()
            .filter(|user| !group.is_some_and(|group| group.has(user)))
            .collect();
        if newcomers.is_empty() {
            return Ok(());
        }
        if group.map_or(0, Group::size) + newcomers.len() > room.members {
            return Err(Full::Group);
        }
        let mut newcomers = newcomers.into_iter();
        if newcomers.any(|user| !self.room_for(user, 1, room)) {
            return Err(Full::User);
        }
        Ok(())
    }

    /// Whether somebody can join so many groups more.
    fn room_for(&self, user: &UserId, more: usize, room: Room) -> bool {
        let theirs = self.memberships.get(user).map_or(0, BTreeSet::len);
        room.groups == 0 || theirs + more <= room.groups
    }

    /// Whether somebody can join all of these groups.
    pub(super) fn room_in_all<'a>(
        &self,
        user: &UserId,
        ids: impl Iterator<Item = &'a GroupId>,
        room: Room,
    ) -> Result<(), Full> {
        let alone = std::slice::from_ref(user);
        let theirs = |id: &GroupId| self.standing.get(id).is_some_and(|group| group.has(user));
        let new: BTreeSet<&GroupId> = ids.filter(|id| !theirs(id)).collect();
        for id in &new {
            self.room_in(id, alone, room)?;
        }
        if new.is_empty() || self.room_for(user, new.len(), room) {
            Ok(())
        } else {
            Err(Full::User)
        }
    }

    /// People join a group, which is made if it is not there. Whoever was not
    /// in it, in the order of the call.
    pub(super) fn add(
        &mut self,
        id: &GroupId,
        name: Option<&str>,
        users: &[UserId],
    ) -> Vec<UserId> {
        let group = self.standing.entry(id.clone()).or_default();
        if let Some(name) = name {
            name.clone_into(&mut group.name);
        }
        let mut newcomers = Vec::new();
        for user in users {
            if group.has(user) {
                continue;
            }
            group.members.insert(user.clone(), self.joined);
            self.joined += 1;
            let theirs = self.memberships.entry(user.clone()).or_default();
            theirs.insert(id.clone());
            newcomers.push(user.clone());
        }
        newcomers
    }

    /// People leave a group. Whoever was in it.
    pub(super) fn remove(&mut self, id: &GroupId, users: &[UserId]) -> Vec<UserId> {
        let Some(group) = self.standing.get_mut(id) else {
            return Vec::new();
        };
        let mut gone = Vec::new();
        for user in users {
            if group.members.remove(user).is_some() {
                gone.push(user.clone());
                forget(&mut self.memberships, user, id);
            }
        }
        gone
    }

    pub(super) fn rename(&mut self, id: &GroupId, name: String) -> bool {
        let Some(group) = self.standing.get_mut(id) else {
            return false;
        };
        group.name = name;
        true
    }

    /// A group is no more.
    pub(super) fn dismiss(&mut self, id: &GroupId) -> Option<Group> {
        let group = self.standing.remove(id)?;
        for user in group.members.keys() {
            forget(&mut self.memberships, user, id);
        }
        Some(group)
    }

    /// Forbids people to speak, in one group or in all; not in all, if they
    /// were too many.
    pub(super) fn gag(&mut self, id: Option<&GroupId>, users: &[UserId], it: Gag) -> bool {
        let Some(id) = id else {
            let mut gags = self.gags_everywhere.clone();
            gag(&mut gags, users, it);
            if gags.len() > limits::GAGS_EVERYWHERE {
                return false;
            }
            self.gags_everywhere = gags;
            return true;
        };
        gag(self.gags.entry(id.clone()).or_default(), users, it);
        true
    }

    pub(super) fn ungag(&mut self, id: Option<&GroupId>, users: &[UserId]) {
        let Some(id) = id else {
            self.gags_everywhere.retain(|user, _| !users.contains(user));
            return;
        };
        if let Some(gags) = self.gags.get_mut(id) {
            gags.retain(|user, _| !users.contains(user));
            if gags.is_empty() {
                self.gags.remove(id);
            }
        }
    }

    /// Who may not speak in a group, or in all.
    pub(super) fn gags(
        &self,
        id: Option<&GroupId>,
        now: Time,
    ) -> impl Iterator<Item = (&UserId, &Gag)> {
        let gags = match id {
            None => Some(&self.gags_everywhere),
            Some(id) => self.gags.get(id),
        };
        gags.into_iter().flat_map(move |gags| holding(gags, now))
    }

    /// Why somebody may not speak in a group.
    pub(super) fn gagged(&self, id: &GroupId, user: &UserId, now: Time) -> Option<&Gag> {
        let here = self.gags.get(id).and_then(|gags| gags.get(user));
        let gags = here.into_iter().chain(self.gags_everywhere.get(user));
        gags.filter(|gag| gag.holds(now)).max_by_key(|gag| {
            // For always is longest.
            gag.until.unwrap_or(Time(i64::MAX))
        })
    }

    pub(super) fn set_muted(&mut self, ids: Vec<GroupId>, muted: bool) {
        for id in ids {
            if muted {
                self.muted.insert(id);
            } else {
                self.muted.remove(&id);
            }
        }
    }

    pub(super) fn is_muted(&self, id: &GroupId) -> bool {
        self.muted.contains(id)
    }

    /// Whether nobody but the exceptions may speak in a group, and somebody is
    /// none.
    pub(super) fn is_silenced(&self, id: &GroupId, user: &UserId) -> bool {
        self.is_muted(id) && !self.exceptions(id).contains(user)
    }

    /// Where nobody may speak.
    pub(super) fn muted(&self) -> impl Iterator<Item = &GroupId> {
        self.muted.iter()
    }

    /// Who may speak where nobody else may.
    pub(super) fn exceptions(&self, id: &GroupId) -> &[UserId] {
        self.exceptions.get(id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn except(&mut self, id: &GroupId, users: &[UserId]) {
        let list = self.exceptions.entry(id.clone()).or_default();
        for user in users {
            if !list.contains(user) {
                list.push(user.clone());
            }
        }
    }

    pub(super) fn unexcept(&mut self, id: &GroupId, users: &[UserId]) {
        if let Some(list) = self.exceptions.get_mut(id) {
            list.retain(|user| !users.contains(user));
            if list.is_empty() {
                self.exceptions.remove(id);
            }
        }
    }
}
