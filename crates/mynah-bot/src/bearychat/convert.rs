//! What BearyChat tells, in words that fit every platform.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use mynah_bearychat::event::{
    Event as Told, MessageChange, NewMessage, ReactionChange, Sender, Unknown,
};
use mynah_bearychat::hook::{HubotPost, OutgoingPost};
use mynah_bearychat::text::{self, Piece};
use mynah_bearychat::types::{Attachment, Message as Stored, Subtype, User};
use mynah_bearychat::{MessageKey, Millis, UserId as Uid};
use serde_json::json;

use crate::event::{Event, EventKind, Native};
use crate::id::{Conversation, MessageId, Platform, UserId};
use crate::message::{Link, Media, Message, Part};
use crate::recent::Recent;
use crate::room::Said;

const HERE: Platform = Platform::BearyChat;

/// What a hubot knows of itself and of what was said lately, the last 4,096 messages: makes unified
/// events of what it is told.
///
/// What the hubot says itself comes back to it, and is no event. A message is meant for it if it
/// mentions it or everybody, begins with `@` and its name, quotes what it has said lately, or is
/// said to it alone. The text is without mentions, and without the name at its beginning.
///
/// | what | kind |
/// |---|---|
/// | `message`, `channel_message` of people and hubots | [`EventKind::Message`] |
/// | the same of robots, which speak through hooks | [`EventKind::Other`]: `robot` |
/// | the same of the platform itself | [`EventKind::Other`]: `info` |
/// | `update_message`, `update_channel_message` | [`EventKind::Edited`], or [`EventKind::Recalled`] once it is deleted |
/// | `add_message_reaction` | [`EventKind::Reacted`]; in a conversation if the message was told lately |
/// | everything else | [`EventKind::Other`], by the platform's name for it |
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    uid: Option<Uid>,
    name: String,
    told: Recent<MessageKey, Known>,
}

/// Where a message is, and whether the hubot has said it.
#[derive(Clone, Debug)]
struct Known {
    place: Conversation,
    own: bool,
}

impl Hearing {
    /// Of this hubot.
    pub fn new(me: &User) -> Self {
        let mut hearing = Self::default();
        hearing.is(me);
        hearing
    }

    /// Takes who the hubot is, and keeps what it remembers.
    pub fn is(&mut self, me: &User) {
        self.uid = Some(me.id.clone());
        self.name.clone_from(&me.name);
    }

    /// The hubot, if that is known.
    pub fn uid(&self) -> Option<&Uid> {
        self.uid.as_ref()
    }

    /// The unified event of something that was told over the socket; nothing for what the hubot
    /// does itself. `account` is the name the account goes by in the configuration.
    pub fn event(&mut self, account: &Arc<str>, told: Told, raw: Bytes) -> Option<Event> {
        let account = Arc::clone(account);
        match told {
            Told::Message(ref message) | Told::ChannelMessage(ref message) => {
                let place = self.place(&told, message)?;
                let own = self.is_me(message.uid.as_ref());
                self.remember(message.key.clone(), place.clone(), own);
                if own {
                    return None;
                }
                Some(self.said(account, place, told, raw))
            }
            Told::UpdateMessage(ref change) | Told::UpdateChannelMessage(ref change) => {
                if self.is_me(change.data.uid.as_ref()) {
                    return None;
                }
                Some(self.changed(account, told, raw))
            }
            Told::AddMessageReaction(ref change) | Told::DeleteMessageReaction(ref change) => {
                if self.is_me(Some(&change.data.uid)) {
                    return None;
                }
                let known = self.told.get(&change.data.message_key).cloned();
                Some(reacted(account, known, told, raw))
            }
            Told::UpdateUserConnection(ref change) => {
                let (uid, time) = (change.data.uid.clone(), seconds(change.ts));
                if self.is_me(Some(&uid)) {
                    return None;
                }
                Some(other(account, Some(uid), time, told, raw))
            }
            Told::Typing(ref typing) | Told::ChannelTyping(ref typing) => {
                let uid = typing.uid.clone();
                if self.is_me(uid.as_ref()) {
                    return None;
                }
                let time = typing.ts.map_or(0, seconds);
                let place = match (&told, &typing.vchannel_id, &uid) {
                    (Told::ChannelTyping(_), Some(id), _) => Some(group(id.as_str())),
                    (Told::Typing(_), _, Some(uid)) => Some(direct(uid)),
                    _ => None,
                };
                let mut event = other(account, uid, time, told, raw);
                event.conversation = place;
                Some(event)
            }
            told => Some(other(account, None, 0, told, raw)),
        }
    }

    /// The unified event of a message that was posted to a hubot with an address. `place` is the
    /// conversation it was said in, which does not stand there. Only what mentions the hubot is
    /// posted.
    pub fn posted(
        &mut self,
        account: &Arc<str>,
        place: Conversation,
        post: HubotPost,
        raw: Bytes,
    ) -> Event {
        self.remember(post.key.clone(), place.clone(), false);
        let (sender, key) = (user(post.sender.as_str()), post.key.clone());
        let time = key.place().map_or(0, |place| seconds(place.millis));
        let words = self.words(&post.text, true);
        let heard = HeardByPost { post, words };
        let mut event = Event::new(HERE, Arc::clone(account), EventKind::Message, heard, raw);
        event.conversation = Some(place);
        event.sender = Some(sender);
        event.message_id = Some(message_id(&key));
        event.to_bot = true;
        event.time = time;
        event
    }

    fn is_me(&self, uid: Option<&Uid>) -> bool {
        uid.is_some() && uid == self.uid.as_ref()
    }

    /// Where something was said: a conversation of two goes by the other one.
    fn place(&self, told: &Told, message: &NewMessage) -> Option<Conversation> {
        if !told.is_p2p() {
            return Some(group(message.vchannel_id.as_str()));
        }
        match message.sender()? {
            Sender::User(uid) if self.uid.as_ref() == Some(uid) => {
                message.to_uid.as_ref().map(direct)
            }
            Sender::User(uid) => Some(direct(uid)),
            Sender::Robot(robot) => Some(Conversation::direct(HERE, robot.as_str())),
        }
    }

    fn remember(&mut self, key: MessageKey, place: Conversation, own: bool) {
        self.told.insert(key, Known { place, own });
    }

    fn said(&self, account: Arc<str>, place: Conversation, told: Told, raw: Bytes) -> Event {
        let (facts, words) = match told.message() {
            Some(message) => (Facts::of(message), self.words(&message.text, false)),
            None => (Facts::default(), Words::default()),
        };
        let quoted = facts.quoted.as_ref();
        let quotes_me = quoted.is_some_and(|key| self.told.get(key).is_some_and(|known| known.own));
        let to_bot = told.is_p2p() || words.to_bot || quotes_me;
        let mut event = Event::new(HERE, account, facts.kind, Heard { told, words }, raw);
        event.conversation = Some(place);
        event.sender = facts.sender;
        event.message_id = facts.message_id;
        event.to_bot = to_bot;
        event.from_bot = facts.from_bot;
        event.time = facts.time;
        event
    }

    fn changed(&self, account: Arc<str>, told: Told, raw: Bytes) -> Event {
        let (Told::UpdateMessage(change) | Told::UpdateChannelMessage(change)) = &told else {
            return other(account, None, 0, told, raw);
        };
        let MessageChange { data, ts, .. } = &**change;
        let kind = match (data.deleted, data.edited) {
            (Some(true), _) => EventKind::Recalled,
            (_, Some(true)) => EventKind::Edited,
            _ => EventKind::Other(told.name().to_owned().into()),
        };
        let sender = data.sender().map(user);
        let place = match &data.uid {
            _ if data.is_channel => Some(group(data.vchannel_id.as_str())),
            Some(uid) => Some(direct(uid)),
            None => None,
        };
        let (id, time) = (message_id(&data.key), seconds(*ts));
        // What is left of a deleted message is not what somebody said.
        let words = match kind {
            EventKind::Recalled => Words::default(),
            _ => self.words(&data.text, false),
        };
        let mut event = Event::new(HERE, account, kind, Heard { told, words }, raw);
        event.conversation = place;
        event.sender = sender;
        event.message_id = Some(id);
        event.time = time;
        event
    }

    /// What a text says and whom it calls; `called` if the hubot is known to be mentioned.
    fn words(&self, text: &str, called: bool) -> Words {
        let mut words = Words {
            to_bot: called,
            ..Words::default()
        };
        let text = match without_name(text, &self.name) {
            Some(rest) => {
                words.to_bot = true;
                rest
            }
            None => text,
        };
        // Where nobody knows who the hubot is, the first mention is the one that called it.
        let mut unknown = called && self.uid.is_none();
        for piece in text::pieces(text) {
            match piece {
                Piece::Text(text) => {
                    words.text.push_str(text);
                    words.parts.push(text.into());
                }
                Piece::Mention(uid) if self.uid.as_ref().is_some_and(|me| me.as_str() == uid) => {
                    words.to_bot = true;
                }
                Piece::Mention(_) if std::mem::take(&mut unknown) => {}
                Piece::Mention(uid) => words.parts.push(Part::Mention(user(uid))),
                Piece::Everybody => {
                    words.to_bot = true;
                    words.parts.push(Part::MentionAll);
                }
                _ => {}
            }
        }
        words.trim();
        words
    }
}

/// The unified event of a message that began with the trigger word of an outgoing hook. Hooks know
/// people and channels by their names alone, and so do the ids of this event; the text is what
/// stands behind the word.
pub fn outgoing_event(account: &Arc<str>, post: OutgoingPost, raw: Bytes) -> Event {
    let place = Some(&post.channel_name).filter(|name| !name.is_empty());
    let place = place.map(|name| group(name));
    let sender = Some(&post.user_name).filter(|name| !name.is_empty());
    let sender = sender.map(|name| user(name));
    let time = seconds(post.said_at());
    let mut event = Event::new(HERE, Arc::clone(account), EventKind::Message, post, raw);
    event.conversation = place;
    event.sender = sender;
    event.to_bot = true;
    event.time = time;
    event
}

/// A message of the history.
pub(super) fn stored(message: &Stored) -> Said {
    let words = Hearing::default().words(&message.text, false);
    let told = Told::said(message, None, message.created_ts);
    Said {
        id: message_id(&message.key),
        sender: message.sender().map(user),
        time: seconds(message.created_ts),
        message: Heard { told, words }.message(),
    }
}

fn reacted(account: Arc<str>, known: Option<Known>, told: Told, raw: Bytes) -> Event {
    let (Told::AddMessageReaction(change) | Told::DeleteMessageReaction(change)) = &told else {
        return other(account, None, 0, told, raw);
    };
    let kind = match &told {
        Told::AddMessageReaction(_) => EventKind::Reacted,
        _ => EventKind::Other(told.name().to_owned().into()),
    };
    let ReactionChange { data, ts, .. } = &**change;
    let (sender, id, time) = (
        user(data.uid.as_str()),
        message_id(&data.message_key),
        seconds(*ts),
    );
    let mut event = Event::new(HERE, account, kind, told, raw);
    event.to_bot = known.as_ref().is_some_and(|known| known.own);
    event.conversation = known.map(|known| known.place);
    event.sender = Some(sender);
    event.message_id = Some(id);
    event.time = time;
    event
}

fn other(account: Arc<str>, uid: Option<Uid>, time: i64, told: Told, raw: Bytes) -> Event {
    let kind = EventKind::Other(told.name().to_owned().into());
    let time = match &told {
        Told::Unknown(Unknown { fields, .. }) => fields
            .get("ts")
            .and_then(serde_json::Value::as_i64)
            .map_or(time, |millis| millis / 1000),
        _ => time,
    };
    let mut event = Event::new(HERE, account, kind, told, raw);
    event.sender = uid.map(|uid| user(uid.as_str()));
    event.time = time;
    event
}

/// What of a message every platform knows.
struct Facts {
    kind: EventKind,
    sender: Option<UserId>,
    from_bot: bool,
    message_id: Option<MessageId>,
    quoted: Option<MessageKey>,
    time: i64,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            kind: EventKind::Message,
            sender: None,
            from_bot: false,
            message_id: None,
            quoted: None,
            time: 0,
        }
    }
}

impl Facts {
    fn of(message: &NewMessage) -> Self {
        let sender = message.sender();
        let kind = match (&message.subtype, sender) {
            // Robots do not answer robots, lest they never end.
            (Subtype::Robot, _) | (_, Some(Sender::Robot(_))) => EventKind::Other("robot".into()),
            (Subtype::Info, _) => EventKind::Other("info".into()),
            _ => EventKind::Message,
        };
        Self {
            from_bot: kind == EventKind::Other("robot".into()),
            kind,
            sender: sender.map(|sender| match sender {
                Sender::User(uid) => user(uid.as_str()),
                Sender::Robot(robot) => user(robot.as_str()),
            }),
            message_id: Some(message_id(&message.key)),
            quoted: message.refer_key.clone(),
            time: seconds(message.created_ts),
        }
    }
}

fn group(id: &str) -> Conversation {
    Conversation::group(HERE, id)
}

fn direct(uid: &Uid) -> Conversation {
    Conversation::direct(HERE, uid.as_str())
}

fn user(id: &str) -> UserId {
    UserId::new(HERE, id)
}

fn message_id(key: &MessageKey) -> MessageId {
    MessageId::new(HERE, key.as_str())
}

fn seconds(millis: Millis) -> i64 {
    i64::try_from(millis.0 / 1000).unwrap_or(i64::MAX)
}

/// What stands behind `@name`, if a text begins with it. Programs that cannot mention have people
/// write it.
fn without_name<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    if name.is_empty() {
        return None;
    }
    let rest = text.trim_start().strip_prefix('@')?.strip_prefix(name)?;
    let ends = |next: char| next.is_whitespace() || matches!(next, '/' | '／' | ':' | '：');
    let is_whole = rest.chars().next().is_none_or(ends);
    is_whole.then(|| rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':' || c == '：'))
}

/// What a text says, read once.
#[derive(Clone, Debug, Default)]
struct Words {
    /// Without mentions.
    text: String,
    /// With mentions of others than the hubot.
    parts: Vec<Part>,
    to_bot: bool,
}

impl Words {
    /// Where the hubot was mentioned a blank stays behind.
    fn trim(&mut self) {
        if let Some(Part::Text(first)) = self.parts.first_mut() {
            let begin = first.len() - first.trim_start().len();
            first.drain(..begin);
        }
        if let Some(Part::Text(last)) = self.parts.last_mut() {
            last.truncate(last.trim_end().len());
        }
        let is_empty = |part: &Part| matches!(part, Part::Text(text) if text.is_empty());
        self.parts.retain(|part| !is_empty(part));
    }
}

/// Something that was said, or says something else now.
struct Heard {
    told: Told,
    words: Words,
}

impl Native for Heard {
    fn message(&self) -> Message {
        let (quoted, attachments, image) = match &self.told {
            Told::Message(message) | Told::ChannelMessage(message) => {
                let image = Some(&message.image).filter(|url| !url.is_empty());
                (message.refer_key.as_ref(), &*message.attachments, image)
            }
            Told::UpdateMessage(change) | Told::UpdateChannelMessage(change) => {
                let Stored {
                    refer_key,
                    attachments,
                    ..
                } = &change.data;
                (refer_key.as_ref(), &**attachments, None)
            }
            _ => (None, &[][..], None),
        };
        let quoted = quoted.map(|key| Part::Quote(message_id(key)));
        let image = image.map(|url| Part::Image(Media::url(url.as_str())));
        let attached = attachments.iter().flat_map(attached);
        let said = self.words.parts.iter().cloned();
        quoted
            .into_iter()
            .chain(said)
            .chain(image)
            .chain(attached)
            .collect()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.words.text)
    }

    fn as_any(&self) -> &dyn Any {
        &self.told
    }
}

/// An attachment as parts: a link, its pictures, or itself.
fn attached(attachment: &Attachment) -> Vec<Part> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut images = attachment.images.iter().flatten().map(|image| &image.url);
    if let Some(url) = &attachment.url {
        return vec![Part::Link(Link {
            url: url.clone(),
            title: text(&attachment.title),
            text: text(&attachment.text),
            image: images.next().cloned().unwrap_or_default(),
        })];
    }
    if attachment.text.is_none() && attachment.images.is_some() {
        let pictures = images.map(|url| Part::Image(Media::url(url.as_str())));
        return pictures.collect();
    }
    // As a body, so that it can be said again.
    let words = [&attachment.title, &attachment.text];
    let words = words.into_iter().flatten().find(|words| !words.is_empty());
    let body = json!({ "text": words, "attachments": [attachment] });
    vec![Part::Raw(HERE, body)]
}

/// Something that was posted to a hubot with an address.
struct HeardByPost {
    post: HubotPost,
    words: Words,
}

impl Native for HeardByPost {
    fn message(&self) -> Message {
        self.words.parts.iter().cloned().collect()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.words.text)
    }

    fn sender_name(&self) -> Option<&str> {
        Some(self.post.username.as_str()).filter(|name| !name.is_empty())
    }

    fn as_any(&self) -> &dyn Any {
        &self.post
    }
}

impl Native for Told {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Native for OutgoingPost {
    fn message(&self) -> Message {
        Message::text(self.rest())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.rest())
    }

    fn sender_name(&self) -> Option<&str> {
        Some(self.user_name.as_str()).filter(|name| !name.is_empty())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
