//! Everything that can change, and therefore everything a snapshot holds.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_onebot::event::{Anonymous, Device};
use mynah_onebot::types::{Role, Sex};
use mynah_onebot::{DiscussId, GroupId, MessageId, UserId};
use serde::{Deserialize, Serialize};

use super::archive::{Archive, Chat};
use super::files::GroupFiles;
use super::forwards::Forwards;
use super::honor::Activity;
use super::media::MediaStore;
use super::queue::Queue;
use super::refusal::Refusal;
use super::requests::Requests;
use super::seed::{GroupSeed, PersonSeed, Seed};
use crate::chance::Chance;
use crate::world::Time;

/// The sandbox's name for the one who sends system hints; CQHTTP reports it so.
pub(super) const SYSTEM: UserId = UserId(1_000_000);
/// Whom CQHTTP reports as the author of every anonymous message.
pub(super) const MASKED: UserId = UserId(80_000_000);

/// Everything that can change, and therefore everything a snapshot holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub(super) now: Time,
    pub(super) chance: Chance,
    pub(super) bot: Bot,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) friends: BTreeMap<UserId, Friend>,
    /// Those whom the bot still has as friends although they have deleted it.
    pub(super) one_way: BTreeSet<UserId>,
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) discusses: BTreeMap<DiscussId, Discuss>,
    pub(super) archive: Archive,
    pub(super) requests: Requests,
    pub(super) forwards: Forwards,
    pub(super) media: MediaStore,
    pub(super) queue: Queue,
    /// The numbers of the next file, folder and announcement.
    pub(super) counters: Counters,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Counters {
    pub(super) file: u64,
    pub(super) folder: u64,
    pub(super) notice: u64,
    pub(super) mask: i64,
}

/// The next number of a counter.
pub(super) fn next(counter: &mut u64) -> u64 {
    *counter = counter.saturating_add(1);
    *counter
}

/// The bot's account, as far as it is more than a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bot {
    pub(super) id: UserId,
    pub(super) online: bool,
    pub(super) profile: Profile,
    pub(super) likes: Daily<UserId, i32>,
    pub(super) clients: Vec<Device>,
    /// Model of a device to the name chosen for it.
    pub(super) models: BTreeMap<String, String>,
}

/// What the account tells about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Profile {
    pub(super) company: String,
    pub(super) email: String,
    pub(super) college: String,
    pub(super) personal_note: String,
}

/// Counts that start over every day.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "K: Ord + Deserialize<'de>, V: Deserialize<'de>"))]
pub(super) struct Daily<K: Ord, V> {
    day: i64,
    counts: BTreeMap<K, V>,
}

impl<K: Ord, V> Default for Daily<K, V> {
    fn default() -> Self {
        Self {
            day: 0,
            counts: BTreeMap::new(),
        }
    }
}

impl<K: Ord, V> Daily<K, V> {
    /// The counts of a day; those of another day are forgotten.
    pub(super) fn on(&mut self, day: i64) -> &mut BTreeMap<K, V> {
        if self.day != day {
            self.day = day;
            self.counts.clear();
        }
        &mut self.counts
    }

    /// The counts of a day, if there are any.
    pub(super) fn of(&self, day: i64) -> Option<&BTreeMap<K, V>> {
        (self.day == day).then_some(&self.counts)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct User {
    /// The name that is the same in all worlds.
    pub(super) name: String,
    pub(super) nickname: String,
    pub(super) sex: Sex,
    pub(super) age: i32,
    pub(super) level: i64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Friend {
    pub(super) remark: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) introduction: String,
    pub(super) created: i64,
    pub(super) capacity: usize,
    pub(super) join: JoinPolicy,
    pub(super) whole_ban: bool,
    pub(super) anonymous: bool,
    pub(super) members: BTreeMap<UserId, Member>,
    /// Whose requests to join are not let through any more.
    pub(super) rejected: BTreeSet<UserId>,
    /// The masks under which members speak anonymously.
    pub(super) masks: BTreeMap<UserId, Mask>,
    /// The name only the bot sees.
    pub(super) remark: String,
    pub(super) portrait: Option<String>,
    pub(super) files: GroupFiles,
    pub(super) notices: VecDeque<Announcement>,
    pub(super) essences: Vec<Essence>,
    pub(super) activity: Activity,
    pub(super) at_all: Daily<UserId, u32>,
    pub(super) signed: Daily<UserId, ()>,
}

/// How one comes into a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum JoinPolicy {
    /// Whoever wants to.
    Open,
    /// Whoever the owner or an admin lets in.
    #[default]
    Request,
    /// By invitation only.
    Closed,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) rank: Rank,
    pub(super) card: String,
    pub(super) area: String,
    pub(super) title: String,
    /// Seconds since 1970; `None` for a title that stays.
    pub(super) title_until: Option<i64>,
    pub(super) joined: i64,
    /// Seconds since 1970, 0 for never.
    pub(super) last_sent: i64,
    pub(super) muted_until: Option<Time>,
}

impl Member {
    pub(super) fn new(rank: Rank, joined: i64) -> Self {
        Self {
            rank,
            joined,
            ..Self::default()
        }
    }

    pub(super) fn is_muted(&self, now: Time) -> bool {
        self.muted_until.is_some_and(|until| now < until)
    }

    /// The title, as long as it lasts.
    pub(super) fn title(&self, now: Time) -> &str {
        match self.title_until {
            Some(until) if until <= now.seconds() => "",
            _ => &self.title,
        }
    }
}

/// What a member may do. Later ones outrank earlier ones.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rank {
    #[default]
    Member,
    Admin,
    Owner,
}

impl From<Rank> for Role {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::Member => Self::Member,
            Rank::Admin => Self::Admin,
            Rank::Owner => Self::Owner,
        }
    }
}

/// A name to hide behind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mask {
    pub(super) shown: Anonymous,
    pub(super) muted_until: Option<Time>,
}

impl Mask {
    /// A mask nobody has worn yet.
    pub(super) fn new(chance: &mut Chance, count: &mut i64) -> Self {
        const NAMES: [&str; 12] = [
            "邓八公",
            "百晓生",
            "白展堂",
            "林平之",
            "小龙女",
            "鸠摩智",
            "风清扬",
            "梅超风",
            "祝玉妍",
            "石破天",
            "苏荃",
            "宁中则",
        ];
        *count = count.saturating_add(1);
        let pick = usize::try_from(chance.below(NAMES.len() as u64)).unwrap_or_default();
        let mut flag = Vec::with_capacity(16);
        for _ in 0..2 {
            flag.extend(chance.next().to_be_bytes());
        }
        Self {
            shown: Anonymous {
                id: count.saturating_add(1_000_000),
                name: NAMES.get(pick).copied().unwrap_or_default().to_owned(),
                flag: STANDARD.encode(flag),
            },
            muted_until: None,
        }
    }
}

/// An announcement of a group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Announcement {
    pub(super) id: String,
    pub(super) by: UserId,
    pub(super) time: i64,
    pub(super) text: String,
    /// Names of stored pictures.
    pub(super) images: Vec<String>,
}

/// A message that a group holds up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Essence {
    pub(super) message: MessageId,
    pub(super) operator: UserId,
    pub(super) time: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Discuss {
    pub(super) name: String,
    pub(super) members: BTreeSet<UserId>,
}

impl State {
    pub(super) fn new(seed: &Seed) -> Self {
        let now = Time(seed.time.saturating_mul(1000));
        let bot = User {
            name: seed.bot.name.clone(),
            nickname: seed
                .bot
                .nickname
                .clone()
                .unwrap_or_else(|| seed.bot.name.clone()),
            sex: Sex::Unknown,
            age: 0,
            level: 1,
        };
        let people = seed.people.iter().map(|person| (person.id, person.into()));
        let groups = seed
            .groups
            .iter()
            .map(|group| (group.id, Group::new(group, seed.time)));
        let discusses = seed.discusses.iter().map(|discuss| {
            let members = discuss.members.clone();
            let name = discuss.name.clone();
            (discuss.id, Discuss { name, members })
        });
        let friends = seed.people.iter().filter_map(|person| {
            let remark = person.friend.as_ref()?.remark.clone();
            Some((person.id, Friend { remark }))
        });
        Self {
            now,
            chance: Chance::new(seed.random),
            bot: Bot {
                id: seed.bot.id,
                online: true,
                profile: Profile::default(),
                likes: Daily::default(),
                clients: Vec::new(),
                models: BTreeMap::new(),
            },
            users: people.chain([(seed.bot.id, bot)]).collect(),
            friends: friends.collect(),
            one_way: BTreeSet::new(),
            groups: groups.collect(),
            discusses: discusses.collect(),
            archive: Archive::new(seed.first_message_id),
            requests: Requests::default(),
            forwards: Forwards::default(),
            media: MediaStore::new(&seed.media),
            queue: Queue::default(),
            counters: Counters::default(),
        }
    }

    /// Puts back what a snapshot does not hold because it follows from the rest.
    ///
    /// # Errors
    /// The snapshot describes what cannot be.
    pub(super) fn restored(mut self) -> Result<Self, String> {
        if !self.users.contains_key(&self.bot.id) {
            return Err("the bot is nobody".to_owned());
        }
        for (id, group) in &self.groups {
            let owners = group
                .members
                .values()
                .filter(|member| member.rank == Rank::Owner);
            if owners.count() != 1 {
                return Err(format!("group {id} must have one owner"));
            }
        }
        let members = self.groups.values().flat_map(|group| group.members.keys());
        let mut all = members.chain(self.friends.keys()).chain(&self.one_way);
        if let Some(stranger) = all.find(|user| !self.users.contains_key(*user)) {
            return Err(format!("{stranger} is nobody"));
        }
        self.archive.rebuild_index()?;
        Ok(self)
    }

    /// The day, as people in China count it.
    pub(super) fn today(&self) -> i64 {
        day_of(self.now)
    }

    pub(super) fn is_bot(&self, user: UserId) -> bool {
        user == self.bot.id
    }

    pub(super) fn user(&self, id: UserId) -> Result<&User, Refusal> {
        needs_number("user_id", id.0)?;
        self.users
            .get(&id)
            .ok_or_else(|| Refusal::missing("user_id", format!("there is no user {id}")))
    }

    /// A group that `viewer` is a member of.
    pub(super) fn group(&self, viewer: UserId, id: GroupId) -> Result<&Group, Refusal> {
        needs_number("group_id", id.0)?;
        self.groups
            .get(&id)
            .filter(|group| group.members.contains_key(&viewer))
            .ok_or_else(|| not_joined(id))
    }

    pub(super) fn group_mut(&mut self, viewer: UserId, id: GroupId) -> Result<&mut Group, Refusal> {
        needs_number("group_id", id.0)?;
        self.groups
            .get_mut(&id)
            .filter(|group| group.members.contains_key(&viewer))
            .ok_or_else(|| not_joined(id))
    }

    /// A group that the bot is a member of.
    pub(super) fn own_group(&self, id: GroupId) -> Result<&Group, Refusal> {
        self.group(self.bot.id, id)
    }

    pub(super) fn own_group_mut(&mut self, id: GroupId) -> Result<&mut Group, Refusal> {
        self.group_mut(self.bot.id, id)
    }

    pub(super) fn discuss(&self, viewer: UserId, id: DiscussId) -> Result<&Discuss, Refusal> {
        needs_number("discuss_id", id.0)?;
        self.discusses
            .get(&id)
            .filter(|discuss| discuss.members.contains(&viewer))
            .ok_or_else(|| Refusal::missing("discuss_id", format!("{id} is no discussion joined")))
    }

    /// Whether somebody takes part in a conversation.
    pub(super) fn takes_part(&self, user: UserId, chat: Chat) -> bool {
        match chat {
            Chat::Group(group) => self.group(user, group).is_ok(),
            Chat::Discuss(discuss) => self.discuss(user, discuss).is_ok(),
            Chat::Direct(person) => user == person || self.is_bot(user),
        }
    }

    /// The name under which somebody shows in a conversation.
    pub(super) fn display(&self, user: UserId, chat: Chat) -> String {
        let card = match chat {
            Chat::Group(group) => self
                .groups
                .get(&group)
                .and_then(|group| group.members.get(&user))
                .map(|member| member.card.as_str()),
            Chat::Direct(_) | Chat::Discuss(_) => None,
        };
        match card {
            Some(card) if !card.is_empty() => card.to_owned(),
            _ => self.nickname(user),
        }
    }

    pub(super) fn nickname(&self, user: UserId) -> String {
        self.users
            .get(&user)
            .map_or_else(|| user.to_string(), |user| user.nickname.clone())
    }
}

/// Refuses what cannot be the number of anybody.
pub(super) fn needs_number(field: &'static str, id: i64) -> Result<(), Refusal> {
    if id > 0 {
        return Ok(());
    }
    Err(Refusal::bad(field, "must be above 0"))
}

/// Refuses a text that is longer than it may be.
pub(super) fn needs_chars(field: &'static str, text: &str, limit: usize) -> Result<(), Refusal> {
    let count = text.chars().count();
    if count <= limit {
        return Ok(());
    }
    Err(Refusal::bad(
        field,
        format!("may have {limit} characters, not {count}"),
    ))
}

fn not_joined(group: GroupId) -> Refusal {
    Refusal::missing("group_id", format!("{group} is no group joined"))
}

/// The day of a moment, as people in China count it.
pub(super) fn day_of(time: Time) -> i64 {
    const UTC_8: i64 = 8 * 3600;
    (time.seconds() + UTC_8).div_euclid(24 * 3600)
}

impl From<&PersonSeed> for User {
    fn from(seed: &PersonSeed) -> Self {
        Self {
            name: seed.name.clone(),
            nickname: seed.nickname.clone().unwrap_or_else(|| seed.name.clone()),
            sex: seed.sex.clone(),
            age: seed.age,
            level: seed.level,
        }
    }
}

impl Group {
    fn new(seed: &GroupSeed, created: i64) -> Self {
        let members = seed.members.iter().map(|member| {
            let new = Member {
                card: member.card.clone(),
                area: member.area.clone(),
                title: member.title.clone(),
                ..Member::new(member.role, created)
            };
            (member.id, new)
        });
        Self {
            name: seed.name.clone(),
            introduction: seed.introduction.clone(),
            created,
            capacity: seed.capacity,
            join: seed.join,
            whole_ban: false,
            anonymous: seed.anonymous,
            members: members.collect(),
            rejected: BTreeSet::new(),
            masks: BTreeMap::new(),
            remark: String::new(),
            portrait: None,
            files: GroupFiles::default(),
            notices: VecDeque::new(),
            essences: Vec::new(),
            activity: Activity::default(),
            at_all: Daily::default(),
            signed: Daily::default(),
        }
    }

    /// A group that somebody has just founded, with nobody else in it.
    pub(super) fn founded(name: &str, owner: UserId, now: i64) -> Self {
        Self {
            members: BTreeMap::from([(owner, Member::new(Rank::Owner, now))]),
            ..Self::new(&GroupSeed::named(name), now)
        }
    }

    pub(super) fn member(&self, user: UserId) -> Result<&Member, Refusal> {
        needs_number("user_id", user.0)?;
        self.members.get(&user).ok_or_else(|| no_member(user))
    }

    pub(super) fn member_mut(&mut self, user: UserId) -> Result<&mut Member, Refusal> {
        needs_number("user_id", user.0)?;
        self.members.get_mut(&user).ok_or_else(|| no_member(user))
    }

    /// The rank of a member; the lowest for whoever is none.
    pub(super) fn rank(&self, user: UserId) -> Rank {
        self.members
            .get(&user)
            .map_or(Rank::Member, |member| member.rank)
    }

    /// Refuses unless `operator` is an admin or the owner.
    pub(super) fn needs_admin(&self, operator: UserId) -> Result<(), Refusal> {
        match self.rank(operator) {
            Rank::Owner | Rank::Admin => Ok(()),
            Rank::Member => Err(Refusal::forbidden(
                "group_id",
                "only the owner and admins may do this",
            )),
        }
    }

    /// Refuses unless `operator` is the owner.
    pub(super) fn needs_owner(&self, operator: UserId) -> Result<(), Refusal> {
        match self.rank(operator) {
            Rank::Owner => Ok(()),
            Rank::Admin | Rank::Member => {
                Err(Refusal::forbidden("group_id", "only the owner may do this"))
            }
        }
    }

    /// Refuses unless `operator` is an admin or the owner and outranks
    /// `target`, who is a member.
    pub(super) fn needs_power(&self, operator: UserId, target: UserId) -> Result<(), Refusal> {
        let target_rank = self.member(target)?.rank;
        self.needs_admin(operator)?;
        if self.rank(operator) <= target_rank {
            return Err(Refusal::forbidden(
                "user_id",
                format!("{target} does not rank below who wants to do this"),
            ));
        }
        Ok(())
    }
}

fn no_member(user: UserId) -> Refusal {
    Refusal::missing("user_id", format!("{user} is no member of the group"))
}
