//! Messages that are pinned.

use mynah_bearychat::api::message_pin::{CreatePin, DeletePin, ListPins};
use mynah_bearychat::errors::{self, Thing};
use mynah_bearychat::types::MessagePin;
use mynah_core::{ApiError, Empty};

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<ListPins> for BearyChatWorld {
    fn serve(&mut self, call: ListPins) -> Result<Vec<MessagePin>, ApiError> {
        let me = self.me()?;
        self.reader(&call.vchannel_id, &me)?;
        let mut pinned: Vec<_> = self.pinned(&call.vchannel_id).collect();
        pinned.sort_by_key(|(_, pin)| pin.at);
        let pinned = pinned.into_iter();
        let listed = |(spoken, pin)| MessagePin {
            // Null in the only example that there is.
            message: Some(None),
            ..self.message_pin(spoken, pin)
        };
        Ok(pinned.map(listed).collect())
    }
}

impl Serve<CreatePin> for BearyChatWorld {
    fn serve(&mut self, call: CreatePin) -> Result<MessagePin, ApiError> {
        let me = self.me()?;
        let (vchannel, key) = (&call.vchannel_id, &call.message_key);
        self.pin(vchannel, key, &me)?;
        let spoken = self.spoken(vchannel, key)?;
        let pin = spoken
            .pin
            .as_ref()
            .ok_or_else(|| errors::not_found(Thing::Pin))?;
        Ok(self.message_pin(spoken, pin))
    }
}

impl Serve<DeletePin> for BearyChatWorld {
    fn serve(&mut self, call: DeletePin) -> Result<Empty, ApiError> {
        let me = self.me()?;
        self.unpin(&call.vchannel_id, &call.pin_id, &me)?;
        Ok(Empty)
    }
}
