//! Messages.

use mynah_bearychat::Place;
use mynah_bearychat::api::message::{
    CreateMessage, DeleteMessage, ForwardMessage, GetMessage, QueryMessages, UpdateMessageText,
};
use mynah_bearychat::types::{ForwardedMessage, Message};
use mynah_core::{ApiError, Empty};

use crate::bearychat::chat::Speaker;
use crate::bearychat::messages::{Content, Spoken};
use crate::bearychat::world::BearyChatWorld;
use crate::serve::Serve;

impl Serve<CreateMessage> for BearyChatWorld {
    fn serve(&mut self, call: CreateMessage) -> Result<Message, ApiError> {
        let me = self.me()?;
        self.speaker(&call.vchannel_id, &me)?;
        let content = Content {
            attachments: call.attachments,
            ..Content::text(call.text)
        };
        let (key, _) = self.speak(&call.vchannel_id, Speaker::User(me), content);
        let spoken = self.spoken(&call.vchannel_id, &key)?;
        Ok(self.message(spoken))
    }
}

impl Serve<GetMessage> for BearyChatWorld {
    fn serve(&mut self, call: GetMessage) -> Result<Message, ApiError> {
        let me = self.me()?;
        self.reader(&call.vchannel_id, &me)?;
        let spoken = self.spoken(&call.vchannel_id, &call.message_key)?;
        Ok(self.message(spoken))
    }
}

impl Serve<QueryMessages> for BearyChatWorld {
    fn serve(&mut self, call: QueryMessages) -> Result<Vec<Message>, ApiError> {
        let me = self.me()?;
        self.reader(&call.vchannel_id, &me)?;
        let entries = self.state.archive.entries(&self.chat_of(&call.vchannel_id));
        let messages = entries.filter_map(|entry| {
            let spoken = entry.message()?;
            Some((spoken.key.place()?, spoken))
        });
        let messages: Vec<(Place, &Spoken)> = messages.collect();
        let found = call.query.select(&messages, |(place, _)| *place);
        let found = found.into_iter();
        Ok(found.map(|(_, spoken)| self.message(spoken)).collect())
    }
}

impl Serve<UpdateMessageText> for BearyChatWorld {
    fn serve(&mut self, call: UpdateMessageText) -> Result<Message, ApiError> {
        let me = self.me()?;
        let (vchannel, key) = (&call.vchannel_id, &call.message_key);
        self.edit(vchannel, key, &me, call.text)?;
        Ok(self.message(self.spoken(vchannel, key)?))
    }
}

impl Serve<DeleteMessage> for BearyChatWorld {
    fn serve(&mut self, call: DeleteMessage) -> Result<Empty, ApiError> {
        let me = self.me()?;
        self.delete(&call.vchannel_id, &call.message_key, &me)?;
        Ok(Empty)
    }
}

impl Serve<ForwardMessage> for BearyChatWorld {
    fn serve(&mut self, call: ForwardMessage) -> Result<ForwardedMessage, ApiError> {
        let me = self.me()?;
        let to = &call.to_vchannel_id;
        let key = self.forward(&call.vchannel_id, &call.key, to, &me)?;
        Ok(self.message(self.spoken(to, &key)?).into())
    }
}
