//! What persons do; the front page of [`dingtalk`](crate::dingtalk) has the
//! table.

use mynah_dingtalk::DecodeError;
use mynah_dingtalk::api::chat::LONGEST_NAME;
use mynah_dingtalk::event::Callback;
use mynah_dingtalk::robot::RobotMessage;
use mynah_dingtalk::{ChatId, UserId};
use serde_json::{Value, json};

use super::archive::{Chat, Speaker};
use super::chats::{Group, NewGroup};
use super::effect::Effect;
use super::view::BOT;
use super::world::DingTalkWorld;
use crate::archive::{Bilingual, LineKind};
use crate::details::Details;
use crate::frame::Framed as _;
use crate::world::{Act, Rejected};

impl DingTalkWorld {
    pub(super) fn person_acts(&mut self, act: &Act) -> Result<Value, Rejected> {
        let who = self.person("who", &act.who)?;
        let details = Details(&act.details);
        match act.action.as_str() {
            "create" => self.create(&who, details),
            "join" => self.join(&who, details),
            "leave" | "quit" => self.leave(&who, details),
            "invite" => self.invite(&who, details),
            "remove" | "kick" => self.remove(&who, details),
            "rename" => self.rename(&who, details),
            "owner" => self.hand_over(&who, details),
            "disband" => self.disband(&who, details),
            "read" => self.read(&who, details),
            "recall" => self.recalled_by(&who, details),
            "press" => self.press_card(&who, details),
            "sign_in" => Ok(self.sign_in(&who)),
            "event" => self.other_event(details),
            _ => Err(Rejected::bad("action", "there is no such action")),
        }
    }

    /// Makes a group, with the robot only if it is among the members.
    fn create(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let name = group_name(details)?.to_owned();
        let mut members = vec![who.clone()];
        let mut robot = false;
        for name in details.names("members")? {
            if self.is_robot(&name) {
                robot = true;
            } else {
                members.push(self.person("members", &name)?);
            }
        }
        let made = self.create_group(NewGroup {
            name,
            owner: who.clone(),
            members,
            ..NewGroup::default()
        });
        let refused = |code| Rejected::forbidden("members", format!("is refused with {code}"));
        let id = made.map_err(refused)?.chatid;
        if let Some(group) = self.state.groups.get_mut(&id) {
            group.robot = robot;
        }
        let by = self.display(who);
        let text = Bilingual::new(
            format!("{by} created the group"),
            format!("{by} 创建了群聊"),
        );
        self.line_in(&id, LineKind::Join, &Speaker::Person(who.clone()), text);
        Ok(json!({ "id": id }))
    }

    fn join(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        self.add_to_group(&id, who, who)
    }

    fn leave(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        self.quit_group(&id, who);
        Ok(json!({}))
    }

    fn invite(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let target = details.needs_name("target")?;
        if self.is_robot(&target) {
            return self.set_robot(&id, who, true);
        }
        let user = self.person("target", &target)?;
        self.add_to_group(&id, who, &user)
    }

    /// Only the owner takes people out; the robot anybody.
    fn remove(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let target = details.needs_name("target")?;
        if self.is_robot(&target) {
            return self.set_robot(&id, who, false);
        }
        let user = self.person("target", &target)?;
        self.owned_by(&id, who)?;
        let group = self.state.groups.get(&id);
        if user == *who || !group.is_some_and(|group| group.has(&user)) {
            return Err(Rejected::forbidden("target", "must be another member"));
        }
        self.change_group(&id, who, |group| {
            group.remove(&user);
            Ok(())
        })
    }

    fn rename(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let name = group_name(details)?;
        self.change_group(&id, who, |group| {
            if group.flags.management && group.owner != *who {
                return Err(Rejected::forbidden("who", "only the owner changes it"));
            }
            name.clone_into(&mut group.name);
            Ok(())
        })
    }

    /// Makes another member the owner.
    fn hand_over(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let user = self.person("target", &details.needs_name("target")?)?;
        self.owned_by(&id, who)?;
        self.change_group(&id, who, |group| {
            if !group.has(&user) {
                return Err(Rejected::forbidden("target", "must be a member"));
            }
            group.owner = user;
            Ok(())
        })
    }

    fn disband(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        self.owned_by(&id, who)?;
        self.disband_group(&id, who);
        Ok(json!({}))
    }

    fn add_to_group(
        &mut self,
        id: &ChatId,
        who: &UserId,
        user: &UserId,
    ) -> Result<Value, Rejected> {
        let most = self.settings.group_members;
        let field = if who == user { "who" } else { "target" };
        self.change_group(id, who, |group| {
            if group.has(user) {
                return Err(Rejected::forbidden(field, "is a member already"));
            }
            if group.members.len() >= most {
                return Err(Rejected::forbidden("group", "is full"));
            }
            group.members.push(user.clone());
            Ok(())
        })
    }

    /// Changes a group as somebody wants it, and tells what has changed.
    fn change_group(
        &mut self,
        id: &ChatId,
        who: &UserId,
        change: impl FnOnce(&mut Group) -> Result<(), Rejected>,
    ) -> Result<Value, Rejected> {
        let group = self.state.groups.get_mut(id);
        let group = group.ok_or_else(|| Rejected::missing("group", "there is no such group"))?;
        let before = group.clone();
        change(group)?;
        self.tell_changes(id, &before, who, &Speaker::Person(who.clone()));
        Ok(json!({}))
    }

    fn set_robot(&mut self, id: &ChatId, who: &UserId, there: bool) -> Result<Value, Rejected> {
        self.change_group(id, who, |group| {
            if std::mem::replace(&mut group.robot, there) == there {
                let problem = if there {
                    "is in the group already"
                } else {
                    "is not in the group"
                };
                return Err(Rejected::forbidden("target", problem));
            }
            Ok(())
        })?;
        let (by, name) = (self.display(who), &self.seed.app.name);
        let (kind, text) = if there {
            let text = Bilingual::new(
                format!("{by} added {name}"),
                format!("{by} 添加了机器人 {name}"),
            );
            (LineKind::Join, text)
        } else {
            let text = Bilingual::new(
                format!("{by} removed {name}"),
                format!("{by} 移除了机器人 {name}"),
            );
            (LineKind::Kick, text)
        };
        self.line_in(id, kind, &Speaker::Person(who.clone()), text);
        Ok(json!({}))
    }

    /// Reads a message, or all of a conversation.
    fn read(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let places = match details.name("message")? {
            Some(id) => {
                let mut places = self.state.archive.places(id.as_ref()).to_vec();
                places.retain(|(chat, _)| self.state.takes_part(who, chat));
                if places.is_empty() {
                    return Err(Rejected::missing("message", "there is no such message"));
                }
                places
            }
            None => self.places_in(who, details)?,
        };
        for (chat, seq) in places {
            self.read_one(who, &chat, seq);
        }
        Ok(json!({}))
    }

    /// All messages of a conversation, oldest first.
    fn places_in(&self, who: &UserId, details: Details<'_>) -> Result<Vec<(Chat, u64)>, Rejected> {
        let chat = self.chat("conversation", details.needs_text("conversation")?, who)?;
        if !self.state.takes_part(who, &chat) {
            return Err(Rejected::forbidden("conversation", "is not theirs"));
        }
        let entries = self.state.archive.entries(&chat);
        Ok(entries.map(|entry| (chat.clone(), entry.seq)).collect())
    }

    fn read_one(&mut self, who: &UserId, chat: &Chat, seq: u64) {
        let Some(entry) = self.state.archive.entry(chat, seq) else {
            return;
        };
        let Some(spoken) = entry.message() else {
            return;
        };
        // Nobody reads their own words.
        if spoken.recalled || entry.by == Speaker::Person(who.clone()) {
            return;
        }
        let id = spoken.id.clone();
        let (now, number) = (self.state.now, self.state.number());
        let archive = &mut self.state.archive;
        if archive.mark_read((chat, seq), who, now, number) {
            self.changed_entry(chat, seq);
            self.robot_read(&id, who);
        }
    }

    /// Any other event, which comes from parts of DingTalk that are not here:
    /// approvals, attendance, contacts.
    fn other_event(&mut self, details: Details<'_>) -> Result<Value, Rejected> {
        let wrong = |problem: String| Rejected::bad("event", problem);
        let event = details.get("event");
        let event = event.ok_or_else(|| Rejected::bad("event", "is required"))?;
        let read = Callback::from_slice(event.to_string().as_bytes());
        let read = read.map_err(|error: DecodeError| wrong(error.to_string()))?;
        if read.is_check() {
            return Err(wrong("must be an event".to_owned()));
        }
        let made = self.made(read.kind);
        self.effect(Effect::Event(Box::new(Callback {
            extra: read.extra,
            ..made
        })));
        Ok(json!({}))
    }

    /// Nobody could tell the robot what somebody said.
    pub fn robot_unreached(&mut self, message: &RobotMessage) {
        let Some(chat) = self.chat_of(&message.conversation_id) else {
            return;
        };
        let name = &self.seed.app.name;
        let text = Bilingual::new(
            format!("{name} could not be reached"),
            format!("{name} 未能收到消息"),
        );
        self.line(&chat, LineKind::Status, &Speaker::App, text);
    }
}

/// What a group is to be called.
fn group_name(details: Details<'_>) -> Result<&str, Rejected> {
    let name = details.needs_text("name")?;
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        let problem = format!("must have 1 to {LONGEST_NAME} characters");
        return Err(Rejected::bad("name", problem));
    }
    Ok(name)
}

/// Names and ids.
impl DingTalkWorld {
    /// A member by id or name.
    pub(super) fn person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        let directory = &self.state.directory;
        let user = directory.user(&UserId::from(name));
        let user = user.or_else(|| directory.users().find(|user| user.name == name));
        let user = user.map(|user| user.userid.clone());
        user.ok_or_else(|| Rejected::missing(field, "there is no member of this name or id"))
    }

    /// Whether a name means the robot.
    pub(super) fn is_robot(&self, name: &str) -> bool {
        [BOT, &self.seed.app.key, &self.seed.app.name].contains(&name)
    }

    /// A conversation as `speaker` names it: `user:bot`, `group:general`, or
    /// as it stands in the list of all.
    pub(super) fn chat(&self, field: &str, name: &str, speaker: &UserId) -> Result<Chat, Rejected> {
        match name.split_once(':') {
            Some(("user", name)) if self.is_robot(name) || *name == *speaker.as_str() => {
                Ok(Chat::User(speaker.clone()))
            }
            Some(("user", _)) => Err(Rejected::missing(
                field,
                "there is no robot of this name or id",
            )),
            Some(("group", name)) => Ok(Chat::Group(self.group_named(field, name)?)),
            _ => Err(Rejected::bad(
                field,
                "must be `user:<name or id>` or `group:<name or id>`",
            )),
        }
    }

    /// A conversation by its id, as it stands in the list of all.
    pub(super) fn conversation(&self, field: &str, id: &str) -> Result<Chat, Rejected> {
        let missing = || Rejected::missing(field, "there is no such conversation");
        match id.split_once(':') {
            Some(("group", name)) => Ok(Chat::Group(self.group_named(field, name)?)),
            Some(("user", name)) => {
                let user = self.state.directory.user(&UserId::from(name));
                let user = user.map(|user| Chat::User(user.userid.clone()));
                user.ok_or_else(missing)
            }
            _ => Err(missing()),
        }
    }

    fn group_named(&self, field: &str, name: &str) -> Result<ChatId, Rejected> {
        let id = ChatId::from(name);
        if self.state.groups.contains_key(&id) {
            return Ok(id);
        }
        // Of two groups of one name, the one that still stands is meant.
        let groups = self.state.groups.iter();
        let named = groups
            .filter(|(_, group)| group.name == name || group.open_conversation_id.as_str() == name);
        let named = named.min_by_key(|(_, group)| group.disbanded);
        let named = named.map(|(id, _)| id.clone());
        named.ok_or_else(|| Rejected::missing(field, "there is no group of this name or id"))
    }

    /// The group that an act names.
    fn group_in(&self, details: Details<'_>) -> Result<ChatId, Rejected> {
        let name = details.needs_name("group")?;
        let id = self.group_named("group", name.strip_prefix("group:").unwrap_or(&name))?;
        if self.state.standing(&id).is_none() {
            return Err(Rejected::forbidden("group", "was disbanded"));
        }
        Ok(id)
    }

    /// The same, which somebody is a member of.
    fn own_group(&self, who: &UserId, details: Details<'_>) -> Result<ChatId, Rejected> {
        let id = self.group_in(details)?;
        match self.state.groups.get(&id) {
            Some(group) if group.has(who) => Ok(id),
            _ => Err(Rejected::forbidden("group", "is not theirs")),
        }
    }

    fn owned_by(&self, id: &ChatId, who: &UserId) -> Result<(), Rejected> {
        let group = self.state.groups.get(id);
        if group.is_some_and(|group| group.owner == *who) {
            return Ok(());
        }
        Err(Rejected::forbidden("who", "must own the group"))
    }
}
