//! What is done with channels, whoever does it: a call or a person.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::types::Role;
use mynah_bearychat::{UserId, VchannelId};

use super::access::open;
use super::chat::Chat;
use super::limits;
use super::refusal::Refusal;
use super::users::User;
use super::vchannels::{Channel, Kind, Vchannel};
use super::world::BearyChatWorld;
use crate::archive::{Bilingual, LineKind};
use crate::frame::Framed;

impl BearyChatWorld {
    /// Somebody, whether their account is open or closed.
    pub(super) fn user(&self, id: &UserId) -> Result<&User, Refusal> {
        let found = self.state.users.get(id);
        found.ok_or(Refusal::Unknown(Thing::User))
    }

    /// A channel that somebody may look at: anybody if it is public, members
    /// if it is private.
    pub(super) fn visible_channel(
        &self,
        id: &VchannelId,
        who: &UserId,
    ) -> Result<(&Vchannel, &Channel), Refusal> {
        let (vchannel, channel) = self.channel(id)?;
        if vchannel.is_public() || vchannel.has(who) {
            Ok((vchannel, channel))
        } else {
            Err(Refusal::Forbidden("is private"))
        }
    }

    /// Lets whoever looks after a channel change it.
    fn keeper(&self, channel: &Channel, who: &UserId) -> Result<(), Refusal> {
        if channel.general {
            return Err(Refusal::Forbidden("is for everybody"));
        }
        if channel.creator == *who || self.user(who)?.runs_the_team() {
            Ok(())
        } else {
            Err(Refusal::Forbidden("is looked after by somebody else"))
        }
    }

    /// Lets somebody make a channel with this name.
    pub(super) fn may_found(&self, who: &UserId, name: &str) -> Result<(), Refusal> {
        if self.user(who)?.role == Role::Visitor {
            return Err(Refusal::Forbidden("is a visitor"));
        }
        match self.state.vchannels.named(name) {
            Some(_) => Err(Refusal::Taken),
            None => Ok(()),
        }
    }

    /// Lets another conversation be opened.
    pub(super) fn room_for_more(&self) -> Result<(), Refusal> {
        if self.state.vchannels.len() < limits::VCHANNELS {
            Ok(())
        } else {
            Err(Refusal::Forbidden("there are too many conversations"))
        }
    }

    pub(super) fn create_channel(
        &mut self,
        who: &UserId,
        name: String,
        topic: Option<String>,
        private: bool,
    ) -> Result<VchannelId, Refusal> {
        if topic
            .as_ref()
            .is_some_and(|topic| topic.len() > limits::TOPIC_BYTES)
        {
            return Err(Refusal::Bad {
                parameter: "topic",
                problem: "may have 4096 bytes",
            });
        }
        self.may_found(who, &name)?;
        self.room_for_more()?;
        let channel = Channel {
            name,
            topic,
            creator: who.clone(),
            general: false,
            private,
        };
        let id = self.open_vchannel(Kind::Channel(channel), vec![who.clone()]);
        self.tell(&id, LineKind::Create, who, None);
        Ok(id)
    }

    /// Archives a channel, or takes it out of the archive.
    pub(super) fn archive_channel(
        &mut self,
        who: &UserId,
        id: &VchannelId,
        archived: bool,
    ) -> Result<(), Refusal> {
        let (_, channel) = self.channel(id)?;
        self.keeper(channel, who)?;
        self.set_active(who, id, !archived);
        Ok(())
    }

    pub(super) fn join_channel(&mut self, who: &UserId, id: &VchannelId) -> Result<(), Refusal> {
        let (vchannel, channel) = self.channel(id)?;
        if channel.private && !vchannel.has(who) {
            return Err(Refusal::Forbidden(
                "is private: only an invitation leads there",
            ));
        }
        open(vchannel)?;
        self.enter(id, LineKind::Join, who, who);
        Ok(())
    }

    pub(super) fn leave_channel(&mut self, who: &UserId, id: &VchannelId) -> Result<(), Refusal> {
        let (vchannel, channel) = self.channel(id)?;
        member(vchannel, who)?;
        if channel.general {
            return Err(Refusal::Forbidden("is for everybody"));
        }
        self.depart(id, LineKind::Leave, who, who);
        Ok(())
    }

    pub(super) fn invite_to_channel(
        &mut self,
        who: &UserId,
        id: &VchannelId,
        target: &UserId,
    ) -> Result<(), Refusal> {
        let (vchannel, _) = self.channel(id)?;
        self.may_invite(vchannel, who, target)?;
        self.enter(id, LineKind::Invite, who, target);
        Ok(())
    }

    /// Lets a member take somebody in.
    pub(super) fn may_invite(
        &self,
        vchannel: &Vchannel,
        who: &UserId,
        target: &UserId,
    ) -> Result<(), Refusal> {
        let closed = self.user(target)?.inactive;
        member(vchannel, who)?;
        if closed {
            return Err(Refusal::Forbidden(
                "invites somebody whose account is closed",
            ));
        }
        open(vchannel)
    }

    pub(super) fn kick_from_channel(
        &mut self,
        who: &UserId,
        id: &VchannelId,
        target: &UserId,
    ) -> Result<(), Refusal> {
        somebody_else(who, target)?;
        let (vchannel, channel) = self.channel(id)?;
        self.user(target)?;
        member(vchannel, who)?;
        self.keeper(channel, who)?;
        present(vchannel, target)?;
        open(vchannel)?;
        self.depart(id, LineKind::Kick, who, target);
        Ok(())
    }
}

/// Lets whoever is in a conversation act there.
pub(super) fn member(vchannel: &Vchannel, who: &UserId) -> Result<(), Refusal> {
    if vchannel.has(who) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("is not a conversation of theirs"))
    }
}

/// Nobody removes themselves: they leave.
pub(super) fn somebody_else(who: &UserId, target: &UserId) -> Result<(), Refusal> {
    if who == target {
        return Err(Refusal::Bad {
            parameter: "kick_uid",
            problem: "must be somebody else: leave instead",
        });
    }
    Ok(())
}

/// Somebody is in a conversation whom others speak of.
pub(super) fn present(vchannel: &Vchannel, target: &UserId) -> Result<(), Refusal> {
    if vchannel.has(target) {
        Ok(())
    } else {
        Err(Refusal::Unknown(Thing::User))
    }
}

/// Conversations as they change, once it is clear that they may.
impl BearyChatWorld {
    /// Takes somebody in, and says so if they are new.
    pub(super) fn enter(&mut self, id: &VchannelId, kind: LineKind, by: &UserId, target: &UserId) {
        let vchannel = self.state.vchannels.get_mut(id);
        if vchannel.is_some_and(|vchannel| vchannel.add(target)) {
            self.tell(id, kind, by, Some(target));
            self.changed_conversations();
        }
    }

    /// Takes somebody out, and says so.
    pub(super) fn depart(&mut self, id: &VchannelId, kind: LineKind, by: &UserId, target: &UserId) {
        if let Some(vchannel) = self.state.vchannels.get_mut(id) {
            vchannel.remove(target);
        }
        self.tell(id, kind, by, Some(target));
        self.changed_conversations();
    }

    /// Archives a conversation, or takes it out of the archive; says so if that
    /// is new.
    pub(super) fn set_active(&mut self, by: &UserId, id: &VchannelId, active: bool) {
        let Some(vchannel) = self.state.vchannels.get_mut(id) else {
            return;
        };
        if std::mem::replace(&mut vchannel.active, active) == active {
            return;
        }
        let kind = if active {
            LineKind::Unarchive
        } else {
            LineKind::Archive
        };
        self.tell(id, kind, by, None);
        self.changed_conversations();
    }

    /// Writes into a conversation what somebody did, and to whom.
    pub(super) fn tell(
        &mut self,
        id: &VchannelId,
        kind: LineKind,
        by: &UserId,
        target: Option<&UserId>,
    ) {
        let who = self.display(by);
        let whom = target.map_or_else(String::new, |target| self.display(target));
        let (en, zh) = match kind {
            LineKind::Create => (format!("{who} made this"), format!("{who} 创建了讨论组")),
            LineKind::Convert => (
                format!("{who} made a channel of this"),
                format!("{who} 将会话转为讨论组"),
            ),
            LineKind::Invite => (
                format!("{who} invited {whom}"),
                format!("{who} 邀请 {whom} 加入"),
            ),
            LineKind::Kick => (
                format!("{who} removed {whom}"),
                format!("{who} 将 {whom} 移出"),
            ),
            LineKind::Leave => (format!("{who} left"), format!("{who} 离开了")),
            LineKind::Archive => (format!("{who} archived this"), format!("{who} 归档了会话")),
            LineKind::Unarchive => (
                format!("{who} took this out of the archive"),
                format!("{who} 取消了归档"),
            ),
            _ => (format!("{who} joined"), format!("{who} 加入了")),
        };
        let chat = Chat::Group(id.clone());
        self.line(&chat, kind, &by.into(), Bilingual::new(en, zh));
    }
}
