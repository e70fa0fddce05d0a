//! Group chats of applications.

use std::collections::BTreeSet;

use mynah_core::{ApiError, Empty};
use mynah_wecom::api::appchat::{ChatInfo, CreateAppchat, GetAppchat, SendAppchat, UpdateAppchat};
use mynah_wecom::types::Safe;
use mynah_wecom::{ChatId, Message, UserId};
use serde_json::Map;

use crate::archive::{Bilingual, LineKind};
use crate::frame::Framed as _;
use crate::serve::Serve;
use crate::wecom::archive::{Chat, Speaker, Spoken};
use crate::wecom::frequency::Quota;
use crate::wecom::limits::{self, DAY_MS, HOUR_MS, MINUTE_MS};
use crate::wecom::prepare::needs;
use crate::wecom::refusal::{refuse, refuse_with};
use crate::wecom::state::Group;
use crate::wecom::world::WeComWorld;

/// A group keeps at least so many members.
const FEWEST: usize = 2;
/// Only when strict: new groups and changes of groups, and members reached by messages.
const NEW_GROUPS: [Quota; 1] = [Quota::new(1_000, DAY_MS)];
const UPDATES: [Quota; 1] = [Quota::new(1_000, HOUR_MS)];
const REACHED: [Quota; 2] = [Quota::new(20_000, MINUTE_MS), Quota::new(150_000, HOUR_MS)];

impl WeComWorld {
    /// Only an application that sees the whole corp may have groups.
    fn needs_root_scope(&self) -> Result<(), ApiError> {
        if self.state.sees_all(self.caller.agent) {
            return Ok(());
        }
        let words = "no privilege to access/modify contact/party/agent ";
        Err(ApiError::new(60011, words))
    }

    /// A group of the calling application.
    fn own_group(&self, id: &ChatId) -> Result<&Group, ApiError> {
        needs(id.as_str(), 86201)?;
        let group = self.state.groups.get(id).ok_or_else(|| refuse(86003))?;
        if group.agent != self.caller.agent {
            return Err(refuse(86008));
        }
        Ok(group)
    }

    /// Different members as the directory spells them.
    fn members_of(&self, users: &[UserId], code: i64) -> Result<Vec<UserId>, ApiError> {
        let mut members = Vec::new();
        for user in users {
            let spelled = self.state.directory.spelled(user);
            let spelled = spelled.ok_or_else(|| refuse(code))?;
            if !members.contains(&spelled) {
                members.push(spelled);
            }
        }
        Ok(members)
    }

    fn check_size(&self, members: usize) -> Result<(), ApiError> {
        if (FEWEST..=self.settings.group_members).contains(&members) {
            return Ok(());
        }
        Err(refuse(86006))
    }

    /// The owner as the directory spells them, who must be one of the members.
    fn owner_of(&self, owner: &UserId, members: &[UserId]) -> Result<UserId, ApiError> {
        let owner = self.state.directory.spelled(owner);
        let owner = owner.ok_or_else(|| refuse(86005))?;
        if members.contains(&owner) {
            return Ok(owner);
        }
        Err(refuse(86207))
    }

    /// Counts what only counts when strict.
    pub(in crate::wecom) fn count_strictly(
        &mut self,
        name: &str,
        quotas: &[Quota],
        times: u64,
    ) -> Result<(), ApiError> {
        if !self.settings.strict {
            return Ok(());
        }
        let now = self.state.now;
        if !self.state.frequency.allows(name, quotas, times, now) {
            return Err(refuse(45009));
        }
        self.state.frequency.count(name, quotas, times, now);
        Ok(())
    }

    /// A member whom chance picks.
    fn anybody_of(&mut self, members: &[UserId]) -> UserId {
        let at = self.state.chance.below(members.len().max(1) as u64);
        let at = usize::try_from(at).unwrap_or_default();
        members.get(at).cloned().unwrap_or_default()
    }
}

fn check_chatid(id: &ChatId) -> Result<(), ApiError> {
    if id.as_str().chars().count() > limits::CHATID_CHARS {
        return Err(refuse(86205));
    }
    if !id.is_well_formed() {
        return Err(refuse(86001));
    }
    Ok(())
}

/// As much of a name as groups take.
fn cut_name(name: &str) -> String {
    name.chars().take(limits::GROUP_NAME_CHARS).collect()
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl Serve<CreateAppchat> for WeComWorld {
    fn serve(&mut self, call: CreateAppchat) -> Result<ChatId, ApiError> {
        let chatid = call.chatid.filter(|id| !id.is_empty());
        let owner = call.owner.filter(|owner| !owner.is_empty());
        if let Some(id) = &chatid {
            check_chatid(id)?;
        }
        self.check_size(call.members.iter().collect::<BTreeSet<_>>().len())?;
        if chatid
            .as_ref()
            .is_some_and(|id| self.state.groups.contains_key(id))
        {
            return Err(refuse(86215));
        }
        let members = self.members_of(&call.members, 86007)?;
        let owner = owner.map(|owner| self.owner_of(&owner, &members));
        let owner = owner.transpose()?;
        self.needs_root_scope()?;
        self.count_strictly("appchat/create", &NEW_GROUPS, 1)?;

        let chatid = chatid.unwrap_or_else(|| format!("wr{}", self.state.word(30)).into());
        let owner = owner.unwrap_or_else(|| self.anybody_of(&members));
        let group = Group {
            name: cut_name(&call.name.unwrap_or_default()),
            owner,
            members,
            agent: self.caller.agent,
            visible: false,
            bot: false,
        };
        self.state.groups.insert(chatid.clone(), group);
        self.changed_conversations();
        Ok(chatid)
    }
}

impl Serve<GetAppchat> for WeComWorld {
    fn serve(&mut self, call: GetAppchat) -> Result<ChatInfo, ApiError> {
        let group = self.own_group(&call.chatid)?;
        self.needs_root_scope()?;
        Ok(ChatInfo {
            chatid: call.chatid.clone(),
            name: group.name.clone(),
            owner: group.owner.clone(),
            members: group.members.clone(),
            chat_type: Some(0),
            extra: Map::new(),
        })
    }
}

impl Serve<UpdateAppchat> for WeComWorld {
    fn serve(&mut self, call: UpdateAppchat) -> Result<Empty, ApiError> {
        let before = self.own_group(&call.chatid)?.clone();
        let after = self.updated(&before, &call)?;
        self.needs_root_scope()?;
        self.count_strictly("appchat/update", &UPDATES, 1)?;
        self.tell_members(&call.chatid, &before, &after);
        self.state.groups.insert(call.chatid, after);
        Ok(Empty)
    }
}

impl WeComWorld {
    /// The group after a change: new name, additions, removals, new owner.
    fn updated(&self, before: &Group, call: &UpdateAppchat) -> Result<Group, ApiError> {
        let mut group = before.clone();
        if let Some(name) = call.name.as_deref().filter(|name| !name.is_empty()) {
            group.name = cut_name(name);
        }
        let added = self.members_of(call.add.as_deref().unwrap_or_default(), 86216)?;
        let removed = call.remove.as_deref().unwrap_or_default();
        for user in &added {
            if !group.has(user) {
                group.members.push(user.clone());
            }
        }
        if removed.iter().any(|user| !group.has(user)) {
            return Err(refuse(86216));
        }
        let owner = call.owner.as_ref().filter(|owner| !owner.is_empty());
        if removed.contains(&before.owner) && owner.is_none() {
            return Err(refuse(86203));
        }
        group.members.retain(|member| !removed.contains(member));
        if let Some(owner) = owner {
            let member = group.members.iter().find(|member| *member == owner);
            group.owner = member.ok_or_else(|| refuse(86207))?.clone();
        }
        self.check_size(group.members.len())?;
        Ok(group)
    }

    /// Lines about what an application changed.
    fn tell_members(&mut self, id: &ChatId, before: &Group, after: &Group) {
        let chat = Chat::Group(id.as_str().to_owned());
        let by = Speaker::Application(before.agent.0);
        if after.name != before.name {
            let name = &after.name;
            let text = Bilingual::new(
                format!("The group is called “{name}” now"),
                format!("群聊名称已改为「{name}」"),
            );
            self.line(&chat, LineKind::Rename, &by, text);
        }
        for user in after.members.iter().filter(|user| !before.has(user)) {
            let name = self.display(user);
            let text = Bilingual::new(format!("{name} was added"), format!("{name} 被加入群聊"));
            self.line(&chat, LineKind::Join, &by, text);
        }
        for user in before.members.iter().filter(|user| !after.has(user)) {
            let name = self.display(user);
            let text = Bilingual::new(format!("{name} was removed"), format!("{name} 被移出群聊"));
            self.line(&chat, LineKind::Kick, &by, text);
        }
        if after.owner != before.owner {
            let name = self.display(&after.owner);
            let text = Bilingual::new(
                format!("{name} owns the group now"),
                format!("{name} 已成为群主"),
            );
            self.line(&chat, LineKind::Admin, &by, text);
        }
        if before != after {
            self.changed_conversations();
        }
    }
}

impl Serve<SendAppchat> for WeComWorld {
    fn serve(&mut self, call: SendAppchat) -> Result<Empty, ApiError> {
        // What is wrong in itself comes before what is not there.
        needs(call.chatid.as_str(), 86201)?;
        let content = match &call.message {
            // A kind without its object is told so; one that is not for groups is no kind.
            Message::Other(_) => self.prepare(&call.message)?,
            message if !message.is_for_groups() => return Err(refuse(40008)),
            message => self.prepare(message)?,
        };
        check_safe(call.safe.as_ref())?;
        let members = self.own_group(&call.chatid)?.members.len();
        self.needs_root_scope()?;
        self.count_strictly("appchat/send", &REACHED, number(members))?;
        let group = self.state.groups.get_mut(&call.chatid);
        if let Some(group) = group
            && !group.visible
        {
            group.visible = true;
            self.changed_conversations();
        }
        let id = self.state.word(32);
        let by = Speaker::Application(self.caller.agent.0);
        let chat = Chat::Group(call.chatid.into());
        self.post(&chat, by, Spoken::new(id, content));
        Ok(Empty)
    }
}

fn check_safe(safe: Option<&Safe>) -> Result<(), ApiError> {
    match safe {
        None | Some(Safe::Off | Safe::On) => Ok(()),
        Some(_) => Err(refuse_with(40058, "safe must be 0 or 1")),
    }
}
