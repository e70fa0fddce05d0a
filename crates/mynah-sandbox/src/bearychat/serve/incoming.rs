//! Incoming hooks.

use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::errors;
use mynah_core::{ApiError, Empty};

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<SendIncoming> for BearyChatWorld {
    fn serve(&mut self, _: SendIncoming) -> Result<Empty, ApiError> {
        Err(errors::internal())
    }
}
