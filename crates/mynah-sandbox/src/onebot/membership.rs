//! Who is in which group, and who is whose friend.

use mynah_onebot::event::{
    FriendAdd, FriendRequest, GroupDecrease, GroupDecreaseType, GroupDismiss, GroupIncrease,
    GroupIncreaseType, GroupRequest, Notice, Request as RequestNotice,
};
use mynah_onebot::types::GroupRequestType;
use mynah_onebot::{GroupId, UserId};

use super::archive::{Bilingual, Chat, LineKind};
use super::limits;
use super::refusal::Refusal;
use super::requests::Wish;
use super::settings::Dialect;
use super::state::{Friend, Group, JoinPolicy, Member, Rank, needs_chars};
use super::world::OneBotWorld;

/// Nobody in particular, where an event must name an operator.
const NOBODY: UserId = UserId(0);

/// How somebody comes into a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entrance {
    /// The door was open.
    Open,
    /// Somebody let them in.
    Approved(UserId),
    /// Somebody brought them along.
    Invited(UserId),
}

impl OneBotWorld {
    /// Somebody founds a group and brings others along; the bot is asked
    /// whether it wants to come.
    pub(super) fn found_group(
        &mut self,
        owner: UserId,
        name: &str,
        others: &[UserId],
    ) -> Result<GroupId, Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::bad("name", "must not be empty"));
        }
        needs_chars("name", name, limits::NAME_CHARS)?;
        let groups = &self.state.groups;
        if groups.len() >= limits::GROUPS {
            return Err(Refusal::forbidden("name", "there are too many groups"));
        }
        let last = groups.keys().next_back().map_or(0, |id| id.0);
        let id = GroupId(last.saturating_add(1));
        let group = Group::founded(name, owner, self.state.now.seconds());
        if others.len() >= group.capacity {
            return Err(Refusal::forbidden("members", "are more than a group holds"));
        }
        self.state.groups.insert(id, group);
        let (chat, who) = (Chat::Group(id), self.state.nickname(owner));
        let text = Bilingual::new(
            format!("{who} created the group"),
            format!("{who} 创建了群聊"),
        );
        self.line(chat, LineKind::Join, owner, text);
        self.changed_conversations();
        for other in others {
            let group = self.state.group(owner, id)?;
            if !group.members.contains_key(other) {
                self.invite(owner, id, *other)?;
            }
        }
        Ok(id)
    }

    /// Somebody joins a group whose door is open, or asks to be let in.
    /// Returns the flag of the request, if it takes one.
    pub(super) fn join(
        &mut self,
        user: UserId,
        group: GroupId,
        comment: &str,
    ) -> Result<Option<String>, Refusal> {
        match self.needs_door(user, group)?.join {
            JoinPolicy::Open => {
                self.add_member(group, user, Entrance::Open)?;
                Ok(None)
            }
            JoinPolicy::Request => self.ask_to_join(user, group, comment).map(Some),
            JoinPolicy::Closed => Err(Refusal::forbidden(
                "group_id",
                "one joins this group by invitation only",
            )),
        }
    }

    /// Somebody asks to be let into a group. Returns the flag of the request.
    pub(super) fn ask_to_join(
        &mut self,
        user: UserId,
        group_id: GroupId,
        comment: &str,
    ) -> Result<String, Refusal> {
        needs_chars("comment", comment, limits::COMMENT_CHARS)?;
        self.needs_door(user, group_id)?;
        let wish = Wish::Join {
            group: group_id,
            user,
        };
        let flag = self.state.requests.add(wish, comment.to_owned());
        let who = self.state.nickname(user);
        let words = if comment.is_empty() {
            String::new()
        } else {
            format!(": {comment}")
        };
        let text = Bilingual::new(
            format!("{who} asks to join{words}"),
            format!("{who} 申请加入群聊{}", words.replacen(": ", "：", 1)),
        );
        self.line(Chat::Group(group_id), LineKind::Request, user, text);
        let bot = self.bot();
        // QQ shows requests to those who can answer them.
        let may_answer = self
            .state
            .own_group(group_id)
            .is_ok_and(|group| group.needs_admin(bot).is_ok());
        if may_answer {
            self.request(RequestNotice::Group(GroupRequest {
                sub_type: GroupRequestType::Add,
                group_id,
                user_id: user,
                comment: comment.to_owned(),
                flag: flag.clone(),
                invitor_id: None,
            }));
        }
        Ok(flag)
    }

    /// A group that somebody could join.
    fn needs_door(&self, user: UserId, id: GroupId) -> Result<&Group, Refusal> {
        let group = self
            .state
            .groups
            .get(&id)
            .ok_or_else(|| Refusal::missing("group_id", format!("there is no group {id}")))?;
        if group.members.contains_key(&user) {
            return Err(Refusal::forbidden("group_id", "is joined already"));
        }
        if group.rejected.contains(&user) {
            return Err(Refusal::forbidden(
                "group_id",
                "takes no more requests of this person",
            ));
        }
        Ok(group)
    }

    fn add_member(
        &mut self,
        group_id: GroupId,
        user: UserId,
        entrance: Entrance,
    ) -> Result<(), Refusal> {
        let now = self.state.now.seconds();
        let group = self
            .state
            .groups
            .get_mut(&group_id)
            .ok_or_else(|| Refusal::forbidden("group_id", "the group is no more"))?;
        if group.members.contains_key(&user) {
            return Err(Refusal::forbidden("group_id", "is joined already"));
        }
        if group.members.len() >= group.capacity {
            return Err(Refusal::forbidden(
                "group_id",
                format!("the group is full with {} members", group.capacity),
            ));
        }
        group.members.insert(user, Member::new(Rank::Member, now));
        group.rejected.remove(&user);
        self.tell_entrance(group_id, user, entrance);
        Ok(())
    }

    fn tell_entrance(&mut self, group_id: GroupId, user_id: UserId, entrance: Entrance) {
        let who = self.state.nickname(user_id);
        let chat = Chat::Group(group_id);
        let (sub_type, operator_id, text) = match entrance {
            Entrance::Open => (
                GroupIncreaseType::Approve,
                NOBODY,
                Bilingual::new(format!("{who} joined"), format!("{who} 加入了群聊")),
            ),
            Entrance::Approved(by) => (
                GroupIncreaseType::Approve,
                by,
                Bilingual::new(
                    format!("{} let {who} in", self.state.display(by, chat)),
                    format!("{} 同意 {who} 加入了群聊", self.state.display(by, chat)),
                ),
            ),
            Entrance::Invited(by) => (
                GroupIncreaseType::Invite,
                by,
                Bilingual::new(
                    format!("{} invited {who}", self.state.display(by, chat)),
                    format!("{} 邀请 {who} 加入了群聊", self.state.display(by, chat)),
                ),
            ),
        };
        self.line(chat, LineKind::Join, user_id, text);
        self.changed_conversations();
        self.group_notice(
            group_id,
            Notice::GroupIncrease(GroupIncrease {
                sub_type,
                group_id,
                operator_id,
                user_id,
            }),
        );
    }

    /// Somebody brings somebody else along: a person comes at once, the bot is
    /// asked first. Whoever has asked to join is let in. Returns the flag of
    /// the request that asks the bot.
    pub(super) fn invite(
        &mut self,
        inviter: UserId,
        group_id: GroupId,
        target: UserId,
    ) -> Result<Option<String>, Refusal> {
        let group = self.state.group(inviter, group_id)?;
        self.state.user(target)?;
        if group.members.contains_key(&target) {
            return Err(Refusal::forbidden("user_id", "is a member already"));
        }
        let is_admin = group.rank(inviter) > Rank::Member;
        let wish = Wish::Join {
            group: group_id,
            user: target,
        };
        if is_admin && let Some(request) = self.state.requests.open_wish(wish) {
            let flag = request.flag.clone();
            self.answer_join(inviter, &flag, group_id, target, true, "")?;
            return Ok(None);
        }
        if self.state.is_bot(target) {
            return Ok(Some(self.invite_bot(inviter, group_id)));
        }
        self.add_member(group_id, target, Entrance::Invited(inviter))?;
        Ok(None)
    }

    fn invite_bot(&mut self, inviter: UserId, group_id: GroupId) -> String {
        let wish = Wish::Invite {
            group: group_id,
            inviter,
        };
        let flag = self.state.requests.add(wish, String::new());
        let chat = Chat::Group(group_id);
        let (who, bot) = (
            self.state.display(inviter, chat),
            self.state.nickname(self.bot()),
        );
        let text = Bilingual::new(
            format!("{who} invites {bot}"),
            format!("{who} 邀请 {bot} 加入群聊"),
        );
        self.line(chat, LineKind::Request, inviter, text);
        self.request(RequestNotice::Group(GroupRequest {
            sub_type: GroupRequestType::Invite,
            group_id,
            user_id: inviter,
            comment: String::new(),
            flag: flag.clone(),
            invitor_id: None,
        }));
        flag
    }

    /// The bot answers a request about a group; each flag works once.
    pub(super) fn answer_group_request(
        &mut self,
        flag: &str,
        kind: &GroupRequestType,
        approve: bool,
        reason: &str,
    ) -> Result<(), Refusal> {
        needs_chars("reason", reason, limits::COMMENT_CHARS)?;
        if !matches!(kind, GroupRequestType::Add | GroupRequestType::Invite) {
            return Err(Refusal::bad("sub_type", "must be `add` or `invite`"));
        }
        let bot = self.bot();
        match (kind, self.state.requests.open(flag)?.wish) {
            (GroupRequestType::Add, Wish::Join { group, user }) => {
                self.answer_join(bot, flag, group, user, approve, reason)
            }
            (GroupRequestType::Invite, Wish::Invite { group, inviter }) => {
                if approve {
                    self.add_member(group, bot, Entrance::Invited(inviter))?;
                }
                self.state.requests.answer(flag, bot);
                Ok(())
            }
            _ => Err(Refusal::missing(
                "flag",
                "no request of this `sub_type` has this flag",
            )),
        }
    }

    fn answer_join(
        &mut self,
        operator: UserId,
        flag: &str,
        group_id: GroupId,
        user: UserId,
        approve: bool,
        reason: &str,
    ) -> Result<(), Refusal> {
        let group = self.state.group(operator, group_id)?;
        group.needs_admin(operator)?;
        if approve {
            self.add_member(group_id, user, Entrance::Approved(operator))?;
        } else {
            let chat = Chat::Group(group_id);
            let by = self.state.display(operator, chat);
            let who = self.state.nickname(user);
            let (en, zh) = if reason.is_empty() {
                (String::new(), String::new())
            } else {
                (format!(": {reason}"), format!("：{reason}"))
            };
            let text = Bilingual::new(
                format!("{by} turned {who} away{en}"),
                format!("{by} 拒绝了 {who} 的加群申请{zh}"),
            );
            self.line(chat, LineKind::Request, operator, text);
        }
        self.state.requests.answer(flag, operator);
        Ok(())
    }

    /// Removes a member; with `reject`, requests to come back are not let through.
    pub(super) fn kick(
        &mut self,
        operator: UserId,
        group_id: GroupId,
        target: UserId,
        reject: bool,
    ) -> Result<(), Refusal> {
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_power(operator, target)?;
        if reject {
            group.rejected.insert(target);
        }
        let chat = Chat::Group(group_id);
        let (by, who) = (
            self.state.display(operator, chat),
            self.state.display(target, chat),
        );
        let text = Bilingual::new(
            format!("{by} removed {who}"),
            format!("{by} 将 {who} 移出了群聊"),
        );
        self.line(chat, LineKind::Kick, operator, text);
        let sub_type = if self.state.is_bot(target) {
            GroupDecreaseType::KickMe
        } else {
            GroupDecreaseType::Kick
        };
        self.remove_member(group_id, target, operator, sub_type);
        Ok(())
    }

    /// A member goes. The owner cannot, but for dismissing the group.
    pub(super) fn leave(&mut self, user: UserId, group_id: GroupId) -> Result<(), Refusal> {
        if self.state.group(user, group_id)?.rank(user) == Rank::Owner {
            return Err(Refusal::forbidden(
                "group_id",
                "the owner cannot leave, only dismiss the group",
            ));
        }
        let chat = Chat::Group(group_id);
        let who = self.state.display(user, chat);
        let text = Bilingual::new(format!("{who} left"), format!("{who} 退出了群聊"));
        self.line(chat, LineKind::Leave, user, text);
        self.remove_member(group_id, user, user, GroupDecreaseType::Leave);
        Ok(())
    }

    fn remove_member(
        &mut self,
        group_id: GroupId,
        user_id: UserId,
        operator_id: UserId,
        sub_type: GroupDecreaseType,
    ) {
        let noticed = self.state.own_group(group_id).is_ok();
        if let Some(group) = self.state.groups.get_mut(&group_id) {
            group.members.remove(&user_id);
            group.masks.remove(&user_id);
        }
        self.changed_conversations();
        if noticed {
            self.notice(Notice::GroupDecrease(GroupDecrease {
                sub_type,
                group_id,
                operator_id,
                user_id,
            }));
        }
    }

    /// The owner ends a group.
    pub(super) fn dismiss(&mut self, operator: UserId, group_id: GroupId) -> Result<(), Refusal> {
        self.state
            .group(operator, group_id)?
            .needs_owner(operator)?;
        let noticed = self.state.own_group(group_id).is_ok();
        self.state.groups.remove(&group_id);
        self.state.archive.remove(Chat::Group(group_id));
        self.changed_conversations();
        if noticed {
            let notice = self.dismissal(operator, group_id);
            self.notice(notice);
        }
        Ok(())
    }

    fn dismissal(&self, operator_id: UserId, group_id: GroupId) -> Notice {
        let bot = self.bot();
        if operator_id != bot && self.settings.dialect == Dialect::LlOneBot {
            return Notice::GroupDismiss(GroupDismiss {
                group_id,
                user_id: operator_id,
            });
        }
        Notice::GroupDecrease(GroupDecrease {
            sub_type: if operator_id == bot {
                GroupDecreaseType::Leave
            } else {
                GroupDecreaseType::Disband
            },
            group_id,
            operator_id,
            user_id: bot,
        })
    }

    /// Somebody wants to be a friend of the bot. Returns the flag of the request.
    pub(super) fn befriend(&mut self, user: UserId, comment: &str) -> Result<String, Refusal> {
        needs_chars("comment", comment, limits::COMMENT_CHARS)?;
        if self.state.is_bot(user) {
            return Err(Refusal::forbidden("who", "the bot is no friend of itself"));
        }
        if self.state.friends.contains_key(&user) {
            return Err(Refusal::forbidden("target", "is a friend already"));
        }
        let wish = Wish::Friend { user };
        let flag = self.state.requests.add(wish, comment.to_owned());
        let who = self.state.nickname(user);
        let text = Bilingual::new(
            format!("{who} wants to be friends"),
            format!("{who} 请求添加好友"),
        );
        self.line(Chat::Direct(user), LineKind::Request, user, text);
        self.request(RequestNotice::Friend(FriendRequest {
            user_id: user,
            comment: comment.to_owned(),
            flag: flag.clone(),
        }));
        Ok(flag)
    }

    /// The bot answers somebody who wants to be its friend; each flag works once.
    pub(super) fn answer_friend_request(
        &mut self,
        flag: &str,
        approve: bool,
        remark: &str,
    ) -> Result<(), Refusal> {
        needs_chars("remark", remark, limits::NAME_CHARS)?;
        let Wish::Friend { user } = self.state.requests.open(flag)?.wish else {
            return Err(Refusal::missing("flag", "no friend request has this flag"));
        };
        let bot = self.bot();
        self.state.requests.answer(flag, bot);
        let name = self.state.nickname(bot);
        let chat = Chat::Direct(user);
        if !approve {
            let text = Bilingual::new(
                format!("{name} declined to be friends"),
                format!("{name} 拒绝了好友请求"),
            );
            self.line(chat, LineKind::Friend, bot, text);
            return Ok(());
        }
        let remark = remark.to_owned();
        self.state.friends.insert(user, Friend { remark });
        self.state.one_way.remove(&user);
        let who = self.state.nickname(user);
        let text = Bilingual::new(
            format!("{who} and {name} are friends now"),
            format!("{who} 和 {name} 已成为好友"),
        );
        self.line(chat, LineKind::Friend, bot, text);
        self.changed_conversations();
        self.notice(Notice::FriendAdd(FriendAdd { user_id: user }));
        Ok(())
    }

    /// A friend deletes the bot, which still has them in its list of one-way friends.
    pub(super) fn unfriend(&mut self, user: UserId) -> Result<(), Refusal> {
        if self.state.friends.remove(&user).is_none() {
            return Err(Refusal::missing("target", "the bot is no friend"));
        }
        self.state.one_way.insert(user);
        self.tell_end_of_friendship(user, user);
        Ok(())
    }

    /// The bot deletes a friend.
    pub(super) fn delete_friend(&mut self, user: UserId) -> Result<(), Refusal> {
        if self.state.friends.remove(&user).is_none() {
            return Err(Refusal::bad("user_id", format!("{user} is no friend")));
        }
        let bot = self.bot();
        self.tell_end_of_friendship(user, bot);
        Ok(())
    }

    fn tell_end_of_friendship(&mut self, user: UserId, by: UserId) {
        let who = self.state.nickname(by);
        let text = Bilingual::new(
            format!("{who} ended the friendship"),
            format!("{who} 解除了好友关系"),
        );
        self.line(Chat::Direct(user), LineKind::Friend, by, text);
        self.changed_conversations();
    }
}
