//! Conversations of two.

use mynah_bearychat::VchannelId;
use mynah_bearychat::api::p2p::{CreateP2p, GetP2p, ListP2ps};
use mynah_bearychat::types::P2pChannel;
use mynah_core::ApiError;

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<GetP2p> for BearyChatWorld {
    fn serve(&mut self, call: GetP2p) -> Result<P2pChannel, ApiError> {
        let (id, me) = (VchannelId::from(call.p2p_channel_id.as_str()), self.me()?);
        Ok(self.told_p2p(&id, self.p2p(&id, &me)?, &me))
    }
}

impl Serve<ListP2ps> for BearyChatWorld {
    fn serve(&mut self, _: ListP2ps) -> Result<Vec<P2pChannel>, ApiError> {
        let me = self.me()?;
        let all = self.state.vchannels.all().into_iter();
        let own = all.filter(|(_, it)| it.is_p2p() && it.has(&me));
        Ok(own.map(|(id, p2p)| self.told_p2p(id, p2p, &me)).collect())
    }
}

impl Serve<CreateP2p> for BearyChatWorld {
    fn serve(&mut self, call: CreateP2p) -> Result<P2pChannel, ApiError> {
        let me = self.me()?;
        let id = self.create_p2p(&me, &call.user_id)?;
        Ok(self.told_p2p(&id, self.p2p(&id, &me)?, &me))
    }
}
