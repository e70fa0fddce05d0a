//! What is done with session channels, whoever does it: a call or a person.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::{UserId, VchannelId};

use super::access::open;
use super::channels::{member, present, somebody_else};
use super::refusal::Refusal;
use super::vchannels::{Channel, Kind, Vchannel};
use super::world::BearyChatWorld;
use crate::archive::LineKind;
use crate::frame::Framed;

impl BearyChatWorld {
    /// A session channel that somebody is in. Nobody else may do anything with
    /// it, or look at it.
    pub(super) fn session(&self, id: &VchannelId, who: &UserId) -> Result<&Vchannel, Refusal> {
        let session = self.any_session(id)?;
        member(session, who)?;
        Ok(session)
    }

    fn any_session(&self, id: &VchannelId) -> Result<&Vchannel, Refusal> {
        let found = self.state.vchannels.get(id);
        let found = found.filter(|vchannel| vchannel.is_session());
        found.ok_or(Refusal::Unknown(Thing::Channel))
    }

    pub(super) fn create_session(
        &mut self,
        who: &UserId,
        others: &[UserId],
        name: Option<String>,
    ) -> Result<VchannelId, Refusal> {
        let mut members = Vec::new();
        for user in others {
            if !members.contains(user) {
                members.push(user.clone());
            }
        }
        if !members.iter().any(|user| user != who) {
            return Err(Refusal::Bad {
                parameter: "member_uids",
                problem: "must be somebody else at least",
            });
        }
        let mut closed = false;
        for user in &members {
            closed |= self.user(user)?.inactive;
        }
        if closed {
            return Err(Refusal::Forbidden(
                "invites somebody whose account is closed",
            ));
        }
        self.room_for_more()?;
        if !members.contains(who) {
            members.insert(0, who.clone());
        }
        let id = self.open_vchannel(Kind::Session { name }, members);
        self.tell(&id, LineKind::Create, who, None);
        Ok(id)
    }

    pub(super) fn archive_session(&mut self, who: &UserId, id: &VchannelId) -> Result<(), Refusal> {
        self.session(id, who)?;
        self.set_active(who, id, false);
        Ok(())
    }

    /// Makes a channel of a session channel. What was said stays, and so do
    /// those who are in it.
    pub(super) fn convert_session(
        &mut self,
        who: &UserId,
        id: &VchannelId,
        name: String,
        private: bool,
    ) -> Result<(), Refusal> {
        open(self.session(id, who)?)?;
        self.may_found(who, &name)?;
        if let Some(vchannel) = self.state.vchannels.get_mut(id) {
            vchannel.kind = Kind::Channel(Channel {
                name,
                topic: None,
                creator: who.clone(),
                general: false,
                private,
            });
        }
        self.tell(id, LineKind::Convert, who, None);
        self.changed_conversations();
        Ok(())
    }

    pub(super) fn leave_session(&mut self, who: &UserId, id: &VchannelId) -> Result<(), Refusal> {
        self.session(id, who)?;
        self.depart(id, LineKind::Leave, who, who);
        Ok(())
    }

    pub(super) fn invite_to_session(
        &mut self,
        who: &UserId,
        id: &VchannelId,
        target: &UserId,
    ) -> Result<(), Refusal> {
        self.may_invite(self.any_session(id)?, who, target)?;
        self.enter(id, LineKind::Invite, who, target);
        Ok(())
    }

    pub(super) fn kick_from_session(
        &mut self,
        who: &UserId,
        id: &VchannelId,
        target: &UserId,
    ) -> Result<(), Refusal> {
        somebody_else(who, target)?;
        let session = self.any_session(id)?;
        self.user(target)?;
        member(session, who)?;
        present(session, target)?;
        open(session)?;
        self.depart(id, LineKind::Kick, who, target);
        Ok(())
    }
}
