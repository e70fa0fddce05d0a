//! The world as people see it.

use std::collections::BTreeSet;

use mynah_rongcloud::UserId;

use super::archive::{Chat, Entry, Fate, Line, Spoken, What};
use super::groups::Gag;
use super::world::RongCloudWorld;
use crate::world::{
    By, Conversation, Conversations, Joinable, Member, MessageView, Messages, Notice, Person,
    Rejected, Speaker as SpeakerView,
};

/// The most messages in one page.
const PAGE: usize = 1_000;
/// The name that is the same in all worlds, of the application's own user.
pub(super) const BOT: &str = "bot";
/// The end of what has none, in seconds since 1970.
const FOREVER: i64 = 253_402_271_999;

impl RongCloudWorld {
    pub(super) fn view_people(&self) -> Vec<Person> {
        let own = std::iter::once(&self.seed.bot.id);
        let users = self.state.users.all().map(|(id, _)| id);
        let others = users.filter(|id| **id != self.seed.bot.id);
        own.chain(others).map(|id| self.view_person(id)).collect()
    }

    fn view_person(&self, user: &UserId) -> Person {
        let speaker = self.view_speaker(user, None);
        Person {
            name: speaker.name,
            id: speaker.id,
            display: speaker.display,
            bot: speaker.bot,
        }
    }

    pub(super) fn view_conversations(
        &self,
        viewer: Option<&str>,
    ) -> Result<Conversations, Rejected> {
        let viewer = viewer.map(|name| self.person("viewer", name)).transpose()?;
        let chats = match &viewer {
            Some(viewer) => self.chats_of(viewer),
            None => self.all_chats(),
        };
        let place = |chat: &Chat| {
            let viewer = viewer.as_ref();
            let on_top = viewer.is_some_and(|viewer| self.is_on_top(chat, viewer));
            (on_top, self.newest(chat).map_or(0, |entry| entry.seq))
        };
        let chats = chats.into_iter().map(|chat| (place(&chat), chat));
        let mut chats: Vec<((bool, u64), Chat)> = chats.collect();
        chats.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
        let conversations = chats.iter();
        Ok(Conversations {
            conversations: conversations
                .map(|(_, chat)| self.view_conversation(chat, viewer.as_ref()))
                .collect(),
            joinable: viewer.map_or_else(Vec::new, |viewer| self.view_joinable(&viewer)),
            emoji: Vec::new(),
            stickers: Vec::new(),
        })
    }

    /// The last thing that somebody who reads a conversation finds there.
    pub(super) fn newest(&self, chat: &Chat) -> Option<&Entry> {
        self.entries(chat).next()
    }

    /// What somebody who reads a conversation finds there, newest first.
    fn entries<'a>(&'a self, chat: &Chat) -> impl Iterator<Item = &'a Entry> + use<'a> {
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

    /// What everybody was told is told those who were registered then.
    fn is_told(&self, user: &UserId, entry: &Entry) -> bool {
        let What::Message(spoken) = &entry.what else {
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

    fn view_joinable(&self, viewer: &UserId) -> Vec<Joinable> {
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
            last: self.newest(chat).map(|entry| self.view_entry(chat, entry)),
        }
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
        users.map(|user| self.view_member(chat, user)).collect()
    }

    fn view_member(&self, chat: &Chat, user: &UserId) -> Member {
        let speaker = self.view_speaker(user, Some(chat));
        Member {
            id: speaker.id,
            name: speaker.name,
            card: String::new(),
            role: speaker.role,
            title: String::new(),
            muted_until: self.gag_in(chat, user).map(|gag| {
                let until = gag.until.map(crate::world::Time::seconds);
                until.unwrap_or(FOREVER)
            }),
        }
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

    pub(super) fn view_messages(
        &self,
        conversation: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Messages, Rejected> {
        let chat = self.conversation("conversation", conversation)?;
        let limit = limit.clamp(1, PAGE);
        let mut older = self
            .entries(&chat)
            .filter(|entry| before.is_none_or(|before| entry.seq < before));
        let mut page: Vec<MessageView> = older
            .by_ref()
            .take(limit)
            .map(|entry| self.view_entry(&chat, entry))
            .collect();
        page.reverse();
        Ok(Messages {
            messages: page,
            more: older.next().is_some(),
        })
    }

    pub(super) fn view_entry(&self, chat: &Chat, entry: &Entry) -> MessageView {
        let view = MessageView {
            seq: entry.seq,
            id: String::new(),
            conversation: chat.to_string(),
            time: entry.time.seconds(),
            from: self.view_speaker(&entry.by, Some(chat)),
            kind: "notice",
            parts: Vec::new(),
            recalled: None,
            reactions: Vec::new(),
            notice: None,
            journal: entry.journal.iter().copied().collect(),
            readers: None,
            unread: None,
            tag: None,
            edited: false,
            pinned: None,
        };
        match &entry.what {
            What::Message(spoken) => self.view_message(spoken, view),
            What::Line(line) => MessageView {
                notice: Some(view_line(line)),
                ..view
            },
        }
    }

    fn view_message(&self, spoken: &Spoken, view: MessageView) -> MessageView {
        let recalled = spoken.recalled.as_ref().map(|user| By {
            id: user.to_string(),
            name: self.name(user),
        });
        MessageView {
            id: spoken.uid.to_string(),
            kind: "message",
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

    /// The name that is the same in all worlds.
    fn name(&self, user: &UserId) -> String {
        if *user == self.seed.bot.id {
            BOT.to_owned()
        } else {
            user.to_string()
        }
    }

    fn view_speaker(&self, user: &UserId, chat: Option<&Chat>) -> SpeakerView {
        SpeakerView {
            id: user.to_string(),
            name: self.name(user),
            display: self.display(user),
            role: chat.map_or("", |chat| self.role(chat, user)).to_owned(),
            bot: *user == self.seed.bot.id,
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

fn view_line(line: &Line) -> Notice {
    Notice {
        kind: line.kind.as_str(),
        text_en: line.text.en.clone(),
        text_zh: line.text.zh.clone(),
    }
}
