//! What people do; the front page of [`bearychat`](crate::bearychat) has the
//! table.

use mynah_bearychat::limits::{channel_name, is_user_name};
use mynah_bearychat::{UserId, VchannelId};
use serde_json::{Value, json};

use super::chat::Chat;
use super::limits;
use super::refusal::{Refusal, rejected};
use super::users::User;
use super::vchannels::Vchannel;
use super::view::BOT;
use super::world::BearyChatWorld;
use crate::details::Details;
use crate::frame::Framed;
use crate::world::{Act, Rejected};

impl BearyChatWorld {
    pub(super) fn person_acts(&mut self, act: &Act) -> Result<Value, Rejected> {
        let who = self.active_person("who", &act.who)?;
        let details = Details(&act.details);
        match act.action.as_str() {
            "create" => self.creates(&who, details),
            "session" => self.gathers(&who, details),
            "convert" => self.converts(&who, details),
            "join" => self.joins(&who, details),
            "leave" => self.leaves(&who, details),
            "invite" => self.invites(&who, details),
            "kick" => self.kicks(&who, details),
            "archive" => self.archives(&who, details, true),
            "unarchive" => self.archives(&who, details, false),
            "rename" => self.renames(&who, details),
            "deactivate" => self.closes(&who, details, true),
            "activate" => self.closes(&who, details, false),
            action => self
                .does_to_message(&who, action, details)
                .unwrap_or_else(|| Err(Rejected::bad("action", "there is no such action"))),
        }
    }

    fn creates(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let name = named_channel(details)?;
        let topic = details.text("topic")?.map(str::to_owned);
        let private = details.switch_or("private", false)?;
        let members = self.people_in("members", details)?;
        let refused = |refusal: Refusal| refusal.rejected("members");
        for member in &members {
            self.may_be_invited(member).map_err(refused)?;
        }
        let id = self.create_channel(who, name, topic, private);
        let id = id.map_err(|refusal| refusal.rejected("who"))?;
        for member in &members {
            self.invite_to_channel(who, &id, member).map_err(refused)?;
        }
        Ok(json!({ "id": id }))
    }

    fn gathers(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let members = self.people_in("members", details)?;
        let name = match details.get("name") {
            Some(_) => Some(named_channel(details)?),
            None => None,
        };
        let id = self.create_session(who, &members, name);
        let id = id.map_err(|refusal| refusal.rejected("members"))?;
        Ok(json!({ "id": id }))
    }

    fn converts(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        let name = named_channel(details)?;
        let private = details.switch_or("private", true)?;
        done(self.convert_session(who, &id, name, private), "group")
    }

    fn joins(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        done(self.join_channel(who, &id), "group")
    }

    fn leaves(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        let left = if self.is_session(&id) {
            self.leave_session(who, &id)
        } else {
            self.leave_channel(who, &id)
        };
        done(left, "group")
    }

    fn invites(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        let target = self.person("target", &details.needs_name("target")?)?;
        let invited = if self.is_session(&id) {
            self.invite_to_session(who, &id, &target)
        } else {
            self.invite_to_channel(who, &id, &target)
        };
        done(invited, "group")
    }

    fn kicks(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        let target = self.person("target", &details.needs_name("target")?)?;
        let kicked = if self.is_session(&id) {
            self.kick_from_session(who, &id, &target)
        } else {
            self.kick_from_channel(who, &id, &target)
        };
        done(kicked, "target")
    }

    fn archives(
        &mut self,
        who: &UserId,
        details: Details<'_>,
        archived: bool,
    ) -> Result<Value, Rejected> {
        let id = self.group_in(details)?;
        let done_so = match (self.is_session(&id), archived) {
            (true, true) => self.archive_session(who, &id),
            (true, false) => Err(Refusal::Forbidden("stays in the archive")),
            (false, _) => self.archive_channel(who, &id, archived),
        };
        done(done_so, "group")
    }

    fn renames(&mut self, who: &UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let name = details.text("name")?.map(str::to_owned);
        let full_name = details.text("full_name")?.map(str::to_owned);
        done(self.rename(who, name, full_name), "who")
    }

    /// Whoever looks after the team closes and opens accounts.
    fn closes(
        &mut self,
        who: &UserId,
        details: Details<'_>,
        closed: bool,
    ) -> Result<Value, Rejected> {
        let target = self.person("target", &details.needs_name("target")?)?;
        let user = self.user(who).map_err(|refusal| refusal.rejected("who"))?;
        if !user.runs_the_team() {
            return Err(Rejected::forbidden("who", "does not look after the team"));
        }
        if target == *who {
            return Err(Rejected::bad("target", "must be somebody else"));
        }
        if let Some(user) = self.state.users.get_mut(&target) {
            user.inactive = closed;
        }
        self.changed_conversations();
        Ok(json!({}))
    }

    /// Somebody is called otherwise from now on. What is not given stays.
    pub(super) fn rename(
        &mut self,
        who: &UserId,
        name: Option<String>,
        full_name: Option<String>,
    ) -> Result<(), Refusal> {
        let bad = |parameter, problem| Err(Refusal::Bad { parameter, problem });
        if name.as_ref().is_some_and(|name| !is_user_name(name)) {
            return bad(
                "name",
                "must be 1 to 32 English letters, digits, `_`, `.` and `-`",
            );
        }
        let length = full_name.as_ref().map_or(1, String::len);
        if !(1..=limits::FULL_NAME_BYTES).contains(&length) {
            return bad("full_name", "must have 1 to 1024 bytes");
        }
        let holder = name.as_ref().and_then(|name| self.state.users.named(name));
        if holder.is_some_and(|holder| holder != who) {
            return Err(Refusal::Taken);
        }
        self.user(who)?;
        if let Some(user) = self.state.users.get_mut(who) {
            if let Some(name) = name {
                user.name = name;
            }
            if full_name.is_some() {
                user.full_name = full_name;
            }
        }
        self.changed_conversations();
        Ok(())
    }

    fn is_session(&self, id: &VchannelId) -> bool {
        let found = self.state.vchannels.get(id);
        found.is_some_and(Vchannel::is_session)
    }

    fn may_be_invited(&self, user: &UserId) -> Result<(), Refusal> {
        if self.user(user)?.inactive {
            return Err(Refusal::Forbidden("names somebody whose account is closed"));
        }
        Ok(())
    }
}

/// The name that an act gives a channel.
fn named_channel(details: Details<'_>) -> Result<String, Rejected> {
    let name = details.needs_text("name")?;
    channel_name("name", name).map_err(|bad| rejected(bad, "name"))?;
    Ok(name.to_owned())
}

fn done(outcome: Result<(), Refusal>, field: &str) -> Result<Value, Rejected> {
    let outcome = outcome.map_err(|refusal| refusal.rejected(field));
    outcome.map(|()| json!({}))
}

/// Names and ids.
impl BearyChatWorld {
    /// Somebody by id, by the name that is the same in all worlds, or by what
    /// they are called now.
    pub(super) fn person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        if name == BOT {
            return Ok(self.seed.bot().id.clone());
        }
        let users = &self.state.users;
        let id = UserId::from(name);
        if users.get(&id).is_some() {
            return Ok(id);
        }
        let first = || {
            let mut everybody = self.seed.everybody();
            let found = everybody.find(|(id, first)| *first == name && users.get(id).is_some());
            found.map(|(id, _)| id)
        };
        let full = || {
            let called = |it: &User| it.full_name.as_deref() == Some(name);
            let found = users.all().find(|(_, it)| called(it));
            found.map(|(id, _)| id)
        };
        let found = first().or_else(|| users.named(name)).or_else(full);
        let missing = || Rejected::missing(field, "there is no user of this name or id");
        found.cloned().ok_or_else(missing)
    }

    /// The same, whose account is open.
    pub(super) fn active_person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        let id = self.person(field, name)?;
        if self.state.users.get(&id).is_some_and(|user| user.inactive) {
            return Err(Rejected::forbidden(field, "has no open account"));
        }
        Ok(id)
    }

    /// The people that an act lists.
    fn people_in(&self, field: &str, details: Details<'_>) -> Result<Vec<UserId>, Rejected> {
        let names = details.names(field)?;
        names.iter().map(|name| self.person(field, name)).collect()
    }

    /// Whom somebody speaks to: `user:bot`, `user:bob`, `group:dev`, or a
    /// conversation as it stands in the list of all. Nothing is opened.
    pub(super) fn addressee(
        &self,
        field: &str,
        name: &str,
        who: &UserId,
    ) -> Result<Chat, Rejected> {
        let Some((kind, id)) = name.split_once(':') else {
            let problem = "must be `user:…`, `group:…` or `private:…`";
            return Err(Rejected::bad(field, problem));
        };
        let other = match kind {
            "group" => return self.group_named(field, id).map(Chat::Group),
            "user" => {
                let user = self.person(field, id)?;
                // Who looks at the own conversation with the bot means it.
                if user == *who {
                    self.seed.bot().id.clone()
                } else {
                    user
                }
            }
            _ => match self.conversation(field, name)? {
                Chat::Private(one, other) if one == *who => other,
                Chat::Private(one, other) if other == *who => one,
                _ => return Err(Rejected::forbidden(field, "is not theirs")),
            },
        };
        // What is wrong is what the person gave.
        let given = |refused: Rejected| Rejected {
            field: field.to_owned(),
            ..refused
        };
        self.may_talk(who, &other)
            .map_err(|refusal| given(refusal.rejected(field)))
    }

    /// A conversation by its id, as it stands in the list of all.
    pub(super) fn conversation(&self, field: &str, id: &str) -> Result<Chat, Rejected> {
        let missing = || Rejected::missing(field, "there is no such conversation");
        let chat: Chat = id.parse().map_err(|()| missing())?;
        if let Chat::Group(id) = &chat {
            return self.group_named(field, id.as_str()).map(Chat::Group);
        }
        let known = |user: &UserId| self.state.users.get(user).is_some();
        let pair = chat.pair(&self.seed.bot().id);
        if pair.is_some_and(|(one, other)| one != other && known(one) && known(other)) {
            Ok(chat)
        } else {
            Err(missing())
        }
    }

    /// A channel or a session channel by id or name.
    pub(super) fn group_named(&self, field: &str, name: &str) -> Result<VchannelId, Rejected> {
        let vchannels = &self.state.vchannels;
        let id = VchannelId::from(name);
        if vchannels.get(&id).is_some_and(|it| !it.is_p2p()) {
            return Ok(id);
        }
        let found = vchannels
            .named(name)
            .or_else(|| vchannels.session_named(name));
        let missing = || Rejected::missing(field, "there is no channel of this name or id");
        found.cloned().ok_or_else(missing)
    }

    /// The channel or session channel that an act names.
    pub(super) fn group_in(&self, details: Details<'_>) -> Result<VchannelId, Rejected> {
        let name = details.needs_name("group")?;
        self.group_named("group", name.strip_prefix("group:").unwrap_or(&name))
    }
}
