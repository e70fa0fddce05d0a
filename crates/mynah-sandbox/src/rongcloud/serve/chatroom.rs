//! `/chatroom/…`: chatrooms, and who may do what in them.

use mynah_core::{ApiError, Empty};
use mynah_rongcloud::api::chatroom::{
    AddChatroomBlock, AddChatroomGag, AddChatroomWhitelist, AddKeepalive, AddPriority, Barred,
    Chatroom, ChatroomUser, ChatroomUsers, CheckChatroomUser, CheckChatroomUsers, CreateChatrooms,
    DestroyChatrooms, InChatroom, JoinChatroom, KeptAlive, LARGEST_COUNT, ListChatroomBlocks,
    ListChatroomGags, Order, Presence, QueryChatroomUsers, QueryChatroomWhitelist, QueryChatrooms,
    QueryKeepalive, QueryPriority, RemoveChatroomWhitelist, RemoveKeepalive, RemovePriority,
    ResumeDistribution, RollbackChatroomBlock, RollbackChatroomGag, StopDistribution,
};
use mynah_rongcloud::event::ChatroomCause;
use mynah_rongcloud::platform::code;
use mynah_rongcloud::{ChatroomId, Moment, ObjectName, UserId, errors};

use crate::rongcloud::groups::Gag;
use crate::rongcloud::refusal::{barred, refuse};
use crate::rongcloud::world::RongCloudWorld;
use crate::serve::Serve;

impl Serve<CreateChatrooms> for RongCloudWorld {
    fn serve(&mut self, call: CreateChatrooms) -> Result<Empty, ApiError> {
        for (id, name) in &call.chatrooms.0 {
            self.create_room(id, name);
        }
        Ok(Empty)
    }
}

/// A chatroom that is not there is made, as a client does who joins.
impl Serve<JoinChatroom> for RongCloudWorld {
    fn serve(&mut self, call: JoinChatroom) -> Result<Empty, ApiError> {
        let (id, now) = (&call.chatroom_id, self.state.now);
        let mut users = call.user_ids.iter();
        if users.any(|user| self.state.rooms.is_blocked(id, user, now)) {
            return Err(barred());
        }
        self.enter_room(&call.user_ids, id);
        Ok(Empty)
    }
}

impl Serve<QueryChatrooms> for RongCloudWorld {
    fn serve(&mut self, call: QueryChatrooms) -> Result<Vec<Chatroom>, ApiError> {
        let found = call.chatroom_ids.into_iter().filter_map(|id| {
            let room = self.state.rooms.get(&id)?;
            Some(Chatroom {
                name: room.name.clone(),
                time: Self::moment(room.created),
                id,
            })
        });
        Ok(found.collect())
    }
}

impl Serve<QueryChatroomUsers> for RongCloudWorld {
    fn serve(&mut self, call: QueryChatroomUsers) -> Result<ChatroomUsers, ApiError> {
        let room = self.state.rooms.get(&call.chatroom_id);
        let mut members = room.map(|room| room.members()).unwrap_or_default();
        let total = u32::try_from(members.len()).unwrap_or(u32::MAX);
        if call.order == Order::Descending {
            members.reverse();
        }
        let count = call.count.min(LARGEST_COUNT);
        let members = members.into_iter();
        let told = members.take(usize::try_from(count).unwrap_or_default());
        Ok(ChatroomUsers {
            total,
            users: told
                .map(|(id, stay)| ChatroomUser {
                    id: id.clone(),
                    time: Self::moment(stay.since),
                })
                .collect(),
        })
    }
}

impl Serve<StopDistribution> for RongCloudWorld {
    fn serve(&mut self, call: StopDistribution) -> Result<Empty, ApiError> {
        self.state.rooms.set_stopped(&call.chatroom_id, true);
        Ok(Empty)
    }
}

impl Serve<ResumeDistribution> for RongCloudWorld {
    fn serve(&mut self, call: ResumeDistribution) -> Result<Empty, ApiError> {
        self.state.rooms.set_stopped(&call.chatroom_id, false);
        Ok(Empty)
    }
}

impl Serve<AddChatroomGag> for RongCloudWorld {
    fn serve(&mut self, call: AddChatroomGag) -> Result<Empty, ApiError> {
        let gag = Gag::of(self.state.now, call.minute);
        self.gag_in_room(&call.user_ids, &call.chatroom_id, gag);
        Ok(Empty)
    }
}

impl Serve<ListChatroomGags> for RongCloudWorld {
    fn serve(&mut self, call: ListChatroomGags) -> Result<Vec<Barred>, ApiError> {
        let now = self.state.now;
        let gags = self.state.rooms.gags(&call.chatroom_id, now);
        Ok(gags.map(told).collect())
    }
}

impl Serve<RollbackChatroomGag> for RongCloudWorld {
    fn serve(&mut self, call: RollbackChatroomGag) -> Result<Empty, ApiError> {
        self.ungag_in_room(&call.user_ids, &call.chatroom_id);
        Ok(Empty)
    }
}

impl Serve<AddChatroomBlock> for RongCloudWorld {
    fn serve(&mut self, call: AddChatroomBlock) -> Result<Empty, ApiError> {
        let block = Gag::of(self.state.now, call.minute);
        self.block_in_room(&call.user_ids, &call.chatroom_id, block);
        Ok(Empty)
    }
}

impl Serve<ListChatroomBlocks> for RongCloudWorld {
    fn serve(&mut self, call: ListChatroomBlocks) -> Result<Vec<Barred>, ApiError> {
        let now = self.state.now;
        let blocks = self.state.rooms.blocks(&call.chatroom_id, now);
        Ok(blocks.map(told).collect())
    }
}

/// Only lifts the bar: nobody is in the chatroom again by this.
impl Serve<RollbackChatroomBlock> for RongCloudWorld {
    fn serve(&mut self, call: RollbackChatroomBlock) -> Result<Empty, ApiError> {
        self.state.rooms.unblock(&call.chatroom_id, &call.user_ids);
        Ok(Empty)
    }
}

impl Serve<DestroyChatrooms> for RongCloudWorld {
    fn serve(&mut self, call: DestroyChatrooms) -> Result<Empty, ApiError> {
        for id in &call.chatroom_ids {
            self.destroy_room(id, ChatroomCause::Call);
        }
        Ok(Empty)
    }
}

impl Serve<AddChatroomWhitelist> for RongCloudWorld {
    fn serve(&mut self, call: AddChatroomWhitelist) -> Result<Empty, ApiError> {
        if !self.state.rooms.trust(&call.chatroom_id, &call.user_ids) {
            return Err(errors::too_many("userId"));
        }
        Ok(Empty)
    }
}

impl Serve<RemoveChatroomWhitelist> for RongCloudWorld {
    fn serve(&mut self, call: RemoveChatroomWhitelist) -> Result<Empty, ApiError> {
        let rooms = &mut self.state.rooms;
        rooms.distrust(&call.chatroom_id, &call.user_ids);
        Ok(Empty)
    }
}

impl Serve<QueryChatroomWhitelist> for RongCloudWorld {
    fn serve(&mut self, call: QueryChatroomWhitelist) -> Result<Vec<UserId>, ApiError> {
        Ok(self.state.rooms.whitelist(&call.chatroom_id).to_vec())
    }
}

impl Serve<AddPriority> for RongCloudWorld {
    fn serve(&mut self, call: AddPriority) -> Result<Empty, ApiError> {
        let names = words(&call.object_names);
        if !self.state.rooms.add_low_priority(&names) {
            return Err(errors::too_many("objectName"));
        }
        Ok(Empty)
    }
}

impl Serve<RemovePriority> for RongCloudWorld {
    fn serve(&mut self, call: RemovePriority) -> Result<Empty, ApiError> {
        let names = words(&call.object_names);
        self.state.rooms.remove_low_priority(&names);
        Ok(Empty)
    }
}

impl Serve<QueryPriority> for RongCloudWorld {
    fn serve(&mut self, _: QueryPriority) -> Result<Vec<ObjectName>, ApiError> {
        let names = self.state.rooms.low_priority().iter();
        Ok(names.map(|name| name.as_str().into()).collect())
    }
}

impl Serve<CheckChatroomUsers> for RongCloudWorld {
    fn serve(&mut self, call: CheckChatroomUsers) -> Result<Vec<Presence>, ApiError> {
        let users = call.user_ids.into_iter();
        let presences = users.map(|user| Presence {
            is_in: self.is_in_room(&call.chatroom_id, &user).into(),
            user_id: user,
        });
        Ok(presences.collect())
    }
}

impl Serve<CheckChatroomUser> for RongCloudWorld {
    fn serve(&mut self, call: CheckChatroomUser) -> Result<InChatroom, ApiError> {
        Ok(InChatroom {
            is_in: self.is_in_room(&call.chatroom_id, &call.user_id),
        })
    }
}

impl Serve<AddKeepalive> for RongCloudWorld {
    fn serve(&mut self, call: AddKeepalive) -> Result<Empty, ApiError> {
        if !self.state.rooms.keep_alive(call.chatroom_id) {
            return Err(refuse(code::TOO_MANY_KEPT_ALIVE));
        }
        Ok(Empty)
    }
}

impl Serve<RemoveKeepalive> for RongCloudWorld {
    fn serve(&mut self, call: RemoveKeepalive) -> Result<Empty, ApiError> {
        if !self.state.rooms.let_go(&call.chatroom_id) {
            return Err(refuse(code::NOTHING_TO_DELETE));
        }
        Ok(Empty)
    }
}

impl Serve<QueryKeepalive> for RongCloudWorld {
    fn serve(&mut self, _: QueryKeepalive) -> Result<KeptAlive, ApiError> {
        Ok(KeptAlive {
            chatroom_ids: self.state.rooms.kept_alive().cloned().collect(),
        })
    }
}

impl RongCloudWorld {
    fn is_in_room(&self, id: &ChatroomId, user: &UserId) -> bool {
        let room = self.state.rooms.get(id);
        room.is_some_and(|room| room.has(user))
    }
}

fn told((user, gag): (&UserId, &Gag)) -> Barred {
    Barred {
        user_id: user.clone(),
        time: gag
            .until
            .map_or_else(Moment::forever, RongCloudWorld::moment),
    }
}

fn words(names: &[ObjectName]) -> Vec<String> {
    let names = names.iter();
    names.map(|name| name.as_str().to_owned()).collect()
}
