//! Everything that can change, and therefore everything a snapshot holds.

use std::collections::{BTreeMap, BTreeSet};

use mynah_core::ApiError;
use mynah_wecom::api::agent::Menu;
use mynah_wecom::{AgentId, ChatId, DepartmentId, MsgId, TagId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::archive::{Archive, Chat, Spoken};
use super::bot::Bot;
use super::cards::Codes;
use super::directory::Directory;
use super::frequency::Frequency;
use super::limits;
use super::media::MediaStore;
use super::refusal::refuse;
use super::seed::{ApplicationSeed, GroupSeed, Seed};
use super::tokens::Tokens;
use crate::chance::{ALPHANUMERIC, Chance};
use crate::frame::{self, trim};
use crate::world::Time;

/// Everything that can change, and therefore everything a snapshot holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(super) now: Time,
    pub(super) chance: Chance,
    pub(super) directory: Directory,
    pub(super) applications: BTreeMap<AgentId, Application>,
    /// The application that people mean by `bot`.
    pub(super) main: AgentId,
    pub(super) groups: BTreeMap<ChatId, Group>,
    pub(super) tokens: Tokens,
    pub(super) frequency: Frequency,
    pub(super) media: MediaStore,
    pub(super) archive: Archive,
    pub(super) sent: Sent,
    pub(super) codes: Codes,
    pub(super) bot: Bot,
    /// The `MsgId` of the next message to an application.
    pub(super) next_message: u64,
}

/// An application of the corp.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Application {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) logo: String,
    pub(super) redirect_domain: String,
    pub(super) home_url: String,
    pub(super) report_location: bool,
    pub(super) report_enter: bool,
    pub(super) closed: bool,
    pub(super) scope: Scope,
    /// Members who do not follow it any more.
    pub(super) unsubscribed: BTreeSet<UserId>,
    /// The buttons at the bottom of the chat.
    pub(super) menu: Option<Menu>,
}

/// Whom an application sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scope {
    pub(super) users: BTreeSet<UserId>,
    pub(super) parties: BTreeSet<DepartmentId>,
    pub(super) tags: BTreeSet<TagId>,
}

/// A group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) owner: UserId,
    /// In the order in which they came.
    pub(super) members: Vec<UserId>,
    /// The application that made it.
    pub(super) agent: AgentId,
    /// Whether members see it: not before the first message.
    pub(super) visible: bool,
    /// Whether the intelligent bot is in it.
    pub(super) bot: bool,
}

impl Group {
    pub(super) fn has(&self, user: &UserId) -> bool {
        self.members.contains(user)
    }

    /// Takes a member out; somebody has to own what is left.
    pub(super) fn remove(&mut self, user: &UserId) {
        self.members.retain(|member| member != user);
        if self.owner == *user
            && let Some(first) = self.members.first()
        {
            self.owner = first.clone();
        }
    }
}

/// What applications sent to members.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Sent {
    /// Whose message it is, and when it was sent.
    pub(super) messages: BTreeMap<MsgId, (AgentId, Time)>,
    /// What must not be sent again so soon: the request, what was answered, and until when.
    pub(super) duplicates: BTreeMap<String, (Value, Time)>,
}

impl Sent {
    /// Forgets the oldest when there are too many.
    pub(super) fn trim(&mut self, now: Time) {
        self.duplicates.retain(|_, (_, until)| now < *until);
        trim(&mut self.duplicates, limits::DUPLICATES, |(_, at)| *at);
        trim(&mut self.messages, limits::ISSUED, |(_, at)| *at);
    }
}

impl From<&ApplicationSeed> for Application {
    fn from(seed: &ApplicationSeed) -> Self {
        Self {
            name: seed.name.clone(),
            description: String::new(),
            logo: String::new(),
            redirect_domain: String::new(),
            home_url: String::new(),
            report_location: seed.report_location,
            report_enter: seed.report_enter,
            closed: false,
            scope: Scope {
                users: seed.users.iter().cloned().collect(),
                parties: seed.parties.iter().copied().collect(),
                tags: seed.tags.iter().copied().collect(),
            },
            unsubscribed: BTreeSet::new(),
            menu: None,
        }
    }
}

impl frame::State for State {
    type Seed = Seed;
    type Message = Spoken;

    fn new(seed: &Seed) -> Self {
        let applications = seed.applications.iter();
        let main = seed.applications.first().map(|it| it.agentid);
        let main = main.unwrap_or_default();
        let group = |group: &GroupSeed| Group {
            name: group.name.clone(),
            owner: group.owner.clone(),
            members: group.members.clone(),
            agent: group.agentid.unwrap_or(main),
            visible: group.visible,
            bot: group.bot,
        };
        Self {
            now: Time(seed.time.saturating_mul(1000)),
            chance: Chance::new(seed.random),
            directory: Directory::new(seed),
            applications: applications.map(|it| (it.agentid, it.into())).collect(),
            main,
            groups: seed
                .groups
                .iter()
                .map(|it| (it.chatid.clone(), group(it)))
                .collect(),
            tokens: Tokens::default(),
            frequency: Frequency::default(),
            media: MediaStore::default(),
            archive: Archive::new(),
            sent: Sent::default(),
            codes: Codes::default(),
            bot: Bot::default(),
            next_message: 1_234_567_890_000_001,
        }
    }

    fn go_on_counting(&mut self, before: Self) {
        if before.next_message >= self.next_message {
            self.chance = before.chance;
            self.next_message = before.next_message;
        }
    }

    fn restored(mut self) -> Result<Self, String> {
        self.directory.check()?;
        if !self.applications.contains_key(&self.main) {
            return Err(format!("there is no application {}", self.main));
        }
        for (id, group) in &self.groups {
            if !group.has(&group.owner) {
                return Err(format!("the owner of group {id} is no member"));
            }
            let stranger = |user: &&UserId| !self.directory.users.contains_key(*user);
            if let Some(stranger) = group.members.iter().find(stranger) {
                return Err(format!("group {id}: {stranger} is nobody"));
            }
        }
        self.archive.rebuild_index()?;
        Ok(self)
    }

    fn now(&self) -> Time {
        self.now
    }

    fn archive(&self) -> &Archive {
        &self.archive
    }

    fn archive_mut(&mut self) -> &mut Archive {
        &mut self.archive
    }
}

impl State {
    /// A random word of so many of `0-9a-zA-Z`.
    pub(super) fn word(&mut self, length: usize) -> String {
        self.chance.word(ALPHANUMERIC, length)
    }

    /// The same with `_` and `-` among them.
    pub(super) fn token(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
        self.chance.word(ALPHABET, length)
    }

    pub(super) fn application(&self, agent: AgentId) -> Result<&Application, ApiError> {
        self.applications.get(&agent).ok_or_else(|| refuse(40056))
    }

    /// A person's conversation with an application.
    pub(super) fn agent_chat(&self, agent: AgentId, user: &UserId) -> Chat {
        if agent == self.main {
            Chat::User(user.clone())
        } else {
            Chat::Agent(agent.0, user.clone())
        }
    }

    /// Whether somebody takes part in a conversation.
    pub(super) fn takes_part(&self, user: &UserId, chat: &Chat) -> bool {
        match chat {
            Chat::Group(id) => self
                .groups
                .get(&ChatId::from(id.as_str()))
                .is_some_and(|group| group.has(user)),
            Chat::User(person) | Chat::Agent(_, person) | Chat::Bot(person) => person == user,
        }
    }

    /// Whether an application sees a member, and the member follows it.
    pub(super) fn sees(&self, agent: AgentId, user: &UserId) -> bool {
        let Some(application) = self.applications.get(&agent) else {
            return false;
        };
        if application.unsubscribed.contains(user) {
            return false;
        }
        let scope = &application.scope;
        scope.users.contains(user)
            || scope
                .tags
                .iter()
                .any(|tag| self.directory.has_tag(user, *tag))
            || scope
                .parties
                .iter()
                .any(|party| self.directory.is_below(user, *party))
    }

    /// Whether an application sees the whole corp.
    pub(super) fn sees_all(&self, agent: AgentId) -> bool {
        let application = self.applications.get(&agent);
        application.is_some_and(|it| it.scope.parties.contains(&super::seed::ROOT))
    }
}
