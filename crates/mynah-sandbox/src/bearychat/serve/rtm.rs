//! RTM over HTTP: where a connection begins, and the older calls of that host.

use mynah_bearychat::api::rtm::{
    GetCurrentChannel, GetCurrentTeam, GetCurrentUser, ListCurrentChannels, ListCurrentMembers,
    SendMessage, Start, StartRtm,
};
use mynah_bearychat::types::{Channel, RtmStart, Team, User};
use mynah_core::{ApiError, Empty};

use crate::bearychat::chat::Speaker;
use crate::bearychat::messages::Content;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<StartRtm> for BearyChatWorld {
    fn serve(&mut self, _: StartRtm) -> Result<RtmStart, ApiError> {
        self.start()
    }
}

impl Serve<Start> for BearyChatWorld {
    fn serve(&mut self, _: Start) -> Result<RtmStart, ApiError> {
        self.start()
    }
}

impl Serve<SendMessage> for BearyChatWorld {
    fn serve(&mut self, call: SendMessage) -> Result<Empty, ApiError> {
        let me = self.me()?;
        self.speaker(&call.vchannel, &me)?;
        let content = Content {
            plain: call.markdown == Some(false),
            attachments: call.attachments,
            ..Content::text(call.text)
        };
        self.speak(&call.vchannel, Speaker::User(me), content);
        Ok(Empty)
    }
}

impl Serve<GetCurrentTeam> for BearyChatWorld {
    fn serve(&mut self, _: GetCurrentTeam) -> Result<Team, ApiError> {
        Ok(self.told_team())
    }
}

impl Serve<ListCurrentMembers> for BearyChatWorld {
    fn serve(&mut self, _: ListCurrentMembers) -> Result<Vec<User>, ApiError> {
        Ok(self.told_users())
    }
}

impl Serve<ListCurrentChannels> for BearyChatWorld {
    fn serve(&mut self, _: ListCurrentChannels) -> Result<Vec<Channel>, ApiError> {
        Ok(self.channels_for(&self.me()?))
    }
}

impl Serve<GetCurrentUser> for BearyChatWorld {
    fn serve(&mut self, call: GetCurrentUser) -> Result<User, ApiError> {
        Ok(self.told_user(&call.user_id)?)
    }
}

impl Serve<GetCurrentChannel> for BearyChatWorld {
    fn serve(&mut self, call: GetCurrentChannel) -> Result<Channel, ApiError> {
        Ok(self.channel_for(&call.channel_id, &self.me()?)?)
    }
}
