use mynah_core::{ApiError, Empty};
use mynah_onebot::UserId;
use mynah_onebot::actions::friend::{
    DeleteFriend, DeleteUnidirectionalFriend, Friend, FriendCategory, GetFriendList,
    GetFriendsWithCategory, GetRecentContact, GetStrangerInfo, GetUnidirectionalFriendList,
    NcGetUserStatus, RecentContact, SetFriendRemark, Stranger, UnidirectionalFriend, UserStatus,
};
use mynah_onebot::event::Event;
use serde_json::{Map, Value};

use super::done;
use crate::onebot::archive::{Chat, Found};
use crate::onebot::limits;
use crate::onebot::refusal::Refusal;
use crate::onebot::state::{needs_chars, needs_number};
use crate::onebot::world::OneBotWorld;
use crate::serve::Serve;

/// NapCat's number for somebody who is online.
const ONLINE: i32 = 10;

/// The only category of friends there is.
pub(super) const FRIENDS: &str = "我的好友";

impl Serve<GetStrangerInfo> for OneBotWorld {
    fn serve(&mut self, call: GetStrangerInfo) -> Result<Stranger, ApiError> {
        let user = self.state.user(call.user_id)?;
        Ok(Stranger {
            user_id: call.user_id,
            nickname: user.nickname.clone(),
            sex: Some(user.sex.clone()),
            age: Some(user.age),
            extra: Map::new(),
        })
    }
}

impl Serve<GetFriendList> for OneBotWorld {
    fn serve(&mut self, _: GetFriendList) -> Result<Vec<Friend>, ApiError> {
        Ok(self.friends().collect())
    }
}

impl OneBotWorld {
    pub(super) fn friends(&self) -> impl Iterator<Item = Friend> {
        self.state.friends.iter().map(|(id, friend)| Friend {
            user_id: *id,
            nickname: self.state.nickname(*id),
            remark: friend.remark.clone(),
            extra: Map::new(),
        })
    }
}

impl Serve<GetFriendsWithCategory> for OneBotWorld {
    fn serve(&mut self, _: GetFriendsWithCategory) -> Result<Vec<FriendCategory>, ApiError> {
        let friends: Vec<Friend> = self.friends().collect();
        Ok(vec![FriendCategory {
            category_id: Some(0),
            category_name: FRIENDS.to_owned(),
            member_count: i32::try_from(friends.len()).ok(),
            friends,
            extra: Map::new(),
        }])
    }
}

impl Serve<GetUnidirectionalFriendList> for OneBotWorld {
    fn serve(
        &mut self,
        _: GetUnidirectionalFriendList,
    ) -> Result<Vec<UnidirectionalFriend>, ApiError> {
        let one_way = self.state.one_way.iter().map(|id| UnidirectionalFriend {
            user_id: *id,
            nickname: self.state.nickname(*id),
            source: Some("好友".to_owned()),
            extra: Map::new(),
        });
        Ok(one_way.collect())
    }
}

impl Serve<DeleteFriend> for OneBotWorld {
    fn serve(&mut self, call: DeleteFriend) -> Result<Empty, ApiError> {
        done(self.delete_friend(call.user_id))
    }
}

impl Serve<DeleteUnidirectionalFriend> for OneBotWorld {
    fn serve(&mut self, call: DeleteUnidirectionalFriend) -> Result<Empty, ApiError> {
        needs_number("user_id", call.user_id.0)?;
        if !self.state.one_way.remove(&call.user_id) {
            return Err(no_friend(call.user_id).into());
        }
        Ok(Empty)
    }
}

impl Serve<SetFriendRemark> for OneBotWorld {
    fn serve(&mut self, call: SetFriendRemark) -> Result<Empty, ApiError> {
        needs_number("user_id", call.user_id.0)?;
        needs_chars("remark", &call.remark, limits::NAME_CHARS)?;
        let friend = self.state.friends.get_mut(&call.user_id);
        friend.ok_or_else(|| no_friend(call.user_id))?.remark = call.remark;
        Ok(Empty)
    }
}

fn no_friend(user: UserId) -> Refusal {
    Refusal::missing("user_id", format!("{user} is no friend of this kind"))
}

impl Serve<GetRecentContact> for OneBotWorld {
    /// Most recent first.
    fn serve(&mut self, call: GetRecentContact) -> Result<Vec<RecentContact>, ApiError> {
        let count = call.count.unwrap_or(10);
        needs_number("count", count.into())?;
        let count = usize::try_from(count).map_or(1, |count| count.min(limits::RECENT_CONTACTS));
        let bot = self.bot();
        let mut last: Vec<Found<'_>> = self
            .state
            .archive
            .chats()
            .filter(|(chat, _)| self.state.takes_part(bot, *chat))
            .filter_map(|(chat, timeline)| {
                let mut messages = timeline.messages().rev();
                let (time, spoken) = messages.find(|(_, spoken)| spoken.recalled.is_none())?;
                self.state.archive.find(spoken.id).map(|found| Found {
                    chat,
                    time,
                    ..found
                })
            })
            .collect();
        last.sort_by_key(|found| std::cmp::Reverse(found.seq));
        let contacts = last.into_iter().take(count);
        Ok(contacts.filter_map(|found| self.recent(found)).collect())
    }
}

impl OneBotWorld {
    /// NapCat's entry for a conversation; it knows no discussion groups.
    fn recent(&self, found: Found<'_>) -> Option<RecentContact> {
        let (chat_type, peer, name, remark) = match found.chat {
            Chat::Direct(person) => {
                let friend = self.state.friends.get(&person);
                let remark = friend.map(|friend| friend.remark.clone());
                (1, person.0, self.state.nickname(person), remark)
            }
            Chat::Group(id) => {
                let group = self.state.groups.get(&id)?;
                (2, id.0, group.name.clone(), Some(group.remark.clone()))
            }
            Chat::Discuss(_) => return None,
        };
        let event = Event::Message(self.message_event(found));
        let (_, sender) = self.author(found.chat, &found.spoken.by);
        let unread = self
            .state
            .archive
            .timeline(found.chat)
            .map_or(0, |timeline| timeline.unread(self.bot()));
        Some(RecentContact {
            latest_msg: serde_json::to_value(&event).ok(),
            peer_uin: Some(peer.to_string().into()),
            remark: Some(remark.unwrap_or_default()),
            msg_time: Some(found.time.seconds().to_string().into()),
            chat_type: Some(chat_type),
            msg_id: Some(found.spoken.id.to_string().into()),
            send_nick_name: sender.nickname,
            send_member_name: Some(sender.card.unwrap_or_default()),
            peer_name: Some(name),
            extra: Map::from_iter([("unreadCnt".to_owned(), Value::from(unread))]),
        })
    }
}

impl Serve<NcGetUserStatus> for OneBotWorld {
    /// Everybody here is online; the bot, unless it was sent offline.
    fn serve(&mut self, call: NcGetUserStatus) -> Result<UserStatus, ApiError> {
        self.state.user(call.user_id)?;
        let offline = self.state.is_bot(call.user_id) && !self.state.bot.online;
        Ok(UserStatus {
            status: if offline { 0 } else { ONLINE },
            ext_status: 0,
            extra: Map::new(),
        })
    }
}
