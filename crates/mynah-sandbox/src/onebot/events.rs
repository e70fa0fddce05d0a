//! Messages as the bot's frameworks see them.

use mynah_onebot::event::{
    DiscussMessage, GroupMessage, GroupMessageType, MessageEvent, PrivateMessage,
    PrivateMessageType, Sender,
};
use mynah_onebot::types::{Role, Sex, UnixSeconds};
use mynah_onebot::{Content, GroupId, Message, UserId};

use super::archive::{Chat, Found, Speaker};
use super::media::Kind;
use super::settings::{MessageFormat, Settings};
use super::state::{MASKED, SYSTEM};
use super::world::OneBotWorld;

/// The name under which QQ itself speaks in a group.
const SYSTEM_NAME: &str = "系统消息";

/// The level of every member; the world has no rules for levels.
pub(super) const LEVEL: &str = "1";

impl OneBotWorld {
    /// A message as its event tells it.
    pub(super) fn message_event(&self, found: Found<'_>) -> MessageEvent {
        let spoken = found.spoken;
        let time = UnixSeconds(found.time.seconds());
        let self_id = self.bot();
        let (user_id, sender) = self.author(found.chat, &spoken.by);
        let message = self.content(&spoken.message);
        let raw_message = spoken.message.to_cq();
        match found.chat {
            Chat::Direct(_) => MessageEvent::Private(PrivateMessage {
                time,
                self_id,
                sub_type: spoken
                    .private_type
                    .clone()
                    .unwrap_or(PrivateMessageType::Friend),
                message_id: spoken.id,
                user_id,
                message,
                raw_message,
                font: 0,
                sender,
                target_id: None,
                group_id: None,
                temp_source: None,
                message_seq: None,
            }),
            Chat::Group(group_id) => MessageEvent::Group(GroupMessage {
                time,
                self_id,
                sub_type: match spoken.by {
                    Speaker::User(_) => GroupMessageType::Normal,
                    Speaker::Masked { .. } => GroupMessageType::Anonymous,
                    Speaker::System => GroupMessageType::Notice,
                },
                message_id: spoken.id,
                group_id,
                user_id,
                anonymous: match &spoken.by {
                    Speaker::Masked { mask, .. } => Some(mask.clone()),
                    Speaker::User(_) | Speaker::System => None,
                },
                message,
                raw_message,
                font: 0,
                sender,
                message_seq: None,
            }),
            Chat::Discuss(discuss_id) => MessageEvent::Discuss(DiscussMessage {
                time,
                self_id,
                message_id: spoken.id,
                discuss_id,
                user_id,
                message,
                raw_message,
                font: 0,
                sender,
            }),
        }
    }

    /// The same with the message's number in its conversation, as histories have it.
    pub(super) fn numbered_event(&self, found: Found<'_>) -> MessageEvent {
        let number = Some(found.spoken.number);
        let mut event = self.message_event(found);
        match &mut event {
            MessageEvent::Private(event) => event.message_seq = number,
            MessageEvent::Group(event) => event.message_seq = number,
            MessageEvent::Discuss(_) => {}
        }
        event
    }

    /// The same as the bot's own message is reported.
    pub(super) fn sent_event(&self, found: Found<'_>) -> MessageEvent {
        let mut event = self.message_event(found);
        match (&mut event, found.chat) {
            (MessageEvent::Private(event), Chat::Direct(person)) => {
                event.target_id = Some(person);
            }
            (MessageEvent::Group(event), _) => event.message_seq = Some(found.spoken.number),
            _ => {}
        }
        event
    }

    /// The author as frameworks see them: who, and what is known of them.
    pub(super) fn author(&self, chat: Chat, by: &Speaker) -> (UserId, Sender) {
        match by {
            Speaker::User(user) => (*user, self.sender(*user, chat)),
            Speaker::Masked { mask, .. } => (MASKED, nobody(MASKED, &mask.name)),
            Speaker::System => (SYSTEM, nobody(SYSTEM, SYSTEM_NAME)),
        }
    }

    fn sender(&self, user_id: UserId, chat: Chat) -> Sender {
        let user = self.state.users.get(&user_id);
        let base = Sender {
            user_id: Some(user_id),
            nickname: Some(self.state.nickname(user_id)),
            sex: Some(user.map_or(Sex::Unknown, |user| user.sex.clone())),
            age: Some(user.map_or(0, |user| user.age)),
            ..Sender::default()
        };
        match chat {
            Chat::Group(group) => self.with_membership(base, user_id, group),
            Chat::Direct(_) | Chat::Discuss(_) => base,
        }
    }

    /// Adds what the group knows; blanks for who is no member any more.
    fn with_membership(&self, sender: Sender, user: UserId, group: GroupId) -> Sender {
        let member = self
            .state
            .groups
            .get(&group)
            .and_then(|group| group.members.get(&user));
        let text = |value: Option<&str>| Some(value.unwrap_or_default().to_owned());
        Sender {
            card: text(member.map(|member| member.card.as_str())),
            area: text(member.map(|member| member.area.as_str())),
            level: text(member.map(|_| LEVEL)),
            role: Some(member.map_or(Role::Member, |member| member.rank.into())),
            title: text(member.map(|member| member.title(self.state.now))),
            ..sender
        }
    }

    /// A message as the configured format has it, media with their addresses.
    pub(super) fn content(&self, message: &Message) -> Content {
        let message = self.with_addresses(message);
        match self.settings.message_format {
            MessageFormat::Array => Content::Segments(message),
            MessageFormat::String => Content::Cq(message.to_cq()),
        }
    }

    /// The message with a `url` beside every medium that can be fetched here.
    pub(super) fn with_addresses(&self, message: &Message) -> Message {
        let mut message = message.clone();
        for segment in message.segments_mut() {
            if Kind::of_segment(segment.kind()).is_none() || segment.get("url").is_some() {
                continue;
            }
            if let Some(url) = segment.get("file").and_then(|name| self.media_url(name)) {
                segment.data_mut().set("url", url);
            }
        }
        message
    }

    /// Where a stored medium can be fetched.
    pub(super) fn media_url(&self, name: &str) -> Option<String> {
        let item = self.state.media.get(name)?;
        if item.bytes().is_some() {
            let Settings {
                public_url,
                media_path,
                ..
            } = &self.settings;
            return Some(format!("{public_url}{media_path}{name}"));
        }
        item.url.clone()
    }
}

/// An author of whom nothing is known but the name.
fn nobody(id: UserId, name: &str) -> Sender {
    Sender {
        user_id: Some(id),
        nickname: Some(name.to_owned()),
        card: Some(String::new()),
        sex: Some(Sex::Unknown),
        age: Some(0),
        area: Some(String::new()),
        level: Some(String::new()),
        role: Some(Role::Member),
        title: Some(String::new()),
        group_id: None,
    }
}
