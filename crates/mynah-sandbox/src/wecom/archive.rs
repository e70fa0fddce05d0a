//! What was said and done in every conversation.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use mynah_wecom::UserId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::content::Content;
use super::limits;
use crate::world::Time;

/// A conversation: `group:general`, `user:alice` (with the first application),
/// `agent:1000003:alice` (with another), `bot:alice` (with the intelligent bot).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chat {
    Group(String),
    User(UserId),
    Agent(i64, UserId),
    Bot(UserId),
}

impl Chat {
    /// The person of a conversation of two.
    pub(super) fn person(&self) -> Option<&UserId> {
        match self {
            Self::Group(_) => None,
            Self::User(person) | Self::Agent(_, person) | Self::Bot(person) => Some(person),
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group:{id}"),
            Self::User(user) => write!(f, "user:{user}"),
            Self::Agent(agent, user) => write!(f, "agent:{agent}:{user}"),
            Self::Bot(user) => write!(f, "bot:{user}"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, id) = text.split_once(':').ok_or(())?;
        match kind {
            "group" => Ok(Self::Group(id.to_owned())),
            "user" => Ok(Self::User(UserId::from(id))),
            "bot" => Ok(Self::Bot(UserId::from(id))),
            "agent" => {
                let (agent, user) = id.split_once(':').ok_or(())?;
                let agent = agent.parse().map_err(|_| ())?;
                Ok(Self::Agent(agent, UserId::from(user)))
            }
            _ => Err(()),
        }
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
pub(super) struct Archive {
    timelines: BTreeMap<Chat, Timeline>,
    next_seq: u64,
    /// One message to many people stands in many conversations.
    #[serde(skip)]
    index: BTreeMap<String, Vec<(Chat, u64)>>,
}

/// What happened in one conversation, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Timeline {
    entries: VecDeque<Entry>,
    /// Up to which entry each has read.
    read: BTreeMap<UserId, u64>,
}

/// A message, or a line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) time: Time,
    pub(super) journal: VecDeque<u64>,
    pub(super) what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum What {
    Message(Box<Spoken>),
    Line(Line),
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spoken {
    pub(super) id: String,
    pub(super) by: Speaker,
    pub(super) content: Content,
    pub(super) recalled: bool,
}

impl Spoken {
    pub(super) fn new(id: String, by: Speaker, content: Content) -> Self {
        Self {
            id,
            by,
            content,
            recalled: false,
        }
    }
}

/// Who spoke or acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Speaker {
    Person(UserId),
    /// An application, by its agent id.
    Application(i64),
    /// A group robot, by its place in the seed: its key is a secret.
    Robot(usize),
    /// The intelligent bot.
    Bot,
}

/// A line that says what happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) kind: LineKind,
    pub(super) by: Speaker,
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
    Rename,
    Admin,
    Friend,
    Notice,
    Status,
}

impl LineKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Kick => "kick",
            Self::Rename => "rename",
            Self::Admin => "admin",
            Self::Friend => "friend",
            Self::Notice => "notice",
            Self::Status => "status",
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
                    let places = self.index.entry(spoken.id.clone()).or_default();
                    places.push((chat.clone(), entry.seq));
                }
            }
        }
        Ok(())
    }

    pub(super) fn add_message(&mut self, chat: &Chat, time: Time, spoken: Spoken) -> u64 {
        let id = spoken.id.clone();
        let seq = self.add(chat, time, What::Message(Box::new(spoken)));
        self.index.entry(id).or_default().push((chat.clone(), seq));
        seq
    }

    pub(super) fn add_line(&mut self, chat: &Chat, time: Time, line: Line) -> u64 {
        self.add(chat, time, What::Line(line))
    }

    fn add(&mut self, chat: &Chat, time: Time, what: What) -> u64 {
        let seq = self.next_seq;
        self.next_seq = seq.saturating_add(1);
        let entries = &mut self.timelines.entry(chat.clone()).or_default().entries;
        entries.push_back(Entry {
            seq,
            time,
            journal: VecDeque::new(),
            what,
        });
        if entries.len() > limits::ENTRIES
            && let Some(Entry {
                what: What::Message(forgotten),
                seq,
                ..
            }) = entries.pop_front()
        {
            self.forget(&forgotten.id, seq);
        }
        seq
    }

    fn forget(&mut self, id: &str, seq: u64) {
        if let Some(places) = self.index.get_mut(id) {
            places.retain(|(_, other)| *other != seq);
            if places.is_empty() {
                self.index.remove(id);
            }
        }
    }

    pub(super) fn timeline(&self, chat: &Chat) -> Option<&Timeline> {
        self.timelines.get(chat)
    }

    /// The conversations in which something has happened.
    pub(super) fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.timelines.keys()
    }

    pub(super) fn entry(&self, chat: &Chat, seq: u64) -> Option<&Entry> {
        let entries = &self.timelines.get(chat)?.entries;
        entries.get(position(entries, seq)?)
    }

    fn entry_mut(&mut self, chat: &Chat, seq: u64) -> Option<&mut Entry> {
        let entries = &mut self.timelines.get_mut(chat)?.entries;
        let at = position(entries, seq)?;
        entries.get_mut(at)
    }

    /// Where a message stands.
    pub(super) fn places(&self, id: &str) -> &[(Chat, u64)] {
        self.index.get(id).map_or(&[], Vec::as_slice)
    }

    /// A message where it stands.
    pub(super) fn message(&self, chat: &Chat, seq: u64) -> Option<&Spoken> {
        match &self.entry(chat, seq)?.what {
            What::Message(spoken) => Some(spoken),
            What::Line(_) => None,
        }
    }

    /// The same, for changing it.
    pub(super) fn message_mut(&mut self, chat: &Chat, seq: u64) -> Option<&mut Spoken> {
        match &mut self.entry_mut(chat, seq)?.what {
            What::Message(spoken) => Some(spoken),
            What::Line(_) => None,
        }
    }

    /// Notes that a journal entry carried a message; tells where it stands.
    pub(super) fn note_journal(&mut self, id: &str, journal: u64) -> Vec<(Chat, u64)> {
        let mut noted_at = Vec::new();
        for (chat, seq) in self.places(id).to_vec() {
            let Some(entry) = self.entry_mut(&chat, seq) else {
                continue;
            };
            if entry.journal.contains(&journal) {
                continue;
            }
            entry.journal.push_back(journal);
            if entry.journal.len() > limits::JOURNAL_ENTRIES {
                entry.journal.pop_front();
            }
            noted_at.push((chat, seq));
        }
        noted_at
    }

    /// Marks a conversation as read up to its newest entry.
    pub(super) fn mark_read(&mut self, chat: &Chat, reader: &UserId) {
        if let Some(timeline) = self.timelines.get_mut(chat)
            && let Some(newest) = timeline.entries.back()
        {
            timeline.read.insert(reader.clone(), newest.seq);
        }
    }
}

/// Where the entry with this number is; entries are in order.
fn position(entries: &VecDeque<Entry>, seq: u64) -> Option<usize> {
    entries.binary_search_by_key(&seq, |entry| entry.seq).ok()
}

impl Timeline {
    /// Oldest first.
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }
}
