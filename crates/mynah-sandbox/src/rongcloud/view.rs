//! The world as people see it.

use std::collections::BTreeSet;

use mynah_rongcloud::{ConversationType, UserId};

use super::archive::{Chat, Entry, Fate, Spoken};
use super::groups::Gag;
use super::world::RongCloudWorld;
use crate::view::View;
use crate::world::{By, Conversation, Joinable, Member, MessageView, Rejected, Speaker};

/// The name that is the same in all worlds, of the application's own user.
pub(super) const BOT: &str = "bot";
/// The end of what has none, in seconds since 1970.
const FOREVER: i64 = 253_402_271_999;

impl View for RongCloudWorld {
    type Viewer = UserId;

    fn everybody(&self) -> Vec<UserId> {
        let own = std::iter::once(&self.seed.bot.id);
        let users = self.state.users.all().map(|(id, _)| id);
        let others = users.filter(|id| **id != self.seed.bot.id);
        own.chain(others).cloned().collect()
    }

    fn viewer(&self, name: &str) -> Result<UserId, Rejected> {
        self.person("viewer", name)
    }

    fn chat(&self, id: &str) -> Result<Chat, Rejected> {
        self.conversation("conversation", id)
    }

    fn chats(&self, viewer: Option<&UserId>) -> Vec<Chat> {
        let chats = match viewer {
            Some(viewer) => self.chats_of(viewer),
            None => self.all_chats(),
        };
        chats.into_iter().collect()
    }

    fn joinable(&self, viewer: &UserId) -> Vec<Joinable> {
        let groups = self.state.groups.all();
        let groups = groups.filter(|(_, group)| !group.has(viewer));
        let groups = groups.map(|(id, group)| (Chat::Group(id.clone()), &group.name));
        let rooms = self.state.rooms.all();
        let rooms = rooms.filter(|(_, room)| !room.has(viewer));
        let rooms = rooms.map(|(id, room)| (Chat::Room(id.clone()), &room.name));
        groups
            .chain(rooms)
            .map(|(chat, name)| Joinable {
                id: chat.to_string(),
                title: name.clone(),
            })
            .collect()
    }

    fn is_on_top(&self, chat: &Chat, viewer: &UserId) -> bool {
        let bot = &self.seed.bot.id;
        let (kind, target) = match chat {
            Chat::User(user) if user == viewer => (ConversationType::Private, bot.clone().into()),
            Chat::User(user) => (ConversationType::Private, user.clone().into()),
            Chat::Private(one, other) if one == viewer => {
                (ConversationType::Private, other.clone().into())
            }
            Chat::Private(one, _) => (ConversationType::Private, one.clone().into()),
            Chat::Group(id) => (ConversationType::Group, id.clone().into()),
            // Whoever speaks for the system is the other end of it.
            Chat::System(_) => (ConversationType::System, bot.clone().into()),
            Chat::Room(_) | Chat::Discussion(_) | Chat::Everybody => return false,
        };
        self.state.conversations.get(viewer, kind, &target).top
    }

    fn view_conversation(&self, chat: &Chat, viewer: Option<&UserId>) -> Conversation {
        let muted = chat
            .group()
            .is_some_and(|id| self.state.groups.is_muted(id));
        Conversation {
            id: chat.to_string(),
            kind: match chat {
                Chat::Group(_) | Chat::Room(_) | Chat::Discussion(_) => "group",
                _ => "direct",
            },
            bot_kind: None,
            title: self.title(chat, viewer),
            members: self.view_members(chat),
            whole_ban: muted,
            menu: None,
            room: None,
            last: self.view_newest(chat),
        }
    }

    fn view_speaker(&self, user: &UserId, chat: Option<&Chat>) -> Speaker {
        Speaker {
            id: user.to_string(),
            name: self.name(user),
            display: self.display(user),
            role: chat.map_or("", |chat| self.role(chat, user)).to_owned(),
            bot: *user == self.seed.bot.id,
        }
    }

    fn view_message(&self, _: &Chat, spoken: &Spoken, view: MessageView) -> MessageView {
        let recalled = spoken.recalled.as_ref().map(|user| By {
            id: user.to_string(),
            name: self.name(user),
        });
        MessageView {
            parts: self.view_parts(&spoken.uid, &spoken.body),
            recalled,
            tag: match spoken.fate {
                Fate::Delivered => None,
                Fate::Status => Some("status"),
                Fate::Held => Some("held"),
                Fate::Swallowed => Some("undelivered"),
            },
            ..view
        }
    }

    fn entries<'a>(&'a self, chat: &Chat) -> impl Iterator<Item = &'a Entry> {
        let reader = match chat {
            Chat::System(user) => Some(user.clone()),
            _ => None,
        };
        let entries = self.state.archive.newest_first(chat);
        entries.filter(move |entry| {
            let reader = reader.as_ref();
            reader.is_none_or(|reader| self.is_told(reader, entry))
        })
    }

    fn entry(&self, chat: &Chat, seq: u64) -> Option<&Entry> {
        self.state.archive.told(chat, seq)
    }
}

impl RongCloudWorld {
    /// What everybody was told is told those who were registered then.
    fn is_told(&self, user: &UserId, entry: &Entry) -> bool {
        let Some(spoken) = entry.message() else {
            return true;
        };
        let place = self.state.archive.place(&spoken.uid);
        if place.is_none_or(|(chat, _)| *chat != Chat::Everybody) {
            return true;
        }
        let known = self.state.users.get(user);
        let was_there = known.is_some_and(|known| known.created <= entry.time);
        was_there && (spoken.only_for.is_empty() || spoken.only_for.contains(user))
    }

    /// Every conversation that exists, and those of the people of the seed,
    /// whether something was said in them or not.
    fn all_chats(&self) -> BTreeSet<Chat> {
        let groups = self.state.groups.all();
        let groups = groups.map(|(id, _)| Chat::Group(id.clone()));
        let rooms = self.state.rooms.all();
        let rooms = rooms.map(|(id, _)| Chat::Room(id.clone()));
        let people = self.seed.people.iter();
        let people = people.flat_map(|person| self.own_chats(&person.id));
        let spoken = self.state.archive.chats().cloned();
        let spoken = spoken.filter(|chat| self.stands(chat));
        groups.chain(rooms).chain(people).chain(spoken).collect()
    }

    /// Whether a conversation can be looked at.
    fn stands(&self, chat: &Chat) -> bool {
        match chat {
            Chat::Group(id) => self.state.groups.get(id).is_some(),
            Chat::Room(id) => self.state.rooms.get(id).is_some(),
            Chat::Everybody => false,
            _ => true,
        }
    }

    /// What somebody has alone: the conversation with the application's own
    /// user, and what the system said, if it said anything.
    fn own_chats(&self, user: &UserId) -> impl Iterator<Item = Chat> {
        let system = Chat::System(user.clone());
        let told = self.newest(&system).is_some();
        let system = told.then_some(system);
        std::iter::once(Chat::User(user.clone())).chain(system)
    }

    fn chats_of(&self, viewer: &UserId) -> BTreeSet<Chat> {
        let groups = self.state.groups.of(viewer);
        let groups = groups.map(|(id, _)| Chat::Group(id.clone()));
        let rooms = self.state.rooms.all().filter(|(_, room)| room.has(viewer));
        let rooms = rooms.map(|(id, _)| Chat::Room(id.clone()));
        let private = self.state.archive.chats().filter(
            |chat| matches!(chat, Chat::Private(one, other) if one == viewer || other == viewer),
        );
        let own = self.own_chats(viewer);
        let all = groups.chain(rooms).chain(private.cloned());
        all.chain(own).collect()
    }

    fn title(&self, chat: &Chat, viewer: Option<&UserId>) -> String {
        let named = |id: &str, name: Option<&String>| {
            let name = name.filter(|name| !name.is_empty());
            name.map_or(id, String::as_str).to_owned()
        };
        match chat {
            Chat::User(user) if viewer == Some(user) => self.display(&self.seed.bot.id),
            Chat::User(user) => self.display(user),
            Chat::Private(one, other) if viewer == Some(one) => self.display(other),
            Chat::Private(one, other) if viewer == Some(other) => self.display(one),
            Chat::Private(one, other) => {
                format!("{}, {}", self.display(one), self.display(other))
            }
            Chat::Group(id) => {
                let group = self.state.groups.get(id);
                named(id.as_str(), group.map(|group| &group.name))
            }
            Chat::Room(id) => {
                let room = self.state.rooms.get(id);
                named(id.as_str(), room.map(|room| &room.name))
            }
            Chat::Discussion(id) => id.clone(),
            Chat::System(_) | Chat::Everybody => "系统通知".to_owned(),
        }
    }

    fn view_members(&self, chat: &Chat) -> Vec<Member> {
        let bot = &self.seed.bot.id;
        let users: Vec<&UserId> = match chat {
            Chat::User(user) => vec![user, bot],
            Chat::Private(one, other) => vec![one, other],
            Chat::Group(id) => {
                let group = self.state.groups.get(id);
                group.map(|group| group.members()).unwrap_or_default()
            }
            Chat::Room(id) => {
                let room = self.state.rooms.get(id);
                let members = room.map(|room| room.members()).unwrap_or_default();
                members.into_iter().map(|(user, _)| user).collect()
            }
            Chat::System(user) => vec![user],
            Chat::Discussion(_) | Chat::Everybody => Vec::new(),
        };
        let users = users.into_iter();
        users
            .map(|user| Member {
                muted_until: self.gag_in(chat, user).map(|gag| {
                    let until = gag.until.map(crate::world::Time::seconds);
                    until.unwrap_or(FOREVER)
                }),
                ..self.view_member(user, chat)
            })
            .collect()
    }

    /// Why somebody may not speak in a conversation.
    pub(super) fn gag_in(&self, chat: &Chat, user: &UserId) -> Option<&Gag> {
        let now = self.state.now;
        match chat {
            Chat::Group(id) => self.state.groups.gagged(id, user, now),
            Chat::Room(id) => self.state.rooms.gagged(id, user, now),
            _ => None,
        }
    }

    /// The name that is the same in all worlds.
    fn name(&self, user: &UserId) -> String {
        if *user == self.seed.bot.id {
            BOT.to_owned()
        } else {
            user.to_string()
        }
    }

    fn role(&self, chat: &Chat, user: &UserId) -> &'static str {
        let member = match chat {
            Chat::Group(id) => self.state.groups.get(id).is_some_and(|it| it.has(user)),
            Chat::Room(id) => self.state.rooms.get(id).is_some_and(|it| it.has(user)),
            _ => false,
        };
        if member { "member" } else { "" }
    }
}
