//! What persons do; the front page of [`wecom`](crate::wecom) has the table.

use mynah_wecom::event::{BatchJob, Callback, Event, Following, JobDone, Kind, Position, Pressed};
use mynah_wecom::{AgentId, ChatId, UserId};
use serde_json::{Value, json};

use super::archive::{Chat, Speaker};
use super::effect::Effect;
use super::limits;
use super::state::Group;
use super::view::BOT;
use super::world::WeComWorld;
use crate::archive::{Bilingual, LineKind};
use crate::details::Details;
use crate::frame::{Framed as _, trim};
use crate::world::{Act, Rejected};

impl WeComWorld {
    pub(super) fn person_acts(&mut self, act: &Act) -> Result<Value, Rejected> {
        let who = self.person("who", &act.who)?;
        let details = Details(&act.details);
        match act.action.as_str() {
            "create" => self.create(&who, details),
            "join" => self.join(&who, details),
            "leave" => self.leave(&who, details),
            "rename" => self.rename(&who, details),
            "invite" => self.invite(&who, details),
            "remove" | "kick" => self.remove(&who, details),
            "owner" => self.hand_over(&who, details),
            "read" => self.read(&who, details),
            "enter" => self.enter(&who, details),
            "subscribe" => self.subscribe(&who, details, true),
            "unsubscribe" => self.subscribe(&who, details, false),
            "location" => self.report_location(&who, details),
            "menu" => self.press_menu(&who, details, None),
            "press" => self.press(&who, details),
            "feedback" => self.rate(&who, details),
            "sign_in" => Ok(self.sign_in(&who)),
            "batch_job" => self.batch_job(&who, details),
            "event" => self.other_event(&who, details),
            kind if super::menu::KINDS.contains(&kind) => {
                self.press_menu(&who, details, Some(kind))
            }
            _ => Err(Rejected::bad("action", "there is no such action")),
        }
    }

    /// Makes a group. As no application has made it, none can write into it.
    fn create(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let name = group_name(details)?.to_owned();
        let mut members = vec![who.clone()];
        let mut bot = false;
        for name in details.names("members")? {
            if self.is_bot_named(&name) {
                bot = true;
                continue;
            }
            let user = self.person("members", &name)?;
            if !members.contains(&user) {
                members.push(user);
            }
        }
        if members.len() > self.settings.group_members {
            return Err(Rejected::forbidden(
                "members",
                "are more than a group holds",
            ));
        }
        if self.state.groups.len() >= limits::GROUPS {
            return Err(Rejected::forbidden("name", "there are too many groups"));
        }
        let id = ChatId::from(format!("wr{}", self.state.word(30)));
        let group = Group {
            name,
            owner: who.clone(),
            members,
            agent: AgentId::default(),
            visible: true,
            bot,
        };
        self.state.groups.insert(id.clone(), group);
        let by = self.display(who);
        let text = Bilingual::new(
            format!("{by} created the group"),
            format!("{by} 创建了群聊"),
        );
        self.tell_group(&id, LineKind::Join, who, text);
        Ok(json!({ "id": id }))
    }

    fn join(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        let most = self.settings.group_members;
        let group = self.group_mut(&id)?;
        if group.has(who) {
            return Err(Rejected::forbidden("who", "is a member already"));
        }
        if group.members.len() >= most {
            return Err(Rejected::forbidden("group", "is full"));
        }
        group.members.push(who.clone());
        let name = self.display(who);
        let text = Bilingual::new(format!("{name} joined"), format!("{name} 加入了群聊"));
        self.tell_group(&id, LineKind::Join, who, text);
        Ok(json!({}))
    }

    fn leave(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_of(who, details)?;
        let name = self.display(who);
        let text = Bilingual::new(format!("{name} left"), format!("{name} 退出了群聊"));
        self.tell_group(&id, LineKind::Leave, who, text);
        self.take_out(&id, who);
        Ok(json!({}))
    }

    fn take_out(&mut self, id: &ChatId, user: &UserId) {
        if let Some(group) = self.state.groups.get_mut(id) {
            group.remove(user);
            if group.members.is_empty() {
                self.state.groups.remove(id);
            }
        }
    }

    fn rename(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_of(who, details)?;
        let name = group_name(details)?;
        name.clone_into(&mut self.group_mut(&id)?.name);
        let by = self.display(who);
        let text = Bilingual::new(
            format!("{by} named the group “{name}”"),
            format!("{by} 修改群名为「{name}」"),
        );
        self.tell_group(&id, LineKind::Rename, who, text);
        Ok(json!({}))
    }

    fn invite(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_of(who, details)?;
        let target = details.needs_name("target")?;
        let most = self.settings.group_members;
        let name = if self.is_bot_named(&target) {
            let group = self.group_mut(&id)?;
            if std::mem::replace(&mut group.bot, true) {
                return Err(Rejected::forbidden("target", "is in the group already"));
            }
            self.seed.bot.name.clone()
        } else {
            let user = self.person("target", &target)?;
            let group = self.group_mut(&id)?;
            if group.has(&user) {
                return Err(Rejected::forbidden("target", "is a member already"));
            }
            if group.members.len() >= most {
                return Err(Rejected::forbidden("group", "is full"));
            }
            group.members.push(user.clone());
            self.display(&user)
        };
        let by = self.display(who);
        let text = Bilingual::new(
            format!("{by} invited {name}"),
            format!("{by} 邀请 {name} 加入了群聊"),
        );
        self.tell_group(&id, LineKind::Join, who, text);
        Ok(json!({}))
    }

    /// Only the owner takes people out; the bot anybody.
    fn remove(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_of(who, details)?;
        let target = details.needs_name("target")?;
        let name = if self.is_bot_named(&target) {
            let group = self.group_mut(&id)?;
            if !std::mem::replace(&mut group.bot, false) {
                return Err(Rejected::forbidden("target", "is not in the group"));
            }
            self.seed.bot.name.clone()
        } else {
            let user = self.person("target", &target)?;
            let group = self.group_mut(&id)?;
            if group.owner != *who {
                return Err(Rejected::forbidden("who", "must own the group"));
            }
            if user == *who || !group.has(&user) {
                return Err(Rejected::forbidden("target", "must be another member"));
            }
            group.remove(&user);
            self.display(&user)
        };
        let by = self.display(who);
        let text = Bilingual::new(
            format!("{by} removed {name}"),
            format!("{by} 将 {name} 移出了群聊"),
        );
        self.tell_group(&id, LineKind::Kick, who, text);
        Ok(json!({}))
    }

    /// Makes another member the owner.
    fn hand_over(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_of(who, details)?;
        let user = self.person("target", &details.needs_name("target")?)?;
        let group = self.group_mut(&id)?;
        if group.owner != *who {
            return Err(Rejected::forbidden("who", "must own the group"));
        }
        if user == *who || !group.has(&user) {
            return Err(Rejected::forbidden("target", "must be another member"));
        }
        group.owner = user.clone();
        let owner = self.display(&user);
        let text = Bilingual::new(
            format!("{owner} owns the group now"),
            format!("{owner} 成为新群主"),
        );
        self.tell_group(&id, LineKind::Admin, who, text);
        Ok(json!({}))
    }

    fn tell_group(&mut self, id: &ChatId, kind: LineKind, who: &UserId, text: Bilingual) {
        let chat = Chat::Group(id.as_str().to_owned());
        self.line(&chat, kind, &Speaker::Person(who.clone()), text);
        self.changed_conversations();
    }

    fn read(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let chat = self.conversation("conversation", details.needs_text("conversation")?)?;
        if !self.state.takes_part(who, &chat) {
            return Err(Rejected::forbidden("conversation", "is not theirs"));
        }
        Ok(json!({}))
    }

    /// Opens the chat with an application, or with the intelligent bot.
    fn enter(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        match self.partner_in(who, details)? {
            Chat::Bot(_) => self.tell_entered(who),
            chat => {
                let agent = self.agent_in(&chat);
                let event_key = details.text_or("key", "")?.to_owned();
                let application = self.state.applications.get(&agent);
                if application.is_some_and(|it| it.report_enter) {
                    self.tell_event(agent, who, Event::EnterAgent(Pressed { event_key }));
                }
            }
        }
        Ok(json!({}))
    }

    /// Begins or ends to follow an application.
    fn subscribe(
        &mut self,
        who: &UserId,
        details: Details<'_>,
        follow: bool,
    ) -> Result<Value, Rejected> {
        let chat = self.partner_in(who, details)?;
        if let Chat::Bot(_) = chat {
            return Err(Rejected::bad("target", "must be an application"));
        }
        let agent = self.agent_in(&chat);
        let application = self.state.applications.get_mut(&agent);
        let application = application
            .ok_or_else(|| Rejected::missing("target", "there is no such application"))?;
        let changed = if follow {
            application.unsubscribed.remove(who)
        } else {
            application.unsubscribed.insert(who.clone())
        };
        if !changed {
            return Err(Rejected::forbidden("who", "does so already"));
        }
        let name = self.display(who);
        let (text, event) = if follow {
            let text = Bilingual::new(format!("{name} follows"), format!("{name} 关注了应用"));
            (text, Event::Subscribe(Following::default()))
        } else {
            let text = Bilingual::new(
                format!("{name} does not follow any more"),
                format!("{name} 取消关注了应用"),
            );
            (text, Event::Unsubscribe(Following::default()))
        };
        self.line(&chat, LineKind::Friend, &Speaker::Person(who.clone()), text);
        self.tell_event(agent, who, event);
        Ok(json!({}))
    }

    fn report_location(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let chat = self.partner_in(who, details)?;
        let agent = self.agent_in(&chat);
        let application = self.state.applications.get(&agent);
        if !application.is_some_and(|it| it.report_location) {
            let problem = "does not ask for locations; agent/set changes it";
            return Err(Rejected::forbidden("target", problem));
        }
        let event = Event::Location(Position {
            latitude: details.decimal_or("latitude", 23.104)?.into(),
            longitude: details.decimal_or("longitude", 113.32)?.into(),
            precision: details.decimal_or("precision", 65.0)?.into(),
        });
        self.tell_event(agent, who, event);
        Ok(json!({}))
    }

    /// Opens a page that asks who it is: a code for `user/getuserinfo`.
    fn sign_in(&mut self, who: &UserId) -> Value {
        let code = self.state.token(43);
        let until = self.later(limits::OAUTH_MS);
        let visits = &mut self.state.codes.visits;
        visits.insert(code.clone(), (who.clone(), until));
        trim(visits, limits::ISSUED, |(_, until)| *until);
        json!({ "code": code })
    }

    /// An asynchronous import that somebody started has ended.
    fn batch_job(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let job = BatchJob {
            job_id: match details.text("job_id")? {
                Some(id) => id.to_owned(),
                None => self.state.token(43),
            },
            job_type: details.text_or("job_type", "sync_user")?.to_owned(),
            err_code: details.number_or("err_code", 0)?,
            err_msg: details.text_or("err_msg", "ok")?.to_owned(),
        };
        let event = Event::BatchJobResult(JobDone { batch_job: job });
        let callback = self.callback(who.clone(), Kind::Event(event));
        self.effect(Effect::Application(Box::new(callback)));
        Ok(json!({}))
    }

    /// Any other event, which comes from parts of WeCom that are not here:
    /// approvals, customers, customer service.
    fn other_event(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let xml = details.needs_text("xml")?;
        let read = Callback::read(xml);
        let read = read.map_err(|error| Rejected::bad("xml", error.to_string()))?;
        let Kind::Event(_) = read.kind else {
            return Err(Rejected::bad("xml", "must be an event"));
        };
        let callback = Callback {
            extra: read.extra,
            agent_id: read.agent_id,
            ..self.callback(who.clone(), read.kind)
        };
        self.effect(Effect::Application(Box::new(callback)));
        Ok(json!({}))
    }
}

/// What a group is to be called.
fn group_name(details: Details<'_>) -> Result<&str, Rejected> {
    let name = details.needs_text("name")?;
    if !(1..=limits::GROUP_NAME_CHARS).contains(&name.chars().count()) {
        return Err(Rejected::bad("name", "must have 1 to 50 characters"));
    }
    Ok(name)
}

/// Names and ids.
impl WeComWorld {
    /// A member by id or name.
    pub(super) fn person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        let users = &self.state.directory.users;
        if let Some(user) = users.get(&UserId::from(name)) {
            return Ok(user.userid.clone());
        }
        let mut others = users.values();
        let named = others.find(|user| user.name == name);
        let named = named.map(|user| user.userid.clone());
        named.ok_or_else(|| Rejected::missing(field, "there is no member of this name or id"))
    }

    /// Whether a name means the intelligent bot rather than an application.
    fn is_bot_named(&self, name: &str) -> bool {
        name == BOT || self.is_intelligent_bot(name)
    }

    pub(super) fn is_intelligent_bot(&self, name: &str) -> bool {
        name == self.seed.bot.id || name == self.seed.bot.name
    }

    /// Whether `bot` means the intelligent bot: only when nobody else can be
    /// reached.
    fn bot_is_intelligent(&self) -> bool {
        !self.reach.application && self.reach.bot.is_some()
    }

    /// A conversation as `speaker` names it: `user:bot`, `user:1000002`,
    /// `user:aib-sandbox`, `group:general`.
    pub(super) fn chat(&self, field: &str, name: &str, speaker: &UserId) -> Result<Chat, Rejected> {
        let full = name;
        let (kind, name) = name.split_once(':').unwrap_or_default();
        match kind {
            // The conversation itself, as the list of all calls it.
            "user" | "bot" | "agent" if self.is_own(full, speaker) => full
                .parse()
                .map_err(|()| Rejected::missing(field, "there is none")),
            "user" | "bot" => self.partner_named(field, name, speaker),
            "group" => Ok(Chat::Group(self.group_named(field, name)?.into())),
            _ => Err(Rejected::bad(
                field,
                "must be `user:<name or id>` or `group:<name or id>`",
            )),
        }
    }

    /// Whether this is the id of a conversation of two that somebody has.
    fn is_own(&self, id: &str, who: &UserId) -> bool {
        let chat = self.conversation("conversation", id);
        chat.is_ok_and(|chat| chat.person() == Some(who))
    }

    fn partner_named(&self, field: &str, name: &str, speaker: &UserId) -> Result<Chat, Rejected> {
        if name == BOT {
            return Ok(if self.bot_is_intelligent() {
                Chat::Bot(speaker.clone())
            } else {
                Chat::User(speaker.clone())
            });
        }
        if let Some(agent) = name.parse().ok().map(AgentId)
            && self.state.applications.contains_key(&agent)
        {
            return Ok(self.state.agent_chat(agent, speaker));
        }
        if self.is_intelligent_bot(name) {
            return Ok(Chat::Bot(speaker.clone()));
        }
        let mut applications = self.state.applications.iter();
        if let Some((agent, _)) = applications.find(|(_, it)| it.name == name) {
            return Ok(self.state.agent_chat(*agent, speaker));
        }
        Err(Rejected::missing(
            field,
            "there is no bot of this name or id",
        ))
    }

    /// A conversation by its id, as it stands in the list of all.
    pub(super) fn conversation(&self, field: &str, id: &str) -> Result<Chat, Rejected> {
        let missing = || Rejected::missing(field, "there is no such conversation");
        let chat = match id.split_once(':') {
            Some(("group", name)) => Chat::Group(self.group_named(field, name)?.into()),
            _ => id.parse().map_err(|()| missing())?,
        };
        let exists = match &chat {
            Chat::Group(_) => true,
            Chat::User(user) | Chat::Bot(user) => self.state.directory.users.contains_key(user),
            Chat::Agent(agent, user) => {
                self.state.applications.contains_key(&AgentId(*agent))
                    && self.state.directory.users.contains_key(user)
            }
        };
        if exists { Ok(chat) } else { Err(missing()) }
    }

    fn group_named(&self, field: &str, name: &str) -> Result<ChatId, Rejected> {
        let id = ChatId::from(name);
        if self.state.groups.contains_key(&id) {
            return Ok(id);
        }
        let mut groups = self.state.groups.iter();
        let named = groups.find(|(_, group)| group.name == name);
        let named = named.map(|(id, _)| id.clone());
        named.ok_or_else(|| Rejected::missing(field, "there is no group of this name or id"))
    }

    /// The group that an act names.
    fn group_in(&self, details: Details<'_>) -> Result<ChatId, Rejected> {
        let name = details.needs_name("group")?;
        self.group_named("group", name.strip_prefix("group:").unwrap_or(&name))
    }

    /// The same, which somebody is a member of.
    fn group_of(&self, who: &UserId, details: Details<'_>) -> Result<ChatId, Rejected> {
        let id = self.group_in(details)?;
        match self.state.groups.get(&id) {
            Some(group) if group.has(who) => Ok(id),
            _ => Err(Rejected::forbidden("group", "is not theirs")),
        }
    }

    fn group_mut(&mut self, id: &ChatId) -> Result<&mut Group, Rejected> {
        let group = self.state.groups.get_mut(id);
        group.ok_or_else(|| Rejected::missing("group", "there is no such group"))
    }

    /// The chat with an application or the bot that an act is about: the
    /// `conversation`, or the one with the `target`, or else with `bot`.
    pub(super) fn partner_in(&self, who: &UserId, details: Details<'_>) -> Result<Chat, Rejected> {
        if let Some(id) = details.text("conversation")? {
            return match self.conversation("conversation", id)? {
                Chat::Group(_) => Err(Rejected::bad("conversation", "must not be a group")),
                chat if self.state.takes_part(who, &chat) => Ok(chat),
                _ => Err(Rejected::forbidden("conversation", "is not theirs")),
            };
        }
        let name = details.name("target")?;
        let name = name.as_deref().unwrap_or(BOT);
        self.partner_named("target", name.strip_prefix("user:").unwrap_or(name), who)
    }

    /// The application of a conversation.
    pub(super) fn agent_in(&self, chat: &Chat) -> AgentId {
        match chat {
            Chat::Agent(agent, _) => AgentId(*agent),
            _ => self.state.main,
        }
    }
}
