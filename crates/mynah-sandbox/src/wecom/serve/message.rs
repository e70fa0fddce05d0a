//! Messages of applications to members.

use std::collections::BTreeSet;

use mynah_core::{ApiError, Empty};
use mynah_wecom::api::message::{
    RecallMessage, SendMessage, Sent, Unreached, UpdateTaskcard, UpdateTemplateCard,
};
use mynah_wecom::types::{Flag, Safe};
use mynah_wecom::{AgentId, DepartmentId, Joined, MsgId, TagId, UserId};
use serde_json::{Map, Value};

use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::wecom::archive::{Speaker, Spoken};
use crate::wecom::cards::Change;
use crate::wecom::content::{Card, Content};
use crate::wecom::frequency::Quota;
use crate::wecom::limits::{self, DAY_MS, HOUR_MS, MINUTE_MS};
use crate::wecom::prepare::template;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::world::WeComWorld;

/// Only when strict: members that an application reaches, for each of the
/// corp; and messages to one member, of which the surplus is dropped silently.
const PERSON_TIMES: u64 = 200;
const TO_ONE: [Quota; 2] = [Quota::new(30, MINUTE_MS), Quota::new(1_000, HOUR_MS)];
/// Seconds within which the same request is not carried out again.
const DUPLICATE_S: i64 = 1_800;
const LONGEST_DUPLICATE_S: i64 = 14_400;

/// Whom a message reaches, and whom it does not.
#[derive(Debug, Default)]
struct Recipients {
    users: BTreeSet<UserId>,
    invalid: Sent,
}

/// Whom a message is meant for.
#[derive(Debug)]
struct Addressees {
    users: Joined<UserId>,
    parties: Joined<DepartmentId>,
    tags: Joined<TagId>,
}

impl Addressees {
    /// At least one, and not too many; who they are is not looked at.
    fn of(call: &SendMessage) -> Result<Self, ApiError> {
        let to = Self {
            users: call.touser.clone().unwrap_or_default(),
            parties: call.toparty.clone().unwrap_or_default(),
            tags: call.totag.clone().unwrap_or_default(),
        };
        if to.users.is_empty() && to.parties.is_empty() && to.tags.is_empty() {
            return Err(refuse(82001));
        }
        for (count, most, code) in [
            (to.users.len(), limits::TO_USERS, 40032),
            (to.parties.len(), limits::TO_PARTIES, 82002),
            (to.tags.len(), limits::TO_TAGS, 82003),
        ] {
            if count > most && !is_all(&to.users) {
                return Err(refuse(code));
            }
        }
        Ok(to)
    }
}

/// Whether everybody is meant; then departments and tags do not count.
fn is_all(users: &Joined<UserId>) -> bool {
    users.len() == 1 && users.iter().any(UserId::is_all)
}

impl WeComWorld {
    /// An application speaks for itself only.
    pub(super) fn needs_own_agent(&self, agent: AgentId) -> Result<(), ApiError> {
        if agent == self.caller.agent {
            return Ok(());
        }
        Err(refuse(301_002))
    }

    fn recipients(&self, agent: AgentId, to: &Addressees) -> Recipients {
        let Addressees {
            users,
            parties,
            tags,
        } = to;
        if is_all(users) {
            let all = self.state.directory.users.keys();
            let seen = all.filter(|user| self.state.sees(agent, user));
            return Recipients {
                users: seen.cloned().collect(),
                ..Recipients::default()
            };
        }
        let mut found = Recipients::default();
        self.add_users(&mut found, agent, users);
        self.add_parties(&mut found, agent, parties);
        self.add_tags(&mut found, agent, tags);
        found
    }

    fn add_users(&self, found: &mut Recipients, agent: AgentId, users: &Joined<UserId>) {
        for user in users {
            match self.state.directory.spelled(user) {
                Some(spelled) if self.state.sees(agent, &spelled) => {
                    found.users.insert(spelled);
                }
                _ => {
                    let lower = UserId(user.as_str().to_ascii_lowercase());
                    found.invalid.invaliduser.items.push(lower);
                }
            }
        }
    }

    fn add_parties(&self, found: &mut Recipients, agent: AgentId, parties: &Joined<DepartmentId>) {
        for party in parties {
            let members = self.state.directory.members(*party, true);
            let members = members.map(|user| user.userid.clone());
            let seen: Vec<_> = members
                .filter(|user| self.state.sees(agent, user))
                .collect();
            let exists = self.state.directory.departments.contains_key(party);
            let in_scope = self.state.sees_all(agent) || !seen.is_empty();
            if exists && in_scope {
                found.users.extend(seen);
            } else {
                found.invalid.invalidparty.items.push(*party);
            }
        }
        found
            .invalid
            .invalidparty
            .others
            .clone_from(&parties.others);
    }

    fn add_tags(&self, found: &mut Recipients, agent: AgentId, tags: &Joined<TagId>) {
        for tag in tags {
            if !self.state.directory.tags.contains_key(tag) {
                found.invalid.invalidtag.items.push(*tag);
                continue;
            }
            let users = self.state.directory.users.keys();
            let tagged = users.filter(|user| self.state.directory.has_tag(user, *tag));
            let seen = tagged.filter(|user| self.state.sees(agent, user));
            found.users.extend(seen.cloned());
        }
        found.invalid.invalidtag.others.clone_from(&tags.others);
    }

    /// The members whom one more message reaches.
    fn not_flooded(&mut self, agent: AgentId, users: BTreeSet<UserId>) -> BTreeSet<UserId> {
        if !self.settings.strict {
            return users;
        }
        let now = self.state.now;
        let frequency = &mut self.state.frequency;
        let mut takes = |user: &UserId| {
            let name = format!("to:{agent}:{}", user.as_str().to_ascii_lowercase());
            let allowed = frequency.allows(&name, &TO_ONE, 1, now);
            if allowed {
                frequency.count(&name, &TO_ONE, 1, now);
            }
            allowed
        };
        users.into_iter().filter(|user| takes(user)).collect()
    }

    fn deliver(
        &mut self,
        agent: AgentId,
        content: &Content,
        found: Recipients,
    ) -> Result<Sent, ApiError> {
        if let Some(card) = content.card()
            && !card.task_id().is_empty()
        {
            self.needs_new_task(agent, card.task_id())?;
        }
        let licensed = number(self.state.directory.users.len());
        let a_day = [Quota::new(licensed.saturating_mul(PERSON_TIMES), DAY_MS)];
        let name = format!("message/send:{agent}");
        self.count_strictly(&name, &a_day, number(found.users.len()))?;

        let msgid = MsgId(self.state.token(64));
        let interactive = content.card().is_some_and(Card::is_interactive);
        for user in self.not_flooded(agent, found.users) {
            let chat = self.state.agent_chat(agent, &user);
            let by = Speaker::Application(agent.0);
            let spoken = Spoken::new(msgid.as_str().to_owned(), content.clone());
            self.post(&chat, by, spoken);
        }
        let now = self.state.now;
        self.state.sent.messages.insert(msgid.clone(), (agent, now));
        self.state.sent.trim(now);
        let response_code = interactive.then(|| self.new_card_code(agent, msgid.as_str()));
        Ok(Sent {
            msgid: Some(msgid),
            response_code,
            ..found.invalid
        })
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl Serve<SendMessage> for WeComWorld {
    fn serve(&mut self, call: SendMessage) -> Result<Sent, ApiError> {
        // What is wrong in itself comes before what is not there, and that
        // before what is not allowed.
        let to = Addressees::of(&call)?;
        check_safe(&call)?;
        let request = duplicate_key(&call)?;
        if let Some((_, seconds)) = &request
            && !(0..=LONGEST_DUPLICATE_S).contains(seconds)
        {
            let problem = "duplicate_check_interval must be at most 14400";
            return Err(refuse_with(40058, problem));
        }
        let content = self.prepare(&call.message)?;
        self.state.application(call.agentid)?;
        let found = self.recipients(call.agentid, &to);
        if found.users.is_empty() {
            return Err(refuse(81013).with_details(fields_of(&found.invalid)));
        }
        self.needs_own_agent(call.agentid)?;
        let now = self.state.now;
        if let Some((key, _)) = &request
            && let Some((answer, until)) = self.state.sent.duplicates.get(key)
            && now < *until
            && let Ok(sent) = serde_json::from_value(answer.clone())
        {
            return Ok(sent);
        }
        let sent = self.deliver(call.agentid, &content, found)?;
        if let Some((key, seconds)) = request {
            let until = self.later(seconds.saturating_mul(1000));
            let answer = Value::Object(fields_of(&sent));
            self.state.sent.duplicates.insert(key, (answer, until));
        }
        Ok(sent)
    }
}

fn check_safe(call: &SendMessage) -> Result<(), ApiError> {
    let is = |kind: &str| call.message.msgtype() == kind;
    match call.safe {
        Some(Safe::On) if is("news") => Err(refuse(40074)),
        Some(Safe::Inside) if is("mpnews") => Ok(()),
        None | Some(Safe::Off | Safe::On) => Ok(()),
        Some(_) => Err(refuse_with(40058, "safe must be 0 or 1")),
    }
}

/// What tells a request from another, and for how many seconds it is remembered.
fn duplicate_key(call: &SendMessage) -> Result<Option<(String, i64)>, ApiError> {
    if call.enable_duplicate_check != Some(Flag(true)) {
        return Ok(None);
    }
    let seconds = call.duplicate_check_interval.unwrap_or(DUPLICATE_S);
    let written =
        serde_json::to_vec(call).map_err(|error| refuse_with(40058, &error.to_string()))?;
    let digest = mynah_crypto::hex(&mynah_crypto::md5(&written));
    Ok(Some((digest, seconds)))
}

fn fields_of(sent: &Sent) -> Map<String, Value> {
    match serde_json::to_value(sent) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

impl Serve<RecallMessage> for WeComWorld {
    fn serve(&mut self, call: RecallMessage) -> Result<Empty, ApiError> {
        let sent = self.state.sent.messages.get(&call.msgid).copied();
        let (agent, at) = sent.ok_or_else(|| refuse_with(40058, "msgid is unknown"))?;
        if agent != self.caller.agent {
            return Err(refuse_with(40058, "msgid is another application's"));
        }
        if self.state.now.0.saturating_sub(at.0) >= limits::RECALL_MS {
            return Err(refuse(42052));
        }
        for (chat, seq) in self.state.archive.places(call.msgid.as_str()).to_vec() {
            if let Some(spoken) = self.state.archive.message_mut(&chat, seq) {
                spoken.recalled = true;
                self.changed_entry(&chat, seq);
            }
        }
        Ok(Empty)
    }
}

impl Serve<UpdateTemplateCard> for WeComWorld {
    fn serve(&mut self, call: UpdateTemplateCard) -> Result<Unreached, ApiError> {
        let change = match (&call.button, &call.template_card) {
            (Some(button), None) if button.replace_name.is_empty() => {
                return Err(refuse_with(40063, "button.replace_name is missing"));
            }
            (Some(button), None) => Change::Button(button.replace_name.clone()),
            (None, Some(card)) => {
                template(card)?;
                Change::Face(Box::new(card.clone()))
            }
            _ => return Err(refuse_with(40058, "give either button or template_card")),
        };
        self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        let msgid = self.card_of_code(call.agentid, &call.response_code)?;
        let (users, invaliduser) = self.watchers(&call)?;
        self.use_card_code(&call.response_code);
        self.change_cards(&msgid, &users, &change);
        Ok(Unreached { invaliduser })
    }
}

impl WeComWorld {
    /// Those whose card is to change, and those who are nobody.
    fn watchers(
        &self,
        call: &UpdateTemplateCard,
    ) -> Result<(BTreeSet<UserId>, Vec<UserId>), ApiError> {
        let directory = &self.state.directory;
        if call.atall == Some(Flag(true)) {
            return Ok((directory.users.keys().cloned().collect(), Vec::new()));
        }
        let ids = call.userids.as_deref().unwrap_or_default();
        let parties = call.partyids.as_deref().unwrap_or_default();
        let tags = call.tagids.as_deref().unwrap_or_default();
        if ids.is_empty() && parties.is_empty() && tags.is_empty() {
            return Err(refuse(82001));
        }
        let (known, unknown): (Vec<_>, Vec<_>) =
            ids.iter().partition(|id| directory.users.contains_key(*id));
        let mut users: BTreeSet<UserId> = known.into_iter().cloned().collect();
        for party in parties {
            let members = directory.members(*party, true);
            users.extend(members.map(|user| user.userid.clone()));
        }
        for tag in tags {
            let tagged = directory.users.keys();
            users.extend(tagged.filter(|user| directory.has_tag(user, *tag)).cloned());
        }
        Ok((users, unknown.into_iter().cloned().collect()))
    }
}

impl Serve<UpdateTaskcard> for WeComWorld {
    fn serve(&mut self, call: UpdateTaskcard) -> Result<Unreached, ApiError> {
        self.state.application(call.agentid)?;
        self.needs_own_agent(call.agentid)?;
        let task = call.task_id.as_str();
        let (agent, msgid) = self
            .task_of(call.agentid, task)
            .ok_or_else(|| refuse(42016))?;
        if agent != call.agentid {
            return Err(refuse(42015));
        }
        let known = |user: &UserId| self.state.directory.users.contains_key(user);
        let (users, unknown): (Vec<UserId>, Vec<UserId>) =
            call.userids.into_iter().partition(known);
        let change = Change::Button(call.replace_name);
        self.change_cards(&msgid, &users.into_iter().collect(), &change);
        Ok(Unreached {
            invaliduser: unknown,
        })
    }
}
