//! Reactions to messages.

use mynah_bearychat::api::reaction::{CreateReaction, DeleteReaction};
use mynah_bearychat::types::MessageReaction;
use mynah_core::{ApiError, Empty};

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<CreateReaction> for BearyChatWorld {
    fn serve(&mut self, call: CreateReaction) -> Result<MessageReaction, ApiError> {
        let me = self.me()?;
        let (vchannel, key) = (&call.vchannel_id, &call.key);
        Ok(self.react(vchannel, key, &me, &call.reaction)?)
    }
}

impl Serve<DeleteReaction> for BearyChatWorld {
    fn serve(&mut self, call: DeleteReaction) -> Result<Empty, ApiError> {
        let me = self.me()?;
        self.unreact(&call.vchannel_id, &call.key, &me, &call.reaction)?;
        Ok(Empty)
    }
}
