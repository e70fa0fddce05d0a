//! The world as people see it.

use mynah_bearychat::UserId;
use mynah_bearychat::types::UserType;

use super::chat::{Chat, Speaker};
use super::messages::Spoken;
use super::vchannels::{Kind, Vchannel};
use super::world::BearyChatWorld;
use crate::view::View;
use crate::world::{
    By, Conversation, Drawing, Joinable, MessageView, Rejected, Room, Speaker as SpeakerView,
};

/// The name of the bot that is the same in all worlds.
pub(super) const BOT: &str = "bot";
/// As many names as fit into a title.
const NAMED: usize = 5;

impl View for BearyChatWorld {
    type Viewer = UserId;

    fn everybody(&self) -> Vec<Speaker> {
        let users = self.state.users.all();
        users.map(|(id, _)| Speaker::from(id)).collect()
    }

    fn viewer(&self, name: &str) -> Result<UserId, Rejected> {
        self.person("viewer", name)
    }

    fn chat(&self, id: &str) -> Result<Chat, Rejected> {
        self.conversation("conversation", id)
    }

    fn chats(&self, viewer: Option<&UserId>) -> Vec<Chat> {
        let opened = self.state.vchannels.all().into_iter();
        let seen = opened.filter(|(_, it)| viewer.is_none_or(|viewer| it.has(viewer)));
        let mut chats: Vec<Chat> = seen.map(|(id, _)| self.chat_of(id)).collect();
        // Whoever could talk to the bot finds the conversation in the list.
        let people = self.seed.people.iter().map(|person| &person.id);
        let own = people.filter(|id| viewer.is_none_or(|viewer| viewer == *id));
        for chat in own.map(|id| Chat::User(id.clone())) {
            if self.vchannel_of(&chat).is_none() {
                chats.push(chat);
            }
        }
        chats
    }

    fn joinable(&self, viewer: &UserId) -> Vec<Joinable> {
        let all = self.state.vchannels.all().into_iter();
        let may_join = |it: &Vchannel| it.is_public() && it.active && !it.has(viewer);
        let open = all.filter(|(_, it)| may_join(it));
        open.map(|(id, _)| {
            let chat = Chat::Group(id.clone());
            Joinable {
                id: chat.to_string(),
                title: self.title(&chat, Some(viewer)),
            }
        })
        .collect()
    }

    fn emoji(&self) -> Vec<Drawing> {
        self.view_emoji()
    }

    fn stickers(&self) -> Vec<Drawing> {
        self.view_stickers()
    }

    fn view_conversation(&self, chat: &Chat, viewer: Option<&UserId>) -> Conversation {
        let vchannel = self.vchannel_of(chat);
        let members: Vec<Speaker> = match (&vchannel, chat.pair(&self.seed.bot().id)) {
            (Some(id), _) => self.members_of(id).iter().map(Speaker::from).collect(),
            (None, Some((one, other))) => vec![one.into(), other.into()],
            (None, None) => Vec::new(),
        };
        let members = members.iter().map(|who| self.view_member(who, chat));
        Conversation {
            id: chat.to_string(),
            kind: match chat {
                Chat::Group(_) => "group",
                Chat::User(_) | Chat::Private(..) => "direct",
            },
            bot_kind: None,
            title: self.title(chat, viewer),
            members: members.collect(),
            whole_ban: false,
            menu: None,
            room: Some(Box::new(self.view_room(chat))),
            last: self.view_newest(chat),
        }
    }

    fn view_speaker(&self, who: &Speaker, chat: Option<&Chat>) -> SpeakerView {
        match who {
            Speaker::User(id) => {
                let user = self.state.users.get(id);
                let role = user
                    .filter(|_| chat.is_some())
                    .map(|user| user.role.as_str());
                SpeakerView {
                    id: id.to_string(),
                    name: self.name(id),
                    display: self.display(id),
                    role: role.unwrap_or_default().to_owned(),
                    bot: user.is_some_and(|user| user.kind != UserType::Normal),
                }
            }
            Speaker::Robot(id) => {
                let robot = self.seed.robots.iter().find(|robot| robot.id == *id);
                let name = robot.map_or(id.as_str(), |robot| &robot.name);
                SpeakerView {
                    id: id.to_string(),
                    name: name.to_owned(),
                    display: name.to_owned(),
                    role: String::new(),
                    bot: true,
                }
            }
        }
    }

    fn view_message(&self, _: &Chat, spoken: &Spoken, view: MessageView) -> MessageView {
        self.view_spoken(spoken, view)
    }
}

impl BearyChatWorld {
    fn view_room(&self, chat: &Chat) -> Room {
        let id = self.vchannel_of(chat);
        let vchannel = id.and_then(|id| self.state.vchannels.get(&id));
        let pins = self.view_pins(chat);
        let Some(vchannel) = vchannel else {
            return Room {
                kind: "direct",
                ..Room::default()
            };
        };
        let room = Room {
            archived: !vchannel.active,
            pins,
            ..Room::default()
        };
        match &vchannel.kind {
            Kind::Channel(channel) => Room {
                kind: "channel",
                topic: channel.topic.clone(),
                creator: Some(channel.creator.to_string()),
                private: channel.private,
                general: channel.general,
                ..room
            },
            Kind::Session { .. } => Room {
                kind: "session",
                private: true,
                ..room
            },
            Kind::P2p => Room {
                kind: "direct",
                ..room
            },
        }
    }

    /// What a conversation is called by whoever looks at it.
    pub(super) fn title(&self, chat: &Chat, viewer: Option<&UserId>) -> String {
        let bot = &self.seed.bot().id;
        match chat {
            Chat::User(user) if viewer == Some(user) => self.display(bot),
            Chat::User(user) => self.display(user),
            Chat::Private(one, other) if viewer == Some(one) => self.display(other),
            Chat::Private(one, other) if viewer == Some(other) => self.display(one),
            Chat::Private(one, other) => {
                format!("{}, {}", self.display(one), self.display(other))
            }
            Chat::Group(id) => match self.state.vchannels.get(id) {
                Some(vchannel) => match &vchannel.kind {
                    Kind::Channel(channel) => channel.name.clone(),
                    Kind::Session { name: Some(name) } => name.clone(),
                    _ => self.names(&vchannel.members, viewer),
                },
                None => id.to_string(),
            },
        }
    }

    /// What a conversation without a name is called: by who else is in it.
    fn names(&self, members: &[UserId], viewer: Option<&UserId>) -> String {
        let others = members.iter().filter(|member| Some(*member) != viewer);
        let mut names: Vec<String> = others.map(|member| self.display(member)).collect();
        if names.len() > NAMED {
            names.truncate(NAMED);
            names.push("…".to_owned());
        }
        names.join("、")
    }

    /// The name that is the same in all worlds, whatever they are called now.
    pub(super) fn name(&self, user: &UserId) -> String {
        if *user == self.seed.bot().id {
            return BOT.to_owned();
        }
        let mut everybody = self.seed.everybody();
        let first = everybody.find(|(id, _)| *id == user).map(|(_, name)| name);
        let now = || self.state.users.get(user).map(|user| user.name.as_str());
        let name = first.or_else(now);
        name.unwrap_or(user.as_str()).to_owned()
    }

    /// What is shown of somebody.
    pub(super) fn display(&self, user: &UserId) -> String {
        let known = self.state.users.get(user);
        known
            .map_or(user.as_str(), |user| user.display())
            .to_owned()
    }

    /// Who did something.
    pub(super) fn by(&self, user: &UserId) -> By {
        By {
            id: user.to_string(),
            name: self.name(user),
        }
    }
}
