//! Reactions to messages.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::event::Event;
use mynah_bearychat::limits::is_reaction;
use mynah_bearychat::types::{MessageReaction, Reacted as Reactions};
use mynah_bearychat::{MessageKey, Millis, Moment, ReactionId, UserId, VchannelId};
use serde::{Deserialize, Serialize};

use super::limits;
use super::messages::Spoken;
use super::refusal::Refusal;
use super::world::BearyChatWorld;
use crate::frame::Framed;

/// Somebody's reaction to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reacted {
    pub(super) id: ReactionId,
    pub(super) by: UserId,
    /// Such as `:smile:`.
    pub(super) reaction: String,
    pub(super) at: Millis,
}

impl Reacted {
    fn is(&self, reaction: &str, by: &UserId) -> bool {
        self.reaction == reaction && self.by == *by
    }
}

/// Reactions by what they are, in the order in which each was first made.
pub(super) fn reactions(all: &[Reacted]) -> Vec<Reactions> {
    let mut found: Vec<Reactions> = Vec::new();
    for reacted in all {
        match found.iter_mut().find(|it| it.reaction == reacted.reaction) {
            Some(same) => same.uids.push(reacted.by.clone()),
            None => found.push(Reactions {
                reaction: reacted.reaction.clone(),
                uids: vec![reacted.by.clone()],
                created_ts: reacted.at,
            }),
        }
    }
    found
}

impl Spoken {
    /// Somebody's reaction, if they have reacted so.
    pub(super) fn reacted(&self, reaction: &str, who: &UserId) -> Option<&Reacted> {
        self.reactions.iter().find(|it| it.is(reaction, who))
    }
}

impl BearyChatWorld {
    /// Somebody reacts to a message; nothing happens if they have done so
    /// before.
    pub(super) fn react(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        who: &UserId,
        reaction: &str,
    ) -> Result<MessageReaction, Refusal> {
        if !is_reaction(reaction) {
            return Err(Refusal::Bad {
                parameter: "reaction",
                problem: "must be a name between colons, such as `:smile:`",
            });
        }
        self.reader(vchannel, who)?;
        let spoken = self.standing(vchannel, key)?;
        if let Some(reacted) = spoken.reacted(reaction, who) {
            return Ok(self.message_reaction(spoken, reacted));
        }
        if spoken.reactions.len() >= limits::REACTIONS {
            return Err(Refusal::Forbidden("has as many reactions as it can have"));
        }
        let reacted = Reacted {
            id: self.state.id().into(),
            by: who.clone(),
            reaction: reaction.to_owned(),
            at: self.now(),
        };
        let told = self.message_reaction(self.standing(vchannel, key)?, &reacted);
        if let Some(spoken) = self.state.archive.find_mut(key) {
            spoken.reactions.push(reacted);
        }
        self.changed_message(key);
        let event = Event::reacted(told.clone(), self.now());
        self.broadcast(vchannel, event);
        Ok(told)
    }

    /// Somebody takes a reaction back.
    pub(super) fn unreact(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        who: &UserId,
        reaction: &str,
    ) -> Result<(), Refusal> {
        self.reader(vchannel, who)?;
        let spoken = self.standing(vchannel, key)?;
        let reacted = spoken.reacted(reaction, who);
        let reacted = reacted.ok_or(Refusal::Unknown(Thing::Message))?;
        let told = self.message_reaction(spoken, reacted);
        if let Some(spoken) = self.state.archive.find_mut(key) {
            spoken.reactions.retain(|it| !it.is(reaction, who));
        }
        self.changed_message(key);
        let event = Event::unreacted(told, self.now());
        self.broadcast(vchannel, event);
        Ok(())
    }

    fn message_reaction(&self, spoken: &Spoken, reacted: &Reacted) -> MessageReaction {
        MessageReaction {
            id: reacted.id.clone(),
            team_id: self.seed.team.id.clone(),
            uid: reacted.by.clone(),
            message_id: spoken.id.clone(),
            message_key: spoken.key.clone(),
            reaction: reacted.reaction.clone(),
            created_ts: reacted.at,
            created: Moment::china(reacted.at),
            updated: Moment::china(reacted.at),
        }
    }
}
