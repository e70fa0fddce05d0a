//! Conversations of two.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::{UserId, VchannelId};

use super::chat::Chat;
use super::refusal::Refusal;
use super::vchannels::Vchannel;
use super::world::BearyChatWorld;

impl BearyChatWorld {
    /// A conversation of two, for one of the two.
    pub(super) fn p2p(&self, id: &VchannelId, who: &UserId) -> Result<&Vchannel, Refusal> {
        let found = self.state.vchannels.get(id);
        let found = found.filter(|vchannel| vchannel.is_p2p());
        let p2p = found.ok_or(Refusal::Unknown(Thing::Conversation))?;
        if p2p.has(who) {
            Ok(p2p)
        } else {
            Err(Refusal::Forbidden("is not a conversation of theirs"))
        }
    }

    /// The conversation of two people, which is opened if they have none.
    pub(super) fn create_p2p(
        &mut self,
        who: &UserId,
        other: &UserId,
    ) -> Result<VchannelId, Refusal> {
        let chat = self.may_talk(who, other)?;
        if self.vchannel_of(&chat).is_none() {
            self.room_for_more()?;
        }
        Ok(self.open(&chat))
    }

    /// The conversation that two people may have.
    pub(super) fn may_talk(&self, who: &UserId, other: &UserId) -> Result<Chat, Refusal> {
        if who == other {
            return Err(Refusal::Bad {
                parameter: "user_id",
                problem: "must be somebody else",
            });
        }
        if self.user(other)?.inactive {
            return Err(Refusal::Forbidden(
                "talks to somebody whose account is closed",
            ));
        }
        Ok(Chat::between(who, other, &self.seed.bot().id))
    }
}
