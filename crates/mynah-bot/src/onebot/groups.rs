//! Groups of OneBot, who belongs to them, and what was said in them.

use mynah_onebot::actions::group::SetGroupKick;
use mynah_onebot::actions::group_info::{GetGroupInfo, GetGroupMemberList, GroupMember};
use mynah_onebot::actions::message::{GetFriendMsgHistory, GetGroupMsgHistory, GetMsg};
use mynah_onebot::event::{Event as Native, RawEvent};
use mynah_onebot::types::Role;

use super::outbox::{OneBotOutbox, native};
use super::{CAPABILITIES, event};
use crate::capability::Capability;
use crate::event::Event;
use crate::id::{Conversation, MessageId, Place, Platform, UserId};
use crate::outgoing::no_place;
use crate::reply::{BotError, Result};
use crate::room::{Changed, GroupInfo, Member, MemberRole, Past, Said};

const HERE: Platform = Platform::OneBot;

/// The number of a group.
pub(super) fn group_id(place: &Conversation) -> Result<mynah_onebot::GroupId> {
    let id = place.id.number();
    let id = id.filter(|_| place.platform == HERE && place.kind == Place::Group);
    let none = || BotError::new(format!("{place} is no group of OneBot"));
    id.map(mynah_onebot::GroupId).ok_or_else(none)
}

fn user_id(user: &UserId) -> Result<mynah_onebot::UserId> {
    let id = user.id.number().filter(|_| user.platform == HERE);
    let none = || BotError::new(format!("{user} is nobody on OneBot"));
    id.map(mynah_onebot::UserId).ok_or_else(none)
}

impl OneBotOutbox {
    pub(super) async fn tell(&self, place: &Conversation) -> Result<GroupInfo> {
        let info = self.client().call(GetGroupInfo::new(group_id(place)?));
        let info = info.await?;
        Ok(GroupInfo {
            place: place.clone(),
            name: info.group_name,
            owner: None,
            size: info.member_count.and_then(|count| count.try_into().ok()),
        })
    }

    pub(super) async fn list(&self, of: &Conversation) -> Result<Vec<Member>> {
        let list = GetGroupMemberList::new(group_id(of)?);
        let list = self.client().call(list).await?;
        Ok(list.into_iter().map(member).collect())
    }

    /// There is a call for one at a time.
    pub(super) async fn kick(&self, from: &Conversation, users: &[UserId]) -> Result<Changed> {
        let group = group_id(from)?;
        let mut results = Vec::with_capacity(users.len());
        for user in users {
            let result = async {
                let call = SetGroupKick::new(group, user_id(user)?);
                self.client().call(call).await?;
                Ok(())
            };
            results.push((user.clone(), result.await));
        }
        Changed::of(results)
    }

    pub(super) async fn read(&self, at: &Conversation, past: &Past) -> Result<Vec<Said>> {
        let before = past.before.as_ref();
        let newest = match before {
            Some(message) => Some(self.number(message).await?),
            None => None,
        };
        // What is asked for begins with the message itself.
        let most = past.most.saturating_add(newest.is_some().into());
        let count = i32::try_from(most).unwrap_or(i32::MAX);
        let heard = match at.kind {
            Place::Group => {
                let mut ask = GetGroupMsgHistory::new(group_id(at)?).count(count);
                ask.message_seq = newest;
                self.client().call(ask).await?
            }
            Place::Direct if at.platform == HERE => {
                let user = UserId {
                    platform: HERE,
                    id: at.id.clone(),
                };
                let mut ask = GetFriendMsgHistory::new(user_id(&user)?).count(count);
                ask.message_seq = newest;
                self.client().call(ask).await?
            }
            Place::Direct => return Err(no_place(at, HERE)),
            Place::Temporary => return Err(CAPABILITIES.refuse(Capability::History).into()),
        };
        let said = heard.into_iter().filter_map(said);
        let mut said: Vec<_> = said.filter(|said| Some(&said.id) != before).collect();
        // go-cqhttp gives as many as it likes.
        let most = usize::try_from(past.most).unwrap_or(usize::MAX);
        let superfluous = said.len().saturating_sub(most);
        said.drain(..superfluous);
        Ok(said)
    }

    /// Histories go by numbers that messages have beside their ids.
    async fn number(&self, message: &MessageId) -> Result<i64> {
        let found = self.client().call(GetMsg::new(native(message)?)).await?;
        let none = || BotError::new(format!("{message}: its message_seq is not told"));
        found.message_seq.ok_or_else(none)
    }
}

fn said(native: Native) -> Option<Said> {
    let raw = RawEvent {
        event: native,
        raw: bytes::Bytes::new(),
    };
    let heard: Event = event("".into(), raw);
    let message = heard.message().clone();
    Some(Said {
        id: heard.message_id?,
        sender: heard.sender,
        time: heard.time,
        message,
    })
}

fn member(member: GroupMember) -> Member {
    let card = member.card.filter(|card| !card.is_empty());
    let name = card.or(Some(member.nickname).filter(|name| !name.is_empty()));
    let role = match member.role {
        Some(Role::Owner) => MemberRole::Owner,
        Some(Role::Admin) => MemberRole::Admin,
        _ => MemberRole::Member,
    };
    Member {
        user: UserId::new(HERE, member.user_id.0),
        name,
        role,
    }
}
