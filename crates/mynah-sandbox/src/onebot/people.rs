//! What persons do; the front page of [`onebot`](crate::onebot) has the table.

use std::borrow::Cow;
use std::str::FromStr;

use mynah_onebot::event::{
    BotOffline, BotOnline, ClientStatus, Device, GrayTip, Honor, InputStatus, LuckyKing, Notice,
    PokeRecall, PrivateMessageType, ProfileLike,
};
use mynah_onebot::types::HonorType;
use mynah_onebot::{Content, DiscussId, GroupId, Message, MessageId, UserId};
use serde_json::{Map, Value, json};

use super::archive::{Bilingual, Chat, LineKind};
use super::limits;
use super::speech::Speech;
use super::state::needs_chars;
use super::uploads::Upload;
use super::world::OneBotWorld;
use crate::details;
use crate::world::{Act, Rejected, Said, Say};

impl OneBotWorld {
    pub(super) fn person_says(&mut self, say: Say) -> Result<Said, Rejected> {
        let who = self.person("from", &say.from)?;
        let chat = self.chat("to", &say.to, who)?;
        let options = Details(&say.options);
        let masked = options.switch("anonymous", false)?;
        let private_type = options
            .text("via")?
            .map(|via| self.via(who, via))
            .transpose()?;
        let message = match (say.text, say.message) {
            (Some(text), None) => Message::text(text),
            (None, Some(message)) => serde_json::from_value::<Content>(message)
                .map_err(|error| Rejected::bad("message", error.to_string()))?
                .into_message(),
            _ => {
                let problem = "give either `text` or `message`";
                return Err(Rejected::bad("text", problem));
            }
        };
        let said = self.speak(Speech {
            masked,
            private_type,
            ..Speech::new(who, chat, message)
        })?;
        self.state.archive.mark_read(chat, who);
        Ok(Said {
            ids: vec![said.id.to_string()],
            seq: said.seq,
        })
    }

    /// What a person is to the bot when they come through a conversation both are in.
    fn via(&self, who: UserId, via: &str) -> Result<PrivateMessageType, Rejected> {
        let chat = self.chat("via", via, who)?;
        let shared = self.state.takes_part(who, chat) && self.state.takes_part(self.bot(), chat);
        match chat {
            Chat::Group(_) if shared => Ok(PrivateMessageType::Group),
            Chat::Discuss(_) if shared => Ok(PrivateMessageType::Discuss),
            _ => Err(Rejected::forbidden(
                "via",
                "must be a conversation that both are in",
            )),
        }
    }

    pub(super) fn person_acts(&mut self, act: &Act) -> Result<Value, Rejected> {
        let who = self.person("who", &act.who)?;
        let details = Details(&act.details);
        match act.action.as_str() {
            "create" => {
                self.not_the_bot(who)?;
                let members = details.names("members")?;
                let members = members.iter().map(|name| self.person("members", name));
                let members = members.collect::<Result<Vec<_>, _>>()?;
                let id = self.found_group(who, details.needs_text("name")?, &members)?;
                Ok(json!({ "id": id.to_string() }))
            }
            "join" => {
                let comment = details.text_or("comment", "")?;
                let flag = self.join(who, self.group_in(details)?, comment)?;
                Ok(flagged(flag))
            }
            "request_join" => {
                let comment = details.text_or("comment", "")?;
                let flag = self.ask_to_join(who, self.group_in(details)?, comment)?;
                Ok(flagged(Some(flag)))
            }
            "invite" => {
                let target = self.target_in(details)?;
                let flag = self.invite(who, self.group_in(details)?, target)?;
                Ok(flagged(flag))
            }
            "leave" => done(self.leave(who, self.group_in(details)?)),
            "kick" => {
                let (group, target) = (self.group_in(details)?, self.target_in(details)?);
                done(self.kick(who, group, target, details.switch("reject", false)?))
            }
            "dismiss" => done(self.dismiss(who, self.group_in(details)?)),
            "mute" => {
                let (group, target) = (self.group_in(details)?, self.target_in(details)?);
                done(self.mute(who, group, target, details.number_or("seconds", 1800)?))
            }
            "unmute" => {
                let (group, target) = (self.group_in(details)?, self.target_in(details)?);
                done(self.mute(who, group, target, 0))
            }
            "whole_ban" => done(self.whole_ban(who, self.group_in(details)?, details.enable()?)),
            "set_admin" => {
                let (group, target) = (self.group_in(details)?, self.target_in(details)?);
                done(self.set_admin(who, group, target, details.enable()?))
            }
            "set_card" => {
                let (group, target) = (self.group_in(details)?, self.target_or(details, who)?);
                done(self.set_card(who, group, target, details.needs_text("card")?))
            }
            "set_title" => {
                let (group, target) = (self.group_in(details)?, self.target_or(details, who)?);
                let seconds = details.number_or("seconds", -1)?;
                done(self.set_title(who, group, target, details.needs_text("title")?, seconds))
            }
            "rename" => {
                done(self.rename(who, self.group_in(details)?, details.needs_text("name")?))
            }
            "set_anonymous" => {
                done(self.set_anonymous(who, self.group_in(details)?, details.enable()?))
            }
            "recall" => done(self.recall(who, details.message()?)),
            "react" => done(self.person_reacts(who, details)),
            "essence" => done(self.set_essence(who, details.message()?, details.enable()?)),
            "gray_tip" => done(self.gray_tip(who, details)),
            "read" => done(self.person_reads(who, details)),
            "poke" => {
                let (chat, target) = self.poked_in(who, details)?;
                done(self.poke(who, chat, target))
            }
            "poke_recall" => {
                let (chat, target) = self.poked_in(who, details)?;
                done(self.recall_poke(who, chat, target))
            }
            "upload" => self.person_uploads(who, details),
            "honor" => done(self.honor(who, details)),
            "lucky_king" => done(self.lucky_king(who, details)),
            "befriend" => {
                let flag = self.befriend(who, details.text_or("comment", "")?)?;
                Ok(flagged(Some(flag)))
            }
            "unfriend" => done(self.unfriend(who)),
            "profile_like" => done(self.profile_like(who, details)),
            "input_status" => done(self.input_status(who, details)),
            "client_status" => done(self.client_status(who, details)),
            "go_offline" => done(self.go_offline(who, details)),
            "go_online" => done(self.go_online(who, details)),
            _ => Err(Rejected::bad("action", "there is no such action")),
        }
    }

    /// Marks a conversation as read.
    fn person_reads(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        let chat = self.chat("conversation", details.needs_text("conversation")?, who)?;
        if !self.state.takes_part(who, chat) {
            return Err(Rejected::forbidden("conversation", "is not theirs"));
        }
        self.state.archive.mark_read(chat, who);
        Ok(())
    }

    /// Reacts, or takes the same reaction off again.
    fn person_reacts(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        let (message, emoji) = (details.message()?, details.needs_text("emoji")?);
        let mine = self.has_reacted(who, message, emoji);
        self.react(who, message, emoji, details.switch("set", !mine)?)?;
        Ok(())
    }

    fn has_reacted(&self, who: UserId, message: MessageId, emoji: &str) -> bool {
        let found = self.state.archive.find(message);
        let mut reactions = found.iter().flat_map(|found| &found.spoken.reactions);
        reactions.any(|(other, by)| other == emoji && by.contains(&who))
    }

    /// A hint in small grey print that QQ shows below a message.
    fn gray_tip(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        let message_id = details.message()?;
        let content = details.text_or("content", "{}")?.to_owned();
        needs_chars("content", &content, limits::COMMENT_CHARS)?;
        let busi_id = details.text_or("busi_id", "2401")?.to_owned();
        let found = self.seen(who, message_id)?;
        let Chat::Group(group_id) = found.chat else {
            return Err(Rejected::forbidden("message", "must be one in a group"));
        };
        let text = Bilingual::new(content.clone(), content.clone());
        self.line(Chat::Group(group_id), LineKind::Notice, who, text);
        let notice = Notice::GrayTip(GrayTip {
            group_id,
            user_id: who,
            message_id,
            busi_id,
            content,
            raw_info: Value::Null,
        });
        self.group_notice(group_id, notice);
        Ok(())
    }

    /// Whom somebody pokes, and where: the bot, unless somebody else is named.
    fn poked_in(&self, who: UserId, details: Details<'_>) -> Result<(Chat, UserId), Rejected> {
        let target = self.target_or(details, self.bot())?;
        if details.name("group")?.is_some() {
            return Ok((Chat::Group(self.group_in(details)?), target));
        }
        let person = if self.state.is_bot(who) { target } else { who };
        Ok((Chat::Direct(person), target))
    }

    fn recall_poke(&mut self, who: UserId, chat: Chat, target_id: UserId) -> Result<(), Rejected> {
        self.needs_poke(who, chat, target_id)?;
        let name = self.state.display(who, chat);
        let text = Bilingual::new(
            format!("{name} took a poke back"),
            format!("{name} 撤回了戳一戳"),
        );
        self.line(chat, LineKind::Poke, who, text);
        let group_id = match chat {
            Chat::Group(group) => Some(group),
            Chat::Direct(_) | Chat::Discuss(_) => None,
        };
        let notice = Notice::PokeRecall(PokeRecall {
            group_id,
            user_id: who,
            target_id,
            raw_info: Value::Null,
        });
        match group_id {
            Some(group) => self.group_notice(group, notice),
            None => self.notice(notice),
        }
        Ok(())
    }

    fn person_uploads(&mut self, who: UserId, details: Details<'_>) -> Result<Value, Rejected> {
        let upload = Upload {
            name: details.needs_text("name")?,
            file: details.text("content")?,
            size: details.number_or("size", 0)?,
        };
        if details.name("group")?.is_none() {
            self.not_the_bot(who)?;
            return done(self.person_sends_file(who, upload));
        }
        let id = self.upload(who, self.group_in(details)?, super::files::ROOT, upload)?;
        Ok(json!({ "file_id": id }))
    }

    /// Somebody is given one of the badges of active members.
    fn honor(&mut self, user_id: UserId, details: Details<'_>) -> Result<(), Rejected> {
        let group_id = self.group_in(details)?;
        let honor_type = HonorType::from(details.text_or("honor", "talkative")?);
        let (en, zh) =
            badge(&honor_type).ok_or_else(|| Rejected::bad("honor", "there is no such badge"))?;
        let today = self.state.today();
        let group = self.state.group_mut(user_id, group_id)?;
        group.activity.give(today, &honor_type, user_id);
        let chat = Chat::Group(group_id);
        let who = self.state.display(user_id, chat);
        let text = Bilingual::new(
            format!("{who} is the {en} now"),
            format!("{who} 获得了群荣誉「{zh}」"),
        );
        self.line(chat, LineKind::Honor, user_id, text);
        let notice = Notice::Honor(Honor {
            group_id,
            honor_type,
            user_id,
        });
        self.group_notice(group_id, notice);
        Ok(())
    }

    /// Somebody's red packet was opened, and one had the most of it.
    fn lucky_king(&mut self, user_id: UserId, details: Details<'_>) -> Result<(), Rejected> {
        let (group_id, target_id) = (self.group_in(details)?, self.target_in(details)?);
        self.state.group(user_id, group_id)?.member(target_id)?;
        let chat = Chat::Group(group_id);
        let (from, king) = (
            self.state.display(user_id, chat),
            self.state.display(target_id, chat),
        );
        let text = Bilingual::new(
            format!("{king} had the most of the red packet of {from}"),
            format!("{king} 是 {from} 的红包的运气王"),
        );
        self.line(chat, LineKind::Notice, user_id, text);
        let notice = Notice::LuckyKing(LuckyKing {
            group_id,
            user_id,
            target_id,
        });
        self.group_notice(group_id, notice);
        Ok(())
    }

    fn profile_like(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        let times = details.number_or("times", 1)?;
        if !(1..=i64::from(limits::LIKES_A_DAY)).contains(&times) {
            let problem = format!("must be from 1 to {}", limits::LIKES_A_DAY);
            return Err(Rejected::bad("times", problem));
        }
        self.not_the_bot(who)?;
        let operator_nick = self.state.nickname(who);
        let text = Bilingual::new(
            format!("{operator_nick} liked the profile {times} times"),
            format!("{operator_nick} 赞了资料卡 {times} 次"),
        );
        self.line(Chat::Direct(who), LineKind::Notice, who, text);
        self.notice(Notice::ProfileLike(ProfileLike {
            operator_id: who,
            operator_nick,
            times,
        }));
        Ok(())
    }

    fn input_status(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        self.not_the_bot(who)?;
        let (status_text, event_type) = if details.switch("typing", true)? {
            ("对方正在输入...", 1)
        } else {
            ("", 0)
        };
        self.notice(Notice::InputStatus(InputStatus {
            status_text: status_text.to_owned(),
            event_type,
            user_id: who,
            group_id: GroupId(0),
        }));
        Ok(())
    }

    fn not_the_bot(&self, who: UserId) -> Result<(), Rejected> {
        if self.state.is_bot(who) {
            return Err(Rejected::forbidden("who", "must be a person"));
        }
        Ok(())
    }

    fn needs_the_bot(&self, who: UserId) -> Result<(), Rejected> {
        if self.state.is_bot(who) {
            return Ok(());
        }
        Err(Rejected::forbidden("who", "must be the bot"))
    }

    /// The account loses its connection; the last thing frameworks hear.
    fn go_offline(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        self.needs_the_bot(who)?;
        let notice = Notice::BotOffline(BotOffline {
            user_id: who,
            tag: details.text_or("tag", "KickedOffLine")?.to_owned(),
            message: details.text_or("message", "登录态失效")?.to_owned(),
        });
        self.notice(notice);
        self.state.bot.online = false;
        Ok(())
    }

    /// The account has its connection again.
    fn go_online(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        self.needs_the_bot(who)?;
        let reason = details.text_or("reason", "Reconnect")?.to_owned();
        let was_online = std::mem::replace(&mut self.state.bot.online, true);
        if !was_online {
            self.notice(Notice::BotOnline(BotOnline { reason }));
        }
        Ok(())
    }

    /// The account logs in or out on another device.
    fn client_status(&mut self, who: UserId, details: Details<'_>) -> Result<(), Rejected> {
        self.needs_the_bot(who)?;
        let online = details.switch("online", true)?;
        let client = Device {
            app_id: details.number_or("app_id", 1)?,
            device_name: details.text_or("device_name", "pc")?.to_owned(),
            device_kind: details.text_or("device_kind", "Windows")?.to_owned(),
        };
        needs_chars("device_name", &client.device_name, limits::NAME_CHARS)?;
        needs_chars("device_kind", &client.device_kind, limits::NAME_CHARS)?;
        let mut clients = self.state.bot.clients.clone();
        clients.retain(|other| other.app_id != client.app_id);
        if online {
            clients.push(client.clone());
        }
        if clients.len() > limits::CLIENTS {
            let problem = format!("there are {} clients already", limits::CLIENTS);
            return Err(Rejected::forbidden("app_id", problem));
        }
        self.state.bot.clients = clients;
        self.notice(Notice::ClientStatus(ClientStatus { client, online }));
        Ok(())
    }
}

/// The answer to an act that has nothing to tell.
fn done<E: Into<Rejected>>(outcome: Result<(), E>) -> Result<Value, Rejected> {
    outcome.map(|()| json!({})).map_err(E::into)
}

/// The answer to an act that may make a request.
fn flagged(flag: Option<String>) -> Value {
    flag.map_or_else(|| json!({}), |flag| json!({ "flag": flag }))
}

/// The name of a badge, English and Chinese.
pub(super) fn badge(honor: &HonorType) -> Option<(&'static str, &'static str)> {
    match honor {
        HonorType::Talkative => Some(("dragon king", "龙王")),
        HonorType::Performer => Some(("fire of the group", "群聊之火")),
        HonorType::Legend => Some(("blaze of the group", "群聊炽焰")),
        HonorType::StrongNewbie => Some(("spring shoot", "冒尖小春笋")),
        HonorType::Emotion => Some(("source of joy", "快乐之源")),
        _ => None,
    }
}

/// Names and ids.
impl OneBotWorld {
    /// Somebody by name or id.
    pub(super) fn person(&self, field: &str, name: &str) -> Result<UserId, Rejected> {
        let users = &self.state.users;
        let by_id = name.parse().ok().filter(|id| users.contains_key(id));
        by_id
            .or_else(|| {
                let mut found = users.iter().filter(|(_, user)| user.name == name);
                found.next().map(|(id, _)| *id)
            })
            .ok_or_else(|| Rejected::missing(field, "there is nobody of this name or id"))
    }

    /// A conversation as `speaker` names it: `user:bot`, `group:general`, `group:20001`.
    pub(super) fn chat(&self, field: &str, name: &str, speaker: UserId) -> Result<Chat, Rejected> {
        let (kind, name) = name.split_once(':').unwrap_or_default();
        match kind {
            "user" => {
                let other = self.person(field, name)?;
                let person = if self.state.is_bot(other) {
                    speaker
                } else {
                    other
                };
                if self.state.is_bot(person) {
                    return Err(Rejected::missing(
                        field,
                        "the bot has no conversation with itself",
                    ));
                }
                Ok(Chat::Direct(person))
            }
            "group" => self.group_named(field, name).map(Chat::Group),
            "discuss" if self.settings.legacy => {
                let named = self.state.discusses.iter().map(|(id, it)| (*id, &it.name));
                by_name_or_id::<DiscussId>(field, name, named).map(Chat::Discuss)
            }
            _ => Err(Rejected::bad(
                field,
                "must be `user:<name or id>` or `group:<name or id>`",
            )),
        }
    }

    fn group_named(&self, field: &str, name: &str) -> Result<GroupId, Rejected> {
        let named = self.state.groups.iter().map(|(id, it)| (*id, &it.name));
        by_name_or_id(field, name, named)
    }

    /// The group that an act names.
    fn group_in(&self, details: Details<'_>) -> Result<GroupId, Rejected> {
        let name = details
            .name("group")?
            .ok_or_else(|| Rejected::bad("group", "is required"))?;
        self.group_named("group", name.strip_prefix("group:").unwrap_or(&name))
    }

    /// The person that an act is about.
    fn target_in(&self, details: Details<'_>) -> Result<UserId, Rejected> {
        let name = details
            .name("target")?
            .ok_or_else(|| Rejected::bad("target", "is required"))?;
        self.person("target", &name)
    }

    fn target_or(&self, details: Details<'_>, default: UserId) -> Result<UserId, Rejected> {
        match details.name("target")? {
            Some(name) => self.person("target", &name),
            None => Ok(default),
        }
    }
}

fn by_name_or_id<'a, Id: FromStr + PartialEq + Copy>(
    field: &str,
    name: &str,
    named: impl Iterator<Item = (Id, &'a String)> + Clone,
) -> Result<Id, Rejected> {
    let by_id = name.parse::<Id>().ok();
    let mut found = named
        .clone()
        .filter(|(id, _)| Some(*id) == by_id)
        .chain(named.filter(|(_, other)| *other == name));
    found
        .next()
        .map(|(id, _)| id)
        .ok_or_else(|| Rejected::missing(field, "there is none of this name or id"))
}

/// The details of an act, read by the kind that is wanted.
#[derive(Clone, Copy)]
pub(super) struct Details<'a>(&'a Map<String, Value>);

impl<'a> Details<'a> {
    fn get(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    fn text(self, field: &str) -> Result<Option<&'a str>, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        value
            .as_str()
            .map(Some)
            .ok_or_else(|| Rejected::bad(field, "must be a string"))
    }

    /// A name, or an id as a number or its digits.
    fn name(self, field: &str) -> Result<Option<Cow<'a, str>>, Rejected> {
        match self.get(field) {
            Some(Value::Number(id)) => Ok(Some(Cow::Owned(id.to_string()))),
            _ => Ok(self.text(field)?.map(Cow::Borrowed)),
        }
    }

    /// Names and ids; nobody's unless they are given.
    fn names(self, field: &str) -> Result<Vec<Cow<'a, str>>, Rejected> {
        self.get(field)
            .map_or(Ok(Vec::new()), |it| details::names(field, it))
    }

    fn text_or(self, field: &str, default: &'a str) -> Result<&'a str, Rejected> {
        Ok(self.text(field)?.unwrap_or(default))
    }

    fn needs_text(self, field: &str) -> Result<&'a str, Rejected> {
        self.text(field)?
            .ok_or_else(|| Rejected::bad(field, "is required"))
    }

    fn number_or(self, field: &str, default: i64) -> Result<i64, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(default);
        };
        value
            .as_i64()
            .ok_or_else(|| Rejected::bad(field, "must be a whole number"))
    }

    fn enable(self) -> Result<bool, Rejected> {
        self.switch("enable", true)
    }

    fn switch(self, field: &str, default: bool) -> Result<bool, Rejected> {
        let Some(value) = self.get(field) else {
            return Ok(default);
        };
        value
            .as_bool()
            .ok_or_else(|| Rejected::bad(field, "must be true or false"))
    }

    /// A message id, as a number or its digits.
    fn message(self) -> Result<MessageId, Rejected> {
        let value = self
            .get("message")
            .ok_or_else(|| Rejected::bad("message", "is required"))?;
        match value {
            Value::String(digits) => digits.parse().ok(),
            number => number
                .as_i64()
                .and_then(|id| id.try_into().ok())
                .map(MessageId),
        }
        .ok_or_else(|| Rejected::bad("message", "must be a message id"))
    }
}
