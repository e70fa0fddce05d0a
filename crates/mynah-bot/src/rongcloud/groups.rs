//! Groups and chatrooms, and who belongs to them.

use std::collections::BTreeSet;

use mynah_rongcloud::api::chatroom::{
    DestroyChatrooms, JoinChatroom, LARGEST_COUNT, MOST_JOINING, Order, QueryChatroomUsers,
    QueryChatrooms,
};
use mynah_rongcloud::api::group::{
    CreateGroup, DismissGroup, JoinGroup, MOST_USERS, QueryGroupUsers, QueryUserGroups, QuitGroup,
    RefreshGroup,
};
use mynah_rongcloud::{ChatroomId, GroupId, UserId as User};

use super::convert::CHATROOM;
use super::outbox::UserOutbox;
use crate::bulk::{Results, not_done, with_all};
use crate::capability::Capability;
use crate::id::{Conversation, Place, Platform, UserId};
use crate::outgoing::no_place;
use crate::reply::{BotError, Outbox, Result};
use crate::room::{Changed, Created, GroupInfo, Member, MemberRole, NewGroup};

const HERE: Platform = Platform::RongCloud;

/// The two kinds of places with many people in them.
enum Many {
    Group(GroupId),
    Chatroom(ChatroomId),
}

fn many(place: &Conversation) -> Result<Many> {
    if place.platform != HERE {
        return Err(no_place(place, HERE));
    }
    let id = place.id.to_string();
    match (place.kind, id.strip_prefix(CHATROOM)) {
        (Place::Group, Some(id)) => Ok(Many::Chatroom(id.into())),
        (Place::Group, None) => Ok(Many::Group(id.into())),
        _ => Err(BotError::new(format!("{place} is no group of RongCloud"))),
    }
}

fn user(id: &User) -> UserId {
    UserId::new(HERE, id.as_str())
}

impl UserOutbox {
    /// A group, where it is wanted of no chatroom.
    fn group_alone(&self, place: &Conversation, wanted: Capability) -> Result<GroupId> {
        match many(place)? {
            Many::Group(id) => Ok(id),
            Many::Chatroom(_) => Err(self.capabilities().refuse(wanted).into()),
        }
    }

    /// The platform leaves it to us what a group is called among its ids.
    pub(super) async fn create(&self, group: &NewGroup) -> Result<Created> {
        if group.owner.is_some() {
            return Err(self.capabilities().refuse(Capability::SetOwner).into());
        }
        let id = GroupId::from(format!("mynah-{:032x}", fastrand::u128(..)));
        let create = CreateGroup::new([self.user().clone()], id.clone(), group.name.as_str());
        self.client().call(create).await?;
        let mut known = BTreeSet::from([user(self.user())]);
        let members = group
            .members
            .iter()
            .filter(|user| known.insert((*user).clone()));
        let members: Vec<_> = members.cloned().collect();
        let missing = not_done(self.take_in(&id, &members).await);
        Ok(Created {
            place: Conversation::group(HERE, id.as_str()),
            missing,
        })
    }

    async fn take_in(&self, group: &GroupId, users: &[UserId]) -> Results {
        let call = async |ids: Vec<String>| {
            let join = JoinGroup::new(ids, group.clone());
            self.client().call(join).await?;
            Ok(())
        };
        with_all(users, HERE, MOST_USERS, call).await
    }

    /// The name of a group stands nowhere but in the list of somebody who is in it.
    pub(super) async fn tell(&self, place: &Conversation) -> Result<GroupInfo> {
        let (name, size) = match many(place)? {
            Many::Group(id) => {
                let members = self.client().call(QueryGroupUsers::new(id.clone())).await?;
                let anybody = members.iter().find(|member| member.id == *self.user());
                let Some(anybody) = anybody.or(members.first()) else {
                    return Err(nobody_there(place));
                };
                let theirs = QueryUserGroups::new(anybody.id.clone());
                let theirs = self.client().call(theirs).await?;
                let group = theirs.into_iter().find(|group| group.id == id);
                (group.map(|group| group.name), members.len())
            }
            Many::Chatroom(id) => {
                let found = self
                    .client()
                    .call(QueryChatrooms::new([id.clone()]))
                    .await?;
                let Some(chatroom) = found.into_iter().find(|chatroom| chatroom.id == id) else {
                    return Err(nobody_there(place));
                };
                let ask = QueryChatroomUsers::new(id, 1, Order::Ascending);
                let told = self.client().call(ask).await?;
                let size = usize::try_from(told.total).unwrap_or(usize::MAX);
                (Some(chatroom.name), size)
            }
        };
        Ok(GroupInfo {
            place: place.clone(),
            name: name.unwrap_or_default(),
            owner: None,
            size: Some(size),
        })
    }

    /// Groups hold no names of their members.
    pub(super) async fn list(&self, of: &Conversation) -> Result<Vec<Member>> {
        let ids: Vec<User> = match many(of)? {
            Many::Group(id) => {
                let members = self.client().call(QueryGroupUsers::new(id)).await?;
                members.into_iter().map(|member| member.id).collect()
            }
            Many::Chatroom(id) => {
                let ask = QueryChatroomUsers::new(id, LARGEST_COUNT, Order::Ascending);
                let told = self.client().call(ask).await?;
                told.users.into_iter().map(|member| member.id).collect()
            }
        };
        let told = |id: &User| Member {
            user: user(id),
            name: None,
            role: MemberRole::default(),
        };
        Ok(ids.iter().map(told).collect())
    }

    pub(super) async fn call_it(&self, place: &Conversation, name: &str) -> Result<()> {
        let group = self.group_alone(place, Capability::Rename)?;
        self.client().call(RefreshGroup::new(group, name)).await?;
        Ok(())
    }

    pub(super) async fn add(&self, to: &Conversation, users: &[UserId]) -> Result<Changed> {
        let results = match many(to)? {
            Many::Group(id) => self.take_in(&id, users).await,
            Many::Chatroom(id) => {
                let call = async |ids: Vec<String>| {
                    let join = JoinChatroom::new(ids, id.clone());
                    self.client().call(join).await?;
                    Ok(())
                };
                with_all(users, HERE, MOST_JOINING, call).await
            }
        };
        Changed::of(results)
    }

    pub(super) async fn remove(&self, from: &Conversation, users: &[UserId]) -> Result<Changed> {
        let group = self.group_alone(from, Capability::RemoveMembers)?;
        let call = async |ids: Vec<String>| {
            let quit = QuitGroup::new(ids, group.clone());
            self.client().call(quit).await?;
            Ok(())
        };
        Changed::of(with_all(users, HERE, MOST_USERS, call).await)
    }

    pub(super) async fn go(&self, place: &Conversation) -> Result<()> {
        let group = self.group_alone(place, Capability::Leave)?;
        let quit = QuitGroup::new([self.user().clone()], group);
        self.client().call(quit).await?;
        Ok(())
    }

    pub(super) async fn end(&self, place: &Conversation) -> Result<()> {
        match many(place)? {
            Many::Group(id) => {
                let dismiss = DismissGroup::new(self.user().clone(), id);
                self.client().call(dismiss).await?;
            }
            Many::Chatroom(id) => {
                self.client().call(DestroyChatrooms::new([id])).await?;
            }
        }
        Ok(())
    }
}

fn nobody_there(place: &Conversation) -> BotError {
    BotError::new(format!("{place} is not there, or nobody is in it"))
}
