//! Messages, and what becomes of them.

use mynah_bearychat::errors::Thing;
use mynah_bearychat::event::Event;
use mynah_bearychat::types::{Attachment, Message, Repost, Subtype, TextI18n};
use mynah_bearychat::{MessageId, MessageKey, Millis, Moment, UserId, VchannelId};
use serde::{Deserialize, Serialize};

use super::chat::{Chat, Speaker};
use super::effect::Effect;
use super::pins::Pin;
use super::reactions::{Reacted, reactions};
use super::refusal::Refusal;
use super::state::millis;
use super::world::BearyChatWorld;
use crate::archive;
use crate::frame::Framed;

/// What a message that was deleted says.
const DELETED: [&str; 2] = ["该消息已被删除", "This message has been deleted."];
/// What a message says that passes another one on. The English word lacks a
/// letter on the platform as well.
pub(super) const FORWARDED: [&str; 2] = ["转发了消息", "fowarded message"];

/// A message, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spoken {
    pub(super) key: MessageKey,
    pub(super) id: MessageId,
    pub(super) vchannel: VchannelId,
    pub(super) by: Speaker,
    pub(super) created: Millis,
    /// When it last became another one.
    pub(super) updated: Millis,
    pub(super) content: Content,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) edited: bool,
    /// Who deleted it. People see what it said; programs do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deleted: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pin: Option<Pin>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) reactions: Vec<Reacted>,
}

/// What a message says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Content {
    pub(super) text: String,
    /// What telephones show instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fallback: Option<String>,
    /// The message that it quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refer_key: Option<MessageKey>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
    /// Whether what looks like Markdown is none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) plain: bool,
    /// The message that it passes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repost: Option<Repost>,
    /// The picture or file that it is; programs find it among the attachments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<Shared>,
}

/// A picture or file that somebody sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shared {
    pub(super) kind: SharedKind,
    pub(super) name: String,
    /// Where everybody finds it.
    pub(super) url: String,
    pub(super) size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SharedKind {
    Image,
    File,
    Sticker,
}

impl Content {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

impl archive::Message for Spoken {
    type Id = MessageKey;
    type Chat = Chat;
    type Speaker = Speaker;

    fn id(&self) -> &MessageKey {
        &self.key
    }
}

impl Spoken {
    fn subtype(&self) -> Subtype {
        if self.deleted.is_some() {
            return Subtype::Info;
        }
        match self.by {
            _ if self.content.repost.is_some() => Subtype::Forwarded,
            Speaker::Robot(_) => Subtype::Robot,
            Speaker::User(_) => Subtype::Normal,
        }
    }
}

/// What is said, and what is told of it.
impl BearyChatWorld {
    /// Somebody says something in a conversation: answers the key of the
    /// message, and its place among the others. Whether they may was looked at
    /// before.
    pub(super) fn speak(
        &mut self,
        vchannel: &VchannelId,
        by: Speaker,
        content: Content,
    ) -> (MessageKey, u64) {
        let key = self.state.message_key();
        let created = key.place().map_or_else(|| self.now(), |place| place.millis);
        let spoken = Spoken {
            key: key.clone(),
            id: self.state.id().into(),
            vchannel: vchannel.clone(),
            by: by.clone(),
            created,
            updated: created,
            content,
            edited: false,
            deleted: None,
            pin: None,
            reactions: Vec::new(),
        };
        let message = self.message(&spoken);
        let to_uid = self.receiver(vchannel, &by);
        let chat = self.chat_of(vchannel);
        let seq = self.post(&chat, by, spoken);
        self.touch(vchannel, created);
        self.broadcast(vchannel, Event::said(&message, to_uid, created));
        self.call_programs(&message);
        (key, seq)
    }

    /// Tells every hubot in a conversation.
    pub(super) fn broadcast(&mut self, vchannel: &VchannelId, event: Event) {
        let to = self.hubots_in(vchannel);
        if !to.is_empty() {
            let event = Box::new(event);
            self.effect(Effect::Rtm { to, event });
        }
    }

    /// The hubots in a conversation: nobody else hears of it by a program.
    pub(super) fn hubots_in(&self, vchannel: &VchannelId) -> Vec<UserId> {
        let Some(vchannel) = self.state.vchannels.get(vchannel) else {
            return Vec::new();
        };
        let hubots = self.seed.bots.iter().map(|bot| &bot.id);
        hubots.filter(|id| vchannel.has(id)).cloned().collect()
    }

    /// Whom something is said to, where only two are.
    fn receiver(&self, vchannel: &VchannelId, by: &Speaker) -> Option<UserId> {
        let vchannel = self.state.vchannels.get(vchannel)?;
        let mut others = vchannel.members.iter();
        let assistant = self.seed.assistant.as_ref().map(|it| &it.id);
        // A robot speaks to somebody through the platform's own assistant.
        let by = match by {
            Speaker::User(user) => Some(user),
            Speaker::Robot(_) => assistant,
        };
        let other = others.find(|member| Some(*member) != by);
        other.filter(|_| vchannel.is_p2p()).cloned()
    }

    /// A message that is not what it was before.
    fn changed(&mut self, vchannel: &VchannelId, key: &MessageKey) {
        self.changed_message(key);
        let Some((_, spoken)) = self.state.archive.find(key) else {
            return;
        };
        let message = Message {
            deleted: Some(spoken.deleted.is_some()),
            ..self.message(spoken)
        };
        let now = self.now();
        self.broadcast(vchannel, Event::changed(message, now));
    }

    /// The present, as programs reckon.
    pub(super) fn now(&self) -> Millis {
        millis(self.state.now)
    }

    /// A message, as programs see it.
    pub(super) fn message(&self, spoken: &Spoken) -> Message {
        let deleted = spoken.deleted.is_some();
        let content = &spoken.content;
        let in_words = match (deleted, &content.repost) {
            (true, _) => Some(DELETED),
            (false, Some(_)) if !spoken.edited => Some(FORWARDED),
            (false, _) => None,
        };
        let by = &spoken.by;
        Message {
            key: spoken.key.clone(),
            id: Some(spoken.id.clone()),
            team_id: self.seed.team.id.clone(),
            uid: by.user().cloned(),
            robot_id: by.robot().cloned(),
            vchannel_id: spoken.vchannel.clone(),
            refer_key: content.refer_key.clone(),
            subtype: spoken.subtype(),
            text: in_words.map_or_else(|| content.text.clone(), |[text, _]| text.to_owned()),
            text_i18n: in_words.map(|[zh_cn, en]| TextI18n {
                zh_cn: Some(zh_cn.to_owned()),
                en: Some(en.to_owned()),
            }),
            fallback: content.fallback.clone().filter(|_| !deleted),
            attachments: if deleted {
                Vec::new()
            } else {
                content.attachments.clone()
            },
            created: Moment::utc(spoken.created),
            updated: Moment::utc(spoken.updated),
            created_ts: spoken.created,
            is_channel: self.is_channel(&spoken.vchannel),
            edited: Some(spoken.edited),
            deleted: deleted.then_some(true),
            pin_id: spoken.pin.as_ref().map(|pin| pin.id.clone()),
            reactions: Some(reactions(&spoken.reactions)),
            repost: content.repost.clone().filter(|_| !deleted),
            disable_markdown: content.plain.then_some(true),
            ..Message::default()
        }
    }

    fn is_channel(&self, vchannel: &VchannelId) -> bool {
        let vchannel = self.state.vchannels.get(vchannel);
        vchannel.is_none_or(|vchannel| !vchannel.is_p2p())
    }

    /// A message in a conversation, deleted or not.
    pub(super) fn spoken(
        &self,
        vchannel: &VchannelId,
        key: &MessageKey,
    ) -> Result<&Spoken, Refusal> {
        let found = self.state.archive.find(key);
        let found = found.filter(|(_, spoken)| spoken.vchannel == *vchannel);
        let (_, spoken) = found.ok_or(Refusal::Unknown(Thing::Message))?;
        Ok(spoken)
    }

    /// A message in a conversation that was not deleted.
    pub(super) fn standing(
        &self,
        vchannel: &VchannelId,
        key: &MessageKey,
    ) -> Result<&Spoken, Refusal> {
        let spoken = self.spoken(vchannel, key)?;
        match spoken.deleted {
            None => Ok(spoken),
            Some(_) => Err(Refusal::Unknown(Thing::Message)),
        }
    }

    /// A message that can be quoted, if one is to be.
    pub(super) fn quotable(
        &self,
        vchannel: &VchannelId,
        key: Option<&MessageKey>,
    ) -> Result<(), Refusal> {
        match key {
            Some(key) => self.spoken(vchannel, key).map(drop),
            None => Ok(()),
        }
    }
}

/// What is done with messages, whoever does it.
impl BearyChatWorld {
    /// The author writes something else.
    pub(super) fn edit(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        who: &UserId,
        text: String,
    ) -> Result<(), Refusal> {
        self.reader(vchannel, who)?;
        let spoken = self.standing(vchannel, key)?;
        if spoken.by.user() != Some(who) {
            return Err(Refusal::Forbidden("is somebody else's"));
        }
        let now = self.now();
        if let Some(spoken) = self.state.archive.find_mut(key) {
            spoken.content.text = text;
            spoken.edited = true;
            spoken.updated = now;
        }
        self.changed(vchannel, key);
        Ok(())
    }

    /// The author, or whoever looks after the team, deletes a message.
    pub(super) fn delete(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        who: &UserId,
    ) -> Result<(), Refusal> {
        self.reader(vchannel, who)?;
        let spoken = self.standing(vchannel, key)?;
        if spoken.by.user() != Some(who) && !self.user(who)?.runs_the_team() {
            return Err(Refusal::Forbidden("is somebody else's"));
        }
        let now = self.now();
        if let Some(spoken) = self.state.archive.find_mut(key) {
            spoken.deleted = Some(who.clone());
            spoken.updated = now;
            spoken.pin = None;
            spoken.reactions.clear();
        }
        self.changed(vchannel, key);
        Ok(())
    }

    /// Somebody passes a message on: answers the key of the new one.
    pub(super) fn forward(
        &mut self,
        vchannel: &VchannelId,
        key: &MessageKey,
        to: &VchannelId,
        who: &UserId,
    ) -> Result<MessageKey, Refusal> {
        self.reader(vchannel, who)?;
        self.speaker(to, who)?;
        let spoken = self.standing(vchannel, key)?;
        let repost = spoken.content.repost.clone();
        // What was passed on before is passed on as it was.
        let repost = repost.unwrap_or_else(|| self.repost(spoken));
        let content = Content {
            text: FORWARDED[0].to_owned(),
            repost: Some(repost),
            ..Content::default()
        };
        let (key, _) = self.speak(to, Speaker::User(who.clone()), content);
        Ok(key)
    }

    fn repost(&self, spoken: &Spoken) -> Repost {
        Repost {
            uid: spoken.by.user().cloned(),
            robot_id: spoken.by.robot().cloned(),
            vchannel_id: spoken.vchannel.clone(),
            created_ts: spoken.created,
            message_key: spoken.key.clone(),
            id: spoken.id.clone(),
            team_id: self.seed.team.id.clone(),
            subtype: spoken.subtype(),
            text: spoken.content.text.clone(),
        }
    }
}
