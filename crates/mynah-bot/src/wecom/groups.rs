//! The groups that an application has created.

use std::collections::BTreeSet;

use mynah_wecom::UserId as Member;
use mynah_wecom::api::appchat::{ChatInfo, CreateAppchat, GetAppchat, UpdateAppchat};

use super::application::ApplicationOutbox;
use crate::bulk::{id_of, with_all};
use crate::id::{Conversation, Place, Platform, UserId};
use crate::outgoing::no_place;
use crate::reply::{BotError, Result};
use crate::room::{Changed, Created, GroupInfo, Member as Told, MemberRole, NewGroup};

const HERE: Platform = Platform::WeCom;

/// So many come or go with one call: the documentation has no limit, and groups have one of 2,000.
const AT_ONCE: usize = 500;

/// What the platform calls a group.
fn chatid(place: &Conversation) -> Result<String> {
    match place.kind {
        Place::Group if place.platform == HERE => Ok(place.id.to_string()),
        _ if place.platform == HERE => {
            let problem = format!("{place} is no group of WeCom");
            Err(BotError::new(problem))
        }
        _ => Err(no_place(place, HERE)),
    }
}

fn user(member: &Member) -> UserId {
    UserId::new(HERE, member.as_str())
}

impl ApplicationOutbox {
    /// Nobody sees the group before something is said in it.
    pub(super) async fn create(&self, group: &NewGroup) -> Result<Created> {
        let owner = group.owner.as_ref();
        // The owner has to be one of them.
        let all = owner.into_iter().chain(&group.members);
        let ids: Vec<_> = all.map(|user| id_of(user, HERE)).collect::<Result<_>>()?;
        let mut known = BTreeSet::new();
        let members = ids.iter().filter(|id| known.insert(id.as_str()));
        let mut create = CreateAppchat::new(members.map(|id| Member::from(id.as_str())));
        if !group.name.is_empty() {
            create = create.name(group.name.as_str());
        }
        if let (Some(_), Some(owner)) = (owner, ids.first()) {
            create = create.owner(owner.as_str());
        }
        let created = self.client().call(create).await?;
        Ok(Created {
            place: Conversation::group(HERE, created.as_str()),
            missing: Vec::new(),
        })
    }

    async fn chat(&self, place: &Conversation) -> Result<ChatInfo> {
        let get = GetAppchat::new(chatid(place)?);
        Ok(self.client().call(get).await?)
    }

    pub(super) async fn tell(&self, place: &Conversation) -> Result<GroupInfo> {
        let chat = self.chat(place).await?;
        Ok(GroupInfo {
            place: place.clone(),
            name: chat.name,
            owner: Some(&chat.owner).filter(|it| !it.is_empty()).map(user),
            size: Some(chat.members.len()),
        })
    }

    /// What they are called stands in the directory.
    pub(super) async fn list(&self, of: &Conversation) -> Result<Vec<Told>> {
        let chat = self.chat(of).await?;
        let told = |member: &Member| Told {
            user: user(member),
            name: None,
            role: if *member == chat.owner {
                MemberRole::Owner
            } else {
                MemberRole::Member
            },
        };
        Ok(chat.members.iter().map(told).collect())
    }

    /// Changes one thing of a group.
    pub(super) async fn update(
        &self,
        place: &Conversation,
        change: impl FnOnce(UpdateAppchat) -> UpdateAppchat,
    ) -> Result<()> {
        let update = change(UpdateAppchat::new(chatid(place)?));
        self.client().call(update).await?;
        Ok(())
    }

    pub(super) async fn pass_to(&self, place: &Conversation, owner: &UserId) -> Result<()> {
        let owner = id_of(owner, HERE)?;
        self.update(place, |group| group.owner(owner)).await
    }

    pub(super) async fn add(&self, to: &Conversation, users: &[UserId]) -> Result<Changed> {
        chatid(to)?;
        let call = |ids: Vec<String>| {
            let ids: Vec<_> = ids.into_iter().map(Member::from).collect();
            self.update(to, |group| group.add(ids))
        };
        Changed::of(with_all(users, HERE, AT_ONCE, call).await)
    }

    pub(super) async fn remove(&self, from: &Conversation, users: &[UserId]) -> Result<Changed> {
        chatid(from)?;
        let call = |ids: Vec<String>| {
            let ids: Vec<_> = ids.into_iter().map(Member::from).collect();
            self.update(from, |group| group.remove(ids))
        };
        Changed::of(with_all(users, HERE, AT_ONCE, call).await)
    }
}
