//! What WeCom tells, in words that fit every platform.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use mynah_wecom::aibot::{self, ChatType};
use mynah_wecom::event;
use serde_json::{Value, json};

use crate::event::{Event, EventKind, Native, now};
use crate::id::{Conversation, Id, MessageId, Platform, UserId};
use crate::message::{Link, Location, Media, Message, Part, Source};

const HERE: Platform = Platform::WeCom;

/// The platform itself, where it acts as if it were a member.
const SYSTEM: &str = "sys";

/// The unified event of something that an application is told. `account` is
/// the name the account goes by in the configuration.
///
/// Messages of members are [`EventKind::Message`], and the buttons of cards
/// are [`EventKind::Pressed`] with their keys; everything else is
/// [`EventKind::Other`] by the platform's name for it: `event.subscribe`,
/// `event.click`.
pub fn application_event(account: Arc<str>, callback: event::Callback, raw: Bytes) -> Event {
    let pressed = pressed(&callback);
    let (kind, message_id) = match &callback.kind {
        event::Kind::Message(message) => (EventKind::Message, message.msg_id),
        _ if pressed.is_some() => (EventKind::Pressed, None),
        _ => (EventKind::Other(callback.name().into_owned().into()), None),
    };
    let member = Some(callback.from_user_name.as_str());
    let member = member.filter(|member| !member.is_empty() && *member != SYSTEM);
    let sender = member.map(user);
    let time = callback.create_time;
    let mut event = Event::new(HERE, account, kind, callback, raw);
    event.to_bot = sender.is_some();
    event.conversation = sender
        .as_ref()
        .map(|sender| Conversation::direct(HERE, sender.id.clone()));
    event.sender = sender;
    event.message_id = message_id.map(|id| MessageId::new(HERE, id));
    event.pressed = pressed;
    event.time = time;
    event
}

/// The key of the button of a card that was pressed.
fn pressed(callback: &event::Callback) -> Option<String> {
    use event::Event::{TaskcardClick, TemplateCardEvent, TemplateCardMenuEvent};

    match &callback.kind {
        event::Kind::Event(TemplateCardEvent(_) | TemplateCardMenuEvent(_) | TaskcardClick(_)) => {
            callback.event_key().map(str::to_owned)
        }
        _ => None,
    }
}

/// The unified event of something that an intelligent bot is told.
///
/// In a group the bot hears only what mentions it, so every message is meant
/// for it; the mention that such a message begins with is a part of
/// [`Event::message`] and not of [`Event::text`]. The buttons of cards are
/// [`EventKind::Pressed`] with their keys, other events [`EventKind::Other`] by
/// the platform's name for them: `event.enter_chat`. A picture, video or file is an address whose
/// content is encrypted; the key is in the native event.
pub fn bot_event(account: Arc<str>, callback: aibot::Callback, raw: Bytes) -> Event {
    let kind = match &callback.kind {
        aibot::Kind::Message { .. } => EventKind::Message,
        aibot::Kind::Event(aibot::Event::Card(_)) => EventKind::Pressed,
        aibot::Kind::Event(aibot::Event::Disconnected) | aibot::Kind::Refresh(_) => EventKind::Meta,
        _ => EventKind::Other(callback.name().into()),
    };
    let pressed = match &callback.kind {
        aibot::Kind::Event(aibot::Event::Card(card)) => Some(card.event_key.clone()),
        _ => None,
    };
    let sender = callback
        .userid()
        .filter(|member| !member.is_empty())
        .map(|member| user(member.as_str()));
    let conversation = match (&callback.chattype, &callback.chatid, &sender) {
        (Some(ChatType::Group) | None, Some(chatid), _) if !chatid.is_empty() => {
            Some(Conversation::group(HERE, word(chatid.as_str())))
        }
        (_, _, Some(sender)) => Some(Conversation::direct(HERE, sender.id.clone())),
        _ => None,
    };
    let time = callback.create_time.unwrap_or_else(now);
    let message_id = (kind == EventKind::Message && !callback.msgid.is_empty())
        .then(|| MessageId::new(HERE, word(&callback.msgid)));
    let mut event = Event::new(HERE, account, kind, callback, raw);
    event.to_bot = sender.is_some();
    event.conversation = conversation;
    event.sender = sender;
    event.message_id = message_id;
    event.pressed = pressed;
    event.time = time;
    event
}

fn word(id: &str) -> Id {
    Id::from(id)
}

fn user(userid: &str) -> UserId {
    UserId::new(HERE, word(userid))
}

impl Native for event::Callback {
    fn message(&self) -> Message {
        match &self.kind {
            event::Kind::Message(message) => Some(said(&message.content)).into_iter().collect(),
            _ => Message::new(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(event::Callback::text(self).unwrap_or_default())
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// What a member said to an application.
fn said(content: &event::Content) -> Part {
    use event::Content;

    match content {
        Content::Text(text) => Part::Text(text.content.clone()),
        Content::Image(image) if image.pic_url.is_empty() => {
            Part::Image(named(image.media_id.as_str()))
        }
        Content::Image(image) => Part::Image(Media::url(image.pic_url.as_str())),
        Content::Voice(voice) => Part::Voice(named(voice.media_id.as_str())),
        Content::Video(video) => Part::Video(named(video.media_id.as_str())),
        Content::Location(place) => Part::Location(Location {
            latitude: place.latitude.value().unwrap_or_default(),
            longitude: place.longitude.value().unwrap_or_default(),
            title: place.label.clone(),
        }),
        Content::Link(link) => Part::Link(Link {
            url: link.url.clone(),
            title: link.title.clone(),
            text: link.description.clone(),
            image: link.pic_url.clone(),
        }),
        other => Part::Raw(HERE, json!({ "msgtype": other.word() })),
    }
}

/// A file that the platform keeps; its id goes into messages as it is.
fn named(media_id: &str) -> Media {
    Media {
        source: Source::Name(media_id.to_owned()),
        name: String::new(),
    }
}

impl Native for aibot::Callback {
    fn message(&self) -> Message {
        let aibot::Kind::Message { content, quote } = &self.kind else {
            return Message::new();
        };
        let mut parts: Vec<Part> = quote.iter().map(quoted).collect();
        let mention = is_in_group(self).then(|| user(&self.aibotid));
        match content {
            aibot::Content::Mixed(items) => {
                for (index, item) in items.iter().enumerate() {
                    parts.extend(heard(item, mention.as_ref().filter(|_| index == 0)));
                }
            }
            single => parts.extend(heard(single, mention.as_ref())),
        }
        parts.into_iter().collect()
    }

    fn text(&self) -> Cow<'_, str> {
        let aibot::Kind::Message { content, .. } = &self.kind else {
            return Cow::Borrowed("");
        };
        let in_group = is_in_group(self);
        match content {
            aibot::Content::Mixed(items) => {
                let texts = items.iter().enumerate().filter_map(|(index, item)| {
                    let text = item.text()?;
                    Some(if index == 0 && in_group {
                        without_mention(text).1
                    } else {
                        text
                    })
                });
                Cow::Owned(texts.collect())
            }
            single => {
                let text = single.text().unwrap_or_default();
                Cow::Borrowed(if in_group {
                    without_mention(text).1
                } else {
                    text
                })
            }
        }
    }

    fn sender_name(&self) -> Option<&str> {
        None
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Whether a mention of the bot may stand in front of the text.
fn is_in_group(callback: &aibot::Callback) -> bool {
    callback.chattype == Some(ChatType::Group)
}

/// The mention in front of a text, and what follows. The platform does not say
/// what the bot is called there, so the first word counts if it has an `@`.
fn without_mention(text: &str) -> (bool, &str) {
    let words = text.trim_start();
    if !words.starts_with('@') {
        return (false, text);
    }
    let end = words.find(char::is_whitespace).unwrap_or(words.len());
    (true, &words[end..])
}

/// What somebody said to a bot, with the mention in front of it taken apart.
fn heard(content: &aibot::Content, mention: Option<&UserId>) -> Vec<Part> {
    use aibot::Content;

    let part = match content {
        Content::Text(_) | Content::Voice(_) => {
            let text = content.text().unwrap_or_default();
            let (mentioned, rest) = match mention {
                Some(_) => without_mention(text),
                None => (false, text),
            };
            let mention = mention.filter(|_| mentioned).cloned().map(Part::Mention);
            let rest = (!rest.is_empty()).then(|| Part::Text(rest.to_owned()));
            return mention.into_iter().chain(rest).collect();
        }
        Content::Image(media) => Part::Image(Media::url(media.url.as_str())),
        Content::File(media) => Part::File(Media::url(media.url.as_str())),
        Content::Video(media) => Part::Video(Media::url(media.url.as_str())),
        Content::Mixed(items) => return items.iter().flat_map(|item| heard(item, None)).collect(),
        other => Part::Raw(HERE, object(other)),
    };
    vec![part]
}

/// What was quoted comes without an id, so it stays what it is.
fn quoted(content: &aibot::Content) -> Part {
    Part::Raw(HERE, json!({ "quote": object(content) }))
}

/// `msgtype` and the object of that name.
fn object(content: &aibot::Content) -> Value {
    let mut object = serde_json::to_value(content).unwrap_or_default();
    // The key of a file is a secret, and parts are shown in logs.
    if let Some(media) = object
        .get_mut(content.msgtype())
        .and_then(Value::as_object_mut)
    {
        media.remove("aeskey");
    }
    object
}
