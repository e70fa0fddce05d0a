//! What OneBot tells, in words that fit every platform.

use std::borrow::Cow;
use std::sync::Arc;

use mynah_onebot::event::{
    Event as Native, GroupBan, MessageEvent, MetaEvent, Notice, RawEvent, Request, Target,
};
use mynah_onebot::message::{Mention, View};
use mynah_onebot::types::GroupRequestType;
use mynah_onebot::{Content, Segment};

use crate::event::{Event, EventKind};
use crate::id::{Conversation, Id, MessageId, Place, Platform, UserId};
use crate::message::{Link, Location, Media, Message, Part, Source};

const HERE: Platform = Platform::OneBot;

/// The unified event. `account` is the name the account goes by in the
/// configuration.
pub fn event(account: Arc<str>, arrived: RawEvent) -> Event {
    let RawEvent { event: native, raw } = arrived;
    let facts = Facts::of(&native);
    let time = native.time().0;
    let mut event = Event::new(HERE, account, facts.kind, native, raw);
    event.conversation = facts.conversation;
    event.sender = facts.sender.map(user);
    event.target = facts.target.map(user);
    event.message_id = facts.message_id.map(|id| MessageId::new(HERE, id));
    event.to_bot = facts.to_bot;
    event.time = time;
    event
}

fn user(id: i64) -> UserId {
    UserId {
        platform: HERE,
        id: Id::Number(id),
    }
}

/// What of an event every platform knows.
struct Facts {
    kind: EventKind,
    conversation: Option<Conversation>,
    sender: Option<i64>,
    target: Option<i64>,
    message_id: Option<i64>,
    to_bot: bool,
}

impl Facts {
    fn of(native: &Native) -> Self {
        let mut facts = Self {
            kind: EventKind::Meta,
            conversation: conversation(native),
            sender: native.user_id().map(|id| id.0),
            target: None,
            message_id: None,
            to_bot: false,
        };
        let bot = native.self_id().0;
        match native {
            // Some report what the bot says itself like what others say.
            Native::Message(message) if native.user_id().is_some_and(|id| id.0 == bot) => {
                facts.message(EventKind::OwnMessage, message);
            }
            Native::Message(message) => facts.message(EventKind::Message, message),
            Native::MessageSent(message) => facts.message(EventKind::OwnMessage, message),
            Native::Notice(event) => facts.notice(&event.notice, bot),
            Native::Request(event) => {
                facts.to_bot = true;
                facts.kind = match &event.request {
                    Request::Friend(_) => EventKind::FriendRequest,
                    Request::Group(group) if group.sub_type == GroupRequestType::Invite => {
                        EventKind::Invitation
                    }
                    Request::Group(_) => EventKind::JoinRequest,
                };
            }
            Native::Meta(MetaEvent { .. }) => {}
            _ => facts.kind = EventKind::Other(native.name().into()),
        }
        facts
    }

    fn message(&mut self, kind: EventKind, message: &MessageEvent) {
        self.kind = kind;
        self.message_id = Some(message.message_id().0.into());
        self.to_bot = match message {
            MessageEvent::Private(_) => true,
            MessageEvent::Group(group) => mentions(&group.message, message.self_id()),
            MessageEvent::Discuss(discuss) => mentions(&discuss.message, message.self_id()),
        };
    }

    fn notice(&mut self, notice: &Notice, bot: i64) {
        self.kind = match notice {
            Notice::GroupIncrease(body) => {
                self.to_bot = body.user_id.0 == bot;
                EventKind::Joined
            }
            Notice::GroupDecrease(body) => {
                self.to_bot = body.user_id.0 == bot;
                EventKind::Left
            }
            Notice::GroupRecall(body) => {
                self.message_id = Some(body.message_id.0.into());
                self.sender = Some(body.operator_id.0);
                self.target = Some(body.user_id.0);
                EventKind::Recalled
            }
            Notice::FriendRecall(body) => {
                self.message_id = Some(body.message_id.0.into());
                EventKind::Recalled
            }
            Notice::Poke(body) => {
                self.target = Some(body.target_id.0);
                self.to_bot = body.target_id.0 == bot;
                EventKind::Poked
            }
            Notice::GroupBan(GroupBan {
                operator_id,
                user_id,
                ..
            }) => {
                self.sender = Some(operator_id.0);
                self.target = Some(user_id.0);
                self.to_bot = user_id.0 == bot;
                EventKind::Muted
            }
            Notice::FriendAdd(_) => EventKind::Befriended,
            Notice::GroupUpload(_) | Notice::OfflineFile(_) => EventKind::Uploaded,
            Notice::GroupMsgEmojiLike(body) => {
                self.message_id = Some(body.message_id.0.into());
                EventKind::Reacted
            }
            Notice::Reaction(body) => {
                self.message_id = Some(body.message_id.0.into());
                self.sender = Some(body.operator_id.0);
                EventKind::Reacted
            }
            other => {
                let name = match other.sub_type() {
                    Some(sub_type) => format!("notice.{}.{sub_type}", other.notice_type()).into(),
                    None => format!("notice.{}", other.notice_type()).into(),
                };
                EventKind::Other(name)
            }
        };
    }
}

fn conversation(native: &Native) -> Option<Conversation> {
    let (kind, id) = match (native.target()?, native) {
        (Target::Group(group), _) => (Place::Group, group.0),
        (Target::Private(_), Native::Message(MessageEvent::Private(message)))
            if message.group_id.is_some() =>
        {
            (Place::Temporary, message.user_id.0)
        }
        (Target::Private(user), _) => (Place::Direct, user.0),
        // Discussion groups are gone; what still speaks of them is answered by the native event.
        (Target::Discuss(_), _) => return None,
    };
    Some(Conversation {
        platform: HERE,
        kind,
        id: Id::Number(id),
    })
}

fn mentions(content: &Content, bot: mynah_onebot::UserId) -> bool {
    match content {
        // Most messages mention nobody, which a glance tells; most have no code at all.
        Content::Cq(text) => {
            text.contains('[') && text.contains("[CQ:at,") && content.to_message().mentions(bot)
        }
        Content::Segments(message) => message.mentions(bot),
    }
}

impl crate::event::Native for Native {
    fn message(&self) -> Message {
        match self {
            Self::Message(message) | Self::MessageSent(message) => {
                content(message).to_message().iter().map(part).collect()
            }
            Self::Request(event) if !event.request.comment().is_empty() => {
                Message::text(event.request.comment())
            }
            _ => Message::new(),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        let message = match self {
            Self::Message(message) | Self::MessageSent(message) => message,
            Self::Request(event) => return Cow::Borrowed(event.request.comment()),
            _ => return Cow::Borrowed(""),
        };
        match content(message) {
            // Without these two there is no code and nothing escaped.
            Content::Cq(text) if !text.contains(['[', '&']) => Cow::Borrowed(text),
            Content::Segments(message) if message.segments().len() == 1 => {
                Cow::Borrowed(message.segments()[0].as_text().unwrap_or_default())
            }
            other => Cow::Owned(other.plain_text()),
        }
    }

    fn sender_name(&self) -> Option<&str> {
        let (Self::Message(message) | Self::MessageSent(message)) = self else {
            return None;
        };
        let sender = match message {
            MessageEvent::Private(message) => &message.sender,
            MessageEvent::Group(message) => &message.sender,
            MessageEvent::Discuss(message) => &message.sender,
        };
        let card = sender.card.as_deref().filter(|card| !card.is_empty());
        card.or(sender.nickname.as_deref())
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn content(message: &MessageEvent) -> &Content {
    match message {
        MessageEvent::Private(message) => &message.message,
        MessageEvent::Group(message) => &message.message,
        MessageEvent::Discuss(message) => &message.message,
    }
}

/// A segment that has no equal stays what it is, in its own JSON.
fn part(segment: &Segment) -> Part {
    match segment.view() {
        View::Text(text) => Part::Text(text.to_owned()),
        View::At(Mention::All) => Part::MentionAll,
        View::At(Mention::User(id)) => Part::Mention(user(id.0)),
        View::Image(media) => Part::Image(received(&media)),
        View::Record(media) => Part::Voice(received(&media)),
        View::Video(media) => Part::Video(received(&media)),
        View::Reply(id) => Part::Quote(MessageId::new(HERE, i64::from(id.0))),
        View::Share {
            url,
            title,
            content,
            image,
        } => Part::Link(Link {
            url: url.to_owned(),
            title: title.to_owned(),
            text: content.unwrap_or_default().to_owned(),
            image: image.unwrap_or_default().to_owned(),
        }),
        View::Location {
            latitude,
            longitude,
            title,
            ..
        } => Part::Location(Location {
            latitude,
            longitude,
            title: title.unwrap_or_default().to_owned(),
        }),
        View::Emoji(emoji) => Part::Text(emoji.into()),
        _ => Part::Raw(HERE, serde_json::to_value(segment).unwrap_or_default()),
    }
}

fn received(media: &mynah_onebot::message::Media<'_>) -> Media {
    let source = match media.url {
        Some(url) => Source::Url(url.to_owned()),
        None => Source::Name(media.file.to_owned()),
    };
    Media {
        source,
        name: media.file.to_owned(),
    }
}
