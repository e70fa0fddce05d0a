//! Reactions.

use mynah_bearychat::api::reaction::{CreateReaction, DeleteReaction};
use mynah_bearychat::errors;
use mynah_bearychat::types::MessageReaction;
use mynah_core::{ApiError, Empty};

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<CreateReaction> for BearyChatWorld {
    fn serve(&mut self, _: CreateReaction) -> Result<MessageReaction, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<DeleteReaction> for BearyChatWorld {
    fn serve(&mut self, _: DeleteReaction) -> Result<Empty, ApiError> {
        Err(errors::internal())
    }
}
