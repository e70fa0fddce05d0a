//! Who may look into a conversation, who may speak there, and between which of
//! its names to go.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::{Millis, UserId, VchannelId};

use super::chat::Chat;
use super::refusal::Refusal;
use super::vchannels::{Channel, Kind, Vchannel};
use super::world::BearyChatWorld;
use crate::frame::Framed;

impl BearyChatWorld {
    /// A conversation of any kind.
    pub(super) fn vchannel(&self, id: &VchannelId) -> Result<&Vchannel, Refusal> {
        let found = self.state.vchannels.get(id);
        found.ok_or(Refusal::Unknown(Thing::Conversation))
    }

    /// A channel.
    pub(super) fn channel(&self, id: &VchannelId) -> Result<(&Vchannel, &Channel), Refusal> {
        let found = self.state.vchannels.get(id);
        let channel = found.and_then(|vchannel| Some((vchannel, vchannel.channel()?)));
        channel.ok_or(Refusal::Unknown(Thing::Channel))
    }

    /// Lets whoever is in a conversation read it.
    ///
    /// # Errors
    /// There is no such conversation, or they are not in it.
    pub(super) fn reader(&self, id: &VchannelId, who: &UserId) -> Result<(), Refusal> {
        if self.vchannel(id)?.has(who) {
            Ok(())
        } else {
            Err(Refusal::Forbidden("is not a conversation of theirs"))
        }
    }

    /// Lets whoever is in a conversation speak there, and change what was said.
    ///
    /// # Errors
    /// There is no such conversation, they are not in it, or it is archived.
    pub(super) fn speaker(&self, id: &VchannelId, who: &UserId) -> Result<(), Refusal> {
        self.reader(id, who)?;
        open(self.vchannel(id)?)
    }

    /// Who is in a conversation, in the order of joining.
    pub(super) fn members_of(&self, id: &VchannelId) -> &[UserId] {
        let found = self.state.vchannels.get(id);
        found.map_or(&[], |vchannel| &vchannel.members)
    }

    /// Something was said in a conversation.
    pub(super) fn touch(&mut self, id: &VchannelId, time: Millis) {
        if let Some(vchannel) = self.state.vchannels.get_mut(id) {
            vchannel.latest_ts = time;
        }
    }

    /// The conversation as people name it.
    pub(super) fn chat_of(&self, id: &VchannelId) -> Chat {
        let found = self.state.vchannels.get(id);
        match found
            .filter(|it| it.is_p2p())
            .map(|it| it.members.as_slice())
        {
            Some([one, other]) => Chat::between(one, other, &self.seed.bot().id),
            _ => Chat::Group(id.clone()),
        }
    }

    /// The conversation as calls name it; nothing while it has not been opened.
    pub(super) fn vchannel_of(&self, chat: &Chat) -> Option<VchannelId> {
        let vchannels = &self.state.vchannels;
        match chat {
            Chat::Group(id) => vchannels.get(id).map(|_| id.clone()),
            Chat::User(_) | Chat::Private(..) => {
                let (one, other) = chat.pair(&self.seed.bot().id)?;
                vchannels.between(one, other).cloned()
            }
        }
    }

    /// The same, and opens that of two which has not been opened.
    pub(super) fn open(&mut self, chat: &Chat) -> VchannelId {
        if let Some(id) = self.vchannel_of(chat) {
            return id;
        }
        let bot = self.seed.bot().id.clone();
        match (chat, chat.pair(&bot)) {
            (_, Some((one, other))) => {
                self.open_vchannel(Kind::P2p, vec![one.clone(), other.clone()])
            }
            // A channel is there, or nobody could have named it.
            (Chat::Group(id), None) => id.clone(),
            (Chat::User(_) | Chat::Private(..), None) => unreachable!("two are a pair"),
        }
    }

    pub(super) fn open_vchannel(&mut self, kind: Kind, members: Vec<UserId>) -> VchannelId {
        let id = VchannelId::from(self.state.id());
        let now = self.state.now;
        self.state.vchannels.open(id.clone(), kind, members, now);
        self.changed_conversations();
        id
    }
}

/// Lets happen what cannot happen in an archived conversation.
///
/// # Errors
/// It is archived.
pub(super) fn open(vchannel: &Vchannel) -> Result<(), Refusal> {
    if vchannel.active {
        Ok(())
    } else {
        Err(Refusal::Forbidden("is archived"))
    }
}
