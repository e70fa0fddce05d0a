//! What is said.

use mynah_bearychat::MessageKey;
use mynah_bearychat::UserId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::chat::{Chat, Speaker};
use super::world::BearyChatWorld;
use crate::archive::Message;
use crate::details::Details;
use crate::world::{Drawing, MessageView, Rejected, Said, Say};

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Spoken {
    pub(super) key: MessageKey,
}

impl Message for Spoken {
    type Id = MessageKey;
    type Chat = Chat;
    type Speaker = Speaker;

    fn id(&self) -> &MessageKey {
        &self.key
    }
}

impl BearyChatWorld {
    pub(super) fn person_says(&mut self, _: Say) -> Result<Said, Rejected> {
        Err(Rejected::forbidden("from", "cannot speak yet"))
    }

    pub(super) fn does_to_message(
        &mut self,
        _: &UserId,
        _: &str,
        _: Details<'_>,
    ) -> Option<Result<Value, Rejected>> {
        None
    }

    pub(super) fn view_spoken(&self, _: &Chat, _: &Spoken, view: MessageView) -> MessageView {
        view
    }

    pub(super) fn view_pins(&self, _: &Chat) -> Vec<MessageView> {
        Vec::new()
    }

    pub(super) fn view_emoji(&self) -> Vec<Drawing> {
        Vec::new()
    }

    pub(super) fn view_stickers(&self) -> Vec<Drawing> {
        Vec::new()
    }

    pub(super) fn file(&self, _: &str) -> Option<(String, Vec<u8>)> {
        None
    }
}
