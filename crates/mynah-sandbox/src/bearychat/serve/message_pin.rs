//! Pinned messages.

use mynah_bearychat::api::message_pin::{CreatePin, DeletePin, ListPins};
use mynah_bearychat::errors;
use mynah_bearychat::types::MessagePin;
use mynah_core::{ApiError, Empty};

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<ListPins> for BearyChatWorld {
    fn serve(&mut self, _: ListPins) -> Result<Vec<MessagePin>, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<CreatePin> for BearyChatWorld {
    fn serve(&mut self, _: CreatePin) -> Result<MessagePin, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<DeletePin> for BearyChatWorld {
    fn serve(&mut self, _: DeletePin) -> Result<Empty, ApiError> {
        Err(errors::internal())
    }
}
