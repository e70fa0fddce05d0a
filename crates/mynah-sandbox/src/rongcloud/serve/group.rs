//! Groups, and who may not speak in them.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::group::{
    AddGroupBan, AddGroupBanWhitelist, AddGroupGag, BanWhitelist, CreateGroup, CreatedGroup,
    DismissGroup, Gag as GagEntry, GroupBan, GroupUser, JoinGroup, ListGroupGags,
    QueryGroupBanWhitelist, QueryGroupBans, QueryGroupUsers, QueryUserGroups, QuitGroup,
    RefreshGroup, RollbackGroupBan, RollbackGroupBanWhitelist, RollbackGroupGag, SyncGroups,
    UserGroup,
};
use mynah_rongcloud::{GroupId, Moment, UserId, errors};

use crate::archive::{Bilingual, LineKind};
use crate::frame::Framed as _;
use crate::rongcloud::archive::Chat;
use crate::rongcloud::groups::{Full, Gag, Group};
use crate::rongcloud::refusal::group_full;
use crate::rongcloud::sending::{Sending, To};
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

/// The groups of a user, where no page is asked for.
const FIRST_GROUPS: usize = 5_000;
/// Groups on a page of a user's.
const USUAL_PAGE: i64 = 50;
/// Muted groups on a page.
const USUAL_PAGE_OF_BANS: i64 = 50;

fn full(full: Full) -> ApiError {
    match full {
        Full::Group => group_full(),
        Full::User => errors::too_many("groups of the user"),
    }
}

impl RongCloudWorld {
    /// People join a group, all of them or nobody.
    fn take_in(
        &mut self,
        id: &GroupId,
        name: Option<&str>,
        users: &[UserId],
    ) -> Result<(), ApiError> {
        let room = self.group_room();
        let groups = &self.state.groups;
        groups.room_in(id, users, room).map_err(full)?;
        let name = name.filter(|name| !name.is_empty());
        let known = groups.get(id).map(|group| group.name.clone());
        if let (None, None) = (&known, name) {
            return Err(errors::missing("groupName"));
        }
        self.enter_group(id, name, users, None);
        if let (Some(before), Some(name)) = (known, name)
            && before != name
            && let Some(first) = users.first()
        {
            self.rename_group(id, name, first);
        }
        Ok(())
    }
}

impl Serve<CreateGroup> for RongCloudWorld {
    fn serve(&mut self, call: CreateGroup) -> Result<CreatedGroup, ApiError> {
        self.take_in(&call.group_id, Some(&call.group_name), &call.user_ids)?;
        let tells = call.bind_notify_msg == Some(true);
        let parts = (call.from_user_id, call.object_name, call.content);
        // A client is known that wants a message and does not say which.
        let (true, (Some(from), Some(object_name), Some(content))) = (tells, parts) else {
            return Ok(CreatedGroup::default());
        };
        let sending = Sending::by_call(from, &object_name, content);
        let size = self.state.groups.get(&call.group_id).map(Group::size);
        Ok(CreatedGroup {
            message_uid: Some(self.send(&To::Group(call.group_id), &sending)),
            member_count: size.and_then(|size| u32::try_from(size).ok()),
        })
    }
}

impl Serve<JoinGroup> for RongCloudWorld {
    fn serve(&mut self, call: JoinGroup) -> Result<Empty, ApiError> {
        self.take_in(&call.group_id, call.group_name.as_deref(), &call.user_ids)?;
        Ok(Empty {})
    }
}

impl Serve<SyncGroups> for RongCloudWorld {
    fn serve(&mut self, call: SyncGroups) -> Result<Empty, ApiError> {
        let ids = call.groups.0.iter().map(|(id, _)| id);
        let room = self.group_room();
        let fits = self.state.groups.room_in_all(&call.user_id, ids, room);
        fits.map_err(full)?;
        for (id, name) in call.groups.0 {
            // A group that is there keeps its name.
            let new = self.state.groups.get(&id).is_none();
            let name = new.then_some(name.as_str());
            self.enter_group(&id, name, std::slice::from_ref(&call.user_id), None);
        }
        Ok(Empty {})
    }
}

impl Serve<RefreshGroup> for RongCloudWorld {
    fn serve(&mut self, call: RefreshGroup) -> Result<Empty, ApiError> {
        let bot = self.seed.bot.id.clone();
        self.rename_group(&call.group_id, &call.group_name, &bot);
        Ok(Empty {})
    }
}

impl Serve<QueryGroupUsers> for RongCloudWorld {
    fn serve(&mut self, call: QueryGroupUsers) -> Result<Vec<GroupUser>, ApiError> {
        let group = self.state.groups.get(&call.group_id);
        let members = group.map(|group| group.members()).unwrap_or_default();
        let members = members.into_iter();
        Ok(members.map(|id| GroupUser { id: id.clone() }).collect())
    }
}

impl Serve<QuitGroup> for RongCloudWorld {
    fn serve(&mut self, call: QuitGroup) -> Result<Empty, ApiError> {
        self.leave_group(&call.group_id, &call.user_ids, None);
        Ok(Empty {})
    }
}

impl Serve<DismissGroup> for RongCloudWorld {
    fn serve(&mut self, call: DismissGroup) -> Result<Empty, ApiError> {
        self.dismiss_group(&call.group_id);
        Ok(Empty {})
    }
}

impl Serve<QueryUserGroups> for RongCloudWorld {
    fn serve(&mut self, call: QueryUserGroups) -> Result<Vec<UserGroup>, ApiError> {
        let groups = self.state.groups.of(&call.user_id);
        let groups = groups.map(|(id, group)| UserGroup {
            id: id.clone(),
            name: group.name.clone(),
        });
        let (skip, take) = match call.page.unwrap_or_default() {
            0 => (0, FIRST_GROUPS),
            page => page_of(page, call.size.unwrap_or(USUAL_PAGE)),
        };
        Ok(groups.skip(skip).take(take).collect())
    }
}

/// How many to leave out and how many to tell, for a page that counts from 1.
fn page_of(page: i64, size: i64) -> (usize, usize) {
    let number = |number| usize::try_from(number).unwrap_or_default();
    let size = number(size);
    (number(page - 1).saturating_mul(size), size)
}

/// A group as calls name it where it may be left away.
fn one(id: Option<&GroupId>) -> Option<&GroupId> {
    id.filter(|id| !id.is_empty())
}

impl RongCloudWorld {
    /// Says in a group who may or may not speak.
    fn gag_line(&mut self, id: Option<&GroupId>, kind: LineKind, users: &[UserId]) {
        self.changed_conversations();
        let Some(id) = id.filter(|id| self.state.groups.get(id).is_some()) else {
            return;
        };
        let text = self.gag_words(kind, users);
        let bot = self.seed.bot.id.clone();
        self.line(&Chat::Group(id.clone()), kind, &bot, text);
    }

    /// Names those who may or may not speak.
    pub(in crate::rongcloud) fn gag_words(&self, kind: LineKind, users: &[UserId]) -> Bilingual {
        let names: Vec<String> = users.iter().map(|user| self.display(user)).collect();
        let (en, zh) = (names.join(", "), names.join("、"));
        if kind == LineKind::Mute {
            Bilingual::new(format!("{en} may not speak"), format!("{zh} 被禁言"))
        } else {
            Bilingual::new(format!("{en} may speak again"), format!("{zh} 被解除禁言"))
        }
    }
}

impl Serve<AddGroupGag> for RongCloudWorld {
    fn serve(&mut self, call: AddGroupGag) -> Result<Empty, ApiError> {
        let id = one(call.group_id.as_ref());
        let gag = Gag::of(self.state.now, call.minute);
        if !self.state.groups.gag(id, &call.user_ids, gag) {
            return Err(errors::too_many("userId"));
        }
        self.gag_line(id, LineKind::Mute, &call.user_ids);
        Ok(Empty {})
    }
}

impl Serve<RollbackGroupGag> for RongCloudWorld {
    fn serve(&mut self, call: RollbackGroupGag) -> Result<Empty, ApiError> {
        let id = one(call.group_id.as_ref());
        self.state.groups.ungag(id, &call.user_ids);
        self.gag_line(id, LineKind::Unmute, &call.user_ids);
        Ok(Empty {})
    }
}

impl Serve<ListGroupGags> for RongCloudWorld {
    fn serve(&mut self, call: ListGroupGags) -> Result<Vec<GagEntry>, ApiError> {
        let id = one(call.group_id.as_ref());
        let gags = self.state.groups.gags(id, self.state.now);
        let gags = gags.map(|(user, gag)| GagEntry {
            user_id: user.clone(),
            start_time: Some(Self::moment(gag.since)),
            time: gag.until.map_or_else(Moment::forever, Self::moment),
        });
        Ok(gags.collect())
    }
}

impl Serve<AddGroupBan> for RongCloudWorld {
    fn serve(&mut self, call: AddGroupBan) -> Result<Empty, ApiError> {
        self.state.groups.set_muted(call.group_ids, true);
        self.changed_conversations();
        Ok(Empty {})
    }
}

impl Serve<RollbackGroupBan> for RongCloudWorld {
    fn serve(&mut self, call: RollbackGroupBan) -> Result<Empty, ApiError> {
        self.state.groups.set_muted(call.group_ids, false);
        self.changed_conversations();
        Ok(Empty {})
    }
}

impl Serve<QueryGroupBans> for RongCloudWorld {
    fn serve(&mut self, call: QueryGroupBans) -> Result<Vec<GroupBan>, ApiError> {
        let groups = &self.state.groups;
        let told = |group_id: &GroupId| GroupBan {
            group_id: group_id.clone(),
            stat: groups.is_muted(group_id).into(),
        };
        if !call.group_ids.is_empty() {
            return Ok(call.group_ids.iter().map(told).collect());
        }
        let size = call.size.unwrap_or(USUAL_PAGE_OF_BANS);
        let (skip, take) = page_of(call.page.unwrap_or_default().max(1), size);
        Ok(groups.muted().skip(skip).take(take).map(told).collect())
    }
}

impl Serve<AddGroupBanWhitelist> for RongCloudWorld {
    fn serve(&mut self, call: AddGroupBanWhitelist) -> Result<Empty, ApiError> {
        self.state.groups.except(&call.group_id, &call.user_ids);
        Ok(Empty {})
    }
}

impl Serve<RollbackGroupBanWhitelist> for RongCloudWorld {
    fn serve(&mut self, call: RollbackGroupBanWhitelist) -> Result<Empty, ApiError> {
        self.state.groups.unexcept(&call.group_id, &call.user_ids);
        Ok(Empty {})
    }
}

impl Serve<QueryGroupBanWhitelist> for RongCloudWorld {
    fn serve(&mut self, call: QueryGroupBanWhitelist) -> Result<BanWhitelist, ApiError> {
        let user_ids = self.state.groups.exceptions(&call.group_id).to_vec();
        Ok(BanWhitelist { user_ids })
    }
}
