//! Chatrooms, and who may do what in them.

use std::collections::{BTreeMap, BTreeSet};

use mynah_rongcloud::{ChatroomId, UserId};
use serde::{Deserialize, Serialize};

use super::groups::{Gag, Gags, gag, holding};
use super::limits;
use super::seed::Seed;
use crate::world::Time;

/// All chatrooms. What was forbidden in a chatroom is known of those as well
/// that are not there yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rooms {
    standing: BTreeMap<ChatroomId, Room>,
    rules: BTreeMap<ChatroomId, Rules>,
    kept_alive: BTreeSet<ChatroomId>,
    /// The kinds of messages that go first when there are too many.
    low_priority: Vec<String>,
    /// Since when somebody who was connected is not any more.
    absent: BTreeMap<UserId, Time>,
    /// How often somebody has joined a chatroom.
    joined: u64,
}

/// A chatroom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    pub(super) name: String,
    pub(super) created: Time,
    /// Whether nothing that people say is delivered.
    pub(super) stopped: bool,
    /// When somebody spoke or joined last.
    active: Time,
    members: BTreeMap<UserId, Stay>,
}

/// Somebody is in a chatroom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stay {
    pub(super) since: Time,
    /// Counts up in the order of joining.
    place: u64,
    /// Messages since they were connected last.
    missed: u32,
}

/// What was forbidden in a chatroom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// Who may not speak.
    gags: Gags,
    /// Who may not join.
    blocks: Gags,
    /// Who stays, whatever happens.
    whitelist: Vec<UserId>,
}

impl Room {
    fn new(name: String, now: Time) -> Self {
        Self {
            name,
            created: now,
            stopped: false,
            active: now,
            members: BTreeMap::new(),
        }
    }

    pub(super) fn has(&self, user: &UserId) -> bool {
        self.members.contains_key(user)
    }

    /// In the order of joining.
    pub(super) fn members(&self) -> Vec<(&UserId, &Stay)> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(_, stay)| stay.place);
        members
    }
}

impl Rooms {
    pub(super) fn new(seed: &Seed) -> Self {
        let created = Time(seed.time.saturating_mul(1000));
        let rooms = seed.chatrooms.iter().map(|room| {
            let made = Room::new(room.name.clone(), created);
            (room.id.clone(), made)
        });
        Self {
            standing: rooms.collect(),
            ..Self::default()
        }
    }

    pub(super) fn get(&self, id: &ChatroomId) -> Option<&Room> {
        self.standing.get(id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&ChatroomId, &Room)> {
        self.standing.iter()
    }

    /// Makes a chatroom; whether that is new.
    pub(super) fn create(&mut self, id: &ChatroomId, name: &str, now: Time) -> bool {
        if self.standing.contains_key(id) {
            return false;
        }
        let room = Room::new(name.to_owned(), now);
        self.standing.insert(id.clone(), room);
        true
    }

    /// A chatroom is no more, and everything that was known of it; whether it
    /// was there.
    pub(super) fn destroy(&mut self, id: &ChatroomId) -> bool {
        self.rules.remove(id);
        self.kept_alive.remove(id);
        self.standing.remove(id).is_some()
    }

    /// People join a chatroom that is there. Whoever was not in it.
    pub(super) fn join(&mut self, id: &ChatroomId, users: &[UserId], now: Time) -> Vec<UserId> {
        let Some(room) = self.standing.get_mut(id) else {
            return Vec::new();
        };
        room.active = now;
        let mut newcomers = Vec::new();
        for user in users {
            if room.has(user) {
                continue;
            }
            let stay = Stay {
                since: now,
                place: self.joined,
                missed: 0,
            };
            self.joined += 1;
            room.members.insert(user.clone(), stay);
            newcomers.push(user.clone());
        }
        newcomers
    }

    /// People leave a chatroom. Whoever was in it.
    pub(super) fn leave(&mut self, id: &ChatroomId, users: &[UserId]) -> Vec<UserId> {
        let Some(room) = self.standing.get_mut(id) else {
            return Vec::new();
        };
        let gone = users.iter();
        let gone = gone.filter(|user| room.members.remove(user).is_some());
        gone.cloned().collect()
    }

    pub(super) fn set_stopped(&mut self, id: &ChatroomId, stopped: bool) {
        if let Some(room) = self.standing.get_mut(id) {
            room.stopped = stopped;
        }
    }

    /// Somebody's client is connected no longer.
    pub(super) fn went_offline(&mut self, user: &UserId, now: Time) {
        self.absent.insert(user.clone(), now);
    }

    /// Somebody's client is connected again.
    pub(super) fn came_online(&mut self, user: &UserId) {
        self.absent.remove(user);
        for room in self.standing.values_mut() {
            if let Some(stay) = room.members.get_mut(user) {
                stay.missed = 0;
            }
        }
    }

    /// Something is said in a chatroom. Whoever has been away for too long is
    /// taken out.
    pub(super) fn said(&mut self, id: &ChatroomId, now: Time) -> Vec<UserId> {
        let Some(room) = self.standing.get_mut(id) else {
            return Vec::new();
        };
        room.active = now;
        let whitelist = self.rules.get(id).map(|rules| &rules.whitelist);
        let stays = |user: &UserId| whitelist.is_some_and(|list| list.contains(user));
        let mut gone = Vec::new();
        for (user, since) in &self.absent {
            let Some(stay) = room.members.get_mut(user) else {
                continue;
            };
            stay.missed = stay.missed.saturating_add(1);
            let long = now.0.saturating_sub(since.0) >= limits::ABSENT_MS;
            if (long || stay.missed >= limits::MISSED) && !stays(user) {
                gone.push(user.clone());
            }
        }
        for user in &gone {
            room.members.remove(user);
        }
        gone
    }

    fn rules(&mut self, id: &ChatroomId) -> &mut Rules {
        self.rules.entry(id.clone()).or_default()
    }

    /// Takes something back that was forbidden in a chatroom. Of those where nothing is, nothing
    /// is known.
    fn relax(&mut self, id: &ChatroomId, relax: impl FnOnce(&mut Rules)) {
        if let Some(rules) = self.rules.get_mut(id) {
            relax(rules);
            if *rules == Rules::default() {
                self.rules.remove(id);
            }
        }
    }

    pub(super) fn gag(&mut self, id: &ChatroomId, users: &[UserId], it: Gag) {
        gag(&mut self.rules(id).gags, users, it);
    }

    pub(super) fn ungag(&mut self, id: &ChatroomId, users: &[UserId]) {
        self.relax(id, |rules| {
            rules.gags.retain(|user, _| !users.contains(user));
        });
    }

    /// Who may not speak in a chatroom.
    pub(super) fn gags(&self, id: &ChatroomId, now: Time) -> impl Iterator<Item = (&UserId, &Gag)> {
        let rules = self.rules.get(id);
        rules.into_iter().flat_map(move |it| holding(&it.gags, now))
    }

    /// Why somebody may not speak in a chatroom.
    pub(super) fn gagged(&self, id: &ChatroomId, user: &UserId, now: Time) -> Option<&Gag> {
        let gag = self.rules.get(id)?.gags.get(user)?;
        gag.holds(now).then_some(gag)
    }

    /// Takes people out of a chatroom and keeps them out. Whoever was in it.
    pub(super) fn block(&mut self, id: &ChatroomId, users: &[UserId], it: Gag) -> Vec<UserId> {
        gag(&mut self.rules(id).blocks, users, it);
        self.leave(id, users)
    }

    pub(super) fn unblock(&mut self, id: &ChatroomId, users: &[UserId]) {
        self.relax(id, |rules| {
            rules.blocks.retain(|user, _| !users.contains(user));
        });
    }

    /// Who may not join a chatroom.
    pub(super) fn blocks(
        &self,
        id: &ChatroomId,
        now: Time,
    ) -> impl Iterator<Item = (&UserId, &Gag)> {
        let rules = self.rules.get(id);
        rules
            .into_iter()
            .flat_map(move |it| holding(&it.blocks, now))
    }

    pub(super) fn is_blocked(&self, id: &ChatroomId, user: &UserId, now: Time) -> bool {
        let rules = self.rules.get(id);
        let block = rules.and_then(|rules| rules.blocks.get(user));
        block.is_some_and(|block| block.holds(now))
    }

    pub(super) fn whitelist(&self, id: &ChatroomId) -> &[UserId] {
        self.rules
            .get(id)
            .map_or(&[], |rules| rules.whitelist.as_slice())
    }

    /// Adds people to the whitelist of a chatroom; not, if they were too many.
    pub(super) fn trust(&mut self, id: &ChatroomId, users: &[UserId]) -> bool {
        added(&mut self.rules(id).whitelist, users, limits::WHITELIST)
    }

    pub(super) fn distrust(&mut self, id: &ChatroomId, users: &[UserId]) {
        self.relax(id, |rules| {
            rules.whitelist.retain(|user| !users.contains(user));
        });
    }

    pub(super) fn low_priority(&self) -> &[String] {
        &self.low_priority
    }

    /// Adds kinds of messages of low priority; not, if they were too many.
    pub(super) fn add_low_priority(&mut self, names: &[String]) -> bool {
        added(&mut self.low_priority, names, limits::PRIORITIES)
    }

    pub(super) fn remove_low_priority(&mut self, names: &[String]) {
        self.low_priority.retain(|name| !names.contains(name));
    }

    pub(super) fn kept_alive(&self) -> impl Iterator<Item = &ChatroomId> {
        self.kept_alive.iter()
    }

    /// Keeps a chatroom alive; not, if there were too many of them.
    pub(super) fn keep_alive(&mut self, id: ChatroomId) -> bool {
        let fits = self.kept_alive.len() < limits::KEPT_ALIVE || self.kept_alive.contains(&id);
        if fits {
            self.kept_alive.insert(id);
        }
        fits
    }

    /// Lets a chatroom go when nothing happens in it; whether it was kept
    /// alive.
    pub(super) fn let_go(&mut self, id: &ChatroomId) -> bool {
        self.kept_alive.remove(id)
    }

    /// Chatrooms in which nothing happens are idle since now.
    pub(super) fn count_idle_time(&mut self, now: Time) {
        for room in self.standing.values_mut() {
            room.active = room.active.max(now);
        }
    }

    /// When the next chatroom goes because nothing happens in it.
    pub(super) fn next_end(&self) -> Option<Time> {
        let mortal = self.standing.iter();
        let mortal = mortal.filter(|(id, _)| !self.kept_alive.contains(*id));
        mortal
            .map(|(_, room)| Time(room.active.0.saturating_add(limits::IDLE_ROOM_MS)))
            .min()
    }

    /// The chatrooms in which nothing has happened for too long.
    pub(super) fn idle(&self, now: Time) -> Vec<ChatroomId> {
        let rooms = self.standing.iter();
        let idle = rooms.filter(|(id, room)| {
            let end = room.active.0.saturating_add(limits::IDLE_ROOM_MS);
            end <= now.0 && !self.kept_alive.contains(*id)
        });
        idle.map(|(id, _)| id.clone()).collect()
    }
}

/// Adds what is not there yet; nothing, if there were more than `most` then.
fn added<T: Clone + PartialEq>(list: &mut Vec<T>, more: &[T], most: usize) -> bool {
    let mut longer = list.clone();
    for item in more {
        if !longer.contains(item) {
            longer.push(item.clone());
        }
    }
    if longer.len() > most {
        return false;
    }
    *list = longer;
    true
}
