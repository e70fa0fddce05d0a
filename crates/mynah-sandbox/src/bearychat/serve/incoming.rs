//! What others say for robots.

use mynah_bearychat::api::incoming::SendIncoming;
use mynah_bearychat::errors;
use mynah_core::{ApiError, Empty};

use crate::bearychat::tokens::Caller;
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<SendIncoming> for BearyChatWorld {
    fn serve(&mut self, call: SendIncoming) -> Result<Empty, ApiError> {
        let Caller::Robot(at) = self.caller else {
            return Err(errors::unauthorized());
        };
        self.speak_for(at, call)?;
        Ok(Empty)
    }
}
