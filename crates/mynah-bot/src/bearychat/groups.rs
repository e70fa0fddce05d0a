//! Channels and session channels, who belongs to them, and what was said in conversations.

use std::collections::HashMap;

use mynah_bearychat::api::channel::{
    ArchiveChannel, CreateChannel, InviteToChannel, KickFromChannel, LeaveChannel,
};
use mynah_bearychat::api::message::QueryMessages;
use mynah_bearychat::api::session_channel::{
    ArchiveSessionChannel, CreateSessionChannel, InviteToSessionChannel, KickFromSessionChannel,
    LeaveSessionChannel,
};
use mynah_bearychat::api::user::ListUsers;
use mynah_bearychat::api::vchannel::GetVchannel;
use mynah_bearychat::limits::MESSAGES;
use mynah_bearychat::types::Vchannel;
use mynah_bearychat::{ChannelId, MessageKey, Query, SessionChannelId, UserId as Uid};

use super::convert::stored;
use super::hubot::HubotOutbox;
use super::places::Kind;
use crate::capability::Capability;
use crate::id::{Conversation, Place, Platform, UserId};
use crate::outgoing::no_place;
use crate::reply::{BotError, Outbox, Result};
use crate::room::{Changed, Created, GroupInfo, Member, MemberRole, NewGroup, NotDone, Past, Said};

const HERE: Platform = Platform::BearyChat;

/// The two kinds of groups, which have calls of their own.
enum Group {
    Channel(ChannelId),
    Session(SessionChannelId),
}

fn uid(user: &UserId) -> Result<Uid> {
    if user.platform == HERE {
        return Ok(user.id.to_string().into());
    }
    Err(BotError::new(format!("{user} is nobody on BearyChat")))
}

impl HubotOutbox {
    async fn kind_of_group(&self, place: &Conversation) -> Result<Group> {
        let vchannel = self.vchannel(group(place)?).await?;
        match self.places().kind(self.client(), &vchannel).await? {
            Kind::Channel(id) => Ok(Group::Channel(id)),
            Kind::Session(id) => Ok(Group::Session(id)),
            Kind::P2p | Kind::Other => Err(no_group(place)),
        }
    }

    /// A channel; of people without a name a session channel, which needs none.
    pub(super) async fn create(&self, group: &NewGroup) -> Result<Created> {
        if group.owner.is_some() {
            return Err(self.capabilities().refuse(Capability::SetOwner).into());
        }
        let members: Vec<_> = group.members.iter().map(uid).collect::<Result<_>>()?;
        if group.name.is_empty() {
            let create = CreateSessionChannel::new(members);
            let session = self.client().call(create).await?;
            return Ok(Created {
                place: Conversation::group(HERE, session.vchannel_id.as_str()),
                missing: Vec::new(),
            });
        }
        // Other platforms have no groups that are open to everybody.
        let create = CreateChannel::new(group.name.as_str()).private(true);
        let created = self.client().call(create).await?;
        let channel = Group::Channel(created.id);
        let mut missing = Vec::new();
        for user in &group.members {
            if let Err(error) = self.invite(&channel, user).await {
                let user = user.clone();
                missing.push(NotDone { user, error });
            }
        }
        Ok(Created {
            place: Conversation::group(HERE, created.vchannel_id.as_str()),
            missing,
        })
    }

    pub(super) async fn tell(&self, place: &Conversation) -> Result<GroupInfo> {
        let found = self.ask(place).await?;
        let size = Some(found.member_uids().len());
        let (name, owner) = match found {
            Vchannel::Channel(channel) => {
                let owner = Some(channel.uid).filter(|uid| !uid.as_str().is_empty());
                (channel.name, owner)
            }
            Vchannel::Session(channel) => (channel.name.unwrap_or_default(), None),
            _ => return Err(no_group(place)),
        };
        Ok(GroupInfo {
            place: place.clone(),
            name,
            owner: owner.map(|uid| UserId::new(HERE, uid.as_str())),
            size,
        })
    }

    /// Who belongs to it is told by their ids; what they are called stands elsewhere.
    pub(super) async fn list(&self, of: &Conversation) -> Result<Vec<Member>> {
        let found = self.ask(of).await?;
        let owner = match &found {
            Vchannel::Channel(channel) => Some(&channel.uid),
            Vchannel::Session(_) => None,
            _ => return Err(no_group(of)),
        };
        let users = self.client().call(ListUsers::new()).await?.into_iter();
        let mut names: HashMap<_, _> = users.map(|user| (user.id, user.name)).collect();
        let member = |uid: &Uid| Member {
            user: UserId::new(HERE, uid.as_str()),
            name: names.remove(uid).filter(|name| !name.is_empty()),
            role: match owner {
                Some(owner) if owner == uid => MemberRole::Owner,
                _ => MemberRole::Member,
            },
        };
        Ok(found.member_uids().iter().map(member).collect())
    }

    async fn ask(&self, place: &Conversation) -> Result<Vchannel> {
        let vchannel = self.vchannel(group(place)?).await?;
        Ok(self.client().call(GetVchannel::new(vchannel)).await?)
    }

    pub(super) async fn add(&self, to: &Conversation, users: &[UserId]) -> Result<Changed> {
        let group = self.kind_of_group(to).await?;
        let mut results = Vec::with_capacity(users.len());
        for user in users {
            results.push((user.clone(), self.invite(&group, user).await));
        }
        Changed::of(results)
    }

    pub(super) async fn remove(&self, from: &Conversation, users: &[UserId]) -> Result<Changed> {
        let group = self.kind_of_group(from).await?;
        let mut results = Vec::with_capacity(users.len());
        for user in users {
            results.push((user.clone(), self.kick(&group, user).await));
        }
        Changed::of(results)
    }

    async fn invite(&self, group: &Group, user: &UserId) -> Result<()> {
        let (client, user) = (self.client(), uid(user)?);
        match group {
            Group::Channel(id) => client.call(InviteToChannel::new(id.clone(), user)).await?,
            Group::Session(id) => {
                let invite = InviteToSessionChannel::new(id.clone(), user);
                client.call(invite).await?
            }
        };
        Ok(())
    }

    async fn kick(&self, group: &Group, user: &UserId) -> Result<()> {
        let (client, user) = (self.client(), uid(user)?);
        match group {
            Group::Channel(id) => client.call(KickFromChannel::new(id.clone(), user)).await?,
            Group::Session(id) => {
                let kick = KickFromSessionChannel::new(id.clone(), user);
                client.call(kick).await?
            }
        };
        Ok(())
    }

    pub(super) async fn go(&self, place: &Conversation) -> Result<()> {
        match self.kind_of_group(place).await? {
            Group::Channel(id) => self.client().call(LeaveChannel::new(id)).await?,
            Group::Session(id) => self.client().call(LeaveSessionChannel::new(id)).await?,
        };
        Ok(())
    }

    pub(super) async fn archive(&self, place: &Conversation) -> Result<()> {
        match self.kind_of_group(place).await? {
            Group::Channel(id) => drop(self.client().call(ArchiveChannel::new(id)).await?),
            Group::Session(id) => drop(self.client().call(ArchiveSessionChannel::new(id)).await?),
        }
        Ok(())
    }

    /// What was deleted is not said any more.
    pub(super) async fn read(&self, at: &Conversation, past: &Past) -> Result<Vec<Said>> {
        let vchannel = self.vchannel(at).await?;
        let most = past.most.min(MESSAGES);
        let query = match &past.before {
            None => Query::latest(most),
            Some(message) if message.platform == HERE => {
                let key = MessageKey::from(message.id.to_string());
                Query::since(key).backward(most).into()
            }
            Some(message) => {
                let problem = format!("{message}: no message of BearyChat");
                return Err(BotError::new(problem));
            }
        };
        let ask = QueryMessages::new(vchannel, query);
        let found = self.client().call(ask).await?;
        let there = found.iter().filter(|message| message.deleted != Some(true));
        Ok(there.map(stored).collect())
    }
}

fn group(place: &Conversation) -> Result<&Conversation> {
    match place.kind {
        Place::Group => Ok(place),
        _ => Err(no_group(place)),
    }
}

fn no_group(place: &Conversation) -> BotError {
    if place.platform == HERE {
        return BotError::new(format!("{place} is no group of BearyChat"));
    }
    no_place(place, HERE)
}
