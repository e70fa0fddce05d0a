//! What was said and done in every conversation.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use mynah_rongcloud::{ChatroomId, GroupId, MessageUid, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::limits;
use crate::world::Time;

/// A conversation, by the names that the front page of
/// [`rongcloud`](crate::rongcloud) lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chat {
    /// A person and the application's own user.
    User(UserId),
    /// Two people, the smaller id first.
    Private(UserId, UserId),
    Group(GroupId),
    Room(ChatroomId),
    Discussion(String),
    /// What the system tells somebody.
    System(UserId),
    /// What the system tells everybody. It is shown with what it tells each.
    Everybody,
}

impl Chat {
    /// The conversation of two users, one of whom may be the application's
    /// own.
    pub(super) fn between(one: &UserId, other: &UserId, bot: &UserId) -> Self {
        if one == bot {
            return Self::User(other.clone());
        }
        if other == bot {
            return Self::User(one.clone());
        }
        let (first, second) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        Self::Private(first.clone(), second.clone())
    }

    /// The group, if it is one.
    pub(super) fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Group(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Private(one, other) => {
                let escaped = |user: &UserId| {
                    let text = user.as_str().replace('%', "%25");
                    text.replace(':', "%3A")
                };
                write!(f, "private:{}:{}", escaped(one), escaped(other))
            }
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Room(id) => write!(f, "chatroom:{id}"),
            Self::Discussion(id) => write!(f, "discussion:{id}"),
            Self::System(user) => write!(f, "system:{user}"),
            Self::Everybody => f.write_str("everybody"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "everybody" {
            return Ok(Self::Everybody);
        }
        let (kind, id) = text.split_once(':').ok_or(())?;
        Ok(match kind {
            "user" => Self::User(id.into()),
            "group" => Self::Group(id.into()),
            "chatroom" => Self::Room(id.into()),
            "discussion" => Self::Discussion(id.to_owned()),
            "system" => Self::System(id.into()),
            "private" => {
                let (one, other) = id.split_once(':').ok_or(())?;
                let plain = |id: &str| id.replace("%3A", ":").replace("%25", "%");
                let (one, other) = (plain(one), plain(other));
                let (first, second) = if one <= other {
                    (one, other)
                } else {
                    (other, one)
                };
                Self::Private(first.as_str().into(), second.as_str().into())
            }
            _ => return Err(()),
        })
    }
}

impl Serialize for Chat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Chat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|()| de::Error::custom("not the name of a conversation"))
    }
}

/// Every conversation, and where each message is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Archive {
    timelines: BTreeMap<Chat, Timeline>,
    next_seq: u64,
    #[serde(skip)]
    index: BTreeMap<MessageUid, (Chat, u64)>,
}

/// What happened in one conversation, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Timeline {
    entries: VecDeque<Entry>,
}

/// A message, or a line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) time: Time,
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub(super) journal: VecDeque<u64>,
    pub(super) by: UserId,
    pub(super) what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    Message(Box<Spoken>),
    Line(Line),
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spoken {
    pub(super) uid: MessageUid,
    pub(super) body: Body,
    /// Whom it is for, of all who are there; everybody, if it is nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) only_for: Vec<UserId>,
    #[serde(default)]
    pub(super) fate: Fate,
    /// Who took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recalled: Option<UserId>,
}

/// What a message says. Messages that say the same share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body(Arc<(String, String)>);

impl Body {
    pub(super) fn new(object_name: impl Into<String>, content: impl Into<String>) -> Self {
        Self(Arc::new((object_name.into(), content.into())))
    }

    pub(super) fn object_name(&self) -> &str {
        &self.0.0
    }

    pub(super) fn content(&self) -> &str {
        &self.0.1
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(|both| Self(Arc::new(both)))
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fate {
    #[default]
    Delivered,
    /// It was shown to those who were there, and nobody keeps it.
    Status,
    /// Somebody else decides whether it is delivered.
    Held,
    /// Nobody sees it but its sender.
    Swallowed,
}

/// A line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) kind: LineKind,
    pub(super) text: Bilingual,
}

/// One text in both languages of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bilingual {
    pub(super) en: String,
    pub(super) zh: String,
}

impl Bilingual {
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }
}

/// What kind of thing a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LineKind {
    Join,
    Leave,
    Kick,
    Mute,
    Unmute,
    Rename,
    Dismiss,
}

impl LineKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave | Self::Dismiss => "leave",
            Self::Kick => "kick",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::Rename => "rename",
        }
    }
}

impl Archive {
    pub(super) fn new() -> Self {
        Self {
            timelines: BTreeMap::new(),
            next_seq: 1,
            index: BTreeMap::new(),
        }
    }

    /// Finds every message again after the index has been left away.
    ///
    /// # Errors
    /// A conversation is out of order.
    pub(super) fn rebuild_index(&mut self) -> Result<(), String> {
        self.index.clear();
        for (chat, timeline) in &self.timelines {
            let mut last = 0;
            for entry in &timeline.entries {
                if entry.seq <= last || entry.seq >= self.next_seq {
                    return Err(format!("{chat} is out of order at {}", entry.seq));
                }
                last = entry.seq;
                if let What::Message(spoken) = &entry.what {
                    let place = (chat.clone(), entry.seq);
                    self.index.insert(spoken.uid.clone(), place);
                }
            }
        }
        Ok(())
    }

    pub(super) fn add_message(
        &mut self,
        chat: &Chat,
        time: Time,
        by: UserId,
        spoken: Spoken,
    ) -> u64 {
        let uid = spoken.uid.clone();
        let seq = self.add(chat, time, by, What::Message(Box::new(spoken)));
        self.index.insert(uid, (chat.clone(), seq));
        seq
    }

    pub(super) fn add_line(&mut self, chat: &Chat, time: Time, by: UserId, line: Line) -> u64 {
        self.add(chat, time, by, What::Line(line))
    }

    fn add(&mut self, chat: &Chat, time: Time, by: UserId, what: What) -> u64 {
        let seq = self.next_seq;
        self.next_seq = seq.saturating_add(1);
        if !self.timelines.contains_key(chat) && self.timelines.len() >= limits::CONVERSATIONS {
            self.forget_oldest();
        }
        let entries = &mut self.timelines.entry(chat.clone()).or_default().entries;
        entries.push_back(Entry {
            seq,
            time,
            journal: VecDeque::new(),
            by,
            what,
        });
        if entries.len() > limits::ENTRIES
            && let Some(entry) = entries.pop_front()
        {
            self.forget(&entry);
        }
        seq
    }

    fn forget(&mut self, entry: &Entry) {
        if let What::Message(spoken) = &entry.what {
            self.index.remove(&spoken.uid);
        }
    }

    /// Forgets a tenth of all conversations, those where nothing has happened
    /// for longest.
    fn forget_oldest(&mut self) {
        let mut ages: Vec<(u64, Chat)> = self
            .timelines
            .iter()
            .map(|(chat, it)| (it.newest(), chat.clone()))
            .collect();
        ages.sort_unstable();
        for (_, chat) in ages.into_iter().take(limits::CONVERSATIONS / 10) {
            self.forget_chat(&chat);
        }
    }

    /// Forgets everything that happened in a conversation.
    pub(super) fn forget_chat(&mut self, chat: &Chat) {
        if let Some(timeline) = self.timelines.remove(chat) {
            timeline.entries.iter().for_each(|entry| self.forget(entry));
        }
    }

    /// Conversations in which something happened.
    pub(super) fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.timelines.keys()
    }

    fn entries_of(&self, chat: &Chat) -> &VecDeque<Entry> {
        static NONE: VecDeque<Entry> = VecDeque::new();
        self.timelines.get(chat).map_or(&NONE, |it| &it.entries)
    }

    /// What happened in a conversation, newest first. What everybody is told
    /// is told each.
    pub(super) fn newest_first<'a>(
        &'a self,
        chat: &Chat,
    ) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let everybody = match chat {
            Chat::System(_) => Some(self.entries_of(&Chat::Everybody)),
            _ => None,
        };
        let mut own = self.entries_of(chat).iter().rev().peekable();
        let mut all = everybody.into_iter().flatten().rev().peekable();
        std::iter::from_fn(move || match (own.peek(), all.peek()) {
            (Some(one), Some(other)) if one.seq < other.seq => all.next(),
            (None, Some(_)) => all.next(),
            _ => own.next(),
        })
    }

    /// The entry with this number.
    pub(super) fn entry(&self, chat: &Chat, seq: u64) -> Option<&Entry> {
        let found = |chat| {
            let entries = self.entries_of(chat);
            entries.get(position(entries, seq)?)
        };
        match chat {
            Chat::System(_) => found(chat).or_else(|| found(&Chat::Everybody)),
            _ => found(chat),
        }
    }

    fn entry_mut(&mut self, chat: &Chat, seq: u64) -> Option<&mut Entry> {
        let entries = &mut self.timelines.get_mut(chat)?.entries;
        let at = position(entries, seq)?;
        entries.get_mut(at)
    }

    /// Where a message stands.
    pub(super) fn place(&self, uid: &MessageUid) -> Option<&(Chat, u64)> {
        self.index.get(uid)
    }

    /// A message, and the entry that it stands in.
    pub(super) fn message(&self, uid: &MessageUid) -> Option<(&Entry, &Spoken)> {
        let (chat, seq) = self.place(uid)?;
        let entry = self.entry(chat, *seq)?;
        match &entry.what {
            What::Message(spoken) => Some((entry, spoken)),
            What::Line(_) => None,
        }
    }

    /// The same, for changing it.
    pub(super) fn message_mut(&mut self, uid: &MessageUid) -> Option<&mut Spoken> {
        let (chat, seq) = self.index.get(uid)?.clone();
        match &mut self.entry_mut(&chat, seq)?.what {
            What::Message(spoken) => Some(spoken),
            What::Line(_) => None,
        }
    }

    /// Notes that a journal entry carried a message; tells where it stands, if
    /// that is new.
    pub(super) fn note_journal(&mut self, uid: &MessageUid, journal: u64) -> Option<(Chat, u64)> {
        let (chat, seq) = self.place(uid)?.clone();
        let entry = self.entry_mut(&chat, seq)?;
        if entry.journal.contains(&journal) {
            return None;
        }
        entry.journal.push_back(journal);
        if entry.journal.len() > limits::JOURNAL_ENTRIES {
            entry.journal.pop_front();
        }
        Some((chat, seq))
    }

    /// No message gets a number again that another one had.
    pub(super) fn go_on_counting(&mut self, before: &Self) {
        self.next_seq = before.next_seq;
    }
}

impl Timeline {
    fn newest(&self) -> u64 {
        self.entries.back().map_or(0, |entry| entry.seq)
    }
}

/// Where the entry with this number is; entries are in order.
fn position(entries: &VecDeque<Entry>, seq: u64) -> Option<usize> {
    entries.binary_search_by_key(&seq, |entry| entry.seq).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_name_of_a_conversation_is_read_back_whatever_the_ids() {
        let bot = UserId::from("bot");
        for (one, other) in [("a", "b"), ("b:c", "a%3A"), ("%25", ":"), ("a", "bot")] {
            let chat = Chat::between(&one.into(), &other.into(), &bot);
            assert_eq!(chat, Chat::between(&other.into(), &one.into(), &bot));
            assert_eq!(chat.to_string().parse::<Chat>().unwrap(), chat, "{chat}");
        }
        assert_eq!(
            "private:b:a".parse::<Chat>().unwrap().to_string(),
            "private:a:b"
        );
        assert_eq!("team:a".parse::<Chat>(), Err(()));
    }

    #[test]
    fn the_conversations_where_nothing_happens_are_forgotten() {
        let mut archive = Archive::new();
        let say = |archive: &mut Archive, user: String| {
            let spoken = Spoken {
                uid: user.as_str().into(),
                body: Body::new("RC:TxtMsg", "{}"),
                only_for: Vec::new(),
                fate: Fate::Delivered,
                recalled: None,
            };
            let chat = Chat::User(user.as_str().into());
            archive.add_message(&chat, Time(0), "bot".into(), spoken);
        };
        for number in 0..=limits::CONVERSATIONS {
            say(&mut archive, format!("u{number}"));
        }
        assert!(archive.chats().count() < limits::CONVERSATIONS);
        assert!(archive.message(&"u0".into()).is_none());
        let last = format!("u{}", limits::CONVERSATIONS);
        assert!(archive.message(&last.as_str().into()).is_some());
        assert_eq!(archive.index.len(), archive.timelines.len());
    }
}
