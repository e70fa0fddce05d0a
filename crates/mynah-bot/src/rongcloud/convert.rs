//! What RongCloud tells, in words that fit every platform.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use mynah_rongcloud::content::{Content, MentionedInfo};
use mynah_rongcloud::event::{
    ChannelType, ChatroomChange, ChatroomStatus, MessageOperation, OperationType, RoutedMessage,
};
use mynah_rongcloud::{ConversationType, Event as Posted, MessageUid, UserId as User};
use serde_json::json;

use crate::event::{Event, EventKind, Native, seconds};
use crate::id::{Conversation, Id, MessageId, Platform, UserId};
use crate::message::{Link, Location, Media, Message, Part, Source};

const HERE: Platform = Platform::RongCloud;

/// What stands before the id of a chatroom where the id of a group would stand:
/// `rongcloud:group:chatroom:lobby`.
pub(super) const CHATROOM: &str = "chatroom:";

/// The unified event of something that was said, to a bot that speaks as `bot`.
/// `account` is the name the account goes by in the configuration.
///
/// The message route tells everything that is said in the application. What is
/// said to the bot, in groups and in chatrooms is [`EventKind::Message`]; what
/// other people say to each other is [`EventKind::Other`] by the platform's word
/// for the channel, `PERSON`, and comes from no conversation. A message that
/// takes another one back is [`EventKind::Recalled`]; other commands, notices and
/// signs of typing are [`EventKind::Other`] by their kind, such as `RC:CmdMsg`.
/// Nothing comes of what the bot says itself.
///
/// A message is meant for the bot if it is said to it, mentions it or everybody,
/// or begins with `@` and its id. Mentions before the text are not in it.
pub fn routed_event(
    account: Arc<str>,
    bot: &User,
    message: RoutedMessage,
    raw: Bytes,
) -> Option<Event> {
    if message.from_user_id == *bot {
        return None;
    }
    let place = message.to_user_id.as_str();
    let conversation = match message.channel_type {
        ChannelType::Person if place == bot.as_str() => Some(Conversation::direct(
            HERE,
            Id::from(message.from_user_id.as_str()),
        )),
        ChannelType::Group => Some(group(place)),
        ChannelType::TempGroup => Some(chatroom(place)),
        _ => None,
    };
    let heard = Heard::new(bot, message);
    let kind = match &conversation {
        Some(_) => heard.kind(),
        None => EventKind::Other(heard.message.channel_type.as_str().to_owned().into()),
    };
    let message = &heard.message;
    let sender = user(&message.from_user_id);
    let time = seconds(message.msg_timestamp);
    let message_id = match &heard.said {
        Content::Recall(recall) => Some(message_id(&recall.message_uid)),
        _ => message.msg_uid.as_ref().map(message_id),
    };
    let to_bot = heard.to_bot;
    let mut event = Event::new(HERE, account, kind, heard, raw);
    event.conversation = conversation;
    event.to_bot = to_bot || event.is_direct();
    event.sender = Some(sender);
    event.message_id = message_id;
    event.time = time;
    Some(event)
}

/// The unified events of what happened in a chatroom: one for each person who
/// came ([`EventKind::Joined`]) or went ([`EventKind::Left`]), and one of
/// everything else ([`EventKind::Other`]: `chatroom_status`).
pub fn chatroom_events(account: &Arc<str>, status: &ChatroomStatus, raw: &Bytes) -> Vec<Event> {
    let event = |kind, sender: Option<&User>| {
        let native = Told(Posted::Chatroom(vec![status.clone()]));
        let mut event = Event::new(HERE, Arc::clone(account), kind, native, raw.clone());
        event.conversation = Some(chatroom(status.chat_room_id.as_str()));
        event.sender = sender.map(user);
        event.time = seconds(status.time);
        event
    };
    let each = |kind: &EventKind| {
        let users = status.user_ids.iter();
        users.map(|user| event(kind.clone(), Some(user))).collect()
    };
    match status.change {
        ChatroomChange::Joined => each(&EventKind::Joined),
        ChatroomChange::Left => each(&EventKind::Left),
        _ => vec![event(EventKind::Other("chatroom_status".into()), None)],
    }
}

/// The unified event of what somebody did to a message, to a bot that speaks as
/// `bot`: [`EventKind::Recalled`], or [`EventKind::Other`] (`message_operation`).
pub fn operation_event(
    account: Arc<str>,
    bot: &User,
    operation: MessageOperation,
    raw: Bytes,
) -> Event {
    let kind = match operation.event_type {
        OperationType::Recall => EventKind::Recalled,
        _ => EventKind::Other("message_operation".into()),
    };
    let sender = operation.from_user_id.as_ref().map(user);
    let info = operation.conversation_info.as_ref();
    let target = info.and_then(|info| info.target_id.as_ref());
    let conversation = target
        .zip(info.and_then(|info| info.conversation_type))
        .and_then(|(target, kind)| match (kind, &sender) {
            (ConversationType::Group, _) => Some(group(target.as_str())),
            (ConversationType::Chatroom, _) => Some(chatroom(target.as_str())),
            (ConversationType::Private, Some(sender)) if target.as_str() == bot.as_str() => {
                Some(Conversation::direct(HERE, sender.id.clone()))
            }
            _ => None,
        });
    let message = operation.original_msg_info.message_id.as_ref();
    let message_id = message.map(message_id);
    let time = seconds(operation.opt_time);
    let native = Told(Posted::from(operation));
    let mut event = Event::new(HERE, account, kind, native, raw);
    event.conversation = conversation;
    event.sender = sender;
    event.message_id = message_id;
    event.time = time;
    event
}

/// Anything else, by the platform's name for it.
pub(super) fn other_event(account: Arc<str>, posted: Posted, raw: Bytes) -> Event {
    let kind = EventKind::Other(posted.name().into());
    let mut event = Event::new(HERE, account, kind, Told(posted), raw);
    event.time = seconds(None);
    event
}

fn group(id: &str) -> Conversation {
    Conversation::group(HERE, Id::from(id))
}

fn chatroom(id: &str) -> Conversation {
    Conversation::group(HERE, Id::from(format!("{CHATROOM}{id}").as_str()))
}

fn user(id: &User) -> UserId {
    UserId::new(HERE, Id::from(id.as_str()))
}

fn message_id(id: &MessageUid) -> MessageId {
    MessageId::new(HERE, id.as_str())
}

/// Something that was said, read once.
struct Heard {
    message: RoutedMessage,
    said: Content,
    /// The text without the mentions before it.
    text: String,
    to_bot: bool,
    /// Who else is mentioned.
    mentioned: Vec<UserId>,
}

impl Heard {
    fn new(bot: &User, message: RoutedMessage) -> Self {
        let said = message.said();
        let (text, info) = match &said {
            Content::Text(text) => (text.content.as_str(), text.mentioned_info.as_ref()),
            _ => ("", None),
        };
        let (called, rest) = match info {
            Some(info) => (info.mentions(bot), without_mentions(text)),
            None => match without_mention(text, bot.as_str()) {
                Some(rest) => (true, rest),
                None => (false, text),
            },
        };
        let users = info.map_or(&[][..], |info: &MentionedInfo| &info.user_ids);
        let others = users.iter().filter(|user| *user != bot);
        Self {
            text: rest.to_owned(),
            to_bot: called,
            mentioned: others.map(user).collect(),
            said,
            message,
        }
    }

    /// What people say is a message, and so is what applications have of their own.
    fn kind(&self) -> EventKind {
        match &self.said {
            Content::Recall(_) => EventKind::Recalled,
            Content::Text(_)
            | Content::Image(_)
            | Content::Voice(_)
            | Content::HighQualityVoice(_)
            | Content::Sight(_)
            | Content::File(_)
            | Content::RichText(_)
            | Content::Location(_)
            | Content::Custom { .. } => EventKind::Message,
            other => EventKind::Other(other.object_name().as_str().to_owned().into()),
        }
    }
}

/// A text behind the mentions it begins with. What people are called in them is
/// not said anywhere, so each first word with an `@` is one.
fn without_mentions(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('@') {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = rest[end..].trim_start();
    }
    rest
}

/// What stands behind `@bot`, if a text begins with it. Applications without
/// mentions have people write it.
fn without_mention<'t>(text: &'t str, bot: &str) -> Option<&'t str> {
    let rest = text.trim_start().strip_prefix('@')?.strip_prefix(bot)?;
    let ends = |next: char| next.is_whitespace() || matches!(next, '/' | '／');
    let is_whole = rest.chars().next().is_none_or(ends);
    is_whole.then(|| rest.trim_start())
}

impl Native for Heard {
    fn message(&self) -> Message {
        let mentions = self.mentioned.iter().cloned().map(Part::Mention);
        mentions.chain(self.part()).collect()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn sender_name(&self) -> Option<&str> {
        let user = match &self.said {
            Content::Text(said) => said.user.as_ref(),
            Content::Image(said) => said.user.as_ref(),
            Content::File(said) => said.user.as_ref(),
            _ => None,
        };
        user.map(|user| user.name.as_str())
            .filter(|name| !name.is_empty())
    }

    fn as_any(&self) -> &dyn Any {
        &self.message
    }
}

impl Heard {
    fn part(&self) -> Option<Part> {
        let at = |url: &str, name: &str| Media {
            source: Source::Url(url.to_owned()),
            name: name.to_owned(),
        };
        Some(match &self.said {
            Content::Text(_) if self.text.is_empty() => return None,
            Content::Text(_) => Part::Text(self.text.clone()),
            Content::Image(image) => Part::Image(at(&image.image_uri, "")),
            Content::HighQualityVoice(voice) => Part::Voice(at(&voice.remote_url, "")),
            Content::Sight(sight) => Part::Video(at(&sight.sight_url, &sight.name)),
            Content::File(file) => Part::File(at(&file.file_url, &file.name)),
            Content::RichText(article) => Part::Link(Link {
                url: article.url.clone(),
                title: article.title.clone(),
                text: article.content.clone(),
                image: article.image_uri.clone(),
            }),
            Content::Location(place) => Part::Location(Location {
                latitude: place.latitude,
                longitude: place.longitude,
                title: place.poi.clone(),
            }),
            _ => Part::Raw(
                HERE,
                json!({
                    "objectName": self.message.object_name.as_str(),
                    "content": self.message.content,
                }),
            ),
        })
    }
}

/// Something that is no message.
struct Told(Posted);

impl Native for Told {
    fn as_any(&self) -> &dyn Any {
        &self.0
    }
}
