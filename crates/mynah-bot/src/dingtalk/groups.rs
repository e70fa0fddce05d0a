//! The groups that an application has created, and who has read what was said.

use std::collections::BTreeSet;

use mynah_dingtalk::UserId as Staff;
use mynah_dingtalk::api::chat::{
    ChatInfo, CreateChat, GetChat, GetReadList, LONGEST_LIST, MOST_MEMBERS, UpdateChat,
};
use mynah_dingtalk::api::robot::{GetReadStatus, QueryGroupRead};
use mynah_dingtalk::types::ReadStatus;
use mynah_dingtalk::{ChatId, OpenConversationId, ProcessQueryKey};

use super::app::{AppOutbox, is_chat};
use crate::bulk::{Results, id_of, not_done, with_all};
use crate::capability::Capability;
use crate::id::{Conversation, MessageId, Place, Platform, UserId};
use crate::outgoing::no_place;
use crate::reply::{BotError, Outbox, Result};
use crate::room::{Changed, Created, GroupInfo, Member, MemberRole, NewGroup, Readers};

const HERE: Platform = Platform::DingTalk;

/// So many pages of readers are asked for: each has a hundred, and a group has no more members.
const PAGES: usize = MOST_MEMBERS / 100 + 1;

fn user(staff: &Staff) -> UserId {
    UserId::new(HERE, staff.as_str())
}

impl AppOutbox {
    /// What the calls for groups name a group by. Events tell another id, and no call tells
    /// which group that is.
    fn chatid(&self, place: &Conversation, wanted: Capability) -> Result<ChatId> {
        if place.platform != HERE {
            return Err(no_place(place, HERE));
        }
        if is_chat(place) {
            return Ok(place.id.to_string().into());
        }
        if place.kind != Place::Group {
            return Err(BotError::new(format!("{place} is no group of DingTalk")));
        }
        let unsupported = self.capabilities().refuse(wanted).nearer(
            "naming the group by its `chatid`, which creating it tells",
            "以建群时返回的 `chatid` 指定群",
        );
        Err(unsupported.into())
    }

    /// It takes forty members; the others come after it.
    pub(super) async fn create(&self, group: &NewGroup) -> Result<Created> {
        let all = group.owner.iter().chain(&group.members);
        let mut known = BTreeSet::new();
        let members: Vec<_> = all.filter(|user| known.insert(*user)).cloned().collect();
        let (first, rest) = members.split_at(members.len().min(LONGEST_LIST));
        let ids: Vec<_> = first
            .iter()
            .map(|user| id_of(user, HERE))
            .collect::<Result<_>>()?;
        let owner = ids.first().cloned().unwrap_or_default();
        let create = CreateChat::new(group.name.as_str(), owner, ids);
        let created = self.clients().classic.call(create).await?;
        let missing = not_done(self.take_in(&created.chatid, rest).await);
        Ok(Created {
            place: Conversation::group(HERE, created.chatid.as_str()),
            missing,
        })
    }

    async fn take_in(&self, chat: &ChatId, users: &[UserId]) -> Results {
        let call = |ids: Vec<String>| {
            let ids: Vec<_> = ids.into_iter().map(Staff::from).collect();
            self.update(UpdateChat::new(chat.clone()).add(ids))
        };
        with_all(users, HERE, LONGEST_LIST, call).await
    }

    async fn update(&self, update: UpdateChat) -> Result<()> {
        self.clients().classic.call(update).await?;
        Ok(())
    }

    async fn chat(&self, place: &Conversation, wanted: Capability) -> Result<ChatInfo> {
        let get = GetChat::new(self.chatid(place, wanted)?);
        Ok(self.clients().classic.call(get).await?)
    }

    pub(super) async fn tell(&self, place: &Conversation) -> Result<GroupInfo> {
        let chat = self.chat(place, Capability::ReadGroup).await?;
        Ok(GroupInfo {
            place: place.clone(),
            name: chat.name,
            owner: Some(&chat.owner).filter(|it| !it.is_empty()).map(user),
            size: Some(chat.members.len()),
        })
    }

    /// What they are called stands in the directory.
    pub(super) async fn list(&self, of: &Conversation) -> Result<Vec<Member>> {
        let chat = self.chat(of, Capability::Members).await?;
        let told = |staff: &Staff| Member {
            user: user(staff),
            name: None,
            role: if *staff == chat.owner {
                MemberRole::Owner
            } else {
                MemberRole::Member
            },
        };
        Ok(chat.members.iter().map(told).collect())
    }

    pub(super) async fn call_it(&self, place: &Conversation, name: &str) -> Result<()> {
        let chat = self.chatid(place, Capability::Rename)?;
        self.update(UpdateChat::new(chat).name(name)).await
    }

    pub(super) async fn pass_to(&self, place: &Conversation, owner: &UserId) -> Result<()> {
        let chat = self.chatid(place, Capability::SetOwner)?;
        let owner = id_of(owner, HERE)?;
        self.update(UpdateChat::new(chat).owner(owner)).await
    }

    pub(super) async fn add(&self, to: &Conversation, users: &[UserId]) -> Result<Changed> {
        let chat = self.chatid(to, Capability::AddMembers)?;
        Changed::of(self.take_in(&chat, users).await)
    }

    pub(super) async fn remove(&self, from: &Conversation, users: &[UserId]) -> Result<Changed> {
        let chat = self.chatid(from, Capability::RemoveMembers)?;
        let call = |ids: Vec<String>| {
            let ids: Vec<_> = ids.into_iter().map(Staff::from).collect();
            self.update(UpdateChat::new(chat.clone()).remove(ids))
        };
        Changed::of(with_all(users, HERE, LONGEST_LIST, call).await)
    }

    pub(super) async fn readers_of(
        &self,
        at: &Conversation,
        message: &MessageId,
    ) -> Result<Readers> {
        match at.kind {
            _ if at.platform != HERE => Err(no_place(at, HERE)),
            Place::Group if is_chat(at) => self.readers_in_chat(message).await,
            Place::Group => self.readers_in_group(at, message).await,
            Place::Direct => self.reader(message).await,
            Place::Temporary => Err(no_place(at, HERE)),
        }
    }

    async fn readers_in_chat(&self, message: &MessageId) -> Result<Readers> {
        let mut readers = Readers::default();
        let mut ask = Some(GetReadList::all(message.id.to_string()));
        for _ in 0..PAGES {
            let Some(asked) = ask else { break };
            let page = self.clients().classic.call(asked.clone()).await?;
            readers.read.extend(page.readers.iter().map(user));
            ask = page.next(&asked);
        }
        Ok(readers)
    }

    async fn readers_in_group(&self, at: &Conversation, message: &MessageId) -> Result<Readers> {
        let mut readers = Readers::default();
        let group = OpenConversationId::from(at.id.to_string());
        let mut ask = QueryGroupRead::new(message.id.to_string())
            .open_conversation_id(group)
            .robot_code(self.robot_code().clone());
        for _ in 0..PAGES {
            let page = self.clients().open.call(ask.clone()).await?;
            readers.read.extend(page.readers.iter().map(user));
            let next = page.next_token.filter(|next| !next.is_empty());
            match next.filter(|next| page.has_more && ask.next_token.as_ref() != Some(next)) {
                Some(next) => ask = ask.next_token(next),
                None => break,
            }
        }
        Ok(readers)
    }

    async fn reader(&self, message: &MessageId) -> Result<Readers> {
        let key = ProcessQueryKey::from(message.id.to_string());
        let ask = GetReadStatus::new(self.robot_code().clone(), key);
        let told = self.clients().open.call(ask).await?;
        let mut readers = Readers {
            read: Vec::new(),
            unread: Some(Vec::new()),
        };
        for one in told.people {
            let who = user(&one.user_id);
            match (&mut readers.unread, one.read_status) {
                (Some(unread), ReadStatus::Unread) => unread.push(who),
                (_, ReadStatus::Read) => readers.read.push(who),
                _ => {}
            }
        }
        Ok(readers)
    }
}
