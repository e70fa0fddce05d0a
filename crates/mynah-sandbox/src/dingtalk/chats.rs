//! Groups, and the rules by which they change: the same in the classic
//! interface, in version 1.0 and for people. A refusal is a code; each
//! interface has its own words for it.

use std::collections::{BTreeMap, BTreeSet};

use mynah_dingtalk::api::chat::{CreatedChat, LONGEST_LIST, LONGEST_NAME};
use mynah_dingtalk::event::{ChatChange, ChatMembers, ChatOwner, ChatTitle, Kind};
use mynah_dingtalk::types::Flag;
use mynah_dingtalk::{ChatId, MediaId, OpenConversationId, UserId};
use serde::{Deserialize, Serialize};

use super::archive::{Chat, Speaker};
use super::limits;
use super::state::State;
use super::world::DingTalkWorld;
use crate::archive::{Bilingual, LineKind};
use crate::frame::Framed as _;

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) open_conversation_id: OpenConversationId,
    pub(super) name: String,
    pub(super) owner: UserId,
    /// In the order in which they came.
    pub(super) members: Vec<UserId>,
    /// Members who help the owner.
    pub(super) admins: BTreeSet<UserId>,
    /// The names that members have in it.
    pub(super) nicks: BTreeMap<UserId, String>,
    pub(super) flags: Flags,
    /// 2 for a group of members of the organisation only.
    pub(super) tag: i64,
    /// Empty for none.
    pub(super) icon: MediaId,
    /// Whether members may not make friends there.
    pub(super) no_friends: bool,
    pub(super) disbanded: bool,
    /// Whether the robot of the application is in it.
    pub(super) robot: bool,
}

/// What is allowed in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // The platform has these six switches.
pub(super) struct Flags {
    pub(super) show_history: bool,
    pub(super) searchable: bool,
    pub(super) validation: bool,
    pub(super) mention_all_authority: bool,
    pub(super) management: bool,
    pub(super) banned: bool,
}

/// What is to be allowed in a group; what is not given does not change.
#[derive(Clone, Debug, Default)]
pub(super) struct Switches {
    pub(super) show_history: Option<Flag>,
    pub(super) searchable: Option<Flag>,
    pub(super) validation: Option<Flag>,
    pub(super) mention_all_authority: Option<Flag>,
    pub(super) management: Option<Flag>,
    pub(super) banned: Option<Flag>,
}

/// A group that is wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct NewGroup {
    pub(super) name: String,
    pub(super) owner: UserId,
    pub(super) owner_type: Option<String>,
    pub(super) members: Vec<UserId>,
    pub(super) external: Vec<UserId>,
    pub(super) tag: Option<i64>,
    pub(super) icon: Option<MediaId>,
    pub(super) switches: Switches,
}

/// What is to become of a group.
#[derive(Clone, Debug, Default)]
pub(super) struct Update {
    pub(super) chatid: ChatId,
    pub(super) name: Option<String>,
    pub(super) owner: Option<UserId>,
    pub(super) owner_type: Option<String>,
    pub(super) add: Vec<UserId>,
    pub(super) remove: Vec<UserId>,
    /// Whether anybody from outside is to come or go.
    pub(super) external: bool,
    pub(super) icon: Option<MediaId>,
    pub(super) switches: Switches,
}

/// The kind of a group whose members all belong to the organisation.
pub(super) const INTERNAL: i64 = 2;

impl Group {
    pub(super) fn has(&self, user: &UserId) -> bool {
        self.members.contains(user)
    }

    pub(super) fn remove(&mut self, user: &UserId) {
        self.members.retain(|member| member != user);
        self.admins.remove(user);
        self.nicks.remove(user);
    }
}

impl Flags {
    /// The same with these switches.
    ///
    /// # Errors
    /// 400002: one is neither 0 nor 1.
    fn with(mut self, switches: &Switches) -> Result<Self, i64> {
        for (flag, wanted) in [
            (&mut self.show_history, &switches.show_history),
            (&mut self.searchable, &switches.searchable),
            (&mut self.validation, &switches.validation),
            (
                &mut self.mention_all_authority,
                &switches.mention_all_authority,
            ),
            (&mut self.management, &switches.management),
            (&mut self.banned, &switches.banned),
        ] {
            match wanted {
                None => {}
                Some(Flag::Off) => *flag = false,
                Some(Flag::On) => *flag = true,
                Some(_) => return Err(400_002),
            }
        }
        Ok(self)
    }
}

/// `emp` for members of the organisation, which is taken when nothing is said.
fn check_owner_type(owner_type: Option<&str>) -> Result<(), i64> {
    match owner_type {
        None | Some("" | "emp") => Ok(()),
        Some("ext") => Err(49_009),
        Some(_) => Err(49_014),
    }
}

fn check_name(name: &str, code: i64) -> Result<(), i64> {
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(code);
    }
    Ok(())
}

fn check_list(users: &[UserId]) -> Result<(), i64> {
    if users.len() > LONGEST_LIST {
        return Err(49_011);
    }
    Ok(())
}

/// Each once, in the order in which they come.
pub(super) fn distinct(users: &[UserId]) -> Vec<UserId> {
    let mut seen = BTreeSet::new();
    let mut users = users.to_vec();
    users.retain(|user| seen.insert(user.clone()));
    users
}

impl NewGroup {
    /// What can be said without knowing anybody.
    fn check(&self) -> Result<Flags, i64> {
        if self.name.is_empty() {
            return Err(40_035);
        }
        if self.owner.is_empty() {
            return Err(49_013);
        }
        if self.members.is_empty() {
            return Err(49_010);
        }
        check_name(&self.name, 400_002)?;
        check_list(&self.members)?;
        let flags = Flags::default().with(&self.switches)?;
        if !matches!(self.tag, None | Some(0 | INTERNAL)) {
            return Err(49_008);
        }
        Ok(flags)
    }
}

impl State {
    /// A group by its id in the newer interfaces.
    pub(super) fn group_by_open_id(&self, id: &OpenConversationId) -> Option<(&ChatId, &Group)> {
        let mut groups = self.groups.iter();
        groups.find(|(_, group)| group.open_conversation_id == *id)
    }

    /// A group that still stands.
    pub(super) fn standing(&self, id: &ChatId) -> Option<&Group> {
        self.groups.get(id).filter(|group| !group.disbanded)
    }

    fn check_known(&self, users: &[UserId]) -> Result<(), i64> {
        let strangers = |user: &UserId| !self.directory.has(user);
        if users.iter().any(strangers) {
            return Err(40_031);
        }
        Ok(())
    }

    /// The group as it will be.
    ///
    /// # Errors
    /// The change cannot be made.
    fn changed(&self, update: &Update, most: usize) -> Result<Group, i64> {
        if update.chatid.is_empty() {
            return Err(49_000);
        }
        if let Some(name) = &update.name {
            check_name(name, 49_015)?;
        }
        check_list(&update.add)?;
        check_list(&update.remove)?;
        Flags::default().with(&update.switches)?;
        let group = self.standing(&update.chatid).ok_or(40_016_i64)?;
        self.check_known(&update.add)?;
        if update.add.iter().any(|user| update.remove.contains(user)) {
            return Err(49_004);
        }
        check_owner_type(update.owner_type.as_deref())?;
        if update.external {
            return Err(49_009);
        }
        let mut group = group.clone();
        for user in distinct(&update.add) {
            if !group.has(&user) {
                group.members.push(user);
            }
        }
        for user in &update.remove {
            group.remove(user);
        }
        if let Some(owner) = &update.owner {
            group.owner.clone_from(owner);
        }
        if !group.has(&group.owner) {
            return Err(49_006);
        }
        if group.members.len() > most {
            return Err(49_005);
        }
        group.flags = group.flags.with(&update.switches)?;
        if let Some(name) = &update.name {
            group.name.clone_from(name);
        }
        if let Some(icon) = update.icon.as_ref().filter(|icon| !icon.is_empty()) {
            group.icon.clone_from(icon);
        }
        Ok(group)
    }
}

impl DingTalkWorld {
    /// Makes a group. The robot of the application is in it.
    ///
    /// # Errors
    /// It cannot be made; nothing has changed.
    pub(super) fn create_group(&mut self, wanted: NewGroup) -> Result<CreatedChat, i64> {
        let flags = wanted.check()?;
        self.state.check_known(&wanted.members)?;
        check_owner_type(wanted.owner_type.as_deref())?;
        if !wanted.external.is_empty() {
            return Err(49_009);
        }
        let members = distinct(&wanted.members);
        if !members.contains(&wanted.owner) {
            return Err(49_006);
        }
        if members.len() > self.settings.group_members {
            return Err(49_005);
        }
        if self.state.groups.len() >= limits::GROUPS {
            return Err(1002);
        }
        let chatid = ChatId(format!("chat{}", self.state.hex(32)));
        let open = OpenConversationId(format!("cid{}==", self.state.base64(22)));
        let group = Group {
            open_conversation_id: open.clone(),
            name: wanted.name,
            owner: wanted.owner,
            members,
            admins: BTreeSet::new(),
            nicks: BTreeMap::new(),
            flags,
            tag: wanted.tag.unwrap_or(INTERNAL),
            icon: wanted.icon.unwrap_or_default(),
            no_friends: false,
            disbanded: false,
            robot: true,
        };
        let tag = group.tag;
        self.state.groups.insert(chatid.clone(), group);
        self.changed_conversations();
        Ok(CreatedChat {
            chatid,
            open_conversation_id: Some(open),
            conversation_tag: Some(tag),
        })
    }

    /// Changes a group, all of it or nothing, and tells what has changed. Who
    /// does it through a call is not documented: it is the owner.
    ///
    /// # Errors
    /// The change cannot be made; nothing has changed.
    pub(super) fn update_group(&mut self, update: &Update) -> Result<(), i64> {
        let after = self.state.changed(update, self.settings.group_members)?;
        let Some(group) = self.state.groups.get_mut(&update.chatid) else {
            return Err(40_016);
        };
        let before = std::mem::replace(group, after);
        let operator = before.owner.clone();
        self.tell_changes(&update.chatid, &before, &operator, &Speaker::App);
        Ok(())
    }

    /// Tells the application and the people what is not as it was before.
    pub(super) fn tell_changes(
        &mut self,
        id: &ChatId,
        before: &Group,
        operator: &UserId,
        by: &Speaker,
    ) {
        let Some(after) = self.state.groups.get(id).cloned() else {
            return;
        };
        let came = |one: &Group, other: &Group| -> Vec<UserId> {
            let members = one.members.iter();
            let new = members.filter(|user| !other.has(user));
            new.cloned().collect()
        };
        let (added, removed) = (came(&after, before), came(before, &after));
        if !added.is_empty() {
            let kind = Kind::ChatAddMember(self.members_changed(id, operator, &added));
            self.tell(kind);
            self.line_of_members(id, LineKind::Join, by, &added);
        }
        if !removed.is_empty() {
            let kind = Kind::ChatRemoveMember(self.members_changed(id, operator, &removed));
            self.tell(kind);
            self.line_of_members(id, LineKind::Kick, by, &removed);
        }
        if after.owner != before.owner {
            self.tell(Kind::ChatUpdateOwner(ChatOwner {
                // Who did it is not told here.
                chat: ChatChange {
                    operator: None,
                    ..self.chat_changed(id, operator)
                },
                owner: Some(after.owner.clone()),
            }));
            let owner = self.display(&after.owner);
            let text = Bilingual::new(
                format!("{owner} owns the group now"),
                format!("{owner} 成为新群主"),
            );
            self.line_in(id, LineKind::Admin, by, text);
        }
        if after.name != before.name {
            self.tell(Kind::ChatUpdateTitle(ChatTitle {
                chat: self.chat_changed(id, operator),
                title: Some(after.name.clone()),
            }));
            let (who, name) = (self.named(by), &after.name);
            let text = Bilingual::new(
                format!("{who} named the group “{name}”"),
                format!("{who} 修改群名为「{name}」"),
            );
            self.line_in(id, LineKind::Rename, by, text);
        }
        if after != *before {
            self.changed_conversations();
        }
    }

    fn line_of_members(&mut self, id: &ChatId, kind: LineKind, by: &Speaker, users: &[UserId]) {
        let names: Vec<String> = users.iter().map(|user| self.display(user)).collect();
        let (who, en, zh) = (self.named(by), names.join(", "), names.join("、"));
        let text = if kind == LineKind::Join {
            Bilingual::new(
                format!("{who} added {en}"),
                format!("{who} 邀请 {zh} 加入了群聊"),
            )
        } else {
            Bilingual::new(
                format!("{who} removed {en}"),
                format!("{who} 将 {zh} 移出了群聊"),
            )
        };
        self.line_in(id, kind, by, text);
    }

    /// Writes a line into a group.
    pub(super) fn line_in(&mut self, id: &ChatId, kind: LineKind, by: &Speaker, text: Bilingual) {
        self.line(&Chat::Group(id.clone()), kind, by, text);
    }

    /// The name on the screen of whoever acts.
    fn named(&self, by: &Speaker) -> String {
        match by {
            Speaker::Person(user) => self.display(user),
            Speaker::App | Speaker::Custom(_) => self.seed.app.name.clone(),
        }
    }

    /// What stands in every event of a group.
    pub(super) fn chat_changed(&self, id: &ChatId, operator: &UserId) -> ChatChange {
        let known = self.state.directory.user(operator);
        ChatChange {
            time_stamp: Some(self.state.now.0),
            chat_id: Some(id.clone()),
            open_conversation_id: Some(self.conversation_id(&Chat::Group(id.clone()))),
            corp_id: Some(self.seed.corp_id.clone()),
            operator: Some(operator.clone()),
            operator_union_id: known.map(|user| user.union_id.clone()),
        }
    }

    fn members_changed(&self, id: &ChatId, operator: &UserId, users: &[UserId]) -> ChatMembers {
        let known = |user| self.state.directory.user(user);
        let union_ids = users.iter().filter_map(known);
        ChatMembers {
            chat: self.chat_changed(id, operator),
            user_ids: users.to_vec(),
            union_ids: union_ids.map(|user| user.union_id.clone()).collect(),
        }
    }

    /// Somebody leaves a group. It passes to whoever came first, and is
    /// disbanded when nobody is left.
    pub(super) fn quit_group(&mut self, id: &ChatId, user: &UserId) {
        let name = self.display(user);
        let by = Speaker::Person(user.clone());
        let text = Bilingual::new(format!("{name} left"), format!("{name} 退出了群聊"));
        self.line_in(id, LineKind::Leave, &by, text);
        self.tell(Kind::ChatQuit(self.chat_changed(id, user)));
        let Some(group) = self.state.groups.get_mut(id) else {
            return;
        };
        group.remove(user);
        let before = group.clone();
        match group.members.first() {
            None => group.disbanded = true,
            Some(first) if group.owner == *user => group.owner = first.clone(),
            Some(_) => {}
        }
        self.tell_changes(id, &before, user, &by);
        self.changed_conversations();
    }

    /// A group is no more.
    pub(super) fn disband_group(&mut self, id: &ChatId, by: &UserId) {
        let name = self.display(by);
        let text = Bilingual::new(
            format!("{name} disbanded the group"),
            format!("{name} 解散了群聊"),
        );
        self.line_in(id, LineKind::Leave, &Speaker::Person(by.clone()), text);
        self.tell(Kind::ChatDisband(self.chat_changed(id, by)));
        if let Some(group) = self.state.groups.get_mut(id) {
            group.disbanded = true;
        }
        self.changed_conversations();
    }
}
