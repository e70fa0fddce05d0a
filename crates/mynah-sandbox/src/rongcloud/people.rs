//! What persons do; the front page of [`rongcloud`](crate::rongcloud) has the
//! table.

use mynah_rongcloud::event::{
    AuditOutcome, AuditResult, Audited, ChannelType, ChatroomCause, OnlineState, OnlineStatus,
};
use mynah_rongcloud::{ChatroomId, GroupId, MessageUid, UserId};
use serde_json::{Value, json};

use super::archive::Chat;
use super::effect::Effect;
use super::groups::{Full, Room};
use super::limits::ROOM_MESSAGES;
use super::sending::{Recalling, To};
use super::speech::USUAL_OS;
use super::users::Session;
use super::view::BOT;
use super::world::RongCloudWorld;
use crate::archive::{Bilingual, LineKind};
use crate::details::Details;
use crate::frame::Framed as _;
use crate::view::View as _;
use crate::world::{Act, Rejected};

impl RongCloudWorld {
    pub(super) fn person_acts(&mut self, act: &Act) -> Result<Value, Rejected> {
        let who = self.person("who", &act.who)?;
        let details = Details(&act.details);
        match act.action.as_str() {
            "connect" => self.connects(&who, details),
            "disconnect" => self.disconnects(&who, OnlineState::Offline),
            "logout" => self.disconnects(&who, OnlineState::LoggedOut),
            "create" => self.creates(&who, details),
            "join" | "enter" => self.joins(&who, details),
            "leave" | "quit" | "exit" => self.leaves(&who, details),
            "invite" => self.invites(&who, details),
            "remove" | "kick" => self.removes(&who, details),
            "rename" => self.renames(&who, details),
            "dismiss" => self.dismisses(&who, details),
            "recall" => self.recalls(&who, details),
            "blacklist" => self.blacklists(&who, details, true),
            "unblacklist" => self.blacklists(&who, details, false),
            "audit" => self.audits(details),
            "sms" => self.sms_code(details),
            "pushes" => Ok(self.view_pushes()),
            _ => Err(Rejected::bad("action", "there is no such action")),
        }
    }

    fn connects(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let token = details.text("token")?;
        let os = details.text_or("os", USUAL_OS)?.to_owned();
        let issued = self.state.users.may_connect(who, token, self.state.now);
        let issued = issued.map_err(|problem| Rejected::forbidden("who", problem))?;
        let number = self.state.number();
        let session = Session {
            id: format!("{:08x}-{number}", self.state.chance.next() >> 32),
            os,
            address: format!("127.0.0.1:{}", 10_000 + number % 50_000),
            issued,
        };
        self.state.users.connect(who.clone(), session.clone());
        self.state.rooms.came_online(who);
        self.tell_online(who, OnlineState::Online, session);
        Ok(json!({}))
    }

    fn disconnects(&mut self, who: &UserId, state: OnlineState) -> Result<Value, Rejected> {
        if self.go_offline(who, state) {
            Ok(json!({}))
        } else {
            Err(Rejected::forbidden("who", "is not connected"))
        }
    }

    /// Somebody's client is connected no longer, if it was.
    pub(super) fn go_offline(&mut self, who: &UserId, state: OnlineState) -> bool {
        let Some(session) = self.state.users.disconnect(who) else {
            return false;
        };
        self.state.rooms.went_offline(who, self.state.now);
        self.tell_online(who, state, session);
        true
    }

    fn tell_online(&mut self, who: &UserId, state: OnlineState, session: Session) {
        let status = OnlineStatus::new(who.clone(), state, self.state.now.0);
        self.effect(Effect::Online(vec![OnlineStatus {
            os: Some(session.os.as_str().into()),
            client_ip: Some(session.address),
            session_id: Some(session.id),
            ..status
        }]));
    }

    /// Makes a group, as the server of the application would for its user.
    fn creates(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let name = group_name(details)?;
        let mut members = vec![who.clone()];
        for name in details.names("members")? {
            let user = self.person("members", &name)?;
            if !members.contains(&user) {
                members.push(user);
            }
        }
        let id = GroupId::from(self.state.word(16));
        match self.state.groups.room_in(&id, &members, self.group_room()) {
            Err(Full::Group) => Err(Rejected::forbidden(
                "members",
                "are more than a group holds",
            )),
            Err(Full::User) => Err(Rejected::forbidden("members", "are in too many groups")),
            Ok(()) => {
                self.enter_group(&id, Some(name), &members, Some(who));
                Ok(json!({ "id": id }))
            }
        }
    }

    fn joins(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        match self.place_in(details)? {
            Place::Group(id) => self.add_to_group(&id, who, who, "who"),
            Place::Room(id) => {
                if self
                    .state
                    .users
                    .blocked_until(who, self.state.now)
                    .is_some()
                {
                    return Err(Rejected::forbidden("who", "is blocked"));
                }
                if self.state.rooms.is_blocked(&id, who, self.state.now) {
                    return Err(Rejected::forbidden("chatroom", "keeps them out (23409)"));
                }
                let messages = self.latest_in_room(&id, ROOM_MESSAGES);
                self.enter_room(std::slice::from_ref(who), &id);
                Ok(json!({ "messages": messages }))
            }
        }
    }

    fn leaves(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        match self.place_in(details)? {
            Place::Group(id) => {
                self.member_of(&id, who)?;
                self.leave_group(&id, std::slice::from_ref(who), None);
            }
            Place::Room(id) => {
                let room = self.state.rooms.get(&id);
                if !room.is_some_and(|room| room.has(who)) {
                    return Err(Rejected::forbidden("chatroom", "they are not there"));
                }
                self.leave_room(std::slice::from_ref(who), &id, ChatroomCause::Call);
            }
        }
        Ok(json!({}))
    }

    fn invites(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let user = self.person("target", &details.needs_name("target")?)?;
        self.add_to_group(&id, who, &user, "target")
    }

    fn add_to_group(
        &mut self,
        id: &GroupId,
        by: &UserId,
        user: &UserId,
        field: &str,
    ) -> Result<Value, Rejected> {
        let users = std::slice::from_ref(user);
        if self.state.groups.get(id).is_some_and(|it| it.has(user)) {
            return Err(Rejected::forbidden(field, "is a member already"));
        }
        match self.state.groups.room_in(id, users, self.group_room()) {
            Err(Full::Group) => return Err(Rejected::forbidden("group", "is full")),
            Err(Full::User) => return Err(Rejected::forbidden(field, "is in too many groups")),
            Ok(()) => self.enter_group(id, None, users, Some(by)),
        }
        Ok(json!({}))
    }

    fn removes(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let user = self.person("target", &details.needs_name("target")?)?;
        let group = self.state.groups.get(&id);
        if user == *who || !group.is_some_and(|group| group.has(&user)) {
            return Err(Rejected::forbidden("target", "must be another member"));
        }
        self.leave_group(&id, &[user], Some(who));
        Ok(json!({}))
    }

    fn renames(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        let name = group_name(details)?;
        self.rename_group(&id, name, who);
        Ok(json!({}))
    }

    fn dismisses(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.own_group(who, details)?;
        self.dismiss_group(&id);
        Ok(json!({}))
    }

    fn recalls(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let uid = MessageUid::from(details.needs_text("message")?);
        let missing = || Rejected::missing("message", "there is no such message");
        let (entry, spoken) = self.state.archive.find(&uid).ok_or_else(missing)?;
        if entry.by != *who {
            return Err(Rejected::forbidden("message", "is somebody else's"));
        }
        if spoken.recalled.is_some() {
            return Err(Rejected::forbidden("message", "has been recalled already"));
        }
        let sent = entry.time.0;
        let to = self.state.archive.place(&uid).cloned();
        let to = to.and_then(|(chat, _)| self.receiver(&chat, who));
        let to = to.ok_or_else(|| Rejected::forbidden("message", "cannot be recalled"))?;
        let session = self.state.users.session(who);
        let source = session.map_or(USUAL_OS, |session| &session.os).to_owned();
        self.recall(Recalling {
            by: who.clone(),
            to,
            uid,
            sent,
            is_admin: false,
            is_delete: false,
            extra: None,
            source,
        });
        Ok(json!({}))
    }

    /// Whom somebody speaks to in a conversation.
    fn receiver(&self, chat: &Chat, who: &UserId) -> Option<To> {
        let bot = &self.seed.bot.id;
        Some(match chat {
            Chat::User(user) if who == user => To::User(bot.clone()),
            Chat::User(user) => To::User(user.clone()),
            Chat::Private(one, other) if who == one => To::User(other.clone()),
            Chat::Private(one, _) => To::User(one.clone()),
            Chat::Group(id) => To::Group(id.clone()),
            Chat::Room(id) => To::Room(id.clone()),
            Chat::Discussion(id) => To::Discussion(id.as_str().into()),
            Chat::System(_) | Chat::Everybody => return None,
        })
    }

    fn blacklists(
        &mut self,
        who: &UserId,
        details: Details<'_>,
        add: bool,
    ) -> Result<Value, Rejected> {
        let other = [self.person("target", &details.needs_name("target")?)?];
        if !add {
            self.state.users.remove_from_blacklist(who, &other);
        } else if !self.state.users.add_to_blacklist(who, &other) {
            return Err(Rejected::forbidden("who", "has a full blacklist"));
        }
        Ok(json!({}))
    }

    /// Somebody looked through a message, and tells what they think of it.
    fn audits(&mut self, details: Details<'_>) -> Result<Value, Rejected> {
        let uid = MessageUid::from(details.needs_text("message")?);
        let missing = || Rejected::missing("message", "there is no such message");
        let (entry, spoken) = self.state.archive.find(&uid).ok_or_else(missing)?;
        let place = self.state.archive.place(&uid);
        let to = place.and_then(|(chat, _)| self.receiver(chat, &entry.by));
        let to = to.ok_or_else(|| Rejected::forbidden("message", "cannot be audited"))?;
        let audited = Audited {
            app_key: Some(self.seed.app.app_key().to_owned()),
            from_user_id: entry.by.clone(),
            target_id: to.target(),
            conversation_type: ChannelType::from(to.conversation_type()),
            object_name: spoken.body.object_name().into(),
            message: spoken.body.content().to_owned(),
            message_time: Some(entry.time.0),
            message_id: Some(uid.clone()),
            extra: serde_json::Map::new(),
        };
        let outcome = details.number_or("result", AuditOutcome::Passed.number())?;
        let result = AuditResult {
            service_provider: Some("sandbox".to_owned()),
            result_detail: Some("{}".to_owned()),
            ..AuditResult::new(outcome.into(), uid, &audited)
        };
        self.effect(Effect::Audit(Box::new(result)));
        Ok(json!({}))
    }
}

/// Groups, as they change by whoever changes them.
impl RongCloudWorld {
    /// How many members and groups there may be.
    pub(super) fn group_room(&self) -> Room {
        Room {
            members: self.settings.group_members,
            groups: self.settings.groups_per_user,
        }
    }

    /// People join a group, which is made if it is not there. Who takes them in
    /// is nobody where a call does.
    pub(super) fn enter_group(
        &mut self,
        id: &GroupId,
        name: Option<&str>,
        users: &[UserId],
        by: Option<&UserId>,
    ) {
        let newcomers = self.state.groups.add(id, name, users);
        self.group_line(id, LineKind::Join, &newcomers, by);
        self.changed_conversations();
    }

    /// People leave a group, or are taken out by somebody.
    pub(super) fn leave_group(&mut self, id: &GroupId, users: &[UserId], by: Option<&UserId>) {
        let gone = self.state.groups.remove(id, users);
        let kind = if by.is_some() {
            LineKind::Kick
        } else {
            LineKind::Leave
        };
        self.group_line(id, kind, &gone, by);
        self.changed_conversations();
    }

    pub(super) fn rename_group(&mut self, id: &GroupId, name: &str, by: &UserId) {
        if self.state.groups.rename(id, name.to_owned()) {
            let text = Bilingual::new(
                format!("the group is called “{name}” now"),
                format!("群名改为「{name}」"),
            );
            let chat = Chat::Group(id.clone());
            self.line(&chat, LineKind::Rename, by, text);
            self.changed_conversations();
        }
    }

    pub(super) fn dismiss_group(&mut self, id: &GroupId) {
        if self.state.groups.dismiss(id).is_some() {
            self.changed_conversations();
        }
    }

    /// Says who came or went.
    fn group_line(&mut self, id: &GroupId, kind: LineKind, users: &[UserId], by: Option<&UserId>) {
        let Some(first) = users.first() else {
            return;
        };
        let text = self.coming_and_going(kind, users);
        let by = by.unwrap_or(first).clone();
        self.line(&Chat::Group(id.clone()), kind, &by, text);
    }

    /// Names the first of those who came or went.
    pub(super) fn coming_and_going(&self, kind: LineKind, users: &[UserId]) -> Bilingual {
        /// As many as fit into a line.
        const NAMED: usize = 10;
        let named = users.iter().take(NAMED).map(|user| self.display(user));
        let named: Vec<String> = named.collect();
        let (mut en, mut zh) = (named.join(", "), named.join("、"));
        let all = users.len();
        if all > named.len() {
            en = format!("{en} and {} more", all - named.len());
            zh = format!("{zh}等 {all} 人");
        }
        match kind {
            LineKind::Join => Bilingual::new(format!("{en} joined"), format!("{zh} 加入了")),
            LineKind::Kick => Bilingual::new(format!("{en} was removed"), format!("{zh} 被移出了")),
            _ => Bilingual::new(format!("{en} left"), format!("{zh} 离开了")),
        }
    }
}

/// What a group is to be called.
fn group_name(details: Details<'_>) -> Result<&str, Rejected> {
    let name = details.needs_text("name")?;
    if !(1..=64).contains(&name.chars().count()) {
        return Err(Rejected::bad("name", "must have 1 to 64 characters"));
    }
    Ok(name)
}

/// A group or a chatroom.
enum Place {
    Group(GroupId),
    Room(ChatroomId),
}

/// Names and ids.
impl RongCloudWorld {
    /// Somebody by id or name.
    pub(super) fn person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        if name == BOT {
            return Ok(self.seed.bot.id.clone());
        }
        let users = &self.state.users;
        let id = UserId::from(name);
        if users.get(&id).is_some() {
            return Ok(id);
        }
        let mut all = users.all();
        let found = all.find(|(_, user)| user.name == name);
        let found = found.map(|(id, _)| id.clone());
        found.ok_or_else(|| Rejected::missing(field, "there is no user of this name or id"))
    }

    /// Whom somebody speaks to: `user:bot`, `user:bob`, `group:general`,
    /// `chatroom:lobby`, or a conversation as it stands in the list of all.
    pub(super) fn addressee(&self, field: &str, name: &str, who: &UserId) -> Result<To, Rejected> {
        let Some((kind, id)) = name.split_once(':') else {
            let problem = "must be `user:…`, `group:…`, `chatroom:…` or `discussion:…`";
            return Err(Rejected::bad(field, problem));
        };
        Ok(match kind {
            // Who looks at the own conversation with the application means it.
            "user" if id == who.as_str() => To::User(self.seed.bot.id.clone()),
            "user" => To::User(self.person(field, id)?),
            "group" => To::Group(self.group_named(field, id)?),
            "chatroom" => To::Room(self.room_named(field, id)?),
            "discussion" => To::Discussion(id.into()),
            _ => {
                let chat = self.conversation(field, name)?;
                match (&chat, self.receiver(&chat, who)) {
                    (Chat::Private(one, other), _) if who != one && who != other => {
                        return Err(Rejected::forbidden(field, "is not theirs"));
                    }
                    (_, Some(to)) => to,
                    (_, None) => To::System(who.clone()),
                }
            }
        })
    }

    /// A conversation by its id, as it stands in the list of all.
    pub(super) fn conversation(&self, field: &str, id: &str) -> Result<Chat, Rejected> {
        let missing = || Rejected::missing(field, "there is no such conversation");
        let chat: Chat = id.parse().map_err(|()| missing())?;
        let known = |user| self.state.users.get(user).is_some();
        let spoken_in = || self.newest(&chat).is_some();
        match &chat {
            Chat::Group(id) => Ok(Chat::Group(self.group_named(field, id.as_str())?)),
            Chat::Room(id) => Ok(Chat::Room(self.room_named(field, id.as_str())?)),
            Chat::User(user) | Chat::System(user) if known(user) || spoken_in() => Ok(chat),
            Chat::Private(one, other) if known(one) && known(other) || spoken_in() => Ok(chat),
            Chat::Discussion(_) if spoken_in() => Ok(chat),
            _ => Err(missing()),
        }
    }

    pub(super) fn group_named(&self, field: &str, name: &str) -> Result<GroupId, Rejected> {
        let id = GroupId::from(name);
        let groups = &self.state.groups;
        if groups.get(&id).is_some() {
            return Ok(id);
        }
        let mut all = groups.all();
        let found = all.find(|(_, group)| group.name == name);
        let found = found.map(|(id, _)| id.clone());
        found.ok_or_else(|| Rejected::missing(field, "there is no group of this name or id"))
    }

    pub(super) fn room_named(&self, field: &str, name: &str) -> Result<ChatroomId, Rejected> {
        let id = ChatroomId::from(name);
        let rooms = &self.state.rooms;
        if rooms.get(&id).is_some() {
            return Ok(id);
        }
        let mut all = rooms.all();
        let found = all.find(|(_, room)| room.name == name);
        let found = found.map(|(id, _)| id.clone());
        let problem = "there is no chatroom of this name or id (23410)";
        found.ok_or_else(|| Rejected::missing(field, problem))
    }

    /// The group or chatroom that an act names.
    fn place_in(&self, details: Details<'_>) -> Result<Place, Rejected> {
        if let Some(name) = details.name("chatroom")? {
            let name = name.strip_prefix("chatroom:").unwrap_or(&name);
            return self.room_named("chatroom", name).map(Place::Room);
        }
        let name = details.needs_name("group")?;
        if let Some(name) = name.strip_prefix("chatroom:") {
            return self.room_named("group", name).map(Place::Room);
        }
        self.group_in(details).map(Place::Group)
    }

    /// The group that an act names.
    fn group_in(&self, details: Details<'_>) -> Result<GroupId, Rejected> {
        let name = details.needs_name("group")?;
        self.group_named("group", name.strip_prefix("group:").unwrap_or(&name))
    }

    /// The same, which somebody is a member of.
    fn own_group(&self, who: &UserId, details: Details<'_>) -> Result<GroupId, Rejected> {
        let id = self.group_in(details)?;
        self.member_of(&id, who)?;
        Ok(id)
    }

    fn member_of(&self, id: &GroupId, who: &UserId) -> Result<(), Rejected> {
        match self.state.groups.get(id) {
            Some(group) if group.has(who) => Ok(()),
            _ => Err(Rejected::forbidden("group", "is not theirs")),
        }
    }
}
