//! Channels.

use mynah_bearychat::api::channel::{
    ArchiveChannel, CreateChannel, GetChannel, InviteToChannel, JoinChannel, KickFromChannel,
    KickOutOfChannel, LeaveChannel, ListChannels, UnarchiveChannel,
};
use mynah_bearychat::types::Channel;
use mynah_bearychat::{ChannelId, UserId, VchannelId};
use mynah_core::{ApiError, Empty};

use crate::bearychat::refusal::Refusal;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

/// A channel has the id of its conversation.
fn vchannel(id: &ChannelId) -> VchannelId {
    id.as_str().into()
}

/// Channels as answers have them, for whoever asks.
impl BearyChatWorld {
    /// Whatever they may look at.
    pub(super) fn channel_after(&self, id: &VchannelId, who: &UserId) -> Result<Channel, Refusal> {
        let (vchannel, channel) = self.channel(id)?;
        Ok(self.told_channel(id, vchannel, channel, who))
    }

    /// Only if they may look at it.
    pub(super) fn channel_for(&self, id: &ChannelId, who: &UserId) -> Result<Channel, Refusal> {
        let id = vchannel(id);
        let (vchannel, channel) = self.visible_channel(&id, who)?;
        Ok(self.told_channel(&id, vchannel, channel, who))
    }

    /// All that they may look at.
    pub(super) fn channels_for(&self, who: &UserId) -> Vec<Channel> {
        let all = self.state.vchannels.all().into_iter();
        let visible = all.filter(|(_, it)| it.is_public() || it.has(who));
        let told = visible.filter_map(|(id, vchannel)| {
            let channel = vchannel.channel()?;
            Some(self.told_channel(id, vchannel, channel, who))
        });
        told.collect()
    }
}

impl Serve<GetChannel> for BearyChatWorld {
    fn serve(&mut self, call: GetChannel) -> Result<Channel, ApiError> {
        Ok(self.channel_for(&call.channel_id, &self.me()?)?)
    }
}

impl Serve<ListChannels> for BearyChatWorld {
    fn serve(&mut self, _: ListChannels) -> Result<Vec<Channel>, ApiError> {
        Ok(self.channels_for(&self.me()?))
    }
}

impl Serve<CreateChannel> for BearyChatWorld {
    fn serve(&mut self, call: CreateChannel) -> Result<Channel, ApiError> {
        let me = self.me()?;
        let private = call.private.unwrap_or_default();
        let id = self.create_channel(&me, call.name, call.topic, private)?;
        Ok(self.channel_after(&id, &me)?)
    }
}

impl Serve<ArchiveChannel> for BearyChatWorld {
    fn serve(&mut self, call: ArchiveChannel) -> Result<Channel, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.archive_channel(&me, &id, true)?;
        Ok(self.channel_after(&id, &me)?)
    }
}

impl Serve<UnarchiveChannel> for BearyChatWorld {
    fn serve(&mut self, call: UnarchiveChannel) -> Result<Channel, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.archive_channel(&me, &id, false)?;
        Ok(self.channel_after(&id, &me)?)
    }
}

impl Serve<LeaveChannel> for BearyChatWorld {
    fn serve(&mut self, call: LeaveChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.leave_channel(&me, &id)?;
        Ok(Empty {})
    }
}

impl Serve<JoinChannel> for BearyChatWorld {
    fn serve(&mut self, call: JoinChannel) -> Result<Channel, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.join_channel(&me, &id)?;
        Ok(self.channel_after(&id, &me)?)
    }
}

impl Serve<InviteToChannel> for BearyChatWorld {
    fn serve(&mut self, call: InviteToChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.invite_to_channel(&me, &id, &call.invite_uid)?;
        Ok(Empty {})
    }
}

impl Serve<KickFromChannel> for BearyChatWorld {
    fn serve(&mut self, call: KickFromChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.kick_from_channel(&me, &id, &call.kick_uid)?;
        Ok(Empty {})
    }
}

impl Serve<KickOutOfChannel> for BearyChatWorld {
    fn serve(&mut self, call: KickOutOfChannel) -> Result<Empty, ApiError> {
        let (id, me) = (vchannel(&call.channel_id), self.me()?);
        self.kick_from_channel(&me, &id, &call.kick_uid)?;
        Ok(Empty {})
    }
}
