//! The world as people see it.

use mynah_onebot::message::{Mention, View};
use mynah_onebot::{GroupId, Message, MessageId, Segment, UserId};
use serde_json::json;

use super::archive::{Chat, Entry, Line, Speaker, Spoken, Timeline, What};
use super::media::{self, Kind};
use super::state::{Group, JoinPolicy, SYSTEM};
use super::world::OneBotWorld;
use crate::world::{
    By, Conversation, Conversations, Joinable, Member, MessageView, Messages, Notice, Part, Person,
    Reaction, Rejected, Speaker as SpeakerView, Time,
};

/// The most messages in one page.
const PAGE: usize = 1_000;

impl OneBotWorld {
    pub(super) fn view_people(&self) -> Vec<Person> {
        let bot = self.bot();
        let others = self.state.users.keys().filter(|id| **id != bot);
        std::iter::once(&bot)
            .chain(others)
            .map(|id| self.view_person(*id))
            .collect()
    }

    fn view_person(&self, id: UserId) -> Person {
        Person {
            name: self.name(id),
            id: id.to_string(),
            display: self.state.nickname(id),
            bot: self.state.is_bot(id),
        }
    }

    /// The name that is the same in all worlds.
    pub(super) fn name(&self, id: UserId) -> String {
        self.state
            .users
            .get(&id)
            .map_or_else(|| id.to_string(), |user| user.name.clone())
    }

    pub(super) fn view_conversations(
        &self,
        viewer: Option<&str>,
    ) -> Result<Conversations, Rejected> {
        let viewer = viewer.map(|name| self.person("viewer", name)).transpose()?;
        let sees = |chat: Chat| viewer.is_none_or(|viewer| self.state.takes_part(viewer, chat));
        let mut chats: Vec<Chat> = self.all_chats().filter(|chat| sees(*chat)).collect();
        chats.sort_by_key(|chat| {
            let last = self.state.archive.timeline(*chat).and_then(last_entry);
            std::cmp::Reverse(last.map_or(0, |entry| entry.seq))
        });
        let conversations = chats
            .into_iter()
            .map(|chat| self.view_conversation(chat, viewer))
            .collect();
        Ok(Conversations {
            conversations,
            joinable: viewer.map_or_else(Vec::new, |viewer| self.view_joinable(viewer)),
            emoji: Vec::new(),
            stickers: Vec::new(),
        })
    }

    /// Every conversation that exists, whether something was said in it or not.
    fn all_chats(&self) -> impl Iterator<Item = Chat> {
        let bot = self.bot();
        let groups = self.state.groups.keys().map(|id| Chat::Group(*id));
        let people = self.state.users.keys().filter(move |id| **id != bot);
        let directs = people.map(|id| Chat::Direct(*id));
        let discusses = self.state.discusses.keys().map(|id| Chat::Discuss(*id));
        let legacy = self.settings.legacy;
        groups
            .chain(directs)
            .chain(discusses.filter(move |_| legacy))
    }

    fn view_joinable(&self, viewer: UserId) -> Vec<Joinable> {
        if self.state.is_bot(viewer) {
            return Vec::new();
        }
        self.state
            .groups
            .iter()
            .filter(|(_, group)| group.join != JoinPolicy::Closed)
            .filter(|(_, group)| !group.members.contains_key(&viewer))
            .map(|(id, group)| Joinable {
                id: Chat::Group(*id).to_string(),
                title: group.name.clone(),
            })
            .collect()
    }

    fn view_conversation(&self, chat: Chat, viewer: Option<UserId>) -> Conversation {
        let group = match chat {
            Chat::Group(id) => self.state.groups.get(&id),
            Chat::Direct(_) | Chat::Discuss(_) => None,
        };
        Conversation {
            id: chat.to_string(),
            kind: match chat {
                Chat::Group(_) | Chat::Discuss(_) => "group",
                Chat::Direct(_) => "direct",
            },
            bot_kind: None,
            menu: None,
            title: self.title(chat, viewer),
            members: self.view_members(chat),
            whole_ban: group.is_some_and(|group| group.whole_ban),
            room: None,
            last: self
                .state
                .archive
                .timeline(chat)
                .and_then(last_entry)
                .map(|entry| self.view_entry(chat, entry)),
        }
    }

    fn title(&self, chat: Chat, viewer: Option<UserId>) -> String {
        match chat {
            Chat::Group(id) => self
                .state
                .groups
                .get(&id)
                .map(|group| group.name.clone())
                .unwrap_or_default(),
            Chat::Discuss(id) => self
                .state
                .discusses
                .get(&id)
                .map(|discuss| discuss.name.clone())
                .unwrap_or_default(),
            Chat::Direct(person) if viewer == Some(person) => self.state.nickname(self.bot()),
            Chat::Direct(person) => self.state.nickname(person),
        }
    }

    fn view_members(&self, chat: Chat) -> Vec<Member> {
        match chat {
            Chat::Group(id) => self
                .state
                .groups
                .get(&id)
                .map(|group| self.view_group_members(group))
                .unwrap_or_default(),
            Chat::Discuss(id) => {
                let members = self.state.discusses.get(&id).map(|it| it.members.iter());
                let members = members.into_iter().flatten();
                members.map(|user| self.view_participant(*user)).collect()
            }
            Chat::Direct(person) => [person, self.bot()]
                .map(|user| self.view_participant(user))
                .into(),
        }
    }

    fn view_group_members(&self, group: &Group) -> Vec<Member> {
        let now = self.state.now;
        let view = |(id, member): (&UserId, &super::state::Member)| Member {
            id: id.to_string(),
            name: self.name(*id),
            card: member.card.clone(),
            role: mynah_onebot::types::Role::from(member.rank).to_string(),
            title: member.title(now).to_owned(),
            muted_until: member
                .muted_until
                .filter(|until| now < *until)
                .map(Time::seconds),
        };
        group.members.iter().map(view).collect()
    }

    /// Somebody in a conversation that has no roles.
    fn view_participant(&self, user: UserId) -> Member {
        Member {
            id: user.to_string(),
            name: self.name(user),
            card: String::new(),
            role: String::new(),
            title: String::new(),
            muted_until: None,
        }
    }

    pub(super) fn view_messages(
        &self,
        conversation: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Messages, Rejected> {
        let chat = self.chat("conversation", conversation, self.bot())?;
        let Some(timeline) = self.state.archive.timeline(chat) else {
            return Ok(Messages {
                messages: Vec::new(),
                more: false,
            });
        };
        let limit = limit.clamp(1, PAGE);
        let mut older = timeline
            .entries()
            .rev()
            .skip_while(|entry| before.is_some_and(|before| entry.seq >= before));
        let mut messages: Vec<MessageView> = older
            .by_ref()
            .take(limit)
            .map(|entry| self.view_entry(chat, entry))
            .collect();
        messages.reverse();
        Ok(Messages {
            messages,
            more: older.next().is_some(),
        })
    }

    pub(super) fn view_entry(&self, chat: Chat, entry: &Entry) -> MessageView {
        let base = MessageView {
            seq: entry.seq,
            id: String::new(),
            conversation: chat.to_string(),
            time: entry.time.seconds(),
            from: self.view_user(chat, SYSTEM),
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
            What::Message(spoken) => self.view_spoken(chat, spoken, base),
            What::Line(line) => MessageView {
                from: self.view_user(chat, line.by),
                notice: Some(view_line(line)),
                ..base
            },
        }
    }

    fn view_spoken(&self, chat: Chat, spoken: &Spoken, base: MessageView) -> MessageView {
        MessageView {
            id: spoken.id.to_string(),
            from: match &spoken.by {
                Speaker::User(user) => self.view_user(chat, *user),
                Speaker::System => base.from,
                Speaker::Masked { user, mask } => SpeakerView {
                    display: mask.name.clone(),
                    role: String::new(),
                    ..self.view_user(chat, *user)
                },
            },
            kind: "message",
            parts: self.view_parts(chat, &spoken.message),
            recalled: spoken.recalled.map(|by| By {
                id: by.to_string(),
                name: self.name(by),
            }),
            reactions: spoken
                .reactions
                .iter()
                .map(|(emoji, by)| Reaction {
                    id: emoji.clone(),
                    by: by.iter().map(UserId::to_string).collect(),
                })
                .collect(),
            pinned: self.held_up_by(chat, spoken.id).map(|by| By {
                id: by.to_string(),
                name: self.name(by),
            }),
            ..base
        }
    }

    /// Who made a message an essence of the group, if anybody did.
    fn held_up_by(&self, chat: Chat, message: MessageId) -> Option<UserId> {
        let Chat::Group(group) = chat else {
            return None;
        };
        let mut essences = self.state.groups.get(&group)?.essences.iter();
        let found = essences.find(|essence| essence.message == message);
        found.map(|essence| essence.operator)
    }

    fn view_user(&self, chat: Chat, user: UserId) -> SpeakerView {
        if user == SYSTEM {
            return SpeakerView {
                id: SYSTEM.to_string(),
                name: "system".to_owned(),
                display: "系统消息".to_owned(),
                role: String::new(),
                bot: false,
            };
        }
        let role = match chat {
            Chat::Group(group) => self.role(group, user),
            Chat::Direct(_) | Chat::Discuss(_) => String::new(),
        };
        SpeakerView {
            id: user.to_string(),
            name: self.name(user),
            display: self.state.display(user, chat),
            role,
            bot: self.state.is_bot(user),
        }
    }

    fn role(&self, group: GroupId, user: UserId) -> String {
        let group = self.state.groups.get(&group);
        group
            .and_then(|group| group.members.get(&user))
            .map(|member| mynah_onebot::types::Role::from(member.rank).to_string())
            .unwrap_or_default()
    }

    fn view_parts(&self, chat: Chat, message: &Message) -> Vec<Part> {
        message
            .iter()
            .map(|segment| self.view_part(chat, segment))
            .collect()
    }

    fn view_part(&self, chat: Chat, segment: &Segment) -> Part {
        match segment.view() {
            View::Text(text) => Part::Text {
                text: text.to_owned(),
            },
            View::At(Mention::All) => Part::Mention {
                id: "all".to_owned(),
                name: "全体成员".to_owned(),
            },
            View::At(Mention::User(user)) => Part::Mention {
                id: user.to_string(),
                name: self.state.display(user, chat),
            },
            View::Image(image) => Part::Image {
                url: self.page_url(image.file),
                name: image.file.to_owned(),
            },
            View::Reply(id) => Part::Quote {
                message_id: id.to_string(),
            },
            View::Face { id } => Part::Face { id: id.to_owned() },
            _ => self.view_other(segment),
        }
    }

    fn view_other(&self, segment: &Segment) -> Part {
        let mut data = json!(segment.data());
        if let (Some(kind), Some(file)) = (Kind::of_segment(segment.kind()), segment.get("file"))
            && kind != Kind::Image
        {
            data["url"] = json!(self.page_url(file));
        }
        Part::Other {
            name: segment.kind().to_owned(),
            text: self.words_for(segment),
            data,
        }
    }

    /// A line that stands for what the page cannot draw.
    fn words_for(&self, segment: &Segment) -> String {
        if let View::Forward { id } = segment.view()
            && let Some(nodes) = self.state.forwards.get(id)
        {
            let lines = nodes.iter().map(|node| {
                let words = node.message.plain_text();
                format!("{}: {words}", node.nickname)
            });
            return lines.collect::<Vec<_>>().join("\n");
        }
        let telling = ["title", "name", "result", "value", "text", "data", "id"];
        let words = telling.iter().find_map(|key| segment.get(key));
        match words {
            Some(words) => format!("[{}] {words}", segment.kind()),
            None => format!("[{}]", segment.kind()),
        }
    }

    /// Where the page finds a stored medium.
    fn page_url(&self, name: &str) -> String {
        match self.state.media.get(name) {
            Some(item) if item.bytes().is_some() => format!("{}{name}", self.settings.media_path),
            Some(item) => item.url.clone().unwrap_or_default(),
            None => String::new(),
        }
    }

    pub(super) fn view_media(&self, name: &str) -> Option<(String, Vec<u8>)> {
        let bytes = self.state.media.get(name)?.bytes()?;
        let media_type = media::sniff(bytes).map_or("application/octet-stream", |(_, it)| it);
        Some((media_type.to_owned(), bytes.to_vec()))
    }
}

fn last_entry(timeline: &Timeline) -> Option<&Entry> {
    timeline.entries().next_back()
}

fn view_line(line: &Line) -> Notice {
    Notice {
        kind: line.kind.as_str(),
        text_en: line.text.en.clone(),
        text_zh: line.text.zh.clone(),
    }
}
