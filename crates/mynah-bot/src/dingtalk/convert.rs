//! What DingTalk tells, in words that fit every platform.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use mynah_dingtalk::event::{Callback, ChatChange, ChatMembers, Kind};
use mynah_dingtalk::robot::{AtUser, Content, RichPart, RobotMessage};
use mynah_dingtalk::stream::CardCallback;
use mynah_dingtalk::{OpenConversationId, UserId as Member};
use serde_json::json;

use crate::event::{Event, EventKind, Native, seconds};
use crate::id::{Conversation, Id, MessageId, Platform, UserId};
use crate::message::{Media, Message, Part, Source};

const HERE: Platform = Platform::DingTalk;

/// The unified event of something that was said to a robot. `account` is the
/// name the account goes by in the configuration.
///
/// In a group the robot hears only what mentions it, so every message is meant
/// for it; the platform takes that mention out of the text. A picture, voice,
/// video or file is a [`Source::Name`] with its `downloadCode`:
/// [`Context::fetch`](crate::Context::fetch) brings the content. The sender is the
/// `senderStaffId`; where there is none, for people of other organisations and
/// while the application is not published, it is the encrypted `senderId`.
pub fn robot_event(account: Arc<str>, message: RobotMessage, raw: Bytes) -> Event {
    let sender = sender(&message);
    let conversation = if message.is_group() {
        group(Some(&message.conversation_id))
    } else {
        let direct = |sender: &UserId| Conversation::direct(HERE, sender.id.clone());
        sender.as_ref().map(direct)
    };
    let id = Some(&message.msg_id).filter(|id| !id.is_empty());
    let message_id = id.map(|id| MessageId::new(HERE, id.as_str()));
    let to_bot = !message.is_group() || message.is_in_at_list != Some(false);
    let time = seconds(message.create_at);
    let mut event = Event::new(HERE, account, EventKind::Message, message, raw);
    event.conversation = conversation;
    event.sender = sender;
    event.message_id = message_id;
    event.to_bot = to_bot;
    event.time = time;
    event
}

/// The unified events of something that an application is told: one for each
/// person who came into a group or left it, and one of everything else.
///
/// `chat_add_member` is [`EventKind::Joined`], `chat_remove_member` and
/// `chat_quit` are [`EventKind::Left`], and `robot_msg_recall` is
/// [`EventKind::Recalled`], whose message is the `processQueryKey`. Everything
/// else is [`EventKind::Other`] by the platform's name for it:
/// `chat_update_title`, `chat_update_owner`, `chat_disband`, `robot_msg_read`.
pub fn events(account: &Arc<str>, callback: &Callback, raw: &Bytes) -> Vec<Event> {
    let event = |kind, facts: Facts<'_>| {
        let account = Arc::clone(account);
        let mut event = Event::new(HERE, account, kind, callback.clone(), raw.clone());
        event.conversation = group(facts.place);
        event.sender = facts.sender.map(|member| user(member.as_str()));
        event.message_id = facts.message;
        event.time = seconds(facts.time.or(callback.event_time));
        event
    };
    let other = || EventKind::Other(callback.name().to_owned().into());
    match &callback.kind {
        Kind::ChatAddMember(change) => {
            let facts = Facts::each(change);
            facts.map(|facts| event(EventKind::Joined, facts)).collect()
        }
        Kind::ChatRemoveMember(change) => {
            let facts = Facts::each(change);
            facts.map(|facts| event(EventKind::Left, facts)).collect()
        }
        Kind::ChatQuit(change) => vec![event(EventKind::Left, Facts::of(change))],
        Kind::ChatDisband(change) => vec![event(other(), Facts::of(change))],
        Kind::ChatUpdateOwner(change) => vec![event(other(), Facts::of(&change.chat))],
        Kind::ChatUpdateTitle(change) => vec![event(other(), Facts::of(&change.chat))],
        Kind::RobotMsgRead(change) | Kind::RobotMsgRecall(change) => {
            let key = change.process_query_key.as_ref();
            let facts = Facts {
                place: change.open_conversation_id.as_ref(),
                sender: change.user_id.as_ref(),
                message: key.map(|key| MessageId::new(HERE, key.as_str())),
                time: change.operat_time,
            };
            let kind = match &callback.kind {
                Kind::RobotMsgRecall(_) => EventKind::Recalled,
                _ => other(),
            };
            vec![event(kind, facts)]
        }
        _ => vec![event(other(), Facts::default())],
    }
}

/// The unified event of what somebody did with an interactive card:
/// [`EventKind::Pressed`] with the id of the action, or where it has none with its parameters as
/// JSON. What says nothing of an action is [`EventKind::Other`] by the platform's name for it,
/// `actionCallback`.
pub fn card_event(account: Arc<str>, callback: CardCallback, raw: Bytes) -> Event {
    let pressed = callback.action().map(|action| {
        let params = || serde_json::Value::Object(action.params).to_string();
        action.action_ids.into_iter().next().unwrap_or_else(params)
    });
    let name = callback.kind.clone();
    let kind = match pressed {
        Some(_) => EventKind::Pressed,
        None => EventKind::Other(name.unwrap_or_else(|| "card".to_owned()).into()),
    };
    let sender = callback.user_id.as_ref().map(|id| user(id.as_str()));
    let mut event = Event::new(HERE, account, kind, callback, raw);
    event.conversation = sender
        .as_ref()
        .map(|sender| Conversation::direct(HERE, sender.id.clone()));
    event.sender = sender;
    event.pressed = pressed;
    event.to_bot = true;
    event.time = seconds(None);
    event
}

/// What of an event every platform knows.
#[derive(Clone, Default)]
struct Facts<'a> {
    place: Option<&'a OpenConversationId>,
    sender: Option<&'a Member>,
    message: Option<MessageId>,
    time: Option<i64>,
}

impl<'a> Facts<'a> {
    /// Of a change that its operator has made.
    fn of(change: &'a ChatChange) -> Self {
        Self {
            place: change.open_conversation_id.as_ref(),
            sender: change.operator.as_ref(),
            message: None,
            time: change.time_stamp,
        }
    }

    /// Of each one who came or went.
    fn each(change: &'a ChatMembers) -> impl Iterator<Item = Self> {
        let facts = Self::of(&change.chat);
        change.user_ids.iter().map(move |member| Self {
            sender: Some(member),
            ..facts.clone()
        })
    }
}

fn sender(message: &RobotMessage) -> Option<UserId> {
    let staff = message.sender_staff_id.as_ref().map(Member::as_str);
    let staff = staff.filter(|id| !id.is_empty());
    let id = staff.unwrap_or(&message.sender_id);
    (!id.is_empty()).then(|| user(id))
}

fn user(id: &str) -> UserId {
    UserId::new(HERE, Id::from(id))
}

fn group(id: Option<&OpenConversationId>) -> Option<Conversation> {
    let id = id.filter(|id| !id.as_str().is_empty())?;
    Some(Conversation::group(HERE, Id::from(id.as_str())))
}

impl Native for RobotMessage {
    fn message(&self) -> Message {
        let mentions = self.at_users.iter().filter_map(|at| mentioned(self, at));
        mentions.chain(said(&self.content)).collect()
    }

    fn text(&self) -> Cow<'_, str> {
        match &self.content {
            Content::Audio(audio) => Cow::Borrowed(audio.recognition.as_deref().unwrap_or("")),
            Content::RichText(rich) => {
                let texts = rich.parts.iter().filter_map(|part| part.text.as_deref());
                Cow::Owned(texts.collect())
            }
            _ => Cow::Borrowed(RobotMessage::text(self).unwrap_or_default()),
        }
    }

    fn sender_name(&self) -> Option<&str> {
        self.sender_nick.as_deref()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Who is mentioned beside the robot. The platform does not say where in the
/// text; people of other organisations have no id that could be used.
fn mentioned(message: &RobotMessage, at: &AtUser) -> Option<Part> {
    if at.dingtalk_id.is_some() && at.dingtalk_id == message.chatbot_user_id {
        return None;
    }
    let member = at.staff_id.as_ref().filter(|id| !id.as_str().is_empty())?;
    Some(Part::Mention(user(member.as_str())))
}

fn said(content: &Content) -> Vec<Part> {
    let part = match content {
        // Where the robot was mentioned the platform leaves a blank behind.
        Content::Text(text) => {
            let text = text.content.trim();
            return (!text.is_empty())
                .then(|| text.into())
                .into_iter()
                .collect();
        }
        Content::RichText(rich) => {
            let parts = rich.parts.iter().enumerate();
            return parts.filter_map(|(at, part)| rich_part(at, part)).collect();
        }
        Content::Picture(picture) => Part::Image(kept(&picture.download_code, None)),
        Content::Audio(audio) => Part::Voice(kept(&audio.download_code, None)),
        Content::Video(video) => Part::Video(kept(&video.download_code, None)),
        Content::File(file) => Part::File(kept(&file.download_code, file.file_name.as_deref())),
        other => Part::Raw(HERE, json!({ "msgtype": other.word() })),
    };
    vec![part]
}

fn rich_part(at: usize, part: &RichPart) -> Option<Part> {
    if let Some(code) = &part.download_code {
        return Some(Part::Image(kept(code, None)));
    }
    let text = part.text.as_deref()?;
    let text = if at == 0 { text.trim_start() } else { text };
    (!text.is_empty()).then(|| text.into())
}

/// A file that the platform keeps.
fn kept(download_code: &str, name: Option<&str>) -> Media {
    Media {
        source: Source::Name(download_code.to_owned()),
        name: name.unwrap_or_default().to_owned(),
    }
}

impl Native for Callback {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Native for CardCallback {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}
