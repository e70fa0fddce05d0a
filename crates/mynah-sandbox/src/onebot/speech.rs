//! Speaking, and what can be done to what was said.

use mynah_onebot::event::{
    EmojiLike, Essence as EssenceNotice, EssenceType, Event, FriendRecall, GroupMsgEmojiLike,
    GroupRecall, Notice, Poke, PrivateMessageType, Reaction, ReactionType,
};
use mynah_onebot::{GroupId, Message, MessageId, UserId};

use super::archive::{Bilingual, Chat, Found, LineKind, Speaker, Spoken};
use super::limits;
use super::prepare::Prepared;
use super::refusal::Refusal;
use super::settings::Dialect;
use super::state::{Essence, MASKED, Mask, Rank, SYSTEM};
use super::world::OneBotWorld;

/// Somebody who wants to speak.
#[derive(Clone, Debug)]
pub(super) struct Speech {
    pub(super) who: UserId,
    pub(super) chat: Chat,
    pub(super) message: Message,
    /// Behind a mask.
    pub(super) masked: bool,
    /// Overrides what the two are to one another, in a conversation of two.
    pub(super) private_type: Option<PrivateMessageType>,
}

impl Speech {
    pub(super) fn new(who: UserId, chat: Chat, message: Message) -> Self {
        Self {
            who,
            chat,
            message,
            masked: false,
            private_type: None,
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) id: MessageId,
    pub(super) seq: u64,
}

impl OneBotWorld {
    /// Somebody speaks.
    pub(super) fn speak(&mut self, speech: Speech) -> Result<Said, Refusal> {
        let prepared = self.prepare(speech.who, speech.chat, speech.message)?;
        self.needs_voice(speech.who, speech.chat)?;
        let wants_mask = speech.masked || prepared.masked;
        let masked =
            wants_mask && self.may_mask(&speech.chat, speech.who, prepared.mask_optional)?;
        let id = self.state.archive.next_id(self.settings.negative_ids)?;
        let message = self.store(prepared);
        let by = match speech.chat {
            Chat::Group(group) if masked => self.masked(group, speech.who)?,
            _ => Speaker::User(speech.who),
        };
        let private_type = match speech.chat {
            Chat::Direct(person) => Some(
                speech
                    .private_type
                    .unwrap_or_else(|| self.private_type(person)),
            ),
            Chat::Group(_) | Chat::Discuss(_) => None,
        };
        self.note_activity(&speech.chat, speech.who, &message);
        Ok(self.add_message(speech.chat, id, by, message, private_type))
    }

    /// QQ itself speaks in a group.
    pub(super) fn system_speaks(&mut self, group: GroupId, text: &str) -> Result<(), Refusal> {
        let id = self.state.archive.next_id(self.settings.negative_ids)?;
        let message = Message::text(text);
        self.add_message(Chat::Group(group), id, Speaker::System, message, None);
        Ok(())
    }

    fn add_message(
        &mut self,
        chat: Chat,
        id: MessageId,
        by: Speaker,
        message: Message,
        private_type: Option<PrivateMessageType>,
    ) -> Said {
        let by_bot = by.user().is_some_and(|user| self.state.is_bot(user));
        let spoken = Spoken {
            id,
            number: 0,
            by,
            message,
            private_type,
            recalled: None,
            reactions: Vec::new(),
        };
        let seq = self.state.archive.add_message(chat, self.state.now, spoken);
        self.changed_entry(chat, seq);
        self.report(id, by_bot);
        Said { id, seq }
    }

    /// Tells frameworks of a message that the bot hears, or has said itself.
    fn report(&mut self, id: MessageId, by_bot: bool) {
        let Some(found) = self.state.archive.find(id) else {
            return;
        };
        let event = if by_bot {
            if !self.settings.report_self_message {
                return;
            }
            Event::MessageSent(self.sent_event(found))
        } else {
            if !self.hears(found.chat) {
                return;
            }
            Event::Message(self.message_event(found))
        };
        self.emit(event);
    }

    /// Whether the bot takes part in a conversation, as far as frameworks know.
    fn hears(&self, chat: Chat) -> bool {
        let known = self.settings.legacy || !matches!(chat, Chat::Discuss(_));
        known && self.state.takes_part(self.bot(), chat)
    }

    /// Refuses who may not speak in a conversation.
    fn needs_voice(&self, who: UserId, chat: Chat) -> Result<(), Refusal> {
        if self.state.is_bot(who) && !self.state.bot.online {
            return Err(Refusal::forbidden("self_id", "the account is offline"));
        }
        match chat {
            Chat::Direct(person) => {
                if self.state.is_bot(person) {
                    return Err(Refusal::forbidden(
                        "user_id",
                        "the bot does not talk to itself",
                    ));
                }
                self.state.user(person)?;
                if who == person || self.state.is_bot(who) {
                    return Ok(());
                }
                Err(Refusal::forbidden(
                    "user_id",
                    "people only talk to the bot here",
                ))
            }
            Chat::Discuss(discuss) => self.state.discuss(who, discuss).map(|_| ()),
            Chat::Group(group) => {
                let group = self.state.group(who, group)?;
                let member = group.member(who)?;
                if member.is_muted(self.state.now) {
                    return Err(Refusal::forbidden("group_id", "who speaks is muted there"));
                }
                if group.whole_ban && member.rank == Rank::Member {
                    return Err(Refusal::forbidden(
                        "group_id",
                        "only the owner and admins may speak there now",
                    ));
                }
                Ok(())
            }
        }
    }

    /// Whether who asks for a mask gets one; refuses who neither gets one nor does without.
    fn may_mask(&self, chat: &Chat, who: UserId, optional: bool) -> Result<bool, Refusal> {
        match self.needs_mask(chat, who) {
            Ok(()) => Ok(true),
            Err(_) if optional => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    fn needs_mask(&self, chat: &Chat, who: UserId) -> Result<(), Refusal> {
        let Chat::Group(group) = chat else {
            return Err(Refusal::bad("anonymous", "masks exist in groups only"));
        };
        let group = self.state.group(who, *group)?;
        if !group.anonymous {
            return Err(Refusal::forbidden("anonymous", "the group allows no masks"));
        }
        let muted = group.masks.get(&who).and_then(|mask| mask.muted_until);
        if muted.is_some_and(|until| self.state.now < until) {
            return Err(Refusal::forbidden("anonymous", "this mask is muted"));
        }
        Ok(())
    }

    /// The mask of a member, made when it is first needed.
    fn masked(&mut self, group: GroupId, user: UserId) -> Result<Speaker, Refusal> {
        let state = &mut self.state;
        let chance = &mut state.chance;
        let counters = &mut state.counters;
        let group = state
            .groups
            .get_mut(&group)
            .ok_or_else(|| Refusal::missing("group_id", "there is no such group"))?;
        let mask = group
            .masks
            .entry(user)
            .or_insert_with(|| Mask::new(chance, &mut counters.mask));
        Ok(Speaker::Masked {
            user,
            mask: mask.shown.clone(),
        })
    }

    /// What a person is to the bot.
    fn private_type(&self, person: UserId) -> PrivateMessageType {
        if self.state.friends.contains_key(&person) {
            return PrivateMessageType::Friend;
        }
        let bot = self.bot();
        let shared =
            self.state.groups.values().any(|group| {
                group.members.contains_key(&person) && group.members.contains_key(&bot)
            });
        if shared {
            PrivateMessageType::Group
        } else {
            PrivateMessageType::Stranger
        }
    }

    fn note_activity(&mut self, chat: &Chat, who: UserId, message: &Message) {
        let Chat::Group(group) = chat else {
            return;
        };
        let (today, now) = (self.state.today(), self.state.now.seconds());
        let Ok(group) = self.state.group_mut(who, *group) else {
            return;
        };
        let sticker = |kind: &str| matches!(kind, "face" | "image" | "mface");
        let stickers = message
            .iter()
            .filter(|segment| sticker(segment.kind()))
            .count();
        group.activity.spoke(today, who, stickers);
        if let Ok(member) = group.member_mut(who) {
            member.last_sent = now;
        }
    }

    /// Stores what a message brings along, throws its dice, and returns it.
    fn store(&mut self, prepared: Prepared) -> Message {
        for taken in prepared.media {
            self.state.media.put(taken);
        }
        if let (Some(user), Chat::Group(group)) = (prepared.at_all, prepared.chat) {
            let today = self.state.today();
            if let Ok(group) = self.state.group_mut(user, group) {
                let count = group.at_all.on(today).entry(user).or_default();
                *count = count.saturating_add(1);
            }
        }
        if let Some(nodes) = prepared.bundle {
            return mynah_onebot::Segment::forward(self.state.forwards.add(nodes)).into();
        }
        let mut message = prepared.message;
        for segment in message.segments_mut() {
            if let Some((key, sides)) = dice(segment.kind(), self.settings.dialect) {
                let eyes = self.state.chance.below(sides) + 1;
                segment.data_mut().set(key, eyes);
            }
        }
        message
    }

    /// A message that somebody sees and that was not recalled.
    pub(super) fn seen(&self, viewer: UserId, id: MessageId) -> Result<Found<'_>, Refusal> {
        self.state
            .archive
            .find(id)
            .filter(|found| self.state.takes_part(viewer, found.chat))
            .filter(|found| found.spoken.recalled.is_none())
            .ok_or_else(|| {
                Refusal::missing(
                    "message_id",
                    format!("there is no message {id}, or no more"),
                )
            })
    }

    /// A message in a group that somebody sees.
    fn seen_in_group(
        &self,
        viewer: UserId,
        id: MessageId,
    ) -> Result<(GroupId, Found<'_>), Refusal> {
        let found = self.seen(viewer, id)?;
        match found.chat {
            Chat::Group(group) => Ok((group, found)),
            Chat::Direct(_) | Chat::Discuss(_) => Err(Refusal::forbidden(
                "message_id",
                "this can be done to messages in groups only",
            )),
        }
    }

    /// Takes a message back: one's own within two minutes, as an admin those
    /// of lower rank at any time.
    pub(super) fn recall(&mut self, operator: UserId, id: MessageId) -> Result<(), Refusal> {
        let found = self.seen(operator, id)?;
        self.needs_recall(operator, found)?;
        let (chat, seq) = (found.chat, found.seq);
        let author = found.spoken.by.user();
        let shown = shown_author(&found.spoken.by);
        if let Some(spoken) = self.state.archive.find_mut(id) {
            spoken.recalled = Some(operator);
        }
        if let Chat::Group(group) = chat
            && let Ok(group) = self.state.group_mut(operator, group)
        {
            group.essences.retain(|essence| essence.message != id);
        }
        self.changed_entry(chat, seq);
        let text = self.recall_text(chat, operator, author, shown);
        self.line(chat, LineKind::Recall, operator, text);
        match chat {
            Chat::Group(group_id) => self.group_notice(
                group_id,
                Notice::GroupRecall(GroupRecall {
                    group_id,
                    user_id: shown,
                    operator_id: operator,
                    message_id: id,
                }),
            ),
            Chat::Direct(user_id) => self.notice(Notice::FriendRecall(FriendRecall {
                user_id,
                message_id: id,
            })),
            Chat::Discuss(_) => {}
        }
        Ok(())
    }

    fn needs_recall(&self, operator: UserId, found: Found<'_>) -> Result<(), Refusal> {
        let author = found.spoken.by.user();
        if author == Some(operator) {
            let age = self.state.now.0.saturating_sub(found.time.0);
            if age <= limits::RECALL_MS {
                return Ok(());
            }
            return Err(Refusal::forbidden(
                "message_id",
                "one's own messages can be recalled for two minutes only",
            ));
        }
        let Chat::Group(group) = found.chat else {
            return Err(Refusal::forbidden(
                "message_id",
                "somebody else's private message cannot be recalled",
            ));
        };
        let group = self.state.group(operator, group)?;
        group.needs_admin(operator)?;
        let Some(author) = author else {
            return Err(Refusal::forbidden(
                "message_id",
                "a system message cannot be recalled",
            ));
        };
        if group.rank(author) >= group.rank(operator) {
            return Err(Refusal::forbidden(
                "message_id",
                "its author does not rank below who wants to recall it",
            ));
        }
        Ok(())
    }

    fn recall_text(
        &self,
        chat: Chat,
        operator: UserId,
        author: Option<UserId>,
        shown: UserId,
    ) -> Bilingual {
        let who = self.state.display(operator, chat);
        if author == Some(operator) {
            return Bilingual::new(
                format!("{who} recalled a message"),
                format!("{who} 撤回了一条消息"),
            );
        }
        let whose = match shown {
            MASKED => "an anonymous member".to_owned(),
            shown => self.state.display(shown, chat),
        };
        let whose_zh = match shown {
            MASKED => "匿名成员".to_owned(),
            _ => whose.clone(),
        };
        Bilingual::new(
            format!("{who} recalled a message of {whose}"),
            format!("{who} 撤回了 {whose_zh} 的一条消息"),
        )
    }

    /// Puts an emoji on a message in a group, or takes it off again. What is
    /// so already stays so and tells nobody.
    pub(super) fn react(
        &mut self,
        who: UserId,
        id: MessageId,
        emoji: &str,
        set: bool,
    ) -> Result<(), Refusal> {
        if emoji.is_empty() || emoji.len() > 20 {
            return Err(Refusal::bad(
                "emoji_id",
                format!("must have 1 to 20 bytes, not {}", emoji.len()),
            ));
        }
        let (group, found) = self.seen_in_group(who, id)?;
        let (chat, seq) = (found.chat, found.seq);
        let known = found
            .spoken
            .reactions
            .iter()
            .any(|(other, _)| other == emoji);
        if set && !known && found.spoken.reactions.len() >= limits::REACTIONS {
            let limit = limits::REACTIONS;
            return Err(Refusal::forbidden(
                "emoji_id",
                format!("the message bears {limit} different emoji already"),
            ));
        }
        let Some(count) = self.change_reaction(who, id, emoji, set) else {
            return Ok(());
        };
        self.changed_entry(chat, seq);
        let notice = self.reaction_notice(group, who, id, emoji, set, count);
        self.group_notice(group, notice);
        Ok(())
    }

    /// How many bear the emoji afterwards; `None` when nothing has changed.
    fn change_reaction(
        &mut self,
        who: UserId,
        id: MessageId,
        emoji: &str,
        set: bool,
    ) -> Option<i64> {
        let reactions = &mut self.state.archive.find_mut(id)?.reactions;
        let at = reactions.iter().position(|(other, _)| other == emoji);
        if set {
            let at = at.unwrap_or_else(|| {
                reactions.push((emoji.to_owned(), Vec::new()));
                reactions.len() - 1
            });
            let by = &mut reactions.get_mut(at)?.1;
            if by.contains(&who) {
                return None;
            }
            by.push(who);
            return i64::try_from(by.len()).ok();
        }
        let at = at?;
        let by = &mut reactions.get_mut(at)?.1;
        let mine = by.iter().position(|user| *user == who)?;
        by.remove(mine);
        let left = by.len();
        if left == 0 {
            reactions.remove(at);
        }
        i64::try_from(left).ok()
    }

    fn reaction_notice(
        &self,
        group_id: GroupId,
        user_id: UserId,
        message_id: MessageId,
        emoji: &str,
        set: bool,
        count: i64,
    ) -> Notice {
        if self.settings.dialect == Dialect::Lagrange {
            return Notice::Reaction(Reaction {
                sub_type: if set {
                    ReactionType::Add
                } else {
                    ReactionType::Remove
                },
                group_id,
                message_id,
                operator_id: user_id,
                code: emoji.to_owned(),
                count,
            });
        }
        Notice::GroupMsgEmojiLike(GroupMsgEmojiLike {
            group_id,
            user_id,
            message_id,
            likes: vec![EmojiLike {
                emoji_id: emoji.to_owned(),
                count,
            }],
            is_add: Some(set),
        })
    }

    /// Holds a message up for the whole group, or lets it go again. What is so
    /// already stays so and tells nobody.
    pub(super) fn set_essence(
        &mut self,
        operator: UserId,
        id: MessageId,
        add: bool,
    ) -> Result<(), Refusal> {
        let (group_id, found) = self.seen_in_group(operator, id)?;
        let (sender_id, seq) = (shown_author(&found.spoken.by), found.seq);
        let time = self.state.now.seconds();
        let group = self.state.group_mut(operator, group_id)?;
        group.needs_admin(operator)?;
        let known = group.essences.iter().any(|essence| essence.message == id);
        if known == add {
            return Ok(());
        }
        if add {
            if group.essences.len() >= limits::ESSENCES {
                return Err(Refusal::forbidden(
                    "message_id",
                    format!(
                        "the group has {} essence messages already",
                        limits::ESSENCES
                    ),
                ));
            }
            group.essences.push(Essence {
                message: id,
                operator,
                time,
            });
        } else {
            group.essences.retain(|essence| essence.message != id);
        }
        let chat = Chat::Group(group_id);
        self.changed_entry(chat, seq);
        let who = self.state.display(operator, chat);
        let text = if add {
            Bilingual::new(
                format!("{who} set an essence message"),
                format!("{who} 设置了一条精华消息"),
            )
        } else {
            Bilingual::new(
                format!("{who} removed an essence message"),
                format!("{who} 移除了一条精华消息"),
            )
        };
        self.line(chat, LineKind::Essence, operator, text);
        self.group_notice(
            group_id,
            Notice::Essence(EssenceNotice {
                sub_type: if add {
                    EssenceType::Add
                } else {
                    EssenceType::Delete
                },
                group_id,
                sender_id,
                operator_id: operator,
                message_id: id,
            }),
        );
        Ok(())
    }

    /// Pokes somebody (戳一戳).
    pub(super) fn poke(&mut self, who: UserId, chat: Chat, target: UserId) -> Result<(), Refusal> {
        self.needs_poke(who, chat, target)?;
        let (by, whom) = (
            self.state.display(who, chat),
            self.state.display(target, chat),
        );
        let text = Bilingual::new(format!("{by} poked {whom}"), format!("{by} 戳了戳 {whom}"));
        self.line(chat, LineKind::Poke, who, text);
        let poke = |sender_id, group_id| {
            Notice::Poke(Poke {
                sender_id,
                group_id,
                user_id: who,
                target_id: target,
            })
        };
        match chat {
            Chat::Group(group) => self.group_notice(group, poke(None, Some(group))),
            Chat::Direct(_) | Chat::Discuss(_) => self.notice(poke(Some(who), None)),
        }
        Ok(())
    }

    pub(super) fn needs_poke(
        &self,
        who: UserId,
        chat: Chat,
        target: UserId,
    ) -> Result<(), Refusal> {
        match chat {
            Chat::Group(group) => {
                let group = self.state.group(who, group)?;
                group.member(target).map(|_| ())
            }
            Chat::Direct(person) => {
                self.state.user(person)?;
                if self.state.takes_part(target, chat) {
                    return Ok(());
                }
                Err(Refusal::missing(
                    "target_id",
                    format!("{target} does not take part in the conversation"),
                ))
            }
            Chat::Discuss(_) => Err(Refusal::bad("target_id", "nobody can be poked there")),
        }
    }
}

/// Whom frameworks see as the author.
pub(super) fn shown_author(by: &Speaker) -> UserId {
    match by {
        Speaker::User(user) => *user,
        Speaker::Masked { .. } => MASKED,
        Speaker::System => SYSTEM,
    }
}

/// Where an implementation writes what the dice show, and how many sides they have.
fn dice(kind: &str, dialect: Dialect) -> Option<(&'static str, u64)> {
    let sides = match kind {
        "dice" => 6,
        "rps" => 3,
        _ => return None,
    };
    match dialect {
        Dialect::GoCqHttp => Some(("value", sides)),
        Dialect::NapCat | Dialect::LlOneBot => Some(("result", sides)),
        Dialect::OneBot | Dialect::CqHttp | Dialect::Lagrange => None,
    }
}
