//! What is known of conversations: which one is had with whom, and what each of them is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mynah_bearychat::api::p2p::CreateP2p;
use mynah_bearychat::api::vchannel::GetVchannel;
use mynah_bearychat::types::Vchannel;
use mynah_bearychat::{BearyChat, ChannelId, SessionChannelId, UserId, VchannelId};
use mynah_client::Client;
use mynah_core::Error;

use crate::recent::Recent;

/// How long it may take to find out about a conversation while somebody waits for the response.
pub(super) const LOOKUP: Duration = Duration::from_secs(2);

/// Remembers what does not change. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// The conversation with each one.
    with: Recent<UserId, VchannelId>,
    /// What each conversation is.
    kinds: Recent<VchannelId, Kind>,
}

/// What a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Two people.
    P2p,
    /// A channel: what calls name it by.
    Channel(ChannelId),
    /// A session channel: likewise.
    Session(SessionChannelId),
    /// Something that is not in the documentation.
    Other,
}

impl Places {
    /// The conversation with somebody, which is begun if there is none.
    pub(super) async fn with(
        &self,
        client: &Client<BearyChat>,
        uid: &UserId,
    ) -> Result<VchannelId, Error> {
        if let Some(known) = self.lock().with.get(uid) {
            return Ok(known.clone());
        }
        let begun = client.call(CreateP2p::new(uid.clone())).await?;
        self.remember(uid.clone(), begun.vchannel_id.clone());
        Ok(begun.vchannel_id)
    }

    /// Takes down a conversation that somebody was heard in.
    pub(super) fn remember(&self, uid: UserId, vchannel: VchannelId) {
        self.lock().with.insert(uid, vchannel);
    }

    /// What a conversation is.
    pub(super) async fn kind(
        &self,
        client: &Client<BearyChat>,
        vchannel: &VchannelId,
    ) -> Result<Kind, Error> {
        if let Some(known) = self.lock().kinds.get(vchannel) {
            return Ok(known.clone());
        }
        let asked = client.call(GetVchannel::new(vchannel.clone()));
        let kind = match asked.timeout(LOOKUP).await? {
            Vchannel::P2p(_) => Kind::P2p,
            Vchannel::Channel(channel) => Kind::Channel(channel.id),
            Vchannel::Session(channel) => Kind::Session(channel.id),
            _ => Kind::Other,
        };
        let mut known = self.lock();
        known.kinds.insert(vchannel.clone(), kind.clone());
        Ok(kind)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
