//! Messages.

use mynah_bearychat::api::message::{
    CreateMessage, DeleteMessage, ForwardMessage, GetMessage, QueryMessages, UpdateMessageText,
};
use mynah_bearychat::errors;
use mynah_bearychat::types::{ForwardedMessage, Message};
use mynah_core::{ApiError, Empty};

use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<QueryMessages> for BearyChatWorld {
    fn serve(&mut self, _: QueryMessages) -> Result<Vec<Message>, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<GetMessage> for BearyChatWorld {
    fn serve(&mut self, _: GetMessage) -> Result<Message, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<CreateMessage> for BearyChatWorld {
    fn serve(&mut self, _: CreateMessage) -> Result<Message, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<DeleteMessage> for BearyChatWorld {
    fn serve(&mut self, _: DeleteMessage) -> Result<Empty, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<UpdateMessageText> for BearyChatWorld {
    fn serve(&mut self, _: UpdateMessageText) -> Result<Message, ApiError> {
        Err(errors::internal())
    }
}

impl Serve<ForwardMessage> for BearyChatWorld {
    fn serve(&mut self, _: ForwardMessage) -> Result<ForwardedMessage, ApiError> {
        Err(errors::internal())
    }
}
