use std::collections::BTreeMap;

use mynah_core::ApiError;
use mynah_onebot::actions::group_info::{
    AtAllRemain, CurrentTalkative, GetGroupAtAllRemain, GetGroupDetailInfo, GetGroupHonorInfo,
    GetGroupInfo, GetGroupInfoEx, GetGroupList, GetGroupMemberInfo, GetGroupMemberList,
    GetGroupShutList, GroupDetailInfo, GroupHonors, GroupInfo, GroupMember, HonoredMember,
    MutedMember,
};
use mynah_onebot::types::HonorType;
use mynah_onebot::{GroupId, UserId};
use serde_json::{Map, Value, json};

use crate::onebot::archive::Chat;
use crate::onebot::events::LEVEL;
use crate::onebot::people::badge;
use crate::onebot::refusal::Refusal;
use crate::onebot::state::{Group, Member, Rank, day_of};
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;
use crate::world::Time;

impl Serve<GetGroupInfo> for OneBotWorld {
    fn serve(&mut self, call: GetGroupInfo) -> Result<GroupInfo, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        Ok(info(call.group_id, group))
    }
}

impl Serve<GetGroupList> for OneBotWorld {
    fn serve(&mut self, _: GetGroupList) -> Result<Vec<GroupInfo>, ApiError> {
        let bot = self.bot();
        let joined = self
            .state
            .groups
            .iter()
            .filter(|(_, group)| group.members.contains_key(&bot));
        Ok(joined.map(|(id, group)| info(*id, group)).collect())
    }
}

fn info(group_id: GroupId, group: &Group) -> GroupInfo {
    GroupInfo {
        group_id,
        group_name: group.name.clone(),
        member_count: Some(count(group.members.len())),
        max_member_count: Some(count(group.capacity)),
        extra: Map::new(),
    }
}

pub(super) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl Serve<GetGroupMemberInfo> for OneBotWorld {
    fn serve(&mut self, call: GetGroupMemberInfo) -> Result<GroupMember, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let member = group.member(call.user_id)?;
        Ok(self.member_info(call.group_id, group, call.user_id, member))
    }
}

impl Serve<GetGroupMemberList> for OneBotWorld {
    fn serve(&mut self, call: GetGroupMemberList) -> Result<Vec<GroupMember>, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let members = group.members.iter();
        Ok(members
            .map(|(id, member)| self.member_info(call.group_id, group, *id, member))
            .collect())
    }
}

impl OneBotWorld {
    fn member_info(
        &self,
        group_id: GroupId,
        group: &Group,
        user_id: UserId,
        member: &Member,
    ) -> GroupMember {
        let now = self.state.now;
        let user = self.state.users.get(&user_id);
        let bot = self.bot();
        let changeable = user_id == bot || group.needs_power(bot, user_id).is_ok();
        GroupMember {
            group_id,
            user_id,
            nickname: self.state.nickname(user_id),
            card: Some(member.card.clone()),
            sex: user.map(|user| user.sex.clone()),
            age: user.map(|user| user.age),
            area: Some(member.area.clone()),
            join_time: Some(member.joined.into()),
            last_sent_time: Some(member.last_sent.into()),
            level: Some(LEVEL.to_owned()),
            role: Some(member.rank.into()),
            unfriendly: Some(false),
            title: Some(member.title(now).to_owned()),
            title_expire_time: Some(member.title_until.unwrap_or_default().into()),
            card_changeable: Some(changeable),
            shut_up_timestamp: member
                .muted_until
                .filter(|until| now < *until)
                .map(|until| until.seconds().into()),
            extra: Map::new(),
        }
    }
}

impl Serve<GetGroupHonorInfo> for OneBotWorld {
    fn serve(&mut self, call: GetGroupHonorInfo) -> Result<GroupHonors, ApiError> {
        if let HonorType::Other(_) = call.honor {
            return Err(Refusal::bad("type", "there is no such badge").into());
        }
        let group = self.state.own_group(call.group_id)?;
        let wants = |honor: &HonorType| call.honor == HonorType::All || call.honor == *honor;
        let list = |honor: HonorType| wants(&honor).then(|| self.bearers(group, &honor));
        let talkative = wants(&HonorType::Talkative);
        Ok(GroupHonors {
            group_id: call.group_id,
            current_talkative: group
                .activity
                .dragon()
                .filter(|_| talkative)
                .map(|(king, days)| self.dragon(king, days)),
            talkative_list: talkative.then(|| self.dragons(group)),
            performer_list: list(HonorType::Performer),
            legend_list: list(HonorType::Legend),
            strong_newbie_list: list(HonorType::StrongNewbie),
            emotion_list: list(HonorType::Emotion),
            extra: Map::new(),
        })
    }
}

impl OneBotWorld {
    fn dragon(&self, user: UserId, days: i32) -> CurrentTalkative {
        CurrentTalkative {
            user_id: Some(user),
            nickname: Some(self.state.nickname(user)),
            avatar: Some(self.avatar(user)),
            day_count: Some(days),
            extra: Map::new(),
        }
    }

    fn dragons(&self, group: &Group) -> Vec<HonoredMember> {
        let dragons = group.activity.dragons().into_iter();
        dragons
            .map(|(user, days)| self.honored(user, format!("龙王 {days} 天")))
            .collect()
    }

    fn bearers(&self, group: &Group, honor: &HonorType) -> Vec<HonoredMember> {
        let joined = |user| {
            let member = group.members.get(&user)?;
            Some(day_of(Time(member.joined.saturating_mul(1000))))
        };
        let name = badge(honor).map_or("", |(_, zh)| zh);
        let today = self.state.today();
        let bearers = group.activity.bearers(today, honor, joined).into_iter();
        bearers
            .map(|(user, earned)| self.honored(user, format!("{name} {earned}")))
            .collect()
    }

    fn honored(&self, user_id: UserId, description: String) -> HonoredMember {
        HonoredMember {
            user_id,
            nickname: self.state.nickname(user_id),
            avatar: Some(self.avatar(user_id)),
            description: Some(description),
            extra: Map::new(),
        }
    }

    /// An address in the look of QQ's; nothing answers there.
    fn avatar(&self, user: UserId) -> String {
        format!("{}/avatar/{user}", self.settings.public_url)
    }
}

impl Serve<GetGroupAtAllRemain> for OneBotWorld {
    fn serve(&mut self, call: GetGroupAtAllRemain) -> Result<AtAllRemain, ApiError> {
        self.state.own_group(call.group_id)?;
        let (bot, chat) = (self.bot(), Chat::Group(call.group_id));
        let (in_group, own) = self.at_all_remaining(bot, chat);
        Ok(AtAllRemain {
            can_at_all: self.may_mention_all(bot, chat),
            remain_at_all_count_for_group: i32::try_from(in_group).unwrap_or(i32::MAX),
            remain_at_all_count_for_uin: i32::try_from(own).unwrap_or(i32::MAX),
            extra: Map::new(),
        })
    }
}

impl Serve<GetGroupShutList> for OneBotWorld {
    fn serve(&mut self, call: GetGroupShutList) -> Result<Vec<MutedMember>, ApiError> {
        let now = self.state.now;
        let group = self.state.own_group(call.group_id)?;
        let muted = group.members.iter().filter(|(_, it)| it.is_muted(now));
        Ok(muted
            .map(|(id, member)| MutedMember {
                user_id: Some(*id),
                nickname: Some(self.state.nickname(*id)),
                shut_up_time: member.muted_until.map(|until| until.seconds().into()),
                extra: Map::new(),
            })
            .collect())
    }
}

impl Serve<GetGroupInfoEx> for OneBotWorld {
    fn serve(&mut self, call: GetGroupInfoEx) -> Result<Value, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let signed = group.signed.of(self.state.today());
        Ok(json!({
            "group_id": call.group_id,
            "group_name": group.name,
            "member_count": group.members.len(),
            "max_member_count": group.capacity,
            "owner_id": owner(group),
            "introduction": group.introduction,
            "create_time": group.created,
            "group_remark": group.remark,
            "portrait": group.portrait.as_deref().and_then(|name| self.media_url(name)),
            "anonymous_allowed": group.anonymous,
            "signed_today": signed.map_or(0, BTreeMap::len),
        }))
    }
}

pub(super) fn owner(group: &Group) -> Option<UserId> {
    let mut members = group.members.iter();
    members
        .find(|(_, member)| member.rank == Rank::Owner)
        .map(|(id, _)| *id)
}

impl Serve<GetGroupDetailInfo> for OneBotWorld {
    fn serve(&mut self, call: GetGroupDetailInfo) -> Result<GroupDetailInfo, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        Ok(GroupDetailInfo {
            group_id: call.group_id,
            group_name: group.name.clone(),
            member_count: Some(count(group.members.len())),
            max_member_count: Some(count(group.capacity)),
            group_all_shut: Some(if group.whole_ban { -1 } else { 0 }),
            group_remark: Some(group.remark.clone()),
            extra: Map::new(),
        })
    }
}
