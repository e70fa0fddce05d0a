//! Session channels.

use mynah_bearychat::api::session_channel::{
    ArchiveSessionChannel, ConvertToChannel, CreateSessionChannel, GetSessionChannel,
    InviteToSessionChannel, KickFromSessionChannel, KickOutOfSessionChannel, LeaveSessionChannel,
    ListSessionChannels,
};
use mynah_bearychat::types::{Channel, SessionChannel};
use mynah_bearychat::{SessionChannelId, UserId, VchannelId};
use mynah_core::{ApiError, Empty};

use crate::bearychat::refusal::Refusal;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

/// A session channel has the id of its conversation.
fn vchannel(id: &SessionChannelId) -> VchannelId {
    id.as_str().into()
}

impl BearyChatWorld {
    /// A session channel as answers have it, for whoever is in it.
    fn session_for(&self, id: &VchannelId, who: &UserId) -> Result<SessionChannel, Refusal> {
        let session = self.session(id, who)?;
        Ok(self.told_session(id, session, who))
    }
}

impl Serve<GetSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: GetSessionChannel) -> Result<SessionChannel, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        Ok(self.session_for(&id, &me)?)
    }
}

impl Serve<ListSessionChannels> for BearyChatWorld {
    fn serve(&mut self, _: ListSessionChannels) -> Result<Vec<SessionChannel>, ApiError> {
        let me = self.me()?;
        let all = self.state.vchannels.all().into_iter();
        let own = all.filter(|(_, it)| it.is_session() && it.has(&me));
        let own = own.map(|(id, session)| self.told_session(id, session, &me));
        Ok(own.collect())
    }
}

impl Serve<CreateSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: CreateSessionChannel) -> Result<SessionChannel, ApiError> {
        let me = self.me()?;
        let id = self.create_session(&me, &call.member_uids, call.name)?;
        Ok(self.session_for(&id, &me)?)
    }
}

impl Serve<ArchiveSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: ArchiveSessionChannel) -> Result<SessionChannel, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        self.archive_session(&me, &id)?;
        Ok(self.session_for(&id, &me)?)
    }
}

impl Serve<ConvertToChannel> for BearyChatWorld {
    fn serve(&mut self, call: ConvertToChannel) -> Result<Channel, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        self.convert_session(&me, &id, call.name, call.private.unwrap_or(true))?;
        Ok(self.channel_after(&id, &me)?)
    }
}

impl Serve<LeaveSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: LeaveSessionChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        self.leave_session(&me, &id)?;
        Ok(Empty {})
    }
}

impl Serve<InviteToSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: InviteToSessionChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        self.invite_to_session(&me, &id, &call.invite_uid)?;
        Ok(Empty {})
    }
}

impl Serve<KickFromSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: KickFromSessionChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        self.kick_from_session(&me, &id, &call.kick_uid)?;
        Ok(Empty {})
    }
}

impl Serve<KickOutOfSessionChannel> for BearyChatWorld {
    fn serve(&mut self, call: KickOutOfSessionChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.session_channel_id), self.me()?);
        self.kick_from_session(&me, &id, &call.kick_uid)?;
        Ok(Empty {})
    }
}
