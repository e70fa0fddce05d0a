use mynah_core::{ApiError, Empty};
use mynah_onebot::MessageId;
use mynah_onebot::actions::legacy::{
    CheckUpdate, CleanDataDir, CleanPluginLog, GetVipInfo, LegacyFriend, LegacyFriendGroup,
    LegacyFriendList, LegacyGetFriendList, LegacyGetGroupInfo, LegacyGroupAdmin, LegacyGroupInfo,
    LegacySetRestart, SendDiscussMsg, SetDiscussLeave, SetRestartPlugin, VipInfo,
};
use mynah_onebot::types::DataDir;
use serde_json::Map;

use super::friend::FRIENDS;
use super::group_info::{count, owner};
use crate::onebot::archive::Chat;
use crate::onebot::calls::queued;
use crate::onebot::limits;
use crate::onebot::media::Kind;
use crate::onebot::refusal::Refusal;
use crate::onebot::state::Rank;
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

impl Serve<SendDiscussMsg> for OneBotWorld {
    fn serve(&mut self, call: SendDiscussMsg) -> Result<MessageId, ApiError> {
        let chat = Chat::Discuss(call.discuss_id);
        self.bot_speaks(chat, call.message, call.auto_escape)
    }
}

impl Serve<SetDiscussLeave> for OneBotWorld {
    fn serve(&mut self, call: SetDiscussLeave) -> Result<Empty, ApiError> {
        let bot = self.bot();
        self.state.discuss(bot, call.discuss_id)?;
        if let Some(discuss) = self.state.discusses.get_mut(&call.discuss_id) {
            discuss.members.remove(&bot);
        }
        self.changed_conversations();
        Ok(Empty)
    }
}

impl Serve<SetRestartPlugin> for OneBotWorld {
    fn serve(&mut self, call: SetRestartPlugin) -> Result<Empty, ApiError> {
        self.restart(call.delay)
    }
}

impl Serve<LegacySetRestart> for OneBotWorld {
    /// Restarts, but throws nothing away.
    fn serve(&mut self, _: LegacySetRestart) -> Result<Empty, ApiError> {
        self.restart(None)
    }
}

impl Serve<CleanDataDir> for OneBotWorld {
    fn serve(&mut self, call: CleanDataDir) -> Result<Empty, ApiError> {
        match call.data_dir {
            DataDir::Image => self.state.media.clean(Kind::Image),
            DataDir::Record => self.state.media.clean(Kind::Record),
            // Nothing is ever in these.
            DataDir::Show | DataDir::Bface => {}
            _ => {
                let known = "must be `image`, `record`, `show` or `bface`";
                return Err(Refusal::bad("data_dir", known).into());
            }
        }
        Ok(Empty)
    }
}

impl Serve<CleanPluginLog> for OneBotWorld {
    /// The world keeps no log.
    fn serve(&mut self, _: CleanPluginLog) -> Result<Empty, ApiError> {
        Ok(Empty)
    }
}

impl Serve<CheckUpdate> for OneBotWorld {
    /// Looks for nothing, as there is nothing to find.
    fn serve(&mut self, _: CheckUpdate) -> Result<Empty, ApiError> {
        Err(queued())
    }
}

impl Serve<LegacyGetFriendList> for OneBotWorld {
    fn serve(&mut self, call: LegacyGetFriendList) -> Result<LegacyFriendList, ApiError> {
        let flat = call.flat.unwrap_or(false);
        let friends: Vec<LegacyFriend> = self
            .friends()
            .map(|friend| LegacyFriend {
                user_id: friend.user_id,
                nickname: friend.nickname,
                remark: friend.remark,
                friend_group_id: flat.then_some(0),
            })
            .collect();
        let group = |friends| LegacyFriendGroup {
            friend_group_id: 0,
            friend_group_name: FRIENDS.to_owned(),
            friends,
        };
        Ok(if flat {
            LegacyFriendList::Flat {
                friend_groups: vec![group(None)],
                friends,
            }
        } else {
            LegacyFriendList::Nested(vec![group(Some(friends))])
        })
    }
}

impl Serve<LegacyGetGroupInfo> for OneBotWorld {
    fn serve(&mut self, call: LegacyGetGroupInfo) -> Result<LegacyGroupInfo, ApiError> {
        let group = self.state.own_group(call.group_id)?;
        let powerful = group
            .members
            .iter()
            .filter(|(_, member)| member.rank > Rank::Member);
        let admins: Vec<LegacyGroupAdmin> = powerful
            .map(|(id, member)| LegacyGroupAdmin {
                user_id: *id,
                nickname: self.state.nickname(*id),
                role: member.rank.into(),
            })
            .collect();
        Ok(LegacyGroupInfo {
            group_id: Some(call.group_id),
            group_name: Some(group.name.clone()),
            create_time: Some(group.created.into()),
            category: Some(0),
            member_count: Some(count(group.members.len())),
            max_member_count: Some(count(group.capacity)),
            introduction: Some(group.introduction.clone()),
            admin_count: Some(count(admins.len())),
            admins: Some(admins),
            max_admin_count: Some(count(limits::ADMINS)),
            owner_id: owner(group),
            extra: Map::new(),
        })
    }
}

impl Serve<GetVipInfo> for OneBotWorld {
    /// Nobody here pays.
    fn serve(&mut self, call: GetVipInfo) -> Result<VipInfo, ApiError> {
        let user = self.state.user(call.user_id)?;
        Ok(VipInfo {
            user_id: call.user_id,
            nickname: user.nickname.clone(),
            level: Some(user.level),
            level_speed: Some(1.0),
            vip_level: Some(0.into()),
            vip_growth_speed: Some(0),
            vip_growth_total: Some("0".into()),
            extra: Map::new(),
        })
    }
}
