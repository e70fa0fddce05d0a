//! What was said and done in every conversation.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use mynah_dingtalk::{ChatId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::content::Content;
use super::limits;
use crate::world::Time;

/// A conversation: `group:chatgeneral`, or `user:alice` (with the robot and the
/// application).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chat {
    Group(ChatId),
    User(UserId),
}

impl Chat {
    /// The person of a conversation of two.
    pub(super) fn person(&self) -> Option<&UserId> {
        match self {
            Self::Group(_) => None,
            Self::User(person) => Some(person),
        }
    }

    /// The group, if it is one.
    pub(super) fn group(&self) -> Option<&ChatId> {
        match self {
            Self::Group(id) => Some(id),
            Self::User(_) => None,
        }
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group:{id}"),
            Self::User(user) => write!(f, "user:{user}"),
        }
    }
}

impl FromStr for Chat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            Some(("group", id)) => Ok(Self::Group(id.into())),
            Some(("user", id)) => Ok(Self::User(id.into())),
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

/// Every conversation, where each message is, and who has read it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Archive {
    timelines: BTreeMap<Chat, Timeline>,
    next_seq: u64,
    /// By message, in the order of reading: one message to many people has
    /// one list.
    readings: BTreeMap<String, Vec<Reading>>,
    /// Counts up by leaps, over all messages.
    next_cursor: i64,
    /// One message to many people stands in many conversations.
    #[serde(skip)]
    index: BTreeMap<String, Vec<(Chat, u64)>>,
}

/// Somebody has read a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reading {
    pub(super) user: UserId,
    pub(super) at: Time,
    /// Where the page after this reading begins.
    pub(super) cursor: i64,
}

/// What happened in one conversation, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Timeline {
    entries: VecDeque<Entry>,
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
    /// The application, in its own name and in that of its robot.
    App,
    /// A custom robot, by its place in the seed: its token is a secret.
    Custom(usize),
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
    Owner,
    Disband,
    Unreachable,
}

impl LineKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave | Self::Disband => "leave",
            Self::Kick => "kick",
            Self::Rename => "rename",
            Self::Owner => "admin",
            Self::Unreachable => "status",
        }
    }
}

impl Archive {
    pub(super) fn new() -> Self {
        Self {
            timelines: BTreeMap::new(),
            next_seq: 1,
            readings: BTreeMap::new(),
            next_cursor: FIRST_CURSOR,
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
                self.readings.remove(id);
            }
        }
    }

    pub(super) fn timeline(&self, chat: &Chat) -> Option<&Timeline> {
        self.timelines.get(chat)
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

    /// Notes that somebody has read a message; whether that is new.
    pub(super) fn mark_read(&mut self, id: &str, user: &UserId, at: Time) -> bool {
        if self.places(id).is_empty() {
            return false;
        }
        let readings = self.readings.entry(id.to_owned()).or_default();
        if readings.iter().any(|reading| reading.user == *user) {
            return false;
        }
        let cursor = self.next_cursor;
        // A step that no reader could guess.
        self.next_cursor = cursor.saturating_add(1 + cursor % 9_973);
        readings.push(Reading {
            user: user.clone(),
            at,
            cursor,
        });
        true
    }

    /// Who has read a message, in the order of reading.
    pub(super) fn readings(&self, id: &str) -> &[Reading] {
        self.readings.get(id).map_or(&[], Vec::as_slice)
    }

    /// No message gets a number again that another one had.
    pub(super) fn go_on_counting(&mut self, before: &Self) {
        self.next_seq = before.next_seq;
        self.next_cursor = before.next_cursor;
    }
}

/// Larger than any number that fits into 53 bits, so that whoever reads it as
/// a decimal fraction notices.
const FIRST_CURSOR: i64 = (1 << 53) + 1;

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
