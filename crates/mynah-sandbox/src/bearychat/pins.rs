//! Messages that are pinned.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::types::MessagePin;
use mynah_bearychat::{MessageKey, Millis, Moment, PinId, UserId, VchannelId};
use serde::{Deserialize, Serialize};

use super::chat::{Chat, Speaker};
use super::messages::Spoken;
use super::refusal::Refusal;
use super::world::BearyChatWorld;
use crate::archive::{Bilingual, LineKind};
use crate::frame::Framed;
use crate::view::View;
use crate::world::MessageView;

/// How many pins people are shown of one conversation.
const SHOWN: usize = 50;

/// Who pinned a message, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pin {
    pub(super) id: PinId,
    pub(super) by: UserId,
    pub(super) at: Millis,
}

impl BearyChatWorld {
    /// Somebody pins a message; nothing happens if it is pinned already.
    pub(super) fn pin(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        who: &UserId,
    ) -> Result<(), Refusal> {
        self.reader(vchannel, who)?;
        if self.standing(vchannel, key)?.pin.is_some() {
            return Ok(());
        }
        let pin = Pin {
            id: self.state.id().into(),
            by: who.clone(),
            at: self.now(),
        };
        self.set_pin(vchannel, key, Some(pin), who);
        Ok(())
    }

    /// Somebody takes a pin out. Anybody may who is there.
    pub(super) fn unpin(
        &mut self,
        vchannel: &VchannelId,
        pin: &PinId,
        who: &UserId,
    ) -> Result<(), Refusal> {
        self.reader(vchannel, who)?;
        let mut pinned = self.pinned(vchannel);
        let found = pinned.find(|(_, it)| it.id == *pin);
        let key = found.map(|(spoken, _)| spoken.key.clone());
        drop(pinned);
        let key = key.ok_or(Refusal::Unknown(Thing::Pin))?;
        self.set_pin(vchannel, &key, None, who);
        Ok(())
    }

    /// The same, by the message.
    pub(super) fn unpin_message(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        who: &UserId,
    ) -> Result<(), Refusal> {
        self.reader(vchannel, who)?;
        if self.standing(vchannel, key)?.pin.is_none() {
            return Err(Refusal::Unknown(Thing::Pin));
        }
        self.set_pin(vchannel, key, None, who);
        Ok(())
    }

    fn set_pin(&mut self, vchannel: &VchannelId, key: &MessageKey, pin: Option<Pin>, who: &UserId) {
        let name = self.display(who);
        let (kind, text) = match pin {
            Some(_) => (
                LineKind::Pin,
                Bilingual::new(
                    format!("{name} pinned a message"),
                    format!("{name} 置顶了消息"),
                ),
            ),
            None => (
                LineKind::Unpin,
                Bilingual::new(
                    format!("{name} took a pin out"),
                    format!("{name} 取消了置顶"),
                ),
            ),
        };
        if let Some(spoken) = self.state.archive.find_mut(key) {
            spoken.pin = pin;
        }
        self.changed_message(key);
        let chat = self.chat_of(vchannel);
        self.line(&chat, kind, &Speaker::User(who.clone()), text);
        // The list of pins stands with the conversation.
        self.changed_conversations();
    }

    /// What is pinned in a conversation, in the order of the messages.
    pub(super) fn pinned(&self, vchannel: &VchannelId) -> impl Iterator<Item = (&Spoken, &Pin)> {
        let entries = self.state.archive.entries(&self.chat_of(vchannel));
        entries.filter_map(|entry| {
            let spoken = entry.message()?;
            Some((spoken, spoken.pin.as_ref()?))
        })
    }

    pub(super) fn message_pin(&self, spoken: &Spoken, pin: &Pin) -> MessagePin {
        MessagePin {
            id: pin.id.clone(),
            team_id: self.seed.team.id.clone(),
            uid: pin.by.clone(),
            vchannel_id: spoken.vchannel.clone(),
            message_id: spoken.id.clone(),
            message_key: spoken.key.clone(),
            created_at: Moment::china(pin.at),
            updated_at: Moment::china(pin.at),
            message: None,
        }
    }

    /// What people see pinned in a conversation, the newest pin first.
    pub(super) fn view_pins(&self, chat: &Chat) -> Vec<MessageView> {
        let entries = self.state.archive.entries(chat);
        let pinned = entries.filter_map(|entry| Some((entry.message()?.pin.as_ref()?.at, entry)));
        let mut pinned: Vec<_> = pinned.collect();
        pinned.sort_by_key(|(at, entry)| std::cmp::Reverse((*at, entry.seq)));
        let pinned = pinned.into_iter().take(SHOWN);
        pinned
            .map(|(_, entry)| self.view_entry(chat, entry))
            .collect()
    }
}
