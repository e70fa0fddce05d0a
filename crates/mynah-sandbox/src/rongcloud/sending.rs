//! Messages on their way, whoever sends them.

use mynah_rongcloud::content::Recall as RecallBody;
use mynah_rongcloud::event::{
    ChannelType, ChatroomCause, MessageOperation, RoutedMessage, SensitiveType, Source,
};
use mynah_rongcloud::{
    ChatroomId, Content, ConversationType, DiscussionId, GroupId, MessageUid, ObjectName, TargetId,
    UserId,
};
use serde::{Deserialize, Serialize};

use super::archive::{Body, Chat, Fate, Spoken};
use super::effect::Effect;
use super::history::Logged;
use super::world::RongCloudWorld;
use crate::frame::Framed as _;

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum To {
    User(UserId),
    /// Somebody, from the system.
    System(UserId),
    Group(GroupId),
    Room(ChatroomId),
    Discussion(DiscussionId),
    /// Everybody, from the system.
    Everybody,
}

impl To {
    pub(super) fn conversation_type(&self) -> ConversationType {
        match self {
            Self::User(_) => ConversationType::Private,
            Self::System(_) | Self::Everybody => ConversationType::System,
            Self::Group(_) => ConversationType::Group,
            Self::Room(_) => ConversationType::Chatroom,
            Self::Discussion(_) => ConversationType::Discussion,
        }
    }

    /// The id of whoever gets it.
    pub(super) fn target(&self) -> TargetId {
        match self {
            Self::User(id) | Self::System(id) => id.clone().into(),
            Self::Group(id) => id.clone().into(),
            Self::Room(id) => id.clone().into(),
            Self::Discussion(id) => id.as_str().into(),
            Self::Everybody => TargetId::default(),
        }
    }

    /// The conversation that it stands in.
    pub(super) fn chat(&self, from: &UserId, bot: &UserId) -> Chat {
        match self {
            Self::User(id) => Chat::between(from, id, bot),
            Self::System(id) => Chat::System(id.clone()),
            Self::Group(id) => Chat::Group(id.clone()),
            Self::Room(id) => Chat::Room(id.clone()),
            Self::Discussion(id) => Chat::Discussion(id.to_string()),
            Self::Everybody => Chat::Everybody,
        }
    }
}

/// A message that is to be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sending {
    pub(super) from: UserId,
    pub(super) body: Body,
    /// The platform's word for what it is sent with.
    pub(super) source: String,
    /// Whether it is kept in the history.
    pub(super) kept: bool,
    /// Whom it is for, of all who are there; everybody, if it is nobody.
    pub(super) only_for: Vec<UserId>,
    /// Whether words were replaced in it.
    pub(super) replaced: bool,
}

impl Sending {
    /// What a call sends.
    pub(super) fn by_call(from: UserId, object_name: &ObjectName, content: String) -> Self {
        Self {
            from,
            kept: !is_transient(object_name),
            body: Body::new(object_name.as_str(), content),
            source: Source::Server.as_str().to_owned(),
            only_for: Vec::new(),
            replaced: false,
        }
    }

    /// The same, which the history may be without.
    pub(super) fn persisted(self, persisted: bool) -> Self {
        Self {
            kept: self.kept && persisted,
            ..self
        }
    }

    /// The same, for some of those who are there.
    pub(super) fn only_for(self, users: Vec<UserId>) -> Self {
        Self {
            only_for: users,
            ..self
        }
    }
}

/// Whether nobody keeps messages of this kind.
pub(super) fn is_transient(object_name: &ObjectName) -> bool {
    matches!(object_name, ObjectName::Command | ObjectName::Typing)
}

impl RongCloudWorld {
    /// Sends a message of a call to one addressee.
    pub(super) fn send(&mut self, to: &To, sending: &Sending) -> MessageUid {
        let uid = self.state.message_uid();
        self.show(&uid, to, sending, Fate::Delivered);
        self.log(&uid, to, sending);
        if self.settings.route_server_messages && *to != To::Everybody {
            self.route(&uid, to, sending, SensitiveType::Clean);
        }
        uid
    }

    /// Sends what is shown to those who are there and kept by nobody.
    pub(super) fn send_status(&mut self, to: &To, sending: &Sending) -> MessageUid {
        let uid = self.state.message_uid();
        if self.is_anybody_there(to) {
            self.show(&uid, to, sending, Fate::Status);
        }
        uid
    }

    /// Whether the client of anybody who gets a message is connected.
    fn is_anybody_there(&self, to: &To) -> bool {
        let users = &self.state.users;
        match to {
            To::User(user) | To::System(user) => users.session(user).is_some(),
            To::Group(id) => {
                let group = self.state.groups.get(id);
                let mut online = users.online();
                online.any(|user| group.is_some_and(|group| group.has(user)))
            }
            To::Room(_) | To::Discussion(_) | To::Everybody => users.online().next().is_some(),
        }
    }

    /// Shows a message where it is read.
    pub(super) fn show(&mut self, uid: &MessageUid, to: &To, sending: &Sending, fate: Fate) {
        if !self.is_there(to) {
            return;
        }
        let spoken = Spoken {
            uid: uid.clone(),
            body: sending.body.clone(),
            only_for: sending.only_for.clone(),
            fate,
            recalled: None,
        };
        let chat = to.chat(&sending.from, &self.seed.bot.id);
        self.post(&chat, sending.from.clone(), spoken);
        if let (To::Room(id), Fate::Delivered) = (to, fate) {
            self.said_in_room(id);
        }
    }

    /// Whether there is somewhere a message can be read.
    fn is_there(&self, to: &To) -> bool {
        match to {
            To::Group(id) => self.state.groups.get(id).is_some(),
            To::Room(id) => self.state.rooms.get(id).is_some(),
            To::User(_) | To::System(_) | To::Discussion(_) | To::Everybody => true,
        }
    }

    /// Takes out of a chatroom who has been away for too long.
    pub(super) fn said_in_room(&mut self, id: &ChatroomId) {
        let gone = self.state.rooms.said(id, self.state.now);
        self.left_room(&gone, id, ChatroomCause::Offline);
    }

    /// Keeps a message for downloading.
    pub(super) fn log(&mut self, uid: &MessageUid, to: &To, sending: &Sending) {
        if !sending.kept || !self.settings.history {
            return;
        }
        let logged = Logged {
            uid: uid.clone(),
            from: sending.from.clone(),
            target: to.target(),
            conversation_type: to.conversation_type(),
            body: sending.body.clone(),
            time: self.state.now,
            source: sending.source.clone(),
            sensitive: sending.replaced,
        };
        self.state.history.log(logged);
    }

    /// Tells the address for messages.
    pub(super) fn route(
        &mut self,
        uid: &MessageUid,
        to: &To,
        sending: &Sending,
        sensitive: SensitiveType,
    ) {
        let object_name = ObjectName::from(sending.body.object_name());
        let content = Content::custom(object_name, sending.body.content());
        let channel = ChannelType::from(to.conversation_type());
        let message = RoutedMessage::new(sending.from.clone(), channel, to.target(), content)
            .sent(uid.clone(), self.state.now.0)
            .source(sending.source.as_str().into());
        self.effect(Effect::Route(Box::new(RoutedMessage {
            timestamp: Some(self.state.now.0),
            sensitive_type: Some(sensitive),
            group_user_ids: sending.only_for.clone(),
            ..message
        })));
    }
}

/// Takes a message back.
#[derive(Clone, Debug)]
pub(super) struct Recalling {
    pub(super) by: UserId,
    pub(super) to: To,
    pub(super) uid: MessageUid,
    /// When the message was sent.
    pub(super) sent: i64,
    pub(super) is_admin: bool,
    pub(super) is_delete: bool,
    pub(super) extra: Option<String>,
    /// The platform's word for what it is taken back with.
    pub(super) source: String,
}

impl RongCloudWorld {
    /// Whether a message stands in the conversation where somebody takes it back.
    fn is_said_in(&self, uid: &MessageUid, to: &To) -> bool {
        let archive = &self.state.archive;
        let chat = archive.place(uid).map(|(chat, _)| chat);
        let by = archive.find(uid).map(|(entry, _)| &entry.by);
        chat.zip(by).is_some_and(|(chat, by)| match (to, chat) {
            (To::System(_), Chat::Everybody) => true,
            _ => *chat == to.chat(by, &self.seed.bot.id),
        })
    }

    /// Takes a message back, if it is there, and tells so in any case.
    pub(super) fn recall(&mut self, recalling: Recalling) {
        if self.is_said_in(&recalling.uid, &recalling.to)
            && let Some(spoken) = self.state.archive.find_mut(&recalling.uid)
        {
            spoken.recalled = Some(recalling.by.clone());
            self.changed_message(&recalling.uid);
        }
        let conversation_type = recalling.to.conversation_type();
        let command = Content::Recall(RecallBody {
            message_uid: recalling.uid.clone(),
            conversation_type: Some(conversation_type),
            is_admin: recalling.is_admin,
            is_delete: recalling.is_delete,
            ..RecallBody::default()
        });
        let sending = Sending {
            from: recalling.by.clone(),
            body: Body::new(command.object_name().as_str(), command.to_text()),
            source: recalling.source.clone(),
            kept: true,
            only_for: Vec::new(),
            replaced: false,
        };
        let uid = self.state.message_uid();
        self.log(&uid, &recalling.to, &sending);
        let by_server = recalling.source == Source::Server.as_str();
        if self.settings.route_server_messages || !by_server {
            self.route(&uid, &recalling.to, &sending, SensitiveType::Clean);
        }
        let target = recalling.to.target();
        let now = self.state.now.0;
        let operation = MessageOperation::recall(recalling.by, conversation_type, target, now)
            .of(recalling.uid, recalling.sent);
        let told =
            operation
                .recall_msg_info
                .clone()
                .map(|told| mynah_rongcloud::event::RecallMsg {
                    is_admin: Some(recalling.is_admin.into()),
                    is_delete: Some(recalling.is_delete.into()),
                    extra: Some(recalling.extra.unwrap_or_default()),
                    ..told
                });
        self.effect(Effect::Operation(Box::new(MessageOperation {
            source: Some(recalling.source.as_str().into()),
            recall_msg_info: told,
            ..operation
        })));
    }
}
