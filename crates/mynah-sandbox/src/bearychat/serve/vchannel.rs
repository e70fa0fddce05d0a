//! Conversations of any kind.

use mynah_bearychat::api::vchannel::GetVchannel;
use mynah_bearychat::types::{Channel, P2pChannel, SessionChannel, Vchannel, VchannelType};
use mynah_bearychat::{UserId, VchannelId};
use mynah_core::ApiError;

use crate::bearychat::vchannels::{self, Kind};
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

/// Conversations as answers have them, for whoever asks.
impl BearyChatWorld {
    pub(super) fn told_channel(
        &self,
        id: &VchannelId,
        vchannel: &vchannels::Vchannel,
        channel: &vchannels::Channel,
        who: &UserId,
    ) -> Channel {
        Channel {
            id: id.as_str().into(),
            team_id: self.seed.team.id.clone(),
            vchannel_id: id.clone(),
            kind: VchannelType::Normal,
            uid: channel.creator.clone(),
            name: channel.name.clone(),
            topic: channel.topic.clone(),
            general: channel.general,
            private: channel.private,
            is_active: vchannel.active,
            is_member: vchannel.has(who),
            member_uids: vchannel.members.clone(),
            latest_ts: vchannel.latest_ts,
            ..Channel::default()
        }
    }

    pub(super) fn told_session(
        &self,
        id: &VchannelId,
        session: &vchannels::Vchannel,
        who: &UserId,
    ) -> SessionChannel {
        SessionChannel {
            id: id.as_str().into(),
            team_id: self.seed.team.id.clone(),
            vchannel_id: id.clone(),
            kind: VchannelType::Session,
            name: match &session.kind {
                Kind::Session { name } => name.clone(),
                Kind::Channel(_) | Kind::P2p => None,
            },
            is_active: session.active,
            is_member: session.has(who),
            member_uids: session.members.clone(),
            latest_ts: session.latest_ts,
        }
    }

    pub(super) fn told_p2p(
        &self,
        id: &VchannelId,
        p2p: &vchannels::Vchannel,
        who: &UserId,
    ) -> P2pChannel {
        P2pChannel {
            id: id.as_str().into(),
            team_id: self.seed.team.id.clone(),
            vchannel_id: id.clone(),
            kind: VchannelType::P2p,
            is_active: p2p.active,
            is_member: p2p.has(who),
            member_uids: p2p.members.clone(),
            latest_ts: p2p.latest_ts,
        }
    }
}

impl Serve<GetVchannel> for BearyChatWorld {
    fn serve(&mut self, call: GetVchannel) -> Result<Vchannel, ApiError> {
        let (id, me) = (call.vchannel_id, self.me()?);
        let vchannel = self.vchannel(&id)?;
        if !vchannel.is_public() {
            self.reader(&id, &me)?;
        }
        Ok(match &vchannel.kind {
            Kind::Channel(channel) => {
                Vchannel::Channel(self.told_channel(&id, vchannel, channel, &me))
            }
            Kind::Session { .. } => Vchannel::Session(self.told_session(&id, vchannel, &me)),
            Kind::P2p => Vchannel::P2p(self.told_p2p(&id, vchannel, &me)),
        })
    }
}
